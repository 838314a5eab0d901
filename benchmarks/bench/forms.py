"""How long filling forms takes: fictitious applicants, two processes, everything but the disk."""

import multiprocessing
import os
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache

from benchmarks.samples.degree_batch import DegreeSample, make_degree_samples
from reports.forms.content import CORE_COURSES, COURSE_FIELDS, FormContent
from reports.forms.layout import Layout, parse_layout
from reports.forms.render import render_form

PROCESSES = 2
_KINDS = 200  # so many different applicants; more forms repeat them


def measure_forms(count: int, layout_text: str) -> str:
    """Fill so many forms and return a line that says how long that took, start-up included."""
    samples = make_degree_samples(min(count, _KINDS), seed=2024)
    contents = [content_of(samples[number % len(samples)]) for number in range(count)]
    processes = min(PROCESSES, len(os.sched_getaffinity(0)))
    begun = time.perf_counter()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        sizes = list(pool.map(_fill, [(layout_text, c) for c in contents], chunksize=10))
    seconds = time.perf_counter() - begun
    return (
        f"forms: {count} in {seconds:.1f} s on {processes} processes,"
        f" {count / seconds:.1f} a second, {sum(sizes) // max(count, 1) // 1000} kB each"
    )


def content_of(sample: DegreeSample) -> FormContent:
    """Return what the form of a fictitious applicant shows."""
    core = [row for row in sample.courses if row["是否学位主干课"] == "是"]
    pictures = [file.data for file in sample.files if file.name.endswith(".jpg")]
    return FormContent(
        values=dict(sample.cells) | {"平均成绩": "84.25", "学位外语": "合格"},
        lists={CORE_COURSES: tuple(map(_course, core))},
        photo=pictures[0] if pictures else b"",
    )


def _course(row: Mapping[str, str]) -> dict[str, str]:
    return dict(zip(COURSE_FIELDS, (row["课程名称"], row["学分"], row["成绩"]), strict=True))


def _fill(job: tuple[str, FormContent]) -> int:
    text, content = job
    return len(render_form(_layout(text), content).pdf)


@cache
def _layout(text: str) -> Layout:
    return parse_layout(text, "default")
