"""Each formula is a line that can be checked against a textbook: it takes plain Decimals, or terms that keep the proof.

One module per part of the specification; those of the estimate at completion
and of the margin are named here.
"""

from datablueprint.metrics.formulas.completion import (
    buyout,
    cost_performance,
    cost_to_complete,
    eac_atypical,
    eac_budget_or_actual,
    eac_burn_rate,
    eac_committed,
    eac_cost_and_time,
    eac_credit,
    eac_earned_value,
    eac_labor_hours,
    eac_manual,
    earned_value,
    floored,
    gross_profit,
    hours_at_completion,
    margin,
    markup,
    open_on_line,
    projected_cost,
    revised_budget,
    s_curve,
    to_complete_performance,
    variance_at_completion,
)

__all__ = [
    "buyout",
    "cost_performance",
    "cost_to_complete",
    "eac_atypical",
    "eac_budget_or_actual",
    "eac_burn_rate",
    "eac_committed",
    "eac_cost_and_time",
    "eac_credit",
    "eac_earned_value",
    "eac_labor_hours",
    "eac_manual",
    "earned_value",
    "floored",
    "gross_profit",
    "hours_at_completion",
    "margin",
    "markup",
    "open_on_line",
    "projected_cost",
    "revised_budget",
    "s_curve",
    "to_complete_performance",
    "variance_at_completion",
]
