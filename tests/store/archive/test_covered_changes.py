"""Who changes a package and writes its manifests again is found by what contradicts it."""

import shutil
from pathlib import Path

import pytest

from tests.store.archive.packages import (
    FIRST,
    SECOND,
    Attack,
    change_cell,
    cover_up,
    lines_of,
    locked_pdf,
    replace,
)

ONE, TWO = "data/records/000001", "data/records/000002"
LOG = "data/batch/log.jsonl"


def cut_log(bag: Path, keep: int) -> None:
    path = bag / LOG
    *lines, _ = path.read_text("ascii").splitlines()
    head = lines[keep - 1].partition('"hash":"')[2][:64]
    path.write_text("\n".join([*lines[:keep], f'{{"head":"{head}"}}', ""]), "ascii")
    old = replace_head(bag, head)
    assert old != head


def replace_head(bag: Path, head: str) -> str:
    """Put another head wherever the package repeats it but in the report."""
    for line in (bag / "bag-info.txt").read_text("utf-8").splitlines():
        if line.startswith("Event-Log-Head: "):
            old = line.partition(": ")[2]
    replace(bag / "bag-info.txt", old, head)
    replace(bag / "data/batch/batch.json", old, head)
    return old


def reorder_log(bag: Path) -> None:
    path = bag / LOG
    lines = path.read_text("ascii").splitlines()
    lines[4], lines[5] = lines[5], lines[4]
    path.write_text("\n".join([*lines, ""]), "ascii")


def repeat_row(path: Path) -> None:
    head, first, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([head, first, first.replace("审核通过".encode(), b"x"), *rest]))


def swap(bag: Path) -> None:
    one, two = bag / ONE / "originals/1.jpg", bag / TWO / "originals/1.jpg"
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)


