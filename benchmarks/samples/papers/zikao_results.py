"""Results of the self-taught examination: the English course, its neighbours, the labels."""

import random
from dataclasses import dataclass
from datetime import date

from benchmarks.samples.paper import PaperOrder
from benchmarks.samples.papers.printing import declare, declare_month, forced_date

WORDINGS = {
    "zikao-plain": {
        "name": "姓名",
        "admission_ticket": "准考证号",
        "id_number": "身份证号",
        "major": "专业",
        "course": "课程名称",
        "score": "成绩",
        "date": "考试时间",
        "certificate_number": "证书编号",
    },
    "zikao-spaced": {
        "name": "姓 名",
        "admission_ticket": "准考证号",
        "id_number": "证件号码",
        "major": "专 业",
        "course": "课 程",
        "score": "成 绩",
        "date": "合格日期",
        "certificate_number": "编 号",
    },
    "zikao-candidate": {
        "name": "考生姓名",
        "admission_ticket": "准考证号码",
        "id_number": "身份证号码",
        "major": "报考专业",
        "course": "课程",
        "score": "考试成绩",
        "date": "考试年月",
        "certificate_number": "合格证编号",
    },
    "zikao-held-back": {
        "name": "姓  名",
        "admission_ticket": "准考证",
        "id_number": "证件号",
        "major": "专业名称",
        "course": "科目",
        "score": "分 数",
        "date": "考试日期",
        "certificate_number": "No.",
    },
}
PROVINCES = ("样例省", "示例省", "虚构省", "样本自治区")
MAJORS = ("汉语言文学（本科）", "会计学（专升本）", "法学（本科）", "行政管理（专升本）")
OTHER_COURSES = (
    ("03708", "中国近现代史纲要", 2),
    ("03709", "马克思主义基本原理概论", 4),
    ("00037", "美学", 6),
    ("00537", "中国现代文学史", 6),
    ("00538", "中国古代文学史（一）", 7),
    ("00540", "外国文学史", 6),
    ("00541", "语言学概论", 6),
    ("00821", "现代汉语语法研究", 4),
    ("11342", "训诂学", 6),
    ("00813", "外国作家作品专题研究", 6),
    ("00058", "市场营销学", 5),
    ("00067", "财务管理学", 6),
    ("04183", "概率论与数理统计（经管类）", 5),
    ("00051", "管理系统中计算机应用", 3),
    ("00149", "国际贸易理论与实务", 6),
)
RENAMED = date(2023, 10, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZikaoResult:
    """The result in the English course."""

    province: str
    major: str
    ticket: str
    code: str
    course: str
    credit: int
    score: str
    status: str
    day: date
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRow:
    """One row of a course table; `wanted` for the English course."""

    code: str
    course: str
    credit: int
    score: str
    status: str
    day: date
    wanted: bool

    def text(self, column: str, date_form: str) -> str:
        """Return the cell of a column."""
        cells = {
            "code": self.code,
            "course": self.course,
            "credit": str(self.credit),
            "score": self.score,
            "status": self.status,
        }
        return cells.get(column) or date_form.format(self.day)


def draw_result(order: PaperOrder, rng: random.Random, *, passed_only: bool) -> ZikaoResult:
    """Draw a result of an April or October session; forced values win."""
    day = forced_date(order, _draw_session(rng))
    least = 60 if passed_only else 43
    score = order.overrides.get("score", str(int(min(93, max(least, rng.gauss(68, 9))))))
    renamed = rng.random() < 0.75 and day >= RENAMED
    wide, narrow = ("英语（专升本）", "英语(专升本)") if renamed else ("英语（二）", "英语(二)")
    status = "合格" if score.isdecimal() and int(score) >= 60 else "不合格"
    ticket = f"{rng.choice(('01', '02', '06', '99'))}{rng.randint(0, 10**10 - 1):010d}"
    return ZikaoResult(
        province=rng.choice(PROVINCES),
        major=rng.choice(MAJORS),
        ticket=order.overrides.get("admission_ticket", ticket),
        code="13000" if renamed else "00015",
        course=order.overrides.get("course", rng.choice((wide, wide, narrow))),
        credit=7 if renamed else 14,
        score=score,
        status=order.overrides.get("status", status),
        day=day,
        number=order.overrides.get(
            "certificate_number", f"{day:%y%m}{rng.randint(0, 10**9 - 1):09d}"
        ),
    )


def draw_table(
    rng: random.Random, result: ZikaoResult, *, least: int, most: int
) -> tuple[CourseRow, ...]:
    """Draw the whole table: other courses around the English one, some of them exempted."""
    others = rng.sample(OTHER_COURSES, rng.randint(least, most))
    rows = [_other_row(rng, *course) for course in others]
    wanted = CourseRow(
        code=result.code,
        course=result.course,
        credit=result.credit,
        score=result.score,
        status=result.status,
        day=result.day,
        wanted=True,
    )
    rows.insert(rng.randint(0, len(rows)), wanted)
    return tuple(rows)


def _other_row(rng: random.Random, code: str, course: str, credit: int) -> CourseRow:
    exempted = rng.random() < 0.08
    return CourseRow(
        code=code,
        course=course,
        credit=credit,
        score="免考" if exempted else str(rng.randint(60, 94)),
        status="合格",
        day=_draw_session(rng),
        wanted=False,
    )


def _draw_session(rng: random.Random) -> date:
    """Draw a session in April or October; April 2020 was not held."""
    year, month = rng.randint(2010, 2023), rng.choice((4, 10))
    return date(year, 10 if year == 2020 else month, 15)


def print_session(day: date, rng: random.Random, *, sentence: bool = False) -> str:
    """Write the month of a session as printed."""
    forms: tuple[str, ...] = ("{0.year}年{0.month}月", "{0.year}年{0.month:02d}月")
    if not sentence:
        forms = (*forms, "{0:%Y-%m}", "{0:%Y%m}")
    return rng.choice(forms).format(day)


def declare_result(
    printed: dict[str, str], result: ZikaoResult, rng: random.Random
) -> dict[str, str]:
    """Say what an honest holder declares; without a certificate number the ticket counts."""
    return declare(
        rng,
        language="英语",
        day=declare_month(result.day, rng),
        number=printed.get("certificate_number", printed["admission_ticket"]),
        score=result.score,
        status=result.status,
    )
