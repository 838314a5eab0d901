"""The pictures of an item: sent to whoever looks, and made ahead for what comes next."""

import datetime
import time

from starlette.responses import Response

from domain.faults import DocumentFault, MachineFault
from domain.review import LEASE_SECONDS
from extractors.reading.showing import PAGE_SIDE_PX, SMALL_PAGE_SIDE_PX
from reports.section import local_time
from review.degree_items import is_thesis_text
from review.looking import Looked
from review.presenting import present
from review.shelf import ALL, CONTEXT, FOCUS, PAGE, STRIP, PageSlot, Shown
from review.site import Visit, page
from store.cases import Case
from store.entries import Refused

_PAUSE_SECONDS = 0.15
_MOST_ID = 1 << 31
# The address names one sign-in and this server's run: nobody else can be served from it.
_KEEP = f"private, max-age={LEASE_SECONDS:.0f}, immutable"


def case_of(visit: Visit) -> Case:
    """Return the item of a request's address; raises `Refused` where there is none."""
    number = int(visit.path("application"))
    case = visit.site.store.cases.get(number) if number < _MOST_ID else None
    if case is None:
        raise Refused("gone")
    return case


@page()
def picture(visit: Visit) -> Response:
    """Send a strip or the surroundings of a value, or the page that stands for both."""
    application_id = int(visit.path("application"))
    slot, field = visit.path("slot"), visit.path("field")
    if slot not in (STRIP, CONTEXT):
        return Response(status_code=404)
    reveal, gate = visit.text("reveal") == "1", visit.site.gate
    if reveal and not gate.is_revealed(visit.session.id, application_id):
        return Response(status_code=403)
    revision = visit.text("v", 80).rpartition("-")[2]
    if (slot, field) == (CONTEXT, FOCUS):
        looked = visit.site.looking.look(case_of(visit), visit.account.name)
        field = present(looked).focus
        if not field:
            return _first_page(visit, looked)
    known = int(revision) if revision.isascii() and revision.isdecimal() else 0
    address = (application_id, known, visit.account.name, slot, field)
    shown = None if reveal else visit.site.shelf.ready(address)
    if shown is None:
        looked = visit.site.looking.look(case_of(visit), visit.account.name)
        try:
            shown = visit.site.shelf.value(looked, visit.account.name, slot, field, reveal)
        except (KeyError, DocumentFault, MachineFault):
            return Response(status_code=404)
    gate.send(visit.session.id, application_id, f"{slot}-{field}", shown.digest)
    return _jpeg(shown, "no-store" if reveal else _KEEP)


def _first_page(visit: Visit, looked: Looked) -> Response:
    """Send the page that stands for an application of which no value can be shown."""
    pages = () if looked.is_blind else visit.site.shelf.pages(looked)
    if not pages or (is_thesis_text(looked, pages) and visit.site.looking.thesis_text(looked)):
        return Response(status_code=204)  # asked for ahead, of an item without any picture
    # Asked for ahead, it carries the time at which it was sent: within a lease of being looked at.
    return _send_page(visit, looked, pages[0], _KEEP, is_first=True, side_px=SMALL_PAGE_SIDE_PX)


@page()
def page_picture(visit: Visit) -> Response:
    """Send a whole page with the reviewer's name and the time across it."""
    case = case_of(visit)
    looked = visit.site.looking.look(case, visit.account.name)
    slots = visit.site.shelf.pages(looked)
    wanted = (int(visit.path("file")), int(visit.path("page")))
    slot = next((s for s in slots if (s.file, s.page_number) == wanted), None)
    if slot is None:
        return Response(status_code=404)
    return _send_page(visit, looked, slot, "no-store", is_first=slot == slots[0])


def _send_page(
    visit: Visit,
    looked: Looked,
    slot: PageSlot,
    keep: str,
    *,
    is_first: bool,
    side_px: int = PAGE_SIDE_PX,
) -> Response:
    watermark = f"{visit.account.name} {now_text()}"
    try:
        shown = visit.site.shelf.page(looked, slot, watermark, side_px)
    except (DocumentFault, MachineFault):
        return Response(status_code=404)
    if is_first:
        application_id = looked.case.application_id
        visit.site.gate.send(visit.session.id, application_id, f"{PAGE}-first", shown.digest)
    return _jpeg(shown, keep)


def _jpeg(shown: Shown, keep: str) -> Response:
    return Response(shown.content, media_type="image/jpeg", headers={"Cache-Control": keep})


@page()
def form_picture(visit: Visit) -> Response:
    """Send the first page of the 学位申请表 as it would be filled, signed like any whole page."""
    case = case_of(visit)
    fill = visit.site.fill_form
    pdf = fill(case.batch_id, case.student_number) if fill is not None else b""
    if not pdf:
        return Response(status_code=404)
    try:
        shown = visit.site.shelf.form(pdf, f"{visit.account.name} {now_text()}")
    except (DocumentFault, MachineFault):
        return Response(status_code=404)
    return _jpeg(shown, "no-store")


def now_text() -> str:
    """Return the school's wall clock for a watermark."""
    return local_time(datetime.datetime.now(datetime.UTC))


def picture_address(visit: Visit, case: Case, slot: str, reveal: bool = False) -> str:
    """Return where the picture of a slot is; it changes with what would be on it."""
    kind, _, field = slot.partition("-")
    tail = "&reveal=1" if reveal else ""
    version = f"{visit.site.nonce}{visit.session.id[:8]}-{case.revision}"
    return f"/items/{case.application_id}/{kind}/{field}.jpg?v={version}{tail}"


def ahead_addresses(visit: Visit, ahead: tuple[Case, ...]) -> str:
    """Return the addresses of what the next items' pages will ask for, by spaces.

    Nothing is looked up for them here: the item that is waited for goes first.
    """
    slots = (f"{STRIP}-{ALL}", f"{CONTEXT}-{FOCUS}")
    return " ".join(picture_address(visit, case, slot) for case in ahead for slot in slots)


def make_ahead(visit: Visit, ahead: tuple[Case, ...]) -> None:
    """Make the pictures of the next items, once those of the one that is shown are out."""
    time.sleep(_PAUSE_SECONDS)  # the pictures of the item that is shown go first
    for case in ahead:
        try:
            looked = visit.site.looking.look(case, visit.account.name)
            visit.site.shelf.make_ahead(looked, visit.account.name)
        except (Refused, MachineFault, KeyError):
            return
