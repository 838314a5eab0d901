"""What a reader saw on one page: lines of text with boxes and confidence, no pixels."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundingBox:
    """A box relative (0-1) to the upright page, origin top left."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def union(self, other: "BoundingBox") -> "BoundingBox":
        """Return the smallest box around both."""
        return BoundingBox(
            left=min(self.left, other.left),
            top=min(self.top, other.top),
            right=max(self.right, other.right),
            bottom=max(self.bottom, other.bottom),
        )


class TextSource(StrEnum):
    """Where a line's text came from."""

    PIXELS = "pixels"
    TEXT_LAYER = "text-layer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of text.

    `quad` are its four corners (top left, top right, bottom right, bottom left along the reading
    direction), relative to the upright page. `positions` gives, per character of `text`, its centre
    along the baseline as a share (0-1) of the line's length; `character_confidences` the
    probability of each character, in the same order.
    """

    text: str
    quad: tuple[tuple[float, float], ...]
    confidence: float
    positions: tuple[float, ...]
    character_confidences: tuple[float, ...]
    source: TextSource = TextSource.PIXELS

    @property
    def bbox(self) -> BoundingBox:
        """Return the upright box around the quad."""
        return _box_around(self.quad)


# The boxes of a page's lines are asked for some hundred times.
@lru_cache(maxsize=1024)
def _box_around(quad: tuple[tuple[float, float], ...]) -> BoundingBox:
    xs, ys = zip(*quad, strict=True)
    return BoundingBox(left=min(xs), top=min(ys), right=max(xs), bottom=max(ys))


@dataclass(frozen=True, slots=True, kw_only=True)
class PageQuality:
    """Measures of the picture, for saying why a page cannot be read.

    `sharpness` is the variance of the Laplacian of the grey page at 736 px, `brightness` its mean
    (0-255), `contrast` its standard deviation, `glare_share` the share of pixels at 250 or above
    that are brighter than their neighbourhood's paper tone.
    """

    sharpness: float
    brightness: float
    contrast: float
    glare_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One upright page as read; `turned_degrees` is how far the picture was turned clockwise.

    `outline` are the corners (clockwise from the top left, relative to the upright page) within
    which rows run straight, where the paper lies askew in its picture; empty where it does not.
    """

    file_digest: str
    page_number: int
    width_px: int
    height_px: int
    turned_degrees: int
    mirrored: bool
    lines: tuple[Line, ...]
    text_layer: tuple[Line, ...] = ()
    qr_texts: tuple[str, ...] = ()
    quality: PageQuality | None = None
    outline: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Everything that was read from one file.

    `notes` are rule ids observed while opening it (`owner-password`, `active-content`, `polyglot`,
    `damaged`, `multi-frame`, ...); `engine_version` names models and versions, for replay.
    """

    file_digest: str
    pages: tuple[Page, ...]
    notes: tuple[str, ...] = ()
    engine_version: str = ""
