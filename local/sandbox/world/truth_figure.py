"""A figure of the truth is exact until it is written: cents and ratios as fractions, missing said in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import Literal

from local.sandbox.world.money import half_up, text

Exact = Fraction | int
DIGITS = Context(prec=28)


@dataclass(frozen=True, slots=True)
class Figure:
    """Money in cents, hours in hours, anything else as a plain number; `value` None has its reason in `missing`."""

    kind: Literal["money", "hours", "ratio", "count"]
    value: Fraction | None
    missing: str = ""

    def text(self) -> str | None:
        """Money and hours with two decimals, ratios with 28 significant digits."""
        if self.value is None:
            return None
        if self.kind == "money":
            return text(half_up(self.value))
        if self.kind == "hours":
            return text(half_up(self.value * 100))
        return decimal(self.value)


Figures = dict[str, Figure]


def money(cents: Exact | None, missing: str = "") -> Figure:
    """An amount as it is stored: rounded half up to whole cents."""
    return Figure("money", None if cents is None else Fraction(half_up(Fraction(cents))), missing)


def hours(value: Exact | None, missing: str = "") -> Figure:
    return Figure("hours", None if value is None else Fraction(value), missing)


def ratio(value: Exact | None, missing: str = "") -> Figure:
    return Figure("ratio", None if value is None else Fraction(value), missing)


def count(value: int) -> Figure:
    return Figure("count", Fraction(value))


def over(part: Exact | None, whole: Exact | None, *, positive: bool = True) -> Fraction | None:
    """part / whole; None when either is missing, or the whole is zero or (unless allowed) negative."""
    if part is None or whole is None or whole == 0 or (positive and whole < 0):
        return None
    return Fraction(part) / whole


def decimal(value: Fraction) -> str:
    """The nearest decimal of 28 significant digits, never in exponent form."""
    return format(DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator)), "f")


def apportion(total: int, weights: list[Fraction]) -> list[int]:
    """`total` cents in proportion to exact weights; odd cents to the largest remainders, earlier parts first."""
    whole = sum(weights, Fraction(0))
    exact = [total * weight / whole for weight in weights]
    parts = [int(part // 1) for part in exact]
    left = total - sum(parts)
    for index in sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))[:left]:
        parts[index] += 1
    return parts
