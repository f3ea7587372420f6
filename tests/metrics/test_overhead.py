"""Overhead lands on jobs month by month, foots to the pool, and is a range, because the base is a choice."""

from __future__ import annotations

import time
from datetime import date, timedelta
from decimal import Decimal as D
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.metrics import Figure, Measures, overhead
from datablueprint.metrics.formulas import overhead as formulas
from datablueprint.metrics.overhead_pool import BASES, borne_by
from datablueprint.metrics.terms import constant
from datablueprint.settings import Policy
from tests.metrics.crews import applied, budget, burden, contract, cost, entity, office, wages
from tests.metrics.kit import firm, job, readded

SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 15)
TWO = [job("24-001"), job("24-002")]
PLANS = [contract("24-001", "5000"), budget("24-001", "4000"), contract("24-002", "9000"), budget("24-002", "6000")]


def of(found: Measures, name: str, number: str = "24-001") -> Figure:
    return found.project_figure(name, found.projects[entity(number)])


def of_firm(found: Measures, name: str) -> Figure:
    return found.figure(name, found.company)


def add_up(found: Measures, *figures: Figure) -> None:
    for figure in figures:
        assert readded(found, figure).discrepancies == [], figure.figure_id


cents = st.integers(-50_000_00, 500_000_00).map(lambda n: D(n).scaleb(-2))
bases = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.fractions(-1000, 100_000), max_size=12)


@given(cents, bases)
def test_shares_add_to_the_pool_whatever_its_sign_and_whatever_the_bases(pool: D, base: dict[str, Fraction]):
    shares = formulas.shares(pool, base)

    assert sum(shares.values(), D(0)) == (pool if any(b > 0 for b in base.values()) else 0)
    assert all(base[name] > 0 for name in shares)
    assert all((share >= 0) if pool >= 0 else (share <= 0) for share in shares.values())


@given(cents, bases)
def test_no_share_is_a_cent_away_from_its_exact_ratio(pool: D, base: dict[str, Fraction]):
    whole = sum((b for b in base.values() if b > 0), Fraction(0))

    for name, share in formulas.shares(pool, base).items():
        assert abs(Fraction(share) - Fraction(pool) * base[name] / whole) < Fraction(1, 100)


def test_odd_cents_go_to_the_largest_remainder_and_ties_to_the_first_name():
    assert formulas.shares(D("100.00"), {"b": Fraction(1), "a": Fraction(1), "c": Fraction(1)}) == {
        "a": D("33.34"),
        "b": D("33.33"),
        "c": D("33.33"),
    }
    assert formulas.shares(D("-0.01"), {"a": Fraction(1), "b": Fraction(2)}) == {"a": D("0.00"), "b": D("-0.01")}


def test_a_rate_set_in_advance_is_compared_with_what_overhead_really_was():
    charged = formulas.applied_overhead(D("0.12"), D(250000))

    assert charged == D("30000.00")
    assert formulas.under_applied(D(32500), charged) == D("2500.00")
    assert formulas.under_applied(D(29000), charged) == D("-1000.00")


def test_overhead_to_come_is_never_negative():
    assert formulas.overhead_to_come(D("0.1"), D(1000), D(400)) == D("60.00")
    assert formulas.overhead_to_come(D("0.1"), D(1000), D(1400)) == D("0.00")
    assert formulas.overhead_to_come(*(constant(D(n)) for n in ("0.1", "1000", "400"))).value == D("60.00")


def test_net_profit_is_gross_less_overhead_and_breaks_even_at_its_own_rate():
    assert formulas.net_profit(D(1000), D(1200)) == D(-200)
    assert formulas.break_even_rate(D(1000), D(8000)) == D("0.125")


def test_each_month_is_spread_over_that_months_work_only(tmp_path: Path):
    facts = [
        *PLANS,
        office("100", SEPTEMBER),
        office("900", OCTOBER),
        cost("24-001", "1000", SEPTEMBER),
        cost("24-001", "1000", OCTOBER),
        cost("24-002", "3000", OCTOBER),
    ]

    found = firm(tmp_path, TWO, facts)

    assert of(found, "overhead_to_date_OA4").value == D("100.00") + D("225.00")
    assert of(found, "overhead_to_date_OA4", "24-002").value == D("675.00")
    add_up(found, of(found, "overhead_to_date_OA4"), of(found, "overhead_to_date_OA4", "24-002"))


