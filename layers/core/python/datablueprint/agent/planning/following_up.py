"""A fragment after a question changes the slots it mentions and leaves the others as they were."""

from __future__ import annotations

import re

from datablueprint.agent.planning.drafting import Draft
from datablueprint.agent.planning.times import CHANGING
from datablueprint.agent.query import Query

HOURS_AND_MONEY = (
    ("labor_hours", "labor_cost"),
    ("labor_hours_per_week", "labor_cost_per_week"),
    ("labor_hours_per_week_1", "labor_cost_per_week_1"),
    ("labor_hours_per_week_8", "labor_cost_per_week_8"),
)
SHARES_AND_MONEY = (
    ("gross_margin_at_completion", "gross_profit_at_completion"),
    ("net_margin_at_completion", "net_profit_at_completion"),
    ("original_gross_margin", "original_gross_profit"),
    ("margin_fade", "gross_profit_fade"),
    ("cost_code_erosion_share", "cost_code_erosion"),
    ("margin_at_current_burn", "profit_at_current_burn"),
    ("burden_rate", "labor_burden"),
    ("percent_complete", "actual_cost"),
    ("approve_all_margin", "approve_all_profit"),
    ("expected_margin", "expected_profit"),
    ("reject_all_margin", "reject_all_profit"),
)
FRAGMENTS: dict[str, dict[str, str]] = {
    "net": {
        "gross_margin_at_completion": "net_margin_at_completion",
        "gross_profit_at_completion": "net_profit_at_completion",
    },
    "gross": {
        "net_margin_at_completion": "gross_margin_at_completion",
        "net_profit_at_completion": "gross_profit_at_completion",
    },
    "original": {
        "gross_margin_at_completion": "original_gross_margin",
        "gross_profit_at_completion": "original_gross_profit",
        "revised_budget": "original_budget",
        "projected_budget": "original_budget",
        "contract_value": "original_contract_value",
        "revised_contract_value": "original_contract_value",
    },
    "revised": {"original_budget": "revised_budget", "original_contract_value": "revised_contract_value"},
    "approved": {"pending_change_orders": "approved_change_orders"},
    "pending": {
        "approved_change_orders": "pending_change_orders",
        "committed_cost": "pending_commitments",
        "contract_value": "contract_value_with_pending",
    },
    "at_completion": {"actual_cost": "estimated_cost_at_completion", "labor_cost": "estimated_labor_at_completion"},
    "to_date": {"estimated_cost_at_completion": "actual_cost", "estimated_labor_at_completion": "labor_cost"},
    "left": {
        "actual_cost": "cost_to_complete",
        "estimated_cost_at_completion": "cost_to_complete",
        "committed_cost": "open_commitments",
    },
    "labor": {"actual_cost": "labor_cost", "estimated_cost_at_completion": "estimated_labor_at_completion"},
    "hours": {money: hours for hours, money in HOURS_AND_MONEY},
    "money": dict([*HOURS_AND_MONEY, *SHARES_AND_MONEY]),
    "percent": {money: share for share, money in SHARES_AND_MONEY},
    "worst_case": {"estimated_cost_at_completion": "estimated_cost_at_completion_highest"},
    "best_case": {"estimated_cost_at_completion": "estimated_cost_at_completion_lowest"},
    "without_overbilling": {"job_cash": "job_cash_without_overbilling"},
    "open": {"committed_cost": "open_commitments"},
}
"""What one word makes of the metric that was asked for before."""


def fragment_metric(said: frozenset[str], before: Query, raw: frozenset[str] = frozenset()) -> str | None:
    """The metric that a fragment like 'net?' or 'in dollars' makes of the one before."""
    weeks = [p.removeprefix("weeks") for p in raw if p in ("weeks1", "weeks4", "weeks8")]
    if len(weeks) == 1 and "_per_week" in before.metric:
        plain = re.sub(r"_[18]$", "", before.metric)
        return plain if weeks[0] == "4" else f"{plain}_{weeks[0]}"
    stem, _, base = before.metric.rpartition("_OA")
    bases = [p.removeprefix("base_") for p in raw if p.startswith("base_")]
    if len(bases) == 1 and stem and base:
        return f"{stem}_{bases[0]}"
    if len(said) != 1:
        return None
    return FRAGMENTS.get(next(iter(said)), {}).get(before.metric)


def carried(said: Draft, before: Query | None) -> Query | None:
    """The query that this question continues; None when it stands by itself."""
    if before is None or before.kind in ("wip", "health", "scorecard"):
        return None
    complete = bool(said.metrics) and (said.named or said.has("#portfolio", "#company", "#our"))
    if complete and not said.has("#it"):
        return None
    return before


def keeps_rows(said: Draft, before: Query) -> bool:
    """The answer stays a list: nothing that was said makes it one figure."""
    single = (
        said.projects
        or said.changes
        or said.forms & CHANGING
        or (said.people and before.by == "pm")
        or (said.customers and before.by == "customer")
    )
    return before.kind in ("list", "rank") and not single and not said.supposed.spelled
