"""Self-taught examination 英语（二）: single-course papers and tables of courses.

The layout differs by province (docs/certificates.md). In a table only the row of 英语（二） or
英语（专升本） counts; scores of other courses on the same page are never taken.
"""

import itertools
import re
from collections.abc import Sequence

from domain.certificates import CertificateFamily, CertificateType, FieldName, PaperForm
from domain.extraction import Classification, ExtractedValue
from extractors.anchors import DATE, FREE_NUMBER, SCORE, Anchor
from extractors.certificates.spec import (
    EXAM_DATE_LABELS,
    ID_ANCHOR,
    ISSUE_DATE_ANCHOR,
    NAME_ANCHOR,
    NOT_A_CERTIFICATE_NUMBER,
    NOT_AN_EXAM_DATE,
    NUMBER_LABELS,
    SCORE_SENTENCES,
    SITTING_SENTENCES,
    TICKET_ANCHOR,
    CertificateSpec,
    TableReading,
    Title,
)
from extractors.layout import PageText, PlacedLine, fold

# 综合英语（二） and the like are other courses: only these words may stand before the name.
_BEFORE = "课程|名称|科目|考试|自考|参加|通过|公共"
COURSE = (
    r"(?:(?<![\u4e00-\u9fff])|" + "|".join(f"(?<={word})" for word in _BEFORE.split("|")) + ")"
    r"英语 ?(?:[(] ?(?:二|专升本|2|Ⅱ|II) ?[)]|㈡)|(?<![\dA-Za-z-])(?:00015|13000)(?![\d-])"
)
_SCORE_HEADING = re.compile(r"(?:课程|考试|卷面|最终|合格|总|总评)*(?:成绩|分数|得分|总评)|Score")
_WHOLE_SCORE = re.compile(r"(?:总|总评|最终|课程)?成绩|Score")
_DATE_HEADING = re.compile(
    r"(?:考试|合格|通过|取得)(?:时间|日期|年月|期次|批次|场次)|考次|考期|时间|日期|年月|Date"
)
_NUMBER_HEADING = re.compile(r"(?:单科)?(?:合格)?证书?(?:编号|号码|号)|编号")
_OTHER_HEADINGS = re.compile(r"成绩|分数|得分|Score|时间|日期|年月|考次|编号|学分|序号")
EXEMPT = re.compile(r"免考|免修|合格|不合格|缺考")
# A cell this much nearer to one heading than to the next stands under that one.
AMBIGUOUS = 0.75
# How many times farther from a row than a cell that is taken for its own any other must be.
CLEARLY_LEVEL = 1.5
_COURSE_LABEL = re.compile(r"(?:课程名称|课程代码|课程|科目)[ \t]*:")


def read_table_row(page: PageText, _: Classification) -> TableReading:
    """Return course, score, date and number from the row of the course table that names 英语（二）.

    Of a table that names the course in several rows nothing is taken; headings of tables and the
    entries of other courses are told to those who look for labels.
    """
    found = _heading_row(page)
    if found is None:
        return TableReading(other_rows=_other_entries(page))
    heading_index, heading = found
    rows = [
        row
        for row in page.rows[heading_index + 1 :]
        if any(re.search(COURSE, fold(item.line.text)) for item in row)
    ]
    values = _row_values(page, rows[0], heading) if len(rows) == 1 else ()
    # Where a column is one of names, the table's row says everything about one person.
    personal = any("姓名" in _heading_text(item) for item in heading)
    other_rows = frozenset() if personal else _rows_of_heading(page, heading_index)
    return TableReading(values=values, other_rows=other_rows)


def _rows_of_heading(page: PageText, index: int) -> frozenset[int]:
    """Return a heading's row, and those next to it on which parts of it came to lie."""
    patterns = (_SCORE_HEADING, _DATE_HEADING, _NUMBER_HEADING)
    beside = {
        number
        for number in (index - 1, index + 1)
        if 0 <= number < len(page.rows)
        and any(p.fullmatch(_heading_text(item)) for item in page.rows[number] for p in patterns)
    }
    return frozenset({index, *beside})


def _other_entries(page: PageText) -> frozenset[int]:
    """Return the rows of other courses where each course is listed with labels of its own."""
    texts = ["\t".join(fold(item.line.text) for item in row) for row in page.rows]
    starts = [index for index, text in enumerate(texts) if re.search(_COURSE_LABEL, text)]
    blocks: list[list[int]] = []
    for start, end in itertools.pairwise([*starts, len(texts)]):
        # A code goes with the name after it, unless its own name and result came before.
        before = "\n".join(texts[index] for index in blocks[-1]) if blocks else ""
        same_entry = "代码" in before and not re.search("课程名称|科目|成绩|分数|得分", before)
        if same_entry:
            blocks[-1] += range(start, end)
        else:
            blocks.append(list(range(start, end)))
    if len(blocks) < 2:
        return frozenset()
    return frozenset(
        index
        for block in blocks
        if not any(re.search(COURSE, texts[index]) for index in block)
        for index in block
    )


