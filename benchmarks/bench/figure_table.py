"""A table of short texts, and how figures are written in it."""

from dataclasses import dataclass

from benchmarks.bench.results import Risk, Share


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTable:
    """A table with its heading and a sentence that says how to read it."""

    heading: str
    note: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f} %"


def small_percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.2f} %"


def number_text(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def share_text(share: Share) -> tuple[str, str, str]:
    """Return n, the share and its interval."""
    if not share.n:
        return "0", "-", "-"
    interval = f"{100 * share.low:.1f}–{100 * share.high:.1f} %"
    return str(share.n), percent(share.value), interval


def risk_text(risk: Risk) -> tuple[str, str, str]:
    """Return n, the errors and their upper bound."""
    if not risk.n:
        return "0", "-", "-"
    return str(risk.n), str(risk.hits), f"≤ {small_percent(risk.upper)}"
