"""What is signed with subcontractors and suppliers, and how much of it is still to be invoiced (section 7)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from datablueprint.metrics import formulas
from datablueprint.metrics.definition import Metric, Rule, Told
from datablueprint.metrics.estimates import Estimate
from datablueprint.metrics.price import demand_procore
from datablueprint.metrics.scopes import Scope
from datablueprint.metrics.terms import Term, total

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

COMMITTED = "committed_cost"
SIGNED = ("commitment", "commitment_change")
PENDING = ("pending_commitment", "pending_commitment_change")


def _summed(measures: Measures, scope: Scope, *names: str, contract: str | None = None, label: str) -> Term:
    if scope.leaf:
        return measures.sums.leaf_sum(scope.place, *names, contract=contract, label=label)
    return measures.sums.project_sum(scope.job.entity, *names, contract=contract, label=label)


def committed_cost(measures: Measures, scope: Scope) -> Told:
    method = "signed subcontracts and purchase orders with approved changes; terminated ones as invoiced"
    demand_procore(scope, "commitments")
    return Told(_summed(measures, scope, *SIGNED, label="committed cost"), method)


def invoiced_on_commitments(measures: Measures, scope: Scope) -> Told:
    demand_procore(scope, "commitments")
    found = _summed(measures, scope, "cost", contract="any", label="invoiced on commitments")
    return Told(found, "cost matched to a commitment, gross of retainage", _over_invoiced(measures, scope))


def open_commitments(measures: Measures, scope: Scope) -> Told:
    demand_procore(scope, "commitments")
    each = [e.leaf.open_commitment.named(e.name) for e in _bought(measures, scope)]
    method = "line by line, never below zero: what is invoiced too much on one line opens no other"
    return Told(total(each, "open commitments"), method, _over_invoiced(measures, scope))


def pending_commitments(measures: Measures, scope: Scope) -> Told:
    demand_procore(scope, "pending commitments")
    found = _summed(measures, scope, *PENDING, label="pending commitments")
    return Told(found, "commitments out for signature and pending changes of signed ones; drafts are not counted")


def buyout_gain(measures: Measures, scope: Scope) -> Told:
    demand_procore(scope, "commitments")
    bought = [e for e in _bought(measures, scope) if e.committed]
    budget = total([e.leaf.budget.named(e.name) for e in bought], "budget of the bought codes")
    committed = total([e.leaf.committed.named(e.name) for e in bought], "committed on them")
    note = f"{len(bought)} of {len(_leaves(measures, scope))} cost codes and types are bought"
    return Told(
        formulas.buyout(budget, committed), "budget of the bought codes less what they were bought for", (note,)
    )


def _leaves(measures: Measures, scope: Scope) -> list[Estimate]:
    return [e for e in measures.estimates(scope.job) if not scope.leaf or e.place == scope.place]


def _bought(measures: Measures, scope: Scope) -> list[Estimate]:
    return [e for e in _leaves(measures, scope) if measures.sums.contracts(e.place)]


def _over_invoiced(measures: Measures, scope: Scope) -> tuple[str, ...]:
    excess = {e.name: e.leaf.over_invoiced for e in _bought(measures, scope)}
    over = {name: amount for name, amount in excess.items() if amount}
    if not over:
        return ()
    amount = sum(over.values(), Decimal(0))
    return (f"{amount:,.2f} is invoiced beyond the commitments of {', '.join(over)}",)


def _metric(name: str, label: str, meaning: str, formula: str, rule: Rule, needs: tuple[str, ...]) -> Metric:
    return Metric(name, label, "money", meaning, formula, rule, ("project", "leaf"), "sum", needs, section=7)


METRICS = (
    _metric(
        COMMITTED,
        "committed cost",
        "what is signed with subcontractors and suppliers, approved changes included",
        "sum of signed commitments and their approved changes",
        committed_cost,
        ("budget",),
    ),
    _metric(
        "invoiced_on_commitments",
        "invoiced on commitments",
        "cost that was invoiced against commitments, retainage included",
        "sum of cost on commitments",
        invoiced_on_commitments,
        ("budget", "cost"),
    ),
    _metric(
        "open_commitments",
        "open commitments",
        "what is signed and not yet invoiced, line by line",
        "sum over lines of max(0, committed - invoiced)",
        open_commitments,
        ("budget", "cost"),
    ),
    _metric(
        "pending_commitments",
        "pending commitments",
        "commitments and changes of them that wait for a signature; no part of committed cost",
        "sum of pending commitments and pending changes",
        pending_commitments,
        ("budget",),
    ),
    _metric(
        "buyout_gain",
        "buyout gain",
        "how far the bought cost codes were bought below (positive) or above (negative) their budget",
        "revised budget of bought codes - committed cost",
        buyout_gain,
        ("budget",),
    ),
)
