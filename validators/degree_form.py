"""Rows of fields.csv from an applicant's own 学位申请表, against what was declared."""

from domain.assessment import Agreement, FieldComparison
from domain.reading import FormReading, FormValue
from validators.date_values import parse_date
from validators.degree_case import DegreeCase
from validators.normalizing import is_similar, name_key, number_key
from validators.pinyin import letters

FORM_COLUMNS = (
    *("学号", "姓名", "姓名拼音", "性别", "出生日期", "民族", "政治面貌", "证件号码", "专业名称"),
    *("考生号", "本科入学年月", "本科毕业年月", "论文题目"),
)
_NUMBERS = frozenset({"学号", "证件号码", "考生号"})
_MONTHS = frozenset({"本科入学年月", "本科毕业年月"})


def form_reading(case: DegreeCase) -> FormReading | None:
    """Return what the applicant's one form shows, None where there is none or several."""
    reading = case.form.outcome.reading if case.form and case.form.outcome else None
    return reading.form if reading else None


def compare_form(case: DegreeCase) -> tuple[FieldComparison, ...]:
    """Return a row per compared column; none at all without a form that was read."""
    form = form_reading(case)
    if form is None:
        return ()
    found = {value.column: value for value in form.values}
    return tuple(
        _row(column, _declared(case, column), found.get(column)) for column in FORM_COLUMNS
    )


def _declared(case: DegreeCase, column: str) -> str:
    return case.submission.student_number if column == "学号" else case.application.get(column)


def _row(column: str, declared: str, value: FormValue | None) -> FieldComparison:
    if value is None:
        return FieldComparison(
            field=column, declared=declared, extracted="", agreement=Agreement.NOT_FOUND
        )
    one, other = _key(column, declared), _key(column, value.text)
    if declared.strip() == value.text.strip():
        agreement = Agreement.EQUAL
    elif one and one == other:
        agreement = Agreement.EQUAL_AFTER_NORMALIZATION
    else:
        agreement = Agreement.SIMILAR if is_similar(one, other) else Agreement.DIFFERENT
    return FieldComparison(
        field=column,
        declared=declared,
        extracted=value.text,
        agreement=agreement,
        confidence=value.confidence,
        evidence=value.evidence,
    )


def _key(column: str, text: str) -> str:
    if column == "姓名拼音":
        return letters(text)
    if column in _NUMBERS:
        return number_key(text)
    if column == "出生日期" or column in _MONTHS:
        parsed = parse_date(text)
        if parsed is None or parsed.month is None:
            return ""
        return parsed.first_day.isoformat() if column == "出生日期" else str(parsed.as_month)
    return name_key(text).removesuffix("族") if column == "民族" else name_key(text)
