"""Degree applications with ground truth: personal data, course results, thesis and photo.

Columns follow docs/contract.md; grade, name and data rules follow the degree facts in docs/. The
truth states what the finished rules must decide, whatever the machine does today. Where schools
differ (what a resit counts) both outcomes are right.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from benchmarks.samples import changes
from benchmarks.samples.application import DEADLINE, OPENS
from benchmarks.samples.encoding import UploadFile
from benchmarks.samples.paper import Person
from benchmarks.samples.people import draw_person
from benchmarks.samples.theses import draw_portrait, thesis_docx, thesis_pdf
from domain.id_numbers import check_character

DEGREE_HEADERS = (
    *("学号", "姓名", "姓名拼音", "性别", "出生日期", "民族", "政治面貌", "证件类型", "证件号码"),
    *("层次", "专业名称", "年级", "学习中心", "考生号", "本科入学年月", "本科毕业年月"),
    *("国家或地区", "是否第二学位", "是否主辅修学位", "是否辅修学位", "是否双学士学位"),
    *("是否联合学位", "联合培养单位", "电子邮箱", "QQ账号", "微信账号", "其他信息", "论文题目"),
    *("学位外语成绩", "申请状态", "申请时间"),
)
COURSE_HEADERS = (
    *("学号", "课程代码", "课程名称", "课程性质", "学分", "成绩"),
    *("是否学位主干课", "是否毕业课程", "修读方式"),
)
_ETHNIC_GROUPS = ("汉族", "汉族", "汉族", "回族", "土家族", "壮族")
_POLITICS = ("群众", "群众", "中共党员", "中共预备党员")
_CENTRES = ("继续教育学院", "东校区学习中心", "南山学习中心", "滨河函授站")
_FLAGS = ("是否第二学位", "是否主辅修学位", "是否辅修学位", "是否双学士学位", "是否联合学位")


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A programme of study: (code, course, credits, is core) and thesis titles."""

    name: str
    courses: Sequence[tuple[str, str, str, bool]]
    titles: Sequence[str]


