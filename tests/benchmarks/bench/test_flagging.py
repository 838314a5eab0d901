"""What each rule tells: must-flag kinds, wrong flags on honest applications, signs of a change."""

import dataclasses

import pytest

from benchmarks.bench.accuracy import score
from benchmarks.bench.figure_table import FigureTable
from benchmarks.bench.flag_tables import flag_tables
from benchmarks.bench.judging import Fired, Judged
from benchmarks.bench.results import Flagging
from domain.assessment import Decision
from domain.certificates import FieldName
from domain.shares import upper_bound
from tests.benchmarks.bench.judged_items import judged, reading, truth

REVIEW = ("review",)


def with_rules(item: Judged, *fired: tuple[str, str], signs: tuple[str, ...] = ()) -> Judged:
    return dataclasses.replace(
        item,
        reason_codes=tuple(rule_id for rule_id, _ in fired),
        fired=frozenset(Fired(rule_id=rule_id, field=field) for rule_id, field in fired),
        signs=frozenset(signs),
        files=frozenset({f"file-{item.truth.student_number}"}),
    )


def flagging_of(*items: Judged) -> Flagging:
    return score(items).flagging


def table_of(flagging: Flagging, heading: str) -> FigureTable:
    return next(table for table in flag_tables(flagging) if table.heading.startswith(heading))


def test_a_kind_is_told_by_the_rules_that_its_honest_twin_does_not_have() -> None:
    flagging = flagging_of(
        with_rules(judged(truth("1"), Decision.REVIEW), ("name-unclear", "name")),
        with_rules(
            judged(truth("2", expected=REVIEW, kind="twin-date", twin_of="1"), Decision.REVIEW),
            ("name-unclear", "name"),
            ("date-differs", "date"),
        ),
        with_rules(judged(truth("3", expected=REVIEW, kind="twin-date"))),
    )
    (kind,) = flagging.kinds
    assert (kind.kind, kind.flagged.hits, kind.flagged.n) == ("twin-date", 1, 2)
    assert (kind.missed.hits, kind.own_reason) == (1, 1)
    assert kind.missed.upper == pytest.approx(upper_bound(1, 2, 0.95))
    assert kind.rules == {"date-differs": 1}
    ((name, n, share, accepted, _, own, rules),) = table_of(flagging, "Must-flag").rows
    assert (name, n, share, accepted) == ("twin-date", "2", "50.0 %", "1")
    assert (own, rules) == ("1", "date-differs 1")


def test_a_rule_that_fires_on_what_was_read_right_is_wrong() -> None:
    right = judged(truth("1"), Decision.REVIEW, fields=(reading(FieldName.SCORE),))
    flagging = flagging_of(
        with_rules(right, ("score-differs", "score"), ("tem-exam-month", "date")),
        *(judged(truth(str(number))) for number in range(2, 101)),
    )
    rules = {rule.rule_id: rule for rule in flagging.rules}
    assert (rules["score-differs"].wrong.hits, rules["score-differs"].by_reading) == (1, 0)
    assert rules["score-differs"].objects
    assert not rules["tem-exam-month"].objects
    assert (flagging.together.hits, flagging.together.n) == (1, 100)
    rows = {row[0]: row for row in table_of(flagging, "Rules on honest").rows}
    assert rows["score-differs"][5] == "NO"  # 1 % is above half a per cent
    assert rows["any that objects, together"][5] == "yes"
    assert rows["tem-exam-month"][5] == "-"


@pytest.mark.parametrize(
    ("fired", "misread"),
    [
        (("score-differs", "score"), FieldName.SCORE),
        (("parts-total", "score"), FieldName.LISTENING),
        (("status-differs", "status"), FieldName.GRADE),
        (("duplicate-number", ""), FieldName.CERTIFICATE_NUMBER),
    ],
)
def test_a_rule_that_fires_beside_a_misreading_is_counted_apart(
    fired: tuple[str, str], misread: FieldName
) -> None:
    item = judged(truth("1"), Decision.REVIEW, fields=(reading(misread, right=False),))
    flagging = flagging_of(with_rules(item, fired))
    (rule,) = flagging.rules
    assert (rule.wrong.hits, rule.by_reading) == (0, 1)
    assert (flagging.together.hits, flagging.together_by_reading) == (0, 1)


def test_another_field_misread_excuses_nothing() -> None:
    item = judged(truth("1"), Decision.REVIEW, fields=(reading(FieldName.NAME, right=False),))
    (rule,) = flagging_of(with_rules(item, ("score-differs", "score"))).rules
    assert (rule.wrong.hits, rule.by_reading) == (1, 0)


def test_rules_that_doubt_the_reading_and_items_fit_for_review_are_left_out() -> None:
    flagging = flagging_of(
        with_rules(judged(truth("1"), Decision.REVIEW), ("score-unclear", "score")),
        with_rules(
            judged(truth("2", expected=("accept", "review")), Decision.REVIEW),
            ("score-differs", "score"),
        ),
    )
    assert [(r.rule_id, r.wrong.hits, r.by_reading) for r in flagging.rules] == [
        ("score-unclear", 0, 1)
    ]
    assert flagging.together.n == 1


def photo(number: int, *signs: str, kind: str = "honest", held_back: bool = True) -> Judged:
    expected = ("accept",) if kind == "honest" else REVIEW
    given = truth(str(number), kind=kind, condition="photo", expected=expected, held_back=held_back)
    decision = Decision.ACCEPT if kind == "honest" else Decision.REVIEW
    return with_rules(judged(given, decision), signs=signs)


def test_a_sign_may_be_told_where_its_bound_on_enough_unseen_photos_is_low() -> None:
    few = flagging_of(*(photo(number) for number in range(499)))
    rows = {row[0]: row for row in table_of(few, "Signs").rows}
    assert rows["alignment"][4].startswith("unknown")
    some = [photo(number, *(["typeface"] if number < 6 else [])) for number in range(500)]
    seen_layouts = [photo(number, "alignment", held_back=False) for number in range(500, 520)]
    forged = [photo(600, "alignment", kind="twin-forged-score")]
    rows = {
        row[0]: row for row in table_of(flagging_of(*some, *seen_layouts, *forged), "Signs").rows
    }
    assert rows["alignment"][1:5] == ("500", "0", "≤ 0.60 %", "yes")
    assert rows["typeface"][2] == "6"
    assert rows["typeface"][4] == "no"  # 1.2 %, but the bound is above 2 %
    assert rows["alignment"][5:7] == ("520", "20")
    assert rows["alignment"][8:10] == ("1", "100.0 %")


def test_a_must_flag_twin_with_the_same_file_takes_no_honest_photo_away() -> None:
    flagged = truth("0", expected=REVIEW, kind="twin-date", twin_of="1", condition="photo")
    honest = photo(1)
    same_file = dataclasses.replace(judged(flagged, Decision.REVIEW), files=honest.files)
    rates = {rate.sign: rate for rate in flagging_of(same_file, honest, photo(2)).signs}
    assert rates["alignment"].photos.n == 2
