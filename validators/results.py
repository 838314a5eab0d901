"""What papers print of examinations, in a form in which two uploads can be compared."""

from collections.abc import Iterator

from domain.certificates import FieldName
from domain.extraction import Extraction
from domain.reading import PrintedResult, ReadOutcome
from validators.case import printed_dates
from validators.values import parse_grade, parse_score


def printed_results(outcome: ReadOutcome) -> Iterator[PrintedResult]:
    """Yield the result of each paper in a file that prints kind, month and score or grade.

    A paper that leaves open in which month it was, or prints neither, yields nothing.
    """
    for paper in outcome.reading.extractions if outcome.reading else ():
        kind, score = paper.classification.certificate_type, _score_of(paper)
        months = {date.as_month for date in printed_dates(paper, FieldName.DATE)}
        month = months.pop() if len(months) == 1 else None
        if kind.family is not None and score and month is not None:
            yield PrintedResult(
                certificate_type=kind.value, month=f"{month[0]:04d}-{month[1]:02d}", score=score
            )


def _score_of(paper: Extraction) -> str:
    score = parse_score(paper.text(FieldName.SCORE))
    if score is not None:
        return str(score.normalize())
    grade = parse_grade(paper.text(FieldName.GRADE))
    return grade.value if grade else ""
