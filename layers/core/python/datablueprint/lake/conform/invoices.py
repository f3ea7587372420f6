"""What subcontractors and we ourselves billed, gross: retainage is withheld from payment, not from cost."""

from __future__ import annotations

from decimal import Decimal

from datablueprint.lake.conform.coding import Coding
from datablueprint.lake.conform.commitments import KINDS, line_stream
from datablueprint.lake.conform.contracts import project_of
from datablueprint.lake.conform.fields import Fields, Unreadable
from datablueprint.lake.conform.inbox import Inbox, Row, Rows
from datablueprint.lake.conform.people import vendor_names
from datablueprint.tables import record_id

CONTRACT_STREAMS = {"WorkOrderContract": "work_order_contracts", "PurchaseOrderContract": "purchase_order_contracts"}
LINE_AMOUNTS = ("work_completed_this_period", "materials_presently_stored")
"""Their sum is what a line adds to cost: stored material is billed once and later moves to 'previous'."""


def read(inbox: Inbox) -> None:
    names = vendor_names(inbox)
    streams = {fields.record.native_id: stream for stream in KINDS for fields in inbox.records("procore", stream)}
    inbox.each("procore", "requisitions", lambda fields: _requisition(fields, inbox.coding, names, streams))
    inbox.each("procore", "payment_applications", _payment_application)


def _requisition(fields: Fields, coding: Coding, names: dict[str, str], streams: dict[str, str]) -> Rows:
    commitment = fields.text("commitment_id")
    kind = fields.maybe_text("commitment_type")
    stream = CONTRACT_STREAMS.get(kind or "") or streams.get(commitment)
    if stream is None:
        fields.refuse(("commitment_type",), "WorkOrderContract or PurchaseOrderContract")
    if not fields.has("items"):
        raise Unreadable(fields.pointer("items"), "is missing")
    lines = [_line(fields, item, place, coding, stream) for place, item in enumerate(fields.each("items"), 1)]
    gross = sum((_decimal(line["amount"]) for line in lines), Decimal(0))
    net = fields.maybe_money("summary", "current_payment_due")
    vendor = fields.maybe_text("vendor_id")
    vendor_record = record_id("procore", "vendors", vendor) if vendor else None
    yield (
        "subcontract_invoices",
        {
            "record_id": fields.record_id,
            "project_record_id": project_of(fields),
            "commitment_record_id": record_id("procore", stream, commitment),
            "vendor_record_id": vendor_record,
            "vendor_name": fields.maybe_text("vendor_name") or names.get(vendor_record or ""),
            "invoice_number": fields.maybe_text("invoice_number"),
            "status": fields.text("status"),
            "erp_status": fields.maybe_text("erp_status"),
            "billed_on": fields.day("billing_date"),
            "gross_amount": gross,
            "retainage_amount": None if net is None else gross - net,
            "net_amount": net,
            "origin_id": fields.maybe_text("origin_id"),
        },
    )
    for line in lines:
        yield "subcontract_invoice_lines", line


def _line(invoice: Fields, item: Fields, place: int, coding: Coding, stream: str) -> Row:
    code, kind = coding.of(item)
    work = item.money(LINE_AMOUNTS[0])
    stored = item.maybe_money(LINE_AMOUNTS[1])
    billed = item.maybe_text("line_item_id")
    change_order = item.maybe_text("item_type") == "change_order_item"
    line_streams = "potential_change_order_line_items" if change_order else line_stream(stream)
    return {
        "record_id": invoice.record_id,
        "line_key": item.maybe_text("id") or f"L{place}",
        "commitment_line_record_id": record_id("procore", line_streams, billed) if billed else None,
        "cost_code": code,
        "cost_type": kind,
        "amount": work + (stored or 0),
        "amount_at": [item.pointer(name) for name in (LINE_AMOUNTS if stored is not None else LINE_AMOUNTS[:1])],
    }


def _decimal(value: object) -> Decimal:
    assert isinstance(value, Decimal)
    return value


def _payment_application(fields: Fields) -> Rows:
    contract = fields.text("contract", "id")
    period = fields.maybe_money("total_amount_accrued_this_period")
    yield (
        "owner_invoices",
        {
            "record_id": fields.record_id,
            "project_record_id": project_of(fields),
            "contract_record_id": record_id("procore", "prime_contracts", contract),
            "invoice_number": fields.maybe_text("invoice_number") or fields.maybe_text("number"),
            "status": fields.text("status"),
            "billed_on": fields.maybe_day("billing_date"),
            "gross_to_date": fields.money("g702", "total_completed_and_stored_to_date"),
            "gross_this_period": period,
            "gross_this_period_at": None if period is None else fields.pointer("total_amount_accrued_this_period"),
            "retainage_to_date": fields.maybe_money("g702", "total_retainage"),
        },
    )
