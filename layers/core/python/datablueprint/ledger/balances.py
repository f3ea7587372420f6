"""Every line on a bank, open-items or retainage account is a movement of cash, or of what is owed on a job."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from datablueprint.ledger.book import NOWHERE, Fact, Finding, Row
from datablueprint.ledger.transactions import Transactions

PAYMENTS = frozenset({"Payment", "BillPayment"})
UNAPPLIED = "U"


class Balance(NamedTuple):
    credit: bool
    """Owed by us: a credit adds to it."""
    words: str


BALANCES = {
    "receivable": Balance(credit=False, words="owed by the owner"),
    "retainage_receivable": Balance(credit=False, words="retained by the owner"),
    "payable": Balance(credit=True, words="owed to a vendor"),
    "retainage_payable": Balance(credit=True, words="retained from a vendor"),
}


def cash_facts(transactions: Transactions, lines: Iterable[Row]) -> Iterator[Fact]:
    """Bank lines, debit positive, on no job; component `restricted` where the tenant says the account is."""
    chart = transactions.chart
    for line in lines:
        restricted = chart.restricted(line)
        reason = f"{line['entity']} on {chart.name(line)}" + (", restricted cash" if restricted else "")
        fact = transactions.fact(line, measure="cash", rule="bank accounts", reason=reason)
        yield replace(fact, leaf=NOWHERE, component="restricted" if restricted else None)


def balance_facts(transactions: Transactions, measure: str, lines: Iterable[Row]) -> Iterator[Fact]:
    """Lines of one open-items or retainage account kind on the jobs that they, or what they settle, name."""
    credit, words = BALANCES[measure]
    for line in lines:
        reason = f"{words}, by {line['entity']}"
        whole = transactions.fact(line, measure=measure, rule="open items", reason=reason, credit=credit)
        yield from settled(transactions, line, whole)


def settled(transactions: Transactions, line: Row, whole: Fact) -> Iterator[Fact]:
    """`whole` on the jobs of the documents a payment settles; what it leaves unapplied is on no job.

    Any other line is on its own job, else on those of its transaction.
    """
    pool = f"{line['record_id']}|{line['line_key']}|{whole.measure}"
    if line["entity"] in PAYMENTS and line["line_key"] == UNAPPLIED:
        yield replace(whole, leaf=NOWHERE)
    elif line["entity"] in PAYMENTS and line["linked_record_ids"]:
        linked = line["linked_record_ids"]
        yield from transactions.placed(replace(whole, subject=linked[0]), linked, pool=pool)
    elif line["job_record_id"]:
        yield whole
    else:
        yield from transactions.placed(whole, [line["record_id"]], pool=pool)


def balance_findings(facts: Iterable[Fact]) -> Iterator[Finding]:
    """Retainage that no job carries: balances by job are short of the account by it."""
    for measure in ("retainage_receivable", "retainage_payable"):
        loose = [f for f in facts if f.measure == measure and f.leaf.project is None]
        amount = sum((f.amount or Decimal(0) for f in loose), Decimal(0))
        if amount:
            yield Finding(
                kind="retainage without a job",
                sentence=(
                    f"quickbooks: {amount:,.2f} of {measure.replace('_', ' ')} names no job; "
                    "the balances of the jobs do not add up to the account"
                ),
                way_out="Set the customer or project on the retainage lines in QuickBooks",
                records=tuple(sorted({f.subject or "" for f in loose})),
                amount=amount,
                level="info",
            )
