"""TEM-4/8 高等学校英语专业四、八级: certificates that report a grade (docs/certificates.md)."""

import re

from domain.certificates import CertificateFamily, CertificateType, FieldName, PaperForm
from extractors.anchors import DATE, FREE_NUMBER, SCORE, Anchor
from extractors.certificates.spec import (
    EXAM_DATE_LABELS,
    GRADE_ANCHOR,
    GRADE_SENTENCES,
    ID_ANCHOR,
    ISSUE_DATE_ANCHOR,
    NAME_ANCHOR,
    NOT_A_CERTIFICATE_NUMBER,
    NOT_AN_EXAM_DATE,
    NUMBER_LABELS,
    SCORE_LABELS,
    SCORE_SENTENCES,
    SITTING_SENTENCES,
    TICKET_ANCHOR,
    CertificateSpec,
    Title,
)

ANCHORS: tuple[Anchor, ...] = (
    NAME_ANCHOR,
    ID_ANCHOR,
    Anchor(
        field=FieldName.CERTIFICATE_NUMBER,
        labels=NUMBER_LABELS,
        value=FREE_NUMBER,
        below=True,
        not_after=NOT_A_CERTIFICATE_NUMBER,
    ),
    Anchor(
        field=FieldName.SCORE,
        labels=SCORE_LABELS,
        value=rf"{SCORE}(?=分(?![至到以为者~—-]|及以)|[ \t\n]|$|\(|/ ?100(?!\d))",
        below=True,
        not_after=("口试", "口语", "满分", "及格", "合格", "最高", "标准"),
        full_marks="100",
    ),
    Anchor(
        field=FieldName.DATE,
        labels=EXAM_DATE_LABELS,
        value=DATE,
        below=True,
        not_after=NOT_AN_EXAM_DATE,
    ),
    ISSUE_DATE_ANCHOR,
    GRADE_ANCHOR,
    TICKET_ANCHOR,
)

SPEC = CertificateSpec(
    family=CertificateFamily.TEM,
    language="英语",
    titles=(
        Title(pattern=re.compile(r"英语专业[四4]级"), certificate_type=CertificateType.TEM4),
        Title(pattern=re.compile(r"英语专业[八8]级"), certificate_type=CertificateType.TEM8),
        Title(
            pattern=re.compile(r"(?i)TEM-?4|TESTFORENGLISHMAJORS[,(-]*(?:GRADE|BAND)-?(?:4|FOUR)"),
            certificate_type=CertificateType.TEM4,
        ),
        Title(
            pattern=re.compile(r"(?i)TEM-?8|TESTFORENGLISHMAJORS[,(-]*(?:GRADE|BAND)-?(?:8|EIGHT)"),
            certificate_type=CertificateType.TEM8,
        ),
    ),
    anchors=ANCHORS,
    sentences=(*SITTING_SENTENCES, *GRADE_SENTENCES, *SCORE_SENTENCES),
    sometimes_printed=frozenset(
        {
            FieldName.ID_NUMBER,
            FieldName.SCORE,
            FieldName.ISSUE_DATE,
            FieldName.ADMISSION_TICKET,
        }
    ),
    never_printed={
        PaperForm.CERTIFICATE: frozenset(
            {
                FieldName.LISTENING,
                FieldName.READING,
                FieldName.WRITING_TRANSLATION,
                FieldName.COMPREHENSIVE,
                FieldName.SPEAKING,
            }
        )
    },
)
