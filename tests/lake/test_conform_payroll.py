"""A pay run is in the tables with every amount, or not at all with the sum that differs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.lake.landing import Landed, landed, row, rows, sentences, tables

D = Decimal


def gusto_run(processed: bool = True, **totals: Any) -> Landed:
    payload = {
        "payroll_uuid": "p-1",
        "processed": processed,
        "check_date": "2026-03-13",
        "pay_period": {"start_date": "2026-03-02", "end_date": "2026-03-08"},
        "totals": totals or {"gross_pay": "1525.00", "employer_taxes": "88.35", "benefits": "120.00"},
    }
    return landed("gusto", "payrolls", "p-1", payload)


def compensation(**more: Any) -> Landed:
    payload = {
        "employee_uuid": "e-1",
        "excluded": False,
        "hourly_compensations": [
            {"name": "Regular Hours", "hours": "40.000", "amount": "1200.00"},
            {"name": "Overtime", "hours": "5.000", "amount": "225.00"},
        ],
        "fixed_compensations": [{"name": "Bonus", "amount": "20.00"}],
        "paid_time_off": [{"name": "Vacation Hours", "hours": "8.000", "amount": "80.00"}],
        "taxes": [
            {"name": "Social Security", "employer": True, "amount": 88.35},
            {"name": "Social Security", "employer": False, "amount": 88.35},
        ],
        "benefits": [{"name": "Health", "employee_deduction": 60.0, "company_contribution": 120.0}],
        "reimbursements": [{"name": "Boots", "amount": "30.00"}],
        "deductions": [{"name": "Garnish", "amount": 5}],
        **more,
    }
    return landed("gusto", "employee_compensations", "p-1/e-1", payload, "p-1")


def test_every_amount_of_a_register_is_a_row_of_its_kind() -> None:
    made = tables(gusto_run(), compensation())

    found = {each["line_key"]: each for each in rows(made, "payroll_amounts")}
    assert {key: (each["kind"], each["component"], each["amount"]) for key, each in found.items()} == {
        "hourly_compensations/0/amount": ("wages", "Regular Hours", D("1200.00")),
        "hourly_compensations/1/amount": ("wages", "Overtime", D("225.00")),
        "fixed_compensations/0/amount": ("wages", "Bonus", D("20.00")),
        "paid_time_off/0/amount": ("wages", "Vacation Hours", D("80.00")),
        "taxes/0/amount": ("employer_tax", "Social Security", D("88.35")),
        "taxes/1/amount": ("excluded", "Social Security", D("88.35")),
        "benefits/0/company_contribution": ("employer_benefit", "Health", D("120.00")),
        "benefits/0/employee_deduction": ("excluded", "Health", D("60.00")),
        "reimbursements/0/amount": ("excluded", "Boots", D("30.00")),
        "deductions/0/amount": ("excluded", "Garnish", D("5.00")),
    }
    assert {key: each["hours"] for key, each in found.items() if each["hours"] is not None} == {
        "hourly_compensations/0/amount": D("40.00"),
        "hourly_compensations/1/amount": D("5.00"),
    }
    assert all(each["amount_at"] == "/" + key for key, each in found.items())
    assert {each["run_record_id"] for each in found.values()} == {"gusto:payrolls:p-1"}
    assert {each["employee_record_id"] for each in found.values()} == {"gusto:employees:e-1"}


def test_a_run_has_its_period_and_totals() -> None:
    run = row(tables(gusto_run()), "payroll_runs")

    assert (run["period_start"], run["period_end"], run["check_on"]) == (
        date(2026, 3, 2),
        date(2026, 3, 8),
        date(2026, 3, 13),
    )
    assert (run["processed"], run["gross_wages"], run["employer_taxes"]) == (True, D("1525.00"), D("88.35"))


def test_an_unprocessed_run_is_known_but_has_no_amounts() -> None:
    made = tables(
        gusto_run(processed=False, net_pay=None), compensation(hourly_compensations=[{"name": "Regular Hours"}])
    )

    assert row(made, "payroll_runs")["processed"] is False
    assert rows(made, "payroll_amounts") == rows(made, "rejects") == []


def test_a_compensation_of_an_unreadable_run_is_rejected_with_it() -> None:
    made = tables(gusto_run(gross_pay="?"), compensation())

    assert [each["record_id"] for each in rows(made, "rejects")] == [
        "gusto:employee_compensations:p-1/e-1",
        "gusto:payrolls:p-1",
    ]
    assert rows(made, "payroll_amounts") == []


def test_one_missing_amount_sets_the_employees_whole_register_aside() -> None:
    made = tables(gusto_run(), compensation(taxes=[{"name": "FUTA", "employer": True}]))

    assert rows(made, "payroll_amounts") == []
    assert row(made, "rejects")["field"] == "/taxes/0/amount"


def test_gusto_people_are_employees() -> None:
    made = tables(
        landed(
            "gusto",
            "employees",
            "e-1",
            {
                "uuid": "e-1",
                "first_name": "Ana",
                "last_name": "Ruiz",
                "employee_code": "",
                "work_email": "ana@x.example",
                "terminated": True,
            },
        )
    )

    found = row(made, "employees")
    assert (found["name"], found["employee_number"], found["email"], found["active"]) == (
        "Ana Ruiz",
        None,
        "ana@x.example",
        False,
    )


RUN = "PR-20231203"


def file_row(stream: str, number: int, **columns: str) -> Landed:
    native = f"{RUN}/{number}"
    return landed("payroll_file", stream, native, {"provider": "x", "pay_run_id": RUN, **columns}, RUN)


def pay_line(number: int, pay_type: str, hours: str, amount: str, **columns: str) -> Landed:
    defaults = {
        "employee_id": "E7",
        "employee_name": "Ana Ruiz",
        "work_date": "2023-11-28",
        "project_ref": "24-017",
        "cost_code": "03-300",
        "cost_type": "L",
    }
    return file_row(
        "pay_lines", number, **{**defaults, "pay_type": pay_type, "hours": hours, "amount": amount, **columns}
    )


def cost(number: int, component: str, amount: str) -> Landed:
    return file_row("employer_cost", number, employee_id="E7", component=component, amount=amount)


def control(**columns: str) -> Landed:
    totals = {
        "gross_wages": "1300.00",
        "reimbursements": "15.00",
        "employer_taxes": "99.45",
        "employer_benefits": "50.00",
    }
    dates = {"period_start": "2023-11-27", "period_end": "2023-12-03", "check_date": "2023-12-08"}
    return landed("payroll_file", "run_control", RUN, {"pay_run_id": RUN, **dates, **totals, **columns})


FILES = (
    pay_line(1, "REG", "40", "1200.00"),
    pay_line(2, "PTO", "8", "100.00", project_ref="", cost_code="", work_date=""),
    pay_line(3, "REIMB", "", "15.00"),
    cost(1, "SS", "80.60"),
    cost(2, "MEDICARE", "18.85"),
    cost(3, "HEALTH", "50.00"),
)


def test_files_that_foot_become_a_run_its_amounts_and_its_people() -> None:
    made = tables(*FILES, control())

    assert rows(made, "rejects") == []
    run = row(made, "payroll_runs")
    assert (run["record_id"], run["provider"], run["processed"]) == (
        f"payroll_file:run_control:{RUN}",
        "payroll_file",
        True,
    )
    assert (run["period_end"], run["gross_wages"]) == (date(2023, 12, 3), D("1300.00"))
    found = {each["record_id"].partition(":")[2]: each for each in rows(made, "payroll_amounts")}
    assert {key: (each["kind"], each["component"]) for key, each in found.items()} == {
        f"pay_lines:{RUN}/1": ("wages", "REG"),
        f"pay_lines:{RUN}/2": ("wages", "PTO"),
        f"pay_lines:{RUN}/3": ("excluded", "REIMB"),
        f"employer_cost:{RUN}/1": ("employer_tax", "SS"),
        f"employer_cost:{RUN}/2": ("employer_tax", "MEDICARE"),
        f"employer_cost:{RUN}/3": ("employer_benefit", "HEALTH"),
    }
    worked = found[f"pay_lines:{RUN}/1"]
    assert (worked["hours"], worked["worked_on"]) == (D("40.00"), date(2023, 11, 28))
    assert (worked["project_reference"], worked["cost_code"], worked["cost_type"]) == ("24-017", "03-300", "L")
    assert (worked["amount"], worked["amount_at"]) == (D("1200.00"), "/amount")
    leave = found[f"pay_lines:{RUN}/2"]
    assert (leave["hours"], leave["project_reference"], leave["worked_on"]) == (None, None, None)
    person = row(made, "employees")
    assert (person["record_id"], person["name"]) == ("payroll_file:employees:E7", "Ana Ruiz")


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (
            "gross_wages",
            "1300.01",
            "says 1300.01, but the rows of pay_lines.csv add up to 1300.00: a difference of -0.01",
        ),
        ("reimbursements", "0", "says 0.00, but the rows of pay_lines.csv add up to 15.00: a difference of 15.00"),
        ("employer_taxes", "90.00", "rows of employer_cost.csv add up to 99.45: a difference of 9.45"),
        ("employer_benefits", "60.00", "rows of employer_cost.csv add up to 50.00: a difference of -10.00"),
    ],
)
def test_files_that_do_not_foot_are_held_whole(column: str, value: str, words: str) -> None:
    made = tables(*FILES, control(**{column: value}))

    reject = row(made, "rejects")
    assert (reject["record_id"], reject["field"]) == (f"payroll_file:run_control:{RUN}", f"/{column}")
    assert words in reject["sentence"]
    assert f"run_control.csv of {RUN}, column {column} " in reject["sentence"]
    for table in ("payroll_runs", "payroll_amounts", "employees"):
        assert rows(made, table) == []


def test_a_malformed_row_names_file_row_and_column_and_holds_the_run() -> None:
    made = tables(*FILES, pay_line(17, "REG", "4", "one hundred"), control())

    assert rows(made, "payroll_amounts") == []
    about_run, about_row = sorted(sentences(made), reverse=True)
    assert f"pay_lines.csv of {RUN}, row 17, column amount holds 'one hundred'" in about_row
    assert "is held: 1 of the run's rows cannot be read" in about_run


def test_a_run_without_control_totals_is_held() -> None:
    made = tables(*FILES)

    assert rows(made, "payroll_amounts") == []
    assert "has no row in run_control.csv" in sentences(made)[0]


def test_an_unknown_pay_type_is_not_taken_for_wages() -> None:
    made = tables(*FILES, pay_line(4, "GIFT", "", "1.00"), control())

    assert rows(made, "payroll_runs") == []
    assert any("column pay_type holds 'GIFT'" in sentence for sentence in sentences(made))


@pytest.mark.parametrize(
    ("name", "burden"),
    [
        ("CO SUI", "suta"),
        ("Federal Unemployment", "futa"),
        ("401(k)", "retirement"),
        ("Medical plan", "health"),
        ("Workers' Comp", "workers_comp"),
        ("Commuter", "other"),
    ],
)
def test_a_payrolls_own_name_tells_which_burden_it_is(name: str, burden: str) -> None:
    benefits = [{"name": name, "employee_deduction": 0, "company_contribution": 10}]

    made = tables(gusto_run(), compensation(benefits=benefits))

    found = {r["line_key"]: r["burden"] for r in rows(made, "payroll_amounts") if r["burden"]}
    assert found == {"taxes/0/amount": "social_security", "benefits/0/company_contribution": burden}


def test_a_files_own_code_tells_which_burden_it_is() -> None:
    made = tables(*FILES, control())

    found = {r["component"]: r["burden"] for r in rows(made, "payroll_amounts") if r["burden"]}
    assert found == {"SS": "social_security", "MEDICARE": "medicare", "HEALTH": "health"}
