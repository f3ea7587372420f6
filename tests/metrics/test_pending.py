"""What pending change orders could do to profit: all scenarios, worked by hand, with every assumption said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.metrics import Measures
from datablueprint.metrics.formulas import changes as formulas
from datablueprint.settings import ContractTerms, Policy
from tests.metrics.kit import fact, measures, readded
from tests.metrics.test_changes import facts_of, order

money = st.integers(-10_000_000, 10_000_000).map(lambda n: D(n).scaleb(-2))

JOB = [fact("original_contract", "10000"), fact("original_budget", "8000", "26-000", "S")]
OPEN = [
    order("procore:pco:2", "pending", "pending", "600", date(2026, 6, 1)),
    order("procore:pco:3", "pending", "proceeding", "400", date(2026, 10, 20)),
]
DECIDED = [
    order(f"procore:pco:{n}", status, status, "10", date(2026, 1, 1), number=f"D{n}", approved_on=None)
    for n, status in enumerate(["approved"] * 15 + ["rejected"] * 5, start=100)
]
A_QUARTER = Policy(change_order_markup=D("0.25"))


def supposed(folder: Path, orders: list[dict[str, Any]] | None = None, **settings: Any) -> Measures:
    orders = OPEN if orders is None else orders
    return measures(
        folder, [*JOB, *facts_of([o for o in orders if o["status"] == "pending"])], changes=orders, **settings
    )


def told(found: Measures, name: str, scope: str = "24-017"):
    return found.figure(name, found.scope(scope))


@pytest.mark.parametrize(
    ("name", "by_job", "by_markup"),
    [
        ("approve_all_profit", D("2200.00"), D("2200.00")),
        ("approve_all_margin", D("0.2"), D("0.2")),
        ("approve_all_profit_bound", D(2000), D(2000)),
        ("approve_all_margin_bound", D(2000) / D(11000), D(2000) / D(11000)),
        ("reject_all_profit", D("1680.00"), D("1680.00")),
        ("reject_all_margin", D("0.168"), D("0.168")),
        ("contract_value_with_pending", D(11000), D(11000)),
    ],
)
def test_scenarios_worked_by_hand(tmp_path: Path, name: str, by_job: D, by_markup: D):
    found = supposed(tmp_path)
    marked = supposed(tmp_path / "marked", policy=A_QUARTER)

    assert told(found, name).value == by_job
    assert told(marked, name).value == by_markup
    for made in (found, marked):
        assert readded(made, told(made, name)).discrepancies == []


def test_another_markup_is_another_cost(tmp_path: Path):
    found = supposed(tmp_path, policy=Policy(change_order_markup=D("0.10")))

    assert told(found, "approve_all_profit").value == D("2090.91")  # 2000 + 1000 - 1000 / 1.1
    assert told(found, "reject_all_profit").value == D("1636.36")
    said = "each pending change is taken to cost its price / (1 + the tenant's usual markup on changes)"
    assert said in told(found, "approve_all_profit").assumptions


def test_expected_needs_twenty_decided_changes(tmp_path: Path):
    few = supposed(tmp_path / "few", OPEN + DECIDED[:19])
    found = supposed(tmp_path / "all", OPEN + DECIDED)

    assert told(few, "expected_profit").missing == ("20 decided change orders (there are 19)",)
    assert told(found, "expected_profit").value == D("2070.00")  # 2000 + .75 x 1000 - (320 + .75 x 480)
    assert told(found, "expected_contract_value").value == D("10750.00")
    assert told(found, "expected_margin").value == D("2070") / D("10750")
    for name in ("expected_profit", "expected_margin"):
        assert readded(found, told(found, name)).discrepancies == []
    assert (
        "an approved change is taken to bring its full asked price (q = 1)"
        in told(found, "expected_profit").assumptions
    )


def test_nothing_pending_changes_nothing(tmp_path: Path):
    found = supposed(tmp_path, [])

    for name in ("approve_all_profit", "reject_all_profit", "approve_all_profit_bound"):
        assert told(found, name).value == told(found, "gross_profit_at_completion").value


def test_every_scenario_says_that_nothing_is_tagged_and_what_a_change_costs(tmp_path: Path):
    notes = told(supposed(tmp_path), "approve_all_profit").assumptions

    assert "none of their cost is in the estimate yet as far as the records tag it (S = 0)" in notes
    assert "each pending change is taken to cost its price x estimated cost / contract value of the job" in notes


def test_a_contract_of_nothing_needs_a_markup(tmp_path: Path):
    facts = [fact("original_contract", "0"), JOB[1], *facts_of(OPEN)]
    found = measures(tmp_path, facts, changes=OPEN)

    assert told(found, "approve_all_profit").missing[0].startswith("a cost of pending changes")
    assert told(found, "approve_all_profit_bound").value == D(-8000)


def test_a_price_that_follows_cost_is_said(tmp_path: Path):
    agreed = {"24-017": ContractTerms(type="gmp", fee=D(500))}
    found = supposed(tmp_path, policy=Policy(contract_terms=agreed))

    assert "the contract is not a lump sum" in " ".join(told(found, "approve_all_profit").assumptions)


@given(money, money, money)
def test_the_bound_earns_nothing(profit: D, price: D, cost: D):
    assert formulas.approve_all(profit, price, price) == profit
    assert formulas.approve_all(profit, price, cost) - formulas.approve_all(profit, D(0), D(0)) == price - cost


@given(money, money, money, money)
def test_certainty_is_approval_and_impossibility_is_rejection(profit: D, price: D, going: D, other: D):
    assert formulas.expected(profit, price, going, other, D(1)) == formulas.approve_all(profit, price, going + other)
    assert formulas.expected(profit, price, going, other, D(0)) == formulas.reject_all(profit, going)
