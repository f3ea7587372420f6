"""Coverage says, in dollars, which systems saw each cost; what only one system saw is where errors hide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from datablueprint.ledger.book import UNCODED, Fact, Row

BUCKETS = (
    "QuickBooks and Procore",
    "QuickBooks only",
    "Procore only, not yet posted",
    "payroll register",
    "time not yet in payroll",
    "unassigned: direct cost without a job",
    "unassigned: labor on no job",
    "uncoded (part of the above)",
    "excluded twins and mirrors",
    "held as suspected duplicates",
    "overhead",
)


def coverage(facts: Iterable[Fact]) -> Iterator[Row]:
    """Amount and number of facts per bucket of job cost, in a fixed order; buckets without facts show zero."""
    amounts: dict[str, Decimal] = defaultdict(Decimal)
    counts: dict[str, int] = defaultdict(int)
    for fact in facts:
        for bucket in _buckets(fact):
            amounts[bucket] += fact.amount or Decimal(0)
            counts[bucket] += 1
    for place, bucket in enumerate(BUCKETS):
        yield {"measure": f"{place:02d}", "bucket": bucket, "amount": amounts[bucket], "facts": counts[bucket]}


def _buckets(fact: Fact) -> Iterator[str]:
    if fact.measure == "overhead" and fact.state == "counted":
        yield "overhead"
    if fact.measure != "cost":
        return
    if fact.state == "excluded":
        yield "excluded twins and mirrors"
    elif fact.state == "held":
        yield "held as suspected duplicates"
    else:
        yield _seen_in(fact)
        if fact.leaf.code == UNCODED:
            yield "uncoded (part of the above)"


def _seen_in(fact: Fact) -> str:
    if fact.leaf.project is None:
        return "unassigned: labor on no job" if fact.rule == "D6" else "unassigned: direct cost without a job"
    if fact.basis == "approved_not_posted":
        return "Procore only, not yet posted"
    if fact.basis == "unprocessed_time":
        return "time not yet in payroll"
    if fact.rule == "D6":
        return "payroll register"
    return "QuickBooks only" if fact.rule == "D5" else "QuickBooks and Procore"
