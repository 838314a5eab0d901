"""CET-4/6 大学英语四、六级: score report cards, electronic reports, 成绩证明.

What they print and since when: docs/certificates.md.
"""

import re

from domain.certificates import CertificateFamily, CertificateType, FieldName, PaperForm
from extractors.anchors import DATE, SCORE, Anchor
from extractors.certificates.spec import (
    EXAM_DATE_LABELS,
    ID_ANCHOR,
    NAME_ANCHOR,
    NOT_A_CERTIFICATE_NUMBER,
    SITTING_SENTENCES,
    TICKET_ANCHOR,
    CertificateSpec,
    Title,
)

PART_SUFFIXES = ("", "理解", "部分", "测试", "成绩", "分数", "分")


def _part(*names: str) -> tuple[str, ...]:
    return tuple(name + suffix for name in names for suffix in PART_SUFFIXES)


ANCHORS: tuple[Anchor, ...] = (
    NAME_ANCHOR,
    ID_ANCHOR,
    Anchor(
        field=FieldName.CERTIFICATE_NUMBER,
        labels=(
            "成绩报告单编号",
            "成绩单编号",
            "报告单编号",
            "成绩报告单号",
            "成绩证明编号",
            "证明编号",
            "证书编号",
            "编号",
            "Report No",
            "Certificate No",
            "No",
        ),
        value=r"(?<![\dA-Za-z])\d(?: ?\d){14}(?!\d)",
        below=True,
        not_after=NOT_A_CERTIFICATE_NUMBER,
    ),
    Anchor(
        field=FieldName.SCORE,
        labels=("总分", "总成绩", "笔试总分", "笔试成绩总分", "总分数", "Total", "Total Score"),
        value=SCORE,
        below=True,
    ),
    Anchor(
        field=FieldName.DATE,
        labels=EXAM_DATE_LABELS,
        value=DATE,
        below=True,
        not_after=("口试", "口语", "打印", "查询"),
    ),
    TICKET_ANCHOR,
    Anchor(
        field=FieldName.ORAL_TICKET,
        labels=("口试准考证号", "口试准考证", "口试考号", "口语准考证号"),
        value=r"(?<![\dA-Za-z])[A-Z]\d(?: ?\d){13}(?!\d)|--",
        below=True,
    ),
    Anchor(
        field=FieldName.LISTENING, labels=(*_part("听力"), "Listening"), value=SCORE, below=True
    ),
    Anchor(field=FieldName.READING, labels=(*_part("阅读"), "Reading"), value=SCORE, below=True),
    Anchor(
        field=FieldName.WRITING_TRANSLATION,
        labels=(
            *_part("写作和翻译", "写作与翻译", "写作翻译", "写作"),
            "Writing and Translation",
            "Writing",
        ),
        value=SCORE,
        below=True,
    ),
    Anchor(
        field=FieldName.COMPREHENSIVE,
        labels=(*_part("综合", "完形"), "Cloze", "Integrated"),
        value=SCORE,
        below=True,
    ),
    Anchor(
        field=FieldName.SPEAKING,
        labels=("口试成绩", "口试等级", "口语成绩", "口语等级", "口试", "口语", "等级"),
        value=r"--|[A-D]\+?(?![A-Za-z\d])|优秀|良好|不合格|合格",
        below=True,
    ),
    Anchor(
        field=FieldName.NOTE,
        labels=("该考生为听力残疾", "听力残疾"),
        value=r"[^\n\t]{0,30}",
    ),
)

SPEC = CertificateSpec(
    family=CertificateFamily.CET,
    language="英语",
    titles=(
        # 大学英语四、六级 names the whole examination, in an issuer's line for instance.
        Title(pattern=re.compile(r"大学英语[四4]级"), certificate_type=CertificateType.CET4),
        Title(pattern=re.compile(r"大学英语[六6]级"), certificate_type=CertificateType.CET6),
        Title(
            pattern=re.compile(
                r"(?i)CET-?4(?!/6)|COLLEGEENGLISHTEST[,(]?(?:BAND|LEVEL)-?(?:4|FOUR)"
            ),
            certificate_type=CertificateType.CET4,
        ),
        Title(
            pattern=re.compile(r"(?i)CET-?6|COLLEGEENGLISHTEST[,(]?(?:BAND|LEVEL)-?(?:6|SIX)"),
            certificate_type=CertificateType.CET6,
        ),
    ),
    anchors=ANCHORS,
    sentences=SITTING_SENTENCES,
    forms=(
        (
            re.compile(r"成绩详情|学信网|中国高等教育学生信息|查询结果|成绩查询(?!网|方式|地址)"),
            PaperForm.QUERY_PAGE,
        ),
    ),
    default_form=PaperForm.SCORE_REPORT,
    sometimes_printed=frozenset(
        {
            FieldName.ID_NUMBER,
            FieldName.ADMISSION_TICKET,
            FieldName.ORAL_TICKET,
            FieldName.COMPREHENSIVE,
            FieldName.SPEAKING,
        }
    ),
    never_printed={form: frozenset({FieldName.STATUS, FieldName.GRADE}) for form in PaperForm},
)
