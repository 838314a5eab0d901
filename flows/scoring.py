"""How a run on a labelled folder did against its truth; read only after everything is decided."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.application import BatchKind
from domain.assessment import Decision
from domain.certificates import CertificateType
from domain.faults import BatchRefused, InputFault
from domain.outcome import BatchOutcome

TRUTH_FILE = "truth.jsonl"
_HONEST = "honest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Outcomes against the truth.

    `honest` counts the honest applications of families that policy lets the machine accept (in
    degree batches all honest ones),
    `honest_accepted` those of them that it accepted. `false_accepts` are the 学号 of accepted
    applications for which the truth does not allow it, `unexpected` those with any other outcome
    than the truth allows, `unlabelled` those without a line in the truth.
    """

    honest: int
    honest_accepted: int
    false_accepts: tuple[str, ...]
    unexpected: tuple[str, ...]
    unlabelled: tuple[str, ...]


def score_outcome(folder: Path, outcome: BatchOutcome) -> Score | None:
    """Return how an outcome compares with the folder's truth, None where it has none.

    Raises `BatchRefused` where the file is there but is not as the contract says.
    """
    path = folder / TRUTH_FILE
    if not path.is_file():
        return None
    truth = _read_truth(path)
    may_accept = outcome.policy.acceptance.machine_accept
    honest, accepted = 0, 0
    false_accepts: list[str] = []
    unexpected: list[str] = []
    unlabelled: list[str] = []
    for row in outcome.rows:
        expected = truth.get(row.student_number)
        if expected is None:
            unlabelled.append(row.student_number)
            continue
        decision = row.assessment.decision
        counts = outcome.batch.kind is BatchKind.DEGREE or _family(expected) in may_accept
        if expected["kind"] == _HONEST and counts:
            honest += 1
            accepted += decision is Decision.ACCEPT
        if decision.value not in expected["expected"]:
            wrong = false_accepts if decision is Decision.ACCEPT else unexpected
            wrong.append(row.student_number)
    return Score(
        honest=honest,
        honest_accepted=accepted,
        false_accepts=tuple(false_accepts),
        unexpected=tuple(unexpected),
        unlabelled=tuple(unlabelled),
    )


def _family(truth: dict[str, Any]) -> object:
    try:
        return CertificateType(truth["certificate_type"]).family
    except ValueError:
        return None


def _read_truth(path: Path) -> dict[str, dict[str, Any]]:
    truth, faults = {}, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            truth[str(row["学号"])] = row
            if not isinstance(row["expected"], list) or not row["kind"] or row["学号"] == "":
                raise ValueError
            str(row["certificate_type"])
        except (ValueError, KeyError, TypeError):
            faults.append(
                InputFault(
                    file=path.name,
                    row=number,
                    column="",
                    code="truth-line",
                    message="此行不是约定的 JSON；请改正，或删除该文件后重新运行",
                    message_en="this line is not the JSON agreed on; mend it, or remove the file",
                )
            )
    if faults:
        raise BatchRefused(tuple(faults))
    return truth
