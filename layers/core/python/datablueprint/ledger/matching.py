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
    posting: Posting
    document: Document
    how: How

    @property
    def certain(self) -> bool:
        return self.how != "vendor, project, amount and date"


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
    """One-to-one matches in the order of D2: connector id, then number, then amount and date with one candidate."""
    told: set[str] = set()
    taken: set[tuple[str, str]] = set()
    for step in (_by_connector_id, _by_number, _by_amount):
        left = [d for d in documents if d.record_id not in told]
        right = [p for p in postings if p.key not in taken]
        for found in step(left, right):
            told.add(found.document.record_id)
            taken.add(found.posting.key)
            yield found


def _by_connector_id(documents: list[Document], postings: list[Posting]) -> list[Match]:
    by_native = _index(postings, lambda p: p.native_id)
    by_reference = _index(postings, lambda p: next((line["origin_reference"] for line in p.lines), None))
    found = []
    for document in documents:
        native = document.record_id.rsplit(":", 1)[1]
        candidates = by_native.get(document.origin_id or "", []) + by_reference.get(native, [])
        same_project = [p for p in candidates if p.project == document.project]
        if same_project:
            found.append(Match(same_project[0], document, "connector id"))
    return _one_to_one(found)


def _by_number(documents: list[Document], postings: list[Posting]) -> list[Match]:
    by_key = _index(postings, lambda p: (p.project, p.vendor, p.number) if p.vendor and p.number else None)
    found = []
    for document in documents:
        candidates = by_key.get((document.project, document.vendor, document.number), [])
        if candidates:
            nearest = min(candidates, key=lambda p: (abs(p.total - document.gross), p.on, p.record_id))
            found.append(Match(nearest, document, "vendor, number and project"))
    return _one_to_one(found)


def _by_amount(documents: list[Document], postings: list[Posting]) -> list[Match]:
    by_key = _index(postings, lambda p: (p.project, p.vendor, p.total) if p.vendor else None)
    found = []
    for document in documents:
        if not document.approved or document.on is None:
            continue
        candidates = by_key.get((document.project, document.vendor, document.gross), [])
        near = [p for p in candidates if abs(p.on - document.on) <= NEAR]
        if len(near) == 1:
            found.append(Match(near[0], document, "vendor, project, amount and date"))
    claims = defaultdict(list)
    for one in found:
        claims[one.posting.key].append(one)
    return [group[0] for group in claims.values() if len(group) == 1]


def _index(postings: list[Posting], key: object) -> dict[object, list[Posting]]:
    index: dict[object, list[Posting]] = defaultdict(list)
    for posting in postings:
        value = key(posting)  # type: ignore[operator]  # a callable; typed loosely because keys differ in shape
        if value:
            index[value].append(posting)
    return index


def _one_to_one(found: list[Match]) -> list[Match]:
    """Each posting goes to the document nearest in amount; the others stay unmatched."""
    best: dict[tuple[str, str], Match] = {}
    for one in found:
        held = best.get(one.posting.key)
        if held is None or _distance(one) < _distance(held):
            best[one.posting.key] = one
    return list(best.values())


def _distance(one: Match) -> tuple[Decimal, str]:
    return abs(one.posting.total - one.document.gross), one.document.record_id


def suspects(document: Document, postings: Iterable[Posting]) -> list[Posting]:
    """Unmatched bills that may be this unmatched invoice under another number (the guard of D4)."""
    return [
        p
        for p in postings
        if p.entity == "Bill"
        and p.project == document.project
        and p.vendor == document.vendor
        and document.on is not None
        and abs(p.on - document.on) <= SUSPECT
    ]
