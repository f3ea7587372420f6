"""The raw zone only grows, and only by what is different: landing the same record twice writes nothing."""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from datablueprint.tables import RAW, record_id

if TYPE_CHECKING:
    from datablueprint.ports import Files

_TICK = timedelta(microseconds=1)
_IDENTITY = ["native_id", "parent_id", "fetched_at", "content_hash", "deleted"]


@dataclass(frozen=True)
class RawRecord:
    """One row of the raw table: a state that a record was once seen in."""

    record_id: str
    source: str
    stream: str
    native_id: str
    parent_id: str | None
    fetched_at: datetime
    run_id: str
    request_id: str | None
    url: str
    content_hash: str
    deleted: bool
    payload: str


@dataclass(frozen=True)
class Landed:
    """How many records a landing found new, changed, newly deleted, and the same as before."""

    new: int = 0
    changed: int = 0
    deleted: int = 0
    unchanged: int = 0


class Arrival(Protocol):
    """What a record must bring to land; id, hash and run are given to it here. RawRecord is one too."""

    @property
    def native_id(self) -> str: ...
    @property
    def parent_id(self) -> str | None: ...
    @property
    def payload(self) -> str: ...
    @property
    def fetched_at(self) -> datetime: ...
    @property
    def url(self) -> str: ...
    @property
    def request_id(self) -> str | None: ...
    @property
    def deleted(self) -> bool: ...


@dataclass(frozen=True)
class _Identity:
    content_hash: str
    deleted: bool
    parent_id: str | None
    fetched_at: datetime


def system_of(source: str) -> str:
    """The first part of the record ids of a connector: both QuickBooks connectors write `quickbooks:`."""
    return "quickbooks" if source.startswith("quickbooks_") else source


def content_hash(payload: str) -> str:
    """sha256 of the payload's UTF-8 bytes, in hex."""
    return hashlib.sha256(payload.encode("utf-8")).hexdigest()


