"""Which labelled items are two versions of one application, told by `twin_of` in the truth.

A must-flag item and its honest twin never arrive together: each stands for what the same applicant
might have sent. So neither is evidence against the other, while everybody else's is.
"""

from collections import defaultdict
from collections.abc import Mapping

from benchmarks.bench.truth import Truth

# A folder's position among those given, and the 学号: two folders may carry the same batch id.
ItemKey = tuple[int, str]
TwinPair = tuple[ItemKey, ItemKey]


def find_twins(truths: Mapping[ItemKey, Truth]) -> frozenset[TwinPair]:
    """Return the pairs of an honest and a must-flag item, the honest one first.

    Either may name the other, within its folder. Two items of which both or neither may be
    accepted are no such pair.
    """
    pairs = set()
    for key, truth in truths.items():
        other = (key[0], truth.twin_of)
        if other not in truths or truths[other].may_be_accepted is truth.may_be_accepted:
            continue
        pairs.add((key, other) if truth.may_be_accepted else (other, key))
    return frozenset(pairs)


def find_versions(truths: Mapping[ItemKey, Truth]) -> Mapping[ItemKey, frozenset[ItemKey]]:
    """Return for each item of a pair the honest items whose application it is a version of.

    Two items that share one are versions of the same application: a twin and its must-flag items,
    and those among each other.
    """
    versions: defaultdict[ItemKey, set[ItemKey]] = defaultdict(set)
    for honest, flagged in find_twins(truths):
        versions[honest].add(honest)
        versions[flagged].add(honest)
    return {key: frozenset(found) for key, found in versions.items()}
