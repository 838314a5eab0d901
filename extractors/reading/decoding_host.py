"""The small process that forks one limited child per file. It imports decoders, and no models.

`decoder.py` starts it as an interpreter of its own, with an environment of its own: what it forks
is as small as can be, and nothing of the worker's memory is in it. It has no network, opens no file
of a stranger itself, and dies with its worker.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import struct
import sys
import time
import warnings
from enum import StrEnum
from typing import NoReturn

from extractors.reading.sandbox import Decode, Limits, run_child

CLONE_NEWUSER_NEWNET = 0x10000000 | 0x40000000
MESSAGE_BYTES = 65536
# How long a child may take to end after it closed its end of the pipe.
DEATH_SECONDS = 2.0
KILL, WAIT, READY = b"kill", b"wait", b"ready"


class DecodeName(StrEnum):
    """What a host's children run: module and function, imported in the host alone."""

    CERTIFICATE = "extractors.reading.decoding:decode"
    PIXELS = "extractors.reading.decoding:decode_pixels"
    DEGREE_FILE = "extractors.reading.document_text:decode_document"


def main() -> NoReturn:
    """Be the host: load the decoders, then serve. Arguments: the socket's number, what to run."""
    connection = socket.socket(fileno=int(sys.argv[1]))
    module, _, function = DecodeName(sys.argv[2]).partition(":")
    # Before the decoders, whose threads a kernel would not let into another network.
    isolate(connection)
    import cv2

    from extractors.reading.decoding import warm_up

    decode: Decode = getattr(importlib.import_module(module), function)
    cv2.setNumThreads(1)
    warm_up()
    serve(connection, decode)


def isolate(connection: socket.socket) -> None:
    """Leave the worker's terminal, files and network.

    That the worker ended is seen on the socket. The kernel's signal for it would come when the
    thread ends that started this process, and a server's threads come and go.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The worker's own pipe above all: what is sent there is believed.
    own = connection.fileno()
    os.closerange(3, own)
    os.closerange(own + 1, os.sysconf("SC_OPEN_MAX"))
    with contextlib.suppress(OSError, AttributeError):
        # Not every kernel lets an unprivileged process do this; nothing here connects.
        ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER_NEWNET)


def serve(connection: socket.socket, decode: Decode) -> NoReturn:
    """Fork a child for every request until the worker is gone."""
    try:
        gc.collect()
        gc.freeze()  # what is here stays shared with every child
        connection.send(READY)
        while True:
            request, descriptors, *_ = socket.recv_fds(connection, MESSAGE_BYTES, 1)
            if not request or not descriptors:
                break
            path, kind, limits = json.loads(request)
            child = fork()
            if child == 0:
                run_child(descriptors[0], path, kind, Limits(**limits), decode)
            os.close(descriptors[0])
            connection.send(struct.pack(">i", _end(child, connection.recv(MESSAGE_BYTES))))
    except BaseException:
        os._exit(1)
    os._exit(0)


def fork() -> int:
    """Fork, and return what `os.fork` returns."""
    with warnings.catch_warnings():
        # Python 3.12 warns of a fork beside threads; what the child runs waits for none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _end(child: int, farewell: bytes) -> int:
    """End a child and return how it ended; one that closed its pipe and lives on crashed."""
    deadline = time.monotonic() + (DEATH_SECONDS if farewell == WAIT else 0)
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


if __name__ == "__main__":
    main()
