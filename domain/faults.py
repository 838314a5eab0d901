"""The three parties that can be at fault, and faults of input as data.

The base class of an error says who has to act: the document (a person looks), the machine (retry,
then a person), the configuration (stop before the first document). Messages never contain a name,
an identity number or a phone number.
"""

from dataclasses import dataclass


class HeduiError(Exception):
    """Any error that hedui raises on purpose; `str()` is fit to be printed to the operator."""


class DocumentFault(HeduiError):
    """The document is at fault: its application gets an outcome, the batch goes on.

    `rule_id` is the finding that the application gets.
    """

    def __init__(self, rule_id: str, message: str = "") -> None:
        super().__init__(message or rule_id)
        self.rule_id = rule_id


class MachineFault(HeduiError):
    """A part of the machine failed; a re-run may succeed. `code` is short and free of input."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class ConfigurationFault(HeduiError):
    """Configuration, policy or usage is wrong: stop before the first document (exit 2)."""


class UnknownId(ConfigurationFault):
    """There is no such batch, or no such application in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFault:
    """One fault of a batch folder or table, as data.

    `row` counts from 1 with the header as row 1; None where the fault concerns the whole file.
    `code` is kebab-case; `message` (Chinese) and `message_en` say what is wrong and what to do
    next, without the cell's personal data.
    """

    file: str
    row: int | None
    column: str
    code: str
    message: str
    message_en: str

    def render(self, language: str = "zh") -> str:
        """Return one line: file, row, column, what is wrong and what to do."""
        if language == "en":
            place = [self.file]
            if self.row is not None:
                place.append(f"row {self.row}")
            if self.column:
                place.append(f"column {self.column}")
            return f"{', '.join(place)}: {self.message_en}"
        place = [self.file]
        if self.row is not None:
            place.append(f"第 {self.row} 行")
        if self.column:
            place.append(f"“{self.column}”列")
        return f"{' '.join(place)}：{self.message}"


class BatchRefused(HeduiError):
    """The whole batch folder is refused (exit 3): every fault listed, nothing stored."""

    def __init__(self, faults: tuple[InputFault, ...]) -> None:
        super().__init__(f"batch folder refused: {len(faults)} fault(s)")
        self.faults = faults
