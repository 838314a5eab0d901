import io
import random
import re
from collections.abc import Iterator
from functools import lru_cache

import pdfplumber
import pytest
import zxingcpp
from PIL import Image

from benchmarks.samples.paper import Composition, PaperKind
from benchmarks.samples.papers import PAPERS, compose_paper, draw_paper
from benchmarks.samples.people import draw_person

KINDS = {(kind.certificate_type, kind.layout): kind for kind in PAPERS}
SEEDS = range(4)


@lru_cache(maxsize=1000)
def composed(certificate_type: str, layout: str, seed: int) -> Composition:
    """Lay out each paper once for all tests."""
    rng = random.Random(f"{certificate_type}{layout}{seed}")
    return compose_paper(KINDS[certificate_type, layout], draw_person(rng), rng)


def compositions(*prefixes: str) -> Iterator[tuple[PaperKind, Composition]]:
    """Give several papers of every kind whose type starts with one of the prefixes."""
    for kind in PAPERS:
        if kind.certificate_type.startswith(prefixes):
            for seed in SEEDS:
                yield kind, composed(kind.certificate_type, kind.layout, seed)


def month_of(text: str) -> str:
    """Reduce any date as printed or declared to YYYYMM."""
    year, month = re.findall(r"^(\d{4})[-年/.]?(\d{1,2})", text)[0]
    return f"{year}{int(month):02d}"


def printed_months(composition: Composition) -> set[str]:
    texts = (composition.printed.get(field, "") for field in ("date", "issue_date"))
    return {month_of(text) for text in texts if re.search(r"\d{4}\D?\d", text)}


def unspaced(text: str) -> str:
    return text.replace(" ", "")


def test_cet_declarations_equal_what_is_printed() -> None:
    for kind, composition in compositions("cet"):
        printed, declared = composition.printed, composition.declared
        assert declared["考试成绩"] == printed["score"]
        assert declared["成绩单编号"] == unspaced(printed.get("certificate_number", "-"))
        assert (declared["成绩状态"] == "合格") == (int(printed["score"]) >= 425)
        if "date" in printed:
            assert month_of(declared["证书获取日期"]) == month_of(printed["date"])
        assert declared["语种"] in {"英语", "English"}
        assert printed["level"] == {"cet4": "四级", "cet6": "六级"}[kind.certificate_type]


def test_cet_numbers_fit_the_session_the_level_and_each_other() -> None:
    for kind, composition in compositions("cet"):
        printed = composition.printed
        month = month_of(composition.declared["证书获取日期"])
        session = month[2:4] + {"06": "1", "12": "2"}[month[4:]]
        level = {"cet4": "1", "cet6": "2"}[kind.certificate_type]
        ticket = printed["admission_ticket"]
        assert re.fullmatch(r"\d{15}", ticket)
        assert ticket[6:9] == session
        assert ticket[9] == level
        assert 1 <= int(ticket[13:]) <= 30
        oral = printed.get("oral_ticket", "--")
        assert oral == "--" or re.fullmatch(r"F\d{14}" if level == "1" else r"S\d{14}", oral)
        if "certificate_number" in printed:
            number = unspaced(printed["certificate_number"])
            assert re.fullmatch(r"\d{15}", number)
            assert number[:4] == session + level
            assert number[4:9] == ticket[:5]


def test_cet_parts_add_up_and_stay_below_their_maxima() -> None:
    four_parts = 0
    for _, composition in compositions("cet"):
        printed = composition.printed
        limits = {"listening": 249, "reading": 249, "writing_translation": 212}
        if "comprehensive" in printed:
            limits |= {"comprehensive": 70, "writing_translation": 142}
            four_parts += 1
        assert ("comprehensive" in printed) == (
            month_of(composition.declared["证书获取日期"]) < "201312"
        )
        assert all(0 <= int(printed[part]) <= limit for part, limit in limits.items())
        assert int(printed["score"]) == sum(int(printed[part]) for part in limits)
        assert 220 <= int(printed["score"]) <= 710
    assert four_parts


