"""The metrics that can be asked for, in the order of the specification; each room below brings its own."""

from __future__ import annotations

from difflib import get_close_matches

from datablueprint.errors import UnknownMetric
from datablueprint.metrics import completion, price
from datablueprint.metrics.definition import Metric

FAMILIES = (price, completion)
"""Modules with a tuple METRICS. A new family is one file and one entry here."""

METRICS: tuple[Metric, ...] = tuple(metric for family in FAMILIES for metric in family.METRICS)
BY_NAME = {metric.name: metric for metric in METRICS}


def metric(name: str) -> Metric:
    """The metric of that name; UnknownMetric offers the nearest one."""
    if name in BY_NAME:
        return BY_NAME[name]
    near = get_close_matches(name, BY_NAME, n=1, cutoff=0.4)
    hint = f" Did you mean '{near[0]}'?" if near else f" There are: {', '.join(BY_NAME)}."
    raise UnknownMetric(f"No metric named '{name}'.{hint}")
