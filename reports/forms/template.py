"""A school's own form: a PDF with positions for the values, or a PDF with form fields.

Nothing of it is code: `institutions/forms/<name>.toml` names the template and says where values go.
Values are drawn with our own fonts, every glyph checked; form fields are flattened, so that nothing
interactive is left. A template is taken as it is: no claim of PDF/A is made for it.
"""

import io
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pikepdf

from domain.faults import ConfigurationFault
from reports.forms.archival import tidy
from reports.forms.content import CORE_COURSES, FormContent
from reports.forms.drawing import Sheet
from reports.forms.fitting import LEADING, fit
from reports.forms.fonts import FontChain, default_chain
from reports.forms.grid import Box, FormTooLarge
from reports.forms.layout import MM_PT, build
from reports.forms.render import Form, MissingGlyph, missing_characters

PHOTO = "照片"
_BASELINE = 0.8
_NAME_BYTES = b"/HeduiValues"
_OVERLAY = pikepdf.Name(_NAME_BYTES.decode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one value goes, in millimetres from the upper left corner of a page (from 1)."""

    field: str
    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float
    page: int = 1
    centred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A school's own form.

    `place` are positions of values (an overlay). `fields` names, per form field of the template,
    the value that goes into its rectangle; without it a field takes the value of its own name. The
    n-th core course is 课程名称#n, 课程学分#n, 课程成绩#n; the portrait is 照片.
    """

    template: str
    title: str = "学位申请表"
    value_pt: float = 10.5
    least_pt: float = 6.0
    place: tuple[Place, ...] = ()
    fields: dict[str, str] = field(default_factory=dict)


def is_template(text: str) -> bool:
    """Return whether a form's TOML names a template, rather than being a layout."""
    try:
        return "template" in tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False


def parse_template(text: str, name: str) -> Template:
    """Return what a TOML text says of a template; raises `ConfigurationFault` with every fault."""
    faults: list[str] = []
    template = build(Template, tomllib.loads(text), name, faults)
    if faults or template is None:
        raise ConfigurationFault("\n".join(faults))
    return template


def fill_template(
    template: Template, background: bytes, content: FormContent, fonts: FontChain | None = None
) -> Form:
    """Return a school's template with the values in their places; an empty content leaves it blank.

    Raises `ConfigurationFault` for a template that cannot be used, `MissingGlyph` and
    `FormTooLarge` where a value cannot be drawn in its place.
    """
    fonts = fonts or default_chain()
    if missing := missing_characters(content, fonts):
        raise MissingGlyph(missing)
    values = _values(content)
    try:
        with pikepdf.open(io.BytesIO(background)) as pdf:
            if pdf.is_encrypted:
                raise ConfigurationFault(f"{template.template}: the template has a password")
            places = [*_positions(template, len(pdf.pages)), *_form_fields(template, pdf)]
            _draw(pdf, template, places, values, content.photo, fonts)
            _flatten(pdf)
            boxes = {place.field: (place.page - 1, _box(place)) for place in places}
            return Form(pdf=tidy(pdf, template.title, content.created), boxes=boxes)
    except pikepdf.PdfError as error:
        raise ConfigurationFault(f"{template.template}: the template cannot be opened") from error


def _values(content: FormContent) -> Mapping[str, str]:
    rows = content.lists.get(CORE_COURSES, ())
    numbered = {
        f"{name}#{number}": text
        for number, row in enumerate(rows, start=1)
        for name, text in row.items()
    }
    return {**content.values, **numbered}


def _positions(template: Template, pages: int) -> tuple[Place, ...]:
    beyond = [place.field for place in template.place if not 1 <= place.page <= pages]
    if beyond:
        raise ConfigurationFault(
            f"{template.template} has {pages} page(s); places beyond: {', '.join(beyond)}"
        )
    return template.place


def _form_fields(template: Template, pdf: pikepdf.Pdf) -> Iterator[Place]:
    """Yield the rectangles of the template's text fields as places."""
    for number, page in enumerate(pdf.pages, start=1):
        height = float(page.mediabox[3]) - float(page.mediabox[1])
        for widget in page.get("/Annots", []):
            if widget.get("/Subtype") != "/Widget":
                continue
            name = _field_name(widget)
            left, bottom, right, top = sorted_rectangle(widget.Rect)
            yield Place(
                field=template.fields.get(name, name),
                left_mm=(left - float(page.mediabox[0])) / MM_PT,
                top_mm=(height - (top - float(page.mediabox[1]))) / MM_PT,
                width_mm=(right - left) / MM_PT,
                height_mm=(top - bottom) / MM_PT,
                page=number,
            )


def sorted_rectangle(rectangle: pikepdf.Object) -> tuple[float, float, float, float]:
    """Return left, bottom, right, top of a PDF rectangle, whichever corners it names."""
    one, two, three, four = (float(number) for number in pikepdf.Array(rectangle))
    return min(one, three), min(two, four), max(one, three), max(two, four)


def _field_name(widget: pikepdf.Object) -> str:
    """Return the full name of a field: its ancestors' partial names with dots (PDF 12.7.3.2)."""
    names: list[str] = []
    holder: pikepdf.Object | None = widget
    while holder is not None and len(names) < 20:
        if "/T" in holder:
            names.append(str(holder.T))
        holder = holder.get("/Parent")
    return ".".join(reversed(names))


def _box(place: Place) -> Box:
    return Box(
        left=place.left_mm * MM_PT,
        top=place.top_mm * MM_PT,
        width=place.width_mm * MM_PT,
        height=place.height_mm * MM_PT,
    )


def _draw(
    pdf: pikepdf.Pdf,
    template: Template,
    places: list[Place],
    values: Mapping[str, str],
    photo: bytes,
    fonts: FontChain,
) -> None:
    for number, page in enumerate(pdf.pages, start=1):
        mine = [place for place in places if place.page == number]
        left, bottom, right, top = (float(side) for side in page.mediabox)
        sheet = Sheet(right - left, top - bottom, fonts)
        for place in mine:
            if place.field == PHOTO:
                if photo:
                    sheet.picture(photo, _box(place))
            else:
                _write(sheet, template, place, values.get(place.field, ""), fonts)
        sheet.next_page()
        with pikepdf.open(io.BytesIO(sheet.finish())) as drawn:
            values_on_it = pdf.copy_foreign(drawn.pages[0].as_form_xobject())
        # By hand, for pikepdf's own overlay takes a random name and the bytes would differ.
        page.add_resource(values_on_it, pikepdf.Name.XObject, name=_OVERLAY)
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"\nQ q 1 0 0 1 %.4f %.4f cm %b Do Q" % (left, bottom, _NAME_BYTES))


