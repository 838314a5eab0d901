"""The process that opens untrusted files: one small host per worker, one child of it per file.

The host is forked before the models are loaded and knows nothing but the decoders, so that the
child for a file costs a few milliseconds. It has no network, and dies with its worker.
"""

import contextlib
import ctypes
import fcntl
import gc
import json
import os
import signal
import socket
import struct
import time
import warnings
from dataclasses import asdict
from types import TracebackType
from typing import NoReturn

from domain.faults import MachineFault
from extractors.reading.sandbox import (
    PIPE_SIZE_BYTES,
    Decode,
    Decoded,
    Limits,
    end_with_parent,
    receive,
    run_child,
)

CLONE_NEWUSER_NEWNET = 0x10000000 | 0x40000000
MESSAGE_BYTES = 65536
# How long a child may take to end after it closed its end of the pipe.
DEATH_SECONDS = 2.0
# How long the host may take over what it is asked, beyond what a child may take.
ANSWER_SECONDS = 10.0
_KILL, _WAIT = b"kill", b"wait"


class Decoder:
    """Open files in limited children. Use as a context manager, or once per process.

    `decode(path, kind, limits)` is what each child runs.
    """

    def __init__(self, decode: Decode) -> None:
        self._decode = decode
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
        reader, writer = os.pipe()
        with contextlib.suppress(OSError):
            fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, PIPE_SIZE_BYTES)
        try:
            try:
                request = json.dumps([path, kind, asdict(limits)]).encode()
                socket.send_fds(self._socket, [request], [writer])
            finally:
                os.close(writer)
            farewell = _KILL
            try:
                return receive(reader, time.monotonic() + limits.wall_seconds, limits)
            except EOFError:
                farewell = _WAIT
            finally:
                status = self._end_child(farewell)
            raise MachineFault(_cause_of_death(status))
        finally:
            os.close(reader)

    def _end_child(self, farewell: bytes) -> int:
        """End the child, after a grace for `_WAIT`, and return how it ended."""
        self._socket.send(farewell)
        answer = self._socket.recv(MESSAGE_BYTES)
        if len(answer) != 4:
            raise ConnectionError("the decoding host is gone")
        (status,) = struct.unpack(">i", answer)
        return int(status)

    def _start(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._host = _fork()
        if self._host == 0:
            ours.close()
            _serve(theirs, self._decode)
        theirs.close()
        ours.settimeout(DEATH_SECONDS + ANSWER_SECONDS)
        self._socket = ours


def decode_in_child(path: str, kind: str, limits: Limits, decode: Decode) -> Decoded:
    """Open one file with a host of its own, see `Decoder.decode`."""
    with Decoder(decode) as decoder:
        return decoder.decode(path, kind, limits)


def _fork() -> int:
    with warnings.catch_warnings():
        # Python 3.12 warns of a fork beside threads; what the child runs waits for none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _cause_of_death(status: int) -> str:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL):
        return "timeout"
    return "crashed"


def _serve(connection: socket.socket, decode: Decode) -> NoReturn:
    """Fork a child for every request until the worker is gone."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        end_with_parent()
        # The worker's own pipe above all: what is sent there is believed.
        own = connection.fileno()
        os.closerange(3, own)
        os.closerange(own + 1, os.sysconf("SC_OPEN_MAX"))
        with contextlib.suppress(OSError, AttributeError):
            # Not every kernel lets an unprivileged process do this; nothing here connects.
            ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER_NEWNET)
        gc.freeze()  # what is here stays shared with every child
        while True:
            request, descriptors, *_ = socket.recv_fds(connection, MESSAGE_BYTES, 1)
            if not request or not descriptors:
                break
            path, kind, limits = json.loads(request)
            child = _fork()
            if child == 0:
                run_child(descriptors[0], path, kind, Limits(**limits), decode)
            os.close(descriptors[0])
            connection.send(struct.pack(">i", _end(child, connection.recv(MESSAGE_BYTES))))
    except BaseException:
        os._exit(1)
    os._exit(0)


def _end(child: int, farewell: bytes) -> int:
    """End a child and return how it ended; one that closed its pipe and lives on crashed."""
    deadline = time.monotonic() + (DEATH_SECONDS if farewell == _WAIT else 0)
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        if time.monotonic() >= deadline:
            break
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 0
