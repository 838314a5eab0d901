"""Which of the given files show the same picture, in memory: what the store's index finds."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from domain.likeness import FilePrint
from validators.likeness import is_same_picture

Key = tuple[str, int, int]
MOST_CANDIDATES = 24
MARK_WEIGHT = 4


def find_same_pictures(prints: Iterable[FilePrint]) -> Mapping[str, frozenset[str]]:
    """Return by file digest the other files that show its picture; both sides name each other."""
    known = {item.file_digest: item for item in prints}
    holders: dict[object, set[str]] = defaultdict(set)
    for digest, item in known.items():
        for key in (*item.marks, *_keys(item, own_only=True)):
            holders[key].add(digest)
    pairs: dict[str, set[str]] = defaultdict(set)
    for digest, item in known.items():
        votes: Counter[str] = Counter()
        for mark in set(item.marks):
            for other in holders[mark]:
                votes[other] += MARK_WEIGHT
        for key in set(_keys(item, own_only=False)):
            votes.update(holders.get(key, ()))
        votes.pop(digest, None)
        for other, _ in sorted(votes.items(), key=lambda pair: (-pair[1], pair[0]))[
            :MOST_CANDIDATES
        ]:
            if is_same_picture(item, known[other]):
                pairs[digest].add(other)
                pairs[other].add(digest)
    return {digest: frozenset(others) for digest, others in pairs.items()}


def _keys(item: FilePrint, *, own_only: bool) -> Iterator[Key]:
    for page in item.pages:
        for region in page.regions:
            for band, values in enumerate(region.keys):
                for value in values[:1] if own_only else values:
                    yield region.kind.value, band, value
