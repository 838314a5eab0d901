"""Declarations and papers as they really arrive: what each gets, and that nothing slips through.

Each line is (what arrives, the answer, a rule that tells it or "" where nothing may object). The
rules beside it are the business of the rules' own examples.
"""

import pytest

from domain.assessment import Decision
from domain.certificates import CertificateType, FieldName, PaperForm
from domain.id_numbers import check_character
from tests.validators.applications import Example, cet, etic, tem, trm, zikao
from validators.opinions import join_opinions

F, C = FieldName, CertificateType
ACCEPT, REVIEW = Decision.ACCEPT, Decision.REVIEW
Case = tuple[str, Example, str]
_NO_NUMBER = frozenset({F.CERTIFICATE_NUMBER})


def whole(body: str) -> str:
    """Return an ID number of seventeen digits with its check character."""
    return body + check_character(body)


WITH_X = next(x for n in range(1, 999, 2) if (x := whole(f"99010119900101{n:03d}"))[-1] == "X")


def person(declared: str, printed: str = "") -> Example:
    return cet({F.ID_NUMBER: printed or declared}, {"身份证号": declared})


def named(declared: str, printed: str) -> Example:
    return cet({F.NAME: printed}, {"姓名": declared})


def scored(declared: str) -> Example:
    return cet(cells={"考试成绩": declared})


def printed_score(score: str, *parts: str) -> Example:
    fields = dict(zip((F.LISTENING, F.READING, F.WRITING_TRANSLATION), parts, strict=True))
    return cet({F.SCORE: score, **fields}, {"考试成绩": score})


def dated(declared: str) -> Example:
    return cet(cells={"证书获取日期": declared})


def numbered(declared: str) -> Example:
    return cet(cells={"成绩单编号": declared})


def sitting(date: str, number: str, declared: str = "") -> Example:
    printed = {F.DATE: date, F.CERTIFICATE_NUMBER: number, F.ADMISSION_TICKET: None}
    return cet(printed, {"证书获取日期": declared or date, "成绩单编号": number})


def report(changes: dict[FieldName, str | None] | None = None, **cells: str) -> Example:
    return etic(changes, cells, never=_NO_NUMBER)


def course(printed: str) -> Example:
    return zikao({F.COURSE: printed})


def tem_of(date: str, declared: str, kind: CertificateType = C.TEM4) -> Example:
    return tem({F.DATE: date}, {"证书获取日期": declared}, kind=kind)


