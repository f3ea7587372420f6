"""An unconfirmed identity or an unreadable record costs every figure built on it its grade."""

from __future__ import annotations

from collections.abc import Iterator

from datablueprint.ledger.book import Book, Finding, Row


def identity_findings(book: Book) -> Iterator[Finding]:
    """Project links that wait for a person or rest on names and money alone, and contradicting decisions."""
    for link in book.links:
        if link["decided_by"] == "contradicting decisions":
            yield _contradiction(book, link)
        elif link["kind"] == "project" and link["state"] == "proposed":
            yield _unconfirmed(book, link)
        elif link["kind"] == "project" and link["decided_by"] == "name and transactions":
            yield _by_transactions(book, link)


def _unconfirmed(book: Book, link: Row) -> Finding:
    return Finding(
        kind="unconfirmed project link",
        sentence=f"procore and quickbooks: {link['evidence'][0]}; nobody confirmed that they are one project, "
        f"and {_dollars(link)} of job cost moves if they are not",
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
