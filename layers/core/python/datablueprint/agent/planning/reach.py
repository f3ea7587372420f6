"""Of what a metric is told, and so which queries can be answered at all."""

from __future__ import annotations

from typing import Literal

from datablueprint.agent.query import Query
from datablueprint.metrics import BY_NAME
from datablueprint.metrics.definition import Metric


def scope_kind(scope: str) -> Literal["project", "leaf", "change", "group", "manager", "company", "code"]:
    if scope == "company":
        return "company"
    first, _, rest = scope.partition("/")
    if first in ("portfolio", "closed", "not-started", "all", "customer", "contract-type", "closed-in"):
        return "group"
    if first == "pm":
        return "manager"
    if rest.startswith("change/"):
        return "change"
    return "project" if not rest else "leaf" if "." in rest else "code"


def made_for(metric: Metric, kind: str) -> bool:
    """A figure of the metric exists for that kind of scope."""
    if kind == "manager":
        return "manager" in metric.kinds or "group" in metric.kinds or metric.over is not None
    if kind == "group":
        return "group" in metric.kinds or metric.over is not None
    if kind == "code":
        return "leaf" in metric.kinds and metric.over is not None
    return kind in metric.kinds


def told(query: Query) -> bool:
    """The query can be answered, as far as its metric and scope go."""
    if query.kind in ("scorecard", "wip", "health"):
        return True
    metric = BY_NAME.get(query.metric)
    if metric is None:
        return False
    if query.kind in ("list", "rank"):
        return rows_told(metric, query)
    kinds = [scope_kind(s) for s in query.scopes or (query.scope,)]
    if query.kind == "what_if":
        return all(k == "project" or query.scope in ("portfolio",) or k in ("group", "manager") for k in kinds)
    narrow = [
        s
        for s in query.scopes or (query.scope,)
        if scope_kind(s) == "group" and "/" in s and s.split("/")[0] in ("portfolio", "closed", "not-started")
    ]
    if narrow and not ("leaf" in metric.kinds and (metric.over is not None or "group" in metric.kinds)):
        return False
    return "all" not in (query.scope, *query.scopes) and all(made_for(metric, k) for k in kinds)


def rows_told(metric: Metric, query: Query) -> bool:
    by = query.by or "project"
    if by == "project":
        return "project" in metric.kinds and scope_kind(query.scope) != "project"
    if by == "leaf":
        return "leaf" in metric.kinds
    if by == "code":
        return "leaf" in metric.kinds and (metric.over is not None or "group" in metric.kinds)
    if by == "change":
        return "change" in metric.kinds
    if scope_kind(query.scope) == "project":  # one job is in one group only
        return False
    return made_for(metric, "manager" if by == "pm" else "group")
