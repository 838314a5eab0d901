"""Fictitious applications, readings and papers for the tests of the cross-check."""

import datetime
from pathlib import Path

from domain.application import Application, Batch, BatchKind, FileKind, Submission, Upload
from domain.assessment import Assessment
from domain.calibration import Calibration, FamilyCount, FieldGroup, Mode, Threshold
from domain.certificates import CertificateFamily, CertificateType, FieldName, PaperForm
from domain.extraction import Classification, Evidence, ExtractedValue, Extraction
from domain.page import BoundingBox, Document, Line, Page
from domain.policy import Policy, parse_policy
from domain.reading import PriorUse, Reading, ReadOutcome
from validators.assessing import assess

TODAY = datetime.date(2024, 3, 31)
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
BOX = BoundingBox(left=0.1, top=0.1, right=0.3, bottom=0.2)
# Region 99 does not exist; the check character is right.
ID_NUMBER = "990101199001010019"
OTHER_ID = "990203198505050026"

_INSTITUTIONS = Path(__file__).parents[2] / "institutions"
DEFAULT_TOML = (_INSTITUTIONS / "default.toml").read_text(encoding="utf-8")
ENGINE = "reader-1.0.0"


def threshold_of(
    group: FieldGroup,
    mode: Mode,
    confidence: float | None,
    *,
    bound: float = 0.004,
    families: tuple[CertificateFamily, ...] = tuple(CertificateFamily),
    apart: tuple[CertificateFamily, ...] = (),
) -> Threshold:
    return Threshold(
        group=group,
        mode=mode,
        target=0.02 if group.is_words else 0.005,
        confidence=confidence,
        items=1000,
        papers=900,
        errors=0,
        bound=bound,
        level=0.95,
        families=tuple(
            FamilyCount(family=family, items=200, errors=0, set_apart=family in apart)
            for family in families
        ),
    )


def calibration_with(*changed: Threshold, engine: str = ENGINE) -> Calibration:
    """Return thresholds for every group and mode, those given instead of the usual ones."""
    usual = {
        (group, mode): threshold_of(group, mode, 0.6 if mode is Mode.AGREED else 0.98)
        for group in FieldGroup
        for mode in Mode
    }
    usual[FieldGroup.NAME, Mode.ALONE] = threshold_of(FieldGroup.NAME, Mode.ALONE, 0.9)
    usual |= {(threshold.group, threshold.mode): threshold for threshold in changed}
    return Calibration(
        name="default",
        engine_version=engine,
        render_dpi=200,
        second_reader=True,
        sources=(),
        documents=(),
        layouts=(),
        thresholds=tuple(usual.values()),
    )


CALIBRATION = calibration_with()


def policy_with(override: str | None, calibration: Calibration = CALIBRATION) -> Policy:
    return parse_policy(DEFAULT_TOML, override, "test", lambda _name: calibration)


POLICY: Policy = policy_with(None)


def batch_of(kind: BatchKind = BatchKind.LANGUAGE) -> Batch:
    return Batch(
        id="2024-language",
        name="2024批次",
        kind=kind,
        opens=datetime.datetime(2024, 3, 1, tzinfo=SHANGHAI),
        deadline=datetime.datetime(2024, 3, 31, 23, 59, 59, tzinfo=SHANGHAI),
        resubmit_until=None,
        institution="default",
    )


CET_DECLARED = {
    "学号": "2022000001",
    "姓名": "王晓东",
    "身份证号": ID_NUMBER,
    "手机号": "13800001234",
    "语种": "英语",
    "证书获取日期": "2021-12",
    "成绩单编号": "212111234567890",
    "考试成绩": "482",
    "成绩状态": "合格",
}
CET_PRINTED = {
    FieldName.NAME: "王晓东",
    FieldName.ID_NUMBER: ID_NUMBER,
    FieldName.CERTIFICATE_NUMBER: "212111234567890",
    FieldName.SCORE: "482",
    FieldName.DATE: "2021年12月",
    FieldName.LISTENING: "160",
    FieldName.READING: "172",
    FieldName.WRITING_TRANSLATION: "150",
    FieldName.ADMISSION_TICKET: "112340212100105",
}
TEM_DECLARED = CET_DECLARED | {
    "证书获取日期": "2023年6月",
    "成绩单编号": "TEM4230012345",
    "考试成绩": "良好",
    "成绩状态": "良好",
}
TEM_PRINTED = {
    FieldName.NAME: "王晓东",
    FieldName.CERTIFICATE_NUMBER: "TEM4230012345",
    FieldName.GRADE: "良好",
    FieldName.DATE: "2023年6月",
}
TRM_DECLARED = TEM_DECLARED | {"语种": "俄语", "证书获取日期": "2023-05"}
TRM_PRINTED = TEM_PRINTED | {FieldName.DATE: "2023年5月"}
ETIC_DECLARED = CET_DECLARED | {
    "证书获取日期": "2021-05-15",
    "成绩单编号": "-",
    "考试成绩": "112",
    "成绩状态": "良好",
}
ETIC_REPORT = {
    FieldName.NAME: "王晓东",
    FieldName.ID_NUMBER: ID_NUMBER,
    FieldName.DATE: "2021-05-15",
    FieldName.SCORE: "112",
    FieldName.COMPONENT_A: "58",
    FieldName.COMPONENT_B: "54",
    FieldName.GRADE: "良好",
    FieldName.LEVEL: "中级",
}
ZIKAO_DECLARED = CET_DECLARED | {
    "证书获取日期": "2023-10",
    "成绩单编号": "320123456789",
    "考试成绩": "71",
}
ZIKAO_PRINTED = {
    FieldName.NAME: "王晓东",
    FieldName.ID_NUMBER: ID_NUMBER,
    FieldName.ADMISSION_TICKET: "320123456789",
    FieldName.COURSE: "00015 英语（二）",
    FieldName.SCORE: "71",
    FieldName.DATE: "2023年10月",
}


