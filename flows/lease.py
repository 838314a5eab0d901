"""Hold a batch's lease while it is worked on, and notice when it is lost."""

import contextlib
import threading
from collections.abc import Iterator

from domain.faults import ConfigurationFault, MachineFault
from store import Store
from store.leases import new_owner

LEASE_SECONDS = 90.0
_RENEW_SECONDS = 20.0


class HeldLease:
    """A lease that is ours; renewed in the background."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.lost = threading.Event()

    def check(self) -> None:
        """Raise `MachineFault` where another process has taken the lease over."""
        if self.lost.is_set():
            raise MachineFault(
                "lease-lost",
                "another process took the batch over, since this one stood still too long;"
                " see: hedui status",
            )


class BatchBusy(ConfigurationFault):
    """Another process works on the batch right now (exit 2)."""


@contextlib.contextmanager
def hold_batch(store: Store, batch_id: str) -> Iterator[HeldLease]:
    """Hold a batch for this process; raises `BatchBusy` where another one works on it.

    What a killed process left claimed is free again.
    """
    name = f"batch:{batch_id}"
    held = HeldLease(new_owner())
    other = store.leases.claim(name, held.owner, LEASE_SECONDS)
    if other is not None:
        raise BatchBusy(
            f"batch {batch_id!r} is being processed by another process (id {other.process_id});"
            " wait until it has finished; see: hedui status"
        )
    store.stages.release_batch(batch_id)
    stop = threading.Event()
    renewing = threading.Thread(
        target=_renew, args=(store, name, held, stop), name="lease", daemon=True
    )
    renewing.start()
    try:
        yield held
    finally:
        stop.set()
        renewing.join()
        with contextlib.suppress(MachineFault):  # it expires by itself
            store.leases.release(name, held.owner)


def _renew(store: Store, name: str, held: HeldLease, stop: threading.Event) -> None:
    while not stop.wait(_RENEW_SECONDS):
        # A renewal that fails is tried again: the lease outlasts several of them.
        with contextlib.suppress(MachineFault):
            if store.leases.claim(name, held.owner, LEASE_SECONDS) is not None:
                held.lost.set()
                return
