"""What stands in a form: values by name, the core courses, the portrait."""

import datetime
import unicodedata
from dataclasses import dataclass

from domain.application import Submission
from domain.assessment import Assessment
from domain.certificates import CertificateType
from domain.code_tables import country_name, document_type, ethnic_group_name
from domain.degree import ConditionName, CountedCourse, DegreeResult, LanguageResult

CORE_COURSES = "core_courses"
COURSE_FIELDS = ("课程名称", "课程学分", "课程成绩")
KNOWN_FIELDS = frozenset(
    {
        *(
            "学号",
            "姓名",
            "姓名拼音",
            "性别",
            "出生日期",
            "民族",
            "政治面貌",
            "证件类型",
            "证件号码",
        ),
        *("层次", "专业名称", "年级", "学习中心", "考生号", "本科入学年月", "本科毕业年月"),
        *("国家或地区", "是否第二学位", "是否主辅修学位", "是否辅修学位", "是否双学士学位"),
        *("是否联合学位", "联合培养单位", "电子邮箱", "QQ账号", "微信账号", "其他信息", "论文题目"),
        *("平均成绩", "学位主干课最低成绩", "学位外语", "论文成绩", "照片"),
        *("外语证书", "外语语种", "外语编号", "外语成绩", "外语日期"),
        *COURSE_FIELDS,
    }
)
"""Names for which there can be a value; others on a form are filled in by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormContent:
    """Everything that one form shows; an empty one gives the blank form.

    `lists` holds the rows that repeat, each a mapping of field names. `photo` is a clean JPEG.
    `created` is a moment of the data, never of the clock.
    """

    values: dict[str, str]
    lists: dict[str, tuple[dict[str, str], ...]]
    photo: bytes = b""
    created: datetime.datetime = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)

    def texts(self) -> list[str]:
        """Return every text of the form."""
        rows = (row for rows in self.lists.values() for row in rows)
        return [*self.values.values(), *(text for row in rows for text in row.values())]


def blank_content() -> FormContent:
    """Return what the blank form shows: nothing."""
    return FormContent(values={}, lists={})


def form_content(
    submission: Submission, assessment: Assessment, created: datetime.datetime, photo: bytes = b""
) -> FormContent:
    """Return what the form of one application shows.

    Every column of the application is a value under its own name; the rest is named in Chinese too
    (平均成绩, 外语证书, …). Raises ValueError for an application of a language batch.
    """
    degree = assessment.degree
    if degree is None:
        raise ValueError("not an application of a degree batch")
    cells = {name: one_line(cell) for name, cell in submission.application.columns}
    cells["民族"] = ethnic_group_name(cells.get("民族", ""))
    cells["国家或地区"] = country_name(cells.get("国家或地区", ""))
    cells["证件类型"] = document_type(cells.get("证件类型", ""))
    core = tuple(_course_row(course) for course in degree.courses if course.is_core)
    return FormContent(
        values=cells | _derived(degree) | {"学号": submission.student_number},
        lists={CORE_COURSES: core},
        photo=photo,
        created=created,
    )


def one_line(text: str) -> str:
    """Return a cell on one line, trimmed, each stretch of white space one space.

    What is never seen (zero-width characters, marks of direction) is left out; a variation selector
    stays, for it asks for another shape of the character before it.
    """
    seen = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return " ".join(seen.split())


def _derived(degree: DegreeResult) -> dict[str, str]:
    final = next((c.result for c in degree.courses if c.is_final and "论文" in c.name), "")
    final = final or next((course.result for course in degree.courses if course.is_final), "")
    conditions = {name: degree.condition(name).value for name in ConditionName}
    return {
        "平均成绩": conditions[ConditionName.AVERAGE],
        "学位主干课最低成绩": conditions[ConditionName.CORE],
        "学位外语": conditions[ConditionName.LANGUAGE],
        "论文成绩": one_line(final),
        **_language(degree.language),
    }


def _language(result: LanguageResult | None) -> dict[str, str]:
    if result is None:
        return {}
    return {
        "外语证书": CertificateType(result.certificate_type).chinese_name,
        "外语语种": one_line(result.language),
        "外语编号": one_line(result.number),
        "外语成绩": one_line(result.score),
        "外语日期": one_line(result.obtained),
    }


def _course_row(course: CountedCourse) -> dict[str, str]:
    texts = (course.name, course.credits, course.result)
    return dict(zip(COURSE_FIELDS, map(one_line, texts), strict=True))
