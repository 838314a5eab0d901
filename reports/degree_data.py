"""degree-data.xlsx: the national degree data of the applicants who get a form, and what it lacks.

Column orders: degree facts B.2 (classic, 学位授予信息年报) and B.3 (since June 2024). Every cell is
text. What neither the platform nor the policy knows stays empty and is listed by applicant.
"""

from collections.abc import Callable

from domain.code_tables import (
    DOCUMENT_TYPES,
    SEXES,
    country_code,
    country_name,
    document_type,
    ethnic_group_code,
    ethnic_group_name,
    politics_code,
)
from domain.degree_policy import DataLayout, DegreeDataPolicy
from domain.outcome import ApplicationOutcome, BatchOutcome
from reports.cells import display_text
from reports.degree_forms import wants_form
from reports.section import Section
from reports.tables import sorted_rows
from reports.workbooks import render_sections

_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅．.", "·"))
_LONGEST_NAME = 20
Value = Callable[[ApplicationOutcome, DegreeDataPolicy], str]


def _column(name: str) -> Value:
    return lambda row, _policy: _clean(row.submission.application.get(name))


def _school(name: str) -> Value:
    return lambda _row, policy: _clean(getattr(policy, name))


def _coded(name: str, code: Callable[[str], str]) -> Value:
    return lambda row, _policy: code(_clean(row.submission.application.get(name)))


def _clean(text: str) -> str:
    return " ".join(display_text(text).split())


def _name(row: ApplicationOutcome, _policy: DegreeDataPolicy) -> str:
    return _clean(row.submission.application.name).translate(_DOTS)


def _sex_name(text: str) -> str:
    sexes = {code: name for name, code in SEXES.items()}
    return sexes.get(text, text.removesuffix("性"))


def _day(text: str) -> str:
    digits = "".join(character for character in text if character.isdigit())
    parts = text.replace("年", "-").replace("月", "-").replace("/", "-").replace(".", "-")
    numbers = [part for part in parts.replace("日", "").split("-") if part.isdigit()]
    if len(numbers) == 3:
        return f"{numbers[0]}{int(numbers[1]):02d}{int(numbers[2]):02d}"
    return digits


def _nothing(_row: ApplicationOutcome, _policy: DegreeDataPolicy) -> str:
    return ""


def _language_month(row: ApplicationOutcome, _policy: DegreeDataPolicy) -> str:
    language = row.assessment.degree.language if row.assessment.degree else None
    return _day(language.obtained)[:6] if language else ""


