"""Premiums that jobs bear by rate: on each piece of wages and hours that the register puts on a budget code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache

from local.sandbox.world.money import half_up
from local.sandbox.world.terms import BURDEN_RATES, BurdenRate

COMPONENTS = tuple(dict.fromkeys(rate.component for rate in BURDEN_RATES))


@cache
def rates_of(code: str, day: date) -> tuple[BurdenRate, ...]:
    """The rate of each component that has one for a cost code on a day; the longest prefix decides."""
    found = []
    for component in COMPONENTS:
        fitting = [
            (len(prefix), rate)
            for rate in BURDEN_RATES
            if rate.component == component and rate.starts <= day <= rate.ends
            for prefix in rate.codes
            if code.startswith(prefix)
        ]
        if fitting:
            found.append(max(fitting, key=lambda pair: pair[0])[1])
    return tuple(found)


def applied(
    code: str, day: date, *, wages: int, quarters: int, overtime: int, double_time: int
) -> Iterator[tuple[str, int]]:
    """(component, cents) on one piece of wages; where the overtime premium is not rated, a negative piece follows.

    Overtime is paid at one and a half times the usual rate, so a third of it is
    premium; of double time it is half.
    """
    for rate in rates_of(code, day):
        base = wages if rate.per == "wages" else Fraction(quarters, 4)
        yield rate.component, half_up(base * rate.rate)
        if rate.overtime_premium_excluded:
            for paid, share in ((overtime, 3), (double_time, 2)):
                if paid:
                    yield rate.component, half_up(-paid * rate.rate / share)


def unrated(code: str, day: date) -> list[str]:
    """Components that other codes have a rate for and this one has not."""
    known = {rate.component for rate in rates_of(code, day)}
    return [component for component in COMPONENTS if component not in known]
