"""One run in a process of its own, with a slow reader: home, folder, log, seconds, count."""

import sys
from pathlib import Path

from flows.environment import Installation
from flows.progress import Silence
from flows.running import RunOrder, run_batch
from tests.flows.fakes import LoggingReader, fake_parts, write_folder

home, folder, log = map(Path, sys.argv[1:4])
given = write_folder(folder, int(sys.argv[5]))
result = run_batch(
    Installation(home=home, database_url=None),
    RunOrder(folder=folder, out=home / "out"),
    fake_parts(given, LoggingReader(log, float(sys.argv[4]))),
    Silence(),
    warn=print,
)
print(f"files read: {result.files_read}")
