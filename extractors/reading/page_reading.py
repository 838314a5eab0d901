"""Read one page: skim all of it, then read closely what matters and is in doubt."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from statistics import fmean

from domain.certificates import CertificateType
from domain.extraction import ExtractedValue, Extraction
from domain.likeness import PagePrint
from domain.page import Page
from domain.tampering import TamperSign
from extractors.extract import extract, is_complete, lacks_a_part, overlooked_labels
from extractors.reading.close_reading import WELL_READ, in_doubt, places_of, read_closely
from extractors.reading.layers import compare_layers, find_hidden_text, turn_layer
from extractors.reading.legibility import find_quality_faults
from extractors.reading.likeness import fingerprint
from extractors.reading.look import Look, Place, beside_unread_ink, lines_of
from extractors.reading.quality import measure
from extractors.reading.recognition import (
    TextEngine,
)
from extractors.reading.sandbox import DecodedPage
from extractors.reading.second_reader import PROOF_NAME, confirms, read_again
from extractors.reading.tampering import find_tamper_hints
from extractors.reading.third_reader import ask_third
from extractors.reading.upright import (
    DETECTION_SIDE_PX,
    LARGER_SIDES_PX,
    SURELY_SKIMMED,
    read_under_seals,
    read_upright,
)

SKIMMER_NAME = "skim"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageReading:
    """A page with what was extracted from it; `notes` are rule ids observed on the way."""

    page: Page
    extraction: Extraction
    notes: tuple[str, ...]
    likeness: PagePrint


def read_page(
    decoded: DecodedPage,
    file_digest: str,
    number: int,
    engine: TextEngine,
    second_reader: bool,
    signs: Collection[TamperSign] = tuple(TamperSign),
) -> PageReading:
    """Return everything that one page shows; `number` counts from 1.

    `signs` are those of a change that are looked for.

    The page is skimmed at a reduced size first. Only where that leaves out what papers of its kind
    print does a larger size follow, and only lines in doubt are read closely.
    """
    look = _look(decoded, file_digest, number, engine)
    if _is_unsure(look):
        look = max(_look_again(look, decoded, engine), look, key=_gain)
    look = read_closely(look, places_of(look, in_doubt(look)), engine)
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
    hints = find_tamper_hints(look.picture, look.page, extraction, signs)
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
    longest_side_px: int = DETECTION_SIDE_PX,
) -> Look:
    """Skim a page; at a second look, with what was `seen` before, on a larger picture."""
    upright = read_upright(decoded.picture, engine, seen, longest_side_px)
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
    return Look(page=page, picture=upright.picture, extraction=extract(page))


def _look_again(look: Look, decoded: DecodedPage, engine: TextEngine) -> Look:
    """Look at a larger picture, under seals, at a still larger one; read what is unclear closely.

    Each of these only where what came before still leaves something out.
    """
    larger, largest = LARGER_SIDES_PX
    look = _look_larger(look, decoded, engine, larger, DETECTION_SIDE_PX)
    if _is_unsure(look):
        look = _look_under_seals(look, engine)
    if _is_unsure(look):
        look = _look_larger(look, decoded, engine, largest, larger)
    if not _is_unsure(look):
        return look
    doubtful = {
        index
        for index, line in enumerate(look.page.lines)
        if min(line.character_confidences) < SURELY_SKIMMED
    }
    for label in overlooked_labels(look.page, look.extraction):
        doubtful |= lines_of(look.page, label)
    return read_closely(look, [Place(line) for line in sorted(doubtful)], engine)


def _look_larger(
    look: Look, decoded: DecodedPage, engine: TextEngine, side_px: int, looked_at_px: int
) -> Look:
    """Look at a larger picture, where there is one than was looked at; the better look counts."""
    if max(look.picture.shape[:2]) <= looked_at_px:
        return look
    page = look.page
    larger = _look(decoded, page.file_digest, page.page_number, engine, page, side_px)
    return max(larger, look, key=_gain)


def _look_under_seals(look: Look, engine: TextEngine) -> Look:
    """Read what stands under red seals without their ink, and find the values again."""
    lines = read_under_seals(look.picture, look.page, engine)
    page = replace(look.page, lines=lines)
    return look if lines == look.page.lines else replace(look, page=page, extraction=extract(page))


def _is_unsure(look: Look) -> bool:
    """Return whether a second look at a larger picture may help."""
    if look.extraction.classification.certificate_type.family is not None:
        return (
            not is_complete(look.extraction)
            or lacks_a_part(look.extraction)
            or bool(overlooked_labels(look.page, look.extraction))
        )
    # Another examination, a cover page or a landscape that reads well will not become a paper.
    confidences = [line.confidence for line in look.page.lines]
    named = look.extraction.classification.certificate_type is CertificateType.NOT_ACCEPTED
    return not named and (not confidences or fmean(confidences) < WELL_READ)


def _gain(look: Look) -> tuple[bool, int]:
    """Return how much was found: a kind of paper first, then fields."""
    extraction = look.extraction
    known = extraction.classification.certificate_type is not CertificateType.UNKNOWN
    return known, len({value.field for value in extraction.values})


def _distrust_halves(look: Look) -> Extraction:
    """Return the extraction with no confidence in values that may be parts of what is printed."""
    extraction = look.extraction
    return replace(
        extraction,
        values=tuple(
            replace(value, confidence=0.0) if beside_unread_ink(look, value) else value
            for value in extraction.values
        ),
    )


def _with_layer(look: Look) -> Look:
    """Let a PDF's text layer say what it reads where the values stand."""
    extraction, disagrees = compare_layers(look.page, look.extraction)
    return replace(look, extraction=extraction, disagrees=disagrees)


def _read_twice(look: Look, engine: TextEngine) -> Look:
    """Let the second reader read the critical values; what it does not confirm is read closely.

    Where skimming was sure of something, close reading sees something else and the second reader
    has no opinion, the skimmed text stands as the second one: a person looks.
    """
    skimmed = read_again(look.picture, look.extraction)
    open_values = [value for value in skimmed.values if value.second_text is not None]
    unconfirmed = [value for value in open_values if not confirms(value)]
    closer = read_closely(look, places_of(look, unconfirmed), engine)
    if closer is look:
        return replace(look, extraction=skimmed)
    closer = _with_layer(closer)
    extraction = read_again(closer.picture, _carry_over(closer.extraction, skimmed))
    values = tuple(_or_skimmed(value, skimmed) for value in extraction.values)
    return replace(closer, extraction=replace(extraction, values=values))


def _carry_over(extraction: Extraction, earlier: Extraction) -> Extraction:
    """Keep what the second reader read where a value stands as it stood, with as many characters.

    Where it was silent it looks again: close reading knows better where the characters are. What
    proved itself has to do so again.
    """
    return replace(
        extraction,
        values=tuple(
            replace(value, second_text=before.second_text, second_reader=before.second_reader)
            if value.second_text is None
            and (before := _earlier(value, earlier)) is not None
            and before.second_text
            and before.second_reader != PROOF_NAME
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
