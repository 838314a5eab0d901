"""The process that decodes: small, alone, without network or secrets, and replaced when it dies."""

import dataclasses
import io
import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.faults import DocumentFault, MachineFault
from domain.policy import parse_policy
from extractors.reading import sandbox
from extractors.reading.decoder import Decoder
from extractors.reading.decoding import _jpeg_ends, decode
from extractors.reading.decoding_host import CLONE_NEWUSER_NEWNET, DecodeName
from extractors.reading.sandbox import Decoded, DecodedPage, Limits

ROOT = Path(__file__).parents[3]
POLICY = parse_policy((ROOT / "institutions/default.toml").read_text("utf-8"), None, "default")
LIMITS = Limits.from_policy(POLICY.reading, POLICY.intake)


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEDUI_DATABASE_URL", "postgresql://hedui:password@host/hedui")
        patch.setenv("CMAP_PATH", "/tmp")
        patch.setenv("OPENCV_IO_MAX_IMAGE_PIXELS", str(LIMITS.max_pixels))
        with Decoder() as decoder:
            decoder.wait_until_ready()
            yield decoder


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture of 6 MB of pixels, more than a pipe holds, no two rows alike."""
    path = tmp_path_factory.mktemp("uploads") / "证书.png"
    noise = np.random.default_rng(7).integers(0, 256, (1250, 1600, 3), dtype=np.uint8)
    PIL.Image.fromarray(noise).save(path, compress_level=1)
    return path


def status(pid: int, name: str) -> str:
    text = Path(f"/proc/{pid}/status").read_text()
    return next(line.split()[1] for line in text.splitlines() if line.startswith(name))


def host_of(decoder: Decoder) -> int:
    return decoder._host


def assert_same(found: Decoded, expected: Decoded) -> None:
    assert found.notes == expected.notes
    for page, wanted in zip(found.pages, expected.pages, strict=True):
        assert np.array_equal(page.picture, wanted.picture)
        assert (page.text_layer, page.qr_texts) == (wanted.text_layer, wanted.qr_texts)


def test_what_comes_back_is_what_decoding_yields(decoder: Decoder, picture: Path) -> None:
    assert_same(decoder.decode(str(picture), "png", LIMITS), decode(str(picture), "png", LIMITS))


def test_a_kernel_that_lends_no_pages_gets_them_copied(
    picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Refusing:
        prctl = sandbox._LIBC.prctl

        @staticmethod
        def vmsplice(*_: object) -> int:
            return -1

    monkeypatch.setattr(sandbox, "_LIBC", Refusing)
    with Decoder(decode) as copying:
        found = copying.decode(str(picture), "png", LIMITS)

    assert_same(found, decode(str(picture), "png", LIMITS))


def test_a_page_of_which_part_was_lent_is_finished_by_copying(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lend, calls = sandbox._LIBC.vmsplice, []

    class Tiring:
        prctl = sandbox._LIBC.prctl

        @staticmethod
        def vmsplice(*arguments: object) -> int:
            calls.append(1)
            return int(lend(*arguments)) if len(calls) == 1 else -1

    pixels = np.random.default_rng(3).integers(0, 256, (1000, 1000, 3), dtype=np.uint8)

    def noise(*_: object) -> Decoded:
        return Decoded(pages=(DecodedPage(picture=pixels, text_layer=()),), notes=())

    monkeypatch.setattr(sandbox, "_LIBC", Tiring)
    with Decoder(noise) as tiring:
        (page,) = tiring.decode("/dev/null", "png", LIMITS).pages

    assert np.array_equal(page.picture, pixels)


def test_the_host_knows_no_secret_and_keeps_the_limit_of_pixels(decoder: Decoder) -> None:
    environment = Path(f"/proc/{host_of(decoder)}/environ").read_bytes()

    assert b"password" not in environment
    assert b"CMAP_PATH" not in environment
    assert b"OPENCV_IO_MAX_IMAGE_PIXELS=%d" % LIMITS.max_pixels in environment


def test_the_host_carries_no_models_and_one_thread(decoder: Decoder) -> None:
    maps = Path(f"/proc/{host_of(decoder)}/maps").read_text()

    assert "cv2" in maps
    for engine in ("openvino", "onnxruntime", "tesseract", "rapidocr"):
        assert engine not in maps
    assert status(host_of(decoder), "Threads:") == "1"


def test_the_host_has_no_network_where_the_kernel_allows_it(decoder: Decoder) -> None:
    own = Path("/proc/self/ns/net").readlink()
    child = os.fork()
    if child == 0:
        sandbox._LIBC.unshare(CLONE_NEWUSER_NEWNET)
        os._exit(0 if Path("/proc/self/ns/net").readlink() != own else 1)
    if os.waitpid(child, 0)[1]:
        pytest.skip("this kernel does not let an unprivileged process leave the network")

    assert Path(f"/proc/{host_of(decoder)}/ns/net").readlink() != own


def test_limits_hold_in_what_the_host_forks(
    decoder: Decoder, picture: Path, tmp_path: Path
) -> None:
    large = tmp_path / "large.png"
    PIL.Image.new("RGB", (6000, 6000), "white").save(large)
    tight = dataclasses.replace(LIMITS, memory_bytes=40_000_000)
    with pytest.raises((MachineFault, DocumentFault)):
        decoder.decode(str(large), "png", tight)
    with pytest.raises(DocumentFault, match="pixels"):
        decoder.decode(str(picture), "png", dataclasses.replace(LIMITS, max_pixels=1_000_000))

    assert decoder.decode(str(large), "png", LIMITS).pages[0].picture.shape == (6000, 6000, 3)


def test_a_host_that_was_killed_is_replaced(picture: Path) -> None:
    with Decoder() as decoder:
        decoder.decode(str(picture), "png", LIMITS)
        first = host_of(decoder)
        os.kill(first, signal.SIGKILL)
        with pytest.raises(MachineFault, match="crashed"):
            decoder.decode(str(picture), "png", LIMITS)

        assert decoder.decode(str(picture), "png", LIMITS).pages
        assert host_of(decoder) != first
        last = host_of(decoder)
    assert gone(first)
    assert gone(last)


def test_a_host_that_was_replaced_outlives_the_thread_that_noticed(picture: Path) -> None:
    def notice() -> None:
        with pytest.raises(MachineFault, match="crashed"):
            decoder.decode(str(picture), "png", LIMITS)
        decoder.wait_until_ready()

    with Decoder(DecodeName.PIXELS) as decoder:
        decoder.wait_until_ready()
        os.kill(host_of(decoder), signal.SIGKILL)
        thread = threading.Thread(target=notice)
        thread.start()
        thread.join()
        time.sleep(0.2)  # the kernel's signal would have come by now
        assert decoder.decode(str(picture), "png", LIMITS).pages


def test_a_host_that_does_not_start_is_an_error_and_no_hang(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with Decoder() as decoder, pytest.raises(OSError, match="does not start"):
        decoder.wait_until_ready()


def test_the_host_ends_with_its_worker() -> None:
    reader, writer = os.pipe()
    worker = os.fork()
    if worker == 0:
        decoder = Decoder()
        decoder.wait_until_ready()
        os.write(writer, str(host_of(decoder)).encode())
        time.sleep(60)
        os._exit(0)
    os.close(writer)
    host = int(os.read(reader, 20))
    os.close(reader)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)

    assert gone(host)


def gone(pid: int) -> bool:
    for _ in range(200):
        try:
            if status(pid, "State:") == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.01)
    return False


MARKER = re.compile(rb"\xff+[^\x00\x01\xd0-\xd8\xff]")


def ends_by_the_book(data: bytes) -> bool:
    """The walk over markers and segments, step by step: ISO/IEC 10918-1, B.1."""
    offset = 2
    while marker := MARKER.search(data, offset):
        kind, offset = marker.group()[-1], marker.end()
        if kind == 0xD9:
            return True
        if offset + 2 > len(data):
            return False
        offset += int.from_bytes(data[offset : offset + 2])
    return False


OCTETS = st.sampled_from([0xFF, 0xFF, 0xD9, 0xD8, 0xD0, 0xE1, 0xDA, 0x00, 0x01, 0x02, 0x05, 0x41])


@given(st.lists(OCTETS, max_size=60).map(bytes))
def test_the_end_of_a_jpeg_is_found_as_the_standard_walks(data: bytes) -> None:
    assert _jpeg_ends(data) == ends_by_the_book(data)


def test_the_end_of_a_whole_jpeg_is_found_and_of_its_half_is_not() -> None:
    buffer = io.BytesIO()
    PIL.Image.effect_noise((300, 200), 60).save(buffer, "JPEG")

    assert _jpeg_ends(buffer.getvalue())
    assert not _jpeg_ends(buffer.getvalue()[: len(buffer.getvalue()) // 2])
