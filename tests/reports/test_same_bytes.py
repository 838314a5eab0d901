"""The same store gives the same bytes, in whatever process, zone and order of hashes."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.bench.report_batch import BATCH_ID, make_report_store
from store.institutions import load_policy

ROOT = Path(__file__).parents[2]
PROGRAM = """
import hashlib, json, sys
from pathlib import Path
from reports.outcome import renderers
from store import open_store
with open_store(Path(sys.argv[1])) as store:
    outcome = store.load_outcome(sys.argv[2])
files = renderers(outcome)
print(json.dumps({name: hashlib.sha256(files[name]()).hexdigest() for name in sorted(files)}))
"""


def digests(home: Path, seed: str, zone: str, locale: str) -> dict[str, str]:
    environment = os.environ | {
        "PYTHONHASHSEED": seed,
        "TZ": zone,
        "LC_ALL": locale,
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home), BATCH_ID],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    policy = load_policy("default")
    store = make_report_store(tmp_path, 120, policy)
    outcome = store.load_outcome(BATCH_ID)
    store.close()
    assert outcome.reviews
    assert outcome.checked
    assert any(row.prior_uses for row in outcome.rows)
    one = digests(tmp_path, "1", "Pacific/Auckland", "C.UTF-8")
    other = digests(tmp_path, "7", "America/Los_Angeles", "C")
    assert one == other
    assert {"report.pdf", "report.xlsx", "report.html", "results.csv"} <= one.keys()
    assert len(set(one.values())) == len(one)
    assert all(len(value) == len(hashlib.sha256().hexdigest()) for value in one.values())
