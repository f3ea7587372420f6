"""A commitment counts from its signature; what Procore hides from us is measured, not assumed away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from datablueprint.ledger.book import UNCODED, Book, Fact, Finding, Leaf, Row, cite, line_cites
from datablueprint.ledger.matching import APPROVED

COMMITTED = {
    "subcontract": frozenset({"Approved", "Complete"}),
    "purchase_order": frozenset({"Approved", "Closed", "Received", "Partially Received"}),
}
PENDING = {
    "subcontract": frozenset({"Out For Signature"}),
    "purchase_order": frozenset({"Processing", "Submitted"}),
}
TERMINATED = "Terminated"


def committed(commitment: Row) -> bool:
    return commitment["status"] in COMMITTED[commitment["kind"]]


def commitment_facts(book: Book) -> Iterator[Fact]:
    """`commitment` per line of subcontracts and purchase orders, `pending_commitment` for unsigned ones."""
    commitments = book.by_id["commitments"]
    for line in book.read["commitment_lines"]:
        commitment = commitments.get(line["commitment_record_id"])
        if commitment is None or commitment["status"] == TERMINATED:
            continue
        counted = committed(commitment)
        pending = commitment["status"] in PENDING[commitment["kind"]]
        yield Fact(
            measure="pending_commitment" if pending else "commitment",
            rule="signed commitments only",
            reason=f"{commitment['kind'].replace('_', ' ')} {commitment['number']} is {commitment['status']}",
            state="counted" if counted or pending else "excluded",
            basis="plan",
            leaf=_leaf(book, commitment, line),
            amount=line["amount"],
            party=book.party(commitment["vendor_record_id"]),
            contract=commitment["record_id"],
            evidence=(cite(line),),
        )


def terminated_facts(book: Book) -> Iterator[Fact]:
    """A terminated commitment is worth what was invoiced on it: the lines of its approved invoices."""
    commitments = book.by_id["commitments"]
    invoices = book.by_id["subcontract_invoices"]
    for line in book.read["subcontract_invoice_lines"]:
        invoice = invoices.get(line["record_id"], {})
        commitment = commitments.get(invoice.get("commitment_record_id") or "", {})
        if commitment.get("status") == TERMINATED and invoice["status"] in APPROVED and line["amount"]:
            yield Fact(
                measure="commitment",
                rule="terminated",
                reason=f"{commitment['number']} is terminated: invoiced to date",
                basis="plan",
                leaf=_leaf(book, commitment, line),
                amount=line["amount"],
                party=book.party(commitment["vendor_record_id"]),
                contract=commitment["record_id"],
                evidence=line_cites(line, "amount"),
            )


def commitment_change_facts(book: Book) -> Iterator[Fact]:
    """Commitment change orders by cost code: lines of the lowest tier, status of the highest one reached."""
    commitments = book.by_id["commitments"]
    changes = {c["record_id"]: c for c in book.read["change_orders"]}
    with_lines = set()
    for line in book.read["change_order_lines"]:
        change = changes.get(line["change_order_record_id"])
        commitment = commitments.get(change["contract_record_id"]) if change else None
        if change is None or commitment is None:
            continue
        top = _top(change, changes)
        with_lines.add(top["record_id"])
        yield _change_fact(book, commitment, top, _leaf(book, commitment, line), line)
    for change in changes.values():
        commitment = commitments.get(change["contract_record_id"])
        lowest = change["record_id"] in with_lines or change["side"] != "commitment" or change["higher_record_id"]
        if commitment is not None and not lowest:
            leaf = Leaf(book.project(commitment["project_record_id"]), UNCODED, "O")
            yield _change_fact(book, commitment, change, leaf, change)


def _change_fact(book: Book, commitment: Row, top: Row, leaf: Leaf, line: Row) -> Fact:
    status = top["status"]
    counted = committed(commitment) and status in ("approved", "pending")
    return Fact(
        measure="commitment_change" if status == "approved" else f"{status}_commitment_change",
        rule="one tier",
        reason=f"change order {top['number']} on {commitment['number']} is {top['source_status']}",
        state="counted" if counted else "excluded",
        basis="plan",
        leaf=leaf,
        amount=line["amount"],
        on=top["approved_on"],
        party=book.party(commitment["vendor_record_id"]),
        contract=commitment["record_id"],
        evidence=(cite(line),),
    )


def commitment_findings(book: Book) -> Iterator[Finding]:
    """Commitments that Procore's own budget column holds and this account cannot see."""
    visible: dict[Leaf, Decimal] = defaultdict(Decimal)
    for fact in (*commitment_facts(book), *terminated_facts(book), *commitment_change_facts(book)):
        if fact.state == "counted" and fact.measure in ("commitment", "commitment_change") and fact.amount:
            visible[fact.leaf] += fact.amount
    hidden: dict[str, Decimal] = defaultdict(Decimal)
    rows: dict[str, list[str]] = defaultdict(list)
    for line in book.read["budget_lines"]:
        project = book.project(line["project_record_id"])
        leaf = Leaf(project, line["cost_code"] or UNCODED, line["cost_type"] or "O")
        reported = line["committed_reported"]
        if reported is not None and reported != visible[leaf] and project:
            hidden[project] += reported - visible[leaf]
            rows[project].append(line["record_id"])
    for project, records in rows.items():
        yield Finding(
            kind="commitments differ from the budget",
            sentence=(
                f"procore: the budget of {book.name(project)} reports {hidden[project]:,.2f} more committed cost than "
                "the commitments this account can see; private commitments are the usual cause"
            ),
            way_out="Give the service account access to private commitments, or add it to each private record",
            records=tuple(records),
            project=project,
            amount=hidden[project],
            grade="C",
        )


def _top(change: Row, changes: dict[str, Row]) -> Row:
    seen = set()
    while change["higher_record_id"] in changes and change["record_id"] not in seen:
        seen.add(change["record_id"])
        change = changes[change["higher_record_id"]]
    return change


def _leaf(book: Book, commitment: Row, line: Row) -> Leaf:
    return Leaf(book.project(commitment["project_record_id"]), line["cost_code"] or UNCODED, line["cost_type"] or "O")
