"""report.pdf: archival, signed by three, nothing personal but 学号 and a masked name."""

import dataclasses
import io
import re

import pikepdf
import pytest
from hypothesis import given, settings
from pdfminer.high_level import extract_text

from domain.assessment import Decision
from domain.outcome import BatchOutcome, SettledVerdict
from domain.review import Verdict
from reports.forms.fonts import default_chain
from reports.outcome import renderers
from reports.paged import Pages
from reports.signing import mask_name
from reports.wording import reason_wording
from tests.reports.conftest import MakeOutcome, finding, make_row
from tests.reports.test_cells import any_text


def pdf_of(outcome: BatchOutcome) -> bytes:
    return renderers(outcome)["report.pdf"]()


def pages_of(content: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        count = len(pdf.pages)
    return [extract_text(io.BytesIO(content), page_numbers=[page]) for page in range(count)]


def test_it_is_archival_and_named(mixed_outcome: BatchOutcome) -> None:
    with pikepdf.open(io.BytesIO(pdf_of(mixed_outcome))) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "B")
        assert metadata["dc:title"] == "2024批次 核对报告"
        assert metadata["xmp:CreateDate"].startswith("2024-03-31T23:59:59")
        assert not pdf.is_encrypted
        assert "/OutputIntents" in pdf.Root


def test_the_cover_is_signed_by_three_and_every_page_names_the_chain(
    mixed_outcome: BatchOutcome,
) -> None:
    pages = pages_of(pdf_of(mixed_outcome))
    for word in ("经办", "复核", "审批"):
        assert word in pages[0]
    assert pages[0].count("签名：") == pages[0].count("日期：") == 3
    for number, page in enumerate(pages, start=1):
        assert f"第 {number} 页，共 {len(pages)} 页" in page
        assert mixed_outcome.event_head in page


def test_refused_and_returned_are_listed_with_masked_names_and_reasons(
    mixed_outcome: BatchOutcome,
) -> None:
    text = "".join(pages_of(pdf_of(mixed_outcome)))
    assert "审核不通过名单（1 份）" in text
    assert "2024007" in text
    assert "张**" in text
    assert reason_wording("not-in-four") in text
    assert "退回名单（1 份）" in text
    assert "处理失败名单（1 份）" in text
    for name in ("张明远", "HYPERLINK", "欧阳"):
        assert name not in text


def test_what_is_personal_does_not_stand_in_it(make_outcome: MakeOutcome) -> None:
    number, phone = "990101199001010019", "13800001111"
    opinion = f"王小丽的证件号 {number}、电话 {phone}、出生日期 1990-01-01 与 1990年1月1日 有误。"
    row = dataclasses.replace(
        make_row(
            number,
            Decision.REVIEW,
            name="王小丽",
            status="退回",
            columns=(("身份证号", number), ("手机号", phone)),
            findings=(finding("late", opinion, declared=phone),),
        ),
        settled=SettledVerdict(verdict=Verdict.REUPLOAD, accounts=("li",), opinion=opinion),
    )
    machine = make_row("2024002", Decision.RETURN, name=phone, findings=(finding("late", opinion),))
    text = "".join("".join(pages_of(pdf_of(make_outcome(row, machine)))).split())
    assert "王**的证件号******" in text
    assert "2024002" in text
    for secret in (number, phone, "王小丽", "1990-01-01", "1990年1月1日", "19900101"):
        assert secret not in text


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张明远", "张**"), ("欧阳", "欧*"), ("王", "*"), ("", ""), ("买买提江·阿布都", "买***")],
)
def test_a_masked_name_keeps_one_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


def test_long_lists_go_on_over_pages_under_their_heading(make_outcome: MakeOutcome) -> None:
    outcome = make_outcome(
        *(
            make_row(
                f"2024{place:04}", Decision.RETURN, findings=(finding("late", "文件过大。" * 9),)
            )
            for place in range(300)
        )
    )
    pages = pages_of(pdf_of(outcome))
    found = [number for page in pages for number in re.findall(r"2024\d{4}", page)]
    assert sorted(set(found)) == [f"2024{place:04}" for place in range(300)]
    lists = [page for page in pages if re.search(r"2024\d{4}", page)]
    assert len(lists) > 5
    assert all("学号" in page and "原因" in page for page in lists)


@settings(max_examples=25, deadline=None)
@given(any_text, any_text)
def test_no_text_breaks_it(make_outcome: MakeOutcome, name: str, opinion: str) -> None:
    row = make_row("1", Decision.RETURN, name=name, findings=(finding("late", opinion),))
    content = pdf_of(make_outcome(row, orphan_findings=((name, finding("orphan-folder")),)))
    assert content.startswith(b"%PDF-1.7")
    assert "退回名单（1 份）" in "".join(pages_of(content))


def test_a_character_without_glyph_stands_by_its_number() -> None:
    pages = Pages(default_chain(), ())
    assert pages.drawable("张\U000f0000") == "张[U+F0000]"
    assert "\u202e" not in pages.drawable("张\u202e")
