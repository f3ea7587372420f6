"""The work-in-progress schedule: what was earned, billed and is left to earn (specification, sections 18 and 19)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from datablueprint.metrics.definition import Metric, Missing, Rule, Told
from datablueprint.metrics.formulas import wip as formulas
from datablueprint.metrics.price import LUMP_SUM, billing_rate
from datablueprint.metrics.scopes import Scope
from datablueprint.metrics.terms import Term, cents, constant, least, total
from datablueprint.settings import ContractTerms

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

CONTRACT, ACTUAL, EAC = "contract_value", "actual_cost", "estimated_cost_at_completion"
PROFIT, PERCENT, EARNED, BILLED = "gross_profit_at_completion", "percent_complete", "earned_revenue", "billed_to_date"
NO_CARVE_OUT = "no materials are marked as uninstalled, wasted or in inventory"
TOGETHER = "its signed contracts are tested together; the records do not split cost between them"
BILLING = "billing (a QuickBooks job that the project is linked to)"
COST_PLUS = ("cost_plus_fixed_fee", "cost_plus_percent")


def percent_complete(measures: Measures, scope: Scope) -> Told:
    """Cost to cost. A closed job is complete; one without an estimate has no percentage."""
    if scope.job.closed:
        return Told(constant(Decimal(1), "closed: complete"), "closed", ("the job is closed",))
    actual, eac = measures.parts(scope, ACTUAL, EAC)
    if eac.value <= 0:
        raise Missing("an estimate at completion above zero")
    return Told(formulas.percent_complete(actual, eac), "cost to date over estimate at completion", (NO_CARVE_OUT,))


def earned_revenue(measures: Measures, scope: Scope) -> Told:
    """What the contract's type earns: a share of the price, or what is billable."""
    terms = measures.policy.contract_terms.get(scope.job.key, LUMP_SUM)
    price = measures.part(scope, CONTRACT)
    if scope.job.closed:
        return _told(scope, price, "closed: the whole price is earned")
    if terms.type in COST_PLUS:
        return _told(scope, cents(_cost_and_fee(measures, scope, terms)), "reimbursable cost and earned fee")
    if terms.type == "time_and_materials":
        return _told(scope, cents(_time_and_materials(measures, scope, terms)), "hours at their rates, cost and markup")
    if terms.type == "unit_price":
        return _told(scope, cents(_installed(measures, scope, terms)), "installed quantities at their prices")
    earned = formulas.earned_revenue(measures.part(scope, PERCENT), price)
    return _told(scope, cents(earned), "percent complete of the price")


def _told(scope: Scope, term: Term, method: str) -> Told:
    several = scope.job.signed_contracts > 1
    return Told(term, method, (NO_CARVE_OUT,), (("C", TOGETHER),) if several else ())


def _cost_and_fee(measures: Measures, scope: Scope, terms: ContractTerms) -> Term:
    spent = total(
        [
            measures.sums.leaf_sum(place, "cost", label=f"cost of {place[1]} {place[2]}")
            for place in measures.sums.leaves(scope.job.entity)
            if not place[1].startswith(terms.non_reimbursable_codes or ("\0",))
        ],
        "reimbursable cost to date",
    )
    if terms.type == "cost_plus_percent":
        return spent * constant(1 + terms.fee_rate, "1 + fee rate of the contract terms")
    return spent + constant(terms.fee, "fee of the contract terms") * measures.part(scope, PERCENT)


def _time_and_materials(measures: Measures, scope: Scope, terms: ContractTerms) -> Term:
    parts = []
    for place in measures.sums.leaves(scope.job.entity):
        if place[2] == "L":
            worked = measures.sums.leaf_sum(place, "cost", column="hours", label=f"hours of {place[1]}")
            parts.append(worked * constant(billing_rate(terms, place[1]), f"billing rate of {place[1]}"))
        else:
            cost = measures.sums.leaf_sum(place, "cost", label=f"cost of {place[1]} {place[2]}")
            parts.append(cost * constant(1 + terms.markup, "1 + markup of the contract terms"))
    earned = total(parts, "billable to date")
    if terms.not_to_exceed is None:
        return earned
    return least(earned, constant(terms.not_to_exceed, "not to exceed"))


def _installed(measures: Measures, scope: Scope, terms: ContractTerms) -> Term:
    """Missing for an item of which nobody reported a quantity, unless no work has begun."""
    places = [place for place in measures.sums.leaves(scope.job.entity) if place[1] in terms.unit_prices]
    reported = {place[1] for place in places if measures.sums.has_leaf(place, "installed_quantity")}
    silent = sorted(terms.unit_prices.keys() - reported)
    if silent and scope.job.state != "not started":
        raise Missing(*(f"installed quantity of {code} (production quantities in Procore)" for code in silent))
    parts = []
    for place in places:
        code = place[1]
        if code in reported:
            done = measures.sums.leaf_sum(place, "installed_quantity", column="quantity", label=f"installed {code}")
            parts.append(done * constant(terms.unit_prices[code], f"unit price of {code}"))
    return total(parts, "installed quantities at their prices")


