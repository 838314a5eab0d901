"""When examinations were held, when their results came out, and when they began.

Source: the facts of each examination (certificates V12, V18, V19, V21, V27, V31, V34) and the
contract's rule of 证书获取日期.
"""

import datetime

from domain.certificates import CertificateFamily, CertificateType
from validators.date_values import DateValue, Month, add_months

CET_EXTRA_SESSIONS: frozenset[Month] = frozenset({(2020, 7), (2020, 9), (2022, 9), (2023, 3)})
CET_FIRST_REPORT: Month = (2005, 6)  # the 710 scale; before it, certificates of 100 points
CET_THREE_PARTS_SINCE: Month = (2013, 12)
CET_FIRST_ELECTRONIC: Month = (2021, 6)
CET_LAST_PAPER: Month = (2025, 12)

TEM_DAYS: dict[CertificateType, dict[int, datetime.date]] = {
    CertificateType.TEM8: {
        2021: datetime.date(2021, 4, 24),
        2022: datetime.date(2022, 11, 19),
        2023: datetime.date(2023, 4, 22),
        2024: datetime.date(2024, 4, 13),
        2025: datetime.date(2025, 3, 29),
    },
    CertificateType.TEM4: {
        2021: datetime.date(2021, 6, 19),
        2022: datetime.date(2022, 10, 30),
        2023: datetime.date(2023, 6, 18),
        2024: datetime.date(2024, 6, 16),
        2025: datetime.date(2025, 6, 15),
    },
}
TEM_YEAR_WITHOUT_SESSION = 2020

_STARTS: dict[CertificateFamily, Month] = {
    CertificateFamily.CET: CET_FIRST_REPORT,
    CertificateFamily.TEM: (1990, 1),
    CertificateFamily.ETIC: (2016, 1),
}


def start_of(family: CertificateFamily) -> Month | None:
    """Return the first month in which a paper of the family can be dated, None where unknown."""
    return _STARTS.get(family)


def is_cet_month(month: Month) -> bool:
    """Return whether a written CET was held in a month (V12)."""
    if month == (2020, 6):
        return False
    return month[1] in (6, 12) or month in CET_EXTRA_SESSIONS


def cet_half_year_months(value: DateValue) -> frozenset[Month]:
    """Return the sittings that "2021年上半年" can mean on a CET list."""
    months = range(1, 7) if value.half == 1 else range(7, 13)
    return frozenset((value.year, m) for m in months if is_cet_month((value.year, m))) or (
        frozenset({(2020, 7)}) if (value.year, value.half) == (2020, 1) else frozenset()
    )


def is_usual_month(kind: CertificateType, month: Month) -> bool:
    """Return whether an examination of this kind is known to be held in a month (soft rule)."""
    year, number = month
    match kind:
        case CertificateType.TEM8:
            return month == (2022, 11) or (year != 2020 and year != 2022 and number in (3, 4))
        case CertificateType.TEM4:
            if year == 2022:
                return number == 10
            return number == 4 if year <= 2019 else number == 6 and year > 2020
        case CertificateType.TRM4:
            return number == 5 and year not in (2020, 2022)
        case CertificateType.TRM8:
            return number == 3 and year not in (2020, 2022)
    if kind.family is CertificateFamily.ETIC:
        return number in (5, 6, 11, 12)
    if kind.family is CertificateFamily.ZIKAO:
        return number in (4, 10)
    return is_cet_month(month)


def release_months(kind: CertificateType, sitting: Month) -> frozenset[Month]:
    """Return the months in which the results of a sitting come out, by the contract.

    CET: two or three months after the sitting, extra sessions one to three; TEM-4 September and
    October, TEM-8 June of the same year, after the sitting; the others have none.
    """
    if kind.family is CertificateFamily.CET:
        first = 1 if sitting in CET_EXTRA_SESSIONS else 2
        return frozenset(add_months(sitting, count) for count in range(first, 4))
    months = {CertificateType.TEM4: (9, 10), CertificateType.TEM8: (6,)}.get(kind, ())
    return frozenset((sitting[0], m) for m in months if m > sitting[1])
