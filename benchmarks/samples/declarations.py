"""Who declares what with which paper: the honest, the careless and the dishonest applicants.

Each scenario makes one application, or two that share a paper, with the outcome that is right for
it. Broken files are in `hostile.py`. Outcomes follow docs/contract.md: whatever can be opened and
is not accepted goes to a person.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from benchmarks.samples import changes
from benchmarks.samples.application import (
    CATEGORY_NAMES,
    DEADLINE,
    Drawn,
    SampleApplication,
    Studio,
    Suits,
    compose_application,
    honest_cells,
    honest_expectation,
    is_accepted_certificate,
    is_certificate,
    nothing_to_read,
    passes,
)
from benchmarks.samples.conditions import UNREADABLE_CONDITIONS, apply_condition
from benchmarks.samples.encoding import UploadFile
from benchmarks.samples.forgery import patch_result
from benchmarks.samples.hostile import heic_bytes
from benchmarks.samples.paper import NOT_ACCEPTED, UNKNOWN, Paper, PaperKind

REVIEW = ("review",)
_IMAGE_CONDITIONS = ("clean", "scan-150", "scan-200", "scan-300", "photo", "photo-turned")
_GRADES = ("合格", "良好", "优秀")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A way of declaring, by its name in truth.jsonl; `make` returns one or two applications."""

    name: str
    make: Callable[[Studio], list[SampleApplication]]
    size: int = 1


def make_honest(studio: Studio, suits: Suits = is_certificate) -> SampleApplication:
    """Return an application in which everything is true and the result is a pass."""
    drawn = studio.draw(suits, fits=passes, tally="honest")
    condition, files = studio.capture(drawn.paper)
    return compose_application(
        drawn,
        honest_cells(drawn, studio.rng),
        files,
        kind="honest",
        expected=honest_expectation(drawn.paper),
        condition=condition,
    )


def _declare(
    studio: Studio,
    drawn: Drawn,
    kind: str,
    changed: Mapping[str, str],
    expected: tuple[str, ...] = REVIEW,
) -> list[SampleApplication]:
    """Photograph the paper and declare what is on it, but for the `changed` cells."""
    condition, files = studio.capture(drawn.paper)
    cells = {**honest_cells(drawn, studio.rng), **changed}
    return [
        compose_application(drawn, cells, files, kind=kind, expected=expected, condition=condition)
    ]


def _one_digit_off_number(studio: Studio) -> list[SampleApplication]:
    drawn = studio.draw(is_accepted_certificate, fits=_has_number)
    number = changes.change_digit(drawn.paper.declared["成绩单编号"], studio.rng)
    return _declare(studio, drawn, "one-digit-off-number", {"成绩单编号": number})


def _one_digit_off_score(studio: Studio) -> list[SampleApplication]:
    drawn = studio.draw(is_accepted_certificate, fits=_has_numeric_score)
    score = changes.change_last_digit(drawn.paper.declared["考试成绩"], studio.rng)
    return _declare(studio, drawn, "one-digit-off-score", {"考试成绩": score})


def _one_digit_off_date(studio: Studio) -> list[SampleApplication]:
    drawn = studio.draw(is_accepted_certificate, fits=passes)
    date = changes.change_year(drawn.paper.declared["证书获取日期"])
    return _declare(studio, drawn, "one-digit-off-date", {"证书获取日期": date})


def _digits_transposed(studio: Studio) -> list[SampleApplication]:
    drawn = studio.draw(
        is_accepted_certificate,
        fits=lambda paper: passes(paper) and changes.can_transpose(paper.declared["成绩单编号"]),
    )
    number = changes.transpose_digits(drawn.paper.declared["成绩单编号"], studio.rng)
    return _declare(studio, drawn, "digits-transposed", {"成绩单编号": number})


def _inflated_score(studio: Studio) -> list[SampleApplication]:
    """Declare a pass with a paper that prints a fail."""
    score = str(studio.rng.randint(340, 420))
    drawn = studio.draw(_is_cet, overrides={"score": score})
    declared = str(studio.rng.randint(426, 520))
    changed = {"考试成绩": declared, "成绩状态": "合格"}
    return _declare(studio, drawn, "inflated-score", changed)


