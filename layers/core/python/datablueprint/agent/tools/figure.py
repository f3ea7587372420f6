"""One figure with what belongs beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datablueprint.agent.query import Query
from datablueprint.agent.results import Cell, Column, Line, ResultSet
from datablueprint.agent.tools import caveats
from datablueprint.agent.tools.companions import beside
from datablueprint.agent.tools.drivers import chart, drivers
from datablueprint.agent.tools.naming import restated
from datablueprint.metrics import metric

if TYPE_CHECKING:
    from datablueprint.agent.tools.bench import Bench


def figure(bench: Bench, query: Query) -> ResultSet:
    """`query.metric` of `query.scope`, re-added, with its companions, drivers and what must be known of it."""
    desk = bench.desk_of(query)
    asked = metric(query.metric)
    scope = desk.measures.scope(query.scope)
    found = desk.measures.figure(asked.name, scope)
    others = [desk.measures.figure(name, scope) for name in beside(asked.name, scope)] if found.term else []
    cells = [bench.cell(desk, each) for each in (found, *others)]
    head, told = cells[0], [cell for cell in cells[1:] if cell.value is not None]
    title = restated(query, bench.names, desk)
    parts = drivers(bench, desk, found) if head.value is not None else ()
    return ResultSet(
        result_id="",
        query=query,
        title=title,
        headline=head.ref,
        columns=columns([head, *told]),
        lines=(Line(scope=scope.key, name=head.name, cells={cell.metric: cell for cell in (head, *told)}),),
        row_count=1,
        drivers=parts,
        chart=chart(title, [head, *told], parts) if head.value is not None else None,
        notes=head.assumptions,
        caveats=caveats.caveats(bench, desk, found),
        conflicts=caveats.conflicts(bench, desk, scope),
    )


def columns(cells: list[Cell]) -> tuple[Column, ...]:
    """A column per metric, in the order of the cells."""
    return tuple(Column(key=cell.metric, label=cell.label, unit=cell.unit) for cell in cells)
