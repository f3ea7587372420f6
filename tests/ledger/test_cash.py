"""What banks hold, what is owed on each job, and what was paid for it (section 21)."""

from __future__ import annotations

from datetime import date, timedelta

from datablueprint.settings import Policy
from tests.ledger.books_kit import (
    AP,
    AR,
    BANK,
    CARD,
    ESCROW,
    INCOME,
    OTHER_JOB,
    RENT,
    RETAINED,
    SUBCONTRACTS,
    UNDEPOSITED,
    WITHHELD,
    amounts,
    entry,
    kinds,
    ledger,
    line,
)
from tests.ledger.kit import DAY, JOB, PROJECT, WAGES, facts, money

INVOICE, BILL = "quickbooks:Invoice:7", "quickbooks:Bill:7"
OWNER = "quickbooks:Customer:1"
"""The owner, who is the parent of jobs and no job himself."""


def billed(job: str = JOB, native: int = 7) -> list[dict[str, object]]:
    return entry(
        "Invoice", native, line(INCOME, "-1000.00", job), line(RETAINED, "50.00", job), line(AR, "950.00", job)
    )


def test_every_bank_line_is_cash_and_restricted_cash_says_so():
    funded = entry("Transfer", 1, line(ESCROW, "40.00"), line(BANK, "-40.00"))

    result = ledger(funded, policy=Policy(restricted_cash_accounts=("Escrow Checking",)))

    assert amounts(result, "cash") == {None: money("0.00")}
    [restricted] = facts(result, measure="cash", component="restricted")
    assert (restricted["amount"], "restricted cash" in restricted["reason"]) == (money("40.00"), True)


def test_a_payment_by_the_owner_is_cash_of_the_job_whose_invoice_it_settles():
    paid = entry(
        "Payment", 8, line(AR, "-950.00", OWNER, linked_record_ids=[INVOICE]), line(UNDEPOSITED, "950.00", OWNER)
    )

    result = ledger(billed(), paid)

    assert amounts(result, "cash_in") == {"job": money("950.00")}
    assert amounts(result, "receivable") == {"job": money("0.00")}
    [settled] = facts(result, measure="cash_in")
    assert settled["subject"] == INVOICE


def test_what_a_payment_leaves_unapplied_is_on_no_job():
    paid = entry(
        "Payment",
        8,
        line(AR, "-950.00", JOB, linked_record_ids=[INVOICE]),
        line(AR, "-100.00", JOB, line_key="U"),
        line(BANK, "1050.00", JOB),
    )

    result = ledger(billed(), paid)

    assert amounts(result, "cash_in") == {"job": money("950.00"), None: money("100.00")}
    assert amounts(result, "receivable") == {"job": money("0.00"), None: money("-100.00")}
    assert kinds(result) == ["payment applied to nothing"]


def test_a_credit_memo_applied_in_a_payment_lowers_what_came_in():
    credit = entry("CreditMemo", 9, line(INCOME, "200.00", JOB), line(AR, "-200.00", JOB))
    paid = entry(
        "Payment",
        8,
        line(AR, "-950.00", JOB, linked_record_ids=[INVOICE]),
        line(AR, "200.00", JOB, linked_record_ids=["quickbooks:CreditMemo:9"]),
        line(BANK, "750.00", JOB),
    )

    result = ledger(billed(), credit, paid)

    assert amounts(result, "cash_in") == {"job": money("750.00")}
    assert amounts(result, "receivable") == {"job": money("0.00")}


def test_one_payment_may_settle_invoices_of_several_jobs():
    paid = entry(
        "Payment",
        9,
        line(AR, "-950.00", OWNER, linked_record_ids=[INVOICE]),
        line(AR, "-400.00", OWNER, linked_record_ids=["quickbooks:Invoice:8"]),
        line(BANK, "1350.00", OWNER),
    )

    result = ledger(billed(), billed(OTHER_JOB, 8), paid)

    assert amounts(result, "cash_in") == {"job": money("950.00"), "other": money("400.00")}


def bill(*lines: dict[str, object]) -> list[dict[str, object]]:
    total = sum((each["amount"] for each in lines), money("0"))
    return entry("Bill", 7, *lines, line(AP, str(-total)))


def pay(amount: str, *, account: str = BANK, on: date = DAY + timedelta(days=30)) -> list[dict[str, object]]:
    paid = line(AP, amount, linked_record_ids=[BILL])
    return entry("BillPayment", 8, paid, line(account, str(-money(amount))), on=on)


def test_a_bill_is_owed_on_its_job_net_of_retainage_until_it_is_paid():
    work = (line(SUBCONTRACTS, "1000.00", JOB), line(WITHHELD, "-100.00"))

    assert amounts(ledger(bill(*work)), "payable") == {"job": money("900.00")}
    result = ledger(bill(*work), pay("900.00"))
    assert amounts(result, "payable") == {"job": money("0.00")}
    assert amounts(result, "retainage_payable") == {"job": money("100.00")}
    assert amounts(result, "cash_out") == {"job": money("900.00")}
    [paid] = facts(result, measure="cash_out")
    assert (paid["accounting_on"], paid["subject"]) == (DAY + timedelta(days=30), BILL)


