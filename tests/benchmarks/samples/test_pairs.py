"""Pairs differ in one thing, are counted evenly, and are the same for the same order."""

import csv
import io
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.samples.application import (
    CATEGORY_NAMES,
    LANGUAGE_HEADERS,
    SampleApplication,
)
from benchmarks.samples.changes import set_month, split_date
from benchmarks.samples.conditions import CONDITIONS, possible_conditions
from benchmarks.samples.look_alikes import CHARACTERS
from benchmarks.samples.pair_plan import PairJob, PairOrder, family_of, plan_pairs
from benchmarks.samples.pairs import Pair, make_pair, write_pairs
from benchmarks.samples.people import GIVEN_CHARACTERS, SURNAMES, draw_person
from benchmarks.samples.twins import DIFFERENCES, FORGERIES, Twin, other_scores, right_months
from benchmarks.samples.writing import FolderNotEmpty
from domain.assessment import Assessment, Decision
from domain.certificates import CertificateType, FieldName, PaperForm
from flows.cli import main
from tests.validators.builders import (
    POLICY,
    batch_of,
    outcome_of,
    paper_of,
    submission_of,
    upload_of,
    value_of,
)
from validators.assessing import assess
from validators.normalizing import name_key

_ONE_CELL = {
    "twin-number-look-alike": {"成绩单编号"},
    "twin-number-digit": {"成绩单编号"},
    "twin-number-transposed": {"成绩单编号"},
    "twin-score-digit": {"考试成绩"},
    "twin-grade": {"考试成绩", "成绩状态"},
    "twin-date-month": {"证书获取日期"},
    "twin-date-year": {"证书获取日期"},
    "twin-name-look-alike": {"姓名"},
    "twin-name-missing": {"姓名"},
    "twin-level": {"证书类别"},
    "twin-type": {"证书类别"},
    "twin-language": {"语种"},
    "twin-id-number": {"身份证号"},
}
_FAMILIES = ("cet", "tem", "etic", "zikao")


def _main(jobs: list[PairJob]) -> list[PairJob]:
    """Leave out the forged pairs and the Russian ones, which are counted apart."""
    return [
        job for job in jobs if family_of(job.kind) != "trm" and "forged" not in job.difference.name
    ]


@pytest.fixture(scope="module")
def planned() -> list[PairJob]:
    return plan_pairs(PairOrder(n=600, seed=3))


def test_every_family_and_condition_gets_the_same_number_of_pairs(planned: list[PairJob]) -> None:
    jobs = _main(planned)
    assert len(jobs) == 600
    cells = Counter((family_of(job.kind), job.condition) for job in jobs)
    assert max(cells.values()) - min(cells.values()) <= 1
    assert {family for family, _ in cells} == set(_FAMILIES)
    assert {condition for _, condition in cells} == set(CONDITIONS)


def test_kinds_types_and_layouts_of_a_family_take_turns(planned: list[PairJob]) -> None:
    jobs = _main(planned)
    assert {job.difference.name for job in jobs} == {d.name for d in DIFFERENCES}
    for family in _FAMILIES:
        mine = [job for job in jobs if family_of(job.kind) == family]
        kinds = Counter(job.difference.name for job in mine)
        assert max(kinds.values()) - min(kinds.values()) <= 1, kinds
        types = Counter(job.kind.certificate_type for job in mine)
        assert set(types) == {name for name in CATEGORY_NAMES if name.startswith(family)}
        assert max(types.values()) - min(types.values()) <= 0.1 * len(mine)
        held_back = {job.kind.layout: job.kind.held_back for job in mine}
        assert {True, False} == set(held_back.values())


def test_forged_and_russian_pairs_come_on_top(planned: list[PairJob]) -> None:
    forged = [job for job in planned if "forged" in job.difference.name]
    russian = [job for job in planned if family_of(job.kind) == "trm"]
    assert (len(forged), len(russian)) == (60, 12)
    assert {job.difference.name for job in forged} == {d.name for d in FORGERIES}
    assert {family_of(job.kind) for job in forged} == set(_FAMILIES)
    assert len(planned) == 672


def test_held_back_layouts_are_left_out_the_only_ones_or_a_share() -> None:
    def share(order: PairOrder) -> float:
        jobs = plan_pairs(order)
        return sum(job.kind.held_back for job in jobs) / len(jobs)

    assert share(PairOrder(n=80, seed=1, held_back="exclude")) == 0
    assert share(PairOrder(n=80, seed=1, held_back="only")) == 1
    half = PairOrder(n=400, seed=1, held_back_share=0.5)
    assert 0.42 < share(half) < 0.55
    assert share(PairOrder(n=80, seed=1, held_back_share=0.0)) == 0


