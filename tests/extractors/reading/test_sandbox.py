"""The child that opens untrusted files: its limits hold, and its answers are not believed."""

import dataclasses
import json
import os
import resource
import signal
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from domain.faults import DocumentFault, MachineFault
from extractors.reading.decoder import decode_in_child
from extractors.reading.sandbox import (
    HEAD_LIMIT_BYTES,
    Decoded,
    DecodedPage,
    LayerLine,
    Limits,
)

LIMITS = Limits(
    cpu_seconds=1,
    memory_bytes=200_000_000,
    wall_seconds=3.0,
    max_pages=3,
    max_side_px=2000,
    max_pixels=1_000_000,
    render_dpi=100,
)
PAGE = DecodedPage(
    picture=np.arange(24, dtype=np.uint8).reshape(2, 4, 3),
    text_layer=(
        LayerLine(text="总分", left=0.1, top=0.2, right=0.3, bottom=0.4, positions=(0.25, 0.75)),
    ),
    qr_texts=("a" * 3000,),
)

Decode = Callable[[str, str, Limits], Decoded]


def run(decode: Decode, limits: Limits = LIMITS, path: str = "/dev/null") -> Decoded:
    return decode_in_child(path, "jpeg", limits, decode)


def code_of(decode: Decode, limits: Limits = LIMITS) -> str:
    with pytest.raises(MachineFault) as fault:
        run(decode, limits)
    return fault.value.code


def test_pixels_layers_and_notes_cross_unchanged_and_bounded() -> None:
    def decode(_path: str, _kind: str, _limits: Limits) -> Decoded:
        return Decoded(pages=(PAGE, PAGE), notes=("active-content",))

    decoded = run(decode)

    assert decoded.notes == ("active-content",)
    assert len(decoded.pages) == 2
    for page in decoded.pages:
        assert np.array_equal(page.picture, PAGE.picture)
        assert page.text_layer == PAGE.text_layer
        assert page.qr_texts == ("a" * 1000,)


def test_a_fault_of_the_document_crosses_as_its_code_alone() -> None:
    def decode(*_: object) -> Decoded:
        raise DocumentFault("encrypted", "张三 990000")

    with pytest.raises(DocumentFault) as fault:
        run(decode)

    assert (fault.value.rule_id, str(fault.value)) == ("encrypted", "encrypted")


def test_an_error_nobody_expected_is_a_crash_without_its_text(
    capfd: pytest.CaptureFixture[str],
) -> None:
    def decode(*_: object) -> Decoded:
        raise RuntimeError("张三 990000")

    assert code_of(decode) == "crashed"
    assert capfd.readouterr() == ("", "")


def test_time_of_the_processor_is_limited() -> None:
    def decode(*_: object) -> Decoded:
        while True:
            pass

    assert code_of(decode) == "timeout"


def test_a_child_that_sleeps_is_ended_at_the_limit_of_the_clock() -> None:
    pids = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")

    def decode(*_: object) -> Decoded:
        time.sleep(60)
        raise AssertionError

    before = pids.read_text()
    assert code_of(decode, dataclasses.replace(LIMITS, wall_seconds=0.4)) == "timeout"
    assert pids.read_text() == before


@pytest.mark.parametrize("share", [2, 50])
def test_memory_is_limited(share: int) -> None:
    def decode(*_: object) -> Decoded:
        np.ones(share * LIMITS.memory_bytes, dtype=np.uint8)
        raise AssertionError

    assert code_of(decode) == "memory"


def test_memory_within_the_limit_is_given() -> None:
    def decode(*_: object) -> Decoded:
        assert np.ones(LIMITS.memory_bytes // 2, dtype=np.uint8).all()
        return Decoded(pages=(), notes=())

    assert run(decode).pages == ()


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS])
def test_a_child_that_dies_of_a_signal_is_a_crash(number: signal.Signals) -> None:
    def decode(*_: object) -> Decoded:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        raise AssertionError

    assert code_of(decode) == "crashed"


def test_no_byte_can_be_written_to_a_file(tmp_path: Path) -> None:
    target = tmp_path / "canary"
    target.write_bytes(b"as it was")

    def decode(*_: object) -> Decoded:
        try:
            with target.open("ab") as file:
                file.write(b"changed")
        except OSError:
            return Decoded(pages=(), notes=("refused",))
        return Decoded(pages=(), notes=("written",))

    assert run(decode).notes == ("refused",)
    assert target.read_bytes() == b"as it was"


