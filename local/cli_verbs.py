"""Each verb asks the rooms once; `cli_print` and --json show the same result.

Rooms are imported inside the verbs: `datablueprint --help` should not wait for pyarrow.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from datablueprint.errors import SnapshotMissing
from datablueprint.ports import Ports, Progress
from local.home import Home

Listener = Callable[[Progress], None]


@dataclass(frozen=True)
class Outcome:
    """What a verb found; `ok` false ends the program with exit code 1 although there is something to print."""

    result: dict[str, Any] = field(default_factory=dict)
    ok: bool = True


def refresh(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    """Run the state machine once; where the systems are simulated, they are started for as long as it takes."""
    from local.refresh_runner import run_refresh
    from local.sandbox_home import systems

    with systems(home) as settings:
        output = run_refresh(home.ports(listen, settings=settings), full=args.full)
    superseded = output.get("superseded", False)
    return Outcome(output, ok=not superseded and something_was_read(output["outcomes"]))


def something_was_read(outcomes: list[dict[str, Any]]) -> bool:
    """False when every system that was to be read could not be."""
    stale = any(outcome["stale"] for outcome in outcomes)
    return not stale or any(outcome.get("streams") for outcome in outcomes)


def ask(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    from datablueprint import agent
    from datablueprint.desk import Desk

    return Outcome(agent.ask(" ".join(args.question), Desk(home.ports(listen))))


def status(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    return Outcome(read_status(home.ports(listen), sync=args.sync))


def read_status(ports: Ports, *, sync: bool = False) -> dict[str, Any]:
    """Freshness and the calls used, as of now; coverage, tie-outs, findings and rejects of the current snapshot.

    Before the first snapshot its parts are empty; SnapshotMissing when no refresh was tried either.
    With `sync`, also the comparison of Procore and QuickBooks record by record.
    """
    from datablueprint import desk, steps
    from local import cli_sync

    opened = desk.current(ports)
    freshness = opened.freshness if opened else steps.freshness(ports)
    if not opened and not freshness:
        raise SnapshotMissing("Nothing was published yet; run a refresh")

    def rows(statement: str, *, of: str = "findings") -> list[dict[str, Any]]:
        if not opened or of not in opened.manifest.tables:
            return []
        found: list[dict[str, Any]] = ports.query.sql(statement, snapshot=opened.snapshot).to_pylist()
        return found

    return {
        "company": ports.settings.company,
        "snapshot": opened.snapshot if opened else None,
        "built_at": opened.manifest.built_at.isoformat() if opened else None,
        "as_of": opened.as_of.isoformat() if opened else None,
        "freshness": {name: dict(each) for name, each in freshness.items()},
        "calls": {key.removeprefix("calls/"): item.value for key, item in ports.state.list("calls/")},
        "coverage": rows("SELECT measure, bucket, amount, facts FROM coverage ORDER BY measure, bucket"),
        "tieouts": rows(TIEOUTS, of="tieouts"),
        "findings": rows("SELECT level, kind, amount, sentence, way_out FROM findings ORDER BY level, finding_id"),
        "rejects": rows("SELECT record_id, field, sentence, way_out FROM rejects ORDER BY record_id, field"),
        **({"sync": cli_sync.report(rows(cli_sync.STATEMENT, of="sync_states"))} if sync else {}),
    }


TIEOUTS = (
    "SELECT tieout, scope, period, left_label, left_amount, right_label, right_amount, difference, tolerance, holds, "
    "sentence FROM tieouts ORDER BY tieout, scope, period"
)


def snapshots(ports: Ports) -> Any:
    from datablueprint.lake.snapshots import Snapshots

    return Snapshots(ports.files, ports.state)
