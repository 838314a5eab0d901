"""Collecting the faults of a package: all of them, each under its item of DA/T 70."""

from domain.archive import PackageFault


class Faults:
    """The faults found so far, in the order in which they were found."""

    def __init__(self) -> None:
        self._found: dict[PackageFault, None] = {}

    def add(self, code: str, path: str, expected: object, found: object) -> None:
        """Note a fault; texts are cut where a hostile package makes them long."""
        fault = PackageFault(
            code=code, path=_shown(path), expected=_shown(expected), found=_shown(found)
        )
        self._found[fault] = None

    def add_once(self, code: str, path: str, expected: object, found: object) -> None:
        """Note a fault unless one of its item stands against the path already."""
        if not any((fault.code, fault.path) == (code, _shown(path)) for fault in self._found):
            self.add(code, path, expected, found)

    def expect(self, code: str, path: str, expected: object, found: object) -> bool:
        """Note a fault where two values differ; return whether they are equal."""
        if expected == found:
            return True
        self.add(code, path, expected, found)
        return False

    def all(self) -> tuple[PackageFault, ...]:
        """Return every fault."""
        return tuple(self._found)


_MOST = 300


def _shown(value: object) -> str:
    text = "nothing" if value in ("", None) else str(value)
    plain = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return plain if len(plain) <= _MOST else f"{plain[:_MOST]}…"
