"""What an item's page says: words, aligned characters, marks. Pure; no picture and no web.

Characters of the declared and of the read value stand over one another; differences carry a mark of
their own shape (✗ another one, ▲ only declared, ▽ only on the paper), never a colour alone.
"""

import difflib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from domain.application import Application, BatchKind
from domain.assessment import Agreement, FieldComparison
from domain.certificates import FieldName
from domain.finding import Finding, Severity
from domain.review import Round
from reports.cells import display_text
from reports.wording import AGREEMENTS, SEVERITIES, field_wording, reason_wording
from review.looking import TYPED_FIELDS, Looked
from validators.character_tables import LOOK_ALIKES

MASK = "●"
BLANK = " "
_MARK_OTHER, _MARK_DECLARED, _MARK_READ = "✗", "▲", "▽"
_ALIKE = 0.6  # as SequenceMatcher counts; below it an alignment would only confuse
# How many characters of a personal value are shown at its beginning and at its end.
PERSONAL = {
    FieldName.NAME.value: (1, 0),
    FieldName.ID_NUMBER.value: (0, 4),
    "姓名": (1, 0),
    "姓名拼音": (1, 0),
    "证件号码": (0, 4),
    "考生号": (0, 4),
    "电子邮箱": (2, 0),
    "QQ账号": (0, 2),
    "微信账号": (0, 2),
}
# Values that somebody has to see whole in order to judge them, where a finding is about them.
_SEEN_WHOLE = frozenset({"姓名拼音", "考生号", "电子邮箱", "QQ账号", "微信账号"})
_SHAPES = {
    Agreement.EQUAL: "✓",
    Agreement.EQUAL_AFTER_NORMALIZATION: "✓",
    Agreement.SIMILAR: "✗",
    Agreement.DIFFERENT: "✗",
    Agreement.NOT_FOUND: "?",
    Agreement.NOT_PRINTED: "–",
    Agreement.NOT_CHECKED: "–",
}
_FAULTS = {
    "timeout": "解析超时",
    "memory": "内存不足",
    "crashed": "解析程序异常退出",
    "no-answer": "解析程序没有应答",
}
HIDDEN_HEADLINE = "请照图片输入编号和成绩"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One column of a field's rows; widths in half-width columns. A text "" is an empty cell."""

    declared: str
    read: str
    width: int
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One field: its cells, how it agrees, and whether it is what the question is about.

    `layout` says which character of the raw reading stands in which cell, for the picture under it;
    `hidden` are characters that the picture may not show while data are masked.
    """

    field: str
    label: str
    cells: tuple[Cell, ...]
    shape: str
    agreement: str
    in_question: bool
    differences: int
    look_alikes: tuple[str, ...]
    confidence: str
    has_picture: bool
    is_declared: bool
    is_read: bool
    is_compared: bool
    layout: tuple[tuple[int | None, int], ...] = ()
    hidden: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """One line of the strip of checks."""

    rule_id: str
    wording: str
    severity: str
    objects: bool
    is_advice: bool
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """Everything that an item's page says in words."""

    headline: str
    applicant: str
    id_number: str
    certificate: str
    fields: tuple[FieldView, ...]
    checks: tuple[CheckView, ...]
    focus: str


def present(looked: Looked, reveal: bool = False) -> ItemView:
    """Return what the page of an item says; names and numbers masked unless `reveal`."""
    if reveal not in looked.views:
        looked.views[reveal] = _present(looked, reveal)
    view: ItemView = looked.views[reveal]
    return view


def _present(looked: Looked, reveal: bool) -> ItemView:
    application = looked.application.submission.application
    rows = looked.assessment.comparisons
    blind = looked.is_blind
    if blind:
        rows = tuple(row for row in rows if row.field in TYPED_FIELDS)
    fields = tuple(_field(row, looked, reveal, blind) for row in rows if _is_shown(row))
    focus = next((item.field for item in fields if item.in_question and item.has_picture), "")
    focus = focus or next((item.field for item in fields if item.has_picture), "")
    return ItemView(
        headline=headline(looked),
        applicant=display_text(application.name if reveal else mask(application.name, 1, 0)),
        id_number=display_text(
            application.id_number if reveal else mask(application.id_number, 0, 4)
        ),
        certificate="学位申请"
        if looked.batch.kind is BatchKind.DEGREE
        else looked.assessment.certificate_type.chinese_name,
        fields=fields,
        checks=() if blind else tuple(_checks(looked, reveal)),
        focus=focus,
    )


