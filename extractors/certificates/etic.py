"""ETIC 国际人才英语考试 (国才), five levels: score report, certificate (docs/certificates.md)."""

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
    SITTING_SENTENCES,
    CertificateSpec,
    Title,
)

LEVELS: tuple[tuple[str, str, CertificateType], ...] = (
    ("初级", "elementary", CertificateType.ETIC_ELEMENTARY),
    ("中级", "intermediate", CertificateType.ETIC_INTERMEDIATE),
    ("高级", "advanced", CertificateType.ETIC_ADVANCED),
    ("高端", "executive", CertificateType.ETIC_EXECUTIVE),
    ("高翻", "interpreting", CertificateType.ETIC_INTERPRETING),
)
NAME_OF_EXAMINATION = r"(?:国际人才英语考试|国才考试|国才|ETIC)"


def _titles() -> tuple[Title, ...]:
    titles = []
    for chinese, english, kind in LEVELS:
        # The level stands in the title, in its brackets, or behind a label of its own.
        titles.append(
            Title(
                pattern=re.compile(
                    rf"{NAME_OF_EXAMINATION}[((:·•・‧∙⋅.\-—–|/]*{chinese}|{chinese}[)]?{NAME_OF_EXAMINATION}"
                    rf"|(?:级别|等级|考试级别|考试等级|证书级别|Level)\W{{0,2}}{chinese}"
                ),
                certificate_type=kind,
            )
        )
        titles.append(
            Title(
                pattern=re.compile(
                    rf"(?i)(?:{english}{'|translation' if english == 'interpreting' else ''})level"
                    rf"|ETIC[(-]*{english}|Level[:(]*{english}"
                ),
                certificate_type=kind,
            )
        )
    return tuple(titles)


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
        field=FieldName.DATE,
        labels=EXAM_DATE_LABELS,
        value=DATE,
        below=True,
        not_after=NOT_AN_EXAM_DATE,
    ),
    ISSUE_DATE_ANCHOR,
    Anchor(
        field=FieldName.SCORE,
        labels=("总分", "总成绩", "Total", "Total Score"),
        value=SCORE,
        below=True,
    ),
    Anchor(
        field=FieldName.COMPONENT_A,
        labels=("口头沟通", "英译汉", "Oral Communication", "Spoken"),
        value=SCORE,
        below=True,
    ),
    Anchor(
        field=FieldName.COMPONENT_B,
        labels=("书面沟通", "汉译英", "Written Communication", "Written"),
        value=SCORE,
        below=True,
    ),
    GRADE_ANCHOR,
)

SPEC = CertificateSpec(
    family=CertificateFamily.ETIC,
    language="英语",
    titles=_titles(),
    anchors=ANCHORS,
    forms=((re.compile(r"(?i)成绩报告单|成绩单|scorereport"), PaperForm.SCORE_REPORT),),
    default_form=PaperForm.CERTIFICATE,
    sentences=(*SITTING_SENTENCES, *GRADE_SENTENCES),
    sometimes_printed=frozenset(
        {
            FieldName.ID_NUMBER,
            FieldName.ISSUE_DATE,
            FieldName.SCORE,
            FieldName.COMPONENT_A,
            FieldName.COMPONENT_B,
        }
    ),
    never_printed={
        PaperForm.SCORE_REPORT: frozenset({FieldName.CERTIFICATE_NUMBER}),
    },
)
