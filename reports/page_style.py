"""Style and script of report.html. The script only hides rows; without it every row is there."""

import base64
import hashlib

# Colours keep a contrast of 4.5:1; shapes and words say the same, never colour alone.
STYLE = """
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
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(118px, 1fr)); gap: 12px;
  margin: 0; }
.figures div { padding: 10px 14px; background: #f3f6fa; border: 1px solid #d5dee8;
  border-radius: 6px; }
.figures dt { color: #4a5866; font-size: 13px; }
.figures dd { margin: 0; font-size: 25px; font-weight: 600; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
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
.provisional.sealed { color: #14532d; background: #e7f6ec; border-color: #6bbf87; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 16px 0 0; padding: 0;
  list-style: none; font-size: 14px; }
a { color: #1f4e79; }
figure { margin: 8px 0 16px; }
figcaption { font-weight: 600; }
svg { max-width: 100%; height: auto; }
svg text { font-size: 12.5px; }
.plots { display: flex; flex-wrap: wrap; gap: 24px; }
.filter { display: flex; flex-wrap: wrap; gap: 10px; align-items: center; margin: 6px 0;
  font-size: 14px; }
.filter input, .filter select { padding: 3px 6px; font: inherit; border: 1px solid #5b6b7b;
  border-radius: 4px; }
:focus-visible { outline: 3px solid #b3541e; outline-offset: 1px; }
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
  nav, .filter { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""

SCRIPT = """
for (const table of document.querySelectorAll("table[data-filter]")) {
  const rows = [...table.tBodies[0].rows];
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const bar = document.createElement("div");
  bar.className = "filter";
  const box = document.createElement("input");
  box.type = "search";
  const named = (text, control) => {
    const label = document.createElement("label");
    label.append(text + " ", control);
    bar.append(label);
    return control;
  };
  named("查找", box);
  const selects = table.dataset.filter.split(" ").filter(Boolean).map((name) => {
    const place = heads.indexOf(name);
    const select = document.createElement("select");
    select.append(new Option("全部", ""));
    for (const value of new Set(rows.map((row) => row.cells[place].textContent))) {
      select.append(new Option(value || "（空）", value || " "));
    }
    return [place, named(name, select)];
  });
  const count = document.createElement("span");
  count.setAttribute("role", "status");
  bar.append(count);
  const show = () => {
    const wanted = box.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const fits = row.textContent.toLowerCase().includes(wanted) && selects.every(
        ([place, select]) => !select.value
          || (row.cells[place].textContent || " ") === select.value);
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    count.textContent = `显示 ${shown} / ${rows.length} 行`;
  };
  bar.addEventListener("input", show);
  table.parentElement.before(bar);
  show();
}
"""


def content_policy() -> str:
    """Return the page's content security policy: this script, inline style, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    return (
        "default-src 'none'; style-src 'unsafe-inline';"
        f" script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
