"""Procore's subcontracts and purchase orders with their lines, and the invoices against them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from local.sandbox.world.buyout import approved_changes
from local.sandbox.world.model import Commitment, Leaf, Project, SubInvoice, SubInvoiceItem, World
from local.sandbox.world.money import loose, text
from local.sandbox.world.views.procore_changes import PENDING
from local.sandbox.world.views.procore_company import coded
from local.sandbox.world.views.stamps import Row, day, touched

KINDS = {"subcontract": "work_order_contracts", "purchase_order": "purchase_order_contracts"}
TYPES = {"subcontract": "WorkOrderContract", "purchase_order": "PurchaseOrderContract"}


def rows(world: World) -> dict[str, list[Row]]:
    every = [(p, c) for p in world.projects for c in p.commitments]
    made: dict[str, list[Row]] = {"requisitions": [_requisition(world, p, c, i) for p, c in every for i in c.invoices]}
    for kind, stream in KINDS.items():
        mine = [(p, c) for p, c in every if c.kind == kind]
        made[stream] = [_commitment(world, p, c) for p, c in mine]
        made[f"{stream[:-1]}_line_items"] = [row for p, c in mine for row in _lines(world, p, c)]
    return made


def _approved(world: World, c: Commitment) -> int:
    return sum(amount for _, _, amount, _ in approved_changes(c, world.as_of))


def _commitment(world: World, p: Project, c: Commitment) -> Row:
    original, approved = sum(line.amount for line in c.lines), _approved(world, c)
    pending = sum(o.amount for o in c.changes if o.status in PENDING)
    draft = sum(o.amount for o in c.changes if o.status == "draft")
    invoiced = sum(i.gross for i in c.invoices if i.approved)
    amounts = {
        "grand_total": original,
        "approved_change_orders": approved,
        "revised_contract": original + approved,
        "pending_change_orders": pending,
        "pending_revised_contract": original + approved + pending,
        "draft_change_orders_amount": draft,
        "total_requisitions_amount": invoiced,
        "total_draw_requests_amount": 0,
        "total_payments": sum(i.gross - i.retained for i in c.invoices if i.bill and i.bill.links),
        "remaining_balance_outstanding": original + approved - invoiced,
    }
    return {
        "id": c.id,
        "_project_id": p.id,
        "_private": c.hidden,
        "number": c.number,
        "title": c.title,
        "status": c.status,
        "executed": c.status in {"Approved", "Complete", "Closed", "Received", "Partially Received", "Terminated"},
        "private": c.private,
        "accounting_method": "amount",
        "contract_date": day(c.signed),
        "vendor": {"id": c.vendor.procore_id, "company": c.vendor.name},
        "retainage_percent": f"{c.retainage_percent}.0",
        "percentage_paid": None,
        **{name: loose(amount) for name, amount in amounts.items()},
        "origin_id": None,
        "origin_code": None,
        "origin_data": None,
        "deleted_at": None,
        **touched(world, c.signed, max((i.billed for i in c.invoices), default=c.signed), c.id),
    }


def _lines(world: World, p: Project, c: Commitment) -> Iterator[Row]:
    leaves = {leaf.key: leaf for leaf in p.leaves}
    for position, line in enumerate(c.lines, start=1):
        amount = loose(line.amount)
        yield {
            "id": line.id,
            "_project_id": p.id,
            "_contract_id": c.id,
            "_private": c.hidden,
            "position": position,
            "description": world.codes[line.key[0]].name if position == 1 else "Allowance",
            "amount": amount,
            "total_amount": amount,
            "extended_amount": amount,
            "extended_type": "manual",
            "quantity": "1.0",
            "unit_cost": amount,
            "uom": "ls",
            **coded(world, leaves[line.key]),
            "origin_id": None,
            "origin_data": None,
            **touched(world, c.signed, None, line.id),
        }


def _requisition(world: World, p: Project, c: Commitment, i: SubInvoice) -> Row:
    original, changes = sum(line.amount for line in c.lines), _approved_by(world, c, i)
    previous = sum(item.previous for item in i.items)
    to_date, retained = previous + i.gross, i.retained_before + i.retained
    summary = {
        "original_contract_sum": original,
        "net_change_by_change_orders": changes,
        "contract_sum_to_date": original + changes,
        "total_completed_and_stored_to_date": to_date,
        "total_retainage": retained,
        "total_earned_less_retainage": to_date - retained,
        "less_previous_certificates_for_payment": previous - i.retained_before,
        "current_payment_due": i.gross - i.retained,
        "balance_to_finish_including_retainage": original + changes - to_date + retained,
    }
    leaves = {leaf.key: leaf for leaf in p.leaves}
    return {
        "id": i.id,
        "_project_id": p.id,
        "_contract_id": c.id,
        "_private": c.hidden,
        "commitment_id": c.id,
        "commitment_type": TYPES[c.kind],
        "period_id": i.billed.year * 12 + i.billed.month,
        "number": i.number,
        "invoice_number": i.invoice_number,
        "invoice_type": "progress",
        "billing_date": day(i.billed),
        "requisition_start": day(i.billed - timedelta(days=29)),
        "requisition_end": day(i.billed),
        "status": i.status,
        "erp_status": "synced" if i.carries_bill_id else "not_integrated" if p.link != "origin" else "not_in_erp",
        "payment_date": None,
        "final": False,
        "percent_complete": f"{to_date / max(1, original + changes) * 100:.2f}%",
        "vendor_id": c.vendor.procore_id,
        "vendor_name": c.vendor.name,
        "total_claimed_amount": text(i.gross),
        "previous_requisition_id": next((x.id for x in c.invoices if x.number == i.number - 1), None),
        "submitted_at": None,
        "origin_id": i.bill.id if i.bill and i.carries_bill_id else None,
        "summary": {name: text(amount) for name, amount in summary.items()},
        "items": [_item(world, leaves[item.key], item, c.retainage_percent) for item in i.items],
        "item_packages": [],
        **touched(world, i.billed, i.billed + timedelta(days=6), i.id),
    }


def _approved_by(world: World, c: Commitment, i: SubInvoice) -> int:
    return sum(amount for _, _, amount, approved in approved_changes(c, world.as_of) if approved <= i.billed)


def _item(world: World, leaf: Leaf, item: SubInvoiceItem, retainage_percent: int) -> Row:
    to_date = item.previous + item.gross
    return {
        "id": item.id,
        "item_type": "change_order_item" if item.is_change else "contract_item",
        "line_item_id": item.line_id,
        "description_of_work": world.codes[item.key[0]].name,
        "scheduled_value": text(item.scheduled),
        "work_completed_from_previous_application": text(item.previous),
        "work_completed_this_period": text(item.work),
        "materials_presently_stored": text(item.stored),
        "total_completed_and_stored_to_date": text(to_date),
        "total_completed_and_stored_to_date_percent": f"{to_date / item.scheduled * 100:.2f}%"
        if item.scheduled
        else "0.00%",
        "total_retainage": text(to_date * retainage_percent // 100),
        **coded(world, leaf),
    }
