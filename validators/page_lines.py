"""What stands behind a label in one line of a page: for rules on what extraction does not read."""

import re
from collections.abc import Iterator

from domain.page import Page
from validators.normalizing import fold_text


def labelled_texts(page: Page | None, labels: re.Pattern[str]) -> Iterator[str]:
    """Yield the text behind a label that begins a line, to the line's end; never an empty one.

    The line says it all by itself: what may belong to a label in another line is not taken.
    """
    for line in (*page.lines, *page.text_layer) if page else ():
        folded = fold_text(line.text)
        found = labels.match(folded)
        text = folded[found.end() :].lstrip(" :").strip() if found else ""
        if text:
            yield text
