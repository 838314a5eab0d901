"""Rules about scores, grades and status (certificates V9-V11, V16, V17, V24, V25, V30)."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from domain.assessment import Agreement
from domain.certificates import CertificateFamily, CertificateType, FieldName, PaperForm
from domain.finding import Severity
from validators.calendars import CET_FIRST_REPORT, CET_THREE_PARTS_SINCE
from validators.case import Case
from validators.comparing import declared_value
from validators.normalizing import fold_text
from validators.page_lines import labelled_texts
from validators.rule import Concern, FactConfidence, Observation, Scope, declare
from validators.rules.differing import differs
from validators.values import Grade, parse_grade, parse_score

_SCORE, _STATUS = FieldName.SCORE, FieldName.STATUS
_L, _R, _W = FieldName.LISTENING, FieldName.READING, FieldName.WRITING_TRANSLATION
_THREE_PARTS = (_L, _R, _W)


def _is(case: Case, family: CertificateFamily) -> bool:
    return case.kind.family is family


def _printed_score(case: Case) -> Decimal | None:
    return parse_score(case.text(_SCORE))


def _printed_grade(case: Case) -> Grade | None:
    return parse_grade(case.text(FieldName.GRADE) or case.text(_STATUS) or case.text(_SCORE))


def _no_score(declared: str) -> bool:
    return parse_score(declared) is None and parse_grade(declared) is None


def _score_format(case: Case) -> Iterator[Observation]:
    declared = declared_value(case.application, _SCORE)
    if declared.strip() and _no_score(declared):
        yield Observation(field=_SCORE, declared=declared)


def _status_format(case: Case) -> Iterator[Observation]:
    declared = declared_value(case.application, _STATUS)
    if declared.strip() and parse_grade(declared) is None:
        yield Observation(field=_STATUS, declared=declared)


def _score_not_printed(case: Case) -> Iterator[Observation]:
    row = case.compared_field(_SCORE)
    absent = (Agreement.NOT_FOUND, Agreement.NOT_PRINTED)
    if row and row.value and row.comparison.agreement in absent:
        yield Observation(
            field=_SCORE, declared=row.comparison.declared, extracted=row.comparison.extracted
        )


def _part_fields(case: Case) -> tuple[FieldName, ...]:
    """Return the parts that the paper's year has, none on papers that print no parts (V9)."""
    if case.paper is None or not _is(case, CertificateFamily.CET):
        return ()
    if any(field in case.paper.never_printed for field in _THREE_PARTS):
        return ()
    months = case.exam_months()
    if months and all(month < CET_FIRST_REPORT for month in months):
        return ()  # certificates of 100 points; `before-start` speaks of them
    old = bool(months) and all(month < CET_THREE_PARTS_SINCE for month in months)
    four = old or case.paper.get(FieldName.COMPREHENSIVE) is not None
    return (*_THREE_PARTS, FieldName.COMPREHENSIVE) if four else _THREE_PARTS


def listening_exempt(case: Case) -> bool:
    """Return whether the fixed sentence for candidates exempt from listening is printed."""
    note = case.paper.get(FieldName.NOTE) if case.paper else None
    printed = f"{note.text}{note.evidence.raw_text}" if note else ""
    return "听力残疾" in "".join(printed.split())


def _etic_parts(case: Case) -> tuple[FieldName, ...]:
    """Return the two parts that every 国才 score report prints."""
    form = case.paper.classification.form if case.paper else None
    report = _is(case, CertificateFamily.ETIC) and form is PaperForm.SCORE_REPORT
    return (FieldName.COMPONENT_A, FieldName.COMPONENT_B) if report else ()


def _parts_missing(case: Case) -> Iterator[Observation]:
    if not listening_exempt(case):
        for field in (*_part_fields(case), *_etic_parts(case)):
            if parse_score(case.text(field)) is None:
                yield Observation(field=field, extracted=case.text(field))


def _parts_total(case: Case) -> Iterator[Observation]:
    fields = _part_fields(case)
    parts = [parse_score(case.text(field)) for field in fields]
    known = [part for part in parts if part is not None]
    total = _printed_score(case)
    if not fields or len(known) < len(parts) or total is None or listening_exempt(case):
        return
    if sum(known) != total:
        yield Observation(
            field=_SCORE, extracted=case.text(_SCORE), detail="+".join(str(part) for part in known)
        )