def _below_pass_line(studio: Studio) -> list[SampleApplication]:
    score = str(studio.rng.randint(340, 424))
    drawn = studio.draw(_is_cet, overrides={"score": score})
    return _declare(studio, drawn, "below-pass-line", {})


def _another_persons_paper(studio: Studio) -> list[SampleApplication]:
    applicant = studio.draw_applicant()
    drawn = studio.draw(is_accepted_certificate, fits=passes)
    own = honest_cells(replace(drawn, person=applicant), studio.rng)
    return _declare(studio, drawn, "another-persons-paper", own)


def _another_level(studio: Studio) -> list[SampleApplication]:
    """Declare the other level of the same examination, everything else as printed."""
    drawn = studio.draw(
        lambda kind: is_accepted_certificate(kind) and kind.certificate_type in _OTHER_LEVEL,
        fits=passes,
    )
    category = CATEGORY_NAMES[_OTHER_LEVEL[drawn.paper.certificate_type]][0]
    return _declare(studio, drawn, "another-level", {"证书类别": category})


def _swapped_fields(studio: Studio) -> list[SampleApplication]:
    """Declare numbers that do stand on the paper, under other labels."""
    drawn = studio.draw(
        _is_cet,
        fits=lambda paper: (
            {"admission_ticket", "listening", "certificate_number"} <= set(paper.printed)
        ),
    )
    printed = drawn.paper.printed
    both = {
        "成绩单编号": printed["admission_ticket"],
        "考试成绩": printed[studio.rng.choice(("listening", "reading"))],
    }
    chosen = studio.rng.choice((("成绩单编号",), ("考试成绩",), tuple(both)))
    return _declare(studio, drawn, "swapped-fields", {name: both[name] for name in chosen})


def _edited_image(studio: Studio) -> list[SampleApplication]:
    def can_be_edited(paper: Paper) -> bool:
        return patch_result(paper, random.Random(0)) is not None

    drawn = studio.draw(is_accepted_certificate, fits=can_be_edited)
    patched = patch_result(drawn.paper, studio.rng)
    if patched is None:
        raise LookupError("the paper that was chosen cannot be edited")
    forged = replace(drawn, paper=patched)
    condition, files = studio.capture(patched, _IMAGE_CONDITIONS)
    cells = honest_cells(forged, studio.rng)
    return [
        compose_application(
            forged, cells, files, kind="edited-image", expected=REVIEW, condition=condition
        )
    ]


def _query_page(studio: Studio) -> list[SampleApplication]:
    drawn = studio.draw(
        lambda kind: (
            not kind.is_certificate and kind.certificate_type not in (NOT_ACCEPTED, UNKNOWN)
        )
    )
    return _declare(studio, drawn, "query-page", {})


def _not_in_four(studio: Studio) -> list[SampleApplication]:
    drawn = studio.draw(lambda kind: kind.certificate_type == NOT_ACCEPTED)
    return _declare(studio, drawn, "not-in-four", {})


def _not_a_certificate(studio: Studio) -> list[SampleApplication]:
    """Declare a real-looking result and upload a picture that has nothing to do with it."""
    drawn = studio.draw(lambda kind: kind.certificate_type == UNKNOWN)
    return _declare(studio, drawn, "not-a-certificate", {})


def _same_file_twice_used(studio: Studio) -> list[SampleApplication]:
    """Let a second applicant upload the owner's file, byte for byte, with the owner's numbers."""
    drawn = studio.draw(is_accepted_certificate, fits=passes)
    condition, files = studio.capture(drawn.paper)
    second = replace(drawn, person=studio.draw_applicant())
    owner, other = (
        compose_application(
            side,
            honest_cells(side, studio.rng),
            files,
            kind="same-file-two-applicants",
            expected=REVIEW,
            condition=condition,
        )
        for side in (drawn, second)
    )
    return _as_twins(owner, other)


