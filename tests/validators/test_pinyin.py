"""A 姓名拼音 is compared with every possible reading of the name, and never split."""

import pytest

from validators.pinyin import is_well_formed, may_be_read, unread_characters


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("王芳", "Wang Fang"),
        ("欧阳文", "Ouyang Wen"),
        ("单雄信", "Shan Xiongxin"),
        ("仇英", "Qiu Ying"),
        ("曾重", "Zeng Chong"),
        ("曾重", "Zeng Zhong"),
        ("尉迟恭", "Yuchi Gong"),
        ("单于明", "Chanyu Ming"),
        ("吕航", "Lyu Hang"),
        ("吕航", "LV HANG"),
        ("吕航", "Lü Hang"),
        ("吕航", "Lǚ Háng"),
        ("赵益女", "Zhao Yinyu"),
        ("李西安", "Li Xi’an"),
        ("阿依古丽·麦麦提", "Ayiguli Maimaiti"),
        ("郑李淑芳", "Zheng-Li Shufang"),
    ],
)
def test_a_possible_reading_is_taken(name: str, written: str) -> None:
    assert may_be_read(name, written)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("王芳", "Wang Fan"),
        ("王芳", "Wang"),
        ("王芳", "Wang Fangfang"),
        ("单雄信", "Dan Xiongxin"),
        ("解红", "Jie Hong"),
        ("吕航", "Lin Hang"),
        ("王芳", "王芳"),
        ("", "Wang"),
    ],
)
def test_anything_else_is_not(name: str, written: str) -> None:
    assert not may_be_read(name, written)


def test_a_character_without_known_reading_is_named_and_the_rest_is_still_compared() -> None:
    assert unread_characters("王𠮷") == "𠮷"
    assert may_be_read("王𠮷", "Wang Ji")
    assert not may_be_read("王𠮷", "Zhang Ji")


def test_the_form_of_the_norm_is_told_from_others() -> None:
    assert is_well_formed("Ouyang Wen")
    assert is_well_formed("Zheng-Li Shufang")
    assert not any(map(is_well_formed, ("WANG FANG", "wang fang", "Wang  Fang", "", "Wang F")[:4]))
