"""A Procore invoice and a QuickBooks bill are one event if an id, a number, or amount and date say so (D2, D3)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from datablueprint.ledger.book import Book, Row, grouped

How = Literal["connector id", "vendor, number and project", "vendor, project, amount and date"]
BILLS = frozenset({"Bill", "VendorCredit"})
"""What a subcontractor invoice becomes in QuickBooks; a negative one becomes a credit."""
APPROVED = frozenset({"approved", "approved_as_noted"})
NEAR = timedelta(days=10)
SUSPECT = timedelta(days=45)


@dataclass(frozen=True)
class Posting:
    """The job cost of one QuickBooks transaction on one project."""

    record_id: str
    entity: str
    project: str
    vendor: str | None
    number: str
    on: date
    total: Decimal
    lines: tuple[Row, ...] = field(repr=False)

    @property
    def native_id(self) -> str:
        return self.record_id.rsplit(":", 1)[1]

    @property
    def key(self) -> tuple[str, str]:
        """One transaction may be posted on several projects; each of them is a posting."""
        return self.record_id, self.project


@dataclass(frozen=True)
class Document:
    """A Procore subcontractor invoice or direct cost that may speak of a posting."""

    record_id: str
    kind: Literal["invoice", "direct cost"]
    project: str
    vendor: str | None
    number: str
    on: date | None
    gross: Decimal
    approved: bool
    status: str
    origin_id: str | None
    commitment: str | None
    lines: tuple[Row, ...] = field(repr=False)


@dataclass(frozen=True)
class Match:
    """One posting and the documents it pays: usually one, several when a bill gathers invoices."""

    posting: Posting
    documents: tuple[Document, ...]
    how: How

    @property
    def certain(self) -> bool:
        return self.how != "vendor, project, amount and date"

    @property
    def kind(self) -> str:
        return self.documents[0].kind

    @property
    def gross(self) -> Decimal:
        return sum((d.gross for d in self.documents), Decimal(0))


def number_key(text: str | None) -> str:
    """An invoice number as people compare it: 'INV-0088' and 'inv 88' are the same."""
    flat = re.sub(r"[^a-z0-9]", "", (text or "").lower())
    return re.sub(r"(?<!\d)0+(?=\d)", "", flat)


def postings(book: Book, lines: Iterable[Row]) -> list[Posting]:
    """Cost lines with a job, one posting per transaction and project."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for line in lines:
        groups[line["record_id"], book.project(line["job_record_id"]) or ""].append(line)
    return [
        Posting(
            record_id=record,
            entity=group[0]["entity"],
            project=project,
            vendor=book.party(group[0]["party_record_id"]),
            number=number_key(group[0]["document_number"]),
            on=group[0]["transaction_on"],
            total=sum((line["amount"] for line in group), Decimal(0)),
            lines=tuple(group),
        )
        for (record, project), group in groups.items()
    ]


def invoices(book: Book) -> list[Document]:
    """Procore's subcontractor invoices (requisitions)."""
    lines = grouped(book.read["subcontract_invoice_lines"], "record_id")
    commitments = book.by_id["commitments"]
    return [
        Document(
            record_id=row["record_id"],
            kind="invoice",
            project=book.project(row["project_record_id"]) or "",
            vendor=book.party(
                row["vendor_record_id"] or commitments.get(row["commitment_record_id"], {}).get("vendor_record_id")
            ),
            number=number_key(row["invoice_number"]),
            on=row["billed_on"],
            gross=row["gross_amount"] or Decimal(0),
            approved=row["status"] in APPROVED,
            status=row["status"],
            origin_id=row["origin_id"],
            commitment=row["commitment_record_id"],
            lines=tuple(lines.get(row["record_id"], ())),
        )
        for row in book.read["subcontract_invoices"]
    ]


def direct_costs(book: Book) -> list[Document]:
    """Procore's direct costs; those of type payroll are left to the payroll rules."""
    lines = grouped(book.read["direct_cost_lines"], "direct_cost_record_id")
    return [
        Document(
            record_id=row["record_id"],
            kind="direct cost",
            project=book.project(row["project_record_id"]) or "",
            vendor=book.party(row["vendor_record_id"]),
            number=number_key(row["invoice_number"]),
            on=row["incurred_on"],
            gross=row["amount"] or Decimal(0),
            approved=row["status"] == "approved",
            status=row["status"],
            origin_id=row["origin_id"],
            commitment=None,
            lines=tuple(lines.get(row["record_id"], ())),
        )
        for row in book.read["direct_costs"]
        if row["type"] != "payroll"
    ]


