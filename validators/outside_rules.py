"""Answers that no rule on a paper gives: a failed machine, a vanished row, an ownerless folder."""

import dataclasses
import datetime
from collections.abc import Iterable

from domain.application import Application, Batch
from domain.assessment import Assessment, Decision
from domain.certificates import CertificateType
from domain.finding import Finding, Severity
from validators.application_time import is_after


def failed_assessment(student_number: str) -> Assessment:
    """Return the answer for an application that the machine could not decide."""
    finding = Finding(
        rule_id="machine-failed",
        severity=Severity.REVIEW,
        message="处理失败，需人工查看",
        opinion="您上传的文件需由工作人员人工查看，请等待审核结果。",
    )
    return Assessment(
        student_number=student_number,
        decision=Decision.REVIEW,
        certificate_type=CertificateType.UNKNOWN,
        comparisons=(),
        findings=(finding,),
    )


def flag_late_upload(
    assessment: Assessment, application: Application, batch: Batch, came: datetime.datetime
) -> Assessment:
    """Return the answer for what was returned and came again: never an accept after the last day.

    `came` is when it was first seen. Where the table itself says when it was made anew, the rule
    `late` has judged that; without `resubmit_until` nothing is known to judge by.
    """
    until = batch.resubmit_until
    if until is None or came <= until or assessment.decision is Decision.WITHDRAWN:
        return assessment
    if is_after(application.get("申请时间"), batch.deadline):
        return assessment
    day = until.strftime("%Y-%m-%d %H:%M")
    return _objected(
        assessment,
        Finding(
            rule_id="resubmitted-late",
            severity=Severity.REVIEW,
            message=f"退回后重新上传的材料在补交截止时间（{day}）之后才出现，需人工决定是否受理",
            opinion="您重新上传的时间晚于补交截止时间，请等待工作人员决定是否受理。",
        ),
    )


def flag_vanished(assessment: Assessment) -> Assessment:
    """Return the answer for an application whose row is no longer in the table: never an accept."""
    finding = Finding(
        rule_id="row-vanished",
        severity=Severity.REVIEW,
        message="该申请已不在最新导出的表格中，原记录保留，请核实",
        opinion="您的申请需由工作人员人工核实，请等待审核结果。",
    )
    return _objected(assessment, finding)


def flag_missing_glyphs(assessment: Assessment, characters: str) -> Assessment:
    """Return the answer for an application whose form lacks glyphs: a person makes that form."""
    points = "、".join(f"U+{ord(character):04X}" for character in characters)
    finding = Finding(
        rule_id="form-glyph-missing",
        severity=Severity.REVIEW,
        message=f"学位申请表所用字体没有以下字符：{points}，该申请表需人工制作",
        opinion="您填写的信息含有系统字体没有的字符，需由工作人员处理。",
    )
    return _objected(assessment, finding)


def flag_too_large(assessment: Assessment) -> Assessment:
    """Return the answer for an application with a value that no form has room for."""
    finding = Finding(
        rule_id="form-too-large",
        severity=Severity.REVIEW,
        message="有项目的内容过长，学位申请表放不下，该申请表需人工制作",
        opinion="您填写的信息过长，学位申请表放不下，需由工作人员处理。",
    )
    return _objected(assessment, finding)


def _objected(assessment: Assessment, finding: Finding) -> Assessment:
    accepted = assessment.decision is Decision.ACCEPT
    return dataclasses.replace(
        assessment,
        decision=Decision.REVIEW if accepted else assessment.decision,
        findings=(*assessment.findings, finding),
        accepted_number="",
        accepted_score="",
    )


def orphan_findings(folders: Iterable[str]) -> tuple[tuple[str, Finding], ...]:
    """Return the findings for upload folders that belong to no application."""
    return tuple(
        (
            folder,
            Finding(
                rule_id="orphan-folder",
                severity=Severity.WARN,
                message="上传文件夹没有对应的申请，其中的文件未处理",
            ),
        )
        for folder in folders
    )
