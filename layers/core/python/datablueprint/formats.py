"""How a figure is printed: the format belongs to the metric's unit, never to who asks."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from datablueprint.metrics import Figure

COUNTED = {
    "hours": (Decimal("0.01"), " hours"),
    "hours_per_week": (Decimal("0.01"), " hours per week"),
    "weeks": (Decimal("0.1"), " weeks"),
    "days": (Decimal(1), " days"),
    "count": (Decimal(1), ""),
}
"""Units that are no money: the step shown, and the word behind it."""


def shown(value: Decimal | None, unit: str) -> str:
    """A value in its metric's format: dollars without cents, percents with one decimal."""
    if value is None:
        return "unavailable"
    if unit == "ratio":
        return f"{(value * 100).quantize(Decimal('0.1'), ROUND_HALF_EVEN)}%"
    if unit in COUNTED:
        return f"{value.quantize(COUNTED[unit][0], ROUND_HALF_EVEN):,}{COUNTED[unit][1]}"
    if unit == "money_per_hour":
        return f"${value.quantize(Decimal('0.01'), ROUND_HALF_EVEN):,} per hour"
    dollars = value.quantize(Decimal(1), ROUND_HALF_EVEN)
    text = f"-${-dollars:,}" if dollars < 0 else f"${dollars:,}"
    return f"{text} per week" if unit == "money_per_week" else text


def described(figure: Figure) -> dict[str, Any]:
    """A figure as the contract gives it to programs."""
    return {
        "id": figure.figure_id,
        "metric": figure.metric.name,
        "value": None if figure.value is None else str(figure.value),
        "shown": shown(figure.value, figure.metric.unit),
        "unit": figure.metric.unit,
        "as_of": figure.as_of.isoformat(),
        "grade": figure.grade,
        "label": figure.metric.label,
        "dimensions": {"project": figure.scope, "name": figure.label} if figure.project else {"scope": figure.scope},
    }