def test_a_part_payment_of_a_bill_of_several_jobs_is_spread_over_its_cost_lines():
    work = (
        line(SUBCONTRACTS, "100.00", JOB),
        line(SUBCONTRACTS, "200.00", OTHER_JOB),
        line(RENT, "33.33"),
        line(WITHHELD, "-30.00", JOB),
    )

    result = ledger(bill(*work), pay("100.00"))

    assert amounts(result, "cash_out") == {"job": money("30.00"), "other": money("60.00"), None: money("10.00")}
    pool = facts(result, measure="cash_out")
    assert len({f["pool"] for f in pool}) == 1
    assert {e["role"] for f in pool for e in f["evidence"]} == {"amount", "weight"}
    assert sum(amounts(result, "payable").values()) == money("203.33")


def test_a_vendor_credit_in_a_payment_takes_cash_off_its_job():
    credit = entry("VendorCredit", 9, line(SUBCONTRACTS, "-50.00", JOB), line(AP, "50.00"))
    paid = entry(
        "BillPayment",
        8,
        line(AP, "300.00", linked_record_ids=[BILL]),
        line(AP, "-50.00", linked_record_ids=["quickbooks:VendorCredit:9"]),
        line(BANK, "-250.00"),
    )

    result = ledger(bill(line(SUBCONTRACTS, "300.00", JOB)), credit, paid)

    assert amounts(result, "cash_out") == {"job": money("250.00")}
    assert amounts(result, "payable") == {"job": money("0.00")}


def test_checks_and_card_charges_are_cash_out_of_their_job_at_their_day():
    bought = [line(SUBCONTRACTS, "60.00", JOB), line(RENT, "40.00")]
    check = entry("Purchase", 1, *bought, line(BANK, "-100.00"))
    charge = entry("Purchase", 2, *bought, line(CARD, "-100.00"))

    result = ledger(check, charge)

    assert amounts(result, "cash_out") == {"job": money("120.00")}
    assert {f["reason"] for f in facts(result, measure="cash_out")} == {
        "paid by check or cash",
        "paid by card, at the day of the charge",
    }


def test_a_refund_put_in_the_bank_lowers_what_was_paid():
    refund = entry("Deposit", 1, line(SUBCONTRACTS, "-25.00", JOB), line(BANK, "25.00"))

    assert amounts(ledger(refund), "cash_out") == {"job": money("-25.00")}


def test_an_accrual_moves_no_cash_and_a_journal_with_a_bank_line_does():
    accrual = entry("JournalEntry", 1, line(SUBCONTRACTS, "90.00", JOB), line(AP, "-90.00"))
    paid = entry("JournalEntry", 2, line(AP, "90.00", JOB), line(BANK, "-90.00"))

    result = ledger(accrual, paid)

    assert amounts(result, "cash_out") == {"job": money("90.00")}
    assert amounts(result, "payable") == {"job": money("0.00")}


def test_payroll_is_cash_on_the_day_of_its_checks():
    run = {
        "record_id": "gusto:payrolls:1",
        "provider": "gusto",
        "period_start": date(2026, 3, 2),
        "period_end": date(2026, 3, 8),
        "check_on": date(2026, 3, 13),
        "processed": True,
    }
    employee = {"record_id": "gusto:employees:1", "system": "gusto", "name": "Ana Diaz", "active": True}
    pay_line = {
        "record_id": "gusto:payrolls:1",
        "line_key": "1",
        "run_record_id": "gusto:payrolls:1",
        "employee_record_id": "gusto:employees:1",
        "kind": "wages",
        "component": "Regular Hours",
        "hours": money("40.00"),
        "amount": money("1000.00"),
        "amount_at": "/0/amount",
        "project_reference": "24-017",
    }
    journal = entry("JournalEntry", 5, line(WAGES, "1000.00"), line(BANK, "-1000.00"), on=date(2026, 3, 13))

    result = ledger(journal, payroll_runs=[run], payroll_amounts=[pay_line], employees=[employee])

    [paid] = facts(result, measure="cash_out")
    [cost] = facts(result, measure="cost", state="counted")
    assert (paid["project"], paid["amount"], paid["accounting_on"]) == (PROJECT, money("1000.00"), date(2026, 3, 13))
    assert cost["accounting_on"] == date(2026, 3, 8)


def test_retainage_on_no_job_is_told():
    result = ledger(entry("Bill", 7, line(WITHHELD, "100.00"), line(AP, "-100.00")))

    assert amounts(result, "retainage_payable") == {None: money("-100.00")}
    assert kinds(result) == ["retainage without a job"]
