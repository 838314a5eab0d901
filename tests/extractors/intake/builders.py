"""Build small batch folders and the bytes of small (and hostile) files."""

import csv
import io
import struct
import zlib
from pathlib import Path

import openpyxl

from domain.policy import Policy, parse_policy
from extractors.intake.columns import COURSES, DEGREE_APPLICATIONS, LANGUAGE_APPLICATIONS

MEBIBYTE = 1_048_576
ROOT = Path(__file__).parents[3]
DEFAULT_POLICY = (ROOT / "institutions/default.toml").read_text(encoding="utf-8")

BATCH_TOML = """\
[batch]
id = "2024-language"
name = "2024批次"
kind = "language"
opens = 2024-03-01T00:00:00+08:00
deadline = 2024-03-31T23:59:59+08:00
institution = "default"
"""
DEGREE_TOML = BATCH_TOML.replace('"language"', '"degree"').replace("2024-language", "2024-degree")


def policy_of(institution: str) -> Policy:
    return parse_policy(DEFAULT_POLICY, None, institution)


def language_row(number: str = "2022001", **cells: str) -> dict[str, str]:
    row = dict.fromkeys(LANGUAGE_APPLICATIONS.required, "x")
    row |= {
        "学号": number,
        "姓名": "阿依古丽·买买提",
        "身份证号": "990101199001010015",
        "证书获取日期": "2021-12",
        "成绩单编号": "212199001000001",
        "考试成绩": "452",
        "成绩状态": "合格",
        "语种": "英语",
    }
    return row | cells


def degree_row(number: str = "2022001", **cells: str) -> dict[str, str]:
    return dict.fromkeys(DEGREE_APPLICATIONS.required, "x") | {"学号": number} | cells


def course_row(number: str = "2022001", **cells: str) -> dict[str, str]:
    return dict.fromkeys(COURSES.required, "x") | {"学号": number, "成绩": "88"} | cells


def csv_text(rows: list[dict[str, str]]) -> str:
    stream = io.StringIO(newline="")
    headers = list(dict.fromkeys(header for row in rows for header in row))
    writer = csv.DictWriter(stream, headers, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def make_folder(root: Path, *rows: dict[str, str], toml: str = BATCH_TOML) -> Path:
    """Write a batch folder; without rows, one of a single honest application."""
    (root / "uploads").mkdir(parents=True)
    (root / "batch.toml").write_text(toml, encoding="utf-8")
    (root / "applications.csv").write_bytes(csv_text(list(rows) or [language_row()]).encode())
    return root


def write_workbook(path: Path, rows: list[dict[str, object]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    book.save(path)
    return book


def upload(folder: Path, name: str, content: bytes, number: str = "2022001") -> Path:
    path = folder / "uploads" / number / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def png_chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def png(width: int = 4, height: int = 3, *, padding: int = 0) -> bytes:
    """Return a greyscale PNG whose header may say what it likes; `padding` bytes in a chunk."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 64)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + (png_chunk(b"pdNG", b"\0" * padding) if padding else b"")
        + png_chunk(b"IDAT", pixels)
        + png_chunk(b"IEND", b"")
    )


def jpeg(width: int = 4, height: int = 3, *, before_frame: bytes = b"") -> bytes:
    """Return the outer structure of a progressive JPEG with two scans."""
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda" + struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x3f\x00"
    return (
        b"\xff\xd8"
        + b"\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
        + before_frame
        + frame
        + scan
        + b"\x12\xff\x00\x34\xff\xd0\x56"
        + scan
        + b"\x78\xff\xd7\x9a"
        + b"\xff\xd9"
    )


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 64
PROGRAM = b"MZ\x90\0\x03" + b"\0" * 64
WORD_DOCUMENT = b"PK\x03\x04\x14\0\x06\0" + b"\0" * 64
