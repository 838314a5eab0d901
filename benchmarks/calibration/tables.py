"""A calibration as tables of short texts: the thresholds, and what each bound is conditional on."""

from collections import Counter
from collections.abc import Iterator, Mapping

from benchmarks.bench.tables import FigureTable
from benchmarks.calibration.gathering import Gathered
from benchmarks.calibration.making import CalibrationResult
from benchmarks.calibration.thresholds import items_needed
from domain.calibration import Calibration, FieldGroup, Mode, Threshold
from validators.certainty import Standing


def tables_of(result: CalibrationResult) -> Iterator[FigureTable]:
    """Yield the tables of a calibration; those without rows are left out."""
    everything = (
        _thresholds(result.calibration),
        _families(result.calibration),
        _coverage(result.calibration, result.gathered),
        _left_out(result.gathered.left_out),
        _conditions(result),
    )
    yield from (table for table in everything if table.rows)


def _thresholds(calibration: Calibration) -> FigureTable:
    return FigureTable(
        heading=f"Thresholds of calibration {calibration.name}",
        note="upper: one-sided Clopper-Pearson bound of the share of wrong readings among those"
        " that reach the threshold, each by itself. Readings that contradict each other always go"
        " to a person.",
        headers=(
            *("fields", "second reader", "accepted from", "readings", "papers", "wrong"),
            *("upper", "at", "target", ""),
        ),
        rows=tuple(map(_threshold_row, calibration.thresholds)),
    )


def _threshold_row(threshold: Threshold) -> tuple[str, ...]:
    never = threshold.confidence is None
    return (
        threshold.group.value,
        threshold.mode.value,
        "never" if never else f"{threshold.confidence:g}",
        str(threshold.items),
        str(threshold.papers),
        str(threshold.errors),
        f"≤ {_percent(threshold.bound)}",
        f"{100 * threshold.level:.3g} %",
        _percent(threshold.target),
        _reason(threshold) if never else "",
    )


def _reason(threshold: Threshold) -> str:
    needed = items_needed(threshold.target, threshold.level)
    if threshold.items < needed:
        return f"too few: {needed} without an error are needed, there are {threshold.items}"
    return "the bound misses the target"


def _families(calibration: Calibration) -> FigureTable:
    rows = [
        (
            threshold.group.value,
            threshold.mode.value,
            ", ".join(f"{c.family} {c.errors}/{c.items}" for c in threshold.families),
            ", ".join(c.family.value for c in threshold.families if c.set_apart) or "-",
        )
        for threshold in calibration.thresholds
        if threshold.families
    ]
    return FigureTable(
        heading="Families: wrong/readings",
        note="Set apart: more errors than chance explains (exact binomial test against all"
        " together, 5 % shared among the families). Such families, and those that are not listed,"
        " are never accepted by machine.",
        headers=("fields", "second reader", "wrong/readings", "set apart"),
        rows=tuple(rows),
    )


def _coverage(calibration: Calibration, gathered: Gathered) -> FigureTable:
    """Show what the thresholds do to the readings that they were found in."""
    thresholds = {(t.group, t.mode): t for t in calibration.thresholds}
    accepted: Counter[tuple[FieldGroup, Mode]] = Counter()
    totals: Counter[FieldGroup] = Counter()
    for reading in gathered.readings:
        threshold = thresholds[reading.group, reading.mode]
        totals[reading.group] += 1
        enough = threshold.confidence is not None and reading.confidence >= threshold.confidence
        accepted[reading.group, reading.mode] += enough and threshold.holds_for(reading.family)
    for (group, _), count in gathered.unusable.items():
        totals[group] += count
    return FigureTable(
        heading="What the thresholds make of these readings",
        note="Found and measured on the same readings: how many would count as certain.",
        headers=("fields", "readings", *map(str, Mode), "contradicted", "no value", "unclear"),
        rows=tuple(_coverage_row(group, totals[group], accepted, gathered) for group in totals),
    )


def _coverage_row(
    group: FieldGroup,
    total: int,
    accepted: Mapping[tuple[FieldGroup, Mode], int],
    gathered: Gathered,
) -> tuple[str, ...]:
    by_mode = [accepted[group, mode] for mode in Mode]
    unusable = [
        gathered.unusable.get((group, standing), 0)
        for standing in (Standing.CONTRADICTED, Standing.SHAPELESS)
    ]
    counts = [*by_mode, *unusable, total - sum(by_mode) - sum(unusable)]
    return (group.value, str(total), *(f"{n} ({100 * n / total:.1f} %)" for n in counts))


def _left_out(left_out: Mapping[str, int]) -> FigureTable:
    return FigureTable(
        heading="Not measured",
        note="",
        headers=("what", "number"),
        rows=tuple((reason, str(number)) for reason, number in sorted(left_out.items())),
    )


def _conditions(result: CalibrationResult) -> FigureTable:
    calibration, run = result.calibration, result.run
    rows = [
        (source.batch_id, f"{source.papers} files, truth {source.truth_digest[:12]}")
        for source in calibration.sources
    ]
    rows += [
        ("engine", calibration.engine_version),
        (
            "settings",
            f"render_dpi {calibration.render_dpi},"
            f" second_reader {str(calibration.second_reader).lower()}",
        ),
        ("layouts", ", ".join(calibration.layouts) or "not named by the truth"),
        (
            "reading",
            f"{run.files} files, {run.pages} pages, {run.failed_files} failed,"
            f" {run.wall_seconds:.0f} s with {run.workers} worker(s)",
        ),
        ("digest", calibration.digest),
    ]
    return FigureTable(
        heading="Each bound holds for papers like these, read like this",
        note="It counts readings as independent, and speaks of no other layouts, conditions or"
        " families, nor of their mix in a batch. Test on other papers and other layouts.",
        headers=("what", ""),
        rows=tuple(rows),
    )


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"
