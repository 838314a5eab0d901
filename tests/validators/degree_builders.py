"""A sound degree application, and ways to change one thing in it; people are fictitious."""

import datetime
from collections.abc import Mapping, Sequence

from domain.application import BatchKind, CourseResult, FileKind, Upload
from domain.assessment import Assessment
from domain.degree import LanguageResult
from domain.page import Document, Line, Page
from domain.policy import Policy
from domain.reading import FormReading, PictureFacts, PriorUse, Reading, ReadOutcome
from tests.validators.builders import (
    ENGINE,
    ID_NUMBER,
    POLICY,
    TODAY,
    batch_of,
    submission_of,
)
from validators.degree_assessing import NO_PLAN, assess_degree

NUMBER = "202100000001"
TITLE = "论民事诉讼中的举证责任"
THESIS, PHOTO, FORM = "1" * 64, "2" * 64, "3" * 64
DECLARED = {
    "学号": NUMBER,
    "姓名": "王晓东",
    "姓名拼音": "Wang Xiaodong",
    "性别": "男",
    "出生日期": "1990-01-01",
    "民族": "汉族",
    "政治面貌": "群众",
    "证件类型": "居民身份证",
    "证件号码": ID_NUMBER,
    "层次": "专升本",
    "专业名称": "法学",
    "年级": "2021级",
    "学习中心": "继续教育学院",
    "考生号": "20990000000001",
    "本科入学年月": "202103",
    "本科毕业年月": "202307",
    "国家或地区": "中国",
    "是否第二学位": "否",
    "是否主辅修学位": "否",
    "是否辅修学位": "否",
    "是否双学士学位": "否",
    "是否联合学位": "否",
    "联合培养单位": "",
    "电子邮箱": "someone@example.cn",
    "QQ账号": "123456789",
    "微信账号": "wx_00000001",
    "其他信息": "",
    "论文题目": TITLE,
    "学位外语成绩": "合格",
    "申请状态": "已申请",
    "申请时间": "2024-03-20 10:00:00",
}
COURSE_HEADERS = (
    *("学号", "课程代码", "课程名称", "课程性质", "学分", "成绩"),
    *("是否学位主干课", "是否毕业课程", "修读方式"),
)  # fmt: skip


def course(
    name: str,
    result: str,
    *,
    core: str = "否",
    final: str = "否",
    credits: str = "2",
    taken: str = "正常",
    nature: str = "考试",
    code: str = "",
) -> CourseResult:
    cells = (NUMBER, code or name, name, nature, credits, result, core, final, taken)
    return CourseResult(
        student_number=NUMBER,
        row_number=2,
        columns=tuple(zip(COURSE_HEADERS, cells, strict=True)),
        digest="c" * 64,
    )


COURSES = (
    course("法理学", "85", core="是"),
    course("宪法学", "80", core="是"),
    course("大学英语", "75"),
    course("毕业论文", "72", final="是", credits="8"),
)


def line_of(text: str) -> Line:
    places = tuple((index + 0.5) / len(text) for index in range(len(text)))
    return Line(
        text=text,
        quad=((0.1, 0.1), (0.9, 0.1), (0.9, 0.2), (0.1, 0.2)),
        confidence=1.0,
        positions=places,
        character_confidences=(1.0,) * len(text),
    )


FACTS = PictureFacts(width_px=210, height_px=280, dpi=300, is_coloured=True)


def read_file(
    digest: str,
    texts: Sequence[str] = (),
    form: FormReading | None = None,
    *,
    height: int = 280,
    picture: PictureFacts | None = FACTS,
    notes: tuple[str, ...] = (),
) -> ReadOutcome:
    page = Page(
        file_digest=digest,
        page_number=1,
        width_px=210,
        height_px=height,
        turned_degrees=0,
        mirrored=False,
        lines=tuple(line_of(text) for text in texts),
    )
    document = Document(file_digest=digest, pages=(page,), notes=notes, engine_version=ENGINE)
    reading = Reading(document=document, extractions=(), form=form, picture=picture)
    return ReadOutcome(file_digest=digest, reading=reading, seconds=0.1)


def file_of(
    digest: str,
    name: str,
    kind: FileKind = FileKind.PDF,
    rejections: tuple[str, ...] = (),
) -> Upload:
    return Upload(
        path=f"uploads/{NUMBER}/{name}",
        size_bytes=1000,
        digest=digest,
        kind=kind,
        rejections=rejections,
    )


THESIS_FILE = file_of(THESIS, f"{NUMBER}+王晓东+{TITLE}.pdf")
THESIS_READ = read_file(THESIS, ("本科毕业论文", TITLE, "姓名：王晓东", f"学号：{NUMBER}"))
PHOTO_FILE = file_of(PHOTO, "证件照.jpg", FileKind.JPEG)
FILES = ((THESIS_FILE, THESIS_READ), (PHOTO_FILE, read_file(PHOTO)))


def language_of(passed: bool | None, *, sealed: bool = True, batch: str = "2023") -> LanguageResult:
    return LanguageResult(
        batch_id=batch,
        batch_name="2023批次",
        student_number="2019",
        sealed=sealed,
        passed=passed,
        certificate_type="cet4",
    )


def assess_application(
    cells: Mapping[str, str] | None = None,
    *,
    courses: Sequence[CourseResult] = COURSES,
    files: Sequence[tuple[Upload, ReadOutcome | None]] = FILES,
    language: tuple[LanguageResult, ...] = (),
    policy: Policy = POLICY,
    today: datetime.date = TODAY,
    rejections: tuple[str, ...] = (),
    prior_uses: tuple[PriorUse, ...] = (),
    core_plan: Mapping[str, str] = NO_PLAN,
) -> Assessment:
    outcomes = {upload.digest: outcome for upload, outcome in files if outcome is not None}
    uploads = tuple(upload for upload, _ in files)
    submission = submission_of({**DECLARED, **(cells or {})}, uploads, rejections)
    return assess_degree(
        submission,
        courses,
        outcomes,
        prior_uses,
        language,
        batch_of(BatchKind.DEGREE),
        policy,
        today,
        core_plan,
    )
