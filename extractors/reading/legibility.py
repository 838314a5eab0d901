"""Say why a value is in doubt or was not found, as far as the picture shows it.

Nothing follows from a fault by itself: rules put it beside a doubt that is there anyway. Only what
is in doubt is measured, so a page that reads well costs nothing. The limits were measured on drawn
papers: docs/reading.md has the table, `python -m benchmarks.legibility` prints it again.
"""

from dataclasses import dataclass
from statistics import median

import numpy as np

from domain.certificates import DECIDING_FIELDS, CertificateType, FieldName
from domain.extraction import Evidence, ExtractedValue, Extraction, QualityFault, QualityFaultKind
from domain.page import BoundingBox, Page
from extractors.extract import is_complete, unanswered_labels
from extractors.reading.picture import Picture
from extractors.reading.quality import (
    BLANK_CONTRAST,
    BRIGHTEST_PAPER,
    MEASURED_SIDE_PX,
    RegionQuality,
    blown_out_share,
    measure_all,
    measure_line,
    paper_tone,
    shows_paper,
)
from extractors.reading.recognition import (
    Quad,
    crop_quad,
    quad_size,
    shrink,
    sub_quad,
)
from extractors.reading.second_reader import confirms
from extractors.reading.upright import quad_px

_K = QualityFaultKind
# A value read with less confidence, or not confirmed by the second reader, is in doubt.
SURE = 0.99
# Paper darker than this was photographed in the dark.
DARK_PAPER = 90
# Boxes of lines, a little higher than their type; lower ones hold digits that run together.
SMALLEST_LINE_PX = 18
# Edges spread over more than this share of a line's height make digits alike.
SOFT = 0.045
# The same for a page of which few lines are found, in pixels at 736 on the longer side.
SOFT_PAGE_PX = 2.0
ENOUGH_LINES = 4
FAINT_CONTRAST = 50
# A line needs so much of a page's longer side, in pixels, to be found at all.
SMALLEST_SIDE_PX = 420
# So much of a place blown out hides what is printed there.
HIDDEN_SHARE = 0.3
HIDDEN_PAGE_SHARE = 0.04
# A line whose box ends this close (in its heights) to the picture's edge runs into it.
AT_EDGE = 0.12
CUT_LINES = 2
# Where a missing value should stand: so many heights after its label, so many below it.
RIGHT_REACH = 9.0
BELOW_REACH = 3.0
LONGEST_LINES = 9
FEWEST_CHARACTERS = 3

# Of these one is enough: the other's label says nothing then.
_EITHER = ({FieldName.SCORE, FieldName.GRADE}, {FieldName.DATE, FieldName.ISSUE_DATE})


def find_quality_faults(
    picture: Picture, page: Page, extraction: Extraction
) -> tuple[QualityFault, ...]:
    """Return why values are in doubt or missing: at most one fault per value and missing field.

    `picture` is the upright page at its full resolution. A fault without a field concerns the page
    as a whole; there is one where no kind of paper was recognized, or a missing value has no fault
    of its own.
    """
    if extraction.classification.certificate_type is CertificateType.NOT_ACCEPTED:
        return ()
    doubtful = [value for value in extraction.values if _is_in_doubt(value)]
    missing = unanswered_labels(page, extraction, _missing_fields(extraction))
    if not (doubtful or missing) and is_complete(extraction):
        return ()
    scene = _Scene(picture, page)
    faults = [scene.fault_of_value(value) for value in doubtful]
    at_labels = [scene.fault_at_label(field, label) for field, label in missing]
    faults += _one_a_field([fault for fault in at_labels if fault is not None])
    found = list(dict.fromkeys(fault for fault in faults if fault is not None))
    if not is_complete(extraction):
        found += scene.faults_of_page()
    return tuple(found)


