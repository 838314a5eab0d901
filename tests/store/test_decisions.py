import dataclasses
import secrets
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text

from domain.assessment import Assessment, Decision
from domain.certificates import CertificateType
from domain.faults import BatchRefused, MachineFault
from domain.finding import Finding, Severity
from domain.review import DecisionKind, ReviewDecision, Role, Round, Seen, Verdict
from store import Store
from store.cases import Case
from store.entries import NewEntry, Refused
from tests.store.builders import make_batch, make_header, make_input, make_submission

NUMBERS = ("1001", "1002", "1003", "1004")


def reviewed(number: str, *codes: str) -> Assessment:
    findings = tuple(
        Finding(rule_id=code, severity=Severity.REVIEW, message="m", opinion="请查看。")
        for code in codes
    )
    return Assessment(
        student_number=number,
        decision=Decision.REVIEW,
        certificate_type=CertificateType.CET4,
        comparisons=(),
        findings=findings,
    )


def run(store: Store, *made: Assessment, **review_policy: object) -> None:
    """Register a batch and finish a run with these answers."""
    store.batches.register(make_input(*(make_submission(a.student_number) for a in made)))
    header = make_header()
    policy = header.policy
    values = {"blind_share": 0.0, "sample_share": 0.0, "sample_share_after_error": 0.0}
    review = dataclasses.replace(policy.review, **(values | review_policy))  # type: ignore[arg-type]
    header = dataclasses.replace(header, policy=dataclasses.replace(policy, review=review))
    run_id = store.runs.start(header)
    ids = store.batches.application_ids("spring")
    store.runs.record(header, list(zip(ids, made, strict=True)))
    store.runs.finish(run_id, header, (), ())
    store.queues.refresh("spring")


@pytest.fixture
def queue(store: Store) -> Store:
    """Give a store with four items; the last needs two people."""
    codes = ("score-differs", "score-differs", "date-unclear", "name-differs")
    run(store, *(reviewed(number, code) for number, code in zip(NUMBERS, codes, strict=True)))
    return store


def verdict(
    kind: Verdict = Verdict.PASS, assessment_id: int = 1, **values: object
) -> ReviewDecision:
    seen = Seen(
        via="pages",
        assessment_id=assessment_id,
        policy_digest="p",
        rule_version="r",
        engine_version="e",
    )
    return ReviewDecision(kind=DecisionKind.VERDICT, seen=seen, verdict=kind, **values)  # type: ignore[arg-type]


def entry(
    case: Case,
    account: str = "li",
    role: Role = Role.REVIEWER,
    decision: ReviewDecision | None = None,
    key: str = "",
) -> NewEntry:
    return NewEntry(
        application_id=case.application_id,
        account=account,
        role=role,
        revision=case.revision,
        key=key or secrets.token_hex(8),
        decision=decision or verdict(),
    )


def item(store: Store, number: str) -> Case:
    found = store.cases.find("spring", number)
    assert found is not None
    return found


def row(store: Store, number: str) -> tuple[str, tuple[str, ...]]:
    outcome = store.load_outcome("spring")
    found = next(row for row in outcome.rows if row.student_number == number)
    return found.review_status, found.decided_by


def test_a_verdict_settles_an_item_and_reaches_the_outcome(queue: Store) -> None:
    recorded = queue.decisions.record(entry(item(queue, "1001")))
    assert (recorded.round_after, recorded.repeated) == (Round.SETTLED, False)
    assert row(queue, "1001") == ("审核通过", ("machine", "li"))
    assert row(queue, "1002") == ("待审核", ("machine",))
    assert queue.events.of_application("spring", "1001")[-1].actor == "li"
    assert queue.events.verify() is None


def test_a_repeated_submit_is_one_decision(queue: Store) -> None:
    case = item(queue, "1001")
    first = queue.decisions.record(entry(case, key="once"))
    again = queue.decisions.record(entry(case, key="once"))
    assert (again.id, again.repeated) == (first.id, True)
    assert len(queue.decisions.of_application(case.application_id)) == 1


def test_one_key_cannot_stand_for_two_decisions(queue: Store) -> None:
    queue.decisions.record(entry(item(queue, "1001"), key="once"))
    with pytest.raises(Refused) as refused:
        queue.decisions.record(entry(item(queue, "1002"), key="once"))
    assert refused.value.code == "key-used"
    assert queue.decisions.of_application(item(queue, "1002").application_id) == ()


