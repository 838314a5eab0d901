"""Pictures ready to be shown, kept in memory for a while; made ahead for the items that come next.

Nothing is kept on the disk: what a picture shows stays in the originals.
"""

import contextlib
import hashlib
import tempfile
import threading
from collections import OrderedDict
from dataclasses import dataclass

from domain.application import FileKind
from domain.assessment import FieldComparison
from domain.faults import DocumentFault, MachineFault
from domain.page import BoundingBox
from extractors.reading.showing import PAGE_SIDE_PX, PagePlace, Pictures, Quad, ValuePlace
from review.looking import Looked
from review.presenting import PERSONAL, FieldView, ItemView, present
from store import Store
from store.readings import reading_key

_MOST_ITEMS = 300
_SHOWN = (FileKind.JPEG, FileKind.PNG, FileKind.PDF)
STRIP, CONTEXT, PAGE = "strip", "context", "page"
ALL = "all"
FOCUS = "focus"  # stands for the field in question in an address
ITEM = "item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture and the SHA-256 of its bytes, which the decision's record names."""

    content: bytes
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSlot:
    """One page that can be looked at: the upload's place among the files, and the page's number."""

    file: int
    page_number: int
    digest: str


Address = tuple[int, int, str, str, str]  # application, revision, account, slot, field


class Shelf:
    """The pictures of one server."""

    def __init__(self, store: Store, pictures: Pictures) -> None:
        self._store = store
        self._pictures = pictures
        self._kept: OrderedDict[tuple[object, ...], Shown] = OrderedDict()
        self._ready: OrderedDict[Address, Shown] = OrderedDict()
        self._turns: OrderedDict[tuple[int, str], tuple[tuple[int, bool], ...]] = OrderedDict()
        self._lock = threading.Lock()

    def ready(self, address: Address) -> Shown | None:
        """Return a masked picture that was made before, by what asks for it; None for none."""
        with self._lock:
            return self._ready.get(address)

    def value(self, looked: Looked, account: str, slot: str, field: str, reveal: bool) -> Shown:
        """Return all strips of an item, or the strip or the surroundings of one field's value.

        Raises `KeyError` where the field has no picture, `DocumentFault` or `MachineFault` where
        the file cannot be shown.
        """
        view = present(looked, reveal)
        asked = tuple(
            item for item in view.fields if item.has_picture and field in (item.field, ALL)
        )
        if not asked or (slot == CONTEXT and field == ALL):
            raise KeyError(field)
        covers = () if reveal else _covers(looked, view, field)
        content = tuple((item.field, item.layout, item.hidden) for item in asked)
        key = (looked.case.application_id, slot, content, covers)
        made = self._find(key) or self._keep(key, self._render(looked, slot, asked, covers))
        if not reveal:
            case = looked.case
            with self._lock:
                self._ready[(case.application_id, case.revision, account, slot, field)] = made
                while len(self._ready) > _MOST_ITEMS * 10:
                    self._ready.popitem(last=False)
        return made

    def page(
        self, looked: Looked, slot: PageSlot, watermark: str, side_px: int = PAGE_SIDE_PX
    ) -> Shown:
        """Return a whole page with the boxes of the values on it; never kept, for it is signed.

        Its longer side has at most `side_px`.
        """
        boxes = [
            row.evidence.bbox
            for row in looked.assessment.comparisons
            if row.evidence is not None
            and (row.evidence.file_digest, row.evidence.page_number)
            == (slot.digest, slot.page_number)
            and row.evidence.quad
        ]
        place = self._place(looked, slot.digest, slot.page_number)
        return _shown(self._pictures.page(place, boxes, watermark, side_px))

    def form(self, pdf: bytes, watermark: str) -> Shown:
        """Return the first page of a form that was just made."""
        with tempfile.NamedTemporaryFile(prefix="hedui-form-", suffix=".pdf") as file:
            file.write(pdf)
            file.flush()
            place = PagePlace(path=file.name, kind=FileKind.PDF.value, page_number=1)
            return _shown(self._pictures.page(place, (), watermark))

    def pages(self, looked: Looked) -> tuple[PageSlot, ...]:
        """Return the pages that can be looked at, file by file: first the paper that is judged, of
        a degree application the thesis and its form.
        """
        slots = []
        uploads = looked.application.submission.uploads
        for number, upload in enumerate(uploads):
            if not upload.usable or upload.kind not in _SHOWN or not upload.digest:
                continue
            count = len(self._turns_of(looked, upload.digest)) or self._count(looked, upload.digest)
            slots += [
                PageSlot(file=number, page_number=page, digest=upload.digest)
                for page in range(1, count + 1)
            ]
        paper, degree = looked.paper, looked.assessment.degree
        files = (degree.thesis_file, degree.form_file) if degree else ()

        def order(slot: PageSlot) -> tuple[bool, int]:
            place = files.index(slot.digest) if slot.digest in files else len(files)
            return (slot.digest, slot.page_number) != paper or bool(degree), place

        return tuple(sorted(slots, key=order))

    def make_ahead(self, looked: Looked, account: str) -> None:
        """Make the pictures that an item's page will ask for; what cannot be made is left."""
        view = present(looked)
        if not view.focus:
            return
        with contextlib.suppress(DocumentFault, MachineFault):
            self.value(looked, account, STRIP, ALL, reveal=False)
            self.value(looked, account, CONTEXT, view.focus, reveal=False)

    def _render(
        self, looked: Looked, slot: str, asked: tuple[FieldView, ...], covers: tuple[Quad, ...]
    ) -> bytes:
        rows = {row.field: row for row in looked.assessment.comparisons}
        places = []
        for item in asked:
            evidence = rows[item.field].evidence
            assert evidence is not None
            place = self._place(looked, evidence.file_digest, evidence.page_number)
            places.append((place, _value_place(rows[item.field], item, covers)))
        if slot == STRIP:
            return self._pictures.strips(places)
        return self._pictures.context(*places[0])

    def _place(self, looked: Looked, digest: str, page_number: int) -> PagePlace:
        upload = next(u for u in looked.application.submission.uploads if u.digest == digest)
        turns = self._turns_of(looked, digest)
        degree = looked.assessment.degree
        if degree is not None and digest == degree.photo_file:
            turns = ()  # there is no writing on a portrait by which it could have been turned
        turned, mirrored = turns[page_number - 1] if page_number <= len(turns) else (0, False)
        return PagePlace(
            path=str(self._store.originals.path_of(digest)),
            kind=upload.kind.value,
            page_number=page_number,
            turned_degrees=turned,
            mirrored=mirrored,
        )

    def _count(self, looked: Looked, digest: str) -> int:
        try:
            return self._pictures.count(self._place(looked, digest, 1))
        except (DocumentFault, MachineFault):
            return 0

    def _turns_of(self, looked: Looked, digest: str) -> tuple[tuple[int, bool], ...]:
        """Return how each page of a file was turned when it was read."""
        key = (looked.case.application_id, digest)
        with self._lock:
            if key in self._turns:
                return self._turns[key]
        header = looked.run.header
        outcomes = self._store.readings.load(
            [digest], reading_key(header.policy, header.engine_version, header.kind)
        )
        outcome = outcomes.get(digest)
        pages = outcome.reading.document.pages if outcome and outcome.reading else ()
        turns = tuple((page.turned_degrees, page.mirrored) for page in pages)
        with self._lock:
            self._turns[key] = turns
            while len(self._turns) > _MOST_ITEMS:
                self._turns.popitem(last=False)
        return turns

    def _find(self, key: tuple[object, ...]) -> Shown | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: tuple[object, ...], content: bytes) -> Shown:
        shown = _shown(content)
        with self._lock:
            self._kept[key] = shown
            while len(self._kept) > _MOST_ITEMS * 10:
                self._kept.popitem(last=False)
        return shown


