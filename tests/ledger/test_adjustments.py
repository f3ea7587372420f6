"""Journals that restate income or spread overhead count as neither, and accruals must be taken back (rule D9)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from datablueprint.settings import Policy
from tests.ledger.books_kit import (
    ACCRUED,
    ALLOCATED,
    AP,
    APPLIED,
    AR,
    BANK,
    CHART,
    EQUITY,
    INCOME,
    LOSSES,
    MOVE,
    OTHER_JOB,
    OVERBILLED,
    RENT,
    SUBCONTRACTS,
    UNDERBILLED,
    account,
    amounts,
    entry,
    kinds,
    ledger,
    line,
)
from tests.ledger.kit import DAY, JOB, facts, money

SPREAD = Policy(allocation_accounts=("Overhead Allocated", "Overhead Applied"))


def components(result: Any) -> dict[str, Any]:
    return {f["component"]: f["amount"] for f in facts(result, measure="wip_adjustment", state="counted")}


def test_a_wip_journal_is_neither_cost_nor_billing_on_either_side():
    result = ledger(
        entry("JournalEntry", 1, line(UNDERBILLED, "500.00"), line(INCOME, "-500.00", JOB)),
        entry("JournalEntry", 2, line(INCOME, "80.00", JOB), line(OVERBILLED, "-80.00")),
    )

    assert amounts(result, "billing") == {}
    by_component = [(f["component"], f["amount"]) for f in facts(result, measure="wip_adjustment")]
    assert sorted(by_component) == [
        ("overbilled", money("-80.00")),
        ("revenue", money("-500.00")),
        ("revenue", money("80.00")),
        ("underbilled", money("500.00")),
    ]
    assert {f["rule"] for f in facts(result, measure="wip_adjustment")} == {"D9"}


def test_the_tenants_own_names_replace_recognition_by_name():
    policy = Policy(wip_accounts=("Accrued Expenses",))
    result = ledger(entry("JournalEntry", 1, line(ACCRUED, "-9.00"), line(UNDERBILLED, "9.00")), policy=policy)

    assert components(result) == {"overbilled": money("-9.00")}


def test_a_booked_loss_provision_is_compared_and_never_cost():
    result = ledger(entry("JournalEntry", 1, line(SUBCONTRACTS, "60.00", JOB), line(LOSSES, "-60.00")))

    assert amounts(result, "cost") == {}
    assert components(result) == {"cost": money("60.00"), "loss_provision": money("-60.00")}


def test_other_lines_of_a_mixed_journal_stay_what_they_are():
    mixed = [line(UNDERBILLED, "500.00"), line(INCOME, "-500.00", JOB), line(RENT, "50.00"), line(BANK, "-50.00")]

    result = ledger(entry("JournalEntry", 1, *mixed))

    assert amounts(result, "overhead") == {None: money("50.00")}
    assert amounts(result, "cash") == {None: money("-50.00")}
    assert components(result) == {"underbilled": money("500.00"), "revenue": money("-500.00")}


def test_an_opening_balance_moves_no_income():
    opening = [line(UNDERBILLED, "500.00"), line(BANK, "70.00"), line(EQUITY, "-570.00")]

    assert components(ledger(entry("JournalEntry", 1, *opening))) == {"underbilled": money("500.00")}


def test_an_overhead_journal_is_in_neither_cost_nor_overhead_and_is_reported_per_job():
    result = ledger(
        entry("JournalEntry", 1, line(ALLOCATED, "250.00", JOB), line(APPLIED, "-250.00")),
        entry("Bill", 2, line(RENT, "900.00"), line(AP, "-900.00")),
        policy=SPREAD,
    )

    assert amounts(result, "cost") == {}
    assert amounts(result, "overhead") == {None: money("900.00")}
    assert amounts(result, "allocation_journal") == {"job": money("250.00"), None: money("-250.00")}
    [told] = result["findings"]
    assert (told["kind"], told["amount"]) == ("overhead journalled to a job", money("250.00"))


def test_an_overhead_journal_that_credits_rent_does_not_empty_the_pool():
    policy = Policy(allocation_accounts=("Overhead Allocated",))
    result = ledger(
        entry("JournalEntry", 1, line(ALLOCATED, "250.00", JOB), line(RENT, "-250.00")),
        entry("Bill", 2, line(RENT, "900.00"), line(AP, "-900.00")),
        policy=policy,
    )

    assert amounts(result, "overhead") == {None: money("900.00")}


def test_another_line_in_an_overhead_journal_does_not_hide_its_credit():
    policy = Policy(allocation_accounts=("Overhead Allocated",))
    charged = line(ALLOCATED, "600.00", JOB), line(ALLOCATED, "400.00", OTHER_JOB), line(RENT, "-1000.00")

    result = ledger(
        entry("JournalEntry", 1, *charged, line(MOVE, "20.00"), line(BANK, "-20.00")),
        entry("Bill", 2, line(RENT, "2000.00"), line(AP, "-2000.00")),
        policy=policy,
    )

    assert amounts(result, "overhead") == {None: money("2020.00")}
    assert amounts(result, "allocation_journal") == {
        "job": money("600.00"),
        "other": money("400.00"),
        None: money("-1000.00"),
    }


def test_an_overhead_journal_whose_credit_is_another_amount_costs_the_grade():
    policy = Policy(allocation_accounts=("Overhead Allocated",))
    charged = line(ALLOCATED, "1000.00", JOB), line(RENT, "-900.00"), line(ACCRUED, "-100.00")

    result = ledger(entry("JournalEntry", 1, *charged), policy=policy)

    [told] = [f for f in result["findings"] if f["kind"] == "overhead journal does not pair"]
    assert (told["amount"], told["grade"], told["project"]) == (money("900.00"), "C", None)


NAMES = ["Contract Assets", "Contract asset", "Unbilled Revenue", "Unbilled receivables"]


@pytest.mark.parametrize("name", NAMES)
def test_an_asset_of_revenue_recognition_is_no_billing(name: str):
    asset = account(60, name, "Asset", "Other Current Asset")
    journal = entry("JournalEntry", 1, line(asset["record_id"], "500.00", JOB), line(INCOME, "-500.00", JOB))

    result = ledger(journal, accounts=[*CHART, asset])

    assert amounts(result, "billing") == {}
    assert components(result) == {"underbilled": money("500.00"), "revenue": money("-500.00")}


@pytest.mark.parametrize("name", ["Contract Liabilities", "Deferred Revenue", "Unearned contract revenue"])
def test_a_contract_liability_is_billed_by_invoice_and_released_by_journal(name: str):
    liability = account(61, name, "Liability", "Other Current Liability")["record_id"]
    chart = [*CHART, account(61, name, "Liability", "Other Current Liability")]

    result = ledger(
        entry("Invoice", 1, line(liability, "-500.00", JOB), line(AR, "500.00", JOB)),
        entry("JournalEntry", 2, line(liability, "300.00", JOB), line(INCOME, "-300.00", JOB)),
        accounts=chart,
    )

    assert amounts(result, "billing") == {"job": money("500.00")}
    assert components(result) == {"overbilled": money("300.00"), "revenue": money("-300.00")}
    assert all(tie["holds"] for tie in result["tieouts"])


def test_retainage_held_as_a_contract_asset_is_still_owed_by_the_owner():
    asset = account(60, "Contract Assets - Retainage", "Asset", "Other Current Asset")
    invoice = entry(
        "Invoice", 1, line(INCOME, "-100.00", JOB), line(asset["record_id"], "10.00", JOB), line(AR, "90.00", JOB)
    )

    result = ledger(invoice, accounts=[*CHART, asset])

    assert amounts(result, "retainage_receivable") == {"job": money("10.00")}


def test_an_overhead_accrual_nobody_took_back_is_flagged_with_its_amount():
    result = ledger(
        entry("JournalEntry", 1, line(RENT, "900.00"), line(ACCRUED, "-900.00"), memo="Accrue March rent"),
        entry("Bill", 2, line(RENT, "900.00"), line(AP, "-900.00"), on=DAY + timedelta(days=46)),
    )

    assert amounts(result, "overhead") == {None: money("1800.00")}
    [told] = result["findings"]
    assert (told["kind"], told["amount"], told["project"]) == ("accrual not reversed", money("900.00"), None)


def accrual(native: int, amount: str, on: date, **header: Any) -> Any:
    credit = str(-money(amount))
    return entry("JournalEntry", native, line(SUBCONTRACTS, amount, JOB), line(ACCRUED, credit), on=on, **header)


LATER = DAY + timedelta(days=60)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"memo": "Accrue crane"}, {"memo": "Accrue crane"}),
        ({"memo": "Accrue crane", "document_number": "ACC9"}, {"document_number": "ACC9R"}),
        ({"document_number": "ACCRUAL 3"}, {"memo": "Reversing entry"}),
        ({"memo": "Crane", "note": "Accrue crane"}, {"memo": "Crane back", "note": "Reverse: Accrue crane"}),
    ],
    ids=["same memo", "number with an R", "says reversing", "says so in the note of the journal"],
)
def test_an_accrual_that_was_taken_back_nets_to_nothing(first: dict[str, str], second: dict[str, str]):
    result = ledger(accrual(1, "100.00", DAY, **first), accrual(2, "-100.00", LATER, **second))

    assert amounts(result, "cost") == {"job": money("0.00")}
    assert kinds(result) == []


@pytest.mark.parametrize("text", ["memo", "note", "document_number"])
def test_an_accrual_nobody_took_back_in_45_days_is_flagged_and_counts(text: str):
    result = ledger(
        accrual(1, "100.00", DAY, **{text: "Accrual of crane"}),
        entry("Bill", 2, line(RENT, "1.00"), line(AP, "-1.00"), on=DAY + timedelta(days=46)),
    )

    assert amounts(result, "cost") == {"job": money("100.00")}
    [told] = result["findings"]
    assert (told["kind"], told["amount"], told["grade"]) == ("accrual not reversed", money("100.00"), "C")


def test_an_accrual_of_this_month_is_not_late_yet():
    result = ledger(
        accrual(1, "100.00", DAY, memo="Accrual of crane"),
        entry("Bill", 2, line(RENT, "1.00"), line(AP, "-1.00"), on=DAY + timedelta(days=45)),
    )

    assert kinds(result) == []


def test_one_reversal_ends_one_accrual():
    result = ledger(
        accrual(1, "100.00", DAY, memo="Accrue crane"),
        accrual(2, "100.00", DAY + timedelta(days=1), memo="Accrue crane"),
        accrual(3, "-100.00", LATER, memo="Accrue crane"),
    )

    assert kinds(result) == ["accrual not reversed"]
