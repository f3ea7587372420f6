"""One function per state of the refresh: the only place where two rooms are named together.

Each takes a small request (keys and counts, never rows) and the ports, and may
be run again with the same request: landing is idempotent, a snapshot's tables
are overwritten until it is published, and publishing twice does nothing.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

import datablueprint
from datablueprint import graph, ledger, metrics
from datablueprint import tables as contracts
from datablueprint.errors import NothingRead, SnapshotMissing
from datablueprint.lake.raw import RawLog
from datablueprint.lake.snapshots import Snapshots, new_id
from datablueprint.ports import Ports, Progress
from datablueprint.sources import extract as reading

if TYPE_CHECKING:
    import pyarrow as pa

DECISIONS = "decision/"
DIRTY = "build/dirty"
"""Set while rows have landed that no published snapshot holds."""
CONFORMED = tuple(table.name for table in contracts.CONFORMED)


class Message(BaseModel):
    """What travels between states; unknown keys of the machine's context are ignored."""

    model_config = ConfigDict(extra="ignore")


class PlanRequest(Message):
    run_id: str | None = None
    full: bool = False
    """Read everything again, whatever the checkpoints say."""


class Plan(Message):
    run_id: str
    full: bool
    snapshot: str
    procore: list[str]
    quickbooks_online: list[str]
    gusto: list[str]
    payroll_file: list[str]


class ExtractRequest(Message):
    run_id: str
    full: bool = False
    stream: str


class Extracted(Message):
    stream: str
    status: str
    wait_seconds: int = 0
    new: int = 0
    changed: int = 0
    deleted: int = 0
    problems: list[str] = Field(default_factory=list)


class Outcome(Message):
    """How one system's reading went. A stale one kept its old records; `error` says why in a sentence."""

    source: str
    stale: bool = False
    error: str | None = None
    error_type: str | None = None
    streams: list[Extracted] = Field(default_factory=list)


class BuildRequest(Message):
    run_id: str
    snapshot: str
    outcomes: list[Outcome] = Field(default_factory=list)


class Built(BuildRequest):
    tables: dict[str, int] = Field(default_factory=dict)
    """Rows per table written by this step."""
    unchanged: bool = False
    """Nothing landed, so the published snapshot already says it all."""


class Published(Message):
    snapshot: str
    previous: str | None
    new: int
    changed: int
    deleted: int


def plan(request: PlanRequest, ports: Ports) -> Plan:
    """Which streams of which systems are read, and the id of the snapshot that will be built."""
    run_id = request.run_id or ports.clock.now().astimezone(UTC).strftime("run-%Y%m%dT%H%M%S%f")
    streams = {
        source: reading.plan(source, ports, request.full) if source in ports.settings.sources else []
        for source in ("procore", "quickbooks_online", "gusto", "payroll_file")
    }
    return Plan(run_id=run_id, full=request.full, snapshot=new_id(ports.clock, run_id), **streams)


def extract(source: str, request: ExtractRequest, ports: Ports) -> Extracted:
    """Read one stream of one system into the raw zone."""
    raw = RawLog(ports.files, source)
    try:
        found = reading.extract(source, request.stream, ports, run_id=request.run_id, full=request.full, raw=raw)
    except Exception:
        _mark_dirty(request.run_id, ports)  # what landed before the error stays landed
        raise
    if found.new or found.changed or found.deleted:
        _mark_dirty(request.run_id, ports)
    return Extracted(
        stream=found.stream,
        status=found.status,
        wait_seconds=found.wait_seconds,
        new=found.new,
        changed=found.changed,
        deleted=found.deleted,
        problems=list(found.problems),
    )


def conform(request: BuildRequest, ports: Ports) -> Built:
    """Raw records to typed tables; says `unchanged` when the published snapshot was built from the same input."""
    from datablueprint.lake.conform import conform as to_tables

    note = _note_of_build(request, ports)
    _remember_freshness(request.outcomes, ports)
    if note["base"] is None and request.outcomes and not any(o.streams for o in request.outcomes):
        said = " ".join(_sentence(o.error) for o in request.outcomes if o.error)
        raise NothingRead(f"No system could be read, so there is nothing to publish. {said}")
    if _already_published(request, note, ports):
        return Built(**request.model_dump(), unchanged=True)
    ports.state.put(f"build/{request.snapshot}", note, expected_version=None)
    logs = {source: RawLog(ports.files, source) for source in ports.settings.sources}

    def records(source: str, stream: str) -> Any:
        return logs[source].current(stream) if source in logs else ()

    return _store(request, ports, "Conform", lambda: to_tables(records, ports.settings))


def link(request: BuildRequest, ports: Ports) -> Built:
    """Which records of different systems speak of the same thing."""
    tables = _read(request.snapshot, ports, CONFORMED)
    decisions = {key.removeprefix(DECISIONS): item.value for key, item in ports.state.list(DECISIONS)}
    return _store(request, ports, "Link", lambda: graph.link(tables, decisions))


