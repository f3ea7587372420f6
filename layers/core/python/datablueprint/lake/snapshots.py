"""A refresh becomes visible by one conditional write; everything before that write is only files.

tables/<table>/snapshot=<id>/data.parquet   immutable once the snapshot is published
snapshots/<id>.json                         the manifest
State `snapshot/current`                    the pointer, {"snapshot": <id>}
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from datablueprint.errors import LakeError, NotReady, PublishConflict, SnapshotMissing
from datablueprint.ports import Clock, Files, State, StateConflict
from datablueprint.tables import BY_NAME

if TYPE_CHECKING:
    import pyarrow as pa

POINTER = "snapshot/current"
ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")
SPELLED = re.compile(r"[0-9A-Za-z-]+")
UNPUBLISHED_LIFE = timedelta(days=1)
"""How much older than the current one an unpublished snapshot must be before it counts as abandoned."""


@dataclass(frozen=True)
class TableFile:
    """What the manifest promises about one table: enough to notice a changed byte."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a snapshot holds and how old its sources were when it was built."""

    snapshot: str
    built_at: datetime
    as_of: date
    """The last complete day of the data: the day figures speak of unless asked otherwise."""
    freshness: Mapping[str, Any] = field(default_factory=dict)
    """Per source: whatever the refresh knows, JSON-able (last complete read, stale or not)."""
    tables: Mapping[str, TableFile] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "snapshot": self.snapshot,
            "built_at": self.built_at.astimezone(UTC).isoformat(),
            "as_of": self.as_of.isoformat(),
            "freshness": dict(self.freshness),
            "tables": {name: {"rows": file.rows, "sha256": file.sha256} for name, file in self.tables.items()},
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Manifest:
        return cls(
            snapshot=raw["snapshot"],
            built_at=datetime.fromisoformat(raw["built_at"]),
            as_of=date.fromisoformat(raw["as_of"]),
            freshness=raw["freshness"],
            tables={name: TableFile(**file) for name, file in raw["tables"].items()},
        )


def new_id(clock: Clock, run_id: str) -> str:
    """The id a run gives its snapshot: sorts by time, and a retry in the same second gets the same one."""
    stamp = clock.now().astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"{stamp}-{hashlib.sha256(run_id.encode()).hexdigest()[:6]}"


def parquet_bytes(table: pa.Table) -> bytes:
    """Equal tables give equal bytes: fixed settings, one chunk, no metadata of ours."""
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(
        table.combine_chunks().replace_schema_metadata(None),
        sink,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=True,
        write_statistics=True,
        row_group_size=1_000_000,
    )
    return sink.getvalue()


