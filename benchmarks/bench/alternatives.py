"""The plain alternatives as they come, in a child process of their own: one thread, one core.

The child decodes a file once, as hedui decodes it, and hands the pixels to each engine at native
size; decoding is not counted for them. Tesseract starts anew with each call, for that is how
pytesseract comes; RapidOCR keeps its models. Nothing is tuned.
"""

import contextlib
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

from benchmarks.bench.machine import cpu_seconds, pin
from domain.faults import DocumentFault, MachineFault
from domain.policy import IntakePolicy, ReadingPolicy
from domain.reading import ReadRequest

ENGINES = ("pytesseract psm 3", "pytesseract psm 6", "RapidOCR")
PDF_DPI = 200
_ANSWER_SECONDS = 600.0
_TEXT_COLUMN = 11  # of Tesseract's TSV


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one request cost the child; `text` is everything that the engine read on all pages."""

    wall_seconds: float
    cpu_seconds: float
    pages: int
    text: str = ""
    failed: str = ""


class Alternatives:
    """The child process. Use as a context manager."""

    def __init__(self, reading: ReadingPolicy, intake: IntakePolicy, core: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        policy = replace(reading, render_dpi=PDF_DPI)
        self._process = context.Process(
            target=_serve, args=(theirs, policy, intake, core), daemon=True, name="bench-child"
        )
        self._theirs = theirs
        self._core = core

    def __enter__(self) -> "Alternatives":
        self._process.start()
        self._theirs.close()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()
        self._process.kill()
        self._process.join()

    def decode(self, request: ReadRequest) -> Work:
        """Decode a file; the pages stay in the child for the engines."""
        return self._ask("decode", request)

    def read(self, engine: str) -> Work:
        """Let an engine read the pages that were decoded last."""
        return self._ask("read", engine)

    def _ask(self, what: str, argument: object) -> Work:
        process_id = self._process.pid or 0
        with contextlib.suppress(OSError):
            pin(process_id, self._core)  # also the threads that a library made for itself
            before = cpu_seconds(process_id)
            self._connection.send((what, argument))
            if self._connection.poll(_ANSWER_SECONDS):
                with contextlib.suppress(EOFError):
                    seconds, pages, text, failed = self._connection.recv()
                    spent = cpu_seconds(process_id) - before
                    return Work(
                        wall_seconds=seconds,
                        cpu_seconds=spent,
                        pages=pages,
                        text=text,
                        failed=failed,
                    )
        raise MachineFault("bench-child", "the plain alternatives' process died; run again")


def _serve(connection: Connection, reading: ReadingPolicy, intake: IntakePolicy, core: int) -> None:
    os.sched_setaffinity(0, {core})
    os.environ["OMP_THREAD_LIMIT"] = "1"
    # What the libraries say about themselves is nothing that the operator asked for.
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    from extractors.reading.decoder import Decoder
    from extractors.reading.sandbox import Limits

    decoder, limits = Decoder(), Limits.from_policy(reading, intake)
    engines: dict[str, Callable[[Any], str]] = {}
    pictures: list[Any] = []
    while True:
        try:
            what, argument = connection.recv()
        except EOFError:
            decoder.close()
            return
        texts, failed = [], ""
        if what == "read" and argument not in engines:
            engines[argument] = _load(argument)
        begun = time.perf_counter()
        try:
            if what == "decode":
                decoded = decoder.decode(argument.path, argument.kind.value, limits)
                pictures = [page.picture for page in decoded.pages]
            else:
                # RGB for Tesseract, BGR for RapidOCR: each gets what it documents.
                ready = _prepare(argument, pictures)
                begun = time.perf_counter()
                texts = [engines[argument](picture) for picture in ready]
        except (DocumentFault, MachineFault) as fault:
            failed = str(fault)
        except Exception as error:
            failed = type(error).__name__  # its text may quote the document
        seconds = time.perf_counter() - begun
        connection.send((seconds, len(pictures), "\n".join(texts), failed))


def _prepare(engine: str, pictures: list[Any]) -> list[Any]:
    import numpy

    if engine == "RapidOCR":
        return [numpy.ascontiguousarray(picture) for picture in pictures]
    return [numpy.ascontiguousarray(picture[:, :, ::-1]) for picture in pictures]


def _load(engine: str) -> Callable[[Any], str]:
    if engine == "RapidOCR":
        from rapidocr import RapidOCR

        rapid: Any = RapidOCR()
        return lambda picture: "\n".join(rapid(picture).txts or ())
    import pytesseract

    config = f"--psm {engine[-1]}"

    def read(picture: Any) -> str:
        table = pytesseract.image_to_data(picture, lang="chi_sim+eng", config=config)
        return " ".join(_words(table))

    return read


def _words(table: str) -> Iterator[str]:
    for line in table.splitlines()[1:]:
        cells = line.split("\t")
        if len(cells) > _TEXT_COLUMN and cells[_TEXT_COLUMN].strip():
            yield cells[_TEXT_COLUMN]
