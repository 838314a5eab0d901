"""The layouts of the sample papers, one module per family; `PAPERS` lists every kind.

A layout composes a sheet (`drawing.Sheet`) from a person and a random generator; `draw_paper`
turns it into pixels and, for electronic layouts, a PDF. Start at `cet.py`.
"""

import random
from collections.abc import Mapping

from benchmarks.samples.drawing import LayoutFault
from benchmarks.samples.paper import Composition, Paper, PaperKind, PaperOrder, Person
from benchmarks.samples.papers import cet, etic, others, tem, trm, zikao
from benchmarks.samples.rendering import render_image, render_text_pdf, render_turned_pdf

PAPERS: tuple[PaperKind, ...] = (
    *cet.KINDS,
    *tem.KINDS,
    *trm.KINDS,
    *etic.KINDS,
    *zikao.KINDS,
    *others.KINDS,
)


def compose_paper(
    kind: PaperKind,
    person: Person,
    rng: random.Random,
    *,
    font_family: str | None = None,
    overrides: Mapping[str, str] | None = None,
) -> Composition:
    """Lay out a paper without drawing it; raises LayoutFault where texts would overlap."""
    order = PaperOrder(
        certificate_type=kind.certificate_type,
        layout=kind.layout,
        person=person,
        held_back=kind.held_back,
        font_family=font_family,
        overrides=dict(overrides or {}),
    )
    composition = kind.compose(order, rng)
    # Texts may hold personal data, so the message tells their number alone.
    faults = composition.sheet.faults()
    if faults:
        raise LayoutFault(f"{kind.certificate_type} {kind.layout}: {len(faults)} texts collide")
    return composition


def draw_paper(
    kind: PaperKind,
    person: Person,
    rng: random.Random,
    *,
    font_family: str | None = None,
    overrides: Mapping[str, str] | None = None,
) -> Paper:
    """Draw one clean paper with its ground truth; the same random state gives the same paper.

    font_family: a name of `fonts.chinese_families`; raises ValueError for one that is held back
    from this layout. overrides: see `PaperOrder`. Raises FontMissing without the fonts.
    """
    composition = compose_paper(kind, person, rng, font_family=font_family, overrides=overrides)
    sheet = composition.sheet
    image = render_image(sheet)
    pdf = None
    if composition.pdf_form == "text":
        pdf = render_text_pdf(sheet)
    elif composition.pdf_form == "turned-image":
        pdf = render_turned_pdf(image)
    printed = {field: value for field, value in composition.printed.items() if value}
    return Paper(
        certificate_type=kind.certificate_type,
        layout=kind.layout,
        is_certificate=kind.is_certificate,
        image=image,
        dpi=sheet.dpi,
        pdf=pdf,
        printed=printed,
        boxes={field: box for field, box in sheet.boxes.items() if field in printed},
        declared=composition.declared,
    )
