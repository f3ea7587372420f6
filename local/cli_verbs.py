"""Each verb asks the rooms once; `cli_print` and --json show the same result.

Rooms are imported inside the verbs: `datablueprint --help` should not wait for pyarrow.
"""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from datablueprint.errors import DecisionConflict, QuestionError, SnapshotMissing
from datablueprint.ports import Ports, Progress, StateConflict
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
    from datablueprint.desk import Desk

    return Outcome(Desk(home.ports(listen)).ask(" ".join(args.question)))


def figure(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    """Open a figure; with --verify, have the checker re-add it, and fail when it does not tie."""
    from datablueprint.desk import Desk

    desk = Desk(home.ports(listen))
    opened = desk.open(args.figure_id)
    if not args.verify:
        return Outcome(opened)
    verification = desk.verification(args.figure_id)
    return Outcome({**opened, "verification": verification}, ok=verification["ties"])


def metric(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    """The figures of one metric: the portfolio's, or each project's, of the snapshot's day or of another."""
    from datablueprint import metrics
    from datablueprint.agent.answer import described
    from datablueprint.desk import Desk

    desk = Desk(home.ports(listen), as_of=args.as_of)
    known = metrics.metric(args.name)
    figures = [
        {**described(found), "of": found.label, "assumptions": list(found.assumptions), "missing": list(found.missing)}
        for found in desk.metric(known.name, by_project=args.by == "project")
    ]
    return Outcome({"metric": known.name, "meaning": known.meaning, "snapshot": desk.snapshot, "figures": figures})


def links(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    """List links, or record or undo one decision; the next refresh uses what was decided."""
    ports = home.ports(listen)
    if args.action != "review":
        if not args.link_id:
            raise QuestionError(f"Which link? Say `datablueprint links {args.action} LINK_ID`; `links` lists them")
        by = args.by or getpass.getuser()
        if args.action == "undo":
            return Outcome(_undo(args.link_id, ports, by=by))
        decision = "accepted" if args.action == "accept" else "rejected"
        return Outcome(_decide(args.link_id, decision, ports, by=by))
    state = None if args.all else "proposed"
    return Outcome({"links": _links(ports, state), "state": state or "all"})


HELD = ("kind", "left_record_id", "right_record_id", "left_name", "right_name", "evidence")
"""What a decision keeps of its link, so that it stands when the evidence is gone."""


def _decide(link_id: str, decision: str, ports: Ports, *, by: str) -> dict[str, Any]:
    """Record a decision; DecisionConflict when another person has decided otherwise."""
    link = next((link for link in _links(ports, None) if link["link_id"] == link_id), None)
    if link is None:
        raise QuestionError(f"There is no link {link_id}; `datablueprint links --all` lists them")
    earlier = ports.state.get(_decision(link_id))
    if earlier and earlier.value["decision"] != decision:
        _same_person(link_id, earlier.value, by)
    value = {"decision": decision, "by": by, "at": ports.clock.now().isoformat()}
    value |= {part: link[part] for part in HELD if link.get(part)}
    if "confidence" in link:
        value["confidence"] = str(link["confidence"])
    try:
        ports.state.put(_decision(link_id), value, expected_version=earlier.version if earlier else 0)
    except StateConflict:
        raise DecisionConflict(f"Somebody decided on {link_id} just now; look at it again") from None
    return {"link_id": link_id, **value}


def _undo(link_id: str, ports: Ports, *, by: str) -> dict[str, Any]:
    """Take a decision back, whether or not its link is still found; DecisionConflict when it is another person's."""
    earlier = ports.state.get(_decision(link_id))
    if earlier is None:
        raise QuestionError(f"Nobody has decided on a link {link_id}; `datablueprint links --all` lists them")
    _same_person(link_id, earlier.value, by)
    ports.state.delete(_decision(link_id))
    return {"link_id": link_id, "decision": "undone", "by": by, "undone": dict(earlier.value)}


def _same_person(link_id: str, earlier: Mapping[str, Any], by: str) -> None:
    if earlier["by"] != by:
        raise DecisionConflict(
            f"{link_id} was {earlier['decision']} by {earlier['by']} on {earlier['at'][:10]}; "
            "only the same person can change it"
        )


def _decision(link_id: str) -> str:
    from datablueprint.steps import DECISIONS

    return f"{DECISIONS}{link_id}"


OWN_NAMES = """
with named as (
  select record_id, name from projects union all
  select record_id, name from vendors union all
  select record_id, name from employees union all
  select record_id, name from cost_codes
)
select l.link_id, l.kind, l.state, l.confidence, l.evidence, l.decided_by,
       l.left_record_id, a.name as left_name, l.right_record_id, b.name as right_name
from links l
left join named a on a.record_id = l.left_record_id
left join named b on b.record_id = l.right_record_id
where ? in (l.state, 'all')
order by l.confidence desc, l.link_id
"""


def _links(ports: Ports, state: str | None) -> list[dict[str, Any]]:
    """Links with each record's own name, as its system spells it."""
    rows = ports.query.sql(OWN_NAMES, (state or "all",), snapshot=_snapshots(ports).current().snapshot)
    found: list[dict[str, Any]] = rows.to_pylist()
    return found


def status(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    return Outcome(read_status(home.ports(listen)))


def read_status(ports: Ports) -> dict[str, Any]:
    """Freshness and the calls used, as of now; coverage, findings and rejects of the current snapshot.

    Before the first snapshot its parts are empty; SnapshotMissing when no refresh was tried either.
    """
    from datablueprint import desk, steps

    opened = desk.current(ports)
    freshness = opened.freshness if opened else steps.freshness(ports)
    if not opened and not freshness:
        raise SnapshotMissing("Nothing was published yet; run a refresh")

    def rows(statement: str) -> list[dict[str, Any]]:
        if not opened:
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
        "findings": rows("SELECT level, kind, amount, sentence, way_out FROM findings ORDER BY level, finding_id"),
        "rejects": rows("SELECT record_id, field, sentence, way_out FROM rejects ORDER BY record_id, field"),
    }


def _snapshots(ports: Ports) -> Any:
    from datablueprint.lake.snapshots import Snapshots

    return Snapshots(ports.files, ports.state)
