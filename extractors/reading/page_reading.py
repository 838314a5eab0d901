"""Read one page: skim all of it, then read closely what matters and is in doubt."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from statistics import fmean

from domain.calibration import FieldGroup
from domain.certificates import CertificateType, FieldName
from domain.extraction import Evidence, ExtractedValue, Extraction
from domain.likeness import PagePrint
from domain.page import Page
from extractors.extract import extract, is_complete
from extractors.reading.layers import compare_layers, find_hidden_text, turn_layer
from extractors.reading.legibility import find_quality_faults
from extractors.reading.likeness import fingerprint
from extractors.reading.picture import Picture
from extractors.reading.quality import has_unread_ink, measure
from extractors.reading.recognition import TextEngine, crop_quad
from extractors.reading.sandbox import DecodedPage
from extractors.reading.second_reader import confirms, read_again
from extractors.reading.tampering import find_tamper_hints
from extractors.reading.third_reader import ask_third
from extractors.reading.upright import (
    DETECTION_SIDE_PX,
    SURELY_SKIMMED,
    placed_line,
    quad_px,
    read_upright,
)

# Confidence above which a value on which nothing rests, or a page by the mean of its lines, counts
# as well read.
WELL_READ = 0.9
SKIMMER_NAME = "skim"
# Two boxes lie on one line when they share this much of the lower one's height.
SAME_LINE = 0.3

# Half of one of these can be another one: a shorter name, a lower score.
HARMED_BY_HALVES = frozenset(
    {
        FieldName.NAME,
        FieldName.ID_NUMBER,
        FieldName.CERTIFICATE_NUMBER,
        FieldName.ADMISSION_TICKET,
        FieldName.SCORE,
        FieldName.GRADE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """A page with what was extracted from it; `notes` are rule ids observed on the way."""

    page: Page
    extraction: Extraction
    notes: tuple[str, ...]
    likeness: PagePrint


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What one look at a page gave; `close` are the lines (by index) that were read closely.

    `disagrees` says that a PDF's text layer contradicts the extraction.
    """

    page: Page
    picture: Picture
    extraction: Extraction
    close: frozenset[int] = frozenset()
    disagrees: bool = False


def read_page(
    decoded: DecodedPage, file_digest: str, number: int, engine: TextEngine, second_reader: bool
) -> PageReading:
    """Return everything that one page shows; `number` counts from 1.

    The page is skimmed at a reduced size first. Only where that leaves out what papers of its kind
    print does a larger size follow, and only lines in doubt are read closely.
    """
    look = _look(decoded, file_digest, number, engine)
    if _is_unsure(look):
        look = max(_look_again(look, decoded, engine), look, key=_gain)
    look = _read_closely(look, _lines_in_doubt(look), engine)
    look = _with_layer(look)
    if second_reader and look.extraction.values:
        look = _read_twice(look, engine)
        look = replace(look, extraction=ask_third(look.picture, look.extraction))
    extraction = _distrust_halves(look)
    notes = {
        "layer-disagrees": look.disagrees,
        "hidden-text": find_hidden_text(look.page, look.picture),
    }
    faults = find_quality_faults(look.picture, look.page, extraction)
    hints = find_tamper_hints(look.picture, look.page, extraction)
    return PageReading(
        page=look.page,
        extraction=replace(extraction, faults=faults, hints=hints),
        notes=tuple(note for note, observed in notes.items() if observed),
        likeness=fingerprint(look.picture, look.page, extraction),
    )


def _look(
    decoded: DecodedPage,
    file_digest: str,
    number: int,
    engine: TextEngine,
    seen: Page | None = None,
) -> _Look:
    """Skim a page; at a second look, with what was `seen` at the first, on a larger picture."""
    upright = read_upright(decoded.picture, engine, seen)
    height, width = upright.picture.shape[:2]
    page = Page(
        file_digest=file_digest,
        page_number=number,
        width_px=width,
        height_px=height,
        turned_degrees=upright.turned_degrees,
        mirrored=upright.mirrored,
        lines=upright.lines,
        text_layer=turn_layer(decoded.text_layer, upright.turned_degrees),
        qr_texts=decoded.qr_texts,
        quality=measure(upright.reduced),
        outline=upright.outline,
    )
    return _Look(page=page, picture=upright.picture, extraction=extract(page))


def _look_again(look: _Look, decoded: DecodedPage, engine: TextEngine) -> _Look:
    """Look at a larger picture where there is one, and read what is unclear closely."""
    if max(look.picture.shape[:2]) > DETECTION_SIDE_PX:
        page = look.page
        look = _look(decoded, page.file_digest, page.page_number, engine, page)
    if not _is_unsure(look):
        return look
    doubtful = (
        index
        for index, line in enumerate(look.page.lines)
        if min(line.character_confidences) < SURELY_SKIMMED
    )
    return _read_closely(look, doubtful, engine)


def _is_unsure(look: _Look) -> bool:
    """Return whether a second look at a larger picture may help."""
    if look.extraction.classification.certificate_type.family is not None:
        return not is_complete(look.extraction)
    # Another examination, a cover page or a landscape that reads well will not become a paper.
    confidences = [line.confidence for line in look.page.lines]
    named = look.extraction.classification.certificate_type is CertificateType.NOT_ACCEPTED
    return not named and (not confidences or fmean(confidences) < WELL_READ)


