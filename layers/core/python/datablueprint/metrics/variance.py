"""Whether rate or pace explains what labor cost against the hours that its work was allowed (section 16).

The budget rate is taken as burdened, like the cost it is compared with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from datablueprint.metrics import scopes
from datablueprint.metrics.definition import Kind, Metric, Missing, Ratio, Rule, Told
from datablueprint.metrics.estimates import Estimate, LeafEstimator
from datablueprint.metrics.figures import Figure
from datablueprint.metrics.formulas import variance as formulas
from datablueprint.metrics.labor_facts import labor_leaves, required_leaves
from datablueprint.metrics.scopes import Scope
from datablueprint.metrics.terms import Term, figure, total

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

BURDENED = "the budget rate is taken as burdened, like the actual cost"
NO_HOURS = "budget hours (the Procore budget)"
NO_PROGRESS = "physical progress (planned and installed quantities in Procore)"
IMPOSSIBLE = "progress between 0 and 1 (Procore has more installed than planned)"
JOB_AND_CODE: tuple[Kind, ...] = ("project", "leaf")

OfLeaf = Callable[[LeafEstimator], Told]


def _progress(leaf: LeafEstimator) -> Term:
    planned = leaf.sums.leaf_sum(leaf.place, "planned_quantity", column="quantity").value
    if planned <= 0:
        raise Missing(NO_PROGRESS)
    if not 0 <= leaf.progress.value <= 1:
        raise Missing(IMPOSSIBLE)
    return leaf.progress


def _budget_hours(leaf: LeafEstimator) -> Term:
    """Missing without budget hours; hours that were never budgeted are named as that."""
    if leaf.budget_hours.value > 0:
        return leaf.budget_hours
    if is_unbudgeted(leaf):
        raise Missing(f"{NO_HOURS}: {unbudgeted(leaf)}")
    raise Missing(NO_HOURS)


def is_unbudgeted(leaf: LeafEstimator) -> bool:
    nothing_planned = leaf.budget_hours.value <= 0 and leaf.budget.value <= 0
    return nothing_planned and bool(leaf.hours.value or leaf.actual.value)


def unbudgeted(leaf: LeafEstimator) -> str:
    return f"all {leaf.actual.value:,.2f} on {leaf.hours.value:,.2f} hours is unbudgeted labor"


def _standard_rate(leaf: LeafEstimator) -> Term:
    return formulas.standard_rate(leaf.budget, _budget_hours(leaf)).named("standard rate")


def _standard_hours(leaf: LeafEstimator) -> Term:
    hours = _budget_hours(leaf)
    return formulas.standard_hours(_progress(leaf), hours).named("standard hours")


def standard_rate_of(leaf: LeafEstimator) -> Told:
    return Told(_standard_rate(leaf), "revised labor budget over budget hours", (BURDENED,))


def standard_hours_of(leaf: LeafEstimator) -> Told:
    return Told(_standard_hours(leaf), "progress x budget hours")


def actual_rate_of(leaf: LeafEstimator) -> Told:
    if leaf.hours.value <= 0:
        raise Missing("hours worked (the payroll register or Procore time entries)")
    return Told(formulas.actual_rate(leaf.actual, leaf.hours), "burdened cost over hours worked")


def _priced(leaf: LeafEstimator) -> Term:
    priced = formulas.share_of_budget(leaf.budget, leaf.hours, _budget_hours(leaf))
    return priced.named("hours worked at the standard rate")


def _earned(leaf: LeafEstimator) -> Term:
    _progress(leaf)
    return formulas.share_of_budget(leaf.budget, leaf.installed, leaf.planned).named("budget of the work done")


def rate_variance_of(leaf: LeafEstimator) -> Told:
    _standard_hours(leaf)
    found = formulas.rate_variance_of_money(_priced(leaf), leaf.actual)
    return Told(found, "hours worked at the standard rate, less their cost", (BURDENED, *_without_hours(leaf)))


def efficiency_variance_of(leaf: LeafEstimator) -> Told:
    found = formulas.efficiency_variance_of_money(_earned(leaf), _priced(leaf))
    return Told(found, "hours allowed for the work done less hours worked, at the standard rate", (BURDENED,))


def total_variance_of(leaf: LeafEstimator) -> Told:
    """With money and no hours in the budget there is a total, and nothing that splits it."""
    if leaf.budget_hours.value <= 0 and leaf.budget.value > 0:
        found = formulas.total_variance_of_money(_earned(leaf), leaf.actual)
        return Told(found, "earned budget less cost", (BURDENED, "the budget has no hours: there is only a total"))
    _standard_hours(leaf)
    found = formulas.total_variance_of_money(_earned(leaf), leaf.actual)
    return Told(found, "hours allowed at the standard rate, less cost", (BURDENED,))


def _without_hours(leaf: LeafEstimator) -> tuple[str, ...]:
    """Cost without hours is all rate variance; it says so."""
    if leaf.actual.value and not leaf.hours.value:
        return (f"{leaf.actual.value:,.2f} of cost carries no hours",)
    return ()


def _summed(name: str, of_leaf: OfLeaf) -> Rule:
    """Of one labor code, or the sum over a job's labor codes that have it; who is left out is said."""

    def rule(measures: Measures, scope: Scope) -> Told:
        leaves = required_leaves(measures, scope)
        if scope.leaf:
            return of_leaf(leaves[0].leaf)
        found = [(e, measures.figure(name, scopes.of_leaf(scope.job, *e.place[1:]))) for e in leaves]
        found = [(e, f if _splits(e) or not f.term else _unsplit(f)) for e, f in found]
        told = [figure(f.figure_id, f.term.value, e.name) for e, f in found if f.term]
        left_out = tuple(f"{e.name} is left out: {f.missing[0]} is missing" for e, f in found if not f.term)
        if not told:
            raise Missing(*(f.missing[0] for _, f in found))
        return Told(total(told, "each labor code"), f"sum over {len(told)} of {len(leaves)} labor codes", left_out)

    return rule


