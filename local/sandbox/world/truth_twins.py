"""Which records of two systems are one event, and for how much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from local.sandbox.world.model import SubInvoice, Txn, World
from local.sandbox.world.money import text
from local.sandbox.world.truth_costs import signed_amount
from local.sandbox.world.truth_records import record_ids


def twins(world: World) -> Iterator[dict[str, Any]]:
    """Visible subcontractor invoices with their bills, and imported direct costs with their transactions.

    An invoice cut into bills has a pair for each; a bill that gathers invoices
    is in a pair with each. `amount` is the cost that the pair would count twice.
    """
    for project in world.projects:
        for commitment in [c for c in project.commitments if not c.hidden]:
            for invoice in commitment.invoices:
                for bill in invoice.bills:
                    amount = _of_invoice(invoice, bill)
                    yield _pair("invoice", record_ids(invoice)[0], bill, amount, project.number, invoice)
    for txn in world.txns:
        if txn.imported:
            project = next(line.project for line in txn.lines if line.project)
            amount = sum(signed_amount(txn, line) for line in txn.lines if line.project and line.leaf)
            yield _pair("direct cost", record_ids(txn)[1], txn, amount, project.number, None)


def _of_invoice(invoice: SubInvoice, bill: Txn) -> int:
    if "gathered" in invoice.drift:
        return invoice.gross
    return sum(line.amount for line in bill.lines if line.account.is_cost)


def _pair(kind: str, procore: str, txn: Txn, amount: int, job: str, invoice: SubInvoice | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "procore": procore,
        "quickbooks": record_ids(txn)[0],
        "amount": text(amount),
        "project": job,
        "by_id": invoice is None or invoice.carries_bill_id,
        "drift": sorted(invoice.drift) if invoice else [],
    }
