"""An approved document that the books may hold already waits for a person, and no more of them than could be there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal

from datablueprint.ledger.adjustments import JOURNAL, open_accruals
from datablueprint.ledger.book import Book, Finding, Row
from datablueprint.ledger.choosing import SUSPECT, Match
from datablueprint.ledger.documents import Document, Posting
from datablueprint.ledger.elsewhere import Held
from datablueprint.ledger.matching import COVER, TELLING, covers, suspects
from datablueprint.tables.keys import number_key

Rooms = dict[tuple[str, str], Decimal]
"""By posting: dollars of it that no document has claimed yet."""
MOST_NAMED = 3


# -- the same job ------------------------------------------------------------------------------------


def waiting(
    documents: Iterable[Document], postings: Iterable[Posting], rooms: Rooms, *, share: Decimal = COVER
) -> dict[str, list[Posting]]:
    """Documents (of one kind) by the postings that may be them, the likeliest first.

    Every document held uses up its amount of a posting's room, so that a bill of
    100 holds no invoice of 50,000, and a bill of 50,000 no three of them.
    """
    by_project: dict[str, list[Posting]] = defaultdict(list)
    for posting in postings:
        by_project[posting.project].append(posting)
    near = [(d, suspects(d, by_project[d.project], share=share)) for d in documents]
    found: dict[str, list[Posting]] = {}
    for document, posting in sorted(((d, p) for d, held in near for p in held), key=_likeliest):
        if document.record_id not in found and _fits(document, posting, rooms, share):
            found[document.record_id] = _claimed(document, [posting], rooms)
    for document, held in sorted(near, key=lambda pair: pair[0].record_id):
        some = [p for p in held if rooms[p.key] > 0]
        room = sum((rooms[p.key] for p in some), Decimal(0))
        if document.record_id not in found and some and covers(document, room, share):
            found[document.record_id] = _claimed(document, some, rooms)
    return found


def duplicates(
    documents: list[Document], postings: Mapping[str, list[Posting]], overfull: list[Match]
) -> dict[str, Held]:
    """Documents that an unmatched posting may be, or that may be inside a matched bill larger than its invoice.

    `postings` are those that no document of a kind explains. An invoice and a
    direct cost may be copies of one posting, so the two kinds do not share its room.
    """
    found: dict[str, list[Posting]] = {}
    for kind, held in postings.items():
        left = [d for d in documents if d.kind == kind]
        found |= waiting(left, held, {p.key: abs(p.total) for p in held})
        left = [d for d in left if d.record_id not in found]
        rest = {m.posting.key: abs(m.posting.total) - abs(m.gross) for m in overfull}
        found |= waiting(left, [m.posting for m in overfull], rest, share=Decimal(1))
    return {
        record: Held("suspected duplicate", _may_be(named), tuple(p.record_id for p in named))
        for record, named in found.items()
    }


def _fits(document: Document, posting: Posting, rooms: Rooms, share: Decimal) -> bool:
    room = rooms[posting.key]
    named = document.number.same(posting.number) and room > 0
    return named or covers(document, room, share)


def _claimed(document: Document, postings: list[Posting], rooms: Rooms) -> list[Posting]:
    wanted = abs(document.gross)
    for posting in postings:
        taken = min(wanted, rooms[posting.key])
        rooms[posting.key] -= taken
        wanted -= taken
    return postings


def _likeliest(pair: tuple[Document, Posting]) -> tuple[bool, Decimal, timedelta, str, str]:
    document, posting = pair
    days = abs(posting.on - document.on) if document.on else SUSPECT
    off = min(abs(posting.total - amount) for amount in document.amounts)
    return not document.number.same(posting.number), off, days, document.record_id, posting.record_id


def _may_be(postings: list[Posting]) -> str:
    """The clause that names them."""
    more = f" and {len(postings) - MOST_NAMED} more" if len(postings) > MOST_NAMED else ""
    named = ", ".join(map(str, postings[:MOST_NAMED]))
    return f"{named}{more} may be this document under another number, amount or name"


# -- month-end journals ------------------------------------------------------------------------------


def accrued(documents: Iterable[Document], job_cost: Iterable[Row], book: Book) -> dict[str, Held]:
    """Documents that a journal on their job has in cost already: equal amount, and it says accrual or their number.

    Each journal line stands for one document; a journal that was reversed stands for none.
    """
    journals = [line for line in job_cost if line["entity"] == JOURNAL]
    open_ = {(line["record_id"], line["line_key"]) for line in open_accruals(journals)}
    by_amount: dict[tuple[str | None, Decimal], list[Row]] = defaultdict(list)
    for line in journals:
        by_amount[book.project(line["job_record_id"]), line["amount"]].append(line)
    taken: set[tuple[str, str]] = set()
    found: dict[str, Held] = {}
    pairs = [
        (not _names(line, document), document.record_id, line["record_id"], line["line_key"], line)
        for document in documents
        for amount in document.amounts
        for line in by_amount.get((document.project, amount), ())
        if amount and _stands_for(line, document, open_, by_amount, book)
    ]
    for _, document_id, record, line_key, line in sorted(pairs, key=lambda pair: pair[:4]):
        if document_id not in found and (record, line_key) not in taken:
            taken.add((record, line_key))
            found[document_id] = _by_journal(line)
    return found


def _by_journal(line: Row) -> Held:
    memo = f" '{line['memo']}'" if line["memo"] else ""
    why = f"the journal{memo} of {line['amount']:,.2f} of {line['transaction_on']} ({line['record_id']}) accrues it"
    return Held("accrued by journal", why, (line["record_id"],))


def _stands_for(
    line: Row,
    document: Document,
    open_: set[tuple[str, str]],
    by_amount: Mapping[tuple[str | None, Decimal], list[Row]],
    book: Book,
) -> bool:
    if _names(line, document):
        back = by_amount.get((book.project(line["job_record_id"]), -line["amount"]), ())
        return not any(other["account_record_id"] == line["account_record_id"] for other in back)
    near = document.on is not None and abs(line["transaction_on"] - document.on) <= SUSPECT
    return near and (line["record_id"], line["line_key"]) in open_


def _names(line: Row, document: Document) -> bool:
    key = document.number.key
    whole = re.compile(rf"(?<!\d){re.escape(key)}(?!\d)")
    return len(key) >= TELLING and any(whole.search(number_key(line[text])) for text in ("memo", "note"))


def waits(document: Document, held: Held) -> Finding:
    return Finding(
        kind=held.kind,
        sentence=(
            f"procore: approved {document.kind} {document.record_id} of {document.gross:,.2f} is held out: {held.why}"
        ),
        way_out="Say whether they are one event: correct the invoice number, the job or the lines",
        records=(document.record_id, *held.records),
        project=document.project,
        amount=document.gross,
        grade="C",
    )
