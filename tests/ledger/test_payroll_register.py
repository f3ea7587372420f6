"""A pay run pays its time once, however it states the pay: as a salary, by two providers, or taken back (D6)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.kit import cost, facts, money, posted
from tests.ledger.labor_kit import EMPLOYEE, MONDAY, WEEK, Row, entry, rate, rated, readded, together, week

SALARY = (
    ("Salary", "wages", "2000.00", "/fixed_compensations/0/amount", None, None),
    ("Medicare", "employer_tax", "29.00", "/taxes/0/amount", None, "medicare"),
)
BONUS = [("Bonus", "wages", "500.00", "/fixed_compensations/0/amount", None, None)]
Tables = dict[str, list[Row]]


def cards(hours: str = "8", days: int = 5, after: int = 0, code: str = "03-300") -> Tables:
    first = MONDAY + timedelta(days=after)
    return {"time_entries": [entry(100 * after + n, first + timedelta(days=n), hours, code) for n in range(days)]}


def labor_hours(result: Tables) -> Decimal:
    return sum((f["hours"] or Decimal(0) for f in facts(result, measure="cost", state="counted")), Decimal(0))


def findings(result: Tables, kind: str) -> list[Row]:
    return [f for f in result["findings"] if f["kind"] == kind]


def renamed(read: Tables, **changes: Any) -> Tables:
    """The same run under another record id; `changes` override columns of its header."""
    run, amounts = read["payroll_runs"][0], read["payroll_amounts"]
    name = str(changes.get("record_id", run["record_id"] + "-again"))
    suffix = name.removeprefix(run["record_id"])
    return {
        "payroll_runs": [run | changes | {"record_id": name}],
        "payroll_amounts": [a | {"record_id": a["record_id"] + suffix, "run_record_id": name} for a in amounts],
    }


def test_a_salary_pays_the_timecards_of_its_period_once():
    read = together(week(lines=SALARY), cards())

    result = posted(read)

    assert (cost(result), labor_hours(result)) == (money("2029.00"), 40)
    assert findings(result, "hours without a rate") == []
    assert readded(result["facts"], read, "2029.00").discrepancies == []
    assert readded(result["facts"], read, "40.00", column="hours").discrepancies == []


def test_a_salaried_week_after_an_hourly_one_is_not_accrued_beside_it():
    read = together(week(), week(1, SALARY), cards("9"), cards(after=7))

    result = posted(read)

    assert (cost(result), labor_hours(result)) == (money("1662.56") + money("2029.00"), 85)
    assert readded(result["facts"], read, "3691.56", measures=["cost", "payroll_accrual"]).discrepancies == []


def test_a_salary_over_its_timecards_gives_unpaid_time_a_rate():
    read = together(week(lines=SALARY), cards(), {"time_entries": [entry(9, MONDAY + timedelta(days=8), "8")]})

    result = posted(read)

    [open_time] = facts(result, measure="cost", basis="unprocessed_time")
    assert open_time["amount"] == money("405.80")
    assert readded(result["facts"], read, "405.80", basis="unprocessed_time").discrepancies == []


def test_a_bonus_without_hours_pays_no_timecards():
    result = posted(together(week(), week(1, BONUS), cards("9"), cards(days=1, after=7)))

    assert [f["hours"] for f in facts(result, measure="cost", rule="D7", state="counted")] == [8]


def test_a_salary_correction_of_days_already_paid_adds_no_hours():
    correction = renamed(week(lines=[("Salary", "wages", "50.00", "/fixed_compensations/0/amount", None, None)]))

    result = posted(together(week(lines=SALARY), correction, cards()))

    assert (cost(result), labor_hours(result)) == (money("2079.00"), 40)


def test_salaried_people_without_timecards_stay_in_the_office():
    result = posted(together(week(lines=SALARY)))

    assert {f["measure"] for f in facts(result, rule="D6", state="counted")} == {"overhead"}


def test_a_salary_without_time_gives_its_new_timecards_no_rate_and_says_why():
    result = posted(together(week(lines=SALARY), cards(days=1, after=8)))

    [said] = findings(result, "hours without a rate")
    assert "no pay run with hours gives them a rate" in said["sentence"]
    assert "salary" in said["way_out"]


def by_file() -> Tables:
    """The run of `week()`, dropped once more as a payroll file."""
    gusto, number = week(), "payroll_file:employees:17"
    run = "payroll_file:run_control:p-0"
    return {
        "employees": [{"record_id": number, "system": "payroll_file", "name": "Rosa Diaz", "employee_number": "17"}],
        "payroll_runs": [gusto["payroll_runs"][0] | {"record_id": run, "provider": "payroll_file"}],
        "payroll_amounts": [
            a | {"record_id": f"payroll_file:pay_lines:{n}", "run_record_id": run, "employee_record_id": number}
            for n, a in enumerate(gusto["payroll_amounts"])
        ],
    }


def test_one_run_of_two_providers_counts_once_and_both_are_named():
    result = posted(together(week(), by_file(), cards("9")))

    assert (cost(result), labor_hours(result)) == (money("1662.56"), 45)
    [held] = facts(result, rule="D6", state="held")
    assert held["amount"] == money("1662.56")
    [said] = findings(result, "pay run of two providers")
    assert (said["grade"], said["amount"]) == ("C", money("1662.56"))
    assert {"gusto:payrolls:p-0", "payroll_file:run_control:p-0"} <= set(said["record_ids"])
    assert "gusto:payrolls:p-0" in said["sentence"]
    assert "payroll_file:run_control:p-0" in said["sentence"]


def test_two_runs_of_one_provider_are_two_runs():
    result = posted(together(week(), renamed(week()), cards("9")))

    assert cost(result) == 2 * money("1662.56")
    assert findings(result, "pay run of two providers") == []


def test_other_pay_by_another_provider_counts():
    other = by_file()
    other["payroll_amounts"] = [other["payroll_amounts"][0] | {"amount": money("300.00"), "hours": Decimal(8)}]

    assert cost(posted(together(week(), other, cards("9")))) == money("1962.56")


def turned(line: tuple[Any, ...], *, hours: bool = True) -> tuple[Any, ...]:
    name, kind, amount, at, worked, burden = line
    return name, kind, f"-{amount}", at, (f"-{worked}" if hours and worked else None), burden


def test_a_full_reversal_takes_back_dollars_and_hours():
    read = together(week(), renamed(week(lines=[turned(line) for line in WEEK])), cards("9"))

    result = posted(read)

    assert (cost(result), labor_hours(result)) == (0, 0)
    assert readded(result["facts"], read, "0.00").discrepancies == []
    assert readded(result["facts"], read, "0.00", column="hours").discrepancies == []


def test_a_reversal_that_states_no_hours_takes_them_back_too():
    read = together(week(), renamed(week(lines=[turned(line, hours=False) for line in WEEK])), cards("9"))

    result = posted(read)

    assert (cost(result), labor_hours(result)) == (0, 0)
    assert readded(result["facts"], read, "0.00", column="hours").discrepancies == []


def test_time_whose_pay_was_reversed_and_not_paid_again_is_said():
    result = posted(together(week(), renamed(week(lines=[turned(line) for line in WEEK])), cards("9")))

    [said] = findings(result, "time in no pay run")
    assert (said["grade"], "45.00 hours" in said["sentence"]) == ("C", True)


def test_the_run_after_a_reversal_pays_the_time_again():
    reversal = renamed(week(lines=[turned(line) for line in WEEK]))
    again = renamed(week(), record_id="gusto:payrolls:p-0-new", check_on=MONDAY + timedelta(days=14))

    result = posted(together(week(), reversal, again, cards("9")))

    assert (cost(result), labor_hours(result)) == (money("1662.56"), 45)
    assert findings(result, "time in no pay run") == []


def test_hours_that_a_correction_takes_back_in_part_are_said():
    line = ("Regular Hours", "wages", "-240.00", "/hourly_compensations/0/amount", "-8", None)

    result = posted(together(week(), renamed(week(lines=[line])), cards("9")))

    assert (cost(result), labor_hours(result)) == (money("1422.56"), 45)
    [said] = findings(result, "hours of a correction")
    assert "-8.00 hours" in said["sentence"]


def test_a_reversal_that_names_jobs_takes_back_its_own_hours():
    coded = {"project_reference": "24-017", "cost_code": "03-300", "cost_type": "L"}
    paid, back = week(), renamed(week(lines=[turned(line) for line in WEEK]))
    for read in (paid, back):
        read["payroll_amounts"] = [a | (coded if a["kind"] == "wages" else {}) for a in read["payroll_amounts"]]
    read = together(paid, back, cards("9"))

    result = posted(read)

    assert (cost(result), labor_hours(result)) == (0, 0)
    assert readded(result["facts"], read, "0.00", column="hours").discrepancies == []


def test_a_pay_line_of_an_unknown_job_is_on_no_job_and_said_in_dollars():
    read = together(week(), cards("9"))
    read["payroll_amounts"][0] |= {"project_reference": "24-999", "cost_code": "03-300", "cost_type": "L"}
    read["payroll_amounts"][1] |= {"project_reference": "24-017 Harbor Clinic", "cost_code": "03-300"}

    result = posted(read)

    [said] = findings(result, "pay line of an unknown job")
    assert said["amount"] == money("1200.00")
    assert "1,200.00 of wages name the job '24-999'" in said["sentence"]
    assert said["record_ids"] == ["gusto:employee_compensations:p-0/e-1"]
    assert sum(f["amount"] for f in facts(result, component="wages", project=None)) == money("1200.00")


COMP = rate("workers_comp", "0.05")


def crew(comp_of_second: str, weeks: int = 1) -> Tables:
    """Two people of one run; the register states workers' comp of the second only, in the first week."""
    second = "gusto:employees:e-2"
    people = [{"record_id": second, "system": "gusto", "name": "B. Ortiz", "employee_number": "18", "active": True}]
    read = together({"employees": people})
    for number in range(weeks):
        one = week(number)
        two = [
            a | {"record_id": a["record_id"].replace("e-1", "e-2"), "employee_record_id": second}
            for a in one["payroll_amounts"]
        ]
        stated = two[2] | {"amount": money(comp_of_second), "burden": "workers_comp", "amount_at": "/taxes/9/amount"}
        read = together(read, one, {"payroll_amounts": two + [stated | {"line_key": "taxes/9/amount"}] * (number == 0)})
        for worker, person in enumerate((EMPLOYEE, second)):
            card = entry(10 * number + worker, MONDAY + timedelta(days=7 * number), "45")
            read = together(read, {"time_entries": [card | {"person_record_id": person}]})
    return {
        name: list({r["record_id"] + str(r.get("line_key")): r for r in rows}.values()) for name, rows in read.items()
    }


