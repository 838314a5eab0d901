"""Characters that mean the same when names and numbers are compared.

Only comparison keys are folded with these tables; what was given is stored as it was given.
"""

# 民委发〔2016〕33号 fixes U+00B7 as the separator of minority names; the others are its look-alikes
# and what keyboards and recognition produce. NFKC leaves most of them alone, hence a table.
MIDDLE_DOT = "\u00b7"
MIDDLE_DOTS = frozenset(
    "\u00b7\u2022\u30fb\u2027\u2219\u22c5\u0387\uff65\u25cf\u2024.\uff0e"
    "\u02d9\u1427\u16eb\u2218\u25e6\u2981\u2e30\u2e31\u2e33\u318d\u119e\ua78f\ufe52"
)

# Every dash that stands in numbers and dates. U+30FC and U+4E00 look alike but are letters.
DASHES = frozenset("-\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d")

# Radicals supplement (U+2E80-2EFF) that PDF copies and recognition give in place of a character
# that names use. The Kangxi block (U+2F00-2FDF) folds by NFKC; this block, save two, does not.
RADICALS = {
    "⺁": "厂", "⺎": "兀", "⻪": "黾", "⻫": "斉", "⻭": "歯", "⻯": "竜", "⻲": "亀",
    "⺄": "乙", "⺅": "亻", "⺈": "刀", "⺊": "卜", "⺌": "小", "⺍": "小", "⺒": "巳", "⺓": "幺",
    "⺜": "日", "⺝": "月", "⺟": "母", "⺠": "民", "⺧": "牛", "⺩": "王", "⺫": "目", "⺬": "示",
    "⺮": "竹", "⺶": "羊", "⺼": "月", "⻁": "虎", "⻄": "西", "⻅": "见", "⻆": "角", "⻉": "贝",
    "⻋": "车", "⻑": "長", "⻓": "长", "⻔": "门", "⻗": "雨", "⻘": "青", "⻙": "韦", "⻚": "页",
    "⻛": "风", "⻜": "飞", "⻝": "食", "⻢": "马", "⻣": "骨", "⻤": "鬼", "⻥": "鱼", "⻦": "鸟",
    "⻧": "卤", "⻨": "麦", "⻩": "黄", "⻬": "齐", "⻮": "齿", "⻰": "龙", "⻱": "龜", "⻳": "龟",
}  # fmt: skip

# GB 18030-2022 moved these 18 from the private-use area to real code points and lifted the need for
# the six that are characters of extension B; U+1E3F moved in 2005. Older codecs, Python's included,
# still decode to the private-use ones.
GB18030_2022 = {
    "\ue816": "\U00020087",
    "\ue817": "\U00020089",
    "\ue818": "\U000200cc",
    "\ue831": "\U000215d7",
    "\ue83b": "\U0002298f",
    "\ue855": "\U000241fe",
    "\ue7c7": "\u1e3f",
    "\ue81e": "\u9fb4",
    "\ue826": "\u9fb5",
    "\ue82b": "\u9fb6",
    "\ue82c": "\u9fb7",
    "\ue832": "\u9fb8",
    "\ue843": "\u9fb9",
    "\ue854": "\u9fba",
    "\ue864": "\u9fbb",
    "\ue78d": "\ufe10",
    "\ue78e": "\ufe12",
    "\ue78f": "\ufe11",
    "\ue790": "\ufe13",
    "\ue791": "\ufe14",
    "\ue792": "\ufe15",
    "\ue793": "\ufe16",
    "\ue794": "\ufe17",
    "\ue795": "\ufe18",
    "\ue796": "\ufe19",
}

# Cyrillic and Greek capitals that look like Latin ones. A letter becomes a letter, never a digit.
HOMOGLYPHS = {
    "А": "A", "В": "B", "С": "C", "Е": "E", "Н": "H", "І": "I", "Ј": "J", "К": "K", "М": "M",
    "О": "O", "Р": "P", "Ѕ": "S", "Т": "T", "Х": "X", "У": "Y", "Α": "A", "Β": "B", "Ε": "E",
    "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N", "Ο": "O", "Ρ": "P", "Τ": "T",
    "Υ": "Y", "Χ": "X",
}  # fmt: skip

# Pairs that readers and eyes confuse: enough to say "similar", never enough to agree.
LOOK_ALIKES = frozenset(
    frozenset(pair)
    for pair in ("0O", "0D", "0Q", "1I", "1L", "1J", "17", "2Z", "3B", "38", "5S", "56", "68", "6G",
                 "8B", "9G", "VU", "己已", "己巳", "已巳", "未末", "士土", "日曰", "戊戌")
)  # fmt: skip
