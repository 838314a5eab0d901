"""Cut values out of a page as Tesseract reads them best: one line, black on white, framed."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from domain.extraction import Evidence
from extractors.layout import character_span
from extractors.reading.picture import Grey, Picture, level_of
from extractors.reading.recognition import Quad, crop_quad, quad_size, sub_quad
from extractors.reading.seals import clear_of_seals
from extractors.reading.upright import quad_px

BORDER_PX = 14
FIGURES_ONLY = re.compile(r"[\d ./-]+")
# How far, in heights of the line, a cut may move to a gap, and what moving all of it costs in ink.
SNAP_REACH = 0.35
SNAP_INERTIA = 0.08
# Ink that only reaches in from the edge (a ruling, a seal's end): within this share of the height.
EDGE_SHARE = 0.12
EDGE_INK_SHARE = 0.34
# The part of a line in which characters are told apart, and how much ink, or width, makes one.
BODY = (0.18, 0.85)
LEAST_INK = 0.03
LEAST_WIDTH = 0.04


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """How a line is shown to Tesseract: its height, and whether in black and white only."""

    height_px: int
    black_and_white: bool = False


FIGURES = Print(height_px=56, black_and_white=True)
GREY = Print(height_px=40)
LARGE_GREY = Print(height_px=56)


def crop_value(picture: Picture, evidence: Evidence, shown: Print, *, digit_runs: bool) -> Grey:
    """Return a value's line, cut out of an upright page.

    With `digit_runs` only its runs of digits, side by side; 2021-06 stays whole.
    """
    quad = quad_px(picture, evidence.quad)
    whole = not digit_runs or FIGURES_ONLY.fullmatch(evidence.raw_text)
    cuts = [_cut_out(picture, quad)] if whole else _digit_runs(picture, quad, evidence)
    height_px = shown.height_px
    pieces = [_line_of(cut, height_px) for cut in cuts]
    paper = level_of(np.hstack(pieces), 90)
    gap = np.full((height_px, height_px), paper, dtype=np.uint8)
    spaced = [part for piece in pieces for part in (piece, gap)][:-1]
    line = np.asarray(np.hstack(spaced), dtype=np.uint8)
    if shown.black_and_white:
        line, paper = _without_edges(_black_on_white(line)), 255
    border = (BORDER_PX,) * 4
    framed = cv2.copyMakeBorder(line, *border, borderType=cv2.BORDER_CONSTANT, value=paper)
    return np.ascontiguousarray(framed, dtype=np.uint8)


def _digit_runs(picture: Picture, quad: Quad, evidence: Evidence) -> list[Grey]:
    """Cut out the runs of digits: where the gaps are, if there are as many as there must be."""
    line = _cut_out(picture, quad)
    text = re.sub(r"\s", "", evidence.raw_text)
    inked = list(_inked_columns(line))
    if len(inked) == len(text):
        edges = [0, *((a[1] + b[0]) // 2 for a, b in itertools.pairwise(inked))]
        edges.append(line.shape[1])
        runs = re.finditer(r"\d+", text)
        return [line[:, edges[run.start()] : edges[run.end()]] for run in runs]
    return [
        _cut_out(picture, sub_quad(quad, *_run_span(evidence, run.start(), run.end() - 1)))
        for run in re.finditer(r"\d(?: ?\d)*", evidence.raw_text)
    ]


def _inked_columns(line: Grey) -> Iterator[tuple[int, int]]:
    """Yield where along a line ink stands without a gap: first column, and the one after it."""
    _, dark = cv2.threshold(line, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    height = line.shape[0]
    body = dark[round(height * BODY[0]) : round(height * BODY[1])]
    inked = np.concatenate(([False], body.sum(axis=0) >= max(1, LEAST_INK * height), [False]))
    changes = np.flatnonzero(inked[1:] != inked[:-1])
    for start, end in zip(changes[::2], changes[1::2], strict=True):
        if end - start >= max(1, LEAST_WIDTH * height):
            yield int(start), int(end)


def _cut_out(picture: Picture, quad: Quad) -> Grey:
    """Cut a quad out of the page, grey, its ends moved into the gaps beside its characters.

    Recognition knows where a character is, but not where it ends: a cut through a 6 leaves a 5.
    """
    width, height = quad_size(quad)
    reach = SNAP_REACH * height / max(1.0, width)
    crop = clear_of_seals(crop_quad(picture, sub_quad(quad, -reach, 1 + reach)))
    wide = np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    _, dark = cv2.threshold(wide, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    ink = dark.mean(axis=0)
    if ink.mean() > 0.5:
        ink = 1 - ink  # light type on a dark ground
    margin = max(1, round(SNAP_REACH * height))
    columns = np.arange(len(ink))
    cost = np.convolve(ink, np.ones(3) / 3, mode="same")

    def nearest_gap(nominal: int) -> int:
        far = np.abs(columns - nominal)
        near = far <= margin
        return int(columns[near][np.argmin(cost[near] + SNAP_INERTIA * far[near] / margin)])

    start, end = nearest_gap(margin), nearest_gap(len(ink) - 1 - margin)
    return wide[:, start : max(end, start + 2)]


def _run_span(evidence: Evidence, first: int, last: int) -> tuple[float, float]:
    """Return the share (0-1) of a value's length that a run of digits takes up.

    Between a digit and its neighbour the border is nearer to the digit if that one is wider.
    """
    text, centres = evidence.raw_text, evidence.positions
    start, end = character_span(centres, first, last)
    if first > 0:
        start = centres[first] - (centres[first] - centres[first - 1]) * _share(text[first - 1])
    if last + 1 < len(text):
        end = centres[last] + (centres[last + 1] - centres[last]) * _share(text[last + 1])
    return max(0.0, start), min(1.0, max(end, start + 1e-3))


def _share(neighbour: str) -> float:
    """Return a digit's share of the way to its neighbour's centre: characters are twice as wide."""
    return 0.5 if neighbour.isascii() else 0.36


def _line_of(grey: Grey, height_px: int) -> Grey:
    scale = height_px / grey.shape[0]
    size = (max(4, round(grey.shape[1] * scale)), height_px)
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    line = np.asarray(cv2.resize(grey, size, interpolation=interpolation), dtype=np.uint8)
    if level_of(line, 50) < 110:  # light type on a dark ground
        line = np.asarray(255 - line, dtype=np.uint8)
    return line


def _black_on_white(line: Grey) -> Grey:
    _, clear = cv2.threshold(line, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(clear, dtype=np.uint8)


def _without_edges(line: Grey) -> Grey:
    """Return a black and white line without what only reaches in at its upper and lower edge."""
    height = line.shape[0]
    _, labels, boxes, _ = cv2.connectedComponentsWithStats((line < 128).astype(np.uint8))
    clean = line.copy()
    for index, (_, top, _, tall, _) in enumerate(boxes[1:], start=1):
        bottom = top + tall
        above = top <= EDGE_SHARE * height and bottom < EDGE_INK_SHARE * height
        below = bottom >= (1 - EDGE_SHARE) * height and top > (1 - EDGE_INK_SHARE) * height
        if above or below:
            clean[labels == index] = 255
    return clean
