"""Transaction price by type of contract (specification, section 4).

C is reimbursable cost at completion. Every function takes plain Decimals or terms.
"""

from __future__ import annotations

from datablueprint.metrics.terms import Number, largest, least, zero


def revised_contract_value(original: Number, approved: Number) -> Number:
    """RCV = OCV + ACO."""
    return original + approved


def cost_plus_fixed_fee(cost: Number, fee: Number) -> Number:
    """TP = C + fee."""
    return cost + fee


def cost_plus_percent(cost: Number, fee_rate: Number) -> Number:
    """TP = C x (1 + fee rate), written C + C x rate."""
    return cost + cost * fee_rate


def guaranteed_maximum(cost: Number, fee: Number, maximum: Number, savings_share: Number) -> Number:
    """TP = min(C + fee, GMP) + s x max(0, GMP - C - fee): the contractor keeps share s of what is saved."""
    with_fee = cost + fee
    return least(with_fee, maximum) + savings_share * largest(maximum - with_fee, zero(cost))


def time_and_materials(labor: Number, other_cost: Number, markup: Number) -> Number:
    """TP = hours at their billing rates + other cost x (1 + markup), before any not-to-exceed."""
    return labor + (other_cost + other_cost * markup)
