"""The metrics that can be asked for, each with the words people use and the unit it is shown in."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from datablueprint.errors import UnknownMetric


@dataclass(frozen=True)
class Metric:
    """`unit` is money or ratio; `meaning` is one sentence for a person; `formula` names terms, not columns."""

    name: str
    label: str
    unit: str
    meaning: str
    formula: str


METRICS: tuple[Metric, ...] = (
    Metric(
        "contract_value",
        "contract value",
        "money",
        "what owners have signed: executed prime contracts and approved change orders",
        "original contracts + approved change orders",
    ),
    Metric(
        "actual_cost",
        "actual cost to date",
        "money",
        "job cost posted in QuickBooks and payroll, plus what is approved or worked and not yet posted",
        "posted cost + approved, not yet posted + time not yet in payroll",
    ),
    Metric(
        "estimated_cost_at_completion",
        "estimated cost at completion",
        "money",
        "the sum over cost codes of the first estimating method that the data of the code support",
        "sum of estimates per cost code and type",
    ),
    Metric(
        "gross_profit_at_completion",
        "gross profit at completion",
        "money",
        "contract value less estimated cost at completion, before home-office overhead",
        "contract value - estimated cost at completion",
    ),
    Metric(
        "gross_margin_at_completion",
        "gross margin at completion",
        "ratio",
        "gross profit at completion as a share of contract value, before home-office overhead",
        "gross profit at completion / contract value",
    ),
)
BY_NAME = {metric.name: metric for metric in METRICS}


def metric(name: str) -> Metric:
    """The metric of that name; UnknownMetric offers the nearest one."""
    if name in BY_NAME:
        return BY_NAME[name]
    near = get_close_matches(name, BY_NAME, n=1, cutoff=0.4)
    hint = f" Did you mean '{near[0]}'?" if near else f" There are: {', '.join(BY_NAME)}."
    raise UnknownMetric(f"No metric named '{name}'.{hint}")
