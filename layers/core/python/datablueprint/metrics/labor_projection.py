"""What labor comes to if it goes on like this, three ways, and the margin that leaves (specification, section 14)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from datablueprint.metrics.burn import WEEKS, budget_hours_of
from datablueprint.metrics.definition import Metric, Missing, Ratio, Told
from datablueprint.metrics.estimates import LEAST_PROGRESS, Estimate
from datablueprint.metrics.formulas import labor as formulas
from datablueprint.metrics.formulas import margin
from datablueprint.metrics.labor_facts import labor_leaves, required_leaves
from datablueprint.metrics.scopes import Scope
from datablueprint.metrics.terms import Term, constant, largest, total

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

PRICE, EAC, LABOR_EAC = "contract_value", "estimated_cost_at_completion", "estimated_labor_at_completion"
BY_PROGRESS, BY_TIME, BY_BUDGET = "projected_labor_by_progress", "projected_labor_by_time", "projected_labor_by_budget"
PROJECTED, AT_BURN = "projected_labor_at_completion", "profit_at_current_burn"
VIEWS = {BY_PROGRESS: "by progress", BY_TIME: "by time", BY_BUDGET: "by budget"}
NO_FINISH = "planned finish (the Procore project)"


def projected_by_progress(measures: Measures, scope: Scope) -> Told:
    """PL1: hours at the rate of progress where a code has both, else the code's estimate."""
    leaves = required_leaves(measures, scope)
    if scope.job.closed:
        return _closed(measures, scope)
    measures.parts(scope, EAC, "labor_progress")
    by_hours = [e for e in leaves if "E4" in e.values]
    each = [(e.values["E4"] if e in by_hours else e.eac).named(f"{e.name} at completion") for e in leaves]
    others = len(leaves) - len(by_hours)
    notes = (f"{others} labor codes without hours and progress are at their estimate",) if others else ()
    return Told(total(each, "each labor code"), "hours at the rate of progress", notes)


def projected_by_time(measures: Measures, scope: Scope) -> Told:
    """PL2: the pace of the last weeks goes on to the planned finish."""
    required_leaves(measures, scope)
    if scope.job.closed:
        return _closed(measures, scope)
    finish = scope.job.planned_finish_on
    if finish is None:
        raise Missing(NO_FINISH)
    actual, weekly = measures.parts(scope, "labor_cost", "labor_cost_per_week")
    days = constant(Decimal(max(0, (finish - measures.as_of).days)), f"days to the planned finish {finish}")
    left = days / constant(Decimal(7), "days of a week")
    notes = (f"the planned finish {finish} has passed",) if finish < measures.as_of else ()
    return Told(formulas.labor_by_time(actual, weekly, left), f"pace of {WEEKS} weeks to the planned finish", notes)


def projected_by_budget(measures: Measures, scope: Scope) -> Told:
    """PL3: the budget hours that are left, at the rate of the last weeks."""
    leaves = required_leaves(measures, scope)
    if scope.job.closed:
        return _closed(measures, scope)
    actual, _ = measures.parts(scope, "labor_cost", "labor_budget_hours")
    each = [largest(e.leaf.budget_hours - e.leaf.hours, constant(Decimal(0))) for e in leaves]
    left = total([hours.named(f"{e.name} hours left") for e, hours in zip(leaves, each, strict=True)], "hours left")
    rate, said = _rate_to_come(measures, scope, leaves)
    return Told(formulas.labor_by_budget(actual, left, rate), f"budget hours left at {said}")


def _rate_to_come(measures: Measures, scope: Scope, leaves: list[Estimate]) -> tuple[Term, str]:
    weekly, hours = measures.parts(scope, "labor_cost_per_week", "labor_hours_per_week")
    if hours.value > 0:
        return formulas.burdened_rate(weekly, hours), f"the burdened rate of the last {WEEKS} weeks"
    planned = [e for e in leaves if e.leaf.budget_hours.value]
    budget = total([e.leaf.budget for e in planned], "labor budget of the codes with hours")
    return formulas.burdened_rate(budget, budget_hours_of(planned)), "the budget rate: nobody worked lately"


def _closed(measures: Measures, scope: Scope) -> Told:
    return Told(measures.part(scope, "labor_cost"), "closed: actual labor")


