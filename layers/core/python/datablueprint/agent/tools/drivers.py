"""What makes a figure, largest first: the members of a group, the terms of one thing, or else its cost codes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from datablueprint import references
from datablueprint.agent.results import Cell, Chart, Driver
from datablueprint.formats import moved, shown, unit_of
from datablueprint.made_of import Part, made_of
from datablueprint.metrics import BY_NAME, Figure, scopes
from datablueprint.metrics.definition import Ratio

if TYPE_CHECKING:
    from datablueprint.agent.tools.bench import Bench
    from datablueprint.desk import Desk

MOST = 12
"""Drivers of one figure; the rest is one more, so that they still sum."""
REST = "all others"
LESS = "less "
"""Before the label of what is taken off; its value stands as the figure itself has it."""


def drivers(bench: Bench, desk: Desk, figure: Figure) -> tuple[Driver, ...]:
    """The parts of a figure; of a ratio those of its numerator, which is what moves it.

    A sum of records of a project is told by cost code. What is beside a figure without being in it is no driver.
    """
    if isinstance(figure.metric.over, Ratio):
        figure = desk.measures.figure(figure.metric.over.numerator, figure.of)
    figure, parts = _own(desk, figure)
    if not figure.value:
        return ()
    unit = unit_of(figure.metric)
    same = [part for part in parts if part.unit == unit]
    if unit != "ratio" and len(same) > 1:
        return largest([_driver(bench, part, figure) for part in same], figure.value, unit)
    coded = _by_code(bench, desk, figure) if len(parts) < 2 else ()
    ordered = sorted(parts, key=lambda part: -abs(part.value))
    return coded or tuple(_driver(bench, part, figure) for part in ordered)


def _own(desk: Desk, figure: Figure) -> tuple[Figure, list[Part]]:
    """A figure and its terms; of one that stands for another of the same scope, that other's."""
    parts = [part for part in made_of(figure.term.tree()) if part.value and part.unit] if figure.term else []
    if len(parts) == 1 and parts[0].figure and parts[0].value == figure.value:
        named = references.parse(parts[0].figure)
        if named.scope == figure.scope and named.at.day == figure.as_of:
            return _own(desk, desk.measures.figure(named.metric, figure.of))
    return figure, parts


def _by_code(bench: Bench, desk: Desk, figure: Figure) -> tuple[Driver, ...]:
    """The cost codes and types of a project, or the types of one code of it, where they sum to its figure."""
    of = figure.of
    project = of.project if of.kind == "project" else of.members[0] if of.one_job else None
    if project is None or "leaf" not in figure.metric.kinds:
        return ()
    leaves = [leaf for leaf in desk.measures.sums.leaves(project.entity) if of.code in (None, leaf[1])]
    found = [desk.measures.figure(figure.metric.name, scopes.of_leaf(project, *leaf[1:])) for leaf in leaves]
    if len(found) < 2 or sum((each.value or Decimal(0) for each in found), Decimal(0)) != figure.value:
        return ()
    ordered = sorted((each for each in found if each.value), key=lambda each: -abs(each.value or Decimal(0)))
    cells = [bench.cell(desk, each) for each in ordered]
    if any(cell.value is None for cell in cells):
        return ()
    return largest([_of_cell(cell) for cell in cells], figure.value, unit_of(figure.metric))


def largest(
    found: Iterable[Driver], whole: Decimal, unit: str, *, most: int = MOST, change: bool = False
) -> tuple[Driver, ...]:
    """The largest parts, and one for all others when there are more; where parts do not sum to the whole, none."""
    ordered = sorted((one for one in found if one.value), key=lambda one: (one.label.startswith(LESS), -abs(one.value)))
    kept, others = ordered[:most], ordered[most:]
    if not others:
        return tuple(kept)
    rest = sum((one.value for one in others), Decimal(0))
    if sum((one.value for one in kept), rest) != whole:
        return tuple(kept)
    said = (moved if change else shown)(rest, unit)
    return (*kept, Driver(label=f"{REST} ({len(others)})", value=rest, unit=unit, shown=said))


