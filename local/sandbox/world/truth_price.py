"""What a contractor expects to be paid for a job: the transaction price, by type of contract."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from local.sandbox.world.model import PrimeContract, Project
from local.sandbox.world.money import half_up

if TYPE_CHECKING:
    from local.sandbox.world.truth import LeafTruth

SIGNED = {"Approved", "Complete"}


def signed_contracts(project: Project) -> list[PrimeContract]:
    return [c for c in project.contracts if c.status in SIGNED]


def approved_changes(contract: PrimeContract, as_of: date) -> int:
    return sum(
        c.amount
        for c in contract.changes
        if c.packaged and c.status == "approved" and c.reviewed and c.reviewed <= as_of
    )


def contract_value(project: Project, as_of: date) -> int | None:
    """Signed contracts plus changes approved by the day; None while nothing is signed."""
    signed = signed_contracts(project)
    return sum(c.amount + approved_changes(c, as_of) for c in signed) if signed else None


def transaction_price(project: Project, as_of: date, leaves: Sequence[LeafTruth]) -> int | None:
    """The price in cents; None without a signed contract, or with several where it is not a lump sum."""
    terms, revised = project.terms, contract_value(project, as_of)
    if terms is None or revised is None:
        return revised
    signed = signed_contracts(project)
    if len(signed) > 1:
        return None
    cost = sum(leaf.eac for leaf in leaves if not leaf.code.startswith(terms.non_reimbursable or ("none",)))
    match terms.type:
        case "cost_plus_fixed_fee":
            return cost + terms.fee
        case "cost_plus_percent":
            return half_up(cost * (1 + terms.fee_rate))
        case "gmp":
            most = terms.gmp + approved_changes(signed[0], as_of) if terms.gmp is not None else revised
            saved = max(0, most - cost - terms.fee)
            return half_up(min(cost + terms.fee, most) + terms.savings_share * saved)
        case "time_and_materials":
            price = _time_and_materials(project, as_of, leaves)
            return price if terms.not_to_exceed is None else min(price, terms.not_to_exceed)


def _time_and_materials(project: Project, as_of: date, leaves: Sequence[LeafTruth]) -> int:
    terms = project.terms
    assert terms is not None  # the caller looked
    billed = Fraction(0)
    for leaf in leaves:
        if leaf.type == "L":
            billed += hours_at_completion(project, leaf, as_of) * billing_rate(terms.billing_rates, leaf.code)
        else:
            billed += leaf.eac * (1 + terms.markup)
    return half_up(billed)


def billing_rate(rates: dict[str, int], code: str) -> int:
    """Cents per hour: the rate of the longest prefix."""
    return max(((len(prefix), rate) for prefix, rate in rates.items() if code.startswith(prefix)), default=(0, 0))[1]


def hours_at_completion(project: Project, leaf: LeafTruth, as_of: date) -> Fraction:
    """Hours a labor code will have taken: as worked when closed, by progress where that decides, else as budgeted."""
    worked = Fraction(leaf.hours, 4)
    if project.closed:
        return worked
    budget = project.leaf(leaf.code, leaf.type)
    progress = budget.installed_share(as_of) if budget else None
    if leaf.method == "E4" and progress:
        return max(worked, worked / progress)
    return max(worked, Fraction(budget.budget_hours or 0) if budget else Fraction(0))
