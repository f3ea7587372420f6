"""Procore's direct costs: here they are all copies that the integration pulled back from QuickBooks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from local.sandbox.world.ids import Ids
from local.sandbox.world.model import Project, Txn, TxnLine, World
from local.sandbox.world.money import loose
from local.sandbox.world.truth_costs import signed_amount
from local.sandbox.world.views.procore_company import coded
from local.sandbox.world.views.stamps import Row, day, touched


def imported_lines(txn: Txn) -> list[tuple[int, TxnLine]]:
    """(line number in QuickBooks, line) of the job cost lines that the integration copies."""
    return [(n, line) for n, line in enumerate(txn.lines, start=1) if line.project and line.leaf]


def imports(world: World) -> Iterator[tuple[Project, Txn]]:
    for txn in world.txns:
        if txn.imported:
            project = next(line.project for _, line in imported_lines(txn))
            assert project is not None  # imported lines have a project
            yield project, txn


def rows(world: World) -> dict[str, list[Row]]:
    ids = Ids()
    every = list(imports(world))
    return {
        "direct_costs": [_cost(world, p, t) for p, t in every],
        "direct_cost_line_items": [row for p, t in every for row in _lines(world, p, t, ids)],
    }


def _cost(world: World, p: Project, txn: Txn) -> Row:
    amount = sum(signed_amount(txn, line) for _, line in imported_lines(txn))
    vendor = txn.vendor
    return {
        "id": txn.import_id,
        "_project_id": p.id,
        "direct_cost_type": "expense" if txn.kind == "Purchase" else "invoice",
        "status": "approved",
        "direct_cost_date": day(txn.day),
        "received_date": None,
        "payment_date": None,
        "invoice_number": txn.document,
        "vendor_id": vendor.procore_id if vendor else None,
        "vendor_name": vendor.name if vendor else None,
        "employee": None,
        "amount": loose(amount),
        "grand_total": loose(amount),
        "description": "Imported from QuickBooks Online",
        "origin_id": txn.id,
        "origin_data": None,
        "deleted_at": None,
        **touched(world, txn.day + timedelta(days=2), None, txn.import_id),
    }


def _lines(world: World, p: Project, txn: Txn, ids: Ids) -> Iterator[Row]:
    for number, line in imported_lines(txn):
        assert line.leaf is not None  # see imported_lines
        amount = loose(signed_amount(txn, line))
        yield {
            "id": ids.next("direct_cost_line_items"),
            "_project_id": p.id,
            "_parent_id": txn.import_id,
            "holder": {"id": txn.import_id, "holder_type": "DirectCostItem"},
            "amount": amount,
            "total_amount": amount,
            "extended_amount": amount,
            "quantity": "1.0",
            "unit_cost": amount,
            "uom": "ls",
            "description": line.description,
            **coded(world, line.leaf),
            "origin_id": f"{txn.id}|{number}",
            **touched(world, txn.day + timedelta(days=2), None, number),
        }
