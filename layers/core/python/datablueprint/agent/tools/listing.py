"""Many figures of one metric, in order: the whole result is ranked and counted, whatever part of it is shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING

from datablueprint.agent.query import MOST_ROWS, Query
from datablueprint.agent.results import Cell, Chart, Column, Line, ResultSet
from datablueprint.agent.tools import caveats, members
from datablueprint.agent.tools.companions import beside
from datablueprint.agent.tools.drivers import point
from datablueprint.agent.tools.naming import of_closed_jobs, restated
from datablueprint.formats import unit_of
from datablueprint.metrics import Figure, Metric, Scope, metric
from datablueprint.metrics.labor_facts import NO_LABOR

if TYPE_CHECKING:
    from datablueprint.agent.tools.bench import Bench
    from datablueprint.desk import Desk

BEYOND: dict[str, Callable[[Decimal, Decimal], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
NONE_OF = "any of the "
"""How a group says that none of its projects has a value."""
RANKED = 10
"""Rows of a ranking that names no number."""
REFUSED_FROM = 3
"""Names said of those without a value; the rest is counted."""


@dataclass(frozen=True)
class _Row:
    figure: Figure
    cell: Cell

    @property
    def value(self) -> Decimal:
        assert self.cell.value is not None  # rows are made of cells with a value
        return self.cell.value


def listing(bench: Bench, query: Query) -> ResultSet:
    """`query.metric` of every member of `query.scope`, each re-added; ordered, cut and filtered as the query says."""
    desk = bench.desk_of(query)
    asked = metric(query.metric)
    query = query.model_copy(update={"by": query.by or members.usual(asked, query.scope)})
    scopes = members.members(desk, asked, query)
    figures = [
        found for found in (desk.measures.figure(asked.name, s) for s in scopes) if NO_LABOR not in found.missing
    ]
    every = [(found, bench.cell(desk, found)) for found in figures]
    known = [_Row(figure, cell) for figure, cell in every if cell.value is not None]
    wanted = _ordered([row for row in known if _beyond(row, query)], query)
    told = wanted[: query.limit or (RANKED if query.kind == "rank" else MOST_ROWS)]
    others = beside(asked.name, told[0].figure.of, rows=True) if told else ()
    ranked = query.order is not None or query.kind == "rank"
    lines = tuple(_line(bench, desk, row, others, wanted, ranked=ranked) for row in told)
    title = restated(query, bench.names, desk)
    whole = _whole(bench, desk, query)
    return ResultSet(
        result_id="",
        query=query,
        title=title,
        columns=_columns(asked, lines),
        lines=lines,
        row_count=len(wanted),
        chart=_chart(title, told),
        notes=(*_left_out(every), *_cut(wanted, told), *_filtered(known, wanted)),
        caveats=(*caveats.stale(desk), *_withheld(every), *_grades(told)),
        conflicts=caveats.conflicts(bench, desk, whole) if whole else (),
        details={"members": len(every), "without_value": len(every) - len(known)},
    )


def _ordered(rows: Sequence[_Row], query: Query) -> list[_Row]:
    """By value, then by scope; a list without an order stays in the order of its members."""
    if query.order is None and query.kind == "list" and query.by not in ("leaf", "code"):
        return list(rows)
    sign = 1 if query.order == "lowest" else -1
    return sorted(rows, key=lambda row: (sign * row.value, row.cell.scope))


def _beyond(row: _Row, query: Query) -> bool:
    if query.threshold is not None:
        return BEYOND[query.threshold.op](row.value, query.threshold.value)
    return bool(row.value) or query.by not in ("leaf", "code")


def _line(bench: Bench, desk: Desk, row: _Row, others: Sequence[str], wanted: Sequence[_Row], *, ranked: bool) -> Line:
    cells = [row.cell, *(bench.cell(desk, desk.measures.figure(name, row.figure.of)) for name in others)]
    tied = ranked and sum(other.value == row.value for other in wanted) > 1
    name = row.cell.name
    return Line(scope=row.cell.scope, name=name, cells={c.metric: c for c in cells}, note="tied" if tied else "")


def _columns(asked: Metric, lines: Sequence[Line]) -> tuple[Column, ...]:
    if not lines:
        return (Column(key=asked.name, label=asked.label, unit=unit_of(asked)),)
    return tuple(Column(key=key, label=cell.label, unit=cell.unit) for key, cell in lines[0].cells.items())


def _chart(title: str, told: Sequence[_Row]) -> Chart | None:
    if len(told) < 2:
        return None
    points = tuple(point(row.cell, "point", members.short(row.figure.of)) for row in told)
    return Chart(kind="bar", title=title, unit=told[0].cell.unit, points=points)


def _left_out(every: Sequence[tuple[Figure, Cell]]) -> list[str]:
    """Members without a value, by what they lack."""
    by_reason: dict[str, list[str]] = {}
    for figure, cell in every:
        if cell.value is None and not cell.withheld:
            by_reason.setdefault(_lacks(figure), []).append(members.short(figure.of))
    return [f"{len(keys)} left out, {why}: {_some(keys)}" for why, keys in by_reason.items()]


def _lacks(figure: Figure) -> str:
    term = figure.missing[0] if figure.missing else "a term"
    return "no project of it has a value" if term.startswith(NONE_OF) else f"{term} is missing"


def _some(keys: Sequence[str]) -> str:
    more = f" and {len(keys) - REFUSED_FROM} more" if len(keys) > REFUSED_FROM else ""
    return f"{', '.join(keys[:REFUSED_FROM])}{more}"


def _cut(wanted: Sequence[_Row], told: Sequence[_Row]) -> list[str]:
    """A tie across the edge of what is shown is said."""
    beyond = [row for row in wanted[len(told) :] if told and row.value == told[-1].value]
    have = "has" if len(beyond) == 1 else "have"
    keys = _some([members.short(row.figure.of) for row in beyond])
    return [f"{len(beyond)} more {have} the same value as the last one shown: {keys}"] if beyond else []


def _filtered(known: Sequence[_Row], wanted: Sequence[_Row]) -> list[str]:
    are = "is" if len(wanted) == 1 else "are"
    return [f"{len(wanted)} of {len(known)} with a value {are} listed"] if len(wanted) != len(known) else []


def _withheld(every: Sequence[tuple[Figure, Cell]]) -> list[str]:
    return [f"{cell.scope} is withheld and stands in no order: {cell.withheld}" for _, cell in every if cell.withheld]


def _grades(told: Sequence[_Row]) -> list[str]:
    weak = [members.short(row.figure.of) for row in told if row.cell.grade in "CU"]
    return [f"grade C: {_some(weak)}; open the figure for the reasons"] if weak else []


def _whole(bench: Bench, desk: Desk, query: Query) -> Scope | None:
    """The scope whose members are listed, where it is one of its own and its projects are those that are told of."""
    return None if query.scope == members.ALL or of_closed_jobs(query) else desk.measures.scope(query.scope)
