"""The rows of fields.csv: every declared value against what the paper prints."""

import re
from collections.abc import Callable

from domain.application import Application
from domain.assessment import Agreement, FieldComparison
from domain.certificates import CHECKED_FIELDS, PART_FIELDS, CertificateFamily, FieldName
from domain.extraction import ExtractedValue, Extraction
from domain.policy import Policy
from validators.calendars import cet_half_year_months, release_months
from validators.case import Compared
from validators.date_values import DateValue, Month, parse_date
from validators.normalizing import is_similar, name_key, number_key, says_no_number
from validators.values import (
    Grade,
    language_of,
    parse_grade,
    parse_kind,
    parse_language,
    parse_score,
)

COLUMNS: dict[FieldName, str] = {
    FieldName.NAME: "姓名",
    FieldName.ID_NUMBER: "身份证号",
    FieldName.CERTIFICATE_NUMBER: "成绩单编号",
    FieldName.SCORE: "考试成绩",
    FieldName.DATE: "证书获取日期",
    FieldName.LANGUAGE: "语种",
    FieldName.LEVEL: "证书类别",
    FieldName.STATUS: "成绩状态",
}
"""The column in which each checked field is declared."""


def declared_value(application: Application, field: FieldName) -> str:
    """Return the declared cell of a checked field."""
    return application.get(COLUMNS[field])


def compare_nothing(application: Application) -> tuple[Compared, ...]:
    """Return the rows of an application of which no paper was judged."""
    return tuple(
        _row(field, declared_value(application, field), None, Agreement.NOT_CHECKED)
        for field in CHECKED_FIELDS
    )


def compare_paper(
    application: Application, paper: Extraction, policy: Policy
) -> tuple[Compared, ...]:
    """Return one row per checked field, then one per part that the paper prints."""
    rows = [
        _COMPARERS[field](declared_value(application, field), paper, policy)
        for field in CHECKED_FIELDS
    ]
    parts = (paper.get(field) for field in PART_FIELDS)
    rows += [_row(part.field, "", part, Agreement.NOT_CHECKED) for part in parts if part]
    return tuple(rows)


def _row(
    field: FieldName,
    declared: str,
    value: ExtractedValue | None,
    agreement: Agreement,
    extracted: str | None = None,
) -> Compared:
    comparison = FieldComparison(
        field=field.value,
        declared=declared,
        extracted=extracted if extracted is not None else (value.text.strip() if value else ""),
        agreement=agreement,
        confidence=value.confidence if value else None,
        evidence=value.evidence if value else None,
    )
    return Compared(comparison=comparison, value=value)


def _absent(paper: Extraction, field: FieldName) -> Agreement:
    return Agreement.NOT_PRINTED if field in paper.never_printed else Agreement.NOT_FOUND


def _by_key(declared: str, printed: str, key: Callable[[str], str]) -> Agreement:
    """Compare two texts by their keys; an empty key never agrees."""
    if not key(declared) or not key(printed):
        return Agreement.DIFFERENT
    if declared.strip() == printed.strip():
        return Agreement.EQUAL
    if key(declared) == key(printed):
        return Agreement.EQUAL_AFTER_NORMALIZATION
    return Agreement.SIMILAR if is_similar(key(declared), key(printed)) else Agreement.DIFFERENT


def _compare_name(declared: str, paper: Extraction, _policy: Policy) -> Compared:
    value = paper.get(FieldName.NAME)
    if value is None:
        return _row(FieldName.NAME, declared, None, _absent(paper, FieldName.NAME))
    return _row(FieldName.NAME, declared, value, _by_key(declared, value.text, name_key))


def _compare_id_number(declared: str, paper: Extraction, _policy: Policy) -> Compared:
    value = paper.get(FieldName.ID_NUMBER)
    if value is None:
        return _row(FieldName.ID_NUMBER, declared, None, _absent(paper, FieldName.ID_NUMBER))
    agreement = _by_key(declared, value.text, number_key)
    if not agreement.agrees and "*" in number_key(value.text):
        hidden = fits_masked(declared, value.text)
        agreement = Agreement.SIMILAR if hidden else Agreement.DIFFERENT
    return _row(FieldName.ID_NUMBER, declared, value, agreement)


