"""Fill the forms of a batch: two processes at most, in the order of 学号, straight to the disk."""

import contextlib
import dataclasses
import functools
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from domain.application import BatchKind, FileKind
from domain.faults import ConfigurationFault
from domain.outcome import ApplicationOutcome, BatchOutcome
from domain.policy import Policy
from reports.degree_forms import wants_form
from reports.folder import write_files
from reports.forms.content import FormContent
from store import Store
from store.form_files import form_template, form_text

FORMS = "forms"
_MOST_PROCESSES = 2
_AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class FormJob:
    """One form to be filled: all that another process needs. `photo` is a path, "" for none."""

    row: ApplicationOutcome
    layout: str
    template: bytes
    policy: Policy
    created: str
    photo: str
    photo_kind: str


def write_forms(store: Store, outcome: BatchOutcome, out: Path) -> tuple[Path, ...]:
    """Write `forms/<学号>.pdf` of a degree batch; forms of applicants that get none are removed.

    A form that cannot be made (a character without glyph, a value longer than a page) is left out;
    why is a finding of the application. Raises `ConfigurationFault` for a broken layout.
    """
    if outcome.batch.kind is not BatchKind.DEGREE:
        return ()
    rows = sorted(filter(wants_form, outcome.rows), key=lambda row: row.student_number)
    layout, template = _form_of(outcome.policy)
    jobs = [_job(store, outcome, row, layout, template) for row in rows]
    folder = out / outcome.batch.id / FORMS
    written = write_files(folder, _Forms(jobs).renderers()) if jobs else ()
    kept = {path.name for path in written}
    for path in folder.glob("*.pdf"):
        if path.name not in kept or not path.stat().st_size:
            path.unlink()
    return tuple(path for path in written if path.exists())


def form_fits(policy: Policy, content: FormContent) -> bool:
    """Return whether an institution's form has room for a content whose glyphs are all there."""
    from reports.forms.grid import FormTooLarge
    from reports.forms.render import fits_layout
    from reports.forms.template import fill_template, parse_template

    text, template = _form_of(policy)
    if not template:
        return fits_layout(_layout(text, policy.forms.school), content)
    try:
        fill_template(parse_template(text, policy.forms.layout), template, content)
    except FormTooLarge:
        return False
    return True


def preview_form(store: Store, batch_id: str, student_number: str) -> bytes:
    """Return the form as it would be filled now, without the portrait; b"" where none can be."""
    run = store.runs.last_finished(batch_id)
    row = store.load_application(batch_id, student_number)
    if run is None or row.assessment.degree is None:
        return b""
    layout, template = _form_of(run.header.policy)
    return fill_form(
        FormJob(
            row=row,
            layout=layout,
            template=template,
            policy=run.header.policy,
            created=store.batches.get(batch_id).deadline.isoformat(),
            photo="",
            photo_kind=FileKind.OTHER.value,
        )
    )


def _form_of(policy: Policy) -> tuple[str, bytes]:
    """Return the text of an institution's form, and the school's template where it names one."""
    from reports.forms.template import is_template, parse_template

    name = policy.forms.layout
    text = form_text(name)
    if not is_template(text):
        return text, b""
    return text, form_template(parse_template(text, name).template)


def _job(
    store: Store, outcome: BatchOutcome, row: ApplicationOutcome, layout: str, template: bytes
) -> FormJob:
    digest = row.assessment.degree.photo_file if row.assessment.degree else ""
    kinds = {upload.digest: upload.kind for upload in row.submission.uploads}
    return FormJob(
        row=row,
        layout=layout,
        template=template,
        policy=outcome.policy,
        created=outcome.batch.deadline.isoformat(),
        photo=str(store.originals.path_of(digest)) if digest else "",
        photo_kind=kinds.get(digest, FileKind.OTHER).value,
    )


class _Forms:
    """The forms of a batch, made a few ahead of where they are written."""

    def __init__(self, jobs: list[FormJob]) -> None:
        self._jobs = jobs
        self._made: Iterator[bytes] = iter(())

    def renderers(self) -> dict[str, Callable[[], bytes]]:
        """Return what renders each file, to be called in this order."""
        self._made = self._make()
        return {f"{job.row.student_number}.pdf": self._next for job in self._jobs}

    def _next(self) -> bytes:
        return next(self._made)

    def _make(self) -> Iterator[bytes]:
        count = min(_MOST_PROCESSES, len(os.sched_getaffinity(0)), len(self._jobs))
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(count, mp_context=context) as pool:
            for start in range(0, len(self._jobs), _AT_ONCE):
                yield from pool.map(fill_form, self._jobs[start : start + _AT_ONCE])


def fill_form(job: FormJob) -> bytes:
    """Return one filled form, b"" where it cannot be made."""
    import datetime

    from extractors.reading.portraits import portrait_of
    from reports.forms.content import form_content
    from reports.forms.grid import FormTooLarge
    from reports.forms.render import MissingGlyph

    photo = b""
    if job.photo:
        photo = portrait_of(job.photo, job.photo_kind, job.policy.reading, job.policy.intake)
    created = datetime.datetime.fromisoformat(job.created)
    content = form_content(job.row.submission, job.row.assessment, created, photo)
    try:
        return _render(job.layout, job.template, job.policy, content)
    except (MissingGlyph, FormTooLarge):
        return b""


def _render(text: str, template: bytes, policy: Policy, content: FormContent) -> bytes:
    from reports.forms.render import render_form
    from reports.forms.template import fill_template, parse_template

    if template:
        return fill_template(parse_template(text, policy.forms.layout), template, content).pdf
    return render_form(_layout(text, policy.forms.school), content).pdf


@functools.cache
def _layout(text: str, school: str):  # type: ignore[no-untyped-def]
    from reports.forms.layout import parse_layout

    return dataclasses.replace(parse_layout(text, "form"), school=school)


def put_form(path: Path, form: bytes) -> None:
    """Write a form beside its place and move it there: a form of before stays whole until then.

    Raises `ConfigurationFault` where that cannot be done, and says what to do.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(form)
        partial.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise ConfigurationFault(
            f"--out {path}: {error.strerror}; name a file in a folder that you may write to"
        ) from error


def unknown_fields(policy: Policy) -> str:
    """Return the names on an institution's form for which there is never a value, joined.

    Some are meant to be filled in by hand; one that is mistyped is among them.
    """
    from reports.forms.content import KNOWN_FIELDS
    from reports.forms.template import parse_template

    text, template = _form_of(policy)
    if template:
        fields = parse_template(text, policy.forms.layout)
        named = [*(place.field for place in fields.place), *fields.fields.values()]
        names = {name.partition("=")[0].partition("#")[0] for name in named}
    else:
        names = set(_layout(text, policy.forms.school).fields)
    return "、".join(sorted(names - KNOWN_FIELDS))


def blank_form(policy: Policy) -> bytes:
    """Return the empty 学位申请表 of an institution for download."""
    from reports.forms.content import blank_content

    return _render(*_form_of(policy), policy, blank_content())
