"""The figures of a run, as frozen data: what bench.json holds and the page shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.bench.endurance import Endurance
from benchmarks.bench.machine import Machine, Memory

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with its exact two-sided 95 % interval (Clopper-Pearson)."""

    hits: int
    n: int
    low: float
    high: float

    @property
    def value(self) -> float | None:
        return self.hits / self.n if self.n else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A count of errors among `n` items with its exact one-sided 95 % upper bound."""

    hits: int
    n: int
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Applications of one family under one condition; `all` stands for every one.

    `straight_through` counts honest applications, `held_back` those of them with a held-back
    layout, `twins` those that are twins of a must-flag item. `risks` are the false accepts by
    cause: forgeries among the forged, the others among the others.
    """

    family: str
    condition: str
    straight_through: Share
    held_back: Share
    twins: Share
    false_accepts: Risk
    risks: Mapping[str, Risk]
    exact_fields: Share
    character_error_rate: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldScore:
    """How one field was read, over all papers whose truth names it."""

    field: str
    found: int
    exact: Share
    same_value: int
    character_error_rate: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Readings whose confidence lies from `start` to below `end`."""

    start: float
    end: float
    mean_confidence: float
    exact: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """Papers whose critical fields all reach a confidence, and how many of them are wrong."""

    threshold: float
    automated: Share
    wrong: Risk


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseAccept:
    """One application that must not be accepted and was."""

    folder: str
    student_number: str
    kind: str
    condition: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlaggedKind:
    """Must-flag applications of one kind, and the rules that told them.

    `missed` are those that the machine accepted. `own_reason` are those on which a rule fired that
    did not fire on the honest twin; `rules` counts such rules, on items without a twin all.
    """

    kind: str
    flagged: Share
    missed: Risk
    own_reason: int
    rules: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class HonestRule:
    """One rule on honest applications on which nothing should have been flagged.

    `wrong` are firings although everything that the rule looks at was read right, `by_reading`
    those beside a misreading, or of a rule that doubts the reading. `severity` is the rule's.
    """

    rule_id: str
    severity: str
    objects: bool
    wrong: Risk
    by_reading: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignRate:
    """How often one sign of a change is seen; each paper counts once.

    `photos` are honest phone photos of held-back layouts: they decide whether a sign may be told.
    """

    sign: str
    photos: Risk
    honest: Risk
    forged: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagging:
    """What each rule tells, rightly and wrongly.

    `together` are honest applications to which any rule objected wrongly, `together_by_reading`
    those to which only reading, or a rule beside a misreading, objected.
    """

    kinds: tuple[FlaggedKind, ...]
    rules: tuple[HonestRule, ...]
    together: Risk
    together_by_reading: int
    signs: tuple[SignRate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """Everything about right and wrong.

    `risks` are the false accepts by cause. `twins` are honest twins of must-flag items, and
    `told_apart` the pairs whose twin was accepted and whose must-flag item was not. `classified`
    are papers of the accepted types taken for what they are.
    `review_reasons` counts the reasons for which honest applications were not accepted.
    """

    labelled: int
    held_back: int
    also_review: int
    unexpected: int
    machine_failed: int
    risks: Mapping[str, Risk]
    cells: tuple[Cell, ...]
    held_back_cell: Cell
    fields: tuple[FieldScore, ...]
    reliability: tuple[Bin, ...]
    curve: tuple[CurvePoint, ...]
    twins: Share
    told_apart: Share
    classified: Share
    false_accepts: tuple[FalseAccept, ...]
    review_reasons: Mapping[str, int]
    flagging: Flagging


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Reading everything once with warm workers."""

    workers: int
    files: int
    pages: int
    failed_files: int
    wall_seconds: float
    pages_per_second_and_core: float
    p50_seconds_per_file: float
    p95_seconds_per_file: float
    memory_megabytes: Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingRound:
    """Pages per second of one worker, of two in one pool, and of two pools of one at once."""

    one: float
    two: float
    separate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaling:
    """From one to two workers; empty with the reason where it could not be measured.

    `two_to_one` and `two_to_separate` are medians over the rounds.
    """

    files: int
    rounds: tuple[ScalingRound, ...]
    two_to_one: float | None
    two_to_separate: float | None
    skipped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one engine took for one file: wall and processor seconds, and what it found.

    `recall` is the share of the truth's fields whose squeezed text occurs in the engine's full
    text, None where the file has no truth of its own. `failed` names the kind of error.
    """

    wall_seconds: float
    cpu_seconds: float
    recall: float | None = None
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedFile:
    """One file seen by every engine in turn; `file` is the beginning of its digest."""

    file: str
    condition: str
    pages: int
    sights: Mapping[str, Sight]


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSpeed:
    """One engine over the files that both it and hedui read.

    `ratio` is the median over the files of its seconds by hedui's, `ratio_low` and `ratio_high`
    the 95 % bootstrap interval (paired), `total_ratio` that of the sums, `cpu_ratio` the median
    for processor seconds. Above 1, hedui is faster.
    """

    engine: str
    files: int
    pages: int
    pages_per_second: float
    p50_seconds_per_page: float
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    total_ratio: float | None
    cpu_ratio: float | None
    recall: float | None
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Engines side by side on one core; `stages` are seconds a page of hedui's own parts."""

    core: int
    engines: tuple[EngineSpeed, ...]
    stages: Mapping[str, float]
    files: tuple[ComparedFile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationSeen:
    """The thresholds that decided, and how much of a folder they were measured on.

    `fits` says whether they were measured with this engine and these settings.
    """

    name: str
    digest: str
    fits: bool
    documents: int
    documents_seen: int
    layouts: int
    layouts_seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredFolder:
    """What was measured on."""

    folder: str
    batch_id: str
    applications: int
    labelled: int
    held_back: int
    truth_digest: str
    policy: str
    policy_digest: str
    calibration: CalibrationSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchResult:
    """Everything that one run of `hedui bench` found."""

    folders: tuple[MeasuredFolder, ...]
    machine: Machine
    versions: Mapping[str, str]
    accuracy: Accuracy
    speed: Speed
    comparison: Comparison
    scaling: Scaling
    endurance: Endurance
    stage_seconds: Mapping[str, float]