def test_no_two_applications_of_a_plan_share_a_number(planned: list[PairJob]) -> None:
    numbers = [number for job in planned for number in job.student_numbers]
    assert len(numbers) == len(set(numbers)) == 2 * len(planned)


def test_orders_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        plan_pairs(PairOrder(n=0, seed=1))
    with pytest.raises(ValueError, match="between 0 and 1"):
        plan_pairs(PairOrder(n=9, seed=1, held_back_share=1.5))


def _job(planned: list[PairJob], kind: str, condition: str = "clean") -> PairJob:
    return next(
        job for job in planned if job.difference.name == kind and job.condition == condition
    )


def _differing(one: Mapping[str, str], other: Mapping[str, str]) -> set[str]:
    return {key for key in {*one, *other} if one.get(key) != other.get(key)}


@pytest.fixture(scope="module")
def pair_of(planned: list[PairJob]) -> Callable[[str], Pair]:
    """Give a pair of a kind, each drawn once."""
    return lru_cache(lambda kind: make_pair(_job(planned, kind), 3))


@pytest.mark.parametrize("kind", _ONE_CELL)
def test_a_declared_difference_is_one_cell_of_the_row(
    pair_of: Callable[[str], Pair], kind: str
) -> None:
    honest, flagged = pair_of(kind)
    changed = _differing(honest.cells, flagged.cells) - {"学号"}
    assert len(changed) == 1
    assert changed <= _ONE_CELL[kind]
    assert (honest.files, honest.fields) == (flagged.files, flagged.fields)
    assert (honest.kind, honest.expected) == ("honest", ("accept",))
    assert (flagged.kind, flagged.expected) == (kind, ("review",))
    assert flagged.twin_of == honest.student_number
    assert honest.condition == flagged.condition == "clean"


@pytest.mark.parametrize("kind", _ONE_CELL)
def test_rules_tell_a_pair_apart_by_what_differs_once_everything_is_read(
    pair_of: Callable[[str], Pair], kind: str
) -> None:
    honest, flagged = (_assess_as_printed(application) for application in pair_of(kind))
    assert (honest.decision, honest.reason_codes) == (Decision.ACCEPT, ())
    assert flagged.decision is Decision.REVIEW
    assert len(flagged.reason_codes) == 1
    assert flagged.reason_codes[0].endswith("-differs")


def _assess_as_printed(application: SampleApplication) -> Assessment:
    """Return the machine's answer as if both readers had read every printed value."""
    known = {field.value: field for field in FieldName}
    values = tuple(
        value_of(known[name], text, second=text)
        for name, text in application.fields.items()
        if name in known and name not in ("language", "level", "course")
    )
    course = f"{application.fields.get('course_code')} {application.fields.get('course')}"
    if "course" in application.fields:
        values += (value_of(FieldName.COURSE, course),)
    report = application.layout.startswith(("cet", "etic-report"))
    paper = paper_of(
        values,
        CertificateType(application.certificate_type),
        form=PaperForm.SCORE_REPORT if report else PaperForm.CERTIFICATE,
        never=frozenset(FieldName) - {value.field for value in values},
    )
    submission = submission_of(dict(application.cells), (upload_of(),))
    answers = {"a" * 64: outcome_of((paper,))}
    batch = batch_of()
    return assess(submission, answers, (), batch, POLICY, batch.deadline.date())


def test_a_result_below_the_line_is_printed_and_declared_so(planned: list[PairJob]) -> None:
    for family in _FAMILIES:
        job = next(
            job
            for job in planned
            if job.difference.name == "twin-below-pass-line" and family_of(job.kind) == family
        )
        honest, flagged = make_pair(job, 3)
        results = {"score", "grade", "status", "listening", "reading", "comprehensive"}
        results |= {"writing_translation", "component_a", "component_b"}
        assert _differing(honest.fields, flagged.fields) <= results
        changed = _differing(honest.cells, flagged.cells) - {"学号"}
        assert changed <= {"考试成绩", "成绩状态"}
        assert flagged.cells["成绩状态"] == "不合格"
        if "score" in flagged.fields:
            assert flagged.cells["考试成绩"] in (flagged.fields["score"], "不合格")
        assert honest.files != flagged.files


