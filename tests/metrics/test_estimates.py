"""Which method each leaf gets, and what it then says (default composite, first that applies)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from tests.metrics.kit import AS_OF, COMMITMENT, PROJECT, fact, measures

LEAF = ("03-300", "L")


def estimate(folder: Path, facts: list[dict[str, Any]], **settings: Any):
    found = measures(folder, facts, **settings)
    [one] = found.estimates(found.projects[PROJECT])
    return one


def test_a_closed_job_costs_what_it_cost(tmp_path: Path):
    facts = [fact("original_budget", "1000", *LEAF), fact("cost", "640.10", *LEAF)]

    one = estimate(tmp_path, facts, closed=True)

    assert (one.method, one.eac.value) == ("A", D("640.10"))


def test_a_fresh_manual_forecast_comes_first(tmp_path: Path):
    facts = [
        fact("original_budget", "1000", "26-000", "S"),
        fact("commitment", "900", "26-000", "S", contract_record_id=COMMITMENT),
        fact("cost", "400", "26-000", "S", contract_record_id=COMMITMENT),
        fact("cost", "50", "26-000", "S"),
        fact("forecast_to_complete", "75", "26-000", "S", accounting_on=date(2026, 11, 1)),
    ]

    one = estimate(tmp_path, facts)

    assert (one.method, one.eac.value) == ("E6", D("1025.00"))
    assert (one.lowest, one.highest) == (D("1000.00"), D("1025.00"))


def test_a_stale_forecast_is_said_and_not_used(tmp_path: Path):
    facts = [
        fact("original_budget", "1000", "26-000", "S"),
        fact("forecast_to_complete", "75", "26-000", "S", accounting_on=date(2026, 10, 14)),
    ]

    one = estimate(tmp_path, facts)

    assert (one.method, one.stale_forecast, one.eac.value) == ("E2", True, D("1000.00"))


def test_labor_with_hours_and_progress_is_projected_at_the_recent_rate(tmp_path: Path):
    facts = [
        fact("original_budget", "9000", *LEAF),
        fact("budget_hours", None, *LEAF, hours=D("180")),
        fact("planned_quantity", None, *LEAF, quantity=D("100")),
        fact("installed_quantity", None, *LEAF, quantity=D("50"), accounting_on=date(2026, 11, 10)),
        fact("cost", "4000", *LEAF, hours=D("80"), accounting_on=date(2026, 9, 13)),
        fact("cost", "1100", *LEAF, hours=D("20"), accounting_on=date(2026, 11, 15)),
    ]

    one = estimate(tmp_path, facts)

    assert one.method == "E4"
    assert one.eac.value == D("5100.00") + 100 * D("55.00")


def test_progress_below_a_fifth_is_too_early_for_a_trend(tmp_path: Path):
    facts = [
        fact("original_budget", "9000", *LEAF),
        fact("budget_hours", None, *LEAF, hours=D("180")),
        fact("planned_quantity", None, *LEAF, quantity=D("100")),
        fact("installed_quantity", None, *LEAF, quantity=D("19")),
        fact("cost", "4000", *LEAF, hours=D("80")),
    ]

    assert estimate(tmp_path, facts).method == "E2"


def test_without_budget_hours_progress_projects_cost(tmp_path: Path):
    facts = [
        fact("original_budget", "9000", *LEAF),
        fact("planned_quantity", None, *LEAF, quantity=D("100")),
        fact("installed_quantity", None, *LEAF, quantity=D("40")),
        fact("cost", "4000", *LEAF, hours=D("80")),
    ]

    one = estimate(tmp_path, facts)

    assert (one.method, one.eac.value) == ("E3a", D("10000.00"))


def test_more_than_all_of_the_work_is_an_impossible_report(tmp_path: Path):
    facts = [
        fact("original_budget", "9000", *LEAF),
        fact("planned_quantity", None, *LEAF, quantity=D("100")),
        fact("installed_quantity", None, *LEAF, quantity=D("120")),
        fact("cost", "4000", *LEAF, hours=D("80")),
    ]

    one = estimate(tmp_path, facts)

    assert (one.method, one.eac.value, one.impossible_progress) == ("A", D("4000.00"), True)


def test_supervision_runs_to_the_planned_finish(tmp_path: Path):
    facts = [
        fact("original_budget", "9000", "01-310", "L"),
        fact("cost", "2000", "01-310", "L", accounting_on=date(2026, 11, 8)),
        fact("cost", "2000", "01-310", "L", accounting_on=date(2026, 11, 15)),
    ]

    one = estimate(tmp_path, facts, finish=date(2026, 12, 3))

    assert (one.method, one.eac.value) == ("E5", D("6000.00"))


def test_after_the_planned_finish_supervision_is_said_to_end(tmp_path: Path):
    facts = [
        fact("original_contract", "200000"),
        fact("original_budget", "100000", "01-310", "L"),
        fact("cost", "60000", "01-310", "L", accounting_on=date(2026, 11, 2)),
    ]
    said = "the planned finish 2026-11-15 has passed: nothing more is expected on 01-310 L"

    late = measures(tmp_path / "late", facts, finish=date(2026, 11, 15))
    due = measures(tmp_path / "due", facts, finish=AS_OF)

    for scope in ("24-017", "24-017/01-310.L"):
        figure = late.figure("estimated_cost_at_completion", late.scope(scope))
        assert (figure.value, figure.grade) == (D(60000), "A")
        assert said in figure.assumptions
    assert not any("has passed" in a for a in due.project_figure(figure.metric.name, due.projects[PROJECT]).assumptions)


@pytest.mark.parametrize(("budget", "expected"), [("-5000", "-4000.00"), ("5000", "0.00")])
def test_a_forecast_of_credits_stands_where_the_budget_expects_them(tmp_path: Path, budget: str, expected: str):
    facts = [
        fact("original_budget", budget, "02-100", "M"),
        fact("forecast_to_complete", "-4000", "02-100", "M", accounting_on=date(2026, 11, 10)),
    ]

    one = estimate(tmp_path, facts)

    assert (one.method, one.eac.value) == ("E6", D(expected))


@pytest.mark.parametrize(("spent", "expected"), [("0", "1000.00"), ("400", "1000.00"), ("1250", "1250.00")])
def test_otherwise_budget_or_actual_whichever_is_more(tmp_path: Path, spent: str, expected: str):
    facts = [fact("original_budget", "1000", "09-900", "M"), fact("cost", spent, "09-900", "M")]

    one = estimate(tmp_path, facts)

    assert (one.method, one.eac.value) == ("E2", D(expected))


def test_cost_after_the_day_is_not_yet_known(tmp_path: Path):
    facts = [
        fact("cost", "10", "09-900", "M", accounting_on=AS_OF),
        fact("cost", "90", "09-900", "M", accounting_on=date(2026, 11, 20)),
    ]

    assert estimate(tmp_path, facts).actual == D("10")


def test_an_over_invoiced_commitment_does_not_open_another_one(tmp_path: Path):
    other = "procore:work_order_contracts:6"
    facts = [
        fact("commitment", "100", "26-000", "S", contract_record_id=COMMITMENT),
        fact("cost", "150", "26-000", "S", contract_record_id=COMMITMENT),
        fact("commitment", "200", "26-000", "S", contract_record_id=other),
    ]

    one = estimate(tmp_path, facts)

    assert one.open_commitment == D("200")
    assert one.eac.value == D("350.00")
