import dataclasses
import json

import pytest

from domain.assessment import Decision
from domain.certificates import CertificateType
from domain.faults import ConfigurationFault
from domain.finding import Finding, Severity
from store import Store
from tests.store.builders import make_assessment, make_header, make_input, make_submission

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


def test_no_event_holds_what_an_applicant_declared(store: Store) -> None:
    store.batches.register(make_input(make_submission("1001", ("secret-name",), "99123456789")))
    (number,) = store.batches.application_ids("spring")
    header = make_header()
    assessment = dataclasses.replace(
        make_assessment("1001"), certificate_type=CertificateType.CET6, accepted_number="88776655"
    )
    store.runs.record(header, [(number, assessment)])
    text = "".join(event.payload for event in store.events.of_batch("spring"))
    assert "cet6" in text
    for hidden in ("99123456789", "secret-name", "88776655", "500"):
        assert f'"{hidden}"' not in text


def test_a_batch_without_a_finished_run_has_no_outcome(store: Store, ids: tuple[int, ...]) -> None:
    with pytest.raises(ConfigurationFault, match="hedui run"):
        store.load_outcome("spring")
    header = make_header()
    run_id = store.runs.start(header)
    store.runs.record(header, [(ids[0], make_assessment("1001"))])
    store.runs.finish(run_id, header, (), ())
    with pytest.raises(ConfigurationFault, match="without an outcome"):
        store.load_outcome("spring")