def test_what_is_to_come_goes_at_the_rate_of_the_same_twelve_months(tmp_path: Path):
    """600 of overhead on 2,000 of cost is 0.3; 3,000 of 4,000 is still to be spent."""
    facts = [*PLANS, office("600", OCTOBER), cost("24-001", "1000", OCTOBER), cost("24-002", "1000", OCTOBER)]

    found = firm(tmp_path, TWO, facts)
    figure = of(found, "overhead_at_completion")

    assert of_firm(found, "overhead_rate").value == D("0.3")
    assert figure.value == D("300.00") + D("900.00")
    assert of(found, "net_profit_at_completion").value == D(1000) - D(1200)
    assert of(found, "net_margin_at_completion").value == D(-200) / D(5000)
    assert of(found, "break_even_overhead_rate").value == D(1000) / D(4000)
    names = ("overhead_at_completion", "net_margin_at_completion", "break_even_overhead_rate", "overhead_to_date")
    add_up(found, *(of(found, name) for name in names), of_firm(found, "overhead_rate"))


def test_the_four_bases_give_a_range_and_each_is_proved(tmp_path: Path):
    paid = wages("24-001", "500", "10", OCTOBER)
    facts = [
        *PLANS,
        budget("24-001", "600", "03-300", "L"),
        office("600", OCTOBER),
        paid,
        burden("24-001", "100", OCTOBER),
        cost("24-001", "1000", OCTOBER),
        wages("24-002", "600", "30", OCTOBER),
        cost("24-002", "2600", OCTOBER),
    ]

    found = firm(tmp_path, TWO, facts)
    told = {code: of(found, f"overhead_to_date_{code}").value for code in BASES}

    assert told["OA1"] == D("300.00")
    assert told["OA2"] == D("150.00")
    assert told["OA4"] == D("200.00")
    earned = {"a": Fraction(1600) * 5000 / 4600, "b": Fraction(3200) * 9000 / 6600}
    assert told["OA3"] == formulas.shares(D(600), earned)["a"]
    for code in BASES:
        add_up(found, of(found, f"overhead_at_completion_{code}"), of(found, f"net_margin_at_completion_{code}"))
        add_up(found, of_firm(found, f"overhead_rate_{code}"))
    assert (
        "over the four bases it ranges from 150.00 (OA2) to 300.00 (OA1)" in of(found, "overhead_to_date").assumptions
    )
    assert of_firm(found, "overhead_rate_OA2").value == D(15)
    assert of_firm(found, "overhead_rate_OA2").metric.unit == "money_per_hour"


@pytest.mark.parametrize("code", BASES)
def test_what_jobs_bear_adds_up_to_the_pool_in_every_month(tmp_path: Path, code: str):
    """Tie-out T4, with a refund month, a credit on a job and a month of office cost only."""
    facts = [*PLANS, budget("24-002", "100", "03-300", "L")]
    for month, pool in ((7, "100.01"), (8, "-33.34"), (9, "70"), (10, "55.55"), (11, "0")):
        facts.append(office(pool, date(2026, month, 3)))
        if month != 9:
            for number, hours in (("24-001", "7"), ("24-002", "3")):
                facts.append(wages(number, f"{month}1.37", hours, date(2026, month, 8)))
                facts.append(cost(number, f"{month}00", date(2026, month, 8)))
    facts.append(cost("24-002", "-5000", date(2026, 8, 20)))

    found = firm(tmp_path, TWO, facts)

    for month in overhead.months(found):
        borne = sum(borne_by(found, project, month, code) for project in found.projects.values())
        assert borne + month.unallocated(code) == month.pool
    whole = sum(of(found, f"overhead_to_date_{code}", n).value or 0 for n in ("24-001", "24-002"))
    assert whole == D("100.01") - D("33.34") + D("55.55")
    add_up(found, of(found, f"overhead_to_date_{code}"), of(found, f"overhead_at_completion_{code}", "24-002"))
    add_up(found, of_firm(found, f"overhead_rate_{code}"))


