"""Why a job's profit at completion moved between two points: parts that sum to the difference, to the cent.

A point is a day (when it happened) in a snapshot (when it was known). The
parts are differences of figures at the two points, so that each opens into the
records of either side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from datablueprint.errors import QuestionError
from datablueprint.metrics import scopes
from datablueprint.metrics.definition import Missing
from datablueprint.metrics.figures import pinned
from datablueprint.metrics.measures import Measures
from datablueprint.metrics.scopes import Project, Scope
from datablueprint.metrics.terms import Term, constant, figure, total
from datablueprint.tables import rows

Row = dict[str, Any]
PROFIT = "gross_profit_at_completion"
Cause = Literal["contracts", "approved changes", "other price effects", "budget", "performance"]
ZERO = Decimal(0)

FACTS = """
select measure, cost_code, cost_type, component, amount, accounting_on, reason, evidence
from facts
where state = 'counted' and project = ?
  and measure in ('original_contract', 'approved_change', 'original_budget', 'budget_modification', 'budget_change',
                  'commitment', 'commitment_change', 'forecast_to_complete', 'cost')
"""
BUDGET_MEASURES = ("original_budget", "budget_modification", "budget_change")


@dataclass(frozen=True)
class Point:
    """One end of a bridge."""

    measures: Measures

    @property
    def said(self) -> str:
        return f"{self.measures.as_of} as known on {self.measures.known_on}"

    def part(self, name: str, scope: Scope) -> Term:
        """A figure at this point, pinned to its snapshot; Missing when it is unavailable."""
        found = self.measures.figure(name, scope)
        if found.term is None:
            raise Missing(*(f"{term} at {self.said}" for term in found.missing))
        return figure(pinned(found.figure_id, self.measures.snapshot), found.term.value, found.metric.label)


@dataclass(frozen=True)
class Change:
    """A fact that is new, gone, or has another amount at the later point. `amount` is what it adds."""

    record_ids: tuple[str, ...]
    amount: Decimal
    what: Literal["new", "changed", "gone"]
    measure: str
    leaf: tuple[str, str]
    reason: str
    on: date | None
    late: bool
    """Dated on or before the earlier point's day, and not known then: a late posting or a back-dated edit."""


@dataclass(frozen=True)
class Part:
    """One cause. `term` is its effect on profit: favourable is positive."""

    cause: Cause
    label: str
    term: Term
    changes: tuple[Change, ...]
    method: str = ""
    """How the estimate was made before and is made now, where that changed."""

    @property
    def value(self) -> Decimal:
        return self.term.value


@dataclass(frozen=True)
class Bridge:
    """`term` is the difference of profit; its arguments are the parts."""

    project: Project
    earlier: Point
    later: Point
    start: Term
    end: Term
    term: Term
    parts: tuple[Part, ...]

    @property
    def late(self) -> list[Change]:
        """Everything dated on or before the earlier day that became known after it."""
        return [change for part in self.parts for change in part.changes if change.late]


def bridge(earlier: Measures, later: Measures, project_key: str) -> Bridge:
    """The profit bridge of one project; Missing names what cannot be told at which point."""
    before, after = Point(earlier), Point(later)
    second = later.scope(project_key)
    if second.kind != "project":
        raise QuestionError(f"A bridge is of one project, not of {project_key}")
    first = _as_it_was(earlier, second.job)
    start, end = before.part(PROFIT, first), after.part(PROFIT, second)
    changes = list(_changes(_facts(earlier, first.job), _facts(later, second.job), until=earlier.as_of))
    ends = _Ends(before, after, first, second)
    found = (*_price_parts(ends, changes), *_leaf_parts(ends, changes))
    parts = tuple(part for part in found if part.value or part.changes)
    whole = total([part.term for part in parts], f"change of gross profit from {before.said} to {after.said}")
    return Bridge(second.job, before, after, start, end, whole, parts)


def _as_it_was(earlier: Measures, project: Project) -> Scope:
    """The same project at the earlier point, whatever its number was then."""
    held = earlier.projects.get(project.entity)
    if held is None:
        raise QuestionError(
            f"{project.key} {project.name} was not there on {earlier.as_of} as known on {earlier.known_on}"
        )
    return scopes.of_project(held)


