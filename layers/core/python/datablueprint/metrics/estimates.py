"""Per cost code and type, the first method that its data support estimates the cost at completion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from datablueprint.metrics import formulas
from datablueprint.metrics.sums import Place, Sums
from datablueprint.metrics.terms import Term, cents, constant, largest, total
from datablueprint.settings import Policy

LEAST_PROGRESS = Decimal("0.20")
TRAILING_WEEKS = 4
METHODS = {
    "A": "closed: actual cost",
    "E6": "manual forecast on top of projected cost",
    "E1": "committed plus uncommitted budget",
    "E4": "labor hours at the rate of progress",
    "E5": "burn rate to the planned finish",
    "E3a": "earned value trend",
    "E2": "budget or actual",
}
"""In the order of the composite: the first that a leaf's data support is the leaf's estimate."""
ALONGSIDE = {"E3b": "earned value, the rest at budget rate", "E3c": "earned value trend in cost and time"}
"""Never chosen; they widen the range."""
NEEDS = {
    "E1": "a commitment",
    "E2": "an open project",
    "E3a": "cost, a budget and physical progress of 20% to 100%",
    "E3b": "cost, a budget and physical progress of 20% to 100%",
    "E3c": "cost, a budget, physical progress of 20% to 100% and planned value to date",
    "E4": "labor with budget hours and physical progress of 20% to 100%",
    "E5": "a time-driven cost code and a planned finish",
    "E6": "a manual forecast that is not stale",
}
"""What a method needs of a leaf, for the one who asked for it by name."""


@dataclass(frozen=True)
class Estimate:
    """One leaf's estimate: the method that was first to apply, and what the others say beside it."""

    place: Place
    method: str
    values: Mapping[str, Term]
    """Every method that the leaf's data support, with the floors applied, in cents."""
    leaf: LeafEstimator
    """The terms of the leaf."""
    stale_forecast: bool = False
    impossible_progress: bool = False

    @property
    def name(self) -> str:
        return f"{self.place[1]} {self.place[2]}"

    @property
    def eac(self) -> Term:
        return self.values[self.method].named(f"{self.name}: {METHODS[self.method]} ({self.method})")

    @property
    def lowest(self) -> Decimal:
        return min(term.value for term in self.values.values())

    @property
    def highest(self) -> Decimal:
        return max(term.value for term in self.values.values())

    @property
    def budget(self) -> Decimal:
        return self.leaf.budget.value

    @property
    def committed(self) -> Decimal:
        return self.leaf.committed.value

    @property
    def actual(self) -> Decimal:
        return self.leaf.actual.value

    @property
    def open_commitment(self) -> Decimal:
        return self.leaf.open_commitment.value

    @property
    def budget_exhausted(self) -> bool:
        """The budget is spent and nothing measured says what the rest will cost."""
        return self.method in ("E1", "E2") and 0 < self.budget < self.actual

    @property
    def hours_at_completion(self) -> Term:
        """As worked where cost is the estimate, by progress where that made it, else as budgeted or worked."""
        leaf = self.leaf
        if self.method == "A":
            return leaf.hours
        if self.method == "E4":
            return formulas.hours_at_completion(leaf.hours, leaf.progress).named("hours at the rate of progress")
        return largest(leaf.budget_hours, leaf.hours).named("budget hours, or hours worked when more")


@dataclass(frozen=True)
class Job:
    """What an estimate needs to know of a project beyond its facts."""

    closed: bool
    planned_finish_on: date | None
    cancelled: bool = False


