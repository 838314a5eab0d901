"""The figures as tables of short texts, for the screen and the page alike."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from unicodedata import east_asian_width

from benchmarks.bench.comparison import OURS
from benchmarks.bench.results import ALL, BenchResult, Cell, EngineSpeed, Risk, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTable:
    """A table with its heading and a sentence that says how to read it."""

    heading: str
    note: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables_of(result: BenchResult) -> Iterator[FigureTable]:
    """Yield every table of a run; those without rows are left out."""
    everything = (
        _measured_on(result),
        _calibration(result),
        _totals(result),
        _honest_cells(result),
        _flagged_cells(result),
        _false_accepts(result),
        _reasons(result),
        _fields(result),
        _speed(result),
        _engines(result),
        _stages("Speed per stage, seconds a page", result.comparison.stages),
        _scaling(result),
        _endurance(result),
    )
    yield from (table for table in everything if table.rows)


def text_lines(table: FigureTable) -> Iterator[str]:
    """Yield a table as plain lines with aligned columns."""
    yield table.heading
    rows = [table.headers, *table.rows] if any(table.headers) else list(table.rows)
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield "  " + "  ".join(cells).rstrip()
    if table.note:
        yield f"  {table.note}"


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"


def _small_percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.2f} %"


def _number(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _share(share: Share) -> tuple[str, str, str]:
    """Return n, the share and its interval."""
    if not share.n:
        return "0", "-", "-"
    interval = f"{100 * share.low:.1f}–{100 * share.high:.1f} %"
    return str(share.n), _percent(share.value), interval


def _risk(risk: Risk) -> tuple[str, str, str]:
    """Return n, the errors and their upper bound."""
    if not risk.n:
        return "0", "-", "-"
    return str(risk.n), str(risk.hits), f"≤ {_small_percent(risk.upper)}"


def _measured_on(result: BenchResult) -> FigureTable:
    machine = result.machine
    rows = [
        (
            folder.folder,
            f"batch {folder.batch_id}, {folder.applications} applications, {folder.labelled}"
            f" labelled, {folder.held_back} held back, policy {folder.policy}"
            f" {folder.policy_digest[:12]}, truth {folder.truth_digest[:12]}",
        )
        for folder in result.folders
    ]
    rows.append(
        (
            "machine",
            f"{machine.processor}, {machine.usable_cores} of {machine.cores} cores,"
            f" {machine.memory_megabytes} MB, {machine.system}, Python {machine.python},"
            f" load {machine.load[0]} before and {machine.load[1]} after",
        )
    )
    rows += [(name, version) for name, version in result.versions.items()]
    rows.append(("packages", ", ".join(f"{n} {v}" for n, v in machine.packages.items())))
    return FigureTable(heading="Measured on", note="", headers=("what", ""), rows=tuple(rows))


def _calibration(result: BenchResult) -> FigureTable:
    """Say what every figure of right and wrong is conditional on."""
    rows = []
    for folder in result.folders:
        seen = folder.calibration
        engine = "" if seen.fits else ", measured with ANOTHER ENGINE or other settings"
        rows.append(
            (
                folder.folder,
                f"calibration {seen.name} {seen.digest[:12]}{engine}:"
                f" {_of(seen.documents_seen, seen.documents)} tested documents,"
                f" {_of(seen.layouts_seen, seen.layouts)} layouts seen",
            )
        )
    return FigureTable(
        heading="Calibration: what it has seen",
        note="Figures on documents that it has seen prove nothing. Those on layouts that it has"
        " seen are conditional on these layouts; held-back layouts are shown apart.",
        headers=("what", ""),
        rows=tuple(rows),
    )


def _of(some: int, total: int) -> str:
    return f"{some or 'none'} of {total}"


def _totals(result: BenchResult) -> FigureTable:
    accuracy = result.accuracy
    total = accuracy.cells[0]
    rows = [
        ("honest, accepted by machine", *_share(total.straight_through)),
        ("honest of held-back layouts", *_share(accuracy.held_back_cell.straight_through)),
        ("honest twins of must-flag items, accepted", *_share(accuracy.twins)),
        ("honest twins of held-back layouts", *_share(accuracy.held_back_cell.twins)),
        ("pairs told apart", *_share(accuracy.told_apart)),
        ("certificate type right", *_share(accuracy.classified)),
        ("false accepts, all", *_risk(total.false_accepts)),
        *((f"false accepts, {cause}", *_risk(r)) for cause, r in accuracy.risks.items()),
        ("false accepts of held-back layouts", *_risk(accuracy.held_back_cell.false_accepts)),
        *(
            (f"false accepts of held-back layouts, {cause}", *_risk(r))
            for cause, r in accuracy.held_back_cell.risks.items()
        ),
        (
            "other outcomes than the truth allows",
            str(accuracy.labelled),
            str(accuracy.unexpected),
            "-",
        ),
        ("the machine failed", str(accuracy.labelled), str(accuracy.machine_failed), "-"),
    ]
    return FigureTable(
        heading="Right and wrong",
        note="Shares with the exact two-sided 95 % interval, errors with the exact one-sided 95 %"
        " upper bound (Clopper-Pearson). For "
        f"{accuracy.also_review} of the honest, review is right as well.",
        headers=("", "n", "share or count", "95 %"),
        rows=tuple(rows),
    )


def _honest_cells(result: BenchResult) -> FigureTable:
    """Show how many honest applications pass, the worst family and condition first."""

    def worst(cell: Cell) -> tuple[float, int]:
        value = cell.straight_through.value
        return (2.0 if value is None else value, -cell.straight_through.n)

    return FigureTable(
        heading="Honest applications, certificate family × condition",
        note=f"`{ALL}` sums up; below the sums, the worst first. Held back: those of them with"
        " layouts that no tuning looked at. Twins: those of them whose must-flag twin is there.",
        headers=(
            *("family", "condition", "honest", "accepted", "straight-through", "95 %"),
            *("held back", "accepted", "95 %", "twins", "accepted", "95 %"),
        ),
        rows=tuple(
            (
                cell.family,
                cell.condition,
                str(cell.straight_through.n),
                str(cell.straight_through.hits),
                *_share(cell.straight_through)[1:],
                *_share(cell.held_back),
                *_share(cell.twins),
            )
            for cell in _sums_first(result, worst)
            if cell.straight_through.n
        ),
    )


def _flagged_cells(result: BenchResult) -> FigureTable:
    """Show what was accepted that must not be, the worst family and condition first."""

    def worst(cell: Cell) -> tuple[int, float]:
        return (-cell.false_accepts.hits, -(cell.character_error_rate or 0.0))

    return FigureTable(
        heading="Must-flag applications and fields, certificate family × condition",
        note=f"`{ALL}` sums up; below the sums, the worst first. Upper bounds one-sided, 95 %."
        " Fields: whole-field exact match and character error rate over the fields of the truth.",
        headers=(
            *("family", "condition", "must-flag", "accepted", "upper"),
            *("not forged", "misread", "upper", "rules", "forged", "accepted", "upper"),
            *("fields", "exact", "CER"),
        ),
        rows=tuple(map(_flagged_row, _sums_first(result, worst))),
    )


def _sums_first(result: BenchResult, worst: Callable[[Cell], tuple[float, float]]) -> list[Cell]:
    cells = result.accuracy.cells
    sums = [cell for cell in cells if ALL in (cell.family, cell.condition)]
    return [*sums, *sorted((cell for cell in cells if cell not in sums), key=worst)]


def _flagged_row(cell: Cell) -> tuple[str, ...]:
    return (
        cell.family,
        cell.condition,
        *_risk(cell.false_accepts),
        *_risk(cell.risks["misread"]),
        _risk(cell.risks["rules"])[1],
        *_risk(cell.risks["forged"]),
        *_share(cell.exact_fields)[:2],
        _small_percent(cell.character_error_rate),
    )


def _false_accepts(result: BenchResult) -> FigureTable:
    return FigureTable(
        heading="Accepted against the truth",
        note="",
        headers=("folder", "学号", "kind", "condition", "cause"),
        rows=tuple(
            (item.folder, item.student_number, item.kind, item.condition, item.cause)
            for item in result.accuracy.false_accepts
        ),
    )


def _reasons(result: BenchResult) -> FigureTable:
    return FigureTable(
        heading="Why honest applications were not accepted",
        note="An application can have several reasons.",
        headers=("rule", "applications"),
        rows=tuple((code, str(n)) for code, n in result.accuracy.review_reasons.items()),
    )


def _fields(result: BenchResult) -> FigureTable:
    return FigureTable(
        heading="Fields",
        note="Exact: same characters but for spaces and full-width forms. Same value: the same"
        " after normalization. A field not found counts as all of its characters.",
        headers=("field", "n", "exact", "95 %", "same value", "found", "CER"),
        rows=tuple(
            (
                score.field,
                *_share(score.exact),
                str(score.same_value),
                str(score.found),
                _small_percent(score.character_error_rate),
            )
            for score in result.accuracy.fields
        ),
    )


def _speed(result: BenchResult) -> FigureTable:
    speed = result.speed
    memory = speed.memory_megabytes
    rows = (
        ("workers", str(speed.workers)),
        ("files, pages, failed files", f"{speed.files}, {speed.pages}, {speed.failed_files}"),
        ("wall seconds", _number(speed.wall_seconds, 1)),
        ("pages per second and core", _number(speed.pages_per_second_and_core)),
        ("seconds per file, median", _number(speed.p50_seconds_per_file)),
        ("seconds per file, 95th percentile", _number(speed.p95_seconds_per_file)),
        ("peak memory of a worker, MB", _number(memory.worker, 0)),
        ("the same with its children, MB", _number(memory.with_children, 0)),
    )
    return FigureTable(
        heading="Reading everything, models warm",
        note="Decoding in a child process and both readers included.",
        headers=("", ""),
        rows=rows if speed.files else (),
    )


def _engines(result: BenchResult) -> FigureTable:
    core = result.comparison.core
    return FigureTable(
        heading="Beside the plain alternatives",
        note=f"One thread each by keeping every process to core {core}; models warm; engines take"
        " turns on each file. Ratio: the engine's seconds by hedui's, median over files with its"
        " paired 95 % bootstrap interval; above 1 hedui is faster. Decoding is counted for hedui"
        " only. Recall: truth fields whose text occurs in the engine's whole text.",
        headers=(
            *("engine", "files", "pages", "pages/s", "s/page", "ratio", "95 %"),
            *("ratio of sums", "ratio of CPU", "recall", "failures"),
        ),
        rows=tuple(map(_engine_row, result.comparison.engines)),
    )


def _engine_row(speed: EngineSpeed) -> tuple[str, ...]:
    interval = "-"
    if speed.ratio_low is not None and speed.ratio_high is not None:
        interval = f"{speed.ratio_low:.2f}–{speed.ratio_high:.2f}"
    return (
        speed.engine,
        str(speed.files),
        str(speed.pages),
        _number(speed.pages_per_second),
        _number(speed.p50_seconds_per_page),
        "1" if speed.engine == OURS else _number(speed.ratio),
        interval,
        _number(speed.total_ratio),
        _number(speed.cpu_ratio),
        _percent(speed.recall),
        str(speed.failures),
    )


def _stages(heading: str, stages: Mapping[str, float]) -> FigureTable:
    return FigureTable(
        heading=heading,
        note="Differences between whole readings with and without a part, on the same files.",
        headers=("stage", "seconds"),
        rows=tuple((stage, _number(seconds, 3)) for stage, seconds in stages.items()),
    )


def _scaling(result: BenchResult) -> FigureTable:
    scaling = result.scaling
    if scaling.skipped:
        rows: tuple[tuple[str, ...], ...] = (("not measured", scaling.skipped, "", "", ""),)
    else:
        rows = tuple(
            (
                str(number),
                _number(r.one),
                _number(r.two),
                _number(r.separate),
                _percent(r.two / r.separate),
            )
            for number, r in enumerate(scaling.rounds, start=1)
        )
        rows += (
            (
                "median",
                "",
                f"× {_number(scaling.two_to_one)}",
                "",
                _percent(scaling.two_to_separate),
            ),
        )
    return FigureTable(
        heading="From one worker to two, pages per second",
        note=f"{scaling.files} files; separate: two pools of one worker at the same time.",
        headers=("round", "one", "two", "separate", "two of separate"),
        rows=rows,
    )


def _endurance(result: BenchResult) -> FigureTable:
    endurance = result.endurance
    return FigureTable(
        heading="Memory over many pages, MB",
        note=f"{endurance.files} files by {endurance.workers} workers in"
        f" {_number(endurance.seconds, 0)} s, {endurance.failed_files} failed; the files again and"
        " again. Each row: the peaks over the last tenth of all pages before it.",
        headers=("pages", "share", "a worker", "with its children"),
        rows=tuple(
            (
                str(point.pages),
                _percent(point.pages / endurance.wanted),
                _number(point.worker, 0),
                _number(point.with_children, 0),
            )
            for point in endurance.points
        ),
    )