def _write(sheet: Sheet, template: Template, place: Place, text: str, fonts: FontChain) -> None:
    box = _box(place)
    fitted = fit(text, box.width, box.height, template.value_pt, template.least_pt, fonts)
    if fitted.height_pt > box.height + 0.01 and len(fitted.lines) > 1:
        raise FormTooLarge
    top = box.top + (box.height - fitted.height_pt) / 2
    for number, line in enumerate(fitted.lines):
        baseline = top + (number + _BASELINE) * fitted.size_pt * LEADING
        if place.centred:
            sheet.centred(line, box, baseline, fitted.size_pt)
        else:
            sheet.line(line, box.left, baseline, fitted.size_pt)


def _flatten(pdf: pikepdf.Pdf) -> None:
    """Remove form fields and everything else that a viewer would run or fill in."""
    for key in ("/AcroForm", "/OpenAction", "/AA", "/Names"):
        if key in pdf.Root:
            del pdf.Root[key]
    for page in pdf.pages:
        kept = [a for a in page.get("/Annots", []) if a.get("/Subtype") not in ("/Widget", "/Link")]
        if "/Annots" in page:
            del page["/Annots"]
        if kept:
            page.Annots = pikepdf.Array(kept)
        if "/AA" in page:
            del page["/AA"]
