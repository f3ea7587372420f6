"""An hour costs from the day it is worked, on any day one asks: accrued until its payday, and never twice (D7)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from datablueprint import graph, ledger, tables
from datablueprint.settings import Policy
from tests.ledger.kit import base, facts, money, posted
from tests.ledger.labor_kit import MONDAY, entry, measured, raw, readded, together, week

COST = money("1662.56")
"""Of the week's 45 hours."""
WEDNESDAY, SUNDAY = MONDAY + timedelta(days=2), MONDAY + timedelta(days=6)


def worked(*hours: str, code: str = "03-300") -> dict[str, list[dict[str, Any]]]:
    """One timecard a day from Monday on."""
    return {"time_entries": [entry(n, MONDAY + timedelta(days=n), h, code) for n, h in enumerate(hours)]}


def labor(result: dict[str, list[dict[str, Any]]], day: date, column: str = "amount") -> Decimal:
    held = [
        f
        for f in result["facts"]
        if f["measure"] in ("cost", "payroll_accrual") and f["state"] == "counted" and f["accounting_on"] <= day
    ]
    return sum((f[column] or Decimal(0) for f in held), Decimal(0))


def by_days(hours: str) -> Decimal:
    return (Decimal(hours) * COST / 45).quantize(Decimal("0.01"))


def test_inside_a_pay_period_the_days_worked_so_far_are_in_cost():
    result = posted(together(week(), worked("9", "9", "9", "9", "9")))

    assert labor(result, WEDNESDAY) == 3 * by_days("9")
    assert labor(result, WEDNESDAY, "hours") == 27
    assert labor(result, SUNDAY) == COST
    assert labor(result, SUNDAY, "hours") == 45


def test_actual_cost_of_a_day_inside_a_period_holds_that_time_and_re_adds(tmp_path: Path):
    read = together(week(), worked("9", "9", "9", "9", "9"))
    result = posted(read)

    def cost(day: date) -> Decimal:
        (folder := tmp_path / day.isoformat()).mkdir()
        found = measured(folder, result["facts"], day)
        return found.project_figure("actual_cost", next(iter(found.projects.values()))).value

    assert [cost(MONDAY + timedelta(days=n)) for n in (0, 2, 5, 6, 20)] == [
        by_days("9"),
        3 * by_days("9"),
        5 * by_days("9"),
        COST,
        COST,
    ]
    verdict = readded(
        result["facts"], read, str(3 * by_days("9")), measures=["payroll_accrual"], until=WEDNESDAY.isoformat()
    )
    assert verdict.discrepancies == []


def test_what_was_accrued_is_reversed_on_the_runs_day_to_the_cent_per_code():
    read = together(week(), {"time_entries": [*worked("9", "9")["time_entries"], entry(7, WEDNESDAY, "7", "06-100")]})

    accruals = facts(posted(read), measure="payroll_accrual")

    for code in ("03-300", "06-100"):
        assert sum(f["amount"] for f in accruals if f["cost_code"] == code) == 0
        assert sum(f["hours"] for f in accruals if f["cost_code"] == code) == 0
    assert readded(posted(read)["facts"], read, "0.00", measures=["payroll_accrual"]).discrepancies == []
    assert all(f["subject"] == "gusto:payrolls:p-0" for f in accruals)


def test_a_run_whose_period_ends_after_today_takes_no_cost_away():
    """Paid on Wednesday for the week to Sunday: until Sunday the timecards stand for it."""
    result = posted(together(week(), worked("9", "9", "9")))

    assert labor(result, WEDNESDAY) == 3 * by_days("9")


def test_time_that_no_run_has_paid_stays_an_accrual_of_cost():
    result = posted(together(week(), worked("45"), {"time_entries": [entry(9, MONDAY + timedelta(days=8), "8")]}))

    [open_time] = facts(result, measure="cost", basis="unprocessed_time")
    assert (open_time["accounting_on"], open_time["amount"]) == (MONDAY + timedelta(days=8), by_days("8"))


def test_a_bonus_run_reverses_nothing():
    bonus = week(1, [("Bonus", "wages", "500.00", "/fixed_compensations/0/amount", None, None)])

    result = posted(together(week(), bonus, worked("45")))

    assert {f["subject"] for f in facts(result, measure="payroll_accrual")} == {"gusto:payrolls:p-0"}


def test_cost_dated_after_the_snapshot_is_said():
    read = together(week(), worked("45"))
    conformed = {t.name: tables.build(t.name, read.get(t.name, ())) for t in tables.CONFORMED}

    told = ledger.post(conformed, graph.link(conformed, {}), Policy(), as_of=WEDNESDAY)

    [finding] = [f for f in tables.rows(told["findings"]) if f["kind"] == "cost dated after the snapshot"]
    assert (finding["level"], finding["amount"], finding["grade"]) == ("info", COST, None)
    assert f"dated after {WEDNESDAY}" in finding["sentence"]


def on_day(as_of: date, read: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    tables_of = base()
    for name, rows in read.items():
        tables_of[name] = tables_of.get(name, []) + rows
    conformed = {t.name: tables.build(t.name, tables_of.get(t.name, ())) for t in tables.CONFORMED}
    told = ledger.post(conformed, graph.link(conformed, {}), Policy(), as_of=as_of)
    return {name: tables.rows(table) for name, table in told.items()}


def a_quarter() -> dict[str, list[dict[str, Any]]]:
    """20 weeks of pay runs from 2 March on, nine hours on each weekday."""
    days = (MONDAY + timedelta(days=7 * w + d) for w in range(20) for d in range(5))
    return together(*(week(n) for n in range(20)), {"time_entries": [entry(n, d, "9") for n, d in enumerate(days)]})


def test_every_day_of_the_last_quarter_and_every_month_end_is_exact():
    read, as_of = a_quarter(), date(2026, 7, 19)

    lean, whole = on_day(as_of, read), posted(read)

    quarter = [as_of - timedelta(days=n) for n in range(93)]
    for day in (*quarter, date(2026, 3, 31), date(2026, 4, 30)):
        assert (labor(lean, day), labor(lean, day, "hours")) == (labor(whole, day), labor(whole, day, "hours"))


def test_accruals_that_no_such_day_asks_for_are_not_kept_and_not_said():
    read, as_of = a_quarter(), date(2026, 7, 19)

    lean, whole = on_day(as_of, read), posted(read)

    paid = {f["subject"] for f in facts(lean, measure="payroll_accrual")}
    assert "gusto:payrolls:p-0" not in paid
    assert {"gusto:payrolls:p-4", "gusto:payrolls:p-19"} <= paid
    assert len(facts(lean, measure="payroll_accrual")) < len(facts(whole, measure="payroll_accrual"))
    assert facts(lean, measure="cost") == facts(whole, measure="cost")
    assert [f["kind"] for f in lean["findings"]] == [f["kind"] for f in whole["findings"]]


quarters = st.lists(st.integers(1, 48).map(lambda n: Decimal(n) / 4), min_size=1, max_size=6)


@settings(max_examples=20, deadline=None)
@given(quarters)
def test_on_and_after_payday_only_the_register_counts(hours: list[Decimal]):
    read = together(week(), worked(*map(str, hours)))

    result = posted(read)

    assert labor(result, SUNDAY) == COST
    costs = [labor(result, MONDAY + timedelta(days=n)) for n in range(len(hours))]
    assert costs == sorted(costs)
    assert set(raw(read)) >= {e["record_id"] for f in facts(result, measure="payroll_accrual") for e in f["evidence"]}
