"""Whether an examination lies in the window that policy names, month by month.

A window's ends come from the table: the registration from 本科入学年月 or 年级, the graduation from
本科毕业年月 or the regular length of studies, the application from 申请时间 or the deadline.
"""

import datetime
import re
from dataclasses import dataclass
from enum import StrEnum

from domain.application import Application
from domain.validity import ValidityPolicy, Window
from validators.application_time import parse_time
from validators.date_values import DateValue, Month, add_months, parse_date
from validators.normalizing import fold_text


class Placing(StrEnum):
    """Where an examination lies, as far as its date says."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    OPEN = "open"  # the printed date is too coarse to tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """First and last month of a window, both counted."""

    first: Month
    last: Month

    def place(self, date: DateValue) -> Placing:
        """Return where a printed date lies; a year alone can lie on both sides of an end."""
        earliest, latest = _months_of(date)
        if latest < self.first or earliest > self.last:
            return Placing.OUTSIDE
        inside = self.first <= earliest and latest <= self.last
        return Placing.INSIDE if inside else Placing.OPEN

    @property
    def wording(self) -> str:
        """Return the window as staff and applicants read it."""
        (year, month), (last_year, last_month) = self.first, self.last
        return f"{year}年{month}月至{last_year}年{last_month}月"


def _months_of(date: DateValue) -> tuple[Month, Month]:
    if date.as_month is not None:
        return date.as_month, date.as_month
    if date.half:
        first = 1 if date.half == 1 else 7
        return (date.year, first), (date.year, first + 5)
    return (date.year, 1), (date.year, 12)


def window_of(
    application: Application, policy: ValidityPolicy, deadline: datetime.datetime
) -> Span | None:
    """Return the window of an application, None where the table does not say enough.

    Not to be asked where policy has no window. Source: degree facts F.1, the four types.
    """
    applied = _applied(application, deadline)
    if policy.window is Window.YEARS_BACK:
        return Span(first=add_months(applied, -12 * policy.years), last=applied)
    registered = registration_of(application, policy)
    if registered is None:
        return None
    graduated = _month(application.get("本科毕业年月")) or add_months(
        registered, policy.study_months
    )
    match policy.window:
        case Window.REGISTRATION_TO_APPLICATION:
            last = applied
        case Window.IN_REGISTRATION:
            left = has_left(application)
            if left is None:
                return None
            last = min(graduated, applied) if left else applied
        case _:
            last = add_months(graduated, 12 * policy.years)
    return Span(first=registered, last=last)


def _applied(application: Application, deadline: datetime.datetime) -> Month:
    moment = parse_time(application.get("申请时间"), deadline.tzinfo)
    at = moment[0].astimezone(deadline.tzinfo) if moment else deadline
    return at.year, at.month


_TERMS = {"春": 3, "秋": 9}


def registration_of(application: Application, policy: ValidityPolicy) -> Month | None:
    """Return the month of registration: 本科入学年月, else 年级 (2022级, 2022秋), else None."""
    given = _month(application.get("本科入学年月"))
    if given is not None:
        return given
    found = re.fullmatch(r"((?:19|20)[0-9]{2})[年级届]*([春秋])?季?[年级]?", _plain(application))
    if found is None:
        return None
    return int(found[1]), _TERMS.get(found[2] or "", policy.registration_month)


def _plain(application: Application) -> str:
    return "".join(fold_text(application.get("年级")).split())


def _month(text: str) -> Month | None:
    date = parse_date(text)
    return date.as_month if date else None


_LEFT = re.compile(r"毕业|结业|肄业|退学|注销|离校|开除")
_STAYS = re.compile(r"在籍|在读|在校|注册|正常|有学籍|延期|休学|保留|未毕业|应届")


def has_left(application: Application) -> bool | None:
    """Return whether 学籍状态 says that studies are over, None where it says neither."""
    status = "".join(fold_text(application.get("学籍状态")).split())
    if _STAYS.search(status):
        return False
    return True if _LEFT.search(status) else None