def cells_html(field: FieldView, side: str) -> Markup:
    """Return one row of a field's cells: the declared or read characters, or the marks.

    Here rather than in the template, for an item has hundreds of them.
    """
    parts = []
    for cell in field.cells:
        text = escape(getattr(cell, side)) or BLANK
        off = " off" if cell.mark and side != "mark" else ""
        parts.append(f'<span class="c w{cell.width}{off}">{text}</span>')
    return Markup("".join(parts))


def headline(looked: Looked) -> str:
    """Return what is wrong, in words; for items to be typed unseen it gives nothing away."""
    if looked.is_blind:
        return HIDDEN_HEADLINE
    parts = [
        _worded(finding, looked)
        for finding in looked.assessment.findings
        if finding.severity.objects
    ]
    lead = {Round.LEAD: "两人意见不同：", Round.APPEAL: "申请复核："}.get(looked.case.round, "")
    if looked.is_reopened and looked.case.round is not Round.SETTLED:
        lead = f"负责人要求重新审核：{lead}"
    if looked.case.kind.startswith("input-changed"):
        lead += "材料有更新："
    return lead + ("；".join(dict.fromkeys(parts)) or "请核对全部项目")


def _worded(finding: Finding, looked: Looked) -> str:
    wording = reason_wording(finding.rule_id)
    if finding.rule_id == "machine-failed":
        return f"处理失败：{failure_of(looked)}"
    row = next((r for r in looked.assessment.comparisons if r.field == finding.field), None)
    if row is None or row.agreement not in (Agreement.DIFFERENT, Agreement.SIMILAR):
        return wording
    if not finding.rule_id.endswith("-differs"):
        return wording
    count = sum(1 for cell in align(row.declared, row.extracted) if cell.mark)
    return f"{field_wording(row.field)} 不一致 {count} 位" if count else wording


def failure_of(looked: Looked) -> str:
    """Return at what the machine failed, in words."""
    words = [_FAULTS.get(code, code) for code in looked.failures]
    return "、".join(dict.fromkeys(words)) or "请直接查看文件"


def mask(text: str, front: int, back: int) -> str:
    """Return text with all but its first and last characters hidden."""
    text = text.strip()
    if len(text) <= front + back:
        return MASK * len(text) if back else text[:front] + MASK * (len(text) - front)
    return text[:front] + MASK * (len(text) - front - back) + (text[-back:] if back else "")


def hide_person(text: str, application: Application) -> str:
    """Return a sentence or file name with the applicant's name and number masked in it."""
    for known, (front, back) in ((application.name, (1, 0)), (application.id_number, (0, 4))):
        plain = known.strip()
        if len(plain) > 1:
            text = text.replace(plain, mask(plain, front, back))
    return text


def align(declared: str, read: str) -> tuple[Cell, ...]:
    """Return two values character over character; spaces alone make no difference."""
    return tuple(cell for cell, _ in _aligned(declared, read))


def _aligned(declared: str, read: str) -> Iterator[tuple[Cell, int | None]]:
    """Yield the cells, each with the index of its read character."""
    for mine, other in _pairs(declared, read):
        one = "" if mine is None else declared[mine]
        two = "" if other is None else read[other]
        width = max(_width(one), _width(two))
        yield Cell(declared=one, read=two, width=width, mark=_mark(one, two)), other


def _pairs(declared: str, read: str) -> list[tuple[int | None, int | None]]:
    """Return which characters stand over each other: by place where the values are equally long
    or have little in common, else so that as many as possible agree.
    """
    mine = [i for i, character in enumerate(declared) if not character.isspace()]
    other = [i for i, character in enumerate(read) if not character.isspace()]
    one, two = ("".join(text.split()).upper() for text in (declared, read))
    matcher = difflib.SequenceMatcher(None, one, two, autojunk=False)
    by_place = len(one) == len(two) or matcher.ratio() < _ALIKE
    operations = [("", 0, len(one), 0, len(two))] if by_place else matcher.get_opcodes()
    pairs: list[tuple[int | None, int | None]] = []
    for _, i1, i2, j1, j2 in operations:
        for place in range(max(i2 - i1, j2 - j1)):
            left = mine[i1 + place] if i1 + place < i2 else None
            right = other[j1 + place] if j1 + place < j2 else None
            # A space on the paper keeps its place, over nothing.
            before = max((index for _, index in pairs if index is not None), default=-1)
            if right is not None:
                pairs += [(None, gap) for gap in range(before + 1, right)]
            pairs.append((left, right))
    return pairs


def _mark(one: str, two: str) -> str:
    if not (one + two).strip() or one.upper() == two.upper():
        return ""
    if not one.strip():
        return _MARK_READ if two.strip() else ""
    return _MARK_OTHER if two.strip() else _MARK_DECLARED


