"""Two days of one scope, or several scopes on one day, side by side; what moved a profit is told in dollars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datablueprint.agent.query import Query
from datablueprint.agent.results import Cell, Chart, Column, Driver, Line, ResultSet
from datablueprint.agent.tools import caveats, members
from datablueprint.agent.tools.companions import beside, told_of
from datablueprint.agent.tools.drivers import bars, largest, point, waterfall
from datablueprint.agent.tools.moving import Between, parts_moved
from datablueprint.agent.tools.naming import Names, restated
from datablueprint.errors import FigureUnverified, QuestionError, SnapshotMissing
from datablueprint.formats import moved
from datablueprint.metrics import BY_NAME, Metric, Scope, metric
from datablueprint.metrics.definition import Missing, Ratio
from datablueprint.references import BRIDGED, Reference
from datablueprint.statements import profit_bridge

if TYPE_CHECKING:
    from datablueprint.agent.tools.bench import Bench
    from datablueprint.desk import Desk

PROFIT, MARGIN = "gross_profit_at_completion", "gross_margin_at_completion"


def compare(bench: Bench, query: Query) -> ResultSet:
    """`query.metric` since a day, or of each of `query.scopes`; QuestionError when neither is said."""
    if query.since:
        return _over_time(bench, query)
    if len(set(query.scopes)) < 2:
        raise QuestionError("Say a day to compare with (since), or at least two scopes to lay side by side (scopes)")
    return _side_by_side(bench, query)


def _side_by_side(bench: Bench, query: Query) -> ResultSet:
    desk, asked = bench.desk_of(query), metric(query.metric)
    wanted = [desk.measures.scope(key) for key in dict.fromkeys(query.scopes)]
    others = [name for name in beside(asked.name, wanted[0], rows=True) if all(told_of(name, each) for each in wanted)]
    lines = []
    for scope in wanted:
        figures = [desk.measures.figure(name, scope) for name in (asked.name, *others)]
        cells = [bench.cell(desk, figure) for figure in figures]
        lines.append(Line(scope=scope.key, name=cells[0].name, cells={cell.metric: cell for cell in cells}))
    heads = [line.cells[asked.name] for line in lines]
    title = restated(query, bench.names, desk)
    points = tuple(
        point(cell, "point", members.short(scope))
        for cell, scope in zip(heads, wanted, strict=True)
        if cell.value is not None
    )
    return ResultSet(
        result_id="",
        query=query,
        title=title,
        columns=tuple(Column(key=c.metric, label=c.label, unit=c.unit) for c in lines[0].cells.values()),
        lines=tuple(lines),
        row_count=len(lines),
        chart=Chart(kind="bar", title=title, unit=heads[0].unit, points=points) if len(points) > 1 else None,
        notes=_assumed(heads),
        caveats=_unique(caveats.caveats(bench, desk, desk.measures.figure(asked.name, scope)) for scope in wanted),
        conflicts=_unique(caveats.conflicts(bench, desk, scope) for scope in wanted),
    )


def _unique(groups: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(said for group in groups for said in group))


def _assumed(cells: Sequence[Cell]) -> tuple[str, ...]:
    """The first assumptions of figures side by side; each figure has all of its own."""
    notes = [note for cell in cells for note in cell.assumptions if not caveats.of_one(note)]
    return tuple(caveats.few(notes, "further assumptions, under each figure"))


def _over_time(bench: Bench, query: Query) -> ResultSet:
    desk, asked = bench.desk_of(query), metric(query.metric)
    earlier, notes = _earlier(bench, query, desk)
    wanted = [desk.measures.scope(key) for key in dict.fromkeys(query.scopes or (query.scope,))]
    lines = tuple(_line(bench, earlier, desk, asked, scope) for scope in wanted)
    of_one = len(wanted) == 1
    if of_one and asked.name == MARGIN:
        lines = (*lines, _line(bench, earlier, desk, BY_NAME[PROFIT], wanted[0]))
        lines = tuple(line.model_copy(update={"name": line.cells["end"].label}) for line in lines)
    head = lines[0].cells["change"]
    title = restated(query, bench.names, desk)
    parts, chart, details = _moved(bench, earlier, desk, asked, wanted[0], lines[0]) if of_one else ((), None, {})
    return ResultSet(
        result_id="",
        query=query,
        title=title,
        headline=head.ref if of_one else "",
        columns=_columns(lines[0], earlier, desk),
        lines=lines,
        row_count=len(wanted),
        drivers=parts,
        chart=chart,
        notes=(*notes, *_assumed([line.cells["end"] for line in lines])) if not of_one else tuple(notes),
        caveats=_unique(caveats.caveats(bench, desk, desk.measures.figure(asked.name, scope)) for scope in wanted),
        conflicts=_unique(caveats.conflicts(bench, desk, scope) for scope in wanted),
        details=details,
    )


def _earlier(bench: Bench, query: Query, desk: Desk) -> tuple[Desk, list[str]]:
    """The earlier day as it was known then, where that is kept; else as the same snapshot tells it now."""
    since = query.since
    assert since is not None  # asked for changes over time only
    if since >= desk.as_of:
        raise QuestionError(f"{since} is not before {desk.as_of}, the day it would be compared with")
    try:
        then = bench.desk.known(since)
    except SnapshotMissing as missing:
        said = f"{since} is told from what is known now, which moves costs only: {missing}"
        return desk.at(as_of=since), [said]
    if then.snapshot == desk.snapshot or then.as_of < since:
        near = (
            f"the newest snapshot of that time ends on {then.as_of}" if then.as_of < since else "one snapshot is kept"
        )
        if then.snapshot == desk.snapshot:
            return desk.at(as_of=since), [f"{since} is told from what is known now: {near}"]
        return then, [f"instead of {since}, {then.as_of} is shown: {near}"]
    return then.at(as_of=since), [f"{since} is told as it was known then"]


def _line(bench: Bench, earlier: Desk, desk: Desk, asked: Metric, scope: Scope) -> Line:
    ref = Reference(asked.name, scope.key, bench.point(desk), bench.point(earlier))
    return Line(scope=scope.key, name=bench.referred(ref).name, cells=_ends(bench, ref))


def _ends(bench: Bench, ref: Reference) -> dict[str, Cell]:
    """Change, start and end; the start has the scope's key of today."""
    assert ref.since is not None  # made for changes
    start = replace(ref, at=ref.since, since=None)
    return {
        "start": bench.referred(start),
        "end": bench.referred(replace(ref, since=None)),
        "change": bench.referred(ref),
    }


