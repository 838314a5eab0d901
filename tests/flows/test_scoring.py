import json
from pathlib import Path

import pytest

from domain.assessment import Decision
from domain.faults import BatchRefused
from domain.outcome import ApplicationOutcome, BatchOutcome
from flows.scoring import score_outcome
from tests.store.builders import (
    make_assessment,
    make_batch,
    make_header,
    make_policy,
    make_submission,
)

DECISIONS = {
    "1001": Decision.ACCEPT,
    "1002": Decision.REVIEW,
    "1003": Decision.ACCEPT,
    "1004": Decision.REVIEW,
    "1005": Decision.RETURN,
    "1006": Decision.REVIEW,
}


def outcome() -> BatchOutcome:
    return BatchOutcome(
        batch=make_batch(),
        rows=tuple(
            ApplicationOutcome(
                submission=make_submission(number),
                assessment=make_assessment(number, decision),
                paths=(),
                review_status="待审核",
                decided_by=("machine",),
                stage_seconds=(),
                case_version=1,
            )
            for number, decision in DECISIONS.items()
        ),
        orphan_findings=(),
        provisional=False,
        today=make_header().today,
        policy=make_policy(),
        engine_version="e",
        rule_version="r",
        event_head="",
    )


def line(number: str, kind: str, expected: list[str], certificate: str = "cet4") -> str:
    return json.dumps(
        {"学号": number, "kind": kind, "expected": expected, "certificate_type": certificate}
    )


def test_the_truth_tells_right_from_wrong(tmp_path: Path) -> None:
    lines = [
        line("1001", "honest", ["accept"]),
        line("1002", "honest", ["accept"]),
        line("1003", "one-digit-off", ["review"]),
        line("1004", "honest", ["review"], "trm4"),
        line("1005", "broken", ["return", "review"], "unknown"),
    ]
    (tmp_path / "truth.jsonl").write_text("\n".join(lines), "utf-8")
    score = score_outcome(tmp_path, outcome())
    assert score is not None
    assert (score.honest_accepted, score.honest) == (1, 2), "trm is not for the machine to accept"
    assert score.false_accepts == ("1003",)
    assert score.unexpected == ("1002",)
    assert score.unlabelled == ("1006",)


def test_a_folder_without_truth_has_no_score(tmp_path: Path) -> None:
    assert score_outcome(tmp_path, outcome()) is None


def test_every_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "truth.jsonl").write_text(
        "no json\n" + line("1001", "honest", ["accept"]) + '\n{"学号": "1"}\n', "utf-8"
    )
    with pytest.raises(BatchRefused) as refused:
        score_outcome(tmp_path, outcome())
    assert [fault.row for fault in refused.value.faults] == [1, 3]
