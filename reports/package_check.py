"""The report on a checked package (四性检测报告): a PDF to print, and the facts it begins with."""

import datetime
import functools
from collections.abc import Iterator

from domain.archive import CheckedItem, ItemResult, PackageCheck, Property
from reports.forms.archival import make_archival
from reports.forms.drawing import Sheet
from reports.forms.fonts import FontChain, default_chain
from reports.forms.grid import Box
from reports.forms.layout import MM_PT

TITLE = "电子档案四性检测报告"
_WIDTH, _HEIGHT = 210 * MM_PT, 297 * MM_PT
_LEFT, _TOP, _RIGHT, _BOTTOM = 20 * MM_PT, 18 * MM_PT, 20 * MM_PT, 20 * MM_PT
_SIZE, _LEADING, _TITLE_SIZE = 9.5, 13.5, 16.0
_SPAN = _WIDTH - _LEFT - _RIGHT
# Shares of the width: code, title, result; the note takes the rest.
_COLUMNS = (0.11, 0.24, 0.10)
_MISSING_GLYPH = "〓"
_COMPARED = {"digest": "信息包摘要 (--digest)", "head": "日志链首 (--head)"}
_SIGNATURES = ("检测人", "审核人", "负责人（签章）")


def result_text(check: PackageCheck) -> str:
    """Return what a check came to, in Chinese."""
    return "合格" if check.is_valid else f"不合格（{len(check.faults)} 处）"


def comparison_text(check: PackageCheck) -> str:
    """Return what the package was compared with that was kept elsewhere, in Chinese.

    Without it a package that was made anew as a whole, log included, cannot be told from the first.
    """
    if check.compared:
        return "、".join(_COMPARED[what] for what in check.compared)
    return "未进行：整体重做的信息包只能凭另存的摘要 (--digest) 或日志链首 (--head) 发现"


def facts_of(checks: tuple[PackageCheck, ...]) -> Iterator[tuple[str, str]]:
    """Yield what a report says of the packages before their items."""
    for check in checks:
        yield "信息包", check.name
        yield "批次", f"{check.batch_name}（{check.batch_id}）" if check.batch_id else "未能读取"
        yield "签发时间", check.sealed_at or "未能读取"
        yield "件数 / 文件数 / 字节数", f"{check.records} / {check.files} / {check.payload_bytes}"
        yield "信息包摘要", check.digest or "无"
        yield "日志链首", check.log_head or "无"
        yield "外部比对", comparison_text(check)
        yield "检测结论", result_text(check)


def render_package_check(checks: tuple[PackageCheck, ...], checked_on: datetime.date) -> bytes:
    """Return the report as PDF/A-2b: facts, the items by the four properties, every fault.

    The same arguments give the same bytes.
    """
    last = _written(checks, checked_on, 0).number  # how many pages there are
    created = datetime.datetime.combine(
        checked_on, datetime.time(), datetime.timezone(datetime.timedelta(hours=8))
    )
    return make_archival(_written(checks, checked_on, last).finish(), TITLE, created)


def _written(checks: tuple[PackageCheck, ...], checked_on: datetime.date, last: int) -> "_Pages":
    page = _Pages(default_chain(), last)
    page.title(TITLE)
    page.pair("检测依据", "参照 DA/T 70-2018（归档环节），离线检测，不依赖原系统")
    page.pair("检测日期", checked_on.isoformat())
    for name, text in facts_of(checks):
        page.pair(name, text)
    for check in checks:
        if len(checks) > 1:
            page.heading(check.name)
        for kind in Property:
            page.heading(kind.value)
            for item in (item for item in check.items if item.property is kind):
                page.item(item)
        page.heading("问题清单" if check.faults else "问题清单：无")
        for number, fault in enumerate(check.faults, start=1):
            page.paragraph(f"{number}. [{fault.code}] {fault.path}")
            page.paragraph(f"应为：{fault.expected}", indent=14)
            page.paragraph(f"实为：{fault.found}", indent=14)
    page.signatures()
    return page


