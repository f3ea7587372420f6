"""Procore's prime contracts and the change orders of both sides, at every tier on which they are listed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from local.sandbox.world.billing import approved_total
from local.sandbox.world.model import (
    ChangeOrder,
    Leaf,
    LeafKey,
    OwnerInvoice,
    PotentialChange,
    PrimeContract,
    Project,
    World,
)
from local.sandbox.world.money import loose, text
from local.sandbox.world.views.procore_company import coded
from local.sandbox.world.views.stamps import Row, day, touched, utc

PENDING = {"pending", "revised", "pricing", "not_pricing", "proceeding", "not_proceeding"}


def rows(world: World) -> dict[str, list[Row]]:
    orders = [(p, order, hidden) for p in world.projects for order, hidden in _orders(p)]
    return {
        "prime_contracts": [_contract(world, p, c) for p in world.projects for c in p.contracts],
        "payment_applications": [_application(world, p, b) for p in world.projects for b in p.billings],
        "change_order_packages": [_package(world, p, o, h) for p, o, h in orders if o.packaged],
        "change_order_requests": [_request(world, p, o, h) for p, o, h in orders if o.request_id],
        "potential_change_orders": [_potential(world, p, o, part, h) for p, o, h in orders for part in o.parts],
        "potential_change_order_line_items": [r for p, o, h in orders for r in _lines(world, p, o, h)],
        "prime_change_orders": [
            _newer(world, p, o, part, h) for p, o, h in orders if o.side == "prime" for part in o.parts if part.newer_id
        ],
        "commitment_change_orders": [
            _newer(world, p, o, part, h)
            for p, o, h in orders
            if o.side == "commitment"
            for part in o.parts
            if part.newer_id
        ],
    }


def _orders(project: Project) -> Iterator[tuple[ChangeOrder, bool]]:
    for contract in project.contracts:
        yield from ((order, False) for order in contract.changes)
    for commitment in project.commitments:
        yield from ((order, commitment.hidden) for order in commitment.changes)


def _contract(world: World, p: Project, c: PrimeContract) -> Row:
    approved = approved_total(c, world.today)
    pending = sum(o.amount for o in c.changes if o.status in PENDING)
    draft = sum(o.amount for o in c.changes if o.status == "draft")
    billed = sum(b.gross for b in p.billings if b.contract is c and b.status == "approved")
    executed = c.status in {"Approved", "Complete"}
    amounts = {
        "grand_total": c.amount,
        "line_items_total": c.amount,
        "line_items_extended_total": c.amount,
        "approved_change_orders": approved,
        "revised_contract_amount": c.amount + approved,
        "pending_change_orders_amount": pending,
        "draft_change_orders_amount": draft,
        "pending_revised_contract_amount": c.amount + approved + pending,
        "owner_invoices_amount": billed,
    }
    return {
        "id": c.id,
        "_project_id": p.id,
        "number": c.number,
        "title": c.title,
        "status": c.status,
        "executed": executed,
        "private": False,
        "contract_date": day(c.signed),
        "signed_contract_received_date": day(c.signed) if executed else None,
        "retainage_percent": "5.0",
        "vendor": {"id": None, "name": p.owner.name},
        **{name: loose(amount) for name, amount in amounts.items()},
        "origin_id": None,
        "origin_code": None,
        "origin_data": None,
        **touched(world, c.signed, p.last_day(world.as_of), c.id),
    }


def _status(order: ChangeOrder) -> Row:
    """What all tiers of a change have in common."""
    return {
        "status": order.custom_status or order.status,
        "executed": order.status == "approved" and order.contract_id % 3 != 0,
        "reviewed_at": utc(order.reviewed, 3) if order.reviewed else None,
        "due_date": None,
        "invoiced_date": None,
        "paid_date": None,
    }


def _package(world: World, p: Project, order: ChangeOrder, hidden: bool) -> Row:
    return {
        "id": order.package_id,
        "_project_id": p.id,
        "_private": hidden,
        "contract_id": order.contract_id,
        "number": order.number,
        "title": order.title,
        "grand_total": loose(order.amount),
        **_status(order),
        "signed_change_order_received_date": None,
        "origin_id": None,
        "origin_code": None,
        "origin_data": None,
        "deleted_at": None,
        **_dates(world, order, order.package_id),
    }


def _dates(world: World, order: ChangeOrder, salt: int) -> Row:
    if order.reviewed == world.today:
        return {"created_at": utc(order.created, salt), "updated_at": utc(world.today, 0)}
    return touched(world, order.created, order.reviewed, salt)


def _request(world: World, p: Project, order: ChangeOrder, hidden: bool) -> Row:
    return {
        "id": order.request_id,
        "_project_id": p.id,
        "_contract_id": order.contract_id,
        "_private": hidden,
        "contract_id": order.contract_id,
        "number": order.number,
        "title": order.title,
        "grand_total": loose(order.amount),
        "change_order_package_id": order.package_id if order.packaged else None,
        "schedule_impact_amount": 0,
        **_status(order),
        **_dates(world, order, order.request_id),
    }


def _potential(world: World, p: Project, order: ChangeOrder, part: PotentialChange, hidden: bool) -> Row:
    titled = order.packaged and order.tiers < 3
    return {
        "id": part.id,
        "_project_id": p.id,
        "_private": hidden,
        "contract_id": order.contract_id,
        "number": part.number,
        "title": part.title,
        "grand_total": loose(part.amount),
        "change_order_request_id": order.request_id or None,
        "change_order_package_title": order.title if titled else None,
        "change_order_tiers": order.tiers,
        **_status(order),
        "change_reason": "Client Request" if order.side == "prime" else "Field Condition",
        "origin_id": None,
        "deleted_at": None,
        **_dates(world, order, part.id),
        "created_at": utc(part.created, part.id),
    }


def _lines(world: World, p: Project, order: ChangeOrder, hidden: bool) -> Iterator[Row]:
    leaves: dict[LeafKey, Leaf] = {leaf.key: leaf for leaf in p.leaves}
    for part in order.parts:
        for line in part.lines:
            yield {
                "id": line.id,
                "_project_id": p.id,
                "_parent_id": part.id,
                "_contract_id": order.contract_id,
                "_private": hidden,
                "amount": loose(line.amount),
                "total_amount": loose(line.amount),
                "extended_amount": loose(line.amount),
                "quantity": "1.0",
                "unit_cost": loose(line.amount),
                "uom": "ls",
                "description": part.title,
                **coded(world, leaves[line.key]),
                **touched(world, part.created, order.reviewed, line.id),
            }


def _newer(world: World, p: Project, order: ChangeOrder, part: PotentialChange, hidden: bool) -> Row:
    return {
        "id": part.newer_id,
        "_project_id": p.id,
        "_private": hidden,
        "batch_id": order.package_id + 500_000 if order.packaged and order.tiers == 2 else None,
        "contract_id": order.contract_id,
        "legacy_package_id": order.package_id if order.packaged else None,
        "legacy_request_id": None,
        "number": part.number,
        "title": part.title if order.tiers == 2 else order.title,
        "grand_total": loose(part.amount),
        **_status(order),
        "paid": False,
        "schedule_impact_amount": 0,
        "revised_substantial_completion_date": None,
        "change_order_change_reason": None,
        "change_events": [],
        **_dates(world, order, part.newer_id),
    }


def _application(world: World, p: Project, b: OwnerInvoice) -> Row:
    contract_sum = b.contract.amount + approved_total(b.contract, b.end)
    g702 = {
        "original_contract_sum": b.contract.amount,
        "net_change_by_change_orders": contract_sum - b.contract.amount,
        "contract_sum_to_date": contract_sum,
        "total_completed_and_stored_to_date": b.gross_to_date,
        "total_retainage": b.retained_to_date,
        "total_earned_less_retainage": b.gross_to_date - b.retained_to_date,
        "current_payment_due": b.gross - b.retained,
    }
    percent = f"{b.gross_to_date / contract_sum * 100:.2f}%" if contract_sum else "0.00%"
    return {
        "id": b.id,
        "_project_id": p.id,
        "number": b.number,
        "invoice_number": b.invoice.document if b.invoice else None,
        "billing_date": day(b.end),
        "period_start": day(b.start),
        "period_end": day(b.end),
        "period_id": None,
        "status": b.status,
        "percent_complete": percent,
        "total_amount_accrued_this_period": loose(b.gross),
        "total_amount_paid": loose(b.gross - b.retained if b.invoice and b.invoice.links else 0),
        "contract": {"id": b.contract.id, "type": "PrimeContract", "title": b.contract.title},
        "g702": {name: text(amount) for name, amount in g702.items()},
        "origin_id": None,
        **touched(world, b.end, b.end + timedelta(days=8), b.id),
    }