COVERED = (
    Attack(
        "a title",
        lambda b: replace(b / ONE / "metadata.xml", "王晓东", "王晓冬"),
        f"GD-1-11 {ONE}/metadata.xml 题名: expected 王晓东",
    ),
    Attack(
        "a term in the index",
        lambda b: change_cell(b / "data/index.csv", FIRST, "保管期限", "永久"),
        "GD-1-11 data/index.csv data/records/000001 保管期限: expected 未定（由学校确定）",
    ),
    Attack(
        "a number in the index",
        lambda b: change_cell(b / "data/index.csv", FIRST, "档号", "X-1"),
        "GD-1-7 data/index.csv data/records/000001 档号",
    ),
    Attack(
        "a row of the XML",
        lambda b: replace(b / "data/index.xml", SECOND, "1"),
        "GD-1-11 data/index.xml data/records/000002 题名",
    ),
    Attack(
        "a declared value",
        lambda b: replace(b / ONE / "comparison.json", '"482"', '"682"'),
        f"GD-1-14 {ONE}/comparison.json",
    ),
    Attack(
        "an extracted value",
        lambda b: replace(b / ONE / "comparison.json", '"extracted": "482"', '"extracted": "682"'),
        f"GD-1-14 {ONE}/comparison.json: expected the machine's answer",
    ),
    Attack(
        "a verdict",
        lambda b: replace(b / TWO / "review.json", '"verdict": "pass"', '"verdict": "refuse"'),
        f"GD-1-14 {TWO}/review.json decision",
    ),
    Attack(
        "who decided",
        lambda b: replace(b / TWO / "review.json", '"account": "li"', '"account": "wang"'),
        f"GD-1-14 {TWO}/review.json decision",
    ),
    Attack(
        "a status",
        lambda b: replace(b / ONE / "review.json", "审核通过", "审核不通过"),
        f"GD-1-11 {ONE}/review.json: expected 审核状态 审核通过, found 审核状态 审核不通过",
    ),
    Attack(
        "a result",
        lambda b: change_cell(
            b / "data/batch/reports/results.csv", FIRST, "审核状态", "审核不通过"
        ),
        f"GD-1-11 data/batch/reports/results.csv {FIRST} 审核状态",
    ),
    Attack(
        "a score that counts",
        lambda b: change_cell(b / "data/batch/reports/results.csv", FIRST, "accepted_score", "682"),
        f"GD-1-11 data/batch/reports/results.csv {FIRST} accepted_score: expected 482, found 682",
    ),
    Attack(
        "a second row for somebody",
        lambda b: repeat_row(b / "data/batch/reports/results.csv"),
        f"GD-1-8 data/batch/reports/results.csv {FIRST}: expected one row, found 2 rows",
    ),
    Attack(
        "a row for somebody without a record",
        lambda b: change_cell(b / "data/batch/reports/notice.csv", FIRST, "学号", "2099"),
        "GD-1-11 data/batch/reports/notice.csv 2099: expected a record of that 学号, found none",
    ),
    Attack(
        "what the platform imports",
        lambda b: change_cell(b / "data/batch/reports/notice.csv", FIRST, "合格状态", "不合格"),
        f"GD-1-11 data/batch/reports/notice.csv {FIRST} 合格状态: expected 合格, found 不合格",
    ),
    Attack(
        "who made the metadata",
        lambda b: replace(b / ONE / "metadata.xml", "<封装包创建单位>", "<封装包创建单位>X"),
        f"GD-1-11 {ONE}/metadata.xml /电子文件封装包/被签名对象/封装包创建单位: expected",
    ),
    Attack(
        "metadata that says more",
        lambda b: replace(b / ONE / "metadata.xml", "<版本>", "<备注>x</备注><版本>"),
        f"GD-1-11 {ONE}/metadata.xml /电子文件封装包: expected",
    ),
    Attack(
        "a log entry of a strange shape",
        lambda b: replace(b / LOG, '\\"version\\":1', '\\"version\\":[1]'),
        f"GD-1-14 {LOG} entry",
    ),
    Attack(
        "half a character in an entry",
        lambda b: replace(b / ONE / "review.json", '"prev_hash": "', '"prev_hash": "\\ud800'),
        f"GD-1-14 {ONE}/review.json entry",
    ),
    Attack(
        "a number that fills the memory",
        lambda b: replace(b / "data/batch/batch.json", "{item", "{item:0999999999}{item"),
        "GD-1-7 data/batch/batch.json: expected settings of 档号",
    ),
    Attack("a cut log", lambda b: cut_log(b, 8), f"GD-2-5 {LOG}"),
    Attack("a log cut behind the sealing", lambda b: cut_log(b, 20), "GD-4-7"),
    Attack("a reordered log", reorder_log, f"GD-1-14 {LOG} entry"),
    Attack(
        "an edited log entry",
        lambda b: replace(b / LOG, '"actor":"chen"', '"actor":"li"'),
        f"GD-1-14 {LOG} entry",
    ),
    Attack("swapped originals", swap, f"GD-1-14 {ONE}/originals/1.jpg: expected original"),
    Attack(
        "an encrypted form",
        lambda b: (b / ONE / "form.pdf").write_bytes(locked_pdf()) and None,
        f"GD-3-8 {ONE}/form.pdf: expected no encryption",
    ),
    Attack(
        "a second original",
        lambda b: (b / ONE / "originals/2.pdf").write_bytes(locked_pdf()) and None,
        f"GD-2-11 {ONE}/originals/2.pdf",
    ),
    Attack(
        "a removed record", lambda b: shutil.rmtree(b / TWO), "GD-2-6 data/records: expected 件号 2"
    ),
    Attack(
        "the policy",
        lambda b: replace(b / "data/batch/policy.json", '"cet": "425"', '"cet": "225"'),
        "GD-1-14 data/batch/policy.json: expected digest",
    ),
    Attack(
        "who sealed",
        lambda b: replace(b / "data/batch/batch.json", '"sealed_by": "chen"', '"sealed_by": "li"'),
        "GD-1-5 data/batch/batch.json: expected sealed by chen",
    ),
    Attack(
        "a received table",
        lambda b: replace(b / "data/batch/received/01/applications.csv", "王晓东", "王晓冬"),
        "GD-1-14 data/batch/received/01/applications.csv",
    ),
    Attack(
        "the report's head",
        lambda b: replace_head(b, "0" * 64) and None,
        "GD-2-5 data/batch/reports/report.html",
    ),
    Attack(
        "no original",
        lambda b: (b / ONE / "originals/1.jpg").unlink(),
        f"GD-2-11 {ONE}/originals/1.jpg: expected original",
    ),
    Attack(
        "another format",
        lambda b: (b / ONE / "originals/1.jpg").write_bytes(b"MZ") and None,
        f"GD-3-3 {ONE}/originals/1.jpg: expected JPEG",
    ),
)


@pytest.mark.parametrize("attack", COVERED, ids=lambda attack: attack.name)
def test_a_change_is_named_though_every_manifest_was_written_again(
    bag: Path, attack: Attack
) -> None:
    attack.change(bag)
    cover_up(bag)
    said = lines_of(bag)
    assert not any(line.startswith(("GD-1-1 ", "GD-2-7 ")) for line in said)
    assert any(attack.said in line for line in said), "\n".join(said)
