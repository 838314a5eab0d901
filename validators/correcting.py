"""What a person reads on a paper, put in place of the machine's readings; the rules are the same.

A person's reading counts as certain: it replaces both readers' texts. It is made from the picture,
and like any reading it is compared with what was declared only afterwards.
"""

import dataclasses
import datetime
from collections.abc import Mapping

from domain.application import Batch, Submission
from domain.assessment import Assessment
from domain.certificates import CertificateType, FieldName, PaperForm
from domain.extraction import Classification, Evidence, ExtractedValue, Extraction
from domain.page import BoundingBox, Document
from domain.policy import Policy
from domain.reading import PriorUse, Reading, ReadOutcome
from domain.review import Correction
from validators.assessing import assess

PERSON = "person"
_WHOLE_PAGE = BoundingBox(left=0.0, top=0.0, right=1.0, bottom=1.0)


def assess_corrected(
    submission: Submission,
    outcomes: Mapping[str, ReadOutcome],
    prior_uses: tuple[PriorUse, ...],
    batch: Batch,
    policy: Policy,
    today: datetime.date,
    correction: Correction,
) -> Assessment:
    """Return what the rules make of an application with a person's readings in it.

    It says what agrees and what objects; that a person looked at it remains the decision's part.
    """
    corrected = correct(outcomes, correction)
    return assess(submission, corrected, prior_uses, batch, policy, today)


def correct(
    outcomes: Mapping[str, ReadOutcome], correction: Correction
) -> Mapping[str, ReadOutcome]:
    """Return the readers' answers with a person's readings of one paper in them.

    A page on which the machine recognized no paper gets one, of the kind that the person names; an
    empty text takes a reading away.
    """
    digest = correction.file_digest
    before = outcomes.get(digest)
    reading = before.reading if before else None
    reading = reading or Reading(document=Document(file_digest=digest, pages=()), extractions=())
    papers = list(reading.extractions)
    place = next(
        (i for i, paper in enumerate(papers) if paper.page_number == correction.page_number), None
    )
    if place is None:
        papers.append(_corrected(_blank_paper(correction), correction))
    else:
        papers[place] = _corrected(papers[place], correction)
    answer = ReadOutcome(
        file_digest=digest,
        reading=dataclasses.replace(reading, extractions=tuple(papers)),
        seconds=before.seconds if before else 0.0,
    )
    return {**outcomes, digest: answer}


def _blank_paper(correction: Correction) -> Extraction:
    return Extraction(
        file_digest=correction.file_digest,
        page_number=correction.page_number,
        classification=Classification(
            certificate_type=CertificateType.UNKNOWN, form=None, score=0.0
        ),
        values=(),
    )


def _corrected(paper: Extraction, correction: Correction) -> Extraction:
    if correction.certificate_type:
        kind = CertificateType(correction.certificate_type)
        form = paper.classification.form or PaperForm.CERTIFICATE
        named = dataclasses.replace(
            paper.classification, certificate_type=kind, form=form, score=1.0, named=""
        )
        paper = dataclasses.replace(paper, classification=named)
    values = list(paper.values)
    for name, text in correction.values:
        field = FieldName(name)
        old = next((value for value in values if value.field is field), None)
        # Every value of the field goes: a person says which one the paper prints.
        values = [value for value in values if value.field is not field]
        if text.strip():
            values.append(_read_by_person(paper, field, text.strip(), old))
    given = {FieldName(name) for name, text in correction.values if text.strip()}
    return dataclasses.replace(
        paper,
        values=tuple(values),
        never_printed=paper.never_printed - given,
        faults=tuple(fault for fault in paper.faults if fault.field not in given),
    )


def _read_by_person(
    paper: Extraction, field: FieldName, text: str, old: ExtractedValue | None
) -> ExtractedValue:
    evidence = (
        old.evidence
        if old
        else Evidence(
            file_digest=paper.file_digest,
            page_number=paper.page_number,
            bbox=_WHOLE_PAGE,
            raw_text=text,
        )
    )
    return ExtractedValue(
        field=field,
        text=text,
        confidence=1.0,
        evidence=evidence,
        second_text=text,
        second_reader=PERSON,
    )