Columns = tuple[tuple[str, str, Value], ...]
CURRENT: Columns = (
    ("XM", "姓名", _name),
    ("XB", "性别", _coded("性别", _sex_name)),
    ("CSRQ", "出生日期", _coded("出生日期", _day)),
    ("MZ", "民族", _coded("民族", ethnic_group_name)),
    ("ZJLX", "身份证件类型", _coded("证件类型", document_type)),
    ("ZJHM", "证件号码", _column("证件号码")),
    ("GB", "国家或地区", _coded("国家或地区", country_name)),
    ("KSH", "考生号", _column("考生号")),
    ("XH", "学号", lambda row, _policy: row.student_number),
    ("PYDWM", "培养单位码", _school("training_unit_code")),
    ("PYDW", "培养单位", _school("training_unit_name")),
    ("ZYDM", "专业代码", _nothing),
    ("ZYMC", "专业名称", _column("专业名称")),
    ("XWSYDWM", "学位授予单位码", _school("unit_code")),
    ("XWSYDW", "学位授予单位", _school("unit_name")),
    ("XZXM", "校长姓名", _school("president")),
    ("ZXXM", "学位评定委员会主席姓名", _school("chair")),
    ("XWLBM", "学位类别码", _nothing),
    ("XWLB", "学位类别", _nothing),
    ("HXWRQ", "获学位日期", _nothing),
    ("XWZSBH", "学位证书编号", _nothing),
    ("DSXM", "导师姓名", _nothing),
    ("LWLX", "论文类型", _nothing),
    ("LWTM", "论文题目", _column("论文题目")),
    ("LWGJC", "论文关键词", _nothing),
    ("LWXTLY", "论文选题来源", _nothing),
    ("LWYJFX", "论文研究方向", _nothing),
    ("LWZXYZ", "论文撰写语种", _nothing),
)
CLASSIC: Columns = (
    ("XM", "姓名", _name),
    ("XMPY", "姓名拼音", _column("姓名拼音")),
    ("XBM", "性别码", _coded("性别", lambda text: SEXES.get(_sex_name(text), ""))),
    ("GBM", "国家或地区码", _coded("国家或地区", country_code)),
    ("MZM", "民族码", _coded("民族", ethnic_group_code)),
    ("ZZMMM", "政治面貌码", _coded("政治面貌", politics_code)),
    ("CSRQ", "出生日期", _coded("出生日期", _day)),
    ("ZJLXM", "身份证件类型码",
     _coded("证件类型", lambda text: DOCUMENT_TYPES.get(document_type(text), ""))),
    ("ZJHM", "证件号码", _column("证件号码")),
    ("XWSYDWM", "学位授予单位码", _school("unit_code")),
    ("XZXM", "校长姓名", _school("president")),
    ("ZXXM", "学位评定委员会主席姓名", _school("chair")),
    ("PYDWM", "培养单位码", _school("training_unit_code")),
    ("XWLBM", "学位类别码", _nothing),
    ("ZYDM", "学士学位专业代码", _nothing),
    ("ZSZYMC", "证书专业名称", _column("专业名称")),
    ("KSH", "考生号", _column("考生号")),
    ("RXNY", "入学年月", _column("本科入学年月")),
    ("XH", "学号", lambda row, _policy: row.student_number),
    ("XZ", "学制", _nothing),
    ("XXXS", "学习形式", _nothing),
    ("WYKSNY", "通过英语水平考试年月", _language_month),
    ("BYNY", "毕业年月", _column("本科毕业年月")),
    ("HXWRQ", "获学位日期", _nothing),
    ("XWZSBH", "学位证书编号", _nothing),
    ("JYBH", "决议编号", _nothing),
    ("ZP", "照片文件名称", _column("证件号码")),
    ("QQHM", "QQ号码", _column("QQ账号")),
    ("WXZH", "微信账号", _column("微信账号")),
    ("DZYX", "电子邮箱", _column("电子邮箱")),
)  # fmt: skip
LAYOUTS = {DataLayout.CURRENT: CURRENT, DataLayout.CLASSIC: CLASSIC}


def render_degree_data(outcome: BatchOutcome) -> bytes:
    """Return degree-data.xlsx: the data, what it lacks by applicant, the thesis files' names."""
    policy = outcome.policy.degree_data
    columns = LAYOUTS[policy.layout]
    rows = [row for row in sorted_rows(outcome) if wants_form(row)]
    data = tuple(tuple(value(row, policy) for _, _, value in columns) for row in rows)
    missing = tuple(
        (row.student_number, _clean(row.submission.application.name), "、".join(gaps))
        for row, cells in zip(rows, data, strict=True)
        if (gaps := _gaps(columns, cells))
    )
    sections = (
        Section(title="学位授予信息", columns=tuple(code for code, _, _ in columns), rows=data),
        Section(title="缺项", columns=("学号", "姓名", "缺少或需处理的项目"), rows=missing),
        Section(
            title="列说明",
            columns=("列", "含义"),
            rows=tuple((code, meaning) for code, meaning, _ in columns),
        ),
        Section(
            title="论文文件名",
            columns=("学号", "平台要求的名称", "抽检平台的名称"),
            rows=tuple(_thesis_names(row, outcome) for row in rows),
        ),
    )
    return render_sections(outcome, f"{outcome.batch.name} 学位授予信息", sections)


def _gaps(columns: Columns, cells: tuple[str, ...]) -> list[str]:
    """Return in Chinese what a row lacks, and what will not fit."""
    gaps = [meaning for (_, meaning, _), cell in zip(columns, cells, strict=True) if not cell]
    if len(cells[0]) > _LONGEST_NAME:
        gaps.append(f"姓名超过{_LONGEST_NAME}个字符")
    return gaps


def _thesis_names(row: ApplicationOutcome, outcome: BatchOutcome) -> tuple[str, str, str]:
    cells, policy = row.submission.application, outcome.policy.degree_data
    named = (row.student_number, cells.name, cells.get("论文题目"))
    platform = "+".join(map(_clean, named))
    # An academic year runs from September; its name is the last two digits of both years.
    deadline = outcome.batch.deadline
    first = deadline.year - (deadline.month < 9)
    year = f"{first % 100:02d}{(first + 1) % 100:02d}"
    known = (policy.province_code, policy.unit_code)
    parts = (year, *(code or "待填" for code in known), "专业代码待填", cells.get("考生号"), "LW")
    return row.student_number, _clean(platform), _clean("_".join(parts)) + ".PDF"
