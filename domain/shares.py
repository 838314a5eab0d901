"""Exact bounds of a share that was counted (Clopper-Pearson), in plain arithmetic."""

import math

_BISECTIONS = 60


def upper_bound(hits: int, n: int, confidence: float) -> float:
    """Return the exact one-sided upper bound of a share, 1 for n = 0.

    The largest share for which `hits` or fewer among `n` still has probability 1 - confidence.
    """
    if not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no share")
    if hits == n:
        return 1.0
    low, high = hits / n, 1.0
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        if _at_most(hits, n, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(hits: int, n: int, share: float) -> float:
    """Return the probability of `hits` or fewer among `n`."""
    log_yes, log_no = math.log(share), math.log1p(-share)
    return math.fsum(
        math.exp(
            math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
            + k * log_yes + (n - k) * log_no
        )
        for k in range(hits + 1)
    )  # fmt: skip
