"""What a file's bytes say of its format; PDFs also whether they are archival, or locked."""

import io
import re
from collections.abc import Iterator

import pikepdf

from domain.application import FileKind, Upload
from domain.archive import FileRole, RecordFile

ARCHIVAL_PDF, PLAIN_PDF = "PDF/A-2b", "PDF"
_FORMATS = {
    FileKind.JPEG: "JPEG",
    FileKind.PNG: "PNG",
    FileKind.PDF: PLAIN_PDF,
    FileKind.DOC: "DOC",
    FileKind.DOCX: "DOCX",
    FileKind.OTHER: "其他",
}
_MAGIC = {
    "JPEG": b"\xff\xd8\xff",
    "PNG": b"\x89PNG\r\n\x1a\n",
    "DOC": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "DOCX": b"PK\x03\x04",
}
_PDF_HEAD_BYTES = 1024  # readers look that far for the header
# The key of a trailer, or of a cross-reference stream, which is never compressed itself.
_LOCKED = re.compile(rb"/Encrypt[\s/<\[0-9]")


def format_of(kind: FileKind) -> str:
    """Return how the metadata calls the format of an upload."""
    return _FORMATS[kind]


def describe_original(path: str, upload: Upload, pages_read: int | None) -> RecordFile:
    """Return how a record lists an upload; `pages_read` are those that reading found, if any."""
    is_picture = upload.kind in (FileKind.JPEG, FileKind.PNG)
    return RecordFile(
        path=path,
        role=FileRole.ORIGINAL,
        size_bytes=upload.size_bytes,
        digest=upload.digest,
        format=format_of(upload.kind),
        original_name=upload.path,
        pages=1 if is_picture else pages_read,
    )


def has_format(name: str, content: bytes) -> bool:
    """Return whether bytes begin as a format does; of unknown formats nothing is asked."""
    if name in (PLAIN_PDF, ARCHIVAL_PDF):
        return b"%PDF-" in content[:_PDF_HEAD_BYTES]
    if name == "XML":
        return content.startswith(b"<?xml")
    if name == "JSON":
        return content[:1] in (b"{", b"[")
    locked = content.startswith(_MAGIC["DOC"]) and name == "DOCX"  # with a password it is OLE
    return locked or content.startswith(_MAGIC.get(name, b""))


def is_locked(content: bytes) -> bool:
    """Return whether a PDF says that it is encrypted; an untrusted one is not parsed for that."""
    return _LOCKED.search(content) is not None


def count_pages(content: bytes) -> int:
    """Return the pages of a PDF that hedui made."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)


def is_archival(content: bytes) -> bool:
    """Return whether a PDF that hedui made says of itself that it is PDF/A-2b."""
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as metadata:
        part, conformance = metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")
    return (part, conformance) == ("2", "B")


def pdf_faults(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield (expected, found) of what keeps a PDF from being archival (veraPDF's rules for 2b).

    A claim is checked by its flags: not encrypted, PDF/A-2b in the XMP, an ID, an output intent,
    fonts embedded, forms that need no appearances made, nothing that acts.
    """
    if is_locked(content):
        yield "no encryption", "an encrypted PDF"
        return
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            yield from _archival_faults(pdf)
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError) as error:
        yield "a PDF that opens", f"one that does not ({type(error).__name__})"


def _archival_faults(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    with pdf.open_metadata() as metadata:
        claimed = f"{metadata.get('pdfaid:part')}{metadata.get('pdfaid:conformance')}"
    if claimed != "2B":
        yield "PDF/A-2b in the XMP", f"{claimed}"
    if "/ID" not in pdf.trailer:
        yield "an ID in the trailer", "none"
    if "/OutputIntents" not in pdf.Root:
        yield "an output intent", "none"
    if pdf.Root.get("/AcroForm", pikepdf.Dictionary()).get("/NeedAppearances", False):
        yield "appearances that are there", "NeedAppearances true"
    for key in ("/OpenAction", "/AA"):
        if key in pdf.Root:
            yield "nothing that acts", key
    bare = [
        str(item.get("/FontName", "?"))
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary)
        and item.get("/Type") == "/FontDescriptor"
        and not any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    ]
    if bare:
        yield "embedded fonts", f"{len(bare)} font(s) that are not"
