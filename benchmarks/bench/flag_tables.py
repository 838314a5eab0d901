"""The tables of what each rule tells, rightly and wrongly."""

from collections.abc import Iterable, Iterator

from benchmarks.bench.figure_table import FigureTable, percent, risk_text, share_text
from benchmarks.bench.results import Flagging, Risk

# What the cross-checks promise: so many honest applications are flagged wrongly at most.
RULE_TARGET = 0.005
TOGETHER_TARGET = 0.03
# A sign of a change may be told from so many photos on, and if its bound is not above this.
SIGN_TARGET = 0.02
FEWEST_PHOTOS = 500
_RULES_NAMED = 6


def flag_tables(flagging: Flagging) -> Iterator[FigureTable]:
    """Yield the must-flag kinds, the rules on honest applications, and the signs of a change."""
    yield _kinds(flagging)
    yield _rules(flagging)
    yield _signs(flagging)


def _kinds(flagging: Flagging) -> FigureTable:
    return FigureTable(
        heading="Must-flag applications by kind, and the rules that told them",
        note="Not accepted: a person looks, or the applicant has to act. Of its own: a rule objects"
        " that does not object to the honest twin. Rules: those, with how many they told.",
        headers=("kind", "n", "not accepted", "accepted", "upper", "of its own", "rules"),
        rows=tuple(
            (
                kind.kind,
                str(kind.flagged.n),
                percent(kind.flagged.value),
                *risk_text(kind.missed)[1:],
                str(kind.own_reason),
                _named(kind.rules.items()),
            )
            for kind in flagging.kinds
        ),
    )


def _named(rules: Iterable[tuple[str, int]]) -> str:
    counted = list(rules)
    named = ", ".join(f"{rule_id} {count}" for rule_id, count in counted[:_RULES_NAMED])
    more = len(counted) - _RULES_NAMED
    return f"{named}, {more} more" if more > 0 else named or "-"


def _rules(flagging: Flagging) -> FigureTable:
    rows = [
        (
            "any that objects, together",
            "review",
            *risk_text(flagging.together),
            _within(flagging.together, TOGETHER_TARGET),
            str(flagging.together_by_reading),
        )
    ]
    rows += [
        (
            rule.rule_id,
            rule.severity or "-",
            *risk_text(rule.wrong),
            _within(rule.wrong, RULE_TARGET) if rule.objects else "-",
            str(rule.by_reading),
        )
        for rule in flagging.rules
    ]
    return FigureTable(
        heading="Rules on honest applications",
        note="Wrongly: everything that the rule looked at was read right. By reading: beside a"
        " misreading, or the rule doubts the reading itself. Targets for rules that object: at most"
        f" {100 * RULE_TARGET} % a rule and {100 * TOGETHER_TARGET:.0f} % together, by share."
        " Applications for which review is right as well are left out, and notes.",
        headers=("rule", "severity", "honest", "wrongly", "upper", "within target", "by reading"),
        rows=tuple(rows) if flagging.together.n else (),
    )


def _within(risk: Risk, target: float) -> str:
    return "yes" if risk.hits <= target * risk.n else "NO"


def _signs(flagging: Flagging) -> FigureTable:
    return FigureTable(
        heading="Signs of a change (docs/tampering.md)",
        note="Photos: honest phone photos of held-back layouts. A sign may be told if the upper"
        f" bound on at least {FEWEST_PHOTOS} of them is not above {100 * SIGN_TARGET:.0f} %."
        " Drawn files name no editor, so `software` cannot be wrong here: its rate is not known.",
        headers=(
            *("sign", "photos", "seen", "upper", "may be told"),
            *("all honest", "seen", "upper", "forged", "seen", "95 %"),
        ),
        rows=tuple(
            (
                sign.sign,
                *risk_text(sign.photos),
                _may_be_told(sign.photos),
                *risk_text(sign.honest),
                *share_text(sign.forged),
            )
            for sign in flagging.signs
        ),
    )


def _may_be_told(photos: Risk) -> str:
    if photos.n < FEWEST_PHOTOS:
        return f"unknown: fewer than {FEWEST_PHOTOS}"
    return "yes" if photos.upper <= SIGN_TARGET else "no"