@dataclass(frozen=True)
class _Ends:
    """The two points of one project, compared figure by figure."""

    before: Point
    after: Point
    first: Scope
    second: Scope

    def gained(self, name: str) -> Term:
        """By how much a figure of the project grew."""
        return self.after.part(name, self.second) - self.before.part(name, self.first)

    def saved(self, name: str, leaf: tuple[str, str]) -> Term:
        """By how much a figure of a leaf shrank; a leaf that is not there counts as nothing."""
        return self._of_leaf(self.before, self.first, name, leaf) - self._of_leaf(self.after, self.second, name, leaf)

    def _of_leaf(self, point: Point, scope: Scope, name: str, leaf: tuple[str, str]) -> Term:
        if leaf not in _methods(point, scope):
            return constant(ZERO, f"{leaf[0]} {leaf[1]} is not there at {point.said}")
        return point.part(name, scopes.of_leaf(scope.job, *leaf))


def _price_parts(ends: _Ends, changes: list[Change]) -> Iterator[Part]:
    causes: tuple[tuple[Cause, str, str], ...] = (
        ("contracts", "original_contract_value", "original_contract"),
        ("approved changes", "approved_change_orders", "approved_change"),
    )
    for cause, name, measure in causes:
        mine = tuple(c for c in changes if c.measure == measure)
        yield Part(cause, cause, ends.gained(name), mine)
    rest = ends.gained("contract_value") - ends.gained("revised_contract_value")
    yield Part("other price effects", "other price effects (fee, cap, quantities)", rest, ())


def _leaf_parts(ends: _Ends, changes: list[Change]) -> Iterator[Part]:
    """Per leaf the budget that came with changes, and how the estimate moved against the budget."""
    early, late = _methods(ends.before, ends.first), _methods(ends.after, ends.second)
    by_leaf: dict[tuple[str, str], list[Change]] = defaultdict(list)
    for change in changes:
        by_leaf[change.leaf].append(change)
    for leaf in sorted({*early, *late}):
        label = f"{leaf[0]} {leaf[1]}"
        budget = tuple(c for c in by_leaf[leaf] if c.measure in BUDGET_MEASURES)
        others = tuple(c for c in by_leaf[leaf] if c.measure not in BUDGET_MEASURES)
        yield Part("budget", label, ends.saved("revised_budget", leaf), budget)
        changed = "" if early.get(leaf) == late.get(leaf) else f"{early.get(leaf, 'none')} -> {late.get(leaf, 'none')}"
        yield Part("performance", label, ends.saved("cost_code_erosion", leaf), others, changed)


def _methods(point: Point, scope: Scope) -> dict[tuple[str, str], str]:
    """Estimating method per leaf."""
    return {(e.place[1], e.place[2]): e.method for e in point.measures.estimates(scope.job)}


def _facts(measures: Measures, project: Project) -> dict[str, Row]:
    """The project's facts up to the day, by what they rest on: an edited record keeps its key."""
    found: dict[str, Row] = {}
    for fact in rows(measures.query.sql(FACTS, (project.entity,), snapshot=measures.snapshot)):
        if fact["accounting_on"] is None or fact["accounting_on"] <= measures.as_of:
            held = found.setdefault(_key(fact), {**fact, "amount": ZERO})
            held["amount"] += fact["amount"] or ZERO
    return found


def _key(fact: Row) -> str:
    records = sorted(f"{e['record_id']}{e['pointer']}{e['role']}" for e in fact["evidence"] if e["role"] != "mirror")
    return "|".join((fact["measure"], str(fact["cost_code"]), str(fact["cost_type"]), str(fact["component"]), *records))


def _changes(earlier: dict[str, Row], later: dict[str, Row], *, until: date) -> Iterator[Change]:
    for key in sorted({*earlier, *later}):
        old, new = earlier.get(key), later.get(key)
        amount = (new["amount"] or ZERO if new else ZERO) - (old["amount"] or ZERO if old else ZERO)
        fact = new or old
        if not amount or fact is None:
            continue
        on = fact["accounting_on"]
        yield Change(
            record_ids=tuple(dict.fromkeys(e["record_id"] for e in fact["evidence"])),
            amount=amount,
            what="new" if old is None else "gone" if new is None else "changed",
            measure=fact["measure"],
            leaf=(fact["cost_code"] or "", fact["cost_type"] or "O"),
            reason=fact["reason"],
            on=on,
            late=on is not None and on <= until,
        )
