"""What pending change orders do to profit (specification, section 17).

R asked price, K estimated cost that is not yet in the estimate at completion.
Every function takes plain Decimals or terms.
"""

from __future__ import annotations

from datablueprint.metrics.terms import Number


def cost_by_markup(price: Number, one_plus_markup: Number) -> Number:
    """K = R / (1 + usual markup on change orders)."""
    return price / one_plus_markup


def cost_by_job(price: Number, eac: Number, transaction_price: Number) -> Number:
    """K = R x EAC / TP: a change costs what the job's own work costs per dollar of price. Needs TP > 0."""
    return price * eac / transaction_price


def approve_all(profit: Number, price: Number, cost: Number) -> Number:
    """GPC + sum (R - K)."""
    return profit + (price - cost)


def reject_all(profit: Number, cost_going_on: Number) -> Number:
    """GPC - sum of K over work that goes on regardless."""
    return profit - cost_going_on


def expected(profit: Number, price: Number, proceeding_cost: Number, other_cost: Number, share: Number) -> Number:
    """GPC + sum [p x R - n x K], n = 1 for work that goes on anyway, else p; the asked price in full when approved."""
    return profit + share * price - (proceeding_cost + share * other_cost)
