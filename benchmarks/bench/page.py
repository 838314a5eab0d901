"""bench.html: one page that needs nothing else."""

from collections.abc import Iterator
from html import escape

from benchmarks.bench.plots import bar_plot, curve_plot, reliability_plot
from benchmarks.bench.results import BenchResult
from benchmarks.bench.tables import FigureTable, tables_of

_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;color:#222;max-width:1200px}
body{margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;display:block;overflow-x:auto}
th,td{padding:.2rem .7rem .2rem 0;text-align:left;border-bottom:1px solid #ddd;vertical-align:top}
th{font-weight:600}p.note{color:#555;max-width:50rem}
figure{display:inline-block;margin:1rem 2rem 1rem 0}figcaption{font-weight:600}
svg{max-width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:#333}
"""


def render_page(result: BenchResult) -> str:
    """Return the page as HTML: tables, plots, all of it inline."""
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8"><title>hedui bench</title>',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        '<link rel="icon" href="data:,">',
        f"<style>{_STYLE}</style></head><body><h1>hedui bench</h1>",
        "<p class=note>What was measured, on what, and how to read it: docs/bench.md. Papers that"
        " were drawn are easier than real ones.</p>",
        *_plots(result),
        *(part for table in tables_of(result) for part in _table(table)),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def _plots(result: BenchResult) -> Iterator[str]:
    accuracy, comparison = result.accuracy, result.comparison
    if accuracy.reliability:
        yield reliability_plot(accuracy.reliability)
    if accuracy.curve:
        yield curve_plot(accuracy.curve)
    if comparison.stages:
        yield bar_plot("Speed per stage", "s a page", tuple(comparison.stages.items()))
    if comparison.engines:
        seconds = [
            (engine.engine, 1 / engine.pages_per_second)
            for engine in comparison.engines
            if engine.pages_per_second
        ]
        yield bar_plot("Engines on one core", "s a page", seconds)


def _table(table: FigureTable) -> Iterator[str]:
    yield f"<h2>{escape(table.heading)}</h2><table><thead>"
    yield "<tr>" + "".join(f"<th>{escape(header)}</th>" for header in table.headers) + "</tr>"
    yield "</thead><tbody>"
    for row in table.rows:
        yield "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
    yield "</tbody></table>"
    if table.note:
        yield f'<p class="note">{escape(table.note)}</p>'