class _Pages:
    """Text flowing down A4 pages; every page is numbered, out of `last`."""

    def __init__(self, fonts: FontChain, last: int) -> None:
        self._fonts, self._last = fonts, last
        self._sheet = Sheet(_WIDTH, _HEIGHT, fonts)
        self.number, self._down = 1, _TOP
        self._missing = functools.cache(lambda character: bool(fonts.missing(character)))

    def title(self, text: str) -> None:
        box = Box(left=_LEFT, top=self._down, width=_SPAN, height=_TITLE_SIZE * 2)
        self._sheet.centred(text, box, self._down + _TITLE_SIZE, _TITLE_SIZE)
        self._down += _TITLE_SIZE * 2

    def heading(self, text: str) -> None:
        self._room(_LEADING * 3)
        self._down += _LEADING * 0.6
        self._sheet.line(self._shown(text), _LEFT, self._down + _SIZE, _SIZE + 2)
        self._down += _LEADING * 1.3

    def pair(self, name: str, text: str) -> None:
        self._row(((name, 0.0, 0.26), (text, 0.26, 0.74)))

    def item(self, item: CheckedItem) -> None:
        code, title, result = _COLUMNS
        mark = item.result.chinese_name
        if item.result is ItemResult.FAILED:
            mark = f"×{mark}"
        self._row((
            (item.code, 0.0, code),
            (item.title, code, title),
            (mark, code + title, result),
            (item.note, code + title + result, 1.0 - code - title - result),
        ))  # fmt: skip

    def paragraph(self, text: str, indent: float = 0.0) -> None:
        share = indent / _SPAN
        self._row(((text, share, 1.0 - share),))

    def signatures(self) -> None:
        self._room(_LEADING * 6)
        self._down += _LEADING * 2
        for place, name in enumerate(_SIGNATURES):
            left = _LEFT + _SPAN * place / len(_SIGNATURES)
            self._sheet.line(f"{name}：", left, self._down + _SIZE, _SIZE)
        self._down += _LEADING * 2
        for place in range(len(_SIGNATURES)):
            left = _LEFT + _SPAN * place / len(_SIGNATURES)
            self._sheet.line("　　年　　月　　日", left, self._down + _SIZE, _SIZE)

    def finish(self) -> bytes:
        """Return the PDF, before it is made archival."""
        self._end_page()
        return self._sheet.finish()

    def _row(self, cells: tuple[tuple[str, float, float], ...]) -> None:
        """Write texts side by side, each broken within its share of the width."""
        broken = [
            (list(self._lines(self._shown(text), share * _SPAN - 4)), start)
            for text, start, share in cells
        ]
        height = max(len(lines) for lines, _ in broken)
        for number in range(height):  # a row longer than a page goes on on the next
            self._room(_LEADING)
            for lines, start in broken:
                if number < len(lines):
                    left = _LEFT + start * _SPAN
                    self._sheet.line(lines[number], left, self._down + _SIZE, _SIZE)
            self._down += _LEADING

    def _lines(self, text: str, width: float) -> Iterator[str]:
        line, used = "", 0.0
        for character in text:
            wide = self._fonts.width(character) * _SIZE
            if line and used + wide > width:
                yield line
                line, used = "", 0.0
            line, used = line + character, used + wide
        yield line

    def _shown(self, text: str) -> str:
        """Return a text that the fonts can draw: file names come from anywhere."""
        return "".join(_MISSING_GLYPH if self._missing(c) else c for c in text)

    def _room(self, height: float) -> None:
        if self._down + height > _HEIGHT - _BOTTOM:
            self._end_page()
            self.number, self._down = self.number + 1, _TOP

    def _end_page(self) -> None:
        box = Box(left=_LEFT, top=_HEIGHT - _BOTTOM, width=_SPAN, height=_BOTTOM)
        text = f"第 {self.number} 页 共 {self._last} 页"
        self._sheet.centred(text, box, _HEIGHT - _BOTTOM * 0.5, _SIZE - 1)
        self._sheet.next_page()
