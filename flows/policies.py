"""The commands on policies: show one, check files, explain a rule with the policy behind it."""

import dataclasses
import difflib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from domain.faults import ConfigurationFault
from domain.policy import Policy
from flows.terminal import console, say

EXIT_FAULTS_FOUND = 1

policy_app = typer.Typer(
    no_args_is_help=True, help="Show, check or explain institutions' policies."
)

_RULE_LISTS = "_reasons"
"""Keys with this ending hold rule ids."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PolicyReview:
    """What there is to say about a valid policy: faults only rules can see, and remarks."""

    faults: tuple[str, ...]
    remarks: tuple[str, ...]


def review_policy(policy: Policy, default: Policy) -> PolicyReview:
    """Return what differs from the default, what is doubtful, and rule ids that do not exist."""
    from validators.rules import collect

    known = [rule.id for rule in collect()]
    faults = [
        f"policy: {key} names {rule_id!r}, which is no rule{_nearest(rule_id, known)}"
        for key, value in flatten(policy)
        if key.endswith(_RULE_LISTS)
        for rule_id in value
        if rule_id not in known
    ]
    usual = dict(flatten(default))
    remarks = [
        f"changes {key}: {text_of(usual.get(key))} -> {text_of(value)}"
        for key, value in flatten(policy)
        if usual.get(key) != value
    ]
    if not policy.pass_lines.set_by_school:
        remarks.append(
            "the pass lines are marked as examples: set them in [pass_lines] with"
            " set_by_school = true"
        )
    unused = [
        family.value
        for family in policy.acceptance.machine_accept
        if all(kind.family is not family for kind in policy.acceptance.recognised)
    ]
    if unused:
        remarks.append(f"machine_accept names {', '.join(unused)}, of which nothing is recognised")
    return PolicyReview(faults=tuple(faults), remarks=tuple(remarks))


def flatten(policy: Policy) -> Iterator[tuple[str, Any]]:
    """Yield (`section.key`, value) of every effective value."""
    for section, values in policy.as_dict().items():
        if isinstance(values, Mapping):
            for key, value in values.items():
                yield f"{section}.{key}", value


def text_of(value: Any) -> str:
    """Return a value as a policy file would say it, in short."""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _nearest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


@policy_app.command("show")
def policy_show(
    slug: Annotated[str, typer.Argument(metavar="INSTITUTION")] = "default",
) -> None:
    """Print an institution's effective policy."""
    from flows.screen import print_policy
    from store.institutions import load_policy

    print_policy(console(), load_policy(slug))


@policy_app.command("check")
def policy_check(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="One file (default: all that are there).")
    ] = None,
) -> None:
    """Check a policy file before it is used, or all; exit 1 where one is refused."""
    from store.institutions import institutions_folder, known_institutions, load_policy_file

    folder = institutions_folder()
    files = [file] if file else [folder / f"{slug}.toml" for slug in known_institutions()]
    if file is not None and not file.is_file():
        wrong = "is a folder; name one file" if file.is_dir() else "there is no such file"
        raise ConfigurationFault(f"{file}: {wrong}")
    sound = [_is_sound(path, load_policy_file, remarks=file is not None) for path in files]
    if not all(sound):
        raise typer.Exit(EXIT_FAULTS_FOUND)


def _is_sound(path: Path, load: Callable[[Path], Policy], *, remarks: bool) -> bool:
    from store.institutions import DEFAULT_SLUG, load_policy

    try:
        policy = load(path)
        default = policy if policy.institution == DEFAULT_SLUG else load_policy(DEFAULT_SLUG)
        found = review_policy(policy, default)
    except ConfigurationFault as error:
        found = PolicyReview(faults=tuple(str(error).splitlines()), remarks=())
    for line in found.faults:
        say(f"{path.name}: {line}")
    if found.faults:
        return False
    console().print(f"ok {policy.institution} {policy.digest[:12]}", highlight=False)
    for remark in found.remarks if remarks else ():
        console().print(f"   {escape(remark)}", highlight=False)
    return True


@policy_app.command("explain")
def policy_explain(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="A rule id, as in findings.csv.")],
    slug: Annotated[
        str, typer.Option("--institution", metavar="NAME", help="Whose policy is looked at.")
    ] = "default",
) -> None:
    """Say what a rule checks, what it rests on, what it says, and which policy it looks at."""
    from flows.screen import plain_table
    from store.institutions import load_policy

    policy = load_policy(slug)
    table = plain_table(escape(rule), "")
    for name, text in explain(rule, policy):
        table.add_row(name, escape(text))
    console().print(table)


def explain(rule_id: str, policy: Policy) -> list[tuple[str, str]]:
    """Return what there is to say about a rule, as (name, text) rows.

    Raises `ConfigurationFault` for an unknown rule, naming the nearest.
    """
    from reports.wording import SEVERITIES, reason_wording
    from validators.rule_examples import rule_examples
    from validators.rules import collect

    rules = {rule.id: rule for rule in collect()}
    if rule_id not in rules:
        raise ConfigurationFault(
            f"unknown rule {rule_id!r}{_nearest(rule_id, list(rules))}; docs/rules.md lists all,"
            " and codes that are no rules"
        )
    rule, example = rules[rule_id], rule_examples()[rule_id]
    effect = "the application is returned" if rule.returns else "a person looks"
    return [
        ("called", reason_wording(rule_id)),
        ("checks", rule.checks),
        ("rests on", f"{rule.source} ({rule.confidence.value})"),
        ("severity", f"{rule.severity.value} {SEVERITIES[rule.severity]}"),
        ("follows", effect if rule.severity.objects else "nothing: it informs whoever looks"),
        ("judges", "each paper" if rule.scope.value == "paper" else "the application as a whole"),
        ("staff read, e.g.", example.staff),
        ("applicant reads, e.g.", example.applicant or "(nothing)"),
        *_policy_rows(rule_id, policy),
    ]


def _policy_rows(rule_id: str, policy: Policy) -> Iterator[tuple[str, str]]:
    from validators.rule_policy import POLICY_OF_RULES

    keys = POLICY_OF_RULES.get(rule_id, ())
    for key, value in flatten(policy):
        named = key in keys or key.partition(".")[0] in keys
        listed = key.endswith(_RULE_LISTS) and rule_id in value
        if named or listed:
            yield f"policy {policy.institution}", f"{key} = {text_of(value)}"
    if not keys:
        yield "policy", "looks at none: it is the same for every school"
