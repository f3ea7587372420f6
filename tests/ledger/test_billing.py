"""Billed to date: gross of retainage, net of tax, credits deducted, voids out, one event per application (rule D11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.ledger.books_kit import (
    AR,
    INCOME,
    OTHER_JOB,
    RETAINED,
    SALES_TAX,
    amounts,
    entry,
    kinds,
    ledger,
    line,
)
from tests.ledger.kit import DAY, JOB, PROJECT, facts, money

CONTRACT = "procore:prime_contracts:340"


def invoice(native: int, gross: str, *, job: str = JOB, tax: str = "0", **header: Any) -> list[dict[str, Any]]:
    """An invoice less five percent retainage, with its tax."""
    value, held = money(gross), (money(gross) / 20).quantize(money("0.01"))
    lines = [line(INCOME, str(-value), job), line(RETAINED, str(held), job)]
    if money(tax):
        lines.append(line(SALES_TAX, str(-money(tax)), job, line_key="T", amount_at="/TxnTaxDetail/TotalTax"))
    due = value - held + money(tax)
    return entry("Invoice", native, *lines, line(AR, str(due), job), **header)


def application(native: int, gross: str, **changes: Any) -> dict[str, Any]:
    row = {
        "record_id": f"procore:payment_applications:{native}",
        "project_record_id": PROJECT,
        "contract_record_id": CONTRACT,
        "invoice_number": str(native),
        "status": "approved",
        "billed_on": DAY,
        "gross_this_period": money(gross),
    }
    return row | changes


def test_billed_is_gross_of_retainage_and_net_of_tax():
    result = ledger(invoice(7, "1000.00", tax="80.00"))

    assert amounts(result, "billing") == {"job": money("1000.00")}
    assert amounts(result, "retainage_receivable") == {"job": money("50.00")}
    assert amounts(result, "sales_tax") == {"job": money("80.00")}
    assert amounts(result, "receivable") == {"job": money("1030.00")}
    assert [f["subject"] for f in facts(result, measure="billing")] == ["quickbooks:Invoice:7"]


def test_tax_whose_account_nobody_can_tell_is_still_tax():
    unknown = invoice(7, "1000.00", tax="80.00")
    for each in unknown:
        each["account_record_id"] = None if each["line_key"] == "T" else each["account_record_id"]

    result = ledger(unknown)

    assert amounts(result, "sales_tax") == {"job": money("80.00")}
    assert kinds(result) == []


def test_a_credit_memo_lowers_what_was_billed_and_a_void_counts_nothing():
    credit = entry("CreditMemo", 8, line(INCOME, "120.00", JOB), line(AR, "-120.00", JOB))
    void = [each | {"amount": money("0"), "voided": True} for each in invoice(9, "1000.00")]

    result = ledger(invoice(7, "1000.00"), credit, void)

    assert amounts(result, "billing") == {"job": money("880.00")}
    assert len(facts(result, reason="voided")) == 3


def test_released_retainage_is_owed_and_not_billed_again():
    release = entry("Invoice", 8, line(RETAINED, "-50.00", JOB), line(AR, "50.00", JOB))

    result = ledger(invoice(7, "1000.00"), release)

    assert amounts(result, "billing") == {"job": money("1000.00")}
    assert amounts(result, "retainage_receivable") == {"job": money("0.00")}


def test_an_invoice_entered_twice_bills_once():
    twice = [invoice(n, "1000.00", document_number="1004", on=DAY + timedelta(days=n)) for n in (7, 8)]

    result = ledger(*twice)

    assert amounts(result, "billing") == {"job": money("1000.00")}
    assert amounts(result, "billing", state="held") == {"job": money("1000.00")}
    [told] = [f for f in result["findings"] if f["kind"] == "invoiced twice"]
    assert told["record_ids"] == ["quickbooks:Invoice:8", "quickbooks:Invoice:7"]
    assert told["grade"] == "C"


def test_the_billing_tie_out_shows_what_is_held_as_invoiced_twice_and_one_finding_says_it():
    result = ledger(*(invoice(n, "1000.00", document_number="1004") for n in (7, 8)))

    [tie] = [t for t in result["tieouts"] if t["tieout"] == "T5a"]
    assert (tie["left_amount"], tie["right_amount"], tie["holds"]) == (money("1000.00"), money("2000.00"), False)
    assert "1,000.00 held out as invoiced twice" in tie["sentence"]
    assert kinds(result) == ["invoiced twice"]


def credit_memo(native: int, amount: str, **header: Any) -> list[dict[str, Any]]:
    return entry("CreditMemo", native, line(INCOME, amount, JOB), line(AR, f"-{amount}", JOB), **header)


@pytest.mark.parametrize("credited", [0, 2, 9], ids=["the same day", "between", "after both"])
def test_an_invoice_that_a_credit_memo_took_back_is_billed_again(credited: int):
    first, again = (invoice(n, "1000.00", document_number="1001", on=DAY + timedelta(days=n)) for n in (0, 5))
    memo = credit_memo(9, "1000.00", on=DAY + timedelta(days=credited))

    result = ledger(first, memo, again)

    assert amounts(result, "billing") == {"job": money("1000.00")}
    assert kinds(result) == []


def test_one_credit_memo_takes_back_one_invoice():
    thrice = [invoice(n, "1000.00", document_number="1001", on=DAY + timedelta(days=n)) for n in (1, 3, 5)]

    result = ledger(*thrice, credit_memo(9, "1000.00", on=DAY + timedelta(days=2)))

    assert amounts(result, "billing") == {"job": money("1000.00")}
    assert amounts(result, "billing", state="held") == {"job": money("1000.00")}


def test_a_number_that_was_used_again_for_another_job_or_amount_is_another_event():
    result = ledger(
        invoice(7, "1000.00", document_number="1001"),
        invoice(8, "1000.00", document_number="1001", job=OTHER_JOB),
        invoice(9, "1000.01", document_number="1001"),
    )

    assert amounts(result, "billing") == {"job": money("2000.01"), "other": money("1000.00")}


def test_a_payment_application_is_evidence_of_its_invoice_and_names_its_contract():
    result = ledger(
        invoice(7, "1000.00", document_number="INV-0004"),
        owner_invoices=[application(4, "1000.00", invoice_number="inv 4")],
    )

    [counted] = facts(result, measure="billing", state="counted")
    [mirror] = facts(result, measure="billing", state="excluded")
    assert counted["contract_record_id"] == CONTRACT
    assert {"record_id": mirror["evidence"][0]["record_id"], "pointer": "", "role": "mirror"} in counted["evidence"]
    assert (mirror["rule"], mirror["subject"]) == ("D11", "quickbooks:Invoice:7")
    assert kinds(result) == []


def test_the_application_number_in_the_text_of_the_line_matches_too():
    result = ledger(
        invoice(7, "1000.00", document_number="2044", memo="Application 3"),
        owner_invoices=[application(3, "1000.00")],
    )

    assert kinds(result) == []


def test_two_contracts_with_the_same_application_number_go_to_the_nearest_amounts():
    result = ledger(
        invoice(7, "1000.00", memo="Application 3"),
        invoice(8, "300.00", memo="Application 3"),
        owner_invoices=[
            application(1, "300.00", invoice_number="3", contract_record_id="procore:prime_contracts:341"),
            application(2, "1000.00", invoice_number="3"),
        ],
    )

    contracts = {f["amount"]: f["contract_record_id"] for f in facts(result, measure="billing", state="counted")}
    assert contracts == {money("1000.00"): CONTRACT, money("300.00"): "procore:prime_contracts:341"}


def test_without_a_number_amount_and_date_decide_if_only_one_invoice_fits():
    one = application(4, "1000.00", invoice_number=None, billed_on=DAY + timedelta(days=9))

    assert kinds(ledger(invoice(7, "1000.00"), owner_invoices=[one])) == []
    two = ledger(invoice(7, "1000.00"), invoice(8, "1000.00"), owner_invoices=[one])
    assert kinds(two) == ["application not invoiced"]


def test_an_approved_application_that_quickbooks_lacks_is_a_finding_and_a_draft_is_not():
    result = ledger(owner_invoices=[application(4, "1000.00"), application(5, "2000.00", status="under_review")])

    assert amounts(result, "billing") == {}
    assert amounts(result, "billing", state="excluded") == {"job": money("3000.00")}
    [told] = result["findings"]
    assert (told["kind"], told["amount"]) == ("application not invoiced", money("1000.00"))


def test_an_invoice_entered_net_of_retainage_differs_from_its_application():
    result = ledger(invoice(7, "950.00", document_number="4"), owner_invoices=[application(4, "1000.00")])

    [told] = result["findings"]
    assert (told["kind"], told["amount"]) == ("application and invoice differ", money("50.00"))
    assert amounts(result, "billing") == {"job": money("950.00")}
