"""Every cost of type labor by code, day, basis and component: what it paid for, and when (section 13)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datablueprint.metrics.definition import Missing
from datablueprint.metrics.estimates import Estimate
from datablueprint.metrics.scopes import Scope, of_project
from datablueprint.metrics.sums import OPEN_TIME, Selection
from datablueprint.metrics.terms import Term, total

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

Row = dict[str, Any]
LABOR, WAGES = "L", "wages"
NO_LABOR = "self-performed labor (a cost code of type L)"
LABOR_FACTS = """
select project, cost_code, basis, component, accounting_on, sum(amount) as amount, sum(hours) as hours
from facts
where state = 'counted' and measure = 'cost' and cost_type = 'L' and project is not null
  and (accounting_on is null or accounting_on <= cast(? as date))
group by project, cost_code, basis, component, accounting_on
"""


class LaborFacts:
    """Cost of type labor of every job, grouped once per Measures."""

    def __init__(self, measures: Measures) -> None:
        self.until = measures.as_of
        self.everyone = measures.sums.grouped(LABOR_FACTS)
        self._of: dict[str, list[Row]] = defaultdict(list)
        for row in self.everyone:
            self._of[row["project"]].append(row)
        self._open_time: dict[str, list[Row]] = defaultdict(list)
        for row in measures.sums.grouped(OPEN_TIME):
            if row["cost_type"] == LABOR:
                self._open_time[row["project"]].append(row)
        self.burdens = tuple(sorted({r["component"] for r in self.everyone} - {None, WAGES}))

    def of(self, scope: Scope) -> list[Row]:
        """Of a job, of one of its labor codes, or of all jobs."""
        if scope.project is None:
            return self.everyone
        return _within(scope, self._of[scope.project.entity])

    def open_time(self, scope: Scope, column: str = "amount") -> Term | None:
        """Of a job or labor code: time until the day that a pay run dated after it pays (rule D7); None for none."""
        held = _within(scope, self._open_time[scope.job.entity])
        if not held:
            return None
        selection = Selection(
            ("payroll_accrual",),
            scope.job.entity,
            cost_code=scope.leaf[0] if scope.leaf else None,
            cost_type=LABOR,
            subject=tuple(sorted({row["subject"] for row in held})),
            until=self.until,
            column=column,
        )
        value = sum((row[column] for row in held if row[column] is not None), Decimal(0))
        return selection.term(value, "time that payroll had yet to pay")

    def sum(
        self,
        scope: Scope,
        label: str,
        *,
        column: str = "amount",
        basis: str | tuple[str, ...] | None = None,
        component: str | tuple[str, ...] | None = None,
        after: date | None = None,
        until: date | None = None,
    ) -> Term:
        """Of days after one (exclusive) to another (inclusive; default: the day of the figures)."""
        selection = Selection(
            ("cost",),
            scope.project.entity if scope.project else "*",
            cost_code=scope.leaf[0] if scope.leaf else None,
            cost_type=LABOR,
            basis=basis,
            component=component,
            after=after,
            until=until or self.until,
            column=column,
        )
        held = [r[column] for r in self.of(scope) if r[column] is not None and _belongs(r, selection)]
        return selection.term(sum(held, Decimal(0)), label)


def _within(scope: Scope, held: list[Row]) -> list[Row]:
    return [r for r in held if r["cost_code"] == scope.leaf[0]] if scope.leaf else held


def _belongs(row: Row, wanted: Selection) -> bool:
    day = row["accounting_on"]
    if wanted.after and (day is None or day <= wanted.after):
        return False
    if wanted.until and day is not None and day > wanted.until:
        return False
    return _is(row["basis"], wanted.basis) and _is(row["component"], wanted.component)


def _is(held: str | None, wanted: str | tuple[str, ...] | None) -> bool:
    return wanted is None or (held in wanted if isinstance(wanted, tuple) else held == wanted)


def labor_facts(measures: Measures) -> LaborFacts:
    return measures.once(LaborFacts)


def is_labor(scope: Scope) -> bool:
    """A project, or a leaf of type labor."""
    return scope.leaf is None or scope.leaf[1] == LABOR


def labor_leaves(measures: Measures, scope: Scope) -> list[Estimate]:
    """The labor codes of a project with their terms, or the one labor code that is asked for."""
    found = [e for e in measures.estimates(scope.job) if e.place[2] == LABOR]
    return [e for e in found if scope.leaf in (None, e.place[1:])]


def required_leaves(measures: Measures, scope: Scope) -> list[Estimate]:
    """The labor codes; Missing when there are none."""
    leaves = labor_leaves(measures, scope)
    if not leaves:
        raise Missing(NO_LABOR)
    return leaves


def labor_sum(measures: Measures, scope: Scope, label: str, **chosen: Any) -> Term:
    """Nothing but type labor is labor: the labor of another cost type is none."""
    if not is_labor(scope):
        return total([], "no labor in this cost type")
    return labor_facts(measures).sum(scope, label, **chosen)


def labor_to_date(measures: Measures, scope: Scope, label: str, column: str = "amount") -> Term:
    """Cost or hours of labor to the day, as its codes' cost to date has them: with time that payroll had yet to pay."""
    found = labor_sum(measures, scope, label, column=column)
    early = labor_facts(measures).open_time(scope, column) if is_labor(scope) else None
    return found if early is None else (found + early).named(label)


def unpaid_time(measures: Measures, scope: Scope, column: str = "amount") -> Decimal:
    """What of labor to date is time that no pay run had paid by the day."""
    early = labor_facts(measures).open_time(scope, column) if is_labor(scope) else None
    waiting = labor_sum(measures, scope, "", column=column, basis="unprocessed_time").value
    return waiting + (early.value if early else Decimal(0))


def is_without_register(measures: Measures, scope: Scope) -> bool:
    """Labor was posted here, and no pay line of its project says what of it is wages and what burden."""
    held = labor_facts(measures).of(of_project(scope.job))
    return not any(row["component"] for row in held) and bool(labor_sum(measures, scope, "", basis="posted").value)


def is_without_hours(measures: Measures, scope: Scope) -> bool:
    """Labor has cost here, and no record of its project's labor carries hours."""
    facts, project = labor_facts(measures), of_project(scope.job)
    timed = any(row["hours"] is not None for row in facts.of(project)) or facts.open_time(project, "hours") is not None
    return not timed and bool(labor_sum(measures, scope, "").value)
