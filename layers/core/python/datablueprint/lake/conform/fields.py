"""A field is read as what it must be, or the whole record is set aside with a sentence that says why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, NoReturn, Protocol
from zoneinfo import ZoneInfo

CENT = Decimal("0.01")
TEN_THOUSANDTH = Decimal("0.0001")
LARGEST = Decimal(10) ** 14
"""Nobody's amount; beyond it a table's decimal(18,4) would overflow."""
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
ABSENT: Any = object()


class Record(Protocol):
    """What conforming needs of a raw record (lake.raw.RawRecord has more)."""

    @property
    def record_id(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def stream(self) -> str: ...
    @property
    def native_id(self) -> str: ...
    @property
    def parent_id(self) -> str | None: ...
    @property
    def deleted(self) -> bool: ...
    @property
    def payload(self) -> str: ...


class Unreadable(Exception):
    """A field is missing or of another type. Never leaves this package: it becomes a row of `rejects`."""

    def __init__(self, pointer: str, problem: str, way_out: str | None = None) -> None:
        self.pointer = pointer
        self.problem = problem
        self.way_out = way_out
        super().__init__(f"{pointer} {problem}")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


_DECODER = json.JSONDecoder(parse_float=Decimal, parse_int=int, parse_constant=_refuse_constant)


class Fields:
    """One JSON object of a record, read by path; paths are given as separate steps: `money("summary", "net")`.

    `maybe_...` gives None where the field is absent, null or "". Every other
    method refuses those. A value of another type is refused by both. Keys that
    nobody asks for never matter.
    """

    __slots__ = ("_base", "_value", "record")

    def __init__(self, record: Record, value: dict[str, Any], base: str = "") -> None:
        self.record = record
        self._value = value
        self._base = base

    @classmethod
    def of(cls, record: Record) -> Fields:
        """The record's payload, parsed once with exact numbers."""
        try:
            value = _DECODER.decode(record.payload)
        except ValueError as error:
            raise Unreadable("", f"is not JSON ({error})") from None
        if not isinstance(value, dict):
            raise Unreadable("", f"holds {_kind(value)} where a JSON object was expected")
        return cls(record, value)

    @property
    def record_id(self) -> str:
        return self.record.record_id

    def pointer(self, *path: str) -> str:
        """The RFC 6901 pointer of a field, from the root of the payload."""
        pointer = self._base
        for step in path:
            pointer += "/" + (step.replace("~", "~0").replace("/", "~1") if "~" in step or "/" in step else step)
        return pointer

    def has(self, *path: str) -> bool:
        """Whether the key is there at all, null or not."""
        return self._find(path) is not ABSENT

    def maybe_text(self, *path: str) -> str | None:
        """Text; a whole number counts as text, because ids and document numbers come as either."""
        value = self._find(path)
        kind = type(value)
        if kind is str:
            return value.strip() or None
        if kind is int:
            return str(value)
        return None if value is None or value is ABSENT else self._refuse(path, value, "text")

    def text(self, *path: str) -> str:
        value = self.maybe_text(*path)
        return self._missing(path) if value is None else value

    def maybe_money(self, *path: str) -> Decimal | None:
        """An amount, rounded half up to cents should it carry more decimals."""
        return self._number(path, "an amount of money", CENT)

    def money(self, *path: str) -> Decimal:
        value = self.maybe_money(*path)
        return self._missing(path) if value is None else value

    def maybe_hours(self, *path: str) -> Decimal | None:
        return self._number(path, "a number of hours", CENT)

    def hours(self, *path: str) -> Decimal:
        value = self.maybe_hours(*path)
        return self._missing(path) if value is None else value

    def maybe_quantity(self, *path: str) -> Decimal | None:
        return self._number(path, "a quantity", TEN_THOUSANDTH)

    def quantity(self, *path: str) -> Decimal:
        value = self.maybe_quantity(*path)
        return self._missing(path) if value is None else value

    def maybe_rate(self, *path: str) -> Decimal | None:
        """A number as it stands, unrounded: exchange rates."""
        return self._number(path, "a number", None)

    def maybe_day(self, *path: str) -> date | None:
        """A plain date; the day of a time stamp depends on where one stands, so it is refused here."""
        value = self._find(path)
        if value is None or value is ABSENT or value == "":
            return None
        found = _date(value) if type(value) is str else None
        return self._refuse(path, value, "a date") if found is None else found

    def day(self, *path: str) -> date:
        value = self.maybe_day(*path)
        return self._missing(path) if value is None else value

    def maybe_local_day(self, zone: ZoneInfo, *path: str) -> date | None:
        """The day a time stamp fell on in `zone`; a plain date stays what it is."""
        value = self._find(path)
        if value is None or value is ABSENT or value == "":
            return None
        found = _local_date(value, zone) if type(value) is str else None
        return self._refuse(path, value, "a time") if found is None else found

    def maybe_flag(self, *path: str) -> bool | None:
        value = self._find(path)
        if type(value) is bool:
            return value
        return None if value is None or value is ABSENT else self._refuse(path, value, "true or false")

    def maybe_within(self, *path: str) -> Fields | None:
        """The object at `path`, read on with the same record and longer pointers."""
        value = self._find(path)
        if type(value) is dict:
            return Fields(self.record, value, self.pointer(*path))
        return None if value is None or value is ABSENT else self._refuse(path, value, "an object")

    def within(self, *path: str) -> Fields:
        value = self.maybe_within(*path)
        return self._missing(path) if value is None else value

    def each(self, *path: str) -> Iterator[Fields]:
        """The objects of the list at `path`; nothing when the list is absent or null."""
        value = self._find(path)
        if value is None or value is ABSENT:
            return
        if type(value) is not list:
            self._refuse(path, value, "a list")
        base = self.pointer(*path)
        for place, item in enumerate(value):
            if type(item) is not dict:
                raise Unreadable(f"{base}/{place}", f"holds {_kind(item)} where an object was expected")
            yield Fields(self.record, item, f"{base}/{place}")

    def refuse(self, path: tuple[str, ...], expected: str) -> NoReturn:
        """Set the record aside: the value is of the right type and still cannot be meant."""
        self._refuse(path, self._find(path), expected)

    def _find(self, path: tuple[str, ...]) -> Any:
        value: Any = self._value.get(path[0], ABSENT)
        for depth, step in enumerate(path[1:], 1):
            if type(value) is dict:
                value = value.get(step, ABSENT)
            elif value is None or value is ABSENT:
                return ABSENT
            else:
                return self._refuse(path[:depth], value, "an object")
        return value

    def _number(self, path: tuple[str, ...], expected: str, step: Decimal | None) -> Decimal | None:
        value = self._find(path)
        kind = type(value)
        if kind is str:
            text = value.strip()
            if not text:
                return None
            number = Decimal(text) if NUMBER.fullmatch(text) else self._refuse(path, value, expected)
        elif kind is Decimal or kind is int:
            number = Decimal(value)
        else:
            return None if value is None or value is ABSENT else self._refuse(path, value, expected)
        if not -LARGEST < number < LARGEST:
            self._refuse(path, value, expected)
        return number if step is None else number.quantize(step, ROUND_HALF_UP)

    def _missing(self, path: tuple[str, ...]) -> NoReturn:
        raise Unreadable(self.pointer(*path), "is missing" if self._find(path) is ABSENT else "is empty")

    def _refuse(self, path: tuple[str, ...], value: Any, expected: str) -> NoReturn:
        raise Unreadable(self.pointer(*path), f"holds {_kind(value)} where {expected} was expected")


def _kind(value: Any) -> str:
    """A short description of a value for a sentence; long text is cut, it may be anything."""
    if isinstance(value, str):
        return repr(value if len(value) <= 30 else value[:29] + "…")
    names = {bool: "true or false", list: "a list", dict: "an object", type(None): "nothing"}
    return names.get(type(value), f"the number {value}")


@lru_cache(maxsize=20_000)
def _date(text: str) -> date | None:
    if len(text) != 10:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=20_000)
def _local_date(text: str, zone: ZoneInfo) -> date | None:
    if len(text) == 10:
        return _date(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment.astimezone(zone).date()