def needed_slots(view: ItemView, has_pages: bool) -> tuple[str, ...]:
    """Return the pictures without which an acceptance does not count, by slot.

    The strips of all values (one picture) and the surroundings of what is in question; of an
    application without any value to show, the first page.
    """
    if view.focus:
        return (f"{STRIP}-{ALL}", f"{CONTEXT}-{view.focus}")
    return (f"{PAGE}-first",) if has_pages else ()


def _covers(looked: Looked, view: ItemView, field: str) -> tuple[Quad, ...]:
    """Return where names and identity numbers stand that the surroundings of a value may not show.

    What is in question itself is looked at.
    """
    asked = {item.field for item in view.fields if item.in_question}
    return tuple(
        row.evidence.quad
        for row in looked.assessment.comparisons
        if row.field in PERSONAL
        and row.field not in (asked | {field})
        and row.evidence is not None
        and row.evidence.quad
    )


def _value_place(row: FieldComparison, item: FieldView, covers: tuple[Quad, ...]) -> ValuePlace:
    assert row.evidence is not None
    evidence = row.evidence
    return ValuePlace(
        bbox=BoundingBox(
            left=evidence.bbox.left,
            top=evidence.bbox.top,
            right=evidence.bbox.right,
            bottom=evidence.bbox.bottom,
        ),
        quad=evidence.quad,
        positions=evidence.positions,
        layout=item.layout,
        hidden=item.hidden,
        covers=covers,
    )


def _shown(content: bytes) -> Shown:
    return Shown(content=content, digest=hashlib.sha256(content).hexdigest())
