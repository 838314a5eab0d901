"""report.pdf: what is printed, signed and kept; PDF/A-2b.

Signing needs the counts, the reasons and who gets no pass: applicants stand in it by 学号 with the
name masked, ID numbers and phones never (docs/reports.md).
"""

import re
from collections import Counter
from functools import partial

from domain.application import BatchKind
from domain.outcome import (
    REFUSED_STATUS,
    RETURNED_STATUS,
    ApplicationOutcome,
    BatchOutcome,
)
from reports.clock import answer_clock
from reports.degree_sections import (
    ELIGIBLE,
    FOR_A_PERSON,
    NOT_ELIGIBLE,
    TO_CORRECT,
    WITHDRAWN,
    outcome_of,
)
from reports.forms.archival import make_archival
from reports.forms.drawing import Sheet
from reports.forms.fonts import default_chain
from reports.forms.grid import Box
from reports.paged import BODY_PT, INNER_PT, MARGIN_PT, SMALL_PT, Bar, Pages
from reports.policy_wording import lines_standing
from reports.public_list import is_private
from reports.section import local_time
from reports.sections import reasons_of, standing
from reports.summary import Summary, machine_failed, percent_text
from reports.tables import sorted_rows
from reports.wording import BATCH_KINDS

SIGNERS = ("经办", "复核", "审批")
_MOST_REASONS = 15
# Numbers of persons, and dates, of which one may be that of birth.
_NUMBER = re.compile(r"[0-9０-９]{6,}[XxＸ]?|\d{2,4}[年./-]\d{1,2}[月./-]\d{1,2}日?")
_LISTS = (
    ("审核不通过名单", REFUSED_STATUS),
    ("退回名单", RETURNED_STATUS),
)
_FAILED_LIST = "处理失败名单"


def render_pdf(outcome: BatchOutcome, summary: Summary) -> bytes:
    """Return report.pdf; the same outcome gives the same bytes."""
    title = f"{outcome.batch.name} 核对报告"
    pages = Pages(
        default_chain(),
        (f"批次 {outcome.batch.id} · 内部材料", f"日志链末端 {outcome.event_head}"),
    )
    _cover(pages, outcome, summary, title)
    pages.next_page()
    _figures(pages, outcome, summary)
    _lists(pages, outcome)
    _versions(pages, outcome)
    return make_archival(pages.finish(), pages.drawable(title), outcome.batch.deadline)


def _cover(pages: Pages, outcome: BatchOutcome, summary: Summary, title: str) -> None:
    batch, clock = outcome.batch, answer_clock(outcome)
    days = f"{clock.due}，{clock.sentence()}"
    pages.skip(16)
    for size, text in ((20.0, title), (BODY_PT + 1.5, standing(outcome))):
        pages.centre(text, size)
    pages.skip(10)
    widths = [INNER_PT * share for share in (0.17, 0.28, 0.17, 0.38)]
    pages.table(
        (),
        widths,
        (
            ("批次编号", batch.id, "批次类型", BATCH_KINDS[batch.kind]),
            ("申请开始", local_time(batch.opens), "申请截止", local_time(batch.deadline)),
            ("政策文件", batch.institution, "合格线", lines_standing(outcome.policy)),
            (
                "规则所用日期",
                str(outcome.today),
                "受理决定期限",
                days,
            ),
        ),
    )
    pages.heading("结果")
    _totals(pages, summary)
    pages.heading("签署")
    _signatures(pages)


def _totals(pages: Pages, summary: Summary) -> None:
    totals = summary.totals
    counts = (("申请", totals.applied), *totals.parts())
    width = INNER_PT / len(counts)
    pages.table(
        [name for name, _ in counts],
        [width] * len(counts),
        [[str(count) for _, count in counts]],
        size_pt=BODY_PT + 2,
    )
    pages.paragraph(totals.sentence())
    waiting = "，".join(f"{name} {count}" for name, count in totals.parts_of_waiting())
    pages.paragraph(f"待审核 {totals.waiting} 份：{waiting}。")
    pages.bars(
        [
            Bar(label=name, value=count, text=_of_applied(count, totals.applied))
            for name, count in totals.parts()
        ],
        label_pt=70,
    )


def _of_applied(count: int, applied: int) -> str:
    return f"{count} 份" + (f"，{100 * count / applied:.1f}%" if applied else "")


def _signatures(pages: Pages) -> None:
    """Leave room for three signatures, each with its date."""
    width, height = INNER_PT / len(SIGNERS), 96.0
    pages.need(height)
    for place, signer in enumerate(SIGNERS):
        box = Box(left=MARGIN_PT + place * width, top=pages.top, width=width, height=height)
        pages.draw(partial(Sheet.rectangle, box=box))
        pages.text(signer, box.left + 6, box.top + 16, BODY_PT + 1)
        pages.text("签名：", box.left + 6, box.top + 50)
        pages.text("日期：　　　年　　月　　日", box.left + 6, box.top + 82)
        left, right = box.left + 38, box.left + width - 10
        pages.draw(partial(Sheet.rule, left=left, right=right, top=box.top + 53))
    pages.skip(height + 6)


