"""What has landed, without the records: an extractor knows by it what is new, and never reads the raw zone.

index/source=<source>/v1/<stream>.parquet   the newest state of every record, written after the raw file it speaks of
index/source=<source>/v1/files.json         how many raw files of each stream it speaks of

A crash between raw file and index lands the same records once more, on the same
day under the same name. Where raw holds more files than the index speaks of, the
next refresh builds that stream's index anew before anything is read.
"""

from __future__ import annotations

import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from datablueprint.ports import Files

RUN, NUMBER = b"run_id", b"files"
COLUMNS = ("native_id", "parent_id", "fetched_at", "content_hash", "deleted", "payload")


@dataclass(frozen=True)
class Entry:
    """The newest state of one record; `payload` is "" unless the stream's are kept for others to read."""

    native_id: str
    parent_id: str | None
    fetched_at: datetime
    content_hash: str
    deleted: bool
    payload: str = ""


def prefix_of(source: str) -> str:
    """Where the index of a source lies; another layout gets another version, and is built anew from raw."""
    return f"index/source={source}/v1/"


class Index:
    """The index of one stream, read whole and written whole; one writer at a time."""

    def __init__(self, files: Files, source: str, stream: str) -> None:
        self._files, self._key = files, f"{prefix_of(source)}{stream}.parquet"
        self._entries: dict[str, Entry] = {}
        self._families: dict[str | None, set[str]] = defaultdict(set)
        self._run, self._number = "", 0
        if self._key in files.list(self._key):  # asked for by list: one that may not be listed is refused, not absent
            self._read(files.read(self._key))

    def clear(self) -> None:
        """Forget what is held, to build it anew."""
        self._entries.clear()
        self._families.clear()

    def get(self, native_id: str) -> Entry | None:
        return self._entries.get(native_id)

    def live(self, parent_id: str | None = None) -> list[Entry]:
        """Records that are not deleted, of all parents or of one, in order of native id."""
        keys: Iterable[str] = self._entries if parent_id is None else self._families.get(parent_id, ())
        return [self._entries[key] for key in sorted(keys) if not self._entries[key].deleted]

    def file_number(self, run_id: str) -> int:
        """The number of the next raw file of a run: a retry of what was not noted here writes the same one."""
        return self._number if run_id == self._run else 0

    def note(self, entries: Iterable[Entry], run_id: str) -> None:
        """A raw file with these states was written."""
        self._number = self.file_number(run_id) + 1
        self._run = run_id
        self.hold(entries)
        self.save()

    def hold(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            held = self._entries.get(entry.native_id)
            if held is not None and entry.fetched_at < held.fetched_at:
                continue
            if held is not None:
                self._families[held.parent_id].discard(held.native_id)
            self._entries[entry.native_id] = entry
            self._families[entry.parent_id].add(entry.native_id)

    def save(self) -> None:
        import pyarrow.parquet as pq

        table = _table(self._entries).replace_schema_metadata({RUN: self._run, NUMBER: str(self._number)})
        sink = io.BytesIO()
        pq.write_table(table, sink, compression="zstd")
        self._files.write(self._key, sink.getvalue())

    def _read(self, content: bytes) -> None:
        import pyarrow.parquet as pq

        table = pq.ParquetFile(io.BytesIO(content)).read()
        about = table.schema.metadata or {}
        self._run, self._number = about[RUN].decode(), int(about[NUMBER])
        columns = (table.column(name).to_pylist() for name in COLUMNS)
        self.hold(Entry(*row) for row in zip(*columns, strict=True))


class Noted:
    """How many raw files of each stream the index speaks of."""

    def __init__(self, files: Files, source: str) -> None:
        self._files, self._key = files, f"{prefix_of(source)}files.json"
        there = self._key in files.list(self._key)
        self.counts: dict[str, int] = json.loads(files.read(self._key)) if there else {}

    def set(self, stream: str, count: int) -> None:
        self.counts[stream] = count
        self._files.write(self._key, json.dumps(self.counts, sort_keys=True).encode())


def _table(entries: Mapping[str, Entry]) -> pa.Table:
    import pyarrow as pa

    kinds = {"fetched_at": pa.timestamp("us", tz="UTC"), "deleted": pa.bool_()}
    ordered = [entries[key] for key in sorted(entries)]
    columns = {
        name: pa.array([getattr(entry, name) for entry in ordered], type=kinds.get(name, pa.string()))
        for name in COLUMNS
    }
    return pa.table(columns)
