"""What a file says of the software that made it. Runs in the sandbox only.

Cameras, scanners and office programs leave their names too; only editors with which print can be
replaced are told. Messengers and screenshots strip all of it, so its absence says nothing.
"""

import io
import re
from collections.abc import Mapping

import PIL.Image

EDITED_NOTE = "tamper-software"
SOFTWARE_TAG = 0x0131
# XMP and text chunks stand before the pixels.
HEAD_BYTES = 131_072
CREATOR_TOOL = re.compile(rb"CreatorTool(?:>|\s*=\s*[\"'])([^<\"']{1,80})")
# Windows' and the phones' own viewers write their names when a picture is turned: not among these.
EDITORS = re.compile(
    r"photoshop|illustrator|\bgimp\b|affinity (photo|designer)|pixelmator|paint\.net|paintshop|"
    r"coreldraw|photo-?paint|\bkrita\b|photopea|\bpixlr\b|\bfotor\b|\bcanva\b|picsart|snapseed|"
    r"meitu|xiuxiu|美图|醒图|光影魔术手|inkscape|pdf-?xchange editor|foxit (pdf editor|phantom)|"
    r"phantompdf|pdfelement|master pdf editor|infix|\bsejda\b|nitro pro",
    re.IGNORECASE,
)


def picture_names_editor(data: bytes) -> bool:
    """Return whether a JPEG or PNG names an editor: EXIF Software, PNG text, XMP CreatorTool."""
    texts = [match.decode("utf-8", "replace") for match in CREATOR_TOOL.findall(data[:HEAD_BYTES])]
    try:
        with PIL.Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as image:
            named = (image.getexif().get(SOFTWARE_TAG, ""), image.info.get("Software", ""))
    except (OSError, SyntaxError, ValueError):
        return False  # a broken head is another rule's
    texts += map(_as_written, map(str, named))
    return any(map(EDITORS.search, texts))


def _as_written(text: str) -> str:
    """Return a tag's text: by the standard ASCII, by many programs UTF-8, by Pillow Latin-1."""
    try:
        return text.encode("latin_1").decode("utf-8")
    except UnicodeError:
        return text


def document_names_editor(metadata: Mapping[str, object]) -> bool:
    """Return whether a PDF's producer or creator is an editor of pictures or pages."""
    return any(EDITORS.search(str(metadata.get(key, ""))) for key in ("Producer", "Creator"))
