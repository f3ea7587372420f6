"""The columns of the schedule: what a person calls them and how each follows from the others (specification, 18, 19).

A formula names metrics in braces; the workbook puts the cells of the line in
their place. A column without a formula is an input: a sum of records or of
estimates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CONTRACT, EAC, ACTUAL = "contract_value", "estimated_cost_at_completion", "actual_cost"
PERCENT, EARNED, BILLED = "percent_complete", "earned_revenue", "billed_to_date"
PROFIT, MARGIN = "gross_profit_at_completion", "gross_margin_at_completion"
OVER, UNDER = "overbilled", "underbilled"
NAMED = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Column:
    metric: str
    heading: str
    formula: str = ""
    total: str = "sum"
    """`sum`, empty where a total means nothing, or a formula over the totals of other columns."""
    ratio: bool = False

    @property
    def operands(self) -> tuple[str, ...]:
        """The metrics that the formula needs."""
        return tuple(dict.fromkeys(NAMED.findall(self.formula)))


MARGIN_FORMULA = "IF({contract_value}>0,{gross_profit_at_completion}/{contract_value},0)"
KNOWN = (
    Column(CONTRACT, "Contract value"),
    Column(EAC, "Estimated total cost"),
    Column("gross_profit_at_completion", "Estimated gross profit", "{contract_value}-{estimated_cost_at_completion}"),
    Column(MARGIN, "Gross profit %", MARGIN_FORMULA, total=MARGIN_FORMULA, ratio=True),
    Column(ACTUAL, "Cost to date"),
    Column(
        PERCENT,
        "Percent complete",
        "IF({estimated_cost_at_completion}>0,MAX(0,MIN(1,{actual_cost}/{estimated_cost_at_completion})),0)",
        total="",
        ratio=True,
    ),
    Column(EARNED, "Earned revenue", "ROUND({percent_complete}*{contract_value},2)"),
    Column("cost_of_revenue", "Cost of revenue", "{actual_cost}"),
    Column("earned_gross_profit", "Earned gross profit", "{earned_revenue}-{cost_of_revenue}"),
    Column(
        "loss_provision",
        "Provision for loss",
        "IF({gross_profit_at_completion}<0,MAX(0,{earned_gross_profit}-{gross_profit_at_completion}),0)",
    ),
    Column(BILLED, "Billed to date"),
    Column(OVER, "Overbilled", "MAX(0,{billed_to_date}-{earned_revenue})"),
    Column(UNDER, "Underbilled", "MAX(0,{earned_revenue}-{billed_to_date})"),
    Column("backlog", "Backlog", "{contract_value}-{earned_revenue}"),
    Column(
        "backlog_gross_profit",
        "Backlog gross profit",
        "{gross_profit_at_completion}-({earned_gross_profit}-{loss_provision})",
    ),
    Column("retainage_receivable", "Retainage receivable"),
)
CLOSED = {PERCENT: "1", EARNED: "{contract_value}"}
"""Of a closed job: it is complete and has earned its price."""
_BY_METRIC = {column.metric: column for column in KNOWN}


def columns(stated: Sequence[Mapping[str, Any]]) -> tuple[Column, ...]:
    """The columns a schedule lists, in its order; one that is not known here is an input."""
    return tuple(_BY_METRIC.get(each["metric"]) or Column(each["metric"], each["label"]) for each in stated)
