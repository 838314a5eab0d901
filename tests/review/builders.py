"""A store with small drawn papers in it, decided by the real rules; people are fictitious."""

import dataclasses
import hashlib
import io
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from domain.application import (
    Application,
    BatchInput,
    FileKind,
    Submission,
    Upload,
    columns_digest,
)
from domain.certificates import CertificateType, FieldName, PaperForm
from domain.extraction import Classification, Evidence, ExtractedValue, Extraction
from domain.page import BoundingBox, Document, Page
from domain.policy import Policy
from domain.reading import Reading, ReadOutcome
from domain.review import Role
from store import Store, open_store
from store.readings import reading_key
from store.runs import RunHeader
from tests.validators.builders import CET_DECLARED, CET_PRINTED, ENGINE, POLICY, TODAY, batch_of
from validators.assessing import assess

BATCH = "2024-language"
PASSWORD = "correct horse 7"
PEOPLE = {
    "li": Role.REVIEWER,
    "wang": Role.SECOND,
    "zhao": Role.SECOND,
    "chen": Role.LEAD,
    "shen": Role.AUDITOR,
}
_SIZE = (900, 640)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One application: how its declaration and its paper differ from one that is right.

    `unclear` are fields that the readers were not sure of. A paper without a picture is one that
    the machine failed at.
    """

    number: str
    declared: dict[str, str] = field(default_factory=dict)
    printed: dict[FieldName, str] = field(default_factory=dict)
    unclear: tuple[FieldName, ...] = ()
    file_name: str = "成绩单.jpg"
    failed: bool = False
    is_recognized: bool = True


def own_number(number: str) -> str:
    """Return a certificate number that no other paper here has, with its session's beginning."""
    return f"2121112{int(number) % 100_000_000:08d}"


def review_policy(**values: object) -> Policy:
    """Return the tests' policy; nothing is drawn unless a share is given."""
    usual: dict[str, object] = {
        "blind_share": 0.0,
        "sample_share": 0.0,
        "sample_share_after_error": 0.0,
    }
    review = dataclasses.replace(POLICY.review, **(usual | values))  # type: ignore[arg-type]
    return dataclasses.replace(POLICY, review=review)


def make_store(
    home: Path, papers: tuple[Paper, ...], policy: Policy | None = None, people: bool = True
) -> Store:
    """Return a store in which a run of these papers has finished."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "identity.key").write_bytes(bytes(range(32)))  # so that draws are the same each time
    store = open_store(home)
    run_papers(store, papers, policy or review_policy())
    if people:
        for name, role in PEOPLE.items():
            store.accounts.add(name, role, PASSWORD)
    return store


def run_papers(
    store: Store, papers: tuple[Paper, ...], policy: Policy, batch_id: str = BATCH
) -> None:
    """Take papers in and decide them, as a run does."""
    batch = dataclasses.replace(batch_of(), id=batch_id)
    key = reading_key(policy, ENGINE, batch.kind)
    made = [_submit(store, paper) for paper in papers]
    given = BatchInput(batch=batch, submissions=tuple(submission for submission, _ in made))
    registration = store.batches.register(given)
    header = RunHeader(
        batch_id=batch.id,
        kind=batch.kind,
        owner="test",
        content_digest=registration.content_digest,
        policy=policy,
        engine_version=ENGINE,
        rule_version="rules-1",
        today=TODAY,
        provisional=False,
    )
    run_id = store.runs.start(header)
    by_number = {submission.student_number: outcome for submission, outcome in made}
    for _, outcome in made:
        store.readings.save(outcome, key, batch.id)
    results = []
    for item in store.batches.load(store.batches.application_ids(batch.id)):
        outcome = by_number[item.submission.student_number]
        found = {outcome.file_digest: outcome}
        results.append((item.id, assess(item.submission, found, (), batch, policy, TODAY)))
    store.runs.record(header, results)
    store.runs.finish(run_id, header, (), ())
    store.queues.refresh(batch.id)


def draw_paper(paper: Paper) -> tuple[bytes, dict[str, str], ReadOutcome]:
    """Return a paper's picture (JPEG), its declaration by column, and what reading it gives."""
    right = {FieldName.CERTIFICATE_NUMBER: own_number(paper.number)}
    printed = CET_PRINTED | right | paper.printed
    printed.pop(FieldName.ADMISSION_TICKET)
    declared = CET_DECLARED | {
        "学号": paper.number,
        "成绩单编号": right[FieldName.CERTIFICATE_NUMBER],
        **paper.declared,
    }
    content, places = _draw(printed, paper.number)
    digest = hashlib.sha256(content).hexdigest()
    return content, declared, _reading(paper, digest, printed, places)