class Snapshots:
    """Writes, publishes, reads and expires snapshots. A reader pins one id and passes it to every `read`."""

    def __init__(self, files: Files, state: State) -> None:
        self._files = files
        self._state = state

    def write(self, snapshot: str, name: str, table: pa.Table) -> TableFile:
        """Store one table of an unpublished snapshot; LakeError when it breaks its contract in `tables`."""
        contract = BY_NAME[name].schema()
        if not table.schema.equals(contract):
            raise LakeError(f"Table {name} breaks its contract: {_difference(contract, table.schema)}")
        content = parquet_bytes(table)
        self._files.write(_key(name, snapshot), content)
        return TableFile(table.num_rows, hashlib.sha256(content).hexdigest())

    def read(self, snapshot: str, name: str) -> pa.Table:
        """One whole table of a snapshot; SnapshotMissing when the snapshot has expired or never had it."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        # not read_table: it loads the dataset engine, which takes longer than reading
        return pq.ParquetFile(pa.BufferReader(self._content(snapshot, name))).read()

    def describe(self, snapshot: str, *, built_at: datetime, as_of: date, freshness: Mapping[str, Any]) -> Manifest:
        """The manifest of the tables written so far, read back from what is really stored."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        tables = {}
        for name in BY_NAME:
            try:
                content = self._content(snapshot, name)
            except SnapshotMissing:
                continue
            rows = pq.read_metadata(pa.BufferReader(content)).num_rows
            tables[name] = TableFile(rows, hashlib.sha256(content).hexdigest())
        return Manifest(snapshot, built_at, as_of, freshness, tables)

    def publish(self, snapshot: str, manifest: Manifest, expected: str | None) -> None:
        """Make `snapshot` the current one if `expected` still is; PublishConflict when another refresh was first.

        Publishing what is already current does nothing, so a retried step is safe.
        """
        pointer = self._state.get(POINTER)
        current = pointer.value["snapshot"] if pointer else None
        if current == snapshot:
            return
        if current != expected:
            raise PublishConflict(f"Snapshot {current} was published while {snapshot} was being built on {expected}")
        self._files.write(_manifest_key(snapshot), json.dumps(manifest.to_json(), sort_keys=True, indent=1).encode())
        try:
            self._state.put(POINTER, {"snapshot": snapshot}, expected_version=pointer.version if pointer else 0)
        except StateConflict:
            self._files.delete(_manifest_key(snapshot))
            raise PublishConflict(f"Another refresh published while {snapshot} was being published") from None

    def current(self) -> Manifest:
        """The published snapshot's manifest; NotReady before the first refresh."""
        pointer = self._state.get(POINTER)
        if pointer is None:
            raise NotReady("Nothing was published yet; run a refresh")
        return self.manifest(pointer.value["snapshot"])

    def manifest(self, snapshot: str) -> Manifest:
        """The manifest of a kept snapshot; SnapshotMissing when it expired."""
        try:
            if not SPELLED.fullmatch(snapshot):  # it may come from a figure's id that somebody typed
                raise FileNotFoundError(snapshot)
            content = self._files.read(_manifest_key(snapshot))
        except FileNotFoundError:
            raise SnapshotMissing(f"There is no snapshot {snapshot}; it expired or was never published") from None
        return Manifest.from_json(json.loads(content))

    def published(self) -> list[Manifest]:
        """Manifests of all kept snapshots, oldest first."""
        keys = self._files.list("snapshots/")
        return [self.manifest(key.removeprefix("snapshots/").removesuffix(".json")) for key in keys]

    def known_at(self, day: date, zone: tzinfo) -> Manifest:
        """The newest kept snapshot built by the end of a day; SnapshotMissing when none is that old."""
        published = self.published()
        known = [each for each in published if each.built_at.astimezone(zone).date() <= day]
        if not known:
            oldest = f"the oldest kept snapshot is of {published[0].as_of}" if published else "run a refresh"
            raise SnapshotMissing(f"Nothing that was known on {day} is kept; {oldest}")
        return max(known, key=lambda each: (each.built_at, each.snapshot))

    def expire(self, *, keep: int = 14) -> list[str]:
        """Delete all but the `keep` newest, the last of each month, and the current one; return what went.

        The month is that of `as_of`: the kept one is what was known when the
        month's last day was first complete, or last looked at. Snapshots that a
        crash left unpublished go once they are a day older than the current one.
        """
        current = self.current().snapshot
        published = self.published()
        month_ends = {(each.as_of.year, each.as_of.month): each.snapshot for each in sorted(published, key=_when)}
        kept = {current, *month_ends.values(), *(each.snapshot for each in sorted(published, key=_when)[-keep:])}
        known = {each.snapshot for each in published}
        stored: dict[str, list[str]] = {}
        for key in self._files.list("tables/"):
            stored.setdefault(_snapshot_of(key), []).append(key)
        doomed = {snapshot for snapshot in known if snapshot not in kept}
        doomed |= {snapshot for snapshot in stored if snapshot not in known and _abandoned(snapshot, current)}
        for snapshot in sorted(doomed):
            self._files.delete(_manifest_key(snapshot))
            for key in stored.get(snapshot, ()):
                self._files.delete(key)
        return sorted(doomed)

    def _content(self, snapshot: str, name: str) -> bytes:
        try:
            return self._files.read(_key(name, snapshot))
        except FileNotFoundError:
            raise SnapshotMissing(f"There is no table {name} in snapshot {snapshot}") from None


def _key(name: str, snapshot: str) -> str:
    return f"tables/{name}/snapshot={snapshot}/data.parquet"


def _manifest_key(snapshot: str) -> str:
    return f"snapshots/{snapshot}.json"


def _snapshot_of(key: str) -> str:
    return key.split("/")[2].removeprefix("snapshot=")


def _when(manifest: Manifest) -> tuple[date, str]:
    return manifest.as_of, manifest.snapshot


def _abandoned(snapshot: str, current: str) -> bool:
    return bool(ID.fullmatch(snapshot)) and _built(snapshot) + UNPUBLISHED_LIFE < _built(current)


def _built(snapshot: str) -> datetime:
    return datetime.strptime(snapshot[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _difference(contract: pa.Schema, found: pa.Schema) -> str:
    for wanted in contract:
        place = found.get_field_index(wanted.name)
        if place < 0:
            return f"{wanted.name} is missing"
        if found.field(place).type != wanted.type:
            return f"{wanted.name} is {found.field(place).type}, not {wanted.type}"
    extra = sorted(set(found.names) - set(contract.names))
    return f"unknown columns {extra}" if extra else "the columns are in another order"
