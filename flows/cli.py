"""The command `hedui`. Heavy parts are imported inside the commands, so that help stays fast."""

import datetime
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from domain.faults import BatchRefused, ConfigurationFault, HeduiError, MachineFault
from flows.environment import find_installation
from flows.measuring import bench, calibrate, samples
from flows.people import decide, reverse, review, seal, user_app
from flows.policies import policy_app
from flows.records import archive, retention, verify
from flows.terminal import Settings, console, errors, say

EXIT_FAULTS_FOUND = 1
EXIT_USAGE = 2
EXIT_BATCH_REFUSED = 3
EXIT_MACHINE_FAILED = 4

app = typer.Typer(
    name="hedui",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Check uploaded certificates against what applicants declared, batch by batch.",
    epilog="HEDUI_HOME (default var/) holds the store; HEDUI_DATABASE_URL names another database."
    " Exit codes: 0 done, 1 faults found, 2 usage or refused command, 3 batch folder refused,"
    " 4 a part of the machine failed (run again: what is done is kept).",
)
audit_app = typer.Typer(no_args_is_help=True, help="The log of every change of state.")
app.add_typer(policy_app, name="policy")
app.add_typer(audit_app, name="audit")
app.add_typer(user_app, name="user")


BatchFolder = Annotated[Path, typer.Argument(metavar="BATCH_DIR", help="The exported folder.")]
OutFolder = Annotated[
    Path | None, typer.Option("--out", help="Where outcome folders go (default: $HEDUI_HOME/out).")
]


@app.callback()
def set_globals(
    quiet: Annotated[bool, typer.Option("--quiet", help="Print results only.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="Faults of input in zh or en.")] = "zh",
) -> None:
    """Take the options that every command has."""
    if lang not in ("zh", "en"):
        raise typer.BadParameter("expected zh or en", param_hint="--lang")
    Settings.quiet, Settings.language = quiet, lang


@app.command()
def run(
    batch_dir: BatchFolder,
    out: OutFolder = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of", metavar="DATE", help="Today in every rule (default: the deadline)."
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="Reading processes (default: one per core)."),
    ] = None,
) -> None:
    """Run the machine's whole part of a batch. Safe to repeat; continues after a kill."""
    from flows.parts import real_parts
    from flows.progress import show_progress
    from flows.running import RunOrder, run_batch
    from flows.scoring import score_outcome
    from flows.screen import print_result

    installation = find_installation()
    order = RunOrder(
        folder=batch_dir,
        out=(out or installation.out).resolve(),
        as_of=_date(as_of),
        workers=workers,
    )
    with show_progress(errors(), Settings.quiet) as listener:
        result = run_batch(installation, order, real_parts(), listener, warn=say)
    print_result(console(), result, score_outcome(batch_dir, result.outcome))


@app.command()
def check(batch_dir: BatchFolder) -> None:
    """Say what `run` would refuse or return, without reading the uploads' text."""
    from extractors.intake import read_batch_folder
    from flows.checking import check_folder

    with_faults = check_folder(batch_dir, read_batch_folder, console(), Settings.language)
    if with_faults:
        raise typer.Exit(EXIT_FAULTS_FOUND)


@app.command()
def report(
    batch_id: Annotated[str, typer.Argument(metavar="BATCH_ID")],
    out: OutFolder = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            help="The day on which days left are counted (default: that of the last entry).",
        ),
    ] = None,
) -> None:
    """Write the outcome folder of a batch again."""
    from flows.running import open_installation, write_reports
    from reports.outcome import write_outcome

    installation = find_installation()
    target = (out or installation.out).resolve()
    with open_installation(installation) as store:
        write_reports(store, write_outcome, batch_id, target, _date(as_of))
    console().print(f"outcome: {escape(str(target / batch_id))}", soft_wrap=True)


@app.command()
def show(
    batch_id: Annotated[str, typer.Argument(metavar="BATCH_ID")],
    student_number: Annotated[str, typer.Argument(metavar="学号")],
) -> None:
    """Show one application: decision, reasons, evidence, timeline."""
    from flows.running import open_installation
    from flows.screen import print_application

    with open_installation(find_installation()) as store:
        store.batches.find(batch_id, student_number)
        outcome = store.load_outcome(batch_id)
        timeline = store.events.of_application(batch_id, student_number)
    row = next(row for row in outcome.rows if row.student_number == student_number)
    print_application(console(), row, timeline, outcome.policy)


