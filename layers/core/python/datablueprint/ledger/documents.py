"""Invoices, direct costs and bills in one shape, so that a copy can be told from its original by looking at it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal

from datablueprint.ledger.book import Book, Row, grouped
from datablueprint.tables.keys import number_key

BILLS = frozenset({"Bill", "VendorCredit"})
"""What a subcontractor invoice becomes in QuickBooks; a negative one becomes a credit."""
CHECK = "Purchase"
"""A check, expense or card charge: pays a vendor without a bill."""
CONFIRMED = frozenset({"automatic", "accepted"})
PAID_BY = BILLS | {CHECK}
APPROVED = frozenset({"approved", "approved_as_noted"})


@dataclass(frozen=True)
class Number:
    """An invoice number as people compare it: 'INV-0088', 'Inv 88' and '88-R' are spellings of one number."""

    text: str = ""

    @cached_property
    def key(self) -> str:
        return number_key(self.text)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Its runs of digits, without leading zeros."""
        return tuple(run.lstrip("0") or "0" for run in re.findall(r"\d+", self.text))

    @cached_property
    def letters(self) -> str:
        return re.sub(r"[^a-z]", "", self.text.lower())

    def __str__(self) -> str:
        return self.text or "without a number"

    def same(self, other: Number) -> bool:
        return bool(self.key) and self.key == other.key

    def like(self, other: Number) -> bool:
        """Same digits under other letters or dashes, or one of them with a prefix or suffix the other lacks."""
        short, long = sorted((self.parts, other.parts), key=len)
        within = bool(short) and short in (long[: len(short)], long[-len(short) :])
        return within or (self._split == other._split and bool(short))

    @cached_property
    def _split(self) -> tuple[str, str]:
        """What stands before the last run of digits, run together, and that run."""
        return "".join(re.findall(r"\d+", self.text)[:-1]), self.parts[-1] if self.parts else ""

    def names(self, other: Number) -> bool:
        """One number that lists several, as '88 & 89' does, names each of them."""
        return self.like(other) or (bool(other.parts) and other.parts[-1] in self.parts)

    def contradicts(self, other: Number) -> bool:
        """Two numbers of one series: a firm that writes INV-88 and INV-91 means two invoices."""
        counted = bool(self.parts) and len(self.parts) == len(other.parts)
        return counted and self.letters == other.letters and self.parts != other.parts


@dataclass(frozen=True)
class Posting:
    """The job cost of one QuickBooks transaction on one project."""

    record_id: str
    entity: str
    project: str
    vendor: str | None
    number: Number
    on: date
    total: Decimal
    lines: tuple[Row, ...] = field(repr=False, hash=False)
    vendor_in_both: bool = True
    """False when no link says who this vendor is in Procore."""
    firm: str | None = None
    """The vendor as far as links that are automatic or accepted tell it; see Document.firm."""

    def __str__(self) -> str:
        number = f"{self.number} " if self.number.text else ""
        return f"{self.entity} {number}of {self.total:,.2f} of {self.on} ({self.record_id})"

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
    number: Number
    on: date | None
    gross: Decimal
    approved: bool
    status: str
    origin_id: str | None
    commitment: str | None
    lines: tuple[Row, ...] = field(repr=False, hash=False)
    net: Decimal | None = None
    """What is due after retainage, where that differs from gross."""
    vendor_in_both: bool = True
    firm: str | None = None
    """Two vendors of one entity with different firms are one by a proposal only."""

    @property
    def amounts(self) -> tuple[Decimal, ...]:
        """What its bill may be entered at."""
        return (self.gross,) if self.net is None else (self.gross, self.net)

    def within(self, posting: Posting, days: timedelta) -> bool:
        return self.on is not None and abs(posting.on - self.on) <= days


