"""Uploads are judged by their bytes; nothing hostile is opened, decoded or waited for."""

import hashlib
import os
import random
import unicodedata
import zipfile
from io import BytesIO

import pytest
from PIL import Image

from domain.application import FileKind
from domain.faults import MachineFault
from extractors.intake import read_batch_folder, read_upload, uploads
from extractors.intake.structure import is_polyglot, measure
from tests.extractors.intake.builders import (
    DEGREE_TOML,
    HEIC,
    MEBIBYTE,
    PDF,
    PROGRAM,
    WORD_DOCUMENT,
    course_row,
    csv_text,
    degree_row,
    jpeg,
    language_row,
    make_folder,
    png,
    policy_of,
    upload,
)


def submission_of(folder):
    (submission,) = read_batch_folder(folder, policy_of).submissions
    return submission


def judge(folder, name, content):
    upload(folder, name, content)
    (judged,) = submission_of(folder).uploads
    return judged


@pytest.fixture
def folder(tmp_path):
    return make_folder(tmp_path / "batch")


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.jpg", jpeg(), FileKind.JPEG),
        ("a.JPEG", jpeg(), FileKind.JPEG),
        ("成绩单．ｐｎｇ", png(), FileKind.PNG),
        ("a.pdf", PDF, FileKind.PDF),
        ("a.pdf", b"junk\n" * 100 + PDF, FileKind.PDF),
        ("a.jpg", jpeg()[:-9], FileKind.JPEG),  # truncated: the reader says so
        ("a.png", png()[:20], FileKind.PNG),
    ],
)
def test_content_of_the_three_kinds_is_usable(folder, name, content, kind):
    judged = judge(folder, name, content)
    assert (judged.kind, judged.rejections, judged.notes) == (kind, (), ())
    assert judged.path == unicodedata.normalize("NFC", f"uploads/2022001/{name}")
    assert (judged.size_bytes, judged.digest) == (len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.parametrize(
    ("name", "content", "rejections"),
    [
        ("a.jpg", b"", ("empty",)),
        ("a.pdf", PROGRAM, ("type-mismatch",)),
        ("a.exe", PROGRAM, ("type-not-allowed",)),
        ("a.jpg", b"\0" * 999, ("type-mismatch",)),
        ("a.png", b"<!DOCTYPE html><html>", ("type-mismatch",)),
        ("a.png", b"%!PS-Adobe-3.0 EPSF-3.0", ("type-mismatch",)),
        ("a.pdf", PROGRAM + PDF, ("type-mismatch",)),
        ("a.docx", WORD_DOCUMENT, ("type-not-allowed",)),
        ("a.pdf", WORD_DOCUMENT, ("type-mismatch",)),
        ("a.txt", b"hello", ("type-not-allowed",)),
        ("a.heic", HEIC, ("type-not-allowed",)),
        ("a.jpg", HEIC, ("type-not-allowed",)),
        ("a.jpg", b"RIFF\x10\0\0\0WEBPVP8 ", ("type-not-allowed",)),
        ("a.png", b"GIF89a" + b"\0" * 20, ("type-not-allowed",)),
        ("a.png", b"BM" + b"\0" * 12 + b"\x28\0\0\0" + b"\0" * 40, ("type-not-allowed",)),
        ("a.tif", b"II*\0" + b"\0" * 20, ("type-not-allowed",)),
        ("a.png", b'<?xml version="1.0"?>\n<svg onload="x">', ("type-not-allowed",)),
        ("a.jpg", b"\0\0\0\x18ftypisom\0\0\0\0mp41", ("type-mismatch",)),
    ],
)
def test_other_content_is_rejected(folder, name, content, rejections):
    judged = judge(folder, name, content)
    assert (judged.kind, judged.rejections) == (FileKind.OTHER, rejections)
    assert judged.digest == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("excess", "rejections"), [(0, ()), (1, ("too-large",)), (9 << 20, ("too-large",))]
)
def test_size_limit_is_exact(folder, excess, rejections):
    content = png(padding=1)
    content = png(padding=1 + MEBIBYTE - len(content) + excess)
    judged = judge(folder, "a.png", content)
    assert judged.size_bytes == len(content) == MEBIBYTE + excess
    assert (judged.rejections, judged.notes) == (rejections, ())
    assert judged.digest == hashlib.sha256(content).hexdigest()


