"""Overhead: each month's pool goes to that month's work and foots to the cent; what is to come goes at the year's rate.

Arguments are money unless named otherwise; a base is money or hours. Functions
that take numbers take plain Decimals or terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import lcm

from datablueprint.metrics.terms import Number, cents, largest, zero


def shares(pool: Decimal, bases: Mapping[str, Fraction]) -> dict[str, Decimal]:
    """A month's pool over its jobs in the ratio of their bases: the shares add to the pool to the cent.

    Bases below zero count as zero. Odd cents go to the largest remainders, ties
    in the order of names. Without any base nothing is allocated and the result
    is empty: the pool then stays unallocated. `pool` must be whole cents.
    """
    weights = {name: base for name, base in bases.items() if base > 0}
    if not weights:
        return {}
    unit = lcm(*(weight.denominator for weight in weights.values()))
    units = {name: weight.numerator * (unit // weight.denominator) for name, weight in weights.items()}
    whole, cents_of_pool = sum(units.values()), abs(int(pool.scaleb(2)))
    exact = {name: divmod(cents_of_pool * each, whole) for name, each in units.items()}
    parts = {name: share for name, (share, _) in exact.items()}
    for name in sorted(exact, key=lambda n: (-exact[n][1], n))[: cents_of_pool - sum(parts.values())]:
        parts[name] += 1
    sign = -1 if pool < 0 else 1
    return {name: Decimal(sign * part).scaleb(-2) for name, part in parts.items()}


def overhead_rate(pool: Number, base: Number) -> Number:
    """f = pool / base of the same months. The caller checks that the base is above zero."""
    return pool / base


def overhead_to_come(rate: Number, at_completion: Number, to_date: Number) -> Number:
    """OH_ETC = f x (base at completion - base to date), never below zero, in cents."""
    return cents(rate * largest(at_completion - to_date, zero(to_date)))


def applied_overhead(predetermined_rate: Number, base: Number) -> Number:
    """What a rate set in advance charges to the work done, in cents."""
    return cents(predetermined_rate * base)


def under_applied(actual: Number, applied: Number) -> Number:
    """Actual overhead less applied: positive = underapplied, negative = overapplied."""
    return actual - applied


def net_profit(gross_profit: Number, overhead: Number) -> Number:
    """NPC = GPC - OHC, before interest and income tax."""
    return gross_profit - overhead


def break_even_rate(gross_profit: Number, base_at_completion: Number) -> Number:
    """The overhead rate at which net profit is zero. The caller checks that the base is above zero."""
    return gross_profit / base_at_completion
