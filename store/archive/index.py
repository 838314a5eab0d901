"""The index of a package: one row a record, as CSV for people and as XML for systems."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree

from domain.archive import RecordDescription
from store.archive.xml_text import parse_xml, write_xml

COLUMNS = (
    *("件号", "档号", "题名", "责任者", "日期", "保管期限", "公开属性", "页数"),
    *("学号", "审核状态", "目录", "文件数", "元数据摘要SHA-256"),
)
_FIELDS = ("item", "number", "title", "creator", "date", "term", "access", "pages",
           "student_number", "status", "folder")  # fmt: skip
_LIVE = "=+-@\t\r＝＋－＠"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRow:
    """One record as the index lists it; `digest` is the SHA-256 of its metadata.xml."""

    described: RecordDescription
    file_count: int
    digest: str

    def cells(self) -> tuple[str, ...]:
        """Return the row's texts in the order of `COLUMNS`."""
        texts = (str(getattr(self.described, name)) for name in _FIELDS)
        return (*texts, str(self.file_count), self.digest)


def write_index_csv(rows: Iterable[IndexRow]) -> bytes:
    """Return the index as CSV: UTF-8 with BOM, every cell text, nothing live in a spreadsheet."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([f"'{text}" if text[:1] in _LIVE else text for text in row.cells()])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode("utf-8")


def write_index_xml(rows: Iterable[IndexRow]) -> bytes:
    """Return the index as XML, the same names as in the CSV."""
    root = ElementTree.Element("归档文件目录")
    for row in rows:
        record = ElementTree.SubElement(root, "件")
        for name, text in zip(COLUMNS, row.cells(), strict=True):
            ElementTree.SubElement(record, name).text = text
    return write_xml(root)


def read_index_csv(content: bytes) -> list[tuple[str, ...]]:
    """Return the rows' texts as `IndexRow.cells`; raises ValueError where it is no such index."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ValueError("no CSV in UTF-8") from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise ValueError("other columns than an index has")
    if any(len(row) != len(COLUMNS) for row in rows):
        raise ValueError("a row with a cell too many or too few")
    return [tuple(text[1:] if text[:1] == "'" else text for text in row) for row in rows[1:]]


def read_index_xml(content: bytes) -> list[tuple[str, ...]]:
    """Return the rows' texts as `read_index_csv` does; raises ValueError as it does."""
    root = parse_xml(content)
    rows = []
    for record in root:
        if tuple(child.tag for child in record) != COLUMNS:
            raise ValueError("other elements than an index has")
        rows.append(tuple(child.text or "" for child in record))
    return rows
