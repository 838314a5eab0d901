import random
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

import benchmarks.samples.fonts
from benchmarks.samples.drawing import TextStep
from benchmarks.samples.fonts import FAMILIES, HELD_BACK, LATIN_FAMILIES, chinese_families
from benchmarks.samples.paper import Composition, PaperKind, Person
from benchmarks.samples.papers import (
    PAPERS,
    cet_labels,
    compose_paper,
    draw_paper,
    etic,
    others,
    tem,
    trm,
    zikao_results,
)
from benchmarks.samples.people import MINORITY_NAMES, draw_person
from domain.certificates import ACCEPTED_TYPES, FieldName

EXTRA_FIELDS = {"school", "course_code"}
LONG_NAME = max(MINORITY_NAMES, key=len)
WORDINGS: Mapping[str, Mapping[str, str]] = {
    **cet_labels.WORDINGS,
    **tem.WORDINGS,
    **trm.WORDINGS,
    **etic.WORDINGS,
    **zikao_results.WORDINGS,
    **others.WORDINGS,
}


def kind_id(kind: PaperKind) -> str:
    return f"{kind.certificate_type}:{kind.layout}"


def person_for(seed: int) -> Person:
    return draw_person(random.Random(seed), name=LONG_NAME if seed % 2 else None)


COMPOSED: dict[str, Composition] = {}


def composed(kind: PaperKind, seed: int) -> Composition:
    """Lay out each paper once for all tests."""
    key = f"{kind_id(kind)}:{seed}"
    if key not in COMPOSED:
        COMPOSED[key] = compose_paper(kind, person_for(seed), random.Random(key))
    return COMPOSED[key]


def texts_of(composition: Composition) -> str:
    steps = (step for step in composition.sheet.steps if isinstance(step, TextStep))
    return "\n".join("".join(run.text for run in step.runs) for step in steps)


def test_each_of_the_twelve_kinds_has_three_layouts_or_more() -> None:
    layouts = Counter(kind.certificate_type for kind in PAPERS if kind.is_certificate)
    assert all(layouts[accepted] >= 3 for accepted in ACCEPTED_TYPES)
    assert layouts["not-accepted"] >= 9
    assert len({kind_id(kind) for kind in PAPERS}) == len(PAPERS)


def test_query_pages_and_mere_pictures_are_no_certificates() -> None:
    without = {kind.layout for kind in PAPERS if not kind.is_certificate}
    assert without == {
        "cet-query-page",
        "cet-query-chsi",
        "unknown-landscape",
        "unknown-chat",
        "unknown-blank",
        "unknown-identity-card",
    }


def test_the_held_back_list_names_only_what_exists() -> None:
    path = Path(benchmarks.samples.fonts.__file__).with_name("held_back.toml")
    table = tomllib.loads(path.read_text("utf-8"))
    assert set(table["layouts"]) <= {kind.layout for kind in PAPERS}
    assert set(table["font_families"]) < set(FAMILIES)
    assert set(table["latin_families"]) < set(LATIN_FAMILIES)
    assert set(table["wordings"]) < set(WORDINGS)


def test_about_a_quarter_of_the_layouts_and_one_of_each_family_is_held_back() -> None:
    layouts = {kind.layout for kind in PAPERS}
    held_back = {kind.layout for kind in PAPERS if kind.held_back}
    assert held_back == HELD_BACK.layouts
    assert 0.2 <= len(held_back) / len(layouts) <= 0.35
    assert {layout.split("-")[0] for layout in held_back} == {
        layout.split("-")[0] for layout in layouts
    }


def test_held_back_fonts_are_seen_on_held_back_layouts_alone() -> None:
    for kind in PAPERS:
        for seed in (1, 2):
            lettering = composed(kind, seed).sheet.lettering
            if not kind.held_back:
                assert lettering.chinese not in HELD_BACK.font_families
                assert lettering.title not in HELD_BACK.font_families
                assert lettering.latin not in HELD_BACK.latin_families
    kind = next(kind for kind in PAPERS if not kind.held_back)
    with pytest.raises(ValueError, match="may not use ar-pl-uming"):
        draw_paper(kind, person_for(1), random.Random(1), font_family="ar-pl-uming")


def test_held_back_wordings_are_seen_on_held_back_layouts_alone() -> None:
    held_back = {
        label
        for name in HELD_BACK.wordings
        for field, label in WORDINGS[name].items()
        if len(label) > 3
    }
    elsewhere = {
        label for name in set(WORDINGS) - HELD_BACK.wordings for label in WORDINGS[name].values()
    }
    own = {label for label in held_back - elsewhere if not any(label in word for word in elsewhere)}
    cards = [kind for kind in PAPERS if kind.layout.startswith("cet-card")]
    for kind in cards:
        seen = {label for label in own if label in texts_of(composed(kind, 2))}
        assert bool(seen) == kind.held_back


