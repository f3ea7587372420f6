"""Extracting twice is the same as extracting once: what landed stays, what did not is asked for again."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from datablueprint.errors import SettingsError
from datablueprint.ports import Ports, StateConflict
from datablueprint.sources import by_name
from datablueprint.sources.base import ExtractOutcome, Paused, RawStore, Source
from datablueprint.sources.client import Client
from datablueprint.sources.job import Job


def plan(source_name: str, ports: Ports, full: bool) -> list[str]:
    """The streams to read, parents before their children. Read them one after the other."""
    source = _configured(source_name, ports)
    if source.plan:
        return source.plan(source, ports, full)
    return [stream.name for stream in source.streams]


def extract(
    source_name: str, stream_name: str, ports: Ports, *, run_id: str, full: bool, raw: RawStore
) -> ExtractOutcome:
    """Read one stream into `raw`.

    `run_id` is one per refresh: after "paused", call again with the same one and
    it goes on where it stopped. A SourceError says what a person should do; what
    was read before it has landed, and the checkpoint does not claim more.
    """
    source = _configured(source_name, ports)
    client = Client(source, ports)
    resume_pace(ports, client)
    job: Job | None = None
    try:
        job = Job(source, source.stream(stream_name), ports, client, raw, run_id=run_id, full=full)
        status, wait = _read(job)
    finally:
        try:
            if job:
                job.commit()
        finally:
            client.close()
            count_calls(ports, client, run_id)
    job.tell(1, 1)
    return ExtractOutcome(
        source_name,
        stream_name,
        status,
        wait,
        job.new,
        job.changed,
        job.deleted,
        dict(client.calls),
        job.watermark,
        tuple(job.problems),
    )


def _read(job: Job) -> tuple[Literal["done", "paused"], int]:
    try:
        job.stream.read(job)
    except Paused as pause:
        return "paused", math.ceil(pause.wait_seconds)
    return "done", 0


def resume_pace(ports: Ports, client: Client) -> None:
    """The vendor's windows do not begin anew because another function asks: go on from the last extract."""
    item = ports.state.get(f"calls/{client.source.name}")
    memory = item.value.get("pace") if item else None
    if memory:
        elapsed = (ports.clock.now() - datetime.fromisoformat(memory["at"])).total_seconds()
        client.pace.resume([float(s) for s in memory["seconds"]], max(0.0, elapsed), ports.clock.monotonic())


def count_calls(ports: Ports, client: Client, run_id: str) -> None:
    """Add to State `calls/<source>`: all calls ever, by kind, those of the newest run, and where the windows stand."""
    if not client.calls:
        return
    key = f"calls/{client.source.name}"
    pace = {"at": ports.clock.now().isoformat(), "seconds": client.pace.remember(ports.clock.monotonic())}
    while True:
        item = ports.state.get(key)
        try:
            value = {**_added(item.value if item else {}, client.calls, run_id), "pace": pace}
            ports.state.put(key, value, expected_version=item.version if item else 0)
            return
        except StateConflict:
            continue  # another extractor of the same source counted meanwhile


def _added(before: Mapping[str, Any], calls: Counter[str], run_id: str) -> dict[str, Any]:
    last = before.get("last_run") or {}
    last_kinds = last.get("by_kind", {}) if last.get("run_id") == run_id else {}
    kinds = Counter({k: int(v) for k, v in before.get("by_kind", {}).items()}) + calls
    run_kinds = Counter({k: int(v) for k, v in last_kinds.items()}) + calls
    return {
        "total": sum(kinds.values()),
        "by_kind": dict(sorted(kinds.items())),
        "last_run": {"run_id": run_id, "total": sum(run_kinds.values()), "by_kind": dict(sorted(run_kinds.items()))},
    }


def _configured(source_name: str, ports: Ports) -> Source:
    source = by_name(source_name)
    if source_name not in ports.settings.sources:
        known = ", ".join(sorted(ports.settings.sources)) or "none"
        raise SettingsError(f"{source.title} is not configured for this tenant; configured sources: {known}")
    return source