class RawLog:
    """The raw records of one source. One writer per stream at a time; identities are kept in memory."""

    def __init__(self, files: Files, source: str) -> None:
        self.files = files
        self.source = source
        self._known: dict[str, dict[str, _Identity]] = {}
        self._families: dict[str, dict[str | None, set[str]]] = {}

    def land(self, stream: str, records: Sequence[Arrival], *, run_id: str) -> Landed:
        """Write the records whose content differs from what is known; of one id the last given counts.

        A tombstone without payload keeps the last payload known; one for a record
        that is unknown or already deleted is not written. Nothing different, no file.
        """
        known = self._identities(stream)
        counts = {"new": 0, "changed": 0, "deleted": 0, "unchanged": 0}
        rows: list[RawRecord] = []
        last = self._last_payloads(stream, records)
        for arrival in {record.native_id: record for record in records}.values():
            before = known.get(arrival.native_id)
            row = self._row(stream, arrival, run_id, before, last.get(arrival.native_id, ""))
            outcome = _compare(before, row)
            counts[outcome] += 1
            if outcome != "unchanged":
                rows.append(row)
        if rows:
            self._write(stream, rows, run_id)
            self._remember(stream, rows)
        return Landed(**counts)

    def current(self, stream: str) -> list[RawRecord]:
        """The newest state of every record, tombstones included, in order of native id."""
        newest: dict[str, RawRecord] = {}
        for table in self._tables(stream, None):
            for row in table.to_pylist():
                record = RawRecord(**row)
                held = newest.get(record.native_id)
                if held is None or record.fetched_at >= held.fetched_at:
                    newest[record.native_id] = record
        return [newest[key] for key in sorted(newest)]

    def identities(self, stream: str, parent_id: str | None = None) -> dict[str, str]:
        """Native id to content hash of the live records, of all parents or of one."""
        known = self._identities(stream)
        keys: Iterable[str] = known if parent_id is None else self._families[stream].get(parent_id, set())
        return {key: known[key].content_hash for key in sorted(keys) if not known[key].deleted}

    def streams(self) -> list[str]:
        """Streams that have landed anything."""
        prefix = f"raw/source={self.source}/stream="
        return sorted({key[len(prefix) :].split("/")[0] for key in self.files.list(prefix)})

    # -- parts --------------------------------------------------------------------------------------

    def _row(
        self, stream: str, arrival: Arrival, run_id: str, before: _Identity | None, last_payload: str
    ) -> RawRecord:
        payload = arrival.payload or last_payload
        fetched_at = arrival.fetched_at.astimezone(UTC)
        if before and fetched_at <= before.fetched_at:
            fetched_at = before.fetched_at + _TICK  # a clock that stands still must not make two states equal
        return RawRecord(
            record_id=record_id(system_of(self.source), stream, arrival.native_id),
            source=self.source,
            stream=stream,
            native_id=arrival.native_id,
            parent_id=arrival.parent_id if arrival.parent_id is not None or before is None else before.parent_id,
            fetched_at=fetched_at,
            run_id=run_id,
            request_id=arrival.request_id,
            url=arrival.url,
            content_hash=content_hash(payload),
            deleted=arrival.deleted,
            payload=payload,
        )

    def _last_payloads(self, stream: str, records: Sequence[Arrival]) -> dict[str, str]:
        """Payloads to keep in tombstones that bring none; read only when there are such."""
        known = self._identities(stream)
        bare = {
            record.native_id
            for record in records
            if record.deleted
            and not record.payload
            and record.native_id in known
            and not known[record.native_id].deleted
        }
        if not bare:
            return {}
        return {record.native_id: record.payload for record in self.current(stream) if record.native_id in bare}

    def _write(self, stream: str, rows: list[RawRecord], run_id: str) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        day = max(row.fetched_at for row in rows).date().isoformat()
        folder = f"raw/source={self.source}/stream={stream}/ingest_date={day}/"
        number = sum(1 for key in self.files.list(f"{folder}{run_id}-"))
        table = pa.Table.from_pylist([vars(row) for row in rows], schema=RAW.schema())
        sink = io.BytesIO()
        pq.write_table(table, sink, compression="zstd")
        self.files.write(f"{folder}{run_id}-{number:04d}.parquet", sink.getvalue())

    def _tables(self, stream: str, columns: list[str] | None) -> Iterable[Any]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        for key in self.files.list(f"raw/source={self.source}/stream={stream}/"):
            yield pq.read_table(pa.BufferReader(self.files.read(key)), columns=columns)

    def _identities(self, stream: str) -> dict[str, _Identity]:
        if stream not in self._known:
            self._known[stream] = {}
            self._families[stream] = defaultdict(set)
            for table in self._tables(stream, _IDENTITY):
                columns = (table.column(name).to_pylist() for name in _IDENTITY)
                for key, parent, fetched_at, digest, deleted in zip(*columns, strict=True):
                    self._keep(stream, key, _Identity(digest, deleted, parent, fetched_at))
        return self._known[stream]

    def _remember(self, stream: str, rows: list[RawRecord]) -> None:
        for row in rows:
            self._keep(stream, row.native_id, _Identity(row.content_hash, row.deleted, row.parent_id, row.fetched_at))

    def _keep(self, stream: str, key: str, identity: _Identity) -> None:
        held = self._known[stream].get(key)
        if held is None or identity.fetched_at >= held.fetched_at:
            if held:
                self._families[stream][held.parent_id].discard(key)
            self._known[stream][key] = identity
            self._families[stream][identity.parent_id].add(key)


def _compare(before: _Identity | None, row: RawRecord) -> str:
    if row.deleted:
        return "deleted" if before and not before.deleted else "unchanged"
    if before is None:
        return "new"
    same = before.content_hash == row.content_hash and not before.deleted
    return "unchanged" if same else "changed"
