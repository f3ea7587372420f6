"""Small conformed tables written by hand: each test says only the columns it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from datablueprint import graph, ledger, tables
from datablueprint.settings import Policy

Row = dict[str, Any]
PROJECT = "procore:projects:1"
JOB = "quickbooks:Customer:58"
VENDOR = "procore:vendors:61"
BOOKS_VENDOR = "quickbooks:Vendor:30"
SUBCONTRACTS, JOB_MATERIALS, RENT, BANK, WAGES = (f"quickbooks:Account:{n}" for n in (80, 81, 90, 35, 95))
DAY = date(2026, 3, 10)


def money(text: str) -> Decimal:
    return Decimal(text)


def base() -> dict[str, list[Row]]:
    """One project in Procore and QuickBooks, one vendor in both, five accounts."""

    def account(record: str, name: str, classification: str, kind: str, sub: str = "") -> Row:
        return {
            "record_id": record,
            "name": name,
            "full_name": name,
            "classification": classification,
            "account_type": kind,
            "account_sub_type": sub,
            "active": True,
        }

    project = {"active": True, "is_job": True, "name": "Harbor Clinic"}
    return {
        "projects": [
            {**project, "record_id": PROJECT, "system": "procore", "number": "24-017", "origin_id": "58"},
            {**project, "record_id": JOB, "system": "quickbooks"},
        ],
        "vendors": [
            {"record_id": VENDOR, "system": "procore", "name": "Volt LLC", "active": True, "origin_id": "30"},
            {"record_id": BOOKS_VENDOR, "system": "quickbooks", "name": "Volt Electric", "active": True},
        ],
        "accounts": [
            account(SUBCONTRACTS, "Subcontractors", "Expense", "Cost of Goods Sold"),
            account(JOB_MATERIALS, "Job Materials", "Expense", "Cost of Goods Sold"),
            account(RENT, "Rent", "Expense", "Expense"),
            account(BANK, "Checking", "Asset", "Bank"),
            account(WAGES, "Payroll - Field Wages", "Expense", "Cost of Goods Sold", "CostOfLaborCos"),
        ],
    }


def bill_line(record: str, value: str, **changes: Any) -> Row:
    """A posted bill line on the job; `changes` override any column."""
    row = {
        "record_id": f"quickbooks:Bill:{record}",
        "line_key": "1",
        "entity": "Bill",
        "posting": True,
        "presentation": False,
        "voided": False,
        "transaction_on": DAY,
        "document_number": "INV-88",
        "party_record_id": BOOKS_VENDOR,
        "account_record_id": SUBCONTRACTS,
        "job_record_id": JOB,
        "amount": money(value),
        "amount_at": "/Line/0/Amount",
        "amount_sign": 1,
        "currency": "USD",
    }
    return row | changes


def invoice(record: str, amount: str, **changes: Any) -> Row:
    """An approved Procore subcontractor invoice of the same vendor."""
    row = {
        "record_id": f"procore:requisitions:{record}",
        "project_record_id": PROJECT,
        "commitment_record_id": "procore:work_order_contracts:5",
        "vendor_record_id": VENDOR,
        "invoice_number": "INV-88",
        "status": "approved",
        "billed_on": DAY,
        "gross_amount": money(amount),
    }
    return row | changes


def invoice_line(record: str, key: str, code: str, amount: str) -> Row:
    return {
        "record_id": f"procore:requisitions:{record}",
        "line_key": key,
        "cost_code": code,
        "cost_type": "S",
        "amount": money(amount),
        "amount_at": [f"/items/{key}/work_completed_this_period"],
    }


def posted(extra: Mapping[str, list[Row]], *, policy: Policy | None = None) -> dict[str, list[Row]]:
    """Link and post the base tables plus `extra`; the ledger's tables as rows."""
    read = base()
    for name, rows in extra.items():
        read[name] = read.get(name, []) + rows
    conformed = {t.name: tables.build(t.name, read.get(t.name, ())) for t in tables.CONFORMED}
    linked = graph.link(conformed, {})
    return {name: tables.rows(table) for name, table in ledger.post(conformed, linked, policy or Policy()).items()}


def facts(result: Mapping[str, list[Row]], **wanted: Any) -> list[Row]:
    return [f for f in result["facts"] if all(f[k] == v for k, v in wanted.items())]


def cost(result: Mapping[str, list[Row]]) -> Decimal:
    """Counted cost of the project."""
    return sum((f["amount"] for f in facts(result, measure="cost", state="counted", project=PROJECT)), Decimal(0))
