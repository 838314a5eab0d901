"""The form in which a family says what its papers print, and labels that many papers share."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from domain.certificates import CertificateFamily, CertificateType, FieldName, PaperForm
from domain.extraction import Classification, ExtractedValue
from extractors.anchors import (
    DATE,
    DOT,
    ENGLISH_DATE,
    GRADE,
    HAN,
    ID_NUMBER,
    NAME,
    NO_NAME,
    Anchor,
)
from extractors.layout import PageText


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReading:
    """What a table of many rows gives; in `other_rows` (headings, others') labels do not count."""

    values: tuple[ExtractedValue, ...] = ()
    other_rows: frozenset[int] = frozenset()


Special = Callable[[PageText, Classification], TableReading]


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A text that names an examination; matched against rows with spaces and gaps removed."""

    pattern: re.Pattern[str]
    certificate_type: CertificateType


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSpec:
    """One family.

    `forms` are tried in order against the page's text; the first that matches says what sort of
    paper it is, `default_form` where none does. `sentences` are patterns whose group names are
    field names. `sometimes_printed` are fields that count as not printed where neither a value nor
    a label of theirs is on the page; `never_printed` those a form does not carry at all. `special`
    reads what labels alone cannot find (tables with many rows).
    """

    family: CertificateFamily
    titles: tuple[Title, ...]
    language: str
    anchors: tuple[Anchor, ...]
    forms: tuple[tuple[re.Pattern[str], PaperForm], ...] = ()
    default_form: PaperForm = PaperForm.CERTIFICATE
    sentences: tuple[re.Pattern[str], ...] = ()
    sometimes_printed: frozenset[FieldName] = frozenset()
    never_printed: Mapping[PaperForm, frozenset[FieldName]] = field(default_factory=dict)
    special: Special | None = None


NAME_ANCHOR = Anchor(
    field=FieldName.NAME,
    labels=(
        "姓名",
        "考生姓名",
        "姓名Name",
        "学生姓名",
        "持证人",
        "持证人姓名",
        "Candidate Name",
        "Student Name",
        "Full Name",
        "Name of Candidate",
        "Name",
    ),
    value=NAME,
    below=True,
    not_after=("学校", "课程", "教材", "校长", "院长", "主任"),
)
ID_ANCHOR = Anchor(
    field=FieldName.ID_NUMBER,
    labels=(
        "证件号码",
        "证件号",
        "身份证号",
        "身份证号码",
        "身份证件号码",
        "居民身份证号",
        "居民身份证号码",
        "公民身份号码",
        "有效证件号码",
        "身份证件号",
        "身份证编号",
        "证件编号",
        "身份号码",
        "公民身份号",
        "有效证件号",
        "身份证",
        "ID Card No",
        "ID No",
        "ID Number",
        "ID",
    ),
    value=ID_NUMBER,
    below=True,
    wraps=True,
)
ISSUE_DATE_ANCHOR = Anchor(
    field=FieldName.ISSUE_DATE,
    labels=(
        "发证日期",
        "发证时间",
        "签发日期",
        "颁发日期",
        "颁证日期",
        "签发时间",
        "发布日期",
        "Date of Issue",
        "Issue Date",
        "Issued on",
        "Issued",
    ),
    value=DATE,
    below=True,
)
EXAM_DATE_LABELS: tuple[str, ...] = (
    "考试时间",
    "考试日期",
    "考试年月",
    "笔试时间",
    "笔试日期",
    "笔试考试时间",
    "考试场次",
    "考试年度",
    "参考时间",
    "测试时间",
    "测试日期",
    "Date of Test",
    "Test Date",
    "Exam Date",
    "Date of Examination",
    "Examination Date",
    "Date",
)
# Dates of other things than the written examination.
NOT_AN_EXAM_DATE: tuple[str, ...] = (
    "口试", "口语", "打印", "查询", "下次", "发证", "毕业", "报名", "公布",
    "Issue", "Issued", "Print", "Printing", "Birth", "Report",
)  # fmt: skip
GRADE_LABELS: tuple[str, ...] = (
    "成绩等级",
    "等级",
    "成绩",
    "考试成绩",
    "评定等级",
    "总评",
    "考试等级",
    "结论",
    "评定结果",
    "评定成绩",
    "考试结果",
    "考核结果",
    "成绩评定",
    "成绩等第",
    "成绩档次",
    "等第",
    "等次",
    "Grade",
    "Overall Grade",
    "Grade Awarded",
    "Result",
    "Performance",
    "Level of Performance",
)
GRADE_ANCHOR = Anchor(
    field=FieldName.GRADE,
    labels=GRADE_LABELS,
    value=GRADE,
    below=True,
    not_after=("口试", "口语", "口试 ", "口语 "),
)
# One figure for the whole examination; where it has parts, their labels are the family's own.
SCORE_LABELS: tuple[str, ...] = (
    "总分",
    "总成绩",
    "总分数",
    "总得分",
    "成绩总分",
    "成绩",
    "考试成绩",
    "考试总成绩",
    "考试总分",
    "考试分数",
    "考试得分",
    "测试成绩",
    "测试总分",
    "测试分数",
    "测试得分",
    "笔试成绩",
    "笔试总分",
    "笔试分数",
    "笔试得分",
    "卷面成绩",
    "卷面总分",
    "卷面分数",
    "卷面得分",
    "卷面分",
    "最终成绩",
    "最终得分",
    "综合成绩",
    "综合得分",
    "总评成绩",
    "百分制成绩",
    "百分制分数",
    "成绩分数",
    "成绩得分",
    "实际得分",
    "实得分",
    "所得分数",
    "分数",
    "得分",
    "Score",
    "Scores",
    "Total",
    "Total Score",
    "Total Marks",
    "Total Points",
    "Overall Score",
    "Overall Marks",
    "Test Score",
    "Exam Score",
    "Examination Score",
    "Final Score",
    "Written Test Score",
    "Score Obtained",
    "Score Achieved",
    "Score Awarded",
    "Marks",
    "Marks Obtained",
    "Mark",
    "Points",
)
NUMBER_LABELS: tuple[str, ...] = (
    "证书编号",
    "证书号",
    "证书号码",
    "证书No",
    "编号",
    "Certificate No",
    "Certificate Number",
    "Cert. No",
    "No",
)
# Labels that end in 编号 or No. but name something else.
NOT_A_CERTIFICATE_NUMBER: tuple[str, ...] = (
    "准考证",
    "课程",
    "考籍",
    "专业",
    "院校",
    "学校",
    "证件",
    "身份证",
    "证件号码",
    "身份证号",
    "身份证号码",
    "准考证号",
    "准考证号码",
    "ID",
    "Ticket",
    "Student",
    "Candidate",
    "Admission",
)
TICKET_ANCHOR = Anchor(
    field=FieldName.ADMISSION_TICKET,
    labels=(
        "准考证号",
        "准考证号码",
        "笔试准考证号",
        "笔试准考证",
        "笔试考号",
        "考号",
        "准考证",
        "考生号",
        "Ticket No",
        "Admission Ticket No",
        "Admission No",
        "Candidate No",
    ),
    value=r"(?<![\dA-Za-z])\d(?: ?\d){7,19}(?!\d)",
    below=True,
    not_after=("口试", "口语", "口试 "),
)

# "兹证明 张三（证件号码……）于2023年6月参加……考试，成绩合格": rows may break anywhere in it.
_PERSON = rf"{NO_NAME}(?P<name>{HAN}(?:[ ]?(?:{HAN}|{DOT})){{1,20}}?)"
# A name that begins a row, not the words with which sentences go on there.
_FIRST = rf"(?!兹|证明|学生|考生|[系为是该本其]){_PERSON}"
# Short: gaps in a row of gaps must not cost a hostile page much time.
_GAP = r"[ \t\n,:;_()]{0,5}"
SITTING_SENTENCES: tuple[re.Pattern[str], ...] = (
    re.compile(
        rf"(?:兹证明|证明|学生|考生|[\n\t])[ \t:]*"
        rf"{_FIRST}"
        rf"(?:[ ,]*[男女](?=[ ,系]))?{_GAP}(?:同学|同志|先生|女士)?{_GAP}"
        rf"(?:\([^)]{{0,60}}\))?{_GAP}"
        rf"(?:[系为是][^于]{{2,40}}?)?{_GAP}已?于{_GAP}(?:(?P<date>{DATE})|(?:19|20)\d\d ?年)"
    ),
    # "考生 张三，准考证号 0123，参加……", "张三同学参加……"
    re.compile(
        rf"(?:兹证明|学生|考生)[ \t:]*{_PERSON}"
        rf"[ ]*(?=[,(] *(?:准考证|性别|身份证|证件|[男女]))"
    ),
    re.compile(
        rf"[\n\t][ ]*{_FIRST}"
        rf"[ ]*(?:同学|同志){_GAP}(?=[^\n]{{0,30}}(?:参加|通过|于))"
    ),
    re.compile(
        rf"[\n\t][ ]*{_FIRST}"
        rf"[ ]*参{_GAP}加{_GAP}{DATE}"
    ),
    # "成绩报告单（2021年12月）"
    re.compile(rf"(?:成绩单|报告单) ?\( ?(?P<date>{DATE}) ?\)"),
    re.compile(
        rf"(?i:certify)[ \t\n]*(?i:that)[A-Za-z ,.\t\n'-]*\(?[ ]*"
        rf"{NO_NAME}(?P<name>{HAN}(?:[ ]?(?:{HAN}|{DOT})){{1,20}})(?!{HAN})"
    ),
    re.compile(
        rf"(?:参{_GAP}加|通{_GAP}过){_GAP}(?:了|的)?{_GAP}(?P<date>{DATE}){_GAP}(?:举行的|的)?{_GAP}"
        rf"(?=全国|高等|大学|自学|自考|英语|俄语|国际|国才|TEM|CET|[^\n]{{0,8}}省)"
    ),
    re.compile(
        rf"(?i:held|took|taken|passed|attended|test|examination|four|eight|[468])\)?[ \t\n]*"
        rf"(?i:held)?[ \t\n]*(?i:in|on)[ \t\n]*(?P<date>{ENGLISH_DATE})"
    ),
    re.compile(
        rf"于{_GAP}(?P<date>{DATE}){_GAP}(?:在[^\n]{{0,20}})?{_GAP}(?:参{_GAP}加|通{_GAP}过)"
    ),
)
GRADE_SENTENCES: tuple[re.Pattern[str], ...] = (
    re.compile(rf"(?:考试|测试){_GAP}(?:成绩|等级)?(?:为|是|评定为)?{_GAP}(?P<grade>{GRADE})"),
    re.compile(rf"成{_GAP}绩{_GAP}(?:为|是|评定为|达到)?{_GAP}(?P<grade>{GRADE})"),
    re.compile(
        rf"成{_GAP}绩{_GAP}(?:为|是)?{_GAP}\d{{1,3}}(?:\.\d)?{_GAP}分?{_GAP}(?P<grade>{GRADE})"
    ),
    re.compile(rf"等{_GAP}级{_GAP}(?:为|是|评定为|达到){_GAP}[“\"'「『《]?(?P<grade>{GRADE})"),
    re.compile(r"(?i)(?:grade|mark|result)(?: of| is|:)?[ \t\"]*(?P<grade>pass|good|excellent)\b"),
)
SCORE_SENTENCES: tuple[re.Pattern[str], ...] = (
    re.compile(
        rf"(?:得{_GAP}分|总{_GAP}分|分{_GAP}数|成{_GAP}绩)(?:为|是)?{_GAP}"
        rf"(?P<score>(?!(?:100|150){_GAP}分)\d{{1,3}}(?:\.\d)?){_GAP}分(?![至到以为者~—-]|及以)"
    ),
    # "取得 78 分", "以 78 分的成绩"
    re.compile(
        rf"(?:取{_GAP}得|获{_GAP}得|得{_GAP}到|考{_GAP}得|[以获得])了?{_GAP}"
        rf"(?P<score>(?!(?:100|150){_GAP}分)\d{{2,3}}(?:\.\d)?){_GAP}分(?![至到以为者~—-]|及以)"
    ),
    re.compile(
        r"(?i)\b(?:scor(?:e|es|ed|ing)|marks?|total|result)[ \t\n]+(?:is|was|of|obtained|a|total)?"
        r"[ \t\n]*(?:of[ \t\n]+)?(?P<score>\d{2,3}(?:\.\d)?)(?!\d|\.\d|[ \t]*(?:%|and|or|to|-))"
    ),
)
