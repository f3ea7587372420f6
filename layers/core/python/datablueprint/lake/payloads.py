"""A snapshot is proved against the records as they were when it was built, not as they are now."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datablueprint.ports import Files

SOURCES_OF_SYSTEM = {"quickbooks": ("quickbooks_online", "quickbooks_desktop")}
COLUMNS = ["record_id", "fetched_at", "deleted", "payload", "url"]
EPOCH, TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
"""How the table counts `fetched_at`."""


@dataclass(frozen=True)
class Stored:
    """A record as stored: its text, where it came from and when."""

    payload: str
    url: str
    fetched_at: datetime
    deleted: bool


class Shelf:
    """The raw objects of a lake up to one moment, each read once, when a record of its stream is first asked for.

    Objects are kept as Arrow, about as large as the text in them; a record is unpacked only when asked for.
    """

    def __init__(self, files: Files, *, until: datetime) -> None:
        self._files, self._until = files, (until - EPOCH) // TICK
        self._streams: dict[tuple[str, str], _Stream] = {}

    def records(self, record_ids: Iterable[str]) -> dict[str, Stored]:
        """The newest state of each record fetched by the moment, tombstones included; unknown ids are absent."""
        found = ((record, self._stream(record).record(record)) for record in record_ids if record.count(":") > 1)
        return {record: stored for record, stored in found if stored}

    def payloads(self, record_ids: Iterable[str]) -> dict[str, str]:
        """The text of each record of which the newest state is no tombstone."""
        found = ((record, self._stream(record).payload(record)) for record in record_ids)
        return {record: payload for record, payload in found if payload is not None}

    def _stream(self, record_id: str) -> _Stream:
        system, stream, _ = record_id.split(":", 2)
        if (system, stream) not in self._streams:
            read = _Stream(self._until)
            for source in SOURCES_OF_SYSTEM.get(system, (system,)):
                for key in self._files.list(f"raw/source={source}/stream={stream}/"):
                    read.add(self._files.read(key))
            self._streams[system, stream] = read  # only now: another thread must not see half of it
        return self._streams[system, stream]


class _Stream:
    """The objects of one stream, as columns, and the place of each record's newest state among all their rows."""

    def __init__(self, until: int) -> None:
        self._until = until
        self._starts: list[int] = []
        self._columns: list[tuple[Any, ...]] = []
        self._times: list[int] = []
        self._newest: dict[str, int] = {}
        self._before: dict[str, int] = {}
        """Of records that are deleted: the newest state before, whose payload a tombstone without one stands for."""

    def add(self, content: bytes) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        # not read_table: it loads the dataset engine, which takes longer than all reading
        table = pq.ParquetFile(io.BytesIO(content), read_dictionary=["url"]).read(columns=COLUMNS)
        first = len(self._times)
        self._starts.append(first)
        self._times += table["fetched_at"].cast(pa.int64()).to_pylist()
        rows = zip(table["record_id"].to_pylist(), table["deleted"].to_pylist(), strict=True)
        for place, (record, deleted) in enumerate(rows, first):
            at = self._times[place]
            if at > self._until:
                continue
            held = self._newest.get(record)
            if held is None or at >= self._times[held]:
                self._newest[record] = place
                if deleted and held is not None:
                    self._before.setdefault(record, held)
                elif not deleted:
                    self._before.pop(record, None)
        self._columns.append(tuple(table[name].combine_chunks() for name in ("payload", "url", "deleted")))

    def payload(self, record_id: str) -> str | None:
        found = self._found(record_id)
        if found is None:
            return None
        (payload, _, deleted), row, _ = found
        text: str = payload[row].as_py()
        return None if deleted[row].as_py() else text

    def record(self, record_id: str) -> Stored | None:
        found = self._found(record_id)
        if found is None:
            return None
        columns, row, at = found
        payload, url, deleted = (column[row].as_py() for column in columns)
        if not payload and record_id in self._before:
            (earlier, *_), row, _ = self._at(self._before[record_id])
            payload = earlier[row].as_py()
        return Stored(payload, url, EPOCH + at * TICK, deleted)

    def _found(self, record_id: str) -> tuple[tuple[Any, ...], int, int] | None:
        place = self._newest.get(record_id)
        return None if place is None else self._at(place)

    def _at(self, place: int) -> tuple[tuple[Any, ...], int, int]:
        number = bisect_right(self._starts, place) - 1
        return self._columns[number], place - self._starts[number], self._times[place]
