"""An unconfirmed identity or an unreadable record costs every figure built on it its grade."""

from __future__ import annotations

from collections.abc import Iterator

from datablueprint.ledger.book import Book, Finding


def identity_findings(book: Book) -> Iterator[Finding]:
    """Project links that still wait for a person."""
    for link in book.links:
        if link["kind"] == "project" and link["state"] == "proposed":
            yield Finding(
                kind="unconfirmed project link",
                sentence=f"procore and quickbooks: {link['evidence'][0]}; nobody confirmed that they are one project",
                way_out=f"Run `datablueprint links accept {link['link_id']}` or `links reject {link['link_id']}`",
                records=(link["left_record_id"], link["right_record_id"]),
                project=book.project(link["left_record_id"]),
                grade="C",
            )


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
