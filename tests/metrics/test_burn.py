"""How fast hours go, whether the work keeps up, and what the job makes if labor goes on like this."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal as D
from pathlib import Path

import pytest

from datablueprint.metrics import Figure, Measures, scopes
from tests.metrics.crews import LAST_SUNDAY, budget, burden, contract, cost, entity, planned, unpaid, wages
from tests.metrics.kit import AS_OF, firm, job, readded

FINISH = AS_OF + timedelta(days=21)
ONE = [job("24-001", planned_finish_on=FINISH)]
NO_FINISH = [job("24-001")]


def of(found: Measures, name: str, number: str = "24-001") -> Figure:
    return found.project_figure(name, found.projects[entity(number)])


def add_up(found: Measures, *names: str) -> None:
    for name in names:
        assert readded(found, of(found, name)).discrepancies == [], name


def weeks(*paid: str, hours: str = "20", last: date = LAST_SUNDAY, number: str = "24-001"):
    """Wages of weeks, the newest first."""
    return [wages(number, value, hours, last - timedelta(weeks=n)) for n, value in enumerate(paid)]


JOB = [contract("24-001", "20000"), budget("24-001", "5000")]


def test_the_pace_is_of_complete_weeks_monday_to_sunday(tmp_path: Path):
    """The fifth week back is out of the window of four, and so is a day of the week that is not over."""
    facts = weeks("1000", "800", "600", "400", "5000")
    facts += [wages("24-001", "77", "7", date(2026, 11, 16)), unpaid("24-001", "90", "9", AS_OF)]

    found = firm(tmp_path, ONE, facts)

    assert of(found, "labor_cost_per_week").value == D(700)
    assert of(found, "labor_hours_per_week").value == D(20)
    assert (of(found, "labor_cost_per_week_1").value, of(found, "labor_hours_per_week_1").value) == (D(1000), D(20))
    assert of(found, "labor_cost_per_week_8").value == D(7800) / 8
    add_up(found, "labor_cost_per_week", "labor_hours_per_week_1", "labor_cost_per_week_8")


def test_a_week_without_work_counts_as_zero(tmp_path: Path):
    found = firm(tmp_path, ONE, weeks("1000", "0", "0", "1000", hours="20"))

    assert of(found, "labor_cost_per_week").value == D(500)


def test_the_burden_of_those_hours_is_in_the_cost_per_week_and_adds_no_hours(tmp_path: Path):
    found = firm(tmp_path, ONE, [*weeks("1000"), burden("24-001", "200")])

    assert of(found, "labor_cost_per_week_1").value == D(1200)
    assert of(found, "labor_hours_per_week_1").value == D(20)


def test_a_last_week_of_which_nobody_knows_anything_yet_is_skipped(tmp_path: Path):
    before = LAST_SUNDAY - timedelta(weeks=1)

    found = firm(tmp_path, ONE, weeks("1000", "800", last=before))

    assert of(found, "labor_cost_per_week_1").value == D(1000)
    assert "2026-11-08" in of(found, "labor_cost_per_week_1").method


def test_time_of_the_window_that_is_not_paid_yet_is_said(tmp_path: Path):
    found = firm(tmp_path, ONE, [*weeks("1000"), unpaid("24-001", "200", "8", LAST_SUNDAY)])

    assert of(found, "labor_cost_per_week_1").value == D(1000)
    said = "8.00 hours of these weeks are not yet in payroll and not in the pace"
    assert said in of(found, "labor_cost_per_week").assumptions


def test_progress_is_earned_hours_over_the_hours_of_the_measured_codes(tmp_path: Path):
    plans = [
        *planned("24-001", budget="5000", hours="100", done="0.5"),
        *planned("24-001", budget="9000", hours="300", done="0.3", code="06-100"),
        *planned("24-001", budget="500", hours="50", code="09-900"),
        *planned("24-001", budget="500", hours="50", done="1.2", code="09-910"),
    ]

    found = firm(tmp_path, ONE, plans)

    assert of(found, "labor_progress").value == D(140) / D(400)
    assert of(found, "labor_budget_hours").value == D(500)
    assert "progress is not measured on 09-900 L, 09-910 L" in of(found, "labor_progress").assumptions
    add_up(found, "labor_progress", "labor_budget_hours")


def test_above_one_the_hours_go_faster_than_the_work(tmp_path: Path):
    facts = [*planned("24-001", budget="5000", hours="100", done="0.5"), *weeks("1000", "1000", "1000", hours="20")]

    found = firm(tmp_path, ONE, facts)

    assert of(found, "burn_index").value == D("1.2")
    assert "hours go faster than the work" in of(found, "burn_index").assumptions
    assert of(found, "labor_weeks_left").value == D(40) / D(15)
    add_up(found, "burn_index", "labor_weeks_left")


def test_without_progress_there_is_no_index_and_cost_is_no_substitute(tmp_path: Path):
    facts = [*planned("24-001", budget="5000", hours="100"), *weeks("1000")]

    found = firm(tmp_path, ONE, facts)

    missing = ("physical progress between 0 and 1 (planned and installed quantities in Procore)",)
    assert of(found, "burn_index").missing == missing
    assert of(found, "projected_labor_by_progress").missing == missing


@pytest.mark.parametrize("done", ["0", "1.01"])
def test_no_progress_and_impossible_progress_give_no_index(tmp_path: Path, done: str):
    facts = [*planned("24-001", budget="5000", hours="100", done=done), *weeks("1000")]

    assert of(firm(tmp_path, ONE, facts), "burn_index").value is None


def test_without_hours_lately_the_weeks_left_are_unknown(tmp_path: Path):
    facts = [*planned("24-001", budget="5000", hours="100"), *weeks("1000", last=date(2026, 9, 13))]

    found = firm(tmp_path, ONE, facts)

    assert of(found, "labor_weeks_left").missing == ("hours in the last 4 complete weeks",)


def test_overspent_budget_hours_leave_no_weeks(tmp_path: Path):
    facts = [*planned("24-001", budget="5000", hours="10"), *weeks("1000")]

    assert of(firm(tmp_path, ONE, facts), "labor_weeks_left").value == 0


MEASURED = [
    *JOB,
    *planned("24-001", budget="5000", hours="100", done="0.5"),
    *weeks("1000", "1000", "1000", hours="20"),
]
"""3,000 for 60 hours and half of the work: another 60 hours at 50 by progress."""


def test_labor_at_completion_is_told_three_ways(tmp_path: Path):
    found = firm(tmp_path, ONE, MEASURED)

    assert of(found, "projected_labor_by_progress").value == D("6000.00")
    assert of(found, "projected_labor_by_time").value == D("3000.00") + 3 * D(750)
    assert of(found, "projected_labor_by_budget").value == D("3000.00") + 40 * D(50)
    headline = of(found, "projected_labor_at_completion")
    assert headline.value == D("6000.00")
    assert headline.method == "by progress: 50.0% of the labor is measured as done"
    assert "by time it would be 5,250.00" in headline.assumptions
    assert "by budget it would be 5,000.00" in headline.assumptions
    add_up(found, *(f"projected_labor_{view}" for view in ("by_progress", "by_time", "by_budget", "at_completion")))


def test_margin_at_current_burn_replaces_the_estimates_labor_by_the_projected_labor(tmp_path: Path):
    """A fresh manual forecast says labor costs 5,000; the burn says 6,000."""
    forecast = planned("24-001", budget="0")[0] | {
        "measure": "forecast_to_complete",
        "amount": D(2000),
        "accounting_on": date(2026, 11, 10),
    }
    found = firm(tmp_path, ONE, [*MEASURED, forecast])

    assert of(found, "estimated_cost_at_completion").value == D(5000) + D(5000)
    assert of(found, "profit_at_current_burn").value == D(20000) - (D(10000) - D(5000) + D(6000))
    assert of(found, "margin_at_current_burn").value == D(9000) / D(20000)
    assert of(found, "gross_margin_at_completion").value == D("0.5")
    add_up(found, "margin_at_current_burn", "profit_at_current_burn")


def early(done: str | None):
    return [*JOB, *planned("24-001", budget="5000", hours="100", done=done), *weeks("1000", "1000", hours="20")]


@pytest.mark.parametrize(("done", "why"), [("0.19", "less than a fifth"), (None, "its progress is not measured")])
def test_before_a_fifth_is_measured_the_pace_goes_on_to_the_planned_finish(tmp_path: Path, done: str | None, why: str):
    headline = of(firm(tmp_path, ONE, early(done)), "projected_labor_at_completion")

    assert headline.value == D("2000.00") + 3 * D(500)
    assert headline.method.startswith("by time: ")
    assert why in headline.method


def test_a_planned_finish_that_has_passed_leaves_no_weeks(tmp_path: Path):
    late = [job("24-001", planned_finish_on=AS_OF - timedelta(days=3))]

    figure = of(firm(tmp_path, late, early(None)), "projected_labor_by_time")

    assert figure.value == D("2000.00")
    assert "the planned finish 2026-11-16 has passed" in figure.assumptions


def test_without_a_planned_finish_the_budget_hours_that_are_left_are_worked(tmp_path: Path):
    found = firm(tmp_path, NO_FINISH, early(None))

    headline = of(found, "projected_labor_at_completion")

    assert headline.value == D("2000.00") + 60 * D(50)
    assert headline.method == "by budget: its progress is not measured, and the planned finish is unknown"
    assert of(found, "projected_labor_by_time").missing == ("planned finish (the Procore project)",)
    add_up(found, "projected_labor_at_completion", "margin_at_current_burn")


def test_labor_that_has_not_begun_is_projected_at_the_budget_rate(tmp_path: Path):
    found = firm(tmp_path, ONE, [*JOB, *planned("24-001", budget="5000", hours="100")])

    headline = of(found, "projected_labor_at_completion")

    assert headline.value == D("5000.00")
    assert headline.method.endswith("nobody worked lately")
    add_up(found, "projected_labor_at_completion", "margin_at_current_burn")


def test_with_neither_pace_nor_budget_hours_there_is_no_projection(tmp_path: Path):
    facts = [*JOB, *planned("24-001", budget="5000"), *weeks("1000", last=date(2026, 9, 13))]

    found = firm(tmp_path, ONE, facts)

    assert of(found, "projected_labor_at_completion").missing == ("budget hours (the Procore budget)",)
    assert of(found, "margin_at_current_burn").missing == ("budget hours (the Procore budget)",)


def test_old_progress_is_used_and_costs_the_grade(tmp_path: Path):
    plan = planned("24-001", budget="5000", hours="100", done="0.5", reported_on=date(2026, 10, 14))

    figure = of(firm(tmp_path, ONE, [*JOB, *plan, *weeks("1000")]), "margin_at_current_burn")

    assert figure.grade == "C"
    assert "the newest progress report of its labor is of 2026-10-14" in figure.assumptions


def test_a_group_is_not_graded_above_the_figures_it_adds(tmp_path: Path):
    plan = planned("24-001", budget="5000", hours="100", done="0.5", reported_on=date(2026, 10, 14))

    found = firm(tmp_path, ONE, [*JOB, *plan, *weeks("1000")])

    assert found.portfolio_figure("margin_at_current_burn", "portfolio").grade == "C"
    assert found.portfolio_figure("gross_margin_at_completion", "portfolio").grade == "A"


def test_a_job_that_subs_out_everything_has_its_gross_margin(tmp_path: Path):
    found = firm(tmp_path, ONE, [*JOB, cost("24-001", "100", LAST_SUNDAY)])

    assert of(found, "margin_at_current_burn").value == of(found, "gross_margin_at_completion").value
    assert of(found, "projected_labor_at_completion").missing == ("self-performed labor (a cost code of type L)",)


def test_a_closed_job_has_burned_what_it_burned(tmp_path: Path):
    closed = [job("24-001", closed=True)]

    found = firm(tmp_path, closed, [*MEASURED, cost("24-001", "4000", LAST_SUNDAY)])

    assert of(found, "projected_labor_at_completion").value == D(3000)
    assert of(found, "margin_at_current_burn").value == of(found, "gross_margin_at_completion").value == D("0.65")
    add_up(found, "margin_at_current_burn", "projected_labor_by_time")


def test_one_labor_code_has_its_own_pace_and_index(tmp_path: Path):
    other = [*planned("24-001", budget="900", hours="10", done="0.5", code="06-100")]
    found = firm(tmp_path, ONE, [*MEASURED, *other, wages("24-001", "60", "2", code="06-100")])
    leaf = scopes.of_leaf(found.projects[entity("24-001")], "06-100", "L")

    assert found.figure("burn_index", leaf).value == D("0.4")
    assert found.figure("labor_hours_per_week_1", leaf).value == D(2)
    assert found.figure("labor_budget_hours", leaf).value == D(10)
    assert readded(found, found.figure("burn_index", leaf)).discrepancies == []


def test_a_groups_margin_is_over_the_jobs_whose_burn_is_known(tmp_path: Path):
    """A job that cannot be projected is in neither the profit nor the price."""
    idle = weeks("70", last=date(2026, 9, 13), number="24-002")
    unknown = [contract("24-002", "90000"), *planned("24-002", budget="500", code="03-300"), *idle]

    found = firm(tmp_path, [*ONE, job("24-002")], [*MEASURED, *unknown])
    figure = found.portfolio_figure("margin_at_current_burn", "portfolio")

    assert figure.value == of(found, "margin_at_current_burn").value
    assert any("24-002" in a and "left out" in a for a in figure.assumptions)
    assert readded(found, figure).discrepancies == []
