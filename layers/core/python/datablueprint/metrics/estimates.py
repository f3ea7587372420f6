"""Per cost code and type, the first method that its data support estimates the cost at completion."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Estimate:
    """One leaf's estimate: the method that was first to apply, and what the others would have said."""

    place: Place
    method: str
    eac: Term
    budget: Decimal
    committed: Decimal
    actual: Decimal
    open_commitment: Decimal
    lowest: Decimal
    highest: Decimal
    stale_forecast: bool = False
    impossible_progress: bool = False


@dataclass(frozen=True)
class Job:
    """What an estimate needs to know of a project beyond its facts."""

    closed: bool
    planned_finish_on: date | None


class LeafEstimator:
    """The terms of one leaf and the methods over them (default composite of the metrics specification)."""

    def __init__(self, sums: Sums, place: Place, job: Job, policy: Policy) -> None:
        self.sums, self.place, self.job, self.policy = sums, place, job, policy

    def estimate(self) -> Estimate:
        values = {method: term for method in METHODS if (term := self._method(method)) is not None}
        chosen = next(iter(values))
        if self.impossible_progress and chosen in ("E4", "E3a", "E2", "E5"):
            chosen = "A"
            values["A"] = self.actual
        results = [cents(term).value for method, term in values.items() if method != "A" or chosen == "A"]
        label = f"{self.place[1]} {self.place[2]}: {METHODS[chosen]} ({chosen})"
        return Estimate(
            place=self.place,
            method=chosen,
            eac=cents(values[chosen]).named(label),
            budget=self.budget.value,
            committed=self.committed.value,
            actual=self.actual.value,
            open_commitment=self.open_commitment.value,
            lowest=min(results),
            highest=max(results),
            stale_forecast=self.stale_forecast and not self.job.closed,
            impossible_progress=self.impossible_progress and not self.job.closed,
        )

    def _method(self, method: str) -> Term | None:
        """A method's result with the floors applied, or None where its data are missing."""
        if method == "A":
            return self.actual if self.job.closed else None
        raw = getattr(self, f"_{method.lower()}")()
        return None if raw is None else formulas.floored(raw, self.actual, self.open_commitment)

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
        if not self._progressed or self.actual.value <= 0 or not self.budget.value:
            return None
        return formulas.eac_earned_value(self.actual, self.progress)

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
            each.append(largest(signed - billed, constant(Decimal(0))).named(f"open on {contract}"))
        return total(each, "open commitment")

    @cached_property
    def hours(self) -> Term:
        return self.sums.leaf_sum(self.place, "cost", column="hours", label="hours worked")

    @cached_property
    def budget_hours(self) -> Term:
        return self.sums.leaf_sum(self.place, "budget_hours", column="hours", label="budget hours")

    @cached_property
    def progress(self) -> Term:
        installed = self.sums.leaf_sum(self.place, "installed_quantity", column="quantity", label="installed quantity")
        planned = self.sums.leaf_sum(self.place, "planned_quantity", column="quantity", label="planned quantity")
        if planned.value <= 0:
            return constant(Decimal(0), "no planned quantity")
        return (installed / planned).named("physical percent complete")

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
