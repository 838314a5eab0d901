"""What each rule tells: must-flag applications by kind, honest ones wrongly, signs of a change."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set

from benchmarks.bench.judging import SAME_PRINT, SOFTWARE_SIGN, Fired, Judged, each_paper_once
from benchmarks.bench.results import FlaggedKind, Flagging, HonestRule, Risk, Share, SignRate
from benchmarks.bench.statistics import interval
from benchmarks.bench.twins import ItemKey, TwinPair
from domain.assessment import Decision
from domain.certificates import PART_FIELDS, FieldName
from domain.shares import upper_bound
from domain.tampering import TamperSign
from validators.rule import Concern, Rule
from validators.rules import collect

_CONFIDENCE = 0.95
_PHONE_PHOTOS = ("photo", "photo-turned")
# A rule that names the one field may have looked at the others, too.
_ALSO_READ: Mapping[str, tuple[FieldName, ...]] = {
    FieldName.SCORE: (*PART_FIELDS, FieldName.COMPONENT_A, FieldName.COMPONENT_B, FieldName.GRADE),
    FieldName.STATUS: (FieldName.SCORE, FieldName.GRADE),
    FieldName.GRADE: (FieldName.SCORE, FieldName.STATUS),
    FieldName.CERTIFICATE_NUMBER: (FieldName.DATE, FieldName.ADMISSION_TICKET),
    FieldName.ADMISSION_TICKET: (FieldName.CERTIFICATE_NUMBER,),
    FieldName.DATE: (FieldName.ISSUE_DATE,),
}


def measure_flagging(judged: Sequence[Judged], pairs: Set[TwinPair]) -> Flagging:
    """Return what the rules told; `pairs` are honest items with their must-flag twins."""
    honest = [item for item in judged if item.truth.expected == {Decision.ACCEPT.value}]
    rules = {rule.id: rule for rule in collect()}
    wrongly: Counter[str] = Counter()
    by_reading: Counter[str] = Counter()
    together = only_reading = 0
    for item in honest:
        wrong, doubted = _sorted_out(item, rules)
        wrongly.update(wrong)
        by_reading.update(doubted)
        objected = any(_objects(rules, rule_id) for rule_id in wrong)
        together += objected
        only_reading += not objected and any(_objects(rules, rule_id) for rule_id in doubted)
    return Flagging(
        kinds=_kinds(judged, pairs),
        rules=tuple(
            HonestRule(
                rule_id=rule_id,
                severity=rules[rule_id].severity.value if rule_id in rules else "",
                objects=_objects(rules, rule_id),
                wrong=_risk(wrongly[rule_id], len(honest)),
                by_reading=by_reading[rule_id],
            )
            for rule_id in sorted(
                {*wrongly, *by_reading},
                key=lambda rule_id: (not _objects(rules, rule_id), -wrongly[rule_id], rule_id),
            )
        ),
        together=_risk(together, len(honest)),
        together_by_reading=only_reading,
        signs=_signs(judged),
    )


def _objects(rules: Mapping[str, Rule], rule_id: str) -> bool:
    # A finding of no rule stands for a review that nothing explained.
    return rule_id not in rules or rules[rule_id].severity.objects


def _sorted_out(item: Judged, rules: Mapping[str, Rule]) -> tuple[set[str], set[str]]:
    """Return the rules that fired on an honest item wrongly, and those that reading made fire.

    A note states a fact and is never wrong.
    """
    wrong, doubted = set(), set()
    misread = {r.field.value for r in item.fields if not r.same_value}
    for fired in item.fired:
        rule = rules.get(fired.rule_id)
        if rule is not None and rule.severity.value == "note":
            continue
        doubts = rule is None or rule.concern is Concern.READING
        if doubts or _looked_at(fired) & misread or (not fired.field and misread):
            doubted.add(fired.rule_id)
        else:
            wrong.add(fired.rule_id)
    return wrong, doubted - wrong


def _looked_at(fired: Fired) -> set[str]:
    if not fired.field:
        return set()
    field = FieldName(fired.field) if fired.field in set(FieldName) else None
    fields = {fired.field, *(other.value for other in _ALSO_READ.get(fired.field, ()))}
    return fields | ({SAME_PRINT[field].value} if field in SAME_PRINT else set())


def _kinds(judged: Sequence[Judged], pairs: Set[TwinPair]) -> tuple[FlaggedKind, ...]:
    by_key = {item.key: item for item in judged}
    twins: dict[ItemKey, Judged] = {flagged: by_key[honest] for honest, flagged in pairs}
    by_kind: defaultdict[str, list[Judged]] = defaultdict(list)
    for item in judged:
        if not item.truth.may_be_accepted:
            by_kind[item.truth.kind].append(item)
    found = []
    for kind, items in sorted(by_kind.items()):
        own = [_own_rules(item, twins.get(item.key)) for item in items]
        missed = sum(item.accepted for item in items)
        counts = Counter(rule_id for rules in own for rule_id in rules)
        found.append(
            FlaggedKind(
                kind=kind,
                flagged=_share(len(items) - missed, len(items)),
                missed=_risk(missed, len(items)),
                own_reason=sum(bool(rules) for rules in own),
                rules=dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
            )
        )
    return tuple(found)


def _own_rules(item: Judged, twin: Judged | None) -> set[str]:
    """Return the rules that object to an item and not to its honest twin."""
    return set(item.reason_codes) - (set(twin.reason_codes) if twin else set())


def _signs(judged: Sequence[Judged]) -> tuple[SignRate, ...]:
    # Apart first: a must-flag twin before it must not take an honest item's place.
    honest = each_paper_once([item for item in judged if item.truth.may_be_accepted])
    forged = each_paper_once([item for item in judged if item.truth.is_forged])
    photos = [
        item for item in honest if item.truth.held_back and item.truth.condition in _PHONE_PHOTOS
    ]
    return tuple(
        SignRate(
            sign=sign,
            photos=_risk(_seen(photos, sign), len(photos)),
            honest=_risk(_seen(honest, sign), len(honest)),
            forged=_share(_seen(forged, sign), len(forged)),
        )
        for sign in (*(sign.value for sign in TamperSign), SOFTWARE_SIGN)
    )


def _seen(items: Iterable[Judged], sign: str) -> int:
    return sum(sign in item.signs for item in items)


def _risk(hits: int, n: int) -> Risk:
    return Risk(hits=hits, n=n, upper=upper_bound(hits, n, _CONFIDENCE))


def _share(hits: int, n: int) -> Share:
    low, high = interval(hits, n, _CONFIDENCE) if n else (0.0, 1.0)
    return Share(hits=hits, n=n, low=low, high=high)
