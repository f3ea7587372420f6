"""Estimate at completion and margin, each formula a line that can be checked against a textbook.

Arguments are money unless named otherwise. Every function takes plain Decimals
or terms. Letters in the docstrings are those of construction cost control:
RB revised budget, CC committed cost, IC invoiced on commitments, A actual cost
to date, OC open commitment, p physical percent complete (0 to 1).
"""

from __future__ import annotations

from datablueprint.metrics.terms import Number, largest, zero


def revised_budget(original: Number, modifications: Number, approved_changes: Number) -> Number:
    """RB = original budget + transfers + cost of approved change orders."""
    return original + modifications + approved_changes


def projected_cost(committed: Number, actual: Number, invoiced: Number) -> Number:
    """PC = CC + (A - IC): commitments in full, plus what was spent outside them."""
    return committed + (actual - invoiced)


def eac_committed(budget: Number, committed: Number, actual: Number, invoiced: Number) -> Number:
    """E1 = max(RB, CC + A - IC, A): the rest of the budget will be spent."""
    return largest(budget, projected_cost(committed, actual, invoiced), actual)


def eac_budget_or_actual(budget: Number, actual: Number, open_commitment: Number) -> Number:
    """E2 = max(RB, A, A + OC)."""
    return largest(budget, actual, actual + open_commitment)


def eac_earned_value(actual: Number, progress: Number) -> Number:
    """E3a = RB / CPI = A / p: the cost trend so far continues. Needs p > 0."""
    return actual / progress


def eac_labor_hours(actual: Number, hours: Number, progress: Number, rate: Number) -> Number:
    """E4 = A + max(0, H/p - H) x rate; `hours` worked so far, `rate` money per hour still to come."""
    remaining = largest(hours / progress - hours, zero(hours))
    return actual + remaining * rate


def eac_burn_rate(actual: Number, weekly_cost: Number, weeks_left: Number) -> Number:
    """E5 = A + cost per week x weeks to the planned finish."""
    return actual + weekly_cost * weeks_left


def eac_manual(committed: Number, actual: Number, invoiced: Number, forecast_to_complete: Number) -> Number:
    """E6 = PC + FTC: Procore's forecast to complete comes on top of projected cost, not of cost to date."""
    return projected_cost(committed, actual, invoiced) + forecast_to_complete


def floored(eac: Number, actual: Number, open_commitment: Number) -> Number:
    """No estimate is below what is spent, nor below that plus what is signed and not yet invoiced."""
    return largest(eac, actual, actual + open_commitment)


def gross_profit(transaction_price: Number, eac: Number) -> Number:
    """GPC = TP - EAC."""
    return transaction_price - eac


def margin(profit: Number, transaction_price: Number) -> Number:
    """GMC = GPC / TP. The caller checks TP > 0: a margin on no revenue does not exist."""
    return profit / transaction_price
