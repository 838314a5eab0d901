"""Signatures and outer structure: bytes in, facts out, whatever the bytes are."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.application import FileKind
from extractors.intake.signatures import claimed_kind, recognize
from extractors.intake.structure import has_trailing_data, is_polyglot, measure
from tests.extractors.intake.builders import HEIC, MEBIBYTE, PDF, jpeg, png


def test_a_mebibyte_of_marker_bytes_is_measured_at_once():
    for filler in (b"\xff", b"\xff\x00", b"\xff\xd0", b"\xff\xda\x00\x02"):
        data = b"\xff\xd8" + filler * (MEBIBYTE // len(filler))
        assert measure(FileKind.JPEG, data).size_px is None


def test_frame_header_cannot_be_hidden():
    thumbnail = b"\xff\xe1" + struct.pack(">H", 2 + len(jpeg(9, 9))) + jpeg(9, 9)
    assert measure(FileKind.JPEG, jpeg(640, 480, before_frame=thumbnail)).size_px == (640, 480)
    junk = b"\x00\x13junk\xff\xff"
    assert measure(FileKind.JPEG, jpeg(640, 480, before_frame=junk)).size_px == (640, 480)
    small_first = jpeg()[20:33]
    flood = jpeg(60_000, 60_000, before_frame=small_first)
    assert measure(FileKind.JPEG, flood).size_px == (60_000, 60_000)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([b"", jpeg(), png(), PDF, HEIC, b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]),
    st.binary(max_size=200),
    st.integers(0, 80),
)
def test_no_bytes_whatever_break_the_judgement(start, rest, cut):
    data = start[:cut] + rest
    kind = recognize(data)
    shape = measure(kind, data)
    assert shape.end is None or 0 < shape.end <= len(data)
    assert has_trailing_data(data, shape.end) in (True, False)
    assert is_polyglot(kind, data) in (True, False)
    assert (kind is FileKind.OTHER) <= (shape.size_px is None)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.PDF ", FileKind.PDF), (".jpg", None), ("jpg", None), ("a.jfif", FileKind.JPEG)],
)
def test_claim_of_a_name(name, kind):
    assert claimed_kind(name) is kind
