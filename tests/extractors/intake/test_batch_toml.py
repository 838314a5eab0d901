"""What batch.toml may say, and every way in which it may not."""

import datetime
from pathlib import Path

import pytest

from domain.application import BatchKind
from domain.faults import BatchRefused, ConfigurationFault
from extractors.intake import find_batch_folders, read_batch_folder, read_batch_header
from tests.extractors.intake.builders import BATCH_TOML, make_folder, policy_of

LATER = "resubmit_until = 2024-04-15T23:59:59+08:00\n"


def test_header_is_read_without_the_tables(tmp_path):
    (tmp_path / "batch.toml").write_text("\ufeff" + BATCH_TOML + LATER, encoding="utf-8")
    batch = read_batch_header(tmp_path)
    assert (batch.id, batch.name, batch.institution) == ("2024-language", "2024批次", "default")
    assert batch.kind is BatchKind.LANGUAGE
    assert batch.deadline.utcoffset() == datetime.timedelta(hours=8)
    assert batch.resubmit_until == datetime.datetime.fromisoformat("2024-04-15T23:59:59+08:00")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"2024-language"', '"2024_Language"', [("bad-id", 2, "id")]),
        ('"2024-language"', '"-2024"', [("bad-id", 2, "id")]),
        ('"2024-language"', "2024", [("wrong-type", 2, "id")]),
        ('"2024批次"', '"  "', [("bad-name", 3, "name")]),
        ('"language"', '"Language"', [("bad-kind", 4, "kind")]),
        ('kind = "language"\n', "", [("missing-key", None, "kind")]),
        ("opens = 2024-03-01T00:00:00+08:00", 'opens = "2024"', [("wrong-type", 5, "opens")]),
        ("2024-03-01T00:00:00+08:00", "2024-03-01", [("wrong-type", 5, "opens")]),
        ("2024-03-01T00:00:00+08:00", "2024-03-01T00:00:00", [("no-offset", 5, "opens")]),
        ("2024-03-01T00", "2024-04-01T00", [("bad-order", 6, "deadline")]),
        ('"default"', '"../x"', [("bad-institution", 7, "institution")]),
        ('id = "2024-language"', "id = ", [("broken-toml", 2, "")]),
        ("[batch]", "[Batch]", [("unknown-key", 1, "Batch"), ("missing-key", None, "batch")]),
        (
            "institution = ",
            "dead_line = 1\ninstitution = ",
            [("unknown-key", 7, "dead_line")],
        ),
    ],
)
def test_fault_names_line_and_key(tmp_path, faults_of, old, new, expected):
    assert old in BATCH_TOML
    make_folder(tmp_path, toml=BATCH_TOML.replace(old, new, 1))
    found = [(code, row, key) for code, file, row, key in faults_of(tmp_path)]
    assert found == expected


def test_unknown_key_names_the_nearest(tmp_path):
    make_folder(tmp_path, toml=BATCH_TOML + "resubmit_untill = 2024-04-15T23:59:59+08:00\n")
    with pytest.raises(BatchRefused) as refusal:
        read_batch_header(tmp_path)
    (fault,) = refusal.value.faults
    assert fault.row == 8
    assert "resubmit_until" in fault.message
    assert "'resubmit_until'" in fault.message_en


def test_resubmission_ends_after_the_deadline(tmp_path, faults_of):
    make_folder(tmp_path, toml=BATCH_TOML + "resubmit_until = 2024-03-31T23:59:59+08:00\n")
    assert faults_of(tmp_path) == [("bad-order", "batch.toml", 8, "resubmit_until")]


def test_bytes_that_are_not_utf8_are_named_by_line(tmp_path, faults_of):
    make_folder(tmp_path)
    (tmp_path / "batch.toml").write_bytes(BATCH_TOML.encode("gb18030"))
    assert faults_of(tmp_path) == [("undecodable", "batch.toml", 3, "")]


def test_all_faults_of_toml_and_table_come_at_once(tmp_path, faults_of):
    make_folder(tmp_path, toml=BATCH_TOML.replace('"language"', '"x"').replace('"2024批次"', "7"))
    (tmp_path / "applications.csv").unlink()
    assert [fault[:2] for fault in faults_of(tmp_path)] == [
        ("wrong-type", "batch.toml"),
        ("bad-kind", "batch.toml"),
        ("no-table", "applications.csv"),
    ]


def test_missing_file_and_missing_folder(tmp_path, faults_of):
    make_folder(tmp_path)
    (tmp_path / "batch.toml").unlink()
    assert faults_of(tmp_path) == [("no-batch-toml", "batch.toml", None, "")]
    assert faults_of(tmp_path / "absent") == [("no-folder", "absent", None, "")]


def test_linked_batch_toml_is_not_followed(tmp_path, faults_of):
    make_folder(tmp_path / "batch")
    (tmp_path / "batch/batch.toml").rename(tmp_path / "elsewhere.toml")
    (tmp_path / "batch/batch.toml").symlink_to(tmp_path / "elsewhere.toml")
    assert faults_of(tmp_path / "batch") == [("not-regular", "batch.toml", None, "")]


def test_inbox_lists_batch_folders_only(tmp_path):
    for name in ("b", "a"):
        make_folder(tmp_path / name)
    (tmp_path / "c-without").mkdir()
    (tmp_path / "d-link").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "batch.toml").write_text(BATCH_TOML, encoding="utf-8")
    assert find_batch_folders(tmp_path) == [tmp_path / "a", tmp_path / "b"]
    with pytest.raises(ConfigurationFault):
        find_batch_folders(tmp_path / "absent")


def test_policy_of_the_institution_is_asked_for(tmp_path):
    make_folder(tmp_path, toml=BATCH_TOML.replace('"default"', '"east"'))
    asked: list[str] = []

    def ask(institution):
        asked.append(institution)
        return policy_of(institution)

    read_batch_folder(tmp_path, ask)
    assert asked == ["east"]


def test_files_that_the_contract_does_not_name_are_not_looked_at(tmp_path):
    make_folder(tmp_path)
    (tmp_path / "truth.jsonl").write_bytes(b"\xff\xfe not json")
    (tmp_path / "courses.csv").write_bytes(b"\xff")  # belongs to degree batches only
    (tmp_path / "link").symlink_to(Path("/nonexistent"))
    assert len(read_batch_folder(tmp_path, policy_of).submissions) == 1