def value_of(
    field: FieldName,
    text: str,
    digest: str = "a" * 64,
    *,
    page: int = 1,
    confidence: float = 0.995,
    second: str | None = None,
    reader: str | None = None,
    raw: str | None = None,
) -> ExtractedValue:
    return ExtractedValue(
        field=field,
        text=text,
        confidence=confidence,
        evidence=Evidence(
            file_digest=digest, page_number=page, bbox=BOX, raw_text=text if raw is None else raw
        ),
        second_text=second,
        second_reader=reader,
    )


def paper_of(
    printed: dict[FieldName, str] | tuple[ExtractedValue, ...] = CET_PRINTED,
    kind: CertificateType = CertificateType.CET4,
    *,
    form: PaperForm | None = PaperForm.SCORE_REPORT,
    digest: str = "a" * 64,
    page: int = 1,
    never: frozenset[FieldName] = frozenset(),
    named: str = "",
) -> Extraction:
    values = (
        printed
        if isinstance(printed, tuple)
        else tuple(value_of(field, text, digest, page=page) for field, text in printed.items())
    )
    return Extraction(
        file_digest=digest,
        page_number=page,
        classification=Classification(
            certificate_type=kind, form=form, score=0.99, title="", named=named
        ),
        values=values,
        never_printed=never,
    )


def upload_of(
    digest: str = "a" * 64,
    *,
    path: str | None = None,
    kind: FileKind = FileKind.JPEG,
    rejections: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Upload:
    return Upload(
        path=path or f"uploads/2022000001/{digest[:4]}.jpg",
        size_bytes=1000,
        digest=digest,
        kind=kind,
        rejections=rejections,
        notes=notes,
    )


def outcome_of(
    papers: tuple[Extraction, ...],
    digest: str = "a" * 64,
    *,
    notes: tuple[str, ...] = (),
    qr_texts: tuple[str, ...] = (),
    text_layer: bool = False,
    mirrored: bool = False,
    blank: bool = False,
    engine: str = ENGINE,
    texts: tuple[str, ...] = ("成绩报告单",),
) -> ReadOutcome:
    lines = tuple(
        Line(
            text=text,
            quad=((0.0, 0.0), (1.0, 0.0), (1.0, 0.1), (0.0, 0.1)),
            confidence=0.99,
            positions=tuple((place + 0.5) / len(text) for place in range(len(text))),
            character_confidences=(0.9,) * len(text),
        )
        for text in texts
    )
    numbers = sorted({paper.page_number for paper in papers} | {1})
    pages = tuple(
        Page(
            file_digest=digest,
            page_number=number,
            width_px=1000,
            height_px=700,
            turned_degrees=0,
            mirrored=mirrored,
            lines=() if blank else lines,
            text_layer=lines if text_layer else (),
            qr_texts=qr_texts,
        )
        for number in numbers
    )
    document = Document(file_digest=digest, pages=pages, notes=notes, engine_version=engine)
    reading = Reading(document=document, extractions=papers)
    return ReadOutcome(file_digest=digest, reading=reading, seconds=0.1)


def fault_of(
    fault: str, digest: str = "a" * 64, *, returns: bool = False, machine: bool = False
) -> ReadOutcome:
    return ReadOutcome(
        file_digest=digest,
        reading=None,
        seconds=0.1,
        fault=fault,
        machine_failed=machine,
        returns=returns,
    )


def submission_of(
    declared: dict[str, str],
    uploads: tuple[Upload, ...],
    rejections: tuple[str, ...] = (),
) -> Submission:
    application = Application(
        student_number=declared.get("学号", "2022000001"),
        row_number=2,
        columns=tuple(declared.items()),
        digest="d" * 64,
    )
    return Submission(application=application, uploads=uploads, rejections=rejections)


def assess_files(
    declared: dict[str, str],
    files: list[tuple[Upload, ReadOutcome | None]],
    *,
    rejections: tuple[str, ...] = (),
    prior_uses: tuple[PriorUse, ...] = (),
    policy: Policy = POLICY,
    today: datetime.date = TODAY,
    kind: BatchKind = BatchKind.LANGUAGE,
) -> Assessment:
    outcomes = {upload.digest: outcome for upload, outcome in files if outcome is not None}
    submission = submission_of(declared, tuple(upload for upload, _ in files), rejections)
    return assess(submission, outcomes, prior_uses, batch_of(kind), policy, today)


def assess_paper(
    paper: Extraction,
    declared: dict[str, str] = CET_DECLARED,
    *,
    upload: Upload | None = None,
    outcome: ReadOutcome | None = None,
    prior_uses: tuple[PriorUse, ...] = (),
    policy: Policy = POLICY,
    today: datetime.date = TODAY,
) -> Assessment:
    """Assess an application with one file that holds one paper."""
    return assess_files(
        declared,
        [(upload or upload_of(paper.file_digest),
          outcome or outcome_of((paper,), paper.file_digest))],
        prior_uses=prior_uses,
        policy=policy,
        today=today,
    )  # fmt: skip
