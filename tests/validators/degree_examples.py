"""Per rule of degree batches one application at which it fires and one at which it nearly does."""

import datetime
from collections.abc import Callable

from domain.application import CourseResult, FileKind
from domain.assessment import Assessment
from domain.extraction import Evidence
from domain.reading import FormReading, FormValue, PictureFacts
from tests.validators.builders import BOX, fault_of, policy_with
from tests.validators.degree_builders import (
    COURSES,
    FILES,
    FORM,
    NUMBER,
    PHOTO_FILE,
    THESIS,
    THESIS_FILE,
    THESIS_READ,
    TITLE,
    assess_application,
    course,
    file_of,
    language_of,
    read_file,
)

Example = Callable[[], Assessment]
OTHER = "4" * 64
_PHOTO = FILES[1]


def cells(**changed: str) -> Example:
    return lambda: assess_application(changed)


def courses(*rows: CourseResult, toml: str | None = None) -> Example:
    policy = policy_with(toml)
    return lambda: assess_application(courses=rows, policy=policy)


def with_course(row: CourseResult) -> Example:
    return courses(*COURSES, row)


def even(last: str) -> tuple[CourseResult, ...]:
    """Return eight results of two credits, seven of them 70; one is a core course."""
    rows = [course(f"课程{place}", "70", core="是" if not place else "否") for place in range(7)]
    return (*rows, course("课程7", last))


def thesis(*texts: str, name: str = "", kind: FileKind = FileKind.PDF) -> Example:
    file = file_of(THESIS, name, kind) if name else THESIS_FILE
    outcome = read_file(THESIS, texts) if texts else THESIS_READ
    return lambda: assess_application(files=((file, outcome), _PHOTO))


def also(name: str, kind: FileKind, rejections: tuple[str, ...] = ()) -> Example:
    file = file_of(OTHER, name, kind, rejections)
    outcome = None if rejections or kind is FileKind.OTHER else read_file(OTHER, ("附件",))
    return lambda: assess_application(files=(*FILES, (file, outcome)))


def thesis_fault(rule_id: str, *, returns: bool) -> Example:
    fault = fault_of(rule_id, THESIS, returns=returns)
    return lambda: assess_application(files=((THESIS_FILE, fault), _PHOTO))


def own_form(**shown: str) -> Example:
    values = tuple(
        FormValue(column=column, text=text, confidence=0.99,
                  evidence=Evidence(file_digest=FORM, page_number=1, bbox=BOX, raw_text=text))
        for column, text in shown.items()
    )  # fmt: skip
    form = FormReading(title="学士学位申请表", values=values)
    file = file_of(FORM, "扫描件.jpg", FileKind.JPEG)
    return lambda: assess_application(files=(*FILES, (file, read_file(FORM, ("学位",), form))))


def photo_of(
    *,
    width: int = 210,
    height: int = 280,
    dpi: int = 300,
    coloured: bool = True,
    toml: str = "least_width_px = 210\nmost_width_px = 210\n",
    name: str = "证件照.jpg",
) -> Example:
    facts = PictureFacts(width_px=width, height_px=height, dpi=dpi, is_coloured=coloured)
    file = file_of(PHOTO_FILE.digest, name, FileKind.JPEG)
    policy = policy_with("[photo]\n" + toml)
    read = read_file(PHOTO_FILE.digest, picture=facts)
    return lambda: assess_application(files=(FILES[0], (file, read)), policy=policy)


_CORE_RESIT = course("法理学", "75", core="是", taken="补考")
_EXAM = '[degree]\naverage_courses = "exam"\n'
_LATE = datetime.date(2024, 5, 31)