@app.command()
def form(
    out: Annotated[Path, typer.Option("--out", help="The PDF to write.")],
    blank: Annotated[bool, typer.Option("--blank", help="The empty form for download.")] = False,
    institution: Annotated[
        str, typer.Option("--institution", help="Whose form, a name of institutions/.")
    ] = "default",
) -> None:
    """Write an institution's 学位申请表模版 (--blank); filled forms are part of `run`."""
    from flows.forming import blank_form, put_form, unknown_fields
    from store.institutions import load_policy

    if not blank:
        raise typer.BadParameter(
            "say --blank; filled forms stand in the outcome folder of a degree batch",
            param_hint="--blank",
        )
    policy = load_policy(institution)
    put_form(out, blank_form(policy))
    if unknown := unknown_fields(policy):
        say(f"form: nothing is known for these, they stay empty on every form: {unknown}")
    console().print(f"form: {escape(str(out))}", soft_wrap=True, highlight=False)


@app.command()
def status() -> None:
    """Show what runs and what waits."""
    from flows.running import open_installation
    from flows.screen import print_status
    from flows.status import batch_statuses

    with open_installation(find_installation()) as store:
        print_status(console(), batch_statuses(store))


@app.command()
def serve(
    inbox: Annotated[Path, typer.Option("--inbox", help="The folder of batch folders.")],
    out: OutFolder = None,
    every: Annotated[
        int, typer.Option("--every", min=1, metavar="SECONDS", help="Time between two looks.")
    ] = 300,
) -> None:
    """Run each batch of an inbox once, after its deadline."""
    from flows.serving import serve_inbox

    installation = find_installation()
    target = (out or installation.out).resolve()
    serve_inbox(installation, inbox.resolve(), target, every, console())
    # Stopped, and all work is kept. Prefect's runner would go on to ask its server, which is gone.
    sys.stdout.flush()
    os._exit(0)


for command in (
    review,
    decide,
    seal,
    reverse,
    archive,
    verify,
    retention,
    samples,
    bench,
    calibrate,
):
    app.command()(command)


@app.command()
def doctor() -> None:
    """Say what is missing on this machine, and the line that installs it."""
    from flows.doctor import examine
    from flows.screen import print_checks

    checks = examine(find_installation())
    print_checks(console(), checks)
    if not all(check.ok for check in checks):
        raise typer.Exit(EXIT_MACHINE_FAILED)


@audit_app.command("verify")
def audit_verify(
    head: Annotated[
        str, typer.Option("--head", help="A head printed earlier: it must occur in the log.")
    ] = "",
) -> None:
    """Check the event log and the decisions on it; exit 1 names the first broken entry."""
    from flows.running import open_installation
    from store.audit import Audit

    with open_installation(find_installation()) as store:
        fault, last = Audit(store.database).verify(head), store.events.head()
    if fault is not None:
        say(
            f"event log: entry {fault.sequence} is broken;"
            f" expected {fault.expected}, found {fault.found}"
        )
        raise typer.Exit(EXIT_FAULTS_FOUND)
    console().print(f"ok, head {last}", highlight=False, soft_wrap=True)


@audit_app.command("export")
def audit_export(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Default: standard output.")
    ] = None,
) -> None:
    """Write the event log as JSON lines, for keeping elsewhere."""
    from flows.running import open_installation
    from store.audit import Audit

    with open_installation(find_installation()) as store:
        if out is None:
            for line in Audit(store.database).lines():
                sys.stdout.write(line + "\n")
            return
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in Audit(store.database).lines())
    console().print(f"log: {escape(str(out))}", soft_wrap=True)


def main() -> None:
    """Run the command line and end with the contract's exit codes."""
    # Started with a stream closed (`>&-`), Python has None in its place: then nobody listens.
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.argv[1:] = _globals_first(sys.argv[1:])
    sys.exit(_guard(lambda: app()))


def _globals_first(arguments: Sequence[str]) -> list[str]:
    """Move the global options before the command, so that they may stand anywhere."""
    front, rest = [], []
    pending = iter(arguments)
    for argument in pending:
        if argument == "--":
            rest += [argument, *pending]
        elif argument == "--quiet" or argument.startswith("--lang="):
            front.append(argument)
        elif argument == "--lang":
            front += [argument, *([value] if (value := next(pending, None)) is not None else [])]
        else:
            rest.append(argument)
    return front + rest


def _guard(command: Callable[[], object]) -> int:
    try:
        command()
    except BatchRefused as refused:
        for fault in refused.faults:
            say(fault.render(Settings.language))
        return EXIT_BATCH_REFUSED
    except ConfigurationFault as fault:
        say(str(fault))
        return EXIT_USAGE
    except MachineFault as fault:
        say(f"{fault.code}: {fault}" if str(fault) != fault.code else fault.code)
        return EXIT_MACHINE_FAILED
    except HeduiError as fault:
        say(str(fault))
        return EXIT_MACHINE_FAILED
    except OSError as error:
        # Its file name may hold an applicant's name: the kind of error is enough to act on.
        say(f"{error.strerror or type(error).__name__}: check the disk and run again")
        return EXIT_MACHINE_FAILED
    return 0


def _date(text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter("expected YYYY-MM-DD", param_hint="--as-of") from error


if __name__ == "__main__":
    main()
