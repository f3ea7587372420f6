"""What the overhead pool holds, and what has a place of its own (rules D8 and D10, section 11)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

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
    POOL,
    PREMIUM,
    RENT,
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
    [told] = result["findings"]
    assert (told["kind"], told["amount"]) == ("premium invoice coded to a job", money("700.00"))


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


def test_a_pool_nobody_named_is_overhead_as_before():
    result = ledger(entry("Purchase", 2, line(POOL, "450.00"), line(BANK, "-450.00")))

    assert amounts(result, "overhead") == {None: money("450.00")}
    assert kinds(result) == []