class LeafEstimator:
    """The terms of one leaf and the methods over them (default composite of the metrics specification)."""

    def __init__(self, sums: Sums, place: Place, job: Job, policy: Policy) -> None:
        self.sums, self.place, self.job, self.policy = sums, place, job, policy

    def estimate(self) -> Estimate:
        """A closed or cancelled leaf has one estimate; else every method that applies, the first of them chosen."""
        values = {"A": self._done()} if self.job.closed or self.job.cancelled else self._values()
        return Estimate(
            place=self.place,
            method=next(iter(values)),
            values={method: cents(term) for method, term in values.items()},
            leaf=self,
            stale_forecast=self.stale_forecast and not self.job.closed,
            impossible_progress=self.impossible_progress and not self.job.closed,
        )

    def _done(self) -> Term:
        """What was spent; on a cancelled job also what it is still bound to pay."""
        return self.actual + self.open_commitment if self.job.cancelled else self.actual

    def _values(self) -> dict[str, Term]:
        methods = [*METHODS, *ALONGSIDE]
        if self.impossible_progress:
            methods = ["E6", "E1", "A", "E5", "E2"]
        found = ((method, self._method(method)) for method in methods)
        return {method: term for method, term in found if term is not None}

    def _method(self, method: str) -> Term | None:
        """A method's result with the floors applied, or None where its data are missing.

        A budget below zero expects credits: there neither a person's forecast nor the budget has a floor.
        """
        if method == "E2" and self.credit_only:
            return formulas.eac_credit(self.budget, self.actual)
        raw: Term | None = getattr(self, f"_{method.lower()}")()
        if method == "E6" and self.budget.value < 0:
            return raw
        return None if raw is None else formulas.floored(raw, self.actual, self.open_commitment)

    def _a(self) -> Term | None:
        """Of an open leaf only where more than all of the work is reported done."""
        return self.actual if self.impossible_progress else None

    def _e6(self) -> Term | None:
        if not self.has_forecast or self.stale_forecast:
            return None
        forecast = self.sums.leaf_sum(self.place, "forecast_to_complete", label="manual forecast to complete")
        return formulas.eac_manual(self.committed, self.actual, self.invoiced, forecast)

    def _e1(self) -> Term | None:
        if not self.committed.value:
            return None
        return formulas.eac_committed(self.budget, self.committed, self.actual, self.invoiced)

    def _e4(self) -> Term | None:
        if self.place[2] != "L" or not self.budget_hours.value or not self._progressed:
            return None
        return formulas.eac_labor_hours(self.actual, self.hours, self.progress, self._rate_to_come())

    def _e5(self) -> Term | None:
        finish = self.job.planned_finish_on
        if finish is None or not self.place[1].startswith(self.policy.time_driven_codes):
            return None
        weeks = Decimal(max(0, (finish - self.sums.as_of).days)) / 7
        weekly = self._trailing("amount") / constant(Decimal(TRAILING_WEEKS), "weeks")
        left = constant(weeks, f"weeks from {self.sums.as_of} to the planned finish {finish}")
        return formulas.eac_burn_rate(self.actual, weekly.named("cost per week"), left)

    def _e3a(self) -> Term | None:
        return formulas.eac_earned_value(self.actual, self.progress) if self.measured else None

    def _e3b(self) -> Term | None:
        return formulas.eac_atypical(self.actual, self.budget, self.earned) if self.measured else None

    def _e3c(self) -> Term | None:
        if not self.measured or not self.sums.has_leaf(self.place, "planned_value"):
            return None
        planned = self.sums.leaf_sum(self.place, "planned_value", label="planned value to date")
        if planned.value <= 0:
            return None
        return formulas.eac_cost_and_time(self.actual, self.budget, self.earned, planned)

    def _e2(self) -> Term:
        return formulas.eac_budget_or_actual(self.budget, self.actual, self.open_commitment)

    def _rate_to_come(self) -> Term:
        """Burdened money per hour of the last four complete weeks, else the budget's."""
        hours = self._trailing("hours")
        if hours.value > 0:
            return (self._trailing("amount") / hours).named("burdened rate of the last four complete weeks")
        return (self.budget / self.budget_hours).named("budget rate")

    def _trailing(self, column: str) -> Term:
        week_end = self.sums.as_of - timedelta(days=(self.sums.as_of.weekday() + 1) % 7)
        return self.sums.window(self.place, week_end - timedelta(weeks=TRAILING_WEEKS), week_end, column)

    @cached_property
    def budget(self) -> Term:
        return formulas.revised_budget(
            self.sums.leaf_sum(self.place, "original_budget", label="original budget"),
            self.sums.leaf_sum(self.place, "budget_modification", label="budget modifications"),
            self.sums.leaf_sum(self.place, "budget_change", label="approved changes at cost"),
        ).named("revised budget")

    @cached_property
    def committed(self) -> Term:
        return self.sums.leaf_sum(self.place, "commitment", "commitment_change", label="committed cost")

    @cached_property
    def actual(self) -> Term:
        return self.sums.leaf_sum(self.place, "cost", label="actual cost to date")

    @cached_property
    def invoiced(self) -> Term:
        return self.sums.leaf_sum(self.place, "cost", contract="any", label="invoiced on commitments")

    @cached_property
    def open_commitment(self) -> Term:
        """Sum over the leaf's commitments of what is signed and not invoiced, never below zero each."""
        each = []
        for contract in self.sums.contracts(self.place):
            signed = self.sums.leaf_sum(self.place, "commitment", "commitment_change", contract=contract)
            billed = self.sums.leaf_sum(self.place, "cost", contract=contract)
            each.append(formulas.open_on_line(signed, billed).named(f"open on {contract}"))
        return total(each, "open commitment")

    @cached_property
    def hours(self) -> Term:
        return self.sums.leaf_sum(self.place, "cost", column="hours", label="hours worked")

    @cached_property
    def budget_hours(self) -> Term:
        return self.sums.leaf_sum(self.place, "budget_hours", column="hours", label="budget hours")

    @cached_property
    def progress(self) -> Term:
        if self.planned.value <= 0:
            return constant(Decimal(0), "no planned quantity")
        return (self.installed / self.planned).named("physical percent complete")

    @cached_property
    def installed(self) -> Term:
        return self.sums.leaf_sum(self.place, "installed_quantity", column="quantity", label="installed quantity")

    @cached_property
    def planned(self) -> Term:
        return self.sums.leaf_sum(self.place, "planned_quantity", column="quantity", label="planned quantity")

    @cached_property
    def earned(self) -> Term:
        return formulas.earned_value(self.progress, self.budget).named("earned value")

    @property
    def measured(self) -> bool:
        """Earned value says something: enough physical progress, cost and a budget."""
        return self._progressed and self.actual.value > 0 and self.budget.value > 0

    @property
    def credit_only(self) -> bool:
        """A deductive budget without commitments: credits are still to come, so the floors do not hold."""
        return self.budget.value < 0 and not self.sums.contracts(self.place)

    @property
    def over_invoiced(self) -> Decimal:
        """What was invoiced on commitments of this leaf beyond their value."""
        excess = Decimal(0)
        for contract in self.sums.contracts(self.place):
            signed = self.sums.leaf_sum(self.place, "commitment", "commitment_change", contract=contract).value
            excess += max(Decimal(0), self.sums.leaf_sum(self.place, "cost", contract=contract).value - signed)
        return excess

    @property
    def _progressed(self) -> bool:
        return LEAST_PROGRESS <= self.progress.value <= 1

    @property
    def impossible_progress(self) -> bool:
        return self.progress.value > 1

    @property
    def has_forecast(self) -> bool:
        return self.sums.has_leaf(self.place, "forecast_to_complete")

    @property
    def stale_forecast(self) -> bool:
        if not self.has_forecast:
            return False
        made = self.sums.newest(self.place, "forecast_to_complete")
        return made is None or (self.sums.as_of - made).days > self.policy.forecast_stale_days
