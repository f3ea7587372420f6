"""Charges between companies of one tenant count on the job and are told apart for the group (rule D13)."""

from __future__ import annotations

from datablueprint.settings import Policy
from tests.ledger.books_kit import AP, AR, INCOME, RENT, SUBCONTRACTS, amounts, entry, kinds, ledger, line
from tests.ledger.kit import JOB, facts, invoice, invoice_line, money

GROUP = Policy(intercompany_parties=("Volt Electric",))


def test_a_bill_of_a_sister_company_is_cost_of_the_job_with_a_memo_for_the_group():
    lines = line(SUBCONTRACTS, "100.00", JOB), line(RENT, "40.00"), line(AP, "-140.00")
    charged = entry("Bill", 1, *lines, party_name="Volt Electric")

    result = ledger(charged, policy=GROUP)

    assert amounts(result, "cost") == {"job": money("100.00")}
    assert amounts(result, "overhead") == {None: money("40.00")}
    memos = {f["component"]: f["amount"] for f in facts(result, measure="intercompany", rule="D13")}
    assert memos == {"cost": money("100.00"), "overhead": money("40.00")}
    assert kinds(result) == ["intercompany cost", "intercompany overhead"]


def test_work_for_a_sister_company_is_billing_of_the_job_with_a_memo_for_the_group():
    policy = Policy(intercompany_parties=("harbor clinic",))

    result = ledger(entry("Invoice", 1, line(INCOME, "-70.00", JOB), line(AR, "70.00", JOB)), policy=policy)

    assert amounts(result, "billing") == {"job": money("70.00")}
    assert [(f["component"], f["amount"]) for f in facts(result, measure="intercompany")] == [
        ("billing", money("70.00"))
    ]


def test_an_invoice_held_as_entered_twice_has_no_memo():
    policy = Policy(intercompany_parties=("harbor clinic",))
    twice = [
        entry("Invoice", n, line(INCOME, "-70.00", JOB), line(AR, "70.00", JOB), document_number="9") for n in (1, 2)
    ]

    result = ledger(*twice, policy=policy)

    assert amounts(result, "billing") == amounts(result, "intercompany") == {"job": money("70.00")}


def test_a_sister_companys_invoice_that_is_not_posted_yet_has_a_memo_too():
    invoiced = {
        "subcontract_invoices": [invoice("1", "100.00")],
        "subcontract_invoice_lines": [invoice_line("1", "1", "26-000", "100.00")],
    }

    result = ledger(policy=GROUP, **invoiced)

    assert amounts(result, "cost") == amounts(result, "intercompany") == {"job": money("100.00")}
    [told] = [f for f in result["findings"] if f["kind"] == "intercompany cost"]
    assert told["record_ids"] == ["procore:requisitions:1"]


def test_without_named_parties_there_are_no_memos():
    result = ledger(entry("Bill", 1, line(SUBCONTRACTS, "100.00", JOB), line(AP, "-100.00")))

    assert facts(result, measure="intercompany") == []
