"""Every cost of type labor by code, day, basis and component: what it paid for, and when (section 13)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datablueprint.metrics.definition import Missing
from datablueprint.metrics.estimates import Estimate
from datablueprint.metrics.scopes import Scope
from datablueprint.metrics.sums import Selection
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
        self.burdens = tuple(sorted({r["component"] for r in self.everyone} - {None, WAGES}))

    def of(self, scope: Scope) -> list[Row]:
        """Of a job, of one of its labor codes, or of all jobs."""
        if scope.project is None:
            return self.everyone
        held = self._of[scope.project.entity]
        return [r for r in held if r["cost_code"] == scope.leaf[0]] if scope.leaf else held

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
