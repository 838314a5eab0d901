"""Where the command line prints, and the options that every command has."""

import sys

from rich.console import Console

# Programs and files get every row of a table on one line.
_UNBROKEN = 1000


class Settings:
    """The two global options, set before any command runs."""

    quiet = False
    language = "zh"


def console() -> Console:
    """Return where results go."""
    if sys.stdout.isatty():
        return Console()
    return Console(soft_wrap=True, width=_UNBROKEN)


def errors() -> Console:
    """Return where progress goes."""
    if sys.stderr.isatty():
        return Console(stderr=True)
    return Console(stderr=True, soft_wrap=True, width=_UNBROKEN)


def say(line: str) -> None:
    """Print a line for the operator beside the results."""
    print(line, file=sys.stderr)
