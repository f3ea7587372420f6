"""What the overhead pool holds, and what has a place of its own (rules D8 and D10, section 11)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from datablueprint.settings import BurdenRate, Policy
from tests.ledger.books_kit import (
    AP,
    BANK,
    INCOME_TAX,
    INTEREST,
    JOB_MATERIALS,
    MOVE,
    OTHER_INCOME,
    OTHER_JOB,
    POOL,
    PREMIUM,
    RENT,
    SUBCONTRACTS,
    amounts,
    entry,
    kinds,
    ledger,
    line,
)
from tests.ledger.kit import JOB, facts, money

RATE = BurdenRate(component="workers_comp", rate=Decimal("0.05"))
PREMIUMS = Policy(burden_accounts=("Workers Comp Premium",), burden_rates=(RATE,))


def test_rent_is_overhead_and_interest_and_income_tax_are_below_the_line():
    paid = [line(RENT, "100.00"), line(INTEREST, "20.00"), line(INCOME_TAX, "30.00"), line(BANK, "-150.00")]

    result = ledger(entry("Purchase", 1, *paid))

    assert amounts(result, "overhead") == {None: money("100.00")}
    assert amounts(result, "below_the_line") == {None: money("50.00")}
    assert {f["rule"] for f in facts(result, measure="below_the_line")} == {"not overhead"}


def test_an_account_the_tenant_calls_one_off_is_not_overhead():
    moved = entry("Purchase", 1, line(MOVE, "900.00"), line(BANK, "-900.00"))

    assert amounts(ledger(moved), "overhead") == {None: money("900.00")}
    told = ledger(moved, policy=Policy(overhead_excluded_accounts=("office relocation",)))
    assert amounts(told, "overhead") == {}
    assert amounts(told, "below_the_line") == {None: money("900.00")}


def test_interest_earned_lowers_what_is_below_the_line_and_is_no_billing():
    result = ledger(entry("Deposit", 1, line(OTHER_INCOME, "-15.00"), line(BANK, "15.00")))

    assert amounts(result, "below_the_line") == {None: money("-15.00")}
    assert amounts(result, "billing") == {}


def test_a_premium_without_a_job_is_neither_overhead_nor_cost():
    result = ledger(entry("Bill", 1, line(PREMIUM, "700.00"), line(AP, "-700.00")), policy=PREMIUMS)

    assert amounts(result, "burden_paid") == {None: money("700.00")}
    assert [f["rule"] for f in facts(result, measure="burden_paid")] == ["D8"]
    assert amounts(result, "overhead") == amounts(result, "cost") == {}


def test_a_premium_coded_to_a_job_that_bears_the_rate_counts_once():
    result = ledger(entry("Bill", 1, line(PREMIUM, "700.00", JOB), line(AP, "-700.00")), policy=PREMIUMS)

    assert amounts(result, "cost") == {}
    assert amounts(result, "cost", state="excluded") == {"job": money("700.00")}
    assert amounts(result, "burden_paid") == {None: money("700.00")}
    assert all(tie["holds"] for tie in result["tieouts"])
    [told] = [f for f in result["findings"] if f["kind"] == "premium invoice coded to a job"]
    assert told["amount"] == money("700.00")


@pytest.mark.parametrize(
    "rates",
    [(), (BurdenRate(component="workers_comp", rate=Decimal("0.05"), starts=date(2027, 1, 1)),)],
    ids=["no rate", "a later rate"],
)
def test_a_premium_on_a_job_that_no_rate_applies_is_job_cost(rates: tuple[BurdenRate, ...]):
    policy = Policy(burden_accounts=("Workers Comp Premium",), burden_rates=rates)

    result = ledger(entry("Bill", 1, line(PREMIUM, "700.00", JOB), line(AP, "-700.00")), policy=policy)

    assert amounts(result, "cost") == {"job": money("700.00")}


def test_an_internal_equipment_charge_is_job_cost_and_a_credit_to_the_pool():
    policy = Policy(equipment_accounts=("Equipment Pool Recovery",))
    charge = entry("JournalEntry", 1, line(JOB_MATERIALS, "300.00", JOB), line(POOL, "-300.00", JOB))
    repair = entry("Purchase", 2, line(POOL, "450.00"), line(BANK, "-450.00"))

    result = ledger(charge, repair, policy=policy)

    assert amounts(result, "cost") == {"job": money("300.00")}
    assert amounts(result, "equipment_pool") == {None: money("150.00")}
    assert amounts(result, "overhead") == {}
    [told] = result["findings"]
    assert (told["kind"], told["amount"]) == ("remainder of the equipment pool", money("150.00"))


def charge(native: int, amount: str, job: str = JOB, pool_job: str = JOB) -> list[dict[str, Any]]:
    credit = str(-money(amount))
    return entry("JournalEntry", native, line(JOB_MATERIALS, amount, job), line(POOL, credit, pool_job))


EQUIPMENT = Policy(equipment_accounts=("Equipment Pool Recovery",))


def test_an_equipment_charge_taken_back_leaves_nothing_on_the_job_or_in_the_pool():
    result = ledger(charge(1, "500.00"), charge(2, "-500.00"), policy=EQUIPMENT)

    assert amounts(result, "cost") == {"job": money("0.00")}
    assert amounts(result, "equipment_pool") == {None: money("0.00")}
    assert kinds(result) == []


def test_charges_of_several_jobs_may_credit_the_pool_under_one_of_them():
    lines = line(JOB_MATERIALS, "200.00", JOB), line(JOB_MATERIALS, "100.00", OTHER_JOB), line(POOL, "-300.00", JOB)

    result = ledger(entry("JournalEntry", 1, *lines), policy=EQUIPMENT)

    assert amounts(result, "cost") == {"job": money("200.00"), "other": money("100.00")}
    assert amounts(result, "equipment_pool") == {None: money("-300.00")}


def test_equipment_cost_moved_from_one_job_to_another_stays_job_cost():
    moved = entry("JournalEntry", 1, line(POOL, "80.00", JOB), line(POOL, "-80.00", OTHER_JOB))

    result = ledger(moved, policy=EQUIPMENT)

    assert amounts(result, "cost") == {"job": money("80.00"), "other": money("-80.00")}
    assert amounts(result, "equipment_pool") == {}


def booked(*lines: dict[str, Any], policy: Policy = PREMIUMS) -> dict[str, Any]:
    """A journal beside a premium of 700.00."""
    return ledger(
        entry("Bill", 1, line(PREMIUM, "700.00"), line(AP, "-700.00")),
        entry("JournalEntry", 2, *lines),
        policy=policy,
    )


def test_burden_that_the_books_put_on_a_job_counts_once_as_the_rate():
    result = booked(line(JOB_MATERIALS, "71.25", JOB), line(PREMIUM, "-71.25"))

    assert amounts(result, "cost") == {}
    assert amounts(result, "cost", state="excluded") == {"job": money("71.25")}
    assert amounts(result, "burden_paid") == {None: money("700.00")}
    assert amounts(result, "burden_paid", state="excluded") == {None: money("-71.25")}
    [told] = [f for f in result["findings"] if f["kind"] == "burden journalled to a job"]
    assert (told["amount"], told["grade"]) == (money("71.25"), None)
    assert all(tie["holds"] for tie in result["tieouts"])


def test_other_cost_in_a_burden_journal_stays_cost():
    moved = line(JOB_MATERIALS, "40.00", JOB), line(JOB_MATERIALS, "-40.00", OTHER_JOB)

    result = booked(line(SUBCONTRACTS, "71.25", JOB), *moved, line(PREMIUM, "-71.25"))

    assert amounts(result, "cost") == {"job": money("40.00"), "other": money("-40.00")}


def test_a_burden_journal_whose_sides_differ_costs_the_grade():
    result = booked(line(JOB_MATERIALS, "90.00", JOB), line(PREMIUM, "-71.25"), line(BANK, "-18.75"))

    assert amounts(result, "cost") == {}
    assert amounts(result, "burden_paid") == {None: money("700.00")}
    [told] = [f for f in result["findings"] if f["kind"] == "burden journalled to a job"]
    assert (told["amount"], told["grade"]) == (money("90.00"), "C")


def test_a_premium_refund_by_journal_lowers_what_was_paid():
    assert amounts(booked(line(BANK, "50.00"), line(PREMIUM, "-50.00")), "burden_paid") == {None: money("650.00")}


def test_without_a_rate_the_books_own_burden_is_the_only_one():
    policy = Policy(burden_accounts=("Workers Comp Premium",))

    result = booked(line(JOB_MATERIALS, "71.25", JOB), line(PREMIUM, "-71.25"), policy=policy)

    assert amounts(result, "cost") == {"job": money("71.25")}
    assert amounts(result, "burden_paid") == {None: money("628.75")}


def test_a_pool_nobody_named_is_overhead_as_before():
    result = ledger(entry("Purchase", 2, line(POOL, "450.00"), line(BANK, "-450.00")))

    assert amounts(result, "overhead") == {None: money("450.00")}
    assert kinds(result) == []