def post(request: BuildRequest, ports: Ports) -> Built:
    """One ledger fact per economic event, with the findings on the way."""
    tables = _read(request.snapshot, ports, (*CONFORMED, "links", "entities"))
    return _store(
        request,
        ports,
        "Post",
        lambda: ledger.post(tables, tables, ports.settings.policy, currency=ports.settings.currency),
    )


def measure(request: BuildRequest, ports: Ports) -> Built:
    """Every figure for the last complete day."""
    return _store(
        request,
        ports,
        "Measure",
        lambda: metrics.measure(ports.query, request.snapshot, as_of=as_of(ports), policy=ports.settings.policy),
    )


def publish(request: BuildRequest, ports: Ports) -> Published:
    """Make the snapshot the current one, then let old ones expire."""
    snapshots = Snapshots(ports.files, ports.state)
    previous = _current(snapshots)
    note = ports.state.get(f"build/{request.snapshot}")
    freshness = dict(_freshness(ports)) | {"build": note.value if note else {}}
    manifest = snapshots.describe(request.snapshot, built_at=ports.clock.now(), as_of=as_of(ports), freshness=freshness)
    snapshots.publish(request.snapshot, manifest, note.value.get("base") if note else previous)
    snapshots.expire()
    ports.state.delete(f"build/{request.snapshot}")
    ports.state.delete(DIRTY)
    return Published(
        snapshot=request.snapshot,
        previous=previous,
        new=sum(s.new for o in request.outcomes for s in o.streams),
        changed=sum(s.changed for o in request.outcomes for s in o.streams),
        deleted=sum(s.deleted for o in request.outcomes for s in o.streams),
    )


def as_of(ports: Ports) -> date:
    """The last complete day in the tenant's time zone: what figures speak of unless asked otherwise."""
    return ports.today() - timedelta(days=1)


def _store(request: BuildRequest, ports: Ports, room: str, work: Callable[[], Mapping[str, pa.Table]]) -> Built:
    """Run one room and write its tables under the snapshot."""
    started = time.monotonic()
    snapshots = Snapshots(ports.files, ports.state)
    counted = {}
    for name, table in work().items():
        snapshots.write(request.snapshot, name, table)
        counted[name] = table.num_rows
    took = time.monotonic() - started
    ports.progress(Progress(room, f"{len(counted)} tables in {took:.1f} s", counts=counted))
    return Built(**request.model_dump(), tables=counted)


def _read(snapshot: str, ports: Ports, names: Iterable[str]) -> dict[str, pa.Table]:
    snapshots = Snapshots(ports.files, ports.state)
    return {name: snapshots.read(snapshot, name) for name in names}


def _note_of_build(request: BuildRequest, ports: Ports) -> dict[str, Any]:
    """What this snapshot is built from: the base it replaces, the moment raw was read, and the other inputs' hash."""
    decided = sorted((key, json.dumps(item.value, sort_keys=True)) for key, item in ports.state.list(DECISIONS))
    other = json.dumps([decided, ports.settings.policy.model_dump_json(), datablueprint.__version__])
    return {
        "base": _current(Snapshots(ports.files, ports.state)),
        "read_at": ports.clock.now().astimezone(UTC).isoformat(),
        "inputs": hashlib.sha256(other.encode()).hexdigest(),
        "as_of": as_of(ports).isoformat(),
    }


def _already_published(request: BuildRequest, note: Mapping[str, Any], ports: Ports) -> bool:
    snapshots = Snapshots(ports.files, ports.state)
    if note["base"] is None:
        return False
    built = snapshots.manifest(note["base"]).freshness.get("build", {})
    same_input = (built.get("inputs"), built.get("as_of")) == (note["inputs"], note["as_of"])
    return same_input and ports.state.get(DIRTY) is None


def _remember_freshness(outcomes: Iterable[Outcome], ports: Ports) -> None:
    """Per system when it was last read whole; a failed system keeps that time and gains its sentence."""
    for outcome in outcomes:
        key = f"freshness/{outcome.source}"
        held = ports.state.get(key)
        value: dict[str, Any] = dict(held.value) if held else {"read_at": None}
        if not outcome.stale:
            value["read_at"] = ports.clock.now().astimezone(UTC).isoformat()
        value |= {
            "stale": outcome.stale,
            "error": _sentence(outcome.error) if outcome.error else None,
            "error_type": outcome.error_type,
            "problems": [p for s in outcome.streams for p in s.problems],
        }
        ports.state.put(key, value, expected_version=None)


def _mark_dirty(run_id: str, ports: Ports) -> None:
    ports.state.put(DIRTY, {"run_id": run_id}, expected_version=None)


def _sentence(cause: str) -> str:
    """The error's own sentence; Step Functions wraps it in the JSON that Lambda answers with."""
    try:
        wrapped = json.loads(cause)
    except json.JSONDecodeError:
        return cause
    return str(wrapped.get("errorMessage", cause)) if isinstance(wrapped, dict) else cause


def _freshness(ports: Ports) -> dict[str, Any]:
    return {key.removeprefix("freshness/"): item.value for key, item in ports.state.list("freshness/")}


def _current(snapshots: Snapshots) -> str | None:
    try:
        return snapshots.current().snapshot
    except SnapshotMissing:
        return None