def test_a_forced_cet_total_is_shared_among_the_parts_unless_they_are_forced_too() -> None:
    kind, person = KINDS["cet4", "cet-card-2021"], draw_person(random.Random(1))
    for total in ("220", "425", "710"):
        printed = compose_paper(kind, person, random.Random(2), overrides={"score": total}).printed
        parts = [int(printed[part]) for part in ("listening", "reading", "writing_translation")]
        assert (printed["score"], sum(parts)) == (total, int(total))
    forced = {"score": "600", "listening": "150", "reading": "150", "writing_translation": "140"}
    printed = compose_paper(kind, person, random.Random(2), overrides=forced).printed
    assert {field: printed[field] for field in forced} == forced
    moved = compose_paper(kind, person, random.Random(2), overrides={"date": "2022-12"}).printed
    assert unspaced(moved["certificate_number"]).startswith("2221")
    assert moved["admission_ticket"][6:10] == "2221"


def test_cet_cards_are_drawn_for_their_period_alone() -> None:
    periods = {
        "cet-card-2012": ("200506", "201306"),
        "cet-card-2016": ("201312", "202012"),
        "cet-card-2021": ("202106", "202312"),
        "cet-ereport-pdf": ("202106", "202312"),
    }
    for kind, composition in compositions("cet"):
        if kind.layout in periods:
            first, last = periods[kind.layout]
            assert first <= month_of(composition.printed["date"]) <= last


def test_the_code_of_a_cet_card_can_be_read_and_names_the_verification_page() -> None:
    paper = KINDS["cet6", "cet-card-2021"].draw(draw_person(random.Random(3)), random.Random(3))
    (code,) = zxingcpp.read_barcodes(paper.image)
    assert re.fullmatch(
        r"https://ecert\.neea\.edu\.cn/verify\.htm\?[A-Z2-9]{40}", code.text.strip()
    )
    older = KINDS["cet6", "cet-card-2012"].draw(draw_person(random.Random(3)), random.Random(3))
    assert zxingcpp.read_barcodes(older.image) == []


@pytest.mark.parametrize("name", ["王𠮷喆", "李䶮", "买买提江·阿布都热依木"])
@pytest.mark.parametrize("layout", ["cet-ereport-pdf", "cet-ereport-pdf-portrait"])
def test_the_electronic_cet_report_has_every_printed_value_in_its_text_layer(
    name: str, layout: str
) -> None:
    person = draw_person(random.Random(4), name=name)
    paper = KINDS["cet4", layout].draw(person, random.Random(name))
    assert paper.pdf is not None
    with pdfplumber.open(io.BytesIO(paper.pdf)) as document:
        (page,) = document.pages
        text = unspaced(page.extract_text())
        assert page.width / page.height == pytest.approx(
            paper.image.width / paper.image.height, rel=0.01
        )
    assert [value for value in paper.printed.values() if unspaced(value) not in text] == []


def test_majors_declarations_equal_what_is_printed() -> None:
    with_score = 0
    for kind, composition in compositions("tem", "trm"):
        printed, declared = composition.printed, composition.declared
        assert declared["成绩单编号"] == printed["certificate_number"]
        assert re.fullmatch(r"[0-9A-Z]{6,25}", printed["certificate_number"])
        assert declared["考试成绩"] == printed.get("score", printed["status"])
        assert declared["成绩状态"] in {printed["status"], "合格"}
        assert month_of(declared["证书获取日期"]) in printed_months(composition)
        language = {"tem": "英语", "trm": "俄语"}[kind.certificate_type[:3]]
        assert printed["language"] == language
        assert printed["level"] == {"4": "四级", "8": "八级"}[kind.certificate_type[3]]
        if "score" in printed:
            with_score += 1
            score = int(printed["score"])
            earned = "优秀" if score >= 80 else "良好" if score >= 70 else "合格"
            # A retake gets 合格 at most.
            assert printed["status"] in {earned, "合格"}
    assert with_score


def test_majors_certificates_name_no_sitting_that_was_not_held() -> None:
    months = {"tem4": {4, 6, 10}, "tem8": {3, 4, 11}, "trm4": {5}, "trm8": {3}}
    for kind, composition in compositions("tem", "trm"):
        assert not composition.printed["date"].startswith("2020")
        if "月" in composition.printed["date"]:
            month = int(month_of(composition.printed["date"])[4:])
            assert month in months[kind.certificate_type]


