"""The figures as tables of short texts, for the screen and the page alike."""

from collections.abc import Callable, Iterator, Mapping
from unicodedata import east_asian_width

from benchmarks.bench.comparison import OURS
from benchmarks.bench.figure_table import (
    FigureTable as FigureTable,
)
from benchmarks.bench.figure_table import (
    number_text,
    percent,
    risk_text,
    share_text,
    small_percent,
)
from benchmarks.bench.flag_tables import flag_tables
from benchmarks.bench.results import ALL, BenchResult, Cell, EngineSpeed


def tables_of(result: BenchResult) -> Iterator[FigureTable]:
    """Yield every table of a run; those without rows are left out."""
    everything = (
        _measured_on(result),
        _calibration(result),
        _totals(result),
        _honest_cells(result),
        _flagged_cells(result),
        _false_accepts(result),
        *flag_tables(result.accuracy.flagging),
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
        ("honest, accepted by machine", *share_text(total.straight_through)),
        ("honest of held-back layouts", *share_text(accuracy.held_back_cell.straight_through)),
        ("honest twins of must-flag items, accepted", *share_text(accuracy.twins)),
        ("honest twins of held-back layouts", *share_text(accuracy.held_back_cell.twins)),
        ("pairs told apart", *share_text(accuracy.told_apart)),
        ("certificate type right", *share_text(accuracy.classified)),
        ("false accepts, all", *risk_text(total.false_accepts)),
        *((f"false accepts, {cause}", *risk_text(r)) for cause, r in accuracy.risks.items()),
        ("false accepts of held-back layouts", *risk_text(accuracy.held_back_cell.false_accepts)),
        *(
            (f"false accepts of held-back layouts, {cause}", *risk_text(r))
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
                *share_text(cell.straight_through)[1:],
                *share_text(cell.held_back),
                *share_text(cell.twins),
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
        *risk_text(cell.false_accepts),
        *risk_text(cell.risks["misread"]),
        risk_text(cell.risks["rules"])[1],
        *risk_text(cell.risks["forged"]),
        *share_text(cell.exact_fields)[:2],
        small_percent(cell.character_error_rate),
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
                *share_text(score.exact),
                str(score.same_value),
                str(score.found),
                small_percent(score.character_error_rate),
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
        ("wall seconds", number_text(speed.wall_seconds, 1)),
        ("pages per second and core", number_text(speed.pages_per_second_and_core)),
        ("seconds per file, median", number_text(speed.p50_seconds_per_file)),
        ("seconds per file, 95th percentile", number_text(speed.p95_seconds_per_file)),
        ("peak memory of a worker, MB", number_text(memory.worker, 0)),
        ("the same with its children, MB", number_text(memory.with_children, 0)),
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
        " turns on each file, each having read another one just before. Ratio: the engine's"
        " seconds by hedui's, median over files with its paired 95 % bootstrap interval; above 1"
        " hedui is faster. Decoding is counted for hedui only. Recall: truth fields whose text"
        " occurs in the engine's whole text.",
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
        number_text(speed.pages_per_second),
        number_text(speed.p50_seconds_per_page),
        "1" if speed.engine == OURS else number_text(speed.ratio),
        interval,
        number_text(speed.total_ratio),
        number_text(speed.cpu_ratio),
        percent(speed.recall),
        str(speed.failures),
    )


def _stages(heading: str, stages: Mapping[str, float]) -> FigureTable:
    return FigureTable(
        heading=heading,
        note="Differences between whole readings with and without a part, on the same files.",
        headers=("stage", "seconds"),
        rows=tuple((stage, number_text(seconds, 3)) for stage, seconds in stages.items()),
    )


def _scaling(result: BenchResult) -> FigureTable:
    scaling = result.scaling
    if scaling.skipped:
        rows: tuple[tuple[str, ...], ...] = (("not measured", scaling.skipped, "", "", ""),)
    else:
        rows = tuple(
            (
                str(number),
                number_text(r.one),
                number_text(r.two),
                number_text(r.separate),
                percent(r.two / r.separate),
            )
            for number, r in enumerate(scaling.rounds, start=1)
        )
        rows += (
            (
                "median",
                "",
                f"× {number_text(scaling.two_to_one)}",
                "",
                percent(scaling.two_to_separate),
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
        heading="Memory while many pages are read, MB",
        note=f"{endurance.pages} pages of {endurance.files} files, read by"
        f" {result.speed.workers} workers in one go; from the first row to the last a worker's peak"
        f" changed by {endurance.growth:+.0f} MB. Each row: the highest peaks over the last tenth"
        " of all pages before it.",
        headers=("pages", "share", "a worker", "with its children"),
        rows=tuple(
            (
                str(point.pages),
                percent(point.pages / endurance.pages),
                number_text(point.worker, 0),
                number_text(point.with_children, 0),
            )
            for point in endurance.points
        ),
    )
