"""What the books may hold already under another form is held with its name, and no more than could be there (D4)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.books_kit import ACCRUED, OTHER_JOB, amounts, entry, kinds, ledger, line
from tests.ledger.kit import (
    DAY,
    JOB,
    PROJECT,
    RENT,
    SUBCONTRACTS,
    Row,
    bill_line,
    cost,
    facts,
    invoice,
    invoice_line,
    money,
    posted,
)

Read = dict[str, list[Row]]


def approved(*values: str, **changes: Any) -> Read:
    """Approved invoices 1, 2, ... of one line each, numbered INV-88, INV-89, ..."""
    return {
        "subcontract_invoices": [
            invoice(str(n), value, **{"invoice_number": f"INV-{87 + n}"} | changes) for n, value in enumerate(values, 1)
        ],
        "subcontract_invoice_lines": [invoice_line(str(n), "0", "26-000", value) for n, value in enumerate(values, 1)],
    }


def books(read: Read, *lines: Row) -> Read:
    """With a second job that only QuickBooks knows."""
    mill = {"record_id": OTHER_JOB, "system": "quickbooks", "name": "Mill", "active": True, "is_job": True}
    return read | {"projects": [mill], "accounting_lines": list(lines)}


def check(record: str, value: str, **changes: Any) -> Row:
    return bill_line(record, value, record_id=f"quickbooks:Purchase:{record}", entity="Purchase", **changes)


def told(result: dict[str, list[Row]]) -> list[tuple[str, str | None]]:
    return sorted((f["kind"], f["grade"]) for f in result["findings"])


# -- checks and card charges -------------------------------------------------------------------------


def test_an_invoice_that_was_paid_by_check_without_a_bill_counts_once():
    result = posted(books(approved("600.00"), check("3", "600.00")))

    assert (cost(result), told(result)) == (money("600.00"), [])
    [counted] = facts(result, measure="cost", state="counted")
    assert (counted["rule"], counted["cost_code"], counted["grade"]) == ("D2", "26-000", "A")


def test_a_check_without_a_number_is_a_proposal():
    result = posted(books(approved("600.00"), check("3", "600.00", document_number=None)))

    assert (cost(result), told(result)) == (money("600.00"), [("match to confirm", "B")])


def test_a_bill_is_the_invoice_before_a_check_is():
    read = books(approved("600.00"), bill_line("1", "600.00"), check("3", "600.00"))

    assert cost(posted(read)) == money("1200.00")
    [mirror] = facts(posted(read), rule="D2", state="excluded")
    assert mirror["subject"] == "quickbooks:Bill:1"


def test_an_invoice_near_a_check_of_its_vendor_is_held():
    result = posted(books(approved("600.00"), check("3", "590.00", document_number="1201")))

    assert (cost(result), told(result)) == (money("590.00"), [("suspected duplicate", "C")])


def test_a_bill_that_came_back_as_a_direct_cost_still_holds_an_invoice_near_it():
    back = {
        "record_id": "procore:direct_costs:9",
        "project_record_id": PROJECT,
        "type": "invoice",
        "status": "approved",
        "incurred_on": DAY,
        "amount": money("990.00"),
        "origin_id": "9",
    }
    read = books(approved("1000.00"), bill_line("9", "990.00", document_number="FEE-7")) | {"direct_costs": [back]}

    assert cost(posted(read)) == money("990.00")


# -- the size of what is held ------------------------------------------------------------------------


def test_a_small_bill_holds_no_large_invoice():
    read = approved("50000.00", "50000.00", "50000.00")
    result = posted(books(read, bill_line("9", "100.00", document_number="FEE-7")))

    assert (cost(result), told(result)) == (money("150100.00"), [])


def test_a_bill_holds_as_many_invoices_as_it_could_hold():
    read = approved("50000.00", "50000.00", "50000.00")
    result = posted(books(read, bill_line("9", "49000.00", document_number="FEE-7")))

    assert cost(result) == money("149000.00")
    assert [f["amount"] for f in facts(result, rule="D4", state="held")] == [money("50000.00")]


def test_bills_that_hold_an_invoice_only_together_hold_it():
    parts = [bill_line(str(n), "30000.00", document_number=f"P-{n}") for n in (1, 2, 3)]

    assert cost(posted(books(approved("91000.00"), *parts))) == money("90000.00")


def test_what_holds_an_invoice_is_named_with_its_amount():
    result = posted(books(approved("1000.00"), bill_line("9", "990.00", document_number="FEE-7")))

    [finding] = result["findings"]
    assert "Bill FEE-7 of 990.00 of 2026-03-10 (quickbooks:Bill:9) may be this document" in finding["sentence"]
    assert "quickbooks:Bill:9" in finding["record_ids"]


whole_dollars = st.integers(1, 2000).map(Decimal)


@settings(max_examples=60, deadline=None)
@given(st.lists(whole_dollars, min_size=1, max_size=4), st.lists(whole_dollars, max_size=3))
def test_what_is_held_never_exceeds_what_the_bills_could_cover(invoiced: list[Decimal], billed: list[Decimal]):
    lines = [bill_line(str(n), str(v), document_number=f"X{n}") for n, v in enumerate(billed)]

    result = posted(books(approved(*map(str, invoiced)), *lines))

    held = sum((f["amount"] for f in facts(result, rule="D4", state="held")), Decimal(0))
    assert held * Decimal("0.75") <= sum(billed)


# -- month-end journals ------------------------------------------------------------------------------


def accrual(memo: str, *, on: date = date(2026, 3, 31), native: int = 1, value: str = "1000.00") -> list[Row]:
    back = str(-Decimal(value))
    return entry("JournalEntry", native, line(SUBCONTRACTS, value, JOB, memo=memo), line(ACCRUED, back), on=on)


@pytest.mark.parametrize("memo", ["Accrue Volt INV-88", "Accrued subcontracts March", "Volt, inv 88"])
def test_an_invoice_that_a_journal_accrues_is_held(memo: str):
    result = ledger(accrual(memo), **approved("1000.00"))

    assert (amounts(result, "cost"), told(result)) == ({"job": money("1000.00")}, [("accrued by journal", "C")])
    assert "quickbooks:JournalEntry:1" in result["findings"][0]["record_ids"]


@pytest.mark.parametrize(
    ("memo", "value"), [("Reclass", "1000.00"), ("Accrue Volt", "990.00"), ("Volt INV-880", "1000.00")]
)
def test_another_journal_holds_no_invoice(memo: str, value: str):
    result = ledger(accrual(memo, value=value), **approved("1000.00"))

    assert amounts(result, "cost") == {"job": money("1000.00") + money(value)}


def test_a_journal_that_was_reversed_holds_nothing():
    reversal = accrual("Accrue Volt INV-88", on=date(2026, 4, 1), native=2, value="-1000.00")

    result = ledger(accrual("Accrue Volt INV-88"), reversal, **approved("1000.00"))

    assert (amounts(result, "cost"), kinds(result)) == ({"job": money("1000.00")}, [])


def test_one_journal_stands_for_one_of_two_equal_invoices_the_one_it_names():
    result = ledger(accrual("Accrue Volt INV-89"), **approved("1000.00", "1000.00"))

    assert amounts(result, "cost") == {"job": money("2000.00")}
    [held] = facts(result, rule="D4", state="held")
    assert held["evidence"][0]["record_id"] == "procore:requisitions:2"


# -- booked elsewhere --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"job_record_id": OTHER_JOB}, "booked on Mill"),
        ({"job_record_id": None}, "booked on Subcontractors without a job"),
        ({"job_record_id": None, "account_record_id": RENT}, "booked on Rent without a job"),
        ({"job_record_id": OTHER_JOB, "document_number": "88-R"}, "booked on Mill"),
    ],
)
def test_an_invoice_whose_bill_is_booked_elsewhere_is_held_and_the_place_is_named(changes: Row, where: str):
    result = posted(books(approved("600.00"), bill_line("3", "600.00", **changes)))

    assert [f["state"] for f in facts(result, rule="D4")] == ["held"]
    [finding] = [f for f in result["findings"] if f["kind"] == "booked elsewhere"]
    assert (finding["grade"], finding["project"]) == ("C", PROJECT)
    assert where in finding["sentence"]
    assert "quickbooks:Bill:3" in finding["record_ids"]


def test_a_bill_by_id_on_another_job_says_where_it_is():
    result = posted(books(approved("600.00", origin_id="3"), bill_line("3", "700.00", job_record_id=OTHER_JOB)))

    [finding] = [f for f in result["findings"] if f["kind"] == "booked elsewhere"]
    assert "is booked on Mill" in finding["sentence"]


def test_a_bill_split_over_two_other_jobs_is_the_invoice_as_a_whole():
    parts = [bill_line("3", "400.00", job_record_id=OTHER_JOB)]
    parts += [bill_line("3", "200.00", job_record_id=None, line_key="2", amount_at="/Line/1/Amount")]

    assert facts(posted(books(approved("600.00"), *parts)), rule="D4", state="counted") == []


@pytest.mark.parametrize("changes", [{"document_number": "INV-90"}, {"amount": money("601.00")}, {"voided": True}])
def test_a_bill_of_another_number_or_amount_elsewhere_holds_nothing(changes: Row):
    result = posted(books(approved("600.00"), bill_line("3", "600.00", job_record_id=OTHER_JOB) | changes))

    assert cost(result) == money("600.00")


def test_a_bill_that_is_another_jobs_invoice_holds_nothing():
    mill = {"record_id": "procore:projects:2", "system": "procore", "name": "Mill", "number": "24-018"}
    mill |= {"active": True, "is_job": True, "origin_id": "59"}
    read = approved("600.00", "600.00", invoice_number="PA 1")
    read["subcontract_invoices"][1]["project_record_id"] = "procore:projects:2"
    read = books(read, bill_line("3", "600.00", job_record_id=OTHER_JOB, document_number="PA 1"))
    read["projects"].append(mill)

    result = posted(read)

    assert (cost(result), told(result)) == (money("600.00"), [])


# -- entered twice -----------------------------------------------------------------------------------


def test_a_bill_entered_twice_counts_twice_and_is_said():
    result = posted(books(approved("1000.00"), bill_line("9", "1000.00"), bill_line("10", "1000.00")))

    assert cost(result) == money("2000.00")
    [finding] = result["findings"]
    assert (finding["kind"], finding["grade"], finding["amount"]) == ("bill entered twice?", "C", money("1000.00"))
    assert set(finding["record_ids"]) == {"quickbooks:Bill:9", "quickbooks:Bill:10"}


@pytest.mark.parametrize(
    "changes",
    [
        {"document_number": "INV-90"},
        {"transaction_on": DAY + timedelta(days=1)},
        {"job_record_id": OTHER_JOB},
        {"amount": money("999.00")},
        {"party_record_id": None},
        {"voided": True},
    ],
)
def test_bills_that_differ_in_anything_are_two(changes: Row):
    result = posted(books({}, bill_line("9", "1000.00"), bill_line("10", "1000.00") | changes))

    assert "bill entered twice?" not in kinds(result)


def test_equal_bills_without_a_number_and_the_two_halves_of_one_invoice_are_no_repetition():
    halves = [bill_line(n, "500.00") for n in ("9", "10")]
    unnumbered = [bill_line(n, "500.00", document_number=None) for n in ("9", "10")]

    assert kinds(posted(books(approved("1000.00"), *halves))) == []
    assert "bill entered twice?" not in kinds(posted(books({}, *unnumbered)))


# -- vendors that nobody confirmed -------------------------------------------------------------------


def proposed(value: str) -> dict[str, list[Row]]:
    """Two firms of like names, joined by a proposal."""
    vendors = [
        {"record_id": "procore:vendors:7", "system": "procore", "name": "Harbor Drywall", "active": True},
        {"record_id": "quickbooks:Vendor:8", "system": "quickbooks", "name": "Harbor Drywal", "active": True},
    ]
    bill = bill_line("9", value, party_record_id="quickbooks:Vendor:8")
    return posted(books(approved("5000.00", vendor_record_id="procore:vendors:7"), bill) | {"vendors": vendors})


def test_a_match_through_a_proposed_vendor_is_grade_b_and_asks_for_the_link():
    result = proposed("5000.00")

    assert [f["grade"] for f in facts(result, measure="cost", state="counted")] == ["B"]
    told = {finding["kind"]: finding for finding in result["findings"]}
    assert {kind: finding["grade"] for kind, finding in told.items()} == {
        "match to confirm": "B",
        "unconfirmed vendor link": "B",
    }
    assert "links accept link_" in told["match to confirm"]["way_out"]


def test_a_match_through_a_confirmed_vendor_is_certain():
    result = posted(books(approved("5000.00"), bill_line("9", "5000.00")))

    assert [f["grade"] for f in facts(result, measure="cost", state="counted")] == ["A"]


def test_one_number_of_two_vendors_that_may_be_one_firm_is_held():
    stranger = {"record_id": "quickbooks:Vendor:8", "system": "quickbooks", "name": "Pier Concrete", "active": True}
    ours = {"record_id": "procore:vendors:7", "system": "procore", "name": "ABC Pumping", "active": True}
    read = approved("5000.00", vendor_record_id="procore:vendors:7", invoice_number="1001")
    bill = bill_line("9", "6200.00", party_record_id="quickbooks:Vendor:8", document_number="1001")

    result = posted(books(read, bill) | {"vendors": [stranger, ours]})

    assert (cost(result), told(result)) == (money("6200.00"), [("suspected duplicate", "C")])


# -- numbers -----------------------------------------------------------------------------------------


def test_what_stands_between_digits_still_parts_them():
    result = posted(
        books(approved("5000.00", invoice_number="1-12"), bill_line("9", "9000.00", document_number="11-2"))
    )

    assert facts(result, rule="D2") == []
