"""What leaves the company names no one's pay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

from datablueprint.exports.pack import Record, _pay_by_month


def paid(amount: str, on: date | None, record: str) -> Record:
    return Record("job 1", "24-001", "actual_cost", D(amount), on, "", "D6", record)


def test_pay_is_told_by_month_and_sums_to_the_same_amount():
    records = [
        paid("1200.10", date(2026, 10, 4), "gusto:employee_compensations:1/2"),
        paid("-0.10", date(2026, 10, 25), "gusto:employee_compensations:3/4"),
        paid("800", date(2026, 11, 1), "payroll_file:lines:7"),
    ]

    told = list(_pay_by_month(records))

    assert [(r.record_id, r.amount, r.on) for r in told] == [
        ("payroll of 2026-10", D(1200), date(2026, 10, 25)),
        ("payroll of 2026-11", D(800), date(2026, 11, 1)),
    ]
    assert not any("gusto" in r.record_id or "lines:7" in r.record_id for r in told)
    assert told[0].party == "2 records of pay and time of 2026-10"


def test_a_job_without_pay_has_no_such_row():
    assert list(_pay_by_month([])) == []
