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
    NOT_AN_EXAM_DATE,
    SITTING_SENTENCES,
    TICKET_ANCHOR,
    CertificateSpec,
    Title,
)

PART_SUFFIXES = ("", "理解", "部分", "测试", "成绩", "分数", "分")


def _part(*names: str) -> tuple[str, ...]:
    return tuple(name + suffix for name in names for suffix in PART_SUFFIXES)


# "阅读35%": where the sign is cut off or misread, a part's weight is no result.
_PART = rf"(?!(?<=[\u4e00-\u9fff])(?:35|30|20|15|10)(?!\d)){SCORE}"
_LABELLED = r"(?:考试|语言|证书)(?:级别|科目|项目|名称|类别|类型):*(?:大学)?英语"

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
            "成绩单号",
            "证书号码",
            "证书号",
            "Report Number",
            "Certificate Number",
            "Serial No",
            "No",
            "NO",
        ),
        value=r"(?:(?<![\dA-Za-z])|(?<=N[oO]))\d(?: ?\d){14}(?!\d)",
        below=True,
        not_after=NOT_A_CERTIFICATE_NUMBER,
    ),
    Anchor(
        field=FieldName.SCORE,
        labels=("总分", "总成绩", "笔试总分", "笔试成绩总分", "总分数", "Total", "Total Score"),
        # Reports are issued from 220 points: fewer digits are part of a total.
        value=rf"(?=\d{{3}}){SCORE}",
        below=True,
        not_after=("口试", "口语"),
        full_marks="710",
    ),
    Anchor(
        field=FieldName.DATE,
        labels=EXAM_DATE_LABELS,
        value=DATE,
        below=True,
        not_after=NOT_AN_EXAM_DATE,
    ),
    TICKET_ANCHOR,
    Anchor(
        field=FieldName.ORAL_TICKET,
        labels=("口试准考证号", "口试准考证", "口试考号", "口语准考证号"),
        value=r"(?<![\dA-Za-z])[A-Z]\d(?: ?\d){13}(?!\d)|--",
        below=True,
    ),
    Anchor(
        field=FieldName.LISTENING,
        labels=(*_part("听力"), "Listening"),
        value=_PART,
        below=True,
        full_marks="249",
    ),
    Anchor(
        field=FieldName.READING,
        labels=(*_part("阅读"), "Reading"),
        value=_PART,
        below=True,
        full_marks="249",
    ),
    Anchor(
        field=FieldName.WRITING_TRANSLATION,
        labels=(
            *_part(
                "写作和翻译", "写作与翻译", "写作翻译", "写作及翻译", "写作、翻译", "写译", "写作"
            ),
            "Writing and Translation",
            "Writing",
        ),
        value=_PART,
        below=True,
        full_marks="212",
    ),
    Anchor(
        field=FieldName.COMPREHENSIVE,
        labels=(*_part("综合", "完形"), "Cloze", "Integrated"),
        value=_PART,
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

# "听力150分、阅读160分、写作和翻译142分": in running text rows may break before a figure.
PART_SENTENCES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(rf"{label}(?:部分)?[ \t\n:为]*(?P<{field}>(?!{most})\d{{1,3}}) ?分(?!之)")
    for label, field, most in (
        ("总分", "score", 710),
        ("听力", "listening", 249),
        ("阅读", "reading", 249),
        ("写作[和与及、]?翻译", "writing_translation", 212),
    )
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
                r"(?i)CET-?4(?!/6|[、,和及]?CET-?6|[、,/]六)|COLLEGEENGLISHTEST[,(]?(?:BAND|LEVEL)-?(?:4|FOUR)"
            ),
            certificate_type=CertificateType.CET4,
        ),
        # Query pages name it behind a label only.
        Title(pattern=re.compile(_LABELLED + "[四4]级"), certificate_type=CertificateType.CET4),
        Title(pattern=re.compile(_LABELLED + "[六6]级"), certificate_type=CertificateType.CET6),
        Title(
            pattern=re.compile(r"(?i)CET-?6|COLLEGEENGLISHTEST[,(]?(?:BAND|LEVEL)-?(?:6|SIX)"),
            certificate_type=CertificateType.CET6,
        ),
    ),
    anchors=ANCHORS,
    sentences=(*SITTING_SENTENCES, *PART_SENTENCES),
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
