"""One application of a sample batch: its row, its uploads and the truth about it.

The column names and their values follow docs/contract.md; `Studio` is where the scenarios of
`declarations.py` and `hostile.py` get people, papers and files from.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from benchmarks.samples.changes import rewrite_date
from benchmarks.samples.conditions import apply_condition, possible_conditions
from benchmarks.samples.drawing import LayoutFault
from benchmarks.samples.encoding import UploadFile
from benchmarks.samples.paper import NOT_ACCEPTED, UNKNOWN, Paper, PaperKind, Person
from benchmarks.samples.papers import draw_paper
from benchmarks.samples.people import draw_person

LANGUAGE_HEADERS = (
    "学号",
    "姓名",
    "身份证号",
    "手机号",
    "层次",
    "专业",
    "年级",
    "学籍状态",
    "学习中心",
    "科目",
    "申请证书类型",
    "语种",
    "证书获取日期",
    "成绩单编号",
    "考试成绩",
    "成绩状态",
    "申请状态",
    "申请时间",
    "申请条件是否达标",
    "证书类别",
)
OPENS = datetime.fromisoformat("2024-03-01T00:00:00+08:00")
DEADLINE = datetime.fromisoformat("2024-03-31T23:59:59+08:00")

# The categories as the platform names them, then the aliases that people type.
CATEGORY_NAMES: Mapping[str, tuple[str, ...]] = {
    "cet4": ("全国大学英语四级考试", "CET-4", "英语四级"),
    "cet6": ("全国大学英语六级考试", "CET-6", "英语六级"),
    "tem4": ("全国高等学校英语专业四级考试", "TEM4"),
    "tem8": ("全国高等学校英语专业八级考试", "TEM8"),
    "trm4": ("全国高等学校俄语专业四级考试",),
    "trm8": ("全国高等学校俄语专业八级考试",),
    "etic-elementary": ("国际人才英语考试初级", "国才初级"),
    "etic-intermediate": ("国际人才英语考试中级", "国才中级"),
    "etic-advanced": ("国际人才英语考试高级", "国才高级"),
    "etic-executive": ("国际人才英语考试高端", "国才高端"),
    "etic-interpreting": ("国际人才英语考试高翻", "国才高翻"),
    "zikao-english2": ("全国高等教育自学考试《英语（二）》",),
}
# The shipped policy lets no machine accept these; docs/contract.md, section 3.
NEVER_BY_MACHINE = frozenset({"trm4", "trm8", NOT_ACCEPTED, UNKNOWN})
_DRAW_ATTEMPTS = 40
# How much more often than the others the common examinations appear.
_FREQUENCY: Mapping[str, float] = {
    "cet4": 2.5,
    "cet6": 2.0,
    "zikao-english2": 1.5,
    "trm4": 0.5,
    "trm8": 0.5,
}
_MAJORS = ("视觉传达设计", "法学", "会计学", "行政管理", "护理学", "计算机科学与技术", "学前教育")
_LEARNING_CENTRES = ("继续教育学院", "东校区学习中心", "南山学习中心", "滨河函授站")

Suits = Callable[[PaperKind], bool]
FitsPaper = Callable[[Paper], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleApplication:
    """One application with its truth.

    cells: header -> cell of the applications table. expected: the outcomes that are right.
    fields: what a careful person could read from the uploads. twin_of: 学号 of the application
    that uses the same paper, empty otherwise.
    """

    kind: str
    expected: tuple[str, ...]
    cells: Mapping[str, str]
    files: tuple[UploadFile, ...]
    certificate_type: str
    layout: str
    condition: str
    fields: Mapping[str, str]
    held_back: bool
    twin_of: str = ""

    @property
    def student_number(self) -> str:
        return self.cells["学号"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A paper, whose it is, and its place in the list of layouts."""

    person: Person
    kind: PaperKind
    paper: Paper


