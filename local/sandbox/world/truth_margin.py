"""Price, budget, cost and margin of a job, where the margin went, and what the open changes could do to it."""

from __future__ import annotations

from fractions import Fraction

from local.sandbox.world.truth import LeafTruth
from local.sandbox.world.truth_figure import Figures, money, over, ratio
from local.sandbox.world.truth_job import NO_CONTRACT, Job
from local.sandbox.world.truth_policy import Policy


def price_figures(job: Job) -> Figures:
    why = "" if job.contracted is not None else NO_CONTRACT
    return {
        "original_contract_value": money(job.contracted, why),
        "approved_change_orders": money(job.approved),
        "revised_contract_value": money(job.truth.rcv, why),
        "contract_value": money(job.tp, "" if job.tp is not None else NO_CONTRACT),
        "pending_change_orders": money(sum(change.amount for change in job.pending)),
    }


def cost_figures(job: Job) -> Figures:
    leaves = job.truth.leaves
    return {
        "original_budget": money(job.original),
        "budget_modifications": money(job.modified),
        "approved_budget_changes": money(job.revised - job.original - job.modified),
        "revised_budget": money(job.revised),
        "committed_cost": money(sum(leaf.cc for leaf in leaves)),
        "open_commitments": money(sum(leaf.oc for leaf in leaves)),
        "invoiced_on_commitments": money(sum(leaf.ic for leaf in leaves)),
        "actual_cost": money(job.actual),
        "cost_to_complete": money(job.eac - job.actual),
        "estimated_cost_at_completion": money(job.eac),
        "variance_at_completion": money(job.revised - job.eac),
    }


def leaf_figures(leaf: LeafTruth) -> Figures:
    return {
        "revised_budget": money(leaf.rb),
        "committed_cost": money(leaf.cc),
        "open_commitments": money(leaf.oc),
        "invoiced_on_commitments": money(leaf.ic),
        "actual_cost": money(leaf.a),
        "cost_to_complete": money(leaf.eac - leaf.a),
        "estimated_cost_at_completion": money(leaf.eac),
        "variance_at_completion": money(leaf.rb - leaf.eac),
        "cost_code_erosion": money(leaf.eac - leaf.rb),
    }


def margin_figures(job: Job) -> Figures:
    """Gross profit at completion, and its distance from the bid split into four parts that add up."""
    gpc, tp, first = job.gpc, job.tp, job.contracted
    why = NO_CONTRACT if gpc is None else ""
    bid = None if first is None else first - job.original
    now, then = over(gpc, tp), over(bid, first)
    fade = None if gpc is None or bid is None else gpc - bid
    added = job.approved - (job.revised - job.original - job.modified)
    other = None if tp is None or job.truth.rcv is None else tp - job.truth.rcv
    return {
        "gross_profit_at_completion": money(gpc, why),
        "gross_margin_at_completion": ratio(now, why or "contract value above zero"),
        "markup_at_completion": ratio(over(gpc, job.eac), why or "estimated cost at completion above zero"),
        "original_gross_profit": money(bid, NO_CONTRACT),
        "original_gross_margin": ratio(then, NO_CONTRACT),
        "gross_profit_fade": money(fade, why),
        "margin_fade": ratio(None if now is None or then is None else now - then, why or "contract value above zero"),
        "fade_from_changes": money(added if first is not None else None, NO_CONTRACT),
        "fade_from_codes": money(job.revised - job.eac),
        "fade_from_price": money(other, NO_CONTRACT),
        "unbalanced_transfers": money(-job.modified),
    }


def what_if_figures(job: Job, policy: Policy) -> Figures:
    """All open changes approved, or all refused, where nobody knows what they cost: cost side (a) of the rules."""
    if job.gpc is None or job.tp is None:
        names = ("approve_all", "reject_all")
        money_ = {f"{name}_profit": money(None, NO_CONTRACT) for name in names}
        return {**money_, **{f"{name}_margin": ratio(None, NO_CONTRACT) for name in names}}
    price = sum(change.amount for change in job.pending)
    begun = sum(change.amount for change in job.pending if change.status == "proceeding")
    share = _cost_share(job, policy) if price or begun else Fraction(0)
    yes = None if share is None else job.gpc + price * (1 - share)
    no = None if share is None else job.gpc - begun * share
    why = "contract value above zero, or a usual markup on changes"
    return {
        "approve_all_profit": money(yes, why),
        "approve_all_margin": ratio(over(yes, job.tp + price), why),
        "reject_all_profit": money(no, why),
        "reject_all_margin": ratio(over(no, job.tp), why),
    }


def _cost_share(job: Job, policy: Policy) -> Fraction | None:
    """Cost of a change as a share of its price."""
    if policy.change_order_markup is not None:
        return 1 / (1 + policy.change_order_markup)
    return over(job.eac, job.tp)
