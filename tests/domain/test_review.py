import itertools

import pytest

from domain.draws import drawn
from domain.review import Given, Role, Round, Standing, Verdict, may_act, next_step, opinion_for
from domain.shares import upper_bound

LI = Given(account="li", verdict=Verdict.PASS)
REFUSED = Given(account="wang", verdict=Verdict.REFUSE)


@pytest.mark.parametrize(("round_", "role"), list(itertools.product(Round, Role)))
def test_nobody_decides_an_item_twice(round_: Round, role: Role) -> None:
    assert not may_act(Standing(round=round_, given=(LI,)), "li", role)


@pytest.mark.parametrize(
    ("round_", "roles"),
    [
        (Round.OPEN, {Role.REVIEWER, Role.SECOND, Role.LEAD}),
        (Round.SECOND, {Role.SECOND, Role.LEAD}),
        (Round.APPEAL, {Role.SECOND, Role.LEAD}),
        (Round.LEAD, {Role.LEAD}),
        (Round.SETTLED, set()),
    ],
)
def test_each_round_is_some_roles_turn(round_: Round, roles: set[Role]) -> None:
    standing = Standing(round=round_)
    assert {role for role in Role if may_act(standing, "wang", role)} == roles


@pytest.mark.parametrize(
    ("standing", "given", "after"),
    [
        (Standing(round=Round.OPEN), LI, Round.SETTLED),
        (Standing(round=Round.OPEN, needs_two=True), LI, Round.SECOND),
        (Standing(round=Round.OPEN, is_sample=True), LI, Round.SETTLED),
        (Standing(round=Round.OPEN, is_sample=True), REFUSED, Round.SECOND),
        (
            Standing(round=Round.OPEN),
            Given(account="li", verdict=Verdict.PASS_CORRECTED),
            Round.SECOND,
        ),
        (
            Standing(round=Round.OPEN, corrected_needs_two=False),
            Given(account="li", verdict=Verdict.PASS_CORRECTED),
            Round.SETTLED,
        ),
        (Standing(round=Round.SECOND, given=(LI,)), REFUSED, Round.LEAD),
        (
            Standing(round=Round.SECOND, given=(LI,)),
            Given(account="wang", verdict=Verdict.PASS),
            Round.SETTLED,
        ),
        (
            Standing(round=Round.SECOND, given=(LI,)),
            Given(account="wang", verdict=Verdict.PASS, accepted_score="428"),
            Round.LEAD,
        ),
        (Standing(round=Round.LEAD, given=(LI, REFUSED)), REFUSED, Round.SETTLED),
        (
            Standing(round=Round.APPEAL, given=(REFUSED,)),
            Given(account="zhao", verdict=Verdict.REFUSE),
            Round.SETTLED,
        ),
        (Standing(round=Round.APPEAL, given=(REFUSED,)), LI, Round.LEAD),
    ],
)
def test_what_follows_a_verdict(standing: Standing, given: Given, after: Round) -> None:
    assert next_step(standing, given) is after


def test_opinions_are_for_the_applicant_and_said_once() -> None:
    assert opinion_for(Verdict.PASS, ("1",)) == ""
    assert opinion_for(Verdict.REFUSE, ("3", "3")).count("证件号码") == 1
    assert "重新上传" in opinion_for(Verdict.REUPLOAD, ("5",))


def test_a_larger_share_holds_everybody_of_a_smaller_one() -> None:
    key = bytes(32)
    small = {n for n in range(2000) if drawn(key, "sample", str(n), 0.05)}
    large = {n for n in range(2000) if drawn(key, "sample", str(n), 0.25)}
    assert small < large
    assert 60 < len(small) < 140
    assert 430 < len(large) < 570
    assert {n for n in range(2000) if drawn(key, "blind", str(n), 0.05)} != small
    assert not any(drawn(key, "sample", str(n), 0.0) for n in range(2000))
    assert all(drawn(key, "sample", str(n), 1.0) for n in range(2000))


@pytest.mark.parametrize(
    ("hits", "n", "expected"),
    [(0, 100, 0.02951), (1, 100, 0.04656), (5, 100, 0.10225), (3, 3, 1.0), (0, 0, 1.0)],
)
def test_the_upper_bound_is_the_exact_one(hits: int, n: int, expected: float) -> None:
    assert upper_bound(hits, n, 0.95) == pytest.approx(expected, abs=2e-4)
