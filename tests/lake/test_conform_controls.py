"""Control totals and lists: read for comparison only, whatever the order of their columns."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.lake.landing import landed, procore, rows, tables


def cell(value: str, key: str = "") -> dict[str, str]:
    return {"value": value, "id": key} if key else {"value": value}


def column(title: str, key: str | None) -> dict[str, Any]:
    meta = [{"Name": "ColKey", "Value": key}] if key else []
    return {"ColTitle": title, "ColType": "Money", "MetaData": meta}


def report(*columns: dict[str, Any], lines: list[list[dict[str, str]]]) -> dict[str, Any]:
    total = {"Summary": {"ColData": [cell("TOTAL"), cell("5.00"), cell("5.00")]}, "group": "GrandTotal"}
    return {
        "Header": {"EndPeriod": "2026-11-20"},
        "Columns": {"Column": list(columns)},
        "Rows": {"Row": [*({"ColData": line} for line in lines), total]},
    }


def test_a_trial_balance_gives_one_debit_positive_amount_per_account():
    body = report(
        column("", "account"),
        column("Debit", "debit"),
        column("Credit", "credit"),
        lines=[[cell("Checking", "35"), cell("5.00"), cell("")], [cell("Loan", "40"), cell(""), cell("5.00")]],
    )

    found = rows(tables(landed("quickbooks_online", "TrialBalance", "Accrual", body)), "reported_balances")

    assert [(f["account_record_id"], f["amount"], f["amount_at"], f["reported_on"]) for f in found] == [
        ("quickbooks:Account:35", Decimal("5.00"), "/Rows/Row/0/ColData/1/value", date(2026, 11, 20)),
        ("quickbooks:Account:40", Decimal("-5.00"), "/Rows/Row/1/ColData/2/value", date(2026, 11, 20)),
    ]


@pytest.mark.parametrize("keyed", [True, False])
def test_columns_are_found_by_name_not_by_place(keyed: bool):
    credit, debit = (column(name.title(), name if keyed else None) for name in ("credit", "debit"))
    body = report(credit, column("", None), debit, lines=[[cell("5.00"), cell("Loan", "40"), cell("")]])

    [found] = rows(tables(landed("quickbooks_online", "TrialBalance", "Accrual", body)), "reported_balances")

    assert found["amount"] == Decimal("-5.00")


def test_a_cost_code_list_says_whether_an_accounting_integration_takes_it():
    made = tables(procore("standard_cost_code_lists", 31, name="QuickBooks Online ERP", is_erp_list=True))

    assert rows(made, "cost_code_lists") == [
        {"record_id": "procore:standard_cost_code_lists:31", "name": "QuickBooks Online ERP", "erp": True}
    ]