IDENTITIES: tuple[Case, ...] = (
    ("lower x", person(WITH_X.lower(), WITH_X), ""),
    ("full-width X", person(WITH_X[:-1] + "Ｘ", WITH_X), ""),
    ("full-width digits", person("".join(chr(ord(c) + 0xFEE0) for c in WITH_X), WITH_X), ""),
    ("Cyrillic Х", person(WITH_X[:-1] + "Х", WITH_X), ""),
    ("spaces", person(f"{WITH_X[:6]} {WITH_X[6:14]} {WITH_X[14:]}", WITH_X), ""),
    ("zero-width space", person(WITH_X[:6] + "\u200b" + WITH_X[6:], WITH_X), ""),
    ("multiplication sign", person(WITH_X[:-1] + "×", WITH_X), "id-shape"),
    ("letter O for 0", person("99O101199001010019", "990101199001010019"), "id-shape"),
    ("letter l for 1", person("99010l199001010019", "990101199001010019"), "id-shape"),
    ("scientific", person("9.90101E+17", "990101199001010019"), "id-shape"),
    ("15 digits", person("110105491231002"), "id-shape"),
    ("wrong check character", person("990101199001010018"), "id-checksum"),
    ("30 February", person(whole("99010119900230001")), "id-birth-date"),
    ("born in the future", person(whole("99010120300101001")), "id-birth-date"),
    ("born in 1880", person(whole("99010118800101001")), ""),
    ("permit of Hong Kong", person(whole("81000019900101001")), ""),
    ("permit of Taiwan", person(whole("83000019900101001")), ""),
    ("permit of a foreigner", person(whole("91101019900101001")), ""),
    ("no such region", person(whole("99010119900101001")), ""),
    ("HM permit", person("H12345678"), ""),
    ("HM permit with renewals", person("M1234567801"), ""),
    ("HM permit too short", person("H1234567"), ""),  # might be a passport
    ("Taiwan pass", person("12345678"), ""),
    ("passport", person("EA1234567"), ""),
    (
        "masked on the paper",
        person(WITH_X, WITH_X[:3] + "*" * 11 + WITH_X[14:]),
        "id-number-masked",
    ),
    ("masked in short", person(WITH_X, WITH_X[:3] + "****" + WITH_X[-4:]), "id-number-masked"),
    ("masked, of another", person(WITH_X, "98" + "*" * 12 + WITH_X[14:]), "id-number-differs"),
)
NAMES: tuple[Case, ...] = (
    ("bullet", named("阿依古丽•买买提", "阿依古丽·买买提"), ""),
    ("katakana dot", named("阿依古丽・买买提", "阿依古丽·买买提"), ""),
    ("full-width full stop", named("阿依古丽．买买提", "阿依古丽·买买提"), ""),
    ("no dot", named("阿依古丽买买提", "阿依古丽·买买提"), "name-differs"),
    ("40 characters", named("阿" * 19 + "·" + "依" * 20, "阿" * 19 + "·" + "依" * 20), ""),
    ("Kangxi radical", named("⾼明", "高明"), ""),
    ("CJK radical", named("⻢明", "马明"), ""),
    ("private use of GB 18030", named("王\ue81e", "王\u9fb4"), ""),
    ("extension B", named("王𠮷", "王𠮷"), ""),
    ("吉 for 𠮷", named("王吉", "王𠮷"), "name-differs"),
    ("variation selector", named("王\U000e0100晓东", "王晓东"), ""),
    ("traditional", named("張偉", "张伟"), "name-differs"),
    ("己 for 已", named("王己", "王已"), "name-differs"),
    ("Latin", named("WANG Xiaodong", "王晓东"), "name-differs"),
    ("markup", named("<script>", "王晓东"), "name-differs"),
    ("formula", named("=HYPERLINK(1)", "王晓东"), "name-differs"),
    ("right-to-left", named("王\u202e晓东", "王晓东"), ""),
)
CET_NUMBERS: tuple[Case, ...] = (
    ("another year", sitting("2021年12月", "202111234567890"), "cet-number-year"),
    ("another session", sitting("2021年12月", "211111234567890"), "cet-number-session"),
    ("another level", sitting("2021年12月", "212211234567890"), "cet-number-level"),
    ("14 digits", sitting("2021年12月", "21211123456789"), "cet-number-shape"),
    ("letters", sitting("2021年12月", "2121112345678OO"), "cet-number-shape"),
    ("ticket of another year", cet({F.ADMISSION_TICKET: "112340202100105"}), "cet-ticket-number"),
    ("ticket of a session", cet({F.ADMISSION_TICKET: "112340211100105"}), "cet-ticket-number"),
    ("ticket of another level", cet({F.ADMISSION_TICKET: "112340212200105"}), "cet-ticket-number"),
    ("ticket of region 99", cet({F.ADMISSION_TICKET: "992340212100105"}), ""),
    ("ticket, seat 31", cet({F.ADMISSION_TICKET: "112340212100131"}), ""),
    ("ticket, other school", cet({F.ADMISSION_TICKET: "112350212100105"}), ""),
    ("ticket declared", numbered("112340212100105"), "certificate-number-differs"),
    ("oral ticket of CET-6", cet({F.ORAL_TICKET: "S12340212100105"}), "cet-oral-ticket"),
    ("oral D", cet({F.SPEAKING: "D"}), ""),
    ("full-width", numbered("２１２１１１２３４５６７８９０"), ""),
    ("hyphens", numbered("2121-1123-4567-890"), ""),
    ("a label before it", numbered("编号212111234567890"), "certificate-number-differs"),
    ("scientific", numbered("2.12111E+14"), "certificate-number-differs"),
    ("one digit off", numbered("212111234567891"), "certificate-number-differs"),
    ("none declared", numbered("-"), "number-not-declared"),
    ("own ID number", numbered("990101199001010019"), "certificate-number-differs"),
)
SITTINGS: tuple[Case, ...] = (
    ("2020-07", sitting("2020年7月", "201111234567890"), ""),
    ("2020-09", sitting("2020年9月", "202111234567890"), ""),
    ("2020-09, a third session", sitting("2020年9月", "203111234567890"), ""),
    ("2022-09", sitting("2022年9月", "221111234567890"), ""),
    ("2023-03 as of 2022", sitting("2023年3月", "222111234567890"), ""),
    ("2023-03 as of 2021", sitting("2023年3月", "212111234567890"), "cet-number-year"),
    ("2020-06", sitting("2020年6月", "201111234567890"), "cet-exam-month"),
    ("2021-05", sitting("2021年5月", "211111234567890"), "cet-exam-month"),
    ("2005-01", sitting("2005年1月", "051111234567890"), "before-start"),
    ("in the future", sitting("2024年12月", "242111234567890"), "printed-date-in-future"),
    ("release after two months", dated("2022-02"), ""),
    ("release after three months", dated("2022-03"), ""),
    ("too early for a release", dated("2022-01"), "date-differs"),
    ("too late for a release", dated("2022-04"), "date-differs"),
    ("February of the same year", dated("2021-02"), "date-differs"),
    ("extra session, next month", sitting("2023年3月", "231111234567890", "2023-04"), ""),
    ("half-year, one sitting", sitting("2021年上半年", "211111234567890", "2021-06"), ""),
    ("half-year, two", sitting("2020年下半年", "202111234567890", "2020-12"), "date-without-month"),
    (
        "half-year, release",
        sitting("2020年下半年", "202111234567890", "2021-02"),
        "date-without-month",
    ),
    (
        "half-year, release of the extra one",
        sitting("2020年下半年", "202111234567890", "2020-10"),
        "date-without-month",
    ),
    ("TEM in 2020", tem_of("2020年6月", "2020-06"), "tem-no-session"),
    ("TEM-8 2022-11", tem_of("2022年11月", "2022-11", C.TEM8), ""),
    ("TEM-4 2022-10", tem_of("2022年10月", "2022-10"), ""),
    ("TEM-8 as planned 2022-05", tem_of("2022年5月", "2022-05", C.TEM8), ""),
    ("TEM-4 in September", tem_of("2023年6月", "2023-09"), ""),
    ("TEM-4 in November", tem_of("2023年6月", "2023-11"), "date-differs"),
    ("TEM, a year alone", tem_of("2023年", "2023-06"), "date-without-month"),
    ("TEM, another year alone", tem_of("2022年", "2023-06"), "date-differs"),
    ("TEM before it began", tem_of("1989年6月", "1989-06"), "before-start"),
    ("TRM", trm(), "machine-accept-off"),
    ("self-taught August 2020", zikao({F.DATE: "2020年8月"}, {"证书获取日期": "2020-08"}), ""),
    (
        "ETIC before it began",
        report({F.DATE: "2015-05-15"}, 证书获取日期="2015-05-15"),
        "before-start",
    ),
    ("ETIC in August", report({F.DATE: "2021-08-15"}, 证书获取日期="2021-08-15"), ""),
)
DATES: tuple[Case, ...] = tuple(
    (text, dated(text), "date-format")
    for text in ("2023-02-30", "民国110年12月", "44531", "2021", "21-12", "2021-13", "2021-00",
                 "12/2021", "20211232", "2O21-12", "2021-12-01 00:00:00", "去年")
) + tuple(
    (text, dated(text), "")
    for text in ("2021.12", "202112", "2021/12/8", "二〇二一年十二月", "２０２１－１２",
                 "2021年12月份", "Dec 2021")
)  # fmt: skip
SCORES: tuple[Case, ...] = (
    *((text, scored(text), "score-format")
      for text in ("-1", "四百八十二", "1e3", "4.82e2", "+482", "482/710", "٤٨٢", "④⑧②", "48²",
                   "4 8 2", "48l", "4O2", "NaN", "Infinity", "4,82", "482。")),
    *((text, scored(text), "") for text in ("４８２", "482分", "482.0", " 482 ", "48\u200b2")),
    *((text, scored(text), "score-differs") for text in ("710.5", "428", "172", "481.9")),
    ("empty", scored(""), "declared-empty"),
    ("424.9", printed_score("424.9", "140", "140", "144.9"), "below-pass-line"),
    ("425", printed_score("425", "140", "140", "145"), ""),
    ("711", printed_score("711", "249", "249", "213"), "total-range"),
    ("219", printed_score("219", "70", "70", "79"), "total-range"),
    ("a part too high", printed_score("482", "250", "172", "60"), "part-range"),
    ("parts do not add up", cet({F.LISTENING: "161"}), "parts-total"),
    ("a part missing", cet({F.LISTENING: "--"}), "parts-not-found"),
    ("exempt", cet({F.LISTENING: "--", F.NOTE: "该考生为听力残疾，听力部分免考"}), ""),
    ("TEM 良好 with 85", tem({F.SCORE: "85"}, {"考试成绩": "85"}), "tem-grade-score"),
    ("TEM resit 合格 with 85", tem({F.SCORE: "85", F.GRADE: "合格"},
                                {"考试成绩": "85", "成绩状态": "合格"}), ""),
    ("TEM score, grade printed", tem(cells={"考试成绩": "75"}), "score-not-printed"),
    ("passed with 482 as 不合格", cet(cells={"成绩状态": "不合格"}), "status-contradicts-score"),
    ("a status of no kind", cet(cells={"成绩状态": "通过"}), "status-format"),
    ("ETIC total one more", report({F.SCORE: "113"}, 考试成绩="113"), ""),
    ("ETIC total two more", report({F.SCORE: "114"}, 考试成绩="114"), "etic-total"),
    ("ETIC 不合格", report({F.GRADE: "不合格"}, 成绩状态="不合格"), "grade-not-passed"),
    ("self-taught 59", zikao({F.SCORE: "59"}, {"考试成绩": "59"}), "below-pass-line"),
    ("self-taught exempt", zikao({F.SCORE: "免考"}, {"考试成绩": "免考"}), "exempt-course"),
)  # fmt: skip
KINDS: tuple[Case, ...] = (
    ("13000", course("13000 英语（专升本）"), ""),
    ("renamed", course("13000（原00015）英语（专升本）"), ""),
    ("renamed, in words", course("英语（专升本）（原英语（二））"), ""),
    ("half-width bracket", course("英语（二)"), ""),
    ("00012", course("00012 英语（一）"), "zikao-course"),
    ("00015 of another name", course("00015 英语（一）"), "zikao-course"),
    ("renamed from another", course("13124 英语（专）（原00012）"), "zikao-course"),
    ("ETIC of another level", report({F.LEVEL: "高级"}), "level-contradicts-title"),
    ("ETIC with a number", report(成绩单编号="ETIC12345"), "declared-number-not-printed"),
    ("Russian for English", cet(cells={"语种": "俄语"}), "language-differs"),
    ("Japanese", cet(cells={"语种": "日语"}), "language-differs"),
    ("CET-6 declared", cet(cells={"证书类别": "CET-6"}), "level-differs"),
    ("TEM declared", cet(cells={"证书类别": "专四"}), "level-differs"),
    ("IELTS declared", cet(cells={"证书类别": "雅思"}), "level-differs"),
    ("a query page", cet(form=PaperForm.QUERY_PAGE), "query-page"),
)
TEM_NUMBERS: tuple[Case, ...] = tuple(
    (declared, tem({F.CERTIFICATE_NUMBER: "TEM4230012345"}, {"成绩单编号": declared}), rule)
    for declared, rule in (
        ("tem4230012345", ""),
        ("ТЕМ4230012345", ""),  # Cyrillic
        ("TEM423OO12345", "certificate-number-differs"),
        ("TEM423001234S", "certificate-number-differs"),
        ("TEM42300l2345", "certificate-number-differs"),
    )
)
SUBJECTS: dict[str, tuple[Case, ...]] = {
    "identity": IDENTITIES,
    "name": NAMES,
    "cet number": CET_NUMBERS,
    "tem number": TEM_NUMBERS,
    "sitting": SITTINGS,
    "date": DATES,
    "score": SCORES,
    "kind": KINDS,
}


@pytest.mark.parametrize(
    ("example", "rule"),
    [
        pytest.param(example, rule, id=f"{subject}: {what}")
        for subject, cases in SUBJECTS.items()
        for what, example, rule in cases
    ],
)
def test_what_arrives_gets_the_answer_it_should(example: Example, rule: str) -> None:
    answer = example()
    objections = [finding.rule_id for finding in answer.findings if finding.severity.objects]
    if not rule:
        assert (answer.decision, objections) == (ACCEPT, [])
        return
    assert answer.decision is REVIEW
    assert rule in objections
    assert join_opinions(answer.findings).endswith("。")
