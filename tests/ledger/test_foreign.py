"""A second currency is in no total, and is said with its amount."""

from __future__ import annotations

from tests.ledger.books_kit import AP, BANK, RENT, SUBCONTRACTS, amounts, entry, kinds, ledger, line
from tests.ledger.kit import JOB, PROJECT, money


def test_rent_in_another_currency_and_its_payment_are_said_once_each_with_their_amounts():
    rent = entry("Bill", 1, line(RENT, "900.00"), line(AP, "-900.00"), currency="CAD")
    paid = entry("BillPayment", 2, line(AP, "900.00"), line(BANK, "-900.00"), currency="CAD")

    result = ledger(rent, paid)

    assert amounts(result, "overhead") == amounts(result, "cash") == {}
    told = [(f["amount"], f["project"], f["grade"]) for f in result["findings"] if f["kind"] == "second currency"]
    assert told == [(money("900.00"), None, None), (money("-900.00"), None, None)]
    assert "900.00 CAD on Rent" in result["findings"][0]["sentence"]


def test_a_job_lacks_its_line_in_another_currency_and_its_header_says_nothing_more():
    bill = entry("Bill", 1, line(SUBCONTRACTS, "900.00", JOB), line(AP, "-900.00"), currency="CAD")

    [told] = ledger(bill)["findings"]

    assert (told["project"], told["amount"], told["grade"]) == (PROJECT, money("900.00"), "C")


def test_direct_cost_without_a_job_weighs_on_grades():
    bill = entry("Bill", 1, line(SUBCONTRACTS, "900.00"), line(AP, "-900.00"), currency="CAD")

    [told] = ledger(bill)["findings"]

    assert (told["project"], told["amount"], told["grade"]) == (None, money("900.00"), "C")


def test_what_posts_nothing_needs_no_word():
    ordered = entry("PurchaseOrder", 1, line(RENT, "900.00"), line(AP, "-900.00"), currency="CAD", posting=False)

    assert kinds(ledger(ordered)) == []
