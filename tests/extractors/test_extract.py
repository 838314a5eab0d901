"""From hand-written pages to values: every family, and what must never be taken for a value."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.certificates import CertificateType, FieldName, PaperForm
from domain.extraction import Extraction
from domain.page import Page
from extractors.extract import extract, lacks_a_part, overlooked_labels
from tests.extractors.pages import CET_ROWS, CET_TITLE, HEIGHT, WIDTH, cet_page, line, page, printed

_F = FieldName
Row = str | tuple[tuple[float, str], ...]


def texts(extraction: Extraction, *fields: FieldName) -> dict[str, list[str]]:
    return {
        field.value: [value.text for value in extraction.all(field)]
        for field in fields or FieldName
        if any(extraction.all(field))
    }


def test_a_score_report_of_cet() -> None:
    extraction = extract(cet_page())

    assert extraction.classification.certificate_type is CertificateType.CET4
    assert extraction.classification.form is PaperForm.SCORE_REPORT
    assert texts(extraction) == {
        "name": ["阿依古丽·买买提"],
        "id_number": ["990101199001010015"],
        "certificate_number": ["212199001000001"],
        "score": ["452"],
        "date": ["2021年12月"],
        "language": ["英语"],
        "level": ["大学英语四级"],
        "listening": ["150"],
        "reading": ["160"],
        "writing_translation": ["142"],
        "admission_ticket": ["990011212104208"],
    }


def test_boxes_of_values_lie_on_the_values() -> None:
    extraction = extract(cet_page())

    number = extraction.get(_F.CERTIFICATE_NUMBER)
    assert number is not None
    # Eight Han characters of 20 px at x = 100, then fifteen digits of 10 px, in the last row.
    box = number.evidence.bbox
    assert box.left * WIDTH == pytest.approx(260, abs=3)
    assert box.right * WIDTH == pytest.approx(410, abs=3)
    assert (box.top + box.bottom) / 2 * HEIGHT == pytest.approx(200 + 50 * 7)
    assert number.evidence.file_digest == "digest"
    assert number.evidence.page_number == 1


LABELLED = {
    _F.NAME: "姓名：阿依古丽·买买提",
    _F.ID_NUMBER: "证件号码：990101199001010015",
    _F.CERTIFICATE_NUMBER: "成绩报告单编号：212199001000001",
    _F.DATE: "考试时间：2021年12月",
}


@pytest.mark.parametrize("field", LABELLED)
def test_a_value_without_its_label_is_never_taken(field: FieldName) -> None:
    row = LABELLED[field]
    bare = [row.partition("：")[2] if item == row else item for item in CET_ROWS]

    extraction = extract(printed(*bare, title=CET_TITLE))

    assert list(extraction.all(field)) == []
    assert extraction.get(_F.SCORE) is not None


def test_scores_without_their_headings_are_never_taken() -> None:
    rows = [row for row in CET_ROWS if not (isinstance(row, tuple) and row[0][1] == "总分")]

    extraction = extract(printed(*rows, title=CET_TITLE))

    parts = (_F.SCORE, _F.LISTENING, _F.READING, _F.WRITING_TRANSLATION)
    assert texts(extraction, *parts) == {}


def _no_labels(text: str) -> str:
    return "".join(character for character in text if character.isdigit())


@settings(max_examples=60, deadline=None)
@given(keep=st.sets(st.integers(0, 20)), seed=st.integers(0, 2**32))
def test_digits_alone_are_never_a_number_or_a_score(keep: set[int], seed: int) -> None:
    lines = list(cet_page().lines)
    for index, given_line in enumerate(lines):
        bare = _no_labels(given_line.text)
        if index and index not in keep and bare:
            box = given_line.bbox
            lines[index] = line(box.left * WIDTH, (box.top + box.bottom) / 2 * HEIGHT, bare)
    labels = ("编号", "总分")
    lines = [item for item in lines if not any(label in item.text for label in labels)]
    random.Random(seed).shuffle(lines)

    extraction = extract(page(lines))

    assert texts(extraction, _F.CERTIFICATE_NUMBER, _F.SCORE) == {}


@settings(max_examples=60, deadline=None)
@given(order=st.permutations(range(len(cet_page().lines))))
def test_the_order_of_a_pages_lines_changes_nothing(order: list[int]) -> None:
    lines = cet_page().lines

    assert extract(page([lines[index] for index in order])) == extract(page(lines))


TABLE: tuple[Row, ...] = (
    "姓名：张三",
    "准考证号：990121100001",
    ((100.0, "课程代码"), (300.0, "课程名称"), (600.0, "成绩"), (750.0, "考试时间")),
    ((100.0, "00023"), (300.0, "高等数学"), (610.0, "91"), (750.0, "2020年10月")),
    ((100.0, "00015"), (300.0, "英语（二）"), (610.0, "68"), (750.0, "2021年04月")),
    ((100.0, "03709"), (300.0, "马克思主义"), (610.0, "85"), (750.0, "2021年10月")),
)
ZIKAO_TITLE = "高等教育自学考试课程成绩"


def test_of_a_table_of_courses_only_english_two_is_taken() -> None:
    extraction = extract(printed(*TABLE, title=ZIKAO_TITLE))

    assert extraction.classification.certificate_type is CertificateType.ZIKAO_ENGLISH2
    assert texts(extraction, _F.SCORE, _F.DATE, _F.NAME, _F.ADMISSION_TICKET) == {
        "score": ["68"],
        "date": ["2021年04月"],
        "name": ["张三"],
        "admission_ticket": ["990121100001"],
    }


@settings(max_examples=40, deadline=None)
@given(order=st.permutations([3, 4, 5]), seed=st.integers(0, 2**32))
def test_wherever_its_row_stands_no_other_course_is_taken(order: list[int], seed: int) -> None:
    lines = list(printed(*TABLE[:3], *(TABLE[index] for index in order), title=ZIKAO_TITLE).lines)
    random.Random(seed).shuffle(lines)

    assert texts(extract(page(lines)), _F.SCORE, _F.DATE) == {
        "score": ["68"],
        "date": ["2021年04月"],
    }


@pytest.mark.parametrize(
    "header",
    [
        (),
        ((100.0, "课程代码"), (300.0, "课程名称"), (600.0, "残绩"), (750.0, "考试时间")),
        ((100.0, "课程代码"), (300.0, "课程名称"), (750.0, "考试时间")),
        ((600.0, "成绩"),),
        ((100.0, "稞程"), (600.0, "成绩"), (750.0, "考试时间")),
    ],
)
def test_without_a_readable_header_no_course_gives_its_score(
    header: tuple[tuple[float, str], ...],
) -> None:
    rows = [row for row in (*TABLE[:2], header, *TABLE[3:]) if row]

    extraction = extract(printed(*rows, title=ZIKAO_TITLE))

    assert set(texts(extraction, _F.SCORE).get("score", [])) <= {"68"}


def test_an_empty_cell_of_english_two_takes_no_other_score() -> None:
    row = ((100.0, "00015"), (300.0, "英语（二）"), (750.0, "2021年04月"))

    extraction = extract(printed(*TABLE[:4], row, TABLE[5], title=ZIKAO_TITLE))

    assert texts(extraction, _F.SCORE) == {}


def test_the_course_named_in_two_rows_gives_no_score() -> None:
    again = ((100.0, "00015"), (300.0, "英语（二）"), (610.0, "55"), (750.0, "2020年04月"))

    extraction = extract(printed(*TABLE, again, title=ZIKAO_TITLE))

    assert set(texts(extraction, _F.SCORE).get("score", [])) in (set(), {"68", "55"})


def test_an_exemption_is_a_note_and_no_score() -> None:
    row = ((100.0, "00015"), (300.0, "英语（二）"), (605.0, "免考"), (750.0, "2021年04月"))

    extraction = extract(printed(*TABLE[:4], row, TABLE[5], title=ZIKAO_TITLE))

    assert texts(extraction, _F.SCORE, _F.NOTE) == {"note": ["免考"]}


SENTENCE = "兹证明 张三 于2023年6月参加英语专业四级考试，成绩合格。"


@pytest.mark.parametrize("cut", [None, *range(6, 30, 3)])
def test_a_sentence_is_read_however_its_rows_break(cut: int | None) -> None:
    rows = [SENTENCE] if cut is None else [SENTENCE[:cut], SENTENCE[cut:]]

    extraction = extract(
        printed(*rows, "证书编号：TEM4-990123456", title="高等学校英语专业四级考试")
    )

    found = texts(extraction, _F.GRADE, _F.CERTIFICATE_NUMBER, _F.NAME, _F.DATE)
    assert found["certificate_number"] == ["TEM4-990123456"]
    assert set(found.get("name", [])) <= {"张三"}
    # A date or grade that is cut in two may be missed, but is never another one.
    assert set(found.get("date", [])) <= {"2023年6月"}
    assert set(found.get("grade", [])) <= {"合格"}
    if cut is None or SENTENCE[cut - 1] in "明 加试，":
        assert found["name"] == ["张三"]
        assert found["date"] == ["2023年6月"]
        assert found["grade"] == ["合格"]


def test_a_failed_grade_is_not_read_as_its_end() -> None:
    sentence = SENTENCE.replace("合格", "不合格")

    extraction = extract(printed(sentence, title="高等学校英语专业四级考试"))

    assert texts(extraction, _F.GRADE) == {"grade": ["不合格"]}


def test_the_form_says_what_is_never_printed() -> None:
    report = extract(printed("级别：中级", "姓名：张三", title="国际人才英语考试成绩报告单"))
    certificate = extract(printed("级别：中级", "姓名：张三", title="国际人才英语考试证书"))

    assert report.classification.form is PaperForm.SCORE_REPORT
    assert certificate.classification.form is PaperForm.CERTIFICATE
    assert _F.CERTIFICATE_NUMBER in report.never_printed
    assert _F.CERTIFICATE_NUMBER not in certificate.never_printed


def test_a_label_without_a_value_is_not_called_unprinted() -> None:
    rows = [row for row in CET_ROWS if not str(row).startswith("证件号码")]

    without = extract(printed(*rows, title=CET_TITLE))
    unreadable = extract(printed(*rows, "证件号码：9901▇▇1990", title=CET_TITLE))

    assert _F.ID_NUMBER in without.never_printed
    assert _F.ID_NUMBER not in unreadable.never_printed
    assert unreadable.get(_F.ID_NUMBER) is None


@pytest.mark.parametrize(
    "number", ["990101199001011234", "99010119900101 123X", "99010119900101234"]
)
def test_a_number_like_an_id_number_is_not_called_unprinted_for_want_of_its_label(
    number: str,
) -> None:
    rows = [row for row in CET_ROWS if not str(row).startswith("证件号码")]

    unlabelled = extract(printed(*rows, number, title=CET_TITLE))

    assert _F.ID_NUMBER not in unlabelled.never_printed
    assert unlabelled.get(_F.ID_NUMBER) is None


def test_a_value_that_must_be_printed_is_missing_and_not_unprinted() -> None:
    rows = [row for row in CET_ROWS if not str(row).startswith("成绩报告单编号")]

    extraction = extract(printed(*rows, title=CET_TITLE))

    assert extraction.get(_F.CERTIFICATE_NUMBER) is None
    assert _F.CERTIFICATE_NUMBER not in extraction.never_printed


def test_values_that_contradict_each_other_are_all_given() -> None:
    extraction = extract(printed(*CET_ROWS, "成绩报告单编号：212199001000002", title=CET_TITLE))

    numbers = [value.text for value in extraction.all(_F.CERTIFICATE_NUMBER)]
    assert sorted(numbers) == ["212199001000001", "212199001000002"]


@pytest.mark.parametrize("title", ["雅思成绩单", "成绩报告单", ""])
def test_a_paper_that_is_none_of_ours_has_no_values(title: str) -> None:
    extraction = extract(printed(*CET_ROWS, title=title))

    assert extraction.values == ()
    assert extraction.never_printed == frozenset()


def test_a_page_of_nothing_is_unknown() -> None:
    extraction = extract(page([]))

    assert extraction.classification.certificate_type is CertificateType.UNKNOWN
    assert extraction.values == ()


def test_other_lines_of_the_same_page_may_be_read_in_place_of_its_own() -> None:
    layer = printed(*CET_ROWS[:-1], "成绩报告单编号：212199001000009", title=CET_TITLE).lines

    extraction = extract(cet_page(), layer)

    assert extraction.text(_F.CERTIFICATE_NUMBER) == "212199001000009"


def test_doubt_in_one_digit_is_the_doubt_of_its_value_alone() -> None:
    lines = list(cet_page().lines)
    index = next(n for n, item in enumerate(lines) if item.text.startswith("成绩报告单编号"))
    y = 200 + 50 * 7
    lines[index] = line(100, y, lines[index].text, doubts={2: 0.1, 14: 0.55})

    extraction = extract(page(lines))

    number, score = extraction.get(_F.CERTIFICATE_NUMBER), extraction.get(_F.SCORE)
    assert number is not None
    assert score is not None
    assert (number.confidence, score.confidence) == (0.55, 0.99)


def turned_pages() -> Sequence[Page]:
    return [cet_page(), printed(*TABLE, title=ZIKAO_TITLE)]


@pytest.mark.parametrize("given_page", turned_pages())
@pytest.mark.parametrize("slope", [-0.06, 0.06])
def test_a_slanted_page_gives_the_same_values(given_page: Page, slope: float) -> None:
    slanted = page(
        [
            line(
                item.bbox.left * WIDTH,
                (item.bbox.top + item.bbox.bottom) / 2 * HEIGHT + slope * item.bbox.left * WIDTH,
                item.text,
                height=item.bbox.height * HEIGHT,
                slope=slope,
            )
            for item in given_page.lines
        ]
    )

    assert texts(extract(slanted)) == texts(extract(given_page))


def test_credits_and_ordinals_of_the_same_row_are_no_score() -> None:
    rows: tuple[Row, ...] = (
        (
            (60.0, "序号"),
            (200.0, "课程名称"),
            (450.0, "学分"),
            (600.0, "成绩"),
            (750.0, "考试时间"),
        ),
        ((70.0, "1"), (200.0, "高等数学"), (460.0, "6"), (610.0, "91"), (750.0, "2020年10月")),
        ((70.0, "2"), (200.0, "英语（二）"), (460.0, "14"), (610.0, "68"), (750.0, "2021年04月")),
    )
    unprinted = (*rows[:2], tuple(cell for cell in rows[2] if cell[1] != "68"))

    assert texts(extract(printed(*rows, title=ZIKAO_TITLE)), _F.SCORE) == {"score": ["68"]}
    assert texts(extract(printed(*unprinted, title=ZIKAO_TITLE)), _F.SCORE) == {}


def overlooked(*rows: Row, title: str = CET_TITLE) -> list[str]:
    """Return the labels of a page whose numbers were overlooked."""
    given = printed(*rows, title=title)
    return [label.raw_text for label in overlooked_labels(given, extract(given))]


def test_a_complete_report_has_nothing_overlooked() -> None:
    assert overlooked(*CET_ROWS) == []
    assert not lacks_a_part(extract(cet_page()))


@pytest.mark.parametrize("number", ["99010119900101001", "990101 19900101-0015", ""])
def test_a_label_of_an_id_number_without_one_shows_that_it_was_overlooked(number: str) -> None:
    rows = [row for row in CET_ROWS if not str(row).startswith("证件号码")]
    assert overlooked(*rows, f"证件号码：{number}") == ["证件号码"]
    assert overlooked(*rows) == []


def test_a_label_of_scores_alone_on_its_row_shows_that_one_was_overlooked() -> None:
    rows = ("姓名：王小明", "考试时间：2022年3月", "成绩：良好", "证书编号：TEM42022000001")
    title = "高等学校英语专业四级考试"
    assert overlooked(*rows, "得分：", title=title) == ["得分"]
    assert overlooked(*rows, "得分：80", title=title) == []
    assert overlooked(*rows, title=title) == []


def test_a_part_without_the_others_of_its_total_shows_that_one_was_overlooked() -> None:
    assert lacks_a_part(extract(printed("听力：150", "写作和翻译：142", title=CET_TITLE)))
    assert not lacks_a_part(extract(printed("总分：452", title=CET_TITLE)))


@pytest.mark.parametrize("english", ["Writing", "writing"])
def test_a_heading_in_two_languages_has_its_value_below_both(english: str) -> None:
    columns = (
        (100, ("听力", "Listening", "150")),
        (300, ("阅读", "Reading", "160")),
        (500, ("写作和翻译", english, "142")),
    )
    cells = [
        line(x, 200 + 35 * row, text) for x, texts in columns for row, text in enumerate(texts)
    ]
    given = page([line(250, 100, CET_TITLE, height=40), *cells])
    assert extract(given).text(_F.WRITING_TRANSLATION) == "142"


def test_a_figure_of_its_own_line_belongs_to_the_label_before_it() -> None:
    """Whatever stands above it: another label is a heading only where no value follows it."""
    page_lines = [
        line(250, 100, CET_TITLE, height=40),
        line(100, 200, "听力(35%)：169"),
        line(100, 240, "综合（10%)"),
        line(205, 240, ":47"),
    ]
    assert extract(page(page_lines)).text(_F.COMPREHENSIVE) == "47"


@pytest.mark.parametrize("dot", "·-.")
def test_a_name_of_two_parts_goes_on_behind_its_dot_however_that_was_read(dot: str) -> None:
    rows = [f"姓名：努尔兰{dot}叶尔肯" if "姓名" in str(row) else row for row in CET_ROWS]
    name = extract(printed(*rows, title=CET_TITLE)).text(_F.NAME)
    assert name == f"努尔兰{dot}叶尔肯"
    dashed = [f"姓名：王小明{dot}{dot}" if "姓名" in str(row) else row for row in CET_ROWS]
    assert extract(printed(*dashed, title=CET_TITLE)).text(_F.NAME) == "王小明"


@pytest.mark.parametrize("read", ["中级", "：中级", "」中级", "|：中级"])
def test_a_level_behind_its_label_is_seen_whatever_a_stroke_between_them_was_taken_for(
    read: str,
) -> None:
    rows = ("姓名：王小明", f"证书级别{read}", "考试时间：2021年11月13日", "编号：2021118256075")
    kind = extract(printed(*rows, title="国际人才英语考试证书")).classification.certificate_type
    assert kind is CertificateType.ETIC_INTERMEDIATE


def test_a_name_ends_with_a_character_that_was_taken_for_a_japanese_syllable() -> None:
    rows = ("彭飞カ（证件号码990101199001010015）于2022年11月", "参加高等学校英语专业八级考试")
    name = extract(printed(*rows, title="高等学校英语专业八级考试")).text(_F.NAME)
    assert name == "彭飞カ"  # as it was read: close reading mends it
