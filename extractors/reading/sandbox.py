"""What the child that opens an untrusted file may do, and what is believed of its answer.

The child gets limits on memory, processor time and files, and answers over one pipe: a JSON head of
bounded size, then raw pixels. The receiver checks every size before it believes it. `decoder.py`
starts and ends the children.
"""

import ctypes
import json
import math
import os
import re
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
from extractors.reading.picture import Picture

HEAD_LIMIT_BYTES = 8 * 1024 * 1024
PIPE_SIZE_BYTES = 1024 * 1024
QR_LIMIT_CHARACTERS = 1000
# Pages of a PDF are rendered no larger than this, whatever the page box says.
PDF_PAGE_PIXELS = 6_000_000
PR_SET_PDEATHSIG = 1
# The only form in which a child may name a fault or a note: never a text of the document.
CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")

_LIBC = ctypes.CDLL(None, use_errno=True)
_LIBC.vmsplice.restype = ctypes.c_ssize_t


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


def run_child(writer: int, path: str, kind: str, limits: Limits, decode: Decode) -> NoReturn:
    """Be the child: decode one file within its limits, answer on `writer`, and end."""
    try:
        # Above all the pipe on which the next files are asked for.
        os.closerange(3, writer)
        os.closerange(writer + 1, os.sysconf("SC_OPEN_MAX"))
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
                _lend_all(pipe.fileno(), picture)
    except BaseException:
        os._exit(1)
    os._exit(0)


def end_with_parent() -> None:
    """Let the kernel end this process with the one that forked it."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _restrict(limits: Limits) -> None:
    """Limit the child; what fails here fails the file."""
    end_with_parent()
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
    statm = os.open("/proc/self/statm", os.O_RDONLY)
    try:
        return int(os.read(statm, 200).split()[0]) * resource.getpagesize()
    finally:
        os.close(statm)


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


class _Span(ctypes.Structure):
    """`struct iovec` of readv(2)."""

    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


def _lend_all(descriptor: int, picture: Picture) -> None:
    """Put a picture's pages into the pipe instead of a copy; nothing may change it after."""
    span = _Span(picture.ctypes.data, picture.nbytes)
    while span.length:
        count = _LIBC.vmsplice(descriptor, ctypes.byref(span), ctypes.c_size_t(1), 0)
        if count < 0:  # a kernel, or a filter of its calls, that does not know this
            _write_all(descriptor, picture.reshape(-1)[picture.nbytes - span.length :].data)
            return
        span.base, span.length = span.base + count, span.length - count


def receive(reader: int, deadline: float, limits: Limits) -> Decoded:
    """Return a child's answer, believing none of its sizes.

    Raises `DocumentFault` and `MachineFault` as the child says, `MachineFault` with `timeout` at
    the deadline (monotonic seconds), `EOFError` where the child ended without an answer.
    """
    (size,) = struct.unpack(">I", _read_exactly(reader, 4, deadline))
    if size > HEAD_LIMIT_BYTES:
        raise MachineFault("memory")
    untrusted_bytes = bytes(_read_exactly(reader, size, deadline))
    try:
        untrusted_head = json.loads(untrusted_bytes, parse_constant=_refuse)
        if "fault" in untrusted_head:
            raise DocumentFault(_code(untrusted_head["fault"]))
        if "failed" in untrusted_head:
            raise MachineFault(_code(untrusted_head["failed"]))
        notes = tuple(map(_code, untrusted_head["notes"][:50]))
        untrusted_pages = list(untrusted_head["pages"])
        sizes = [(int(page["width"]), int(page["height"])) for page in untrusted_pages]
        _check_sizes(sizes, limits)
        layers = [tuple(map(_layer_line, page["layer"])) for page in untrusted_pages]
        qr_texts = [
            tuple(str(text)[:QR_LIMIT_CHARACTERS] for text in page["qr"][:10])
            for page in untrusted_pages
        ]
    except (TypeError, ValueError, KeyError, OverflowError, RecursionError) as error:
        raise MachineFault("crashed") from error
    pages = []
    for (width, height), layer, texts in zip(sizes, layers, qr_texts, strict=True):
        pixels = _read_exactly(reader, width * height * 3, deadline)
        picture = np.frombuffer(pixels, dtype=np.uint8).reshape(height, width, 3)
        pages.append(DecodedPage(picture=picture, text_layer=layer, qr_texts=texts))
    return Decoded(pages=tuple(pages), notes=notes)


def _check_sizes(sizes: list[tuple[int, int]], limits: Limits) -> None:
    """Refuse what no honest child would send, before any memory is set aside for it."""
    total = sum(width * height for width, height in sizes)
    fits = all(
        0 < width <= limits.max_side_px
        and 0 < height <= limits.max_side_px
        and width * height <= limits.max_pixels
        for width, height in sizes
    )
    most = max(limits.max_pixels, limits.max_pages * PDF_PAGE_PIXELS)
    if not fits or len(sizes) > limits.max_pages or total > most:
        raise MachineFault("crashed")


def _layer_line(untrusted_line: list[Any]) -> LayerLine:
    text, *box, positions = untrusted_line
    left, top, right, bottom, *centres = (float(number) for number in [*box, *positions])
    finite = all(math.isfinite(number) for number in (left, top, right, bottom, *centres))
    if not isinstance(text, str) or len(box) != 4 or len(centres) != len(text) or not finite:
        raise ValueError("not a line of text")
    return LayerLine(
        text=text, left=left, top=top, right=right, bottom=bottom, positions=tuple(centres)
    )


def _code(untrusted_code: object) -> str:
    code = str(untrusted_code)
    if not CODE.fullmatch(code):
        raise ValueError("not a code")
    return code


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _read_exactly(reader: int, size: int, deadline: float) -> memoryview:
    # Not set to zero first, and in huge pages where it is large: all of it is written below.
    data = view = np.empty(size, dtype=np.uint8).data
    while view:
        remaining = deadline - time.monotonic()
        if remaining <= 0 or not select.select([reader], [], [], remaining)[0]:
            raise MachineFault("timeout")
        count = os.readv(reader, [view[:PIPE_SIZE_BYTES]])
        if count == 0:
            raise EOFError
        view = view[count:]
    return data
