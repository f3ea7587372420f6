"""What to ask next: only questions that this very snapshot can answer, as the planner itself would read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from datablueprint.agent.planning import plan, spoken
from datablueprint.agent.query import Query
from datablueprint.agent.results import ResultSet
from datablueprint.agent.tools.bench import Bench
from datablueprint.metrics import BY_NAME
from datablueprint.metrics.whatif import SHOWN

MOST = 4
MARGIN, EROSION = "gross_margin_at_completion", "cost_code_erosion"


def questions(results: Sequence[ResultSet], bench: Bench) -> list[str]:
    """At most four, from the results' own subjects."""
    asked = [result.query for result in results]
    wanted = [query for result in results for query in _after(result, bench) if query not in asked]
    return _spoken(wanted, bench)


def starters(bench: Bench) -> list[str]:
    """For who does not know what to ask: the questions an executive begins with, on this company's data."""
    active = [p for p in bench.desk.measures.projects.values() if p.state == "active"]
    wanted = [
        Query(metric=MARGIN),
        Query(kind="rank", metric=MARGIN, by="project", order="lowest"),
        *(Query(metric=MARGIN, scope=project.key) for project in active[:1]),
        Query(kind="scorecard"),
    ]
    return _spoken(wanted, bench)


def _after(result: ResultSet, bench: Bench) -> Iterator[Query]:
    query = result.query
    if query.kind in ("list", "rank") and result.lines and query.by in ("project", None):
        yield Query(metric=query.metric, scope=result.lines[0].scope)
        yield Query(kind="rank", metric=EROSION, scope=result.lines[0].scope, by="leaf", order="highest")
    if query.kind in ("figure", "compare", "what_if"):
        yield from _of_one(query, bench)
    if query.kind in ("scorecard", "wip", "health"):
        yield Query(kind="rank", metric=MARGIN, by="project", order="lowest")
    yield Query(metric=MARGIN)
    yield Query(kind="rank", metric=MARGIN, by="project", order="lowest")


def _of_one(query: Query, bench: Bench) -> Iterator[Query]:
    """Of a project or group: why it moved, what if, where it erodes."""
    scope = query.scope
    project = next((p for p in bench.desk.measures.projects.values() if p.key == scope), None)
    if query.kind != "what_if" and _pending(scope, bench):
        metric = query.metric if query.metric in SHOWN else MARGIN
        yield Query(kind="what_if", metric=metric, scope=scope, scenario=("approve all",))
    if query.kind != "compare" and query.metric in (*SHOWN, "actual_cost"):
        yield Query(kind="compare", metric=query.metric, scope=scope, since=_month_end(bench.desk.as_of))
    if project:
        yield Query(kind="rank", metric=EROSION, scope=scope, by="leaf", order="highest")
        for other in ("margin_at_current_burn", "net_margin_at_completion"):
            if query.metric in SHOWN and query.metric != other:
                yield Query(metric=other, scope=scope)
    elif query.metric and "project" in BY_NAME[query.metric].kinds and scope == "portfolio":
        best_first = BY_NAME[query.metric].unit == "ratio" or "profit" in query.metric
        yield Query(kind="rank", metric=query.metric, by="project", order="lowest" if best_first else "highest")


def _pending(scope: str, bench: Bench) -> bool:
    """Whether there is a change order to suppose approved."""
    held = [p.key for p in bench.vocabulary.projects if p.state == "active"] if scope == "portfolio" else [scope]
    return any(bench.vocabulary.pending(key) for key in held)


def _month_end(day: date) -> date:
    return day.replace(day=1) - timedelta(days=1)


def _spoken(wanted: Iterable[Query], bench: Bench) -> list[str]:
    """The first few queries in words, of those that the planner reads back as what they are."""
    found: dict[str, None] = {}
    for query in dict.fromkeys(wanted):
        said = spoken(query, bench.vocabulary)
        if said and plan(said, bench.vocabulary).queries == (query,):
            found[said] = None
        if len(found) == MOST:
            break
    return list(found)
