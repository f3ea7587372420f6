"""A commitment counts from its signature; what Procore hides from us is measured, not assumed away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from datablueprint.ledger.book import UNCODED, Book, Fact, Finding, Leaf, Row, cite, grouped, line_cites
from datablueprint.ledger.matching import APPROVED
from datablueprint.ledger.tiers import REACHED, Tiers, contradictions

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
    """`commitment` per line of subcontracts and purchase orders, `pending_commitment` for unsigned ones.

    One that has an amount and no lines is one uncoded fact.
    """
    lines = grouped(book.read["commitment_lines"], "commitment_record_id")
    for record, commitment in book.by_id["commitments"].items():
        if commitment["status"] != TERMINATED and (commitment["original_amount"] or record in lines):
            for line in lines.get(record) or _header(commitment, "original_amount"):
                yield _commitment_fact(book, commitment, line)


def _commitment_fact(book: Book, commitment: Row, line: Row) -> Fact:
    counted = committed(commitment)
    pending = commitment["status"] in PENDING[commitment["kind"]]
    return Fact(
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
    """Commitment change orders by cost code: lines of the lowest tier, status of the highest one reached.

    A change of the lowest tier without lines is one uncoded fact of its amount.
    """
    tiers = Tiers(book.read["change_orders"])
    lines = grouped(book.read["change_order_lines"], "change_order_record_id")
    for change in tiers.changes.values():
        if (commitment := book.by_id["commitments"].get(change["contract_record_id"])) is not None:
            top = tiers.reached(change) or change
            rule = "one tier" if _carries(change, tiers, lines) else "D12"
            for line in lines.get(change["record_id"]) or _header(change):
                yield _change_fact(book, commitment, top, line, rule)


def _carries(change: Row, tiers: Tiers, lines: Mapping[str, list[Row]]) -> bool:
    """Whether a change says the cost codes of its amount: the lowest tier, or one above it that alone has lines."""

    def speaks_for_parts(one: Row) -> bool:
        parts = tiers.below(one)
        alone = one["record_id"] in lines and not any(part["record_id"] in lines for part in parts)
        return bool(parts) and alone and one["status"] in REACHED

    if any(speaks_for_parts(higher) for higher in tiers.above(change)):
        return False
    return speaks_for_parts(change) or not tiers.below(change)


def _header(row: Row, column: str = "amount") -> list[Row]:
    """What has an amount and no lines, as one line without a code."""
    at = f"{column}_at"
    uncoded = {"record_id": row["record_id"], "cost_code": None, "cost_type": None}
    return [uncoded | {"amount": row[column], "amount_at": row[at]}] if row[column] is not None else []


def _change_fact(book: Book, commitment: Row, top: Row, line: Row, rule: str) -> Fact:
    status = top["status"]
    counted = committed(commitment) and status in REACHED and rule != "D12"
    said = f"change order {top['number']} on {commitment['number']} is {top['source_status']}"
    return Fact(
        measure="commitment_change" if status == "approved" else f"{status}_commitment_change",
        rule=rule,
        reason=said if rule != "D12" else f"{said}; counted by the lines of another tier",
        state="counted" if counted else "excluded",
        basis="plan",
        leaf=_leaf(book, commitment, line),
        amount=line["amount"],
        on=top["approved_on"],
        party=book.party(commitment["vendor_record_id"]),
        contract=commitment["record_id"],
        evidence=(cite(line),),
    )


def commitment_findings(book: Book) -> Iterator[Finding]:
    """Commitments that cannot be placed, contradict themselves, or stand in Procore's own budget alone."""
    yield from _uncoded(book)
    tiers = Tiers(book.read["change_orders"])
    yield from contradictions(book, tiers, (c for c in tiers.changes.values() if c["side"] == "commitment"))
    yield from _invisible(book)


def _uncoded(book: Book) -> Iterator[Finding]:
    """A header's amount is in the project's totals; E1 adds it to the budgets of codes it may belong to."""
    headers = {row["record_id"]: row for name in ("commitments", "change_orders") for row in book.read[name]}
    for fact in (*commitment_facts(book), *commitment_change_facts(book)):
        header = headers.get(fact.evidence[0].record_id)
        if header is None or fact.state != "counted" or not fact.amount:
            continue
        what = "commitment" if fact.measure.endswith("commitment") else "commitment change order"
        yield Finding(
            kind=f"{what} without lines",
            sentence=(
                f"procore: {what} {header['number']} of {fact.amount:,.2f} has no lines that this account can see; "
                "it counts without a cost code"
            ),
            way_out="Enter its schedule of values in Procore, or give the service account access to it",
            records=(header["record_id"],),
            project=fact.leaf.project,
            amount=fact.amount,
            grade="C",
        )


def _invisible(book: Book) -> Iterator[Finding]:
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


def _leaf(book: Book, commitment: Row, line: Row) -> Leaf:
    return Leaf(book.project(commitment["project_record_id"]), line["cost_code"] or UNCODED, line["cost_type"] or "O")
