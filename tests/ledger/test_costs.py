"""What counts as job cost, and what is another copy of it (rules D1 to D5)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from tests.ledger.kit import (
    BANK,
    DAY,
    JOB_MATERIALS,
    PROJECT,
    RENT,
    VENDOR,
    bill_line,
    cost,
    facts,
    invoice,
    invoice_line,
    money,
    posted,
)


def test_a_bill_and_its_procore_invoice_are_one_cost_with_the_code_of_procore():
    result = posted(
        {
            "accounting_lines": [bill_line("1042", "1000.00")],
            "subcontract_invoices": [invoice("7", "1000.00")],
            "subcontract_invoice_lines": [invoice_line("7", "0", "26-000", "1000.00")],
        }
    )

    assert cost(result) == money("1000.00")
    [counted] = facts(result, measure="cost", state="counted", project=PROJECT)
    assert (counted["cost_code"], counted["rule"], counted["grade"]) == ("26-000", "D2", "A")
    [mirror] = facts(result, measure="cost", state="excluded", rule="D2")
    assert mirror["evidence"][0]["record_id"] == "procore:requisitions:7"


def test_an_imported_direct_cost_is_a_third_copy_that_changes_nothing():
    twins = {
        "accounting_lines": [bill_line("1042", "1000.00")],
        "subcontract_invoices": [invoice("7", "1000.00", origin_id="1042")],
        "subcontract_invoice_lines": [invoice_line("7", "0", "26-000", "1000.00")],
    }
    third = {
        "direct_costs": [
            {
                "record_id": "procore:direct_costs:9",
                "project_record_id": PROJECT,
                "type": "invoice",
                "status": "approved",
                "incurred_on": DAY,
                "vendor_record_id": VENDOR,
                "amount": money("1000.00"),
                "origin_id": "1042",
            }
        ]
    }

    assert cost(posted(twins | third)) == cost(posted(twins)) == money("1000.00")
    assert len(facts(posted(twins | third), rule="D3", state="excluded")) == 1


def test_a_bill_over_two_codes_is_spread_as_procore_says_and_foots():
    result = posted(
        {
            "accounting_lines": [bill_line("1042", "1000.01")],
            "subcontract_invoices": [invoice("7", "1000.01")],
            "subcontract_invoice_lines": [
                invoice_line("7", "0", "26-000", "333.34"),
                invoice_line("7", "1", "27-000", "666.67"),
            ],
        }
    )

    counted = facts(result, measure="cost", state="counted", project=PROJECT)
    assert {f["cost_code"]: f["amount"] for f in counted} == {"26-000": money("333.34"), "27-000": money("666.67")}
    assert len({f["pool"] for f in counted}) == 1


def test_amount_and_date_alone_match_only_as_a_proposal_of_grade_b():
    result = posted(
        {
            "accounting_lines": [bill_line("1042", "1000.00", document_number=None)],
            "subcontract_invoices": [invoice("7", "1000.00", billed_on=DAY - timedelta(days=6))],
            "subcontract_invoice_lines": [invoice_line("7", "0", "26-000", "1000.00")],
        }
    )

    [counted] = facts(result, measure="cost", state="counted", project=PROJECT)
    assert (counted["amount"], counted["grade"]) == (money("1000.00"), "B")
    assert [f["kind"] for f in result["findings"]] == ["match to confirm"]


def test_two_bills_of_one_amount_are_no_match_but_a_suspicion():
    result = posted(
        {
            "accounting_lines": [
                bill_line("1042", "1000.00", document_number="A"),
                bill_line("1043", "1000.00", document_number="B"),
            ],
            "subcontract_invoices": [invoice("7", "1000.00", invoice_number="C")],
            "subcontract_invoice_lines": [invoice_line("7", "0", "26-000", "1000.00")],
        }
    )

    assert cost(result) == money("2000.00")
    assert [f["amount"] for f in facts(result, rule="D4", state="held")] == [money("1000.00")]


def test_an_approved_invoice_without_a_bill_is_an_accrual_until_the_bill_comes():
    approved = {
        "subcontract_invoices": [invoice("7", "1000.00")],
        "subcontract_invoice_lines": [invoice_line("7", "0", "26-000", "1000.00")],
    }

    [accrual] = facts(posted(approved), measure="cost", state="counted")

    assert (accrual["rule"], accrual["basis"], accrual["amount"]) == ("D4", "approved_not_posted", money("1000.00"))
    assert cost(posted(approved | {"accounting_lines": [bill_line("1042", "1000.00")]})) == money("1000.00")


@pytest.mark.parametrize("status", ["draft", "under_review", "revise_and_resubmit", "pending_owner_approval"])
def test_an_invoice_that_nobody_approved_is_not_cost(status: str):
    result = posted({"subcontract_invoices": [invoice("7", "1000.00", status=status)]})

    assert cost(result) == 0


def test_an_approved_invoice_near_a_stranger_bill_of_the_same_vendor_is_held_with_grade_c():
    result = posted(
        {
            "accounting_lines": [bill_line("1042", "990.00", document_number="OTHER")],
            "subcontract_invoices": [invoice("7", "1000.00", billed_on=DAY - timedelta(days=40))],
            "subcontract_invoice_lines": [invoice_line("7", "0", "26-000", "1000.00")],
        }
    )

    assert cost(result) == money("990.00")
    assert [(f["kind"], f["grade"]) for f in result["findings"]] == [("suspected duplicate", "C")]


def test_a_voided_line_and_a_bank_line_are_in_the_ledger_and_count_nothing():
    result = posted(
        {
            "accounting_lines": [
                bill_line("1", "0.00", voided=True),
                bill_line("2", "-500.00", account_record_id=BANK, job_record_id=None),
            ]
        }
    )

    assert cost(result) == 0
    assert {f["reason"] for f in facts(result, rule="D1", state="excluded")} == {"voided"}
    assert [f["amount"] for f in facts(result, measure="cash")] == [money("-500.00")]


def test_direct_cost_without_a_job_is_unassigned_and_rent_is_overhead():
    result = posted(
        {
            "accounting_lines": [
                bill_line("1", "700.00", account_record_id=JOB_MATERIALS, job_record_id=None),
                bill_line("2", "300.00", account_record_id=RENT, job_record_id=None),
            ]
        }
    )

    assert [f["amount"] for f in facts(result, measure="cost", project=None, state="counted")] == [money("700.00")]
    assert [f["amount"] for f in facts(result, measure="overhead")] == [money("300.00")]
    assert [f["kind"] for f in result["findings"]] == ["direct cost without a job"]


def test_a_credit_is_negative_cost():
    credit = bill_line("9", "-250.00", entity="VendorCredit", amount_sign=-1, document_number="CR")
    result = posted({"accounting_lines": [bill_line("1", "1000.00"), credit]})

    assert cost(result) == money("750.00")


def test_the_order_in_which_copies_arrive_changes_nothing():
    bills = [bill_line(str(n), "1000.00", document_number=f"INV-{n}") for n in (1, 2, 3)]
    invoices = [invoice(str(n), "1000.00", invoice_number=f"inv {n}") for n in (1, 2, 3)]
    lines = [invoice_line(str(n), "0", f"26-00{n}", "1000.00") for n in (1, 2, 3)]

    outcomes = {
        tuple(
            sorted(
                (f["cost_code"], f["amount"], f["fact_id"])
                for f in facts(
                    posted(
                        {
                            "accounting_lines": list(order),
                            "subcontract_invoices": invoices[::-1],
                            "subcontract_invoice_lines": lines,
                        }
                    ),
                    measure="cost",
                    state="counted",
                )
            )
        )
        for order in permutations(bills)
    }

    assert len(outcomes) == 1
    assert sum((amount for _, amount, _ in next(iter(outcomes))), Decimal(0)) == money("3000.00")


def test_every_line_has_a_place_or_a_rule_that_excluded_it():
    lines = [
        bill_line("1", "10.00"),
        bill_line("2", "10.00", presentation=True, amount=None),
        bill_line("3", "10.00", posting=False, entity="PurchaseOrder"),
        bill_line("4", "10.00", account_record_id=None),
        bill_line("5", "10.00", account_record_id=RENT, job_record_id=None),
        bill_line("6", "-10.00", line_key="H", account_record_id=BANK, job_record_id=None, amount_at=None),
    ]

    result = posted({"accounting_lines": lines})

    cited = {e["record_id"] for f in result["facts"] for e in f["evidence"]}
    assert {line["record_id"] for line in lines} <= cited
    assert all(f["rule"] and f["reason"] for f in result["facts"])


def test_a_rejected_twin_does_not_take_the_bill_of_the_approved_invoice():
    result = posted(
        {
            "accounting_lines": [bill_line("1042", "900.00")],
            "subcontract_invoices": [invoice("7", "900.00", status="draft"), invoice("8", "900.00")],
            "subcontract_invoice_lines": [invoice_line(n, "0", "26-000", "900.00") for n in ("7", "8")],
        }
    )

    assert cost(result) == money("900.00")


@pytest.mark.parametrize("changes", [{}, {"origin_id": "1042", "invoice_number": None}])
def test_one_bill_may_gather_several_invoices(changes: dict[str, Any]):
    result = posted(
        {
            "accounting_lines": [bill_line("1042", "1500.00")],
            "subcontract_invoices": [invoice("7", "1000.00", **changes), invoice("8", "500.00", **changes)],
            "subcontract_invoice_lines": [
                invoice_line("7", "0", "26-000", "1000.00"),
                invoice_line("8", "0", "27-000", "500.00"),
            ],
        }
    )

    counted = facts(result, measure="cost", state="counted", project=PROJECT)
    assert {f["cost_code"]: f["amount"] for f in counted} == {"26-000": money("1000.00"), "27-000": money("500.00")}


def test_one_invoice_may_be_entered_as_two_bills():
    result = posted(
        {
            "accounting_lines": [bill_line("1042", "600.00"), bill_line("1043", "300.00")],
            "subcontract_invoices": [invoice("7", "900.00")],
            "subcontract_invoice_lines": [invoice_line("7", "0", "26-000", "900.00")],
        }
    )

    counted = facts(result, measure="cost", state="counted", project=PROJECT)
    assert [(f["cost_code"], f["contract_record_id"]) for f in counted] == [
        ("26-000", "procore:work_order_contracts:5")
    ] * 2
    assert result["findings"] == []


def test_an_invoice_that_a_larger_bill_may_hold_is_not_accrued_on_top():
    result = posted(
        {
            "accounting_lines": [bill_line("1042", "1600.00")],
            "subcontract_invoices": [invoice("7", "1000.00"), invoice("8", "500.00", invoice_number="INV-89")],
            "subcontract_invoice_lines": [invoice_line(n, "0", "26-000", v) for n, v in (("7", "1000"), ("8", "500"))],
        }
    )

    assert cost(result) == money("1600.00")
    assert {f["kind"] for f in result["findings"]} == {"invoice and bill differ", "suspected duplicate"}


def test_a_credit_in_both_systems_is_deducted_once():
    credit = bill_line("9", "-250.00", entity="VendorCredit", amount_sign=-1)
    result = posted(
        {
            "accounting_lines": [credit],
            "subcontract_invoices": [invoice("7", "-250.00")],
            "subcontract_invoice_lines": [invoice_line("7", "0", "26-000", "-250.00")],
        }
    )

    assert cost(result) == money("-250.00")


def test_an_invoice_whose_bill_is_on_another_job_is_held_not_accrued():
    result = posted(
        {
            "accounting_lines": [bill_line("1042", "1000.00", job_record_id="quickbooks:Customer:77")],
            "subcontract_invoices": [invoice("7", "1000.00", origin_id="1042")],
            "subcontract_invoice_lines": [invoice_line("7", "0", "26-000", "1000.00")],
        }
    )

    assert cost(result) == 0
    assert [(f["kind"], f["grade"]) for f in result["findings"]] == [("booked elsewhere", "C")]


def test_an_expense_without_a_payee_matches_its_direct_cost_as_a_proposal():
    expense = bill_line("5", "500.00", entity="Purchase", party_record_id=None, document_number=None)
    direct = {
        "record_id": "procore:direct_costs:9",
        "project_record_id": PROJECT,
        "type": "expense",
        "status": "approved",
        "incurred_on": DAY,
        "amount": money("500.00"),
    }
    result = posted({"accounting_lines": [expense], "direct_costs": [direct]})

    assert cost(result) == money("500.00")
    assert [f["kind"] for f in result["findings"]] == ["match to confirm"]


def test_a_credit_line_on_an_invoice_keeps_every_line_on_its_own_code():
    result = posted(
        {
            "accounting_lines": [bill_line("1042", "900.00")],
            "subcontract_invoices": [invoice("7", "900.00")],
            "subcontract_invoice_lines": [
                invoice_line("7", "0", "26-000", "1000.00"),
                invoice_line("7", "1", "27-000", "-100.00"),
            ],
        }
    )

    counted = facts(result, measure="cost", state="counted", project=PROJECT)
    assert {f["cost_code"]: f["amount"] for f in counted} == {"26-000": money("1000.00"), "27-000": money("-100.00")}


def test_a_bill_for_agency_labor_is_job_cost():
    account = {
        "record_id": "quickbooks:Account:96",
        "name": "Cost of Labor",
        "full_name": "Cost of Labor",
        "classification": "Expense",
        "account_type": "Cost of Goods Sold",
        "account_sub_type": "CostOfLaborCos",
    }
    bill = bill_line("1", "900.00", account_record_id=account["record_id"])

    assert cost(posted({"accounts": [account], "accounting_lines": [bill]})) == money("900.00")


def test_a_second_currency_is_held_apart_and_never_added():
    result = posted({"accounting_lines": [bill_line("1", "10.00"), bill_line("2", "99.00", currency="CAD")]})

    assert cost(result) == money("10.00")
    assert [f["reason"] for f in facts(result, state="held")] == ["in CAD: currencies are never added"]
    assert [(f["kind"], f["grade"]) for f in result["findings"]] == [("second currency", "C")]


def test_an_approved_invoice_without_lines_is_said_and_not_zero():
    result = posted({"subcontract_invoices": [invoice("7", "1000.00")]})

    assert [(f["state"], f["amount"]) for f in facts(result, rule="D4")] == [("held", money("1000.00"))]
    assert [(f["kind"], f["grade"]) for f in result["findings"]] == [("approved without lines", "C")]


def test_dates_of_facts_are_the_accounting_dates_of_quickbooks():
    result = posted({"accounting_lines": [bill_line("1", "10.00", transaction_on=date(2025, 12, 31))]})

    assert [f["accounting_on"] for f in facts(result, measure="cost")] == [date(2025, 12, 31)]
