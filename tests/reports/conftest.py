"""Fictitious batch outcomes; every person and number is invented."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.application import Application, Batch, BatchKind, FileKind, Submission, Upload
from domain.assessment import Agreement, Assessment, Decision, FieldComparison
from domain.certificates import CertificateType
from domain.extraction import Evidence
from domain.finding import Finding, Severity
from domain.outcome import ApplicationOutcome, BatchOutcome, machine_status
from domain.page import BoundingBox
from domain.policy import Policy, parse_policy

CHINA = datetime.timezone(datetime.timedelta(hours=8))
REPOSITORY = Path(__file__).parents[2]

MakeRow = Callable[..., ApplicationOutcome]
MakeOutcome = Callable[..., BatchOutcome]


def finding(rule_id: str, opinion: str = "", **values: object) -> Finding:
    return Finding(
        rule_id=rule_id,
        severity=values.pop("severity", Severity.REVIEW),  # type: ignore[arg-type]
        message=str(values.pop("message", f"内部说明：{rule_id}")),
        opinion=opinion,
        **values,  # type: ignore[arg-type]
    )


def comparison(
    field: str,
    declared: str,
    extracted: str,
    agreement: Agreement = Agreement.EQUAL,
    digest: str | None = None,
) -> FieldComparison:
    box = BoundingBox(left=0.1, top=-0.00001, right=0.123456, bottom=1.0)
    return FieldComparison(
        field=field,
        declared=declared,
        extracted=extracted,
        agreement=agreement,
        confidence=0.98765 if digest else None,
        evidence=Evidence(file_digest=digest, page_number=2, bbox=box, raw_text=extracted)
        if digest
        else None,
    )


def make_row(
    student_number: str,
    decision: Decision = Decision.ACCEPT,
    *,
    name: str = "张明远",
    findings: tuple[Finding, ...] = (),
    comparisons: tuple[FieldComparison, ...] = (),
    kind: CertificateType = CertificateType.CET4,
    status: str | None = None,
    decided_by: tuple[str, ...] = ("machine",),
    columns: tuple[tuple[str, str], ...] = (),
    file_name: str = "证书.jpg",
    number: str = "",
) -> ApplicationOutcome:
    digest = f"digest-{student_number}"
    path = f"uploads/{student_number}/{file_name}"
    return ApplicationOutcome(
        submission=Submission(
            application=Application(
                student_number=student_number,
                row_number=2,
                columns=(("学号", student_number), ("姓名", name), *columns),
                digest="row",
            ),
            uploads=(Upload(path=path, size_bytes=9, digest=digest, kind=FileKind.JPEG),),
        ),
        assessment=Assessment(
            student_number=student_number,
            decision=decision,
            certificate_type=kind,
            comparisons=comparisons,
            findings=findings,
            accepted_number=number,
            accepted_score="520" if number else "",
        ),
        paths=((digest, path),),
        review_status=machine_status(decision) if status is None else status,
        decided_by=decided_by,
        stage_seconds=(("read", 1.23456), ("check", 0.5)),
        case_version=3,
    )


@pytest.fixture(scope="session")
def policy() -> Policy:
    return parse_policy((REPOSITORY / "institutions/default.toml").read_text(), None, "default")


@pytest.fixture(scope="session")
def make_outcome(policy: Policy) -> MakeOutcome:
    def make(*rows: ApplicationOutcome, **changes: object) -> BatchOutcome:
        values: dict[str, object] = {
            "batch": Batch(
                id="2024-language",
                name="2024批次",
                kind=BatchKind.LANGUAGE,
                opens=datetime.datetime(2024, 3, 1, tzinfo=CHINA),
                deadline=datetime.datetime(2024, 3, 31, 23, 59, 59, tzinfo=CHINA),
                resubmit_until=None,
                institution="default",
            ),
            "rows": rows,
            "orphan_findings": (),
            "provisional": False,
            "today": datetime.date(2024, 3, 31),
            "policy": policy,
            "engine_version": "rapidocr 3.10.0",
            "rule_version": "rules-1",
            "event_head": "ab" * 32,
            **changes,
        }
        return BatchOutcome(**values)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def mixed_outcome(make_outcome: MakeOutcome) -> BatchOutcome:
    """A batch with every decision, verdicts by people, hostile names and an orphan folder."""
    number = finding(
        "certificate-number-differs",
        "成绩单编号与证书不一致",
        message="成绩单编号：申报 1234，证书 1235",
        field="certificate_number",
        declared="1234",
        extracted="1235",
    )
    same = comparison("name", "张明远", "张明远", digest="digest-2024003")
    return make_outcome(
        make_row(
            "2024003",
            comparisons=(
                comparison("score", "520", " 520 ", digest="digest-2024003"),
                same,
                comparison("speaking", "", "", Agreement.NOT_PRINTED),
            ),
            columns=(("申请状态", "已申请"), ("申请条件是否达标", "达标")),
            number="211010001234567",
            findings=(finding("region", "不应出现", severity=Severity.ADVICE),),
        ),
        make_row(
            "2024001",
            Decision.REVIEW,
            name='=HYPERLINK("http://x","y")',
            findings=(number, finding("late", "申请时间晚于截止时间。"), number),
            comparisons=(
                comparison("certificate_number", "1234", "1235", Agreement.DIFFERENT, "gone"),
            ),
        ),
        make_row(
            "2024002",
            Decision.REVIEW,
            name="<script>alert(1)</script>",
            status="审核通过",
            decided_by=("machine", "wang", "li"),
            findings=(number,),
            kind=CertificateType.TEM8,
        ),
        make_row(
            "2024004",
            Decision.REVIEW,
            name="欧阳\x1b[31m红\r\n伪造",
            findings=(finding("machine-failed", "文件暂未能处理，由工作人员审核。"),),
            kind=CertificateType.UNKNOWN,
            file_name="a\u202egpj.exe",
        ),
        make_row(
            "2024005",
            Decision.RETURN,
            findings=(finding("too-large", "文件超过 1 MB，请压缩后重新上传。", returns=True),),
            kind=CertificateType.UNKNOWN,
        ),
        make_row("2024006", Decision.WITHDRAWN, kind=CertificateType.UNKNOWN),
        make_row(
            "2024007",
            Decision.REVIEW,
            status="审核不通过",
            decided_by=("machine", "wang"),
            findings=(finding("not-in-four", "所交证书不在四类证书范围内。"),),
            kind=CertificateType.NOT_ACCEPTED,
        ),
        orphan_findings=(("2024004b", finding("orphan-folder", severity=Severity.WARN)),),
    )