def match(documents: list[Document], postings: list[Posting]) -> Iterator[Match]:
    """Matches in the order of D2: connector id, then number, then amount and date with one candidate.

    Approved documents choose first, so that a rejected twin never takes the bill of the approved one.
    """
    told: set[str] = set()
    taken: set[tuple[str, str]] = set()
    for approved in (True, False):
        for step in (_by_connector_id, _by_number, _by_amount):
            left = [d for d in documents if d.approved is approved and d.record_id not in told]
            right = [p for p in postings if p.key not in taken]
            for found in step(left, right):
                told |= {d.record_id for d in found.documents}
                taken.add(found.posting.key)
                yield found


def _by_connector_id(documents: list[Document], postings: list[Posting]) -> Iterator[Match]:
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
        yield Match(by_key[key], tuple(claimed), "connector id")


def _by_number(documents: list[Document], postings: list[Posting]) -> Iterator[Match]:
    """Same project, vendor and number. Groups that are equal in total match whole, else the nearest in amount."""
    sides: dict[object, tuple[list[Document], list[Posting]]] = defaultdict(lambda: ([], []))
    for document in documents:
        if document.vendor and document.number:
            sides[document.project, document.vendor, document.number][0].append(document)
    for posting in postings:
        if posting.vendor and posting.number:
            sides[posting.project, posting.vendor, posting.number][1].append(posting)
    for claimed, held in sides.values():
        if not claimed or not held:
            continue
        equal = sum((d.gross for d in claimed), Decimal(0)) == sum((p.total for p in held), Decimal(0))
        if equal and (len(held) == 1 or len(claimed) == 1):
            for posting in held:
                yield Match(posting, tuple(claimed), "vendor, number and project")
        else:
            yield from _nearest(claimed, held)


def _nearest(documents: list[Document], postings: list[Posting]) -> Iterator[Match]:
    """One-to-one, the closest amounts first; what is left over stays unmatched."""
    pairs = sorted(
        (((abs(p.total - d.gross), d.record_id, p.record_id), d, p) for d in documents for p in postings),
        key=lambda pair: pair[0],
    )
    told: set[str] = set()
    taken: set[tuple[str, str]] = set()
    for _, document, posting in pairs:
        if document.record_id not in told and posting.key not in taken:
            told.add(document.record_id)
            taken.add(posting.key)
            yield Match(posting, (document,), "vendor, number and project")


def _by_amount(documents: list[Document], postings: list[Posting]) -> Iterator[Match]:
    """Equal to the cent and near in date, with one candidate on either side; a missing vendor fits any."""
    by_amount: dict[object, list[Posting]] = defaultdict(list)
    for posting in postings:
        by_amount[posting.project, posting.total].append(posting)
    claims: dict[tuple[str, str], list[Match]] = defaultdict(list)
    for document in documents:
        if not document.approved or document.on is None:
            continue
        near = [
            p
            for p in by_amount[document.project, document.gross]
            if abs(p.on - document.on) <= NEAR and _same_vendor(document, p)
        ]
        if len(near) == 1:
            claims[near[0].key].append(Match(near[0], (document,), "vendor, project, amount and date"))
    for claimed in claims.values():
        if len(claimed) == 1:
            yield claimed[0]


def _same_vendor(document: Document, posting: Posting) -> bool:
    """Invoices must name the vendor; an expense or card charge often names none."""
    if document.kind == "direct cost" and (document.vendor is None or posting.vendor is None):
        return True
    return document.vendor is not None and document.vendor == posting.vendor


def suspects(document: Document, postings: Iterable[Posting]) -> list[Posting]:
    """Postings that may be this unmatched document under another number (the guard of D4)."""
    return [
        p
        for p in postings
        if p.project == document.project
        and (p.total < 0) == (document.gross < 0)
        and (document.kind == "direct cost" or p.entity in BILLS)
        and p.vendor is not None
        and p.vendor == document.vendor
        and document.on is not None
        and abs(p.on - document.on) <= SUSPECT
    ]
