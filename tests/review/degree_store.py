"""A store with one degree application that a person has to decide; the thesis is text alone."""

import dataclasses
import hashlib
from pathlib import Path

from domain.application import BatchInput, BatchKind, CourseResult, FileKind
from domain.policy import Policy
from store import Store, open_store
from store.readings import reading_key
from store.runs import RunHeader
from tests.review.builders import PASSWORD, PEOPLE, review_policy
from tests.validators.builders import ENGINE, TODAY, batch_of, submission_of
from tests.validators.degree_builders import COURSES, DECLARED, NUMBER, TITLE, file_of, read_file
from validators.degree_assessing import assess_degree

DEGREE_BATCH = "2024-degree"
__all__ = ["DEGREE_BATCH", "NUMBER", "TITLE", "make_degree_store"]


def make_degree_store(home: Path, cells: dict[str, str] | None = None) -> Store:
    """Return a store in which a run of a degree batch has finished."""
    home.mkdir(mode=0o700, parents=True)
    store = open_store(home)
    batch = dataclasses.replace(batch_of(BatchKind.DEGREE), id=DEGREE_BATCH)
    policy: Policy = review_policy()
    content = "论文".encode()
    digest = hashlib.sha256(content).hexdigest()
    store.originals.keep_bytes(content, digest)
    name = DECLARED["姓名"]
    thesis = file_of(digest, f"{NUMBER}+{name}+{TITLE}.docx", FileKind.DOCX)
    read = read_file(digest, ("本科毕业论文", TITLE, f"姓名：{name}", f"学号：{NUMBER}"))
    submission = submission_of({**DECLARED, **(cells or {})}, (thesis,), ())
    courses: tuple[CourseResult, ...] = COURSES
    registration = store.batches.register(
        BatchInput(batch=batch, submissions=(submission,), courses=courses)
    )
    header = RunHeader(
        batch_id=batch.id,
        kind=batch.kind,
        owner="test",
        content_digest=registration.content_digest,
        policy=policy,
        engine_version=ENGINE,
        rule_version="rules-1",
        today=TODAY,
        provisional=False,
    )
    run_id = store.runs.start(header)
    store.readings.save(read, reading_key(policy, ENGINE, batch.kind), batch.id)
    (application_id,) = store.batches.application_ids(batch.id)
    assessment = assess_degree(submission, courses, {digest: read}, (), (), batch, policy, TODAY)
    store.runs.record(header, [(application_id, assessment)])
    store.runs.finish(run_id, header, (), ())
    store.queues.refresh(batch.id)
    for account, role in PEOPLE.items():
        store.accounts.add(account, role, PASSWORD)
    return store
