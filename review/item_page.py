"""What the page of one item is made of."""

import secrets
from dataclasses import dataclass
from typing import Any

from starlette.background import BackgroundTask
from starlette.responses import Response

from domain.application import BatchKind
from domain.certificates import ACCEPTED_TYPES, CHECKED_FIELDS, FieldName
from domain.review import REASONS, Round, differing_fields, may_act, missing_fields
from reports.wording import field_wording
from review.acting import fields_to_type
from review.degree_items import DegreeView, is_thesis_text, present_degree
from review.item_pictures import ahead_addresses, make_ahead
from review.looking import Looked
from review.presenting import ItemView, hide_person, present
from review.shelf import ITEM, PageSlot, needed_slots
from review.site import Visit
from store.cases import Case
from store.retention import copies_deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the batch is: settled of all items."""

    done: int
    total: int


MASKED = (FieldName.NAME.value, FieldName.ID_NUMBER.value)  # left empty, they stay as they are
EDITABLE = (*CHECKED_FIELDS[:5], FieldName.STATUS)


def show(
    visit: Visit,
    case: Case | None,
    ahead: tuple[Case, ...],
    batch_id: str,
    *,
    notice: str = "",
    done: str = "",
    status: int = 200,
    reveal: bool = False,
) -> Response:
    """Return an item as page or part; "nothing left" where there is none."""
    site = visit.site
    batch, _ = site.looking.basis(batch_id)
    template = "item_part.html" if visit.is_partial else "item.html"
    base = {
        "batch": batch,
        "notice": notice,
        "done": done,
        "progress": _progress(visit, batch_id),
        "sealed": site.looking.is_sealed(batch_id),
    }
    if case is None:
        template = "empty_part.html" if visit.is_partial else "empty.html"
        waiting = site.store.cases.waiting_for(batch_id, visit.account.name, visit.account.role)
        return visit.render(template, status, **base, waiting=waiting)
    looked = site.looking.look(case, visit.account.name)
    values = base | _evidence_values(visit, looked, reveal) | _turn_values(visit, looked)
    ahead_of = ahead_addresses(visit, ahead)
    answer = visit.render(
        template, status, **values, case=case, looked=looked, reveal=reveal, ahead=ahead_of
    )
    answer.background = BackgroundTask(make_ahead, visit, ahead)
    return answer


def _evidence_values(visit: Visit, looked: Looked, reveal: bool) -> dict[str, Any]:
    """Return what the page says and shows of an item, and remember that it goes out."""
    case, gate = looked.case, visit.site.gate
    view = present(looked, reveal)
    pages = () if looked.is_blind else visit.site.shelf.pages(looked)
    thesis = visit.site.looking.thesis_text(looked) if is_thesis_text(looked, pages) else ()
    if not reveal:
        person = looked.application.submission.application
        thesis = tuple(hide_person(line, person) for line in thesis)
    needed = needed_slots(view, bool(pages) and not thesis)
    if not needed and looked.batch.kind is BatchKind.DEGREE:
        # A thesis may be a text file that has no picture: then its data are the evidence.
        needed = (ITEM,)
        gate.send(visit.session.id, case.application_id, ITEM, "")
    if not reveal:
        gate.show(visit.session.id, case.application_id, case.revision, needed)
    differing: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    if not looked.is_blind:
        differing = _worded(differing_fields(looked.assessment))
        missing = _worded(missing_fields(looked.assessment, looked.batch.kind))
    return {
        "view": view,
        "pages": pages,
        "sheets": _sheets(visit, looked, pages),
        "degree": _degree(looked, view, reveal),
        "thesis": thesis,
        "deleted": copies_deleted(
            visit.site.store,
            case.batch_id,
            case.student_number,
            (upload.digest for upload in looked.application.submission.uploads),
        ),
        "needed": needed,
        "differing": differing,
        "missing": missing,
        "picture_base": f"/items/{case.application_id}",
        "rows_of": _rows_of(view),
        "to_type": fields_to_type(looked),
        "editable": _editable(looked, reveal),
        "kinds": ACCEPTED_TYPES,
        "reasons": REASONS,
    }


def _degree(looked: Looked, view: ItemView, reveal: bool) -> DegreeView | None:
    if looked.batch.kind is not BatchKind.DEGREE:
        return None
    return present_degree(looked, view.fields, reveal)


def _sheets(visit: Visit, looked: Looked, pages: tuple[PageSlot, ...]) -> list[str]:
    """Return what the view of whole pages steps through: address and name, by a stroke."""
    base = f"/items/{looked.case.application_id}"
    lines = [
        f"{base}/page/{slot.file}/{slot.page_number}.jpg"
        f"|文件 {slot.file + 1} 第 {slot.page_number} 页"
        for slot in pages
    ]
    if visit.site.fill_form is not None and looked.assessment.degree is not None:
        lines.append(f"{base}/form.jpg|学位申请表预览（不含照片）")
    return lines


def _turn_values(visit: Visit, looked: Looked) -> dict[str, Any]:
    """Return whose turn an item is and who holds it, and the keys of the next submits."""
    case = looked.case
    mine = may_act(looked.standing, visit.account.name, visit.account.role)
    now = visit.site.store.cases.clock()
    free = not case.held_by_other(visit.account.name, now)
    expired = free and case.leased_by not in ("", visit.account.name)
    return {
        "can_act": mine and free and not expired,
        "is_mine_to_do": mine,
        "is_held": not free,
        "is_expired": expired,
        "seconds_left": max(0, round(case.lease_ends - now)),
        "appeal": case.round is Round.APPEAL,
        "key": secrets.token_hex(16),
        "undo_key": secrets.token_hex(16),
    }


def _rows_of(view: ItemView) -> dict[str, int]:
    """Return which strip of the picture of all strips is each field's."""
    shown = [item.field for item in view.fields if item.has_picture]
    return {field: row for row, field in enumerate(shown)}


def _worded(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("证书种类" if name == "certificate_type" else field_wording(name)
                 for name in fields)  # fmt: skip


def _editable(looked: Looked, reveal: bool) -> list[tuple[str, str, str]]:
    """Return field, label and reading; masked ones empty, for the page holds them nowhere.

    Nothing of a degree application is read anew by a person: its data are declared.
    """
    if looked.batch.kind is BatchKind.DEGREE:
        return []
    read = {row.field: row.extracted.strip() for row in looked.assessment.comparisons}
    if not reveal:
        read = {name: text for name, text in read.items() if name not in MASKED}
    return [(field.value, field.chinese_name, read.get(field.value, "")) for field in EDITABLE]


def _progress(visit: Visit, batch_id: str) -> Progress:
    return Progress(
        done=visit.site.store.cases.count(batch_id, Round.SETTLED),
        total=visit.site.looking.total(batch_id),
    )
