import datetime
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from store import open_store
from tests.conftest import Hedui
from tests.flows.folders import write_batch

PAST = datetime.datetime(2024, 3, 31, 23, 59, 59, tzinfo=datetime.UTC)


def test_help_is_fast_since_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; sys.argv[1:] = ['--help']\n"
        "from flows.cli import main\n"
        "try: main()\n"
        "except SystemExit as stopped: assert not stopped.code\n"
        "heavy = {'prefect', 'sqlalchemy', 'pandas', 'cv2', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_a_refused_folder_names_every_fault_in_chinese_and_stores_nothing(
    hedui: Hedui, tmp_path: Path
) -> None:
    folder = write_batch(tmp_path / "b", PAST, ("2021001", "2021001"))
    (folder / "batch.toml").unlink()
    code, out, errors = hedui("run", folder)
    assert (code, out) == (3, "")
    assert "batch.toml" in errors
    assert "applications.csv 第 3 行 “学号”列" in errors
    assert "Traceback" not in errors
    assert not (tmp_path / "home").exists()
    code, _, errors = hedui("run", folder, "--lang", "en", "--quiet")
    assert code == 3
    assert "applications.csv, row 3, column 学号" in errors


def test_check_tells_what_would_be_returned(hedui: Hedui, tmp_path: Path) -> None:
    code, out, _ = hedui("check", write_batch(tmp_path / "b", PAST))
    assert code == 1
    assert "学号 2021001：没有上传文件（no-upload）" in out
    assert "王小明" not in out


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", "nothing"),
        ("show", "nothing", "1"),
        ("policy", "show", "nowhere"),
        ("run", "x", "--as-of", "soon"),
        ("serve", "--inbox", "/nonexistent"),
        ("--lang", "fr", "status"),
        ("no-such-command",),
    ],
)
def test_wrong_use_says_what_to_do(hedui: Hedui, arguments: tuple[str, ...]) -> None:
    code, _, errors = hedui(*arguments)
    assert code == 2
    assert errors.strip()
    assert "Traceback" not in errors


def test_policies_are_shown_and_checked(
    hedui: Hedui, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "pass_lines.cet" in hedui("policy", "show")[1]
    assert hedui("policy", "check")[0] == 0
    default = Path("institutions/default.toml").read_text(encoding="utf-8")
    (tmp_path / "default.toml").write_text(default, encoding="utf-8")
    shutil.copytree("institutions/calibration", tmp_path / "calibration")
    (tmp_path / "school.toml").write_text("[intake]\nmax_file = 1\n", encoding="utf-8")
    monkeypatch.setenv("HEDUI_INSTITUTIONS", str(tmp_path))
    code, out, errors = hedui("policy", "check")
    assert (code, "ok default" in out) == (1, True)
    assert "did you mean 'max_files'" in errors


def test_a_table_that_is_piped_has_every_row_on_one_line(hedui: Hedui, tmp_path: Path) -> None:
    from tests.store.builders import make_batch, make_input, make_submission

    with open_store(tmp_path / "home") as store:
        store.batches.register(make_input(make_submission("1")))
    lines = hedui("status")[1].splitlines()
    assert len(lines) == 2
    assert make_batch().deadline.isoformat() in lines[1]
    assert "interrupted, 0 of 1 read: run it again" in lines[1]


@pytest.mark.parametrize("stream", [1, 2])
def test_a_closed_stream_is_no_fault(stream: int) -> None:
    said = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -m flows.cli policy check {stream}>&-', sys.executable],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 0
    assert "Traceback" not in said.stderr


def test_a_broken_log_is_found(hedui: Hedui, tmp_path: Path) -> None:
    from store.events import NewEvent

    with open_store(tmp_path / "home") as store:
        store.events.append(NewEvent(kind="a"), NewEvent(kind="b"))
        head = store.events.head()
    assert hedui("audit", "verify", "--head", head)[0] == 0
    with open_store(tmp_path / "home") as store, store.database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER events_no_UPDATE")
        connection.exec_driver_sql("UPDATE events SET kind = 'c' WHERE sequence = 2")
    code, _, errors = hedui("audit", "verify")
    assert code == 1
    assert "entry 2 is broken" in errors


@pytest.mark.prefect
def test_a_batch_runs_from_folder_to_outcome(tmp_path: Path) -> None:
    folder = write_batch(tmp_path / "b", PAST)
    environment = {"HEDUI_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"}

    def hedui(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flows.cli", *arguments]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=120
        )

    ran = hedui("run", str(folder))
    assert ran.returncode == 0, ran.stderr
    assert "no-upload" in ran.stdout
    assert "PROVISIONAL" not in ran.stdout
    assert "Traceback" not in ran.stderr
    results = tmp_path / "home/out/small/results.csv"
    first = results.read_bytes()
    assert first.decode("utf-8-sig").count("return") == 2
    results.unlink()
    assert hedui("report", "small").returncode == 0
    assert results.read_bytes() == first
    shown = hedui("show", "small", "2021001")
    assert "no-upload" in shown.stdout
    assert "run-" not in shown.stdout, "the timeline is the application's own"
    assert "王小明" not in ran.stdout + ran.stderr + shown.stdout
    assert "decided" in hedui("status").stdout
    assert hedui("audit", "verify").returncode == 0
