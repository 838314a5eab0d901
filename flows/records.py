"""The commands of what lasts: the archive package, its check, and how long working copies stay."""

import datetime
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from domain.archive import ItemResult, PackageCheck, Property
from domain.faults import ConfigurationFault, MachineFault
from domain.review import Role
from flows.environment import find_installation
from flows.people import BatchId, OutFolder
from flows.terminal import Settings, console, errors, say

if TYPE_CHECKING:
    from store.retention import RetentionPlan

_FAULTS_FOUND = 1
AsOf = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help="The date taken as today (YYYY-MM-DD).")
]


def archive(
    batch_id: BatchId,
    out: OutFolder = None,
    as_zip: Annotated[bool, typer.Option("--zip", help="As a zip instead of a folder.")] = False,
    split_size: Annotated[
        str, typer.Option("--split-size", metavar="SIZE", help="Parts of that size, e.g. 4700M.")
    ] = "",
) -> None:
    """Write a sealed batch as an archive package; its path is the last line."""
    from flows.archiving import archive_batch
    from flows.archiving import split_size as bytes_of
    from flows.progress import show_progress
    from flows.running import open_installation
    from reports.outcome import renderers

    installation = find_installation()
    limit = bytes_of(split_size)
    with (
        open_installation(installation) as store,
        show_progress(errors(), Settings.quiet) as listener,
    ):
        target = (out or installation.out).resolve()
        package = archive_batch(
            store, batch_id, target, renderers, listener, as_zip=as_zip, split_bytes=limit
        )
    shown = console()
    for bag in package.bags:
        size = f"{bag.files} files, {bag.payload_bytes} bytes"
        shown.print(f"{bag.name}: {size}", highlight=False, soft_wrap=True)
        shown.print(f"  digest {bag.digest}", highlight=False, soft_wrap=True)
        if limit and bag.payload_bytes > limit:
            say(f"{bag.name} is larger than {split_size}: one record, or what every package holds")
    shown.print(f"records {package.records}; check it: hedui verify {escape(str(package.path))}",
                highlight=False, soft_wrap=True)  # fmt: skip
    shown.print(escape(str(package.path)), highlight=False, soft_wrap=True)


def verify(
    bag: Annotated[Path, typer.Argument(metavar="BAG", help="A package: folder or zip.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole check as JSON.")] = False,
    pdf: Annotated[
        Path | None, typer.Option("--pdf", metavar="FILE", help="Write it as a PDF to print.")
    ] = None,
    head: Annotated[
        str, typer.Option("--head", metavar="HASH", help="A log head that was written down.")
    ] = "",
    digest: Annotated[
        str,
        typer.Option("--digest", metavar="HASH", help="The package's digest, as `archive` said."),
    ] = "",
    as_of: AsOf = "",
) -> None:
    """Check an archive package without a store; exit 1 where it has faults, one a line."""
    from flows.progress import show_progress
    from store.archive.checking import Known
    from store.archive.group import check_packages

    today = _date(as_of)
    with show_progress(errors(), Settings.quiet) as listener:
        checks = check_packages(bag.absolute(), Known(head=head, package=digest), listener)
    if pdf is not None:
        _write_pdf(pdf, checks, today)
    if as_json:
        typer.echo(json.dumps([_plain(check) for check in checks], ensure_ascii=False, indent=1))
    else:
        for check in checks:
            _print_check(check)
    if not all(check.is_valid for check in checks):
        raise typer.Exit(_FAULTS_FOUND)


def _plain(check: PackageCheck) -> dict[str, Any]:
    import dataclasses

    return {"valid": check.is_valid, **dataclasses.asdict(check)}


def _write_pdf(path: Path, checks: tuple[PackageCheck, ...], today: datetime.date) -> None:
    from reports.package_check import render_package_check

    try:
        path.write_bytes(render_package_check(checks, today))
    except OSError as error:
        raise MachineFault(
            "report-failed", f"{path}: cannot be written ({error.strerror})"
        ) from error