def test_a_named_font_family_is_used_for_the_whole_paper() -> None:
    kind = next(kind for kind in PAPERS if kind.layout == "tem-label-portrait")
    for family in chinese_families(held_back=False):
        lettering = compose_paper(
            kind, person_for(2), random.Random(2), font_family=family
        ).sheet.lettering
        assert (lettering.chinese, lettering.title) == (family, family)


@pytest.mark.parametrize("kind", PAPERS, ids=kind_id)
def test_every_printed_value_is_on_the_paper_at_its_box(kind: PaperKind) -> None:
    known = set(FieldName) | EXTRA_FIELDS
    for seed in (1, 2):
        composition = composed(kind, seed)
        written = texts_of(composition)
        for field, value in composition.printed.items():
            assert field in known
            assert value in written
            left, top, right, bottom = composition.sheet.boxes[field]
            assert 0 <= left < right <= 1
            assert 0 <= top < bottom <= 1
        if kind.certificate_type != "unknown":
            assert composition.printed["name"]
        assert "SPECIMEN" in written or "样张" in written or kind.certificate_type == "unknown"


@pytest.mark.parametrize("kind", PAPERS, ids=kind_id)
def test_the_declaration_has_the_columns_of_the_table(kind: PaperKind) -> None:
    declared = composed(kind, 1).declared
    assert list(declared) == ["语种", "证书获取日期", "成绩单编号", "考试成绩", "成绩状态"]
    assert all(declared.values())


LAYOUTS = {kind.layout: kind for kind in PAPERS}


CET_PARTS = {"listening": "150", "reading": "180", "writing_translation": "140"}
ETIC_PARTS = {"component_a": "60", "component_b": "60", "status": "良好"}


@pytest.mark.parametrize(
    ("layout", "field", "value", "other", "same"),
    [
        ("cet-card-2021", "score", "470", "478", CET_PARTS),
        ("cet-card-2021-portrait", "reading", "180", "188", {"score": "470"}),
        ("cet-card-2012", "certificate_number", "071199900123456", "071199900123458", {}),
        ("cet-proof", "name", "张晓东", "李国庆", {}),
        ("cet-query-page", "score", "470", "478", CET_PARTS),
        ("tem-label-portrait", "status", "优秀", "良好", {}),
        ("trm-sentence-landscape", "certificate_number", "R4202312345", "R4202312346", {}),
        ("etic-report", "score", "120", "121", ETIC_PARTS),
        ("etic-certificate-landscape", "date", "2021-05-15", "2021-05-22", {}),
        ("zikao-table", "score", "61", "67", {}),
        ("zikao-single-card", "admission_ticket", "010203040506", "010203040508", {}),
        ("other-ielts", "score", "6.5", "6.0", {}),
    ],
)
def test_a_forced_value_changes_the_picture_at_its_box_and_nowhere_else(
    layout: str, field: str, value: str, other: str, same: dict[str, str]
) -> None:
    papers = [
        draw_paper(
            LAYOUTS[layout], person_for(2), random.Random(5), overrides={**same, field: forced}
        )
        for forced in (value, other)
    ]
    assert papers[0].printed[field] != papers[1].printed[field]
    assert papers[0].image.tobytes() != papers[1].image.tobytes()
    covered = [paper.image.copy() for paper in papers]
    width, height = papers[0].image.size
    for image in covered:
        for left, top, right, bottom in (paper.boxes[field] for paper in papers):
            # Thickened strokes may reach a pixel or two beyond the box.
            corner = round(left * width) - 3, round(top * height) - 3
            image.paste(0, (*corner, round(right * width) + 3, round(bottom * height) + 3))
    assert covered[0].tobytes() == covered[1].tobytes()


def test_the_same_random_state_gives_the_same_bytes() -> None:
    for layout in ("cet-ereport-pdf", "etic-report-pdf", "unknown-landscape"):
        first = LAYOUTS[layout].draw(person_for(2), random.Random(9))
        second = LAYOUTS[layout].draw(person_for(2), random.Random(9))
        assert first.image.tobytes() == second.image.tobytes()
        assert (first.pdf, first.printed, first.declared) == (
            second.pdf,
            second.printed,
            second.declared,
        )
        third = LAYOUTS[layout].draw(person_for(2), random.Random(10))
        assert first.image.tobytes() != third.image.tobytes()
