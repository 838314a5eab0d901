"""How long a result counts: the windows that schools use, as policy names them."""

from dataclasses import dataclass
from enum import StrEnum


class Window(StrEnum):
    """Between which months the examination has to lie for its result to count."""

    OFF = "off"
    IN_REGISTRATION = "in-registration"
    REGISTRATION_TO_APPLICATION = "registration-to-application"
    YEARS_BACK = "years-back"
    YEARS_AFTER_GRADUATION = "years-after-graduation"

    @property
    def counts_years(self) -> bool:
        """Return whether the window needs a number of years."""
        return self in (Window.YEARS_BACK, Window.YEARS_AFTER_GRADUATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidityPolicy:
    """The school's window (degree facts F.1; the platform's manual gives none).

    `years` belongs to the windows that count them. `registration_month` (1-12) is when a 年级 is
    registered, `study_months` the regular length of studies: together they give the graduation
    where the table does not.
    """

    window: Window
    years: int
    registration_month: int
    study_months: int

    def faults(self) -> list[str]:
        """Return what is wrong with the values together, one text per fault."""
        faults = []
        if not 1 <= self.registration_month <= 12:
            faults.append("policy: [validity] registration_month must lie between 1 and 12")
        if self.study_months < 1:
            faults.append("policy: [validity] study_months must be at least 1")
        if self.window is Window.YEARS_BACK and self.years < 1:
            faults.append("policy: [validity] window 'years-back' needs years of at least 1")
        if self.years and not self.window.counts_years:
            faults.append(
                f"policy: [validity] window {self.window.value!r} counts no years; set years = 0"
            )
        return faults