@dataclass(slots=True, kw_only=True)
class Studio:
    """Hands out people, layouts and conditions, each in its turn; common papers more often.

    `rng` is replaced before each application: what one application draws moves no other one.
    """

    kinds: Sequence[PaperKind]
    conditions: Sequence[str]
    rng: random.Random
    _used_numbers: set[str] = field(default_factory=set)
    _type_uses: Counter[tuple[str, str]] = field(default_factory=Counter)
    _layout_uses: Counter[tuple[str, str]] = field(default_factory=Counter)
    _condition_uses: Counter[str] = field(default_factory=Counter)

    def draw_applicant(self) -> Person:
        """Return a fictitious person whose 学号 nobody else of this batch has."""
        while True:
            person = draw_person(self.rng)
            if person.student_number not in self._used_numbers:
                self._used_numbers.add(person.student_number)
                return person

    def draw(
        self,
        suits: Suits,
        *,
        fits: FitsPaper | None = None,
        person: Person | None = None,
        overrides: Mapping[str, str] | None = None,
        tally: str = "",
    ) -> Drawn:
        """Draw a paper of the least used type and layout that `suits` and `fits` allow.

        Use is counted apart for each `tally`, so that one group of applications has every type.

        Raises `LookupError` where no layout of this studio can give such a paper.
        """
        owner = person or self.draw_applicant()
        candidates = [kind for kind in self.kinds if suits(kind)]
        for attempt in range(_DRAW_ATTEMPTS):
            if not candidates:
                break
            kind = self._least_used(candidates, tally)
            paper = self._try(kind, owner, overrides)
            if paper is not None and (fits is None or fits(paper)) and self._can_capture(paper):
                self._type_uses[tally, kind.certificate_type] += 1
                self._layout_uses[kind.certificate_type, kind.layout] += 1
                return Drawn(person=owner, kind=kind, paper=paper)
            if attempt % 4 == 3:
                candidates.remove(kind)
        raise LookupError("no layout among those allowed can show what this scenario needs")

    def _try(
        self, kind: PaperKind, owner: Person, overrides: Mapping[str, str] | None
    ) -> Paper | None:
        try:
            return draw_paper(kind, owner, self.rng, overrides=overrides or {})
        except LayoutFault:
            # Some long names do not fit some layouts; another draw or layout will do.
            return None

    def _can_capture(self, paper: Paper) -> bool:
        return any(name in self.conditions for name in possible_conditions(paper))

    def capture(
        self, paper: Paper, allowed: Sequence[str] | None = None
    ) -> tuple[str, list[UploadFile]]:
        """Return the least used condition that suits the paper, and the files it gives."""
        possible = [
            name
            for name in possible_conditions(paper)
            if name in self.conditions and (allowed is None or name in allowed)
        ]
        if not possible:
            possible = [name for name in possible_conditions(paper) if name in self.conditions]
        fewest = min(self._condition_uses[name] for name in possible)
        name = self.rng.choice([n for n in possible if self._condition_uses[n] == fewest])
        self._condition_uses[name] += 1
        return name, apply_condition(paper, name, self.rng)

    def _share_used(self, certificate_type: str, tally: str) -> float:
        return self._type_uses[tally, certificate_type] / _FREQUENCY.get(certificate_type, 1.0)

    def _least_used(self, candidates: Sequence[PaperKind], tally: str) -> PaperKind:
        shares = {kind: self._share_used(kind.certificate_type, tally) for kind in candidates}
        of_type = [kind for kind in candidates if shares[kind] == min(shares.values())]
        rarest = min(self._layout_uses[k.certificate_type, k.layout] for k in of_type)
        return self.rng.choice(
            [k for k in of_type if self._layout_uses[k.certificate_type, k.layout] == rarest]
        )


def is_accepted_certificate(kind: PaperKind) -> bool:
    """Tell whether the layout is a certificate that the shipped policy lets the machine accept."""
    return kind.is_certificate and kind.certificate_type not in NEVER_BY_MACHINE


