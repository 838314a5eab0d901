import dataclasses
from pathlib import Path

import pytest

from domain.assessment import Decision
from domain.reading import ReadOutcome
from flows import stages
from flows.progress import Silence
from store import Store, open_store
from store.readings import reading_key
from tests.flows.fakes import LoggingReader, fake_parts, write_folder
from tests.store.builders import digest_of, make_header


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    with open_store(tmp_path / "home") as opened:
        yield opened


def take_in(store: Store, tmp_path: Path, count: int, reader: LoggingReader):  # type: ignore[no-untyped-def]
    given = write_folder(tmp_path / "batch", count)
    parts = fake_parts(given, reader)
    stages.keep_originals(store, parts, tmp_path / "batch", given, Silence())
    store.batches.register(given)
    return parts, store.batches.application_ids("spring")


def test_chunks_hold_every_id_once() -> None:
    found = list(stages.chunks(range(250)))
    assert [len(chunk) for chunk in found] == [100, 100, 50]
    assert [number for chunk in found for number in chunk] == list(range(250))


def test_a_file_is_read_once_for_one_version_of_the_engine(store: Store, tmp_path: Path) -> None:
    reader = LoggingReader(tmp_path / "log")
    _, ids = take_in(store, tmp_path, 3, reader)
    header = make_header()
    assert stages.count_unread(store, header, ids) == 3
    assert stages.read_applications(store, header, ids, reader, Silence()) == 3
    assert stages.count_unread(store, header, ids) == 0
    assert stages.read_applications(store, header, ids, reader, Silence()) == 0
    newer = dataclasses.replace(header, engine_version="engine-2")
    assert stages.read_applications(store, newer, ids, reader, Silence()) == 3


def test_a_file_without_an_answer_counts_as_failed(store: Store, tmp_path: Path) -> None:
    silent = digest_of("paper-1002")
    reader = LoggingReader(tmp_path / "log", silent_about=silent)
    parts, ids = take_in(store, tmp_path, 3, reader)
    header = make_header()
    stages.read_applications(store, header, ids, reader, Silence())
    outcome = store.readings.load(
        [silent], reading_key(header.policy, header.engine_version, header.kind)
    )[silent]
    assert outcome == ReadOutcome(
        file_digest=silent, reading=None, seconds=0.0, fault="no-answer", machine_failed=True
    )
    stages.decide_batch(store, parts, header, ids, Silence())
    assert store.runs.decisions("spring") == {"accept": 2, "review": 1}


def test_an_application_that_breaks_the_rules_goes_to_a_person(
    store: Store, tmp_path: Path
) -> None:
    reader = LoggingReader(tmp_path / "log")
    parts, ids = take_in(store, tmp_path, 14, reader)
    header = make_header()
    stages.read_applications(store, header, ids, reader, Silence())
    stages.decide_batch(store, parts, header, ids, Silence())
    made = store.runs.assessments("spring")
    broken = made[store.batches.find("spring", "1013").id]
    assert (broken.decision, broken.reason_codes) == (Decision.REVIEW, ("machine-failed",))
    assert store.runs.decisions("spring") == {"accept": 13, "review": 1}
    (event,) = [e for e in store.events.of_batch("spring") if e.kind == "machine-failed"]
    assert "ZeroDivisionError" in event.payload
    assert "张三" not in event.payload


def test_a_vanished_row_is_never_accepted(store: Store, tmp_path: Path) -> None:
    reader = LoggingReader(tmp_path / "log")
    parts, ids = take_in(store, tmp_path, 2, reader)
    header = make_header()
    stages.read_applications(store, header, ids, reader, Silence())
    store.batches.register(write_folder(tmp_path / "batch", 1))
    stages.decide_batch(store, parts, header, ids, Silence())
    vanished = store.runs.assessments("spring")[store.batches.find("spring", "1002").id]
    assert (vanished.decision, vanished.accepted_number) == (Decision.REVIEW, "")
    assert vanished.reason_codes == ("row-vanished",)
