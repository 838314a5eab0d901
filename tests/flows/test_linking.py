"""Both sides of a link go to a person, whichever batch was decided first."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from domain.application import Batch, BatchInput, Submission
from domain.assessment import Assessment, Decision
from domain.certificates import FieldName
from domain.faults import ConfigurationFault
from domain.likeness import PagePrint
from domain.outcome import PASSED_STATUS
from domain.policy import Policy
from domain.reading import PriorUse, ReadOutcome, ReadRequest
from domain.review import Role, Verdict
from flows import linking, stages
from flows.progress import Silence
from flows.running import write_reports
from reports.outcome import write_outcome
from review.acting import seal_batch, waiting_in
from review.looking import Looking
from store import Store, open_store
from store.readings import PrintedNumber
from store.runs import RunHeader
from tests.flows.fakes import LoggingReader, assess, fake_parts
from tests.store.builders import (
    digest_of,
    make_batch,
    make_header,
    make_input,
    make_outcome,
    make_submission,
)
from tests.store.test_decisions import entry, verdict
from tests.validators.test_likeness import noisy, page, paper
from validators.assessing import add_uses

PASSWORD = "correct horse 7"
PERSON = "99000019900101001X"


class PrintingReader:
    """Reads papers named after their seed: "7" is a paper, "7 again" an altered copy of it."""

    def read(self, requests: Iterable[ReadRequest]) -> Iterator[ReadOutcome]:
        for request in requests:
            name = Path(request.path).read_text()
            outcome = make_outcome(name, f"53974121110351{name[0]}")
            assert outcome.reading is not None
            (found,) = outcome.reading.extractions
            # A ticket's number: no rule but that of pictures asks for it.
            ticket = dataclasses.replace(found.values[0], field=FieldName.ADMISSION_TICKET)
            reading = dataclasses.replace(
                outcome.reading,
                extractions=(dataclasses.replace(found, values=(ticket,)),),
                prints=(self.print_of(name),),
            )
            yield dataclasses.replace(outcome, reading=reading)

    @staticmethod
    def print_of(name: str) -> PagePrint:
        seed, _, change = name.partition(" ")
        shown = paper(int(seed))
        made = page(noisy(shown, 0.1), scale=0.8) if change else page(shown)
        # Half of a copy's keys have changed; all papers share one that says nothing.
        keys = ((int(seed),), (int(seed) + 1000 * bool(change),), (77,))
        first = dataclasses.replace(made.regions[0], keys=keys)
        return dataclasses.replace(made, regions=(first, *made.regions[1:]))


def judge(
    submission: Submission,
    outcomes: Mapping[str, ReadOutcome],
    uses: tuple[PriorUse, ...],
    batch: Batch,
    policy: Policy,
    *_: object,
) -> Assessment:
    """Accept what was read, unless the rules on prior uses object."""
    return add_uses(assess(submission, outcomes), submission, uses, batch, policy)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "home") as opened:
        yield opened


def run(store: Store, folder: Path, batch: Batch, *submissions: Submission) -> tuple[str, ...]:
    """Take a batch through every stage; return the earlier batches that were told."""
    given = write(folder / batch.id, make_input(*submissions, batch=batch))
    parts = dataclasses.replace(fake_parts(given, LoggingReader(folder / "log")), assess=judge)
    stages.keep_originals(store, parts, folder / batch.id, given, Silence())
    registration = store.batches.register(given)
    ids = store.batches.application_ids(batch.id)
    header = header_of(batch, registration.content_digest)
    run_id = store.runs.start(header)
    stages.read_applications(store, header, ids, PrintingReader(), Silence())
    digests = stages.readable_digests(store, header, ids)
    linking.compare_pictures(store, digests, Silence())
    stages.decide_batch(store, parts, header, ids, Silence())
    store.runs.finish(run_id, header, (), ())
    told = linking.tell_both_sides(store, header)
    for batch_id in (batch.id, *told):
        store.queues.refresh(batch_id)
    return told


def header_of(batch: Batch, content_digest: str) -> RunHeader:
    """Return what a run decides by; no accept is drawn as a sample."""
    header = make_header(batch=batch)
    review = dataclasses.replace(header.policy.review, sample_share=0.0, two_person_reasons=())
    policy = dataclasses.replace(header.policy, review=review)
    return dataclasses.replace(header, policy=policy, content_digest=content_digest)


def write(folder: Path, given: BatchInput) -> BatchInput:
    for submission in given.submissions:
        for upload in submission.uploads:
            path = folder / upload.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(path.stem)
            assert upload.digest == digest_of(path.stem)
    return given


def answer(store: Store, batch_id: str, student: str) -> tuple[Decision, tuple[str, ...]]:
    made = store.runs.assessments(batch_id)[store.batches.find(batch_id, student).id]
    return made.decision, tuple(finding.rule_id for finding in made.findings)


def test_a_copy_in_the_same_batch_flags_both(store: Store, tmp_path: Path) -> None:
    told = run(
        store,
        tmp_path,
        make_batch(),
        make_submission("1001", ("1",)),
        make_submission("1002", ("1 again",)),
        make_submission("1003", ("2",)),
    )
    assert told == ()
    flagged = (Decision.REVIEW, ("duplicate-picture",))
    assert answer(store, "spring", "1001") == answer(store, "spring", "1002") == flagged
    assert answer(store, "spring", "1003") == (Decision.ACCEPT, ())


def test_an_earlier_acceptance_is_taken_back_until_the_batch_is_sealed(
    store: Store, tmp_path: Path
) -> None:
    first = (make_submission("1001", ("1",)), make_submission("1002", ("2",)))
    run(store, tmp_path, make_batch(), *first)
    assert answer(store, "spring", "1001") == (Decision.ACCEPT, ())
    autumn = make_batch("autumn")
    later = make_submission("2001", ("1 again",))
    assert run(store, tmp_path, autumn, later) == ("spring",)
    assert answer(store, "spring", "1001") == (Decision.REVIEW, ("duplicate-picture",))
    assert answer(store, "spring", "1002") == (Decision.ACCEPT, ())
    assert answer(store, "autumn", "2001") == (Decision.REVIEW, ("duplicate-picture",))
    decided = [
        event for event in store.events.of_application("spring", "1001") if event.kind == "decided"
    ]
    assert len(decided) == 2
    assert '"before":"accept"' in decided[-1].payload
    # Nothing is news a second time, and running the earlier batch again says the same.
    assert run(store, tmp_path, autumn, later) == ()
    assert run(store, tmp_path, make_batch(), *first) == ()
    assert answer(store, "spring", "1001") == (Decision.REVIEW, ("duplicate-picture",))
    assert store.runs.alerts("spring") == ()


def test_the_taken_back_acceptance_is_in_the_earlier_queue_and_keeps_it_from_the_seal(
    store: Store, tmp_path: Path
) -> None:
    run(store, tmp_path, make_batch(), make_submission("1001", ("1",)))
    assert store.cases.of_batch("spring") == ()
    assert waiting_in(store, "spring") == ()
    run(store, tmp_path, make_batch("autumn"), make_submission("2001", ("1 again",)))
    (case,) = store.cases.of_batch("spring")
    assert (case.student_number, case.kind) == ("1001", "duplicate-picture")
    assert [item.english for item in waiting_in(store, "spring")] == ["1001 waits (open)"]


def test_an_acceptance_that_was_not_told_of_a_link_is_kept_from_the_seal(
    store: Store, tmp_path: Path
) -> None:
    """The run that found the link ended before it could tell the other side."""
    first = (make_submission("1001", ("1",)), make_submission("1002", ("2",)))
    run(store, tmp_path, make_batch(), *first)
    late = make_input(make_submission("2001", ("1",)), batch=make_batch("autumn"))
    store.batches.register(late)
    assert answer(store, "spring", "1001") == (Decision.ACCEPT, ())
    (waiting,) = waiting_in(store, "spring")
    assert waiting.student_number == "1001"
    assert "hedui run" in waiting.english
    store.accounts.add("chen", Role.LEAD, PASSWORD)
    with pytest.raises(ConfigurationFault, match="1001 shares a file"):
        seal_batch(store, Looking(store), "spring", store.accounts.get("chen"), False)
    run(store, tmp_path, make_batch(), *first)
    assert answer(store, "spring", "1001") == (Decision.REVIEW, ("duplicate-file",))
    assert [item.english for item in waiting_in(store, "spring")] == ["1001 waits (open)"]


def test_a_number_that_was_declared_beside_an_unreadable_paper_links_both(
    store: Store, tmp_path: Path
) -> None:
    run(store, tmp_path, make_batch(), make_submission("1001", ("1",)))
    printed = PrintedNumber(file_digest=digest_of("1"), family="cet", number="539741211103511")
    store.readings.keep_numbers({store.batches.find("spring", "1001").id: [printed]})
    later = make_submission("2001", ("2",))
    columns = (*later.application.columns, ("成绩单编号", "5397 4121 1103511"))
    declared = dataclasses.replace(later.application, columns=columns)
    run(store, tmp_path, make_batch("autumn"), dataclasses.replace(later, application=declared))
    assert answer(store, "spring", "1001") == (Decision.REVIEW, ("duplicate-number",))
    assert answer(store, "autumn", "2001") == (Decision.REVIEW, ("duplicate-number",))


def test_a_sealed_result_stays_and_the_lead_is_alerted(store: Store, tmp_path: Path) -> None:
    run(store, tmp_path, make_batch(), make_submission("1001", ("1",)))
    store.accounts.add("chen", Role.LEAD, PASSWORD)
    sealed_as = seal_batch(store, Looking(store), "spring", store.accounts.get("chen"), False)
    assert [row.review_status for row in sealed_as.rows] == [PASSED_STATUS]
    autumn = make_batch("autumn")
    later = make_submission("2001", ("1 again",))
    for _ in range(2):
        assert run(store, tmp_path, autumn, later) == ()
    final = store.load_outcome("spring")
    assert len(final.alerts) == 1
    # What came of it stays as it was sealed; that it is shared now stands beside it.
    (row,), (row_as_sealed,) = final.rows, sealed_as.rows
    assert (len(row.prior_uses), row_as_sealed.prior_uses) == (1, ())
    assert dataclasses.replace(row, prior_uses=()) == row_as_sealed
    assert answer(store, "spring", "1001") == (Decision.ACCEPT, ())
    assert store.cases.of_batch("spring") == ()
    assert answer(store, "autumn", "2001") == (Decision.REVIEW, ("duplicate-picture",))
    (sealed,), (user,) = store.runs.alerts("spring"), store.runs.alerts("autumn")
    assert (sealed.student_number, sealed.is_sealed, sealed.use) == ("1001", True, "picture")
    assert (user.student_number, user.other_batch, user.is_sealed) == ("2001", "spring", False)
    write_reports(store, write_outcome, "autumn", tmp_path / "out")
    shown = (tmp_path / "out/autumn/report.html").read_text("utf-8")
    assert "负责人警示" in shown
    assert "同一图片" in shown


def test_what_a_person_passed_unknowing_stays_and_the_lead_is_alerted(
    store: Store, tmp_path: Path
) -> None:
    copied = (make_submission("1001", ("1",)), make_submission("1002", ("1 again",)))
    run(store, tmp_path, make_batch(), *copied)
    case = store.cases.find("spring", "1001")
    assert case is not None
    passing = verdict(Verdict.PASS, assessment_id=case.assessment_id)
    store.decisions.record(entry(case, "li", Role.REVIEWER, passing))
    run(store, tmp_path, make_batch("autumn"), make_submission("2001", ("1 third",)))
    rows = {row.student_number: row for row in store.load_outcome("spring").rows}
    assert rows["1001"].review_status == PASSED_STATUS
    assert rows["1001"].decided_by == ("machine", "li")
    told = [(alert.student_number, alert.other_student) for alert in store.runs.alerts("spring")]
    assert told == [("1001", "2001")]


def test_ones_own_second_upload_is_a_note(store: Store, tmp_path: Path) -> None:
    run(store, tmp_path, make_batch(), make_submission("1001", ("1",), PERSON))
    autumn = make_batch("autumn")
    run(store, tmp_path, autumn, make_submission("2001", ("1 again",), PERSON))
    noted = (Decision.ACCEPT, ("own-picture-again",))
    assert answer(store, "spring", "1001") == answer(store, "autumn", "2001") == noted


def test_a_link_that_comes_up_while_a_batch_is_decided_is_not_lost(
    store: Store, tmp_path: Path
) -> None:
    """Two runs at once: the one that ends later flags both sides."""
    run(store, tmp_path, make_batch(), make_submission("1001", ("1",)))
    run(store, tmp_path, make_batch("autumn"), make_submission("2001", ("2",)))
    store.likenesses.note_same(digest_of("1"), [digest_of("2")])
    header = make_header()
    assert linking.tell_both_sides(store, header) == ("autumn",)
    for batch_id, student in (("spring", "1001"), ("autumn", "2001")):
        assert answer(store, batch_id, student) == (Decision.REVIEW, ("duplicate-picture",))


def test_what_was_compared_is_not_compared_again(store: Store, tmp_path: Path) -> None:
    run(
        store,
        tmp_path,
        make_batch(),
        make_submission("1001", ("1",)),
        make_submission("1002", ("1 again",)),
    )
    digests = [digest_of("1"), digest_of("1 again")]
    assert linking.compare_pictures(store, digests, Silence()) == 0