def test_a_component_stated_for_one_person_stops_the_rate_for_that_person_only():
    result = posted(crew("1.00"), policy=rated(COMP))

    assert [f["amount"] for f in facts(result, basis="applied")] == [money("71.25")]
    [said] = findings(result, "burden is in the register")
    assert said["amount"] == money("1425.00")


def test_what_a_register_stated_once_no_rate_applies_for_that_person_later_in_the_year():
    result = posted(crew("1.00", weeks=2), policy=rated(COMP))

    assert [f["amount"] for f in facts(result, basis="applied")] == [money("71.25")] * 2


def test_rates_in_force_at_once_are_a_finding_that_names_both():
    policy = rated(
        rate("workers_comp", "0.05", ends=date(2026, 3, 8)), rate("workers_comp", "0.06", starts=date(2026, 3, 8))
    )

    result = posted(together(week(), cards("9")), policy=policy)

    assert [f["amount"] for f in facts(result, basis="applied")] == [money("71.25")]
    [said] = findings(result, "burden rates overlap")
    assert (said["grade"], said["amount"]) == ("B", money("1425.00"))
    assert "workers_comp 0.05" in said["sentence"]
    assert "0.06" in said["sentence"]


def test_rates_that_follow_each_other_do_not_overlap():
    policy = rated(
        rate("workers_comp", "0.05", ends=date(2026, 3, 7)), rate("workers_comp", "0.06", starts=date(2026, 3, 8))
    )

    assert findings(posted(together(week(), cards("9")), policy=policy), "burden rates overlap") == []


