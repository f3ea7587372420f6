"""Inside the world money is whole cents and time is whole quarter hours; only the views write them out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def half_up(value: Fraction) -> int:
    """The nearest whole number; halves move away from zero."""
    return ratio(value.numerator, value.denominator)


def ratio(numerator: int, denominator: int) -> int:
    """`numerator / denominator` rounded half away from zero, in whole numbers; the denominator is positive."""
    whole = (2 * abs(numerator) + denominator) // (2 * denominator)
    return whole if numerator >= 0 else -whole


def share(total: int, weights: Sequence[int]) -> list[int]:
    """`total` cut in proportion to `weights` so that the parts add up to it exactly.

    Every part is first rounded down; what is left goes, one cent each, to the
    largest remainders, earlier parts first.
    """
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    left = total - sum(parts)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:left]:
        parts[index] += 1
    return parts


def text(cents: int) -> str:
    """`-1234.05` for -123405: two digits, as payroll files and the truth write money."""
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"{sign}{whole}.{part:02d}"


def loose(cents: int) -> str:
    """Procore's habit: at least one digit after the point, no trailing zeros beyond it (`1000.0`, `12.05`)."""
    written = text(cents)
    return written[:-1] if written.endswith("0") else written


def number(cents: int) -> int | float:
    """A JSON number that prints with at most two decimals; whole amounts print without any."""
    return cents // 100 if cents % 100 == 0 else cents / 100


def hours(quarters: int) -> str:
    """Quarter hours as Procore writes them (`8.0`, `7.25`)."""
    return loose(quarters * 25)
