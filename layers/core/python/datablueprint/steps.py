"""One function per state of the refresh: the only place where two rooms are named together.

A function imports its own room, so that no state waits for the rooms of the others.
Each takes a small request (keys and counts, never rows) and the ports, and may
be run again with the same request: landing is idempotent, a snapshot's tables
are overwritten until it is published, and publishing twice does nothing.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

import datablueprint
from datablueprint import tables as contracts
from datablueprint.errors import NothingRead, SettingsError, SnapshotMissing
from datablueprint.lake.raw import RawLog
from datablueprint.lake.snapshots import Snapshots, new_id
from datablueprint.ports import Ports, Progress
from datablueprint.settings import AWS_NAMES

if TYPE_CHECKING:
    import pyarrow as pa

logger = logging.getLogger(__name__)
DECISIONS = "decision/"
SHAPELESS: dict[str, Any] = {
    **dict.fromkeys(AWS_NAMES, True),
    "sources": {"__all__": {"base_url", "login_url", "secret"}},
    "webhooks": True,
}
"""Settings that say where something is; they may move without any figure changing."""
SOURCES = ("procore", "quickbooks_online", "gusto", "payroll_file")
CONFORMED = tuple(table.name for table in contracts.CONFORMED)


class Message(BaseModel):
    """What travels between states; unknown keys of the machine's context are ignored."""

    model_config = ConfigDict(extra="ignore")


class PlanRequest(Message):
    run_id: str | None = None
    full: bool = False
    """Read everything again, whatever the checkpoints say."""
    sources: list[str] | None = None
    """Only these are read, the others keep what they have; None = all."""


class Plan(Message):
    run_id: str
    full: bool
    snapshot: str
    sources: list[str] | None = None
    """Those that are read; None = all that are connected."""
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
    full: bool = False
    """Build anew even when nothing has changed."""
    sources: list[str] | None = None
    """The systems this run has read; None = all that have an outcome."""
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
    from datablueprint.sources import by_name
    from datablueprint.sources import extract as reading

    if not ports.settings.sources:
        systems = ", ".join(SOURCES)
        raise SettingsError(f"No system is connected yet; run `datablueprint connect` with one of {systems}")
    chosen = _chosen(request.sources, ports)
    for source in chosen:  # here, because an extractor may not read what it would need for it
        RawLog(ports.files, source).reindex(by_name(source).kept)
    run_id = request.run_id or ports.clock.now().astimezone(UTC).strftime("run-%Y%m%dT%H%M%S%f")
    streams = {source: reading.plan(source, ports, request.full) if source in chosen else [] for source in SOURCES}
    snapshot = new_id(ports.clock, run_id)
    return Plan(run_id=run_id, full=request.full, snapshot=snapshot, sources=chosen, **streams)


def _chosen(wanted: list[str] | None, ports: Ports) -> list[str]:
    connected = [source for source in SOURCES if source in ports.settings.sources]
    unknown = sorted(set(wanted or ()) - set(connected))
    if unknown:
        raise SettingsError(f"{', '.join(unknown)}: not connected; there is {', '.join(connected)}")
    return [source for source in connected if wanted is None or source in wanted]


def extract(source: str, request: ExtractRequest, ports: Ports) -> Extracted:
    """Read one stream of one system into the raw zone."""
    from datablueprint.sources import extract as reading

    raw = RawLog(ports.files, source)
    found = reading.extract(source, request.stream, ports, run_id=request.run_id, full=request.full, raw=raw)
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

    note = _note_of_build(ports)
    _remember_freshness(_read_ones(request), ports)
    if note["base"] is None and request.outcomes and not any(o.streams for o in request.outcomes):
        said = " ".join(_sentence(o.error) for o in request.outcomes if o.error)
        raise NothingRead(f"No system could be read, so there is nothing to publish. {said}")
    if not request.full and _already_published(note, ports):
        return Built(**request.model_dump(), unchanged=True)
    ports.state.put(f"build/{request.snapshot}", note, expected_version=None)
    logs = {source: RawLog(ports.files, source) for source in ports.settings.sources}

    def records(source: str, stream: str) -> Any:
        return logs[source].current(stream) if source in logs else ()

    return _store(request, ports, "Conform", lambda: to_tables(records, ports.settings))


def link(request: BuildRequest, ports: Ports) -> Built:
    """Which records of different systems speak of the same thing."""
    from datablueprint import graph

    tables = _read(request.snapshot, ports, CONFORMED)
    decisions = {key.removeprefix(DECISIONS): item.value for key, item in ports.state.list(DECISIONS)}
    return _store(request, ports, "Link", lambda: graph.link(tables, decisions))


def post(request: BuildRequest, ports: Ports) -> Built:
    """One ledger fact per economic event, with the findings on the way."""
    from datablueprint import ledger

    tables = _read(request.snapshot, ports, (*CONFORMED, "links", "entities"))
    return _store(
        request,
        ports,
        "Post",
        lambda: ledger.post(
            tables,
            tables,
            ports.settings.policy,
            currency=ports.settings.currency,
            as_of=_day(request.snapshot, ports),
        ),
    )


