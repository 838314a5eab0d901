"""What an acceptance in a degree batch needs, stated apart from the rules: it needs both."""

from domain.degree import Standing
from validators.case import FileState
from validators.degree_case import DegreeCase


def is_established_degree(case: DegreeCase) -> bool:
    """Return whether all conditions are known to hold and there is one thesis that could be read.

    Stated apart from the rules on purpose.
    """
    standings = [condition.standing for condition in case.reckoning.conditions]
    if len(standings) != 3 or any(standing is not Standing.MET for standing in standings):
        return False
    thesis = case.thesis
    if thesis is None or thesis.state is not FileState.READ:
        return False
    return not any(file.state is FileState.FAILED for file in case.files)
