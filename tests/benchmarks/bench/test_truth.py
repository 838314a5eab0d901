import json
from pathlib import Path

import pytest

from benchmarks.bench.truth import read_truth
from domain.faults import BatchRefused

MINIMAL = {
    "学号": "1001",
    "certificate_type": "cet4",
    "condition": "phone",
    "kind": "honest",
    "expected": ["accept"],
}


def write(folder: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    (folder / "truth.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_what_another_generator_writes_is_enough(tmp_path: Path) -> None:
    other = {
        **MINIMAL,
        "学号": 1002,
        "certificate_type": "ielts",
        "expected": ["review", "return"],
        "kind": "score forged by hand",
        "fields": {"score": 482, "motto": "x", "name": None},
        "twin_of": "1001",
        "seed": [1, 2],
    }
    truths = read_truth(
        write(tmp_path, "\ufeff" + json.dumps(MINIMAL), "", other), {"1001", "1002"}
    )
    assert (truths["1001"].family, truths["1001"].may_be_accepted) == ("cet", True)
    assert (truths["1001"].fields, truths["1001"].held_back) == ({}, False)
    second = truths["1002"]
    assert (second.family, second.may_be_accepted, second.is_forged) == ("other", False, True)
    assert (second.fields, second.twin_of) == ({"score": "482", "motto": "x"}, "1001")


@pytest.mark.parametrize("kind", ["edited-image", "FORGED", "tampered", "伪造分数", "fake-seal"])
def test_edited_pictures_are_known_by_their_kind(tmp_path: Path, kind: str) -> None:
    folder = write(tmp_path, {**MINIMAL, "kind": kind})
    assert read_truth(folder, {"1001"})["1001"].is_forged


def test_every_fault_is_named_by_its_line(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "no json",
        MINIMAL,
        MINIMAL,
        {**MINIMAL, "学号": "9"},
        {**MINIMAL, "expected": ["maybe"]},
        {**MINIMAL, "expected": "accept"},
        {key: value for key, value in MINIMAL.items() if key != "condition"},
        {**MINIMAL, "fields": {"score": ["1"]}},
        {**MINIMAL, "held_back": "no"},
        ["1001"],
    )
    with pytest.raises(BatchRefused) as refused:
        read_truth(folder, {"1001"})
    found = [(fault.row, fault.code, fault.column) for fault in refused.value.faults]
    assert found == [
        (1, "truth-line", ""),
        (3, "truth-twice", "学号"),
        (4, "truth-unknown", "学号"),
        (5, "truth-line", "expected"),
        (6, "truth-line", "expected"),
        (7, "truth-line", "condition"),
        (8, "truth-line", "fields"),
        (9, "truth-line", "held_back"),
        (10, "truth-line", ""),
    ]
    assert refused.value.faults[0].render("en").startswith(f"{tmp_path.name}/truth.jsonl, row 1: ")


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "truth-missing"), (b"\xff\xfe", "truth-unreadable"), (b" \n", "truth-empty")],
)
def test_a_truth_that_is_none_is_refused(tmp_path: Path, content: bytes | None, code: str) -> None:
    if content is not None:
        (tmp_path / "truth.jsonl").write_bytes(content)
    with pytest.raises(BatchRefused) as refused:
        read_truth(tmp_path, {"1001"})
    assert [fault.code for fault in refused.value.faults] == [code]