PROGRAMMES = (
    Programme(
        name="法学",
        courses=(
            ("FX101", "法理学", "4", True),
            ("FX102", "宪法学", "3", True),
            ("FX103", "民法学", "4", True),
            ("FX104", "刑法学", "4", False),
            ("FX105", "行政法与行政诉讼法", "3", False),
            ("FX106", "国际法", "3", False),
            ("GG101", "中国近现代史纲要", "2", False),
            ("GG102", "大学英语", "4", False),
            ("FX107", "法律文书写作", "2", False),
        ),
        titles=("论民事诉讼中的举证责任", "网络购物合同的法律问题研究", "社区矫正制度的完善"),
    ),
    Programme(
        name="会计学",
        courses=(
            ("KJ101", "基础会计学", "4", True),
            ("KJ102", "中级财务会计", "4", True),
            ("KJ103", "财务管理学", "4", True),
            ("KJ104", "审计学", "3", False),
            ("KJ105", "成本会计", "3", False),
            ("KJ106", "税法", "3", False),
            ("GG101", "中国近现代史纲要", "2", False),
            ("GG102", "大学英语", "4", False),
            ("KJ107", "会计信息系统", "2", False),
        ),
        titles=("中小企业应收账款管理研究", "制造企业成本控制问题与对策", "农村信用社内部审计研究"),
    ),
    Programme(
        name="视觉传达设计",
        courses=(
            ("SJ101", "设计概论", "3", True),
            ("SJ102", "字体设计", "4", True),
            ("SJ103", "版式设计", "4", True),
            ("SJ104", "图形创意", "3", False),
            ("SJ105", "包装设计", "3", False),
            ("SJ106", "设计史", "2", False),
            ("GG101", "中国近现代史纲要", "2", False),
            ("GG102", "大学英语", "4", False),
            ("SJ107", "摄影基础", "2", False),
        ),
        titles=("传统纹样在文创包装中的应用", "城市导视系统设计研究", "老字号品牌形象的更新设计"),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DegreeSample:
    """One degree application: its row, its course rows, its uploads and the right outcome."""

    kind: str
    expected: tuple[str, ...]
    cells: Mapping[str, str]
    courses: tuple[Mapping[str, str], ...]
    files: tuple[UploadFile, ...]
    fields: Mapping[str, str]

    @property
    def student_number(self) -> str:
        return self.cells["学号"]


Change = Callable[[DegreeSample, random.Random], DegreeSample]


def make_degree_samples(
    n: int, seed: int, progress: Callable[[int, int], None] | None = None
) -> list[DegreeSample]:
    """Return `n` degree applications; from twelve on the commonest faults are all among them."""
    kinds = list(DEGREE_KINDS)
    honest = max(1, n - min(len(kinds), round(n * 0.65)))
    plan = [("honest", ("accept",), _as_it_is)] * honest + kinds[: n - honest]
    random.Random(f"{seed}/degree/plan").shuffle(plan)
    samples: list[DegreeSample] = []
    taken: set[str] = set()
    for number, (kind, expected, change) in enumerate(plan):
        rng = random.Random(f"{seed}/degree/{number}/{kind}")
        person = draw_person(rng)
        while person.student_number in taken:
            person = draw_person(rng)
        taken.add(person.student_number)
        sample = change(_honest(person, rng), rng)
        samples.append(replace(sample, kind=kind, expected=expected))
        if progress is not None:
            progress(len(samples), n)
    return samples


def _honest(person: Person, rng: random.Random) -> DegreeSample:
    programme = rng.choice(PROGRAMMES)
    title = rng.choice(programme.titles)
    applied = OPENS + timedelta(seconds=rng.randrange(int((DEADLINE - OPENS).total_seconds())))
    entry_year = rng.choice((2020, 2021))
    cells = {
        "学号": person.student_number,
        "姓名": person.name,
        "姓名拼音": " ".join(part.capitalize() for part in person.name_pinyin.split()),
        "性别": person.sex,
        "出生日期": person.birth_date.isoformat(),
        "民族": _ethnic_group(person, rng),
        "政治面貌": rng.choice(_POLITICS),
        "证件类型": "居民身份证",
        "证件号码": person.id_number,
        "层次": "专升本",
        "专业名称": programme.name,
        "年级": f"{entry_year}级",
        "学习中心": rng.choice(_CENTRES),
        "考生号": f"{entry_year % 100 - 1:02d}99{rng.randrange(10**10):010d}",
        "本科入学年月": f"{entry_year}03",
        "本科毕业年月": f"{entry_year + 2}07" if entry_year == 2021 else f"{entry_year + 3}01",
        "国家或地区": "中国",
        **dict.fromkeys(_FLAGS, "否"),
        "联合培养单位": "",
        "电子邮箱": f"u{rng.randrange(10**6):06d}@example.cn",
        "QQ账号": str(rng.randint(10**7, 10**9)),
        "微信账号": f"wx_{rng.randrange(10**8):08d}",
        "其他信息": "",
        "论文题目": title,
        "学位外语成绩": "合格",
        "申请状态": rng.choice(("已申请", "待审核", "")),
        "申请时间": applied.strftime("%Y-%m-%d %H:%M:%S"),
    }
    courses = tuple(_course_rows(person.student_number, programme, rng))
    printed = {"学号": person.student_number, "姓名": person.name, "论文题目": title}
    stem = f"{person.student_number}+{person.name}+{title}"
    if rng.random() < 0.3:
        thesis = UploadFile(name=f"{stem}.docx", data=thesis_docx(printed, programme.name))
    else:
        thesis = UploadFile(name=f"{stem}.pdf", data=thesis_pdf(printed, programme.name))
    photo = UploadFile(name="证件照.jpg", data=draw_portrait(rng))
    return DegreeSample(
        kind="honest",
        expected=("accept",),
        cells=cells,
        courses=courses,
        files=(thesis, photo),
        fields=printed,
    )


def _ethnic_group(person: Person, rng: random.Random) -> str:
    if "·" not in person.name:
        return rng.choice(_ETHNIC_GROUPS)
    given = person.name.split("·")[0]
    return {"才让": "藏族", "巴图": "蒙古族", "努尔兰": "哈萨克族"}.get(given, "维吾尔族")


def _course_rows(
    student_number: str, programme: Programme, rng: random.Random
) -> list[dict[str, str]]:
    rows = [
        {
            "学号": student_number,
            "课程代码": code,
            "课程名称": name,
            "课程性质": "必修",
            "学分": credits,
            "成绩": str(rng.randint(74, 94)),
            "是否学位主干课": "是" if core else "否",
            "是否毕业课程": "否",
            "修读方式": "正常",
        }
        for code, name, credits, core in programme.courses
    ]
    thesis = {**rows[-1], "课程代码": "BY001", "课程名称": "毕业论文", "学分": "8"}
    return [*rows, {**thesis, "成绩": str(rng.randint(72, 90)), "是否毕业课程": "是"}]


def _as_it_is(sample: DegreeSample, rng: random.Random) -> DegreeSample:
    del rng
    return sample


def _with_cells(**cells: str) -> Change:
    def change(sample: DegreeSample, rng: random.Random) -> DegreeSample:
        del rng
        return replace(sample, cells={**sample.cells, **cells})

    return change


def _with_scores(
    sample: DegreeSample, score_of: Callable[[int, Mapping[str, str]], str]
) -> DegreeSample:
    """Give every course but the thesis a new result; `score_of` gets its place and its row."""
    courses = tuple(
        row if row["是否毕业课程"] == "是" else {**row, "成绩": score_of(place, row)}
        for place, row in enumerate(sample.courses)
    )
    return replace(sample, courses=courses)


def _average_below(sample: DegreeSample, rng: random.Random) -> DegreeSample:
    return _with_scores(
        sample,
        lambda _, row: str(
            rng.randint(70, 73) if row["是否学位主干课"] == "是" else rng.randint(60, 66)
        ),
    )


def _core_course_below(sample: DegreeSample, rng: random.Random) -> DegreeSample:
    low = str(rng.randint(62, 69))
    return _with_scores(sample, lambda place, row: low if place == 1 else row["成绩"])


def _average_just_below(sample: DegreeSample, rng: random.Random) -> DegreeSample:
    """Make plain and weighted mean 69.995, which two decimals show as 70.00."""
    del rng
    return _with_mean(sample, "69.96")


def _average_exactly(sample: DegreeSample, rng: random.Random) -> DegreeSample:
    del rng
    return _with_mean(sample, "70")


def _with_mean(sample: DegreeSample, last: str) -> DegreeSample:
    """Keep eight courses of two credits each: seven with 70, the last one as given."""
    kept = [row for row in sample.courses if row["是否毕业课程"] == "否"][:8]
    thesis = [row for row in sample.courses if row["是否毕业课程"] == "是"]
    rows = [{**row, "学分": "2", "成绩": "70"} for row in kept]
    rows[-1]["成绩"] = last
    return replace(sample, courses=(*rows, *thesis))


def _harmless_resit(sample: DegreeSample, rng: random.Random) -> DegreeSample:
    """Let one ordinary course be a resit, in a result that stands however a resit counts."""
    passed = str(rng.randint(66, 80))
    courses = tuple(
        {**row, "成绩": passed, "修读方式": "补考"} if place == 4 else row
        for place, row in enumerate(sample.courses)
    )
    return replace(sample, courses=courses)


def _deciding_resit(sample: DegreeSample, rng: random.Random) -> DegreeSample:
    """Let one resit decide: the average is above 70 with its own result, below 70 with 60."""
    del rng
    lowered = _with_scores(sample, lambda place, _: "92" if place == 4 else "70")
    courses = tuple(
        {**row, "修读方式": "补考"} if place == 4 else row
        for place, row in enumerate(lowered.courses)
    )
    return replace(lowered, courses=courses)


def _word_grades(sample: DegreeSample, rng: random.Random) -> DegreeSample:
    words = ("优秀", "良好", "良好", "中等")
    return _with_scores(
        sample,
        lambda place, row: rng.choice(words) if place in (5, 7, 8) else row["成绩"],
    )


def _wrong_pinyin(sample: DegreeSample, rng: random.Random) -> DegreeSample:
    surname, *rest = sample.cells["姓名拼音"].split(" ")
    other = rng.choice([part for part in ("Zhang", "Huang", "Jiang") if part != surname])
    return replace(sample, cells={**sample.cells, "姓名拼音": " ".join((other, *rest))})


def _wrong_birth_date(sample: DegreeSample, rng: random.Random) -> DegreeSample:
    year, month, day = changes.split_date(sample.cells["出生日期"])
    other = rng.choice([number for number in range(1, 29) if number != day])
    birth_date = f"{year}-{month:02d}-{other:02d}"
    return replace(sample, cells={**sample.cells, "出生日期": birth_date})


def _wrong_sex(sample: DegreeSample, rng: random.Random) -> DegreeSample:
    del rng
    other = "女" if sample.cells["性别"] == "男" else "男"
    return replace(sample, cells={**sample.cells, "性别": other})


def _wrong_check_character(sample: DegreeSample, rng: random.Random) -> DegreeSample:
    id_number = sample.cells["证件号码"]
    right = check_character(id_number[:17])
    other = rng.choice([character for character in "0123456789" if character != right])
    return replace(sample, cells={**sample.cells, "证件号码": id_number[:17] + other})


def _misnamed_thesis(sample: DegreeSample, rng: random.Random) -> DegreeSample:
    del rng
    thesis, *others = sample.files
    renamed = replace(thesis, name=f"毕业论文定稿.{thesis.name.rpartition('.')[2]}")
    return replace(sample, files=(renamed, *others))


def _without_thesis(sample: DegreeSample, rng: random.Random) -> DegreeSample:
    del rng
    return replace(sample, files=sample.files[1:], fields={})


# In order of importance: a batch of n takes the first ones.
DEGREE_KINDS: tuple[tuple[str, tuple[str, ...], Change], ...] = (
    ("average-below-70", ("review",), _average_below),
    ("core-course-below-70", ("review",), _core_course_below),
    ("language-failed", ("review",), _with_cells(学位外语成绩="不合格")),
    ("average-69.995", ("review",), _average_just_below),
    ("harmless-resit", ("accept",), _harmless_resit),
    ("word-grades", ("accept",), _word_grades),
    ("wrong-pinyin", ("review",), _wrong_pinyin),
    ("birth-date-mismatch", ("review",), _wrong_birth_date),
    ("joint-unit-without-flag", ("review",), _with_cells(联合培养单位="示例职业学院")),
    ("wrong-id-check-character", ("return",), _wrong_check_character),
    ("average-exactly-70", ("accept",), _average_exactly),
    ("misnamed-thesis", ("review",), _misnamed_thesis),
    ("language-missing", ("review",), _with_cells(学位外语成绩="")),
    ("deciding-resit", ("accept", "review"), _deciding_resit),
    ("without-thesis", ("return",), _without_thesis),
    ("sex-mismatch", ("review",), _wrong_sex),
    ("graduated-before-entry", ("return",), _with_cells(本科毕业年月="201907")),
    ("withdrawn", ("withdrawn",), _with_cells(申请状态="撤销")),
)
