from collections.abc import Callable
from pathlib import Path

import pytest

from domain.faults import BatchRefused, InputFault
from extractors.intake import read_batch_folder
from tests.extractors.intake.builders import policy_of


@pytest.fixture
def faults_of() -> Callable[[Path], list[tuple[str, str, int | None, str]]]:
    """Return the faults of a refused folder as (code, file, row, column), after common checks."""

    def read(folder: Path) -> list[tuple[str, str, int | None, str]]:
        with pytest.raises(BatchRefused) as refusal:
            read_batch_folder(folder, policy_of)
        for fault in refusal.value.faults:
            _check_texts(fault)
        return [(fault.code, fault.file, fault.row, fault.column) for fault in refusal.value.faults]

    return read


def _check_texts(fault: InputFault) -> None:
    assert any("一" <= sign <= "鿿" for sign in fault.message)
    assert fault.message_en.isascii() or "学号" in fault.message_en or "申请" in fault.message_en
    for personal in ("阿依古丽", "990101199001010015"):
        assert personal not in fault.render("zh") + fault.render("en")
