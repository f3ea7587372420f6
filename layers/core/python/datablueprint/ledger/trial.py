"""Debits equal credits, and QuickBooks's own trial balance equals the sum of the lines that were read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from datablueprint.ledger.book import Book, Row, grouped
from datablueprint.ledger.books import trial_balance
from datablueprint.ledger.chart import COST_OF_GOODS
from datablueprint.ledger.payroll import is_payroll
from datablueprint.ledger.tieouts import ZERO, TieOut


def _posts(line: Row) -> bool:
    return bool(line["posting"]) and not line["presentation"] and line["amount"] is not None


def trial_tieouts(book: Book) -> Iterator[TieOut]:
    """DC in all and per job with an unbalanced transaction; TB per account, where the report has landed."""
    yield from _balanced(book)
    yield from _reported(book)


def _balanced(book: Book) -> Iterator[TieOut]:
    """A record of which one line was read has no other side to be compared with."""
    records = grouped(filter(_posts, book.read["accounting_lines"]), "record_id")
    whole = {record: lines for record, lines in records.items() if len(lines) > 1}
    amounts = [line["amount"] for lines in whole.values() for line in lines]
    debits, credits_ = sum((a for a in amounts if a > 0), ZERO), -sum((a for a in amounts if a < 0), ZERO)
    apart = {record: sum(line["amount"] for line in lines) for record, lines in whole.items()}
    wrong = {record: amount for record, amount in apart.items() if amount}
    jobs: dict[str, set[str]] = defaultdict(set)
    for record in wrong:
        for job in {book.project(line["job_record_id"]) for line in whole[record]} - {None}:
            jobs[job or ""].add(record)
    total = _dc("", f"quickbooks: {len(whole):,} transactions", debits, credits_, tuple(sorted(wrong)))
    yield replace(total, told_by_parts=wrong.keys() <= {record for found in jobs.values() for record in found})
    for job, found in sorted(jobs.items()):
        sentence = f"quickbooks: {len(found)} transactions on {book.name(job)}"
        yield _dc(job, sentence, sum((wrong[record] for record in found), ZERO), ZERO, tuple(sorted(found)))


def _dc(scope: str, sentence: str, debits: Decimal, credits_: Decimal, wrong: tuple[str, ...]) -> TieOut:
    return TieOut(
        tieout="DC",
        scope=scope,
        left_label="debits" if not scope else "debits less credits",
        left=debits,
        right_label="credits" if not scope else "nothing",
        right=credits_,
        sentence=sentence,
        records=wrong,
        parts_hold=not wrong,
        project=scope or None,
        grade="C" if scope else None,
        way_out="Open the transaction in QuickBooks: an amount of it has no account that can be read",
    )


def _reported(book: Book) -> Iterator[TieOut]:
    reported = book.read.get("reported_balances", [])
    if not reported:
        return
    last = max(row["reported_on"] for row in reported)
    said = {row["account_record_id"]: row["amount"] for row in reported}
    lines = [line for line in book.read["accounting_lines"] if line["transaction_on"] <= last]
    summed = trial_balance(lines)
    for account in sorted(said.keys() | summed.keys()):
        row = book.by_id["accounts"].get(account, {})
        yield TieOut(
            tieout="TB",
            scope=account,
            left_label="lines read",
            left=summed.get(account, ZERO),
            right_label="trial balance of QuickBooks",
            right=said.get(account, ZERO),
            sentence=f"quickbooks: account {row.get('full_name') or account} on {last}",
            records=(account,),
            grade="C" if row and _bears_on_job_cost(book, row) else None,
            way_out="Transactions the API does not show (payroll checks, tax adjustments) are the usual cause",
        )


def _bears_on_job_cost(book: Book, account: Row) -> bool:
    """Labor does not rest on its accounts: the register is its source."""
    payroll = is_payroll(account, "JournalEntry", book.policy.payroll_accounts)
    return account["account_type"] == COST_OF_GOODS and not payroll
