"""Which lines of one transaction are the other side of an amount."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from datablueprint.ledger.book import Row

MOST_SUMS = 20_000
"""More different sums than this are not searched: the answer would be chance."""


def balancing(lines: Sequence[Row], amount: Decimal) -> list[Row] | None:
    """The lines that sum to `amount`: the fewest with its sign, else all of them; None when none do, or for zero."""
    if not amount:
        return None
    sums: dict[Decimal, tuple[Row, ...]] = {Decimal(0): ()}
    for line in lines:
        if line["amount"] * amount > 0:
            for before, held in list(sums.items()):
                known = sums.get(before + line["amount"])
                if known is None or len(held) + 1 < len(known):
                    sums[before + line["amount"]] = (*held, line)
        if len(sums) > MOST_SUMS:
            break
    whole = lines if sum((line["amount"] for line in lines), Decimal(0)) == amount else None
    found = sums.get(amount, whole)
    return None if found is None else list(found)