def fits_masked(declared: str, printed: str) -> bool:
    """Return whether a number printed with stars may be the declared one; a run of stars stands
    for as many characters or, where the lengths differ, for any.
    """
    one, other = number_key(declared), number_key(printed)
    if not one or "*" not in other:
        return False
    if len(one) == len(other):
        return all(b in ("*", a) for a, b in zip(one, other, strict=True))
    pattern = "[0-9A-Z]+".join(re.escape(part) for part in re.split(r"\*+", other))
    return re.fullmatch(pattern, one) is not None


def counting_number(declared: str, paper: Extraction, policy: Policy) -> ExtractedValue | None:
    """Return the printed number that counts: the paper's own; on self-taught papers without one,
    if the policy says so and it is what was declared, the admission ticket's.
    """
    own = paper.get(FieldName.CERTIFICATE_NUMBER)
    zikao = paper.classification.certificate_type.family is CertificateFamily.ZIKAO
    if own is not None or not zikao or not policy.acceptance.zikao_ticket_counts_as_number:
        return own
    return None if says_no_number(declared) else paper.get(FieldName.ADMISSION_TICKET)


def _compare_number(declared: str, paper: Extraction, policy: Policy) -> Compared:
    field = FieldName.CERTIFICATE_NUMBER
    value = counting_number(declared, paper, policy)
    if value is None:
        return _row(field, declared, None, _absent(paper, field))
    return _row(field, declared, value, _by_key(declared, value.text, number_key))


def _compare_score(declared: str, paper: Extraction, _policy: Policy) -> Compared:
    field = FieldName.SCORE
    value = paper.get(FieldName.SCORE) or paper.get(FieldName.GRADE)
    if value is None:
        return _row(field, declared, None, _absent(paper, field))
    printed, number = parse_score(value.text), parse_score(declared)
    agreement = Agreement.DIFFERENT
    if printed is not None and number is not None:
        if declared.strip() == value.text.strip():
            agreement = Agreement.EQUAL
        elif printed == number:
            agreement = Agreement.EQUAL_AFTER_NORMALIZATION
        elif is_similar(str(printed), str(number)):
            agreement = Agreement.SIMILAR
    elif printed is None and number is None:
        agreement = _by_key(declared, value.text, _grade_key)
    elif number is not None and paper.get(FieldName.SCORE) is None:
        # A score declared on a paper that prints only the grade: nobody can check it here.
        agreement = _absent(paper, field)
    return _row(field, declared, value, agreement)


def _grade_key(text: str) -> str:
    grade = parse_grade(text)
    return grade.value if grade else ""


def _compare_date(declared: str, paper: Extraction, _policy: Policy) -> Compared:
    field = FieldName.DATE
    values = [*paper.all(FieldName.DATE), *paper.all(FieldName.ISSUE_DATE)]
    if not values:
        return _row(field, declared, None, _absent(paper, field))
    ranked = [(date_agreement(declared, value, paper), value) for value in values]
    order = list(Agreement)
    agreement, value = min(ranked, key=lambda pair: order.index(pair[0]))
    return _row(field, declared, value, agreement)


def date_agreement(declared: str, value: ExtractedValue, paper: Extraction) -> Agreement:
    """Return how a declared date relates to one printed date (contract, 证书获取日期).

    Right when its month is the printed month or, for a printed examination date, its release
    month. A date printed without a month agrees only where it can mean one sitting alone.
    """
    wanted, printed = parse_date(declared), parse_date(value.text)
    if printed is None:
        return Agreement.NOT_FOUND
    if wanted is None or wanted.as_month is None:
        return Agreement.DIFFERENT
    months = _printed_months(printed, paper)
    if wanted.as_month in months:
        if len(months) > 1:
            return Agreement.SIMILAR
        same = declared.strip() == value.text.strip()
        return Agreement.EQUAL if same else Agreement.EQUAL_AFTER_NORMALIZATION
    kind = paper.classification.certificate_type
    if value.field is FieldName.DATE and len(months) == 1:
        (sitting,) = months
        if wanted.as_month in release_months(kind, sitting):
            return Agreement.EQUAL_AFTER_NORMALIZATION
    close = any(is_similar(_digits(wanted.as_month), _digits(month)) for month in months)
    return Agreement.SIMILAR if close or not months else Agreement.DIFFERENT


