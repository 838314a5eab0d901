"""The parts that a run is put together from; tests put in others."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from domain.application import Batch, BatchInput, CourseResult, Submission, Upload
from domain.assessment import Assessment
from domain.degree import LanguageResult
from domain.outcome import BatchOutcome
from domain.policy import IntakePolicy, Policy, ReadingPolicy
from domain.reading import PriorUse, ReadOutcome, ReadRequest
from flows.versions import rule_version

PolicyOf = Callable[[str], Policy]


class Reader(Protocol):
    """What reads files: answers come in the order of completion, one for each request."""

    def read(self, requests: Iterable[ReadRequest]) -> Iterator[ReadOutcome]: ...


class NothingToRead:
    """A reader for batches whose files have all been read: it has no workers."""

    def read(self, requests: Iterable[ReadRequest]) -> Iterator[ReadOutcome]:
        """Answer nothing; raises RuntimeError where something is asked after all."""
        if tuple(requests):
            raise RuntimeError("no reading workers were started")
        return iter(())


class Assess(Protocol):
    """What decides one application."""

    def __call__(
        self,
        submission: Submission,
        outcomes: Mapping[str, ReadOutcome],
        prior_uses: tuple[PriorUse, ...],
        batch: Batch,
        policy: Policy,
        today: datetime.date,
    ) -> Assessment: ...


class AssessDegree(Protocol):
    """What decides one application of a degree batch."""

    def __call__(
        self,
        submission: Submission,
        courses: Sequence[CourseResult],
        outcomes: Mapping[str, ReadOutcome],
        prior_uses: tuple[PriorUse, ...],
        language: tuple[LanguageResult, ...],
        batch: Batch,
        policy: Policy,
        today: datetime.date,
        core_plan: Mapping[str, str],
    ) -> Assessment: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything outside this package that a run calls, but for the store."""

    read_folder: Callable[[Path, PolicyOf], BatchInput]
    read_header: Callable[[Path], Batch]
    read_upload: Callable[[Path, Upload], bytes]
    open_pool: Callable[[ReadingPolicy, IntakePolicy, int | None], AbstractContextManager[Reader]]
    assess: Assess
    assess_degree: AssessDegree
    write_outcome: Callable[[Path, BatchOutcome], object]
    engine_version: Callable[[], str]
    rule_version: str


def real_parts() -> Parts:
    """Return the parts of the shipped machine; imported late, since the reader's are heavy."""
    from extractors.intake import read_batch_folder, read_batch_header, read_upload
    from extractors.reading.pool import ReadingPool
    from extractors.reading.worker import engine_version
    from reports.outcome import write_outcome
    from validators.assessing import assess
    from validators.degree_assessing import assess_degree

    return Parts(
        read_folder=read_batch_folder,
        read_header=read_batch_header,
        read_upload=read_upload,
        open_pool=ReadingPool,
        assess=assess,
        assess_degree=assess_degree,
        write_outcome=write_outcome,
        engine_version=engine_version,
        rule_version=rule_version(),
    )
