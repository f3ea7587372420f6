"""The raw zone only grows, and only by what is different: landing the same record twice writes nothing."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from datablueprint.lake.index import Entry, Index, Noted
from datablueprint.tables import RAW, record_id

if TYPE_CHECKING:
    from datablueprint.ports import Files

_TICK = timedelta(microseconds=1)


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


def system_of(source: str) -> str:
    """The first part of the record ids of a connector: both QuickBooks connectors write `quickbooks:`."""
    return "quickbooks" if source.startswith("quickbooks_") else source


def content_hash(payload: str) -> str:
    """sha256 of the payload's UTF-8 bytes, in hex."""
    return hashlib.sha256(payload.encode("utf-8")).hexdigest()


class RawLog:
    """The raw records of one source. One writer per stream at a time.

    Landing reads and writes the index only, besides adding to raw; whoever reads
    records (`current`, `streams`, `reindex`) reads raw.
    """

    def __init__(self, files: Files, source: str) -> None:
        self.files = files
        self.source = source
        self._indexes: dict[str, Index] = {}

    def land(self, stream: str, records: Sequence[Arrival], *, run_id: str, keep: bool = False) -> Landed:
        """Write the records whose content differs from what is known; of one id the last given counts.

        A tombstone without payload stands for the last payload known; one for a
        record that is unknown or already deleted is not written. Nothing different,
        no file. `keep` = other streams of the source read the payloads of this one.
        """
        index = self._index(stream)
        counts = {"new": 0, "changed": 0, "deleted": 0, "unchanged": 0}
        rows: list[RawRecord] = []
        for arrival in {record.native_id: record for record in records}.values():
            before = index.get(arrival.native_id)
            row = self._row(stream, arrival, run_id, before)
            outcome = _compare(before, row)
            counts[outcome] += 1
            if outcome != "unchanged":
                rows.append(row)
        if rows:
            self._write(stream, rows, run_id, index.file_number(run_id))
            index.note([_entry(row, keep) for row in rows], run_id)
            self._noted.set(stream, self._noted.counts.get(stream, 0) + 1)
        return Landed(**counts)

    def current(self, stream: str) -> list[RawRecord]:
        """The newest state of every record, tombstones included, in order of native id.

        A tombstone that came without payload has the last one known.
        """
        newest: dict[str, RawRecord] = {}
        spoken: dict[str, RawRecord] = {}
        for table in self._tables(stream):
            for row in table.to_pylist():
                record = RawRecord(**row)
                _keep_newer(newest, record)
                if record.payload:
                    _keep_newer(spoken, record)
        return [_with_payload(newest[key], spoken.get(key)) for key in sorted(newest)]

    def live(self, stream: str) -> list[Entry]:
        """Records that are not deleted, in order of native id; their payloads where the stream's are kept."""
        return self._index(stream).live()

    def identities(self, stream: str, parent_id: str | None = None) -> dict[str, str]:
        """Native id to content hash of the live records, of all parents or of one."""
        return {entry.native_id: entry.content_hash for entry in self._index(stream).live(parent_id)}

    def streams(self) -> list[str]:
        """Streams that have landed anything."""
        return sorted(self._raw_files())

    def reindex(self, kept: Collection[str]) -> None:
        """Build the index of each stream anew that knows fewer files than there are: after a crash, or an upgrade."""
        for stream, count in sorted(self._raw_files().items()):
            if self._noted.counts.get(stream) != count:
                index = self._index(stream)
                index.clear()
                index.hold(_entry(record, stream in kept) for record in self.current(stream))
                index.save()
                self._noted.set(stream, count)

    # -- parts --------------------------------------------------------------------------------------

    def _raw_files(self) -> Counter[str]:
        prefix = f"raw/source={self.source}/stream="
        return Counter(key[len(prefix) :].split("/")[0] for key in self.files.list(prefix))

    @cached_property
    def _noted(self) -> Noted:
        return Noted(self.files, self.source)

    def _index(self, stream: str) -> Index:
        if stream not in self._indexes:
            self._indexes[stream] = Index(self.files, self.source, stream)
        return self._indexes[stream]

    def _row(self, stream: str, arrival: Arrival, run_id: str, before: Entry | None) -> RawRecord:
        fetched_at = arrival.fetched_at.astimezone(UTC)
        if before and fetched_at <= before.fetched_at:
            fetched_at = before.fetched_at + _TICK  # a clock that stands still must not make two states equal
        bare = arrival.deleted and not arrival.payload and before is not None
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
            content_hash=before.content_hash if bare and before else content_hash(arrival.payload),
            deleted=arrival.deleted,
            payload=arrival.payload,
        )

    def _write(self, stream: str, rows: list[RawRecord], run_id: str, number: int) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        day = max(row.fetched_at for row in rows).date().isoformat()
        folder = f"raw/source={self.source}/stream={stream}/ingest_date={day}/"
        table = pa.Table.from_pylist([vars(row) for row in rows], schema=RAW.schema())
        sink = io.BytesIO()
        pq.write_table(table, sink, compression="zstd")
        self.files.write(f"{folder}{run_id}-{number:04d}.parquet", sink.getvalue())

    def _tables(self, stream: str) -> Iterable[Any]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        for key in self.files.list(f"raw/source={self.source}/stream={stream}/"):
            yield pq.read_table(pa.BufferReader(self.files.read(key)))


def _entry(row: RawRecord, keep: bool) -> Entry:
    payload = row.payload if keep else ""
    return Entry(row.native_id, row.parent_id, row.fetched_at, row.content_hash, row.deleted, payload)


def _keep_newer(held: dict[str, RawRecord], record: RawRecord) -> None:
    before = held.get(record.native_id)
    if before is None or record.fetched_at >= before.fetched_at:
        held[record.native_id] = record


def _with_payload(record: RawRecord, spoken: RawRecord | None) -> RawRecord:
    return replace(record, payload=spoken.payload) if spoken and not record.payload else record


def _compare(before: Entry | None, row: RawRecord) -> str:
    if row.deleted:
        return "deleted" if before and not before.deleted else "unchanged"
    if before is None:
        return "new"
    same = before.content_hash == row.content_hash and not before.deleted
    return "unchanged" if same else "changed"
