"""The same leaves by every estimating method, their range, and earned value indices (specification, section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datablueprint.metrics import formulas, scopes
from datablueprint.metrics.completion import EAC, demand_plan, estimate_of
from datablueprint.metrics.definition import Metric, Missing, Rule, Told
from datablueprint.metrics.estimates import ALONGSIDE, METHODS, NEEDS, Estimate
from datablueprint.metrics.scopes import Scope
from datablueprint.metrics.terms import Term, largest, least, total

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

LOWEST, HIGHEST = f"{EAC}_lowest", f"{EAC}_highest"
NAMES = {**METHODS, **ALONGSIDE}
MEASURED = "physical progress of 20% to 100% on a code with cost and budget (production quantities in Procore)"


def lowest(measures: Measures, scope: Scope) -> Told:
    if scope.leaf:
        one = estimate_of(measures, scope)
        return Told(least(*one.values.values()).named("lowest of the methods"), _said(one))
    return Told(_differing(measures, scope, LOWEST), "lowest method of each cost code and type")


def highest(measures: Measures, scope: Scope) -> Told:
    if scope.leaf:
        one = estimate_of(measures, scope)
        return Told(largest(*one.values.values()).named("highest of the methods"), _said(one))
    return Told(_differing(measures, scope, HIGHEST), "highest method of each cost code and type")


def _said(one: Estimate) -> str:
    return "of " + ", ".join(f"{method} {term.value:,.2f}" for method, term in sorted(one.values.items()))


def _differing(measures: Measures, scope: Scope, metric: str) -> Term:
    """The composite, plus what each leaf's figure of `metric` says beyond its composite.

    Built on the composite so that the checker's demand that no leaf is left out holds here too.
    """
    composite = measures.part(scope, EAC)
    gaps = []
    for estimate in measures.estimates(scope.job):
        leaf = scopes.of_leaf(scope.job, *estimate.place[1:])
        found = measures.figure(metric, leaf)
        if found.term is not None and found.term.value != estimate.eac.value:
            gap = measures.part(leaf, metric) - measures.part(leaf, EAC)
            gaps.append(gap.named(f"{estimate.name}: beyond {estimate.method}"))
    return composite + total(gaps, "what other methods say of each cost code and type")


def by_method(method: str) -> Rule:
    """The rule of the estimate by one named method."""

    def rule(measures: Measures, scope: Scope) -> Told:
        told = f"{NAMES[method]} ({method})"
        if scope.leaf:
            found = estimate_of(measures, scope).values.get("A" if settled(scope) else method)
            if found is None:
                raise Missing(f"{NEEDS[method]} ({method} on {scope.place[1]} {scope.place[2]})")
            return Told(found.named(f"{scope.place[1]} {scope.place[2]}: {told}"), told)
        demand_plan(measures, scope)
        estimates = measures.estimates(scope.job)
        applies = sum(method in e.values for e in estimates)
        note = f"{method} applies to {applies} of {len(estimates)} cost codes and types; the others keep the composite"
        done = "the work is over: every method gives what was spent, and what is owed on a cancelled project"
        return Told(_differing(measures, scope, f"eac_{method}"), told, (done if settled(scope) else note,))

    return rule


def settled(scope: Scope) -> bool:
    return scope.job.closed or scope.job.cancelled


def cost_performance_index(measures: Measures, scope: Scope) -> Told:
    measured = _measured(measures, scope)
    earned, actual = (total(part) for part in _earned_and_actual(measured))
    index = formulas.cost_performance(earned.named("earned value"), actual.named("cost of the measured codes"))
    return Told(index, "earned value over cost", _coverage(measures, scope, measured))


def to_complete_performance_index(measures: Measures, scope: Scope) -> Told:
    """To budget: how the rest must perform for the measured codes to end on their budget."""
    measured = _measured(measures, scope)
    earned, actual = (total(part) for part in _earned_and_actual(measured))
    budget = total([e.leaf.budget for e in measured], "budget of the measured codes")
    if budget.value <= actual.value:
        raise Missing("budget left to spend (it is already spent)")
    index = formulas.to_complete_performance(budget, earned.named("earned value"), actual.named("cost of them"))
    return Told(index, "work left over budget left", _coverage(measures, scope, measured))


def _measured(measures: Measures, scope: Scope) -> list[Estimate]:
    estimates = [estimate_of(measures, scope)] if scope.leaf else measures.estimates(scope.job)
    found = [e for e in estimates if e.leaf.measured]
    if not found:
        raise Missing(MEASURED)
    return found


def _earned_and_actual(measured: list[Estimate]) -> tuple[list[Term], list[Term]]:
    return [e.leaf.earned for e in measured], [e.leaf.actual for e in measured]


def _coverage(measures: Measures, scope: Scope, measured: list[Estimate]) -> tuple[str, ...]:
    if scope.leaf:
        return ()
    return (f"measured on {len(measured)} of {len(measures.estimates(scope.job))} cost codes and types",)


def _metric(name: str, label: str, meaning: str, formula: str, rule: Rule) -> Metric:
    needs = ("budget", "cost")
    return Metric(name, label, "money", meaning, formula, rule, ("project", "leaf"), "sum", needs, section=9)


METRICS = (
    _metric(
        LOWEST,
        "lowest estimated cost at completion",
        "the sum over cost codes of the lowest method that the data of the code support",
        "sum over cost codes of the lowest applicable method",
        lowest,
    ),
    _metric(
        HIGHEST,
        "highest estimated cost at completion",
        "the sum over cost codes of the highest method that the data of the code support",
        "sum over cost codes of the highest applicable method",
        highest,
    ),
    *(
        _metric(
            f"eac_{method}",
            f"estimated cost at completion by {method}",
            f"estimated cost at completion by {NAMES[method]} where that applies, else by the composite",
            f"sum over cost codes of {method}, or of the composite where {method} does not apply",
            by_method(method),
        )
        for method in sorted(NEEDS)
    ),
    Metric(
        "cost_performance_index",
        "cost performance index",
        "ratio",
        "budgeted cost of the work done for each dollar spent, on the cost codes whose progress is measured",
        "earned value / actual cost",
        cost_performance_index,
        kinds=("project", "leaf"),
        needs=("budget", "cost"),
        section=9,
    ),
    Metric(
        "to_complete_performance_index",
        "to-complete performance index",
        "ratio",
        "work left for each dollar of budget left, on the cost codes whose progress is measured",
        "(revised budget - earned value) / (revised budget - actual cost)",
        to_complete_performance_index,
        kinds=("project", "leaf"),
        needs=("budget", "cost"),
        section=9,
    ),
)