def test_a_month_without_work_stays_unallocated_and_is_shown(tmp_path: Path):
    facts = [*PLANS, office("70", SEPTEMBER), office("100", OCTOBER), cost("24-001", "1000", OCTOBER)]

    found = firm(tmp_path, TWO, facts)
    september = overhead.months(found)[0]

    assert (september.first, september.pool, september.rate("OA4")) == (date(2026, 9, 1), D(70), None)
    assert september.unallocated("OA4") == D(70)
    assert of(found, "overhead_to_date_OA4").value == D("100.00")
    said = "unallocated, because no job had any total direct cost: 70.00 of 2026-09"
    assert said in of(found, "overhead_to_date_OA4").assumptions


def test_a_job_of_credits_bears_nothing_that_month_and_its_base_is_not_below_zero(tmp_path: Path):
    facts = [
        *PLANS,
        office("100", OCTOBER),
        cost("24-001", "-400", OCTOBER),
        cost("24-002", "1000", OCTOBER),
        cost("24-001", "600", NOVEMBER),
        office("60", NOVEMBER),
    ]

    found = firm(tmp_path, TWO, facts)

    assert of(found, "overhead_to_date_OA4").value == D("60.00")
    assert of(found, "overhead_to_date_OA4", "24-002").value == D("100.00")
    assert of_firm(found, "overhead_rate_OA4").value == D(160) / D(1600)
    assert of(found, "overhead_at_completion_OA4").value == D("60.00") + D("0.1") * (D(4000) - D(600))
    add_up(found, of(found, "overhead_at_completion_OA4"), of_firm(found, "overhead_rate_OA4"))


def test_premiums_paid_clear_against_premiums_applied_unless_the_tenant_keeps_them_apart(tmp_path: Path):
    paid = wages("24-001", "1000", "20", OCTOBER)
    facts = [*PLANS, paid, applied(paid, "workers_comp", "0.05"), office("300", OCTOBER)]
    facts += [office("80", OCTOBER, "burden_paid")]

    cleared = firm(tmp_path / "cleared", TWO, facts)
    apart = firm(tmp_path / "apart", TWO, facts, policy=Policy(burden_clearing="apart"))

    assert of_firm(cleared, "overhead_pool_12_months").value == D(300) + 80 - 50
    assert of_firm(apart, "overhead_pool_12_months").value == D(300)
    assert of(cleared, "overhead_to_date_OA4").value == D("330.00")
    add_up(cleared, of_firm(cleared, "overhead_pool_12_months"), of(cleared, "overhead_to_date_OA4"))


def test_the_pool_of_the_month_ends_on_the_day(tmp_path: Path):
    facts = [*PLANS, office("70", date(2026, 11, 3)), office("5", date(2026, 11, 25)), cost("24-001", "10", NOVEMBER)]

    found = firm(tmp_path, TWO, facts)

    assert of_firm(found, "overhead_pool").value == D(70)
    add_up(found, of_firm(found, "overhead_pool"))


def test_the_rate_forgets_what_is_older_than_twelve_calendar_months(tmp_path: Path):
    facts = [*PLANS]
    for on, pool in ((date(2025, 11, 30), "900"), (date(2025, 12, 1), "100"), (NOVEMBER, "100")):
        facts += [office(pool, on), cost("24-001", "1000", on)]

    found = firm(tmp_path, TWO, facts)

    assert of_firm(found, "overhead_rate").value == D("0.1")
    assert of(found, "overhead_to_date").value == D("1100.00")


def test_without_any_overhead_on_record_it_is_missing_by_name(tmp_path: Path):
    found = firm(tmp_path, TWO, [*PLANS, cost("24-001", "10", NOVEMBER)])

    for name in ("overhead_to_date", "overhead_at_completion", "net_margin_at_completion"):
        assert of(found, name).missing == ("overhead (expenses without a job in QuickBooks)",)
    assert of_firm(found, "overhead_pool").missing == ("overhead (expenses without a job in QuickBooks)",)


