"""Examples for the rules on signs that a picture may have been changed."""

import dataclasses
from collections.abc import Callable

from domain.assessment import Assessment
from domain.certificates import FieldName
from domain.tampering import TamperHint, TamperSign
from tests.validators.builders import BOX, assess_paper, outcome_of, paper_of, policy_with

Example = Callable[[], Assessment]


def hinted(sign: TamperSign, use: str | None = None, field: FieldName | None = None) -> Example:
    """Return the sound CET paper with a sign on it, under a policy that makes `use` of it."""
    policy = policy_with(f'[tampering]\n{sign.value} = "{use}"\n' if use else None)
    hint = TamperHint(sign=sign, bbox=BOX, strength=1.5, field=field)
    paper = dataclasses.replace(paper_of(), hints=(hint,))
    return lambda: assess_paper(paper, policy=policy)


def edited(use: str | None = None, note: str = "tamper-software") -> Example:
    """Return the sound CET paper in a file that an editor left its name in."""
    policy = policy_with(f'[tampering]\nsoftware = "{use}"\n' if use else None)
    return lambda: assess_paper(
        paper_of(), outcome=outcome_of((paper_of(),), notes=(note,)), policy=policy
    )


_S, _SCORE = TamperSign, FieldName.SCORE
TAMPER_EXAMPLES: dict[str, tuple[Example, Example]] = {
    "tamper-typeface": (hinted(_S.TYPEFACE, "advice", _SCORE), hinted(_S.TYPEFACE, None, _SCORE)),
    "tamper-alignment": (
        hinted(_S.ALIGNMENT, None, _SCORE),
        hinted(_S.ALIGNMENT, "off", _SCORE),
    ),
    "tamper-sharpness": (
        hinted(_S.SHARPNESS, None, _SCORE),
        hinted(_S.SHARPNESS, "off", _SCORE),
    ),
    "tamper-compression": (
        hinted(_S.COMPRESSION, None, _SCORE),
        hinted(_S.COMPRESSION, "off", _SCORE),
    ),
    "tamper-recapture": (hinted(_S.RECAPTURE), hinted(_S.RECAPTURE, "off")),
    "tamper-software": (edited(), edited("off")),
    "tamper-look": (hinted(_S.COMPRESSION, "review", _SCORE), hinted(_S.COMPRESSION, "advice")),
}
