"""A Procore invoice and a QuickBooks bill are one event if an id, a number, or amount and date say so (D2, D3).

The steps go from what leaves no doubt to what only a person can confirm. A step
takes a pair only when nothing else fits it as well: what stays ambiguous stays
unmatched, and the guard of D4 then holds it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from datablueprint.ledger.choosing import (
    AMOUNT,
    CONNECTOR,
    NAMED_SUM,
    NET,
    NET_AMOUNT,
    NUMBER,
    SERIES,
    SPELLING,
    SUM,
    SUSPECT,
    UNLINKED,
    Documents,
    Match,
    Postings,
    closest,
    gathered,
    groups,
    only,
)
from datablueprint.ledger.documents import (
    APPROVED,
    BILLS,
    CHECK,
    PAID_BY,
    Document,
    Posting,
    direct_costs,
    invoices,
    postings,
)

__all__ = [
    "APPROVED",
    "BILLS",
    "CHECK",
    "Document",
    "Match",
    "Posting",
    "direct_costs",
    "invoices",
    "match",
    "postings",
    "suspects",
]

NEAR = timedelta(days=10)
IN_STEP = timedelta(days=15)
"""Half a month: within it a monthly bill is nearer to its own invoice than to the next one."""
TELLING = 4
"""So many characters of an invoice number are no accident, between two vendors or inside a memo."""
COVER = Decimal("0.75")
"""A bill a quarter short of the invoice may still be it: retainage, a deduction, a typing error."""

Step = Callable[[Documents, Postings], Iterator[Match]]


def match(documents: Iterable[Document], postings: Iterable[Posting]) -> Iterator[Match]:
    """Matches in the order of D2: connector id, then number, then amount and date with one candidate.

    Approved documents choose first, so that a rejected twin never takes the bill of the approved one;
    the others are only told by id and number.
    """
    claimed = sorted(documents, key=lambda d: d.record_id)
    held = sorted(postings, key=lambda p: p.key)
    told: set[str] = set()
    taken: set[tuple[str, str]] = set()
    for approved, steps in ((True, (*BY_NUMBER, *BY_AMOUNT)), (False, BY_NUMBER)):
        for step in steps:
            left = [d for d in claimed if d.approved is approved and d.record_id not in told]
            right = [p for p in held if p.key not in taken]
            for found in step(left, right):
                told |= {d.record_id for d in found.documents}
                taken.add(found.posting.key)
                yield found


def _connector_id(documents: Documents, postings: Postings) -> Iterator[Match]:
    """The id that an integration wrote on either record; a bill may gather several documents."""
    by_native = {(p.native_id, p.project): p for p in postings}
    by_reference = {(line["origin_reference"], p.project): p for p in postings for line in p.lines[:1]}
    claims: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for document in documents:
        posting = by_native.get((document.origin_id or "", document.project))
        if posting is None and document.kind == "invoice":
            native = document.record_id.rsplit(":", 1)[1]
            referred = by_reference.get((native, document.project))
            posting = referred if referred and referred.vendor == document.vendor else None
        if posting:
            claims[posting.key].append(document)
    by_key = {p.key: p for p in postings}
    for key, claimed in claims.items():
        yield Match(by_key[key], tuple(claimed), CONNECTOR)


# -- by number ---------------------------------------------------------------------------------------


def _equal_number(documents: Documents, postings: Postings) -> Iterator[Match]:
    """One number on both sides: whole groups of equal sum, else the pairs of equal amount."""
    for claimed, held in groups(documents, postings, lambda x: x.number.key):
        equal = sum(d.gross for d in claimed) == sum(p.total for p in held)
        if equal and 1 in (len(claimed), len(held)):
            for posting in held:
                yield Match(posting, tuple(claimed), NUMBER)
        else:
            yield from closest(((d, p) for d in claimed for p in held if d.gross == p.total), NUMBER)


def _like_number(documents: Documents, postings: Postings) -> Iterator[Match]:
    """Equal to the cent under a number that only its spelling tells apart."""
    yield from only(
        documents,
        postings,
        lambda d, p: d.gross == p.total and d.number.like(p.number) and d.within(p, SUSPECT),
        SPELLING,
    )


def _net_of_retainage(documents: Documents, postings: Postings) -> Iterator[Match]:
    """A bill entered at what is due now: the retainage stands nowhere in the books."""
    yield from only(
        documents,
        postings,
        lambda d, p: d.net == p.total and d.number.like(p.number) and d.within(p, SUSPECT),
        NET,
    )


def _named_sums(documents: Documents, postings: Postings) -> Iterator[Match]:
    """A bill that gathers invoices, or an invoice entered as several bills, where the number names one of them."""
    yield from gathered(documents, postings, NAMED_SUM, lambda d, p: p.number.names(d.number))


def _other_amount(documents: Documents, postings: Postings) -> Iterator[Match]:
    """One number, another amount: still one event when the dates agree; the difference is reported."""
    for claimed, held in groups(documents, postings, lambda x: x.number.key):
        pairs = (
            (d, p)
            for d in claimed
            for p in held
            if (d.on is None or d.within(p, SUSPECT)) and (d.gross < 0) == (p.total < 0)
        )
        yield from closest(pairs, NUMBER)


# -- by amount and date: proposals -------------------------------------------------------------------


def _one_candidate(documents: Documents, postings: Postings) -> Iterator[Match]:
    """Equal to the cent and near in date, with one candidate on either side; a missing vendor fits any."""
    yield from only(documents, postings, lambda d, p: d.gross == p.total and _near(d, p), AMOUNT, vendor=False)


def _one_net_candidate(documents: Documents, postings: Postings) -> Iterator[Match]:
    yield from only(documents, postings, lambda d, p: d.net == p.total and _near(d, p), NET_AMOUNT)


def _sums(documents: Documents, postings: Postings) -> Iterator[Match]:
    yield from gathered(documents, postings, SUM, lambda d, p: not d.number.contradicts(p.number), every=True)


def _series(documents: Documents, postings: Postings) -> Iterator[Match]:
    """As many invoices as bills of one amount: paired in the order of their dates when every pair is in step."""
    for claimed, held in groups(documents, postings, lambda x: x.gross if isinstance(x, Document) else x.total):
        pairs = list(zip(sorted(claimed, key=_day), sorted(held, key=_day), strict=False))
        in_step = all(d.within(p, IN_STEP) and not d.number.contradicts(p.number) for d, p in pairs)
        if in_step and len(claimed) == len(held) > 1:
            yield from (Match(p, (d,), SERIES) for d, p in pairs)


def _unlinked_vendor(documents: Documents, postings: Postings) -> Iterator[Match]:
    """Two names that no link joins, and everything else the same."""
    yield from only(
        documents,
        postings,
        lambda d, p: d.gross == p.total and d.number.like(p.number) and d.within(p, NEAR) and _strangers(d, p),
        UNLINKED,
        vendor=False,
    )


BY_NUMBER: tuple[Step, ...] = (
    _connector_id,
    _equal_number,
    _like_number,
    _named_sums,
    _net_of_retainage,
    _other_amount,
)
BY_AMOUNT: tuple[Step, ...] = (_series, _one_candidate, _one_net_candidate, _sums, _unlinked_vendor)


# -- what is alike -----------------------------------------------------------------------------------


def _near(document: Document, posting: Posting) -> bool:
    same_vendor = document.vendor is not None and document.vendor == posting.vendor
    nobody = document.kind == "direct cost" and (document.vendor is None or posting.vendor is None)
    return (
        (same_vendor or nobody)
        and bool(posting.total)
        and document.within(posting, NEAR)
        and not document.number.contradicts(posting.number)
    )


def _strangers(document: Document, posting: Posting) -> bool:
    """Two vendors, of whom at least one is known in one system only: they may be one firm."""
    different = document.vendor is not None and posting.vendor is not None and document.vendor != posting.vendor
    return different and not (document.vendor_in_both and posting.vendor_in_both)


def _day(thing: Document | Posting) -> tuple[date, str]:
    return thing.on or date.min, thing.record_id


def suspects(document: Document, postings: Iterable[Posting], *, share: Decimal = COVER) -> list[Posting]:
    """Postings that may be this unmatched document under another number, amount or name (the guard of D4).

    One that has its number, or that alone could cover `share` of it; else all of them, if together they could.
    """
    near = [
        p
        for p in postings
        if p.project == document.project
        and (p.total < 0) == (document.gross < 0)
        and (document.kind == "direct cost" or p.entity in PAID_BY)
        and _suspect(document, p)
    ]
    alone = [p for p in near if document.number.same(p.number) or covers(document, abs(p.total), share)]
    together = sum((abs(p.total) for p in near), Decimal(0))
    return alone or (near if near and covers(document, together, share) else [])


def covers(document: Document, amount: Decimal, share: Decimal = COVER) -> bool:
    return amount >= abs(document.gross) * share


def _suspect(document: Document, posting: Posting) -> bool:
    if posting.vendor is not None and posting.vendor == document.vendor:
        return document.within(posting, SUSPECT) or document.number.same(posting.number)
    telling = len(document.number.key) >= TELLING and document.number.same(posting.number)
    alike = telling or posting.total in document.amounts
    return alike and document.within(posting, NEAR) and _strangers(document, posting)
