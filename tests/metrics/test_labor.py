"""Labor costs its wages and all that an employer pays on top of them, whoever carries which part."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.metrics import Figure, Measures, scopes
from datablueprint.metrics.formulas import labor as formulas
from datablueprint.metrics.terms import constant
from tests.metrics.crews import (
    accrued,
    applied,
    budget,
    burden,
    contract,
    cost,
    entity,
    planned,
    premium_pay,
    unpaid,
    wages,
)
from tests.metrics.kit import firm, job, readded

ONE = [job("24-001")]
PAID = wages("24-001", "1000", "40")
CREW = [
    PAID,
    burden("24-001", "150"),
    applied(PAID, "workers_comp", "0.05"),
    unpaid("24-001", "300", "10"),
    wages("24-001", "500", "20", code="06-100"),
    burden("24-001", "60", code="06-100"),
    cost("24-001", "9000", date(2026, 11, 15)),
]
positive = st.integers(1, 10_000_000).map(lambda n: D(n).scaleb(-2))


def of(found: Measures, name: str, number: str = "24-001") -> Figure:
    return found.project_figure(name, found.projects[entity(number)])


def of_leaf(found: Measures, name: str, code: str, kind: str = "L") -> Figure:
    return found.figure(name, scopes.of_leaf(found.projects[entity("24-001")], code, kind))


def add_up(found: Measures, *figures: Figure) -> None:
    for figure in figures:
        assert readded(found, figure).discrepancies == [], figure.figure_id


def test_labor_is_wages_burden_and_time_not_yet_paid(tmp_path: Path):
    found = firm(tmp_path, ONE, CREW)

    assert of(found, "labor_cost").value == D(2060)
    assert of(found, "labor_wages").value == D(1500)
    assert of(found, "labor_burden").value == D(260)
    assert of(found, "labor_hours").value == D(70)
    assert "300.00 of it is time not yet in payroll" in of(found, "labor_cost").assumptions
    assert "burden is: burden 210.00, workers comp 50.00" in of(found, "labor_burden").assumptions
    add_up(found, *(of(found, f"labor_{name}") for name in ("cost", "wages", "burden", "hours", "rate")))


def test_each_labor_code_has_its_own_figures(tmp_path: Path):
    found = firm(tmp_path, ONE, CREW)

    told = {name: of_leaf(found, name, "06-100") for name in ("labor_cost", "burden_rate", "labor_hours", "labor_rate")}

    assert {name: figure.value for name, figure in told.items()} == {
        "labor_cost": D(560),
        "burden_rate": D("0.12"),
        "labor_hours": D(20),
        "labor_rate": D(28),
    }
    assert told["labor_cost"].figure_id == "labor_cost/24-001/06-100.L/2026-11-19"
    add_up(found, *told.values())


def test_a_subcontract_code_has_no_labor(tmp_path: Path):
    found = firm(tmp_path, ONE, CREW)

    assert of_leaf(found, "labor_cost", "26-000", "S").value == 0
    assert of_leaf(found, "labor_rate", "26-000", "S").value is None


def test_the_burden_rate_is_burden_over_wages(tmp_path: Path):
    found = firm(tmp_path, ONE, CREW)

    assert of(found, "burden_rate").value == D(260) / D(1500)
    add_up(found, of(found, "burden_rate"))


def test_a_job_without_any_burden_gets_the_standard_rate_and_a_lower_grade(tmp_path: Path):
    facts = [*CREW, wages("24-002", "800", "30")]

    found = firm(tmp_path, [*ONE, job("24-002")], facts)
    figure = of(found, "burden_rate", "24-002")

    assert found.figure("standard_burden_rate", found.company).value == D(260) / D(2300)
    assert (figure.value, figure.grade) == (D(260) / D(2300), "B")
    assert "the company's rate of the last 12 months stands in" in " ".join(figure.assumptions)
    add_up(found, figure)


def test_the_standard_rate_is_of_the_last_twelve_calendar_months(tmp_path: Path):
    old, new = date(2025, 11, 30), date(2025, 12, 1)
    facts = [wages("24-001", "1000", "40", new), burden("24-001", "200", new)]
    facts += [wages("24-001", "1000", "40", old), burden("24-001", "900", old)]

    found = firm(tmp_path, ONE, facts)

    assert found.figure("standard_burden_rate", found.company).value == D("0.2")
    add_up(found, found.figure("standard_burden_rate", found.company))


def test_employer_cost_that_no_record_holds_is_missing_not_zero(tmp_path: Path):
    found = firm(tmp_path, ONE, [PAID])

    assert of(found, "labor_burden").missing == ("employer cost of the wages (the payroll register)",)
    assert of(found, "burden_rate").value is None
    assert of(found, "labor_cost").value == D(1000)


def test_a_job_without_labor_has_none_and_no_rates(tmp_path: Path):
    found = firm(tmp_path, ONE, [cost("24-001", "9000", date(2026, 11, 15))])

    assert of(found, "labor_cost").value == 0
    assert of(found, "labor_burden").value == 0
    assert of(found, "labor_rate").missing == ("hours worked (the payroll register or Procore time entries)",)
    assert of(found, "burden_rate").missing == ("wages (the payroll register)",)


def test_billed_labor_is_labor_and_is_said_not_to_be_split(tmp_path: Path):
    agency = cost("24-001", "700", date(2026, 11, 2), kind="L", code="03-300")

    found = firm(tmp_path, ONE, [*CREW, agency])

    assert of(found, "labor_cost").value == D(2760)
    assert "700.00 of it is billed labor or carries no pay line" in " ".join(of(found, "labor_cost").assumptions)
    add_up(found, of(found, "labor_cost"))


def test_labor_that_no_register_knows_has_a_cost_and_no_parts(tmp_path: Path):
    """Neither wages nor burden nor hours are zero only because nobody told them."""
    agency = cost("24-001", "700", date(2026, 11, 2), kind="L", code="03-300")

    found = firm(tmp_path, ONE, [agency])

    assert of(found, "labor_cost").value == of_leaf(found, "labor_cost", "03-300").value == D(700)
    for told in (lambda name: of(found, name), lambda name: of_leaf(found, name, "03-300")):
        assert told("labor_wages").missing == ("wages (the payroll register)",)
        assert told("labor_burden").missing == ("employer cost of the wages (the payroll register)",)
        assert told("labor_hours").missing == ("hours worked (the payroll register or Procore time entries)",)


def test_time_that_no_run_has_paid_has_hours_and_no_wages_yet(tmp_path: Path):
    found = firm(tmp_path, ONE, [unpaid("24-001", "300", "10")])

    assert of(found, "labor_hours").value == D(10)
    assert (of(found, "labor_wages").value, of(found, "labor_burden").value) == (0, 0)


def test_inside_a_pay_period_labor_is_what_its_codes_cost(tmp_path: Path):
    """Time that a later pay run pays is in cost to date, so it is in labor to date."""
    early = [
        accrued("24-001", "200", "8", date(2026, 11, 17)),
        accrued("24-001", "90", "4", date(2026, 11, 18), code="06-100"),
        accrued("24-001", "-200", "-8", date(2026, 11, 22)),
    ]
    found = firm(tmp_path, ONE, [*CREW, *early])
    leaves = [of_leaf(found, "actual_cost", code) for code in ("03-300", "06-100")]

    assert of(found, "labor_cost").value == sum(f.value or 0 for f in leaves) == D(2060 + 290)
    assert of(found, "labor_hours").value == D(70 + 12)
    assert of_leaf(found, "labor_cost", "06-100").value == leaves[1].value == D(650)
    assert "590.00 of it is time not yet in payroll" in of(found, "labor_cost").assumptions
    assert not any("billed labor" in a for a in of(found, "labor_cost").assumptions)
    add_up(found, of(found, "labor_cost"), of(found, "labor_hours"), of_leaf(found, "labor_cost", "06-100"))


def test_a_correction_takes_back_cost_and_hours(tmp_path: Path):
    found = firm(tmp_path, ONE, [PAID, wages("24-001", "-1200", "-48"), burden("24-001", "10")])

    assert (of(found, "labor_cost").value, of(found, "labor_hours").value) == (D(-190), D(-8))
    assert of(found, "labor_rate").value is None
    assert of(found, "burden_rate").value is None


def test_the_premium_is_a_third_of_overtime_pay_and_half_of_double_time(tmp_path: Path):
    pay = [premium_pay("24-001", "overtime_pay", "450"), premium_pay("24-001", "double_time_pay", "100")]

    found = firm(tmp_path, ONE, [*CREW, *pay])

    assert of(found, "overtime_premium").value == D("200.00")
    assert of_leaf(found, "overtime_premium", "03-300").value == D("200.00")
    assert of_leaf(found, "overtime_premium", "06-100").value == D("0.00")
    add_up(found, of(found, "overtime_premium"), of_leaf(found, "overtime_premium", "03-300"))


def test_without_a_register_nobody_knows_the_premium(tmp_path: Path):
    found = firm(tmp_path, ONE, [unpaid("24-001", "300", "10")])

    assert of(found, "overtime_premium").missing == ("wages (the payroll register)",)


def test_the_labor_part_of_the_estimate_leaves_no_labor_code_out(tmp_path: Path):
    plan = planned("24-001", budget="3000", hours="100")
    found = firm(tmp_path, ONE, [*CREW, *plan, contract("24-001", "50000"), budget("24-001", "12000")])

    assert of(found, "estimated_labor_at_completion").value == D("3000.00") + D("560.00")
    add_up(found, of(found, "estimated_labor_at_completion"))


def test_groups_recompute_their_rates_from_sums(tmp_path: Path):
    plans = [contract("24-001", "5000"), budget("24-001", "100"), contract("24-002", "5000"), budget("24-002", "10")]
    more = [wages("24-002", "100", "10"), burden("24-002", "90")]

    found = firm(tmp_path, [*ONE, job("24-002")], [*CREW, *plans, *more])

    assert found.portfolio_figure("labor_cost", "portfolio").value == D(2250)
    assert found.portfolio_figure("burden_rate", "portfolio").value == D(350) / D(1600)
    assert found.portfolio_figure("labor_rate", "portfolio").value == D(2250) / D(80)
    add_up(found, found.portfolio_figure("labor_rate", "portfolio"))


def test_the_formulas_against_numbers_worked_by_hand():
    assert formulas.burden_rate(D(360), D(1200)) == D("0.3")
    assert formulas.burdened_rate(D(1560), D(40)) == D(39)
    assert formulas.overtime_premium(D(450), D(0)) == D("150.00")
    assert formulas.overtime_premium(D(100), D(1)) == D("33.83")
    assert formulas.burn_index(D(600), D(1000), D("0.5")) == D("1.2")
    assert formulas.weeks_left(D(1000), D(600), D(80)) == D(5)
    assert formulas.weeks_left(D(1000), D(1100), D(80)) == D(0)
    assert formulas.labor_by_time(D(30000), D(4000), D(3)) == D("42000.00")
    assert formulas.labor_by_budget(D(30000), D(400), D(50)) == D("50000.00")
    assert formulas.profit_at_burn(D(100000), D(90000), D(40000), D(50000)) == D(0)


@given(positive, positive, positive, positive)
def test_terms_compute_what_decimals_compute(a: D, b: D, c: D, d: D):
    def every(x, y, z, w):
        return (
            formulas.burden_rate(x, y),
            formulas.overtime_premium(x, y),
            formulas.earned_hours(x, y),
            formulas.burn_index(x, y, z),
            formulas.weeks_left(x, y, z),
            formulas.labor_by_time(x, y, z),
            formulas.labor_by_budget(x, y, z),
            formulas.profit_at_burn(x, y, z, w),
        )

    assert [t.value for t in every(*map(constant, (a, b, c, d)))] == list(every(a, b, c, d))


@pytest.mark.parametrize("name", ["labor_cost", "labor_wages", "labor_hours"])
def test_cost_after_the_day_is_not_yet_known(tmp_path: Path, name: str):
    found = firm(tmp_path, ONE, [*CREW, wages("24-001", "77", "7", date(2026, 11, 22))])

    assert of(found, name).value == of(firm(tmp_path / "before", ONE, CREW), name).value
