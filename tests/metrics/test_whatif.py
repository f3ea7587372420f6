"""Suppositions stack, each with its own effect; what comes out foots, re-adds, and is no fact."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from datablueprint.errors import QuestionError
from datablueprint.metrics import Measures
from datablueprint.metrics.scenarios import Scenario
from datablueprint.metrics.whatif import SHOWN, Hypothesis, suppose
from datablueprint.settings import ContractTerms, Policy
from tests.metrics.kit import AS_OF, PROJECT, Row, checker_of, fact, measures

PCO = "procore:change_order_packages:3"
CHANGES = [
    {
        "record_id": PCO,
        "project_record_id": PROJECT,
        "side": "prime",
        "tier": "package",
        "number": "PCO-003",
        "status": "pending",
        "source_status": "proceeding",
        "amount": D(10000),
        "created_on": date(2026, 10, 1),
    }
]
LABOR_RECORD = "procore:made:labor"


def labor(amount: str, hours: str, component: str) -> Row:
    roles = {"/amount": "amount", "/hours": "weight"} if component == "wages" else {"/amount": "amount"}
    return fact("cost", amount, "03-300", "L", rule="D6", component=component, accounting_on=date(2026, 11, 8)) | {
        "hours": D(hours) if component == "wages" else None,
        "fact_id": f"fact_{component}",
        "evidence": [
            {"record_id": f"{LABOR_RECORD}-{component}", "pointer": pointer, "role": role}
            for pointer, role in roles.items()
        ],
    }


FACTS = [
    fact("original_contract", "200000"),
    fact("pending_change", "10000", subject=PCO, accounting_on=date(2026, 10, 1)),
    fact("original_budget", "100000", "26-000", "S"),
    fact("original_budget", "5000", "01-900", "O"),
    fact("original_budget", "40000", "03-300", "L"),
    fact("cost", "60000", "26-000", "S", accounting_on=date(2026, 11, 2)),
    labor("16000", "400", "wages"),
    labor("4000", "0", "burden"),
    fact("overhead", "8000", project=None, accounting_on=date(2026, 11, 5)),
]
"""Contract 200,000; estimate 145,000: 100,000 + 5,000 contingency + 40,000 labor of which 20,000 is spent."""


def job(folder: Path, **policy: Any) -> Measures:
    return measures(folder, FACTS, changes=CHANGES, policy=Policy(**policy))


def told(found: Measures, *assumptions: str) -> Hypothesis:
    result = suppose(found, found.scope("24-017"), Scenario.of(assumptions))
    verify = checker_of(found)
    for outcome in result.outcomes.values():
        if outcome.after:
            assert verify.check(json.dumps(outcome.after.tree())).discrepancies == []
    before, after = (result.outcomes["gross_profit_at_completion"].before.value, after_of(result))
    assert before is not None
    assert before + sum((effect.profit.value for effect in result.effects), D(0)) == after
    return result


def after_of(result: Hypothesis, name: str = "gross_profit_at_completion") -> D:
    after = result.outcomes[name].after
    assert after is not None
    return after.value


def test_today_is_as_computed(tmp_path: Path):
    figure = job(tmp_path).figure("gross_profit_at_completion", job(tmp_path / "again").scope("24-017"))

    assert figure.value == D(55000)


def test_approving_a_change_brings_its_price_and_its_assumed_cost(tmp_path: Path):
    result = told(job(tmp_path), "approve PCO-003")

    assert after_of(result, "contract_value") == D(210000)
    # 10,000 x 145,000 / 200,000
    assert after_of(result, "estimated_cost_at_completion") == D(152250)
    assert after_of(result) == D(57750)
    assert "estimated cost / contract value" in result.effects[0].notes[0]


def test_the_cost_of_a_change_may_be_stated(tmp_path: Path):
    assert after_of(told(job(tmp_path), "approve PCO-003 at cost 4000")) == D(61000)


def test_rejecting_work_that_goes_on_costs_without_a_price(tmp_path: Path):
    assert after_of(told(job(tmp_path), "reject all")) == D(55000) - D(7250)


def test_slower_crews_raise_the_labor_still_to_come_only(tmp_path: Path):
    assert after_of(told(job(tmp_path), "crews 10% slower")) == D(55000) - D(2000)


def test_burden_points_are_on_the_wages_still_to_come(tmp_path: Path):
    """20,000 of labor to come holds 16,000 of wages at a burden rate of 25%."""
    assert after_of(told(job(tmp_path), "burden +2")) == D(55000) - D(320)


def test_suppositions_stack_in_their_order(tmp_path: Path):
    result = told(job(tmp_path), "crews 10% slower", "burden +2", "release contingency", "approve PCO-003 at cost 0")

    assert [e.profit.value for e in result.effects] == [D(-2000), D(-352), D(5000), D(10000)]
    assert after_of(result) == D(67648)


def test_a_change_is_decided_once_and_the_second_time_says_so(tmp_path: Path):
    result = told(job(tmp_path), "approve PCO-003 at cost 0", "reject all")

    assert [e.profit.value for e in result.effects] == [D(10000), D(0)]
    assert "decided further up" in result.effects[1].notes[0]


def test_slower_crews_twice_compound_in_cost_hours_and_billing(tmp_path: Path):
    terms = ContractTerms(type="time_and_materials", billing_rates={"": D(100)}, markup=D(0))
    facts = [*FACTS, fact("budget_hours", None, "03-300", "L", hours=D(800))]
    found = measures(tmp_path, facts, changes=CHANGES, policy=Policy(contract_terms={"24-017": terms}))

    result = suppose(found, found.scope("24-017"), Scenario.of(["crews 10% slower", "crews 10% slower"]))

    assert [(e.cost.value, e.price.value) for e in result.effects] == [(D(2000), D(4000)), (D(2200), D(4400))]


def test_no_supposition_brings_cost_below_what_is_spent(tmp_path: Path):
    result = told(job(tmp_path), "burden -500")

    assert after_of(result, "estimated_cost_at_completion") == D(125000)


def test_burden_of_a_job_without_labor_to_come_changes_nothing(tmp_path: Path):
    facts = [row for row in FACTS if row["cost_type"] != "L"]
    found = measures(tmp_path, facts, changes=CHANGES)

    result = suppose(found, found.scope("24-017"), Scenario.of(["burden +2"]))

    assert [effect.profit.value for effect in result.effects] == [D(0)]


def test_contingency_that_a_commitment_holds_is_not_released(tmp_path: Path):
    signed = fact("commitment", "4000", "01-900", "O", contract_record_id="procore:work_order_contracts:9")
    found = measures(tmp_path, [*FACTS, signed], changes=CHANGES)

    result = suppose(found, found.scope("24-017"), Scenario.of(["release contingency"]))

    assert [effect.profit.value for effect in result.effects] == [D(1000)]


def test_rejected_work_is_not_paid_by_the_owner_of_a_cost_plus_contract(tmp_path: Path):
    terms = ContractTerms(type="cost_plus_percent", fee_rate=D("0.10"))
    result = told(job(tmp_path, contract_terms={"24-017": terms}), "reject all")

    assert result.effects[0].price.value == 0
    assert result.effects[0].profit.value < 0


def test_another_method_moves_only_the_codes_it_applies_to(tmp_path: Path):
    result = told(job(tmp_path), "method E3a")

    assert after_of(result) == D(55000)
    assert "does not apply to 3 of 3 leaves" in result.effects[0].notes[0]


def test_another_overhead_base_moves_net_profit_and_not_gross(tmp_path: Path):
    result = told(job(tmp_path), "overhead OA1")

    assert after_of(result) == D(55000)
    # 8,000 to date; 8,000 / 20,000 on the 20,000 of labor to come
    assert after_of(result, "overhead_at_completion") == D(16000)
    assert after_of(result, "net_profit_at_completion") == D(39000)


def test_cost_plus_gets_paid_for_slower_crews(tmp_path: Path):
    terms = ContractTerms(type="cost_plus_percent", fee_rate=D("0.10"))
    result = told(job(tmp_path, contract_terms={"24-017": terms}), "crews 10% slower")

    assert result.effects[0].price.value == D(2200)
    assert result.effects[0].profit.value == D(200)


def test_a_guaranteed_maximum_is_raised_by_an_approved_change(tmp_path: Path):
    terms = ContractTerms(type="gmp", fee=D(80000), gmp=D(200000))
    result = told(job(tmp_path, contract_terms={"24-017": terms}), "approve PCO-003 at cost 8000")

    assert after_of(result, "contract_value") == D(210000)
    assert after_of(result) == D(57000)


def test_a_change_order_that_is_not_pending_is_refused_with_those_that_are(tmp_path: Path):
    with pytest.raises(QuestionError, match="no pending change order '7'; there are: PCO-003"):
        told(job(tmp_path), "approve 7")


def test_the_portfolio_is_the_sum_and_takes_no_number_of_a_change_order(tmp_path: Path):
    found = job(tmp_path)
    whole = suppose(found, found.group("portfolio"), Scenario.of(["crews 10% slower", "approve all"]))

    assert whole.outcomes.keys() == set(SHOWN)
    assert after_of(whole) == after_of(told(found, "crews 10% slower", "approve all"))
    with pytest.raises(QuestionError, match="Say which project"):
        suppose(found, found.group("portfolio"), Scenario.of(["approve PCO-003"]))


def test_facts_stay_as_they_are(tmp_path: Path):
    found = job(tmp_path)
    before = found.figure("gross_profit_at_completion", found.scope("24-017")).value
    told(found, "approve all", "burden +2")

    assert found.as_of == AS_OF
    assert found.figure("gross_profit_at_completion", found.scope("24-017")).value == before
