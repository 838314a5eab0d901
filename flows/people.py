"""The commands of people's part: accounts, verdicts from a workbook, the seal, the pages."""

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from domain.faults import BatchRefused, ConfigurationFault
from domain.review import Role, Verdict
from flows.environment import find_installation
from flows.terminal import Settings, console, say

if TYPE_CHECKING:
    from store import Store

_REFUSED = 2  # the command, not a batch folder, was refused: contract, section 2

user_app = typer.Typer(no_args_is_help=True, help="The accounts of the people who decide.")

Name = Annotated[str, typer.Argument(metavar="NAME")]
BatchId = Annotated[str, typer.Argument(metavar="BATCH_ID")]
By = Annotated[str, typer.Option("--by", metavar="USER", help="The account that acts.")]
OutFolder = Annotated[
    Path | None, typer.Option("--out", help="Where outcome folders go (default: $HEDUI_HOME/out).")
]
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", metavar="F", help="Its first line; default: ask for it."),
]
RoleOption = Annotated[Role, typer.Option("--role", help="What the account may do.")]


@user_app.command("add")
def user_add(name: Name, role: RoleOption, password_file: PasswordFile = None) -> None:
    """Add an account."""
    password = _password(password_file)
    with _open() as store:
        store.accounts.add(name, role, password)
    console().print(f"added {escape(name)} as {role.value}", highlight=False)


@user_app.command("list")
def user_list() -> None:
    """List the accounts."""
    from flows.screen import plain_table

    table = plain_table("account", "role", "")
    with _open() as store:
        for account in store.accounts.all():
            state = "disabled" if account.is_disabled else ""
            table.add_row(escape(account.name), account.role.value, state)
    console().print(table)


@user_app.command("password")
def user_password(name: Name, password_file: PasswordFile = None) -> None:
    """Set a forgotten password anew; ends the account's sessions."""
    password = _password(password_file)
    with _open() as store:
        store.accounts.change_password(name, password)
    console().print(f"password of {escape(name)} changed", highlight=False)


@user_app.command("role")
def user_role(name: Name, role: RoleOption) -> None:
    """Give an account another role, e.g. to stand in for an absent lead."""
    with _open() as store:
        store.accounts.change_role(name, role)
    console().print(f"{escape(name)} is {role.value} now", highlight=False)


@user_app.command("disable")
def user_disable(name: Name) -> None:
    """Take an account out of use; what it decided stays."""
    with _open() as store:
        store.accounts.disable(name)
    console().print(f"{escape(name)} is disabled", highlight=False)


@user_app.command("enable")
def user_enable(name: Name) -> None:
    """Put a disabled account back into use."""
    with _open() as store:
        store.accounts.enable(name)
    console().print(f"{escape(name)} is enabled", highlight=False)


def _open() -> "Store":
    from flows.running import open_installation

    return open_installation(find_installation())


def _password(file: Path | None) -> str:
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationFault(f"{file}: cannot be read") from error
        return lines[0] if lines else ""
    if not sys.stdin.isatty():
        raise ConfigurationFault("no terminal to ask for a password: give --password-file FILE")
    first = getpass.getpass("password: ")
    if first != getpass.getpass("again: "):
        raise ConfigurationFault("the two passwords differ; nothing was changed")
    return first


