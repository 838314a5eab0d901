import io

from rich.console import Console

from domain.application import Application, Submission
from domain.assessment import Agreement, Assessment, Decision, FieldComparison
from domain.certificates import CertificateType
from domain.outcome import ApplicationOutcome
from flows.screen import print_application
from tests.store.builders import make_policy

NAME, ID_NUMBER = "王小明", "990000199001010016"


def shown(*declared: tuple[str, str]) -> str:
    columns = (("学号", "1001"), ("姓名", NAME))
    row = ApplicationOutcome(
        submission=Submission(
            application=Application(
                student_number="1001", row_number=2, columns=columns, digest="d"
            ),
            uploads=(),
        ),
        assessment=Assessment(
            student_number="1001",
            decision=Decision.REVIEW,
            certificate_type=CertificateType.UNKNOWN,
            comparisons=tuple(
                FieldComparison(
                    field=field,
                    declared=value,
                    extracted="",
                    agreement=Agreement.NOT_CHECKED,
                    confidence=None,
                    evidence=None,
                )
                for field, value in declared
            ),
            findings=(),
        ),
        paths=(),
        review_status="待审核",
        decided_by=("machine",),
        stage_seconds=(),
        case_version=1,
    )
    said = io.StringIO()
    print_application(Console(file=said, width=200), row, (), make_policy())
    return said.getvalue()


def test_names_and_id_numbers_stay_hidden_whatever_cell_they_were_typed_into() -> None:
    text = shown(
        ("name", NAME),
        ("id_number", ID_NUMBER),
        ("certificate_number", ID_NUMBER),
        ("score", f"{NAME} 500"),
        ("status", "990000 19900101 0016"),
    )
    assert NAME not in text
    assert ID_NUMBER not in text
    assert "1990" not in text
    assert "990***0016" in text


def test_what_a_decision_rests_on_is_named() -> None:
    policy = make_policy()
    text = shown(("score", "500"))
    assert policy.digest[:12] in text
    assert policy.calibration.digest[:12] in text


def test_what_has_to_be_compared_stays_legible() -> None:
    text = shown(("certificate_number", "212111234567890"), ("date", "2021年12月"))
    assert "212111234567890" in text
    assert "2021年12月" in text


def test_control_characters_do_not_reach_the_terminal() -> None:
    text = shown(("score", "\x1b[2J500\u202e"), ("id_number", "\x1b[2J990000199"))
    assert "\x1b" not in text
    assert "\u202e" not in text