def test_file_too_large_to_hash_is_not_read(folder):
    path = upload(folder, "a.jpg", jpeg())
    os.truncate(path, 40 << 30)
    (judged,) = submission_of(folder).uploads
    assert (judged.size_bytes, judged.digest, judged.kind) == (40 << 30, "", FileKind.JPEG)
    assert judged.rejections == ("too-large",)


@pytest.mark.parametrize("make", [png, jpeg])
@pytest.mark.parametrize(
    ("width", "height", "rejections"),
    [
        (10_000, 4_000, ()),
        (10_000, 4_001, ("pixels",)),
        (10_001, 1, ("dimensions",)),
        (1, 0, ("dimensions",)),
        (0, 1, ("dimensions",)),
        (60_000, 60_000, ("dimensions", "pixels")),
    ],
)
def test_picture_limits_hold_before_any_decoding(folder, make, width, height, rejections):
    assert judge(folder, "a.png", make(width, height)).rejections == rejections


def test_pixel_flood_of_one_column_is_rejected(folder):
    assert "dimensions" in judge(folder, "a.png", png(1, 100_000_000)).rejections


@pytest.mark.parametrize(
    ("name", "content", "notes"),
    [
        ("a.jpg", png(), ("extension-mismatch",)),
        ("a.pdf", jpeg(), ("extension-mismatch",)),
        ("scan", PDF, ("extension-mismatch",)),
        ("a.jpg.php", jpeg(), ("extension-mismatch",)),
        ("a.jpg", jpeg() + b"x" * 900, ("trailing-data",)),
        ("a.jpg", jpeg() + b"\0" * 900, ()),
        ("a.png", png() + b"SEFT", ("trailing-data",)),
        ("a.jpg", jpeg() + b"<html><script>", ("trailing-data", "polyglot")),
        ("a.jpg", jpeg(before_frame=b"\xff\xfe\x00\x0a<script>"), ("polyglot",)),
        ("a.png", png() + PDF, ("trailing-data", "polyglot")),
        ("a.pdf", PDF + b"% <html> is mentioned", ()),
        ("a.pdf", b"x<script>\n" + PDF, ("polyglot",)),
    ],
)
def test_oddities_are_noted_and_do_not_reject(folder, name, content, notes):
    judged = judge(folder, name, content)
    assert (judged.rejections, judged.notes) == ((), notes)


@pytest.mark.parametrize("front", [PDF, jpeg(), png()])
def test_archive_behind_a_document_is_a_polyglot(folder, front):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "payload")
        archive.comment = b"c" * 500
    assert zipfile.is_zipfile(BytesIO(front + stream.getvalue()))
    assert "polyglot" in judge(folder, "a.pdf", front + stream.getvalue()).notes
    assert not is_polyglot(FileKind.PDF, PDF + b"PK\x05\x06" + b"\0" * 18)


