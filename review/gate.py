"""What was on whose screen: an acceptance counts only with its evidence sent and shown.

The server remembers which pictures it sent to a session for an item, and when it showed the item;
the page says for how long every picture was on screen. Both have to hold. After a restart nothing
is known to have been shown, and items are simply shown again.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from domain.review import EVIDENCE_MS

_MOST_VIEWS = 5000


@dataclass(slots=True)
class _View:
    """What one session was shown of one item; `since` is when the page of a revision went out."""

    revision: int = -1
    since: float = 0.0
    needed: tuple[str, ...] = ()
    revealed_until: float = 0.0
    sent: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What counts as shown; `pictures` are (slot, SHA-256) pairs, for the record."""

    is_enough: bool
    pictures: tuple[tuple[str, str], ...]


class Gate:
    """The memory of one server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._views: OrderedDict[tuple[str, int], _View] = OrderedDict()
        self._lock = threading.Lock()

    def show(
        self, session: str, application_id: int, revision: int, needed: tuple[str, ...]
    ) -> None:
        """Remember that an item's page goes out now, and which pictures belong to it."""
        with self._lock:
            view = self._view(session, application_id)
            if view.revision != revision or view.needed != needed:
                view.revision, view.since, view.needed = revision, self._clock(), needed

    def reveal(self, session: str, application_id: int, seconds: float) -> None:
        """Remember that personal data of an item may be shown unmasked for some seconds."""
        with self._lock:
            self._view(session, application_id).revealed_until = self._clock() + seconds

    def is_revealed(self, session: str, application_id: int) -> bool:
        """Return whether it may be shown unmasked now."""
        with self._lock:
            return self._view(session, application_id).revealed_until > self._clock()

    def send(self, session: str, application_id: int, slot: str, digest: str) -> None:
        """Remember that a picture goes out."""
        with self._lock:
            self._view(session, application_id).sent[slot] = digest

    def evidence(self, session: str, application_id: int, revision: int, shown_ms: int) -> Evidence:
        """Return whether the evidence of an item was sent, and shown for long enough."""
        with self._lock:
            view = self._view(session, application_id)
            elapsed_ms = (self._clock() - view.since) * 1000
            enough = (
                view.revision == revision
                and bool(view.needed)
                and all(slot in view.sent for slot in view.needed)
                and min(shown_ms, elapsed_ms) >= EVIDENCE_MS
            )
            pictures = tuple((slot, view.sent[slot]) for slot in view.needed if slot in view.sent)
        return Evidence(is_enough=enough, pictures=pictures)

    def _view(self, session: str, application_id: int) -> _View:
        key = (session, application_id)
        view = self._views.setdefault(key, _View())
        self._views.move_to_end(key)
        while len(self._views) > _MOST_VIEWS:
            self._views.popitem(last=False)
        return view
