"""Cost to date, cost at completion and the margin between it and the price (specification, sections 8 to 10)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from datablueprint.metrics import formulas
from datablueprint.metrics.definition import Metric, Missing, Ratio, Told
from datablueprint.metrics.price import PENDING_STATED
from datablueprint.metrics.scopes import Scope
from datablueprint.metrics.sums import LEAF_MEASURES
from datablueprint.metrics.terms import total

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

PLAN = ("original_budget", "commitment", "forecast_to_complete")
BUDGET = "budget (a budget, commitment or forecast in Procore)"
CONTRACT, ACTUAL, EAC = "contract_value", "actual_cost", "estimated_cost_at_completion"
PROFIT, MARGIN = "gross_profit_at_completion", "gross_margin_at_completion"


def actual_cost(measures: Measures, scope: Scope) -> Told:
    found = measures.sums.project_sum(scope.job.entity, "cost", label="actual cost to date")
    return Told(found, "ledger facts")


def estimated_cost(measures: Measures, scope: Scope) -> Told:
    project = scope.job
    if not project.closed and not any(measures.sums.has(project.entity, measure) for measure in PLAN):
        raise Missing(BUDGET)
    estimates = measures.estimates(project)
    count = Counter(e.method for e in estimates)
    method = "composite: " + ", ".join(f"{m} on {n}" for m, n in sorted(count.items())) + " leaves"
    covers = {"project": project.entity, "measures": list(LEAF_MEASURES), "until": measures.as_of.isoformat()}
    return Told(total([e.eac for e in estimates], "estimate of each cost code and type", covers=covers), method)


def gross_profit(measures: Measures, scope: Scope) -> Told:
    price, eac = measures.parts(scope, CONTRACT, EAC)
    return Told(formulas.gross_profit(price, eac), "contract value less estimate at completion", (PENDING_STATED,))


def gross_margin(measures: Measures, scope: Scope) -> Told:
    profit, price = measures.parts(scope, PROFIT, CONTRACT)
    if price.value <= 0:
        raise Missing("a contract value above zero")
    return Told(formulas.margin(profit, price), "gross profit over contract value", (PENDING_STATED,))


METRICS = (
    Metric(
        ACTUAL,
        "actual cost to date",
        "money",
        "job cost posted in QuickBooks and payroll, plus what is approved or worked and not yet posted",
        "posted cost + approved, not yet posted + time not yet in payroll",
        actual_cost,
        over="sum",
        needs=("cost",),
        section=8,
    ),
    Metric(
        EAC,
        "estimated cost at completion",
        "money",
        "the sum over cost codes of the first estimating method that the data of the code support",
        "sum of estimates per cost code and type",
        estimated_cost,
        over="sum",
        needs=("budget", "cost"),
        section=9,
    ),
    Metric(
        PROFIT,
        "gross profit at completion",
        "money",
        "contract value less estimated cost at completion, before home-office overhead",
        "contract value - estimated cost at completion",
        gross_profit,
        over="sum",
        needs=("contract", "budget", "cost"),
        section=10,
    ),
    Metric(
        MARGIN,
        "gross margin at completion",
        "ratio",
        "gross profit at completion as a share of contract value, before home-office overhead",
        "gross profit at completion / contract value",
        gross_margin,
        over=Ratio(PROFIT, CONTRACT),
        needs=("contract", "budget", "cost"),
        section=10,
    ),
)
