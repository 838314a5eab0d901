"""A sample folder has the contract's form, is complete, and is the same for the same seed."""

import csv
import io
import json
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.samples.folder import (
    SAMPLE_KINDS,
    plan_batch,
    write_degree_batch,
    write_language_batch,
    write_samples,
)
from benchmarks.samples.writing import FolderNotEmpty

_HEADERS = [
    "学号",
    "姓名",
    "身份证号",
    "手机号",
    "层次",
    "专业",
    "年级",
    "学籍状态",
    "学习中心",
    "科目",
    "申请证书类型",
    "语种",
    "证书获取日期",
    "成绩单编号",
    "考试成绩",
    "成绩状态",
    "申请状态",
    "申请时间",
    "申请条件是否达标",
    "证书类别",
]
_QUICK = ("honest", "zero-bytes", "no-upload", "withdrawn", "one-digit-off-number")


def _rows(path: Path) -> list[dict[str, str]]:
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def _truth(directory: Path) -> list[dict[str, object]]:
    text = (directory / "truth.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.rstrip("\n").split("\n")]


def _contents(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def language(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("samples") / "language"
    write_language_batch(directory, n=8, seed=4, kinds=_QUICK, batch_id="try-1")
    return directory


@pytest.fixture(scope="module")
def degree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("samples") / "degree"
    write_degree_batch(directory, n=14, seed=4)
    return directory


def test_the_folder_has_the_form_of_the_contract(language: Path) -> None:
    batch = tomllib.loads((language / "batch.toml").read_text("utf-8"))["batch"]
    assert (batch["id"], batch["kind"], batch["institution"]) == ("try-1", "language", "default")
    assert batch["opens"] < batch["deadline"]
    rows = _rows(language / "applications.csv")
    assert list(rows[0]) == _HEADERS
    numbers = [row["学号"] for row in rows]
    assert len(numbers) == len(set(numbers)) == 8
    truth = _truth(language)
    assert sorted(str(line["学号"]) for line in truth) == sorted(numbers)
    required = {"学号", "certificate_type", "layout", "condition", "kind", "expected", "fields"}
    assert all(required <= set(line) for line in truth)


def test_uploads_belong_to_applicants_and_are_missing_only_where_meant(language: Path) -> None:
    truth = {str(line["学号"]): line for line in _truth(language)}
    folders = {folder.name for folder in (language / "uploads").iterdir()}
    without = {number for number, line in truth.items() if line["kind"] == "no-upload"}
    assert folders == set(truth) - without


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    language: Path, tmp_path: Path
) -> None:
    write_language_batch(tmp_path / "again", n=8, seed=4, kinds=_QUICK, batch_id="try-1")
    assert _contents(tmp_path / "again") == _contents(language)
    write_language_batch(tmp_path / "other", n=2, seed=5, kinds=_QUICK, batch_id="try-1")
    assert _contents(tmp_path / "other").keys() != _contents(language).keys()


def test_a_directory_that_holds_something_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "sample-language").mkdir()
    (tmp_path / "sample-language" / "mine.txt").write_text("mine")
    with pytest.raises(FolderNotEmpty, match="is not empty"):
        write_samples(tmp_path, n=1, seed=1)
    assert list(_contents(tmp_path)) == ["sample-language/mine.txt"]


def test_unknown_kinds_and_empty_batches_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown kind: honset"):
        write_language_batch(tmp_path / "a", n=1, seed=1, kinds=("honset",))
    with pytest.raises(ValueError, match="at least one"):
        write_language_batch(tmp_path / "b", n=0, seed=1)


@pytest.mark.parametrize("n", [60, 72, 200])
def test_a_large_batch_has_every_kind_and_exactly_n_applications(n: int) -> None:
    jobs = plan_batch(n, 3, set(SAMPLE_KINDS))
    assert sum(size for _, size in jobs) == n
    assert {kind for kind, _ in jobs} == set(SAMPLE_KINDS)


@pytest.mark.parametrize("n", [1, 2, 10, 30, 59])
def test_a_small_batch_is_mostly_honest(n: int) -> None:
    jobs = plan_batch(n, 3, set(SAMPLE_KINDS))
    counts = Counter(kind for kind, _ in jobs)
    assert sum(size for _, size in jobs) == n
    assert counts["honest"] >= n * 0.5


def test_held_back_layouts_are_left_out_or_the_only_ones(tmp_path: Path) -> None:
    for choice, held_back in (("exclude", False), ("only", True)):
        directory = tmp_path / choice
        write_language_batch(
            directory,
            n=3,
            seed=2,
            kinds=("honest",),
            conditions=("clean",),
            held_back=choice,  # type: ignore[arg-type]
        )
        assert {line["held_back"] for line in _truth(directory)} == {held_back}
        assert {line["condition"] for line in _truth(directory)} == {"clean"}


def test_progress_reaches_the_total_of_both_batches(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    write_samples(tmp_path, n=1, seed=1, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (13, 13)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def _mean(courses: list[dict[str, str]]) -> Decimal:
    counted = [row for row in courses if row["是否毕业课程"] == "否"]
    return sum((Decimal(row["成绩"]) for row in counted), Decimal(0)) / len(counted)


def test_degree_faults_are_in_the_data_as_the_truth_says(degree: Path) -> None:
    cells = {row["学号"]: row for row in _rows(degree / "applications.csv")}
    courses = _rows(degree / "courses.csv")
    by_kind = {str(line["kind"]): str(line["学号"]) for line in _truth(degree)}

    def of(kind: str) -> list[dict[str, str]]:
        return [row for row in courses if row["学号"] == by_kind[kind]]

    assert _mean(of("average-69.995")) == Decimal("69.995")
    assert _mean(of("average-below-70")) < 70
    core = [
        Decimal(row["成绩"]) for row in of("core-course-below-70") if row["是否学位主干课"] == "是"
    ]
    assert min(core) < 70
    assert any(not row["成绩"].isdecimal() for row in of("word-grades"))
    assert any(row["修读方式"] == "补考" for row in of("harmless-resit"))
    assert cells[by_kind["language-failed"]]["学位外语成绩"] == "不合格"
    birth = cells[by_kind["birth-date-mismatch"]]
    assert birth["证件号码"][6:14] != birth["出生日期"].replace("-", "")
    joint = cells[by_kind["joint-unit-without-flag"]]
    assert (joint["是否联合学位"], bool(joint["联合培养单位"])) == ("否", True)


def test_honest_degree_applications_carry_thesis_and_photo_under_the_right_names(
    degree: Path,
) -> None:
    cells = {row["学号"]: row for row in _rows(degree / "applications.csv")}
    for line in _truth(degree):
        if line["kind"] != "honest":
            continue
        number = str(line["学号"])
        stem = f"{number}+{cells[number]['姓名']}+{cells[number]['论文题目']}"
        files = {path.name: path for path in (degree / "uploads" / number).iterdir()}
        theses = [path for path in files.values() if path.stem == stem]
        assert len(theses) == 1
        start = {".pdf": b"%PDF", ".docx": b"PK\x03\x04"}[theses[0].suffix]
        assert theses[0].read_bytes().startswith(start)
        assert files["证件照.jpg"].read_bytes().startswith(b"\xff\xd8")
        assert _mean([r for r in _rows(degree / "courses.csv") if r["学号"] == number]) >= 70
