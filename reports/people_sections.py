"""What the report says of people's part: what two applications share, and who decided when."""

from collections.abc import Iterator

from domain.outcome import ApplicationOutcome, BatchOutcome, HumanReview
from domain.reading import PriorUse
from domain.review import DecisionKind, Round, reason_of
from reports.section import DETAILS, Cell, Section, local_time, make_section
from reports.tables import sorted_rows
from reports.wording import SHARED

_KINDS = {
    DecisionKind.VERDICT: "审核",
    DecisionKind.CORRECTION: "更正读数",
    DecisionKind.TYPING: "盲录",
    DecisionKind.UNDO: "撤回",
    DecisionKind.APPEAL: "申请复核",
    DecisionKind.REVERSAL: "签发后更改",
    DecisionKind.REOPENING: "重新审核",
}
_ROUNDS = {
    Round.OPEN: "初审",
    Round.SECOND: "第二人",
    Round.LEAD: "负责人",
    Round.APPEAL: "复核",
    Round.SETTLED: "已定",
}
_WAYS = {"pages": "审核页面", "grid": "并排审核", "workbook": "审核表", "command": "命令"}
_HIDDEN = "（未定，暂不显示）"


def duplicates_section(outcome: BatchOutcome) -> Section:
    """Return what applications share with others; both sides have a line where both are here."""
    here = {row.student_number: row for row in outcome.rows}
    rows = (
        _duplicate(outcome, row, use, here.get(use.student_number))
        for row in sorted_rows(outcome)
        for use in row.prior_uses
    )
    columns = (
        "学号",
        "姓名",
        "共有",
        "本方证据",
        "审核状态",
        "对方批次",
        "对方学号",
        "对方姓名",
        "对方证据",
        "对方审核状态",
        "是否同一人",
    )
    note = (
        "双方均列出。对方在其他批次的，姓名和证据见该批次报告。证据为批次文件夹内的路径或申报编号。"
    )
    return make_section("重复", columns, rows, note, links_to=DETAILS)


def _duplicate(
    outcome: BatchOutcome, row: ApplicationOutcome, use: PriorUse, found: ApplicationOutcome | None
) -> tuple[Cell, ...]:
    other = found if use.batch_id == outcome.batch.id else None
    return (
        row.student_number,
        row.submission.application.name,
        SHARED.get(use.kind, use.kind),
        _evidence(row, use, other),
        row.review_status,
        use.batch_id,
        use.student_number,
        other.submission.application.name if other else "",
        _evidence(other, use, row) if other else "",
        other.review_status if other else "",
        "是" if use.same_person else "否",
    )


def _evidence(row: ApplicationOutcome, use: PriorUse, other: ApplicationOutcome | None) -> str:
    """Return by what one side is known: its number, the file in common, or all of its files."""
    if use.kind == "number":
        return row.submission.application.get("成绩单编号")
    shared = {digest for digest, _ in other.paths} if other and use.kind == "file" else None
    paths = [path for digest, path in row.paths if shared is None or digest in shared]
    return "；".join(paths)


def reviews_section(outcome: BatchOutcome) -> Section:
    """Return every entry by a person. What is not settled hides its verdict.

    Whoever looks second must not know the first answer, whatever file they open.
    """
    names = {row.student_number: row.submission.application.name for row in outcome.rows}
    waiting = {row.student_number for row in outcome.rows if row.waiting_since is not None}
    rows = (
        (
            review.student_number,
            names.get(review.student_number, ""),
            *_review_cells(review, review.student_number in waiting),
        )
        for review in sorted(outcome.reviews, key=lambda review: review.student_number)
    )
    columns = (
        "学号",
        "姓名",
        "时间",
        "审核人",
        "第二人",
        "环节",
        "操作",
        "结论",
        "原因",
        "备注",
        "途径",
        "效力",
    )
    note = "按学号、时间排列；尚未定案的申请不显示结论，以免影响第二人。"
    return make_section("人工审核", columns, rows, note, links_to=DETAILS)


def _review_cells(review: HumanReview, is_hidden: bool) -> Iterator[Cell]:
    verdict = review.verdict.chinese_name if review.verdict else ""
    yield local_time(review.at)
    yield review.account
    yield review.second_account
    yield _ROUNDS[review.round]
    yield _KINDS[review.kind]
    yield _HIDDEN if is_hidden and verdict else verdict
    yield "" if is_hidden else "；".join(reason_of(key).label for key in review.reasons)
    yield "" if is_hidden else review.note
    yield _WAYS.get(review.via, review.via)
    yield "已撤回" if review.is_taken_back else "有效"