def review(
    host: Annotated[str, typer.Option("--host", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 8460,
    tls_cert: Annotated[str, typer.Option("--tls-cert", metavar="FILE")] = "",
    tls_key: Annotated[str, typer.Option("--tls-key", metavar="FILE")] = "",
    trusted_proxy: Annotated[
        str,
        typer.Option("--trusted-proxy", metavar="ADDRESS", help="The reverse proxy that ends TLS."),
    ] = "",
    user_header: Annotated[
        str,
        typer.Option(
            "--user-header", metavar="NAME", help="The proxy names who signed in (a school's SSO)."
        ),
    ] = "",
    public_host: Annotated[
        str, typer.Option("--public-host", metavar="NAME", help="The host that browsers ask for.")
    ] = "",
) -> None:
    """Serve the reviewers' pages until Ctrl-C."""
    from flows.forming import preview_form
    from flows.running import write_reports
    from reports.outcome import write_outcome
    from review.security import Binding
    from review.serving import serve
    from store.institutions import DEFAULT_SLUG, load_policy

    installation = find_installation()

    def write(batch_id: str) -> None:
        write_reports(store, write_outcome, batch_id, installation.out.resolve())

    binding = Binding(
        host=host,
        port=port,
        certificate=tls_cert,
        private_key=tls_key,
        trusted_proxy=trusted_proxy,
        user_header=user_header,
        public_host=public_host,
    )
    binding.check()

    def ready(address: str) -> None:
        console().print(f"review pages: {address}", highlight=False, soft_wrap=True)
        if not Settings.quiet and not store.accounts.all():
            say("no account yet; in another terminal: hedui user add NAME --role lead")

    with _open() as store:
        policy = load_policy(DEFAULT_SLUG)
        serve(store, policy, binding, write, ready, lambda *of: preview_form(store, *of))


def decide(
    batch_id: BatchId,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The filled review.xlsx.")],
    by: By,
    out: OutFolder = None,
) -> None:
    """Take the verdicts from a filled review.xlsx: all of them, or none and every fault."""
    from flows.deciding import decide_from_workbook
    from flows.running import write_reports
    from reports.outcome import write_outcome

    installation = find_installation()
    with _open() as store:
        try:
            taken = decide_from_workbook(store, batch_id, file, store.accounts.get(by))
        except BatchRefused as refused:
            for fault in refused.faults:
                say(fault.render(Settings.language))
            raise typer.Exit(_REFUSED) from None
        write_reports(store, write_outcome, batch_id, (out or installation.out).resolve())
    console().print(
        f"decided {taken.settled}, waiting for a second person {taken.waiting}, taken before"
        f" {taken.repeated}, left open {taken.left_open}",
        highlight=False,
    )


def seal(
    batch_id: BatchId,
    by: By,
    confirm_returns: Annotated[
        bool,
        typer.Option("--confirm-returns", help="The returned applications were looked at."),
    ] = False,
    out: OutFolder = None,
) -> None:
    """Sign a batch off: accepts become 审核通过, results are final."""
    from flows.running import write_reports
    from reports.outcome import write_outcome
    from review.acting import seal_batch
    from review.looking import Looking

    installation = find_installation()
    with _open() as store:
        outcome = seal_batch(store, Looking(store), batch_id, store.accounts.get(by),
                             confirm_returns)  # fmt: skip
        write_reports(store, write_outcome, batch_id, (out or installation.out).resolve())
    statuses: dict[str, int] = {}
    for row in outcome.rows:
        statuses[row.review_status] = statuses.get(row.review_status, 0) + 1
    counts = ", ".join(f"{status} {count}" for status, count in sorted(statuses.items()))
    console().print(f"sealed {batch_id}: {counts}", highlight=False, soft_wrap=True)
    console().print(f"event log head {outcome.event_head}", highlight=False, soft_wrap=True)


def reverse(
    batch_id: BatchId,
    student_number: Annotated[str, typer.Argument(metavar="学号")],
    by: By,
    second: Annotated[str, typer.Option("--second", metavar="USER", help="Another person.")],
    verdict: Annotated[
        Verdict | None, typer.Option("--to", help="The verdict from now on (default: opposite).")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Numbers as in the pages: 1,3")] = "",
    note: Annotated[str, typer.Option("--note", help="Why, for the record.")] = "",
    out: OutFolder = None,
) -> None:
    """Append a reversing entry after sealing, by two people."""
    from flows.deciding import reverse_decision
    from flows.running import write_reports
    from reports.outcome import write_outcome

    installation = find_installation()
    with _open() as store:
        people = (store.accounts.get(by), store.accounts.get(second))
        new = reverse_decision(store, batch_id, student_number, people, (verdict, reason, note))
        write_reports(store, write_outcome, batch_id, (out or installation.out).resolve())
    console().print(f"{escape(student_number)}: {new.chinese_name}", highlight=False)
