"""Time is accrued only after the newest pay run of its person; what no run paid before that is held and said (D7)."""

from __future__ import annotations

from datetime import date, timedelta

from datablueprint import graph, ledger, tables
from datablueprint.settings import Policy
from tests.ledger.kit import JOB, PROJECT, WAGES, base, bill_line, cost, facts, money, posted
from tests.ledger.labor_kit import MONDAY, Row, entry, together, week

RUN = money("1662.56")
Tables = dict[str, list[Row]]


def cards(first: date, hours: str = "8", start: int = 0) -> Tables:
    return {"time_entries": [entry(start + n, first + timedelta(days=n), hours) for n in range(5)]}


PAID = cards(MONDAY, "9", start=50)


def journal(day: date, job: str | None = JOB) -> Tables:
    more = {"entity": "JournalEntry", "account_record_id": WAGES, "transaction_on": day, "job_record_id": job}
    return {"accounting_lines": [bill_line("7", "1500.00", record_id="quickbooks:JournalEntry:7", **more)]}


def on_day(as_of: date, *parts: Tables) -> Tables:
    read = base()
    for name, rows in together(*parts).items():
        read[name] = read.get(name, []) + rows
    conformed = {t.name: tables.build(t.name, read.get(t.name, ())) for t in tables.CONFORMED}
    told = ledger.post(conformed, graph.link(conformed, {}), Policy(), as_of=as_of)
    return {name: tables.rows(table) for name, table in told.items()}


def said(result: Tables) -> list[tuple[str | None, str | None]]:
    return [(f["project"], f["grade"]) for f in result["findings"] if f["kind"] == "time in no pay run"]


def held_hours(result: Tables) -> int:
    return int(sum(f["hours"] for f in facts(result, rule="D7", state="held")))


def test_time_before_the_register_is_not_accrued_beside_the_journal_that_paid_it():
    before = cards(MONDAY - timedelta(days=7))

    result = posted(together(week(), before, PAID, journal(MONDAY - timedelta(days=3))))

    assert cost(result) == RUN + money("1500.00")
    assert (held_hours(result), said(result)) == (40, [(PROJECT, "C")])
    [finding] = [f for f in result["findings"] if f["kind"] == "time in no pay run"]
    assert "40.00 hours of R. Diaz" in finding["sentence"]
    assert "2026-02-23 to 2026-02-27" in finding["sentence"]


def test_a_journal_without_jobs_covers_its_days_too():
    result = posted(
        together(week(), cards(MONDAY - timedelta(days=7)), PAID, journal(MONDAY - timedelta(days=3), None))
    )

    assert (cost(result), held_hours(result)) == (RUN, 40)


def test_time_a_year_before_the_only_run_does_not_accrue_for_ever():
    result = posted(together(week(), cards(date(2025, 3, 3)), PAID))

    assert (cost(result), held_hours(result), said(result)) == (RUN, 40, [(PROJECT, "C")])


def test_recent_time_that_neither_register_nor_journal_covers_is_accrued():
    result = on_day(date(2026, 3, 20), week(), cards(MONDAY - timedelta(days=7)), PAID)

    assert cost(result) == RUN + 5 * money("295.57")
    assert said(result) == []


def test_uncovered_time_older_than_45_days_is_held():
    result = on_day(date(2026, 5, 20), week(), cards(MONDAY - timedelta(days=7)), PAID)

    assert (cost(result), held_hours(result)) == (RUN, 40)


def test_time_in_a_week_that_the_register_paid_to_others_is_held():
    others = week(-1)
    others["payroll_amounts"] = [a | {"employee_record_id": "gusto:employees:e-9"} for a in others["payroll_amounts"]]

    result = on_day(date(2026, 3, 20), others, week(), cards(MONDAY - timedelta(days=7)), PAID)

    assert (cost(result), held_hours(result), said(result)) == (RUN, 40, [(PROJECT, "C")])


def test_time_after_the_newest_run_is_accrued():
    result = on_day(date(2026, 3, 13), week(), PAID, cards(MONDAY + timedelta(days=7)))

    assert cost(result) == RUN + 5 * money("295.57")


def test_time_after_the_register_that_a_job_coded_journal_paid_is_not_accrued_beside_it():
    """The register ends with a run paid on Friday 13th; the books alone hold the payday of the 20th."""
    mirror = bill_line("6", "1662.56", entity="JournalEntry", account_record_id=WAGES, transaction_on=date(2026, 3, 13))
    second, third = cards(MONDAY + timedelta(days=7)), cards(MONDAY + timedelta(days=14), start=20)

    result = posted(together(week(), PAID, second, third, journal(date(2026, 3, 20)), {"accounting_lines": [mirror]}))

    assert cost(result) == RUN + money("1500.00") + 5 * money("295.57")
    assert held_hours(result) == 40


def test_time_that_the_pay_runs_of_its_days_left_out_is_held_once_it_is_old():
    """The person's own pay stopped; the register went on for others."""
    others = week(1)
    others["payroll_amounts"] = [a | {"employee_record_id": "gusto:employees:e-9"} for a in others["payroll_amounts"]]
    parts = week(), others, PAID, cards(MONDAY + timedelta(days=7))

    soon, late = on_day(date(2026, 4, 20), *parts), on_day(date(2026, 6, 20), *parts)

    assert (cost(soon), said(soon)) == (RUN + 5 * money("295.57"), [])
    assert (cost(late), said(late)) == (RUN, [(PROJECT, "C")])


def test_time_after_a_register_that_ended_is_accrued_however_old():
    assert cost(on_day(date(2026, 12, 1), week(), PAID, cards(MONDAY + timedelta(days=7)))) == RUN + 5 * money("295.57")
