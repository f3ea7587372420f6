"""Subcontracts and purchase orders with their lines: what was promised, before anyone asks whether it counts."""

from __future__ import annotations

from datablueprint.lake.conform.coding import Coding
from datablueprint.lake.conform.contracts import project_of
from datablueprint.lake.conform.fields import Fields, Unreadable
from datablueprint.lake.conform.inbox import Inbox, Rows
from datablueprint.tables import record_id

KINDS = {"work_order_contracts": "subcontract", "purchase_order_contracts": "purchase_order"}


def read(inbox: Inbox) -> None:
    for stream in KINDS:
        inbox.each("procore", stream, _commitment)
        inbox.each("procore", line_stream(stream), lambda fields: _line(fields, inbox.coding))


def line_stream(contract_stream: str) -> str:
    """`work_order_contracts` -> `work_order_contract_line_items`."""
    return contract_stream.removesuffix("s") + "_line_items"


def _commitment(fields: Fields) -> Rows:
    vendor = fields.maybe_text("vendor", "id") or fields.maybe_text("vendor_id")
    yield (
        "commitments",
        {
            "record_id": fields.record_id,
            "project_record_id": project_of(fields),
            "vendor_record_id": record_id("procore", "vendors", vendor) if vendor else None,
            "vendor_name": fields.maybe_text("vendor", "company") or fields.maybe_text("vendor", "name"),
            "kind": KINDS[fields.record.stream],
            "number": fields.maybe_text("number"),
            "title": fields.maybe_text("title"),
            "status": fields.text("status"),
            "executed": fields.maybe_flag("executed"),
            "private": fields.maybe_flag("private"),
            "original_amount": fields.money("grand_total"),
            "original_amount_at": fields.pointer("grand_total"),
            "approved_changes_reported": fields.maybe_money("approved_change_orders"),
            "origin_id": fields.maybe_text("origin_id"),
        },
    )


def _line(fields: Fields, coding: Coding) -> Rows:
    parent = fields.record.parent_id or fields.maybe_text("holder", "id")
    if parent is None:
        raise Unreadable("/holder/id", "is missing")
    contract_stream = fields.record.stream.removesuffix("_line_items") + "s"
    code, kind = coding.of(fields)
    yield (
        "commitment_lines",
        {
            "record_id": fields.record_id,
            "commitment_record_id": record_id("procore", contract_stream, parent),
            "cost_code": code,
            "cost_type": kind,
            "amount": fields.money("amount"),
            "amount_at": fields.pointer("amount"),
        },
    )