DEGREE_EXAMPLES: dict[str, tuple[Example, Example]] = {
    "average-below-line": (courses(*even("69.90")), courses(*even("70"))),
    "average-border": (courses(*even("69.96")), courses(*even("69.90"))),
    "average-depends": (
        courses(*even("70")[:7], course("课程7", "92", taken="补考")),
        courses(*even("70")[:7], course("课程7", "92", taken="缓考")),
    ),
    "average-not-reckoned": (
        with_course(course("刑法学", "")),
        with_course(course("刑法学", "60")),
    ),
    "core-course-below-line": (
        with_course(course("民法学", "69.9", core="是")),
        with_course(course("民法学", "70", core="是")),
    ),
    "core-course-border": (
        with_course(course("民法学", "69.996", core="是")),
        with_course(course("民法学", "69.99", core="是")),
    ),
    "core-course-depends": (
        courses(*COURSES[1:], _CORE_RESIT),
        courses(*COURSES[1:], _CORE_RESIT, toml='[degree]\nresit = "actual"\n'),
    ),
    "core-course-not-reckoned": (
        with_course(course("民法学", "", core="是")),
        with_course(course("民法学", "", taken="免修")),
    ),
    "core-courses-missing": (courses(*COURSES[2:]), courses(*COURSES[1:])),
    "courses-missing": (courses(), courses(COURSES[0])),
    "course-result-unknown": (with_course(course("刑法学", "101")),
                              with_course(course("刑法学", "100"))),
    "course-credits-unknown": (with_course(course("刑法学", "80", credits="两")),
                               with_course(course("刑法学", "80", credits="0.5"))),
    "course-flag-unknown": (with_course(course("刑法学", "80", core="Y")),
                            with_course(course("刑法学", "80", core="是"))),
    "course-way-unknown": (with_course(course("刑法学", "80", taken="旁听")),
                           with_course(course("刑法学", "80", taken=""))),
    "course-nature-unknown": (
        courses(*COURSES, course("体育", "80", nature="必修"), toml=_EXAM),
        courses(*COURSES, course("体育", "80", nature="考查"), toml=_EXAM),
    ),
    "course-rows-differ": (
        with_course(course("法理学", "85", core="否")),
        with_course(course("法理学", "60", core="是")),
    ),
    "course-nameless": (
        with_course(course("", "90")),
        with_course(course("", "90", code="FX109")),
    ),
    "core-course-missing": (
        lambda: assess_application(core_plan={"民法学": "民法学"}),
        lambda: assess_application(core_plan={"FX101": "法理学", "宪法学": "宪法学"}),
    ),
    "platform-condition-differs": (cells(申请条件是否达标="不达标"),
                                   cells(申请条件是否达标="达标")),
    "language-failed": (cells(学位外语成绩="不合格"), cells(学位外语成绩="合格")),
    "language-missing": (
        cells(学位外语成绩=""),
        lambda: assess_application({"学位外语成绩": ""}, language=(language_of(True),)),
    ),
    "language-undecided": (
        lambda: assess_application(
            {"学位外语成绩": ""}, language=(language_of(None, sealed=False),)
        ),
        lambda: assess_application(
            {"学位外语成绩": ""}, language=(language_of(None, sealed=False), language_of(True))
        ),
    ),
    "language-word-unknown": (cells(学位外语成绩="通过"), cells(学位外语成绩=" 合格 ")),
    "language-disagrees": (
        lambda: assess_application(language=(language_of(False),)),
        lambda: assess_application(language=(language_of(True), language_of(False))),
    ),
    "document-number-checksum": (cells(证件号码="990101199001010018"),
                                 cells(证件号码="990101199001010019")),
    "document-number-shape": (cells(证件号码="990101900101001"),
                              cells(证件号码="99010119900101 0019")),
    "birth-date-format": (cells(出生日期="1990-02-30"), cells(出生日期="19900101")),
    "birth-date-differs": (cells(出生日期="1990-01-02"), cells(出生日期="1990年1月1日")),
    "sex-unknown": (cells(性别="未知"), cells(性别="男性")),
    "sex-differs": (cells(性别="女"), cells(性别="1")),
    "document-type-differs": (cells(证件号码="810000199408230021", 性别="女",
                                    出生日期="1994-08-23"),
                              cells(证件类型="身份证")),
    "document-type-unknown": (cells(证件类型="学生证"), cells(证件类型="中华人民共和国居民身份证")),
    "document-other": (cells(证件类型="护照", 证件号码="E12345678"), cells()),
    "document-number-unusual": (cells(证件类型="港澳居民来往内地通行证", 证件号码="H1234567"),
                                cells(证件类型="港澳居民来往内地通行证", 证件号码="H12345678")),
    "document-region-unknown": (cells(), cells(证件号码="11010519491231002X",
                                               出生日期="1949-12-31", 性别="女")),
    "ethnic-group-unknown": (cells(民族="汉人"), cells(民族="汉")),
    "ethnic-group-other": (cells(民族="其他"), cells(民族="珞巴族")),
    "politics-unknown": (cells(政治面貌="党员"), cells(政治面貌="中共党员")),
    "league-member-age": (cells(政治面貌="共青团员"), cells(政治面貌="中共预备党员")),
    "country-unknown": (cells(国家或地区="火星"), cells(国家或地区="156")),
    "chinese-without-group": (cells(民族=""), cells(民族="", 国家或地区="日本", 政治面貌="")),
    "name-characters": (cells(姓名="王 晓东A"), cells(姓名="阿卜杜拉·买买提",
                                                     姓名拼音="Abudula Maimaiti")),
    "name-dot": (cells(姓名="阿卜杜拉•买买提"), cells(姓名="阿卜杜拉·买买提")),
    "name-long": (cells(姓名="王" * 21), cells(姓名="王" * 20)),
    "pinyin-differs": (cells(姓名拼音="Zhang Xiaodong"), cells(姓名拼音="WANG XIAO-DONG")),
    "pinyin-form": (cells(姓名拼音="WANG XIAODONG"), cells(姓名拼音="Wang Xiaodong")),
    "pinyin-unread": (cells(姓名="王𠮷", 姓名拼音="Wang Ji"), cells(姓名="王䶮",
                                                                  姓名拼音="Wang Yan")),
    "degree-field-empty": (cells(电子邮箱=" "), cells(其他信息="")),
    "month-format": (cells(本科入学年月="2021-3"), cells(本科入学年月="２０２１０３")),
    "month-order": (cells(本科毕业年月="202103"), cells(本科毕业年月="202104")),
    "degree-flag-unknown": (cells(是否第二学位="无"), cells(是否第二学位="是")),
    "degree-flag-yes": (cells(是否第二学位="是"), cells(是否第二学位="否")),
    "joint-unit-missing": (
        cells(是否联合学位="是"),
        cells(是否联合学位="是", 联合培养单位="示例学院"),
    ),
    "joint-unit-without-flag": (cells(联合培养单位="示例学院"), cells(联合培养单位="无")),
    "candidate-number-shape": (cells(考生号="2099000000001"), cells(考生号="20990000000001")),
    "candidate-number-year": (cells(考生号="19990000000001"), cells(考生号="21990000000001")),
    "student-number-shape": (cells(学号="2021000000000001"), cells(学号="202100000000001")),
    "contact-shape": (cells(电子邮箱="someone"), cells(微信账号="13800001234")),
    "title-long": (cells(论文题目="论" * 201), cells(论文题目="论" * 200)),
    "answer-overdue": (lambda: assess_application(today=_LATE),
                       lambda: assess_application(today=_LATE - datetime.timedelta(days=1))),
    "thesis-missing": (lambda: assess_application(files=(_PHOTO,)), thesis()),
    "thesis-type": (
        lambda: assess_application(files=((file_of(OTHER, "论文.zip", FileKind.OTHER), None),)),
        also("附件.zip", FileKind.OTHER),
    ),
    "degree-too-many": (
        lambda: assess_application(files=(), rejections=("too-many",)),
        lambda: assess_application(files=(), rejections=("no-upload",)),
    ),
    "thesis-unopenable": (thesis_fault("encrypted", returns=True),
                          thesis_fault("damaged", returns=False)),
    "theses-several": (also("第二稿.pdf", FileKind.PDF), also("学位申请表.pdf", FileKind.PDF)),
    "thesis-name": (thesis(name="论文定稿.pdf"),
                    thesis(name=f"{NUMBER} ＋ 王晓东+{TITLE}（定稿）.pdf".replace("（定稿）", ""))),
    "thesis-without-text": (
        lambda: assess_application(files=((THESIS_FILE, read_file(THESIS)), _PHOTO)),
        thesis("目录"),
    ),
    "thesis-author-differs": (thesis(TITLE, "姓名：王晓冬"), thesis(TITLE, "姓名：王 晓 东")),
    "thesis-title-differs": (thesis("王晓东", "论刑事诉讼中的举证责任"),
                             thesis("王晓东", "论民事诉讼中", "的举证责任")),
    "degree-file-failed": (
        lambda: assess_application(files=((THESIS_FILE, fault_of("crash", THESIS)), _PHOTO)),
        thesis(),
    ),
    "degree-file-rejected": (also("证件照2.jpg", FileKind.JPEG, ("pixels",)),
                             also("证件照2.jpg", FileKind.JPEG)),
    "degree-other-file": (also("查重报告.zip", FileKind.OTHER), thesis()),
    "photo-missing": (lambda: assess_application(files=((THESIS_FILE, THESIS_READ),)), thesis()),
    "photo-differs": (photo_of(width=200), photo_of(width=210)),
    "degree-file-odd": (
        lambda: assess_application(files=(FILES[0], (PHOTO_FILE, read_file(
            PHOTO_FILE.digest, notes=("damaged",))))),
        lambda: assess_application(files=(FILES[0], (PHOTO_FILE, read_file(
            PHOTO_FILE.digest, notes=("tamper-software",))))),
    ),
    "photos-several": (
        also("证件照2.jpg", FileKind.JPEG),
        lambda: assess_application(files=(*FILES, (PHOTO_FILE, read_file(PHOTO_FILE.digest)))),
    ),
    "form-differs": (own_form(姓名="王晓冬"), own_form(姓名="王 晓东", 出生日期="1990年1月1日")),
    "form-unread": (own_form(性别="男"), own_form(学号=NUMBER)),
    "form-not-read": (own_form(姓名="王晓东"), lambda: assess_application()),
    "forms-several": (
        lambda: assess_application(
            files=(
                *FILES,
                (file_of(FORM, "学位申请表.pdf"), read_file(FORM, ("学位申请表",))),
                (file_of(OTHER, "学位申请表（新）.pdf"), read_file(OTHER, ("学位申请表",))),
            )
        ),
        also("学位申请表.pdf", FileKind.PDF),
    ),
}  # fmt: skip
