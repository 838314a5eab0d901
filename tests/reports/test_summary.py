from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.assessment import Decision
from domain.certificates import CertificateType
from domain.outcome import BatchOutcome
from reports.summary import percent_text, summarize
from reports.wording import reason_wording
from tests.reports.conftest import MakeOutcome, finding, make_row
from validators.rules import collect


def test_a_mixed_batch_is_counted_by_decision_and_state(mixed_outcome: BatchOutcome) -> None:
    summary = summarize(mixed_outcome)
    decisions = summary.decisions
    assert (decisions.accept, decisions.review, decisions.returned, decisions.withdrawn) == (
        1,
        4,
        1,
        1,
    )
    assert dict(summary.statuses) == {
        "审核通过": 1,
        "审核不通过": 1,
        "待审核": 3,
        "退回": 1,
        "已撤销": 1,
    }
    assert summary.machine_failed == 1
    assert summary.orphan_folders == 1
    assert summary.straight_through_rate == Decimal("0.1667")


def test_reasons_count_applications_and_come_most_frequent_first(
    mixed_outcome: BatchOutcome,
) -> None:
    reasons = summarize(mixed_outcome).reasons
    assert (reasons[0].rule_id, reasons[0].wording, reasons[0].applications) == (
        "certificate-number-differs",
        "成绩单编号不一致",
        2,
    )
    assert [reason.applications for reason in reasons] == [2, 1, 1, 1, 1]
    assert reasons[-1].cumulative == 1


def test_kinds_of_certificate_are_split_by_decision(mixed_outcome: BatchOutcome) -> None:
    kinds = dict(summarize(mixed_outcome).certificate_types)
    assert kinds[CertificateType.CET4].accept == 1
    assert kinds[CertificateType.CET4].review == 1
    assert CertificateType.TRM4 not in kinds


def test_an_empty_batch_has_no_rate(make_outcome: MakeOutcome) -> None:
    summary = summarize(make_outcome())
    assert summary.applications == 0
    assert summary.straight_through_rate is None
    assert percent_text(None) == "—"
    assert summary.reasons == ()


def test_a_percentage_has_one_decimal() -> None:
    assert percent_text(Decimal("0.8335")) == "83.4%"


def test_unworded_rules_stand_for_themselves() -> None:
    assert reason_wording("some-new-rule") == "some-new-rule"
    assert reason_wording("id-number-differs") == "身份证号不一致"


rows = st.lists(
    st.tuples(
        st.sampled_from(Decision),
        st.sampled_from(["待审核", "审核通过", "审核不通过", "退回", "已撤销", "从未见过"]),
        st.sampled_from(CertificateType),
        st.lists(st.sampled_from(["late", "machine-failed", "blank"]), max_size=3),
    ),
    max_size=8,
)


@given(rows)
def test_every_count_adds_up_to_the_applications(
    make_outcome: MakeOutcome,
    rows: list[tuple[Decision, str, CertificateType, list[str]]],
) -> None:
    summary = summarize(
        make_outcome(
            *(
                make_row(
                    str(place),
                    decision,
                    status=status,
                    kind=kind,
                    findings=tuple(finding(rule_id) for rule_id in rule_ids),
                )
                for place, (decision, status, kind, rule_ids) in enumerate(rows)
            )
        )
    )
    assert summary.applications == len(rows)
    assert sum(count for _, count in summary.statuses) == len(rows)
    assert sum(counts.total for _, counts in summary.certificate_types) == len(rows)
    assert all(0 < reason.applications <= len(rows) for reason in summary.reasons)


def test_every_rule_has_a_chinese_wording() -> None:
    unworded = [rule.id for rule in collect() if reason_wording(rule.id) == rule.id]
    assert unworded == [], "add these to reports/wording.py"
