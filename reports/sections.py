"""The content that report.xlsx and report.html share, so that both always show the same numbers."""

from collections.abc import Iterator

from domain.assessment import Agreement
from domain.finding import Finding, Severity
from domain.outcome import (
    REFUSED_STATUS,
    RETURNED_STATUS,
    ApplicationOutcome,
    BatchOutcome,
    opinion_of,
    qualification_of,
)
from domain.page import BoundingBox
from reports.clock import answer_clock
from reports.people_sections import duplicates_section, reviews_section
from reports.policy_wording import lines_standing, policy_rows
from reports.public_list import withheld_cells
from reports.section import (
    DETAILS,
    DIFFERENCES,
    OVERVIEW,
    Cell,
    Section,
    local_time,
    make_section,
)
from reports.statistics import statistics_section
from reports.summary import DecisionCounts, Summary, Totals, machine_failed, percent_text
from reports.tables import (
    accepted_values,
    confidence_text,
    ordered_comparisons,
    sorted_rows,
)
from reports.wording import (
    AGREEMENTS,
    BATCH_KINDS,
    DECISIONS,
    SEVERITIES,
    SHARED,
    field_wording,
    reason_wording,
)

_DIFFERENCES = (Agreement.SIMILAR, Agreement.DIFFERENT, Agreement.NOT_FOUND)


def build_sections(outcome: BatchOutcome, summary: Summary) -> tuple[Section, ...]:
    """Return every table of the report in the order in which it is read."""
    return (
        _overview(outcome, summary),
        *((_alerts(outcome),) if outcome.alerts else ()),
        _details(outcome),
        _differences(outcome),
        duplicates_section(outcome),
        reviews_section(outcome),
        _reasons(summary),
        _certificate_types(summary),
        statistics_section(outcome),
        _returned_and_failed(outcome),
        _versions(outcome),
    )


def standing(outcome: BatchOutcome) -> str:
    """Return whether the outcomes are provisional or final, in words."""
    if outcome.seal is not None:
        return f"已签发（{outcome.seal.account}，{local_time(outcome.seal.at)}）"
    return "暂定（截止时间未到，结果可能变化）" if outcome.provisional else "截止后结果"


def _overview(outcome: BatchOutcome, summary: Summary) -> Section:
    rows = [
        *_batch_lines(outcome),
        *_total_lines(summary.totals),
        *_machine_lines(outcome, summary),
        *_origin_lines(outcome),
    ]
    return make_section(OVERVIEW, ("项目", "数值", "说明"), rows)


def _batch_lines(outcome: BatchOutcome) -> list[tuple[Cell, ...]]:
    batch, clock = outcome.batch, answer_clock(outcome)
    resubmit = local_time(batch.resubmit_until) if batch.resubmit_until else "未设"
    return [
        ("批次名称", batch.name, ""),
        ("批次编号", batch.id, ""),
        ("批次类型", BATCH_KINDS[batch.kind], ""),
        ("申请开始", local_time(batch.opens), ""),
        ("申请截止", local_time(batch.deadline), ""),
        ("补交截止", resubmit, "退回的申请在此之前可重新上传"),
        ("结果性质", standing(outcome), ""),
        ("规则所用日期", outcome.today.isoformat(), "所有规则以此日期为“今天”"),
        ("受理决定期限", clock.due.isoformat(), f"{clock.sentence()}（学位法第二十三条）"),
    ]


def _total_lines(totals: Totals) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = [("申请", totals.applied, totals.sentence())]
    for name, count in totals.parts():
        rows.append((name, count, ""))
        if name == "待审核":
            rows += [(f"　其中：{part}", n, "") for part, n in totals.parts_of_waiting()]
    return rows


def _machine_lines(outcome: BatchOutcome, summary: Summary) -> list[tuple[Cell, ...]]:
    decisions, sample = summary.decisions, outcome.sample
    return [
        ("机器结论：通过", decisions.accept, "申报与证书全部一致，签发时转为审核通过"),
        ("机器结论：待人工", decisions.review, "需要审核人员查看"),
        ("机器结论：退回", decisions.returned, "没有可用的文件，或只有申请人能更正"),
        ("机器结论：撤销", decisions.withdrawn, "申请人未申请或已撤销"),
        ("直通率", percent_text(summary.straight_through_rate), "通过 ÷（申请 − 撤销）"),
        ("抽查机器通过", sample.looked_at, f"其中有误 {sample.wrong} 份"),
        ("无对应申请的上传文件夹", summary.orphan_folders, "不计入申请数"),
    ]


