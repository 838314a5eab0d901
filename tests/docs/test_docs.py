"""The pages say what the program does: every name in the code is documented."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from benchmarks import rules_page
from domain.assessment import Agreement
from domain.certificates import CHECKED_FIELDS, PART_FIELDS, CertificateType
from domain.finding import Severity
from extractors.intake.columns import COURSES, DEGREE_APPLICATIONS, LANGUAGE_APPLICATIONS
from flows.cli import app
from reports import tables
from reports.outcome import renderers
from reports.workbooks import REVIEW_COLUMNS
from tests.validators import rule_example_file
from validators.rule import FactConfidence, Scope
from validators.rules import collect

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted(
    [
        path
        for pattern in ("*.md", "docs/**/*.md", "benchmarks/**/*.md", "sample_inputs/*.md")
        for path in ROOT.glob(pattern)
    ],
    key=str,
)
CODE_FOLDERS = (
    "domain",
    "extractors",
    "validators",
    "reports",
    "store",
    "flows",
    "benchmarks",
    "review",
)
KEBAB = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
# Names inside the code that look like codes and are shown to nobody.
INNER_NAMES = {
    *("hedui-reader", "upside-down", "mirrored-upside-down", "text-layer"),
    *("utf-8", "utf-8-sig", "certificate-number", "id-number", "medium-high"),
    *("fc-match", "pass-corrected", "two-person"),
}


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def page_id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield every command that does something, with its options."""

    def walk(command: object, path: str) -> Iterator[tuple[str, list[str]]]:
        below = getattr(command, "commands", {})
        for name, child in below.items():
            yield from walk(child, f"{path} {name}")
        options = [
            option
            for parameter in getattr(command, "params", [])
            if parameter.param_type_name == "option"
            for option in parameter.opts
        ]
        if not below or options:
            yield path, options

    yield from walk(get_command(app), "hedui")


@pytest.mark.parametrize(("command", "options"), list(commands()))
def test_every_command_and_option_stands_in_readme_and_contract(
    command: str, options: list[str]
) -> None:
    for name in ("README.md", "docs/contract.md"):
        text = page(name)
        lines = [line for line in text.splitlines() if f"`{command}" in line]
        assert lines or command == "hedui", f"{name} does not explain {command}"
    contract = page("docs/contract.md")
    for option in options:
        where = [line for line in contract.splitlines() if f"`{command} " in line] or [contract]
        where = [contract] if command == "hedui" else where
        assert any(option in line for line in where), f"{option} of {command}"


def test_the_page_of_rules_is_up_to_date() -> None:
    assert page("docs/rules.md") == rules_page.render(), "run: make docs"


@pytest.mark.parametrize("rule_id", [rule.id for rule in collect()])
def test_the_page_of_rules_says_all_of_every_rule(rule_id: str) -> None:
    """What it checks, its source and how sure that is, its severity, an example of each wording."""
    rules, _, _ = page("docs/rules.md").partition("\n## Findings that are no rules")
    (row,) = [line for line in rules.splitlines() if line.startswith(f"| `{rule_id}` |")]
    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
    assert len(cells) == 8
    assert all(cells)
    _, severity, scope, checks, source, confidence, staff, applicant = cells
    assert severity.removesuffix(", returns") in {value.value for value in Severity}
    assert scope in {value.value for value in Scope}
    assert checks.endswith(".")
    assert source
    assert confidence in {value.value for value in FactConfidence}
    assert re.search("[\u4e00-\u9fff]", staff)
    assert "{" not in staff + applicant
    objects = severity.startswith(("block", "review"))
    assert applicant.endswith("。") if objects else applicant == "(nothing)"


def test_the_worded_examples_are_up_to_date() -> None:
    assert rule_example_file.FILE.read_text(encoding="utf-8") == rule_example_file.render(), (
        "run: make docs"
    )


