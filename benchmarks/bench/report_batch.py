"""A store with a large fictitious batch in it, decided and in part looked at by people.

No paper is drawn and nothing is read: what the machine says of each application is made up in the
shares of a usual batch, so that reports have as much to show as after a real run.
"""

import dataclasses
import datetime
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.samples.people import draw_person
from domain.application import (
    Application,
    Batch,
    BatchInput,
    BatchKind,
    FileKind,
    Submission,
    Upload,
)
from domain.assessment import Agreement, Assessment, Decision, FieldComparison
from domain.certificates import ACCEPTED_TYPES, CertificateType
from domain.extraction import Evidence
from domain.finding import Finding, Severity
from domain.page import BoundingBox
from domain.policy import Policy
from domain.review import DecisionKind, ReviewDecision, Role, Round, Seen, Verdict
from store import Store, open_store
from store.codec import digest_json
from store.entries import NewEntry
from store.runs import RunHeader

BATCH_ID = "bench-reports"
_ACCOUNTS = ("li", "wang")
_SHARE_DECIDED = 0.7
_ZONE = datetime.timezone(datetime.timedelta(hours=8))
_DECISIONS = {
    Decision.ACCEPT: 0.55,
    Decision.REVIEW: 0.35,
    Decision.RETURN: 0.08,
    Decision.WITHDRAWN: 0.02,
}
_OBJECTIONS = (
    ("certificate-number-differs", "certificate_number", "成绩单编号与证书不一致。"),
    ("score-differs", "score", "考试成绩与证书不一致。"),
    ("name-unclear", "name", "证书上的姓名看不清，请等待工作人员核对。"),
    ("date-differs", "date", "证书获取日期与证书不一致。"),
    ("below-pass-line", "score", "成绩未达到学校的合格线。"),
    ("machine-failed", "", "文件暂未能处理，由工作人员审核。"),
)


def make_report_store(home: Path, count: int, policy: Policy) -> Store:
    """Return an opened store with a finished run of so many applications and people's verdicts."""
    store = open_store(home)
    batch = Batch(
        id=BATCH_ID,
        name="2024批次（虚构）",
        kind=BatchKind.LANGUAGE,
        opens=datetime.datetime(2024, 3, 1, tzinfo=_ZONE),
        deadline=datetime.datetime(2024, 3, 31, 23, 59, 59, tzinfo=_ZONE),
        resubmit_until=None,
        institution="default",
    )
    chance = random.Random(count)
    submissions = tuple(_submission(chance, place) for place in range(count))
    registration = store.batches.register(BatchInput(batch=batch, submissions=submissions))
    header = RunHeader(
        batch_id=batch.id,
        kind=batch.kind,
        owner="bench",
        content_digest=registration.content_digest,
        policy=policy,
        engine_version="bench",
        rule_version="bench",
        today=batch.deadline.date(),
        provisional=False,
    )
    run_id = store.runs.start(header)
    ids = store.batches.application_ids(batch.id)
    made = [_assess(chance, item.submission) for item in store.batches.load(ids)]
    store.runs.record(header, zip(ids, made, strict=True))
    store.stages.claim(ids, "read", "bench", "bench", 60.0)
    store.stages.finish({item: chance.uniform(0.2, 1.5) for item in ids}, "read", "bench")
    store.runs.finish(run_id, header, (("read", 3600.0), ("decide", 20.0)), ())
    store.queues.refresh(batch.id)
    store.decisions.record_all(_verdicts(chance, store))
    return store


def _submission(chance: random.Random, place: int) -> Submission:
    person = draw_person(chance)
    number = f"2022{place:09d}"
    columns = (
        ("学号", number),
        ("姓名", person.name),
        ("身份证号", person.id_number),
        ("手机号", f"138{place:08d}"),
        ("层次", "专升本"),
        ("专业", chance.choice(("视觉传达设计", "法学", "会计学", "汉语言文学"))),
        ("年级", "2022级"),
        ("学习中心", f"第{place % 40 + 1}学习中心"),
        ("科目", "外国语"),
        ("语种", "英语"),
        ("证书获取日期", "2021-12"),
        ("成绩单编号", f"2121112{place:08d}"),
        ("考试成绩", str(425 + place % 200)),
        ("申请状态", "已申请"),
        ("申请条件是否达标", "达标"),
    )
    # Every fiftieth file is that of the applicant before.
    content = f"paper {place - (place % 50 == 49)}"
    upload = Upload(
        path=f"uploads/{number}/成绩单.jpg",
        size_bytes=200_000,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        kind=FileKind.JPEG,
    )
    application = Application(
        student_number=number, row_number=place + 2, columns=columns, digest=digest_json(columns)
    )
    return Submission(application=application, uploads=(upload,))


