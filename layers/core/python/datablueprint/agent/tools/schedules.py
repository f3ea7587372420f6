"""The scorecard of project managers and the work-in-progress schedule, as evidence."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from datablueprint import statements
from datablueprint.agent.query import Query
from datablueprint.agent.results import Cell, Chart, Column, Line, ResultSet
from datablueprint.agent.tools import caveats
from datablueprint.agent.tools.drivers import point
from datablueprint.agent.tools.naming import restated
from datablueprint.metrics import BY_NAME

if TYPE_CHECKING:
    from datablueprint.agent.tools.bench import Bench
    from datablueprint.desk import Desk

SCORE = ("score", "low", "high", "mean", "fade")
Row = dict[str, Any]


def scorecard(bench: Bench, query: Query) -> ResultSet:
    """Managers by what their closed jobs delivered; `details.verdict` is what the data allow to say."""
    desk = bench.desk_of(query)
    told = statements.scorecard(desk)
    lines = tuple(_manager(bench, desk, row) for row in told["managers"])
    title = restated(query, bench.names, desk)
    heads = [line.cells["score"] for line in lines]
    points = tuple(point(cell, "point", line.name) for line, cell in zip(lines, heads, strict=True) if cell.value)
    return ResultSet(
        result_id="",
        query=query,
        title=title,
        columns=_columns(lines),
        lines=lines,
        row_count=len(lines),
        chart=Chart(kind="bar", title=title, unit="ratio", points=points) if len(points) > 1 else None,
        notes=_notes(told),
        caveats=tuple(caveats.stale(desk)),
        details={"verdict": told["verdict"], "managers": [_plain(row) for row in told["managers"]]},
    )


def _manager(bench: Bench, desk: Desk, row: Row) -> Line:
    group = desk.measures.group(f"pm/{row['name']}")
    cells = {key: from_row(bench, desk, row[key]) for key in SCORE}
    cells["jobs"] = bench.cell(desk, desk.measures.figure("pm_jobs", group))
    note = "tied" if row["tied"] else "" if row["rank"] else "too few jobs to rank"
    return Line(scope=group.key, name=row["name"], cells=cells, note=note)


def _columns(lines: tuple[Line, ...]) -> tuple[Column, ...]:
    if not lines:
        return ()
    return tuple(Column(key=key, label=cell.label, unit=cell.unit) for key, cell in lines[0].cells.items())


def _notes(told: Row) -> tuple[str, ...]:
    shared = told["shared"]
    jobs = (
        "1 closed job counts for nobody, it has"
        if len(shared) == 1
        else f"{len(shared)} closed jobs count for nobody, they have"
    )
    nobody = f"{jobs} several managers or none: {', '.join(shared)}"
    size = "the size of a job matters: managers of large jobs cannot be compared with those of small ones"
    return (*([nobody] if shared else []), *([size] if told["size_matters"] else []), told["caveats"])


def _plain(row: Row) -> Row:
    return {key: row[key] for key in ("name", "rank", "tied", "jobs", "on_target", "losses")}


def wip(bench: Bench, query: Query) -> ResultSet:
    """The schedule: a line per contract, then the totals of each section; `since` is the last close."""
    desk = bench.desk_of(query)
    told = statements.wip(desk, previous=bench.desk.known(query.since) if query.since else None)
    lines = [
        Line(
            scope=line["project"],
            name=line["name"],
            cells={key: from_row(bench, desk, row) for key, row in line["cells"].items()},
            note=section["title"],
        )
        for section in told["sections"]
        for line in section["lines"]
    ]
    totals = [_total(bench, desk, section) for section in told["sections"]]
    return ResultSet(
        result_id="",
        query=query,
        title=restated(query, bench.names, desk),
        columns=tuple(
            Column(key=each["metric"], label=each["label"], unit=BY_NAME[each["metric"]].unit)
            for each in told["columns"]
        ),
        lines=(*lines, *totals),
        row_count=len(lines),
        notes=(
            *(f"left out: {said}" for said in told["left_out"]),
            *caveats.few(
                [note for note in told["notes"] if not caveats.of_one(note)], "further assumptions, under each figure"
            ),
        ),
        caveats=tuple(caveats.stale(desk)),
        conflicts=caveats.conflicts(bench, desk, desk.measures.scope("portfolio")),
    )


def _total(bench: Bench, desk: Desk, section: Row) -> Line:
    cells = {key: from_row(bench, desk, row) for key, row in section["totals"].items()}
    scope = next(iter(cells.values())).scope
    return Line(scope=scope, name=section["title"], cells=cells, note="total")


def from_row(bench: Bench, desk: Desk, row: Row) -> Cell:
    """A cell of a statement, which was re-added when the statement was made."""
    figure = (
        desk.figure(row["id"])
        if bench.point(desk).snapshot is None
        else desk.measures.figure(
            row["metric"], desk.measures.scope(row["dimensions"].get("project") or row["dimensions"]["scope"])
        )
    )
    assert figure.as_of == date.fromisoformat(row["as_of"])  # a statement is of its desk's day
    return bench.cell(desk, figure)
