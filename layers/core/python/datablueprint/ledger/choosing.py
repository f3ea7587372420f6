"""A pair is chosen when nothing else fits either side as well; a choice between equals is never made."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import combinations
from typing import TypeVar

from datablueprint.ledger.documents import Document, Posting

CONNECTOR = "connector id"
NUMBER = "vendor, number and project"
SPELLING = "vendor, project, amount and a number spelled differently"
NAMED_SUM = "vendor, project, number and amounts that add up"
NET = "vendor, number and project, net of retainage"
CERTAIN = frozenset({CONNECTOR, NUMBER, SPELLING, NAMED_SUM, NET})
AMOUNT = "vendor, project, amount and date"
NET_AMOUNT = "vendor, project, amount net of retainage and date"
SUM = "vendor, project, dates and amounts that add up"
SERIES = "vendor, project, amount and the order of their dates"
UNLINKED = "project, number, amount and date, under vendor names that no link joins"

SUSPECT = timedelta(days=45)
MOST_PARTS = 3
"""A bill that gathers more invoices, or an invoice that was entered as more bills, is left to a person."""
MOST_CANDIDATES = 30

T = TypeVar("T")
Documents = list[Document]
Postings = list[Posting]


@dataclass(frozen=True)
class Match:
    """One posting and the documents it pays: usually one, several when a bill gathers invoices."""

    posting: Posting
    documents: tuple[Document, ...]
    how: str

    @property
    def certain(self) -> bool:
        """By an id; or by a number, between vendors that are surely one."""
        return self.how == CONNECTOR or (self.how in CERTAIN and not self.by_proposed_vendor)

    @property
    def by_proposed_vendor(self) -> bool:
        """A link that nobody has confirmed says that the two vendors are one."""
        ours = {d.firm for d in self.documents if d.vendor == self.posting.vendor and d.firm}
        return self.posting.firm is not None and bool(ours - {self.posting.firm})

    @property
    def kind(self) -> str:
        return self.documents[0].kind

    @property
    def gross(self) -> Decimal:
        return sum((d.gross for d in self.documents), Decimal(0))


def groups(
    documents: Documents, postings: Postings, value: Callable[[Document | Posting], Hashable]
) -> Iterator[tuple[Documents, Postings]]:
    """Documents and postings of one project, vendor and `value`, where both sides have some."""
    sides: dict[Hashable, tuple[Documents, Postings]] = defaultdict(lambda: ([], []))
    for document in documents:
        if document.vendor and value(document):
            sides[document.project, document.vendor, value(document)][0].append(document)
    for posting in postings:
        if posting.vendor and value(posting):
            sides[posting.project, posting.vendor, value(posting)][1].append(posting)
    yield from ((claimed, held) for claimed, held in sides.values() if claimed and held)


def only(
    documents: Documents,
    postings: Postings,
    fits: Callable[[Document, Posting], bool],
    how: str,
    *,
    vendor: bool = True,
) -> Iterator[Match]:
    """Pairs that fit each other and nothing else. Without `vendor` it may be missing, and `fits` decides."""
    by_project: dict[Hashable, Postings] = defaultdict(list)
    for posting in postings:
        by_project[(posting.project, posting.vendor) if vendor else posting.project].append(posting)
    claims: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for document in documents:
        if vendor and document.vendor is None:
            continue
        candidates = by_project.get((document.project, document.vendor) if vendor else document.project, ())
        fitting = [p for p in candidates if fits(document, p)]
        for posting in fitting:
            claims[posting.key].append(Match(posting, (document,), how if len(fitting) == 1 else ""))
    for claimed in claims.values():
        if len(claimed) == 1 and claimed[0].how:
            yield claimed[0]


def closest(pairs: Iterable[tuple[Document, Posting]], how: str) -> Iterator[Match]:
    """One-to-one, the closest amounts first, then the closest dates; what is left over stays unmatched."""
    told: set[str] = set()
    taken: set[tuple[str, str]] = set()
    for document, posting in sorted(pairs, key=_distance):
        if document.record_id not in told and posting.key not in taken:
            told.add(document.record_id)
            taken.add(posting.key)
            yield Match(posting, (document,), how)


def gathered(
    documents: Documents,
    postings: Postings,
    how: str,
    names: Callable[[Document, Posting], bool],
    *,
    every: bool = False,
) -> Iterator[Match]:
    """One posting for several documents, or one document in several postings, where just one set adds up.

    `names` must hold for one member of the set at least, for all of them with `every`.
    """
    for claimed, held in groups(documents, postings, lambda _: True):
        bundles = list(_bundles(claimed, held, names, every=every))
        wanted = Counter(member for documents_, postings_ in bundles for member in _members(documents_, postings_))
        for documents_, postings_ in bundles:
            if all(wanted[member] == 1 for member in _members(documents_, postings_)):
                yield from (Match(posting, documents_, how) for posting in postings_)


def _bundles(
    claimed: Documents, held: Postings, names: Callable[[Document, Posting], bool], *, every: bool
) -> Iterator[tuple[tuple[Document, ...], tuple[Posting, ...]]]:
    for posting in held:
        near = [(d, d.gross, names(d, posting)) for d in claimed if d.within(posting, SUSPECT)]
        if gathered := _adding_up(near, posting.total, every=every):
            yield gathered, (posting,)
    for document in claimed:
        parts = [(p, p.total, names(document, p)) for p in held if document.within(p, SUSPECT)]
        if split := _adding_up(parts, document.gross, every=every):
            yield (document,), split


def _members(documents: Iterable[Document], postings: Iterable[Posting]) -> Iterator[object]:
    yield from (d.record_id for d in documents)
    yield from (p.key for p in postings)


def _adding_up(candidates: list[tuple[T, Decimal, bool]], total: Decimal, *, every: bool) -> tuple[T, ...]:
    """The one set of two or three whose amounts are `total`: one that is named throughout before one named in part."""
    if not total or len(candidates) > MOST_CANDIDATES:
        return ()
    sizes = range(2, MOST_PARTS + 1)
    sets = [s for size in sizes for s in combinations(candidates, size) if sum(amount for _, amount, _ in s) == total]
    for enough in (all,) if every else (all, any):
        fitting = [s for s in sets if enough(named for _, _, named in s)]
        if fitting:
            return tuple(thing for thing, _, _ in fitting[0]) if len(fitting) == 1 else ()
    return ()


def _distance(pair: tuple[Document, Posting]) -> tuple[Decimal, timedelta, str, str]:
    document, posting = pair
    days = abs(posting.on - document.on) if document.on else SUSPECT
    return abs(posting.total - document.gross), days, document.record_id, posting.record_id
