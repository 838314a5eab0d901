"""Fit a text into a box: shrink first, then wrap, and say so where neither is enough."""

from dataclasses import dataclass

from reports.forms.fonts import FontChain

LEADING = 1.22
_STEP_PT = 0.5
# Marks that Chinese typesetting keeps from the beginning of a line.
_NOT_FIRST = frozenset("，。、；：？！）》」』”’％")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A text in lines at a size; together the lines are the text, character for character."""

    lines: tuple[str, ...]
    size_pt: float

    @property
    def height_pt(self) -> float:
        return len(self.lines) * self.size_pt * LEADING


def fit(
    text: str, width_pt: float, height_pt: float, size_pt: float, least_pt: float, fonts: FontChain
) -> Fitted:
    """Return a text at the largest size at which it fits, on one line if that is not too small.

    A single line shrinks by a third at most before it wraps. Where nothing fits the text comes back
    at the least size, higher than the box: the box has to grow (`Fitted.height_pt`).
    """
    if not text:
        return Fitted(lines=(), size_pt=size_pt)
    width = fonts.width(text)
    sizes = _sizes(size_pt, least_pt)
    for size in sizes:
        if size >= size_pt * 2 / 3 and width * size <= width_pt and size * LEADING <= height_pt:
            return Fitted(lines=(text,), size_pt=size)
    for size in sizes:
        fitted = Fitted(lines=wrap(text, width_pt / size, fonts), size_pt=size)
        if fitted.height_pt <= height_pt:
            return fitted
    return Fitted(lines=wrap(text, width_pt / sizes[-1], fonts), size_pt=sizes[-1])


def _sizes(largest: float, least: float) -> list[float]:
    count = int((largest - least) / _STEP_PT)
    return [largest - _STEP_PT * place for place in range(count)] + [min(least, largest)]


def wrap(text: str, width: float, fonts: FontChain) -> tuple[str, ...]:
    """Return a text in lines of at most a width (at one point), broken between characters.

    A closing mark does not begin a line if another character can go with it.
    """
    lines, line, used = [], "", 0.0
    for character, advance in zip(text, fonts.widths(text), strict=True):
        if line and used + advance > width:
            carried = ""
            if character in _NOT_FIRST and len(line) > 1:
                line, carried = line[:-1], line[-1]
            lines.append(line)
            line, used = carried, sum(fonts.widths(carried))
        line, used = line + character, used + advance
    return (*lines, line) if line else tuple(lines)
