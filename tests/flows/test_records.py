"""The commands archive, verify and retention, as staff type them."""

import json
from pathlib import Path

import pikepdf
import pytest

from store import open_store
from tests.conftest import Hedui
from tests.review.builders import BATCH
from tests.store.archive.packages import FIRST, make_decided, make_sealed, quick_hashes


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    quick_hashes(monkeypatch)
    make_sealed(tmp_path / "home").close()
    return tmp_path / "home"


def test_the_path_is_the_last_line_and_the_package_is_valid(home: Path, hedui: Hedui) -> None:
    code, said, _ = hedui("archive", BATCH)
    assert code == 0
    package = Path(said.splitlines()[-1])
    assert package == home / "out" / BATCH / "archive" / BATCH
    report = home / "check.pdf"
    code, said, _ = hedui("verify", package, "--pdf", report, "--as-of", "2024-05-01")
    assert code == 0
    assert "真实性" in said
    assert "is only found with --digest or --head" in said
    assert said.splitlines()[-1] == f"{BATCH}: valid"
    with pikepdf.open(report) as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "2"
    first = report.read_bytes()
    hedui("verify", package, "--pdf", report, "--as-of", "2024-05-01")
    assert report.read_bytes() == first
    code, said, _ = hedui("verify", package, "--json")
    (found,) = json.loads(said)
    assert (code, found["valid"], found["records"]) == (0, True, 3)
    assert found["compared"] == []
    code, said, _ = hedui("verify", package, "--digest", found["digest"], "--json")
    assert (code, json.loads(said)[0]["compared"]) == (0, ["digest"])
    assert {item["property"] for item in found["items"]} == {"真实性", "完整性", "可用性", "安全性"}


@pytest.mark.usefixtures("home")
def test_every_fault_is_a_line_and_the_exit_says_so(hedui: Hedui) -> None:
    package = Path(hedui("archive", BATCH)[1].splitlines()[-1])
    (package / "data/records/000001/review.json").unlink()
    (package / "data/new.txt").write_text("x")
    code, said, errors = hedui("--quiet", "verify", package)
    assert code == 1
    assert "data/records/000001/review.json: expected a file" in said
    assert "data/new.txt: expected no file that manifest-sha256.txt does not list" in said
    assert errors == ""
    assert hedui("verify", package / "nothing")[0] == 1


@pytest.mark.usefixtures("home")
def test_parts_are_made_and_checked_together(hedui: Hedui) -> None:
    assert hedui("archive", BATCH, "--split-size", "10")[0] == 2
    code, said, _ = hedui("archive", BATCH, "--split-size", "1M", "--zip")
    assert code == 0
    assert hedui("--quiet", "verify", said.splitlines()[-1])[0] == 0


def test_before_the_sealing_it_says_what_to_do(
    tmp_path: Path, hedui: Hedui, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick_hashes(monkeypatch)
    make_decided(tmp_path / "home").close()
    code, _, errors = hedui("archive", BATCH)
    assert code == 2
    assert f"hedui seal {BATCH} --by USER" in errors
    assert hedui("archive", "unknown")[0] == 2


def test_deleting_takes_a_lead_a_package_and_the_name_again(
    home: Path, hedui: Hedui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said, _ = hedui("retention", BATCH, "--as-of", "2099-01-01")
    assert code == 0
    assert "nothing may be deleted: it is not archived" in said
    order = ("retention", BATCH, "--as-of", "2099-01-01", "--delete", "--by", "chen")
    assert hedui(*order, "--confirm", BATCH)[0] == 2
    hedui("archive", BATCH)
    assert hedui(*order)[0] == 2
    folder = tmp_path / "institutions"
    folder.mkdir()
    shipped = Path("institutions")
    text = (shipped / "default.toml").read_text("utf-8")
    changed = text.replace("passed_years = 0", "passed_years = 5")
    (folder / "default.toml").write_text(changed, "utf-8")
    (folder / "calibration").symlink_to(shipped.resolve() / "calibration")
    monkeypatch.setenv("HEDUI_INSTITUTIONS", str(folder))
    by_reviewer = [word if word != "chen" else "li" for word in order]
    assert hedui(*by_reviewer, "--confirm", BATCH)[0] == 2
    code, said, errors = hedui(*order, "--confirm", BATCH)
    assert (code, errors) == (0, "")
    assert "deleted 3 file(s) of 3 application(s); 0 stay" in said
    shown = hedui("show", BATCH, FIRST)[1]
    assert "deleted; the originals are in the archive package" in shown
    assert "materials-deleted" in shown
    with open_store(home) as store:
        assert [event.actor for event in store.events.last(3)] == ["chen"] * 3