def _listening_exempt(case: Case) -> Iterator[Observation]:
    if _is(case, CertificateFamily.CET) and listening_exempt(case):
        yield Observation(field=FieldName.LISTENING)


_MOST_POINTS = {_L: 249, _R: 249, _W: 212}
# The maxima of the layout with four parts rest on one source.
_MOST_POINTS_OF_FOUR = {FieldName.COMPREHENSIVE: 70, _W: 142}


def _above(most: Mapping[FieldName, int]) -> Callable[[Case], Iterator[Observation]]:
    def observe(case: Case) -> Iterator[Observation]:
        fields = _part_fields(case)
        if most is _MOST_POINTS_OF_FOUR and FieldName.COMPREHENSIVE not in fields:
            return
        for field in fields:
            part, limit = parse_score(case.text(field)), most.get(field)
            if part is not None and limit is not None and part > limit:
                yield Observation(field=field, extracted=case.text(field), detail=str(limit))

    return observe


def _parts_of_other_year(case: Case) -> Iterator[Observation]:
    months, printed = case.exam_months(), case.text(FieldName.COMPREHENSIVE)
    later = bool(months) and all(month >= CET_THREE_PARTS_SINCE for month in months)
    if _is(case, CertificateFamily.CET) and later and parse_score(printed) is not None:
        yield Observation(
            field=FieldName.COMPREHENSIVE, extracted=printed, detail=case.text(FieldName.DATE)
        )


def _total_range(case: Case) -> Iterator[Observation]:
    total = _printed_score(case)
    if total is None or not _is(case, CertificateFamily.CET):
        return
    if total != 0 and not 220 <= total <= 710:
        yield Observation(field=_SCORE, extracted=case.text(_SCORE))


def _hundred_points(case: Case) -> Iterator[Observation]:
    score = _printed_score(case)
    hundred = case.kind.family in (CertificateFamily.TEM, CertificateFamily.ZIKAO)
    if hundred and score is not None and score > 100:
        yield Observation(field=_SCORE, extracted=case.text(_SCORE))


def _grade_fits(grade: Grade, score: Decimal) -> bool:
    """Return whether a TEM grade fits a score; a retake is graded 合格 whatever it reached."""
    match grade:
        case Grade.EXCELLENT:
            return score >= 80
        case Grade.GOOD:
            return 70 <= score < 80
        case Grade.PASSED:
            return score >= 60
        case Grade.FAILED:
            return score < 60


def _tem_grade_score(case: Case) -> Iterator[Observation]:
    score, grade = _printed_score(case), parse_grade(case.text(FieldName.GRADE))
    if not _is(case, CertificateFamily.TEM) or score is None or grade is None:
        return
    if not _grade_fits(grade, score):
        yield Observation(field=FieldName.GRADE, extracted=grade.value, detail=str(score))


def _below_pass_line(case: Case) -> Iterator[Observation]:
    family, score = case.kind.family, _printed_score(case)
    line = case.policy.pass_lines.of(family) if family else None
    if line is not None and score is not None and score < line:
        yield Observation(field=_SCORE, extracted=case.text(_SCORE), detail=str(line))


def _grade_not_passed(case: Case) -> Iterator[Observation]:
    if case.paper is not None and _printed_grade(case) is Grade.FAILED:
        yield Observation(field=FieldName.GRADE, extracted=Grade.FAILED.value)


def _status_contradicts(case: Case) -> Iterator[Observation]:
    if case.paper is None:
        return
    family, score = case.kind.family, _printed_score(case)
    line = case.policy.pass_lines.of(family) if family else None
    declared = declared_value(case.application, _STATUS)
    status = parse_grade(declared)
    if status is None:
        return
    by_score = line is not None and score is not None and (score >= line) is not status.passes
    # 良好 and 优秀 are printed grades: a printed number alone bears neither out. Where nothing was
    # read nothing contradicts either, and `score-not-found` sends it to a person.
    unsupported = status not in (Grade.PASSED, Grade.FAILED) and _printed_grade(case) is None
    if by_score or (unsupported and case.text(_SCORE)):
        yield Observation(field=_STATUS, declared=declared, extracted=case.text(_SCORE))


