"""An unconfirmed identity or an unreadable record costs every figure built on it its grade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal

from datablueprint.ledger.book import Book, Fact, Finding, Row
from datablueprint.ledger.parties import party_findings

MOST_JOBS = 20
"""With more jobs outside Procore than this, one finding tells of all of them."""
TOLD = 5


def identity_findings(book: Book, facts: Iterable[Fact]) -> Iterator[Finding]:
    """Links that wait for a person and move cost, contradicting decisions, and jobs that Procore does not know."""
    counted = list(facts)
    yield from _link_findings(book)
    yield from party_findings(book, counted)
    yield from _unknown_jobs(book, counted)


def _link_findings(book: Book) -> Iterator[Finding]:
    for link in book.links:
        if link["decided_by"] == "contradicting decisions":
            yield _contradiction(book, link)
        elif link["kind"] == "project" and link["state"] == "proposed":
            yield _unconfirmed(book, link)
        elif link["kind"] == "project" and link["decided_by"] == "name and transactions":
            yield _by_transactions(book, link)


def _unconfirmed(book: Book, link: Row) -> Finding:
    """A link that joins nothing says what it would bring, not what it moves."""
    joined = book.project(link["left_record_id"]) == book.project(link["right_record_id"])
    moves = "moves if they are not" if joined else "would join it if they are"
    return Finding(
        kind="unconfirmed project link",
        sentence=f"procore and quickbooks: {link['evidence'][0]}; nobody confirmed that they are one project, "
        f"and {_dollars(link)} of job cost {moves}",
        way_out=_decide(link),
        records=(link["left_record_id"], link["right_record_id"]),
        project=book.project(link["left_record_id"]),
        amount=link["dollars"],
        grade="C",
    )


def _by_transactions(book: Book, link: Row) -> Finding:
    """Good enough to work with, and still nobody's word."""
    return Finding(
        kind="project link by transactions",
        sentence=f"procore and quickbooks: {'; '.join(link['evidence'][:3])}; {_dollars(link)} of job cost rests on it",
        way_out=_decide(link),
        records=(link["left_record_id"], link["right_record_id"]),
        project=book.project(link["left_record_id"]),
        amount=link["dollars"],
        level="info",
        grade="B",
    )


def _contradiction(book: Book, link: Row) -> Finding:
    """The way out is part of the sentence: it names every decision involved."""
    return Finding(
        kind="contradicting decisions",
        sentence=link["evidence"][0],
        way_out=f"Run `datablueprint links undo {link['link_id']}`, or undo another of them",
        records=(link["left_record_id"], link["right_record_id"]),
        project=book.project(link["left_record_id"]) if link["kind"] == "project" else None,
        amount=link["dollars"],
        level="error",
        grade="C" if link["kind"] == "project" else None,
    )


def _unknown_jobs(book: Book, facts: Iterable[Fact]) -> Iterator[Finding]:
    """QuickBooks jobs with cost that are in no Procore project, less those that a proposed link asks about."""
    rows = book.read["projects"]
    known = {book.project(row["record_id"]) for row in rows if row["system"] == "procore"}
    asked = {link["right_record_id"] for link in book.links if link["kind"] == "project" and _waits(link)}
    outside = {row["record_id"] for row in rows if row["system"] == "quickbooks"} - known - asked
    cost: dict[str, Decimal] = defaultdict(Decimal)
    for fact in facts:
        if fact.measure == "cost" and fact.state == "counted" and fact.leaf.project in outside:
            cost[fact.leaf.project or ""] += fact.amount or 0
    jobs = sorted((job for job in cost if cost[job] and known), key=lambda job: (-abs(cost[job]), job))
    if len(jobs) > MOST_JOBS:
        yield _many_unknown_jobs(book, jobs, cost)
        return
    for job in jobs:
        sentence = f"quickbooks: {cost[job]:,.2f} of cost is on job '{book.name(job)}' ({job}), which is in no project"
        yield _unknown(f"{sentence} of Procore", (job,), cost[job])


def _waits(link: Row) -> bool:
    return bool(link["state"] == "proposed")


def _many_unknown_jobs(book: Book, jobs: list[str], cost: dict[str, Decimal]) -> Finding:
    amount = sum((cost[job] for job in jobs), Decimal(0))
    top = ", ".join(f"'{book.name(job)}' {cost[job]:,.2f}" for job in jobs[:TOLD])
    sentence = f"quickbooks: {amount:,.2f} of cost is on {len(jobs)} jobs that are in no project of Procore: {top}"
    return _unknown(f"{sentence} and {len(jobs) - TOLD} more", tuple(jobs[:TOLD]), amount)


def _unknown(sentence: str, records: tuple[str, ...], amount: Decimal) -> Finding:
    return Finding(
        kind="job outside Procore",
        sentence=sentence,
        way_out=f"If Procore has it under another name: `datablueprint links accept PROJECT_RECORD_ID {records[0]}`",
        records=records,
        amount=amount,
    )


def _decide(link: Row) -> str:
    return f"Run `datablueprint links accept {link['link_id']}` or `links reject {link['link_id']}`"


def _dollars(link: Row) -> str:
    return f"{link['dollars'] or 0:,.2f}"


def reject_findings(book: Book) -> Iterator[Finding]:
    """Records that could not be read; those of no known project weigh on the whole portfolio."""
    for reject in book.read["rejects"]:
        yield Finding(
            kind="unreadable record",
            sentence=reject["sentence"],
            way_out=reject["way_out"],
            records=(reject["record_id"],),
            project=book.project(reject["project_record_id"]),
            level="error",
            grade="C",
        )
