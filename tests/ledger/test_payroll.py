"""Labor comes from the register once, on the jobs the time records name (rules D6 and D7)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from datablueprint.ledger.book import spread
from tests.ledger.kit import JOB, PROJECT, WAGES, bill_line, cost, facts, money, posted

PERSON, EMPLOYEE, RUN = "procore:people:501", "gusto:employees:e-1", "gusto:payrolls:p-1"
STUB = "gusto:employee_compensations:p-1/e-1"


def register(**extra: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """One employee, one week: 40 regular hours and 5 of overtime, taxes and a benefit."""

    def amount(key: str, kind: str, value: str, at: str, hours: str | None = None) -> dict[str, Any]:
        return {
            "record_id": STUB,
            "line_key": key,
            "run_record_id": RUN,
            "employee_record_id": EMPLOYEE,
            "kind": kind,
            "component": key,
            "hours": Decimal(hours) if hours else None,
            "amount": money(value),
            "amount_at": at,
        }

    read = {
        "employees": [
            {"record_id": PERSON, "system": "procore", "name": "R. Diaz", "employee_number": "17", "active": True},
            {"record_id": EMPLOYEE, "system": "gusto", "name": "Rosa Diaz", "employee_number": "17", "active": True},
        ],
        "payroll_runs": [
            {
                "record_id": RUN,
                "provider": "gusto",
                "period_start": date(2026, 3, 2),
                "period_end": date(2026, 3, 8),
                "check_on": date(2026, 3, 13),
                "processed": True,
            }
        ],
        "payroll_amounts": [
            amount("Regular Hours", "wages", "1200.00", "/hourly_compensations/0/amount", "40"),
            amount("Overtime", "wages", "225.00", "/hourly_compensations/1/amount", "5"),
            amount("Social Security", "employer_tax", "88.35", "/taxes/0/amount"),
            amount("Health", "employer_benefit", "120.00", "/benefits/0/company_contribution"),
        ],
    }
    return {name: read.get(name, []) + extra.get(name, []) for name in {*read, *extra}}


def entry(number: int, day: int, hours: str, code: str = "03-300", project: str = PROJECT) -> dict[str, Any]:
    return {
        "record_id": f"procore:timecard_entries:{number}",
        "project_record_id": project,
        "person_record_id": PERSON,
        "person_name": "R. Diaz",
        "worked_on": date(2026, 3, day),
        "hours": Decimal(hours),
        "hours_at": "/hours",
        "cost_code": code,
        "cost_type": "L",
        "time_type": "regular",
        "status": "approved",
    }


def test_a_pay_run_is_spread_over_its_timecards_by_hours_to_the_cent():
    result = posted(register(time_entries=[entry(1, 3, "20"), entry(2, 4, "25", "06-100")]))

    by_code = {}
    for fact in facts(result, measure="cost", state="counted"):
        by_code[fact["cost_code"]] = by_code.get(fact["cost_code"], Decimal(0)) + fact["amount"]
    assert sum(by_code.values()) == money("1633.35")
    assert by_code["03-300"] == money("633.33") + money("92.60")


def test_hours_that_no_timecard_names_stay_on_no_job():
    result = posted(register(time_entries=[entry(1, 3, "36")]))

    unassigned = facts(result, measure="cost", state="counted", project=None)
    assert sum(f["amount"] for f in unassigned) == money("326.67")
    assert cost(result) == money("1306.68")


def test_the_payroll_journal_is_a_mirror_of_the_register():
    journal = bill_line(
        "700", "1633.35", entity="JournalEntry", account_record_id=WAGES, transaction_on=date(2026, 3, 13)
    )

    result = posted(register(time_entries=[entry(1, 3, "45")], accounting_lines=[journal]))

    assert cost(result) == money("1633.35")
    assert [f["reason"] for f in facts(result, rule="D6", state="excluded")] == ["mirror of the payroll register"]


def test_a_journal_that_differs_from_its_register_is_reported_and_not_added():
    journal = bill_line(
        "700", "1700.00", entity="JournalEntry", account_record_id=WAGES, transaction_on=date(2026, 3, 13)
    )

    result = posted(register(time_entries=[entry(1, 3, "45")], accounting_lines=[journal]))

    assert cost(result) == money("1633.35")
    assert [f["kind"] for f in result["findings"]] == ["payroll register and journal differ"]


def test_without_a_register_a_job_coded_journal_is_the_cost_with_grade_b():
    journal = bill_line("700", "900.00", entity="JournalEntry", account_record_id=WAGES, job_record_id=JOB)

    result = posted({"accounting_lines": [journal]})

    assert [(f["amount"], f["grade"]) for f in facts(result, measure="cost", state="counted")] == [
        (money("900.00"), "B")
    ]


def test_time_not_yet_paid_accrues_at_the_newest_burdened_rate():
    result = posted(register(time_entries=[entry(1, 3, "45"), entry(2, 10, "8")]))

    [accrual] = facts(result, measure="cost", rule="D7", state="counted")
    assert accrual["amount"] == (Decimal(8) * Decimal("1633.35") / 45).quantize(Decimal("0.01"))
    assert accrual["basis"] == "unprocessed_time"


def test_paying_a_day_removes_its_accrual():
    unpaid = posted(register(time_entries=[entry(1, 3, "45"), entry(2, 10, "8")]))
    run_2 = {**register()["payroll_runs"][0], "record_id": "gusto:payrolls:p-2"}
    run_2 |= {"period_start": date(2026, 3, 9), "period_end": date(2026, 3, 15), "check_on": date(2026, 3, 20)}
    stub = {**register()["payroll_amounts"][0], "record_id": "gusto:employee_compensations:p-2/e-1"}
    stub |= {"run_record_id": run_2["record_id"], "hours": Decimal(8), "amount": money("290.37")}

    paid = posted(
        register(time_entries=[entry(1, 3, "45"), entry(2, 10, "8")], payroll_runs=[run_2], payroll_amounts=[stub])
    )

    assert cost(unpaid) == cost(paid)
    assert facts(paid, measure="cost", rule="D7") == []


def test_hours_of_a_person_whom_no_pay_run_knows_are_held_and_reported():
    result = posted({"time_entries": [entry(1, 3, "8")]})

    assert [(f["state"], f["amount"]) for f in facts(result, rule="D7")] == [("held", None)]
    assert [f["kind"] for f in result["findings"]] == ["hours without a rate"]


def test_a_bonus_run_covers_no_hours_and_hides_no_accrual():
    bonus = {**register()["payroll_runs"][0], "record_id": "gusto:payrolls:p-2"}
    bonus |= {"period_start": date(2026, 3, 9), "period_end": date(2026, 3, 15), "check_on": date(2026, 3, 12)}
    stub = {**register()["payroll_amounts"][0], "record_id": "gusto:employee_compensations:p-2/e-1"}
    stub |= {"run_record_id": bonus["record_id"], "hours": None, "amount": money("500.00"), "component": "Bonus"}

    result = posted(
        register(time_entries=[entry(1, 3, "45"), entry(2, 10, "8")], payroll_runs=[bonus], payroll_amounts=[stub])
    )

    assert [f["hours"] for f in facts(result, measure="cost", rule="D7", state="counted")] == [Decimal(8)]
    assert sum(f["hours"] or 0 for f in facts(result, measure="cost", rule="D6", state="counted")) == 45
    assert cost(result) == money("1633.35") + money("500.00") + money("290.37")


def test_a_negative_hours_correction_is_spread_and_stops_nothing():
    result = posted(register(time_entries=[entry(1, 3, "50"), entry(2, 4, "-5", "06-100")]))

    assert cost(result) == money("1633.35")


def test_rejected_time_is_not_accrued():
    result = posted(register(time_entries=[entry(1, 3, "45"), entry(2, 10, "8") | {"status": "rejected"}]))

    assert [f["state"] for f in facts(result, measure="cost", rule="D7")] == ["excluded"]


def test_payroll_that_no_register_and_no_job_bears_is_said():
    journal = bill_line("700", "900.00", entity="JournalEntry", account_record_id=WAGES, job_record_id=None)

    result = posted({"accounting_lines": [journal]})

    assert [(f["kind"], f["grade"]) for f in result["findings"]] == [("payroll without register", "C")]


cents = st.integers(-10_000_000, 10_000_000).map(lambda n: Decimal(n).scaleb(-2))
weights = st.lists(st.integers(-400, 4000).map(lambda n: Decimal(n) / 4), min_size=1, max_size=12).filter(sum)


@given(cents, weights)
def test_shares_always_foot_and_none_is_a_cent_off_its_ratio(total: Decimal, ratio: list[Decimal]):
    shares = spread(total, ratio)

    assert sum(shares, Decimal(0)) == total
    for share, weight in zip(shares, ratio, strict=True):
        assert abs(share - total * weight / sum(ratio)) < Decimal("0.01")
