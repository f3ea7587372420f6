"""Evidence is weighed in bits, and only what somebody wrote on purpose, or names and money together, may decide alone.

A vote of b bits says: this observation is 2**b times likelier between two
records of one thing than between records of two things (the match weight of
Fellegi and Sunter, 1969). Votes add up to log2 of the odds. The weights are
set by hand, well below what counting would give, because the votes of one
pair are never quite independent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Nature = Literal["purpose", "name", "likeness", "transactions", "against"]
"""purpose: an id, a number or a name entered to tell the record; transactions: money both sides recorded."""

SURE = Decimal("0.9700")
"""Links at or above this are automatic; below, a person is asked."""
UNSURE = SURE - Decimal("0.0100")
STANDS = Decimal("0.5000")
"""A proposal below even odds is only a question: nothing is joined by it."""
KINDS_OF_TRANSACTIONS = 2
"""So many kinds of equal transactions make an automatic link of a similar name."""
NAME_AND_TRANSACTIONS = "name and transactions"


@dataclass(frozen=True)
class Vote:
    """One kind of evidence about one pair: a label for programs, bits, and a clause for a person."""

    label: str
    bits: float
    sentence: str
    nature: Nature = "purpose"


def bits(votes: Iterable[Vote]) -> float:
    return sum(vote.bits for vote in votes)


def may_decide(votes: Iterable[Vote]) -> bool:
    """Something written on purpose, or a like name together with two kinds of equal transactions."""
    seen = {(vote.nature, vote.label) for vote in votes if vote.bits > 0}
    natures = [nature for nature, _ in seen]
    money = natures.count("transactions") >= KINDS_OF_TRANSACTIONS
    return "purpose" in natures or ("name" in natures and money)


def confidence(votes: Iterable[Vote]) -> Decimal:
    """The odds of the votes as a probability; below SURE where no vote may decide alone."""
    held = list(votes)
    odds = Decimal(2) ** Decimal(str(round(bits(held), 6)))
    found = (odds / (1 + odds)).quantize(Decimal("0.0001"))
    return found if may_decide(held) else min(found, UNSURE)


def decided_by(votes: Iterable[Vote]) -> str:
    """The label of the strongest vote, unless it took names and transactions together."""
    held = in_order(votes)
    together = not any(vote.nature == "purpose" for vote in held) and confidence(held) >= SURE
    return NAME_AND_TRANSACTIONS if together else held[0].label


def in_order(votes: Iterable[Vote]) -> list[Vote]:
    """Strongest first, so that what speaks against comes last; equal ones as they came."""
    return sorted(votes, key=lambda vote: -vote.bits)
