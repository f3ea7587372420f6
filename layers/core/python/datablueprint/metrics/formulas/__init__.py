"""Each formula is a line that can be checked against a textbook: it takes plain Decimals, or terms that keep the proof.

One module per part of the specification; those of the estimate at completion
and of the margin are named here.
"""

from datablueprint.metrics.formulas.completion import (
    eac_budget_or_actual,
    eac_burn_rate,
    eac_committed,
    eac_earned_value,
    eac_labor_hours,
    eac_manual,
    floored,
    gross_profit,
    margin,
    projected_cost,
    revised_budget,
)

__all__ = [
    "eac_budget_or_actual",
    "eac_burn_rate",
    "eac_committed",
    "eac_earned_value",
    "eac_labor_hours",
    "eac_manual",
    "floored",
    "gross_profit",
    "margin",
    "projected_cost",
    "revised_budget",
]