def _etic_total(case: Case) -> Iterator[Observation]:
    fields = (_SCORE, FieldName.COMPONENT_A, FieldName.COMPONENT_B)
    total, first, second = (parse_score(case.text(field)) for field in fields)
    if not _is(case, CertificateFamily.ETIC) or total is None or first is None or second is None:
        return
    if not 0 <= total - first - second <= 1:
        yield Observation(field=_SCORE, extracted=case.text(_SCORE), detail=f"{first}+{second}")


_CONCLUSIONS = re.compile(r"(?:考试|课程)?(?:结论|结果|状态)|成绩状态|是否合格|成绩等级")


def _zikao_status(case: Case) -> Iterator[Observation]:
    if case.kind is not CertificateType.ZIKAO_ENGLISH2:
        return
    score = _printed_score(case)
    labelled = tuple(labelled_texts(case.page(), _CONCLUSIONS))
    # Of several conclusions each may be of another course.
    alone = labelled if len(labelled) == 1 else ()
    for text in (case.text(_STATUS), case.text(FieldName.GRADE), *alone):
        printed = parse_grade(text)
        if printed is not None and score is not None:
            right = Grade.PASSED if score >= 60 else Grade.FAILED
            if printed is not right:
                yield Observation(field=_STATUS, extracted=printed.value, detail=str(score))


def _exempt_course(case: Case) -> Iterator[Observation]:
    if case.kind is CertificateType.ZIKAO_ENGLISH2:
        for field in (_SCORE, FieldName.NOTE, FieldName.STATUS, FieldName.GRADE):
            text = "".join(fold_text(case.text(field)).split())
            if "免考" in text or "免修" in text:
                yield Observation(field=_SCORE, extracted=case.text(field))


_REVIEW, _WARN, _NOTE = Severity.REVIEW, Severity.WARN, Severity.NOTE
_CONTRACT, _HIGH = FactConfidence.CONTRACT, FactConfidence.HIGH
_MEDIUM = FactConfidence.MEDIUM
_KEEP = "请确认上传的是本人证书的原件，并等待工作人员核实。"

