"""report.html: one page that opens anywhere, asks nothing of a network and runs no script."""

import html
from decimal import Decimal

from domain.outcome import BatchOutcome
from reports.cells import display_text
from reports.section import Cell, Section, local_time
from reports.sections import standing
from reports.summary import ReasonCount, Summary, percent_text
from reports.wording import BATCH_KINDS

_SHARE_COLUMNS = frozenset({"占比", "累计占比", "直通率"})
# Long lists of single applications come after everything that can be taken in at a glance.
_LONG = {"差异": 1, "明细": 2, "学位审核条件": 3, "课程计入情况": 4}
# Columns whose cells need a width of their own: digits compared glyph by glyph, words on one line,
# sentences that would otherwise run down the page.
_COLUMN_CLASSES = {
    **dict.fromkeys(("申报", "证书识别", "认定编号", "学号"), "value"),
    **dict.fromkeys(
        ("申请状态", "机器结论", "审核状态", "合格状态", "比对结果", "核对项", "类别"), "word"
    ),
    **dict.fromkeys(("姓名", "证书种类", "原因代码", "原因"), "phrase"),
    **dict.fromkeys(("审核意见", "说明", "文件", "上传文件"), "sentence"),
}
_LONGEST_BAR_LIST = 15

# Colours keep a contrast of 4.5:1; shapes and words say the same, never colour alone.
_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1400px; padding: 24px; color: #1d2733; background: #fff;
  font: 15px/1.6 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
  "WenQuanYi Micro Hei", sans-serif; }
