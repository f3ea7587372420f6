"""The metrics that can be asked for, in the order of the specification; each room below brings its own."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches

from datablueprint.errors import UnknownFigure, UnknownMetric
from datablueprint.metrics import (
    budgets,
    burn,
    cash,
    changes,
    commitments,
    completion,
    erosion,
    labor,
    labor_projection,
    methods,
    overhead,
    pending,
    people,
    price,
    variance,
    wip,
)
from datablueprint.metrics.definition import Metric

FAMILIES = (
    price,
    changes,
    budgets,
    commitments,
    completion,
    methods,
    overhead,
    labor,
    burn,
    labor_projection,
    erosion,
    variance,
    pending,
    wip,
    people,
    cash,
)
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


def parse_figure_id(text: str) -> tuple[str, str, date]:
    """Metric, scope and day of a figure id; UnknownFigure when it is none."""
    name, _, rest = text.partition("/")
    scope, _, day = rest.rpartition("/")
    try:
        as_of = date.fromisoformat(day)
    except ValueError:
        as_of = None
    if name not in BY_NAME or not scope or as_of is None:
        raise UnknownFigure(f"'{text}' is no figure id. One reads: gross_margin_at_completion/24-017/2026-11-19")
    return name, scope, as_of
