"""The files of a degree application: a short thesis as PDF or DOCX, and an ID photo."""

import io
import random
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.samples.fonts import face_for, path_of

_PAGE_WIDTH_PT, _PAGE_HEIGHT_PT = 595.28, 841.89
_CHINESE, _LATIN = "wqy-zenhei", "dejavu-sans"
_PORTRAIT_PX = (210, 280)
_ZIP_DATE = (2024, 3, 1, 8, 0, 0)
_ABSTRACT = (
    "摘要：本文在梳理相关理论的基础上，结合实际案例进行分析，指出目前存在的主要问题，",
    "并从制度、管理和技术三个方面提出改进建议，供实际工作参考。本文为虚构示例。",
)
_CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONSHIPS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def thesis_pdf(printed: Mapping[str, str], programme: str) -> bytes:
    """Return a two-page thesis whose title page prints `printed` (学号, 姓名, 论文题目)."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(_PAGE_WIDTH_PT, _PAGE_HEIGHT_PT), invariant=1)
    canvas.setTitle("SPECIMEN")
    _write_centred(canvas, "本科毕业论文", 28, 690)
    _write_centred(canvas, printed["论文题目"], 20, 560)
    for place, (label, value) in enumerate(_title_lines(printed, programme)):
        _write_centred(canvas, f"{label}：{value}", 14, 380 - 34 * place)
    canvas.showPage()
    for place, line in enumerate(_ABSTRACT):
        _write(canvas, line, 12, 72, 740 - 26 * place)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def thesis_docx(printed: Mapping[str, str], programme: str) -> bytes:
    """Return the same thesis as a Word document."""
    lines = ["本科毕业论文", printed["论文题目"]]
    lines += [f"{label}：{value}" for label, value in _title_lines(printed, programme)]
    lines += _ABSTRACT
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{paragraphs}</w:body></w:document>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("[Content_Types].xml", _CONTENT_TYPES),
            ("_rels/.rels", _RELATIONSHIPS),
            ("word/document.xml", document),
        ):
            archive.writestr(zipfile.ZipInfo(name, date_time=_ZIP_DATE), text)
    return buffer.getvalue()


def draw_portrait(rng: random.Random) -> bytes:
    """Return an ID photo, 210 x 280 px JPEG: a drawn head before blue, nobody's likeness."""
    width, height = _PORTRAIT_PX
    image = Image.new("RGB", (width * 2, height * 2), (62, 118, 190))
    draw = ImageDraw.Draw(image)
    skin = rng.choice(((236, 202, 172), (224, 186, 152), (242, 212, 186)))
    hair = rng.choice(((28, 24, 22), (44, 34, 28), (70, 66, 64)))
    coat = rng.choice(((40, 44, 60), (240, 240, 240), (90, 30, 40)))
    draw.ellipse((40, 400, 380, 800), fill=coat)
    draw.rectangle((180, 330, 240, 430), fill=skin)
    draw.ellipse((112, 100, 308, 330 + rng.randint(-14, 14)), fill=hair)
    draw.ellipse((128, 130, 292, 370), fill=skin)
    for eye in (172, 248):
        draw.ellipse((eye - 9, 232, eye + 9, 246), fill=(30, 28, 28))
    draw.arc((180, 270, 240, 318), 20, 160, fill=(168, 82, 78), width=5)
    draw.text((8, height * 2 - 26), "SPECIMEN", fill=(220, 230, 245))
    buffer = io.BytesIO()
    small = image.resize(_PORTRAIT_PX, Image.Resampling.LANCZOS)
    small.save(buffer, "JPEG", quality=88, dpi=(300, 300))
    return buffer.getvalue()


def _title_lines(printed: Mapping[str, str], programme: str) -> tuple[tuple[str, str], ...]:
    return (
        ("姓名", printed["姓名"]),
        ("学号", printed["学号"]),
        ("专业", programme),
        ("完成日期", "2023年12月"),
    )


def _write_centred(canvas: Canvas, text: str, size: float, y: float) -> None:
    width = sum(pdfmetrics.stringWidth(c, _font_for(c), size) for c in text)
    _write(canvas, text, size, (_PAGE_WIDTH_PT - width) / 2, y)


def _write(canvas: Canvas, text: str, size: float, x: float, y: float) -> None:
    """Write one line, each character in the first font of the chain that has it."""
    for character in text:
        font = _font_for(character)
        canvas.setFont(font, size)
        canvas.drawString(x, y, character)
        x += pdfmetrics.stringWidth(character, font, size)


def _font_for(character: str) -> str:
    face = face_for(character, _CHINESE, _LATIN, bold=False, embeddable=True)
    name = f"thesis-{face.file}-{face.index}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, str(path_of(face.file)), subfontIndex=face.index))
    return name
