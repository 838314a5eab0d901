"""What is read from one paper of every kind stays what it was, and is what is printed."""

import json

import pytest

from domain.certificates import ACCEPTED_TYPES
from tests.extractors import golden_files

pytestmark = pytest.mark.reading


@pytest.mark.parametrize("certificate_type", golden_files.LAYOUTS)
def test_a_paper_is_read_as_before(certificate_type: str) -> None:
    paper = golden_files.draw(certificate_type)

    described = golden_files.describe(
        certificate_type, golden_files.read(*golden_files.encode(paper))
    )

    golden = json.loads(golden_files.golden_path(certificate_type).read_text("utf-8"))
    assert described == golden
    assert golden_files.misread(paper, golden) == []


def test_every_accepted_kind_has_a_golden_file() -> None:
    assert sorted(golden_files.LAYOUTS) == sorted(ACCEPTED_TYPES)
    files = {path.stem for path in golden_files.DIRECTORY.iterdir()}
    assert files == set(golden_files.LAYOUTS)


@pytest.mark.parametrize("arguments", [[], ["--write"], ["--rewrite", "--rewrite"]])
def test_golden_files_are_not_rewritten_by_accident(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in golden_files.DIRECTORY.iterdir()}

    assert golden_files.main(arguments) == 2

    assert "--rewrite" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in golden_files.DIRECTORY.iterdir()} == before


def test_golden_files_are_not_rewritten_in_continuous_integration(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CI", "true")

    assert golden_files.main(["--rewrite"]) == 2
    assert capsys.readouterr().out == ""


def test_a_misread_value_is_told_by_its_field_alone() -> None:
    paper = golden_files.draw("cet4")
    right = {field: [text] for field, text in paper.printed.items()}
    described = {"certificate_type": "cet4", "values": right}

    assert golden_files.misread(paper, described) == []
    wrong = {**described, "values": {**right, "score": ["1"]}}
    assert golden_files.misread(paper, wrong) == ["score"]
    assert golden_files.misread(paper, {**described, "certificate_type": "cet6"}) == [
        "certificate_type"
    ]
