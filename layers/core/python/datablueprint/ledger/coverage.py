"""Coverage says, in dollars, which systems saw each cost; what only one system saw is where errors hide.

Every counted cost fact is in exactly one of the COUNTED buckets, so that they
sum to the counted cost to the cent. What is not counted stands apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from datablueprint.ledger.book import UNCODED, Fact, Row

BOTH = "both: QuickBooks amount, Procore code"
ONLY_QUICKBOOKS = "only QuickBooks"
ONLY_PROCORE = "only Procore: approved, not yet posted"
ONLY_PAYROLL = "only payroll: register"
JOURNAL = "only QuickBooks: payroll journal without a register"
UNPAID_TIME = "only Procore: time not yet in payroll"
BURDEN = "applied burden: rates on labor"
NO_JOB = "unassigned: direct cost without a job"
NO_JOB_LABOR = "unassigned: labor on no job"
COUNTED = (
    BOTH,
    ONLY_QUICKBOOKS,
    ONLY_PROCORE,
    ONLY_PAYROLL,
    JOURNAL,
    UNPAID_TIME,
    BURDEN,
    NO_JOB,
    NO_JOB_LABOR,
)
WHOLE = "counted cost: the sum of the above"
WITHOUT_CODE = "of it uncoded"
DOUBLE = "double: twins and mirrors, not counted"
HELD = "held for a person, not counted"
REFUSED = "not approved or not cost, not counted"
OVERHEAD = "overhead, not job cost"
BUCKETS = (*COUNTED, WHOLE, WITHOUT_CODE, DOUBLE, HELD, REFUSED, OVERHEAD)


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
        yield OVERHEAD
    if fact.measure != "cost":
        return
    if fact.state == "counted":
        yield seen_in(fact)
        yield WHOLE
        if fact.leaf.code == UNCODED:
            yield WITHOUT_CODE
    elif fact.state == "held":
        yield HELD
    else:
        yield DOUBLE if is_twin(fact) else REFUSED


def is_twin(fact: Fact) -> bool:
    """Another copy of a cost that counts elsewhere: invoices and direct costs (D2, D3), payroll (D6), premiums (D8)."""
    return fact.rule in ("D2", "D3", "D6", "D8")


def seen_in(fact: Fact) -> str:
    """The one bucket of a counted cost fact."""
    if fact.basis == "applied":
        return BURDEN
    if fact.leaf.project is None:
        return NO_JOB_LABOR if fact.rule in ("D6", "D7") else NO_JOB
    if fact.basis == "approved_not_posted":
        return ONLY_PROCORE
    if fact.basis == "unprocessed_time":
        return UNPAID_TIME
    if fact.rule == "D6":
        return JOURNAL if fact.evidence[0].record_id.startswith("quickbooks:") else ONLY_PAYROLL
    return BOTH if fact.rule in ("D2", "D3") else ONLY_QUICKBOOKS
