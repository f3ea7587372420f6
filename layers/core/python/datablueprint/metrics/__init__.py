"""Metrics: formulas over sums of facts, each figure with its proof.

In: the facts, findings and identities of one snapshot, through SQL that selects
and sums. Out: `leaves`, `estimates` and `figures`. It reads no record, averages nothing and
never fills a missing term with zero.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from datablueprint import tables
from datablueprint.metrics.definition import Metric
from datablueprint.metrics.estimates import Estimate
from datablueprint.metrics.figures import Figure
from datablueprint.metrics.gaps import NO_GAPS, Gaps
from datablueprint.metrics.measures import Measures
from datablueprint.metrics.registry import BY_NAME, METRICS, metric, parse_figure_id
from datablueprint.metrics.scopes import GROUPS, Project, Scope
from datablueprint.ports import Query
from datablueprint.settings import Policy

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "BY_NAME",
    "GROUPS",
    "METRICS",
    "Figure",
    "Gaps",
    "Measures",
    "Metric",
    "Project",
    "Scope",
    "figure",
    "measure",
    "metric",
]


def measure(query: Query, snapshot: str, *, as_of: date, policy: Policy, gaps: Gaps = NO_GAPS) -> dict[str, pa.Table]:
    """The tables `leaves`, `estimates` and `figures` for one day; `gaps` are the systems that could not be read."""
    measures = Measures(query, snapshot, as_of=as_of, policy=policy, gaps=gaps)
    leaves: list[dict[str, Any]] = []
    estimates: list[dict[str, Any]] = []
    for project in measures.projects.values():
        for one in measures.estimates(project):
            estimates += _side_by_side(one)
            leaves.append(
                {
                    "project": one.place[0],
                    "cost_code": one.place[1],
                    "cost_type": one.place[2],
                    "budget": one.budget,
                    "committed": one.committed,
                    "actual": one.actual,
                    "open_commitment": one.open_commitment,
                    "method": one.method,
                    "eac": one.eac.value,
                    "eac_lowest": one.lowest,
                    "eac_highest": one.highest,
                }
            )
    return {
        "leaves": tables.build("leaves", leaves),
        "estimates": tables.build("estimates", estimates),
        "figures": tables.build("figures", (f.row() for f in measures.figures())),
    }


def _side_by_side(one: Estimate) -> list[dict[str, Any]]:
    place = dict(zip(("project", "cost_code", "cost_type"), one.place, strict=True))
    return [
        {**place, "method": method, "eac": term.value, "chosen": method == one.method}
        for method, term in one.values.items()
    ]


def figure(measures: Measures, figure_id: str) -> Figure:
    """The figure of that id, computed anew from the facts; UnknownFigure when its scope does not exist."""
    name, scope, _ = parse_figure_id(figure_id)
    return measures.figure(name, measures.scope(scope))