def test_a_salary_whose_pay_line_names_the_job_mirrors_its_timecards():
    read = together(week(lines=SALARY), cards())
    read["payroll_amounts"][0] |= {"project_reference": "24-017", "cost_code": "01-310", "cost_type": "L"}

    result = posted(read)

    assert cost(result) == money("2029.00")
    assert {f["cost_code"] for f in facts(result, measure="cost", state="counted")} == {"01-310"}
    assert readded(result["facts"], read, "2029.00").discrepancies == []


quarters = st.lists(st.integers(1, 48).map(lambda n: Decimal(n) / 4), min_size=1, max_size=6)


@settings(max_examples=15, deadline=None)
@given(quarters, st.sampled_from([SALARY, WEEK]))
def test_whatever_was_paid_its_reversal_leaves_nothing(hours: list[Decimal], lines: tuple[tuple[Any, ...], ...]):
    worked = [entry(n, MONDAY + timedelta(days=n), str(h), f"0{n}-100") for n, h in enumerate(hours)]
    back = renamed(week(lines=[turned(line) for line in lines]))
    read = together(week(lines=lines), back, {"time_entries": worked})

    result = posted(read)

    left: dict[tuple[str | None, str | None], Decimal] = {}
    for fact in facts(result, measure="cost", state="counted"):
        for column in ("amount", "hours"):
            key = fact["cost_code"], column
            left[key] = left.get(key, Decimal(0)) + (fact[column] or 0)
    assert set(left.values()) == {0}
    assert readded(result["facts"], read, "0.00", column="hours").discrepancies == []


@settings(max_examples=15, deadline=None)
@given(quarters)
def test_a_salary_is_spread_over_any_timecards_to_the_cent(hours: list[Decimal]):
    worked = [entry(n, MONDAY + timedelta(days=n), str(h), f"0{n}-100") for n, h in enumerate(hours)]

    result = posted(together(week(lines=SALARY), {"time_entries": worked}))

    assert (cost(result), labor_hours(result)) == (money("2029.00"), sum(hours))
