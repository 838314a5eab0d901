"""From a page as read to the values printed on it, each with its evidence."""

import re
from collections.abc import Iterator, Sequence

from domain.calibration import FieldGroup
from domain.certificates import CertificateType, FieldName, PaperForm
from domain.extraction import Classification, Evidence, ExtractedValue, Extraction
from domain.page import Line, Page
from extractors.anchors import DATE, find, find_labels, has_label
from extractors.certificates.spec import CertificateSpec, TableReading
from extractors.classify import TitleMatch, classify, spec_of
from extractors.layout import PageText, fold, lay_out

# Part of `engine_version`: raise it with every change of what is extracted from the same lines.
EXTRACTION_VERSION = "10"
# A title that begins with its sitting.
_DATED_TITLE = re.compile(
    rf"[ \t]*\(?(?P<date>{DATE})\)?[ \t]*(?:全国|普通|高等|国家|大学|英语|俄语|国际|国才|CET|TEM)"
)
# Certificates that say no more of the sitting than its year.
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d ?年(?! ?\d)|(?i:\b(?:in|year),?) ?(?:19|20)\d\d(?!\d)")
# No name has these words in it; a part of an issuer's name or of a title does.
_NOT_IN_NAMES = re.compile(r"委员|证书|证明|测试|考试|教学|指导|教育|大学|学院|成绩|专业")
# 18 characters, one of which may have been read twice, or not at all.
_LIKE_AN_ID_NUMBER = re.compile(r"(?<![\dA-Za-z])\d(?: ?\d){15,17} ?[\dXx](?![\dA-Za-z])")
# Numbers without which a rule objects where their label is printed.
_ASKED_FOR = (
    FieldName.ID_NUMBER,
    *(field for field in FieldName if FieldGroup.of(field) is FieldGroup.SCORE),
)
_PARTS_OF_A_TOTAL = (
    frozenset({FieldName.LISTENING, FieldName.READING, FieldName.WRITING_TRANSLATION}),
    frozenset({FieldName.COMPONENT_A, FieldName.COMPONENT_B}),
)
_NOTHING = re.compile(r"[ \t:;_.]*(?:\n|$)")
# Dots and strokes beside it are a seal's.
_DATE_ALONE = re.compile(rf"[\s.,:;'`|·•-]*(?P<date>{DATE})[\s.,:;'`|·•-]*")
# A date that stands alone in the lower part of a certificate is the day it was issued.
SIGN_OFF_TOP = 0.5


def extract(page: Page, lines: Sequence[Line] | None = None) -> Extraction:
    """Classify a page and return the values found by their labels.

    `lines` replaces the page's own lines (a PDF's text layer). Sees nothing but the page.
    """
    text = lay_out(page, lines)
    classification, title = classify(text)
    spec = spec_of(classification.certificate_type)
    if spec is None or title is None:
        return Extraction(
            file_digest=page.file_digest,
            page_number=page.page_number,
            classification=classification,
            values=(),
        )
    values = _values(text, spec, classification, title)
    values += _title_values(page, spec, classification, title)
    absent = _never_printed(text, spec, classification, values)
    return Extraction(
        file_digest=page.file_digest,
        page_number=page.page_number,
        classification=classification,
        values=values,
        never_printed=absent,
    )


def is_complete(extraction: Extraction) -> bool:
    """Return whether a paper of a known kind gave all that its kind must print.

    Name, a result, a date, and a certificate number where it carries one.
    """
    found = {value.field for value in extraction.values}
    number = FieldName.CERTIFICATE_NUMBER
    return (
        FieldName.NAME in found
        and bool(found & {FieldName.SCORE, FieldName.GRADE})
        and bool(found & {FieldName.DATE, FieldName.ISSUE_DATE})
        and (number in found or number in extraction.never_printed)
    )


def unanswered_labels(
    page: Page, extraction: Extraction, fields: Sequence[FieldName]
) -> tuple[tuple[FieldName, Evidence], ...]:
    """Return where the labels of some fields stand, of those for which no value was found."""
    return tuple((field, label) for field, label, _ in _unanswered(page, extraction, fields))


def overlooked_labels(page: Page, extraction: Extraction) -> tuple[Evidence, ...]:
    """Return the labels of numbers that a rule asks for and that were not found beside them.

    A label of scores stands beside grades as well: it counts where nothing follows on its row.
    """
    return tuple(
        label
        for field, label, ends_row in _unanswered(page, extraction, _ASKED_FOR)
        if field is not FieldName.SCORE or ends_row
    )


def lacks_a_part(extraction: Extraction) -> bool:
    """Return whether some parts of a total were found and others were not."""
    found = {value.field for value in extraction.values}
    return any(parts & found and parts - found for parts in _PARTS_OF_A_TOTAL)


