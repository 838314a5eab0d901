"""The pictures of an item: sent to whoever looks, and made ahead for what comes next."""

import datetime
import time

from starlette.responses import Response

from domain.faults import DocumentFault, MachineFault
from reports.section import local_time
from review.presenting import present
from review.shelf import ALL, CONTEXT, FOCUS, PAGE, STRIP
from review.site import Visit, page
from store.cases import Case
from store.entries import Refused

_PAUSE_SECONDS = 0.15
_MOST_ID = 1 << 31


def case_of(visit: Visit) -> Case:
    """Return the item of a request's address; raises `Refused` where there is none."""
    number = int(visit.path("application"))
    case = visit.site.store.cases.get(number) if number < _MOST_ID else None
    if case is None:
        raise Refused("gone")
    return case


@page()
def picture(visit: Visit) -> Response:
    """Send a strip or the surroundings of a value."""
    application_id = int(visit.path("application"))
    slot, field = visit.path("slot"), visit.path("field")
    if slot not in (STRIP, CONTEXT):
        return Response(status_code=404)
    reveal, gate = visit.text("reveal") == "1", visit.site.gate
    if reveal and not gate.is_revealed(visit.session.id, application_id):
        return Response(status_code=403)
    revision = visit.text("v", 80).rpartition("-")[2]
    if field == FOCUS:
        field = present(visit.site.looking.look(case_of(visit), visit.account.name)).focus
        if not field:
            return Response(status_code=204)  # of an item that was asked for ahead: nothing to show
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
    # The address names one sign-in and this server's run: nobody else can be served from it.
    keep = "no-store" if reveal else "private, max-age=900, immutable"
    return Response(shown.content, media_type="image/jpeg", headers={"Cache-Control": keep})


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
    mark = f"{visit.account.name} {now_text()}"
    try:
        shown = visit.site.shelf.page(looked, slot, mark)
    except (DocumentFault, MachineFault):
        return Response(status_code=404)
    if slot == slots[0]:
        gate = visit.site.gate
        gate.send(visit.session.id, case.application_id, f"{PAGE}-first", shown.digest)
    return Response(shown.content, media_type="image/jpeg")


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
    return Response(shown.content, media_type="image/jpeg")


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
