"""What owners have signed for, and what the contractor expects to be entitled to (specification, section 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from datablueprint.metrics.definition import Metric, Missing, Told
from datablueprint.metrics.formulas import price as formulas
from datablueprint.metrics.scopes import Project, Scope
from datablueprint.metrics.terms import Term, cents, constant, least, total
from datablueprint.settings import ContractTerms

if TYPE_CHECKING:
    from datablueprint.metrics.estimates import Estimate
    from datablueprint.metrics.measures import Measures

ORIGINAL, APPROVED, REVISED = "original_contract_value", "approved_change_orders", "revised_contract_value"
CONTRACT, EAC = "contract_value", "estimated_cost_at_completion"
PENDING_STATED = "pending change orders are not in the contract value"
SIGNED = "contract value (a signed prime contract in Procore)"
TERMINATION = "amounts due under termination (the project is cancelled in Procore)"
NO_RATIO = "the contract value is not above zero, so no margin is a share of it"
TYPES = {
    "lump_sum": "lump sum",
    "unit_price": "unit price",
    "time_and_materials": "time and materials",
    "cost_plus_fixed_fee": "cost plus fixed fee",
    "cost_plus_percent": "cost plus percentage",
    "gmp": "guaranteed maximum price",
}


def original_contract_value(measures: Measures, scope: Scope) -> Told:
    if not measures.sums.has(scope.job.entity, "original_contract"):
        raise Missing(SIGNED)
    found = measures.sums.project_sum(scope.job.entity, "original_contract", label="original contracts")
    return Told(found, "signed prime contracts")


def demand_procore(scope: Scope, term: str) -> None:
    """Missing where Procore does not know the project: nobody can say that it has none of the term."""
    if "procore" not in scope.job.systems:
        raise Missing(f"{term} (the project is not in Procore)")


def approved_change_orders(measures: Measures, scope: Scope) -> Told:
    demand_procore(scope, "approved change orders")
    found = measures.sums.project_sum(scope.job.entity, "approved_change", label="approved change orders")
    return Told(found, "owner change orders approved on signed contracts, each at its highest tier")


def revised_contract_value(measures: Measures, scope: Scope) -> Told:
    original, approved = measures.parts(scope, ORIGINAL, APPROVED)
    method = "signed contracts and approved change orders"
    return Told(formulas.revised_contract_value(original, approved), method, (PENDING_STATED,))


def contract_value(measures: Measures, scope: Scope) -> Told:
    """The transaction price by contract type."""
    if scope.job.cancelled:
        raise Missing(TERMINATION)
    price = transaction_price(measures, scope)
    kind = TYPES[terms_of(measures, scope.job).type]
    notes = (PENDING_STATED,) if price.value > 0 else (PENDING_STATED, NO_RATIO)
    return Told(price, f"signed contracts and approved change orders, {kind}", notes)


def terms_of(measures: Measures, project: Project) -> ContractTerms:
    return measures.policy.contract_terms.get(project.key, LUMP_SUM)


LUMP_SUM = ContractTerms(type="lump_sum")


@dataclass(frozen=True)
class Supposed:
    """What moves a price that follows cost."""

    released: Term | None = None
    """Reimbursable cost (of time and materials: not labor) that will not be spent after all."""
    raised: Term | None = None
    """Approved changes beyond those in the records; they raise a guaranteed maximum."""
    billed: Term | None = None
    """What time and materials bill for hours beyond those estimated."""


AS_IT_IS = Supposed()


def transaction_price(measures: Measures, scope: Scope, *, supposed: Supposed = AS_IT_IS) -> Term:
    """The price in cents by the type of the contract.

    A lump sum follows no cost: who supposes more approved changes adds them.
    """
    project, terms = scope.job, terms_of(measures, scope.job)
    if terms.type == "lump_sum":
        original, approved = _signed(measures, project)
        return formulas.revised_contract_value(original, approved)
    measures.part(scope, ORIGINAL)
    if project.signed_contracts > 1:
        raise Missing(f"which of the {project.signed_contracts} signed contracts the contract terms are for (settings)")
    return cents(BY_TYPE[terms.type](measures, scope, terms, supposed)).named(TYPES[terms.type])


def _signed(measures: Measures, project: Project) -> tuple[Term, Term]:
    if not measures.sums.has(project.entity, "original_contract"):
        raise Missing(SIGNED)
    original = measures.sums.project_sum(project.entity, "original_contract", label="original contracts")
    return original, measures.sums.project_sum(project.entity, "approved_change", label="approved change orders")


def _term(value: Decimal, name: str) -> Term:
    return constant(value, f"{name}, by the tenant's contract terms")


def _left_out(measures: Measures, scope: Scope, outside: Callable[[Estimate], bool], label: str) -> Term:
    estimates = measures.estimates(scope.job)
    return total([e.eac for e in estimates if outside(e)], label)


def _reimbursable(measures: Measures, scope: Scope, terms: ContractTerms, supposed: Supposed) -> Term:
    """C = EAC less what the owner does not reimburse."""
    cost = measures.part(scope, EAC)
    if prefixes := terms.non_reimbursable_codes:
        cost = cost - _left_out(measures, scope, lambda e: e.place[1].startswith(prefixes), "not reimbursable")
    return _less(cost, supposed.released).named("reimbursable cost at completion")


def _fixed_fee(measures: Measures, scope: Scope, terms: ContractTerms, supposed: Supposed) -> Term:
    cost = _reimbursable(measures, scope, terms, supposed)
    return formulas.cost_plus_fixed_fee(cost, _term(terms.fee, "fee"))


def _percent(measures: Measures, scope: Scope, terms: ContractTerms, supposed: Supposed) -> Term:
    cost = _reimbursable(measures, scope, terms, supposed)
    return formulas.cost_plus_percent(cost, _term(terms.fee_rate, "fee rate"))


def _guaranteed_maximum(measures: Measures, scope: Scope, terms: ContractTerms, supposed: Supposed) -> Term:
    cost, approved = _reimbursable(measures, scope, terms, supposed), measures.part(scope, APPROVED)
    if supposed.raised is not None:
        approved = approved + supposed.raised
    first = measures.part(scope, ORIGINAL) if terms.gmp is None else _term(terms.gmp, "guaranteed maximum")
    maximum = formulas.revised_contract_value(first, approved).named("guaranteed maximum with approved changes")
    share = _term(terms.savings_share, "share of savings")
    return formulas.guaranteed_maximum(cost, _term(terms.fee, "fee"), maximum, share)


def _time_and_materials(measures: Measures, scope: Scope, terms: ContractTerms, supposed: Supposed) -> Term:
    eac = measures.part(scope, EAC)
    labor, hours = [], []
    for estimate in measures.estimates(scope.job):
        if estimate.place[2] == "L":
            labor.append(estimate.eac)
            rate = _term(billing_rate(terms, estimate.place[1]), f"billing rate of {estimate.place[1]}")
            hours.append((estimate.hours_at_completion * rate).named(estimate.name))
    other = _less(eac - total(labor, "labor cost, which is billed by the hour"), supposed.released)
    billed = total(hours, "hours at completion at their billing rates")
    if supposed.billed is not None:
        billed = billed + supposed.billed
    price = formulas.time_and_materials(billed, other, _term(terms.markup, "markup on cost"))
    return price if terms.not_to_exceed is None else least(price, _term(terms.not_to_exceed, "not to exceed"))


def billing_rate(terms: ContractTerms, code: str) -> Decimal:
    """Money per hour of the longest prefix of a cost code; Missing when the terms have none."""
    prefixes = [prefix for prefix in terms.billing_rates if code.startswith(prefix)]
    if not prefixes:
        raise Missing(f"billing rate of {code} (contract terms in the settings)")
    return terms.billing_rates[max(prefixes, key=len)]


def _unit_price(measures: Measures, scope: Scope, terms: ContractTerms, supposed: Supposed) -> Term:
    """Quantities are the contract's, so cost that is not spent changes nothing."""
    if not terms.unit_prices:
        raise Missing("unit prices (contract terms in the settings)")
    absent = sorted(terms.unit_prices.keys() - terms.projected_quantities.keys())
    if absent:
        raise Missing(*(f"projected quantity of {code} (contract terms in the settings)" for code in absent))
    items = [
        _term(price, f"unit price of {code}") * _term(terms.projected_quantities[code], f"quantity of {code}")
        for code, price in sorted(terms.unit_prices.items())
    ]
    return total(items, "projected quantities at their unit prices")


