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
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Decoder = Callable[[Any], Any]

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
    return _decoder(kind)(data)


@functools.cache
def _decoder(kind: Any) -> Decoder:
    """Return what makes values of a type; hints are looked at once, for a batch is many values."""
    origin = get_origin(kind)
    if origin is tuple:
        return _tuple_decoder(get_args(kind))
    if origin is frozenset:
        item = _decoder(get_args(kind)[0])
        return lambda data: frozenset(map(item, data))
    if origin in (Union, types.UnionType):
        return _optional_decoder(get_args(kind))
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _object_decoder(kind)
    if kind is datetime.datetime or kind is datetime.date:
        instant: Decoder = kind.fromisoformat
        return instant
    if kind in _PLAIN:
        return _plain_decoder(kind)
    other: Decoder = kind
    return other


def _plain_decoder(kind: type) -> Decoder:
    def decode_plain(data: Any) -> Any:
        if type(data) is kind:
            return data
        if kind is float and type(data) is int:
            return float(data)
        raise TypeError(f"{kind.__name__} expected, found {type(data).__name__}")

    return decode_plain


def _object_decoder(kind: Any) -> Decoder:
    decoders = {name: _decoder(hint) for name, hint in _hints(kind).items()}

    def decode_object(data: Any) -> Any:
        if not isinstance(data, dict):
            raise TypeError(f"an object expected, found {type(data).__name__}")
        if unknown := data.keys() - decoders.keys():
            raise ValueError(f"{kind.__name__} has no field {sorted(unknown)[0]!r}")
        return kind(**{name: decoders[name](item) for name, item in data.items()})

    return decode_object


def _tuple_decoder(arguments: tuple[Any, ...]) -> Decoder:
    is_open = len(arguments) == 2 and arguments[1] is Ellipsis
    decoders = [_decoder(kind) for kind in (arguments[:1] if is_open else arguments)]

    def decode_tuple(data: Any) -> tuple[Any, ...]:
        if not isinstance(data, list):
            raise TypeError(f"a list expected, found {type(data).__name__}")
        if is_open:
            return tuple(map(decoders[0], data))
        if len(decoders) != len(data):
            raise ValueError(f"{len(decoders)} items expected, found {len(data)}")
        return tuple(item(part) for item, part in zip(decoders, data, strict=True))

    return decode_tuple


def _optional_decoder(arguments: tuple[Any, ...]) -> Decoder:
    kinds = [kind for kind in arguments if kind is not type(None)]
    if len(kinds) != 1:
        raise TypeError("only X | None can be decoded")
    item = _decoder(kinds[0])
    return lambda data: None if data is None else item(data)


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return {field.name: get_type_hints(kind)[field.name] for field in dataclasses.fields(kind)}
