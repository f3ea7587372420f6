"""Burden is checked against the law, followed to the jobs, and cleared; the journal ties out per payday."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from datablueprint import graph, tables
from datablueprint.ledger.book import Book
from datablueprint.ledger.payroll import Payroll
from datablueprint.settings import Policy
from tests.ledger.kit import WAGES, base, bill_line, facts, money, posted
from tests.ledger.labor_kit import MONDAY, WEEK, Row, entry, rate, rated, together, week

TIME = {"time_entries": [entry(1, MONDAY, "45")]}
PAYDAY = MONDAY + timedelta(days=11)
INSURANCE = "quickbooks:Account:97"


def findings(result: dict[str, list[Row]], kind: str) -> list[Row]:
    return [f for f in result["findings"] if f["kind"] == kind]


def at_new_year(read: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The same register, of the first week of the year."""
    moved = {"period_start": date(2026, 1, 1), "period_end": date(2026, 1, 4), "check_on": date(2026, 1, 9)}
    return {**read, "payroll_runs": [run | moved for run in read["payroll_runs"]]}


def instead(**amounts: str) -> list[tuple[Any, ...]]:
    """The week's lines with other amounts of burden."""
    return [(n, k, amounts.get(b or "", a), at, h, b) for n, k, a, at, h, b in WEEK]


def premium(value: str, day: date = MONDAY) -> dict[str, list[Row]]:
    account = {
        "record_id": INSURANCE,
        "name": "Workers Comp Insurance",
        "full_name": "Workers Comp Insurance",
        "classification": "Expense",
        "account_type": "Expense",
        "active": True,
    }
    line = bill_line("900", value, account_record_id=INSURANCE, job_record_id=None, transaction_on=day)
    return {"accounts": [account], "accounting_lines": [line]}


PREMIUMS = {"burden_accounts": ("Workers Comp Insurance",)}


def test_taxes_at_the_statutory_rates_are_no_finding():
    assert findings(posted(at_new_year(together(week()))), "employer tax differs from the statutory rate") == []


def test_a_tax_beyond_the_statutory_rate_is_said_without_naming_anyone():
    result = posted(at_new_year(together(week(lines=instead(social_security="98.35")))))

    [said] = findings(result, "employer tax differs from the statutory rate")
    assert (said["level"], said["amount"], said["grade"]) == ("info", money("10.00"), None)
    assert "social security of 2026 is 98.35 in the register and 88.35 by law, for 1 employee(s)" in said["sentence"]
    assert "Diaz" not in said["sentence"]


def test_capped_taxes_are_not_judged_in_a_year_whose_start_the_register_does_not_hold():
    result = posted(together(week(lines=instead(futa="0.00", medicare="30.66"))))

    assert ["medicare" in f["sentence"] for f in findings(result, "employer tax differs from the statutory rate")] == [
        True
    ]


def test_the_cap_runs_through_the_pay_runs_of_a_year():
    rich = [
        ("Salary", "wages", "184000.00", "/fixed_compensations/0/amount", None, None),
        *instead(social_security="11408.00", medicare="2668.00", futa="42.00")[2:],
    ]
    poor = [
        ("Salary", "wages", "1000.00", "/fixed_compensations/0/amount", None, None),
        *instead(social_security="31.00", medicare="14.50", futa="0.00")[2:],
    ]
    read = together(week(0, rich), week(1, poor))
    read["payroll_runs"][0] |= {"check_on": date(2026, 1, 9)}

    assert findings(posted(read), "employer tax differs from the statutory rate") == []


def test_a_register_without_employer_taxes_is_estimated_and_not_counted():
    read = together(week(lines=WEEK[:2]), TIME)

    result = posted(read)

    [said] = findings(result, "register without employer taxes")
    assert (said["amount"], said["grade"]) == (money("117.56"), "B")
    assert sum(f["amount"] for f in facts(result, measure="cost", state="counted")) == money("1425.00")


