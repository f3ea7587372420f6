"""Small transactions in balance: each test says only accounts, amounts and jobs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.ledger.kit import (
    BANK,
    BOOKS_VENDOR,
    DAY,
    JOB,
    JOB_MATERIALS,
    PROJECT,
    RENT,
    SUBCONTRACTS,
    WAGES,
    money,
    posted,
)

Row = dict[str, Any]
OTHER_JOB = "quickbooks:Customer:59"
"""A second job, which only QuickBooks knows."""


def account(native: int, name: str, classification: str, kind: str, sub: str = "") -> Row:
    return {
        "record_id": f"quickbooks:Account:{native}",
        "name": name,
        "full_name": name,
        "classification": classification,
        "account_type": kind,
        "account_sub_type": sub,
        "active": True,
    }


CHART = [
    account(1, "Accounts Receivable (A/R)", "Asset", "Accounts Receivable"),
    account(2, "Accounts Payable (A/P)", "Liability", "Accounts Payable"),
    account(3, "Retainage Receivable", "Asset", "Other Current Asset", "Retainage"),
    account(4, "Retainage Payable", "Liability", "Other Current Liability"),
    account(5, "Contract Income", "Revenue", "Income"),
    account(6, "Interest Income", "Revenue", "Other Income"),
    account(7, "Interest Expense", "Expense", "Other Expense"),
    account(8, "State Income Tax", "Expense", "Expense"),
    account(9, "Office Relocation", "Expense", "Expense"),
    account(10, "Workers Comp Premium", "Expense", "Expense", "Insurance"),
    account(11, "Equipment Pool Recovery", "Expense", "Expense"),
    account(12, "Costs in Excess of Billings", "Asset", "Other Current Asset"),
    account(13, "Billings in Excess of Costs", "Liability", "Other Current Liability"),
    account(14, "Overhead Allocated", "Expense", "Cost of Goods Sold"),
    account(15, "Overhead Applied", "Expense", "Expense"),
    account(16, "Accrued Expenses", "Liability", "Other Current Liability"),
    account(17, "Escrow Checking", "Asset", "Bank"),
    account(18, "Sales Tax Payable", "Liability", "Other Current Liability", "GlobalTaxPayable"),
    account(19, "Company Card", "Liability", "Credit Card"),
    account(20, "Undeposited Funds", "Asset", "Other Current Asset", "UndepositedFunds"),
    account(21, "Provision for Contract Losses", "Liability", "Other Current Liability"),
    account(22, "Owner Equity", "Equity", "Equity"),
]
AR, AP, RETAINED, WITHHELD, INCOME, OTHER_INCOME, INTEREST, INCOME_TAX, MOVE, PREMIUM = (
    f"quickbooks:Account:{n}" for n in range(1, 11)
)
POOL, UNDERBILLED, OVERBILLED, ALLOCATED, APPLIED, ACCRUED, ESCROW, SALES_TAX, CARD, UNDEPOSITED = (
    f"quickbooks:Account:{n}" for n in range(11, 21)
)
LOSSES, EQUITY = "quickbooks:Account:21", "quickbooks:Account:22"
EVERY = [*(a["record_id"] for a in CHART), SUBCONTRACTS, JOB_MATERIALS, RENT, BANK, WAGES]


def line(account_record: str, amount: str, job: str | None = None, **changes: Any) -> Row:
    """A debit (or, negative, a credit); `changes` override any column."""
    return {"account_record_id": account_record, "amount": money(amount), "job_record_id": job} | changes


def entry(entity: str, native: int | str, *lines: Row, on: date = DAY, **header: Any) -> list[Row]:
    """One transaction; the last line is the header side H unless it is a journal entry."""
    made = []
    for place, each in enumerate(lines):
        closing = entity != "JournalEntry" and place == len(lines) - 1
        made.append(
            {
                "record_id": f"quickbooks:{entity}:{native}",
                "line_key": "H" if closing else str(place),
                "entity": entity,
                "posting": True,
                "presentation": False,
                "voided": False,
                "transaction_on": on,
                "party_record_id": BOOKS_VENDOR if entity in ("Bill", "BillPayment", "VendorCredit") else None,
                "amount_at": "/TotalAmt" if closing else f"/Line/{place}/Amount",
                "amount_sign": 1 if each["amount"] >= 0 else -1,
                "currency": "USD",
            }
            | header
            | each
        )
    return made


def ledger(*entries: list[Row], policy: Any = None, **extra: list[Row]) -> dict[str, list[Row]]:
    """The ledger of these transactions, with a second job and the accounts above."""
    lines = [each for made in entries for each in made]
    second = {"record_id": OTHER_JOB, "system": "quickbooks", "name": "Mill", "active": True, "is_job": True}
    extra["projects"] = [second, *extra.get("projects", [])]
    return posted({"accounts": CHART, "accounting_lines": lines} | extra, policy=policy)


def amounts(result: dict[str, list[Row]], measure: str, *, state: str = "counted") -> dict[str | None, Decimal]:
    """Project -> sum of the facts of a measure; the project is "job" or "other", None for no project."""
    sums: dict[str | None, Decimal] = {}
    for fact in result["facts"]:
        if fact["measure"] == measure and fact["state"] == state:
            place = {PROJECT: "job", JOB: "job", OTHER_JOB: "other"}.get(fact["project"], fact["project"])
            sums[place] = sums.get(place, Decimal(0)) + (fact["amount"] or 0)
    return sums


def kinds(result: dict[str, list[Row]]) -> list[str]:
    return sorted(finding["kind"] for finding in result["findings"])