def _columns(line: Line, earlier: Desk, desk: Desk) -> tuple[Column, ...]:
    labels = {"start": f"on {earlier.as_of}", "end": f"on {desk.as_of}", "change": "change"}
    return tuple(Column(key=key, label=labels[key], unit=cell.unit) for key, cell in line.cells.items())


def _moved(
    bench: Bench, earlier: Desk, desk: Desk, asked: Metric, scope: Scope, line: Line
) -> tuple[tuple[Driver, ...], Chart | None, dict[str, Any]]:
    """What moved it: causes of the bridge for a project's profit or margin, else the members or parts of a sum."""
    title = f"what moved {asked.label}"
    if line.cells["change"].value is None:
        return (), None, {}
    if asked.name in BRIDGED and scope.kind == "project":
        return _bridged(bench, earlier, desk, scope)
    told = BY_NAME[asked.over.numerator] if scope.kind == "group" and isinstance(asked.over, Ratio) else asked
    if told.over != "sum":  # parts of a rate or of the company's books do not add up to it
        return (), None, {}
    ref = Reference(told.name, scope.key, bench.point(desk), bench.point(earlier))
    ends = _ends(bench, ref)
    whole = ends["change"].value or Decimal(0)
    found = largest(parts_moved(bench, Between(ref, earlier, desk, told), scope, whole), whole, told.unit, change=True)
    return found, waterfall(title, ends["start"], found, ends["end"]) or bars(title, found), {}


def _bridged(
    bench: Bench, earlier: Desk, desk: Desk, scope: Scope
) -> tuple[tuple[Driver, ...], Chart | None, dict[str, Any]]:
    try:
        told = profit_bridge(earlier, desk, scope.key)
    except (Missing, QuestionError, FigureUnverified):  # the change itself says what is wrong
        return (), None, {}
    parts = [_cause(part, bench.names) for part in told["parts"]]
    found = largest(parts, Decimal(told["difference"]["value"]), "money", change=True)
    ends = _ends(bench, Reference(PROFIT, scope.key, bench.point(desk), bench.point(earlier)))
    chart = waterfall("what moved gross profit at completion", ends["start"], found, ends["end"])
    return found, chart, {"profit_change": ends["change"].ref, "late": len(told["late"])}


def _cause(part: dict[str, Any], names: Names) -> Driver:
    value = Decimal(part["value"])
    leaf = part["cause"] in ("budget", "performance")
    code, _, kind = part["label"].rpartition(" ")
    cause = f"{part['cause']} of {names.of_leaf(code, kind)}" if leaf else part["label"]
    method = f" (method {part['method']})" if part["method"] else ""
    records = tuple(dict.fromkeys(record for change in part["changes"] for record in change["records"]))[:20]
    return Driver(label=f"{cause}{method}", value=value, unit="money", shown=moved(value, "money"), records=records)


__all__: Sequence[str] = ("compare",)
