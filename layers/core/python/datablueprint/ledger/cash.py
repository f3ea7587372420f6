"""A job's cash is what its owner's payments settled, less what was paid for its bills, purchases and payroll."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from datablueprint.ledger.balances import UNAPPLIED, settled
from datablueprint.ledger.book import Book, Fact, Finding, Row
from datablueprint.ledger.payroll import is_payroll
from datablueprint.ledger.transactions import Transactions

RULE = "cash of jobs"
INCOME = frozenset({"receivable", "retainage_receivable", "revenue"})
VIEWS = frozenset({"cash_in", "cash_out", "intercompany"})
"""Measures that show lines a second time, by job: never to be added to the facts of the lines themselves."""


def job_cash_facts(transactions: Transactions) -> Iterator[Fact]:
    """`cash_in` and `cash_out` by job: a second view of lines whose first facts are cash, payables or cost."""
    for lines in transactions.of_record.values():
        for line in lines:
            if found := _move(transactions, line, lines):
                yield from found


def _move(transactions: Transactions, line: Row, lines: list[Row]) -> Iterator[Fact] | None:
    """The cash movement a line stands for, if it does."""
    entity, header = line["entity"], line["line_key"] == "H"
    if entity == "Payment" and not header:
        return _applied(transactions, line, "cash_in", "customer payment applied to an invoice")
    if entity == "BillPayment" and not header:
        return _applied(transactions, line, "cash_out", "paid on a bill")
    if entity in ("SalesReceipt", "RefundReceipt") and header:
        return _own(transactions, line, "cash_in", f"{entity}: sold and paid at once", credit=False)
    if header or not line["job_record_id"] or _is_payroll(transactions, line):
        return None
    if entity == "Purchase":
        return _own(transactions, line, "cash_out", f"paid by {_means(transactions, lines)}", credit=False)
    if entity == "Deposit" or (entity == "JournalEntry" and _moves_money(transactions, lines)):
        return _direct(transactions, line)
    return None


def _applied(transactions: Transactions, line: Row, measure: str, reason: str) -> Iterator[Fact]:
    reason = "paid, applied to nothing yet" if line["line_key"] == UNAPPLIED else reason
    whole = transactions.fact(line, measure=measure, rule=RULE, reason=reason, credit=measure == "cash_in")
    return settled(transactions, line, whole)


def _own(transactions: Transactions, line: Row, measure: str, reason: str, *, credit: bool) -> Iterator[Fact]:
    yield transactions.fact(line, measure=measure, rule=RULE, reason=reason, credit=credit)


def _direct(transactions: Transactions, line: Row) -> Iterator[Fact] | None:
    """A line that a deposit or a journal with a bank line books straight against money."""
    role = transactions.chart.role(line)
    if role in INCOME:
        return _own(transactions, line, "cash_in", f"received by {line['entity']}", credit=True)
    if role in ("expense", "payable", "retainage_payable"):
        return _own(transactions, line, "cash_out", f"paid or refunded by {line['entity']}", credit=False)
    return None


def _moves_money(transactions: Transactions, lines: Iterable[Row]) -> bool:
    return any(transactions.chart.role(line) == "cash" for line in lines)


def _is_payroll(transactions: Transactions, line: Row) -> bool:
    account = transactions.chart.account(line)
    named = transactions.book.policy.payroll_accounts
    return account is not None and is_payroll(account, line["entity"], named)


def _means(transactions: Transactions, lines: Iterable[Row]) -> str:
    header = next((line for line in lines if line["line_key"] == "H"), None)
    account = transactions.chart.account(header) if header else None
    card = account is not None and account["account_type"] == "Credit Card"
    return "card, at the day of the charge" if card else "check or cash"


def payroll_cash_facts(book: Book, payroll: Iterable[Fact]) -> Iterator[Fact]:
    """Posted labor of jobs once more, as `cash_out` on the day its checks were written."""
    checks = _check_days(book)
    paid = [f for f in payroll if f.rule == "D6" and f.state == "counted" and f.basis == "posted"]
    paid = [f for f in paid if f.measure in ("cost", "overhead") and f.amount is not None]
    pools = {f.pool for f in paid if f.pool and f.leaf.project}
    for fact in paid:
        if fact.leaf.project or fact.pool in pools:
            days = (checks[c.record_id] for c in fact.evidence if c.record_id in checks and c.role == "amount")
            yield replace(
                fact,
                measure="cash_out",
                reason="payroll of the job, at the day of its checks",
                hours=None,
                on=next(days, fact.on),
                pool=f"cash|{fact.pool}" if fact.pool else None,
            )


def _check_days(book: Book) -> Mapping[str, date]:
    runs = {run["record_id"]: run["check_on"] or run["period_end"] for run in book.read["payroll_runs"]}
    rows = (row for row in book.read["payroll_amounts"] if row["run_record_id"] in runs)
    return {row["record_id"]: runs[row["run_record_id"]] for row in rows}


def job_cash_findings(facts: Iterable[Fact]) -> Iterator[Finding]:
    """Payments that settle nothing yet belong to no job's cash."""
    for measure, whose in (("cash_in", "customers"), ("cash_out", "us")):
        loose = [f for f in facts if f.measure == measure and f.leaf.project is None and "nothing" in f.reason]
        amount = sum((f.amount or Decimal(0) for f in loose), Decimal(0))
        if amount:
            yield Finding(
                kind="payment applied to nothing",
                sentence=f"quickbooks: {amount:,.2f} paid by {whose} is applied to no document; no job has it as cash",
                way_out="Apply the payments to their invoices or bills in QuickBooks",
                records=tuple(sorted({f.subject or "" for f in loose})),
                amount=amount,
                level="info",
            )
