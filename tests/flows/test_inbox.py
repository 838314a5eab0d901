import dataclasses
import datetime
from pathlib import Path

import pytest

from domain.application import BatchInput
from domain.faults import BatchRefused, InputFault, MachineFault
from flows.environment import Installation
from flows.inbox import Sight, look_into_inbox
from flows.parts import Parts
from flows.running import RunOrder
from store import open_store
from store.batches import content_digest
from tests.flows.fakes import LoggingReader, fake_parts, write_folder
from tests.store.builders import make_assessment, make_header

AFTER = datetime.datetime(2024, 4, 2, tzinfo=datetime.UTC)
BEFORE = datetime.datetime(2024, 3, 2, tzinfo=datetime.UTC)


class Inbox:
    """An inbox of one folder, and a run that only records what it was asked."""

    def __init__(self, tmp_path: Path) -> None:
        self.installation = Installation(home=tmp_path / "home", database_url=None)
        self.folder = tmp_path / "inbox" / "spring"
        self.given: BatchInput = write_folder(self.folder, 2)
        self.runs = 0
        self.provisional = False
        self.error: Exception | None = None

    def run(self, _order: RunOrder) -> None:
        if self.error:
            raise self.error
        self.runs += 1
        with open_store(self.installation.home) as store:
            store.batches.register(self.given)
            header = dataclasses.replace(
                make_header(provisional=self.provisional), content_digest=content_digest(self.given)
            )
            run_id = store.runs.start(header)
            ids = store.batches.application_ids("spring")
            made = [
                (item.id, make_assessment(item.submission.student_number))
                for item in store.batches.load(ids)
            ]
            store.runs.record(header, made)
            store.runs.finish(run_id, header, (), ())

    def parts(self) -> Parts:
        parts = fake_parts(self.given, LoggingReader(self.folder / "log"))
        if isinstance(self.error, BatchRefused):
            refused = self.error

            def refuse(_folder: Path, _policy: object) -> BatchInput:
                raise refused

            parts = dataclasses.replace(parts, read_folder=refuse)
        return parts

    def look(self, now: datetime.datetime = AFTER) -> Sight:
        (seen,) = look_into_inbox(
            self.installation, [self.folder], self.folder.parent, self.parts(), self.run, now
        )
        return seen.sight


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path)


def test_a_batch_runs_once_after_its_deadline(inbox: Inbox) -> None:
    assert inbox.look(BEFORE) is Sight.WAITS
    assert inbox.look() is Sight.RUN
    assert inbox.look() is Sight.DONE
    assert inbox.runs == 1


def test_a_moved_deadline_is_heeded_and_does_not_run_it_twice(inbox: Inbox) -> None:
    later = dataclasses.replace(inbox.given.batch, deadline=AFTER + datetime.timedelta(days=5))
    moved = dataclasses.replace(inbox.given, batch=later)
    inbox.given, first = moved, inbox.given
    assert inbox.look() is Sight.WAITS
    inbox.given = first
    assert inbox.look() is Sight.RUN
    inbox.given = moved
    assert inbox.look(AFTER + datetime.timedelta(days=6)) is Sight.DONE
    assert inbox.runs == 1


def test_only_changed_content_is_run_again(inbox: Inbox) -> None:
    inbox.look()
    (inbox.folder / "note.txt").write_text("touched, but no row and no upload")
    assert inbox.look() is Sight.DONE
    inbox.given = write_folder(inbox.folder, 3)
    assert inbox.look() is Sight.RUN
    assert inbox.look() is Sight.DONE
    assert inbox.runs == 2


def test_a_provisional_run_does_not_count(inbox: Inbox) -> None:
    inbox.provisional = True
    inbox.run(RunOrder(folder=inbox.folder, out=inbox.folder))
    inbox.provisional = False
    assert inbox.look() is Sight.RUN
    assert inbox.look() is Sight.DONE


def test_a_failure_is_tried_again_and_a_refusal_only_when_changed(inbox: Inbox) -> None:
    inbox.error = MachineFault("disk-full")
    assert inbox.look() is Sight.FAILED
    assert inbox.look() is Sight.FAILED
    fault = InputFault(
        file="batch.toml", row=None, column="", code="x", message="错", message_en="wrong"
    )
    inbox.error = BatchRefused((fault,))
    assert inbox.look() is Sight.REFUSED
    inbox.error = None
    assert inbox.look() is Sight.STILL_REFUSED, "nothing changed in the folder"
    (inbox.folder / "batch.toml").write_text("mended")
    assert inbox.look() is Sight.RUN
