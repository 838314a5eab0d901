"""Rules about when examinations were held (certificates V12, V13, V18, V19, V21, V27, V31)."""

from collections.abc import Callable, Iterator

from domain.application import FileKind
from domain.certificates import CertificateFamily, CertificateType, FieldName
from domain.finding import Severity
from validators.calendars import (
    CET_FIRST_ELECTRONIC,
    CET_FIRST_REPORT,
    CET_LAST_PAPER,
    TEM_DAYS,
    TEM_YEAR_WITHOUT_SESSION,
    is_cet_month,
    is_usual_month,
)
from validators.case import Case
from validators.rule import FactConfidence, Observation, declare


def _seen(case: Case, detail: str = "") -> Observation:
    return Observation(field=FieldName.DATE, extracted=case.text(FieldName.DATE), detail=detail)


def _cet_month(case: Case) -> Iterator[Observation]:
    # An oral sitting is printed beside the written one: one fitting month is enough.
    months = [month for month in case.exam_months() if month >= CET_FIRST_REPORT]
    cet = case.kind.family is CertificateFamily.CET
    if cet and months and not any(is_cet_month(month) for month in months):
        yield _seen(case)


def _is_picture(case: Case) -> bool:
    """Return whether the paper under judgement was uploaded as a picture rather than a PDF."""
    digest = case.paper.file_digest if case.paper else ""
    return any(
        file.upload.digest == digest and file.upload.kind is not FileKind.PDF for file in case.files
    )


def _paper_after_end(case: Case) -> Iterator[Observation]:
    months = case.exam_months()
    cet = case.kind.family is CertificateFamily.CET
    if cet and months and min(months) > CET_LAST_PAPER and _is_picture(case):
        yield _seen(case)


def _electronic_before_start(case: Case) -> Iterator[Observation]:
    months, page = case.exam_months(), case.page()
    cet = case.kind.family is CertificateFamily.CET
    if cet and months and page and page.text_layer and max(months) < CET_FIRST_ELECTRONIC:
        yield _seen(case)


def _tem_without_session(case: Case) -> Iterator[Observation]:
    dates = case.exam_dates()
    tem = case.kind.family is CertificateFamily.TEM
    if tem and dates and all(date.year == TEM_YEAR_WITHOUT_SESSION for date in dates):
        yield _seen(case)


def _unusual_month(family: CertificateFamily) -> Callable[[Case], Iterator[Observation]]:
    def observe(case: Case) -> Iterator[Observation]:
        months = case.exam_months()
        usual = any(is_usual_month(case.kind, month) for month in months)
        if case.kind.family is family and months and not usual:
            yield _seen(case, case.kind.chinese_name)

    return observe


def _tem_day(case: Case) -> Iterator[Observation]:
    known = TEM_DAYS.get(case.kind, {})
    for date in case.exam_dates():
        day = known.get(date.year)
        if day is not None and date.exact_day is not None and date.exact_day != day:
            yield _seen(case, day.isoformat())


_TRM_IRREGULAR = (2020, 2022)


def _trm_irregular_year(case: Case) -> Iterator[Observation]:
    trm = case.kind in (CertificateType.TRM4, CertificateType.TRM8)
    if trm and any(date.year in _TRM_IRREGULAR for date in case.exam_dates()):
        yield _seen(case)


_REVIEW, _WARN, _ADVICE = Severity.REVIEW, Severity.WARN, Severity.ADVICE
_HIGH, _MEDIUM_HIGH = FactConfidence.HIGH, FactConfidence.MEDIUM_HIGH
_MEDIUM, _LOW = FactConfidence.MEDIUM, FactConfidence.LOW
_NOT_HELD = (
    "您证书所印的考试时间{shown}没有举行该考试，请确认上传的是本人证书的原件，并等待工作人员核实。"
)
_UNUSUAL = "考试时间（{extracted}）不是{detail}的常规考试月份。"

RULES = (
    # The list of extra sessions is well known, only its completeness is not: a person looks.
    declare("cet-exam-month", _REVIEW, "certificates V12", _HIGH,
            "A written CET is held in June or December, or was one of four extra sessions.",
            "考试时间（{extracted}）没有举行大学英语四、六级考试。", _NOT_HELD, _cet_month),
    declare("cet-paper-after-end", _WARN, "certificates V13", _MEDIUM_HIGH,
            "No paper reports are issued for sittings after 2025; a picture is of another origin.",
            "该次考试（{extracted}）不再提供纸质成绩单，图片可能是电子成绩单的翻拍。", "",
            _paper_after_end),
    declare("cet-electronic-before-start", _WARN, "certificates V13", _MEDIUM_HIGH,
            "No electronic reports exist for sittings before June 2021.",
            "该次考试（{extracted}）尚未提供电子成绩单，但上传的是电子PDF。", "",
            _electronic_before_start),
    declare("tem-no-session", _REVIEW, "certificates V18", _HIGH,
            "No TEM was held in 2020.",
            "考试时间（{extracted}）：2020年没有举行英语专业四、八级考试。", _NOT_HELD,
            _tem_without_session),
    declare("tem-exam-month", _WARN, "certificates V18", _MEDIUM,
            "The printed month is one in which this TEM is known to be held.",
            _UNUSUAL, "", _unusual_month(CertificateFamily.TEM)),
    declare("tem-exam-day", _WARN, "certificates V19", _HIGH,
            "A printed day is the day on which this TEM was held.",
            "考试日期（{extracted}）与该年实际考试日期（{detail}）不同。", "", _tem_day),
    declare("trm-exam-month", _WARN, "certificates V21", _MEDIUM,
            "The printed month is March (level 8) or May (level 4).",
            _UNUSUAL, "", _unusual_month(CertificateFamily.TRM)),
    declare("trm-irregular-year", _ADVICE, "certificates V21", _MEDIUM,
            "In 2020 and 2022 the Russian examinations were moved.",
            "该年（{extracted}）俄语专业考试安排有变动。", "", _trm_irregular_year),
    declare("etic-exam-month", _ADVICE, "certificates V27", _LOW,
            "The printed month is May, June, November or December.",
            _UNUSUAL, "", _unusual_month(CertificateFamily.ETIC)),
    declare("zikao-exam-month", _WARN, "certificates V31", _MEDIUM_HIGH,
            "The printed month is April or October.",
            _UNUSUAL, "", _unusual_month(CertificateFamily.ZIKAO)),
)  # fmt: skip
