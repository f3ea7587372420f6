"""Names of metrics that are read whole: apart, their words mean something else. The first is how they are said."""

from __future__ import annotations

NAMES = """
change_order_price: asked price, asking price
approved_budget_changes: budget added by approved changes, approved budget changes, budget from approved change
  orders, budget added by change orders, cost budget added by change orders, budget that approved change orders added,
  budget added by approved change orders, change order budget
pending_commitments: unsigned commitments, subcontracts still waiting on a signature, subcontracts waiting on a
  signature, pos or subcontracts still out for signature, subcontracts still out for signature, pos still out for
  signature, commitments still out for signature, waiting on a signature, out for signature, still waiting on a
  signature, still out for signature, pending commitments, commitments awaiting signature, commitments out for
  signature, unexecuted commitments, unsigned subcontracts, subcontracts out for signature, commitments not signed,
  commitments not yet signed, draft commitments, pending subcontracts, pending purchase orders, unsigned pos, pending
  pos, unsigned purchase orders
gross_profit_with_contingency_released: gross profit with contingency released, profit with contingency released,
  profit with the contingency released
estimated_cost_at_completion_lowest: low end of the estimated cost at completion, lowest estimated cost at completion,
  lowest eac, low eac, eac low end, lowest estimate at completion
estimated_cost_at_completion_highest: high end of the estimated cost at completion, highest estimated cost at
  completion, highest eac, high eac, eac high end, highest estimate at completion
labor_hours_per_week_1: labor hours in the last complete week, labor hours per week last complete week, hours in the
  last complete week
labor_cost_per_week_1: labor cost in the last complete week, labor cost per week last complete week
labor_budget_hours: labor budget hours, budget hours of the labor codes
projected_labor_by_progress: projected labor by progress, projected labor at completion by progress
projected_labor_by_time: projected labor by time, projected labor at completion by time
projected_labor_by_budget: projected labor by budget, projected labor at completion by budget
projected_labor_at_completion: projected labor at completion, projected labor cost at completion, projected labor
reject_all_profit: gross profit with no pending change approved, profit with no pending change approved, profit
  without the pending changes
reject_all_margin: gross margin with no pending change approved, margin with no pending change approved, margin
  without the pending changes
pm_grand_mean: mean margin of all managers, mean margin of all closed jobs, grand mean margin, average margin of all
  closed jobs, grand mean
pm_worst_fade: worst fade on record
pm_jobs: number of closed jobs
pm_weighted_margin: weighted margin of closed jobs
job_cash: job cash position, cash position of the job, job cash
"""