def _row_values(
    page: PageText, row: tuple[PlacedLine, ...], heading: tuple[PlacedLine, ...]
) -> tuple[ExtractedValue, ...]:
    named = [item for item in row if re.search(COURSE, fold(item.line.text))]
    group = _group_of(named[0], heading)
    columns = _columns(group)
    values = [page.line_value(FieldName.COURSE, item) for item in named]
    for item in (item for item in row if item not in named):
        text = fold(item.line.text).strip()
        header = _header_of(item, group)
        if header is None or not _is_level(page, named[0], item, heading):
            continue
        if header is columns.get("score") and re.fullmatch(rf"{SCORE}分?", text):
            values.append(page.line_value(FieldName.SCORE, item))
        elif header is columns.get("score") and EXEMPT.search(text):
            values.append(page.line_value(FieldName.NOTE, item))
        elif header is columns.get("date") and re.fullmatch(DATE, text):
            values.append(page.line_value(FieldName.DATE, item))
        elif header is columns.get("number") and re.fullmatch(FREE_NUMBER, text):
            values.append(page.line_value(FieldName.CERTIFICATE_NUMBER, item))
    return tuple(values)


def _heading_row(page: PageText) -> tuple[int, tuple[PlacedLine, ...]] | None:
    """Return the row that heads a table of courses: only headings, three or with score and course.

    A row in which headings run together counts, so that none of them is taken for a label.
    """
    for index, row in enumerate(page.rows):
        texts = [_heading_text(item) for item in row]
        if any(":" in text or re.search(r"\d", text) for text in texts):
            continue
        course = sum(bool(re.search(r"课程|科目|代码|Course", text)) for text in texts)
        other = _OTHER_HEADINGS.findall("".join(texts))
        if course and other and course + len(other) >= (2 if len(row) > 1 else 3):
            return index, row
    return None


def _heading_text(item: PlacedLine) -> str:
    """Return a heading without spaces, brackets, and English beside a Chinese name."""
    text = re.sub(r"\(.*?\)|\s", "", fold(item.line.text))
    return re.sub(r"[A-Za-z./]+", "", text) or text


def _group_of(item: PlacedLine, heading: tuple[PlacedLine, ...]) -> tuple[PlacedLine, ...]:
    """Return the headings of the one of several tables side by side in which a cell stands."""
    first = _heading_text(heading[0])
    starts = [index for index, cell in enumerate(heading) if _heading_text(cell) == first]
    groups = [heading[a:b] for a, b in itertools.pairwise([*starts, len(heading)])]
    left_of = [group for group in groups if group[0].left_px < item.right_px]
    # Tables side by side have the same headings; where one was not read, columns mean nothing.
    if len({len(group) for group in groups}) > 1 or not left_of:
        return ()
    return left_of[-1]


def _columns(heading: tuple[PlacedLine, ...]) -> dict[str, PlacedLine]:
    """Return the columns whose headings are clear; of several scores the whole one."""
    texts = [(_heading_text(item), item) for item in heading]
    figures = [(text, item) for text, item in texts if re.search("成绩|分数|得分|Score", text)]
    single = _SCORE_HEADING if len(figures) == 1 else _WHOLE_SCORE
    scores = [(text, item) for text, item in texts if single.fullmatch(text)]
    columns = {"score": scores[0][1]} if len(scores) == 1 else {}
    for name, pattern in (("date", _DATE_HEADING), ("number", _NUMBER_HEADING)):
        cells = [item for text, item in texts if pattern.fullmatch(text)]
        if len(cells) == 1:
            columns[name] = cells[0]
    return columns


def _is_level(
    page: PageText, name: PlacedLine, item: PlacedLine, heading: Sequence[PlacedLine]
) -> bool:
    """Return whether a cell stands in a course's row beyond doubt, also where paper bulges.

    It must be much nearer to the row than any other of its column, and as many cells must stand
    between it and the heading as between the course and the heading, or as many below both.
    """
    top = max(header.centre_px + 0.5 * header.height_px for header in heading)
    column = _cells_in_line(page, item, top)
    distance = abs(item.centre_px - name.centre_px)
    if any(
        abs(cell.centre_px - name.centre_px) < CLEARLY_LEVEL * distance
        for cell in column
        if cell is not item
    ):
        return False
    courses = _cells_in_line(page, name, top)
    if re.fullmatch(r"\d{5}", fold(name.line.text).strip()):
        courses = [cell for cell in courses if re.match(r"[\dA-Za-z]{4}", fold(cell.line.text))]
    results = [cell for cell in column if re.match(r"[\dA-Z免缺合]", fold(cell.line.text))]
    of_item, of_name = _places(item, results), _places(name, courses)
    return any(mine == its for mine, its in zip(of_item, of_name, strict=True))