def postings(book: Book, lines: Iterable[Row]) -> list[Posting]:
    """Cost lines with a job, one posting per transaction and project."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for line in lines:
        groups[line["record_id"], book.project(line["job_record_id"]) or ""].append(line)
    known, firms = _in_both(book), _firms(book)
    return [
        Posting(
            record_id=record,
            entity=group[0]["entity"],
            project=project,
            vendor=book.party(group[0]["party_record_id"]),
            number=Number(group[0]["document_number"] or ""),
            on=group[0]["transaction_on"],
            total=sum((line["amount"] for line in group), Decimal(0)),
            lines=tuple(group),
            vendor_in_both=book.party(group[0]["party_record_id"]) in known,
            firm=firms.get(group[0]["party_record_id"], group[0]["party_record_id"]),
        )
        for (record, project), group in groups.items()
    ]


def invoices(book: Book) -> list[Document]:
    """Procore's subcontractor invoices (requisitions)."""
    lines = grouped(book.read["subcontract_invoice_lines"], "record_id")
    known, firms = _in_both(book), _firms(book)
    return [
        _invoice(book, row, tuple(lines.get(row["record_id"], ())), known, firms)
        for row in book.read["subcontract_invoices"]
    ]


def _invoice(book: Book, row: Row, lines: tuple[Row, ...], known: set[str], firms: dict[str, str]) -> Document:
    commitment = book.by_id["commitments"].get(row["commitment_record_id"], {})
    record = row["vendor_record_id"] or commitment.get("vendor_record_id")
    vendor = book.party(record)
    gross = row["gross_amount"] or Decimal(0)
    return Document(
        record_id=row["record_id"],
        kind="invoice",
        project=book.project(row["project_record_id"]) or "",
        vendor=vendor,
        number=Number(row["invoice_number"] or ""),
        on=row["billed_on"],
        gross=gross,
        approved=row["status"] in APPROVED,
        status=row["status"],
        origin_id=row["origin_id"],
        commitment=row["commitment_record_id"],
        lines=lines,
        net=_net(row, gross),
        vendor_in_both=vendor in known,
        firm=firms.get(record or "", record),
    )


def _net(row: Row, gross: Decimal) -> Decimal | None:
    net: Decimal | None = row["net_amount"]
    if net is None and row["retainage_amount"]:
        net = gross - row["retainage_amount"]
    return None if net in (None, gross, Decimal(0)) else net


def direct_costs(book: Book) -> list[Document]:
    """Procore's direct costs; those of type payroll are left to the payroll rules."""
    lines = grouped(book.read["direct_cost_lines"], "direct_cost_record_id")
    known, firms = _in_both(book), _firms(book)
    return [
        Document(
            record_id=row["record_id"],
            kind="direct cost",
            project=book.project(row["project_record_id"]) or "",
            vendor=book.party(row["vendor_record_id"]),
            number=Number(row["invoice_number"] or ""),
            on=row["incurred_on"],
            gross=row["amount"] or Decimal(0),
            approved=row["status"] == "approved",
            status=row["status"],
            origin_id=row["origin_id"],
            commitment=None,
            lines=tuple(lines.get(row["record_id"], ())),
            vendor_in_both=book.party(row["vendor_record_id"]) in known,
            firm=firms.get(row["vendor_record_id"], row["vendor_record_id"]),
        )
        for row in book.read["direct_costs"]
        if row["type"] != "payroll"
    ]


def _in_both(book: Book) -> set[str]:
    """Vendor entities that both systems hold."""
    systems: dict[str, set[str]] = defaultdict(set)
    for row in book.read["vendors"]:
        systems[book.party(row["record_id"]) or ""].add(row["system"])
    return {entity for entity, found in systems.items() if len(found) > 1}


def _firms(book: Book) -> dict[str, str]:
    """Vendor record -> a record of the same firm, joined by automatic and accepted links alone."""
    root: dict[str, str] = {}

    def first(record: str) -> str:
        while record in root and root[record] != record:
            record = root[record]
        return record

    for link in book.links:
        if link["kind"] == "vendor" and link["state"] in CONFIRMED:
            low, high = sorted((first(link["left_record_id"]), first(link["right_record_id"])))
            root[high] = root[low] = low
    return {record: first(record) for record in root}
