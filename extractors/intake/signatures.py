"""Tell what a file is by its first bytes, and what its name claims. Nothing is decoded."""

import re
import unicodedata

from domain.application import FileKind

HEAD_BYTES = 4096
_PDF_WINDOW = 1024  # PDF readers accept junk of up to 1024 bytes before the header

_CLAIMS: dict[str, FileKind] = {
    "jpg": FileKind.JPEG,
    "jpeg": FileKind.JPEG,
    "jpe": FileKind.JPEG,
    "jfif": FileKind.JPEG,
    "png": FileKind.PNG,
    "pdf": FileKind.PDF,
}
# Leading bytes of formats that are certainly none of the three, though a PDF header may follow.
_FOREIGN = tuple(
    bytes.fromhex(leading)
    for leading in (
        "4D5A",  # Windows program
        "7F454C46",  # Linux program
        "CAFEBABE",  # Java, and macOS programs below
        "CFFAEDFE",
        "2321",  # script
        "504B0304",  # ZIP, and with it docx, xlsx, apk
        "504B0506",
        "52617221",  # RAR
        "377ABCAF",  # 7z
        "1F8B",  # gzip
        "D0CF11E0",  # doc, xls
        "25215053",  # PostScript
        "7B5C727466",  # RTF
    )
)
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_IMAGE_BRANDS = frozenset(
    brand.encode()
    for brand in "heic heix hevc hevx heim heis mif1 msf1 miaf avif avis".split()  # noqa: SIM905
)
_BITMAP_HEADER_SIZES = (12, 40, 52, 56, 64, 108, 124)
_OTHER_PICTURES = (
    *(b"GIF87a", b"GIF89a"),
    *(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),  # TIFF, BigTIFF
    *(b"\0\0\0\x0cjP  \r\n", b"\xff\x4f\xff\x51"),  # JPEG 2000
    *(b"\0\0\0\x0cJXL ", b"\xff\x0a"),  # JPEG XL
)
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_MARKUP = re.compile(rb"\s*<(?:!doctype|\?xml|html|head|body|script|svg|\?php|!--)", re.IGNORECASE)


def recognize(head: bytes) -> FileKind:
    """Return what a file is by its first `HEAD_BYTES` bytes."""
    if head.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if is_other_picture(head) or head.startswith(_FOREIGN) or is_markup(head):
        return FileKind.OTHER
    if b"%PDF-" in head[: _PDF_WINDOW + 5]:
        return FileKind.PDF
    return FileKind.OTHER


def word_kind(head: bytes, name: str) -> FileKind | None:
    """Return which Word document a file's first bytes and name make it, None for anything else.

    Both formats are containers that hold other things too; opening it tells for sure.
    """
    suffix = unicodedata.normalize("NFKC", name).strip(" .").lower().rpartition(".")[2]
    if suffix == "docx" and head.startswith((b"PK\x03\x04", _OLE)):  # with a password it is OLE
        return FileKind.DOCX
    return FileKind.DOC if suffix == "doc" and head.startswith(_OLE) else None


def is_other_picture(head: bytes) -> bool:
    """Return whether a file is a picture in a format that can be converted to an allowed one.

    HEIC and AVIF, WebP, GIF, BMP, TIFF, JPEG 2000, JPEG XL, SVG.
    """
    if head[4:8] == b"ftyp":
        size = min(int.from_bytes(head[:4], "big"), 256)
        brands = {head[at : at + 4] for at in (8, *range(16, size, 4))}
        return not brands.isdisjoint(_IMAGE_BRANDS)
    if head.startswith(b"BM"):
        return int.from_bytes(head[14:18], "little") in _BITMAP_HEADER_SIZES
    if head.startswith(b"RIFF"):
        return head[8:12] == b"WEBP"
    if head.startswith(_OTHER_PICTURES):
        return True
    return is_markup(head) and _SVG.search(head) is not None


def is_markup(head: bytes) -> bool:
    """Return whether a file begins like HTML, XML, SVG or PHP."""
    return _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def claimed_kind(name: str) -> FileKind | None:
    """Return which of the three kinds a file's name claims, None for any other or no suffix.

    Full-width letters and dots count (．pdf); spaces and dots after the suffix do not.
    """
    plain = unicodedata.normalize("NFKC", name).strip(" .").lower()
    stem, dot, suffix = plain.rpartition(".")
    return _CLAIMS.get(suffix.strip()) if dot and stem else None
