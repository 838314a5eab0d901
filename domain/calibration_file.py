"""Calibrations as JSON files: strict in what is taken, the same bytes for the same calibration."""

import dataclasses
import difflib
import json
import math
import re
import types
from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from domain.calibration import DOCUMENT_DIGITS, Calibration, Threshold
from domain.faults import ConfigurationFault

FORMAT = 1
_FORMAT_KEY = "format"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_HEX = re.compile(rf"[0-9a-f]{{{DOCUMENT_DIGITS}}}")


def is_calibration_name(name: str) -> bool:
    """Return whether a name is fit to name a calibration and its file."""
    return bool(_NAME.fullmatch(name))


def render_calibration(calibration: Calibration) -> str:
    """Return the file's text: sorted keys, one value a line."""
    plain = {_FORMAT_KEY: FORMAT, **calibration.as_dict()}
    return json.dumps(plain, sort_keys=True, ensure_ascii=True, allow_nan=False, indent=1) + "\n"


def parse_calibration(text: str, place: str) -> Calibration:
    """Return the calibration of a file's text; `place` names the file in messages.

    Raises `ConfigurationFault` with every fault: broken JSON, another format, unknown or missing
    keys, values of the wrong type or outside their range.
    """
    try:
        plain = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ConfigurationFault(f"{place}: no valid JSON ({error}); {_NEXT}") from error
    if not isinstance(plain, dict) or plain.get(_FORMAT_KEY) != FORMAT:
        raise ConfigurationFault(f"{place}: not a calibration of format {FORMAT}; {_NEXT}")
    faults: list[str] = []
    values = {key: value for key, value in plain.items() if key != _FORMAT_KEY}
    calibration = _build(Calibration, values, "", faults)
    if not faults:
        faults += _wrong_values(calibration)
    if faults:
        raise ConfigurationFault("\n".join(f"{place}: {fault}" for fault in faults))
    parsed: Calibration = calibration
    return parsed


_NEXT = "make it again: hedui calibrate LABELLED_DIR"


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _build(kind: type, data: Any, place: str, faults: list[str]) -> Any:
    hints = get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    if not isinstance(data, dict):
        faults.append(f"{place or 'the whole file'} must be an object")
        return None
    for key in data.keys() - set(names):
        close = difflib.get_close_matches(key, names, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        faults.append(f"unknown field {_join(place, key)!r}{hint}")
    missing = [name for name in names if name not in data]
    faults += [f"{_join(place, name)!r} is missing" for name in missing]
    before = len(faults)
    built = {
        name: _convert(hints[name], data[name], _join(place, name), faults)
        for name in names
        if name in data
    }
    return None if missing or len(faults) > before else kind(**built)


def _convert(hint: Any, data: Any, place: str, faults: list[str]) -> Any:
    if get_origin(hint) is tuple:
        if not isinstance(data, list):
            faults.append(f"{place!r} must be a list")
            return ()
        inner = get_args(hint)[0]
        return tuple(
            _convert(inner, item, f"{place}[{index}]", faults) for index, item in enumerate(data)
        )
    if isinstance(hint, types.UnionType):
        if data is None:
            return None
        hint = next(kind for kind in get_args(hint) if kind is not types.NoneType)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _build(hint, data, place, faults)
    if issubclass(hint, Enum):
        known = [member.value for member in hint]
        if data in known:
            return hint(data)
        faults.append(f"{place!r} must be one of {', '.join(known)}, not {data!r}")
        return None
    if hint is float and type(data) is int:
        data = float(data)
    if type(data) is not hint or (hint is float and not math.isfinite(data)):
        faults.append(f"{place!r} must be {_KINDS[hint]}, not {data!r}")
    return data


_KINDS: dict[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _wrong_values(calibration: Calibration) -> Iterator[str]:
    if not is_calibration_name(calibration.name):
        yield "'name' must be of a-z, 0-9 and hyphens"
    if not calibration.engine_version.strip():
        yield "'engine_version' is empty"
    yield from (
        f"'documents' holds {key!r}, which is no beginning of a digest"
        for key in calibration.documents
        if not _HEX.fullmatch(key)
    )
    seen = set()
    for index, threshold in enumerate(calibration.thresholds):
        if (threshold.group, threshold.mode) in seen:
            yield f"'thresholds' has {threshold.group} {threshold.mode} twice"
        seen.add((threshold.group, threshold.mode))
        yield from (f"'thresholds[{index}].{fault}" for fault in _wrong_threshold(threshold))


def _wrong_threshold(threshold: Threshold) -> Iterator[str]:
    for name in ("confidence", "target", "bound", "level"):
        value = getattr(threshold, name)
        if value is not None and not 0.0 <= value <= 1.0:
            yield f"{name}' must lie between 0 and 1, not {value}"
    if not 0 <= threshold.errors <= threshold.items:
        yield f"errors' must lie between 0 and items ({threshold.items})"
    elif threshold.items and threshold.bound < threshold.errors / threshold.items:
        yield "bound' is below the share that was measured"
    if not 0 <= threshold.papers <= threshold.items:
        yield f"papers' must lie between 0 and items ({threshold.items})"
    if threshold.confidence is not None and threshold.bound > threshold.target:
        yield "bound' misses the target, so 'confidence' must be null"
    families = [count.family for count in threshold.families]
    if len(families) != len(set(families)):
        yield "families' names one twice"
    if any(not 0 <= count.errors <= count.items for count in threshold.families):
        yield "families' counts more errors than items"
