"""A record is the text the vendor sent; parsing it and printing it again would be a forgery.

Everything here works on the response's text and gives back exact substrings,
each beside its value parsed with `Decimal` for every number that has a point.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

Path = tuple[str | int, ...]
_SPACE = re.compile(r"[ \t\n\r]*")


class NotJson(ValueError):
    """The text is not one JSON value, or it is no list where a list was promised."""


@dataclass(frozen=True)
class Slice:
    """One value inside a document: its exact text and what it means."""

    text: str
    value: Any


def _refuse(constant: str) -> Any:
    raise NotJson(f"{constant} is not JSON")


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse)


@lru_cache(maxsize=2)
def parse(text: str) -> Any:
    """The value of one JSON document; numbers with a point or exponent are Decimal, others int, never float.

    The same value is given to everyone who asks for the same text: read it, do not change it.
    """
    value, end = _value(text, _skip(text, 0))
    if _skip(text, end) != len(text):
        raise NotJson("text follows the JSON value")
    return value


def slice_at(document: str, *path: str | int) -> Slice | None:
    """The value at `path` (object keys and list positions); None when the path leads nowhere."""
    found = _locate(document, path)
    if found is None:
        return None
    start, end, value = found
    return Slice(document[start:end], value)


def elements(document: str, *path: str | int) -> list[Slice]:
    """Each element of the list at `path`. An absent path is an empty list; any other value there is NotJson."""
    found = _locate(document, path)
    if found is None:
        return []
    start, _, value = found
    if not isinstance(value, list):
        raise NotJson(f"expected a list at /{'/'.join(map(str, path))}, found {type(value).__name__}")
    return [Slice(document[a:b], v) for _, a, b, v in _children(document, start)]


def members(document: str, *path: str | int) -> dict[str, Slice]:
    """Each member of the object at `path`; empty when the path leads nowhere or to something else."""
    found = _locate(document, path)
    if found is None or not isinstance(found[2], dict):
        return {}
    return {str(key): Slice(document[a:b], v) for key, a, b, v in _children(document, found[0])}


def _locate(document: str, path: Path) -> tuple[int, int, Any] | None:
    value = parse(document)  # all of it: a cut or padded document must not look like a short list
    start, end = _skip(document, 0), len(document.rstrip(" \t\n\r"))
    for step in path:
        if not isinstance(value, (dict, list)):
            return None
        matching = [(a, b, v) for key, a, b, v in _children(document, start) if key == step]
        if not matching:
            return None
        start, end, value = matching[-1]
    return start, end, value


def _children(text: str, start: int) -> Iterator[tuple[str | int, int, int, Any]]:
    """(key or position, start, end, value) of each child of the valid object or list that opens at `start`."""
    is_object = text[start] == "{"
    at = _skip(text, start + 1)
    position = 0
    while text[at] not in "]}":
        key: str | int = position
        if is_object:
            key, at = _value(text, at)
            at = _skip(text, _skip(text, at) + 1)
        value, end = _value(text, at)
        yield key, at, end, value
        position += 1
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from error