def codes_in(path: Path) -> Iterator[str]:
    """Yield what looks like a code: kebab-case texts, and what faults are made with."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if KEBAB.fullmatch(node.value):
                yield node.value
        elif isinstance(node, ast.Call) and node.args:
            first, called = node.args[0], ast.unparse(node.func)
            is_fault = called.endswith(("MachineFault", "DocumentFault", "notes.append"))
            if is_fault and isinstance(first, ast.Constant):
                yield str(first.value)


def test_every_code_of_intake_reader_store_and_flows_is_documented() -> None:
    documented = "".join(page(f"docs/{name}.md") for name in ("rules", "operations", "prefect"))
    files = code_files("extractors/intake", "extractors/reading", "store", "flows", "validators")
    found = {code: path for path in files for code in codes_in(path) if path.stem != "doctor"}
    assert {"number-cell", "timeout", "disk-full"} <= found.keys()
    missing = {
        code: page_id(path)
        for code, path in found.items()
        if f"`{code}`" not in documented and code not in INNER_NAMES
    }
    assert missing == {}


@pytest.mark.parametrize(
    "name",
    ["README.zh-CN.md", *(f"docs/{n}.md" for n in ("certificates", "hostile", "degree", "manual",
                                                    "operations", "architecture"))],
)  # fmt: skip
def test_codes_on_other_pages_exist(name: str) -> None:
    known = set(re.findall(r"`([a-z0-9-]+)`", page("docs/rules.md")))
    known |= {kind.value for kind in CertificateType} | {value.value for value in Agreement}
    known |= set(re.findall(r"`([a-z0-9-]+)`", page("docs/prefect.md")))
    known |= {code for path in code_files("store", "flows", "review") for code in codes_in(path)}
    shown = {text for text in re.findall(r"`([^`\n]+)`", page(name)) if KEBAB.fullmatch(text)}
    assert shown - known == set()


def test_severities_on_the_page_of_certificates_are_those_of_the_rules() -> None:
    severities = {rule.id: rule.severity.value for rule in collect()}
    rows = [line for line in page("docs/certificates.md").splitlines() if line.startswith("| V")]
    assert [row.split(" | ")[0].removeprefix("| ") for row in rows] == [
        f"V{number}" for number in range(1, 35)
    ]
    checked = 0
    for row in rows:
        for clause in row.split(" | ")[3].split(";"):
            ids, severity = re.findall(r"`([a-z0-9-]+)`", clause), re.search(r": (\w+)", clause)
            for rule_id in ids if severity else ():
                assert severity is not None
                assert severities[rule_id] == severity[1], rule_id
                checked += 1
    assert checked > 30


def policy_defaults() -> dict[str, dict[str, object]]:
    document: dict[str, dict[str, object]] = tomllib.loads(page("institutions/default.toml"))
    return document


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [(s, key, value) for s, values in policy_defaults().items() for key, value in values.items()],
)
def test_every_policy_key_is_explained_with_its_default(
    section: str, key: str, value: object
) -> None:
    _, _, rest = page("docs/policy.md").partition(f"\n## [{section}]")
    body = rest.partition("\n## ")[0]
    row = re.search(rf"^\| `{key}` \| (?:([^|]+) )?\| ([^|]+) \|$", body, re.MULTILINE)
    assert row, f"[{section}] {key} is not explained"
    default, meaning = row[1] or "", row[2]
    assert len(meaning.split()) >= 3
    if isinstance(value, bool):
        assert default == str(value).lower()
    elif isinstance(value, int | float):
        assert float(default) == float(value)
    elif isinstance(value, str):
        assert default == value
    else:
        assert isinstance(value, list)
        assert default == ", ".join(value)


def test_every_environment_variable_is_documented() -> None:
    texts = [path.read_text(encoding="utf-8") for path in code_files(*CODE_FOLDERS)]
    variables = set(re.findall(r"\bHEDUI_[A-Z][A-Z_]*[A-Z]\b", "\n".join(texts)))
    assert "HEDUI_HOME" in variables
    for name in ("README.md", "docs/contract.md", "docs/operations.md"):
        text = page(name)
        assert {variable for variable in variables if f"`{variable}`" not in text} == set(), name


def test_every_column_and_file_stands_in_the_contract() -> None:
    contract = page("docs/contract.md")
    specs = (LANGUAGE_APPLICATIONS, DEGREE_APPLICATIONS, COURSES)
    names = [header for spec in specs for header in spec.headers]
    names += [*tables.RESULTS_COLUMNS, *tables.FIELDS_COLUMNS, *tables.FINDINGS_COLUMNS]
    names += [*tables.NOTICE_COLUMNS, *tables.TIMING_COLUMNS, *REVIEW_COLUMNS]
    names += [field.value for field in (*CHECKED_FIELDS, *PART_FIELDS)]
    names += [kind.value for kind in CertificateType] + [value.value for value in Agreement]
    assert [name for name in names if name not in contract] == []


def test_every_file_of_the_outcome_folder_stands_in_the_contract() -> None:
    source = ast.parse((ROOT / "reports" / "outcome.py").read_text(encoding="utf-8"))
    files = {
        node.value
        for node in ast.walk(source)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z-]+\.(csv|xlsx|html|pdf)", node.value)
    }
    assert "results.csv" in files, f"{renderers.__module__} names its files elsewhere now"
    contract = page("docs/contract.md")
    assert {name for name in files if f"`{name}`" not in contract} == set()


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_links_lead_to_something_inside_the_project(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("https://"):
            continue
        linked = (path.parent / target.partition("#")[0]).resolve()
        assert linked.is_relative_to(ROOT), target
        assert linked.exists(), target


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_no_page_names_a_folder_of_one_machine(path: Path) -> None:
    """Absolute paths are examples only, and nothing points to a folder beside the project."""
    text = path.read_text(encoding="utf-8")
    absolute = re.findall(r"(?<![\w.>~*/:`）】])/[a-z]+/[\w./-]*|`/[a-z]+/[\w./-]*", text)
    allowed = ("/srv/hedui/", "/backup/")
    assert [name for name in absolute if not name.lstrip("`").startswith(allowed)] == []
    assert [name for name in re.findall(r"(?:\.\./)+[\w-]+", text) if path.parent == ROOT] == []


@pytest.mark.parametrize("path", sorted((DOCS / "decisions").glob("*.md")), ids=page_id)
def test_a_decision_says_context_decision_and_consequences(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(rf"# {path.name[:3]} \S", text)
    parts = re.findall(r"^\*\*(\w+)\.\*\* \S", text, re.MULTILINE)
    assert parts == ["Context", "Decision", "Consequences"]


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(path.name[:3] for path in (DOCS / "decisions").glob("*.md"))
    assert numbers == [f"{number:03d}" for number in range(1, len(numbers) + 1)]


def test_readme_links_every_page() -> None:
    readme = page("README.md")
    pages = [page_id(path) for path in PAGES if path.parent == DOCS]
    assert [name for name in pages if f"({name})" not in readme] == []
