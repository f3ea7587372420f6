"""Burden that no register carries goes onto jobs by dated rates, once, provably, and never by a silent default (D8)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.ledger.kit import PROJECT, facts, money, posted
from tests.ledger.labor_kit import MONDAY, WEEK, entry, rate, rated, readded, together, week

TIME = {"time_entries": [entry(1, MONDAY, "20"), entry(2, MONDAY + timedelta(days=1), "20", "06-100")]}
COMP = rate("workers_comp", "0.0546", codes=("03", "06"), overtime_premium_excluded=True)


def applied(result: dict[str, list[dict[str, Any]]], component: str) -> dict[str, list[Decimal]]:
    found: dict[str, list[Decimal]] = {}
    for fact in facts(result, measure="cost", basis="applied", component=component):
        found.setdefault(fact["cost_code"], []).append(fact["amount"])
    return {code: sorted(amounts) for code, amounts in found.items()}


def kinds(result: dict[str, list[dict[str, Any]]]) -> list[str]:
    return [f["kind"] for f in result["findings"]]


def test_wages_and_burden_can_be_told_apart():
    result = posted(together(week(), TIME))

    sums = {
        part: sum(f["amount"] for f in facts(result, measure="cost", state="counted", component=part))
        for part in ("wages", "burden")
    }
    assert sums == {"wages": money("1425.00"), "burden": money("237.56")}


def test_overtime_pay_is_remembered_where_the_wages_went_and_is_no_cost():
    read = together(week(), TIME)

    result = posted(read)

    memo = facts(result, measure="overtime_pay", state="counted")
    assert {(f["project"], f["cost_code"]): f["amount"] for f in memo} == {
        (PROJECT, "03-300"): money("100.00"),
        (PROJECT, "06-100"): money("100.00"),
        (None, None): money("25.00"),
    }
    assert readded(result["facts"], read, "200.00", measures=["overtime_pay"]).discrepancies == []


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("Double overtime", "double_time_pay"),
        ("DT", "double_time_pay"),
        ("OT", "overtime_pay"),
        ("Overtime", "overtime_pay"),
    ],
)
def test_overtime_is_known_by_the_names_registers_use(name: str, measure: str):
    line = (name, "wages", "90.00", "/hourly_compensations/0/amount", "2", None)

    result = posted(together(week(lines=[line]), TIME))

    assert {f["measure"] for f in result["facts"] if f["measure"].endswith("_pay")} == {measure}


def test_a_register_that_names_jobs_says_itself_whose_overtime_it_was():
    read = together(week(), TIME)
    for line, code in zip(read["payroll_amounts"][:2], ("03-300", "06-100"), strict=True):
        line |= {"project_reference": "24-017", "cost_code": code, "cost_type": "L"}

    result = posted(read, policy=rated(COMP))

    assert [(f["cost_code"], f["amount"]) for f in facts(result, measure="overtime_pay")] == [
        ("06-100", money("225.00"))
    ]
    assert applied(result, "workers_comp") == {
        "03-300": [money("65.52")],
        "06-100": [money("-4.10"), money("12.29")],
    }


def test_a_rate_is_applied_to_job_wages_and_not_to_the_premium_part_of_overtime():
    result = posted(together(week(), TIME), policy=rated(COMP))

    assert applied(result, "workers_comp") == {
        "03-300": [money("-1.82"), money("34.58")],
        "06-100": [money("-1.82"), money("34.58")],
    }


def test_half_of_double_time_is_premium():
    line = ("Double overtime", "wages", "200.00", "/hourly_compensations/0/amount", "2", None)

    result = posted(together(week(lines=[line]), {"time_entries": [entry(1, MONDAY, "2")]}), policy=rated(COMP))

    assert applied(result, "workers_comp") == {"03-300": [money("-5.46"), money("10.92")]}


def test_a_rate_per_hour_is_on_the_hours_of_the_wages():
    result = posted(together(week(), TIME), policy=rated(rate("training_fund", "0.22", per="hours")))

    assert applied(result, "training_fund") == {"03-300": [money("4.40")], "06-100": [money("4.40")]}


def test_the_longest_prefix_in_force_on_the_day_decides():
    rates = (
        rate("workers_comp", "0.01", codes=("",)),
        rate("workers_comp", "0.02", codes=("03",)),
        rate("workers_comp", "0.03", codes=("03-300",), starts=date(2027, 1, 1)),
    )

    result = posted(together(week(), TIME), policy=rated(*rates))

    assert applied(result, "workers_comp") == {"03-300": [money("12.67")], "06-100": [money("6.33")]}


def test_every_applied_cent_re_adds_from_the_raw_records():
    read = together(week(), TIME)
    result = posted(read, policy=rated(COMP, rate("training_fund", "0.22", per="hours")))

    whole = sum(f["amount"] for f in facts(result, measure="cost", basis="applied"))

    assert whole == money("74.32")
    assert readded(result["facts"], read, str(whole), basis="applied").discrepancies == []


@pytest.mark.parametrize(
    "changes",
    [{"rate": Decimal("0.0645")}, {"amount": money("1.00")}, {"base_fact": "fact_gone"}, {"rate_on": "hours"}],
    ids=["rate", "amount", "base", "column"],
)
def test_a_tampered_rate_is_a_discrepancy(changes: dict[str, Any]):
    read = together(week(), TIME)
    result = posted(read, policy=rated(COMP))
    first = next(f for f in facts(result, basis="applied") if f["amount"] > 0)
    stated = sum(f["amount"] for f in facts(result, basis="applied"))

    first |= changes

    verdict = readded(result["facts"], read, str(stated), basis="applied")
    assert any(first["fact_id"] in said for said in verdict.discrepancies)


def test_a_raw_wage_that_changed_breaks_the_burden_on_it():
    read = together(week(), TIME)
    result = posted(read, policy=rated(COMP))
    read["payroll_amounts"][0]["amount"] = money("1300.00")

    assert not readded(result["facts"], read, "65.52", basis="applied").holds


def test_an_applied_fact_names_the_records_of_its_wages():
    result = posted(together(week(), TIME), policy=rated(COMP))

    fact = next(f for f in facts(result, basis="applied") if f["amount"] > 0)
    base = next(f for f in result["facts"] if f["fact_id"] == fact["base_fact"])
    assert [e["record_id"] for e in fact["evidence"]] == list(dict.fromkeys(e["record_id"] for e in base["evidence"]))
    assert {e["role"] for e in fact["evidence"]} == {"support"}


def test_a_code_without_a_rate_that_others_have_is_said_in_dollars():
    result = posted(together(week(), TIME), policy=rated(rate("workers_comp", "0.05", codes=("06",))))

    [gap] = [f for f in result["findings"] if f["kind"] == "burden not allocated"]
    assert (gap["project"], gap["amount"], gap["grade"]) == (PROJECT, money("633.34"), "B")
    assert "633.34 of wages on 03-300 have no workers_comp rate" in gap["sentence"]


def test_a_rate_of_nothing_is_a_decision_and_no_gap():
    rates = rate("workers_comp", "0.05", codes=("06",)), rate("workers_comp", "0")

    result = posted(together(week(), TIME), policy=rated(*rates))

    assert "burden not allocated" not in kinds(result)
    assert set(applied(result, "workers_comp")) == {"06-100"}


def test_what_the_register_itself_states_is_not_applied_again():
    stated = ("WC", "employer_benefit", "70.00", "/benefits/1/company_contribution", None, "workers_comp")

    result = posted(together(week(lines=[*WEEK, stated]), TIME), policy=rated(COMP))

    assert facts(result, basis="applied") == []
    assert "burden is in the register" in kinds(result)


def test_unpaid_time_bears_the_registers_rate_only():
    later = {"time_entries": [entry(3, MONDAY + timedelta(days=8), "8")]}

    result = posted(together(week(), TIME, later), policy=rated(COMP))

    accrual = facts(result, measure="cost", basis="unprocessed_time")
    assert [(f["amount"], f["component"]) for f in accrual] == [
        ((8 * money("1662.56") / 45).quantize(Decimal("0.01")), None)
    ]
