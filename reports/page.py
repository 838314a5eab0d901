"""report.html: one page that opens anywhere and asks nothing of a network."""

import html

from domain.application import BatchKind
from domain.outcome import BatchOutcome
from reports.cells import display_text
from reports.clock import answer_clock, queue_age
from reports.page_charts import bars, kinds, pareto, quality
from reports.page_style import SCRIPT, STYLE, content_policy
from reports.section import DETAILS, DIFFERENCES, Cell, Section, local_time
from reports.sections import standing
from reports.statistics import STATISTICS, stage_times
from reports.summary import Summary, percent_text
from reports.wording import BATCH_KINDS

_SHARE_COLUMNS = frozenset({"占比", "累计占比", "直通率"})
# Long lists of single applications come after everything that can be taken in at a glance.
_LONG = {
    "退回与失败": 1,
    "重复": 2,
    "人工审核": 3,
    DIFFERENCES: 4,
    DETAILS: 5,
    "学位审核条件": 6,
    "课程计入情况": 7,
    "版本与规则": 8,
}
# Columns whose cells need a width of their own: digits compared glyph by glyph, words on one line,
# sentences that would otherwise run down the page.
_COLUMN_CLASSES = {
    **dict.fromkeys(("申报", "证书识别", "认定编号", "学号", "对方学号"), "value"),
    **dict.fromkeys(
        ("申请状态", "机器结论", "审核状态", "合格状态", "比对结果", "核对项", "类别"), "word"
    ),
    **dict.fromkeys(("姓名", "证书种类", "原因代码", "原因", "位置", "对方姓名"), "phrase"),
    **dict.fromkeys(("审核意见", "说明", "文件", "上传文件"), "sentence"),
}
# Longer lists stand in the workbook; a browser stays quick with so many rows.
MOST_ROWS = 2000
# What the rows of a list can be chosen by.
_FILTERS = {
    DETAILS: "机器结论 审核状态 证书种类",
    DIFFERENCES: "核对项 比对结果 机器结论",
    "人工审核": "审核人 操作 结论",
    "退回与失败": "类别",
    "重复": "共有 是否同一人",
    "学位审核条件": "是否合格",
    "学位申请结果": "结果",
    "课程计入情况": "",
}


def render_page(outcome: BatchOutcome, summary: Summary, sections: tuple[Section, ...]) -> bytes:
    """Return report.html as UTF-8: the numbers of report.xlsx, readable and printable."""
    title = _escape(f"{outcome.batch.name} 核对报告")
    in_page_order = sorted(sections, key=lambda section: _LONG.get(section.title, 0))
    blocks = [
        _section_block(place, section, _charts(section, outcome, summary))
        for place, section in enumerate(in_page_order)
    ]
    links = "".join(
        f'<li><a href="#s{place}">{_escape(section.title)}</a></li>'
        for place, section in enumerate(in_page_order)
    )
    page = f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{content_policy()}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<h1>{title}</h1>
{_subtitle(outcome)}
{_figures(outcome, summary)}
<nav aria-label="目录"><ul>{links}</ul></nav>
</header>
<main>
{"".join(blocks)}</main>
<footer>内部材料，含个人信息，请勿外传。批次 {_escape(outcome.batch.id)}；\
日志链末端 {_escape(outcome.event_head)}</footer>
<script>{SCRIPT}</script>
</body>
</html>
"""
    return page.encode()


def _subtitle(outcome: BatchOutcome) -> str:
    batch = outcome.batch
    line = (
        f'<p class="subtitle">{_escape(BATCH_KINDS[batch.kind])} · 批次编号 {_escape(batch.id)} · '
        f"申请截止 {_escape(local_time(batch.deadline))} · {_escape(standing(outcome))}</p>"
    )
    if outcome.sealed:
        line += '\n<p class="provisional sealed">已签发：结果为最终结果。</p>'
    elif outcome.provisional:
        line += '\n<p class="provisional">暂定结果：申请截止时间未到，结果可能变化。</p>'
    return line


def _figures(outcome: BatchOutcome, summary: Summary) -> str:
    totals, clock = summary.totals, answer_clock(outcome)
    figures = (
        ("申请", str(totals.applied)),
        *((name, str(count)) for name, count in totals.parts()),
        ("其中处理失败", str(totals.failed)),
        ("直通率", percent_text(summary.straight_through_rate)),
        ("距受理期限", "已签发" if outcome.sealed else f"{clock.days_left} 日"),
    )
    cards = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in figures)
    waiting = "，".join(f"{name} {count}" for name, count in totals.parts_of_waiting())
    return (
        f'<dl class="figures">{cards}</dl>\n<p class="sum">{totals.sentence()}。'
        f"待审核 {totals.waiting} 份：{waiting}。</p>\n"
        f'<p class="sum">申请截止后 {outcome.policy.degree.answer_days} 日内作出是否受理的决定'
        f"（学位法第二十三条）：{clock.due}，{clock.sentence()}。</p>"
    )


def _charts(section: Section, outcome: BatchOutcome, summary: Summary) -> str:
    """Return what is drawn above a section's table."""
    if section.title == "原因":
        return pareto(summary)
    if section.title == "证书种类" and outcome.batch.kind is BatchKind.LANGUAGE:
        return kinds(summary)
    if section.title != STATISTICS:
        return ""
    times = [(time.name, time.total_seconds) for time in stage_times(outcome)]
    age = queue_age(outcome)
    parts = [quality(outcome.checked), '<div class="plots">']
    if times:
        parts.append(bars("各阶段用时合计", "秒", times))
    if age.waiting:
        parts.append(bars("待人工的等待时间", "份", age.by_age))
    return "".join((*parts, "</div>\n"))


