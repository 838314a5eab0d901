"""A form from a layout and its content: bytes, and where each value stands."""

from dataclasses import dataclass

from domain.faults import ConfigurationFault
from reports.forms.archival import make_archival
from reports.forms.content import FormContent
from reports.forms.drawing import draw_form
from reports.forms.fonts import FontChain, default_chain
from reports.forms.grid import Box, FormTooLarge, place
from reports.forms.layout import Layout


class MissingGlyph(Exception):
    """No font of the chain has some characters; `characters` names them."""

    def __init__(self, characters: str) -> None:
        super().__init__("no font has a glyph for a character of this form")
        self.characters = characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as PDF/A-2b; `boxes` gives per value its page (from 0) and rectangle in points."""

    pdf: bytes
    boxes: dict[str, tuple[int, Box]]


def missing_characters(content: FormContent, fonts: FontChain | None = None) -> str:
    """Return the characters of a form's values that no font of the chain can draw."""
    return (fonts or default_chain()).missing("".join(content.texts()))


def fits_layout(layout: Layout, content: FormContent, fonts: FontChain | None = None) -> bool:
    """Return whether every value goes onto a page; the glyphs have to be there."""
    try:
        place(layout, content, fonts or default_chain())
    except FormTooLarge:
        return False
    return True


def render_form(layout: Layout, content: FormContent, fonts: FontChain | None = None) -> Form:
    """Return a filled form; an empty content gives the blank one.

    Every glyph is looked up before anything is drawn: raises `MissingGlyph`, and `FormTooLarge`
    where a value is longer than a page, `ConfigurationFault` where the layout's own words lack one.
    """
    fonts = fonts or default_chain()
    if missing := fonts.missing("".join(layout.texts)):
        points = ", ".join(f"U+{ord(character):04X}" for character in missing)
        raise ConfigurationFault(f"the form's layout: no font has {points}; use other characters")
    if missing := missing_characters(content, fonts):
        raise MissingGlyph(missing)
    cells = place(layout, content, fonts)
    drawn = draw_form(layout, cells, content.photo, fonts)
    title = layout.title.replace("{school}", layout.school)
    boxes = {cell.name: (cell.page, cell.box) for cell in cells if cell.cell.field}
    return Form(pdf=make_archival(drawn, title, content.created), boxes=boxes)
