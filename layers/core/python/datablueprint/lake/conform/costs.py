"""Procore's direct costs, which most often are QuickBooks' own transactions come back: `origin_id` tells."""

from __future__ import annotations

from datablueprint.lake.conform.coding import Coding
from datablueprint.lake.conform.contracts import project_of
from datablueprint.lake.conform.fields import Fields
from datablueprint.lake.conform.inbox import Inbox, Rows
from datablueprint.tables import record_id


def read(inbox: Inbox) -> None:
    inbox.each("procore", "direct_costs", _direct_cost)
    inbox.each("procore", "direct_cost_line_items", lambda fields: _line(fields, inbox.coding))


def _direct_cost(fields: Fields) -> Rows:
    vendor = fields.maybe_text("vendor_id")
    name = "amount" if fields.has("amount") else "grand_total"
    yield (
        "direct_costs",
        {
            "record_id": fields.record_id,
            "project_record_id": project_of(fields),
            "type": fields.text("direct_cost_type"),
            "status": fields.text("status"),
            "incurred_on": fields.maybe_day("direct_cost_date"),
            "invoice_number": fields.maybe_text("invoice_number"),
            "vendor_record_id": record_id("procore", "vendors", vendor) if vendor else None,
            "vendor_name": fields.maybe_text("vendor_name"),
            "amount": fields.money(name),
            "amount_at": fields.pointer(name),
            "origin_id": fields.maybe_text("origin_id"),
        },
    )


def _line(fields: Fields, coding: Coding) -> Rows:
    code, kind = coding.of(fields)
    yield (
        "direct_cost_lines",
        {
            "record_id": fields.record_id,
            "direct_cost_record_id": record_id("procore", "direct_costs", fields.text("holder", "id")),
            "project_record_id": project_of(fields),
            "cost_code": code,
            "cost_type": kind,
            "amount": fields.money("amount"),
            "amount_at": fields.pointer("amount"),
        },
    )
