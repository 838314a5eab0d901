import pytest

from benchmarks.bench.accuracy import score
from benchmarks.bench.judging import Cause
from domain.assessment import Decision
from domain.certificates import FieldName
from domain.shares import upper_bound
from tests.benchmarks.bench.judged_items import judged, reading, truth

REVIEW = ("review",)


def test_honest_and_must_flag_items_are_counted_apart() -> None:
    accuracy = score(
        [
            judged(truth("1")),
            judged(truth("2"), Decision.REVIEW),
            judged(truth("3", expected=("accept", "review")), Decision.REVIEW),
            judged(truth("4", expected=REVIEW, condition="photo"), Decision.REVIEW),
            judged(truth("5", expected=REVIEW), cause=Cause.MISREAD),
            judged(truth("6", expected=REVIEW), Decision.RETURN),
        ]
    )
    total = accuracy.cells[0]
    assert (total.family, total.condition) == ("all", "all")
    assert (total.straight_through.hits, total.straight_through.n) == (1, 3)
    assert (total.false_accepts.hits, total.false_accepts.n) == (1, 3)
    assert (total.risks["misread"].hits, total.risks["misread"].n) == (1, 3)
    assert total.false_accepts.upper == pytest.approx(upper_bound(1, 3, 0.95))
    assert accuracy.also_review == 1
    assert accuracy.unexpected == 1
    assert accuracy.review_reasons == {"score-differs": 2}
    (wrong,) = accuracy.false_accepts
    assert (wrong.student_number, wrong.cause) == ("5", "misread")
    places = {(cell.family, cell.condition): cell for cell in accuracy.cells}
    assert places.keys() == {
        *(("all", "all"), ("cet", "all"), ("all", "clean"), ("all", "photo")),
        *(("cet", "clean"), ("cet", "photo")),
    }
    assert places["cet", "photo"].straight_through.n == 0


def test_forgeries_are_bounded_among_forgeries_alone() -> None:
    accuracy = score(
        [
            judged(truth("1", expected=REVIEW, kind="edited-image"), cause=Cause.FORGED),
            judged(truth("2", expected=REVIEW, kind="one-digit-off"), Decision.REVIEW),
            judged(truth("3", expected=REVIEW, kind="one-digit-off"), cause=Cause.RULES),
        ]
    )
    risks = {cause: (risk.hits, risk.n) for cause, risk in accuracy.risks.items()}
    assert risks == {"misread": (0, 2), "forged": (1, 1), "rules": (1, 2)}


def test_twins_are_found_from_either_side_within_their_folder() -> None:
    accuracy = score(
        [
            judged(truth("1")),
            judged(truth("2", expected=REVIEW, twin_of="1"), Decision.REVIEW),
            judged(truth("3", twin_of="4"), Decision.REVIEW),
            judged(truth("4", expected=REVIEW), Decision.REVIEW),
            judged(truth("5"), folder=1),
            judged(truth("6", expected=REVIEW, twin_of="5"), cause=Cause.RULES, folder=1),
            judged(truth("7", expected=REVIEW, twin_of="1"), Decision.REVIEW, folder=1),
            judged(truth("8", expected=REVIEW, twin_of="2"), Decision.REVIEW),
        ]
    )
    assert (accuracy.twins.hits, accuracy.twins.n) == (2, 3)
    assert (accuracy.told_apart.hits, accuracy.told_apart.n) == (1, 3)


def test_each_cell_shows_its_held_back_honest_items_and_its_twins() -> None:
    accuracy = score(
        [
            judged(truth("1", held_back=True)),
            judged(truth("2", held_back=True), Decision.REVIEW),
            judged(truth("3", expected=REVIEW, twin_of="1"), Decision.REVIEW),
            judged(truth("4", condition="photo"), Decision.REVIEW),
            judged(truth("5", condition="photo", expected=REVIEW, twin_of="4"), Decision.REVIEW),
        ]
    )
    places = {(cell.family, cell.condition): cell for cell in accuracy.cells}
    clean, photo = places["cet", "clean"], places["cet", "photo"]
    assert (clean.held_back.hits, clean.held_back.n) == (1, 2)
    assert (clean.twins.hits, clean.twins.n) == (1, 1)
    assert photo.held_back.n == 0
    assert (photo.twins.hits, photo.twins.n) == (0, 1)


def test_fields_count_what_is_missing_as_wrong() -> None:
    fields = (
        reading(edits=0, characters=3),
        reading(confidence=None, right=False, edits=3, characters=3),
        reading(FieldName.NAME, right=False, edits=1, characters=2),
    )
    accuracy = score([judged(truth(), fields=fields)])
    scores = {item.field: item for item in accuracy.fields}
    assert (scores["score"].exact.hits, scores["score"].exact.n, scores["score"].found) == (1, 2, 1)
    assert scores["score"].character_error_rate == 0.5
    assert accuracy.cells[0].character_error_rate == 0.5
    assert scores["name"].character_error_rate == 0.5


def test_a_file_that_twins_share_is_counted_once() -> None:
    fields, files = (reading(right=False, edits=1),), frozenset({"a"})
    accuracy = score(
        [
            judged(truth("1"), fields=fields, files=files),
            judged(truth("2", expected=REVIEW), Decision.REVIEW, fields=fields, files=files),
            judged(truth("3"), fields=fields, files=frozenset({"b"})),
        ]
    )
    (field,) = accuracy.fields
    assert (field.exact.hits, field.exact.n) == (0, 2)
    assert accuracy.cells[0].exact_fields.n == 2
    assert accuracy.cells[0].false_accepts.n == 1


def test_readings_of_one_confidence_share_a_bin() -> None:
    fields = (
        reading(confidence=1.0),
        reading(confidence=0.997, right=False),
        reading(confidence=0.3, right=False),
        reading(confidence=None, right=False),
    )
    bins = score([judged(truth(), fields=fields)]).reliability
    assert [(b.start, b.end, b.exact.hits, b.exact.n) for b in bins] == [
        (0.0, 0.5, 0, 1),
        (0.995, 1.0, 1, 2),
    ]


def test_a_higher_threshold_automates_less_with_fewer_errors() -> None:
    def paper(number: str, confidence: float | None, right: bool) -> object:
        fields = (
            reading(confidence=confidence, right=right),
            reading(FieldName.DATE, confidence=1.0),
            reading(FieldName.NAME, confidence=0.1, right=False),
        )
        return judged(truth(number), fields=fields)

    items = [paper("1", 0.9, True), paper("2", 0.6, False), paper("3", None, False)]
    curve = score(items).curve  # type: ignore[arg-type]
    assert [(p.threshold, p.automated.hits, p.automated.n, p.wrong.hits) for p in curve] == [
        (0.6, 2, 3, 1),
        (0.9, 1, 3, 0),
    ]
