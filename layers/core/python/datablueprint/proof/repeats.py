"""A value that a record states once counts once: no two facts of one sum may take it in full.

Part of the checker; like it, this shares no line of code with the rooms that made the facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from datablueprint.proof.readd import Row, cites

RATED = frozenset({"applied", "unprocessed_time"})
"""Bases of facts whose amount is a rate times something that other facts hold too."""
TWO_SIDED = frozenset({"cash", "receivable", "retainage_receivable", "payable", "retainage_payable"})
"""Balances: a transfer takes one amount from one account and puts it on another of the same kind."""

Place = tuple[str, str, str]
"""Record, pointer, and the role where one value may stand on both sides."""


def repeats(facts: Iterable[Row], column: str) -> Iterator[str]:
    """Facts that count a cited value which another of them, or they themselves, counted already."""
    held = [fact for fact in facts if fact[column] is not None]
    if column != "hours":
        yield from _repeated_amounts([f for f in held if column != "amount" or f["basis"] not in RATED], column)
        return
    yield from _repeated_amounts([f for f in held if f["measure"] == "budget_hours"], column)
    yield from _repeated_hours(f for f in held if f["measure"] != "budget_hours")


def told(fact: Row) -> str:
    """What a discrepancy calls a fact."""
    return f"{fact['fact_id']} ({fact['reason']})"


def _repeated_amounts(facts: Iterable[Row], column: str) -> Iterator[str]:
    """Members of one pool may share an amount, for the pool foots to it."""
    first: dict[Place, Row] = {}
    for fact in facts:
        own: set[Place] = set()
        for place in _amounts(fact):
            earlier = first.setdefault(place, fact)
            pooled = column == "amount" and fact["pool"] is not None and earlier["pool"] == fact["pool"]
            if place in own or not (earlier is fact or pooled):
                yield f"{told(earlier)} and {told(fact)} both count {place[0]}{place[1]}"
            own.add(place)


def _amounts(fact: Row) -> Iterator[Place]:
    for cited in cites(fact):
        if cited["role"] in ("amount", "less"):
            yield cited["record_id"], cited["pointer"], cited["role"] if fact["measure"] in TWO_SIDED else ""


def _repeated_hours(facts: Iterable[Row]) -> Iterator[str]:
    """Hours may be taken back and paid again; what is left of them is once."""
    left: dict[tuple[str, str], int] = defaultdict(int)
    by: dict[tuple[str, str], Row] = {}
    for fact in facts:
        for cited in cites(fact):
            if cited["role"] in ("weight", "less_weight"):
                place = cited["record_id"], cited["pointer"]
                left[place] += 1 if cited["role"] == "weight" else -1
                by.setdefault(place, fact)
    for place, times in left.items():
        if abs(times) > 1:
            yield f"{told(by[place])} and others count the hours of {place[0]}{place[1]} {abs(times)} times"