def _same_number_two_people(studio: Studio) -> list[SampleApplication]:
    """Let two papers differ in nothing but the person: each agrees with its own declaration."""
    first = studio.draw(
        lambda kind: kind.is_certificate and kind.certificate_type[:3] in ("cet", "tem"),
        fits=_has_number,
    )
    own = ("name", "id_number")
    copied = {name: text for name, text in first.paper.printed.items() if name not in own}
    kept = {name: copied[name] for name in _COPIED_FIELDS if name in copied}
    date = changes.split_date(first.paper.declared["证书获取日期"])
    kept["date"] = "-".join(f"{part:02d}" for part in date)
    second = studio.draw(lambda kind: kind == first.kind, overrides=kept)
    applications = [
        _declare(studio, side, "same-number-two-applicants", {})[0] for side in (first, second)
    ]
    return _as_twins(*applications)


def _unreadable(studio: Studio) -> list[SampleApplication]:
    drawn = studio.draw(is_accepted_certificate, fits=passes)
    condition = studio.rng.choice(UNREADABLE_CONDITIONS)
    files = apply_condition(drawn.paper, condition, studio.rng)
    cells = honest_cells(drawn, studio.rng)
    application = compose_application(
        drawn, cells, files, kind="unreadable", expected=REVIEW, condition=condition
    )
    return [replace(nothing_to_read(application), layout=drawn.paper.layout)]


def _id_number_mismatch(studio: Studio) -> list[SampleApplication]:
    """Print an ID number on the paper that differs from the applicant's in the serial part."""
    person = studio.draw_applicant()
    printed = changes.another_id_number(person.id_number, studio.rng)
    drawn = studio.draw(
        is_accepted_certificate,
        fits=lambda paper: passes(paper) and "id_number" in paper.printed,
        person=replace(person, id_number=printed),
    )
    return _declare(studio, drawn, "id-number-mismatch", {"身份证号": person.id_number})


def _name_one_character_off(studio: Studio) -> list[SampleApplication]:
    person = studio.draw_applicant()
    printed = changes.change_character(person.name, studio.rng)
    drawn = studio.draw(is_accepted_certificate, fits=passes, person=replace(person, name=printed))
    return _declare(studio, drawn, "name-one-character-off", {"姓名": person.name})


def _status_wrong(studio: Studio) -> list[SampleApplication]:
    """Declare a better grade than the paper prints."""

    def prints_lower_grade(paper: Paper) -> bool:
        grades = (paper.printed.get("grade"), paper.printed.get("status"))
        return any(grade in _GRADES[:-1] for grade in grades)

    drawn = studio.draw(is_accepted_certificate, fits=prints_lower_grade)
    return _declare(studio, drawn, "status-wrong", {"成绩状态": "优秀"})


def _late(studio: Studio) -> list[SampleApplication]:
    drawn = studio.draw(is_accepted_certificate, fits=passes)
    applied = DEADLINE + timedelta(seconds=studio.rng.randint(1, 5 * 86_400))
    changed = {"申请时间": applied.strftime("%Y-%m-%d %H:%M:%S"), "申请状态": "已申请"}
    return _declare(studio, drawn, "late", changed)


def _withdrawn(studio: Studio) -> list[SampleApplication]:
    drawn = studio.draw(is_accepted_certificate, fits=passes)
    status = studio.rng.choice(("撤销", "已撤销", "未申请"))
    return _declare(studio, drawn, "withdrawn", {"申请状态": status}, ("withdrawn",))


def _two_pictures_of_one(studio: Studio) -> list[SampleApplication]:
    drawn = studio.draw(is_accepted_certificate, fits=passes)
    condition, files = studio.capture(drawn.paper, _IMAGE_CONDITIONS)
    second = apply_condition(drawn.paper, "scan-200", studio.rng)
    return _with_files(
        studio, drawn, [*files, *_renamed(second, "第2张")], "several-files-same-paper", condition
    )


def _same_file_uploaded_twice(studio: Studio) -> list[SampleApplication]:
    drawn = studio.draw(is_accepted_certificate, fits=passes)
    condition, files = studio.capture(drawn.paper)
    copy = _renamed(files, "副本")
    return _with_files(studio, drawn, [*files, *copy], "several-files-same-bytes", condition)


