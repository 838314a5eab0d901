import csv
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from argon2 import PasswordHasher

from domain.certificates import FieldName
from domain.review import Verdict
from review.acting import Wish, entry_for
from review.looking import Looking
from store import open_store
from tests.conftest import Hedui
from tests.review.builders import BATCH, PASSWORD, Paper, make_store, review_policy

CLEAR, SLIP, TWO, UNREAD = (f"20220000{n:02d}" for n in (1, 2, 3, 4))
Rows = dict[str, dict[str, str | int]]


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords of tests cheaply."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("store.accounts._HASHER", cheap)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Give a home with items that can be decided in a workbook, and one that takes two people."""
    papers = (
        Paper(number=CLEAR, unclear=(FieldName.SCORE,)),
        Paper(number=SLIP, declared={"考试成绩": "428"}),
        Paper(number=TWO, declared={"姓名": "王晓冬"}),
        Paper(number=UNREAD, is_recognized=False),
        Paper(number="2022000005"),
    )
    make_store(tmp_path / "home", papers, review_policy(two_person_corrections=False)).close()
    return tmp_path / "home"


@pytest.fixture
def fill(home: Path, hedui: Hedui) -> Callable[[Rows], Path]:
    """Give what fills cells of a fresh review.xlsx, by 学号 and column."""

    def filling(cells: Rows) -> Path:
        code, _, errors = hedui("report", BATCH)
        assert code == 0, errors
        path = home / "out" / BATCH / "review.xlsx"
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        headers = [cell.value for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            for column, text in cells.get(str(row[0].value), {}).items():
                row[headers.index(column)].value = text
        filled = home / "filled.xlsx"
        book.save(filled)
        return filled

    return filling


def listed(home: Path) -> list[str]:
    book = openpyxl.load_workbook(home / "out" / BATCH / "review.xlsx", read_only=True)
    numbers = [str(row[0]) for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    book.close()
    return numbers


def results(home: Path) -> dict[str, dict[str, str]]:
    text = (home / "out" / BATCH / "results.csv").read_text(encoding="utf-8-sig")
    return {row["学号"]: row for row in csv.DictReader(io.StringIO(text))}


def test_verdicts_from_a_workbook_reach_the_results(
    home: Path, hedui: Hedui, fill: Callable[[Rows], Path]
) -> None:
    file = fill(
        {
            CLEAR: {"结论": "通过"},
            SLIP: {"结论": "通过并更正", "备注": "成绩应为 482"},
            UNREAD: {"结论": "不通过", "原因": "图片不清或缺页；非四类证书"},
        }
    )
    assert TWO not in listed(home)
    code, said, errors = hedui("decide", BATCH, file, "--by", "li")
    assert (code, errors) == (0, "")
    assert "decided 3, waiting for a second person 0" in said
    rows = results(home)
    assert (rows[CLEAR]["审核状态"], rows[CLEAR]["合格状态"]) == ("审核通过", "合格")
    assert rows[CLEAR]["decided_by"] == "machine;li"
    assert rows[SLIP]["accepted_score"] == "482"
    assert (rows[SLIP]["decision"], rows[SLIP]["审核意见"]) == ("review", "")
    assert rows[UNREAD]["审核状态"] == "审核不通过"
    assert rows[UNREAD]["审核意见"].startswith("上传的图片不清楚或不完整")
    assert rows[TWO]["审核状态"] == "待审核"
    assert listed(home) == []
    again = hedui("decide", BATCH, file, "--by", "li")
    assert (again[0], "taken before 3" in again[1]) == (0, True)
    with open_store(home) as store:
        assert sum(map(len, store.decisions.of_batch(BATCH).values())) == 3


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"结论": "同意"}, "结论"),
        ({"结论": "通过"}, "结论"),
        ({"结论": "不通过"}, "原因"),
        ({"结论": "不通过", "原因": "9"}, "备注"),
        ({"结论": "不通过", "原因": "编号不符", "case_version": "7"}, "case_version"),
        ({"结论": "不通过", "原因": "编号不符", "学号": "1"}, "学号"),
        ({"结论": "不通过", "原因": "编号不符", "case_version": 7}, "case_version"),
        ({"结论": "不通过", "原因": "编号不符", "reason_codes": "date-differs"}, "reason_codes"),
        ({"结论": "不通过", "原因": "编号不符", "学号": TWO}, "学号"),
        ({"结论": "不通过", "原因": "编号不符", "学号": CLEAR}, "学号"),
    ],
)
def test_one_wrong_row_takes_nothing_and_every_fault_is_named(
    home: Path,
    hedui: Hedui,
    fill: Callable[[Rows], Path],
    cells: dict[str, str | int],
    column: str,
) -> None:
    file = fill({CLEAR: {"结论": "通过"}, SLIP: cells, UNREAD: {"结论": "也许"}})
    code, _, errors = hedui("decide", BATCH, file, "--by", "li")
    assert code == 2
    assert f"“{column}”列" in errors
    rows = [line.partition(" 行")[0].rpartition(" ")[2] for line in errors.splitlines()]
    assert (set(rows), rows[-1], rows.count("4")) == ({"3", "4"}, "4", 1)
    with open_store(home) as store:
        assert store.decisions.of_batch(BATCH) == {}


