"""Frozen dataclasses to JSON and back, by their type hints alone.

Enums are their values, Decimals and instants strings, tuples lists, frozensets sorted lists. The
text is canonical (sorted keys, no spaces, ASCII only), so equal values have equal text: it can be
digested, and unpaired surrogates in hostile file names survive it. Numbers must be finite.
"""

import dataclasses
import datetime
import functools
import hashlib
import json
import types
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

_PLAIN = (str, int, float, bool, type(None))


def canonical_json(data: object) -> str:
    """Return the one canonical JSON text of JSON-ready data; raises ValueError for NaN."""
    return json.dumps(
        data, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":")
    )


def digest_json(data: object) -> str:
    """Return the SHA-256 (hex) of the canonical JSON text."""
    return hashlib.sha256(canonical_json(data).encode("ascii")).hexdigest()


def encode(value: object) -> str:
    """Return the canonical JSON text of a domain value."""
    return canonical_json(to_plain(value))


def decode(kind: type[T], text: str) -> T:
    """Return the domain value that `encode` turned into the text.

    Raises ValueError, KeyError or TypeError where the text does not fit the type.
    """
    value: T = from_plain(kind, json.loads(text))
    return value


def to_plain(value: object) -> Any:
    """Return JSON-ready data for a domain value."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(to_plain(item) for item in value)
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name in _hints(type(value))}
    raise TypeError(f"no JSON form for {type(value).__name__}")


def from_plain(kind: Any, data: Any) -> Any:
    """Return the domain value of a type from JSON-ready data."""
    origin = get_origin(kind)
    if origin is tuple:
        return _tuple(get_args(kind), data)
    if origin is frozenset:
        return frozenset(from_plain(get_args(kind)[0], item) for item in data)
    if origin in (Union, types.UnionType):
        return _optional(get_args(kind), data)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(data, dict):
            raise TypeError(f"an object expected, found {type(data).__name__}")
        hints = _hints(kind)
        unknown = data.keys() - hints.keys()
        if unknown:
            raise ValueError(f"{kind.__name__} has no field {sorted(unknown)[0]!r}")
        return kind(**{name: from_plain(hints[name], item) for name, item in data.items()})
    if kind is datetime.datetime or kind is datetime.date:
        return kind.fromisoformat(data)
    if kind is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if kind in _PLAIN:
        if type(data) is not kind:
            raise TypeError(f"{kind.__name__} expected, found {type(data).__name__}")
        return data
    return kind(data)


def _tuple(arguments: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise TypeError(f"a list expected, found {type(data).__name__}")
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(from_plain(arguments[0], item) for item in data)
    if len(arguments) != len(data):
        raise ValueError(f"{len(arguments)} items expected, found {len(data)}")
    return tuple(from_plain(kind, item) for kind, item in zip(arguments, data, strict=True))


def _optional(arguments: tuple[Any, ...], data: Any) -> Any:
    kinds = [kind for kind in arguments if kind is not type(None)]
    if data is None and len(kinds) < len(arguments):
        return None
    if len(kinds) != 1:
        raise TypeError("only X | None can be decoded")
    return from_plain(kinds[0], data)


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return {field.name: get_type_hints(kind)[field.name] for field in dataclasses.fields(kind)}