def _less(cost: Term, released: Term | None) -> Term:
    return cost if released is None else cost - released


BY_TYPE: dict[str, Callable[[Measures, Scope, ContractTerms, Supposed], Term]] = {
    "unit_price": _unit_price,
    "time_and_materials": _time_and_materials,
    "cost_plus_fixed_fee": _fixed_fee,
    "cost_plus_percent": _percent,
    "gmp": _guaranteed_maximum,
}

METRICS = (
    Metric(
        ORIGINAL,
        "original contract value",
        "money",
        "the sum of signed prime contracts as awarded",
        "sum of signed prime contracts",
        original_contract_value,
        over="sum",
        needs=("contract",),
        section=4,
    ),
    Metric(
        APPROVED,
        "approved change orders",
        "money",
        "owner change orders approved by the day, deductions negative",
        "sum of approved owner change orders",
        approved_change_orders,
        over="sum",
        needs=("contract",),
        section=4,
    ),
    Metric(
        REVISED,
        "revised contract value",
        "money",
        "what owners have signed: executed prime contracts and approved change orders",
        "original contract value + approved change orders",
        revised_contract_value,
        over="sum",
        needs=("contract",),
        section=4,
    ),
    Metric(
        CONTRACT,
        "contract value",
        "money",
        "what the contractor expects to be entitled to: the signed value, or what the terms make of its cost",
        "by contract type: revised contract value, or reimbursable cost and fee within the maximum",
        contract_value,
        over="sum",
        needs=("contract",),
        section=4,
    ),
)
