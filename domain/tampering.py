"""Signs that a picture may have been changed: advice for a person, never a verdict."""

from dataclasses import dataclass
from enum import StrEnum

from domain.certificates import FieldName
from domain.page import BoundingBox


class TamperSign(StrEnum):
    """What can look as if a value had been put in afterwards; each has honest explanations too."""

    TYPEFACE = "typeface"  # its figures are drawn otherwise than the same figures elsewhere
    ALIGNMENT = "alignment"  # a figure stands off the line of the others, or is not as high
    SHARPNESS = "sharpness"  # a figure is sharper or softer than the others of its number
    COMPRESSION = "compression"  # its blocks lack the earlier compression that the others show
    RECAPTURE = "recapture"  # a regular pattern of points: the photo of a screen, or a print of one


class HintUse(StrEnum):
    """What becomes of a hint: nothing, a line for whoever looks anyway, or a person looks."""

    OFF = "off"
    ADVICE = "advice"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class TamperingPolicy:
    """What becomes of each hint; `software` is what a file's own notes say of an editor."""

    typeface: HintUse
    alignment: HintUse
    sharpness: HintUse
    compression: HintUse
    recapture: HintUse
    software: HintUse

    def use_of(self, sign: TamperSign) -> HintUse:
        """Return what becomes of a sign seen on a page."""
        use: HintUse = getattr(self, sign.value)
        return use


@dataclass(frozen=True, slots=True, kw_only=True)
class TamperHint:
    """One sign on one page: where, and how far it goes beyond what honest papers show.

    `strength` is the measured figure by its limit: 1 just reaches it. `field` is None where the
    page as a whole is meant.
    """

    sign: TamperSign
    bbox: BoundingBox
    strength: float
    field: FieldName | None = None
