"""What the work was planned to cost: the frozen budget, transfers, and changes at cost (specification, section 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datablueprint.metrics import formulas
from datablueprint.metrics.completion import named_codes
from datablueprint.metrics.definition import Metric, Missing, Rule, Told, Unit
from datablueprint.metrics.scopes import Scope
from datablueprint.metrics.terms import Term

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

ORIGINAL, MODIFICATIONS, CHANGES = "original_budget", "budget_modifications", "approved_budget_changes"
REVISED, PENDING, PROJECTED, HOURS = (
    "revised_budget",
    "pending_budget_changes",
    "projected_budget",
    "budget_hours",
)
NO_BUDGET = "original budget (Procore)"
NO_HOURS = "budget hours (budget lines counted in hours, in Procore)"


def summed(measures: Measures, scope: Scope, measure: str, label: str, column: str = "amount") -> Term:
    """A measure of the project, or of the leaf that the scope is."""
    if scope.leaf:
        return measures.sums.leaf_sum(scope.place, measure, column=column, label=label)
    return measures.sums.project_sum(scope.job.entity, measure, column=column, label=label)


def budgeted(measure: str, label: str, method: str) -> Rule:
    """The rule of one part of the budget; a project without an original budget has none of them."""

    def rule(measures: Measures, scope: Scope) -> Told:
        if not measures.sums.has(scope.job.entity, "original_budget"):
            raise Missing(NO_BUDGET)
        return Told(summed(measures, scope, measure, label), method)

    return rule


_modified = budgeted("budget_modification", "budget modifications", "transfers between lines of the budget")


def budget_modifications(measures: Measures, scope: Scope) -> Told:
    told = _modified(measures, scope)
    if scope.leaf or not told.term.value:
        return told
    added = f"transfers do not balance: {told.term.value:,.2f} was added to the budget by them"
    return Told(told.term, told.method, (added,))


def revised_budget(measures: Measures, scope: Scope) -> Told:
    term = formulas.revised_budget(*measures.parts(scope, ORIGINAL, MODIFICATIONS, CHANGES))
    return Told(term, "original budget, transfers and approved changes at cost", _unbudgeted(measures, scope))


def _unbudgeted(measures: Measures, scope: Scope) -> tuple[str, ...]:
    """Cost on codes that have no budget, as a note."""
    estimates = measures.estimates(scope.job)
    inside = [e for e in estimates if not scope.leaf or e.place == scope.place]
    stray = [e for e in inside if not e.budget and e.actual]
    amount = sum(e.actual for e in stray)
    return (f"{amount:,.2f} of cost is unbudgeted, on {named_codes(stray)}",) if stray else ()


def projected_budget(measures: Measures, scope: Scope) -> Told:
    revised, pending = measures.parts(scope, REVISED, PENDING)
    return Told(revised + pending, "revised budget and pending budget changes")


def budget_hours(measures: Measures, scope: Scope) -> Told:
    if not measures.sums.has(scope.job.entity, "budget_hours"):
        raise Missing(NO_HOURS)
    return Told(summed(measures, scope, "budget_hours", "budget hours", "hours"), "budget lines counted in hours")


def _metric(name: str, label: str, meaning: str, formula: str, rule: Rule, unit: Unit = "money") -> Metric:
    return Metric(name, label, unit, meaning, formula, rule, ("project", "leaf"), "sum", ("budget",), section=6)


METRICS = (
    _metric(
        ORIGINAL,
        "original budget",
        "the cost budget as it was locked at the start",
        "sum of original budget lines",
        budgeted("original_budget", "original budget", "lines of the pinned Procore budget view"),
    ),
    _metric(
        MODIFICATIONS,
        "budget modifications",
        "transfers between budget lines, which sum to zero over a project",
        "sum of budget modifications",
        budget_modifications,
    ),
    _metric(
        CHANGES,
        "approved budget changes",
        "cost budget that approved change orders added",
        "sum of approved changes at cost",
        budgeted("budget_change", "approved changes at cost", "the budget view's column of approved changes at cost"),
    ),
    _metric(
        REVISED,
        "revised budget",
        "what the work may cost today: the original budget with transfers and approved changes at cost",
        "original budget + budget modifications + approved budget changes",
        revised_budget,
    ),
    _metric(
        PENDING,
        "pending budget changes",
        "cost budget that pending changes would add",
        "sum of pending budget changes",
        budgeted("pending_budget_change", "pending budget changes", "the budget view's column of pending changes"),
    ),
    _metric(
        PROJECTED,
        "projected budget",
        "the revised budget if every pending budget change were approved",
        "revised budget + pending budget changes",
        projected_budget,
    ),
    _metric(
        HOURS,
        "budget hours",
        "labor hours that the budget allows",
        "sum of budget hours",
        budget_hours,
        unit="hours",
    ),
)
