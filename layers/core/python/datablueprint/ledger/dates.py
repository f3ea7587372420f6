"""A cost of a day that has not come yet is in the ledger and in no figure of today; it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from datablueprint.ledger.book import Fact, Finding


def later_findings(facts: Iterable[Fact], as_of: date | None) -> Iterator[Finding]:
    """One sentence on counted cost dated after the snapshot's day; nothing without such a day."""
    late = [f for f in facts if as_of and f.on and f.on > as_of and f.measure == "cost" and f.state == "counted"]
    if late:
        amount = sum((f.amount or Decimal(0) for f in late), Decimal(0))
        days = sorted(f.on for f in late if f.on)
        yield Finding(
            kind="cost dated after the snapshot",
            sentence=(
                f"ledger: {amount:,.2f} of cost is dated after {as_of} ({days[0]} to {days[-1]}); "
                "no figure up to that day holds it"
            ),
            way_out="Correct the dates if they are wrong; otherwise the cost counts from its own day on",
            records=tuple(sorted({f.evidence[0].record_id for f in late})),
            amount=amount,
            level="info",
        )
