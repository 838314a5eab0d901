"""Stand-ins for the parts of a run: a slow reader that logs, and rules that can break."""

import contextlib
import dataclasses
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from domain.application import BatchInput, Submission
from domain.assessment import Assessment, Decision
from domain.certificates import CertificateType
from domain.outcome import BatchOutcome
from domain.policy import IntakePolicy, ReadingPolicy
from domain.reading import ReadOutcome, ReadRequest
from flows.parts import Parts
from tests.store.builders import digest_of, make_input, make_outcome, make_submission


class LoggingReader:
    """Reads each file in `seconds`, and appends its digest to a log before answering."""

    def __init__(self, log: Path, seconds: float = 0.0, silent_about: str = "") -> None:
        self.log, self.seconds, self.silent_about = log, seconds, silent_about

    def read(self, requests: Iterable[ReadRequest]) -> Iterator[ReadOutcome]:
        for request in requests:
            time.sleep(self.seconds)
            with self.log.open("a") as file:
                file.write(request.file_digest + "\n")
            if request.file_digest != self.silent_about:
                # A number of its own for each: a shared one links applications.
                name = Path(request.path).read_text()
                outcome = make_outcome(name, f"99{name}")
                yield dataclasses.replace(outcome, file_digest=request.file_digest)


def write_folder(folder: Path, count: int) -> BatchInput:
    """Write uploads of a batch and return what intake would say of it."""
    submissions = []
    for number in range(1001, 1001 + count):
        name = f"paper-{number}"
        path = folder / f"uploads/{number}/{name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        submissions.append(make_submission(str(number), (name,)))
        assert submissions[-1].uploads[0].digest == digest_of(name)
    return make_input(*submissions)


def assess(submission: Submission, outcomes: Mapping[str, ReadOutcome], *_: object) -> Assessment:
    """Accept exactly what was read, but for one applicant at whom it breaks."""
    if submission.student_number == "1013":
        raise ZeroDivisionError("张三 99000019900101001X")
    read = [outcome for outcome in outcomes.values() if outcome.reading]
    return Assessment(
        student_number=submission.student_number,
        decision=Decision.ACCEPT if read else Decision.REVIEW,
        certificate_type=CertificateType.CET4,
        comparisons=(),
        findings=(),
        accepted_number="1" if read else "",
        accepted_score="1" if read else "",
    )


def write_decisions(directory: Path, outcome: BatchOutcome) -> None:
    """Write one line per application."""
    folder = directory / outcome.batch.id
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"{row.student_number},{row.assessment.decision.value}\n" for row in outcome.rows]
    (folder / "results.csv").write_text("".join(rows))


def fake_parts(given: BatchInput, reader: LoggingReader) -> Parts:
    @contextlib.contextmanager
    def open_pool(_reading: ReadingPolicy, _intake: IntakePolicy, _workers: int | None):  # type: ignore[no-untyped-def]
        yield reader

    def read_upload(_folder: Path, _upload: object) -> bytes:
        raise AssertionError("the files are where intake saw them")

    return Parts(
        read_folder=lambda _folder, _policy_of: given,
        read_header=lambda _folder: given.batch,
        read_upload=read_upload,
        open_pool=open_pool,
        assess=assess,
        assess_degree=assess,
        write_outcome=write_decisions,
        engine_version=lambda: "engine-1",
        rule_version="rules-1",
    )
