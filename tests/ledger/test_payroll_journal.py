"""A journal is the mirror of a pay run whose amount it could be; any other payroll of the books is its own (D6)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from datablueprint.ledger.payroll import is_payroll
from tests.ledger.kit import BANK, JOB, WAGES, bill_line, cost, facts, money, posted
from tests.ledger.labor_kit import MONDAY, Row, entry, together, week

RUN = "1662.56"
CARDS = {"time_entries": [entry(n, MONDAY + timedelta(days=n), "9") for n in range(5)]}


def journal(value: str, day: date, job: str | None = JOB) -> dict[str, list[Row]]:
    more = {"entity": "JournalEntry", "account_record_id": WAGES, "transaction_on": day, "job_record_id": job}
    record = f"{day}/{value}"
    return {"accounting_lines": [bill_line(record, value, record_id=f"quickbooks:JournalEntry:{record}", **more)]}


def counted_journals(result: dict[str, list[Row]]) -> list[str]:
    mine = facts(result, measure="cost", state="counted", rule="D6")
    return [str(f["amount"]) for f in mine if f["evidence"][0]["record_id"].startswith("quickbooks:")]


def test_the_journal_of_the_week_before_the_register_is_no_mirror():
    result = posted(together(week(), CARDS, journal("1500.00", date(2026, 3, 6)), journal(RUN, date(2026, 3, 13))))

    assert counted_journals(result) == ["1500.00"]
    assert cost(result) == money(RUN) + money("1500.00")
    assert [(t["period"], t["holds"]) for t in result["tieouts"] if t["tieout"] == "T2"] == [("2026-03-13", True)]


def test_the_journal_of_the_week_after_the_register_is_no_mirror():
    result = posted(together(week(), CARDS, journal(RUN, date(2026, 3, 13)), journal("1500.00", date(2026, 3, 20))))

    assert counted_journals(result) == ["1500.00"]


def test_a_late_journal_of_the_only_run_is_its_mirror():
    result = posted(together(week(), CARDS, journal(RUN, date(2026, 3, 20))))

    assert counted_journals(result) == []


def test_a_late_journal_mirrors_its_own_run_and_not_the_next_one():
    later = {"time_entries": [entry(20, MONDAY + timedelta(days=7), "45")]}
    late, own = journal(RUN, date(2026, 3, 17)), journal("1662.00", date(2026, 3, 20))

    result = posted(together(week(), week(1), CARDS, later, late, own))

    assert counted_journals(result) == []
    assert {t["period"]: t["right_amount"] for t in result["tieouts"] if t["tieout"] == "T2"} == {
        "2026-03-13": money(RUN),
        "2026-03-20": money("1662.00"),
    }


def test_a_journal_booked_twice_inside_the_register_is_not_counted_but_said():
    result = posted(together(week(), CARDS, journal(RUN, date(2026, 3, 13)), journal(RUN, date(2026, 3, 14))))

    assert counted_journals(result) == []
    assert "payroll register and journal differ" in {f["kind"] for f in result["findings"]}


def test_wages_and_taxes_in_two_journals_mirror_one_run():
    result = posted(
        together(week(), CARDS, journal("1425.00", date(2026, 3, 13)), journal("237.56", date(2026, 3, 16)))
    )

    assert counted_journals(result) == []
    assert [t["holds"] for t in result["tieouts"] if t["tieout"] == "T2"] == [True]


def test_a_journal_on_the_day_of_a_run_paid_before_its_period_ends_is_its_mirror():
    run = week()
    run["payroll_runs"][0]["check_on"] = date(2026, 3, 6)

    assert counted_journals(posted(together(run, CARDS, journal(RUN, date(2026, 3, 5))))) == []


@pytest.mark.parametrize(
    ("name", "payroll"),
    [
        ("Payroll Service Fees", False),
        ("Payroll Service", False),
        ("Payroll Processing", False),
        ("Payroll Software", False),
        ("Payroll Expenses:Provider Fees", False),
        ("Payroll Wages", True),
        ("Payroll - Service Wages", True),
        ("Service Department Payroll", True),
        ("Payroll Taxes", True),
    ],
)
def test_what_a_payroll_provider_charges_is_no_payroll(name: str, payroll: bool):
    account = {"name": name.split(":")[-1], "full_name": name, "account_sub_type": "PayrollExpenses"}

    assert is_payroll(account, "JournalEntry", ()) is payroll
    assert is_payroll(account, "Bill", ()) is payroll


def test_an_account_the_tenant_names_is_payroll_whatever_its_name():
    account = {"name": "Payroll Service Fees", "full_name": "Payroll Service Fees", "account_sub_type": None}

    assert is_payroll(account, "Bill", ("Payroll Service Fees",))


def test_fees_of_the_payroll_service_are_overhead():
    fees = {
        "record_id": "quickbooks:Account:70",
        "name": "Payroll Service Fees",
        "full_name": "Payroll Service Fees",
        "classification": "Expense",
        "account_type": "Expense",
        "active": True,
    }
    charge = bill_line("1", "150.00", account_record_id="quickbooks:Account:70", job_record_id=None)
    paid = bill_line("1", "-150.00", account_record_id=BANK, job_record_id=None, line_key="H", amount_at="/TotalAmt")

    result = posted(together(week(), CARDS, {"accounts": [fees], "accounting_lines": [charge, paid]}))

    assert [f["amount"] for f in facts(result, measure="overhead", state="counted")] == [money("150.00")]
