"""How a metric goes on after its first sentence: the terms a person asks for next, each by reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from datablueprint.agent.results import Cell
from datablueprint.agent.text import DIGIT_OR_NUMBER_WORD, Name, Ref, Segment

PROFIT, MARGIN = "gross_profit_at_completion", "gross_margin_at_completion"
FIGURE = re.compile(r"\{(\w+)\}")
"""In a template a figure stands as the metric between braces."""
PRICE_AND_COST = (
    " That is {gross_profit_at_completion} of gross profit on a contract value of {contract_value} and an estimated "
    "cost of {estimated_cost_at_completion}; {actual_cost} is spent."
)
PRICE_LESS_COST = (
    " That is a contract value of {contract_value} less an estimated cost of {estimated_cost_at_completion}; "
    "{actual_cost} is spent."
)
PACE = (
    " At the pace of the work so far labor comes to {projected_labor_at_completion} at completion, where the estimate "
    "has {estimated_labor_at_completion}"
)
BY_ESTIMATE = " By the estimate itself the gross margin at completion is {gross_margin_at_completion}."
BURN = (
    f"{PACE}: that leaves {{profit_at_current_burn}} of profit on a contract value of {{contract_value}}.{BY_ESTIMATE}"
)
BURN_PROFIT = f"{PACE}; the contract value is {{contract_value}}.{BY_ESTIMATE}"
NET = (
    " That is {gross_profit_at_completion} of gross profit less {overhead_at_completion} of home-office overhead, "
    "which leaves {net_profit_at_completion} on a contract value of {contract_value}; before overhead the margin is "
    "{gross_margin_at_completion}."
)
NET_PROFIT = (
    " That is {gross_profit_at_completion} of gross profit less {overhead_at_completion} of home-office overhead, on a "
    "contract value of {contract_value}."
)
BURDEN = " That is a burden rate of {burden_rate} on {labor_wages} of wages; labor cost to date is {labor_cost}."
BURDEN_RATE = " That is {labor_burden} of burden on {labor_wages} of wages; labor cost to date is {labor_cost}."
WAGES = " The burden on wages is {labor_burden}, a burden rate of {burden_rate}."
VARIANCES = (
    " The labor rate variance is {labor_rate_variance} and the efficiency variance {labor_efficiency_variance}; "
    "favourable is positive."
)
RATE_TOO = " The labor rate variance is {labor_rate_variance}; favourable is positive."
EFFICIENCY_TOO = " The efficiency variance is {labor_efficiency_variance}; favourable is positive."
RATES = (
    " An hour was budgeted at {labor_standard_rate} and cost {labor_actual_rate}; the work done was allowed "
    "{labor_standard_hours} and took {labor_hours}."
)
POSITION = " Billed to date is {billed_to_date}, earned revenue {earned_revenue}."
OF_GROUP = {
    "overbilled": " Underbilled contracts come to {underbilled}, which is not set off against it.",
    "underbilled": " Overbilled contracts come to {overbilled}, which is not set off against it.",
}
"""Added where a figure is of several contracts."""
VARIANCE = (
    " The revised budget is {revised_budget} and the estimated cost at completion {estimated_cost_at_completion}; "
    "favourable is positive."
)
EROSION = (
    " The estimated cost at completion is {estimated_cost_at_completion} against a revised budget of {revised_budget}."
)
FADE = " The margin as bid was {original_gross_margin} and is {gross_margin_at_completion} now."
PENDING = (
    " The contract value without them is {contract_value}.",
    " If all were approved, it would be {contract_value_with_pending}.",
)
ALL_APPROVED = " Pending change orders ask {pending_change_orders}, on top of a contract value of {contract_value}."
AFTER: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys((MARGIN, "markup_at_completion"), (PRICE_AND_COST,)),
    PROFIT: (PRICE_LESS_COST,),
    "margin_at_current_burn": (BURN,),
    "profit_at_current_burn": (BURN_PROFIT,),
    "net_margin_at_completion": (NET,),
    "net_profit_at_completion": (NET_PROFIT,),
    "variance_at_completion": (VARIANCE,),
    "labor_burden": (BURDEN, VARIANCES),
    "burden_rate": (BURDEN_RATE, VARIANCES),
    **dict.fromkeys(("labor_wages", "labor_cost"), (WAGES, VARIANCES)),
    "labor_rate_variance": (EFFICIENCY_TOO, RATES),
    "labor_efficiency_variance": (RATE_TOO, RATES),
    "labor_total_variance": (VARIANCES, RATES),
    **{metric: (POSITION, OF_GROUP[metric]) for metric in OF_GROUP},
    "cost_code_erosion": (EROSION,),
    "margin_fade": (FADE,),
    "pending_change_orders": PENDING,
    **dict.fromkeys(("approve_all_margin", "approve_all_profit"), (ALL_APPROVED,)),
}
"""By metric; a template of which a figure is missing is left out whole."""
OF_ONE_CODE = frozenset({RATES})
"""Said of one cost code and type only: over several the hours and rates are of other codes than the variance."""
NOTHING_TO_ADD = frozenset({"pending_change_orders"})
"""Metrics of which zero says everything."""


def after(metric: str, cells: Iterable[Cell], *, of_one_code: bool = False) -> list[Segment]:
    """The sentences that follow, of the figures that are there; of other metrics what stands beside them."""
    known = {cell.metric: cell for cell in cells if cell.value is not None}
    templates = AFTER.get(metric)
    if metric in NOTHING_TO_ADD and metric in known and not known[metric].value:
        return []
    if templates is None:
        return _beside([cell for name, cell in known.items() if name != metric])
    fitting = [template for template in templates if of_one_code or template not in OF_ONE_CODE]
    return [segment for template in fitting for segment in _filled(template, known)]


def _filled(template: str, known: Mapping[str, Cell]) -> list[Segment]:
    pieces = FIGURE.split(template)
    if not known.keys() >= set(pieces[1::2]):
        return []
    return [Ref(known[piece].ref) if place % 2 else piece for place, piece in enumerate(pieces)]


def _beside(cells: Sequence[Cell]) -> list[Segment]:
    if not cells:
        return []
    found: list[Segment] = [" Beside it: "]
    for cell in cells:
        found += [word(cell.label), " ", Ref(cell.ref), ", "]
    return [*found[:-1], "."]


NOUNS = {
    "overbilled": "overbilling",
    "underbilled": "underbilling",
    "invoiced_on_commitments": "amount invoiced on commitments",
    "billed_to_date": "amount billed to date",
    "job_cash": "cash position",
    "job_cash_in": "cash received",
    "job_cash_out": "cash paid",
    "overhead_pool": "month's overhead pool",
    "labor_weeks_left": "labor budget left",
}
"""Where a label is no noun."""
PLURAL = frozenset(
    "budget_hours labor_hours labor_budget_hours labor_standard_hours labor_hours_per_week labor_hours_per_week_1 "
    "labor_hours_per_week_8 fade_from_price approved_change_orders pending_change_orders approved_budget_changes "
    "pending_budget_changes open_commitments pending_commitments budget_modifications labor_wages unbalanced_transfers "
    "pm_jobs".split()
)


def noun(cell: Cell) -> Segment:
    """What a figure is called after 'the'."""
    return word(called(cell.metric, cell.label))


def called(metric: str, label: str) -> str:
    """What a metric is called after 'the'."""
    return NOUNS.get(metric, label)


def opened(cell: Cell, of: Segment) -> list[Segment]:
    """'The gross margin at completion of X is' with room for labels that hold a clause of their own."""
    if " if " in cell.label:
        return ["For ", of, " the ", noun(cell), " ", verb(cell)]
    return [
        "The ",
        noun(cell),
        ", of " if "," in cell.label else " of ",
        of,
        ", " if "," in cell.label else " ",
        verb(cell),
    ]


def lacking(missing: Sequence[str]) -> list[Segment]:
    """Why there is no value, after 'unavailable: '."""
    nobody = next((text for text in missing if text.startswith(NONE_OF)), "")
    if nobody:
        return ["there are no ", Name(nobody.removeprefix(NONE_OF)), " of which it can be told."]
    return [Name(" and ".join(missing)), f" {'is' if len(missing) == 1 else 'are'} missing."]


NONE_OF = "any of the "
SYSTEMS = ("Procore", "QuickBooks", "payroll", "settings")
"""Where what is missing would be entered, as its sentence names it."""


def verb(cell: Cell) -> str:
    """'is', or 'are' after a plural."""
    return "are" if cell.metric in PLURAL else "is"


def word(label: str) -> Segment:
    """A label as prose, or as a name where it holds a number of its own ('last 4 complete weeks')."""
    return Name(label) if DIGIT_OR_NUMBER_WORD.search(label) else label
