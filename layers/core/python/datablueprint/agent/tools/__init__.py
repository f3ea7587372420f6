"""The tools of the agent: one typed set for every engine. None takes a tenant, none writes, none returns record text
unless it is asked to, and every number that one returns was re-added from raw records just before.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from datablueprint.agent.results import ResultSet
from datablueprint.agent.tools import look_up
from datablueprint.agent.tools.bench import Bench
from datablueprint.agent.tools.inputs import (
    Compare,
    DataHealth,
    ListMetrics,
    OpenFigure,
    QueryMetric,
    Rank,
    SearchEntities,
    WhatIf,
    as_call,
)
from datablueprint.agent.tools.refusals import refused, unreadable
from datablueprint.errors import DataBlueprintError, UnknownFigure
from datablueprint.metrics.definition import Missing

__all__ = ["TOOLS", "Bench", "Tool", "as_call", "run", "told"]
Row = dict[str, Any]


@dataclass(frozen=True)
class Tool:
    """`input` says what it takes, and in its docstring what the tool is for, as a model reads it."""

    name: str
    input: type[BaseModel]
    run: Callable[[Bench, Any], ResultSet | Row]

    @property
    def description(self) -> str:
        """When to use it and what comes back."""
        return inspect.cleandoc(self.input.__doc__ or "")

    @property
    def schema(self) -> Row:
        """Its input as JSON schema, closed, with the names of metrics enumerated."""
        return self.input.model_json_schema()


def _executed(bench: Bench, asked: Any) -> ResultSet:
    return bench.execute(asked.query())


TOOLS = (
    Tool("list_metrics", ListMetrics, look_up.list_metrics),
    Tool("search_entities", SearchEntities, look_up.search_entities),
    Tool("query_metric", QueryMetric, _executed),
    Tool("rank", Rank, _executed),
    Tool("compare", Compare, _executed),
    Tool("what_if", WhatIf, _executed),
    Tool("open_figure", OpenFigure, look_up.open_figure),
    Tool("data_health", DataHealth, _executed),
)
BY_NAME: Mapping[str, Tool] = {tool.name: tool for tool in TOOLS}


def run(bench: Bench, name: str, asked: Mapping[str, Any]) -> ResultSet | Row:
    """Run a tool by name; what cannot be done comes back as {"error": {code, field, allowed, sentence}}."""
    tool = BY_NAME.get(name)
    if tool is None:
        return refused("unknown_tool", f"There is no tool '{name}'", field="name", allowed=list(BY_NAME))
    try:
        return tool.run(bench, tool.input.model_validate(dict(asked)))
    except ValidationError as invalid:
        return unreadable(invalid, tool.schema)
    except Missing as absent:
        return refused("missing", f"It cannot be told: {'; '.join(absent.terms)} is missing")
    except UnknownFigure as error:
        about = "ref" if tool.input is OpenFigure else "scope"
        return refused(f"unknown_{about}", str(error), field=about)
    except DataBlueprintError as error:
        return refused(error, str(error))


def told(result: ResultSet | Row) -> Row:
    """A result as a model reads it: rows and refs, no sentence that quotes a record; caveats are printed without it."""
    if not isinstance(result, ResultSet):
        return result
    columns = [{"key": c.key, "label": c.label, "unit": c.unit} for c in result.columns]
    drivers = [d.model_dump(mode="json", include={"label", "shown", "ref"}) for d in result.drivers]
    return {
        "result_id": result.result_id,
        "restated": result.title,
        "headline": result.headline,
        "columns": columns,
        "rows": [
            {
                "scope": line.scope,
                "name": line.name,
                "note": line.note,
                "cells": {k: _cell(c) for k, c in line.cells.items()},
            }
            for line in result.lines
        ],
        "row_count": result.row_count,
        "drivers": drivers,
        "hypothetical": result.hypothetical,
        "verdict": result.details.get("verdict", ""),
        "printed_beside_it": {
            "notes": len(result.notes),
            "caveats": len(result.caveats),
            "conflicts": len(result.conflicts),
        },
    }


def _cell(cell: Any) -> Row:
    kept = {"ref": cell.ref, "shown": cell.shown, "grade": cell.grade, "as_of": cell.as_of.isoformat()}
    absent = {"missing": list(cell.missing)} if cell.missing else {"withheld": True} if cell.withheld else {}
    return {**kept, **absent}