def cost_of_revenue(measures: Measures, scope: Scope) -> Told:
    return Told(measures.part(scope, ACTUAL), "cost to date; no materials are marked as inventory", (NO_CARVE_OUT,))


def earned_gross_profit(measures: Measures, scope: Scope) -> Told:
    earned, cost = measures.parts(scope, EARNED, "cost_of_revenue")
    return Told(earned - cost, "earned revenue less cost of revenue")


def billed_to_date(measures: Measures, scope: Scope) -> Told:
    if "quickbooks" not in scope.job.systems:
        raise Missing(BILLING)
    found = measures.sums.project_sum(scope.job.entity, "billing", label="billed to date")
    return Told(found, "QuickBooks sales forms, retainage included, tax excluded, credit memos deducted")


def overbilled(measures: Measures, scope: Scope) -> Told:
    return Told(formulas.overbilled(*measures.parts(scope, BILLED, EARNED)), "billed above earned: a liability")


def underbilled(measures: Measures, scope: Scope) -> Told:
    return Told(formulas.underbilled(*measures.parts(scope, BILLED, EARNED)), "earned above billed: an asset")


def retainage_receivable(measures: Measures, scope: Scope) -> Told:
    if "quickbooks" not in scope.job.systems:
        raise Missing(BILLING)
    found = measures.sums.project_sum(scope.job.entity, "retainage_receivable", label="retainage receivable")
    return Told(found, "retainage withheld and not yet released; no part of over- or underbilling")


def backlog(measures: Measures, scope: Scope) -> Told:
    price, earned = measures.parts(scope, CONTRACT, EARNED)
    return Told(price - earned, "price not yet earned (remaining performance obligation)")


def backlog_gross_profit(measures: Measures, scope: Scope) -> Told:
    profit, earned, provision = measures.parts(scope, PROFIT, "earned_gross_profit", "loss_provision")
    return Told(profit - (earned - provision), "gross profit not yet in income")


def loss_provision(measures: Measures, scope: Scope) -> Told:
    profit, earned = measures.parts(scope, PROFIT, "earned_gross_profit")
    if profit.value >= 0:
        return Told(constant(Decimal(0), "no loss at completion"), "the job will not lose money")
    method = "the part of the anticipated loss that is not yet in income"
    return Told(formulas.loss_provision(profit, earned), method)


def _money(name: str, label: str, meaning: str, formula: str, rule: Rule, *needs: str, section: int = 18) -> Metric:
    return Metric(name, label, "money", meaning, formula, rule, over="sum", needs=needs, section=section)


EVERYTHING = ("contract", "budget", "cost")
METRICS = (
    Metric(
        PERCENT,
        "percent complete",
        "ratio",
        "cost to date as a share of the estimated cost at completion",
        "actual cost to date / estimated cost at completion, between 0 and 1",
        percent_complete,
        needs=("budget", "cost"),
        section=18,
    ),
    _money(
        EARNED,
        "earned revenue",
        "the part of the price that the work done so far has earned",
        "percent complete x contract value; cost and fee, hours or quantities where the contract says so",
        earned_revenue,
        *EVERYTHING,
    ),
    _money(
        "cost_of_revenue",
        "cost of revenue",
        "cost to date that belongs to earned revenue",
        "actual cost to date - materials in inventory",
        cost_of_revenue,
        "cost",
    ),
    _money(
        "earned_gross_profit",
        "earned gross profit",
        "gross profit in the work done so far",
        "earned revenue - cost of revenue",
        earned_gross_profit,
        *EVERYTHING,
    ),
    _money(
        BILLED,
        "billed to date",
        "what owners were invoiced, retainage included, tax excluded",
        "invoices - credit memos",
        billed_to_date,
        "cost",
    ),
    _money(
        "overbilled",
        "overbilled (billings in excess of costs)",
        "what was billed before it was earned: a liability",
        "max(0, billed to date - earned revenue)",
        overbilled,
        *EVERYTHING,
    ),
    _money(
        "underbilled",
        "underbilled (costs in excess of billings)",
        "what was earned and not yet billed: an asset",
        "max(0, earned revenue - billed to date)",
        underbilled,
        *EVERYTHING,
    ),
    _money(
        "retainage_receivable",
        "retainage receivable",
        "what owners hold back until completion; no part of over- or underbilling",
        "retainage withheld - retainage released",
        retainage_receivable,
        "cost",
    ),
    _money(
        "backlog",
        "backlog",
        "contract value not yet earned",
        "contract value - earned revenue",
        backlog,
        *EVERYTHING,
    ),
    _money(
        "backlog_gross_profit",
        "backlog gross profit",
        "gross profit at completion that is not yet in income",
        "gross profit at completion - (earned gross profit - loss provision)",
        backlog_gross_profit,
        *EVERYTHING,
    ),
    _money(
        "loss_provision",
        "provision for anticipated loss",
        "the part of a loss at completion that is not yet in income",
        "if gross profit at completion < 0: max(0, earned gross profit - gross profit at completion)",
        loss_provision,
        *EVERYTHING,
        section=19,
    ),
)
