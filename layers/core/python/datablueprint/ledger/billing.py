"""Billed to date is what QuickBooks invoiced on revenue accounts; Procore's applications are its evidence (D11)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from datablueprint.ledger.book import Book, Fact, Finding, Leaf, Row, grouped, mirrors
from datablueprint.ledger.matching import NEAR
from datablueprint.ledger.transactions import Transactions
from datablueprint.tables.keys import number_key

SALES = frozenset({"Invoice", "CreditMemo", "SalesReceipt", "RefundReceipt"})
OTHER_INCOME = "Other Income"
APPLICATION = re.compile(r"\b(?:application|pay app|draw|requisition)\s*(?:no\.?|number|#)?\s*(\d+)\b", re.IGNORECASE)
BILLED = frozenset({"approved"})
"""Statuses of a payment application that say the owner was billed."""


@dataclass(frozen=True)
class Invoice:
    """The revenue lines of one sales form: gross of retainage, net of tax."""

    record_id: str
    entity: str
    project: str | None
    number: str
    application: str
    on: date
    gross: Decimal

    @property
    def event(self) -> tuple[object, ...]:
        """Two invoices of one event agree in all of this."""
        return self.project, self.number, self.application, self.gross


class Billing:
    """Billing of one book: invoices, the applications they bill, and which of them are one event."""

    def __init__(self, transactions: Transactions, lines: Iterable[Row], taxes: Iterable[Row]) -> None:
        """`lines` are lines on revenue accounts, `taxes` the sales tax lines of sales forms."""
        self.book, self.transactions = transactions.book, transactions
        self.lines, self.taxes = list(lines), list(taxes)
        self.invoices = sorted((self._invoice(group) for group in self._forms()), key=lambda i: (i.on, i.record_id))
        self.repeated = dict(self._repeated())
        self.applications = [row for row in self.book.read["owner_invoices"] if row["gross_this_period"] is not None]
        self.unpriced = [row for row in self.book.read["owner_invoices"] if row["gross_this_period"] is None]
        self.billed = dict(self._match())
        self._by_invoice = {invoice.record_id: row for row, invoice in self._pairs()}

    def _forms(self) -> Iterable[list[Row]]:
        return grouped((line for line in self.lines if line["entity"] in SALES), "record_id").values()

    def _invoice(self, lines: list[Row]) -> Invoice:
        first = lines[0]
        said = (APPLICATION.search(line["memo"] or "") for line in lines)
        return Invoice(
            record_id=first["record_id"],
            entity=first["entity"],
            project=self.book.project(first["job_record_id"]),
            number=number_key(first["document_number"]),
            application=next((found.group(1).lstrip("0") for found in said if found), ""),
            on=first["transaction_on"],
            gross=-sum((line["amount"] for line in lines), Decimal(0)),
        )

    def _repeated(self) -> Iterator[tuple[str, Invoice]]:
        """Invoices of a job that repeat the number and amount of an earlier one: one event per application.

        A credit memo of the amount takes the earlier one back: what follows it bills again.
        """
        first: dict[object, Invoice] = {}
        memos = [memo for memo in self.invoices if memo.entity == "CreditMemo"]
        for invoice in self.invoices:
            if invoice.entity == "Invoice" and invoice.project and invoice.number and invoice.gross:
                earlier = first.setdefault(invoice.event, invoice)
                memo = next((memo for memo in memos if _takes_back(memo, earlier)), None)
                if earlier is not invoice and memo:
                    memos.remove(memo)
                    first[invoice.event] = invoice
                elif earlier is not invoice:
                    yield invoice.record_id, earlier

    def _match(self) -> Iterator[tuple[str, Invoice]]:
        """Application record -> its invoice: by number, the nearest amount first, else by amount and date alone."""
        open_invoices = [i for i in self.invoices if i.entity in SALES and i.record_id not in self.repeated]
        rows = [row for row in self.applications if row["status"] != "draft"]
        taken: set[str] = set()
        for row, invoice in _by_number(self.book, rows, open_invoices):
            if row["record_id"] not in taken and invoice.record_id not in taken:
                taken |= {row["record_id"], invoice.record_id}
                yield row["record_id"], invoice
        for row in rows:
            left = [i for i in open_invoices if i.record_id not in taken and self._alike(row, i)]
            if row["record_id"] not in taken and len(left) == 1:
                taken |= {row["record_id"], left[0].record_id}
                yield row["record_id"], left[0]

    def _alike(self, row: Row, invoice: Invoice) -> bool:
        same = invoice.project == self.book.project(row["project_record_id"])
        near = row["billed_on"] is not None and abs(row["billed_on"] - invoice.on) <= NEAR
        return same and near and invoice.gross == row["gross_this_period"]

    def _pairs(self) -> Iterator[tuple[Row, Invoice]]:
        return ((row, self.billed[row["record_id"]]) for row in self.applications if row["record_id"] in self.billed)

    def facts(self) -> Iterator[Fact]:
        for line in self.lines:
            yield self._billed(line)
        for line in self.taxes:
            reason = f"sales tax of {line['entity']}, collected for an authority"
            yield self.transactions.fact(line, measure="sales_tax", rule="D11", reason=reason, credit=True)
        for row in (*self.applications, *self.unpriced):
            yield self._evidence(row)

    def _billed(self, line: Row) -> Fact:
        reason = f"revenue line of {line['entity']}, retainage included, tax excluded"
        fact = self.transactions.fact(line, measure="billing", rule="D11", reason=reason, credit=True)
        if earlier := self.repeated.get(line["record_id"]):
            return replace(fact, state="held", reason=f"repeats number and amount of {earlier.record_id}")
        application = self._by_invoice.get(line["record_id"])
        if application:
            evidence = (*fact.evidence, *mirrors([application["record_id"]]))
            return replace(fact, contract=application["contract_record_id"], evidence=evidence)
        return fact

    def _evidence(self, row: Row) -> Fact:
        invoice = self.billed.get(row["record_id"])
        said = f"the same event as {invoice.record_id}" if invoice else "no invoice in QuickBooks bills it"
        return Fact(
            measure="billing",
            rule="D11",
            reason=f"payment application {row['invoice_number']} is {row['status']}: {said}",
            state="excluded",
            leaf=Leaf(self.book.project(row["project_record_id"]), None, None),
            amount=row["gross_this_period"],
            on=row["billed_on"],
            contract=row["contract_record_id"],
            subject=invoice.record_id if invoice else row["record_id"],
            evidence=mirrors([row["record_id"]]),
        )

    def findings(self) -> Iterator[Finding]:
        by_record = {invoice.record_id: invoice for invoice in self.invoices}
        for record, earlier in self.repeated.items():
            yield _invoiced_twice(by_record[record], earlier)
        for row, invoice in self._pairs():
            if invoice.gross != row["gross_this_period"]:
                yield _difference(row, invoice)
        for row in self.applications:
            if row["status"] in BILLED and row["record_id"] not in self.billed and row["gross_this_period"]:
                yield self._absent(row)

    def _absent(self, row: Row) -> Finding:
        return Finding(
            kind="application not invoiced",
            sentence=(
                f"procore: payment application {row['invoice_number'] or row['record_id']} of "
                f"{row['gross_this_period']:,.2f} is {row['status']}, and QuickBooks has no invoice for it; "
                "billed to date is without it"
            ),
            way_out="Enter the invoice in QuickBooks, or correct its number, job or amount",
            records=(row["record_id"],),
            project=self.book.project(row["project_record_id"]),
            amount=row["gross_this_period"],
        )


def _takes_back(memo: Invoice, invoice: Invoice) -> bool:
    return memo.project == invoice.project and memo.gross == -invoice.gross and memo.on >= invoice.on


def _by_number(book: Book, rows: list[Row], invoices: list[Invoice]) -> Iterator[tuple[Row, Invoice]]:
    """Pairs of one project that share the invoice's number, or its application number; the nearest amounts first."""
    by_number: dict[object, list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        for number in {invoice.number, invoice.application} - {""}:
            by_number[invoice.project, number].append(invoice)
    pairs = []
    for row in rows:
        place = book.project(row["project_record_id"]), number_key(row["invoice_number"])
        for invoice in by_number[place]:
            apart = abs(invoice.gross - row["gross_this_period"])
            pairs.append((apart, row["record_id"], invoice.record_id, row, invoice))
    return ((row, invoice) for *_, row, invoice in sorted(pairs, key=lambda pair: pair[:3]))


def _invoiced_twice(invoice: Invoice, earlier: Invoice) -> Finding:
    return Finding(
        kind="invoiced twice",
        sentence=(
            f"quickbooks: invoices {earlier.record_id} and {invoice.record_id} bill the same job the same number and "
            f"the same {invoice.gross:,.2f}; the later one is held out of billed to date"
        ),
        way_out="Void one of them, or give it its own number",
        records=(invoice.record_id, earlier.record_id),
        project=invoice.project,
        amount=invoice.gross,
        grade="C",
    )


def _difference(row: Row, invoice: Invoice) -> Finding:
    return Finding(
        kind="application and invoice differ",
        sentence=(
            f"procore and quickbooks: payment application {row['invoice_number']} is {row['gross_this_period']:,.2f} "
            f"in Procore, its invoice {invoice.gross:,.2f} gross in QuickBooks; the QuickBooks amount counts"
        ),
        way_out="Correct the wrong one; an invoice entered net of retainage is the usual cause",
        records=(row["record_id"], invoice.record_id),
        project=invoice.project,
        amount=row["gross_this_period"] - invoice.gross,
    )
