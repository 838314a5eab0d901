"""The commands that draw labelled samples and measure on labelled folders."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from flows.environment import find_installation
from flows.sampling import HeldBack, SampleOrder, write_sample_folders
from flows.terminal import Settings, console, errors


def samples(
    directory: Annotated[Path, typer.Argument(metavar="DIR")],
    n: Annotated[int, typer.Option("--n", min=1, help="Language applications.")] = 60,
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same bytes.")] = 1,
    pairs: Annotated[
        int | None,
        typer.Option(
            "--pairs",
            min=1,
            metavar="N",
            help="Instead of the batches: N honest twins and N must-flag items (sample-pairs).",
        ),
    ] = None,
    held_back: Annotated[
        HeldBack, typer.Option("--held-back", help="With --pairs: the layouts kept from tuning.")
    ] = HeldBack.INCLUDE,
    held_back_share: Annotated[
        float | None,
        typer.Option(
            "--held-back-share",
            min=0.0,
            max=1.0,
            help="With --pairs: share of held-back layouts (default: every layout in turn).",
        ),
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=1, help="With --pairs: processes that draw.")
    ] = 1,
) -> None:
    """Write fictitious labelled batches."""
    order = SampleOrder(
        directory=directory,
        n=n,
        seed=seed,
        pairs=pairs,
        held_back=held_back,
        held_back_share=held_back_share,
        workers=workers,
    )
    for line in write_sample_folders(order, errors(), quiet=Settings.quiet):
        console().print(escape(line), soft_wrap=True)


def bench(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="DIR...", help="Batch folders with a truth.jsonl."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Where bench.html and bench.json go (default: $HEDUI_HOME/out)."
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="Reading processes (default: one per core)."),
    ] = None,
    alternatives: Annotated[
        bool,
        typer.Option(
            "--alternatives/--no-alternatives", help="Time plain Tesseract and RapidOCR as well."
        ),
    ] = True,
    sample: Annotated[
        int, typer.Option("--sample", min=0, help="Files for the timed comparisons, 0 for none.")
    ] = 24,
    memory: Annotated[
        int,
        typer.Option(
            "--memory",
            min=0,
            metavar="PAGES",
            help="Read files again until there were so many pages, to watch the memory.",
        ),
    ] = 0,
    likeness: Annotated[
        bool,
        typer.Option(
            "--likeness", help="Instead: how well the same picture is known again; needs no DIR."
        ),
    ] = False,
    people: Annotated[
        int, typer.Option("--people", min=2, help="With --likeness: people on one layout.")
    ] = 5000,
    papers: Annotated[
        int, typer.Option("--papers", min=1, help="With --likeness: papers that are copied.")
    ] = 40,
    indexed: Annotated[
        int, typer.Option("--indexed", min=1, help="With --likeness: earlier uploads.")
    ] = 1_000_000,
    scratch_database: Annotated[
        str | None,
        typer.Option(
            "--scratch-database",
            metavar="URL",
            help="With --likeness: an empty PostgreSQL database in which look-ups are timed.",
        ),
    ] = None,
    review: Annotated[
        int,
        typer.Option(
            "--review",
            min=0,
            metavar="ITEMS",
            help="Only the reviewers' pages, with so many items queued, in Chromium.",
        ),
    ] = 0,
    forms: Annotated[
        int,
        typer.Option(
            "--forms", min=0, metavar="N", help="Instead: fill so many forms, timed; needs no DIR."
        ),
    ] = 0,
    reports: Annotated[
        int,
        typer.Option(
            "--reports",
            min=0,
            metavar="N",
            help="Instead: report a made-up batch of N applications, timed; needs no DIR.",
        ),
    ] = 0,
) -> None:
    """Measure accuracy and speed on labelled folders, beside the plain alternatives."""
    if likeness:
        _bench_likeness(people, papers, indexed, workers, scratch_database)
        return
    if forms:
        _bench_forms(forms)
        return
    if reports:
        _bench_reports(reports)
        return
    if not folders:
        raise typer.BadParameter("name at least one labelled folder", param_hint="DIR")
    from benchmarks.bench.measuring import BenchOrder, measure
    from benchmarks.bench.tables import tables_of, text_lines
    from benchmarks.bench.writing import write_results
    from extractors.reading.worker import engine_version
    from flows.progress import show_progress
    from flows.versions import rule_version
    from store.institutions import load_policy

    target = (out or find_installation().out).resolve()
    if review:
        _bench_review(folders[0], review, target)
        return
    order = BenchOrder(
        folders=tuple(folders),
        workers=workers,
        alternatives=alternatives,
        sample=sample,
        memory=memory,
    )
    versions = {"engine": engine_version(), "rules": rule_version()}
    with show_progress(errors(), Settings.quiet) as listener:
        result = measure(order, load_policy, versions, listener)
    lines = [line for table in tables_of(result) for line in (*text_lines(table), "")]
    lines += [str(path) for path in write_results(result, target)]
    for line in lines:
        console().print(line, markup=False, highlight=False, soft_wrap=True)


def _bench_likeness(
    people: int, papers: int, indexed: int, workers: int | None, database_url: str | None
) -> None:
    from benchmarks.bench.likeness import LikenessOrder, likeness_tables, measure_likeness
    from benchmarks.bench.tables import text_lines
    from flows.progress import show_progress
    from store.institutions import load_policy

    order = LikenessOrder(
        people=people,
        papers=papers,
        indexed=indexed,
        workers=workers or len(os.sched_getaffinity(0)),
        database_url=database_url,
    )
    with show_progress(errors(), Settings.quiet) as listener:
        result = measure_likeness(order, load_policy("default"), listener)
    for table in likeness_tables(result):
        for line in (*text_lines(table), ""):
            console().print(line, markup=False, highlight=False, soft_wrap=True)


def _bench_forms(forms: int) -> None:
    from benchmarks.bench.forms import measure_forms
    from store.form_files import form_text

    line = measure_forms(forms, form_text("default"))
    console().print(line, markup=False, highlight=False, soft_wrap=True)


def _bench_reports(count: int) -> None:
    from benchmarks.bench.reports import measure_reports
    from flows.terminal import say
    from store.institutions import load_policy

    if not Settings.quiet:
        say(f"making a store with {count} applications; this takes longer than reporting them")
    for line in measure_reports(count, load_policy("default")):
        console().print(line, markup=False, highlight=False, soft_wrap=True)


def _bench_review(folder: Path, items: int, target: Path) -> None:
    from benchmarks.bench.reviewing import as_json, measure_review

    speed = measure_review(folder, items)
    target.mkdir(parents=True, exist_ok=True)
    path = target / "bench-review.json"
    path.write_text(as_json(speed), encoding="utf-8")
    for line in (*speed.lines(), str(path)):
        console().print(line, markup=False, highlight=False, soft_wrap=True)


def calibrate(
    folders: Annotated[
        list[Path],
        typer.Argument(metavar="LABELLED_DIR...", help="Batch folders with a truth.jsonl."),
    ],
    institution: Annotated[
        str, typer.Option("--institution", help="Whose reading settings and targets count.")
    ] = "default",
    name: Annotated[
        str, typer.Option("--name", help="The calibration's name (default: the policy's).")
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", help="The file, or its folder (default: $HEDUI_HOME/out/calibration)."
        ),
    ] = None,
    target: Annotated[
        float | None,
        typer.Option("--target", help="Misread share of numbers, scores, dates and grades."),
    ] = None,
    name_target: Annotated[
        float | None,
        typer.Option("--name-target", help="Misread share of names and course titles."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="Reading processes (default: one per core)."),
    ] = None,
) -> None:
    """Measure from which confidence readings may be accepted, on labelled folders."""
    from flows.calibrating import Wishes, calibrate_folders
    from flows.progress import show_progress

    wishes = Wishes(
        folders=tuple(folders),
        institution=institution,
        name=name,
        out=(out or find_installation().out / "calibration").resolve(),
        workers=workers,
        target=target,
        name_target=name_target,
    )
    with show_progress(errors(), Settings.quiet) as listener:
        lines = list(calibrate_folders(wishes, listener))
    for line in lines:
        console().print(line, markup=False, highlight=False, soft_wrap=True)
