"""A school's own form: a PDF with positions for the values, or a PDF with form fields.

Nothing of it is code: `institutions/forms/<name>.toml` names the template and says where values go.
Values are drawn with our own fonts, every glyph checked; form fields are flattened, so that nothing
interactive is left. A template is taken as it is: no claim of PDF/A is made for it.
"""

import io
import tomllib
from collections.abc import Mapping, Sequence
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
from reports.forms.places import Place, field_places, view_of
from reports.forms.render import Form, MissingGlyph, missing_characters

PHOTO = "照片"
TICK = "√"
_BASELINE = 0.8
_NAME_BYTES = b"/HeduiValues"
_OVERLAY = pikepdf.Name(_NAME_BYTES.decode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A school's own form.

    `place` are positions of values (an overlay). `fields` names, per form field of the template,
    the value that goes into its rectangle (`places.field_places`). The n-th core course is
    课程名称#n, 课程学分#n, 课程成绩#n; the portrait is 照片.
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
            _refuse_unusable(pdf, template.template)
            places = [
                *_positions(template, len(pdf.pages)),
                *field_places(pdf, template.fields),
            ]
            _draw(pdf, template, places, values, content.photo, fonts)
            _flatten(pdf)
            boxes = {place.field: (place.page - 1, _box(place)) for place in places}
            return Form(pdf=tidy(pdf, template.title, content.created), boxes=boxes)
    except pikepdf.PasswordError as error:
        raise ConfigurationFault(f"{template.template} {_LOCKED}") from error
    except pikepdf.PdfError as error:
        raise ConfigurationFault(
            f"{template.template}: the template cannot be opened; export it as PDF once more"
        ) from error


_LOCKED = "has a password; save a copy without any, and name that as the template"


def _refuse_unusable(pdf: pikepdf.Pdf, name: str) -> None:
    if pdf.is_encrypted:
        raise ConfigurationFault(f"{name} {_LOCKED}")
    if "/AcroForm" in pdf.Root and "/XFA" in pdf.Root.AcroForm:
        # What an XFA form shows is not on its pages but made by a program that only one maker has.
        raise ConfigurationFault(
            f"{name} is an XFA form; print it to a plain PDF (or save it with static form fields)"
            " and name that as the template"
        )


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
        view = view_of(page)
        sheet = Sheet(view.width_pt, view.height_pt, fonts)
        for place in mine:
            if place.outline:
                sheet.rectangle(_box(place))
            if place.field == PHOTO:
                if photo:
                    sheet.picture(photo, _box(place))
            else:
                text = values.get(place.field, "")
                if place.mark:
                    text = TICK if text == place.mark else ""
                _write(sheet, template, place, text, fonts)
        sheet.next_page()
        with pikepdf.open(io.BytesIO(sheet.finish())) as drawn:
            values_on_it = pdf.copy_foreign(drawn.pages[0].as_form_xobject())
        # By hand, for pikepdf's own overlay takes a random name and the bytes would differ.
        page.add_resource(values_on_it, pikepdf.Name.XObject, name=_OVERLAY)
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"\nQ q %b cm %b Do Q" % (_numbers(view.matrix), _NAME_BYTES))


def _numbers(matrix: Sequence[float]) -> bytes:
    return " ".join(f"{number:.4f}" for number in matrix).encode()


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