def _splits(estimate: Estimate) -> bool:
    """A job sums the codes whose total is rate + efficiency, so that its own total is too."""
    return estimate.leaf.budget_hours.value > 0


def _unsplit(found: Figure) -> Figure:
    """A code of which there is only a total, left out of its job's sum by name."""
    assert found.term is not None  # only told figures come here
    return replace(found, term=None, missing=(f"{NO_HOURS}, which would split its total of {found.term.value:,.2f},",))


def _quotient(of_leaf: OfLeaf, of_job: Callable[[list[Estimate]], Told]) -> Rule:
    """Of one labor code, or of all of a job's labor codes together."""

    def rule(measures: Measures, scope: Scope) -> Told:
        leaves = required_leaves(measures, scope)
        return of_leaf(leaves[0].leaf) if scope.leaf else of_job(leaves)

    return rule


def _job_standard_rate(leaves: list[Estimate]) -> Told:
    planned = [e for e in leaves if e.leaf.budget_hours.value > 0]
    if not planned:
        raise Missing(NO_HOURS)
    budget = total([e.leaf.budget for e in planned], "revised labor budget")
    hours = total([e.leaf.budget_hours for e in planned], "budget hours")
    return Told(formulas.standard_rate(budget, hours), "labor budget over budget hours of all labor codes", (BURDENED,))


def _job_actual_rate(leaves: list[Estimate]) -> Told:
    hours = total([e.leaf.hours for e in leaves], "hours worked")
    if hours.value <= 0:
        raise Missing("hours worked (the payroll register or Procore time entries)")
    cost = total([e.leaf.actual for e in leaves], "burdened cost")
    return Told(formulas.actual_rate(cost, hours), "burdened cost over hours worked of all labor codes")


def unbudgeted_labor(measures: Measures, scope: Scope) -> Told:
    """Cost of labor codes that have neither budget hours nor budget money."""
    found = [e for e in labor_leaves(measures, scope) if is_unbudgeted(e.leaf)]
    notes = tuple(f"{e.name}: {unbudgeted(e.leaf)}" for e in found)
    return Told(total([e.leaf.actual.named(e.name) for e in found], "unbudgeted labor"), "ledger facts", notes)


def _variance(name: str, label: str, meaning: str, formula: str, of_leaf: OfLeaf) -> Metric:
    return Metric(
        name,
        label,
        "money",
        f"{meaning}; favourable is positive",
        formula,
        _summed(name, of_leaf),
        JOB_AND_CODE,
        "sum",
        needs=("budget", "cost"),
        section=16,
    )


METRICS = (
    _variance(
        "labor_rate_variance",
        "labor rate variance",
        "what labor cost less (or more) because an hour cost less (or more) than budgeted",
        "standard rate x hours worked - labor cost",
        rate_variance_of,
    ),
    _variance(
        "labor_efficiency_variance",
        "labor efficiency variance",
        "what labor cost less (or more) because the work took fewer (or more) hours than it was allowed",
        "(standard hours - hours worked) x standard rate",
        efficiency_variance_of,
    ),
    _variance(
        "labor_total_variance",
        "labor variance",
        "what the work done was allowed to cost in labor, less what it cost",
        "standard rate x standard hours - labor cost",
        total_variance_of,
    ),
    Metric(
        "labor_standard_rate",
        "standard labor rate",
        "money_per_hour",
        "budgeted labor money per budgeted hour",
        "revised labor budget / budget hours",
        _quotient(standard_rate_of, _job_standard_rate),
        JOB_AND_CODE,
        needs=("budget",),
        section=16,
    ),
    Metric(
        "labor_actual_rate",
        "actual labor rate",
        "money_per_hour",
        "burdened labor money per hour worked",
        "labor cost / hours worked",
        _quotient(actual_rate_of, _job_actual_rate),
        JOB_AND_CODE,
        Ratio("labor_cost", "labor_hours"),
        needs=("cost",),
        section=16,
    ),
    Metric(
        "labor_standard_hours",
        "standard labor hours",
        "hours",
        "the hours that the work done was allowed",
        "progress x budget hours",
        _summed("labor_standard_hours", standard_hours_of),
        JOB_AND_CODE,
        "sum",
        needs=("budget",),
        section=16,
    ),
    Metric(
        "unbudgeted_labor",
        "unbudgeted labor",
        "money",
        "labor cost of codes that have neither budget hours nor a budget",
        "sum of labor cost of unbudgeted codes",
        unbudgeted_labor,
        JOB_AND_CODE,
        "sum",
        needs=("budget", "cost"),
        section=16,
    ),
)