def _origin_lines(outcome: BatchOutcome) -> list[tuple[Cell, ...]]:
    withheld = len(tuple(withheld_cells(outcome)))
    return [
        ("公示名单中不公开的单元格", withheld, "含个人号码或日期，已略去"),
        ("政策文件", outcome.batch.institution, ""),
        ("合格线", lines_standing(outcome.policy), "各合格线的值见“版本与规则”"),
        ("政策摘要", outcome.policy.digest, "SHA-256"),
        ("校准摘要", outcome.policy.calibration.digest, "SHA-256"),
        ("识别引擎版本", outcome.engine_version, ""),
        ("规则版本", outcome.rule_version, ""),
        ("日志链末端", outcome.event_head, "可与离线保存的值比对"),
    ]


def _alerts(outcome: BatchOutcome) -> Section:
    """Return what the lead has to know about final results that others use."""
    columns = ("学号", "共有", "对方批次", "对方学号", "说明")
    rows = (
        (
            alert.student_number,
            SHARED.get(alert.use, alert.use),
            alert.other_batch,
            alert.other_student,
            "结果已签发或由人审定，保持不变；如需更改，请负责人处理"
            if alert.is_sealed
            else "对方结果已签发或由人审定，保持不变；本申请转人工",
        )
        for alert in outcome.alerts
    )
    note = "签发或审定之后发现的重复，请负责人核实。"
    return make_section("负责人警示", columns, rows, note)


def _details(outcome: BatchOutcome) -> Section:
    columns = (
        "学号",
        "姓名",
        "申请状态",
        "申请条件是否达标",
        "机器结论",
        "审核状态",
        "合格状态",
        "证书种类",
        "原因",
        "审核意见",
        "认定编号",
        "认定成绩",
        "处理人",
        "原因代码",
    )
    rows = (
        (
            row.student_number,
            row.submission.application.name,
            row.submission.application.get("申请状态"),
            row.submission.application.get("申请条件是否达标"),
            DECISIONS[row.assessment.decision],
            row.review_status,
            qualification_of(row),
            row.assessment.certificate_type.chinese_name,
            reasons_of(row),
            opinion_of(row),
            *accepted_values(row),
            "、".join("机器" if who == "machine" else who for who in row.decided_by),
            ";".join(row.assessment.reason_codes),
        )
        for row in sorted_rows(outcome)
    )
    return make_section(DETAILS, columns, rows, links_to=DIFFERENCES)


def _differences(outcome: BatchOutcome) -> Section:
    columns = (
        "学号",
        "姓名",
        "核对项",
        "申报",
        "证书识别",
        "比对结果",
        "识别把握",
        "文件",
        "页",
        "位置",
        "机器结论",
    )
    rows = (
        (
            row.student_number,
            row.submission.application.name,
            field_wording(comparison.field),
            comparison.declared,
            comparison.extracted.strip(),
            AGREEMENTS[comparison.agreement],
            confidence_text(comparison.confidence),
            row.path_of(comparison.evidence.file_digest) if comparison.evidence else "",
            str(comparison.evidence.page_number) if comparison.evidence else "",
            _place_text(comparison.evidence.bbox) if comparison.evidence else "",
            DECISIONS[row.assessment.decision],
        )
        for row in sorted_rows(outcome)
        for comparison in ordered_comparisons(row)
        if comparison.agreement in _DIFFERENCES
    )
    return make_section(
        DIFFERENCES,
        columns,
        rows,
        "只列相近、不一致和未找到的项目；全部项目见 fields.csv。"
        "文件为批次文件夹内的路径，位置为页宽、页高的百分比。",
        links_to=DETAILS,
    )


def _place_text(box: BoundingBox) -> str:
    """Return where a value stands on its upright page, as people can find it."""
    return (
        f"左 {100 * box.left + 0.0:.1f}–{100 * box.right:.1f}%，"
        f"上 {100 * max(box.top, 0.0):.1f}–{100 * box.bottom:.1f}%"
    )


