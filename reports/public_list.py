"""public-list.csv: who passed, for everybody to read, once the lead has signed the batch off.

It can hold only the columns of `domain.publication.PublicColumn`, which names the source.
Applicants type what they like into their columns, so each cell is looked at as well: one that shows
a number of a person, or a date, is left out.
"""

import re
import unicodedata
from collections.abc import Iterator

from domain.application import Application
from domain.outcome import PASSED_STATUS, ApplicationOutcome, BatchOutcome, qualification_of
from domain.policy import Policy
from domain.publication import PublicColumn
from reports.cells import display_text
from reports.tables import Row, sorted_rows

PUBLIC_LIST = "public-list.csv"
RESULT_COLUMN = "结果"
WITHHELD = "（不公开）"

# Of these columns nothing may show in any cell of the applicant's line.
_PRIVATE_COLUMNS = ("身份证号", "手机号", "证件号码", "电子邮箱", "QQ账号", "微信账号")
_BIRTH_DATE = "出生日期"
_SHORTEST_PRIVATE = 6  # shorter values say nothing of their own
# A text with that many digits holds a telephone number or a date, however they are spaced.
_MOST_DIGITS_OF_WORDS = 6
_DATE = re.compile(r"\d{2,4}[年./\-]\d{1,2}[月./\-]\d{1,2}")
_MAIL = re.compile(r"\S@\S+\.\S")
_BORN = r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID_NUMBER = re.compile(rf"\d{{6}}{_BORN}\d{{3}}[0-9X]")
# The fifteen-digit numbers up to 1999: province, place, birth date without century, order.
_OLD_ID_NUMBER = re.compile(
    r"(?<!\d)(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])\d{4}"
    r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"
)
_MOBILE = re.compile(r"(?<!\d)(?:(?:00)?86)?1[3-9]\d{9}(?!\d)")
_SIGNS = re.compile(r"[\W_]+")
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


def public_columns(policy: Policy) -> Row:
    """Return the headings of the public list."""
    return (*(column.chinese_name for column in policy.publication.columns), RESULT_COLUMN)


def public_rows(outcome: BatchOutcome) -> Iterator[Row]:
    """Yield a line for each applicant who passed; none before the batch is signed off."""
    if not outcome.sealed:
        return
    for row in sorted_rows(outcome):
        if row.review_status == PASSED_STATUS:
            cells = (_cell(row, column) for column in outcome.policy.publication.columns)
            yield (*cells, qualification_of(row))


def withheld_cells(outcome: BatchOutcome) -> Iterator[tuple[str, str]]:
    """Yield (学号, heading) of every cell that is left out, for staff to mend at its source."""
    for row in sorted_rows(outcome):
        for column in outcome.policy.publication.columns:
            if row.review_status == PASSED_STATUS and _cell(row, column) == WITHHELD:
                yield row.student_number, column.chinese_name


def _cell(row: ApplicationOutcome, column: PublicColumn) -> str:
    application = row.submission.application
    text = application.get(column.chinese_name)
    if column is PublicColumn.MAJOR:
        text = text or application.get("专业名称")
    is_number = column is PublicColumn.STUDENT_NUMBER
    return WITHHELD if is_private(text, application, is_number=is_number) else display_text(text)


def is_private(text: str, application: Application, *, is_number: bool) -> bool:
    """Return whether a text shows what must not be published.

    That is: anything private of the same applicant, also in pieces or other signs; an ID number or
    a mobile number of anybody; and, but for a 学号 (`is_number`), more digits than words need.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_CHINESE_DIGITS)
    joined = _SIGNS.sub("", folded).upper()
    if any(value in joined for value in _private_values(application)):
        return True
    if _ID_NUMBER.search(joined) or _OLD_ID_NUMBER.search(joined) or _MOBILE.search(joined):
        return True
    if _MAIL.search(folded):
        return True
    digits = sum(character.isdigit() for character in joined)
    return not is_number and (digits > _MOST_DIGITS_OF_WORDS or bool(_DATE.search(folded)))


def _private_values(application: Application) -> Iterator[str]:
    for column in _PRIVATE_COLUMNS:
        value = _SIGNS.sub("", unicodedata.normalize("NFKC", application.get(column))).upper()
        if len(value) >= _SHORTEST_PRIVATE:
            yield value
    for date in _birth_dates(application):
        yield date
        yield date[2:]


def _birth_dates(application: Application) -> Iterator[str]:
    """Yield the birth date as eight digits, from the ID number and from its own column."""
    if match := re.match(rf"\d{{6}}({_BORN})", application.id_number.strip()):
        yield match[1]
    parts = re.findall(r"\d+", unicodedata.normalize("NFKC", application.get(_BIRTH_DATE)))
    if len(parts) == 3:
        yield f"{parts[0]:0>4}{parts[1]:0>2}{parts[2]:0>2}"
    elif len(parts) == 1 and len(parts[0]) == 8:
        yield parts[0]
