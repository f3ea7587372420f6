"""What the contractor expects to be entitled to, by type of contract, on numbers worked by hand."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.metrics import Measures
from datablueprint.metrics.formulas import price as formulas
from datablueprint.metrics.terms import constant
from datablueprint.settings import ContractTerms, Policy
from tests.metrics.kit import fact, measures, readded

money = st.integers(-10_000_000, 100_000_000).map(lambda n: D(n).scaleb(-2))
rate = st.integers(0, 10_000).map(lambda n: D(n).scaleb(-4))

LABOR = ("03-300", "L")
PAID = [{"record_id": "paid", "pointer": "/amount", "role": "amount"}]
CONTRACTS = [fact("original_contract", "100000"), fact("approved_change", "5000")]
COSTS = [
    fact("original_budget", "60000", "26-000", "S"),
    fact("original_budget", "20000", *LABOR),
    fact("original_budget", "4000", "01-740", "O"),
    fact("budget_hours", None, *LABOR, hours=D(400), evidence=[PAID[0] | {"record_id": "plan", "pointer": "/hours"}]),
    fact(
        "cost",
        "5000",
        *LABOR,
        hours=D(100),
        evidence=[*PAID, {"record_id": "paid", "pointer": "/hours", "role": "weight"}],
    ),
]
"""Estimate at completion 84,000: 60,000 electrical, 20,000 labor of 400 hours, 4,000 cleaning."""


def found(folder: Path, facts: list[dict[str, Any]] | None = None, **terms: Any) -> Measures:
    agreed = {"24-017": ContractTerms(**terms)} if terms else {}
    return measures(folder, CONTRACTS + COSTS if facts is None else facts, policy=Policy(contract_terms=agreed))


def told(found: Measures, name: str = "contract_value"):
    return found.figure(name, found.scope("24-017"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("original_contract_value", 100000),
        ("approved_change_orders", 5000),
        ("revised_contract_value", 105000),
        ("contract_value", 105000),
    ],
)
def test_a_lump_sum_is_what_is_signed(tmp_path: Path, name: str, value: int):
    made = found(tmp_path)

    assert told(made, name).value == value
    assert readded(made, told(made, name)).discrepancies == []


@pytest.mark.parametrize(
    ("terms", "value"),
    [
        ({"type": "cost_plus_fixed_fee", "fee": "7000"}, "91000.00"),
        ({"type": "cost_plus_fixed_fee", "fee": "7000", "non_reimbursable_codes": ("01-74",)}, "87000.00"),
        ({"type": "cost_plus_percent", "fee_rate": "0.0875"}, "91350.00"),
        ({"type": "gmp", "fee": "7000"}, "91000.00"),
        ({"type": "gmp", "fee": "7000", "savings_share": "0.4"}, "96600.00"),
        ({"type": "gmp", "fee": "7000", "gmp": "95000", "savings_share": "0.4"}, "94600.00"),
        ({"type": "gmp", "fee": "7000", "gmp": "80000", "savings_share": "0.4"}, "85000.00"),
        ({"type": "time_and_materials", "billing_rates": {"": "90", "03": "65"}, "markup": "0.10"}, "96400.00"),
        ({"type": "time_and_materials", "billing_rates": {"": "65"}, "not_to_exceed": "80000"}, "80000.00"),
        ({"type": "unit_price", "unit_prices": {"26": "3.505"}, "projected_quantities": {"26": "1001"}}, "3508.51"),
        ({"type": "lump_sum"}, "105000"),
    ],
)
def test_other_contracts_pay_by_their_terms(tmp_path: Path, terms: dict[str, Any], value: str):
    made = found(tmp_path, **terms)

    assert told(made).value == D(value)
    assert readded(made, told(made)).discrepancies == []
    assert told(made).metric.label == "contract value"


def test_a_closed_job_bills_the_hours_worked(tmp_path: Path):
    agreed = {"24-017": ContractTerms(type="time_and_materials", billing_rates={"": D(65)})}
    made = measures(tmp_path, CONTRACTS + COSTS, closed=True, policy=Policy(contract_terms=agreed))

    assert told(made).value == 6500


def test_hours_at_the_rate_of_progress_are_billed(tmp_path: Path):
    def quantity(measure: str, amount: int) -> dict[str, Any]:
        cited = [{"record_id": measure, "pointer": "/quantity", "role": "amount"}]
        return fact(measure, None, *LABOR, quantity=D(amount), evidence=cited)

    terms = {"type": "time_and_materials", "billing_rates": {"": "60"}}
    facts = [*CONTRACTS, *COSTS, quantity("planned_quantity", 100), quantity("installed_quantity", 30)]
    made = found(tmp_path, facts, **terms)

    labor = D(100) / D("0.3") * 60

    assert told(made).value == (labor + 64000).quantize(D("0.01"))
    assert readded(made, told(made)).discrepancies == []


@pytest.mark.parametrize(
    ("terms", "missing"),
    [
        ({"type": "time_and_materials", "billing_rates": {"26": "65"}}, "billing rate of 03-300"),
        ({"type": "unit_price"}, "unit prices"),
        ({"type": "unit_price", "unit_prices": {"26-000": "3"}}, "projected quantity of 26-000"),
    ],
)
def test_terms_that_say_too_little_are_named(tmp_path: Path, terms: dict[str, Any], missing: str):
    assert told(found(tmp_path, **terms)).missing[0].startswith(missing)


def test_without_a_signed_contract_no_terms_make_a_price(tmp_path: Path):
    for terms in ({}, {"type": "cost_plus_fixed_fee", "fee": "7000"}):
        made = found(tmp_path / str(len(terms)), COSTS, **terms)

        assert told(made).missing == ("contract value (a signed prime contract in Procore)",)
        assert told(made, "approved_change_orders").value == 0


def test_two_contracts_share_no_terms(tmp_path: Path):
    facts = [fact("original_contract", str(n), contract_record_id=f"procore:prime_contracts:{n}") for n in (1, 2)]
    made = found(tmp_path, facts + COSTS, type="cost_plus_fixed_fee", fee="7000")
    lump = found(tmp_path / "lump", facts + COSTS)

    assert told(made).missing == ("which of the 2 signed contracts the contract terms are for (settings)",)
    assert told(lump).value == 3


def test_cost_plus_without_a_budget_has_no_price(tmp_path: Path):
    made = found(tmp_path, [*CONTRACTS, fact("cost", "10", "26-000", "S")], type="cost_plus_fixed_fee", fee="1")

    assert told(made).missing == ("budget (a budget, commitment or forecast in Procore)",)
    assert told(made, "revised_contract_value").value == 105000


def test_a_negative_price_has_a_profit_and_no_ratio(tmp_path: Path):
    made = found(tmp_path, [fact("original_contract", "-10"), *COSTS])

    assert told(made).value == -10
    assert "no margin is a share of it" in " ".join(told(made).assumptions)
    assert told(made, "gross_profit_at_completion").value == D("-84010.00")
    assert told(made, "gross_margin_at_completion").missing == ("a contract value above zero",)


@given(money, money, money, rate)
def test_a_guaranteed_maximum_is_never_exceeded_and_savings_never_shared_beyond_it(cost: D, fee: D, most: D, share: D):
    price = formulas.guaranteed_maximum(cost, fee, most, share)

    assert price <= most
    assert price >= min(cost + fee, most)
    terms = (constant(n) for n in (cost, fee, most, share))
    assert formulas.guaranteed_maximum(*terms).value == price


@given(money, rate)
def test_a_percentage_fee_is_a_share_of_cost(cost: D, fee_rate: D):
    assert formulas.cost_plus_percent(cost, fee_rate) == cost * (1 + fee_rate)
    assert formulas.time_and_materials(D(0), cost, fee_rate) == cost * (1 + fee_rate)