def _width(character: str) -> int:
    return 2 if character and unicodedata.east_asian_width(character) in "WF" else 1


def _is_shown(row: FieldComparison) -> bool:
    return bool(row.declared.strip() or row.extracted.strip())


def _field(row: FieldComparison, looked: Looked, reveal: bool, blind: bool) -> FieldView:
    evidence, read = row.evidence, row.extracted.strip()
    paired = list(_aligned(row.declared.strip(), read))
    counts = row.agreement in (Agreement.DIFFERENT, Agreement.SIMILAR)
    questioned = {f.field for f in looked.assessment.findings if f.severity.objects}
    whole = reveal or (row.field in questioned & _SEEN_WHOLE)
    hidden = frozenset() if whole else _hidden(row.field, paired, counts)
    raw = evidence.raw_text if evidence else ""
    placed = bool(evidence and evidence.positions and raw.strip() == read)
    cells = tuple(
        _shown(cell, place in hidden, counts, blind) for place, (cell, _) in enumerate(paired)
    )
    shift = len(raw) - len(raw.lstrip())
    return FieldView(
        field=row.field,
        label=field_wording(row.field),
        cells=() if blind else cells,
        shape="" if blind else _SHAPES[row.agreement],
        agreement="" if blind else AGREEMENTS[row.agreement],
        in_question=blind or row.field in questioned,
        differences=sum(1 for cell in cells if cell.mark) if not blind else 0,
        look_alikes=() if blind else _look_alikes(cells),
        confidence="" if row.confidence is None else f"{row.confidence:.3f}",
        has_picture=has_picture(row),
        is_declared=bool(row.declared.strip()) or row.agreement is not Agreement.NOT_CHECKED,
        is_read=bool(read),
        is_compared=row.agreement is not Agreement.NOT_CHECKED,
        layout=_layout(paired, shift, raw, placed and not blind) if _has_cells(row) else (),
        hidden=frozenset(
            index + shift for place, (_, index) in enumerate(paired)
            if place in hidden and index is not None
        ),
    )  # fmt: skip


def _has_cells(row: FieldComparison) -> bool:
    """Return whether a value is shown character by character, rather than as words."""
    return row.evidence is None or bool(row.evidence.positions)


def has_picture(row: FieldComparison) -> bool:
    """Return whether a picture of the value can be shown; a whole page is no place."""
    if row.evidence is None:
        return False
    box = row.evidence.bbox
    return 0 < box.width < 0.99 and 0 < box.height < 0.9


def _layout(
    paired: list[tuple[Cell, int | None]], shift: int, raw: str, placed: bool
) -> tuple[tuple[int | None, int], ...]:
    if placed or not raw:
        return tuple(
            (None if index is None else index + shift, cell.width) for cell, index in paired
        )
    return tuple((index, _width(character)) for index, character in enumerate(raw))


def _hidden(field: str, paired: list[tuple[Cell, int | None]], counts: bool) -> frozenset[int]:
    """Return the cells of a name or identity number that stay masked: those that agree."""
    if field not in PERSONAL:
        return frozenset()
    front, back = PERSONAL[field]
    last = len(paired) - back
    return frozenset(
        place
        for place, (cell, _) in enumerate(paired)
        if front <= place < last and not (counts and cell.mark)
    )


def _shown(cell: Cell, hidden: bool, counts: bool, blind: bool) -> Cell:
    def text(character: str) -> str:
        if not character or character.isspace():
            return character and " "
        return MASK if hidden else display_text(character)

    mark = cell.mark if counts and not blind else ""
    return Cell(declared=text(cell.declared), read=text(cell.read), width=cell.width, mark=mark)


def _look_alikes(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    pairs = [
        f"{cell.declared}/{cell.read}"
        for cell in cells
        if cell.mark and frozenset((cell.declared.upper(), cell.read.upper())) in LOOK_ALIKES
    ]
    return tuple(dict.fromkeys(pairs))


def _checks(looked: Looked, reveal: bool) -> Iterator[CheckView]:
    order = list(Severity)
    for finding in sorted(looked.assessment.findings, key=lambda item: order.index(item.severity)):
        personal = finding.field in PERSONAL and not reveal
        values = " / ".join(
            display_text(text) for text in (finding.declared, finding.extracted) if text
        )
        yield CheckView(
            rule_id=finding.rule_id,
            wording=reason_wording(finding.rule_id),
            severity=SEVERITIES[finding.severity],
            objects=finding.severity.objects,
            is_advice=finding.severity in (Severity.ADVICE, Severity.NOTE, Severity.WARN),
            evidence="" if personal else values,
        )
