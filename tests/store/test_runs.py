import dataclasses
import json
from collections.abc import Callable

import pytest
from sqlalchemy import select, text, update

from domain.assessment import Decision
from domain.calibration import Calibration
from domain.certificates import CertificateType
from domain.faults import ConfigurationFault
from domain.finding import Finding, Severity
from store import Store
from store.runs import RunHeader
from store.schema import assessments, policies, runs
from tests.store.builders import make_assessment, make_header, make_input, make_submission
from tests.validators.builders import calibration_with

ORPHAN = ("1999", Finding(rule_id="orphan-folder", severity=Severity.WARN, message="没有申请"))


def decided(store: Store) -> list[dict[str, object]]:
    return [
        json.loads(event.payload)
        for event in store.events.of_batch("spring")
        if event.kind == "decided"
    ]


@pytest.fixture
def ids(store: Store) -> tuple[int, ...]:
    store.batches.register(make_input(make_submission("1002"), make_submission("1001", ("b",))))
    return store.batches.application_ids("spring")


def test_a_finished_run_gives_the_whole_outcome(store: Store, ids: tuple[int, ...]) -> None:
    header = make_header(provisional=True)
    run_id = store.runs.start(header)
    made = [
        (ids[0], make_assessment("1001", Decision.RETURN)),
        (ids[1], make_assessment("1002", Decision.REVIEW)),
    ]
    assert store.runs.record(header, made) == ids
    store.runs.finish(run_id, header, (("read", 2.5),), (ORPHAN,))
    outcome = store.load_outcome("spring")
    assert [row.student_number for row in outcome.rows] == ["1001", "1002"]
    assert [row.review_status for row in outcome.rows] == ["退回", "待审核"]
    assert [row.assessment for row in outcome.rows] == [item for _, item in made]
    upload = outcome.rows[0].submission.uploads[0]
    assert outcome.rows[0].path_of(upload.digest) == "uploads/1001/b.jpg"
    assert (outcome.provisional, outcome.today) == (True, header.today)
    assert outcome.policy == header.policy
    assert outcome.orphan_findings == (ORPHAN,)
    assert outcome.stage_seconds == (("read", 2.5),)
    assert outcome.event_head == store.events.head()
    assert store.load_outcome("spring") == outcome


def test_the_same_answer_again_is_not_recorded_again(store: Store, ids: tuple[int, ...]) -> None:
    header = make_header()
    made = [(ids[0], make_assessment("1001")), (ids[1], make_assessment("1002"))]
    assert store.runs.record(header, made) == ids
    head = store.events.head()
    assert store.runs.record(header, made) == ()
    assert store.events.head() == head
    changed = make_assessment("1002", Decision.REVIEW)
    assert store.runs.record(header, [made[0], (ids[1], changed)]) == ids[1:]
    assert (decided(store)[-1]["before"], decided(store)[-1]["decision"]) == ("accept", "review")
    newer = dataclasses.replace(header, rule_version="rules-2")
    assert store.runs.record(newer, [made[0]]) == ids[:1]


def with_calibration(header: RunHeader, calibration: Calibration) -> RunHeader:
    policy = dataclasses.replace(header.policy, calibration=calibration)
    return dataclasses.replace(header, policy=policy)


def test_the_calibration_stands_on_each_decision(store: Store, ids: tuple[int, ...]) -> None:
    measured = calibration_with()
    header = with_calibration(make_header(), measured)
    run_id = store.runs.start(header)
    made = [(ids[0], make_assessment("1001")), (ids[1], make_assessment("1002"))]
    assert store.runs.record(header, made) == ids
    store.runs.finish(run_id, header, (), ())
    assert {event["calibration_digest"] for event in decided(store)} == {measured.digest}
    started = json.loads(store.events.of_batch("spring")[-4].payload)
    assert started["calibration_digest"] == measured.digest
    assert store.load_outcome("spring").policy.calibration == measured
    for table in (runs, assessments):
        with store.database.reading() as connection:
            found = connection.execute(select(table.c.calibration_digest)).scalars().all()
        assert set(found) == {measured.digest}

    other = with_calibration(header, calibration_with(engine="reader-2.0.0"))
    assert store.runs.record(other, made) == ids, "the same answer by other thresholds is news"
    assert decided(store)[-1]["calibration_digest"] == other.policy.calibration.digest


def test_decisions_from_before_there_were_calibrations_rest_on_none(
    store: Store, ids: tuple[int, ...], open_again: Callable[[], Store]
) -> None:
    header = make_header()
    store.runs.record(header, [(ids[0], make_assessment("1001"))])
    with store.database.writing() as connection:
        for table in (runs, assessments):
            connection.execute(text(f"ALTER TABLE {table.name} DROP COLUMN calibration_digest"))
        for later in (
            *("received_files", "results", "prints", "print_keys", "same_pictures"),
            *("seals", "decisions", "queues", "cases", "sessions", "accounts", "sign_in_failures"),
        ):
            connection.execute(text(f"DROP TABLE {later}"))
        connection.execute(text("DROP INDEX ix_applications_identity_hash"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    migrated = open_again()
    with migrated.database.reading() as connection:
        found = connection.execute(select(assessments.c.calibration_digest)).scalars().all()
    assert found == [""]
    assert migrated.runs.assessments("spring")[ids[0]] == make_assessment("1001")
    assert migrated.runs.record(header, [(ids[0], make_assessment("1001"))]) == ids[:1]


def test_a_run_of_a_version_with_other_policy_keys_says_what_to_do(
    store: Store, ids: tuple[int, ...]
) -> None:
    header = make_header()
    run_id = store.runs.start(header)
    store.runs.record(header, [(number, make_assessment("1001")) for number in ids])
    store.runs.finish(run_id, header, (), ())
    with store.database.writing() as connection:
        connection.execute(update(policies).values(body='{"institution":"default"}'))
    with pytest.raises(ConfigurationFault, match="run it again: hedui run"):
        store.load_outcome("spring")


def test_no_event_holds_what_an_applicant_declared(store: Store) -> None:
    store.batches.register(make_input(make_submission("1001", ("secret-name",), "99123456789")))
    (number,) = store.batches.application_ids("spring")
    header = make_header()
    assessment = dataclasses.replace(
        make_assessment("1001"), certificate_type=CertificateType.CET6, accepted_number="88776655"
    )
    store.runs.record(header, [(number, assessment)])
    payloads = "".join(event.payload for event in store.events.of_batch("spring"))
    assert "cet6" in payloads
    for hidden in ("99123456789", "secret-name", "88776655", "500"):
        assert f'"{hidden}"' not in payloads


def test_a_batch_without_a_finished_run_has_no_outcome(store: Store, ids: tuple[int, ...]) -> None:
    with pytest.raises(ConfigurationFault, match="hedui run"):
        store.load_outcome("spring")
    header = make_header()
    run_id = store.runs.start(header)
    store.runs.record(header, [(ids[0], make_assessment("1001"))])
    store.runs.finish(run_id, header, (), ())
    with pytest.raises(ConfigurationFault, match="without an outcome"):
        store.load_outcome("spring")