def test_a_stale_submit_changes_nothing_and_shows_what_stands(queue: Store) -> None:
    case = item(queue, "1001")
    queue.decisions.record(entry(case, "li"))
    with pytest.raises(Refused) as refused:
        queue.decisions.record(entry(case, "wang"))
    assert refused.value.code == "stale"
    assert refused.value.case is not None
    assert refused.value.case.round is Round.SETTLED
    assert row(queue, "1001")[1] == ("machine", "li")


def test_of_many_submits_at_once_exactly_one_is_taken(
    queue: Store, open_again: Callable[[], Store]
) -> None:
    case, results = item(queue, "1001"), []

    def submit(account: str, own: Store) -> None:
        try:
            results.append(own.decisions.record(entry(case, account)).id)
        except Refused as refused:
            results.append(refused.code)

    stores = [open_again() for _ in range(6)]
    threads = [
        threading.Thread(target=submit, args=(f"person-{number}", own))
        for number, own in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, results)).count("stale") == 5
    assert len(queue.decisions.of_application(case.application_id)) == 1
    assert queue.events.verify() is None


def test_two_people_decide_what_policy_says_and_never_the_same_one(queue: Store) -> None:
    assert item(queue, "1004").needs_two
    recorded = queue.decisions.record(entry(item(queue, "1004"), "li", Role.SECOND))
    assert recorded.round_after is Round.SECOND
    assert row(queue, "1004")[0] == "待审核"
    with pytest.raises(Refused, match="not-allowed"):
        queue.decisions.record(entry(item(queue, "1004"), "li", Role.SECOND))
    with pytest.raises(Refused, match="not-allowed"):
        queue.decisions.record(entry(item(queue, "1004"), "wang", Role.REVIEWER))
    assert queue.cases.take("spring", "li", Role.SECOND, 9)[-1].student_number != "1004"
    done = queue.decisions.record(entry(item(queue, "1004"), "wang", Role.SECOND))
    assert done.round_after is Round.SETTLED
    assert row(queue, "1004") == ("审核通过", ("machine", "li", "wang"))


def test_two_who_disagree_go_to_a_third_who_leads(queue: Store) -> None:
    refuse = verdict(Verdict.REFUSE, reasons=("3",), opinion="不是本人。")
    queue.decisions.record(entry(item(queue, "1004"), "li"))
    second = entry(item(queue, "1004"), "wang", Role.SECOND, refuse)
    assert queue.decisions.record(second).round_after is Round.LEAD
    for account, role in (("zhao", Role.SECOND), ("wang", Role.LEAD)):
        with pytest.raises(Refused, match="not-allowed"):
            queue.decisions.record(entry(item(queue, "1004"), account, role, refuse))
    lead = entry(item(queue, "1004"), "chen", Role.LEAD, refuse)
    assert queue.decisions.record(lead).round_after is Round.SETTLED
    assert row(queue, "1004") == ("审核不通过", ("machine", "li", "wang", "chen"))


def test_a_corrected_declaration_takes_two_who_agree_on_the_values(queue: Store) -> None:
    first = verdict(Verdict.PASS_CORRECTED, accepted_number="77", accepted_score="430")
    other = dataclasses.replace(first, accepted_number="78")
    assert queue.decisions.record(entry(item(queue, "1001"), decision=first)).round_after is (
        Round.SECOND
    )
    differing = entry(item(queue, "1001"), "wang", Role.SECOND, other)
    assert queue.decisions.record(differing).round_after is Round.LEAD
    settled = entry(item(queue, "1001"), "chen", Role.LEAD, first)
    queue.decisions.record(settled)
    outcome = queue.load_outcome("spring")
    found = next(row for row in outcome.rows if row.student_number == "1001")
    assert found.settled is not None
    assert (found.settled.accepted_number, found.settled.accepted_score) == ("77", "430")


def test_undo_gives_the_item_back_and_keeps_both_entries(queue: Store) -> None:
    queue.decisions.record(entry(item(queue, "1001")))
    queue.decisions.record(entry(item(queue, "1002")))
    case = queue.decisions.undo("spring", "li", Role.REVIEWER, "u1")
    assert (case.student_number, case.round, case.leased_by) == ("1002", Round.OPEN, "li")
    assert queue.decisions.undo("spring", "li", Role.REVIEWER, "u1").student_number == "1002"
    assert row(queue, "1002") == ("待审核", ("machine",))
    kinds = [e.kind for e in queue.decisions.of_application(case.application_id)]
    assert kinds == [DecisionKind.VERDICT, DecisionKind.UNDO]
    assert queue.decisions.undo("spring", "li", Role.REVIEWER, "u2").student_number == "1001"
    with pytest.raises(Refused, match="nothing-to-undo"):
        queue.decisions.undo("spring", "li", Role.REVIEWER, "u3")