def test_a_base_that_nobody_has_is_missing_and_named_in_the_range(tmp_path: Path):
    found = firm(tmp_path, TWO, [*PLANS, office("100", NOVEMBER), cost("24-001", "1000", NOVEMBER)])

    assert of(found, "overhead_to_date_OA2").missing == ("direct labor hours of any job (the base OA2 of overhead)",)
    [ranged] = [a for a in of(found, "overhead_to_date").assumptions if "four bases" in a]
    assert "OA2 is unavailable (direct labor hours of any job" in ranged


def test_a_job_older_than_the_overhead_on_record_is_graded_and_told_so(tmp_path: Path):
    facts = [*PLANS, office("100", NOVEMBER), cost("24-001", "1000", SEPTEMBER), cost("24-001", "1000", NOVEMBER)]

    found = firm(tmp_path, TWO, facts)

    assert of(found, "net_margin_at_completion").grade == "C"
    assert any("has cost since 2026-09" in a for a in of(found, "overhead_to_date").assumptions)
    assert of(found, "gross_margin_at_completion").grade == "A"


def test_a_closed_job_has_nothing_to_come(tmp_path: Path):
    jobs = [job("24-001", closed=True), job("24-002")]
    facts = [*PLANS, office("100", OCTOBER), cost("24-001", "1000", OCTOBER), cost("24-002", "1000", OCTOBER)]

    found = firm(tmp_path, jobs, facts)

    for code in ("OA3", "OA4"):
        figure = of(found, f"overhead_at_completion_{code}")
        assert figure.value == of(found, f"overhead_to_date_{code}").value
        add_up(found, figure)


def test_a_job_without_a_price_earns_no_revenue_to_bear_overhead_with(tmp_path: Path):
    facts = [*PLANS[1:], office("100", OCTOBER), cost("24-001", "1000", OCTOBER), cost("24-002", "10", OCTOBER)]

    found = firm(tmp_path, TWO, facts)

    assert of(found, "overhead_to_date_OA3").value == D(0)
    assert of(found, "overhead_to_date_OA3", "24-002").value == D("100.00")
    assert of(found, "overhead_at_completion_OA3").missing == ("contract value (a signed prime contract in Procore)",)
    add_up(found, of(found, "overhead_to_date_OA3", "24-002"))


def test_the_portfolio_sums_net_profit_and_recomputes_the_margin(tmp_path: Path):
    facts = [*PLANS, office("600", OCTOBER), cost("24-001", "1000", OCTOBER), cost("24-002", "1000", OCTOBER)]

    found = firm(tmp_path, TWO, facts)
    figure = found.portfolio_figure("net_margin_at_completion", "portfolio")

    profits = [of(found, "net_profit_at_completion", n).value for n in ("24-001", "24-002")]
    assert figure.value == sum(p for p in profits if p is not None) / D(14000)
    add_up(found, figure)


def test_an_altered_expense_is_noticed(tmp_path: Path):
    """A share that was worked out from another pool does not re-add."""
    facts = [*PLANS, office("600", OCTOBER), cost("24-001", "1000", OCTOBER), cost("24-002", "1000", OCTOBER)]
    found = firm(tmp_path, TWO, facts)
    figure = of(found, "overhead_to_date_OA4")

    other = firm(tmp_path / "other", TWO, [*facts[:-3], office("601", OCTOBER), *facts[-2:]])
    other._figures[figure.metric.name, figure.scope] = figure

    assert "re-added" in readded(other, figure).discrepancies[0]


def test_three_years_of_two_hundred_jobs_on_four_bases_take_seconds(tmp_path: Path):
    numbers = [f"J{n:03d}" for n in range(200)]
    facts = [office("12345.67", date(2023, 12, 28) + timedelta(days=30 * m)) for m in range(36)]
    for place, number in enumerate(numbers):
        facts += [contract(number, "500000"), budget(number, "400000")]
        for month in range(36):
            day = date(2023, 12, 28) + timedelta(days=30 * month)
            facts.append(wages(number, f"{1000 + place}.13", "40", day))
    found = firm(tmp_path, [job(n) for n in numbers], facts)

    started = time.perf_counter()
    for project in found.projects.values():
        for code in BASES:
            assert found.project_figure(f"overhead_at_completion_{code}", project).term
    assert time.perf_counter() - started < 30
