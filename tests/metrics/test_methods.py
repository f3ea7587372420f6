"""Every leaf by every method side by side, the range they span, and earned value indices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint import metrics as room
from datablueprint import tables
from datablueprint.metrics import Measures, formulas
from datablueprint.metrics.terms import constant
from datablueprint.settings import ContractTerms, Policy
from tests.metrics.kit import AS_OF, COMMITMENT, PROJECT, SNAPSHOT, fact, measures, readded

EAC = "estimated_cost_at_completion"
share = st.integers(1, 99).map(lambda n: D(n).scaleb(-2))
money = st.integers(1, 100_000_000).map(lambda n: D(n).scaleb(-2))


def measured(measure: str, code: str, kind: str, **amount: D) -> dict[str, Any]:
    """A fact that holds hours or a quantity, cited as such."""
    [name] = amount
    cited = [{"record_id": f"{measure}-{code}", "pointer": f"/{name}", "role": "amount"}]
    return fact(measure, None, code, kind, **amount, evidence=cited)


def worked(value: str, hours: int, code: str, kind: str, **more: Any) -> dict[str, Any]:
    made = fact("cost", value, code, kind, hours=D(hours), **more)
    [cited] = made["evidence"]
    return made | {"evidence": [cited, cited | {"pointer": "/hours", "role": "weight"}]}


def progressed(code: str, kind: str, done: int) -> list[dict[str, Any]]:
    return [
        measured("planned_quantity", code, kind, quantity=D(100)),
        measured("installed_quantity", code, kind, quantity=D(done)),
    ]


FACTS = [
    fact("original_contract", "100000"),
    # labor, half done: A 5000 in 100 hours, 50.00 an hour lately
    fact("original_budget", "9000", "03-300", "L"),
    measured("budget_hours", "03-300", "L", hours=D(180)),
    worked("5000", 100, "03-300", "L", accounting_on=date(2026, 11, 15)),
    *progressed("03-300", "L", 50),
    # bought for less than its budget
    fact("original_budget", "1000", "26-000", "S"),
    fact("commitment", "900", "26-000", "S", contract_record_id=COMMITMENT),
    fact("cost", "400", "26-000", "S", contract_record_id=COMMITMENT),
    fact("cost", "50", "26-000", "S"),
    fact("forecast_to_complete", "75", "26-000", "S", accounting_on=date(2026, 11, 1)),
    # spent
    fact("original_budget", "500", "09-900", "M"),
    fact("cost", "620", "09-900", "M"),
    # time-driven: 4000 in four weeks, two weeks to go
    fact("original_budget", "9000", "01-310", "L"),
    worked("4000", 80, "01-310", "L", accounting_on=date(2026, 11, 8)),
]


def open_job(folder: Path, facts: list[dict[str, Any]] = FACTS, **settings: Any) -> Measures:
    return measures(folder, facts, **({"finish": date(2026, 12, 3)} | settings))


def told(found: Measures, name: str, scope: str = "24-017"):
    return found.figure(name, found.scope(scope))


def values(found: Measures, code: str) -> dict[str, str]:
    [one] = [e for e in found.estimates(found.projects[PROJECT]) if e.place[1] == code]
    return {method: str(term.value) for method, term in one.values.items()}


def test_every_method_that_the_data_support_is_told_beside_the_chosen_one(tmp_path: Path):
    found = open_job(tmp_path)

    assert values(found, "03-300") == {"E4": "10000.00", "E3a": "10000.00", "E3b": "9500.00", "E2": "9000.00"}
    assert values(found, "26-000") == {"E6": "1025.00", "E1": "1000.00", "E2": "1000.00"}
    assert values(found, "09-900") == {"E2": "620.00"}
    assert values(found, "01-310") == {"E5": "6000.00", "E2": "9000.00"}


def test_the_table_of_estimates_marks_the_chosen_method(tmp_path: Path):
    found = open_job(tmp_path)

    made = room.measure(found.query, SNAPSHOT, as_of=AS_OF, policy=Policy())
    rows = {(r["cost_code"], r["method"]): r for r in tables.rows(made["estimates"])}

    assert len(rows) == 10
    chosen = {key for key, row in rows.items() if row["chosen"]}
    assert chosen == {("01-310", "E5"), ("03-300", "E4"), ("09-900", "E2"), ("26-000", "E6")}
    assert rows["03-300", "E3b"]["eac"] == D("9500.00")


PROJECT_VALUES = {
    EAC: "17645.00",
    f"{EAC}_lowest": "16620.00",
    f"{EAC}_highest": "20645.00",
    "eac_E1": "17620.00",
    "eac_E2": "19620.00",
    "eac_E3a": "17645.00",
    "eac_E3b": "17145.00",
    "eac_E3c": "17645.00",
    "eac_E4": "17645.00",
    "eac_E5": "17645.00",
    "eac_E6": "17645.00",
    "actual_cost": "10070.00",
    "cost_to_complete": "7575.00",
    "variance_at_completion": "1855.00",
    "gross_profit_at_completion": "82355.00",
}


@pytest.mark.parametrize("name", PROJECT_VALUES)
def test_a_project_is_told_by_any_method_and_every_tree_re_adds(tmp_path: Path, name: str):
    found = open_job(tmp_path)

    assert told(found, name).value == D(PROJECT_VALUES[name])
    assert readded(found, told(found, name)).discrepancies == []


def test_where_a_method_does_not_apply_the_composite_stands_and_that_is_said(tmp_path: Path):
    notes = told(open_job(tmp_path), "eac_E1").assumptions

    assert "E1 applies to 1 of 4 cost codes and types; the others keep the composite" in notes


def test_a_leaf_has_figures_of_its_own(tmp_path: Path):
    found = open_job(tmp_path)

    assert told(found, EAC, "24-017/03-300.L").value == D("10000.00")
    assert told(found, "eac_E3b", "24-017/03-300.L").value == D("9500.00")
    assert told(found, f"{EAC}_lowest", "24-017/03-300.L").value == D("9000.00")
    assert told(found, "eac_E1", "24-017/03-300.L").missing == ("a commitment (E1 on 03-300 L)",)
    assert told(found, "cost_to_complete", "24-017/26-000.S").value == D("575.00")
    for name in (EAC, "eac_E3b", f"{EAC}_highest", "cost_performance_index"):
        assert readded(found, told(found, name, "24-017/03-300.L")).discrepancies == []


def test_a_code_over_the_portfolio_is_the_sum_of_its_leaves(tmp_path: Path):
    found = open_job(tmp_path, [f | {"accounting_on": f.get("accounting_on") or date(2026, 10, 1)} for f in FACTS])

    assert told(found, EAC, "portfolio/03-300").value == D("10000.00")
    assert readded(found, told(found, EAC, "portfolio/03-300")).discrepancies == []


def test_indices_are_of_the_codes_whose_progress_is_measured(tmp_path: Path):
    found = open_job(tmp_path)

    assert told(found, "cost_performance_index").value == D(4500) / D(5000)
    assert told(found, "to_complete_performance_index").value == D(4500) / D(4000)
    assert "measured on 1 of 4 cost codes and types" in told(found, "cost_performance_index").assumptions
    for name in ("cost_performance_index", "to_complete_performance_index"):
        assert readded(found, told(found, name)).discrepancies == []


def test_a_spent_budget_has_no_to_complete_index(tmp_path: Path):
    facts = [fact("original_budget", "900", "26-000", "S"), fact("cost", "900", "26-000", "S")]
    found = open_job(tmp_path, [*facts, *progressed("26-000", "S", 50)])

    assert told(found, "to_complete_performance_index").missing == ("budget left to spend (it is already spent)",)


def test_planned_value_adds_the_index_of_time(tmp_path: Path):
    facts = [
        fact("original_budget", "1000", "26-000", "S"),
        fact("planned_value", "500", "26-000", "S"),
        fact("cost", "500", "26-000", "S"),
        *progressed("26-000", "S", 40),
    ]
    found = open_job(tmp_path, facts)

    assert values(found, "26-000")["E3c"] == "1437.50"  # 500 + 600 / (0.8 x 0.8)
    assert told(found, "eac_E3c").value == D("1437.50")
    assert readded(found, told(found, "eac_E3c")).discrepancies == []


def test_a_closed_job_has_one_estimate(tmp_path: Path):
    found = open_job(tmp_path, closed=True)

    assert {told(found, name).value for name in (EAC, f"{EAC}_lowest", f"{EAC}_highest", "eac_E4")} == {D("10070.00")}
    assert told(found, "cost_to_complete").value == 0
    notes = told(found, EAC).assumptions
    assert "500.00 of commitments is still open on this closed job and not added" in notes


def test_a_cancelled_project_costs_what_was_spent_and_is_owed_and_has_no_price_yet(tmp_path: Path):
    found = open_job(tmp_path, stage="canceled")

    assert told(found, EAC).value == D("10570.00")
    assert told(found, "contract_value").missing[0].startswith("amounts due under termination")
    assert told(found, "gross_profit_at_completion").value is None
    assert readded(found, told(found, EAC)).discrepancies == []


@pytest.mark.parametrize(
    ("posted", "expected"),
    [(None, "-500.00"), ("-200", "-500.00"), ("-700", "-700.00"), ("50", "-450.00")],
)
def test_a_code_of_credits_expects_the_rest_of_them(tmp_path: Path, posted: str | None, expected: str):
    facts = [fact("original_budget", "-500", "02-999", "O")]
    found = open_job(tmp_path, facts + ([fact("cost", posted, "02-999", "O")] if posted else []))

    assert told(found, EAC).value == D(expected)
    assert readded(found, told(found, EAC)).discrepancies == []


def test_more_than_all_of_the_work_still_owes_what_is_signed(tmp_path: Path):
    facts = [
        fact("original_budget", "1000", "26-000", "S"),
        fact("commitment", "300", "26-000", "S", contract_record_id="a"),
        fact("commitment", "-300", "26-000", "S", contract_record_id="b"),
        fact("cost", "400", "26-000", "S"),
        *progressed("26-000", "S", 120),
    ]

    assert values(open_job(tmp_path, facts), "26-000") == {"A": "700.00", "E2": "1000.00"}


def test_an_exhausted_budget_is_said(tmp_path: Path):
    notes = " ".join(told(open_job(tmp_path), EAC).assumptions)

    assert "budget exhausted on 09-900 M" in notes


@pytest.mark.parametrize(("closed", "profit"), [(False, "600.00"), (True, "900.00")])
def test_contingency_is_in_by_default_and_told_released(tmp_path: Path, closed: bool, profit: str):
    facts = [
        fact("original_contract", "1000"),
        fact("original_budget", "300", "01-900", "O"),
        fact("cost", "100", "01-900", "O"),
    ]
    facts = facts if closed else [*facts, fact("original_budget", "300", "26-000", "S")]
    found = open_job(tmp_path, facts, closed=closed)

    assert told(found, "gross_profit_with_contingency_released").value == D(profit)
    assert readded(found, told(found, "gross_profit_with_contingency_released")).discrepancies == []
    said = "200.00 of undrawn contingency is in the estimate" in told(found, EAC).assumptions
    assert said is not closed


@pytest.mark.parametrize(("closed", "profit"), [(False, "770.00"), (True, "900.00")])
def test_contingency_that_a_commitment_holds_is_not_released(tmp_path: Path, closed: bool, profit: str):
    signed = "procore:work_order_contracts:5"
    facts = [
        fact("original_contract", "1000"),
        fact("original_budget", "300", "01-900", "O"),
        fact("commitment", "200", "01-900", "O", contract_record_id=signed),
        fact("cost", "70", "01-900", "O", contract_record_id=signed),
        fact("cost", "30", "01-900", "O"),
    ]
    found = open_job(tmp_path, facts, closed=closed)

    figure = told(found, "gross_profit_with_contingency_released")

    assert figure.value == D(profit)
    assert readded(found, figure).discrepancies == []
    assert ("70.00 of undrawn contingency is in the estimate" in told(found, EAC).assumptions) is not closed


def test_contingency_that_the_owner_reimburses_lowers_the_price_too(tmp_path: Path):
    facts = [fact("original_contract", "1000"), fact("original_budget", "300", "01-900", "O")]
    agreed = {"24-017": ContractTerms(type="cost_plus_percent", fee_rate=D("0.1"))}
    found = open_job(tmp_path, facts, policy=Policy(contract_terms=agreed))

    assert told(found, "gross_profit_at_completion").value == D("30.00")
    assert told(found, "gross_profit_with_contingency_released").value == 0


def test_markup_is_profit_over_cost_and_needs_cost(tmp_path: Path):
    found = open_job(tmp_path)
    empty = open_job(tmp_path / "empty", [fact("original_contract", "1"), fact("original_budget", "0", "26-000", "S")])

    assert told(found, "markup_at_completion").value == D("82355.00") / D("17645.00")
    assert told(empty, "markup_at_completion").missing == ("an estimated cost at completion above zero",)


@given(share, money, money)
def test_the_two_forms_of_the_trend_agree(progress: D, budget: D, actual: D):
    index = formulas.cost_performance(formulas.earned_value(progress, budget), actual)

    assert abs(formulas.eac_earned_value(actual, progress) - budget / index) < D("1e-15") * (1 + actual / progress)


@given(st.integers(0, 100), st.integers(-30, 30), st.integers(5, 90))
def test_an_s_curve_starts_at_nothing_and_ends_at_everything(percent: int, c: int, k: int):
    x, shape = D(percent).scaleb(-2), (D(c).scaleb(-1), D(k).scaleb(-1))
    textbook = x + shape[0] * x**2 - shape[0] * x - (6 * x**3 - 9 * x**2 + 3 * x) / shape[1]

    assert formulas.s_curve(D(0), *shape) == 0
    assert formulas.s_curve(D(1), *shape) == 1
    assert abs(formulas.s_curve(x, *shape) - textbook) < D("1e-20")
    assert formulas.s_curve(*(constant(n) for n in (x, *shape))).value == formulas.s_curve(x, *shape)