@pytest.mark.parametrize("kind", [difference.name for difference in FORGERIES])
def test_a_forged_value_is_in_the_picture_and_declared_so(
    planned: list[PairJob], kind: str
) -> None:
    job = next(job for job in planned if job.difference.name == kind)
    honest, flagged = make_pair(job, 3)
    changed = _differing(honest.fields, flagged.fields)
    assert changed in ({"score"}, {"certificate_number"}, {"admission_ticket"}, {"grade", "status"})
    (column,) = _differing(honest.cells, flagged.cells) - {"学号"}
    assert flagged.cells[column] == flagged.fields[min(changed)].replace(" ", "")
    assert [file.name for file in honest.files] == [file.name for file in flagged.files]
    assert honest.files != flagged.files


def test_a_wrong_date_is_none_that_the_paper_allows(planned: list[PairJob]) -> None:
    jobs = [job for job in planned if job.difference.name.startswith("twin-date")]
    for job in sorted(jobs, key=lambda job: job.condition)[:6]:
        honest, flagged = make_pair(job, 3)
        twin = Twin(kind=job.kind, printed=honest.fields, cells=honest.cells)
        year, month, *day = split_date(flagged.cells["证书获取日期"])
        assert (year, month) not in right_months(twin)
        assert day == list(split_date(honest.cells["证书获取日期"])[2:])


def test_a_month_is_set_in_the_form_of_the_date() -> None:
    forms = {
        "2021-12": "2020-06",
        "2021年12月": "2020年06月",
        "2021年1月": "2020年6月",
        "202112": "202006",
        "2021/1/18": "2020/6/18",
        "2021年12月18日": "2020年06月18日",
    }
    assert {text: set_month(text, 2020, 6) for text in forms} == forms


def test_other_scores_still_pass_and_have_one_other_digit() -> None:
    near, far = other_scores("428", "cet4")
    assert {*near, *far} >= {"426", "498", "528"}
    assert "420" not in {*near, *far}
    assert "426" in near
    for text in (*near, *far):
        assert sum(a != b for a, b in zip("428", text, strict=True)) == 1
        assert 425 <= int(text) <= 710


def test_look_alikes_of_a_name_are_other_names_when_compared() -> None:
    for character, others in CHARACTERS.items():
        assert character not in others
        assert all(name_key(character) != name_key(other) for other in others)
    common = {*SURNAMES, *GIVEN_CHARACTERS}
    assert len(common & CHARACTERS.keys()) > 0.95 * len(common)


def test_the_conditions_of_the_plan_are_possible(planned: list[PairJob]) -> None:
    source = random.Random(8)
    for layout in {job.kind for job in planned if job.kind.certificate_type in ("cet4", "tem8")}:
        paper = layout.draw(draw_person(source), random.Random(5))
        mine = {job.condition for job in planned if job.kind == layout}
        assert mine <= set(possible_conditions(paper)), layout.layout


def _contents(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def test_the_same_order_gives_the_same_folder_by_one_process_or_two(tmp_path: Path) -> None:
    order = PairOrder(n=4, seed=6, held_back="exclude")
    seen: list[tuple[int, int]] = []
    summary = write_pairs(
        tmp_path / "a", order, progress=lambda done, total: seen.append((done, total))
    )
    write_pairs(tmp_path / "b", order, workers=2)
    assert _contents(tmp_path / "a") == _contents(tmp_path / "b")
    assert seen == [(done, 4) for done in range(1, 5)]
    assert summary.applications == 8
    assert summary.by_kind["honest"] == 4
    with pytest.raises(FolderNotEmpty):
        write_pairs(tmp_path / "a", order)


def test_the_command_writes_a_labelled_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["hedui", "samples", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out, said.err

    options = ("--pairs", "2", "--seed", "4", "--held-back", "only")
    code, said, _ = call(str(tmp_path), *options)
    assert code == 0
    folder = tmp_path / "sample-pairs"
    assert f"{folder}: 4 applications" in said
    text = (folder / "applications.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert list(rows[0]) == list(LANGUAGE_HEADERS)
    lines = (folder / "truth.jsonl").read_text("utf-8").splitlines()
    truths: list[dict[str, Any]] = [json.loads(line) for line in lines]
    assert {row["学号"] for row in rows} == {truth["学号"] for truth in truths}
    assert all(truth["held_back"] for truth in truths)
    assert sum("twin_of" in truth for truth in truths) == 2
    code, _, errors = call(str(tmp_path), *options)
    assert (code, "is not empty" in errors) == (2, True)
    code, _, errors = call(str(tmp_path / "x"), *options, "--held-back-share", "0.5")
    assert (code, "--held-back-share" in errors) == (2, True)
