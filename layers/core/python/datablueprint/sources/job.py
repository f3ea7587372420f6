"""One stream being read: nothing is remembered as read before it has landed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from datablueprint.errors import SourceError
from datablueprint.ports import Ports, Progress, State
from datablueprint.sources.base import Known, Paused, RawStore, Record, Source, Stream
from datablueprint.sources.client import Client, Reply
from datablueprint.sources.jsontext import Slice
from datablueprint.sources.paginators import Call, read_list

T = TypeVar("T")
ParentRule = Callable[[Mapping[str, Any]], str | None]
"""Finds the parent inside the record itself."""
BUFFER = 5000
TIME_BUDGET = 600.0
"""Seconds one call of extract may take before it pauses; a Lambda has 900."""


class Checkpoint:
    """A small JSON document in State that is written back only when it changed."""

    def __init__(self, state: State, key: str) -> None:
        self._state, self._key = state, key
        item = state.get(key)
        self.value: dict[str, Any] = dict(item.value) if item else {}
        self._saved = _canonical(self.value)

    def save(self) -> None:
        text = _canonical(self.value)
        if text != self._saved:
            self._state.put(self._key, self.value, expected_version=None)
            self._saved = text


class Job:
    """What a reading rule works with: fetch, add, forget, commit, and a checkpoint.

    Records wait in a buffer; `commit` lands them and only then saves the
    checkpoints. It runs at the end, at a pause and at an error alike, so a
    checkpoint never speaks of more than has landed.
    """

    def __init__(
        self, source: Source, stream: Stream, ports: Ports, client: Client, raw: RawStore, *, run_id: str, full: bool
    ) -> None:
        self.source, self.stream, self.ports = source, stream, ports
        self.client, self.raw = client, raw
        self.run_id, self.full = run_id, full
        self.now: datetime = ports.clock.now()
        self.new = self.changed = self.deleted = 0
        self.problems: list[str] = []
        self.watermark: str | None = None
        self._buffer: dict[str, dict[str, Record]] = {}
        self._deadline = ports.clock.monotonic() + TIME_BUDGET
        self._asked = 0
        self._refused: list[SourceError] = []
        self._checkpoints: dict[str, Checkpoint] = {}
        self.checkpoint = self.remember()
        self._partitions: dict[str, Checkpoint] = {}
        self._live: dict[str, Sequence[Known]] = {}
        self._made: dict[str, Any] = {}

    # -- reading ------------------------------------------------------------------------------------

    def call(
        self,
        params: Mapping[str, str] | None = None,
        *,
        names: Mapping[str, str] | None = None,
        missing_ok: bool = False,
    ) -> Call:
        """The stream's list with its path and parameters filled in from `names`."""
        return self._call(self.stream.path, {**self.stream.params, **(params or {})}, names, missing_ok)

    def other_calls(self) -> list[Call]:
        """The further lists of the stream; its parameters are not theirs."""
        return [self._call(path, {}, None, False) for path in self.stream.also]

    def _call(self, path: str, params: Mapping[str, str], names: Mapping[str, str] | None, missing_ok: bool) -> Call:
        names = {"company": self.client.settings.account, **(names or {})}
        within = f" of {names['parent']}" if "parent" in names else ""
        by_project = "{project}" in path + "".join(params.values())
        within += f" of project {names['project']}" if by_project and "project" in names else ""
        return Call(
            path=path.format(**names),
            about=f"{self.stream.name}{within}",
            params={k: v.format(**names) for k, v in params.items()},
            records=self.stream.records or (),
            kind=self.stream.kind,
            page_size=self.stream.page_size,
            missing_ok=missing_ok,
        )

    def fetch(
        self, call: Call, *, parent: str | ParentRule | None = None, holder: str | None = None
    ) -> list[Record] | None:
        """The whole list as records, or None where it is absent. `holder` goes into keys made of two parts."""
        self.breathe()
        rows = read_list(self.client, call, self.stream.paging or self.source.paging, lambda v: self.key(v, holder))
        if rows is None:
            return None
        return [self.record(piece, reply, parent=parent, holder=holder) for piece, reply in rows]

    def breathe(self) -> None:
        """Pause when the time budget is used up; called between lists."""
        if self.ports.clock.monotonic() > self._deadline:
            raise Paused(1.0)

    def key(self, value: Any, holder: str | None = None) -> str:
        """The native id; a record without one gets an id made of its content, to land and be rejected later."""
        rule = self.stream.key
        found = None
        if isinstance(value, dict):
            found = value.get(rule) if isinstance(rule, str) else rule(value, holder)
        if isinstance(found, (str, int)) and not isinstance(found, bool) and found != "":
            return str(found)
        return "unidentified-" + hashlib.sha256(_canonical(value).encode()).hexdigest()[:12]

    def record(
        self,
        piece: Slice,
        reply: Reply,
        *,
        parent: str | ParentRule | None = None,
        holder: str | None = None,
        native_id: str | None = None,
        deleted: bool = False,
    ) -> Record:
        """A slice of an answer as a record of this stream."""
        value = piece.value if isinstance(piece.value, dict) else {}
        return Record(
            native_id=native_id or self.key(piece.value, holder),
            parent_id=parent(value) if callable(parent) else parent,
            payload=piece.text,
            fetched_at=reply.fetched_at,
            url=reply.url,
            request_id=reply.request_id,
            deleted=deleted or bool(value.get(self.source.deleted_field)),
        )

    # -- landing ------------------------------------------------------------------------------------

    def add(self, records: Iterable[Record], stream: str | None = None) -> None:
        """Hold records for landing; the last one of an id counts."""
        held = self._buffer.setdefault(stream or self.stream.name, {})
        held |= {record.native_id: record for record in records}
        if len(held) >= BUFFER:
            self.flush()

    def forget(
        self, native_ids: Iterable[str], *, url: str, parent_id: str | None = None, stream: str | None = None
    ) -> None:
        """Tombstones for records that the vendor no longer has; their last payload stays with them."""
        self.add((Record(key, parent_id, "", self.now, url, deleted=True) for key in sorted(native_ids)), stream)

    def replace(
        self, records: Sequence[Record], known: Iterable[str], *, url: str, parent_id: str | None = None
    ) -> None:
        """Hold a complete list: what is known and did not come is gone."""
        self.forget(set(known) - {record.native_id for record in records}, url=url, parent_id=parent_id)
        self.add(records)

    def flush(self) -> None:
        for stream, held in self._buffer.items():
            if held:
                kept = stream in self.source.kept
                landed = self.raw.land(stream, list(held.values()), run_id=self.run_id, keep=kept)
                self.new, self.changed, self.deleted = (
                    self.new + landed.new,
                    self.changed + landed.changed,
                    self.deleted + landed.deleted,
                )
        self._buffer = {}

    def commit(self) -> None:
        """Land what is held, then save the checkpoints."""
        self.flush()
        for checkpoint in self._checkpoints.values():
            checkpoint.save()
        for partition in self._partitions.values():
            partition.save()

    # -- remembering --------------------------------------------------------------------------------

    def remember(self, stream: str | None = None) -> Checkpoint:
        """The checkpoint of this stream, or of another one of the same source; all are saved by commit."""
        name = stream or self.stream.name
        if name not in self._checkpoints:
            self._checkpoints[name] = Checkpoint(self.ports.state, f"checkpoint/{self.source.name}/{name}")
        return self._checkpoints[name]

    def partition(self, name: str) -> Checkpoint:
        """A part of the checkpoint, so that no State item grows with the size of the customer."""
        if name not in self._partitions:
            key = f"checkpoint/{self.source.name}/{self.stream.name}/{name}"
            self._partitions[name] = Checkpoint(self.ports.state, key)
        return self._partitions[name]

    def partitions(self) -> set[str]:
        """Names of all partitions written so far."""
        prefix = f"checkpoint/{self.source.name}/{self.stream.name}/"
        return {key.removeprefix(prefix) for key, _ in self.ports.state.list(prefix)} | set(self._partitions)

    def note(self, content: str = "") -> dict[str, str]:
        """What is remembered of one list that was read: by which run, when, and under which parent content."""
        return {"run": self.run_id, "at": self.now.isoformat(timespec="seconds"), "hash": content[:16]}

    def read_in_this_run(self, note: Mapping[str, Any] | None) -> bool:
        """True after a pause, for what was read before it."""
        return bool(note) and note is not None and note.get("run") == self.run_id

    def older(self, moment: str | None, than: timedelta) -> bool:
        """True when `moment` is absent or at least that long ago."""
        return moment is None or self.now - datetime.fromisoformat(moment) >= than

    def live(self, stream: str) -> Sequence[Known]:
        """Records of a stream of this source that have landed and are not deleted; the stream must say `kept`."""
        if stream not in self.source.kept:
            raise LookupError(f"{self.source.name}: {stream} is read by {self.stream.name}, so it must be kept")
        if stream not in self._live:
            self._live[stream] = self.raw.live(stream)
        return self._live[stream]

    def once(self, name: str, make: Callable[[], T]) -> T:
        """The value of `make`, worked out once per job."""
        if name not in self._made:
            self._made[name] = make()
        found: T = self._made[name]
        return found

    def began(self) -> datetime:
        """When this job began by the slower of the vendor's clock and ours: where the next window starts."""
        return min(self.now, self.client.heard_at or self.now)

    # -- speaking -----------------------------------------------------------------------------------

    def tell(self, done: int, total: int) -> None:
        held = sum(len(records) for records in self._buffer.values())
        counts = {"new": self.new, "changed": self.changed, "deleted": self.deleted, "held": held}
        self.ports.progress(Progress("Extract", f"{self.source.title}: {self.stream.name}", done, total, counts))

    def answered(self) -> None:
        """One part of a stream could be read."""
        self._asked += 1

    def refused(self, error: SourceError) -> None:
        """One part of a stream could not be read: what is known of it stays, the other parts go on."""
        self._asked += 1
        self._refused.append(error)

    def settle(self) -> None:
        """Raise when every part was refused, else turn the refusals into problems."""
        if self._refused and len(self._refused) == self._asked:
            raise self._refused[0]
        self.problems += [str(error) for error in self._refused]


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def iso(moment: datetime) -> str:
    """UTC with a Z and whole seconds, as the filters of the vendors take it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
