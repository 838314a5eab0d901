"""The two files of a run: bench.json with every figure, bench.html to look at."""

import dataclasses
import json
import math
import os
from pathlib import Path
from typing import Any

from benchmarks.bench.page import render_page
from benchmarks.bench.results import BenchResult

FORMAT = 2
_DIGITS = 6


def write_results(result: BenchResult, out: Path) -> tuple[Path, Path]:
    """Write bench.html and bench.json into a folder, for their owner only, and return the paths."""
    out.mkdir(parents=True, exist_ok=True)
    page, data = out / "bench.html", out / "bench.json"
    text = json.dumps(as_plain(result), ensure_ascii=False, indent=1, allow_nan=False)
    for path, content in ((page, render_page(result)), (data, text + "\n")):
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        temporary.touch(mode=0o600)
        temporary.write_text(content, encoding="utf-8")
        temporary.replace(path)
    return page, data


def as_plain(result: BenchResult) -> dict[str, Any]:
    """Return every figure as JSON-ready data; what could not be measured is null."""
    return {"format": FORMAT, **_plain(dataclasses.asdict(result))}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return round(value, _DIGITS) if math.isfinite(value) else None
    return value
