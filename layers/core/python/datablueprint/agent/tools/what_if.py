"""What a scope would be under assumptions, beside today: nothing in it is a fact, and all of it says so."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from datablueprint.agent.query import Query
from datablueprint.agent.results import Cell, Column, Driver, Line, ResultSet
from datablueprint.agent.tools import caveats
from datablueprint.agent.tools.drivers import LESS, bars, waterfall
from datablueprint.agent.tools.naming import restated
from datablueprint.errors import QuestionError
from datablueprint.formats import moved
from datablueprint.metrics import metric
from datablueprint.metrics.scenarios import SPELLINGS, Scenario
from datablueprint.metrics.terms import Term
from datablueprint.metrics.whatif import SHOWN as SUPPOSABLE
from datablueprint.metrics.whatif import Effect
from datablueprint.references import Reference, hypothesis
from datablueprint.statements import checked

if TYPE_CHECKING:
    from datablueprint.agent.tools.bench import Bench
    from datablueprint.desk import Desk

CONTRACT, EAC, PROFIT = "contract_value", "estimated_cost_at_completion", "gross_profit_at_completion"
MARGIN = "gross_margin_at_completion"
OVERHEAD = "overhead_at_completion"
AFTER_OVERHEAD = ("net_profit_at_completion", "net_margin_at_completion")
OF_NET = (OVERHEAD, *AFTER_OVERHEAD)
COLUMNS = ("today", "supposed", "change")


def what_if(bench: Bench, query: Query) -> ResultSet:
    """`query.scope` under `query.scenario`; QuestionError when the metric or an assumption cannot be supposed."""
    desk = bench.desk_of(query)
    asked = metric(query.metric or MARGIN).name
    if asked not in SUPPOSABLE:
        raise QuestionError(f"{asked} cannot be supposed; these can: {', '.join(SUPPOSABLE)}")
    if not query.scenario:
        raise QuestionError(f"Nothing is supposed. Say: {'; '.join(SPELLINGS)}")
    scenario = Scenario.of(query.scenario)
    texts = tuple(assumption.text for assumption in scenario.assumptions)
    query = query.model_copy(update={"metric": asked, "scenario": texts})
    found = hypothesis(desk, query.scope, texts)
    lines = tuple(_line(bench, desk, query, name) for name in _wanted(asked))
    head = lines[0].cells["supposed"]
    effects = () if head.withheld else _with_overhead(tuple(_effects(desk, found.effects, asked)), lines, asked)
    title = f"HYPOTHETICAL: {restated(query, bench.names, desk)}"
    today, supposed = (_cells(lines, column).get(_money(asked)) for column in ("today", "supposed"))
    told = waterfall(title, today, effects, supposed) if today and supposed else None
    notes = (*(note for each in found.effects for note in each.notes), *found.left_out)
    return ResultSet(
        result_id="",
        query=query,
        title=title,
        headline=head.ref,
        columns=tuple(Column(key=key, label=key, unit=lines[0].cells[key].unit) for key in COLUMNS),
        lines=lines,
        row_count=len(lines),
        drivers=effects,
        chart=told or bars(title, effects),
        notes=tuple(dict.fromkeys((*notes, *lines[0].cells["today"].assumptions))),
        caveats=caveats.caveats(bench, desk, desk.measures.figure(asked, found.scope)),
        conflicts=caveats.conflicts(bench, desk, found.scope),
        hypothetical=True,
    )


def _wanted(asked: str) -> list[str]:
    """The metric asked for first; what is after overhead only when it was asked for."""
    rest = [name for name in SUPPOSABLE if name != asked and (asked in OF_NET or name not in OF_NET)]
    return [asked, *rest]


def _money(asked: str) -> str:
    return {MARGIN: PROFIT, "net_margin_at_completion": "net_profit_at_completion"}.get(asked, asked)


def _line(bench: Bench, desk: Desk, query: Query, name: str) -> Line:
    point = bench.point(desk)
    today = bench.cell(desk, desk.measures.figure(name, desk.measures.scope(query.scope)))
    supposed = bench.referred(Reference(name, today.scope, point, supposed=query.scenario))
    change = bench.referred(Reference(name, today.scope, point, since=point, supposed=query.scenario))
    return Line(scope=today.scope, name=today.label, cells={"today": today, "supposed": supposed, "change": change})


def _cells(lines: tuple[Line, ...], column: str) -> dict[str, Cell]:
    return {line.cells[column].metric: line.cells[column] for line in lines}


def _effects(desk: Desk, effects: tuple[Effect, ...], asked: str) -> Iterator[Driver]:
    """What each assumption does to the money of the metric, re-added; overhead follows from the others."""
    for effect in effects:
        term: Term = {CONTRACT: effect.price, EAC: effect.cost}.get(asked, effect.profit)
        value = Decimal(checked(desk, term)["value"])
        of = {CONTRACT: "contract value", EAC: "estimated cost"}.get(asked, "gross profit")
        if value:
            label = f"{effect.assumption.text}: {of}"
            yield Driver(label=label, value=value, unit="money", shown=moved(value, "money"))


def _with_overhead(effects: tuple[Driver, ...], lines: tuple[Line, ...], asked: str) -> tuple[Driver, ...]:
    """For what is after overhead: the change of the overhead too, so that the effects sum to the change."""
    change = _cells(lines, "change").get(OVERHEAD)
    if asked not in AFTER_OVERHEAD or change is None or not change.value:
        return effects
    label = f"{LESS}home-office overhead"
    return (*effects, Driver(label=label, value=change.value, unit="money", shown=change.shown, ref=change.ref))