def test_what_a_second_person_decided_upon_cannot_be_taken_back(queue: Store) -> None:
    queue.decisions.record(entry(item(queue, "1004"), "li"))
    queue.decisions.record(entry(item(queue, "1004"), "wang", Role.SECOND))
    with pytest.raises(Refused, match="too-late"):
        queue.decisions.undo("spring", "li", Role.REVIEWER, "u")


def test_after_sealing_nothing_is_decided_undone_or_taken_in(queue: Store) -> None:
    queue.decisions.record(entry(item(queue, "1001")))
    assert queue.seals.set("spring", "chen", {})
    assert not queue.seals.set("spring", "wang", {})
    for attempt in (
        lambda: queue.decisions.record(entry(item(queue, "1002"))),
        lambda: queue.decisions.undo("spring", "li", Role.REVIEWER, "u"),
    ):
        with pytest.raises(Refused, match="sealed"):
            attempt()
    with pytest.raises(BatchRefused) as refused:
        queue.batches.register(make_input(make_submission("1001"), batch=make_batch()))
    assert [fault.code for fault in refused.value.faults] == ["batch-sealed"]


def test_items_are_leased_to_one_person_until_they_expire(queue: Store) -> None:
    now = [1000.0]
    queue.cases.clock = lambda: now[0]
    mine = queue.cases.take("spring", "li", Role.REVIEWER, 3)
    theirs = queue.cases.take("spring", "wang", Role.REVIEWER, 3)
    assert len(mine) == 3
    assert len(theirs) == 1
    assert not {c.application_id for c in mine} & {c.application_id for c in theirs}
    held = queue.cases.hold(mine[0].application_id, "wang", take_over=True)
    assert held is not None
    assert held.leased_by == "li"
    with pytest.raises(Refused, match="held"):
        queue.decisions.record(entry(mine[0], "wang"))
    now[0] += 599
    queue.cases.renew([mine[0].application_id], "li")
    now[0] += 2
    assert queue.cases.hold(mine[0].application_id, "wang", take_over=True).leased_by == "li"  # type: ignore[union-attr]
    assert queue.cases.hold(mine[1].application_id, "wang").leased_by == "li"  # type: ignore[union-attr]
    taken = queue.cases.hold(mine[1].application_id, "wang", take_over=True)
    assert taken is not None
    assert taken.leased_by == "wang"
    with pytest.raises(Refused, match="held"):
        queue.decisions.record(entry(mine[1], "li"))


def test_what_is_put_off_comes_last(queue: Store) -> None:
    first = queue.cases.take("spring", "li", Role.REVIEWER, 1)[0]
    queue.cases.put_later(first.application_id, "li")
    order = [c.student_number for c in queue.cases.take("spring", "li", Role.REVIEWER, 9)]
    assert order[-1] == first.student_number
    assert len(order) == 4


def test_the_machines_decision_stays_what_people_decided_upon(queue: Store) -> None:
    case = item(queue, "1002")
    queue.decisions.record(entry(case, decision=verdict(assessment_id=case.assessment_id)))
    header = dataclasses.replace(make_header(), rule_version="rules-2")
    ids = queue.batches.application_ids("spring")
    made = [
        dataclasses.replace(reviewed(number, "late"), decision=Decision.ACCEPT)
        for number in NUMBERS
    ]
    run_id = queue.runs.start(header)
    queue.runs.record(header, list(zip(ids, made, strict=True)))
    queue.runs.finish(run_id, header, (), ())
    queue.queues.refresh("spring")
    rows = {row.student_number: row for row in queue.load_outcome("spring").rows}
    assert rows["1002"].assessment.decision is Decision.REVIEW
    assert rows["1002"].assessment.reason_codes == ("score-differs",)
    assert queue.load_application("spring", "1002").assessment == rows["1002"].assessment
    assert rows["1001"].assessment.decision is Decision.ACCEPT
    assert queue.cases.find("spring", "1001") is None


