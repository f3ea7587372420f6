"""The work-in-progress schedule foots, and a loss is in income whole as soon as it is known."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.metrics import Figure, Measures
from datablueprint.metrics.formulas import wip as formulas
from datablueprint.settings import ContractTerms, Policy
from tests.metrics.kit import PROJECT, fact, measures, readded

MONEY = st.decimals("-1e7", "1e7", places=2)
POSITIVE = st.decimals("0.01", "1e7", places=2)
LEAF = ("26-000", "S")
JOB = [fact("original_contract", "1000000"), fact("original_budget", "800000", *LEAF)]


def told(found: Measures, name: str) -> Figure:
    figure = found.project_figure(name, found.projects[PROJECT])
    if figure.term:
        assert readded(found, figure).discrepancies == []
    return figure


def test_a_schedule_line_by_hand(tmp_path: Path):
    found = measures(tmp_path, [*JOB, fact("cost", "200000", *LEAF), fact("billing", "300000")])

    expected = {
        "percent_complete": D("0.25"),
        "earned_revenue": D(250000),
        "cost_of_revenue": D(200000),
        "earned_gross_profit": D(50000),
        "loss_provision": D(0),
        "billed_to_date": D(300000),
        "overbilled": D(50000),
        "underbilled": D(0),
        "backlog": D(750000),
        "backlog_gross_profit": D(150000),
    }

    assert {name: told(found, name).value for name in expected} == expected


def test_a_losing_job_has_its_whole_loss_in_income_at_once(tmp_path: Path):
    losing = [JOB[0], fact("original_budget", "1200000", *LEAF), fact("cost", "300000", *LEAF), fact("billing", "0")]
    found = measures(tmp_path, losing)

    provision, earned = told(found, "loss_provision").value, told(found, "earned_gross_profit").value

    assert provision == D(150000)
    assert earned is not None
    assert earned - provision == told(found, "gross_profit_at_completion").value == D(-200000)


def test_without_a_contract_nothing_is_earned_and_the_contract_is_named(tmp_path: Path):
    found = measures(tmp_path, [JOB[1], fact("cost", "1", *LEAF)])

    assert told(found, "earned_revenue").missing == ("contract value (a signed prime contract in Procore)",)
    assert told(found, "percent_complete").value is not None


def test_cost_plus_a_percentage_earns_what_is_billable(tmp_path: Path):
    terms = ContractTerms(type="cost_plus_percent", fee_rate=D("0.05"), non_reimbursable_codes=("01-900",))
    facts = [*JOB, fact("cost", "200000", *LEAF), fact("cost", "1000", "01-900", "O")]

    found = measures(tmp_path, facts, policy=Policy(contract_terms={"24-017": terms}))

    assert told(found, "earned_revenue").value == D(210000)


def test_time_and_materials_earn_hours_at_their_rates_up_to_the_limit(tmp_path: Path):
    labor = fact("cost", "4000", "03-300", "L", hours=D(100)) | {
        "evidence": [
            {"record_id": "procore:made:x", "pointer": "/amount", "role": "amount"},
            {"record_id": "procore:made:x", "pointer": "/hours", "role": "weight"},
        ]
    }
    facts = [*JOB, labor, fact("cost", "1000", *LEAF)]

    def earned(limit: str | None, **changes: Any) -> D | None:
        terms = ContractTerms(
            type="time_and_materials",
            billing_rates={"": D(80), "03": D(90)},
            markup=D("0.10"),
            not_to_exceed=None if limit is None else D(limit),
        )
        found = measures(tmp_path / str(limit), facts, policy=Policy(contract_terms={"24-017": terms}))
        return found.project_figure("earned_revenue", found.projects[PROJECT]).value

    assert earned(None) == D(10100)
    assert earned("9000") == D(9000)


def unit_price(folder: Path, *more: dict[str, Any]) -> Figure:
    items = {"31-000": D(10), "32-000": D(5)}
    terms = ContractTerms(type="unit_price", unit_prices=items, projected_quantities=dict.fromkeys(items, D(100)))
    plan = [fact("original_contract", "1500"), *[fact("original_budget", "500", code, "S") for code in items]]
    return told(measures(folder, [*plan, *more], policy=Policy(contract_terms={"24-017": terms})), "earned_revenue")


def installed(code: str, quantity: str) -> dict[str, Any]:
    cites = [{"record_id": f"procore:made:{code}", "pointer": "/quantity", "role": "amount"}]
    return fact("installed_quantity", None, code, "S", quantity=D(quantity), evidence=cites)


def test_an_item_whose_quantity_nobody_reported_has_not_earned_nothing(tmp_path: Path):
    spent = fact("cost", "100", "31-000", "S", accounting_on=date(2026, 11, 2))

    one = unit_price(tmp_path / "one", spent, installed("31-000", "30"))
    both = unit_price(tmp_path / "both", spent, installed("31-000", "30"), installed("32-000", "0"))

    assert one.missing == ("installed quantity of 32-000 (production quantities in Procore)",)
    assert both.value == D(300)
    assert unit_price(tmp_path / "idle").value == 0


@given(MONEY, POSITIVE, POSITIVE, MONEY)
def test_the_schedule_foots_whatever_the_numbers(actual: D, eac: D, price: D, billed: D):
    """Invariants 3 to 6 of the specification."""
    percent = formulas.percent_complete(actual, eac)
    earned = formulas.earned_revenue(percent, price).quantize(D("0.01"))
    over, under = formulas.overbilled(billed, earned), formulas.underbilled(billed, earned)

    assert 0 <= percent <= 1
    assert over * under == 0
    assert over - under == billed - earned
    assert earned + (price - earned) == price


@given(POSITIVE, POSITIVE, st.decimals("0", "1", places=6))
def test_recognised_profit_of_a_losing_job_is_the_whole_loss(price: D, loss: D, done: D):
    """Invariant 7: ER - CR - LP = GPC at any percent complete."""
    eac = price + loss
    actual = (eac * done).quantize(D("0.01"))
    earned_profit = formulas.earned_revenue(formulas.percent_complete(actual, eac), price) - actual

    provision = formulas.loss_provision(price - eac, earned_profit)

    assert abs(earned_profit - provision - (price - eac)) < D("1e-9")


def test_uninstalled_materials_waste_and_inventory_are_carved_out():
    percent = formulas.percent_complete(
        D(500), D(1000), uninstalled=D(100), uninstalled_at_completion=D(200), waste=D(50), inventory=D(50)
    )

    assert percent == D(300) / D(750)
    assert formulas.earned_revenue(percent, D(1200), uninstalled=D(100), uninstalled_at_completion=D(200)) == D(500)


def test_nothing_to_spend_has_no_percentage():
    with pytest.raises(ArithmeticError):
        formulas.percent_complete(D(0), D(0))


def test_the_tree_of_a_schedule_names_its_figures(tmp_path: Path):
    found = measures(tmp_path, [*JOB, fact("cost", "200000", *LEAF), fact("billing", "300000")])
    term = told(found, "overbilled").term
    assert term is not None

    assert "billed_to_date/24-017/2026-11-19" in json.dumps(term.tree())
