"""A bill that is in QuickBooks twice counts twice, and is said: only a person can take one of them out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from datablueprint.ledger.book import Book, Finding
from datablueprint.ledger.choosing import Match
from datablueprint.ledger.documents import PAID_BY, Posting


def repeated_bills(book: Book, postings: Iterable[Posting], matches: Iterable[Match]) -> Iterator[Finding]:
    """Bills, credits and checks of one vendor, number, amount, day and job; `matches` are those of invoices.

    Two that are each an invoice's, or one invoice's halves, are explained.
    """
    explained = {m.posting.key for m in matches}
    groups: dict[tuple[object, ...], list[Posting]] = defaultdict(list)
    for p in postings:
        if p.entity in PAID_BY and p.vendor and p.number.key:
            groups[p.entity, p.project, p.vendor, p.number.key, p.total, p.on].append(p)
    for held in groups.values():
        if len(held) > 1 and any(p.key not in explained for p in held):
            yield _twice(book, sorted(held, key=lambda p: p.record_id))


def _twice(book: Book, held: list[Posting]) -> Finding:
    first, more = held[0], len(held) - 1
    return Finding(
        kind="bill entered twice?",
        sentence=(
            f"quickbooks: {first} of {book.name(first.vendor)} is there {len(held)} times with one number, amount, "
            f"day and job ({', '.join(p.record_id for p in held[1:])}); all of them count"
        ),
        way_out="Void the second one in QuickBooks, or give it its own number if it is another bill",
        records=tuple(p.record_id for p in held),
        project=first.project,
        amount=first.total * more,
        grade="C",
    )