def _places(item: PlacedLine, column: Sequence[PlacedLine]) -> tuple[int, int]:
    """Return how many cells of a column stand above and below one of them."""
    above = sum(cell.centre_px < item.centre_px for cell in column)
    return above, sum(cell.centre_px > item.centre_px for cell in column)


def _cells_in_line(page: PageText, item: PlacedLine, top: float) -> list[PlacedLine]:
    """Return the cells of a table's column below its heading."""
    return [
        cell
        for row in page.rows
        for cell in row
        if cell.centre_px > top and cell.left_px < item.right_px and cell.right_px > item.left_px
    ]


def _header_of(item: PlacedLine, heading: Sequence[PlacedLine]) -> PlacedLine | None:
    """Return the heading in whose column a cell stands, None where it may stand in two."""
    nearest = sorted((header for header in heading), key=lambda header: _apart_px(item, header))
    if not nearest or not _under(item, nearest[0]):
        return None
    best, others = _apart_px(item, nearest[0]), nearest[1:]
    in_doubt = others and best > AMBIGUOUS * _apart_px(item, others[0])
    return None if in_doubt else nearest[0]


def _apart_px(item: PlacedLine, header: PlacedLine) -> float:
    """Return how far a cell stands out of line with a heading: by an edge or by its centre."""
    left, right = item.left_px - header.left_px, item.right_px - header.right_px
    return min(abs(left), abs(right), abs(left + right) / 2)


def _under(item: PlacedLine, header: PlacedLine) -> bool:
    """Return whether a cell stands in a header's column: neither may pass the other's centre."""
    centre = (item.left_px + item.right_px) / 2
    header_centre = (header.left_px + header.right_px) / 2
    reach = max(header.right_px - header.left_px, item.right_px - item.left_px) / 2
    return abs(centre - header_centre) < reach + 0.5 * header.height_px


ANCHORS: tuple[Anchor, ...] = (
    NAME_ANCHOR,
    ID_ANCHOR,
    Anchor(
        field=FieldName.CERTIFICATE_NUMBER,
        labels=(*NUMBER_LABELS, "合格证号", "合格证编号", "证明编号"),
        value=FREE_NUMBER,
        below=True,
        not_after=NOT_A_CERTIFICATE_NUMBER,
    ),
    TICKET_ANCHOR,
    Anchor(
        field=FieldName.COURSE,
        labels=("课程名称", "课程代码", "课程", "考试课程", "科目", "科目名称"),
        value=COURSE,
        below=True,
    ),
    Anchor(
        field=FieldName.SCORE,
        labels=("成绩", "考试成绩", "课程成绩", "卷面成绩", "总成绩", "分数", "得分", "Score"),
        value=SCORE,
        below=True,
    ),
    Anchor(
        field=FieldName.DATE,
        labels=(
            *EXAM_DATE_LABELS,
            "考次",
            "合格日期",
            "合格时间",
            "合格年月",
            "考试期次",
            "通过时间",
        ),
        value=DATE,
        below=True,
        not_after=NOT_AN_EXAM_DATE,
    ),
    ISSUE_DATE_ANCHOR,
)

SPEC = CertificateSpec(
    family=CertificateFamily.ZIKAO,
    language="英语",
    titles=(
        Title(
            pattern=re.compile(r"自学考试|自考|单科合格证|课程合格证"),
            certificate_type=CertificateType.ZIKAO_ENGLISH2,
        ),
    ),
    anchors=ANCHORS,
    sentences=(
        *SITTING_SENTENCES,
        *SCORE_SENTENCES,
        re.compile(rf"(?P<course>{COURSE})[^\d\n]{{0,20}}(?:成绩|分数)[ \t:为]*(?P<score>{SCORE})"),
    ),
    sometimes_printed=frozenset(
        {
            FieldName.CERTIFICATE_NUMBER,
            FieldName.ADMISSION_TICKET,
            FieldName.ID_NUMBER,
            FieldName.ISSUE_DATE,
            FieldName.STATUS,
        }
    ),
    never_printed={
        form: frozenset({FieldName.LISTENING, FieldName.READING, FieldName.SPEAKING})
        for form in PaperForm
    },
    special=read_table_row,
)
