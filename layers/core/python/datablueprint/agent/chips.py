"""The parts of an answer that a page lays out: what was asked as chips, the table, how the headline was made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datablueprint import references
from datablueprint.agent.plan import Option
from datablueprint.agent.query import Query
from datablueprint.agent.results import Cell, Line, ResultSet
from datablueprint.agent.telling import SYSTEMS, lacking
from datablueprint.agent.text import render
from datablueprint.agent.tools.bench import Bench
from datablueprint.agent.tools.naming import BY_WORDS, Names
from datablueprint.desk import Desk
from datablueprint.errors import DataBlueprintError
from datablueprint.formats import shown, unit_of
from datablueprint.metrics import BY_NAME
from datablueprint.metrics.definition import Missing

Row = dict[str, Any]
WITHOUT_SCOPE = ("scorecard", "wip")
CHEAP = ("figure", "compare", "what_if")
"""Kinds whose value is shown beside an option of a question back."""


def described(cell: Cell) -> Row:
    """A figure as the contract gives it to programs."""
    return {
        "id": cell.ref,
        "metric": cell.metric,
        "value": None if cell.value is None else str(cell.value),
        "shown": cell.shown,
        "unit": cell.unit,
        "as_of": cell.as_of.isoformat(),
        "grade": cell.grade,
        "label": cell.label,
        "dimensions": {"scope": cell.scope, "name": cell.name},
    }


def chips(result: ResultSet, names: Names, desk: Desk) -> list[Row]:
    """The restated question, slot by slot, each of which can be changed by itself."""
    query = result.query
    found = [_chip("metric", BY_NAME[query.metric].label, query.metric)] if query.metric else []
    if query.kind not in WITHOUT_SCOPE:
        found += [_chip("scope", names.said(scope), scope) for scope in query.scopes or (query.scope,)]
    if query.by and query.kind in ("list", "rank"):
        found.append(_chip("by", BY_WORDS[query.by], query.by))
    if query.kind == "rank":
        found.append(_chip("order", f"{query.order or 'highest'} first", query.order or "highest"))
    if query.limit:
        found.append(_chip("limit", f"at most {query.limit}", str(query.limit)))
    if query.threshold:
        words = {"<": "below", "<=": "at most", ">": "above", ">=": "at least"}[query.threshold.op]
        value = shown(query.threshold.value, unit_of(BY_NAME[query.metric]))
        found.append(_chip("threshold", f"{words} {value}", f"{query.threshold.op}{query.threshold.value}"))
    if query.since:
        found.append(_chip("since", f"since {query.since}", query.since.isoformat()))
    found += [_chip("scenario", assumption, assumption) for assumption in query.scenario]
    day = max((cell.as_of for cell in result.cells.values()), default=query.as_of or desk.as_of)
    found.append(_chip("as_of", f"as of {day}", day.isoformat()))
    if query.known_at:
        found.append(_chip("known_at", f"as known on {query.known_at}", query.known_at.isoformat()))
    return found


def _chip(slot: str, label: str, value: str) -> Row:
    return {"slot": slot, "label": label, "value": value}


def table(result: ResultSet) -> Row | None:
    """Rows and columns as JSON; None where a result has no rows. Of many cells, figures hold the assumptions."""
    if not result.lines:
        return None
    return {
        "columns": [column.model_dump(mode="json") for column in result.columns],
        "rows": [_row(line) for line in result.lines],
        "row_count": result.row_count,
    }


def _row(line: Line) -> Row:
    return {**line.model_dump(mode="json"), "cells": {key: _cell(cell) for key, cell in line.cells.items()}}


def _cell(cell: Cell) -> Row:
    return {**cell.model_dump(mode="json"), "assumptions": []}


def method(bench: Bench, head: Cell) -> Row:
    """How the headline came about: in words, and its terms."""
    found = references.find(bench.desk, head.ref)
    tree = found.term.tree() if found.term else None
    said = {"plain": found.figure.method, "supposed": f"{references.MARK}: supposed on top of today's figure"}
    return {
        "label": head.label,
        "meaning": found.figure.metric.meaning,
        "formula": found.figure.metric.formula,
        "method": said.get(found.reference.kind, "the later less the earlier"),
        "terms": references.terms(tree) if tree else [],
    }


def missing_refusal(results: Sequence[ResultSet]) -> Row:
    """Why nothing asked for has a value, and where it would be entered."""
    unique = list(dict.fromkeys(t for result in results for cell in result.cells.values() for t in cell.missing))
    because = render(lacking(unique), str).rstrip(".") if unique else "nothing was found that has a value"
    entered = any(system in term for system in SYSTEMS for term in unique)
    fix = "Enter it in the system that is named, then refresh" if entered else "Ask for another project, day or limit"
    return {"code": "not_in_data", "because": because, "fix": fix}


def option(bench: Bench, asked: Option) -> Row:
    """An option of a question back, with the value of that reading where it is one figure."""
    told = {"label": asked.label, "question": asked.question, "query": _spelled(asked.query)}
    if asked.query.kind not in CHEAP:
        return told
    try:
        result = Bench(bench.desk).execute(asked.query)
    except (DataBlueprintError, Missing):
        return told
    head = result.cells.get(result.headline)
    return {**told, "shown": head.shown} if head and head.value is not None else told


def _spelled(query: Query) -> Row:
    return query.model_dump(mode="json", exclude_defaults=True)
