"""A value on a white page, and the extraction that holds it: what second and third reader get."""

import numpy as np

from domain.certificates import CertificateType, FieldName
from domain.extraction import Classification, Evidence, ExtractedValue, Extraction
from domain.page import BoundingBox
from extractors.reading.picture import Picture

PICTURE: Picture = np.full((100, 400, 3), 255, dtype=np.uint8)
CORNERS = ((0.1, 0.2), (0.9, 0.2), (0.9, 0.8), (0.1, 0.8))


def value_of(
    field: FieldName,
    text: str,
    second: str | None = None,
    reader: str | None = None,
    confidence: float = 0.98,
) -> ExtractedValue:
    """Return a value as the first reader reads it; `second` is what `reader` says of it."""
    evidence = Evidence(
        file_digest="0" * 64,
        page_number=1,
        bbox=BoundingBox(left=0.1, top=0.2, right=0.9, bottom=0.8),
        raw_text=text,
        quad=CORNERS,
        positions=tuple((index + 0.5) / len(text) for index in range(len(text))),
    )
    return ExtractedValue(
        field=field,
        text=text,
        confidence=confidence,
        evidence=evidence,
        second_text=second,
        second_reader=reader,
    )


def extraction_of(value: ExtractedValue) -> Extraction:
    """Return the extraction of a page that shows this value alone."""
    return Extraction(
        file_digest="0" * 64,
        page_number=1,
        classification=Classification(
            certificate_type=CertificateType.CET4, form=None, score=1.0, title="", named=""
        ),
        values=(value,),
    )