def _reasons(summary: Summary) -> Section:
    rows = (
        (
            reason.wording,
            reason.applications,
            percent_text(reason.share),
            percent_text(reason.cumulative),
            reason.rule_id,
        )
        for reason in summary.reasons
    )
    columns = ("原因", "申请数", "占比", "累计占比", "原因代码")
    return make_section(
        "原因", columns, rows, "一份申请可有多个原因；占比以原因出现的总次数为分母。"
    )


def _certificate_types(summary: Summary) -> Section:
    rows = [
        (kind.chinese_name, *_decision_cells(counts), kind.value)
        for kind, counts in summary.certificate_types
    ]
    rows.append(("合计", *_decision_cells(summary.decisions), ""))
    columns = ("证书种类", "申请数", "通过", "待人工", "退回", "撤销", "直通率", "代码")
    return make_section("证书种类", columns, rows)


def _decision_cells(counts: DecisionCounts) -> tuple[Cell, ...]:
    return (
        counts.total,
        counts.accept,
        counts.review,
        counts.returned,
        counts.withdrawn,
        percent_text(counts.straight_through_rate),
    )


def _returned_and_failed(outcome: BatchOutcome) -> Section:
    columns = ("学号", "姓名", "类别", "原因", "说明", "上传文件", "原因代码")
    rows: list[tuple[Cell, ...]] = []
    for row in sorted_rows(outcome):
        kinds = []
        if row.review_status == RETURNED_STATUS:
            kinds.append("退回")
        if row.review_status == REFUSED_STATUS:
            kinds.append("不通过")
        if machine_failed(row):
            kinds.append("处理失败")
        if kinds:
            rows.append(
                (
                    row.student_number,
                    row.submission.application.name,
                    "、".join(kinds),
                    reasons_of(row),
                    "；".join(finding.message for finding in objections(row)),
                    "；".join(upload.path for upload in row.submission.uploads),
                    ";".join(row.assessment.reason_codes),
                )
            )
    rows += [
        (
            folder,
            "",
            "无对应申请",
            reason_wording(finding.rule_id),
            finding.message,
            "",
            finding.rule_id,
        )
        for folder, finding in sorted(outcome.orphan_findings, key=lambda pair: pair[0])
    ]
    return make_section("退回与失败", columns, rows, links_to=DETAILS)


def objections(row: ApplicationOutcome) -> Iterator[Finding]:
    """Yield the findings that keep an application from acceptance."""
    return (finding for finding in row.assessment.findings if finding.severity.objects)


def reasons_of(row: ApplicationOutcome) -> str:
    return "；".join(reason_wording(code) for code in row.assessment.reason_codes)


def _versions(outcome: BatchOutcome) -> Section:
    rows: list[tuple[Cell, ...]] = [
        ("版本", "识别引擎版本", outcome.engine_version),
        ("版本", "规则版本", outcome.rule_version),
        ("版本", "政策摘要（SHA-256）", outcome.policy.digest),
        ("版本", "校准摘要（SHA-256）", outcome.policy.calibration.digest),
        ("版本", "日志链末端", outcome.event_head),
    ]
    rows += [("政策", name, value) for name, value in policy_rows(outcome.policy)]
    rows += [("规则", name, value) for name, value in _rules_seen(outcome)]
    note = "政策为本批次实际生效的值；规则只列本批次出现过的，按次数计。"
    return make_section("版本与规则", ("类别", "项目", "值"), rows, note)


def _rules_seen(outcome: BatchOutcome) -> Iterator[tuple[str, str]]:
    findings = [finding for row in outcome.rows for finding in row.assessment.findings]
    findings += [finding for _, finding in outcome.orphan_findings]
    counts: dict[tuple[str, Severity], int] = {}
    for finding in findings:
        key = (finding.rule_id, finding.severity)
        counts[key] = counts.get(key, 0) + 1
    for rule_id, severity in sorted(counts):
        wording = reason_wording(rule_id)
        name = rule_id if wording == rule_id else f"{rule_id}（{wording}）"
        yield name, f"{SEVERITIES[severity]}，{counts[rule_id, severity]} 次"