def _driver(bench: Bench, part: Part, of: Figure) -> Driver:
    """A part under its own label, codes by name; what is taken off says so; another scope's figure is named by that."""
    label = bench.names.worded(part.label)
    if part.figure:
        named = references.parse(part.figure)
        if named.scope != of.scope:
            label = _of_another(bench, named, of, label)
    if part.sign < 0:
        label = f"{LESS}{label}"
    return Driver(label=label, value=part.value, unit=part.unit, shown=part.shown, ref=part.figure)


def _of_another(bench: Bench, named: references.Reference, of: Figure, label: str) -> str:
    """A member by its name alone where it is told by the same metric, else with what is told of it."""
    metric = BY_NAME[named.metric]
    of_people = "manager" in metric.kinds
    own = bench.names.subject(metric.name, named.scope) if of_people else bench.names.within(named.scope, of.scope)
    if metric.name == of.metric.name:
        return own
    return f"{own}: {metric.label}" if label.endswith(metric.label) else label


def _of_cell(cell: Cell) -> Driver:
    assert cell.value is not None  # asked for cells with a value only
    return Driver(label=cell.name, value=cell.value, unit=cell.unit, shown=cell.shown, ref=cell.ref)


WATERFALLS: dict[str, tuple[tuple[str, int], ...]] = {
    "gross_profit_at_completion": (("contract_value", 1), ("estimated_cost_at_completion", -1)),
    "net_profit_at_completion": (("gross_profit_at_completion", 1), ("overhead_at_completion", -1)),
}
"""A profit as what it starts from and what is taken off: sign by part."""
TOLD_AS = {
    "gross_margin_at_completion": "gross_profit_at_completion",
    "net_margin_at_completion": "net_profit_at_completion",
}


def chart(title: str, cells: Sequence[Cell], found: Sequence[Driver]) -> Chart | None:
    """A waterfall where the figure is a difference of two others, else bars of its drivers."""
    by_metric = {cell.metric: cell for cell in cells if cell.value is not None}
    whole = TOLD_AS.get(cells[0].metric, cells[0].metric)
    steps = WATERFALLS.get(whole, ())
    if steps and {whole, *(name for name, _ in steps)} <= by_metric.keys():
        points = [_step(by_metric[name], sign, first=name == steps[0][0]) for name, sign in steps]
        end = point(by_metric[whole], "end")
        if sum((Decimal(each["value"]) for each in points), Decimal(0)) == Decimal(end["value"]):
            return Chart(kind="waterfall", title=title, unit="money", points=(*points, end))
    return bars(title, found)


def bars(title: str, found: Sequence[Driver]) -> Chart | None:
    """Bars of drivers of one unit."""
    units = {one.unit for one in found}
    if len(found) < 2 or len(units) != 1:
        return None
    points = tuple(_bar(one) for one in found)
    return Chart(kind="bar", title=title, unit=units.pop(), points=points)


def _bar(one: Driver) -> dict[str, str]:
    """What is taken off goes the other way."""
    value, said = (-one.value, shown(-one.value, one.unit)) if one.label.startswith(LESS) else (one.value, one.shown)
    return {"label": one.label, "value": str(value), "shown": said, "ref": one.ref, "role": "point"}


def waterfall(title: str, start: Cell, found: Sequence[Driver], end: Cell) -> Chart | None:
    """From one end to the other through parts that sum to the difference; None when they do not."""
    parts = [{**_bar(one), "role": "part"} for one in found]
    if start.value is None or end.value is None or not parts:
        return None
    if start.value + sum((Decimal(each["value"]) for each in parts), Decimal(0)) != end.value:
        return None
    points = (point(start, "start"), *parts, point(end, "end"))
    return Chart(kind="waterfall", title=title, unit=start.unit, points=points)


def point(cell: Cell, role: str, label: str = "") -> dict[str, str]:
    """A cell as a point of a chart."""
    return {"label": label or cell.label, "value": str(cell.value), "shown": cell.shown, "ref": cell.ref, "role": role}


def _step(cell: Cell, sign: int, *, first: bool) -> dict[str, str]:
    if sign > 0:
        return point(cell, "start" if first else "part")
    assert cell.value is not None  # its metric was found among cells with a value
    unit = BY_NAME[cell.metric].unit
    return {**point(cell, "part", f"{LESS}{cell.label}"), "value": str(-cell.value), "shown": shown(-cell.value, unit)}