def _submit(store: Store, paper: Paper) -> tuple[Submission, ReadOutcome]:
    content, declared, outcome = draw_paper(paper)
    digest = outcome.file_digest
    store.originals.keep_bytes(content, digest)
    columns = tuple(declared.items())
    application = Application(
        student_number=paper.number, row_number=2, columns=columns, digest=columns_digest(columns)
    )
    upload = Upload(
        path=f"uploads/{paper.number}/{paper.file_name}",
        size_bytes=len(content),
        digest=digest,
        kind=FileKind.JPEG,
    )
    return Submission(application=application, uploads=(upload,)), outcome


def _reading(
    paper: Paper,
    digest: str,
    printed: dict[FieldName, str],
    places: dict[FieldName, tuple[BoundingBox, tuple[float, ...]]],
) -> ReadOutcome:
    if paper.failed:
        return ReadOutcome(
            file_digest=digest, reading=None, seconds=0.1, fault="timeout", machine_failed=True
        )
    values = tuple(
        _value(name, text, digest, *places[name], unclear=name in paper.unclear)
        for name, text in printed.items()
    )
    page = Page(
        file_digest=digest,
        page_number=1,
        width_px=_SIZE[0],
        height_px=_SIZE[1],
        turned_degrees=0,
        mirrored=False,
        lines=(),
    )
    kind = CertificateType.CET4 if paper.is_recognized else CertificateType.UNKNOWN
    form = PaperForm.SCORE_REPORT if paper.is_recognized else None
    extraction = Extraction(
        file_digest=digest,
        page_number=1,
        classification=Classification(certificate_type=kind, form=form, score=0.99),
        values=values if paper.is_recognized else (),
    )
    document = Document(file_digest=digest, pages=(page,), engine_version=ENGINE)
    reading = Reading(document=document, extractions=(extraction,))
    return ReadOutcome(file_digest=digest, reading=reading, seconds=0.1)


def _value(
    name: FieldName,
    text: str,
    digest: str,
    box: BoundingBox,
    positions: tuple[float, ...],
    *,
    unclear: bool,
) -> ExtractedValue:
    quad = (
        (box.left, box.top),
        (box.right, box.top),
        (box.right, box.bottom),
        (box.left, box.bottom),
    )
    evidence = Evidence(
        file_digest=digest,
        page_number=1,
        bbox=box,
        raw_text=text,
        quad=quad,
        positions=positions,
    )
    return ExtractedValue(
        field=name,
        text=text,
        confidence=0.3 if unclear else 0.999,
        evidence=evidence,
        second_text=None if unclear else text,
    )


def _draw(
    printed: dict[FieldName, str], number: str
) -> tuple[bytes, dict[FieldName, tuple[BoundingBox, tuple[float, ...]]]]:
    page = Image.new("RGB", _SIZE, (246, 246, 240))
    draw = ImageDraw.Draw(page)
    font = _font()
    draw.text((60, 20), f"大学英语四级考试成绩报告单 样张 {number}", font=font, fill="black")
    places = {}
    for row, (name, text) in enumerate(printed.items()):
        top = 80 + row * 56
        draw.text((60, top), f"{name.chinese_name}：", font=font, fill="black")
        left = 60 + draw.textlength(f"{name.chinese_name}：", font=font)
        draw.text((left, top), text, font=font, fill="black")
        ends = [draw.textlength(text[: place + 1], font=font) for place in range(len(text))]
        starts = [0.0, *ends[:-1]]
        centres = [(a + b) / 2 / ends[-1] for a, b in zip(starts, ends, strict=True)]
        box = BoundingBox(
            left=left / _SIZE[0],
            top=top / _SIZE[1],
            right=(left + ends[-1]) / _SIZE[0],
            bottom=(top + 36) / _SIZE[1],
        )
        places[name] = (box, tuple(centres))
    buffer = io.BytesIO()
    page.save(buffer, "JPEG", quality=90)
    return buffer.getvalue(), places


def _font() -> ImageFont.FreeTypeFont:
    answer = subprocess.run(
        ["fc-match", "-f", "%{file}", "sans:lang=zh-cn"],
        capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    return ImageFont.truetype(answer.stdout, 28)