RULES = (
    declare("score-format", _REVIEW, "hostile corpus 49", _CONTRACT,
            "The declared score is neither a plain number nor a grade.",
            "申报的考试成绩（{declared}）格式不正确。",
            "您申报的考试成绩（{declared}）格式不正确，请按证书填写数字或等级。",
            _score_format, scope=Scope.SUBMISSION),
    declare("status-format", _REVIEW, "contract, section 1: 成绩状态", _CONTRACT,
            "The declared status is neither 合格, 不合格 nor a grade.",
            "申报的成绩状态（{declared}）无法识别。",
            "您申报的成绩状态（{declared}）无法识别，请填写合格、不合格或证书所印等级。",
            _status_format, scope=Scope.SUBMISSION),
    declare("score-differs", _REVIEW, "contract, section 3", _CONTRACT,
            "The printed score or grade is not the declared one.",
            "考试成绩不一致：申报{declared}，证书{extracted}。",
            "您申报的考试成绩（{declared}）与证书所示{shown}不一致，请核对后更正。",
            differs(_SCORE, unless=_no_score)),
    declare("score-not-printed", _REVIEW, "contract, section 1: 考试成绩", _CONTRACT,
            "A score is declared, but the paper prints only the grade.",
            "申报了分数{declared}，但证书只印有等级（{extracted}），分数无法核对。",
            "您申报的考试成绩（{declared}）在证书上无法核对，证书只印有等级{shown}的请填写等级。",
            _score_not_printed),
    declare("status-differs", _REVIEW, "contract, section 3", _CONTRACT,
            "The printed grade is not the declared status.",
            "成绩状态不一致：申报{declared}，证书{extracted}。",
            "您申报的成绩状态（{declared}）与证书所示{shown}不一致，请核对后更正。",
            differs(_STATUS, unless=lambda declared: parse_grade(declared) is None)),
    declare("status-contradicts-score", _REVIEW, "certificates V16, V30; policy pass_lines",
            _CONTRACT, "The declared status does not follow from the printed score.",
            "申报的成绩状态（{declared}）与证书成绩（{extracted}）不符。",
            "您申报的成绩状态（{declared}）与证书成绩{shown}不符，请核对后更正。",
            _status_contradicts),
    declare("below-pass-line", _REVIEW, "certificates V16, V30; policy pass_lines", _CONTRACT,
            "The printed score is below the school's pass line.",
            "证书成绩（{extracted}）低于合格线（{detail}）。",
            "证书成绩{shown}低于学校规定的合格线（{detail}），如有达线的成绩请重新上传。",
            _below_pass_line),
    declare("grade-not-passed", _REVIEW, "certificates V24", _HIGH,
            "The printed grade is 不合格.",
            "证书所印等级为不合格。",
            "证书所印等级为不合格，不符合认定条件，如有合格的成绩请重新上传。",
            _grade_not_passed),
    declare("parts-not-found", _REVIEW, "certificates V9; architecture: fail closed", _CONTRACT,
            "A part of the total was not read, so that the sum cannot be checked.",
            "未识别到分项成绩（{field}），无法核对总分。",
            "您成绩单上的分项成绩（{field}）不够清晰，请等待工作人员核对。",
            _parts_missing, concern=Concern.READING),
    declare("parts-total", _REVIEW, "certificates V9", _HIGH,
            "The total of a CET report is the sum of its parts.",
            "总分（{extracted}）不等于分项之和（{detail}）。",
            f"您成绩单所印的总分{{shown}}不等于各分项成绩之和，{_KEEP}", _parts_total),
    declare("listening-exempt", _NOTE, "certificates V9", _HIGH,
            "The candidate was exempt from listening; the sum of the parts is not checked.",
            "证书注明听力免考，未核对分项之和。", "", _listening_exempt),
    declare("part-range", _REVIEW, "certificates V10", _HIGH,
            "A part of a CET report is not above its maximum.",
            "{field}成绩（{extracted}）超过满分{detail}。",
            f"您成绩单所印的{{field}}成绩{{shown}}超过满分{{detail}}，{_KEEP}",
            _above(_MOST_POINTS)),
    declare("part-range-of-four", _WARN, "certificates V10", _MEDIUM,
            "A part of a CET report of four parts is not above the maximum it had until 2013.",
            "{field}成绩（{extracted}）超过2013年前版式的满分{detail}。", "",
            _above(_MOST_POINTS_OF_FOUR)),
    declare("parts-of-other-year", _WARN, "certificates V9, section 1.5", _MEDIUM,
            "A CET report of a sitting since December 2013 has no fourth part.",
            "{detail}的成绩单不应有{field}分项（{extracted}）。", "", _parts_of_other_year),
    declare("total-range", _REVIEW, "certificates V11", _HIGH,
            "A CET total is 0 or lies between 220 and 710.",
            "总分（{extracted}）不在0或220至710之间。",
            f"您成绩单所印的总分{{shown}}不在该考试的分数范围内，{_KEEP}", _total_range),
    declare("score-range", _REVIEW, "certificates V17, V30", _HIGH,
            "A score of an examination of 100 points is not above 100.",
            "成绩（{extracted}）超过满分100。",
            f"您证书所印的成绩{{shown}}超过满分100，{_KEEP}", _hundred_points),
    declare("tem-grade-score", _REVIEW, "certificates V17", _HIGH,
            "A TEM grade fits the printed score.",
            "等级（{extracted}）与分数（{detail}）不符。",
            f"您证书所印的等级{{shown}}与分数不对应，{_KEEP}", _tem_grade_score),
    # The fact alone would allow no more than a warning; a total that was edited shows nowhere else.
    declare("etic-total", _REVIEW, "certificates V25; architecture: fail closed", _CONTRACT,
            "The total of a 国才 report is the sum of its two parts, or one more.",
            "总分（{extracted}）与分项之和（{detail}）不符。",
            f"您成绩单所印的总分{{shown}}与各分项成绩之和不符，{_KEEP}", _etic_total),
    declare("zikao-status", _REVIEW, "certificates V30", _HIGH,
            "A status printed on a self-taught paper is 合格 exactly if the score is 60 or more.",
            "证书所印结论（{extracted}）与成绩（{detail}）不符。",
            f"您证书所印的结论{{shown}}与成绩不对应，{_KEEP}", _zikao_status),
    declare("exempt-course", _REVIEW, "certificates, section 5", _CONTRACT,
            "The self-taught record is an exemption (免考), not a pass of the examination.",
            "自考课程为免考，不是考试成绩。",
            "您上传的自考课程为免考，不属于考试合格成绩，请上传考试合格成绩或等待工作人员核实。",
            _exempt_course),
)  # fmt: skip
