"""Ask a third reader where the second one has nothing to say.

On small, blurred print Tesseract often sees no value at all. A recognition model of the generation
before (PP-OCRv5, in the same wheel) then reads the same place, without being told what was read
there. It was trained apart from the first reader but to the same end, so it may only confirm what
both read surely; where it reads another value, that is a contradiction like any other.

Of a name that the first reader is unsure of, what the third reads is taken where the second reads
it too, or where it is sure and one character alone differs: simplified characters in Kai type are
often read as their traditional forms, with little confidence.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from domain.certificates import FieldName
from domain.extraction import ExtractedValue, Extraction
from extractors.anchors import DATE, GRADE
from extractors.reading.picture import Picture
from extractors.reading.recognition import LineReader, RecognizedText, crop_quad, models_directory
from extractors.reading.seals import clear_of_seals
from extractors.reading.second_reader import READER_NAME, confirms, is_critical, reads_same, squeeze
from extractors.reading.upright import quad_px
from extractors.reading.value_window import crop_window, without_neighbours

THIRD_NAME = "ppocrv5"
FIELDS = frozenset(
    {
        FieldName.SCORE,
        FieldName.ID_NUMBER,
        FieldName.ADMISSION_TICKET,
        FieldName.CERTIFICATE_NUMBER,
        FieldName.DATE,
        FieldName.ISSUE_DATE,
        FieldName.GRADE,
    }
)
# What the second reader gives of these must have to be taken for a reading.
_SHAPES = {
    FieldName.DATE: re.compile(DATE),
    FieldName.ISSUE_DATE: re.compile(DATE),
    FieldName.GRADE: re.compile(GRADE),
}
# Below this of either reader, for the least certain character, agreement confirms nothing.
SURELY_READ = 0.9

# Traditional forms for which recognition takes simplified characters in Kai type, with little
# confidence: characters of names, and below them their simplified forms.
TRADITIONAL = str.maketrans(
    "黃熱陳張劉楊趙吳孫馬馮許鄧蕭鄭謝羅蔣鐘葉閻蘇盧賈譚陸韓龍萬錢嚴賀賴龔顧畢喬項溫魯"
    "韋關聶齊湯華國榮偉強軍東麗蘭鳳鵬飛慶寶貴銀鋒剛紅麥倫凱勝嬌學寧峯嵐廣彥愛曉詩夢楓"
    "樂歡潔澤濤瑩瑤維綺翹聰莊薩藝賢輝達遠鄒鈞錦陽雲靜韻順穎駿鴻黨齡親進蓮衛謙諾議貝連"
    "運鄺長",
    "黄热陈张刘杨赵吴孙马冯许邓萧郑谢罗蒋钟叶阎苏卢贾谭陆韩龙万钱严贺赖龚顾毕乔项温鲁"
    "韦关聂齐汤华国荣伟强军东丽兰凤鹏飞庆宝贵银锋刚红麦伦凯胜娇学宁峰岚广彦爱晓诗梦枫"
    "乐欢洁泽涛莹瑶维绮翘聪庄萨艺贤辉达远邹钧锦阳云静韵顺颖骏鸿党龄亲进莲卫谦诺议贝连"
    "运邝长",
)

# It reads three lines in a hundred pages: what it keeps for the next one is memory, not speed.
THIRD_KERNELS = 8

ReadLine = Callable[[Picture], RecognizedText]


def ask_third(picture: Picture, extraction: Extraction, read: ReadLine | None = None) -> Extraction:
    """Return the extraction with a third reading where the second reader gave no usable one.

    Usable is a date or a grade where one is wanted, and else a text of as many characters as the
    first reader's. Dates in Chinese numerals are never shown to the second reader. `read` replaces
    the model.
    """
    return replace(
        extraction,
        values=tuple(
            _with_third(picture, value, read or _model().read)
            if _is_open(value) and is_critical(value, extraction)
            else _outvoted(picture, value, read or _model().read)
            if _is_doubtful_name(value)
            else value
            for value in extraction.values
        ),
    )


def _is_open(value: ExtractedValue) -> bool:
    return (
        value.field in FIELDS
        and value.second_reader in (READER_NAME, None)
        and bool(value.evidence.positions)
        and not _is_usable(value)
    )


def _is_usable(value: ExtractedValue) -> bool:
    """Return whether what the second reader gave may be the value: as long, and of its shape."""
    second = squeeze(value.second_text or "")
    shape = _SHAPES.get(value.field)
    if shape is not None and not shape.fullmatch(second):
        return False
    return value.field is FieldName.GRADE or len(second) == len(squeeze(value.text))


def _with_third(picture: Picture, value: ExtractedValue, read: ReadLine) -> ExtractedValue:
    """Return a value with what the third reader reads, if that is another text or a sure one.

    Unsure of the value as it was cut out, it sees it once more with a little of what surrounds it.
    """
    quad = quad_px(picture, value.evidence.quad)
    third = read(clear_of_seals(crop_quad(picture, quad)))
    if reads_same(third.text, value.text) and not _sure(third, value):
        third = without_neighbours(read(crop_window(picture, quad)), quad)
        if not (reads_same(third.text, value.text) and _sure(third, value)):
            return value
    text = third.text.strip()
    return replace(value, second_text=text, second_reader=THIRD_NAME) if text else value


def _sure(third: RecognizedText, value: ExtractedValue) -> bool:
    return min((value.confidence, *third.character_confidences)) >= SURELY_READ


def _is_doubtful_name(value: ExtractedValue) -> bool:
    return (
        value.field is FieldName.NAME
        and value.confidence > 0
        and (value.confidence < SURELY_READ or value.text != value.text.translate(TRADITIONAL))
        and value.second_reader == READER_NAME
        and bool(value.evidence.positions)
        and not confirms(value)
    )


def _outvoted(picture: Picture, value: ExtractedValue, read: ReadLine) -> ExtractedValue:
    """Return a name as the third reader reads it, where that is better founded.

    It is surer than the first and the second reads the same, or it is sure of every character and
    one alone is another than the first reader read. Where the second reads the simplified form of
    a character, that is what is printed.
    """
    value = replace(value, text=_simplified(value.text, value.second_text or ""))
    if confirms(value):
        return value
    quad = quad_px(picture, value.evidence.quad)
    third = without_neighbours(read(crop_window(picture, quad)), quad)
    least = min(third.character_confidences, default=0.0)
    text = third.text
    if reads_same(text, value.second_text or ""):
        outvoted = least > value.confidence
    else:
        outvoted = least >= SURELY_READ and _differ_in_one(text, value.text)
    return replace(value, text=text, confidence=least) if outvoted else value


def _simplified(text: str, second: str) -> str:
    """Return a text with simplified forms where the second reader reads them in the same places."""
    if len(text) != len(second):
        return text
    return "".join(
        other if one.translate(TRADITIONAL) == other else one
        for one, other in zip(text, second, strict=True)
    )


def _differ_in_one(one: str, other: str) -> bool:
    pairs = zip(squeeze(one), squeeze(other), strict=False)
    same_length = len(squeeze(one)) == len(squeeze(other))
    return same_length and sum(a != b for a, b in pairs) == 1


@cache
def _model() -> LineReader:
    """Return this process's model, loaded when it is first needed."""
    directory = models_directory().with_name("ppocrv5")
    return LineReader(directory / "rec" / "rec.onnx", directory / "ppocrv5_dict.txt", THIRD_KERNELS)
