"""From a sealed batch to its archive package: what the store, the reports and the forms give."""

import dataclasses
import importlib.metadata
import platform
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from domain.faults import ConfigurationFault
from domain.outcome import BatchOutcome
from flows.forming import write_forms
from flows.progress import Listener
from flows.versions import software_version
from store import Store
from store.archive.gathering import gather_facts, last_entry
from store.archive.packing import Order, Package, pack_batch
from store.institutions import load_policy

PACKAGES = "archive"
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}
_LEAST_SPLIT_BYTES = 1_000_000
Renderers = Callable[[BatchOutcome], dict[str, Callable[[], bytes]]]


def archive_batch(
    store: Store,
    batch_id: str,
    out: Path,
    renderers: Renderers,
    listener: Listener,
    *,
    as_zip: bool = False,
    split_bytes: int = 0,
) -> Package:
    """Write the package of a sealed batch below `<out>/<batch id>/archive/`.

    Raises `ConfigurationFault` where it is not sealed or a package stands there, `MachineFault`
    where the disk refuses.
    """
    store.batches.get(batch_id)
    _, head = last_entry(store, batch_id)
    outcome = dataclasses.replace(store.load_outcome(batch_id), event_head=head)
    facts = gather_facts(store, outcome, load_policy(outcome.batch.institution), software())
    with tempfile.TemporaryDirectory(prefix="hedui-forms-") as scratch:
        forms = {path.stem: path for path in write_forms(store, outcome, Path(scratch))}
        order = Order(
            folder=out / batch_id / PACKAGES,
            reports=renderers(outcome),
            form_of=lambda number: forms[number].read_bytes() if number in forms else b"",
            as_zip=as_zip,
            split_bytes=split_bytes,
        )
        return pack_batch(store, outcome, facts, order, listener)


def software() -> tuple[tuple[str, str], ...]:
    """Return what made a package: hedui, Python, and the libraries that write reports and bags."""
    libraries = ("bagit", "pikepdf", "reportlab", "xlsxwriter")
    return (
        ("hedui", software_version()),
        ("python", platform.python_version()),
        *((name, importlib.metadata.version(name)) for name in libraries),
    )


def split_size(text: str) -> int:
    """Return the bytes of a size such as 4700M or 4G; 0 for "" (no splitting)."""
    if not text:
        return 0
    found = re.fullmatch(r"([0-9]+)([KMG]?)B?", text.strip().upper())
    size = int(found[1]) * _UNITS[found[2]] if found else 0
    if size < _LEAST_SPLIT_BYTES:
        raise ConfigurationFault(
            f"--split-size {text}: expected a size of 1M or more, e.g. 4700M or 25G"
        )
    return size
