"""The product's figures beside the truth's, name by name, for as many metrics as the truth tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from datablueprint.desk import Desk
from datablueprint.errors import UnknownFigure
from datablueprint.metrics import BY_NAME, Figure

SAME_NAME = {"labor_hours_per_week_4": "labor_hours_per_week", "labor_cost_per_week_4": "labor_cost_per_week"}
"""What the truth calls by the number of weeks and the product by its default."""
STEPS = {"hours_per_week": Decimal("0.01"), "money_per_week": Decimal("0.01")}
"""The truth rounds a pace; the product keeps it unrounded for the steps after it."""
NOTHING = (None, "0.00")
EXACT_RATIO = Decimal("1e-15")


@dataclass
class Comparison:
    """How many figures are equal to the cent, per metric; what differs and is admitted by its grade; what is wrong."""

    equal: Counter[str] = field(default_factory=Counter)
    unavailable: Counter[str] = field(default_factory=Counter)
    """Missing in both, by name."""
    admitted: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        told = sum(self.equal.values())
        return (
            f"{told} figures of {len(self.equal)} metrics equal the truth, {sum(self.unavailable.values())} are "
            f"unavailable in both, {len(self.admitted)} differ and say why, {len(self.wrong)} are wrong"
        )


def compare(desk: Desk, truth: dict[str, Any]) -> Comparison:
    """Every metric of every project and leaf that the truth tells."""
    found = Comparison()
    reasons = {p["number"]: p["reasons"] for p in truth["projects"]}
    for number, scope, values in _told(truth):
        if not _is_there(desk, scope):
            found.wrong += [f"{scope} is not there" for told in values.values() if told not in NOTHING]
            continue
        for name, told in values.items():
            metric = SAME_NAME.get(name, name)
            if metric in BY_NAME and _made_for(metric, scope):
                figure = desk.measures.figure(metric, desk.measures.scope(scope))
                _judge(found, figure, told, admissible=bool(reasons.get(number)))
    return found


def _is_there(desk: Desk, scope: str) -> bool:
    """A budget row of nothing at all makes no leaf."""
    try:
        desk.measures.scope(scope)
    except UnknownFigure:
        return False
    return True


def _told(truth: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    numbers = {p["number"] for p in truth["projects"]}
    for number, values in truth["metrics"].items():
        if number in numbers:
            yield number, number, values
    for number, leaves in truth["metrics"]["leaves"].items():
        for leaf, values in leaves.items():
            if "." in leaf:
                yield number, f"{number}/{leaf}", values


def _made_for(metric: str, scope: str) -> bool:
    return ("leaf" if "/" in scope else "project") in BY_NAME[metric].kinds


def _judge(found: Comparison, figure: Figure, told: str | None, *, admissible: bool) -> None:
    name = figure.metric.name
    if told is None and figure.value is None:
        found.unavailable[name] += 1
    elif told is not None and figure.value is not None and _equal(figure, Decimal(told)):
        found.equal[name] += 1
    else:
        sentence = f"{figure.figure_id}: truth {told}, figure {figure.value} of grade {figure.grade} {figure.missing}"
        (found.admitted if admissible and figure.grade in ("B", "C") else found.wrong).append(sentence)


def _equal(figure: Figure, told: Decimal) -> bool:
    value = figure.value or Decimal(0)
    if figure.metric.unit in ("ratio", "money_per_hour", "weeks"):
        return abs(value - told) < EXACT_RATIO
    step = STEPS.get(figure.metric.unit)
    return (value.quantize(step, ROUND_HALF_UP) if step else value) == told
