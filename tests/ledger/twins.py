"""Books in which it is known which invoice and which bill are one event, at three levels of difficulty."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from datablueprint.ledger.documents import Document, Number, Posting
from datablueprint.ledger.matching import Match, match, suspects

FIRST = date(2026, 1, 31)
Pair = tuple[str, str]


def invoice(number: str, gross: Decimal, on: date, **changes: object) -> Document:
    made = Document(
        record_id="procore:requisitions:1",
        kind="invoice",
        project="P1",
        vendor="V1",
        number=Number(number),
        on=on,
        gross=gross,
        approved=True,
        status="approved",
        origin_id=None,
        commitment="C1",
        lines=(),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # a test names the columns it is about


def bill(number: str, total: Decimal, on: date, **changes: object) -> Posting:
    made = Posting(
        record_id="quickbooks:Bill:1",
        entity="Bill" if total >= 0 else "VendorCredit",
        project="P1",
        vendor="V1",
        number=Number(number),
        on=on,
        total=total,
        lines=({"origin_reference": None},),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # see invoice


@dataclass
class Books:
    """Documents, postings and the pairs of them that are one event."""

    dice: random.Random
    documents: list[Document] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    truth: set[Pair] = field(default_factory=set)
    kinds: dict[Pair, str] = field(default_factory=dict)

    def event(self, kind: str, documents: Iterable[Document], postings: Iterable[Posting]) -> None:
        """Enter records; each of these documents is paid by each of these postings."""
        claimed = [self._entered(d) for d in documents]
        held = [self._posted(p) for p in postings]
        pairs = {(d.record_id, p.record_id) for d in claimed for p in held}
        self.truth |= pairs
        self.kinds |= dict.fromkeys(pairs, kind)

    def _entered(self, document: Document) -> Document:
        made = replace(document, record_id=f"procore:requisitions:{self.dice.randrange(10**9)}")
        self.documents.append(made)
        return made

    def _posted(self, posting: Posting) -> Posting:
        made = replace(posting, record_id=f"quickbooks:{posting.entity}:{self.dice.randrange(10**9)}")
        self.postings.append(made)
        return made

    def shuffled(self) -> None:
        self.dice.shuffle(self.documents)
        self.dice.shuffle(self.postings)


@dataclass(frozen=True)
class Score:
    """Dollars of pairs: merged, merged rightly, true, and true but held for a person."""

    merged: Decimal
    right: Decimal
    true: Decimal
    held: Decimal
    wrong: tuple[Pair, ...]
    lost: tuple[Pair, ...]
    waiting: tuple[Pair, ...]

    @property
    def precision(self) -> Decimal:
        return self.right / self.merged if self.merged else Decimal(1)

    @property
    def recall(self) -> Decimal:
        return self.right / self.true

    def __str__(self) -> str:
        return (
            f"precision {self.precision:.4f}, recall {self.recall:.4f} of {self.true:,.2f}; "
            f"held for a person {self.held:,.2f}; wrong pairs {len(self.wrong)}, lost pairs {len(self.lost)}"
        )


def score(books: Books) -> Score:
    documents = {d.record_id: d for d in books.documents}
    held = {p.record_id: p for p in books.postings}
    matches: list[Match] = list(match(books.documents, books.postings))
    found = {(d.record_id, m.posting.record_id) for m in matches for d in m.documents}
    told = {document for document, _ in found}
    taken = {posting for _, posting in found}
    open_postings = [p for p in books.postings if p.record_id not in taken]

    def dollars(pairs: Iterable[Pair]) -> Decimal:
        return sum((min(abs(documents[d].gross), abs(held[p].total)) for d, p in pairs), Decimal(0))

    missed = books.truth - found
    waiting = {(d, p) for d, p in missed if d not in told and suspects(documents[d], open_postings)}
    return Score(
        merged=dollars(found),
        right=dollars(found & books.truth),
        true=dollars(books.truth),
        held=dollars(waiting),
        wrong=tuple(sorted(found - books.truth)),
        lost=tuple(sorted(missed - waiting)),
        waiting=tuple(sorted(waiting)),
    )


def generated(level: int, seed: int, *, events: int = 300, places: int | None = None) -> Books:
    """`events` twins, and about a fifth as many events that only one system knows.

    With `places`, that few firms send them all, orphans too, so that many events of one firm overlap in time.
    """
    dice = random.Random(f"{level}/{seed}")
    books = Books(dice)
    makers = {1: EASY, 2: MEDIUM, 3: HARD}[level]
    spot = 0
    while len(books.truth) < events:
        firm = dice.randrange(places) if places else spot
        place: dict[str, object] = {"project": f"P{firm % 9}", "vendor": f"V{firm % 31}"}
        # Without `places` a vendor comes back to a project only after 9 x 31 events: ambiguity is by design.
        makers[spot % len(makers)](books, FIRST + timedelta(days=dice.randrange(300)), 1000 + spot * 3, place)
        if spot % 5 == 0:
            _orphans(books, spot, place if places else place | {"vendor": f"X{spot % 31}"})
        spot += 1
    books.shuffled()
    return books


def cents(books: Books) -> Decimal:
    return Decimal(books.dice.randrange(50_000, 9_000_000)).scaleb(-2)


def _orphans(books: Books, spot: int, place: dict[str, object]) -> None:
    """An approved invoice that nobody posted and a bill that nobody entered."""
    day = FIRST + timedelta(days=books.dice.randrange(300))
    books.event("orphan", [invoice(f"INV-{spot}7", cents(books), day, **place)], [])
    books.event("orphan", [], [bill(f"INV-{spot}9", cents(books), day + timedelta(days=60), **place)])


def _by_connector(books: Books, day: date, number: int, place: dict[str, object]) -> None:
    amount = cents(books)
    books.event("connector id", [invoice(f"INV-{number}", amount, day, **place)], [bill("", amount, day, **place)])
    books.documents[-1] = replace(books.documents[-1], origin_id=books.postings[-1].native_id)


def _by_number(books: Books, day: date, number: int, place: dict[str, object]) -> None:
    amount = cents(books)
    late = day + timedelta(days=books.dice.randrange(4))
    books.event(
        "same number",
        [invoice(f"INV-{number}", amount, day, **place)],
        [bill(f"inv {number}", amount, late, **place)],
    )


def _spelled(books: Books, day: date, number: int, place: dict[str, object]) -> None:
    """The same number as three people would type it, entered up to three weeks apart."""
    amount = cents(books)
    spellings = [f"INV-00{number}", f"{number}-R", f"Inv. {number}", f"#{number}", f"24-017-{number}", f"{number}A"]
    ours, theirs = books.dice.sample(spellings, 2)
    late = day + timedelta(days=books.dice.randrange(-3, 22))
    books.event("spelling", [invoice(ours, amount, day, **place)], [bill(theirs, amount, late, **place)])


def _days_apart(books: Books, day: date, number: int, place: dict[str, object]) -> None:
    amount = cents(books)
    late = day + timedelta(days=books.dice.randrange(11))
    books.event("no number", [invoice(f"{number}", amount, day, **place)], [bill("", amount, late, **place)])


def _one_bill_for_two(books: Books, day: date, number: int, place: dict[str, object]) -> None:
    first, second = cents(books), cents(books)
    text = books.dice.choice([f"INV-{number}", f"{number} & {number + 1}", f"{number}/{number + 1}", f"{number + 1}-R"])
    books.event(
        "one bill for two invoices",
        [
            invoice(f"INV-{number}", first, day, **place),
            invoice(f"INV-{number + 1}", second, day + timedelta(days=books.dice.randrange(31)), **place),
        ],
        [bill(text, first + second, day + timedelta(days=32), **place)],
    )


def _one_number_two_amounts(books: Books, day: date, number: int, place: dict[str, object]) -> None:
    """Somebody mistyped the amount."""
    amount = cents(books)
    books.event(
        "amounts differ",
        [invoice(f"INV-{number}", amount, day, **place)],
        [bill(f"inv{number}", amount + 90, day + timedelta(days=5), **place)],
    )


def _monthly(books: Books, day: date, number: int, place: dict[str, object]) -> None:
    """Four equal invoices a month apart, posted without numbers up to two weeks later."""
    amount = cents(books)
    for month in range(4):
        sent = day + timedelta(days=30 * month)
        posted = sent + timedelta(days=books.dice.randrange(15))
        ours = books.dice.choice(["", f"PA{month + 1}"])
        books.event("monthly", [invoice(ours, amount, sent, **place)], [bill("", amount, posted, **place)])


def _weekly_one_missing(books: Books, day: date, number: int, place: dict[str, object]) -> None:
    """Equal weekly invoices of which one is not yet posted: nobody can tell which bill is whose."""
    amount = cents(books)
    missing = books.dice.randrange(3)
    for week in range(3):
        sent = day + timedelta(days=7 * week)
        paid = [] if week == missing else [bill("", amount, sent + timedelta(days=books.dice.randrange(5)), **place)]
        books.event("weekly, one missing", [invoice("", amount, sent, **place)], paid)


def _net(books: Books, day: date, number: int, place: dict[str, object]) -> None:
    amount = cents(books)
    net = (amount * Decimal("0.9")).quantize(Decimal("0.01"))
    text = books.dice.choice(["", f"{number}"])
    late = day + timedelta(days=books.dice.randrange(9))
    books.event(
        "net of retainage",
        [invoice(f"INV-{number}", amount, day, net=net, **place)],
        [bill(text, net, late, **place)],
    )


def _split(books: Books, day: date, number: int, place: dict[str, object]) -> None:
    amount = cents(books)
    part = (amount / 3).quantize(Decimal("0.01"))
    one, two = books.dice.choice([("", ""), (f"{number}A", f"{number}B"), (f"{number}-1", f"{number}-2")])
    late = day + timedelta(days=books.dice.randrange(9))
    books.event(
        "split",
        [invoice(f"INV-{number}", amount, day, **place)],
        [bill(one, part, day, **place), bill(two, amount - part, late, **place)],
    )


def _credited(books: Books, day: date, number: int, place: dict[str, object]) -> None:
    """An invoice and its credit, and the corrected invoice under another number."""
    amount = cents(books)
    for text, value, days in ((f"{number}", amount, 0), (f"{number}CR", -amount, 3), (f"{number + 1}", amount - 50, 5)):
        on = day + timedelta(days=days)
        theirs = "" if value < 0 else text
        books.event(
            "credited", [invoice(text, value, on, **place)], [bill(theirs, value, on + timedelta(days=2), **place)]
        )


def _two_projects(books: Books, day: date, number: int, place: dict[str, object]) -> None:
    """One firm sends the same amount for two projects on the same day."""
    amount = cents(books)
    for project in (place["project"], f"{place['project']}b"):
        where = place | {"project": project}
        books.event(
            "two projects",
            [invoice(f"{number}", amount, day, **where)],
            [bill("", amount, day + timedelta(days=books.dice.randrange(9)), **where)],
        )


EASY = (_by_connector, _by_number)
MEDIUM = (_spelled, _days_apart, _one_bill_for_two, _one_number_two_amounts)
HARD = (_monthly, _net, _split, _credited, _two_projects, _weekly_one_missing)
