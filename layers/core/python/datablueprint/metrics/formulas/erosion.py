"""Gain or fade of profit against the bid, and its exact split (specification, section 15).

Negative = fade. Every function takes plain Decimals or terms.
"""

from __future__ import annotations

from datablueprint.metrics.terms import Number, largest, least, zero


def original_profit(original_contract: Number, original_budget: Number) -> Number:
    """OGP = OCV - sum OB."""
    return original_contract - original_budget


def from_changes(approved_changes: Number, cost_of_changes: Number) -> Number:
    """ACO - sum CB: margin that approved change orders brought."""
    return approved_changes - cost_of_changes


def from_price(transaction_price: Number, revised_contract: Number) -> Number:
    """TP - RCV: savings share, quantities, damages."""
    return transaction_price - revised_contract


def erosion(eac: Number, budget: Number) -> Number:
    """e = EAC - RB of one cost code: positive = erosion."""
    return eac - budget


def overrun(eroded: Number) -> Number:
    """max(0, e): what netting must not hide."""
    return largest(eroded, zero(eroded))


def underrun(eroded: Number) -> Number:
    """min(0, e): overrun + underrun = e."""
    return least(eroded, zero(eroded))


def relative(fade: Number, original_gross_profit: Number) -> Number:
    """(GPC - OGP) / OGP. The caller checks OGP > 0."""
    return fade / original_gross_profit
