"""Fingerprints of a page's picture: by what another copy of the same picture is known again.

A print holds what varies from person to person on papers of one layout: portraits, codes, and the
lines of numbers and names. Labels, frames and seals are the same on everybody's and have no place
in it.
"""

from dataclasses import dataclass
from enum import StrEnum

# Raise it with every change of how pixels become prints: files are then read again, and prints of
# two versions are not compared.
LIKENESS_VERSION = "1"
# Columns and rows of the grids behind `RegionPrint.bits`.
LINE_GRID = (64, 8)
PICTURE_GRID = (16, 16)


class RegionKind(StrEnum):
    """What a region shows; lines of type are named after the field that stands there."""

    PICTURE = "picture"  # a portrait, a code, whatever is no type
    CERTIFICATE_NUMBER = "certificate_number"
    ID_NUMBER = "id_number"
    ADMISSION_TICKET = "admission_ticket"
    ORAL_TICKET = "oral_ticket"
    NAME = "name"

    @property
    def is_line(self) -> bool:
        return self is not RegionKind.PICTURE


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionPrint:
    """One region: where it lies, how it looks, and under which keys it is looked up.

    `left` to `bottom` are on the straightened page, in shares of its longer side. `bits` (hex) say
    for each cell of a grid whether it is dark, column by column. `keys` are empty where the region
    is not looked up; else each entry is one band: its own key first, then those that it would
    have if its least certain bits were others.
    """

    kind: RegionKind
    left: float
    top: float
    right: float
    bottom: float
    bits: str
    keys: tuple[tuple[int, ...], ...] = ()

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePrint:
    """The regions of one page, at most one of each kind but for pictures."""

    page_number: int
    regions: tuple[RegionPrint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePrint:
    """What a file is looked up by: the prints of its pages and the numbers read on them.

    `marks` are (kind, text as printed) pairs, such as a ticket's number or a code's token.
    """

    file_digest: str
    pages: tuple[PagePrint, ...]
    marks: tuple[tuple[str, str], ...] = ()