def measure(request: BuildRequest, ports: Ports) -> Built:
    """Every figure for the last complete day; a system that could not be read costs its figures their grade."""
    from datablueprint import metrics

    gaps = metrics.Gaps.of(ports.settings.sources, freshness(ports))
    day, policy = _day(request.snapshot, ports), ports.settings.policy
    return _store(
        request,
        ports,
        "Measure",
        lambda: metrics.measure(ports.query, request.snapshot, as_of=day, policy=policy, gaps=gaps),
    )


def publish(request: BuildRequest, ports: Ports) -> Published:
    """Make the snapshot the current one, then let old ones expire; a second time it says the same and does nothing."""
    snapshots = Snapshots(ports.files, ports.state)
    note = ports.state.get(f"build/{request.snapshot}")
    if note:
        base = note.value["base"]
        _publish(request.snapshot, note.value, ports)
    else:  # the note goes last, so this was published before; SnapshotMissing when it was never built
        base = snapshots.manifest(request.snapshot).freshness.get("build", {}).get("base")
    return Published(
        snapshot=request.snapshot,
        previous=base,
        new=sum(s.new for o in request.outcomes for s in o.streams),
        changed=sum(s.changed for o in request.outcomes for s in o.streams),
        deleted=sum(s.deleted for o in request.outcomes for s in o.streams),
    )


def _publish(snapshot: str, note: Mapping[str, Any], ports: Ports) -> None:
    snapshots = Snapshots(ports.files, ports.state)
    known = freshness(ports) | {"build": note}
    day = date.fromisoformat(note["as_of"])
    manifest = snapshots.describe(snapshot, built_at=ports.clock.now(), as_of=day, freshness=known)
    snapshots.publish(snapshot, manifest, note["base"])
    snapshots.expire()
    ports.state.delete(f"build/{snapshot}")


def as_of(ports: Ports) -> date:
    """The last complete day in the tenant's time zone: what figures speak of unless asked otherwise."""
    return ports.today() - timedelta(days=1)


def _day(snapshot: str, ports: Ports) -> date:
    """The day this snapshot speaks of, fixed when its build began: midnight may pass between two states."""
    note = ports.state.get(f"build/{snapshot}")
    return date.fromisoformat(note.value["as_of"]) if note else as_of(ports)


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


def _note_of_build(ports: Ports) -> dict[str, Any]:
    """What this snapshot is built from, noted before any of it is read: what lands later is not in the note."""
    decided = sorted((key, json.dumps(item.value, sort_keys=True)) for key, item in ports.state.list(DECISIONS))
    settings = ports.settings.model_dump(mode="json", exclude=SHAPELESS)
    return {
        "base": _current(Snapshots(ports.files, ports.state)),
        "read_at": ports.clock.now().astimezone(UTC).isoformat(),
        "landed": _digest([key for name in sorted(settings["sources"]) for key in ports.files.list(_raw(name))]),
        "inputs": _digest([decided, settings, datablueprint.__version__]),
        "as_of": as_of(ports).isoformat(),
    }


def _raw(source: str) -> str:
    """Raw files are only ever added, so their names say whether anything has landed."""
    return f"raw/source={source}/"


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _already_published(note: Mapping[str, Any], ports: Ports) -> bool:
    snapshots = Snapshots(ports.files, ports.state)
    if note["base"] is None:
        return False
    built = snapshots.manifest(note["base"]).freshness.get("build", {})
    return all(built.get(part) == note[part] for part in ("landed", "inputs", "as_of"))


def _read_ones(request: BuildRequest) -> list[Outcome]:
    """A system that was not to be read is neither fresher nor staler than before."""
    return [each for each in request.outcomes if request.sources is None or each.source in request.sources]


def _remember_freshness(outcomes: Iterable[Outcome], ports: Ports) -> None:
    """Per system when it was last read whole; a failed system keeps that time and gains its sentence."""
    for outcome in outcomes:
        if outcome.source not in ports.settings.sources:
            continue
        key = f"freshness/{outcome.source}"
        held = ports.state.get(key)
        value: dict[str, Any] = dict(held.value) if held else {"read_at": None}
        if outcome.stale:  # an alarm counts these lines
            logger.warning("system is stale", extra={"source": outcome.source, "error_type": outcome.error_type})
        else:
            value["read_at"] = ports.clock.now().astimezone(UTC).isoformat()
        value |= {
            "stale": outcome.stale,
            "error": _sentence(outcome.error) if outcome.error else None,
            "error_type": outcome.error_type,
            "problems": [p for s in outcome.streams for p in s.problems],
        }
        ports.state.put(key, value, expected_version=None)


def _sentence(cause: str) -> str:
    """The error's own sentence; Step Functions wraps it in the JSON that Lambda answers with."""
    try:
        wrapped = json.loads(cause)
    except json.JSONDecodeError:
        return cause
    return str(wrapped.get("errorMessage", cause)) if isinstance(wrapped, dict) else cause


def freshness(ports: Ports) -> dict[str, Any]:
    """Per system when it was last read whole, and what is wrong with it now; known before anything is published."""
    return {key.removeprefix("freshness/"): item.value for key, item in ports.state.list("freshness/")}


def _current(snapshots: Snapshots) -> str | None:
    try:
        return snapshots.current().snapshot
    except SnapshotMissing:
        return None