def projected_labor(measures: Measures, scope: Scope) -> Told:
    """The headline of the three views, chosen by what is known; the others are told beside it."""
    required_leaves(measures, scope)
    if scope.job.closed:
        return _closed(measures, scope)
    name, why = _headline(measures, scope)
    term = measures.part(scope, name)
    others = tuple(_beside(measures, scope, view) for view in VIEWS if view != name)
    return Told(term, f"{VIEWS[name]}: {why}", others)


def _headline(measures: Measures, scope: Scope) -> tuple[str, str]:
    progress = measures.figure("labor_progress", scope).term
    if progress and progress.value >= LEAST_PROGRESS:
        return BY_PROGRESS, f"{progress.value * 100:.1f}% of the labor is measured as done"
    why = "less than a fifth of the labor is measured as done" if progress else "its progress is not measured"
    worked = measures.part(scope, "labor_hours_per_week").value > 0
    if worked and scope.job.planned_finish_on:
        return BY_TIME, why
    return BY_BUDGET, f"{why}, and {'the planned finish is unknown' if worked else 'nobody worked lately'}"


def _beside(measures: Measures, scope: Scope, view: str) -> str:
    found = measures.figure(view, scope)
    said = f"{found.term.value:,.2f}" if found.term else f"unavailable ({found.missing[0]})"
    return f"{VIEWS[view]} it would be {said}"


def profit_at_current_burn(measures: Measures, scope: Scope) -> Told:
    """Without any labor code the burn changes nothing: it is the gross profit."""
    price, eac = measures.parts(scope, PRICE, EAC)
    if not labor_leaves(measures, scope):
        return Told(price - eac, "no labor is self-performed: the gross profit", ("no cost code has labor",))
    estimated, projected = measures.parts(scope, LABOR_EAC, PROJECTED)
    told = measures.figure(PROJECTED, scope)
    found = formulas.profit_at_burn(price, eac, estimated, projected)
    return Told(found, f"labor {told.method}", told.assumptions)


def margin_at_current_burn(measures: Measures, scope: Scope) -> Told:
    profit, price = measures.parts(scope, AT_BURN, PRICE)
    if price.value <= 0:
        raise Missing("a contract value above zero")
    told = measures.figure(AT_BURN, scope)
    return Told(margin(profit, price), told.method, told.assumptions)


METRICS = (
    Metric(
        BY_PROGRESS,
        "projected labor at completion by progress",
        "money",
        "labor at completion if hours keep going as they went for the work done so far",
        "sum of labor cost + (hours / progress - hours) x burdened rate, else the code's estimate",
        projected_by_progress,
        over="sum",
        needs=("budget", "cost"),
        section=14,
    ),
    Metric(
        BY_TIME,
        "projected labor at completion by time",
        "money",
        "labor at completion if the pace of the last four weeks goes on to the planned finish",
        "labor cost + labor cost per week x weeks to the planned finish",
        projected_by_time,
        over="sum",
        needs=("cost",),
        section=14,
    ),
    Metric(
        BY_BUDGET,
        "projected labor at completion by budget",
        "money",
        "labor at completion if the budget hours that are left are worked at the rate of the last four weeks",
        "labor cost + budget hours left x burdened rate",
        projected_by_budget,
        over="sum",
        needs=("budget", "cost"),
        section=14,
    ),
    Metric(
        PROJECTED,
        "projected labor at completion",
        "money",
        "labor at completion by progress where a fifth of it is measured, else by time, else by budget",
        "the first view that the data support",
        projected_labor,
        over="sum",
        needs=("budget", "cost"),
        section=14,
    ),
    Metric(
        AT_BURN,
        "profit at current labor burn",
        "money",
        "gross profit at completion with the estimate's labor replaced by the projected labor",
        "contract value - (estimated cost at completion - its labor + projected labor)",
        profit_at_current_burn,
        over="sum",
        needs=("contract", "budget", "cost"),
        section=14,
    ),
    Metric(
        "margin_at_current_burn",
        "margin at current labor burn",
        "ratio",
        "gross margin at completion if labor goes on as it does now",
        "profit at current labor burn / contract value",
        margin_at_current_burn,
        over=Ratio(AT_BURN, PRICE),
        needs=("contract", "budget", "cost"),
        section=14,
    ),
)
