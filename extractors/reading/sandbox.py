"""Open an untrusted file in a child process that can do little harm.

The child is forked for one file. It gets limits on memory, processor time and files, no network
where the kernel allows, and answers over one pipe: a JSON head of bounded size, then raw pixels.
The parent checks every size before it believes it, and ends the child when the time is up.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import resource
import select
import signal
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from domain.faults import DocumentFault, MachineFault
from domain.policy import IntakePolicy, ReadingPolicy
from extractors.reading.recognition import Picture

HEAD_LIMIT_BYTES = 8 * 1024 * 1024
PIPE_SIZE_BYTES = 1024 * 1024
QR_LIMIT_CHARACTERS = 1000
# Pages of a PDF are rendered no larger than this, whatever the page box says.
PDF_PAGE_PIXELS = 6_000_000
CLONE_NEWUSER_NEWNET = 0x10000000 | 0x40000000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may cost while it is decoded."""

    cpu_seconds: int
    memory_bytes: int
    wall_seconds: float
    max_pages: int
    max_side_px: int
    max_pixels: int
    render_dpi: int

    @classmethod
    def from_policy(cls, reading: ReadingPolicy, intake: IntakePolicy) -> "Limits":
        """Return the limits that a policy sets."""
        return cls(
            cpu_seconds=reading.cpu_seconds,
            memory_bytes=reading.memory_bytes,
            wall_seconds=float(reading.cpu_seconds + 10),
            max_pages=intake.max_pages,
            max_side_px=intake.max_side_px,
            max_pixels=intake.max_pixels,
            render_dpi=reading.render_dpi,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerLine:
    """One line of a PDF's text layer, boxes relative to the page as rendered (0-1)."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    positions: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedPage:
    """One page as stored, not yet upright: pixels (height x width x 3, BGR) and text layer."""

    picture: Picture
    text_layer: tuple[LayerLine, ...]
    qr_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A file as pixels; `notes` are rule ids observed while opening it."""

    pages: tuple[DecodedPage, ...]
    notes: tuple[str, ...]


# What the child runs: pages of (pixels, text layer) and notes; DocumentFault for the document's.
Decode = Callable[[str, str, Limits], Decoded]


def decode_in_child(path: str, kind: str, limits: Limits, decode: Decode) -> Decoded:
    """Run `decode(path, kind, limits)` in a limited child and return what it saw.

    Raises `DocumentFault` with the child's rule id, or `MachineFault` with `timeout`, `memory` or
    `crashed` when the child did not live to answer.
    """
    reader, writer = os.pipe()
    with contextlib.suppress(OSError):
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, PIPE_SIZE_BYTES)
    child = os.fork()
    if child == 0:
        os.close(reader)
        _run_child(writer, path, kind, limits, decode)
    os.close(writer)
    try:
        return _receive(reader, time.monotonic() + limits.wall_seconds, limits)
    except EOFError as error:
        raise MachineFault(_cause_of_death(child)) from error
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)


def _cause_of_death(child: int) -> str:
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
        return "timeout"
    return "crashed"


def _run_child(writer: int, path: str, kind: str, limits: Limits, decode: Decode) -> NoReturn:
    try:
        _restrict(limits)
        try:
            head, pictures = _encode(decode(path, kind, limits))
        except DocumentFault as fault:
            head, pictures = {"fault": fault.rule_id}, []
        except MemoryError:
            head, pictures = {"failed": "memory"}, []
        with open(writer, "wb", buffering=0) as pipe:
            body = json.dumps(head).encode()
            _write_all(pipe.fileno(), struct.pack(">I", len(body)) + body)
            for picture in pictures:
                _write_all(pipe.fileno(), picture.data.cast("B"))
    except BaseException:
        os._exit(1)
    os._exit(0)


def _restrict(limits: Limits) -> None:
    """Limit the child; what fails here fails the file, except the network namespace."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):
        # Not every kernel lets an unprivileged process do this; nothing in the child connects.
        ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER_NEWNET)
    used = _address_space_bytes()
    resource.setrlimit(resource.RLIMIT_AS, (used + limits.memory_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Libraries complain about broken files on stderr; the finding says it better.
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    sys.setrecursionlimit(1000)


def _address_space_bytes() -> int:
    with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123
        return int(statm.read().split()[0]) * resource.getpagesize()


def _encode(decoded: Decoded) -> tuple[dict[str, Any], list[Picture]]:
    pictures = [np.ascontiguousarray(page.picture) for page in decoded.pages]
    head = {
        "notes": list(decoded.notes),
        "pages": [
            {
                "width": page.picture.shape[1],
                "height": page.picture.shape[0],
                "layer": [
                    [line.text, line.left, line.top, line.right, line.bottom, line.positions]
                    for line in page.text_layer
                ],
                "qr": list(page.qr_texts),
            }
            for page in decoded.pages
        ],
    }
    return head, pictures


def _write_all(descriptor: int, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view[:PIPE_SIZE_BYTES]) :]


def _receive(reader: int, deadline: float, limits: Limits) -> Decoded:
    (size,) = struct.unpack(">I", _read_exactly(reader, 4, deadline))
    if size > HEAD_LIMIT_BYTES:
        raise MachineFault("memory")
    untrusted_head = json.loads(bytes(_read_exactly(reader, size, deadline)))
    if "fault" in untrusted_head:
        raise DocumentFault(str(untrusted_head["fault"])[:40])
    if "failed" in untrusted_head:
        raise MachineFault(str(untrusted_head["failed"])[:40])
    if len(untrusted_head["pages"]) > limits.max_pages:
        raise MachineFault("crashed")
    return Decoded(
        pages=tuple(_page(page, reader, deadline, limits) for page in untrusted_head["pages"]),
        notes=tuple(str(note)[:40] for note in untrusted_head["notes"][:50]),
    )


def _page(
    untrusted_page: dict[str, Any], reader: int, deadline: float, limits: Limits
) -> DecodedPage:
    width, height = int(untrusted_page["width"]), int(untrusted_page["height"])
    if not (0 < width <= limits.max_side_px and 0 < height <= limits.max_side_px):
        raise MachineFault("crashed")
    if width * height > limits.max_pixels:
        raise MachineFault("crashed")
    pixels = _read_exactly(reader, width * height * 3, deadline)
    return DecodedPage(
        picture=np.frombuffer(pixels, dtype=np.uint8).reshape(height, width, 3),
        text_layer=tuple(
            LayerLine(
                text=str(text),
                left=float(left),
                top=float(top),
                right=float(right),
                bottom=float(bottom),
                positions=tuple(map(float, positions)),
            )
            for text, left, top, right, bottom, positions in untrusted_page["layer"]
        ),
        qr_texts=tuple(str(text)[:QR_LIMIT_CHARACTERS] for text in untrusted_page["qr"][:10]),
    )


def _read_exactly(reader: int, size: int, deadline: float) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        remaining = deadline - time.monotonic()
        if remaining <= 0 or not select.select([reader], [], [], remaining)[0]:
            raise MachineFault("timeout")
        count = os.readv(reader, [view[:PIPE_SIZE_BYTES]])
        if count == 0:
            raise EOFError
        view = view[count:]
    return data
