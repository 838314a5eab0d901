import pytest

from review.presenting import MASK, align, mask


def shown(declared: str, read: str) -> tuple[str, str, str]:
    cells = align(declared, read)
    return (
        "".join(cell.declared or "_" for cell in cells),
        "".join(cell.read or "_" for cell in cells),
        "".join(cell.mark or "." for cell in cells),
    )


@pytest.mark.parametrize(
    ("declared", "read", "expected"),
    [
        ("20398489733", "20098489733", ("20398489733", "20098489733", "..✗........")),
        ("482", "482", ("482", "482", "...")),
        ("TEM4", "tem4", ("TEM4", "tem4", "....")),
        ("21225", "212 25", ("212_25", "212 25", "......")),
        ("212345", "21345", ("212345", "21_345", "..▲...")),
        ("21345", "212345", ("21_345", "212345", "..▽...")),
        ("", "482", ("___", "482", "▽▽▽")),
        ("482", "", ("482", "___", "▲▲▲")),
        ("", "", ("", "", "")),
        ("111111", "99999", ("111111", "99999_", "✗✗✗✗✗▲")),
        ("1 2", "12", ("12", "12", "..")),
    ],
)
def test_characters_stand_over_one_another(
    declared: str, read: str, expected: tuple[str, str, str]
) -> None:
    assert shown(declared, read) == expected


def test_chinese_characters_take_two_columns() -> None:
    assert [cell.width for cell in align("王4", "王晓4")] == [2, 2, 1]


@pytest.mark.parametrize(
    ("text", "front", "back", "expected"),
    [
        ("王晓东", 1, 0, "王●●"),
        ("王", 1, 0, "王"),
        ("990101199001010019", 0, 4, MASK * 14 + "0019"),
        ("1234", 0, 4, MASK * 4),
        ("12", 0, 4, MASK * 2),
        ("", 1, 0, ""),
    ],
)
def test_short_values_are_not_given_away_by_masking(
    text: str, front: int, back: int, expected: str
) -> None:
    assert mask(text, front, back) == expected