def is_certificate(kind: PaperKind) -> bool:
    """Tell whether the layout is a certificate of one of the twelve types."""
    return kind.is_certificate and kind.certificate_type not in (NOT_ACCEPTED, UNKNOWN)


def honest_expectation(paper: Paper) -> tuple[str, ...]:
    """Return the right outcome of a truthful application with this paper, well photographed."""
    machine = paper.is_certificate and paper.certificate_type not in NEVER_BY_MACHINE
    return ("accept",) if machine and passes(paper) else ("review",)


def passes(paper: Paper) -> bool:
    """Tell whether the result reaches the shipped pass lines (CET 425, others 60)."""
    return is_pass(paper.certificate_type, paper.printed, paper.declared)


def is_pass(certificate_type: str, printed: Mapping[str, str], declared: Mapping[str, str]) -> bool:
    """Tell the same of a paper that is not drawn yet."""
    if declared.get("成绩状态") == "不合格":
        return False
    score = printed.get("score", "").strip()
    if not score.isdecimal() or certificate_type.startswith("etic"):
        return True
    return int(score) >= pass_line(certificate_type)


def pass_line(certificate_type: str) -> int:
    """Return the lowest score that passes by the shipped policy."""
    return 425 if certificate_type.startswith("cet") else 60


def honest_cells(drawn: Drawn, rng: random.Random) -> dict[str, str]:
    """Return the row of an applicant who types what the paper says, in one of the usual ways."""
    person, paper = drawn.person, drawn.paper
    applied = OPENS + timedelta(seconds=rng.randrange(int((DEADLINE - OPENS).total_seconds())))
    declared = {
        "语种": paper.declared["语种"],
        "证书获取日期": rewrite_date(paper.declared["证书获取日期"], rng),
        "成绩单编号": paper.declared["成绩单编号"],
        "考试成绩": paper.declared["考试成绩"],
        "成绩状态": paper.declared["成绩状态"],
    }
    return {
        "学号": person.student_number,
        "姓名": person.name,
        "身份证号": person.id_number,
        "手机号": person.phone,
        "层次": rng.choice(("专升本", "专升本", "高起本")),
        "专业": _major(paper, rng),
        "年级": f"{person.student_number[:4]}级",
        "学籍状态": "在籍",
        "学习中心": rng.choice(_LEARNING_CENTRES),
        "科目": "外国语",
        "申请证书类型": "其他语言类成绩认证",
        **declared,
        "申请状态": rng.choice(("已申请", "待审核", "已申请", "")),
        "申请时间": applied.strftime("%Y-%m-%d %H:%M:%S"),
        "申请条件是否达标": "达标",
        "证书类别": _category(paper, rng),
    }


def compose_application(
    drawn: Drawn,
    cells: Mapping[str, str],
    files: Sequence[UploadFile],
    *,
    kind: str,
    expected: tuple[str, ...],
    condition: str,
) -> SampleApplication:
    """Return the application whose uploads show the drawn paper legibly."""
    return SampleApplication(
        kind=kind,
        expected=expected,
        cells=cells,
        files=tuple(files),
        certificate_type=drawn.paper.certificate_type,
        layout=drawn.paper.layout,
        condition=condition,
        fields=dict(drawn.paper.printed),
        held_back=drawn.kind.held_back,
    )


def nothing_to_read(application: SampleApplication) -> SampleApplication:
    """Return the application with the truth of uploads from which nobody can read anything."""
    return replace(application, certificate_type=UNKNOWN, layout="none", fields={})


def _major(paper: Paper, rng: random.Random) -> str:
    # Only students of the language itself may sit the examinations for majors.
    if paper.certificate_type.startswith("tem"):
        return "英语"
    if paper.certificate_type.startswith("trm"):
        return "俄语"
    return rng.choice(_MAJORS)


def _category(paper: Paper, rng: random.Random) -> str:
    names = CATEGORY_NAMES.get(paper.certificate_type)
    if names is None or rng.random() < 0.5:
        return ""
    return names[0] if rng.random() < 0.6 else rng.choice(names)
