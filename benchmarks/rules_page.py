"""Write docs/rules.md from the rules themselves, so that the page cannot fall behind them.

Run `python -m benchmarks.rules_page` after a change of rules or codes; a test compares the page.
The rules come from `validators.rules.collect()`; codes that are no rules are listed here.
"""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from validators.deciding import UNEXPLAINED
from validators.rule import Rule
from validators.rule_examples import rule_examples
from validators.rules import collect, collect_by_subject

PAGE = Path(__file__).resolve().parent.parent / "docs" / "rules.md"

Code = tuple[str, str]  # code, what it means

OTHER_FINDINGS: tuple[Code, ...] = (
    (
        UNEXPLAINED.rule_id,
        "review. The conditions of acceptance do not hold, yet no rule said why.",
    ),
    ("row-vanished", "review. The row is no longer in the newest export; the record is kept."),
    (
        "resubmitted-late",
        "review. What was returned came again after `resubmit_until`: first seen then (or on the"
        " day of `--as-of`), unless 申请时间 says when it was made anew.",
    ),
    ("form-glyph-missing", "review. No font has a glyph for a character of the 学位申请表."),
    ("form-too-large", "review. A value is too long for the 学位申请表; a person makes that form."),
    ("orphan-folder", "warn. An upload folder without an application; it has no results row."),
)
FOLDER_FAULTS: tuple[Code, ...] = (
    ("no-folder", "The batch folder is missing, is no folder, or may not be read."),
    ("no-batch-toml", "There is no `batch.toml`."),
    ("broken-toml", "`batch.toml` is not valid TOML; the line is named."),
    ("missing-key", "A key (or the section `[batch]`) is missing in `batch.toml`."),
    ("unknown-key", "A key that does not exist; the nearest known one is named."),
    ("wrong-type", "A value of the wrong type, for example a quoted date."),
    ("no-offset", "A date without its offset from UTC (`+08:00`)."),
    ("bad-order", "`deadline` is not after `opens`, or `resubmit_until` not after `deadline`."),
    ("bad-id", "An id with other signs than lower-case letters, digits and hyphens."),
    ("bad-institution", "The same for the institution."),
    ("bad-name", "A batch name that is empty, too long or not printable."),
    ("bad-kind", "A kind other than `language` and `degree`."),
    ("no-table", "Neither the .csv nor the .xlsx of a table is there."),
    ("two-tables", "Both the .csv and the .xlsx of a table are there."),
    ("no-rows", "The table of applications holds nothing but its header."),
    ("missing-column", "A required column is missing."),
    ("duplicate-column", "Two columns carry the same header."),
    ("duplicate-student-number", "A 学号 stands in two rows."),
    ("empty-student-number", "A row without a 学号."),
    ("unsafe-student-number", "A 学号 that cannot name a folder."),
    ("unknown-status", "An 申请状态 that is not one of the known ones."),
    ("number-cell", "An identifier stored as a number: digits may be lost already."),
    ("formula-cell", "A cell holds a formula."),
    ("error-cell", "A cell holds a spreadsheet error such as #N/A."),
    ("merged-cell", "Cells are merged."),
    ("several-sheets", "More than one sheet has a 学号 header."),
    ("ragged-row", "A row has more or fewer cells than the header."),
    ("wrong-separator", "Columns are not separated by commas."),
    ("broken-csv", "The CSV cannot be parsed, for example for want of a closing quote."),
    ("control-character", "A character that cannot be stored."),
    ("undecodable", "Bytes that are not in the file's encoding; row and byte are named."),
    ("too-many-rows", "More than 200,000 rows."),
    ("too-big", "A file of the folder is larger than what is read (64 KiB, tables 50 MiB)."),
    ("not-regular", "A link, pipe, device or folder where a file is due."),
    ("unreadable", "A file of the folder may not be read."),
    ("broken-workbook", "The .xlsx cannot be opened."),
    ("zip-bomb", "The .xlsx unpacks to more than is read."),
    ("document-type", "XML of the .xlsx declares a document type or entities."),
    ("external-link", "The .xlsx refers to another file."),
    ("batch-sealed", "The batch is signed off; its results do not change any more."),
    ("other-batch", "The id is stored already, with another kind or institution."),
    ("truth-line", "A line of `truth.jsonl` is not as agreed (labelled folders only)."),
)
MACHINE_CODES: tuple[Code, ...] = (
    ("timeout", "A file took longer than its limit; it was tried twice. Finding `machine-failed`."),
    ("memory", "A file wanted more memory than its limit; likewise."),
    ("crashed", "The process that opened a file died; likewise."),
    ("second-reader", "Tesseract failed or took too long; likewise."),
    ("no-answer", "The reading workers gave no answer for a file. Finding `machine-failed`."),
    ("error-*", "An error nobody foresaw, by its type alone. Finding `machine-failed`."),
    ("reader-does-not-start", "No reading worker starts: see `hedui doctor`."),
    ("reading-pool-failed", "The workers could not be started as a whole: see `hedui doctor`."),
    ("orchestration-failed", "Prefect failed; what is done is kept, run again."),
    ("lease-lost", "Another process took the batch over after this one stood still."),
    ("server-does-not-start", "Prefect's server does not start (`serve`); the log is named."),
    ("report-failed", "The outcome folder cannot be written."),
    ("input-changed", "An upload changed or vanished after intake; run again."),
    ("changed-while-stored", "A file changed while it was copied; run again when copying is done."),
    ("uploads-unreadable", "The folder uploads/ cannot be listed."),
    ("disk-full", "The disk is full; make room and run again."),
    ("original-missing", "A stored original is gone; restore it from the backup."),
    ("original-damaged", "A stored original no longer has its digest; restore it."),
    ("database-locked", "Another program holds the database for too long."),
    ("database-not-writable", "The database cannot be written; check HEDUI_HOME."),
    ("database-damaged", "The database is damaged; restore it from the backup."),
    ("database-failed", "The database failed in another way."),
)