def _good_and_broken(studio: Studio) -> list[SampleApplication]:
    drawn = studio.draw(is_accepted_certificate, fits=passes)
    condition, files = studio.capture(drawn.paper)
    broken = UploadFile(name="IMG_0007.jpg", data=heic_bytes(studio.rng))
    return _with_files(
        studio, drawn, [*files, broken], "several-files-one-broken", condition, REVIEW
    )


def _with_files(
    studio: Studio,
    drawn: Drawn,
    files: list[UploadFile],
    kind: str,
    condition: str,
    expected: tuple[str, ...] = ("accept",),
) -> list[SampleApplication]:
    cells = honest_cells(drawn, studio.rng)
    return [
        compose_application(drawn, cells, files, kind=kind, expected=expected, condition=condition)
    ]


def _renamed(files: list[UploadFile], mark: str) -> list[UploadFile]:
    renamed = []
    for file in files:
        stem, dot, suffix = file.name.rpartition(".")
        renamed.append(UploadFile(name=f"{stem}-{mark}{dot}{suffix}", data=file.data))
    return renamed


def _as_twins(first: SampleApplication, second: SampleApplication) -> list[SampleApplication]:
    return [
        replace(first, twin_of=second.student_number),
        replace(second, twin_of=first.student_number),
    ]


def _is_cet(kind: PaperKind) -> bool:
    return kind.is_certificate and kind.certificate_type in ("cet4", "cet6")


def _has_number(paper: Paper) -> bool:
    number = paper.declared["成绩单编号"]
    return passes(paper) and sum(character.isdecimal() for character in number) >= 4


def _has_numeric_score(paper: Paper) -> bool:
    return passes(paper) and paper.declared["考试成绩"].isdecimal()


_OTHER_LEVEL = {
    "cet4": "cet6",
    "cet6": "cet4",
    "tem4": "tem8",
    "tem8": "tem4",
    "etic-elementary": "etic-intermediate",
    "etic-intermediate": "etic-advanced",
    "etic-advanced": "etic-executive",
    "etic-executive": "etic-advanced",
}
_COPIED_FIELDS = (
    "certificate_number",
    "admission_ticket",
    "score",
    "grade",
    "listening",
    "reading",
    "comprehensive",
    "writing_translation",
    "component_a",
    "component_b",
)

SCENARIOS: tuple[Scenario, ...] = (
    Scenario(name="one-digit-off-number", make=_one_digit_off_number),
    Scenario(name="one-digit-off-score", make=_one_digit_off_score),
    Scenario(name="one-digit-off-date", make=_one_digit_off_date),
    Scenario(name="digits-transposed", make=_digits_transposed),
    Scenario(name="inflated-score", make=_inflated_score),
    Scenario(name="another-persons-paper", make=_another_persons_paper),
    Scenario(name="another-level", make=_another_level),
    Scenario(name="swapped-fields", make=_swapped_fields),
    Scenario(name="edited-image", make=_edited_image),
    Scenario(name="not-in-four", make=_not_in_four),
    Scenario(name="same-file-two-applicants", make=_same_file_twice_used, size=2),
    Scenario(name="same-number-two-applicants", make=_same_number_two_people, size=2),
    Scenario(name="unreadable", make=_unreadable),
    Scenario(name="not-a-certificate", make=_not_a_certificate),
    Scenario(name="id-number-mismatch", make=_id_number_mismatch),
    Scenario(name="name-one-character-off", make=_name_one_character_off),
    Scenario(name="status-wrong", make=_status_wrong),
    Scenario(name="late", make=_late),
    Scenario(name="withdrawn", make=_withdrawn),
    Scenario(name="below-pass-line", make=_below_pass_line),
    Scenario(name="query-page", make=_query_page),
    Scenario(name="several-files-same-paper", make=_two_pictures_of_one),
    Scenario(name="several-files-same-bytes", make=_same_file_uploaded_twice),
    Scenario(name="several-files-one-broken", make=_good_and_broken),
)
