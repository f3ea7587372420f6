"""Small conformed tables for linking: each test says only the columns it is about."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from datablueprint import graph, tables

Row = dict[str, Any]


def project(number: str | None, name: str, **changes: Any) -> Row:
    row = {
        "record_id": f"procore:projects:{number}",
        "system": "procore",
        "number": number,
        "name": name,
        "active": True,
        "is_job": True,
    }
    return row | changes


def job(native: str, name: str, **changes: Any) -> Row:
    row = {
        "record_id": f"quickbooks:Customer:{native}",
        "system": "quickbooks",
        "name": name,
        "active": True,
        "is_job": True,
    }
    return row | changes


def linked(decisions: dict[str, dict[str, Any]] | None = None, **read: list[Row]) -> list[Row]:
    conformed = {t.name: tables.build(t.name, read.get(t.name, ())) for t in tables.CONFORMED}
    return tables.rows(graph.link(conformed, decisions or {})["links"])


def tables_of(decisions: dict[str, dict[str, Any]] | None = None, **read: list[Row]) -> dict[str, list[Row]]:
    """Both tables of the room."""
    conformed = {t.name: tables.build(t.name, read.get(t.name, ())) for t in tables.CONFORMED}
    return {name: tables.rows(table) for name, table in graph.link(conformed, decisions or {}).items()}


def vendor(record: str, name: str, **changes: Any) -> Row:
    """`record` is `procore:61` or `quickbooks:30`."""
    system, native = record.split(":")
    stream = "vendors" if system == "procore" else "Vendor"
    row = {"record_id": f"{system}:{stream}:{native}", "system": system, "name": name, "active": True}
    return row | changes


DAY = date(2026, 3, 10)


def bill(number: int, amount: str, *, job: str = "58", vendor: str = "30", **changes: Any) -> Row:
    """One posted cost line on a job."""
    row = {
        "record_id": f"quickbooks:Bill:{number}",
        "line_key": "1",
        "entity": "Bill",
        "posting": True,
        "presentation": False,
        "voided": False,
        "transaction_on": DAY + timedelta(days=number % 20),
        "document_number": f"INV-{number}",
        "party_record_id": f"quickbooks:Vendor:{vendor}",
        "job_record_id": f"quickbooks:Customer:{job}",
        "amount": Decimal(amount),
    }
    return row | changes


def invoice(number: int, amount: str, *, project: str = "24-017", vendor: str = "61", **changes: Any) -> Row:
    """The subcontractor invoice that the bill of this number was entered from."""
    row = {
        "record_id": f"procore:requisitions:{number}",
        "project_record_id": f"procore:projects:{project}",
        "vendor_record_id": f"procore:vendors:{vendor}",
        "invoice_number": f"inv {number}",
        "status": "approved",
        "billed_on": DAY + timedelta(days=number % 20),
        "gross_amount": Decimal(amount),
    }
    return row | changes
