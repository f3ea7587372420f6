"""What a desk lays on the table beside single figures: lists, schedules, scorecards and bridges, as plain results.

Each cell that is a number is a figure with its id, or a hypothetical or
difference whose tree was re-added just before; nothing that does not tie is shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from datablueprint import metrics
from datablueprint.desk import Desk
from datablueprint.errors import FigureUnverified, QuestionError
from datablueprint.formats import described, shown
from datablueprint.metrics import Figure, Scope, bridge, people, schedule, scopes
from datablueprint.metrics.definition import Metric, Missing
from datablueprint.metrics.scopes import GROUPINGS
from datablueprint.metrics.terms import Term
from datablueprint.metrics.ties import booked_positions

Row = dict[str, Any]
BY = ("project", "leaf", "code", *GROUPINGS)


def cell(desk: Desk, figure: Figure) -> Row:
    """A figure as schedules give it, re-added just now; one that does not tie is withheld and says why."""
    wrong = desk.discrepancies(figure) if figure.value is not None else ()
    if not wrong:
        return described(figure)
    return {**described(figure), "value": None, "shown": "withheld", "grade": "U", "withheld": wrong[0]}


def stated(desk: Desk, figure: Figure) -> Row:
    """A figure as lists give it: a cell with what must be known of it."""
    notes = {"assumptions": list(figure.assumptions), "missing": list(figure.missing)}
    return {**cell(desk, figure), "of": figure.label, **notes}


def listing(desk: Desk, name: str, *, by: str | None = None, where: Mapping[str, str] | None = None) -> Row:
    """One metric, of the groups or the company, or `by` one of BY; QuestionError when it is not made for that.

    `where` keeps the projects of a grouping, e.g. {"pm": "Dana Reyes"} or {"state": "closed"}.
    """
    asked = metrics.metric(name)
    figures = [desk.measures.figure(asked.name, scope) for scope in _scopes(desk, asked, by, where or {})]
    if by in ("leaf", "code"):
        figures = sorted((f for f in figures if f.value), key=lambda f: -(f.value or Decimal(0)))
    return {
        "metric": asked.name,
        "label": asked.label,
        "meaning": asked.meaning,
        "formula": asked.formula,
        "snapshot": desk.snapshot,
        "as_of": desk.as_of.isoformat(),
        "figures": [stated(desk, f) for f in figures],
    }


def _scopes(desk: Desk, asked: Metric, by: str | None, where: Mapping[str, str]) -> list[Scope]:
    measures = desk.measures
    if where and by not in ("project", "leaf"):
        raise QuestionError("Say --by project or --by leaf with --where: a group's figure is of all its projects")
    if by is None:
        if "company" in asked.kinds:
            return [measures.company]
        if asked.over or "group" in asked.kinds:
            return [measures.group(key) for key in metrics.GROUPS]
        by = "pm" if "manager" in asked.kinds else "project" if {"project", "change"} & {*asked.kinds} else "leaf"
    projects = [p for p in measures.projects.values() if _kept(desk, p, where)]
    if by == "project":
        return [scope for p in projects for scope in _of_project(measures, asked, p)]
    places = [(p, code, kind) for p in projects for _, code, kind in measures.sums.leaves(p.entity)]
    if by == "leaf":
        return [scopes.of_leaf(*place) for place in places]
    if by == "code":
        codes = {code for p, code, _ in places if p.state == "active"}
        return [measures.group(f"portfolio/{code}") for code in sorted(codes)]
    if by not in GROUPINGS:
        raise QuestionError(f"There is no grouping '{by}'; there are {', '.join(BY)}")
    if "manager" in asked.kinds:
        names = sorted({p.manager for p in projects if p.manager and by == "pm"})
    else:
        active = [p for p in projects if p.state == "active" or by == "closed-in"]
        names = sorted({name for p in active if (name := _group_of(desk, p, by))})
    return [measures.group(f"{by}/{name}") for name in names]


def _of_project(measures: metrics.Measures, asked: Metric, project: metrics.Project) -> list[Scope]:
    """The project itself, or its change orders when the metric is told of those alone."""
    if asked.kinds != ("change",):
        return [scopes.of_project(project)]
    return scopes.of_changes(project, measures.sums.changes(project.entity))


def _group_of(desk: Desk, project: metrics.Project, by: str) -> str | None:
    if by == "closed-in":
        return str(project.last_cost_on)[:4] if project.closed and project.last_cost_on else None
    return desk.measures.grouped(project, by)


def _kept(desk: Desk, project: metrics.Project, where: Mapping[str, str]) -> bool:
    for key, wanted in where.items():
        if key == "state":
            held: str | None = project.state
        elif key == "project":
            held = project.key
        elif key in GROUPINGS:
            held = _group_of(desk, project, key)
        else:
            raise QuestionError(f"I cannot filter by '{key}'; say project, state, {', '.join(GROUPINGS)}")
        if (held or "").lower() != wanted.lower():
            return False
    return True


def wip(desk: Desk, *, previous: Desk | None = None) -> Row:
    """The work-in-progress schedule; `previous` is the desk of the last close."""
    found = schedule.schedule(desk.measures, previous=previous.measures if previous else None)
    return {
        "as_of": desk.as_of.isoformat(),
        "snapshot": desk.snapshot,
        "columns": [{"metric": name, "label": metrics.metric(name).label} for name in schedule.COLUMNS],
        "sections": [
            {
                "title": section.title,
                "lines": [
                    {
                        "project": line.project.key,
                        "name": line.project.name,
                        "cells": {name: cell(desk, figure) for name, figure in line.figures.items()},
                        "earned_in_period": checked(desk, line.earned_in_period) if line.earned_in_period else None,
                    }
                    for line in section.lines
                ],
                "totals": {name: cell(desk, figure) for name, figure in section.totals.items()},
            }
            for section in found.sections
        ],
        "left_out": list(found.left_out),
        "notes": [*found.notes, *booked_positions(desk.measures)],
    }


def scorecard(desk: Desk) -> Row:
    """Project managers by the margin they deliver, with what the data allow to say."""
    found = people.scorecard(desk.measures)
    return {
        "as_of": desk.as_of.isoformat(),
        "snapshot": desk.snapshot,
        "verdict": found.verdict,
        "managers": [
            {
                "name": row.name,
                "rank": row.rank,
                "tied": row.tied,
                "jobs": row.jobs,
                **{
                    key: stated(desk, figure)
                    for key, figure in (
                        ("score", row.score),
                        ("mean", row.mean),
                        ("low", row.low),
                        ("high", row.high),
                        ("fade", row.fade),
                    )
                },
                "on_target": None if row.on_target is None else str(row.on_target),
                "losses": str(row.losses),
            }
            for row in found.rows
        ],
        "shared": list(found.shared),
        "size_matters": bool(found.by_size),
        "by_size": [{"name": name, "residual": str(value)} for name, value in found.by_size],
        "caveats": people.CAVEATS,
    }


def profit_bridge(earlier: Desk, later: Desk, project: str) -> Row:
    """Why a job's gross profit at completion moved between two desks; the parts sum to the difference."""
    try:
        found = bridge.bridge(earlier.measures, later.measures, project)
    except Missing as absent:
        raise QuestionError(f"Why the profit of {project} moved cannot be told: {absent} is missing") from None
    whole = checked(later, found.term)
    parts = [{**_part(part), **_money(part.term)} for part in found.parts]
    if found.start.value + found.term.value != found.end.value:
        raise FigureUnverified(f"The parts of the bridge of {project} do not sum to its difference; it is withheld")
    return {
        "project": found.project.key,
        "name": found.project.name,
        "from": {"point": found.earlier.said, "snapshot": earlier.snapshot, **_money(found.start)},
        "to": {"point": found.later.said, "snapshot": later.snapshot, **_money(found.end)},
        "difference": whole,
        "parts": sorted(parts, key=lambda part: -abs(Decimal(part["value"]))),
        "late": [_change(change) for change in found.late],
    }


def _part(part: bridge.Part) -> Row:
    changes = sorted(part.changes, key=lambda change: -abs(change.amount))
    return {
        "cause": part.cause,
        "label": part.label,
        "method": part.method,
        "changes": [_change(change) for change in changes],
    }


def _change(change: bridge.Change) -> Row:
    return {
        "records": list(change.record_ids),
        "amount": str(change.amount),
        "what": change.what,
        "measure": change.measure,
        "reason": change.reason,
        "on": change.on.isoformat() if change.on else None,
        "late": change.late,
    }


def _money(term: Term) -> Row:
    return {"value": str(term.value), "shown": shown(term.value, "money")}


def checked(desk: Desk, term: Term, unit: str = "money") -> Row:
    """A number that is no stored figure, re-added before it is shown; FigureUnverified when it does not tie."""
    verdict = desk.checker.check(json.dumps(term.tree()))
    if not verdict.holds:
        raise FigureUnverified(
            f"{term.label or 'A number'} does not re-add from its records: {verdict.discrepancies[0]}"
        )
    return {"value": str(term.value), "shown": shown(term.value, unit), "tree": term.tree()}
