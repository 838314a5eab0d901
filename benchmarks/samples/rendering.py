"""Turns a sheet into pixels, a PDF with a text layer, or a PDF that is one turned picture."""

import io
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.samples.drawing import PictureStep, ShapeStep, Sheet, TextStep
from benchmarks.samples.fonts import path_of

_POINTS_PER_INCH = 72


def render_image(sheet: Sheet) -> Image.Image:
    """Draw the sheet as an RGB picture."""
    image = Image.new("RGB", sheet.size_px, sheet.paper)
    for step in sheet.steps:
        if isinstance(step, TextStep):
            _draw_text(ImageDraw.Draw(image), step)
        elif isinstance(step, ShapeStep):
            _draw_shape(ImageDraw.Draw(image), step)
        else:
            picture = step.picture()
            image.paste(picture, (step.left_px, step.top_px), _alpha_of(picture))
    return image


def render_text_pdf(sheet: Sheet) -> bytes:
    """Write the sheet as a one-page PDF with selectable text and embedded fonts."""
    buffer = io.BytesIO()
    points = _POINTS_PER_INCH / sheet.dpi
    width_px, height_px = sheet.size_px
    # invariant: no time stamps, so that the same sheet gives the same bytes.
    canvas = Canvas(buffer, pagesize=(width_px * points, height_px * points), invariant=1)
    canvas.setTitle("SPECIMEN")
    for step in sheet.steps:
        if isinstance(step, TextStep):
            _write_text(canvas, step, height_px, points)
        elif isinstance(step, ShapeStep):
            _write_shape(canvas, step, height_px, points)
        else:
            _write_picture(canvas, step, height_px, points)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def render_turned_pdf(image: Image.Image, *, quality: int = 82) -> bytes:
    """Write a portrait A4 page that holds the landscape picture turned by 90 degrees as JPEG."""
    jpeg = io.BytesIO()
    image.transpose(Image.Transpose.ROTATE_90).save(jpeg, "JPEG", quality=quality)
    buffer = io.BytesIO()
    width, height = 595.28, 841.89
    canvas = Canvas(buffer, pagesize=(width, height), invariant=1)
    canvas.drawImage(ImageReader(jpeg), 0, 0, width, height)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _alpha_of(picture: Image.Image) -> Image.Image | None:
    return picture.getchannel("A") if picture.mode == "RGBA" else None


def _draw_text(draw: ImageDraw.ImageDraw, step: TextStep) -> None:
    for run in step.runs:
        draw.text(
            (run.x_px, step.baseline_px),
            run.text,
            font=run.face.at(step.size_px),
            fill=step.colour,
            anchor="ls",
            stroke_width=_stroke(step.size_px) if run.face.thicken else 0,
        )


def _stroke(size_px: int) -> float:
    return size_px / 45


def _draw_shape(draw: ImageDraw.ImageDraw, step: ShapeStep) -> None:
    left, top, right, bottom = (round(value) for value in step.box_px)
    box = (left, top, max(left, right - 1), max(top, bottom - 1))
    if step.radius_px:
        draw.rounded_rectangle(box, step.radius_px, step.fill, step.outline, step.width_px)
    else:
        draw.rectangle(box, step.fill, step.outline, step.width_px)


def _write_text(canvas: Canvas, step: TextStep, height_px: int, points: float) -> None:
    red, green, blue = (value / 255 for value in step.colour)
    for run in step.runs:
        # The rendering mode outlives a text object, so it is kept inside a saved state.
        canvas.saveState()
        text = canvas.beginText(run.x_px * points, (height_px - step.baseline_px) * points)
        text.setFont(_register(run.face.file, run.face.index), step.size_px * points)
        text.setFillColorRGB(red, green, blue)
        text.setStrokeColorRGB(red, green, blue)
        canvas.setLineWidth(2 * _stroke(step.size_px) * points)
        text.setTextRenderMode(2 if run.face.thicken else 0)
        text.textOut(run.text)
        canvas.drawText(text)
        canvas.restoreState()


def _write_shape(canvas: Canvas, step: ShapeStep, height_px: int, points: float) -> None:
    left, top, right, bottom = step.box_px
    if step.fill:
        canvas.setFillColorRGB(*(value / 255 for value in step.fill))
    if step.outline:
        canvas.setStrokeColorRGB(*(value / 255 for value in step.outline))
        canvas.setLineWidth(step.width_px * points)
    canvas.roundRect(
        left * points,
        (height_px - bottom) * points,
        max(right - left, 1) * points,
        max(bottom - top, 1) * points,
        step.radius_px * points,
        stroke=int(step.outline is not None),
        fill=int(step.fill is not None),
    )


def _write_picture(canvas: Canvas, step: PictureStep, height_px: int, points: float) -> None:
    canvas.drawImage(
        ImageReader(step.picture()),
        step.left_px * points,
        (height_px - step.top_px - step.height_px) * points,
        step.width_px * points,
        step.height_px * points,
        mask="auto",
    )


def _map_to_unicode(font_name: str, subset: Sequence[int]) -> str:
    """Write the character map of a subset, with surrogates for characters beyond U+FFFF.

    reportlab writes such a character as five digits, which readers take for another one; the
    name of an applicant may need it (𠮷).
    """
    pairs = (f"<{n:02X}> <{chr(code).encode('utf-16-be').hex()}>" for n, code in enumerate(subset))
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            "/CIDSystemInfo",
            f"<< /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def",
            f"/CMapName /{font_name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            f"<00> <{len(subset) - 1:02X}>",
            "endcodespacerange",
            f"{len(subset)} beginbfchar",
            *pairs,
            "endbfchar",
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        )
    )


ttfonts.makeToUnicodeCMap = _map_to_unicode


@lru_cache(maxsize=64)
def _register(file: str, index: int) -> str:
    name = f"{file.split('/')[-1].split('.')[0]}-{index}"
    pdfmetrics.registerFont(TTFont(name, str(path_of(file)), subfontIndex=index))
    return name