HOSTILE_NAMES = [
    "成绩😀.jpg",
    "\u202egpj.exe.jpg",
    "a\nb.jpg",
    "-rf.jpg",
    "..\\..\\x.jpg",
    "CON.jpg",
    "n" * 251 + ".jpg",
    "=cmd|.jpg",
    "a\x1b[31m.jpg",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_are_only_names(folder, name):
    judged = judge(folder, name, jpeg())
    assert judged.path == f"uploads/2022001/{name}"
    assert judged.usable
    assert read_upload(folder, judged) == jpeg()


def test_names_are_given_in_one_normal_form(folder):
    decomposed, composed = unicodedata.normalize("NFD", "é.jpg"), "é.jpg"
    judged = judge(folder, decomposed, jpeg(5, 5))
    assert judged.path == f"uploads/2022001/{composed}"
    assert read_upload(folder, judged) == jpeg(5, 5)
    upload(folder, composed, jpeg(6, 6))
    judged_both = submission_of(folder).uploads
    assert {item.path for item in judged_both} == {
        f"uploads/2022001/{composed}",
        f"uploads/2022001/{decomposed}",
    }
    assert {read_upload(folder, item) for item in judged_both} == {jpeg(5, 5), jpeg(6, 6)}


def test_names_in_old_encodings_become_text(folder):
    for raw in ("成绩.jpg".encode("gb18030"), b"\xff\xff.jpg"):
        upload(folder, os.fsdecode(raw), jpeg())
    found = submission_of(folder).uploads
    assert [item.path for item in found] == [
        "uploads/2022001/\\xff\\xff.jpg",
        "uploads/2022001/成绩.jpg",
    ]
    assert [read_upload(folder, item) for item in found] == [jpeg(), jpeg()]


def test_links_pipes_and_sockets_are_never_opened(folder, tmp_path):
    (tmp_path / "secret.jpg").write_bytes(jpeg())
    place = folder / "uploads/2022001"
    place.mkdir()
    os.mkfifo(place / "a.pdf")
    (place / "b.jpg").symlink_to(tmp_path / "secret.jpg")
    (place / "c").symlink_to(tmp_path, target_is_directory=True)
    (place / "d.jpg").symlink_to("nowhere")
    found = submission_of(folder).uploads
    assert [item.path.rsplit("/", 1)[1] for item in found] == ["a.pdf", "b.jpg", "c", "d.jpg"]
    assert {(item.rejections, item.digest) for item in found} == {(("not-regular",), "")}
    for item in found:
        with pytest.raises(MachineFault):
            read_upload(folder, item)


@pytest.mark.parametrize("make", ["link", "pipe"])
def test_link_or_pipe_in_place_of_the_folder_is_not_followed(folder, tmp_path, make):
    (tmp_path / "other").mkdir()
    (tmp_path / "other/a.jpg").write_bytes(jpeg())
    place = folder / "uploads/2022001"
    place.symlink_to(tmp_path / "other") if make == "link" else os.mkfifo(place)
    (judged,) = submission_of(folder).uploads
    assert (judged.path, judged.rejections) == ("uploads/2022001", ("not-regular",))


def test_linked_uploads_folder_refuses_the_batch(folder, tmp_path, faults_of):
    (folder / "uploads").rename(tmp_path / "moved")
    (folder / "uploads").symlink_to(tmp_path / "moved")
    assert faults_of(folder) == [("not-regular", "uploads", None, "")]


def test_no_upload_in_its_three_forms(folder):
    assert submission_of(folder).rejections == ("no-upload",)
    upload(folder, "Thumbs.db", b"x")
    upload(folder, ".DS_Store", b"x")
    upload(folder, "desktop.ini", b"x")
    assert submission_of(folder).rejections == ("no-upload",)
    for path in (folder / "uploads/2022001").iterdir():
        path.unlink()
    (folder / "uploads/2022001").rmdir()
    (folder / "uploads").rmdir()
    submission = submission_of(folder)
    assert (submission.rejections, submission.uploads) == (("no-upload",), ())


def test_sixth_file_makes_none_of_them_read(folder):
    for number in range(5):
        upload(folder, f"{number}.jpg", jpeg())
    assert submission_of(folder).rejections == ()
    upload(folder, "nested/5.jpg", jpeg())
    submission = submission_of(folder)
    assert submission.rejections == ("too-many",)
    assert len(submission.uploads) == 6
    assert {(item.rejections, item.digest) for item in submission.uploads} == {(("too-many",), "")}


def test_folder_of_thousands_is_not_listed(folder, monkeypatch):
    monkeypatch.setattr("extractors.intake.upload_walk._MAX_ENTRIES", 20)
    for number in range(21):
        upload(folder, f"{number}.jpg", b"")
    submission = submission_of(folder)
    assert (submission.rejections, submission.uploads) == (("too-many",), ())


def test_endless_nesting_is_too_many(folder):
    upload(folder, "/".join("abcdefghij") + "/a.jpg", jpeg())
    assert submission_of(folder).rejections == ("too-many",)


def test_nested_files_are_uploads_in_order_of_their_paths(folder):
    upload(folder, "b/1.jpg", jpeg())
    upload(folder, "c.jpg", jpeg())
    upload(folder, "a.png", png())
    paths = [item.path.removeprefix("uploads/2022001/") for item in submission_of(folder).uploads]
    assert paths == ["a.png", "b/1.jpg", "c.jpg"]


def test_folders_without_application_are_named(folder):
    upload(folder, "a.jpg", jpeg())
    upload(folder, "a.jpg", jpeg(), number="2099999")
    (folder / "uploads" / unicodedata.normalize("NFD", "é")).mkdir()
    (folder / "uploads/stray.pdf").write_bytes(PDF)
    (folder / "uploads/Thumbs.db").write_bytes(b"x")
    batch = read_batch_folder(folder, policy_of)
    assert batch.orphan_folders == ("2099999", "stray.pdf", "é")
    assert [submission.rejections for submission in batch.submissions] == [()]


def test_one_bad_upload_leaves_the_others_alone(tmp_path):
    folder = make_folder(tmp_path, language_row("2022001"), language_row("2022002"))
    upload(folder, "a.jpg", b"", number="2022001")
    upload(folder, "a.jpg", jpeg(), number="2022002")
    first, second = read_batch_folder(folder, policy_of).submissions
    assert first.uploads[0].rejections == ("empty",)
    assert second.uploads[0].usable


def test_degree_batch_leaves_type_and_size_to_its_own_rules(tmp_path):
    folder = make_folder(tmp_path, degree_row(), toml=DEGREE_TOML)
    (folder / "courses.csv").write_bytes(csv_text([course_row()]).encode())
    upload(folder, "1.docx", WORD_DOCUMENT + b"\0" * 2 * MEBIBYTE)
    upload(folder, "2.pdf", PDF + b" " * 2 * MEBIBYTE)
    upload(folder, "3.jpg", png(60_000, 60_000))
    upload(folder, "4.pdf", b"")
    found = submission_of(folder).uploads
    assert [(item.kind, item.rejections) for item in found] == [
        (FileKind.DOCX, ()),
        (FileKind.PDF, ()),
        (FileKind.PNG, ("dimensions", "pixels")),
        (FileKind.OTHER, ("empty",)),
    ]


def test_original_that_changed_after_intake_is_not_kept(folder):
    judged = judge(folder, "a.jpg", jpeg())
    upload(folder, "a.jpg", jpeg(8, 8))
    with pytest.raises(MachineFault) as fault:
        read_upload(folder, judged)
    assert fault.value.code == "input-changed"


def test_size_and_digest_are_of_the_same_bytes_though_the_file_is_exchanged(folder, monkeypatch):
    path = upload(folder, "a.jpg", jpeg())
    real_open = uploads.open_entry

    def open_then_exchange(*arguments):
        descriptor = real_open(*arguments)
        path.unlink()
        path.write_bytes(b"")
        return descriptor

    monkeypatch.setattr(uploads, "open_entry", open_then_exchange)
    (judged,) = submission_of(folder).uploads
    assert judged.size_bytes == len(jpeg())
    assert (judged.digest, judged.rejections) == (hashlib.sha256(jpeg()).hexdigest(), ())


def test_file_that_vanishes_while_it_is_judged_goes_to_a_person(folder, monkeypatch):
    upload(folder, "a.jpg", jpeg())

    def vanish(*_):
        raise FileNotFoundError

    monkeypatch.setattr("extractors.intake.uploads.open_entry", vanish)
    (judged,) = submission_of(folder).uploads
    assert (judged.rejections, judged.digest) == (("machine-failed",), "")


@pytest.mark.parametrize(
    ("mode", "options"),
    [
        ("RGB", {"format": "JPEG", "progressive": True, "quality": 95}),
        ("CMYK", {"format": "JPEG"}),
        ("L", {"format": "JPEG", "exif": b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"}),
        ("RGBA", {"format": "PNG"}),
        ("1", {"format": "PNG", "optimize": True}),
    ],
)
def test_pictures_of_a_real_encoder_are_measured_and_draw_no_note(folder, mode, options):
    size = (317, 203)
    noise = random.Random(7).randbytes(size[0] * size[1] * 4)
    picture = Image.frombytes("RGBA", size, noise).convert("RGB").convert(mode)
    stream = BytesIO()
    picture.save(stream, **options)
    data = stream.getvalue()
    judged = judge(folder, "a.jpg" if options["format"] == "JPEG" else "a.png", data)
    assert (judged.rejections, judged.notes) == ((), ())
    shape = measure(judged.kind, data)
    assert (shape.size_px, shape.end) == (size, len(data))