def _section_block(place: int, section: Section, charts: str) -> str:
    parts = [f'<section id="s{place}">\n<h2>{_escape(section.title)}</h2>\n']
    if section.note:
        parts.append(f'<p class="note">{_escape(section.note)}</p>\n')
    parts.append(charts)
    if not section.rows:
        parts.append('<p class="note">没有。</p>\n')
    elif section.title in _LONG:
        parts.append(
            f"<details open>\n<summary>{_escape(_extent(section))}</summary>\n{_table(section)}"
            "</details>\n"
        )
    else:
        parts.append(_table(section))
    parts.append("</section>\n")
    return "".join(parts)


def _extent(section: Section) -> str:
    count = len(section.rows)
    if count <= MOST_ROWS:
        return f"{count} 行"
    return f"共 {count} 行，此处列前 {MOST_ROWS} 行；全部见 report.xlsx 的“{section.title}”"


def _table(section: Section) -> str:
    heads = "".join(
        f'<th scope="col"{_right_aligned(column, section.rows[0][place])}>{_escape(column)}</th>'
        for place, column in enumerate(section.columns)
    )
    rows = "".join(
        "<tr>"
        + "".join(_cell(column, cell) for column, cell in zip(section.columns, row, strict=True))
        + "</tr>\n"
        for row in section.rows[:MOST_ROWS]
    )
    title = section.title
    chosen = f' data-filter="{_FILTERS[title]}"' if title in _FILTERS else ""
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="{_escape(title)}">'
        f"<table{chosen}>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table></div>\n"
    )


def _cell(column: str, cell: Cell) -> str:
    if right := _right_aligned(column, cell):
        return f"<td{right}>{_escape(str(cell))}</td>"
    if column in _COLUMN_CLASSES:
        return f'<td class="{_COLUMN_CLASSES[column]}">{_escape(str(cell))}</td>'
    return f"<td>{_escape(str(cell))}</td>"


def _right_aligned(column: str, cell: Cell) -> str:
    """Return the attribute of a number's cell or its heading; 数值 mixes numbers and words."""
    number = isinstance(cell, int) or column in _SHARE_COLUMNS
    return ' class="count"' if number and column != "数值" else ""


def _escape(text: str) -> str:
    return html.escape(display_text(text), quote=True)
