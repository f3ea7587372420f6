"""Currencies are never added: what is in another one is in no total, and is said in its own currency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from datablueprint.ledger.book import Book, Finding, Row, grouped
from datablueprint.ledger.chart import COST_OF_GOODS

KIND = "second currency"


def foreign_findings(book: Book, lines: Iterable[Row]) -> Iterator[Finding]:
    """Per line on a job; per transaction for what is on none. `lines` are posting lines of another currency."""
    for record, held in grouped(lines, "record_id").items():
        on_jobs = [line for line in held if line["job_record_id"]]
        for line in on_jobs:
            yield _of_job(book, line)
        rest = [line for line in held if not line["job_record_id"]]
        if found := _without_job(book, record, rest, alone=not on_jobs):
            yield found


def _of_job(book: Book, line: Row) -> Finding:
    return Finding(
        kind=KIND,
        sentence=(
            f"quickbooks: {line['amount']:,.2f} {line['currency']} of {line['record_id']} is in another currency; "
            "it is not in the job's cost"
        ),
        way_out=f"Enter it in {book.currency}, or read the job per currency",
        records=(line["record_id"],),
        project=book.project(line["job_record_id"]),
        amount=line["amount"],
        grade="C",
    )


def _without_job(book: Book, record: str, lines: list[Row], *, alone: bool) -> Finding | None:
    """Its cost or income; where it has none (`alone`: and no line of it is on a job), what it moved."""
    accounts = {a: book.by_id["accounts"].get(a, {}) for a in {line["account_record_id"] for line in lines}}
    earned = [
        line
        for line in lines
        if accounts[line["account_record_id"]].get("classification") in ("Expense", "Revenue") and line["amount"]
    ]
    banked = [line for line in lines if alone and accounts[line["account_record_id"]].get("account_type") == "Bank"]
    moved = earned or banked or [line for line in lines if alone and line["amount"] > 0]
    if not moved:
        return None
    direct = any(accounts[line["account_record_id"]].get("account_type") == COST_OF_GOODS for line in earned)
    amount = sum((line["amount"] for line in moved), Decimal(0))
    names = ", ".join(sorted({accounts[x["account_record_id"]].get("name") or "an unknown account" for x in moved}))
    lacks = "no cost, overhead or billing" if earned else "no cash or balance"
    return Finding(
        kind=KIND,
        sentence=(
            f"quickbooks: {amount:,.2f} {lines[0]['currency']} on {names} of {lines[0]['transaction_on']} ({record}) "
            f"is in another currency; {lacks} in {book.currency} holds it"
        ),
        way_out=f"Enter it in {book.currency} at its rate of the day, or add it by hand to what is asked",
        records=(record,),
        amount=amount,
        grade="C" if direct else None,
    )
