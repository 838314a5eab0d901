"""The worker's side of opening untrusted files: ask the host for a child, believe nothing it says.

The host (`decoding_host.py`) is a small process beside each worker; it forks one child per file.
"""

import contextlib
import fcntl
import json
import os
import signal
import socket
import struct
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import NoReturn

from domain.faults import MachineFault
from extractors.reading.decoding_host import (
    DEATH_SECONDS,
    KILL,
    MESSAGE_BYTES,
    READY,
    WAIT,
    DecodeName,
    fork,
    isolate,
    serve,
)
from extractors.reading.sandbox import PIPE_SIZE_BYTES, Decode, Decoded, Limits, receive

# How long the host may take over what it is asked, beyond what a child may take.
ANSWER_SECONDS = 10.0
# How long it may take to load the decoders.
START_SECONDS = 60.0
# All that the host is told of the worker's environment: no address, no password is among it.
KEPT_ENVIRONMENT = (
    *("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "LC_CTYPE", "PYTHONUTF8"),
    "OPENCV_IO_MAX_IMAGE_PIXELS",
)
HOST_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    # Pixels come from a heap of huge pages (glibc): a child that is gone soon has nothing to give
    # back, and a fault for every 4 kB of a page costs more than decoding it.
    "GLIBC_TUNABLES": ":".join(
        (
            "glibc.malloc.hugetlb=1",
            "glibc.malloc.mmap_threshold=1000000000",
            "glibc.malloc.top_pad=33554432",
            "glibc.malloc.trim_threshold=1000000000",
        )
    ),
}


class Decoder:
    """Open files in limited children. Use as a context manager, or once per process.

    The host is a fresh interpreter that runs what `decode` names in each child. Given a function
    instead, it is forked from this process: for decoders that only this process knows.
    """

    def __init__(self, decode: Decode | DecodeName = DecodeName.CERTIFICATE) -> None:
        self._decode = decode
        self._host = 0
        self._ready = False
        self._socket: socket.socket
        self._start()

    def __enter__(self) -> "Decoder":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the host, and with it what it runs."""
        self._socket.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._host, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._host, 0)

    def decode(self, path: str, kind: str, limits: Limits) -> Decoded:
        """Run `decode` in a limited child and return what it saw.

        Raises `DocumentFault` with the child's rule id, or `MachineFault` with `timeout`, `memory`
        or `crashed` when the child did not live to answer.
        """
        try:
            return self._ask(path, kind, limits)
        except OSError as error:
            # The host is gone, by whatever hand: the next file gets a new one.
            self.close()
            self._start()
            raise MachineFault("crashed") from error

    def _ask(self, path: str, kind: str, limits: Limits) -> Decoded:
        self.wait_until_ready()
        reader, writer = os.pipe()
        with contextlib.suppress(OSError):
            fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, PIPE_SIZE_BYTES)
        try:
            try:
                request = json.dumps([path, kind, asdict(limits)]).encode()
                socket.send_fds(self._socket, [request], [writer])
            finally:
                os.close(writer)
            farewell = KILL
            try:
                return receive(reader, time.monotonic() + limits.wall_seconds, limits)
            except EOFError:
                farewell = WAIT
            finally:
                status = self._end_child(farewell)
            raise MachineFault(_cause_of_death(status))
        finally:
            os.close(reader)

    def _end_child(self, farewell: bytes) -> int:
        """End the child, after a grace for `WAIT`, and return how it ended."""
        self._socket.send(farewell)
        answer = self._socket.recv(MESSAGE_BYTES)
        if len(answer) != 4:
            raise ConnectionError("the decoding host is gone")
        (status,) = struct.unpack(">i", answer)
        return int(status)

    def wait_until_ready(self) -> None:
        """Wait until the host has loaded the decoders; raise `OSError` where it does not."""
        if not self._ready:
            self._socket.settimeout(START_SECONDS)
            if self._socket.recv(MESSAGE_BYTES) != READY:
                raise ConnectionError("the decoding host does not start")
            self._socket.settimeout(DEATH_SECONDS + ANSWER_SECONDS)
            self._ready = True

    def _start(self) -> None:
        self._ready = False
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            if isinstance(self._decode, DecodeName):
                self._host = _spawn(theirs, self._decode)
            elif (host := fork()) == 0:
                _be_host(theirs, self._decode)
            else:
                self._host = host


def decode_in_child(path: str, kind: str, limits: Limits, decode: Decode) -> Decoded:
    """Open one file with a host of its own, see `Decoder.decode`."""
    with Decoder(decode) as decoder:
        return decoder.decode(path, kind, limits)


def _cause_of_death(status: int) -> str:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
        return "timeout"
    return "crashed"


def _be_host(connection: socket.socket, decode: Decode) -> NoReturn:
    try:
        isolate(connection)
        serve(connection, decode)
    finally:
        os._exit(1)


def _spawn(connection: socket.socket, decode: DecodeName) -> int:
    """Start the host as an interpreter of its own and return its process id."""
    kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    path = {"PYTHONPATH": os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)}
    # -P: nothing is imported from the folder in which the command happens to run.
    command = [sys.executable, "-P", "-m", "extractors.reading.decoding_host", "3", decode]
    return os.posix_spawn(
        sys.executable,
        command,
        kept | path | HOST_ENVIRONMENT,
        file_actions=[(os.POSIX_SPAWN_DUP2, connection.fileno(), 3)],
    )
