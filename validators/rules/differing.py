"""The observation that rules on several fields share: a printed value differs from the declared."""

from collections.abc import Callable, Iterator

from domain.assessment import Agreement
from domain.certificates import FieldName
from validators.case import Case
from validators.rule import Observation


def differs(
    field: FieldName,
    unless: Callable[[str], bool] = lambda _: False,
    but: Callable[[Case], bool] = lambda _: False,
) -> Callable[[Case], Iterator[Observation]]:
    """Return an observation of a printed value that does not agree with the declared one.

    `unless` names declared texts of which another rule speaks, `but` cases; empty declarations are
    `declared-empty`.
    """

    def observe(case: Case) -> Iterator[Observation]:
        row = case.compared_field(field)
        if row is None:
            return
        seen = row.comparison
        apart = seen.agreement in (Agreement.DIFFERENT, Agreement.SIMILAR)
        if apart and seen.declared.strip() and not (unless(seen.declared) or but(case)):
            yield Observation(field=field, declared=seen.declared, extracted=seen.extracted)

    return observe