h1 { margin: 0; font-size: 26px; }
h2 { margin: 36px 0 8px; padding-bottom: 4px; font-size: 19px; border-bottom: 2px solid #1f4e79; }
.subtitle { margin: 4px 0 20px; color: #4a5866; }
.provisional { margin: 0 0 20px; padding: 8px 14px; font-weight: 600; color: #7a3e00;
  background: #fff3df; border: 1px solid #e0a252; border-radius: 4px; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px;
  margin: 0; }
.figures div { padding: 10px 14px; background: #f3f6fa; border: 1px solid #d5dee8;
  border-radius: 6px; }
.figures dt { color: #4a5866; font-size: 13px; }
.figures dd { margin: 0; font-size: 26px; font-weight: 600; font-variant-numeric: tabular-nums; }
.sum { margin: 10px 0 0; color: #4a5866; }
.note { margin: 4px 0 8px; color: #4a5866; font-size: 13px; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 13.5px; }
th, td { padding: 5px 9px; text-align: left; vertical-align: top; border: 1px solid #d5dee8;
  overflow-wrap: anywhere; }
th { background: #e8eef5; min-width: 4.5em; }
tbody tr:nth-child(even) { background: #fafbfd; }
.count { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.value { font-family: "Noto Sans Mono CJK SC", "DejaVu Sans Mono", Consolas, monospace;
  font-size: 13px; white-space: nowrap; }
td.word { white-space: nowrap; }
td.phrase { min-width: 7em; }
td.sentence { min-width: 15em; }
.bars { margin: 0 0 12px; padding: 0; list-style: none; }
.bars li { display: grid; grid-template-columns: 230px 1fr 150px; gap: 10px; align-items: center;
  margin: 3px 0; }
.bars .track { height: 16px; background: #eef2f7; }
.bars .bar { display: block; height: 16px; background: #1f4e79; }
.bars .much { font-variant-numeric: tabular-nums; white-space: nowrap; }
details > summary { cursor: pointer; padding: 6px 0; color: #1f4e79; }
footer { margin-top: 36px; padding-top: 10px; color: #4a5866; font-size: 12px;
  border-top: 1px solid #d5dee8; overflow-wrap: anywhere; }
@page { size: A4 landscape; margin: 12mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 11px; }
  h2 { break-after: avoid; }
  tr, .figures div { break-inside: avoid; }
  thead { display: table-header-group; }
  table { font-size: 10px; }
  .scroll { overflow: visible; }
  td.value { font-size: 9px; }
  td.phrase, td.sentence, th { min-width: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""


def render_page(outcome: BatchOutcome, summary: Summary, sections: tuple[Section, ...]) -> bytes:
    """Return report.html as UTF-8: the numbers of report.xlsx, readable and printable."""
    title = _escape(f"{outcome.batch.name} 核对报告")
    in_page_order = sorted(sections, key=lambda section: _LONG.get(section.title, 0))
    blocks = [_section_block(section, summary) for section in in_page_order]
    page = f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<header>
<h1>{title}</h1>
{_subtitle(outcome)}
{_figures(summary)}
</header>
<main>
{"".join(blocks)}</main>
<footer>内部材料，含个人信息，请勿外传。批次 {_escape(outcome.batch.id)}；\
日志链末端 {_escape(outcome.event_head)}</footer>
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
    if outcome.provisional:
        line += '\n<p class="provisional">暂定结果：申请截止时间未到，结果可能变化。</p>'
    return line


def _figures(summary: Summary) -> str:
    decisions = summary.decisions
    figures = (
        ("申请", str(summary.applications)),
        ("通过", str(decisions.accept)),
        ("待人工", str(decisions.review)),
        ("退回", str(decisions.returned)),
        ("撤销", str(decisions.withdrawn)),
        ("直通率", percent_text(summary.straight_through_rate)),
        ("处理失败", str(summary.machine_failed)),
    )
    cards = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in figures)
    total = (
        f"{summary.applications} = {decisions.accept} + {decisions.review}"
        f" + {decisions.returned} + {decisions.withdrawn}"
    )
    return (
        f'<dl class="figures">{cards}</dl>\n<p class="sum">申请 = 通过 + 待人工 + 退回 + 撤销：'
        f"{total}。处理失败已计入待人工。</p>"
    )


def _section_block(section: Section, summary: Summary) -> str:
    parts = [f"<section>\n<h2>{_escape(section.title)}</h2>\n"]
    if section.note:
        parts.append(f'<p class="note">{_escape(section.note)}</p>\n')
    if section.title == "原因":
        parts.append(_reason_bars(summary))
    if not section.rows:
        parts.append('<p class="note">没有。</p>\n')
    elif section.title in _LONG:
        parts.append(
            f"<details open>\n<summary>{len(section.rows)} 行</summary>\n{_table(section)}"
            "</details>\n"
        )
    else:
        parts.append(_table(section))
    parts.append("</section>\n")
    return "".join(parts)


def _table(section: Section) -> str:
    heads = "".join(
        f'<th scope="col"{_right_aligned(column, section.rows[0][place])}>{_escape(column)}</th>'
        for place, column in enumerate(section.columns)
    )
    rows = "".join(
        "<tr>"
        + "".join(_cell(column, cell) for column, cell in zip(section.columns, row, strict=True))
        + "</tr>\n"
        for row in section.rows
    )
    return (
        f'<div class="scroll"><table>\n<thead><tr>{heads}</tr></thead>\n'
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


def _reason_bars(summary: Summary) -> str:
    if not summary.reasons:
        return ""
    most = summary.reasons[0].applications
    bars = "".join(_reason_bar(reason, most) for reason in summary.reasons[:_LONGEST_BAR_LIST])
    return f'<ul class="bars">\n{bars}</ul>\n'


def _reason_bar(reason: ReasonCount, most: int) -> str:
    width = (Decimal(100 * reason.applications) / Decimal(most)).quantize(Decimal("0.1"))
    cumulative = percent_text(reason.cumulative)
    return (
        f"<li><span>{_escape(reason.wording)}</span>"
        f'<span class="track"><span class="bar" style="width:{width}%"></span></span>'
        f'<span class="much">{reason.applications} 份 · 累计 {cumulative}</span></li>\n'
    )


def _escape(text: str) -> str:
    return html.escape(display_text(text), quote=True)