def test_nothing_of_the_worker_but_its_answer_pipe_is_open_in_the_child(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, (tmp_path / "secret").open("wb") as secret:
        before = sorted([ours.fileno(), theirs.fileno(), secret.fileno()])

        def decode(*_: object) -> Decoded:
            targets = {os.readlink(f"/proc/self/fd/{name}") for name in _descriptors()}  # noqa: PTH115
            notes = ["pipe"] if any(target.startswith("pipe:") for target in targets) else []
            notes += ["socket"] if any(target.startswith("socket:") for target in targets) else []
            notes += ["secret"] if str(tmp_path / "secret") in targets else []
            return Decoded(pages=(), notes=tuple(notes))

        assert run(decode).notes == ("pipe",)
        assert sorted([ours.fileno(), theirs.fileno(), secret.fileno()]) == before


def _descriptors() -> list[str]:
    """Return what is open, without the standard streams and the listing itself."""
    names = os.listdir("/proc/self/fd")  # noqa: PTH208
    return [name for name in names if int(name) > 2 and Path(f"/proc/self/fd/{name}").exists()]


def test_no_core_is_written_and_no_interrupt_of_the_terminal_reaches_the_child() -> None:
    def decode(*_: object) -> Decoded:
        assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
        os.kill(os.getpid(), signal.SIGINT)
        return Decoded(pages=(), notes=("alive",))

    assert run(decode).notes == ("alive",)


def test_a_child_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    fifo = tmp_path / "pid"
    os.mkfifo(fifo)

    def decode(*_: object) -> Decoded:
        descriptor = os.open(fifo, os.O_WRONLY)
        os.write(descriptor, str(os.getpid()).encode())
        os.close(descriptor)
        time.sleep(60)
        raise AssertionError

    worker = os.fork()
    if worker == 0:
        run(decode, dataclasses.replace(LIMITS, wall_seconds=60.0))
        os._exit(0)
    child = int(fifo.read_text())
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)

    assert _gone(child)


def _gone(pid: int) -> bool:
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def lie(head: object, pixels: bytes = b"", size: int | None = None) -> Decode:
    """Return a decoder that writes its own answer to the pipe, past every honest step."""
    body = head if isinstance(head, bytes) else json.dumps(head).encode()

    def decode(*_: object) -> Decoded:
        pipe = max(int(name) for name in _descriptors() if _is_pipe(name))
        announced = len(body) if size is None else size
        rest = struct.pack(">I", announced) + body + pixels
        while rest:
            rest = rest[os.write(pipe, rest) :]
        os._exit(0)

    return decode


def _is_pipe(name: str) -> bool:
    return os.readlink(f"/proc/self/fd/{name}").startswith("pipe:")  # noqa: PTH115


def page(**changes: Any) -> dict[str, Any]:
    return {"width": 2, "height": 2, "layer": [], "qr": []} | changes


def test_an_honest_answer_in_the_same_form_is_read() -> None:
    head = {"notes": ["blank"], "pages": [page()]}

    decoded = run(lie(head, bytes(12)))

    assert decoded.pages[0].picture.shape == (2, 2, 3)


LIES = {
    "a page wider than allowed": {"notes": [], "pages": [page(width=2001)]},
    "a page of more pixels than allowed": {"notes": [], "pages": [page(width=1001, height=1000)]},
    "a page without a side": {"notes": [], "pages": [page(height=0)]},
    "a page of negative size": {"notes": [], "pages": [page(width=-2, height=-2)]},
    "a size that is no number": {"notes": [], "pages": [page(width="two")]},
    "a size without end": {"notes": [], "pages": [page(width=1e400)]},
    "more pages than allowed": {"notes": [], "pages": [page()] * 4},
    "no pages": {"notes": []},
    "pages of another form": {"notes": [], "pages": [7]},
    "a note with a text in it": {"notes": ["张三 990000"], "pages": []},
    "a fault with a text in it": {"fault": "Zhang San 990000"},
    "a failure with a text in it": {"failed": "A" * 5000},
    "a box that is no number": {
        "notes": [],
        "pages": [page(layer=[["ab", float("nan"), 0, 1, 1, [0.1, 0.9]]])],
    },
    "a character without a place": {
        "notes": [],
        "pages": [page(layer=[["ab", 0, 0, 1, 1, [0.1]]])],
    },
    "a line of another form": {"notes": [], "pages": [page(layer=["ab"])]},
    "a list": [1, 2, 3],
    "a number": 7,
    "no JSON": b"\x80\x04pickled",
    "JSON without bottom": b"[" * 100_000,
}


@pytest.mark.parametrize("name", LIES)
def test_a_lying_head_is_refused(name: str) -> None:
    assert code_of(lie(LIES[name], bytes(100))) == "crashed"


@pytest.mark.parametrize("size", [HEAD_LIMIT_BYTES + 1, 0xFFFFFFFF])
def test_a_head_of_giant_size_is_refused_before_it_is_read(size: int) -> None:
    assert code_of(lie(b"", size=size)) == "memory"


def test_fewer_pixels_than_announced_are_a_crash() -> None:
    assert code_of(lie({"notes": [], "pages": [page()]}, bytes(11))) == "crashed"


def test_a_head_shorter_than_announced_is_a_crash() -> None:
    assert code_of(lie(b"{}", size=1000)) == "crashed"


def test_a_child_that_closes_its_pipe_and_lives_on_is_ended() -> None:
    def decode(*_: object) -> Decoded:
        os.closerange(3, 1000)
        time.sleep(60)
        raise AssertionError

    assert code_of(decode) == "crashed"