def test_everything_that_is_wrong_with_a_row_is_named_at_once(
    home: Path, hedui: Hedui, fill: Callable[[Rows], Path]
) -> None:
    other = {"结论": "也许", "case_version": 7, "reason_codes": "name-differs"}
    file = fill({SLIP: other, UNREAD: {"结论": "通过并更正"}})
    with open_store(home) as store:
        held = store.cases.find(BATCH, UNREAD)
        assert held is not None
        store.cases.hold(held.application_id, "wang")
    code, _, errors = hedui("decide", BATCH, file, "--by", "li")
    assert code == 2
    lines = errors.splitlines()
    assert [line.partition("”列")[0].rpartition("“")[2] for line in lines] == [
        # What else is asked about an older version needs no line of its own.
        *("结论", "case_version"),
        *("结论", "结论", "学号"),
    ]
    assert "未能识别" in lines[2]
    assert "没有不一致" in lines[3]
    assert "由 wang 在网页上处理" in lines[4]
    with open_store(home) as store:
        assert store.decisions.of_batch(BATCH) == {}


def test_a_file_that_is_no_workbook_is_refused(home: Path, hedui: Hedui) -> None:
    (home / "no.xlsx").write_text("no")
    assert hedui("decide", BATCH, home / "no.xlsx", "--by", "li")[0] == 2
    assert hedui("decide", BATCH, home / "missing.xlsx", "--by", "li")[0] == 2


@pytest.mark.parametrize("by", ["nobody", "shen"])
def test_only_accounts_that_decide_may(
    home: Path, hedui: Hedui, fill: Callable[[Rows], Path], by: str
) -> None:
    file = fill({CLEAR: {"结论": "通过"}})
    assert hedui("decide", BATCH, file, "--by", by)[0] == 2
    with open_store(home) as store:
        assert store.decisions.of_batch(BATCH) == {}


def decide_everything(hedui: Hedui, fill: Callable[[Rows], Path], home: Path) -> None:
    rows = {n: {"结论": "不通过", "原因": "编号不符"} for n in (CLEAR, SLIP, UNREAD)}
    assert hedui("decide", BATCH, fill(rows), "--by", "li")[0] == 0
    with open_store(home) as store:
        for name in ("li", "wang"):
            account, case = store.accounts.get(name), store.cases.find(BATCH, TWO)
            assert case is not None
            wish = Wish(verdict=Verdict.REFUSE, reasons=("3",), revision=case.revision)
            looked = Looking(store).look(case, name)
            store.decisions.record(entry_for(looked, account, wish))


def test_a_batch_is_sealed_once_everything_is_decided_and_is_final_then(
    home: Path, hedui: Hedui, fill: Callable[[Rows], Path]
) -> None:
    code, _, errors = hedui("seal", BATCH, "--by", "chen")
    assert code == 2
    assert f"{TWO} waits (open)" in errors
    decide_everything(hedui, fill, home)
    assert hedui("seal", BATCH, "--by", "wang")[0] == 2
    code, said, _ = hedui("seal", BATCH, "--by", "chen")
    assert code == 0
    assert "审核不通过 4, 审核通过 1" in said
    assert results(home)["2022000005"]["审核状态"] == "审核通过"
    assert hedui("seal", BATCH, "--by", "chen")[0] == 2
    for people in (("chen", "chen"), ("li", "wang"), ("chen", "shen")):
        refused = hedui("reverse", BATCH, CLEAR, "--by", people[0], "--second", people[1])
        assert refused[0] == 2, people
    assert results(home)[CLEAR]["审核状态"] == "审核不通过"
    code, said, _ = hedui("reverse", BATCH, CLEAR, "--by", "chen", "--second", "wang",
                          "--note", "复核后更正")  # fmt: skip
    assert (code, said.strip()) == (0, f"{CLEAR}: 通过")
    row = results(home)[CLEAR]
    assert (row["审核状态"], row["合格状态"]) == ("审核通过", "合格")
    assert row["decided_by"] == "machine;li;chen;wang"
    # What the machine alone had accepted can be reversed too.
    hedui("reverse", BATCH, "2022000005", "--by", "chen", "--second", "wang", "--to", "refuse",
          "--reason", "3")  # fmt: skip
    row = results(home)["2022000005"]
    assert (row["审核状态"], row["accepted_number"]) == ("审核不通过", "")
    assert row["审核意见"] == "证书上的姓名或证件号码与申请人不一致。"
    assert hedui("audit", "verify")[0] == 0


def test_accounts_are_kept_by_command_and_every_change_is_recorded(
    hedui: Hedui, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert home.exists()
    (tmp_path / "pw").write_text(f"{PASSWORD}\n")
    assert hedui("user", "add", "sun", "--role", "reviewer", "--password-file", tmp_path / "pw")[
        0
    ] == 0  # fmt: skip
    assert hedui("user", "add", "sun", "--role", "lead", "--password-file", tmp_path / "pw")[0] == 2
    assert hedui("user", "role", "sun", "--role", "lead")[0] == 0
    assert hedui("user", "password", "sun", "--password-file", tmp_path / "pw")[0] == 0
    assert hedui("user", "disable", "sun")[0] == 0
    assert "disabled" in hedui("user", "list")[1]
    assert hedui("seal", BATCH, "--by", "sun")[0] == 2
    assert hedui("user", "enable", "sun")[0] == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert "--password-file" in hedui("user", "add", "mei", "--role", "second")[2]
    out = tmp_path / "log.jsonl"
    assert hedui("audit", "export", "--out", out)[0] == 0
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    kinds = [line.get("kind") for line in lines if "sun" in line.get("payload", "")]
    assert kinds == [
        "user-added", "user-role-changed", "user-password-changed", "user-disabled", "user-enabled"
    ]  # fmt: skip
    assert lines[-1] == {"head": lines[-2]["hash"]}
    assert PASSWORD not in out.read_text()
    head = lines[-1]["head"]
    assert hedui("audit", "verify", "--head", head)[0] == 0


def test_the_pages_refuse_to_be_served_in_the_clear(hedui: Hedui) -> None:
    code, _, errors = hedui("review", "--host", "0.0.0.0")
    assert code == 2
    assert "--tls-cert" in errors
