"""A bill on another job, on overhead or on no job is still the bill of its invoice: the invoice waits for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from datablueprint.ledger.book import Book, Row, grouped
from datablueprint.ledger.choosing import SUSPECT, Match
from datablueprint.ledger.documents import PAID_BY, Document, Number

KIND = "booked elsewhere"


class Held(NamedTuple):
    """Why an approved document without a match is not counted: kind of finding, clause, and the postings meant."""

    kind: str
    why: str
    records: tuple[str, ...] = ()


def booked_elsewhere(
    book: Book, documents: Iterable[Document], of_invoices: Iterable[Match], of_direct_costs: Iterable[Match]
) -> dict[str, Held]:
    """Unmatched documents whose transaction, by id or by all else, is voided or not on their job.

    What is some invoice's or direct cost's own bill already is no other one's.
    """
    invoiced = {m.posting.key for m in of_invoices}
    matched = {"invoice": invoiced, "direct cost": invoiced | {m.posting.key for m in of_direct_costs}}
    elsewhere = Elsewhere(book, matched)
    known = {line["record_id"].rsplit(":", 1)[1] for line in book.read["accounting_lines"]}
    held: dict[str, Held | None] = {}
    for document in documents:
        if document.origin_id in known:
            voided = f"its QuickBooks transaction {document.origin_id} is voided or on another job"
            held[document.record_id] = elsewhere.by_id(document.origin_id) or Held(KIND, voided)
        else:
            held[document.record_id] = elsewhere.held(document)
    return {record: found for record, found in held.items() if found}


class Elsewhere:
    """Bills, checks and credits of the company by vendor: where each of them is booked."""

    def __init__(self, book: Book, matched: Mapping[str, set[tuple[str, str]]]) -> None:
        """`matched` are the postings that are some document's, by the kind of the document."""
        self.book, self._matched = book, matched
        lines = [line for line in book.read["accounting_lines"] if self._spends(line)]
        self._of_record = grouped(lines, "record_id")
        self._of_vendor: dict[str, list[str]] = defaultdict(list)
        for record, held in self._of_record.items():
            if vendor := book.party(held[0]["party_record_id"]):
                self._of_vendor[vendor].append(record)
        self._by_native = {record.rsplit(":", 1)[1]: record for record in self._of_record}

    def _spends(self, line: Row) -> bool:
        """On the side of a bill that says what it is for: an expense, or something the company keeps."""
        account = self.book.by_id["accounts"].get(line["account_record_id"], {})
        countable = line["posting"] and not line["presentation"] and not line["voided"] and line["amount"] is not None
        kept = account.get("classification") == "Asset" and line["line_key"] != "H"
        return line["entity"] in PAID_BY and countable and (account.get("classification") == "Expense" or kept)

    def held(self, document: Document) -> Held | None:
        """One transaction with its vendor, number and amount, in whole or in one job's part, that is not on its job."""
        for record in self._of_vendor.get(document.vendor or "", ()):
            for lines in self._parts(record):
                if self._is(document, lines):
                    return self._told(record, lines, "with its vendor, number and amount ")
        return None

    def by_id(self, native: str | None) -> Held | None:
        """The transaction that an integration says the document became."""
        record = self._by_native.get(native or "")
        return self._told(record, self._of_record[record], "") if record else None

    def _parts(self, record: str) -> Iterator[list[Row]]:
        """Each job's lines of a transaction, and all of them."""
        parts: dict[str | None, list[Row]] = defaultdict(list)
        for line in self._of_record[record]:
            parts[self.book.project(line["job_record_id"])].append(line)
        yield from parts.values()
        if len(parts) > 1:
            yield self._of_record[record]

    def _is(self, document: Document, lines: list[Row]) -> bool:
        places = {self.book.project(line["job_record_id"]) or "" for line in lines}
        record, number = lines[0]["record_id"], Number(lines[0]["document_number"] or "")
        taken = any((record, place) in self._matched[document.kind] for place in places)
        if taken or document.project in places or _sum(lines) not in document.amounts:
            return False
        near = document.on is not None and abs(lines[0]["transaction_on"] - document.on) <= SUSPECT
        return document.number.same(number) or (near and document.number.like(number))

    def _told(self, record: str, lines: list[Row], alike: str) -> Held:
        where = " and ".join(sorted({self._where(line) for line in lines}))
        first = lines[0]
        named = f"{first['entity']} {first['document_number'] or ''}".strip()
        why = f"{named} of {_sum(lines):,.2f} of {first['transaction_on']} ({record}) {alike}is booked {where}"
        return Held(KIND, why, (record,))

    def _where(self, line: Row) -> str:
        if line["job_record_id"]:
            return f"on {self.book.name(self.book.project(line['job_record_id']))}"
        account = self.book.by_id["accounts"].get(line["account_record_id"], {})
        return f"on {account.get('name') or 'an unknown account'} without a job"


def _sum(lines: Iterable[Row]) -> Decimal:
    return sum((line["amount"] for line in lines), Decimal(0))
