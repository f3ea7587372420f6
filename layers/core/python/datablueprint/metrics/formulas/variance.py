"""Labor variance without a remainder: efficiency at the standard rate, rate on actual hours; favourable is positive.

SR standard rate, SH standard hours (allowed for the work done), AH and AC
actual hours and burdened cost, RB revised labor budget, H_B budget hours, p
physical percent complete. Money is rounded once, where hours are priced, so
that rate + efficiency = total to the cent.
"""

from __future__ import annotations

from datablueprint.metrics.terms import Number, cents


def standard_rate(budget: Number, budget_hours: Number) -> Number:
    """SR = RB / H_B. Needs H_B > 0."""
    return budget / budget_hours


def standard_hours(progress: Number, budget_hours: Number) -> Number:
    """SH = p x H_B: a flexible budget, not the whole one."""
    return progress * budget_hours


def actual_rate(cost: Number, hours: Number) -> Number:
    """AR = AC / AH. Needs AH > 0."""
    return cost / hours


def rate_variance(rate: Number, hours: Number, cost: Number) -> Number:
    """(SR - AR) x AH = SR x AH - AC; without hours and cost it is zero."""
    return cents(rate * hours) - cost


def efficiency_variance(rate: Number, allowed_hours: Number, hours: Number) -> Number:
    """(SH - AH) x SR."""
    return cents(rate * allowed_hours) - cents(rate * hours)


def total_variance(rate: Number, allowed_hours: Number, cost: Number) -> Number:
    """SR x SH - AC."""
    return cents(rate * allowed_hours) - cost


def share_of_budget(budget: Number, part: Number, whole: Number) -> Number:
    """RB x part / whole, multiplied before it is divided, so that half a cent is not lost on the way.

    Of hours worked and budget hours it is SR x AH; of installed and planned quantities it is p x RB.
    """
    return budget * part / whole


def rate_variance_of_money(priced: Number, cost: Number) -> Number:
    """SR x AH - AC; `priced` are the hours worked at the standard rate."""
    return cents(priced) - cost


def efficiency_variance_of_money(earned: Number, priced: Number) -> Number:
    """SR x SH - SR x AH; `earned` is the budget of the work done, p x RB."""
    return cents(earned) - cents(priced)


def total_variance_of_money(earned: Number, cost: Number) -> Number:
    """p x RB - AC, whether or not the budget has hours."""
    return cents(earned) - cost