def test_etic_declarations_equal_what_is_printed() -> None:
    for kind, composition in compositions("etic"):
        printed, declared = composition.printed, composition.declared
        assert month_of(declared["证书获取日期"]) == month_of(printed["date"])
        assert declared["考试成绩"] == printed.get("score", printed["status"])
        if "report" in kind.layout:
            assert declared["成绩单编号"] == "-"
            assert "certificate_number" not in printed
            parts = int(printed["component_a"]) + int(printed["component_b"])
            assert 0 <= int(printed["score"]) - parts <= 1
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", printed["date"])
        else:
            assert declared["成绩单编号"] == printed["certificate_number"]
            assert printed["status"] != "不合格"
        word = {"elementary": "初级", "intermediate": "中级", "advanced": "高级"}.get(
            kind.certificate_type[5:], {"etic-executive": "高端"}.get(kind.certificate_type, "高翻")
        )
        assert printed["level"].startswith(word)


def test_the_downloaded_etic_report_is_a_turned_picture_without_text() -> None:
    kind = KINDS["etic-advanced", "etic-report-pdf"]
    paper = draw_paper(kind, draw_person(random.Random(5)), random.Random(5))
    assert paper.pdf is not None
    assert paper.image.width > paper.image.height
    with pdfplumber.open(io.BytesIO(paper.pdf)) as document:
        (page,) = document.pages
        assert page.extract_text() == ""
        assert page.height > page.width
        assert len(page.images) == 1
        shown = page.to_image(resolution=100).original.convert("L")
    small = paper.image.convert("L").resize((60, 42), Image.Resampling.BOX)

    def difference(degrees: int) -> float:
        turned = shown.rotate(degrees, expand=True).resize((60, 42), Image.Resampling.BOX)
        pairs = zip(turned.tobytes(), small.tobytes(), strict=True)
        return sum(abs(one - other) for one, other in pairs) / (60 * 42)

    # Turned clockwise by 90 degrees the page is upright, turned the other way upside down.
    assert difference(-90) < 1.5
    assert difference(90) > 5


def test_self_taught_declarations_equal_what_is_printed() -> None:
    without_number = 0
    for kind, composition in compositions("zikao"):
        printed, declared = composition.printed, composition.declared
        assert declared["考试成绩"] == printed["score"]
        assert month_of(declared["证书获取日期"]) == month_of(printed["date"])
        expected = printed.get("certificate_number", printed["admission_ticket"])
        without_number += "certificate_number" not in printed
        assert declared["成绩单编号"] == expected
        assert declared["成绩状态"] == ("合格" if int(printed["score"]) >= 60 else "不合格")
        assert printed.get("status", declared["成绩状态"]) == declared["成绩状态"]
        course = printed["course"].replace("(", "（").replace(")", "）")
        assert (printed["course_code"], course) in {
            ("00015", "英语（二）"),
            ("13000", "英语（专升本）"),
        }
        assert kind.layout == "zikao-web" or int(printed["score"]) >= 60
    assert without_number


def test_other_examinations_declare_their_own_number_and_score() -> None:
    for kind, composition in compositions("not-accepted"):
        printed, declared = composition.printed, composition.declared
        assert declared["成绩单编号"] == printed.get("certificate_number", "-")
        assert declared["考试成绩"] == printed.get("score", printed.get("status"))
        assert kind.layout != "other-college-russian" or declared["语种"] in {"俄语", "Russian"}


def test_pictures_that_are_no_certificate_print_nothing_but_something_is_declared() -> None:
    for layout in ("unknown-landscape", "unknown-chat", "unknown-blank", "unknown-identity-card"):
        paper = KINDS["unknown", layout].draw(draw_person(random.Random(6)), random.Random(6))
        assert paper.printed == {}
        assert re.fullmatch(r"\d{15}", paper.declared["成绩单编号"])
        if layout == "unknown-blank":
            darkest = paper.image.convert("L").getextrema()[0]
            assert isinstance(darkest, int | float)
            assert darkest > 200
