"""Burden as textbooks and vendors work it out (facts/payroll.md 5.5 to 5.7), on plain numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.errors import SettingsError
from datablueprint.ledger import burden, rates
from datablueprint.ledger.book import spread

D = Decimal
HOURS = [D(20), D(8), D(12), D(5)]
"""Job A code 03, job A code 06, job B code 06, shop."""


def worked_example() -> dict[str, Decimal]:
    """One employee at $30, 45 hours, in the first weeks of 2026."""
    gross, overtime_pay = D(1425), D(225)
    taxes = sum(burden.statutory_taxes(D(0), gross, 2026).values())
    taxes += burden.state_unemployment(D(0), gross, rate=D("0.027"), base=D(30600))
    return {
        "straight": gross - burden.overtime_premium(overtime_pay),
        "premium": burden.overtime_premium(overtime_pay),
        "taxes": taxes,
        "benefits": D("177.00"),
        "workers_comp": burden.workers_compensation(gross, D("5.46"), overtime_pay=overtime_pay),
        "liability": burden.applied(gross, D("0.0075")),
    }


def test_the_amounts_of_the_worked_example():
    amounts = worked_example()

    assert list(amounts.values()) == [D("1350"), D("75"), D("156.04"), D("177.00"), D("73.71"), D("10.69")]
    assert sum(amounts.values()) == D("1842.44")


def test_the_worked_example_spread_over_its_groups():
    groups = burden.spread_run(worked_example(), HOURS)

    columns = {name: [group[name] for group in groups] for name in groups[0]}
    assert columns["straight"] == [D("600.00"), D("240.00"), D("360.00"), D("150.00")]
    assert columns["taxes"] == [D("69.35"), D("27.74"), D("41.61"), D("17.34")]
    assert columns["benefits"] == [D("78.67"), D("31.47"), D("47.20"), D("19.66")]
    assert columns["workers_comp"] == [D("32.76"), D("13.10"), D("19.66"), D("8.19")]
    assert columns["liability"] == [D("4.75"), D("1.90"), D("2.85"), D("1.19")]


def test_the_odd_cent_of_a_tie_goes_to_the_first_group():
    """The example's table gives this one cent of a three-way tie to the last group; every rule of ties is as right."""
    groups = burden.spread_run(worked_example(), HOURS)

    assert [group["premium"] for group in groups] == [D("33.34"), D("13.33"), D("20.00"), D("8.33")]
    assert [sum(group.values()) for group in groups] == [D("818.87"), D("327.54"), D("491.32"), D("204.71")]


def test_an_applied_rate_can_be_over_applied():
    actual = sum(worked_example().values()) - D(1425)

    assert burden.applied(D(1425), D("0.38")) - actual == D("124.06")


def test_quickbooks_splits_taxes_like_the_earnings_of_the_paycheck():
    taxes = burden.statutory_taxes(D(0), D(1000), 2026)

    assert spread(taxes["social_security"], [D(600), D(400)]) == [D("37.20"), D("24.80")]
    assert spread(taxes["medicare"], [D(600), D(400)]) == [D("8.70"), D("5.80")]


def test_the_hour_of_the_quickbooks_help_costs_28_07():
    shares = [D(s) for s in ("0.132", "0.035", "0.0145", "0.062", "0.037", "0.008", "0.10")]

    assert burden.burdened_rate(D(20), shares=shares, per_hour=[D("0.30")]) == D("28.07")


def test_added_on_or_allocated_the_same_hours_cost_the_same():
    labor, on_top = burden.applied(D(10), D(41)), burden.applied(D(10), D(14))

    assert (labor, on_top, labor + on_top) == (D("410.00"), D("140.00"), D("550.00"))
    assert burden.applied(D(10), D(40) + D(14)) == D("540.00")


def test_a_mason_costs_41_41_per_hour_worked():
    assert burden.burdened_hour(D(89436), D(2160)) == D("41.41")
    assert burden.employer_social_security(D(0), D(70720), 2026) == D("4384.64")
    assert burden.workers_compensation(D(70720), D("7.25")) == D("5127.20")


def test_overtime_premium_is_a_third_of_time_and_a_half_and_half_of_double_time():
    assert burden.overtime_premium(D("78.00")) == D("26.00")
    assert burden.overtime_premium(D(0), D(100)) == D(50)


def test_caps_of_2026():
    assert burden.employer_social_security(D(0), D(500_000), 2026) == D("11439.00")
    assert burden.employer_social_security(D(184_000), D(2_000), 2026) == D("31.00")
    assert burden.employer_social_security(D(184_500), D(2_000), 2026) == 0
    assert burden.employer_medicare(D(500_000), 2026) == D("7250.00")
    assert burden.employer_futa(D(0), D(100_000), 2026) == D("42.00")


def test_a_state_with_a_federal_loan_costs_more_in_january():
    assert burden.futa_credit_reduction(D(60_000), 2025, "CA") == D("84.00")
    assert burden.futa_credit_reduction(D(60_000), 2025, "CO") == 0


def test_a_year_without_a_file_is_refused_by_name():
    with pytest.raises(SettingsError, match=r"rates of 1999 are on file; add us_1999\.toml"):
        burden.employer_medicare(D(1), 1999)


@pytest.mark.parametrize("year", sorted(rates.years()))
def test_every_file_holds_its_own_year_and_names_its_sources(year: int):
    found = rates.of_year(year)

    assert found.year == year
    assert all(found.sources.values())
    assert found.social_security_cap > found.futa_base > 0


wages = st.lists(st.integers(0, 4_000_000).map(lambda n: Decimal(n).scaleb(-2)), min_size=1, max_size=40)


@given(wages, st.integers(1, 20_000_000).map(lambda n: Decimal(n).scaleb(-2)))
def test_pay_run_by_pay_run_exactly_the_capped_wages_of_the_year_are_taxed(runs: list[Decimal], cap: Decimal):
    before, taxed = D(0), D(0)

    for gross in runs:
        taxed += burden.taxable(before, gross, cap)
        before += gross

    assert taxed == min(cap, sum(runs))


@given(wages, st.integers(0, 50_000_000).map(lambda n: Decimal(n).scaleb(-2)))
def test_a_correction_takes_back_what_was_taxed(runs: list[Decimal], cap: Decimal):
    before = sum(runs, D(0))

    assert burden.taxable(before, runs[0], cap) == -burden.taxable(before + runs[0], -runs[0], cap)
