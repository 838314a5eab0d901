"""Make a drawn form archival: PDF/A-2b (ISO 19005-2), with text maps that are right everywhere.

What reportlab leaves to be done: its text maps break outside the basic plane, its information
dictionary is malformed, and output intent and XMP are missing. Nothing here looks at the clock.
"""

import datetime
import functools
import io
import re

import pikepdf
from PIL import ImageCms

# Bytes 24 to 35 of a profile are the moment it was made (ICC.1, 7.2.8): ours is always the same.
_PROFILE_DATE = slice(24, 36)
_FIXED_DATE = bytes.fromhex("07D0 0001 0001 0000 0000 0000")
_MAPPING = re.compile(rb"<([0-9A-Fa-f]{2})> <([0-9A-Fa-f]+)>")


def make_archival(data: bytes, title: str, created: datetime.datetime) -> bytes:
    """Return a PDF drawn by this package as PDF/A-2b; the same arguments give the same bytes."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        _mend(pdf)
        _add_output_intent(pdf)
        _add_metadata(pdf, title, created)
        return save(pdf)


def tidy(pdf: pikepdf.Pdf, title: str, created: datetime.datetime) -> bytes:
    """Return a PDF made of a school's template, without the claim to be archival."""
    _mend(pdf)
    _add_metadata(pdf, title, created, claim=False)
    return save(pdf)


def save(pdf: pikepdf.Pdf) -> bytes:
    """Return a PDF's bytes, the same for the same content."""
    buffer = io.BytesIO()
    pdf.save(
        buffer,
        deterministic_id=True,
        force_version="1.7",
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        recompress_flate=True,
    )
    return buffer.getvalue()


def _mend(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        if "/Trans" in page:
            del page.Trans
    maps = {
        item.ToUnicode.objgen: item.ToUnicode
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item
    }
    for text_map in maps.values():
        text_map.write(mend_text_map(text_map.read_bytes()))
    if "/Info" in pdf.trailer:
        del pdf.trailer.Info


def mend_text_map(text_map: bytes) -> bytes:
    """Return reportlab's map of codes to text with UTF-16 where it writes bare code points.

    Codes that are mapped to nothing (U+0000), which no text uses, are left out.
    """
    mapped = [
        b"<%s> <%s>" % (code, _utf_16(point))
        for code, point in _MAPPING.findall(text_map)
        if int(point, 16)
    ]
    head, _, _ = text_map.partition(b"1 begincodespacerange")
    # A block holds a hundred pairs at most (Adobe technical note 5014).
    blocks = [mapped[start : start + 100] for start in range(0, len(mapped), 100)]
    body = b"".join(
        b"%d beginbfchar\n%s\nendbfchar\n" % (len(block), b"\n".join(block)) for block in blocks
    )
    return (
        head
        + b"1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        + body
        + b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    )


def _utf_16(point: bytes) -> bytes:
    """Return a code point in hexadecimal as UTF-16; eight digits are a surrogate pair already."""
    if len(point) == 8:
        return point
    return chr(int(point, 16)).encode("UTF-16BE").hex().upper().encode()


def _add_output_intent(pdf: pikepdf.Pdf) -> None:
    profile = pdf.make_stream(_srgb_profile())
    profile.N = 3
    pdf.Root.OutputIntents = pikepdf.Array(
        [
            pdf.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.OutputIntent,
                    S=pikepdf.Name.GTS_PDFA1,
                    OutputConditionIdentifier="sRGB IEC61966-2.1",
                    Info="sRGB IEC61966-2.1",
                    DestOutputProfile=profile,
                )
            )
        ]
    )


@functools.cache
def _srgb_profile() -> bytes:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_PROFILE_DATE] = _FIXED_DATE
    return bytes(profile)


def _add_metadata(
    pdf: pikepdf.Pdf, title: str, created: datetime.datetime, *, claim: bool = True
) -> None:
    moment = created.isoformat(timespec="seconds")
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        if claim:
            metadata["pdfaid:part"] = "2"
            metadata["pdfaid:conformance"] = "B"
        metadata["dc:title"] = title
        metadata["dc:language"] = ["zh-CN"]
        metadata["xmp:CreateDate"] = moment
        metadata["xmp:ModifyDate"] = moment
        metadata["xmp:CreatorTool"] = "hedui"
    pdf.Root.Lang = "zh-CN"
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
