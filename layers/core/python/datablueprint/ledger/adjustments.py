"""A journal that restates income or spreads overhead is neither cost nor billing; an accrual must be reversed (D9)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from datablueprint.ledger.book import Book, Fact, Finding, Row, grouped
from datablueprint.ledger.chart import Chart
from datablueprint.ledger.pairing import balancing
from datablueprint.ledger.transactions import Transactions
from datablueprint.tables.keys import number_key

JOURNAL = "JournalEntry"
ACCRUAL, REVERSAL = re.compile(r"\baccru", re.IGNORECASE), re.compile(r"\brevers", re.IGNORECASE)
LATE_REVERSAL = timedelta(days=45)
LOSS = re.compile(r"\bloss", re.IGNORECASE)
Key = tuple[str, str]
"""Record and line key."""


class Adjustment(NamedTuple):
    measure: str
    """wip_adjustment or allocation_journal."""
    component: str
    """Of a WIP adjustment: underbilled, overbilled, loss_provision, revenue or cost. Of an allocation: job or pool."""


def adjustments(chart: Chart, lines: Iterable[Row]) -> dict[Key, Adjustment]:
    """The lines that D9 takes out of cost, overhead and billing, with what each of them restates."""
    found: dict[Key, Adjustment] = {}
    for journal in grouped((line for line in lines if line["entity"] == JOURNAL), "record_id").values():
        found |= _wip(chart, journal) | _allocation(chart, journal)
    direct = (line for line in lines if line["entity"] != JOURNAL and chart.role(line) == "allocation")
    return found | {key(line): _allocated(line) for line in direct}


def key(line: Row) -> Key:
    return line["record_id"], line["line_key"]


def _wip(chart: Chart, journal: list[Row]) -> dict[Key, Adjustment]:
    """WIP accounts and, on ordinary income and cost accounts, the other side of the same restatement."""
    own = [line for line in journal if chart.role(line) == "wip"]
    rest = [line for line in journal if chart.role(line) in ("revenue", "expense")]
    income = [line for line in rest if chart.role(line) == "revenue"]
    other = next((side for side in (income, rest) if own and _net(own, side) == 0), income if own else [])
    if _net(own) == 0:
        other = []
    return {key(line): Adjustment("wip_adjustment", _component(chart, line)) for line in (*own, *other)}


def _component(chart: Chart, line: Row) -> str:
    account = chart.account(line) or {}
    if account.get("classification") == "Revenue":
        return "revenue"
    if account.get("classification") == "Expense":
        return "cost"
    if LOSS.search(account.get("name") or ""):
        return "loss_provision"
    return "underbilled" if account.get("classification") == "Asset" else "overbilled"


def _allocation(chart: Chart, journal: list[Row]) -> dict[Key, Adjustment]:
    """Allocation accounts, and the overhead accounts credited for them where the credit has no account of its own."""
    own, rest = _sides(chart, journal)
    return {key(line): _allocated(line) for line in (*own, *(balancing(rest, -_net(own)) or ()))}


def _sides(chart: Chart, journal: list[Row]) -> tuple[list[Row], list[Row]]:
    """Lines on allocation accounts, and lines on overhead accounts that may be their other side."""
    own = [line for line in journal if chart.role(line) == "allocation"]
    return own, [line for line in journal if chart.role(line) == "expense" and not line["job_record_id"]]


def allocation_doubts(chart: Chart, lines: Iterable[Row]) -> Iterator[Finding]:
    """Journals that charge overhead to jobs and credit overhead accounts with other amounts."""
    for record, journal in grouped((line for line in lines if line["entity"] == JOURNAL), "record_id").items():
        own, rest = _sides(chart, journal)
        credited = [line for line in rest if line["amount"] * _net(own) < 0]
        if credited and balancing(rest, -_net(own)) is None:
            amount = min(abs(_net(credited)), abs(_net(own)))
            accounts = ", ".join(sorted({chart.name(line) for line in credited}))
            yield Finding(
                kind="overhead journal does not pair",
                sentence=(
                    f"quickbooks: journal {record} of {journal[0]['transaction_on']} charges {_net(own):,.2f} of "
                    f"overhead to jobs and enters {_net(credited):,.2f} on {accounts}; {amount:,.2f} may be missing "
                    "from the overhead pool"
                ),
                way_out="Make the credits on overhead accounts equal what the journal charges, or split the journal",
                records=(record,),
                amount=amount,
                grade="C",
            )


def _allocated(line: Row) -> Adjustment:
    return Adjustment("allocation_journal", "job" if line["job_record_id"] else "pool")


def _net(*sides: list[Row]) -> Decimal:
    return sum((line["amount"] for side in sides for line in side), Decimal(0))


def adjustment_facts(transactions: Transactions, lines: Iterable[Row], why: Mapping[Key, Adjustment]) -> Iterator[Fact]:
    """Each line counted under a measure of its own, debit positive, so that tie-outs can read what was booked."""
    for line in lines:
        measure, component = why[key(line)]
        reason = "restates income" if measure == "wip_adjustment" else "overhead journalled to jobs"
        reason += f" on {transactions.chart.name(line)}; neither cost nor billing"
        yield replace(transactions.fact(line, measure=measure, rule="D9", reason=reason), component=component)


def allocation_findings(book: Book, facts: Iterable[Fact]) -> Iterator[Finding]:
    """Per job: overhead that bookkeeping charged to it, which the computed allocation replaces."""
    charged: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.measure == "allocation_journal" and fact.leaf.project:
            charged[fact.leaf.project].append(fact)
    for project, found in sorted(charged.items()):
        amount = sum((fact.amount or Decimal(0) for fact in found), Decimal(0))
        yield Finding(
            kind="overhead journalled to a job",
            sentence=(
                f"quickbooks: journals charge {amount:,.2f} of overhead to {book.name(project)}; it is not job cost, "
                "and the computed allocation stands in its place"
            ),
            way_out="Nothing to do; name other allocation accounts in the settings if these are job cost",
            records=tuple(sorted({fact.subject or "" for fact in found})),
            project=project,
            amount=amount,
            level="info",
        )


def accrual_findings(book: Book, chart: Chart, spent: Iterable[Row], *, today: date | None) -> Iterator[Finding]:
    """Accrual journals on job cost or overhead that nobody reversed in 45 days: their bill may be counted beside them.

    A journal counts as reversed when a later one takes the same amount off the same
    account and job under the same memo, document or the word "reversing".
    """
    late = [line for line in open_accruals(spent) if today and today - line["transaction_on"] > LATE_REVERSAL]
    for (record, job), lines in _by_job(late).items():
        accounts = ", ".join(sorted({chart.name(line) for line in lines}))
        yield Finding(
            kind="accrual not reversed",
            sentence=(
                f"quickbooks: accrual of {_net(lines):,.2f} on {accounts} of {lines[0]['transaction_on']} ({record}) "
                "has no reversing entry; with its bill the cost counts twice"
            ),
            way_out="Reverse the accrual in QuickBooks, or take 'accrual' out of its memo if it is final",
            records=(record,),
            project=book.project(job),
            amount=_net(lines),
            grade="C",
        )


def _by_job(lines: Iterable[Row]) -> dict[tuple[str, str | None], list[Row]]:
    groups: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
    for line in lines:
        groups[line["record_id"], line["job_record_id"]].append(line)
    return groups


def _by_day(line: Row) -> tuple[date, str, str]:
    return line["transaction_on"], line["record_id"], line["line_key"]


def open_accruals(lines: Iterable[Row]) -> list[Row]:
    """Accruals without reversal, and reversals without accrual; each reversal ends one accrual, the oldest first."""
    journals = sorted((line for line in lines if line["entity"] == JOURNAL), key=_by_day)
    by_place: dict[object, list[Row]] = defaultdict(list)
    for line in journals:
        by_place[line["account_record_id"], line["job_record_id"], abs(line["amount"])].append(line)
    taken: set[Key] = set()
    for group in by_place.values():
        for first in group:
            if key(first) in taken or not ACCRUAL.search(_text(first)) or REVERSAL.search(_text(first)):
                continue
            second = next((line for line in group if key(line) not in taken and _reverses(line, first)), None)
            taken |= {key(first), key(second)} if second else set()
    return [line for line in journals if line["amount"] and key(line) not in taken and ACCRUAL.search(_text(line))]


def _reverses(later: Row, first: Row) -> bool:
    if later["amount"] != -first["amount"] or later["transaction_on"] <= first["transaction_on"]:
        return False
    memo = any(later[text] and later[text] == first[text] for text in ("memo", "note"))
    document = _entry(later) != "" and _entry(later) == _entry(first)
    return memo or document or bool(REVERSAL.search(_text(later)))


def _entry(line: Row) -> str:
    """A journal's number without the R that QuickBooks adds to the number of a reversing entry."""
    return number_key(line["document_number"]).removesuffix("r")


def _text(line: Row) -> str:
    return " ".join(line[text] or "" for text in ("memo", "note", "document_number"))
