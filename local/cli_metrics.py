"""The verbs about figures: open one, list a metric, the schedule, what-if and the bridge between two points."""

from __future__ import annotations

import argparse
import getpass
from datetime import date
from typing import TYPE_CHECKING, Any

from datablueprint.errors import QuestionError
from local.cli_verbs import Listener, Outcome
from local.home import Home

if TYPE_CHECKING:
    from datablueprint.desk import Desk
    from datablueprint.ports import Ports


def desk_at(args: argparse.Namespace, ports: Ports) -> Desk:
    """The desk of --known-at (else the current snapshot) and --as-of (else its own day)."""
    from datablueprint.desk import Desk

    as_of, known = getattr(args, "as_of", None), getattr(args, "known_at", None)
    return Desk.known_at(ports, known, as_of=as_of) if known else Desk(ports, as_of=as_of)


def figure(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    """Open a figure; with --verify, have the checker re-add it, and fail when it does not tie."""
    from datablueprint import references

    desk = desk_at(args, home.ports(listen))
    opened = references.opened(desk, args.figure_id)
    if not args.verify:
        return Outcome(opened)
    verification = references.verification(desk, args.figure_id)
    return Outcome({**opened, "verification": verification}, ok=verification["ties"])


def metric(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    """The figures of one metric: of the groups or the company, or by project, cost code, manager, customer ..."""
    from datablueprint.metrics import METRICS
    from datablueprint.statements import listing, scorecard

    if args.name == "all":
        told = [{"name": m.name, "label": m.label, "unit": m.unit, "meaning": m.meaning} for m in METRICS]
        return Outcome({"metrics": told})
    desk = desk_at(args, home.ports(listen))
    where = dict(_filter(text) for text in args.where or ())
    result = listing(desk, args.name, by=args.by, where=where)
    if args.name == "pm_score":
        result["scorecard"] = scorecard(desk)
    return Outcome(result)


def _filter(text: str) -> tuple[str, str]:
    key, found, value = text.partition("=")
    if not found:
        raise QuestionError(f"'{text}' is no filter; say for example --where state=closed or --where pm='Dana Reyes'")
    return key.strip(), value.strip()


def wip(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    """The work-in-progress schedule, shown and, when asked, written as a workbook or a document."""
    from datablueprint.statements import wip as schedule

    ports = home.ports(listen)
    desk = desk_at(args, ports)
    result = schedule(desk, previous=_previous(args.since, desk, ports))
    written = _exported(args, desk, result)
    return Outcome({**result, "written": written})


def _previous(since: date | None, desk: Desk, ports: Ports) -> Desk | None:
    """The desk of the last close: --since, else none."""
    from datablueprint.desk import Desk

    return Desk.known_at(ports, since) if since else None


def _exported(args: argparse.Namespace, desk: Desk, schedule: dict[str, Any]) -> list[str]:
    written = []
    for path, suffix in ((args.xlsx, "xlsx"), (args.pdf, "pdf")):
        if path:
            from datablueprint import exports

            path.write_bytes(exports.surety_pack(desk, schedule, suffix))
            written.append(str(path))
    return written


def bridge(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    """Why a job's profit moved between two points; each is a day as known in the newest snapshot of that time."""
    from datablueprint.desk import Desk
    from datablueprint.statements import profit_bridge

    ports = home.ports(listen)
    later = desk_at(args, ports)
    known = args.since_known_at
    earlier = Desk.known_at(ports, known, as_of=args.since) if known else later.at(as_of=args.since)
    result = profit_bridge(earlier, later, args.project)
    if args.svg:
        from datablueprint import exports

        args.svg.write_text(exports.bridge_picture(result), encoding="utf-8")
        result["written"] = [str(args.svg)]
    return Outcome(result)


def what_if(args: argparse.Namespace, home: Home, listen: Listener) -> Outcome:
    """Suppose, compare, keep, list and forget scenarios; nothing here changes a fact."""
    from datablueprint import hypotheses
    from datablueprint.metrics.scenarios import Scenario

    ports = home.ports(listen)
    if args.forget:
        return Outcome(hypotheses.forget(ports, args.forget))
    if args.scope is None:
        return Outcome({"kept": hypotheses.kept(ports)})
    scenarios = [hypotheses.recall(ports, name) for name in args.kept or ()]
    if args.assumptions or not scenarios:
        scenarios.append(Scenario.of(args.assumptions, name=args.keep or ""))
    result = hypotheses.compare(desk_at(args, ports), args.scope, scenarios)
    if args.keep:
        result["stored"] = hypotheses.keep(ports, scenarios[-1], by=getpass.getuser())
    return Outcome(result)
