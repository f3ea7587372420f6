"""The formulas against numbers worked by hand, on Decimals and on terms alike."""

from __future__ import annotations

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from datablueprint.metrics import formulas
from datablueprint.metrics.terms import cents, constant, largest

money = st.integers(-10_000_000, 100_000_000).map(lambda n: D(n).scaleb(-2))
positive = st.integers(1, 100_000_000).map(lambda n: D(n).scaleb(-2))


def test_commitments_and_their_invoices_are_not_added_twice():
    assert formulas.eac_committed(D(1000), D(900), actual=D(450), invoiced=D(400)) == D(1000)
    assert formulas.eac_committed(D(1000), D(980), actual=D(450), invoiced=D(400)) == D(1030)


def test_a_forecast_to_complete_comes_on_top_of_projected_cost():
    assert formulas.eac_manual(D(900), D(450), D(400), D(75)) == D(1025)


def test_labor_at_half_progress_takes_as_many_hours_again():
    assert formulas.eac_labor_hours(D(5000), hours=D(100), progress=D("0.5"), rate=D(55)) == D(10500)


def test_the_earned_value_trend_is_cost_over_progress():
    assert formulas.eac_earned_value(D(300), D("0.25")) == D(1200)


def test_three_weeks_at_a_thousand_a_week():
    assert formulas.eac_burn_rate(D(7000), D(1000), D(3)) == D(10000)


def test_margin_of_a_loss_is_negative():
    assert formulas.margin(formulas.gross_profit(D(100), D(120)), D(100)) == D("-0.2")


@given(money, positive, money, positive)
def test_terms_compute_what_decimals_compute(a: D, b: D, c: D, d: D):
    numbers = (a, b, c, d)
    terms = tuple(constant(n) for n in numbers)

    def every(x, y, z, w):
        return (
            formulas.eac_committed(x, y, z, w),
            formulas.eac_budget_or_actual(x, z, w),
            formulas.eac_manual(x, y, z, w),
            formulas.eac_earned_value(x, y),
            formulas.eac_labor_hours(x, y, w, z),
            formulas.floored(x, y, z),
            cents(formulas.margin(x, y)),
            largest(x, y, z),
        )

    assert [t.value for t in every(*terms)] == list(every(*numbers))


@given(money, money, positive)
def test_an_estimate_is_never_below_what_is_spent_and_signed(eac: D, actual: D, open_commitment: D):
    floored = formulas.floored(eac, actual, open_commitment)

    assert floored >= eac
    assert floored >= actual + open_commitment
