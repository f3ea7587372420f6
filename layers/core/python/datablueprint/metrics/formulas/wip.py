"""The work-in-progress schedule and the provision for a loss (specification, sections 18 and 19).

A cost to date, EAC estimate at completion, TP transaction price, ER earned
revenue, CR cost of revenue, GPC gross profit at completion. UM is the cost of
uninstalled materials that the customer already controls (carried at no
margin), UM_T its total at completion, WA unplanned waste, IV materials that
are still the contractor's inventory.
"""

from __future__ import annotations

from datablueprint.metrics.terms import Number, largest, least, zero


def percent_complete(
    actual: Number,
    eac: Number,
    *,
    uninstalled: Number | None = None,
    uninstalled_at_completion: Number | None = None,
    waste: Number | None = None,
    inventory: Number | None = None,
) -> Number:
    """(A - UM - WA - IV) / (EAC - UM_T - WA), between 0 and 1. ZeroDivisionError when nothing is left to spend."""
    spent, whole = actual, eac
    for carved in (uninstalled, waste, inventory):
        spent = spent if carved is None else spent - carved
    for carved in (uninstalled_at_completion, waste):
        whole = whole if carved is None else whole - carved
    return least(largest(spent / whole, zero(actual)), whole / whole)


def earned_revenue(
    percent: Number,
    price: Number,
    *,
    uninstalled: Number | None = None,
    uninstalled_at_completion: Number | None = None,
) -> Number:
    """ER = pct x (TP - UM_T) + UM."""
    earned = percent * (price if uninstalled_at_completion is None else price - uninstalled_at_completion)
    return earned if uninstalled is None else earned + uninstalled


def overbilled(billed: Number, earned: Number) -> Number:
    """max(0, B - ER): a liability."""
    return largest(billed - earned, zero(billed))


def underbilled(billed: Number, earned: Number) -> Number:
    """max(0, ER - B): an asset."""
    return largest(earned - billed, zero(billed))


def loss_provision(gross_profit: Number, earned_profit: Number) -> Number:
    """max(0, (ER - CR) - GPC) for a job that will lose money: what of the loss is not yet in income.

    The caller checks GPC < 0; a job that will earn money needs no provision.
    """
    return largest(earned_profit - gross_profit, zero(gross_profit))