def _figures(pages: Pages, outcome: BatchOutcome, summary: Summary) -> None:
    decisions, sample = summary.decisions, outcome.sample
    pages.heading("机器结论")
    pages.bars(
        [
            Bar(label=name, value=count, text=_of_applied(count, decisions.total))
            for name, count in (
                ("机器通过", decisions.accept),
                ("转人工审核", decisions.review),
                ("退回", decisions.returned),
                ("已撤销", decisions.withdrawn),
            )
        ],
        label_pt=70,
    )
    pages.paragraph(
        f"直通率 {percent_text(summary.straight_through_rate)}（通过 ÷（申请 − 撤销））；"
        f"抽查机器通过 {sample.looked_at} 份，其中有误 {sample.wrong} 份。"
    )
    pages.heading("需人工或退回的原因")
    if summary.reasons:
        pages.bars(
            [
                Bar(
                    label=reason.wording,
                    value=reason.applications,
                    text=f"{reason.applications} 份，累计 {percent_text(reason.cumulative)}",
                )
                for reason in summary.reasons[:_MOST_REASONS]
            ]
        )
    pages.paragraph(_reasons_note(len(summary.reasons)))
    if outcome.batch.kind is BatchKind.DEGREE:
        _degree_outcomes(pages, outcome)
    else:
        _kinds(pages, summary)


def _kinds(pages: Pages, summary: Summary) -> None:
    pages.heading("证书种类")
    pages.bars(
        [
            Bar(
                label=kind.chinese_name,
                value=counts.total,
                text=f"{counts.total} 份，直通 {percent_text(counts.straight_through_rate)}",
            )
            for kind, counts in summary.certificate_types
        ]
    )


def _degree_outcomes(pages: Pages, outcome: BatchOutcome) -> None:
    counts = Counter(map(outcome_of, outcome.rows))
    pages.heading("学位申请结果")
    pages.bars(
        [
            Bar(label=word, value=counts[word], text=_of_applied(counts[word], counts.total()))
            for word in (ELIGIBLE, NOT_ELIGIBLE, TO_CORRECT, FOR_A_PERSON, WITHDRAWN)
        ],
        label_pt=70,
    )


def _reasons_note(count: int) -> str:
    if not count:
        return "没有。"
    more = f"另有 {count - _MOST_REASONS} 种原因见 report.xlsx。" if count > _MOST_REASONS else ""
    return f"一份申请可有多个原因；累计以原因出现的总次数为分母。{more}"


def _lists(pages: Pages, outcome: BatchOutcome) -> None:
    rows = sorted_rows(outcome)
    for title, status in _LISTS:
        _list(pages, title, [row for row in rows if row.review_status == status])
    # What the machine failed at and nobody has settled is nobody's fault but ours: shown apart.
    failed = [row for row in rows if machine_failed(row) and row.settled is None]
    _list(pages, _FAILED_LIST, failed)


def _list(pages: Pages, title: str, rows: list[ApplicationOutcome]) -> None:
    pages.heading(f"{title}（{len(rows)} 份）")
    if not rows:
        pages.paragraph("没有。")
        return
    widths = (98.0, 62.0, 70.0, INNER_PT - 230.0)
    pages.table(
        ("学号", "姓名", "处理人", "原因"), widths, [_line_of(row) for row in rows], size_pt=8.5
    )


def _line_of(row: ApplicationOutcome) -> tuple[str, str, str, str]:
    application = row.submission.application
    number = row.student_number
    if is_private(number, application, is_number=True):
        number = f"{number[:2]}{'*' * 6}{number[-2:]}"
    people = "、".join(name for name in row.decided_by if name != "machine") or "机器"
    # The machine's sentences name what was declared, also a birth date: its reasons do not.
    reason = (row.settled.opinion if row.settled else "") or reasons_of(row)
    name = mask_name(application.name)
    if len(application.name) > 1:
        reason = reason.replace(application.name, name)
    return number, name, people, _NUMBER.sub("******", reason)


def mask_name(name: str) -> str:
    """Return a name of which only the first character is left: 张**."""
    name = name.strip()
    return name[:1] + "*" * min(len(name) - 1, 3) if len(name) > 1 else "*" * len(name)


def _versions(pages: Pages, outcome: BatchOutcome) -> None:
    pages.heading("版本")
    pages.table(
        ("项目", "值"),
        (120.0, INNER_PT - 120.0),
        (
            ("识别引擎版本", outcome.engine_version),
            ("规则版本", outcome.rule_version),
            ("政策摘要（SHA-256）", outcome.policy.digest),
            ("校准摘要（SHA-256）", outcome.policy.calibration.digest),
            ("日志链末端", outcome.event_head),
        ),
        size_pt=8.5,
    )
    pages.paragraph("政策各项的值见 report.xlsx 的“版本与规则”。", SMALL_PT)