def _unanswered(
    page: Page, extraction: Extraction, fields: Sequence[FieldName]
) -> Iterator[tuple[FieldName, Evidence, bool]]:
    """Yield field and place of labels without a value, and whether nothing follows on their row."""
    spec = spec_of(extraction.classification.certificate_type)
    if spec is None:
        return
    absent = extraction.never_printed.union(value.field for value in extraction.values)
    labelled = {anchor.field for anchor in spec.anchors}
    missing = [field for field in fields if field in labelled and field not in absent]
    if not missing:
        return
    text = lay_out(page)
    for field in missing:
        for start, end in find_labels(text, spec.anchors, field):
            label = text.value(field, start, end)
            if label is not None:
                yield field, label.evidence, _NOTHING.match(text.text, end) is not None


def _values(
    text: PageText,
    spec: CertificateSpec,
    classification: Classification,
    title: TitleMatch,
) -> tuple[ExtractedValue, ...]:
    table = spec.special(text, classification) if spec.special else TableReading()
    special = table.values
    # What a table's row says replaces what labels found: its header is not a label of one value.
    fixed = {value.field for value in special}
    labelled = find(text, spec.anchors, table.other_rows)
    found = [value for value in labelled if value.field not in fixed and not _is_no_name(value)]
    known = {value.field for value in found} | fixed
    for pattern in spec.sentences:
        for match in pattern.finditer(text.text):
            for group in pattern.groupindex:
                value = text.value(FieldName(group), *match.span(group))
                if value is not None and value.field not in known and not _is_no_name(value):
                    found.append(value)
        known = {value.field for value in found} | fixed
    if FieldName.DATE not in known:
        found += _title_date(text, title)
    known = {value.field for value in found} | fixed
    # Where the examination has no date, one that stands alone may be its, without its label.
    is_dated = FieldName.DATE in known or _YEAR_ALONE.search(text.text)
    if is_dated and FieldName.ISSUE_DATE not in known and not special:
        found += _sign_off_date(text, classification, found)
    return (*special, *found)


def _is_no_name(value: ExtractedValue) -> bool:
    return value.field is FieldName.NAME and bool(_NOT_IN_NAMES.search(fold(value.text)))


def _title_date(text: PageText, title: TitleMatch) -> list[ExtractedValue]:
    """Return the date that stands directly before the title: 2021年12月全国大学英语四级考试."""
    for start, spot in enumerate(text.glyphs):
        row = text.rows[spot[0]] if spot else ()
        if any(placed.line is title.line for placed in row):
            dated = _DATED_TITLE.match(text.text, start)
            value = text.value(FieldName.DATE, *dated.span("date")) if dated else None
            return [value] if value else []
    return []


def _sign_off_date(
    text: PageText, classification: Classification, found: list[ExtractedValue]
) -> list[ExtractedValue]:
    if classification.form is not PaperForm.CERTIFICATE:
        return []
    taken = {(value.evidence.bbox.left, value.evidence.bbox.top) for value in found}
    dates = []
    for row in text.rows:
        for placed in row:
            alone = _DATE_ALONE.fullmatch(fold(placed.line.text))
            if alone and placed.line.bbox.top > SIGN_OFF_TOP:
                value = text.line_value(FieldName.ISSUE_DATE, placed, *alone.span("date"))
                box = value.evidence.bbox
                if (box.left, box.top) not in taken:
                    dates.append(value)
    return dates if len(dates) == 1 else []


def _title_values(
    page: Page, spec: CertificateSpec, classification: Classification, title: TitleMatch
) -> tuple[ExtractedValue, ...]:
    """Return language and level, for which the title is the evidence."""
    evidence = Evidence(
        file_digest=page.file_digest,
        page_number=page.page_number,
        bbox=title.line.bbox,
        raw_text=title.line.text,
    )
    texts = {
        FieldName.LANGUAGE: spec.language,
        FieldName.LEVEL: CertificateType(classification.certificate_type).chinese_name,
    }
    return tuple(
        ExtractedValue(field=field, text=text, confidence=title.confidence, evidence=evidence)
        for field, text in texts.items()
    )


def _never_printed(
    text: PageText,
    spec: CertificateSpec,
    classification: Classification,
    values: Sequence[ExtractedValue],
) -> frozenset[FieldName]:
    """Return the fields this paper does not carry: by its form, or for want of value and label.

    A number that may be an ID number whose label was not read counts as one that is printed.
    """
    found = {value.field for value in values}
    form = classification.form or spec.default_form
    absent = {
        field
        for field in spec.sometimes_printed
        if field not in found and not has_label(text, spec.anchors, field)
    }
    if any(_is_unclaimed(run, values) for run in _LIKE_AN_ID_NUMBER.findall(text.text)):
        absent.discard(FieldName.ID_NUMBER)
    return frozenset(spec.never_printed.get(form, frozenset())) | absent


def _is_unclaimed(run: str, values: Sequence[ExtractedValue]) -> bool:
    """Return whether a run of digits is part of no value."""
    digits = run.replace(" ", "")
    return not any(digits in value.text.replace(" ", "") for value in values)