def test_a_changed_application_comes_back_with_its_history(queue: Store) -> None:
    queue.decisions.record(
        entry(item(queue, "1001"), decision=verdict(Verdict.REUPLOAD, reasons=("5",)))
    )
    assert row(queue, "1001") == ("退回", ("machine", "li"))
    codes = {"1002": "score-differs", "1003": "date-unclear", "1004": "name-differs"}
    again = [
        make_submission("1001", ("better",)),
        *(make_submission(number) for number in codes),
    ]
    queue.batches.register(make_input(*again))
    header = make_header()
    run_id = queue.runs.start(header)
    ids = queue.batches.application_ids("spring")
    accepted = dataclasses.replace(reviewed("1001"), decision=Decision.ACCEPT)
    made = [accepted, *(reviewed(number, code) for number, code in codes.items())]
    queue.runs.record(header, list(zip(ids, made, strict=True)))
    queue.runs.finish(run_id, header, (), ())
    assert queue.queues.refresh("spring")
    assert not queue.queues.refresh("spring")
    case = item(queue, "1001")
    assert (case.round, case.kind) == (Round.OPEN, "input-changed")
    assert row(queue, "1001") == ("待审核", ("machine",))
    assert [e.decision.verdict for e in queue.decisions.of_student("1001")] == [Verdict.REUPLOAD]


def test_a_sample_found_wrong_is_opened_to_another_and_more_are_drawn(store: Store) -> None:
    accepts = [
        dataclasses.replace(reviewed(f"{n}"), decision=Decision.ACCEPT) for n in range(2000, 2060)
    ]
    run(store, *accepts, sample_share=0.2, sample_share_after_error=0.7)
    before = {case.student_number for case in store.cases.of_batch("spring")}
    assert 2 < len(before) < 30
    assert all(case.is_sample for case in store.cases.of_batch("spring"))
    first = store.cases.take("spring", "li", Role.REVIEWER, 1)[0]
    recorded = store.decisions.record(
        entry(first, decision=verdict(Verdict.REFUSE, reasons=("2",)))
    )
    assert (recorded.round_after, recorded.widened) == (Round.SECOND, True)
    assert row(store, first.student_number)[0] == "待审核"
    assert store.queues.refresh("spring")
    after = {case.student_number for case in store.cases.of_batch("spring")}
    assert before < after
    assert len(after) > 30
    assert any(e.kind == "sample-error" for e in store.events.of_batch("spring"))


def test_a_wider_sample_leaves_every_other_item_as_it_was(store: Store) -> None:
    accepts = [
        dataclasses.replace(reviewed(f"{n}"), decision=Decision.ACCEPT) for n in range(2000, 2060)
    ]
    others = [reviewed(f"{n}", "score-differs") for n in range(3000, 3010)]
    shares = {"sample_share": 0.2, "sample_share_after_error": 0.7, "two_person_share": 0.5}
    run(store, *accepts, *others, **shares)
    before = {case.student_number: case for case in store.cases.of_batch("spring")}
    reviewed_alone = {case.needs_two for case in before.values() if not case.is_sample}
    assert reviewed_alone == {True, False}, "the draws differ from item to item"
    wrong = next(case for case in before.values() if case.is_sample)
    refusal = verdict(Verdict.REFUSE, wrong.assessment_id, reasons=("2",))
    store.decisions.record(entry(wrong, decision=refusal))
    assert store.queues.refresh("spring")
    after = {case.student_number: case for case in store.cases.of_batch("spring")}
    del before[wrong.student_number]
    assert {number: after[number] for number in before} == before
    added = [case for number, case in after.items() if number not in before]
    assert len(added) > 10
    assert all(case.is_sample for case in added)
    assert not store.queues.refresh("spring")


@pytest.mark.parametrize("verb", ["UPDATE decisions SET account = 'x'", "DELETE FROM decisions"])
def test_the_database_refuses_to_change_decisions(queue: Store, verb: str) -> None:
    queue.decisions.record(entry(item(queue, "1001")))
    with pytest.raises(MachineFault), queue.database.writing() as connection:
        connection.execute(text(verb))
    assert row(queue, "1001")[1] == ("machine", "li")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE decisions SET body = replace(body, '\"pass\"', '\"refuse\"')",
        "UPDATE decisions SET account = 'x'",
        "UPDATE decisions SET verdict = 'refuse'",
        "DELETE FROM decisions",
    ],
)
def test_the_audit_names_a_decision_that_was_edited(queue: Store, change: str) -> None:
    from store.audit import Audit

    queue.decisions.record(entry(item(queue, "1001")))
    audit = Audit(queue.database)
    assert audit.verify() is None
    with queue.database.writing() as connection:
        if queue.database.is_sqlite:
            connection.execute(text("DROP TRIGGER decisions_no_UPDATE"))
            connection.execute(text("DROP TRIGGER decisions_no_DELETE"))
        else:
            connection.execute(text("ALTER TABLE decisions DISABLE TRIGGER ALL"))
        connection.exec_driver_sql(change)
    fault = audit.verify()
    assert fault is not None
    assert fault.sequence == queue.events.of_application("spring", "1001")[-1].sequence
