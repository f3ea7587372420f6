"""Which other figures belong beside one: what it is computed from, and what a person asks next."""

from __future__ import annotations

from datablueprint.metrics import BY_NAME, Scope

PROFIT, MARGIN = "gross_profit_at_completion", "gross_margin_at_completion"
CONTRACT, EAC, ACTUAL = "contract_value", "estimated_cost_at_completion", "actual_cost"
COMPLETION = (CONTRACT, EAC, PROFIT, ACTUAL)
BURN = (
    "profit_at_current_burn",
    CONTRACT,
    MARGIN,
    "estimated_labor_at_completion",
    "projected_labor_at_completion",
    "burn_index",
    "labor_weeks_left",
    "labor_hours_per_week",
)
NET = (PROFIT, "overhead_at_completion", "net_profit_at_completion", CONTRACT, MARGIN, "overhead_to_date")
BURDEN = (
    "labor_wages",
    "labor_burden",
    "burden_rate",
    "labor_cost",
    "labor_hours",
    "labor_rate_variance",
    "labor_efficiency_variance",
)
VARIANCE = (
    "labor_total_variance",
    "labor_rate_variance",
    "labor_efficiency_variance",
    "labor_standard_rate",
    "labor_actual_rate",
    "labor_hours",
    "labor_standard_hours",
    "labor_burden",
)
EROSION = ("revised_budget", EAC, "gross_cost_code_erosion", "gross_cost_code_gain", "cost_code_erosion_share")
FADE = (
    "original_gross_margin",
    MARGIN,
    "gross_profit_fade",
    "fade_from_changes",
    "fade_from_codes",
    "fade_from_price",
)
POSITION = ("billed_to_date", "earned_revenue", "percent_complete", CONTRACT)
PENDING = ("pending_change_orders", CONTRACT, "contract_value_with_pending", "approve_all_profit", PROFIT)

BESIDE: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((MARGIN, PROFIT, CONTRACT, EAC, ACTUAL, "markup_at_completion"), COMPLETION),
    **dict.fromkeys(("margin_at_current_burn", "profit_at_current_burn"), BURN),
    **dict.fromkeys(("net_margin_at_completion", "net_profit_at_completion", "overhead_at_completion"), NET),
    **dict.fromkeys(("labor_burden", "burden_rate", "labor_wages", "labor_cost", "labor_rate"), BURDEN),
    **dict.fromkeys(("labor_rate_variance", "labor_efficiency_variance", "labor_total_variance"), VARIANCE),
    **dict.fromkeys(("cost_code_erosion", "cost_code_erosion_share"), EROSION),
    **dict.fromkeys(("margin_fade", "gross_profit_fade"), FADE),
    "overbilled": (*POSITION, "underbilled"),
    "underbilled": (*POSITION, "overbilled"),
    **dict.fromkeys(("approve_all_margin", "approve_all_profit", "pending_change_orders"), PENDING),
    "cost_to_complete": (EAC, ACTUAL),
    "percent_complete": (ACTUAL, EAC, "cost_to_complete"),
    "variance_at_completion": ("revised_budget", EAC),
    "labor_hours": ("labor_cost", "labor_rate", "budget_hours"),
}
"""In the order in which they are read."""

SIDES = frozenset({"overbilled", "underbilled"})
"""A contract is on one side only; of several each side has a sum."""

IN_ROWS: dict[str, tuple[str, ...]] = {
    MARGIN: (PROFIT, CONTRACT),
    PROFIT: (MARGIN, CONTRACT),
    "margin_at_current_burn": (MARGIN, CONTRACT),
    "net_margin_at_completion": ("net_profit_at_completion", MARGIN),
    "net_profit_at_completion": ("net_margin_at_completion", PROFIT),
    "cost_code_erosion": ("revised_budget", EAC),
    "margin_fade": ("original_gross_margin", MARGIN),
    "labor_burden": ("labor_wages", "burden_rate"),
    "burden_rate": ("labor_burden", "labor_wages"),
    "overbilled": ("billed_to_date", "earned_revenue"),
    "underbilled": ("billed_to_date", "earned_revenue"),
    "percent_complete": (ACTUAL, EAC),
    "pending_change_orders": (CONTRACT,),
    "labor_rate_variance": ("labor_efficiency_variance", "labor_total_variance"),
    "labor_efficiency_variance": ("labor_rate_variance", "labor_total_variance"),
}
"""Columns beside a metric in a list or ranking."""


def told_of(metric: str, scope: Scope) -> bool:
    """Whether a metric is made for such a scope."""
    asked = BY_NAME[metric]
    if scope.code and "leaf" not in asked.kinds:
        return False
    if scope.kind in asked.kinds or (scope.manager and "manager" in asked.kinds):
        return True
    return scope.kind == "group" and asked.over is not None


def beside(metric: str, scope: Scope, *, rows: bool = False) -> tuple[str, ...]:
    """Names of the figures that belong beside a metric of a scope."""
    names = (IN_ROWS if rows else BESIDE).get(metric, ())
    several = scope.kind == "group" or metric not in SIDES
    return tuple(name for name in names if name != metric and told_of(name, scope) and (several or name not in SIDES))