def _gain(look: _Look) -> tuple[bool, int]:
    """Return how much was found: a kind of paper first, then fields."""
    extraction = look.extraction
    known = extraction.classification.certificate_type is not CertificateType.UNKNOWN
    return known, len({value.field for value in extraction.values})


def _lines_in_doubt(look: _Look) -> set[int]:
    """Return the lines of values that skimming is not sure of.

    Where no acceptance rests on what exactly is printed (a title, whether an oral test was taken),
    it is enough that it was well read.
    """
    unsure = (
        value
        for value in look.extraction.values
        if value.confidence < (SURELY_SKIMMED if FieldGroup.of(value.field) else WELL_READ)
        or _beside_unread_ink(look, value)
    )
    return {index for value in unsure for index in _lines_of(look.page, value.evidence)}


def _beside_unread_ink(look: _Look, value: ExtractedValue) -> bool:
    """Return whether something stands right beside a value, on its line, that nobody read.

    A character outside a model's set, or half of one, is sometimes left out with full confidence.
    """
    if value.field not in HARMED_BY_HALVES:
        return False
    text = value.evidence.raw_text
    for index in _lines_of(look.page, value.evidence):
        line = look.page.lines[index]
        # Where a line says it twice, the one beside which something stands may be the value.
        starts = [i for i in range(len(line.text)) if line.text.startswith(text, i)]
        if not starts:
            continue
        crop = crop_quad(look.picture, quad_px(look.picture, line.quad))
        if any(has_unread_ink(crop, line, first, first + len(text) - 1) for first in starts):
            return True
    return False


def _distrust_halves(look: _Look) -> Extraction:
    """Return the extraction with no confidence in values that may be parts of what is printed."""
    extraction = look.extraction
    return replace(
        extraction,
        values=tuple(
            replace(value, confidence=0.0) if _beside_unread_ink(look, value) else value
            for value in extraction.values
        ),
    )


def _lines_of(page: Page, evidence: Evidence) -> set[int]:
    """Return the lines (by index) that a value stands on."""
    box = evidence.bbox
    return {
        index
        for index, line in enumerate(page.lines)
        if (own := line.bbox).left < box.right
        and own.right > box.left
        and min(own.bottom, box.bottom) - max(own.top, box.top)
        > SAME_LINE * min(own.height, box.height)
    }


def _read_closely(look: _Look, wanted: Iterable[int], engine: TextEngine) -> _Look:
    """Read some lines with the larger model, and find the values again.

    What that model itself is unsure of replaces nothing that was skimmed more surely.
    """
    new = set(wanted) - look.close
    if not new:
        return look
    lines = list(look.page.lines)
    crops = [crop_quad(look.picture, quad_px(look.picture, lines[index].quad)) for index in new]
    for index, result in zip(new, engine.read_closely(crops), strict=True):
        line = lines[index]
        if not result.text.strip():
            continue
        sureness = min(result.character_confidences)
        if sureness >= min(WELL_READ, *line.character_confidences):
            lines[index] = placed_line(line.quad, result)
    page = replace(look.page, lines=tuple(lines))
    return replace(look, page=page, extraction=extract(page), close=look.close | new)


def _with_layer(look: _Look) -> _Look:
    """Let a PDF's text layer say what it reads where the values stand."""
    extraction, disagrees = compare_layers(look.page, look.extraction)
    return replace(look, extraction=extraction, disagrees=disagrees)


def _read_twice(look: _Look, engine: TextEngine) -> _Look:
    """Let the second reader read the critical values; what it does not confirm is read closely.

    Where skimming was sure of something, close reading sees something else and the second reader
    has no opinion, the skimmed text stands as the second one: a person looks.
    """
    skimmed = read_again(look.picture, look.extraction)
    open_values = [value for value in skimmed.values if value.second_text is not None]
    unconfirmed = [value for value in open_values if not confirms(value)]
    lines = {index for value in unconfirmed for index in _lines_of(look.page, value.evidence)}
    closer = _read_closely(look, lines, engine)
    if closer is look:
        return replace(look, extraction=skimmed)
    closer = _with_layer(closer)
    extraction = read_again(closer.picture, _carry_over(closer.extraction, skimmed))
    values = tuple(_or_skimmed(value, skimmed) for value in extraction.values)
    return replace(closer, extraction=replace(extraction, values=values))


def _carry_over(extraction: Extraction, earlier: Extraction) -> Extraction:
    """Keep what the second reader read where a value stands as it stood, with as many characters.

    Where it was silent it looks again: close reading knows better where the characters are.
    """
    return replace(
        extraction,
        values=tuple(
            replace(value, second_text=before.second_text, second_reader=before.second_reader)
            if value.second_text is None
            and (before := _earlier(value, earlier)) is not None
            and before.second_text
            and len(before.text) == len(value.text)
            else value
            for value in extraction.values
        ),
    )


def _or_skimmed(value: ExtractedValue, skimmed: Extraction) -> ExtractedValue:
    before = _earlier(value, skimmed)
    if value.second_text != "" or before is None or before.text == value.text:
        return value
    if before.confidence < SURELY_SKIMMED:
        return value
    return replace(value, second_text=before.text, second_reader=SKIMMER_NAME)


def _earlier(value: ExtractedValue, earlier: Extraction) -> ExtractedValue | None:
    """Return what was read of a field in the same place before."""
    box = value.evidence.bbox
    x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    for before in earlier.all(value.field):
        there = before.evidence.bbox
        if there.left <= x <= there.right and there.top <= y <= there.bottom:
            return before
    return None
