"""Records live in one store per vendor; a record's JSON is made once and again only after it changed."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

Record = dict[str, Any]
T = TypeVar("T")
_EMPTY: frozenset[str] = frozenset()
_MEMORY = 64


def moment(text: object) -> datetime | None:
    """An ISO 8601 date or date-time as aware UTC; null for anything else."""
    if not isinstance(text, str):
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def public(value: Any) -> Any:
    """The value without the keys that start with `_`: those are the sandbox's own notes."""
    if isinstance(value, dict):
        return {k: public(v) for k, v in value.items() if not k.startswith("_")}
    if isinstance(value, list):
        return [public(v) for v in value]
    return value


def merged(old: Mapping[str, Any], changes: Mapping[str, Any]) -> Record:
    """`old` with `changes`, objects merged key by key, everything else replaced."""
    new = copy.deepcopy(dict(old))
    for key, value in changes.items():
        inner = new.get(key)
        new[key] = merged(inner, value) if isinstance(inner, dict) and isinstance(value, Mapping) else value
    return new


class Row:
    """One record with its JSON text and parsed times kept beside it."""

    __slots__ = ("_texts", "_times", "data")

    def __init__(self, data: Record) -> None:
        self.data = data
        self._texts: dict[frozenset[str], bytes] = {}
        self._times: dict[str, datetime | None] = {}

    def text(self, without: frozenset[str] = _EMPTY) -> bytes:
        found = self._texts.get(without)
        if found is None:
            shown = {k: v for k, v in public(self.data).items() if k not in without}
            found = self._texts[without] = json.dumps(shown, separators=(",", ":")).encode()
        return found

    def time(self, field: str) -> datetime | None:
        """The field as a moment; a dot steps into an object."""
        if field not in self._times:
            value: Any = self.data
            for part in field.split("."):
                value = value.get(part) if isinstance(value, dict) else None
            self._times[field] = moment(value)
        return self._times[field]

    def replace(self, data: Record) -> None:
        self.data = data
        self._texts = {}
        self._times = {}


class Collection:
    def __init__(self, records: Iterable[Record], key: Callable[[Record], str]) -> None:
        self.rows = [Row(record) for record in records]
        self.key = key
        self._indexes: dict[Callable[[Record], Hashable], dict[Hashable, list[Row]]] = {}

    def where(self, by: Callable[[Record], Hashable], value: Hashable) -> list[Row]:
        """Rows for which `by` gives `value`, in order; the index is kept until the collection changes."""
        index = self._indexes.get(by)
        if index is None:
            index = self._indexes[by] = {}
            for row in self.rows:
                index.setdefault(by(row.data), []).append(row)
        return index.get(value, [])

    def find(self, key: object) -> Row | None:
        """The row with this native id."""
        found = self.where(self.key, str(key))
        return found[0] if found else None

    def forget_indexes(self) -> None:
        self._indexes = {}


def record_key(record: Record) -> str:
    for name in ("id", "Id", "uuid", "payroll_uuid"):
        if record.get(name) is not None:
            return str(record[name])
    return str(record.get("_id", ""))


class Store:
    """The collections of one vendor (or of one QuickBooks company)."""

    def __init__(
        self,
        collections: Mapping[str, Iterable[Record] | Record],
        keys: Mapping[str, Callable[[Record], str]] | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self._keys = dict(keys or {})
        self._collections: dict[str, Collection] = {}
        self._answers: dict[Hashable, Any] = {}
        for name, records in collections.items():
            listed = [dict(records)] if isinstance(records, Mapping) else records
            self._collections[name] = Collection(listed, self._keys.get(name, record_key))

    def __getitem__(self, name: str) -> Collection:
        if name not in self._collections:
            self._collections[name] = Collection([], self._keys.get(name, record_key))
        return self._collections[name]

    def __contains__(self, name: str) -> bool:
        return name in self._collections

    def names(self) -> list[str]:
        return list(self._collections)

    def remember(self, question: Hashable, answer: Callable[[], T]) -> T:
        """The answer given to `question` since the last change; walking pages asks the same one again and again."""
        if question not in self._answers:
            if len(self._answers) >= _MEMORY:
                self._answers.clear()
            self._answers[question] = answer()
        found: T = self._answers[question]
        return found

    def changed(self, name: str) -> None:
        """Called after every mutation of a collection."""
        self._answers.clear()
        self[name].forget_indexes()

    def add(self, name: str, record: Record) -> Row:
        row = Row(record)
        self[name].rows.append(row)
        self.changed(name)
        return row

    def remove(self, name: str, row: Row) -> None:
        self[name].rows.remove(row)
        self.changed(name)

    def replace(self, name: str, row: Row, data: Record) -> None:
        row.replace(data)
        self.changed(name)
