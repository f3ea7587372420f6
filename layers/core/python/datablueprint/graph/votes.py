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

Nature = Literal["purpose", "name", "likeness", "transactions", "against", "doubt"]
"""purpose: an id, a number or a name entered to tell the record; transactions: money both sides recorded;
doubt: weighs nothing, but leaves only a question until something on purpose or equal transactions lift it."""

SURE = Decimal("0.9700")
"""Links at or above this are automatic; below, a person is asked."""
UNSURE = SURE - Decimal("0.0100")
STANDS = Decimal("0.5000")
"""A proposal below even odds is only a question: nothing is joined by it."""
DOUBTFUL = Decimal("0.4000")
"""The most that evidence reaches which is in doubt, contradicts itself, or is a likeness of numbers or places alone."""
COMPANY_KEPT = frozenset({"shared vendors", "shared projects"})
"""The same firms work on many jobs of one contractor: it tells no job from another."""
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
    if only_asks(held):
        return min(found, DOUBTFUL)
    return found if may_decide(held) else min(found, UNSURE)


def only_asks(votes: Iterable[Vote]) -> bool:
    """Nothing on purpose and no equal transactions, and in doubt or without so much as a like name."""
    held = list(votes)
    natures = {vote.nature for vote in held if vote.bits > 0}
    told = any(vote.bits > 0 and vote.nature == "transactions" and vote.label not in COMPANY_KEPT for vote in held)
    if "purpose" in natures or told:
        return False
    return "doubt" in {vote.nature for vote in held} or not natures & {"name", "transactions"}


def decided_by(votes: Iterable[Vote]) -> str:
    """The label of the strongest vote, unless it took names and transactions together."""
    held = in_order(votes)
    together = not any(vote.nature == "purpose" for vote in held) and confidence(held) >= SURE
    return NAME_AND_TRANSACTIONS if together else held[0].label


def in_order(votes: Iterable[Vote]) -> list[Vote]:
    """Strongest first, so that what speaks against comes last; equal ones as they came."""
    return sorted(votes, key=lambda vote: -vote.bits)
