"""The blank form by the command, and the filled ones of a batch on the disk."""

import dataclasses
import shutil
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest

from domain.outcome import BatchOutcome
from flows.degree_stages import check_form
from flows.forming import write_forms
from store import Store, open_store
from store.institutions import institutions_folder
from tests.conftest import Hedui
from tests.reports.forms.test_template import background
from tests.reports.test_degree_data import outcome_of
from tests.validators.builders import POLICY, batch_of, submission_of
from tests.validators.degree_builders import DECLARED, assess_application


def test_the_blank_form_is_written_for_download(hedui: Hedui, tmp_path: Path) -> None:
    path = tmp_path / "blank.pdf"
    code, said, _ = hedui("form", "--blank", "--out", path)
    assert code == 0
    assert str(path) in said
    assert len(pypdfium2.PdfDocument(path)) == 1
    with pdfplumber.open(path) as pdf:
        text = pdf.pages[0].extract_text()
    assert "学士学位申请表" in text
    assert "王" not in text


def test_without_blank_or_for_an_unknown_institution_it_says_what_to_do(
    hedui: Hedui, tmp_path: Path
) -> None:
    code, _, told = hedui("form", "--out", tmp_path / "x.pdf")
    assert code == 2
    assert "--blank" in told
    code, _, told = hedui("form", "--blank", "--institution", "nowhere", "--out", "x.pdf")
    assert code == 2
    assert "known: default" in told


def test_where_the_form_cannot_be_written_it_says_so_and_keeps_what_is_there(
    hedui: Hedui, tmp_path: Path
) -> None:
    for place in (tmp_path / "nowhere" / "x.pdf", tmp_path):
        code, _, told = hedui("form", "--blank", "--out", place)
        assert code == 2
        assert "name a file in a folder that you may write to" in told
    path = tmp_path / "blank.pdf"
    path.write_bytes(b"of before")
    code, _, _ = hedui("form", "--blank", "--institution", "nowhere", "--out", path)
    assert (code, path.read_bytes()) == (2, b"of before")
    code, _, told = hedui("form", "--blank", "--out", path)
    assert (code, path.read_bytes()[:5]) == (0, b"%PDF-")
    assert "备注、学习形式、指导教师" in told
    assert [item.name for item in tmp_path.iterdir() if item.is_file()] == ["blank.pdf"]


def test_a_schools_own_pdf_is_its_blank_form(
    hedui: Hedui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schools = tmp_path / "institutions"
    shutil.copytree(institutions_folder(), schools)
    (schools / "west.toml").write_text('[forms]\nlayout = "west"\n')
    (schools / "forms" / "west.toml").write_text('template = "west.pdf"\n[fields]\nname = "姓明"\n')
    (schools / "forms" / "west.pdf").write_bytes(background(fields=True))
    monkeypatch.setenv("HEDUI_INSTITUTIONS", str(schools))
    path = tmp_path / "blank.pdf"
    code, _, told = hedui("form", "--blank", "--institution", "west", "--out", path)
    assert code == 0
    assert "they stay empty on every form: 姓明" in told
    with pdfplumber.open(path) as pdf:
        assert "WEST UNIVERSITY" in pdf.pages[0].extract_text()
    (schools / "forms" / "west.pdf").unlink()
    code, _, told = hedui("form", "--blank", "--institution", "west", "--out", path)
    assert code == 2
    assert "the template of the form is missing" in told


def forms(store: Store, outcome: BatchOutcome, out: Path) -> list[str]:
    write_forms(store, outcome, out)
    folder = out / outcome.batch.id / "forms"
    return sorted(path.name for path in folder.glob("*.pdf"))


def test_only_who_is_eligible_gets_a_form_and_a_withdrawn_one_is_removed(tmp_path: Path) -> None:
    sound, failed = assess_application(), assess_application({"学位外语成绩": "不合格"})
    with open_store(tmp_path / "home") as store:
        no_photo = [({}, assess_application(files=())), ({}, failed)]
        assert forms(store, outcome_of(*no_photo), tmp_path) == []
        plain = outcome_of(({}, _without_photo(sound)), ({}, failed))
        assert forms(store, plain, tmp_path) == ["202100000000.pdf"]
        first = (tmp_path / plain.batch.id / "forms" / "202100000000.pdf").read_bytes()
        forms(store, plain, tmp_path)
        assert (tmp_path / plain.batch.id / "forms" / "202100000000.pdf").read_bytes() == first
        assert forms(store, outcome_of(({}, failed)), tmp_path) == []


def _without_photo(assessment):  # type: ignore[no-untyped-def]
    degree = dataclasses.replace(assessment.degree, photo_file="")
    return dataclasses.replace(assessment, degree=degree)


def test_a_name_that_no_font_covers_stops_that_form_with_a_finding() -> None:
    cells = DECLARED | {"其他信息": "\U0010ffff"}
    sound = assess_application({"其他信息": "\U0010ffff"})
    assert sound.decision.value == "accept"
    flagged = check_form(submission_of(cells, ()), sound, batch_of(), POLICY)
    assert flagged.decision.value == "review"
    assert flagged.reason_codes == ("form-glyph-missing",)
    assert "U+10FFFF" in flagged.findings[-1].message
    assert check_form(submission_of(DECLARED, ()), sound, batch_of(), POLICY) == sound


def test_a_value_that_no_form_has_room_for_stops_that_form_with_a_finding() -> None:
    cells = DECLARED | {"其他信息": "字" * 20_000}
    sound = assess_application({"其他信息": "字" * 20_000})
    flagged = check_form(submission_of(cells, ()), sound, batch_of(), POLICY)
    assert (flagged.decision.value, flagged.reason_codes) == ("review", ("form-too-large",))
    assert flagged.findings[-1].opinion