def _one_a_field(faults: list[QualityFault]) -> list[QualityFault]:
    """Return one fault per field: of several labels the one where the value is hidden."""
    order = list(QualityFaultKind)
    return list(
        {
            fault.field: fault
            for fault in sorted(faults, key=lambda fault: order.index(fault.kind), reverse=True)
        }.values()
    )


def _is_in_doubt(value: ExtractedValue) -> bool:
    return (
        value.field in DECIDING_FIELDS
        and len(value.evidence.quad) == 4
        and (value.confidence < SURE or (value.second_text is not None and not confirms(value)))
    )


def _missing_fields(extraction: Extraction) -> tuple[FieldName, ...]:
    found = {value.field for value in extraction.values}
    answered = set().union(*(pair for pair in _EITHER if pair & found))
    return tuple(field for field in DECIDING_FIELDS if field not in found | answered)


@dataclass(frozen=True, slots=True)
class _Scene:
    """A page with its picture."""

    picture: Picture
    page: Page

    def fault_of_value(self, value: ExtractedValue) -> QualityFault | None:
        """Return what is wrong where a value stands."""
        quad = quad_px(self.picture, value.evidence.quad)
        around = _reach(quad, 0.5, 0.5)
        kind = (
            (_K.CUT_OFF if self._is_cut(quad) else None)
            or (_K.GLARE if self._hides(around) else None)
            or _kind_of(measure_line(self.picture, quad))
        )
        return None if kind is None else self._fault(kind, value.evidence.bbox, value.field)

    def fault_at_label(self, field: FieldName, label: Evidence) -> QualityFault | None:
        """Return what is wrong where the value of a label should stand."""
        if len(label.quad) != 4:
            return None
        quad = quad_px(self.picture, label.quad)
        after, under = _after(quad, RIGHT_REACH), _under(quad, BELOW_REACH)
        if self._row_is_cut(quad):
            return self._fault(_K.CUT_OFF, self._box(after), field)
        for place in (after, under):
            if self._hides(place):
                return self._fault(_K.GLARE, self._box(place), field)
        kind = _kind_of(measure_line(self.picture, quad))
        return None if kind is None else self._fault(kind, self._box(after), field)

    def faults_of_page(self) -> tuple[QualityFault, ...]:
        """Return what is wrong with the page as a whole: one fault, or none.

        What spoils all of the type explains more than a bright spot or a short side does.
        """
        quality = self.page.quality
        if quality and quality.contrast < BLANK_CONTRAST and quality.brightness > DARK_PAPER:
            return ()  # an empty sheet
        kind = (
            self._kind_of_page()
            or (_K.CUT_OFF if self._runs_over() else None)
            # Where no line at all is found, a bright spot is not what hides them.
            or (_K.GLARE if self.page.lines and self._shows_glare() else None)
        )
        whole = BoundingBox(left=0.0, top=0.0, right=1.0, bottom=1.0)
        return () if kind is None else (self._fault(kind, whole),)

    def _kind_of_page(self) -> QualityFaultKind | None:
        lines = [line for line in self.page.lines if len(line.text) >= FEWEST_CHARACTERS]
        longest = sorted(lines, key=lambda line: line.bbox.width, reverse=True)[:LONGEST_LINES]
        measures = [
            measure_line(self.picture, quad_px(self.picture, line.quad)) for line in longest
        ]
        kind = _kind_of(_typical(measures)) if measures else None
        if kind is not None or len(measures) >= ENOUGH_LINES:
            return kind
        reduced = measure_all(shrink(self.picture, MEASURED_SIDE_PX))
        if reduced.paper < DARK_PAPER:
            return _K.TOO_DARK
        if max(self.picture.shape[:2]) < SMALLEST_SIDE_PX:
            return _K.TOO_SMALL
        soft = reduced.edge_px > SOFT_PAGE_PX and shows_paper(self.picture)
        return _K.BLUR if soft else None

    def _hides(self, quad: Quad) -> bool:
        return self._is_blown_out(crop_quad(self.picture, quad), HIDDEN_SHARE)

    def _shows_glare(self) -> bool:
        return self._is_blown_out(self.picture, HIDDEN_PAGE_SHARE)

    def _is_blown_out(self, part: Picture, share: float) -> bool:
        """Return whether light washed out a share of a part, on paper that is darker elsewhere."""
        washed_out = blown_out_share(part) >= share
        return washed_out and paper_tone(self.picture) <= BRIGHTEST_PAPER

    def _is_cut(self, quad: Quad) -> bool:
        """Return whether a line begins or ends at the picture's left or right edge."""
        margin = AT_EDGE * quad_size(quad)[1]
        width = self.picture.shape[1]
        return bool(quad[:, 0].min() <= margin or quad[:, 0].max() >= width - margin)

    def _row_is_cut(self, label: Quad) -> bool:
        """Return whether a label's row runs over the right edge of the picture."""
        top, bottom = label[1, 1], label[2, 1]
        for line in self.page.lines:
            quad = quad_px(self.picture, line.quad)
            shared = min(bottom, quad[2, 1]) - max(top, quad[1, 1])
            ends_after = quad[:, 0].max() >= label[:, 0].max()
            if shared > 0.5 * (bottom - top) and ends_after and self._is_cut(quad):
                return True
        return False

    def _runs_over(self) -> bool:
        """Return whether several lines run over one and the same side of the picture."""
        sides = [0, 0]
        for line in self.page.lines:
            quad = quad_px(self.picture, line.quad)
            margin = AT_EDGE * quad_size(quad)[1]
            sides[0] += bool(quad[:, 0].min() <= margin)
            sides[1] += bool(quad[:, 0].max() >= self.picture.shape[1] - margin)
        return max(sides) >= CUT_LINES

    def _box(self, quad: Quad) -> BoundingBox:
        height, width = self.picture.shape[:2]
        xs = np.clip(quad[:, 0] / width, 0, 1)
        ys = np.clip(quad[:, 1] / height, 0, 1)
        return BoundingBox(
            left=float(xs.min()), top=float(ys.min()), right=float(xs.max()), bottom=float(ys.max())
        )

    def _fault(
        self, kind: QualityFaultKind, bbox: BoundingBox, field: FieldName | None = None
    ) -> QualityFault:
        return QualityFault(kind=kind, bbox=bbox, field=field)