def _assess(chance: random.Random, submission: Submission) -> Assessment:
    decision = chance.choices(tuple(_DECISIONS), tuple(_DECISIONS.values()))[0]
    findings: tuple[Finding, ...] = ()
    if decision is Decision.REVIEW:
        picked = chance.sample(_OBJECTIONS, chance.choice((1, 1, 2, 3)))
        findings = tuple(_finding(*item) for item in picked)
    elif decision is Decision.RETURN:
        findings = (_finding("too-large", "", "文件超过 1 MB，请压缩后重新上传。"),)
    is_read = decision in (Decision.ACCEPT, Decision.REVIEW)
    accepted = decision is Decision.ACCEPT
    application = submission.application
    return Assessment(
        student_number=submission.student_number,
        decision=decision,
        certificate_type=chance.choice(ACCEPTED_TYPES) if is_read else CertificateType.UNKNOWN,
        comparisons=tuple(_comparisons(chance, submission, findings)) if is_read else (),
        findings=findings,
        accepted_number=application.get("成绩单编号") if accepted else "",
        accepted_score=application.get("考试成绩") if accepted else "",
    )


def _finding(rule_id: str, field: str, opinion: str) -> Finding:
    return Finding(
        rule_id=rule_id,
        severity=Severity.REVIEW,
        message=f"申报与证书：{opinion}",
        field=field,
        opinion=opinion,
    )


def _comparisons(
    chance: random.Random, submission: Submission, findings: tuple[Finding, ...]
) -> Iterator[FieldComparison]:
    objected = {finding.field for finding in findings}
    columns = {
        "name": "姓名",
        "id_number": "身份证号",
        "certificate_number": "成绩单编号",
        "score": "考试成绩",
        "date": "证书获取日期",
        "language": "语种",
    }
    for place, (field, column) in enumerate(columns.items()):
        declared = submission.application.get(column)
        differs = field in objected
        extracted = declared[:-1] + "X" if differs else declared
        box = BoundingBox(left=0.2, top=0.1 * place, right=0.6, bottom=0.1 * place + 0.04)
        evidence = Evidence(
            file_digest=submission.uploads[0].digest, page_number=1, bbox=box, raw_text=extracted
        )
        yield FieldComparison(
            field=field,
            declared=declared,
            extracted=extracted,
            agreement=Agreement.DIFFERENT if differs else Agreement.EQUAL,
            confidence=round(1 - 0.4 * chance.random() ** 4, 4),
            evidence=evidence,
        )


def _verdicts(chance: random.Random, store: Store) -> Iterator[NewEntry]:
    made = store.runs.assessments(BATCH_ID)
    for case in store.cases.of_batch(BATCH_ID):
        if case.round is not Round.OPEN or chance.random() > _SHARE_DECIDED:
            continue
        corrected = _corrected(chance, made[case.application_id])
        verdict = chance.choice((Verdict.PASS, Verdict.PASS, Verdict.REFUSE, Verdict.REUPLOAD))
        yield NewEntry(
            application_id=case.application_id,
            account=chance.choice(_ACCOUNTS),
            role=Role.REVIEWER,
            revision=case.revision,
            key=f"bench-{case.application_id}",
            decision=ReviewDecision(
                kind=DecisionKind.VERDICT,
                seen=Seen(
                    via="pages",
                    assessment_id=case.assessment_id,
                    policy_digest="bench",
                    rule_version="bench",
                    engine_version="bench",
                    shown_ms=900,
                    spent_ms=4000,
                ),
                verdict=verdict,
                reasons=("1",) if verdict is Verdict.REFUSE else (),
                comparisons=corrected,
                opinion="" if verdict.passes else "申报的成绩单编号与证书不一致，请核对。",
            ),
        )


def _corrected(chance: random.Random, made: Assessment) -> tuple[FieldComparison, ...]:
    """Return the rows as a person reads them, where the machine misread one: the less certain."""
    rows = tuple(
        dataclasses.replace(row, extracted=row.extracted + "1")
        if chance.random() < (1 - (row.confidence or 0.0)) / 2
        else row
        for row in made.comparisons
    )
    return () if rows == made.comparisons else rows
