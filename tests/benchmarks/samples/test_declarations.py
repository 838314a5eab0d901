"""Each scenario declares what its name says, and the truth names the right outcome."""

import random
from collections.abc import Sequence

import pytest

from benchmarks.samples.application import (
    SampleApplication,
    Studio,
    honest_expectation,
    is_accepted_certificate,
)
from benchmarks.samples.changes import split_date
from benchmarks.samples.conditions import CONDITIONS
from benchmarks.samples.declarations import SCENARIOS, make_honest
from benchmarks.samples.paper import PaperKind
from benchmarks.samples.papers import PAPERS
from benchmarks.samples.people import draw_person


def _studio(seed: int, kinds: Sequence[PaperKind] = PAPERS) -> Studio:
    # Messenger pictures are the quickest to make; what is declared does not depend on them.
    return Studio(kinds=kinds, conditions=("messenger", "clean"), rng=random.Random(seed))


def _make(name: str, seed: int = 1) -> list[SampleApplication]:
    scenario = next(scenario for scenario in SCENARIOS if scenario.name == name)
    return scenario.make(_studio(seed))


def _only(name: str, seed: int = 1) -> SampleApplication:
    (application,) = _make(name, seed)
    return application


def _closed(printed_name: str) -> str:
    """Take out the space that is often printed between the two characters of a short name."""
    return "".join(printed_name.split())


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_every_scenario_makes_as_many_labelled_applications_as_it_says(scenario) -> None:  # type: ignore[no-untyped-def]
    made = scenario.make(_studio(2))
    assert len(made) == scenario.size
    for application in made:
        assert application.kind == scenario.name
        assert application.files
        assert set(application.expected) <= {"accept", "review", "return", "withdrawn"}


def test_an_honest_application_declares_what_is_printed() -> None:
    studio = _studio(3)
    for _ in range(6):
        application = make_honest(studio, is_accepted_certificate)
        printed, cells = application.fields, application.cells
        assert application.expected == ("accept",)
        assert cells["姓名"] == _closed(printed["name"])
        if "certificate_number" in printed:
            assert cells["成绩单编号"] == printed["certificate_number"].replace(" ", "")
        if "score" in printed:
            assert cells["考试成绩"] == printed["score"]


def test_a_russian_certificate_is_never_expected_to_be_accepted_by_machine() -> None:
    kind = next(kind for kind in PAPERS if kind.certificate_type == "trm4")
    paper = kind.draw(draw_person(random.Random(1)), random.Random(1))
    assert honest_expectation(paper) == ("review",)


def test_a_score_one_digit_off_has_the_same_length() -> None:
    application = _only("one-digit-off-score")
    declared, printed = application.cells["考试成绩"], application.fields["score"]
    assert len(declared) == len(printed)
    assert sum(a != b for a, b in zip(declared, printed, strict=True)) == 1
    assert application.expected == ("review",)


def test_a_date_one_digit_off_is_another_year_than_any_printed_one() -> None:
    application = _only("one-digit-off-date")
    declared = split_date(application.cells["证书获取日期"])
    assert str(declared[0]) not in application.fields["date"]


def test_an_inflated_score_passes_where_the_printed_one_fails() -> None:
    application = _only("inflated-score")
    assert int(application.fields["score"]) < 425 <= int(application.cells["考试成绩"])


def test_the_paper_of_another_person_shows_neither_name_nor_id_number_of_the_applicant() -> None:
    application = _only("another-persons-paper")
    assert _closed(application.fields["name"]) != application.cells["姓名"]
    assert application.fields.get("id_number", "") != application.cells["身份证号"]


def test_swapped_values_do_stand_on_the_paper() -> None:
    for seed in range(3):
        application = _only("swapped-fields", seed)
        printed = {value.replace(" ", "") for value in application.fields.values()}
        number, score = application.cells["成绩单编号"], application.cells["考试成绩"]
        assert {number, score} <= printed
        right = (application.fields["certificate_number"], application.fields["score"])
        assert (number, score) != tuple(value.replace(" ", "") for value in right)


def test_two_applicants_with_the_same_file_name_each_other_as_twins() -> None:
    owner, other = _make("same-file-two-applicants")
    assert owner.files == other.files
    assert (owner.twin_of, other.twin_of) == (other.student_number, owner.student_number)
    assert owner.expected == other.expected == ("review",)
    assert owner.cells["姓名"] != other.cells["姓名"]
    assert owner.cells["成绩单编号"] == other.cells["成绩单编号"]


def test_two_papers_with_one_number_each_agree_with_their_own_declaration() -> None:
    for side in _make("same-number-two-applicants"):
        assert side.cells["姓名"] == _closed(side.fields["name"])
        number = side.fields["certificate_number"].replace(" ", "")
        assert side.cells["成绩单编号"] == number
        assert side.expected == ("review",)
    first, second = _make("same-number-two-applicants")
    assert first.cells["成绩单编号"] == second.cells["成绩单编号"]
    assert first.files != second.files


def test_an_id_number_mismatch_is_a_valid_number_on_both_sides() -> None:
    application = _only("id-number-mismatch")
    printed = application.fields["id_number"].replace(" ", "")
    assert printed != application.cells["身份证号"]
    assert printed[:14] == application.cells["身份证号"][:14]


def test_a_name_one_character_off_differs_in_one_character() -> None:
    application = _only("name-one-character-off")
    pairs = zip(_closed(application.fields["name"]), application.cells["姓名"], strict=True)
    assert sum(a != b for a, b in pairs) == 1


def test_a_late_application_is_after_the_deadline_of_march() -> None:
    assert _only("late").cells["申请时间"] >= "2024-04-01"


def test_the_unreadable_leave_nothing_to_read() -> None:
    application = _only("unreadable")
    assert application.fields == {}
    assert application.certificate_type == "unknown"


def test_the_same_file_twice_is_fine_and_a_broken_one_beside_it_is_not() -> None:
    twice, broken = _only("several-files-same-bytes"), _only("several-files-one-broken")
    assert len({file.data for file in twice.files}) == 1 < len(twice.files)
    assert len({file.name for file in twice.files}) == 2
    assert (twice.expected, broken.expected) == (("accept",), ("review",))


def test_a_scenario_that_no_allowed_layout_can_show_says_so() -> None:
    russian = [kind for kind in PAPERS if kind.certificate_type == "trm4"]
    scenario = next(scenario for scenario in SCENARIOS if scenario.name == "swapped-fields")
    with pytest.raises(LookupError):
        scenario.make(_studio(1, russian))


def test_layouts_and_conditions_are_used_in_turn() -> None:
    studio = Studio(kinds=PAPERS, conditions=CONDITIONS, rng=random.Random(5))
    types = [studio.draw(is_accepted_certificate).kind.certificate_type for _ in range(10)]
    assert len(set(types)) == 10
