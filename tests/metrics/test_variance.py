"""Rate and efficiency explain all of a labor variance, and what cannot be explained is named."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.metrics import Figure, Measures, scopes
from datablueprint.metrics.formulas import variance as formulas
from datablueprint.metrics.terms import constant
from tests.metrics.crews import budget, burden, contract, cost, entity, planned, wages
from tests.metrics.kit import AS_OF, firm, job, readded

ONE = [job("24-001")]
NAMES = ("labor_rate_variance", "labor_efficiency_variance", "labor_total_variance")
money = st.integers(-100_000_00, 900_000_00).map(lambda n: D(n).scaleb(-2))
hours = st.integers(0, 90_000_00).map(lambda n: D(n).scaleb(-2))
planned_hours = st.integers(1, 90_000_00).map(lambda n: D(n).scaleb(-2))
shares = st.integers(0, 30_000).map(lambda n: D(n) / D(30_000))


def of(found: Measures, name: str) -> Figure:
    return found.project_figure(name, found.projects[entity("24-001")])


def of_leaf(found: Measures, name: str, code: str = "03-300", kind: str = "L") -> Figure:
    return found.figure(name, scopes.of_leaf(found.projects[entity("24-001")], code, kind))


def values(found: Measures) -> list[D | None]:
    return [of_leaf(found, name).value for name in NAMES]


@given(money, planned_hours, shares, hours, money)
def test_rate_and_efficiency_add_up_to_the_total_exactly(budget: D, planned: D, done: D, worked: D, spent: D):
    rate, allowed = formulas.standard_rate(budget, planned), formulas.standard_hours(done, planned)

    parts = formulas.rate_variance(rate, worked, spent) + formulas.efficiency_variance(rate, allowed, worked)

    assert parts == formulas.total_variance(rate, allowed, spent)


@given(money, planned_hours, shares, hours, money)
def test_terms_compute_what_decimals_compute(a: D, b: D, c: D, d: D, e: D):
    def every(a, b, c, d, e):
        rate, allowed = formulas.standard_rate(a, b), formulas.standard_hours(c, b)
        return (
            formulas.rate_variance(rate, d, e),
            formulas.efficiency_variance(rate, allowed, d),
            formulas.total_variance(rate, allowed, e),
            formulas.total_variance_of_money(c * a, e),
        )

    assert [t.value for t in every(*map(constant, (a, b, c, d, e)))] == list(every(a, b, c, d, e))


def test_numbers_worked_by_hand():
    """Budget 9,000 for 180 hours, half done: 90 hours allowed at 50. It took 100 hours and 5,200."""
    rate, allowed = formulas.standard_rate(D(9000), D(180)), formulas.standard_hours(D("0.5"), D(180))

    assert (rate, allowed) == (D(50), D(90))
    assert formulas.actual_rate(D(5200), D(100)) == D(52)
    assert formulas.rate_variance(rate, D(100), D(5200)) == D(-200)
    assert formulas.efficiency_variance(rate, allowed, D(100)) == D(-500)
    assert formulas.total_variance(rate, allowed, D(5200)) == D(-700)


HALF_DONE = [
    *planned("24-001", budget="9000", hours="180", done="0.5"),
    wages("24-001", "4200", "100"),
    burden("24-001", "1000"),
]


def test_a_leaf_is_measured_against_the_hours_its_work_was_allowed(tmp_path: Path):
    found = firm(tmp_path, ONE, HALF_DONE)

    assert values(found) == [D(-200), D(-500), D(-700)]
    assert of_leaf(found, "labor_standard_rate").value == D(50)
    assert of_leaf(found, "labor_standard_hours").value == D(90)
    assert of_leaf(found, "labor_actual_rate").value == D(52)
    for name in (*NAMES, "labor_standard_rate", "labor_standard_hours", "labor_actual_rate"):
        assert readded(found, of_leaf(found, name)).discrepancies == [], name
        assert readded(found, of(found, name)).discrepancies == [], name


def test_a_project_is_the_sum_of_its_codes_and_names_those_left_out(tmp_path: Path):
    facts = [
        *HALF_DONE,
        *planned("24-001", budget="1000", hours="20", done="1", code="06-100"),
        wages("24-001", "900", "18", code="06-100"),
        *planned("24-001", budget="500", hours="10", code="09-900"),
        wages("24-001", "100", "2", code="09-900"),
    ]

    found = firm(tmp_path, ONE, facts)

    assert [of(found, name).value for name in NAMES] == [D(-200), D(-400), D(-600)]
    assert of(found, "labor_total_variance").method == "sum over 2 of 3 labor codes"
    left_out = "09-900 L is left out: physical progress (planned and installed quantities in Procore) is missing"
    assert left_out in of(found, "labor_total_variance").assumptions
    assert of(found, "labor_standard_hours").value == D(110)
    assert of(found, "labor_standard_rate").value == D(10500) / D(210)
    assert of(found, "labor_actual_rate").value == D(6200) / D(120)
    for name in NAMES:
        assert readded(found, of(found, name)).discrepancies == []


def test_hours_that_were_never_budgeted_are_unbudgeted_labor(tmp_path: Path):
    found = firm(tmp_path, ONE, [*HALF_DONE, wages("24-001", "640.50", "12", code="02-400")])

    figure = of_leaf(found, "labor_rate_variance", "02-400")

    unplanned = "all 640.50 on 12.00 hours is unbudgeted labor"
    assert figure.missing == (f"budget hours (the Procore budget): {unplanned}",)
    assert of(found, "unbudgeted_labor").value == D("640.50")
    assert f"02-400 L: {unplanned}" in of(found, "unbudgeted_labor").assumptions
    assert of(found, "labor_total_variance").value == D(-700)
    assert readded(found, of(found, "unbudgeted_labor")).discrepancies == []


def test_a_budget_of_dollars_without_hours_has_only_a_total(tmp_path: Path):
    facts = [*planned("24-001", budget="9000", done="0.5"), wages("24-001", "5200", "100")]

    found = firm(tmp_path, ONE, facts)

    assert values(found) == [None, None, D(-700)]
    assert of_leaf(found, "labor_rate_variance").missing == ("budget hours (the Procore budget)",)
    assert "the budget has no hours: there is only a total" in of_leaf(found, "labor_total_variance").assumptions
    assert readded(found, of_leaf(found, "labor_total_variance")).discrepancies == []


def test_more_than_all_of_the_work_has_no_variance(tmp_path: Path):
    facts = [*planned("24-001", budget="9000", hours="180", done="1.2"), wages("24-001", "5200", "100")]

    found = firm(tmp_path, ONE, facts)

    assert values(found) == [None, None, None]
    assert of_leaf(found, NAMES[0]).missing == ("progress between 0 and 1 (Procore has more installed than planned)",)


def test_no_hours_and_no_cost_have_no_rate_variance(tmp_path: Path):
    found = firm(tmp_path, ONE, planned("24-001", budget="9000", hours="180", done="0.5"))

    assert values(found) == [D(0), D(4500), D(4500)]
    assert of_leaf(found, "labor_actual_rate").value is None


def test_cost_without_hours_is_all_rate_and_says_so(tmp_path: Path):
    agency = cost("24-001", "700", AS_OF, kind="L", code="03-300")

    found = firm(tmp_path, ONE, [*planned("24-001", budget="9000", hours="180", done="0"), agency])

    assert values(found) == [D(-700), D(0), D(-700)]
    assert "700.00 of cost carries no hours" in of_leaf(found, "labor_rate_variance").assumptions


def test_labor_that_was_credited_back_is_favourable(tmp_path: Path):
    facts = [*planned("24-001", budget="9000", hours="180", done="0"), wages("24-001", "-300", "-6")]

    assert values(firm(tmp_path, ONE, facts)) == [D(0), D(300), D(300)]


@pytest.mark.parametrize("name", NAMES)
def test_a_job_without_labor_has_no_labor_variance(tmp_path: Path, name: str):
    found = firm(tmp_path, ONE, [cost("24-001", "700", AS_OF)])

    assert of(found, name).missing == ("self-performed labor (a cost code of type L)",)
    assert of_leaf(found, name, "26-000", "S").value is None


def test_groups_add_variances(tmp_path: Path):
    plans = [contract("24-001", "90000"), budget("24-001", "100")]

    figure = (found := firm(tmp_path, ONE, [*HALF_DONE, *plans])).portfolio_figure("labor_rate_variance", "portfolio")

    assert figure.value == D(-200)
    assert readded(found, figure).discrepancies == []