def test_burden_of_hours_on_no_job_is_a_leak_by_component():
    result = posted(together(week(), {"time_entries": [entry(1, MONDAY, "36")]}))

    [leak] = findings(result, "burden that never reaches a job")
    assert (leak["amount"], leak["level"]) == (money("47.51"), "info")
    assert "health 24.00, social_security 17.67, medicare 4.13, futa 1.71" in leak["sentence"]


def test_all_burden_on_jobs_is_no_leak():
    assert findings(posted(together(week(), TIME)), "burden that never reaches a job") == []


def test_burden_of_the_office_is_overhead_and_no_leak():
    result = posted(together(week()))

    assert findings(result, "burden that never reaches a job") == []
    assert {f["measure"] for f in facts(result, rule="D6", component="burden")} == {"overhead"}


def test_a_premium_that_no_rate_brings_to_jobs_is_named():
    policy = rated(rate("workers_comp", "0.05", codes=("06",)), **PREMIUMS)

    result = posted(together(week(), TIME, premium("80.00")), policy=policy)

    [leak] = findings(result, "burden that never reaches a job")
    assert (leak["amount"], leak["level"]) == (money("80.00"), "warning")
    assert "nothing of workers_comp reaches a job" in leak["sentence"]


def test_the_clearing_balance_is_what_was_paid_less_what_was_applied():
    policy = rated(rate("workers_comp", "0.05"), **PREMIUMS)

    result = posted(together(week(), TIME, premium("80.00")), policy=policy)

    [balance] = findings(result, "burden clearing balance")
    assert (balance["amount"], balance["record_ids"]) == (money("8.75"), ["quickbooks:Bill:900"])
    assert "80.00 of premiums paid, 71.25 applied to jobs; 8.75 not applied goes to overhead" in balance["sentence"]


def payroll(journal: list[Row], as_of: date | None = None, *runs: dict[str, list[Row]]) -> Payroll:
    read = base() | together(*(runs or (week(),)))
    conformed = {t.name: tables.build(t.name, read.get(t.name, ())) for t in tables.CONFORMED}
    book = Book.open(conformed, graph.link(conformed, {}), Policy(), currency="USD")
    return Payroll(book, journal, as_of=as_of)


def journal(value: str, day: date = PAYDAY) -> Row:
    return bill_line(
        "700", value, entity="JournalEntry", account_record_id=WAGES, transaction_on=day, job_record_id=None
    )


def test_register_and_journal_of_a_payday_are_a_tie_out():
    [row] = payroll([journal("1662.56")]).tieouts()

    assert (row["tieout"], row["scope"], row["period"]) == ("T2", "", "2026-03-13")
    assert (row["left_amount"], row["right_amount"], row["difference"]) == (money("1662.56"), money("1662.56"), 0)
    assert row["holds"]
    assert row["record_ids"] == ["gusto:payrolls:p-0", "quickbooks:Bill:700"]


def test_a_tie_out_that_fails_shows_both_and_the_difference():
    [row] = payroll([journal("1700.00")]).tieouts()

    assert (row["holds"], row["difference"], row["tolerance"]) == (False, money("-37.44"), money("1.66"))


def test_a_journal_some_days_late_belongs_to_the_payday_next_to_it():
    rows = list(payroll([journal("1662.56", PAYDAY + timedelta(days=3))]).tieouts())

    assert [(r["period"], r["holds"]) for r in rows] == [("2026-03-13", True)]


def test_a_journal_that_may_still_come_is_not_missed_and_one_that_should_have_come_is():
    runs = week(0), week(1)

    soon = list(payroll([journal("1662.56")], PAYDAY + timedelta(days=9), *runs).tieouts())
    late = list(payroll([journal("1662.56")], PAYDAY + timedelta(days=30), *runs).tieouts())

    assert [r["holds"] for r in soon] == [True]
    assert [(r["period"], r["holds"], r["right_amount"]) for r in late] == [
        ("2026-03-13", True, money("1662.56")),
        ("2026-03-20", False, 0),
    ]
