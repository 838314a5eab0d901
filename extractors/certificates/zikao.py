"""Self-taught examination 英语（二）: single-course papers and tables of courses.

The layout differs by province (docs/certificates.md). In a table only the row of 英语（二） or
英语（专升本） counts; scores of other courses on the same page are never taken.
"""

import re

from domain.certificates import CertificateFamily, CertificateType, FieldName, PaperForm
from domain.extraction import Classification, ExtractedValue
from extractors.anchors import DATE, FREE_NUMBER, SCORE, Anchor
from extractors.certificates.spec import (
    EXAM_DATE_LABELS,
    ID_ANCHOR,
    ISSUE_DATE_ANCHOR,
    NAME_ANCHOR,
    NOT_A_CERTIFICATE_NUMBER,
    NUMBER_LABELS,
    SCORE_SENTENCES,
    SITTING_SENTENCES,
    TICKET_ANCHOR,
    CertificateSpec,
    Title,
)
from extractors.layout import PageText, PlacedLine, fold

COURSE = r"英语 ?[(] ?(?:二|专升本|2) ?[)]|(?<!\d)(?:00015|13000)(?!\d)"
SCORE_HEADER = re.compile(r"^(?:课程)?(?:考试)?(?:成绩|分数|得分)(?:\(.*\))?$|^Score$")
COURSE_HEADER = re.compile(r"课程|科目|代码")
DATE_HEADER = re.compile(
    r"考试(?:时间|日期|年月|期次)|合格(?:时间|日期|年月)|通过(?:时间|日期)|^时间$"
)
EXEMPT = re.compile(r"免考|免修|合格|不合格|缺考")


def read_table_row(page: PageText, _: Classification) -> tuple[ExtractedValue, ...]:
    """Return course, score and date from the row of the course table that names 英语（二）.

    Nothing is returned where the page has no header row, or names the course in several rows.
    """
    header = _header_row(page)
    if header is None:
        return ()
    header_index, columns = header
    rows = [
        row
        for row in page.rows[header_index + 1 :]
        if any(re.search(COURSE, fold(item.line.text)) for item in row)
    ]
    if len(rows) != 1:
        return ()
    row = rows[0]
    values = []
    for item in row:
        text = fold(item.line.text).strip()
        if re.search(COURSE, text):
            values.append(page.line_value(FieldName.COURSE, item))
        elif _under(item, columns.get("score")) and re.fullmatch(SCORE, text):
            values.append(page.line_value(FieldName.SCORE, item))
        elif _under(item, columns.get("score")) and EXEMPT.search(text):
            values.append(page.line_value(FieldName.NOTE, item))
        elif _under(item, columns.get("date")) and re.fullmatch(DATE, text):
            values.append(page.line_value(FieldName.DATE, item))
    return tuple(values)


def _header_row(page: PageText) -> tuple[int, dict[str, PlacedLine]] | None:
    for index, row in enumerate(page.rows):
        columns: dict[str, PlacedLine] = {}
        texts = {re.sub(r"\s", "", fold(item.line.text)): item for item in row}
        for text, item in texts.items():
            if SCORE_HEADER.search(text):
                columns["score"] = item
            elif DATE_HEADER.search(text):
                columns["date"] = item
        if "score" in columns and any(COURSE_HEADER.search(text) for text in texts):
            return index, columns
    return None


def _under(item: PlacedLine, header: PlacedLine | None) -> bool:
    """Return whether a cell stands in a header's column: neither may pass the other's centre."""
    if header is None:
        return False
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
        labels=("成绩", "考试成绩", "课程成绩", "分数", "得分", "Score"),
        value=SCORE,
    ),
    Anchor(
        field=FieldName.DATE,
        labels=(*EXAM_DATE_LABELS, "合格日期", "合格时间", "合格年月", "考试期次", "通过时间"),
        value=DATE,
        not_after=("打印", "查询", "发证", "毕业"),
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