def _printed_months(printed: DateValue, paper: Extraction) -> frozenset[Month]:
    if printed.as_month is not None:
        return frozenset({printed.as_month})
    cet = paper.classification.certificate_type.family is CertificateFamily.CET
    return cet_half_year_months(printed) if printed.half and cet else frozenset()


def may_mean(declared: str, value: ExtractedValue, paper: Extraction) -> bool:
    """Return whether a date printed without a month (2023年, 2020年下半年) can be the declared one:
    a sitting in that time or, for a printed examination date, the release of its results.
    """
    wanted, printed = parse_date(declared), parse_date(value.text)
    if wanted is None or wanted.as_month is None or printed is None or printed.month is not None:
        return False
    kind = paper.classification.certificate_type
    halves = (printed.half,) if printed.half else (1, 2)
    sittings = {
        month
        for half in halves
        for month in (
            cet_half_year_months(DateValue(year=printed.year, half=half))
            if kind.family is CertificateFamily.CET
            else ((printed.year, number) for number in range(6 * half - 5, 6 * half + 1))
        )
    }
    released = value.field is FieldName.DATE and any(
        wanted.as_month in release_months(kind, sitting) for sitting in sittings
    )
    return wanted.as_month in sittings or released


def _digits(month: Month) -> str:
    return f"{month[0]:04d}{month[1]:02d}"


def _compare_language(declared: str, paper: Extraction, _policy: Policy) -> Compared:
    field = FieldName.LANGUAGE
    value = paper.get(field)
    language = language_of(paper.classification.certificate_type)
    extracted = value.text.strip() if value else (language.value if language else "")
    printed = parse_language(value.text) if value else None
    if language is None:
        agreement = Agreement.NOT_FOUND
    elif parse_language(declared) is not language or printed not in (None, language):
        agreement = Agreement.DIFFERENT
    else:
        equal = declared.strip() == extracted
        agreement = Agreement.EQUAL if equal else Agreement.EQUAL_AFTER_NORMALIZATION
    return _row(field, declared, value, agreement, extracted)


def _compare_level(declared: str, paper: Extraction, _policy: Policy) -> Compared:
    field = FieldName.LEVEL
    value = paper.get(field)
    kind = paper.classification.certificate_type
    extracted = value.text.strip() if value else kind.chinese_name
    if not declared.strip():
        agreement = Agreement.NOT_CHECKED
    elif parse_kind(declared) is not kind:
        agreement = Agreement.DIFFERENT
    else:
        equal = declared.strip() == extracted
        agreement = Agreement.EQUAL if equal else Agreement.EQUAL_AFTER_NORMALIZATION
    return _row(field, declared, value, agreement, extracted)


def _compare_status(declared: str, paper: Extraction, _policy: Policy) -> Compared:
    """Compare the declared status with the printed grade; where only a score is printed, the rule
    `status-contradicts-score` judges it by the pass line.
    """
    field = FieldName.STATUS
    value = paper.get(FieldName.STATUS) or paper.get(FieldName.GRADE)
    if value is None:
        printed_score = paper.get(FieldName.SCORE) is not None
        return _row(field, declared, None,
                    Agreement.NOT_PRINTED if printed_score else _absent(paper, field))  # fmt: skip
    wanted, printed = parse_grade(declared), parse_grade(value.text)
    if wanted is None or printed is None:
        agreement = Agreement.DIFFERENT
    elif wanted is printed:
        equal = declared.strip() == value.text.strip()
        agreement = Agreement.EQUAL if equal else Agreement.EQUAL_AFTER_NORMALIZATION
    elif wanted is Grade.PASSED and printed.passes:
        agreement = Agreement.EQUAL_AFTER_NORMALIZATION
    else:
        agreement = Agreement.DIFFERENT
    return _row(field, declared, value, agreement)


_COMPARERS: dict[FieldName, Callable[[str, Extraction, Policy], Compared]] = {
    FieldName.NAME: _compare_name,
    FieldName.ID_NUMBER: _compare_id_number,
    FieldName.CERTIFICATE_NUMBER: _compare_number,
    FieldName.SCORE: _compare_score,
    FieldName.DATE: _compare_date,
    FieldName.LANGUAGE: _compare_language,
    FieldName.LEVEL: _compare_level,
    FieldName.STATUS: _compare_status,
}