def _print_check(check: PackageCheck) -> None:
    from flows.screen import plain_table
    from reports.package_check import facts_of

    shown = console()
    if not Settings.quiet:
        head = plain_table("四性检测 DA/T 70", "")
        for name, text in facts_of((check,)):
            head.add_row(name, escape(text))
        shown.print(head)
        table = plain_table("项", "", "结果", "")
        for kind in Property:
            for item in (item for item in check.items if item.property is kind):
                style = {ItemResult.FAILED: "bold red", ItemResult.NOT_RUN: "yellow"}
                table.add_row(item.code, f"{kind.value} {item.title}", item.result.chinese_name,
                              item.note, style=style.get(item.result))  # fmt: skip
        shown.print(table)
    for fault in check.faults:
        shown.print(
            f"[{fault.code}] {fault.render()}", highlight=False, soft_wrap=True, markup=False
        )
    if not check.compared:
        shown.print(f"{check.name}: compared with nothing kept elsewhere; a package made anew as a"
                    " whole is only found with --digest or --head", highlight=False,
                    soft_wrap=True, markup=False)  # fmt: skip
    word = "valid" if check.is_valid else f"NOT valid: {len(check.faults)} fault(s)"
    shown.print(f"{check.name}: {word}", highlight=False, soft_wrap=True, markup=False)


def retention(
    batch_id: Annotated[str, typer.Argument(metavar="[BATCH_ID]")] = "",
    as_of: AsOf = "",
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete what may be deleted; needs --by and BATCH_ID.")
    ] = False,
    by: Annotated[str, typer.Option("--by", metavar="USER", help="The lead who signs.")] = "",
    confirm: Annotated[
        str, typer.Option("--confirm", metavar="BATCH_ID", help="The batch id again.")
    ] = "",
) -> None:
    """Show how long working copies stay, and delete those whose time has passed."""
    from flows.running import open_installation
    from store.institutions import load_policy
    from store.retention import delete_due, plan_retention

    today = _date(as_of)
    with open_installation(find_installation()) as store:
        if delete and (not batch_id or confirm != batch_id):
            raise ConfigurationFault(
                "deleting takes one batch and its id again:"
                f" hedui retention {batch_id or 'BATCH_ID'} --delete --by LEAD"
                f" --confirm {batch_id or 'BATCH_ID'}"
            )
        for number in (batch_id,) if batch_id else store.batches.ids():
            outcome = store.load_outcome(number)
            policy = load_policy(outcome.batch.institution).retention
            plan = plan_retention(store, outcome, policy, today)
            _print_plan(plan)
            if not delete:
                continue
            account = store.accounts.get(by)
            if account.role is not Role.LEAD:
                raise ConfigurationFault(f"only a lead deletes; {by} is {account.role.value}")
            deleted, kept = delete_due(store, plan, account.name)
            console().print(
                f"deleted {deleted} file(s) of {len(plan.due)} application(s); {kept} stay, for"
                " others use them; recorded in the event log",
                highlight=False,
            )


def _print_plan(plan: "RetentionPlan") -> None:
    from flows.screen import plain_table

    table = plain_table(f"batch {plan.batch_id}", "applications", "policy", "may go", "deleted")
    for share in plan.classes:
        kept = "keep" if not share.years else f"{share.years} year(s) after sealing"
        if share.ends is not None:
            kept += f", until {share.ends.isoformat()}"
        due = "-" if plan.blocked else str(share.due)
        table.add_row(share.name, str(share.applications), kept, due, str(share.deleted))
    console().print(table)
    if plan.blocked:
        console().print(f"  nothing may be deleted: {escape(plan.blocked)}", highlight=False)


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text) if text else datetime.date.today()
    except ValueError as error:
        raise typer.BadParameter("expected YYYY-MM-DD", param_hint="--as-of") from error