VERDICT_CODES: tuple[Code, ...] = (
    ("verdict-refused", "`decide`: a row of the workbook cannot be taken; it says why."),
    ("stale", "Somebody wrote about the item since it was looked at."),
    ("held", "Somebody else holds the item."),
    ("not-allowed", "It is not this account's turn, or it has decided already."),
    ("gone", "The application has a newer version."),
    ("sealed", "The batch is signed off."),
    ("key-used", "The same submit stands for another decision already."),
    ("too-late", "Another person has decided since."),
    ("nothing-to-undo", "There is no verdict to take back."),
    ("evidence-not-seen", "The pictures that a pass rests on were not on screen long enough."),
    ("values-missing", "Values that a pass needs were never read; enter them first."),
    ("declaration-differs", "A plain pass of what differs."),
    ("nothing-to-correct", "A corrected pass of what does not differ."),
    ("reason-missing", "A refusal without a reason."),
    ("reason-unknown", "A reason with a number that does not exist."),
    ("note-missing", "The reason is 9 其他, and nothing says which."),
    ("typing-missing", "The values were not typed from the picture yet."),
    ("verdict-missing", "No verdict was given."),
    ("review-failed", "`bench --review`: not every decision was committed."),
)

_HEAD = """\
# Rules and codes

<!-- Generated by `python -m benchmarks.rules_page` (`make docs`). Do not edit by hand. -->

A rule observes; it never decides. What a finding means follows from its severity alone:

- `block` and `review` keep an application from acceptance. Where no file can be used and the
  applicant can mend that, the application is returned; everything else goes to a person.
- `warn`, `advice` and `note` inform the person who looks; they stop nothing.

Ids are permanent. *Rests on* names where the rule is written, *sure* how sure that is: `contract`
for what was agreed, else the confidence of the fact; rules on `medium` or `low` facts may never
object. The pages meant are [contract.md](contract.md), [certificates.md](certificates.md) (rules
V1 to V34), [degree.md](degree.md), [hostile.md](hostile.md) (its numbers),
[architecture.md](architecture.md) and [policy.md](policy.md). *Scope* `paper` rules judge each
paper by itself, `submission` rules the application as a whole.

The examples are what the rule says at a fictitious application of the tests. What the applicant is
told (审核意见) names what was declared and what to do; it shows what the paper prints only where
the paper is the applicant's own, and never anything of another person. `hedui policy explain RULE`
prints one rule with the policy behind it.
"""


def render() -> str:
    """Return the whole page as Markdown."""
    subjects = collect_by_subject()
    parts = [
        _HEAD,
        f"## The {len(collect())} rules, in the order in which they are reported\n",
        *(_subject(title, rules) for title, rules in subjects),
        "## Findings that are no rules\n",
        _table(("Code", "What it means"), _code_rows(OTHER_FINDINGS)),
        "## Faults for which a whole folder is refused (exit 3)\n",
        _table(("Code", "What it means"), _code_rows(FOLDER_FAULTS)),
        "## Codes of the machine's own failures\n",
        "Those of a single file end as the finding `machine-failed`; the others end the command"
        " with exit 4.\n",
        _table(("Code", "What it means"), _code_rows(MACHINE_CODES)),
        "## Why a person's verdict is not taken\n",
        _table(("Code", "What it means"), _code_rows(VERDICT_CODES)),
    ]  # fmt: skip
    return "\n".join(parts)


_RULE_COLUMNS = ("Rule", "Severity", "Scope", "What it checks", "Rests on", "Sure",
                 "Example: staff read", "Example: the applicant is told")  # fmt: skip


def _subject(title: str, rules: Sequence[Rule]) -> str:
    return f"### {title.removesuffix('.')}\n\n" + _table(_RULE_COLUMNS, map(_rule_row, rules))


def _rule_row(rule: Rule) -> tuple[str, ...]:
    severity = f"{rule.severity.value}, returns" if rule.returns else rule.severity.value
    example = rule_examples()[rule.id]
    return (
        f"`{rule.id}`",
        severity,
        rule.scope.value,
        rule.checks,
        rule.source,
        rule.confidence.value,
        example.staff,
        example.applicant or "(nothing)",
    )


def _code_rows(codes: Iterable[Code]) -> Iterable[tuple[str, ...]]:
    return ((f"`{code}`", meaning) for code, meaning in codes)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    cells = (" | ".join(cell.replace("|", "\\|") for cell in line) for line in lines)
    return "".join(f"| {line} |\n" for line in cells)


def main() -> None:
    """Write the page."""
    PAGE.write_text(render(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")


if __name__ == "__main__":
    main()
