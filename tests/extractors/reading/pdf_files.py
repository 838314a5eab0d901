"""Write small PDF files by hand, honest and hostile: the bytes are what matters here."""

import io
import zlib
from collections.abc import Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

CATALOG = b"<</Type/Catalog/Pages 2 0 R%s>>"
TREE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
TEXT = b"BT /F1 24 Tf 60 700 Td (TOTAL 420 SCORE) Tj ET"


def pack(objects: Sequence[bytes], trailer: bytes = b"", version: bytes = b"1.7") -> bytes:
    """Return a PDF of numbered objects, the first of which is the catalog."""
    out, offsets = b"%PDF-" + version + b"\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer\n<</Size %d/Root 1 0 R%s>>\n" % (len(objects) + 1, trailer)
        + b"startxref\n%d\n%%%%EOF\n" % len(out)
    )


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), entries, data)


def page(
    contents: bytes = TEXT,
    *,
    catalog: bytes = b"",
    entries: bytes = b"",
    media_box: bytes = b"[0 0 595 842]",
    resources: bytes = b"/Font<</F1 5 0 R>>",
    font: bytes = FONT,
    more: Sequence[bytes] = (),
    trailer: bytes = b"",
    raw_contents: bytes | None = None,
) -> bytes:
    """Return a PDF of one page; `more` are objects from number 6 on."""
    own = b"<</Type/Page/Parent 2 0 R/MediaBox %s/Contents 4 0 R/Resources<<%s>>%s>>"
    return pack(
        [
            CATALOG % catalog,
            TREE,
            own % (media_box, resources, entries),
            stream(contents) if raw_contents is None else raw_contents,
            font,
            *more,
        ],
        trailer,
    )


def pages(count: int, announced: int | None = None) -> bytes:
    """Return a PDF whose tree names one page object many times over."""
    kids = b" ".join(b"%d 0 R" % (3 + number) for number in range(count))
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, announced or count)
    own = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Resources<<>>>>"
    return pack([CATALOG % b"", tree, *[own] * count])


def bomb(megabytes: int, filters: int = 1) -> bytes:
    """Return content that unpacks to many megabytes of spaces, packed `filters` times over."""
    packer = zlib.compressobj(9)
    block = b" " * 1_000_000
    data = b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
    for _ in range(filters - 1):
        data = zlib.compress(data, 9)
    return stream(data, b"/Filter[%s]" % (b"/FlateDecode " * filters))


def encrypted(user_password: str, owner_password: str) -> bytes:
    buffer = io.BytesIO()
    protection = StandardEncryption(user_password, owner_password, canPrint=0)
    canvas = Canvas(buffer, pagesize=(595, 842), encrypt=protection, invariant=1)
    canvas.setFont("Helvetica", 24)
    canvas.drawString(60, 700, "TOTAL 420 SCORE")
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def picture_with_layer(picture: object, lines: Sequence[tuple[float, float, float, str]]) -> bytes:
    """Return a page that shows a PIL picture and carries unseen Chinese text over it.

    A line is (x, y from the bottom, size in points, text).
    """
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1)
    canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
    for x, y, size, text in lines:
        unseen = canvas.beginText(x, y)
        unseen.setFont("STSong-Light", size)
        unseen.setTextRenderMode(3)
        unseen.textOut(text)
        canvas.drawText(unseen)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()
