"""The first pages of theses: text where the file carries it, pixels where it does not."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from domain.application import FileKind
from domain.faults import DocumentFault
from extractors.reading.document_text import (
    FIRST_PAGES,
    decode_document,
    is_text_page,
    pieces_text,
)
from extractors.reading.sandbox import Limits

LIMITS = Limits(
    cpu_seconds=10,
    memory_bytes=1 << 30,
    wall_seconds=10.0,
    max_pages=10,
    max_side_px=10_000,
    max_pixels=40_000_000,
    render_dpi=72,
)
_HEAD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(*paragraphs: str, part: str = "word/document.xml") -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            part, f'<w:document xmlns:w="{_HEAD}"><w:body>{body}</w:body></w:document>'
        )
    return buffer.getvalue()


def pdf(*pages: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    for text in pages:
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(tmp_path: Path, data: bytes, kind: FileKind) -> list[list[str]]:
    path = tmp_path / "file"
    path.write_bytes(data)
    pages = decode_document(str(path), kind.value, LIMITS).pages
    return [[line.text for line in page.text_layer] for page in pages]


def test_a_word_document_gives_a_line_per_paragraph(tmp_path: Path) -> None:
    assert lines(tmp_path, docx("毕业论文", "", "王晓东"), FileKind.DOCX) == [
        ["毕业论文", "王晓东"]
    ]


def test_only_the_first_pages_of_a_pdf_are_read(tmp_path: Path) -> None:
    texts = [f"page number {number} of a thesis" for number in range(1, 9)]
    assert lines(tmp_path, pdf(*texts), FileKind.PDF) == [[text] for text in texts[:FIRST_PAGES]]


def test_a_page_without_text_comes_as_pixels(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(pdf("", "written on the second page"))
    first, second = decode_document(str(path), FileKind.PDF.value, LIMITS).pages
    assert first.picture.shape[0] > 500
    assert is_text_page(second)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04 broken", FileKind.DOCX),
        (docx("x", part="xl/workbook.xml"), FileKind.DOCX),
        (docx("x")[:-30], FileKind.DOCX),
        (b"%PDF-1.7 broken", FileKind.PDF),
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(2000), FileKind.DOC),
        (b"", FileKind.DOC),
    ],
)
def test_what_cannot_be_opened_is_a_fault_of_the_document(
    tmp_path: Path, data: bytes, kind: FileKind
) -> None:
    with pytest.raises(DocumentFault) as fault:
        lines(tmp_path, data, kind)
    assert fault.value.rule_id == "damaged-unopenable"


def test_a_word_document_with_a_password_is_told_from_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(DocumentFault) as fault:
        lines(tmp_path, bytes.fromhex("D0CF11E0A1B11AE1") + bytes(2000), FileKind.DOCX)
    assert fault.value.rule_id == "encrypted"


def test_the_pieces_of_an_old_word_document_are_put_together() -> None:
    first, second = "王晓东".encode("UTF-16LE"), b" 2021"
    main = bytes(1024) + first + second
    table = struct.pack("<3I", 0, 3, 8)
    for position in (1024, ((1024 + len(first)) * 2) | 0x40000000):
        table += struct.pack("<HIH", 0, position, 0)
    pieces = b"\x01\x02\x00ab\x02" + struct.pack("<I", len(table)) + table
    assert pieces_text(main, pieces) == "王晓东 2021"


def test_an_old_word_document_of_a_real_program_is_read(tmp_path: Path) -> None:
    data = (Path(__file__).parent / "thesis.doc").read_bytes()  # made by LibreOffice 7.4
    (found,) = lines(tmp_path, data, FileKind.DOC)
    assert found[:4] == [
        "本科毕业论文", "农村信用社内部审计研究", "姓名：曾飞", "学号：201785872342",
    ]  # fmt: skip
    with pytest.raises(DocumentFault) as fault:
        lines(tmp_path, data[: len(data) // 2], FileKind.DOC)
    assert fault.value.rule_id == "damaged-unopenable"
