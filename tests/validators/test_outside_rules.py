import dataclasses
import datetime

import pytest

from domain.application import Application
from domain.assessment import Assessment, Decision
from domain.certificates import CertificateType
from tests.validators.builders import batch_of
from validators.outside_rules import flag_late_upload

DAY = datetime.timedelta(days=1)


def judged(decision: Decision = Decision.ACCEPT) -> Assessment:
    return Assessment(
        student_number="1",
        decision=decision,
        certificate_type=CertificateType.CET4,
        comparisons=(),
        findings=(),
        accepted_number="1",
    )


def made(time: str) -> Application:
    columns = (("学号", "1"), ("申请时间", time))
    return Application(student_number="1", row_number=2, columns=columns, digest="")


@pytest.mark.parametrize(
    ("days", "time", "decision", "after"),
    [
        (0, "", Decision.ACCEPT, Decision.ACCEPT),
        (1, "", Decision.ACCEPT, Decision.REVIEW),
        (1, "2024-03-01", Decision.ACCEPT, Decision.REVIEW),
        (1, "2024-04-05", Decision.ACCEPT, Decision.ACCEPT),  # the rule `late` judges that
        (1, "", Decision.REVIEW, Decision.REVIEW),
        (1, "", Decision.RETURN, Decision.RETURN),
        (1, "", Decision.WITHDRAWN, Decision.WITHDRAWN),
    ],
)
def test_what_came_again_too_late_is_left_to_a_person(
    days: int, time: str, decision: Decision, after: Decision
) -> None:
    batch = dataclasses.replace(batch_of(), resubmit_until=batch_of().deadline + 15 * DAY)
    came = batch.closes + days * DAY
    answer = flag_late_upload(judged(decision), made(time), batch, came)
    assert answer.decision is after
    flagged = days == 1 and time != "2024-04-05" and decision is not Decision.WITHDRAWN
    assert answer.reason_codes == (("resubmitted-late",) if flagged else ())
    assert bool(answer.accepted_number) is not flagged


def test_without_a_last_day_nothing_is_too_late() -> None:
    batch = batch_of()
    assert flag_late_upload(judged(), made(""), batch, batch.deadline + 99 * DAY) == judged()
