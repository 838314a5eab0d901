"""What an eye, a hand or a reader takes for something else: digits and characters of names."""

import random

# Pairs of digits that resemble each other in print.
_DIGIT_PAIRS = ("38", "06", "17", "56", "08", "49", "68", "27", "35", "69")
# Groups of characters of which each resembles the first: one stroke or one part is different.
_CHARACTER_GROUPS = """
己已巳 未末朱 土士 日曰 戊戌 晓哓浇绕 静靖净 婷停 宇字学 伟伪炜玮 芳芬劳 娜挪那
敏毓 丽两 强弭 磊垒 军车挥 洋样祥洪 勇甬恿 艳绝滟 杰木 娟涓捐 涛铸祷 明朋盟
超越趁 秀季透 霞震遐 平乎干 刚钢岗 桂佳挂柱 英央莫 华毕桦 玉王主 兰三半 红江虹缸
梅海悔 建健律 文交又 辉挥晖 力刀办 鹏朋膨 飞乙 浩洁皓 然燃热 子予了 轩轲斩 梓样辛
涵函 欣砍昕 怡恰治冶 雨两 桐铜洞 佳桂住往 琪淇棋 思恩忠 远近运 志忘态 博搏傅
嘉喜熹 慧彗惠 颖颍颗倾 琳淋彬 晨晟震 曦羲 东车乐 立位产 新斩薪 国图固围 庆庄床应
春舂奉泰 燕蒸薰 美羔姜羡 玲铃怜冷 民氏良 超赵 海悔诲 学孛 嘉熹 王玉主壬 李季孝
张弛 刘刈 陈阵 杨扬场汤 黄寅横 赵赴超 吴昊吞 周同用 徐除涂余 孙孔逊 马乌鸟 朱未末
胡湖朝故 郭享敦 何河荷 林材淋 罗岁萝 高亮商 郑邓邦 梁粱染 谢榭射 宋末宗 唐康塘庸
许讦诈 韩乾翰 冯妈吗 邓郑 曹遭漕 彭膨澎 曾会增 肖尚俏消 田由甲申 董重薰 袁哀衰表
潘播藩 蔡察祭 蒋将奖 余佘徐 于干千 杜社牡 叶计协 程呈理 魏巍 苏劳芬 吕昌品 丁个下
任仁仟 沈沉枕 姚桃挑 卢户芦 欧殴 阳阴 司同 诸储 葛曷 上土 官宫 皇皐 尉慰 令今
买卖 提堤 尔你 江汪 古吉 布市 克兄 木本 吐吓 拉垃 卓桌 其具 才寸
"""


def _table(groups: tuple[str, ...], *, both_ways: bool) -> dict[str, str]:
    table: dict[str, str] = {}
    for group in groups:
        for character in group if both_ways else group[0]:
            known = table.get(character, "")
            table[character] = known + "".join(
                other for other in group if other != character and other not in known
            )
    return table


DIGITS = _table(_DIGIT_PAIRS, both_ways=True)
CHARACTERS = _table(tuple(_CHARACTER_GROUPS.split()), both_ways=False)


def places_of_look_alikes(text: str, table: dict[str, str]) -> list[int]:
    """Return where `text` holds a character that has a look-alike in the table."""
    return [place for place, character in enumerate(text) if table.get(character)]


def with_look_alike(text: str, table: dict[str, str], rng: random.Random) -> str:
    """Return `text` with one character replaced by one that resembles it.

    Raises `ValueError` where no character of it has a look-alike.
    """
    places = places_of_look_alikes(text, table)
    if not places:
        raise ValueError("nothing in this text has a look-alike")
    place = rng.choice(places)
    return text[:place] + rng.choice(table[text[place]]) + text[place + 1 :]
