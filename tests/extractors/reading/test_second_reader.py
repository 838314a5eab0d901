"""What Tesseract sees otherwise counts when it sees it twice; the other build of it decides."""

from collections.abc import Sequence

import pytest

from domain.certificates import FieldName
from extractors.reading import second_reader
from extractors.reading.picture import Picture
from tests.extractors.reading.values import PICTURE, extraction_of, value_of


class Looks:
    """Stands for one build of Tesseract: gives the texts in turn, and counts the lines shown."""

    def __init__(self, *texts: str) -> None:
        self._texts = list(texts)
        self.shown = 0

    def __call__(self, crops: Sequence[Picture], *_: object) -> list[str]:
        self.shown += len(crops)
        return [self._texts.pop(0) for _ in crops]


def read(
    monkeypatch: pytest.MonkeyPatch, inside: Looks, outside: Looks, field: FieldName, text: str
) -> str | None:
    """Return what the second reader says of a value that the first one read as `text`."""
    monkeypatch.setattr(second_reader, "_look", inside)
    monkeypatch.setattr(second_reader, "_look_again", outside)
    extraction = extraction_of(value_of(field, text))
    return second_reader.read_again(PICTURE, extraction).values[0].second_text


@pytest.mark.parametrize(
    ("inside", "outside", "second"),
    [
        (["466"], [], "466"),
        (["456", "456"], [], "456"),  # seen twice: a contradiction
        (["456", "466"], [], ""),  # shown otherwise it reads what the first reader read
        (["456", "4G6"], ["456"], "456"),  # undecided: the other build decides
        (["456", "4G6"], ["466"], ""),
        (["456", ""], ["456"], "456"),
        (["", "466"], [], "466"),
        (["", "456"], ["456"], "456"),  # seen once so far, the first look was silent
        (["", "456"], ["466"], ""),
        (["", ""], [], ""),
    ],
)
def test_only_what_is_seen_twice_contradicts(
    monkeypatch: pytest.MonkeyPatch, inside: list[str], outside: list[str], second: str
) -> None:
    looks, other_build = Looks(*inside), Looks(*outside)
    assert read(monkeypatch, looks, other_build, FieldName.SCORE, "466") == second
    assert (looks.shown, other_build.shown) == (len(inside), len(outside))


def test_a_name_read_otherwise_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looks, other_build = Looks("朱韦"), Looks()
    assert read(monkeypatch, looks, other_build, FieldName.NAME, "朱伟") == "朱韦"
    assert (looks.shown, other_build.shown) == (1, 0)


@pytest.mark.parametrize(
    ("field", "text", "confidence", "asked"),
    [
        (FieldName.ID_NUMBER, "11010519491231002X", 0.98, False),
        (FieldName.ID_NUMBER, "11010519491231002x", 0.98, False),
        (FieldName.ID_NUMBER, "110105194912310021", 0.98, True),  # a wrong check character
        (FieldName.ID_NUMBER, "11010519491231002X", 0.96, True),
        (FieldName.ID_NUMBER, "1101051949123100", 0.98, True),
        (FieldName.GRADE, "合格", 0.98, False),
        (FieldName.GRADE, "合格", 0.96, True),
        (FieldName.SCORE, "466", 0.99, True),
        (FieldName.CERTIFICATE_NUMBER, "20154226539", 0.99, True),
    ],
)
def test_what_was_read_surely_and_could_be_nothing_else_counts_as_read_twice(
    monkeypatch: pytest.MonkeyPatch, field: FieldName, text: str, confidence: float, asked: bool
) -> None:
    looks = Looks(text)
    monkeypatch.setattr(second_reader, "_look", looks)
    extraction = extraction_of(value_of(field, text, confidence=confidence))
    (value,) = second_reader.read_again(PICTURE, extraction).values
    assert (looks.shown, value.second_text) == (int(asked), text)
    assert value.second_reader == ("tesseract" if asked else "proof")
