"""How a figure is printed: the format belongs to the metric's unit, never to who asks."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from datablueprint.metrics import Figure, Metric

WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""Wide enough to print whatever a person may have typed as a limit."""
COUNTED = {
    "hours": (Decimal("0.01"), " hours"),
    "hours_per_week": (Decimal("0.01"), " hours per week"),
    "weeks": (Decimal("0.1"), " weeks"),
    "days": (Decimal(1), " days"),
    "count": (Decimal(1), ""),
}
"""Units that are no money: the step shown, and the word behind it."""
IN_POINTS = frozenset({"margin_fade", "cost_code_erosion_share", "pm_mean_fade", "pm_worst_fade"})
"""Metrics that are the difference of two ratios: a fraction that is shown in points."""


def unit_of(metric: Metric) -> str:
    """The unit in which a metric is shown."""
    return "points" if metric.name in IN_POINTS else metric.unit


def shown(value: Decimal | None, unit: str) -> str:
    """A value in its metric's format: dollars without cents, percents with one decimal."""
    if value is None:
        return "unavailable"
    if unit == "ratio":
        return f"{(value * 100).quantize(Decimal('0.1'), context=WIDE)}%"
    if unit == "points":
        points = (value * 100).quantize(Decimal("0.1"), context=WIDE)
        points = points or (value * 100).quantize(Decimal("0.01"), context=WIDE)
        return f"{points:+} points" if points else "0.0 points"
    if unit in COUNTED:
        return f"{value.quantize(COUNTED[unit][0], context=WIDE):,}{COUNTED[unit][1]}"
    if unit == "variance":
        return f"{(value * 10_000).quantize(Decimal('0.01'), context=WIDE):,} squared points"
    if unit == "money_per_hour":
        sign, rate = "-" if value < 0 else "", abs(value).quantize(Decimal("0.01"), context=WIDE)
        return f"{sign}${rate:,} per hour"
    dollars = value.quantize(Decimal(1), context=WIDE)
    text = f"-${-dollars:,}" if dollars < 0 else f"${dollars:,}"
    return f"{text} per week" if unit == "money_per_week" else text


def moved(value: Decimal | None, unit: str) -> str:
    """A change with its sign; a ratio changes by points."""
    if value is None or unit in ("ratio", "points"):
        return shown(value, "points")
    text = shown(value, unit)
    return f"+{text}" if value > 0 and not text.startswith("+") else text


def described(figure: Figure) -> dict[str, Any]:
    """A figure as the contract gives it to programs."""
    return {
        "id": figure.figure_id,
        "metric": figure.metric.name,
        "value": None if figure.value is None else str(figure.value),
        "shown": shown(figure.value, unit_of(figure.metric)),
        "unit": unit_of(figure.metric),
        "as_of": figure.as_of.isoformat(),
        "grade": figure.grade,
        "label": figure.metric.label,
        "dimensions": {"project": figure.scope, "name": figure.label} if figure.project else {"scope": figure.scope},
    }
