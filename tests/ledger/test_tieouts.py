"""Two ways to one sum agree, or the difference is a row, and a grade where it bears on a figure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.ledger.kit import (
    BANK,
    DAY,
    JOB,
    JOB_MATERIALS,
    PROJECT,
    SUBCONTRACTS,
    WAGES,
    Row,
    bill_line,
    invoice,
    invoice_line,
    money,
    posted,
)

COMMITMENT = "procore:work_order_contracts:5"


def tie(result: dict[str, list[Row]], tieout: str, scope: str = "", period: str = "") -> Row:
    [found] = [t for t in result["tieouts"] if (t["tieout"], t["scope"], t["period"]) == (tieout, scope, period)]
    return found


def told(result: dict[str, list[Row]]) -> list[tuple[str, Any, Any]]:
    return [(f["kind"], f["project"], f["grade"]) for f in result["findings"] if f["kind"].startswith("tie-out")]


def test_job_cost_with_unassigned_and_payroll_journal_is_the_sum_of_the_accounts():
    result = posted(
        {
            "accounting_lines": [
                bill_line("1", "1000.00"),
                bill_line("2", "40.00", account_record_id=JOB_MATERIALS, job_record_id=None),
                bill_line("3", "600.00", account_record_id=WAGES, entity="JournalEntry", job_record_id=None),
                bill_line("4", "7.00", transaction_on=DAY + timedelta(days=31)),
            ]
        }
    )

    whole = tie(result, "T1")
    assert (whole["left_amount"], whole["right_amount"], whole["holds"]) == (money("1647.00"), money("1647.00"), True)
    assert tie(result, "T1", PROJECT)["right_amount"] == money("1007.00")
    assert tie(result, "T1", period="2026-04")["right_amount"] == money("7.00")


def commitment(status: str, amount: str) -> dict[str, list[Row]]:
    return {
        "commitments": [
            {
                "record_id": COMMITMENT,
                "project_record_id": PROJECT,
                "kind": "subcontract",
                "number": "SC-1",
                "status": status,
            }
        ],
        "commitment_lines": [
            {
                "record_id": "procore:work_order_contract_line_items:1",
                "commitment_record_id": COMMITMENT,
                "amount": money(amount),
                "amount_at": "/amount",
            }
        ],
        "subcontract_invoices": [invoice("7", "1000.00")],
        "subcontract_invoice_lines": [invoice_line("7", "0", "26-000", "1000.00")],
    }


@pytest.mark.parametrize(
    ("status", "amount", "holds"),
    [("Approved", "1000.00", True), ("Approved", "999.99", False), ("Out For Signature", "1000.00", False)],
)
def test_what_is_invoiced_on_a_commitment_is_at_most_what_was_signed(status: str, amount: str, holds: bool):
    result = posted(commitment(status, amount))

    assert tie(result, "T6", COMMITMENT)["holds"] is holds
    assert told(result) == ([] if holds else [("tie-out T6 fails", PROJECT, "C")])


def budget_line(number: int, original: str, moved: str, changed: str, revised: str | None) -> Row:
    return {
        "record_id": f"procore:budget_rows:1/{number}",
        "project_record_id": PROJECT,
        "original_amount": money(original),
        "modifications": money(moved),
        "approved_changes": money(changed),
        "revised_reported": None if revised is None else money(revised),
    }


def test_a_budget_that_foots_by_line_and_moves_money_only_between_lines_ties():
    lines = [budget_line(1, "100", "-5", "10", "105"), budget_line(2, "50", "5", "0", "55")]

    result = posted({"budget_lines": lines})

    assert tie(result, "T7a", PROJECT)["holds"]
    assert tie(result, "T7b", PROJECT)["holds"]
    assert told(result) == []


def test_errors_of_two_budget_lines_do_not_cancel():
    lines = [budget_line(1, "100", "0", "0", "101"), budget_line(2, "50", "0", "0", "49")]

    result = posted({"budget_lines": lines})

    found = tie(result, "T7a", PROJECT)
    assert (found["difference"], found["holds"], len(found["record_ids"])) == (0, False, 2)
    assert told(result) == [("tie-out T7a fails", PROJECT, "C")]
    [way_out] = [f["way_out"] for f in result["findings"] if f["kind"] == "tie-out T7a fails"]
    assert "settings file" in way_out


def test_budget_modifications_that_do_not_sum_to_zero_cost_the_grade():
    result = posted({"budget_lines": [budget_line(1, "100", "5", "0", None)]})

    assert told(result) == [("tie-out T7b fails", PROJECT, "C")]
    assert not [t for t in result["tieouts"] if t["tieout"] == "T7a"]


def test_matched_invoices_tie_pair_by_pair_and_a_difference_is_told_once():
    result = posted(
        {
            "accounting_lines": [
                bill_line("1", "1010.00"),
                bill_line("2", "490.00", document_number="INV-89"),
            ],
            "subcontract_invoices": [invoice("7", "1000.00"), invoice("8", "500.00", invoice_number="INV-89")],
            "subcontract_invoice_lines": [
                invoice_line("7", "0", "26-000", "1000.00"),
                invoice_line("8", "0", "26-000", "500.00"),
            ],
        }
    )

    found = tie(result, "T8", PROJECT)
    assert (found["difference"], found["holds"]) == (0, False)
    assert [f["kind"] for f in result["findings"]] == ["invoice and bill differ"] * 2


def test_a_bill_net_of_retainage_is_the_invoice_and_says_why_it_differs():
    result = posted(
        {
            "accounting_lines": [bill_line("1", "900.00", document_number=None)],
            "subcontract_invoices": [invoice("7", "1000.00", retainage_amount=money("100"), net_amount=money("900"))],
            "subcontract_invoice_lines": [invoice_line("7", "0", "26-000", "1000.00")],
        }
    )

    assert {f["kind"]: f["amount"] for f in result["findings"]} == {
        "match to confirm": money("1000.00"),
        "invoice and bill differ": money("100.00"),
    }
    assert "net of retainage" in next(f["way_out"] for f in result["findings"] if f["kind"].startswith("invoice"))


def balance(account: str, amount: str, on: date = DAY) -> Row:
    return {
        "record_id": "quickbooks:TrialBalance:Accrual",
        "account_record_id": account,
        "amount": money(amount),
        "reported_on": on,
    }


def test_lines_add_up_to_the_trial_balance_of_quickbooks_on_its_day():
    lines = [
        bill_line("1", "1000.00"),
        bill_line("1", "-1000.00", line_key="H", account_record_id=BANK, job_record_id=None),
        bill_line("2", "55.00", transaction_on=DAY + timedelta(days=3)),
    ]

    result = posted(
        {
            "accounting_lines": lines,
            "reported_balances": [balance(SUBCONTRACTS, "1000.00"), balance(BANK, "-1000.00")],
        }
    )

    assert all(t["holds"] for t in result["tieouts"] if t["tieout"] in ("TB", "DC"))
    assert told(result) == []


@pytest.mark.parametrize(("account", "grade"), [(SUBCONTRACTS, "C"), (BANK, None), (WAGES, None)])
def test_an_account_that_differs_costs_grades_only_where_job_cost_rests_on_it(account: str, grade: str | None):
    result = posted({"reported_balances": [balance(account, "12.00")]})

    assert told(result) == [("tie-out TB fails", None, grade)]
    assert tie(result, "TB", account)["difference"] == money("-12.00")


def test_a_transaction_that_does_not_balance_costs_its_job_the_grade():
    lines = [bill_line("1", "1000.00"), bill_line("1", "-990.00", line_key="H", account_record_id=BANK)]

    result = posted({"accounting_lines": lines})

    assert tie(result, "DC")["record_ids"] == ["quickbooks:Bill:1"]
    assert ("tie-out DC fails", PROJECT, "C") in told(result)


def test_what_is_billed_is_what_the_owner_paid_and_still_owes():
    receivable = {
        "record_id": "quickbooks:Account:84",
        "name": "Accounts Receivable",
        "full_name": "Accounts Receivable",
        "classification": "Asset",
        "account_type": "Accounts Receivable",
        "active": True,
    }
    income = receivable | {
        "record_id": "quickbooks:Account:79",
        "name": "Construction Income",
        "classification": "Revenue",
        "account_type": "Income",
    }
    sold = {"entity": "Invoice", "record_id": "quickbooks:Invoice:7", "party_record_id": JOB}
    paid = {"entity": "Payment", "record_id": "quickbooks:Payment:8", "job_record_id": None, "document_number": None}
    lines = [
        bill_line("7", "-1000.00", account_record_id=income["record_id"], amount_sign=-1, **sold),
        bill_line("7", "1000.00", line_key="H", account_record_id=receivable["record_id"], **sold),
        bill_line("8", "-600.00", account_record_id=receivable["record_id"], amount_sign=-1,
                  linked_record_ids=["quickbooks:Invoice:7"], **paid),
        bill_line("8", "600.00", line_key="H", account_record_id=BANK, amount_at="/TotalAmt", **paid),
    ]  # fmt: skip

    result = posted({"accounts": [receivable, income], "accounting_lines": lines})

    assert tie(result, "T5a", PROJECT)["left_amount"] == money("1000.00")
    assert tie(result, "T5b", PROJECT)["left_amount"] == tie(result, "T5b", PROJECT)["right_amount"] == money("1000.00")
