"""The effective policy stands in every report, in words, with its digest."""

import re
from collections.abc import Callable
from pathlib import Path

from domain.outcome import BatchOutcome
from domain.policy import parse_policy
from reports.policy_wording import EXAMPLE_LINES, KEYS, SETTLED_LINES, lines_standing, policy_rows
from reports.sections import build_sections
from reports.summary import summarize

DEFAULT = Path("institutions/default.toml").read_text(encoding="utf-8")


def test_every_value_of_the_policy_is_named_in_chinese() -> None:
    rows = dict(policy_rows(parse_policy(DEFAULT, None, "default")))
    assert [name for name in rows if "（" not in name] == []
    assert "" not in rows.values()
    assert rows["公示名单的列（publication.columns）"] == "学号、姓名、层次、专业"
    assert rows["证书有效期方式（validity.window）"] == "不检查"
    assert rows["合格线：大学英语四、六级（pass_lines.cet）"] == "425"
    assert rows["疑似改动：字形不同（tampering.typeface）"] == "不提示"
    assert rows["是否由第二引擎复读（reading.second_reader）"] == "是"
    assert rows["学校认定的证书（acceptance.recognised）"].startswith(
        "大学英语四级、大学英语六级、"
    )


def test_no_name_is_of_a_key_that_is_gone() -> None:
    rows = [name for name, _ in policy_rows(parse_policy(DEFAULT, None, "default"))]
    shown = {match[1] for name in rows if (match := re.search(r"（([a-z_.]+)）$", name))}
    assert shown == set(KEYS)


def test_the_report_says_that_pass_lines_are_examples_until_the_school_settles_them(
    make_outcome: Callable[..., BatchOutcome],
) -> None:
    outcome = make_outcome()
    overview, *_, versions = build_sections(outcome, summarize(outcome))
    told = {row[0]: row[1] for row in overview.rows}
    assert told["合格线"] == EXAMPLE_LINES
    assert told["政策摘要"] == outcome.policy.digest
    values = {row[1]: row[2] for row in versions.rows if row[0] == "政策"}
    assert values["合格线是否由学校确认（pass_lines.set_by_school）"] == "否"
    settled = parse_policy(DEFAULT, "[pass_lines]\nset_by_school = true\n", "west")
    assert lines_standing(settled) == SETTLED_LINES