def _kind_of(measured: RegionQuality) -> QualityFaultKind | None:
    """Return what is wrong with type so measured: the fault that causes the others comes first."""
    if measured.paper < DARK_PAPER:
        return _K.TOO_DARK
    if measured.height_px < SMALLEST_LINE_PX:
        return _K.TOO_SMALL
    if measured.softness > SOFT:
        return _K.BLUR
    return _K.LOW_CONTRAST if measured.contrast < FAINT_CONTRAST else None


def _typical(measures: list[RegionQuality]) -> RegionQuality:
    return RegionQuality(
        height_px=round(median(one.height_px for one in measures)),
        edge_px=median(one.edge_px for one in measures),
        contrast=median(one.contrast for one in measures),
        paper=median(one.paper for one in measures),
    )


def _reach(quad: Quad, before: float, after: float) -> Quad:
    """Return a quad longer by some of its heights at both ends."""
    length, height = quad_size(quad)
    return sub_quad(quad, -before * height / length, 1 + after * height / length)


def _after(quad: Quad, heights: float) -> Quad:
    """Return what follows a quad on its row."""
    length, height = quad_size(quad)
    return sub_quad(quad, 1.0, 1 + heights * height / length)


def _under(quad: Quad, heights: float) -> Quad:
    """Return what stands under a quad, as long as it is."""
    down = np.stack([quad[3] - quad[0], quad[2] - quad[1]])
    lower = np.stack([quad[3] + heights * down[0], quad[2] + heights * down[1]])
    corners = np.stack([quad[3], quad[2], lower[1], lower[0]])
    return np.asarray(corners, dtype=np.float32)
