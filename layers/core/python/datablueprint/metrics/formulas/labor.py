"""Labor: what it costs with its burden, how fast it burns, and what it comes to if that goes on.

Letters are those of construction cost control: A_L labor cost to date, H_A
hours worked, H_B budget hours, p physical percent complete. Every function
takes plain Decimals or terms.
"""

from __future__ import annotations

from decimal import Decimal

from datablueprint.metrics.terms import Number, Term, cents, constant, largest, zero


def _same(like: Number, value: Decimal, label: str) -> Number:
    """A number of the formula itself, of the same kind as `like`."""
    if isinstance(like, Term):
        return constant(value, label)
    return value


def burden_rate(burden: Number, wages: Number) -> Number:
    """BU / W. The caller checks W > 0."""
    return burden / wages


def burdened_rate(cost: Number, hours: Number) -> Number:
    """Burdened money per hour worked. The caller checks that there are hours."""
    return cost / hours


def overtime_premium(overtime_pay: Number, double_time_pay: Number) -> Number:
    """A third of time and a half, and half of double time, is premium, in cents."""
    third = overtime_pay / _same(overtime_pay, Decimal(3), "a third of time and a half is premium")
    half = double_time_pay / _same(overtime_pay, Decimal(2), "a half of double time is premium")
    return cents(third + half)


def earned_hours(progress: Number, budget_hours: Number) -> Number:
    """p x H_B: the hours that the work done was allowed."""
    return progress * budget_hours


def burn_index(hours: Number, budget_hours: Number, progress: Number) -> Number:
    """BI = (H_A / H_B) / p: above 1, hours go faster than the work. Needs H_B > 0 and p > 0."""
    return hours / budget_hours / progress


def weeks_left(budget_hours: Number, hours: Number, hours_per_week: Number) -> Number:
    """max(0, H_B - H_A) / hours per week: when the budget hours are gone. Needs hours per week > 0."""
    return largest(budget_hours - hours, zero(hours)) / hours_per_week


def labor_by_time(actual: Number, cost_per_week: Number, weeks: Number) -> Number:
    """PL2 = A_L + cost per week x weeks to the planned finish, in cents."""
    return cents(actual + cost_per_week * weeks)


def labor_by_budget(actual: Number, hours_left: Number, rate: Number) -> Number:
    """PL3 = A_L + budget hours left x burdened rate, in cents."""
    return cents(actual + hours_left * rate)


def profit_at_burn(price: Number, eac: Number, labor_eac: Number, labor: Number) -> Number:
    """TP - (EAC - EAC_L + PL): the estimate with its labor replaced by the projected labor."""
    return price - (eac - labor_eac + labor)
