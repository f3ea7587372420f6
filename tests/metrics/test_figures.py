"""Figures say what they are, how sure they are, and never turn a missing term into zero."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from datablueprint import metrics
from datablueprint.errors import QuestionError, UnknownFigure, UnknownMetric
from datablueprint.facts import Ledger
from datablueprint.proof.checker import Checker
from tests.metrics.kit import AS_OF, PROJECT, fact, measures, readded

FACTS = [
    fact("original_contract", "100000"),
    fact("approved_change", "5000"),
    fact("original_budget", "80000", "26-000", "S"),
    fact("cost", "30000", "26-000", "S"),
    fact("cost", "1234.56", "uncoded", "M"),
]


def margin(found: metrics.Measures, name: str = "gross_margin_at_completion"):
    return found.project_figure(name, found.projects[PROJECT])


def test_margin_is_price_less_estimate_over_price(tmp_path: Path):
    figure = margin(measures(tmp_path, FACTS))

    assert figure.value == (D(105000) - D("81234.56")) / D(105000)
    assert figure.figure_id == "gross_margin_at_completion/24-017/2026-11-19"
    assert figure.grade == "A"


def test_without_a_signed_contract_margin_is_unavailable_and_cost_is_not(tmp_path: Path):
    found = measures(tmp_path, FACTS[2:])

    assert (margin(found).value, margin(found).grade) == (None, "U")
    assert margin(found).missing == ("contract value (a signed prime contract in Procore)",)
    assert margin(found, "actual_cost").value == D("31234.56")


def test_a_contract_of_nothing_has_no_ratio_but_a_profit(tmp_path: Path):
    found = measures(tmp_path, [fact("original_contract", "0"), *FACTS[2:]])

    assert margin(found).value is None
    assert margin(found, "gross_profit_at_completion").value == D("-81234.56")


def test_a_finding_lowers_the_grade_and_is_said(tmp_path: Path):
    finding = {"finding_id": "f", "kind": "k", "grade": "C", "project": PROJECT, "sentence": "one invoice is held out"}

    figure = margin(measures(tmp_path, FACTS, findings=[finding]))

    assert figure.grade == "C"
    assert "one invoice is held out" in figure.assumptions


def test_unassigned_cost_of_half_a_point_costs_the_grade(tmp_path: Path):
    def grade(amount: str) -> str:
        stray = fact("cost", amount, "uncoded", project=None, rule="D1", accounting_on=AS_OF)
        dated = [f | {"accounting_on": AS_OF} if f["measure"] == "cost" else f for f in FACTS]
        return margin(measures(tmp_path / amount, [*dated, stray])).grade

    assert grade("524.99") == "A"
    assert grade("525.00") == "C"


def test_portfolio_margin_is_recomputed_from_sums(tmp_path: Path):
    dated = [f | {"accounting_on": AS_OF} if f["measure"] == "cost" else f for f in FACTS]

    figure = measures(tmp_path, dated).portfolio_figure("gross_margin_at_completion", "portfolio")

    assert figure.value == (D(105000) - D("81234.56")) / D(105000)
    assert figure.assumptions[0] == "1 active projects"


def test_one_cost_code_of_a_job_sums_its_cost_types_and_no_other_job(tmp_path: Path):
    both = [*FACTS, fact("cost", "500", "26-000", "M")]
    found = measures(tmp_path, both)

    figure = metrics.figure(found, "actual_cost/24-017/26-000/2026-11-19")

    assert figure.value == D(30500)
    assert readded(found, figure).holds
    with pytest.raises(UnknownFigure, match="has no cost code"):
        metrics.figure(found, "actual_cost/24-017/26-001/2026-11-19")


def test_a_project_without_any_plan_has_no_estimate_rather_than_a_small_one(tmp_path: Path):
    found = measures(tmp_path, [fact("original_contract", "1000"), fact("cost", "100", "26-000", "S")])

    assert (margin(found).value, margin(found).grade) == (None, "U")
    assert margin(found).missing == ("budget (a budget, commitment or forecast in Procore)",)
    assert margin(found, "actual_cost").value == D(100)


def test_a_closed_job_was_open_on_an_earlier_day(tmp_path: Path):
    facts = [
        fact("original_contract", "1000"),
        fact("original_budget", "900", "26-000", "S"),
        fact("cost", "100", "26-000", "S", accounting_on=date(2024, 3, 1)),
        fact("cost", "780", "26-000", "S", accounting_on=date(2025, 3, 1)),
    ]

    then = measures(tmp_path / "then", facts, closed=True, as_of=date(2024, 6, 30), known_on=AS_OF)
    now = measures(tmp_path / "now", facts, closed=True)

    assert margin(then, "estimated_cost_at_completion").value == D("900.00")
    assert margin(then).grade == "C"
    assert margin(now, "estimated_cost_at_completion").value == D("880.00")


def test_a_day_that_has_not_come_is_refused(tmp_path: Path):
    with pytest.raises(QuestionError, match="the newest day is 2026-11-19"):
        measures(tmp_path, FACTS, as_of=date(2030, 6, 30), known_on=AS_OF)


def test_a_system_that_was_never_read_is_a_missing_term_and_a_stale_one_costs_the_grade(tmp_path: Path):
    read = {"read_at": "2026-11-18T10:00:00+00:00", "stale": False}
    never = {"read_at": None, "stale": True, "error": "QuickBooks: cannot be reached"}
    late = read | {"stale": True, "error": "QuickBooks: cannot be reached"}

    def with_quickbooks(told: dict[str, Any]):
        gaps = metrics.Gaps.of(("procore", "quickbooks_online"), {"procore": read, "quickbooks_online": told})
        return measures(tmp_path / str(told["read_at"]) / str(told["stale"]), FACTS, gaps=gaps)

    assert margin(with_quickbooks(never)).missing == ("posted cost (quickbooks_online was never read)",)
    assert margin(with_quickbooks(never), "contract_value").value == D(105000)
    assert margin(with_quickbooks(late)).grade == "C"
    assert margin(with_quickbooks(read)).grade == "A"


def test_an_amount_that_was_rounded_on_the_way_in_still_re_adds(tmp_path: Path):
    record = "procore:made:long"
    facts = [*FACTS, fact("cost", "10.13", "09-900", "M", evidence=[cited(record)])]
    found, raw = measures(tmp_path, facts), raw_of(FACTS) | {record: json.dumps({"amount": "10.125"})}

    assert checker(found, facts, raw).verify(margin(found).figure_id).discrepancies == []


def cited(record: str) -> dict[str, str]:
    return {"record_id": record, "pointer": "/amount", "role": "amount"}


def test_a_misspelt_metric_is_answered_with_the_nearest():
    with pytest.raises(UnknownMetric, match="Did you mean 'gross_margin_at_completion'"):
        metrics.metric("gros_margin_at_completion")


@pytest.mark.parametrize("text", ["margin", "gross_margin_at_completion/24-017", "x/24-017/2026-11-19"])
def test_what_is_no_figure_id_is_told_how_one_reads(text: str, tmp_path: Path):
    with pytest.raises(UnknownFigure, match="gross_margin_at_completion/24-017/2026-11-19"):
        metrics.figure(measures(tmp_path, FACTS), text)


def checker(found: metrics.Measures, facts: list[dict[str, Any]], raw: dict[str, str]) -> Checker:
    from datablueprint import tables

    def tree(figure_id: str) -> str | None:
        term = metrics.figure(found, figure_id).term
        return json.dumps(term.tree()) if term else None

    return Checker(Ledger(tables.build("facts", facts)), lambda ids: {i: raw[i] for i in ids if i in raw}, tree)


def raw_of(facts: list[dict[str, Any]]) -> dict[str, str]:
    return {f["evidence"][0]["record_id"]: json.dumps({"amount": str(f["amount"])}) for f in facts}


def test_a_figure_re_adds_from_raw_records(tmp_path: Path):
    found = measures(tmp_path, FACTS)

    verdict = checker(found, FACTS, raw_of(FACTS)).verify(margin(found).figure_id)

    assert verdict.discrepancies == []
    assert verdict.value == margin(found).value
    assert verdict.records > 0


@pytest.mark.parametrize("place", range(len(FACTS)))
def test_altering_any_record_makes_the_figure_fail(tmp_path: Path, place: int):
    found, raw = measures(tmp_path, FACTS), raw_of(FACTS)
    record = FACTS[place]["evidence"][0]["record_id"]
    raw[record] = json.dumps({"amount": str(FACTS[place]["amount"] + D("0.01"))})

    verdict = checker(found, FACTS, raw).verify(margin(found).figure_id)

    assert not verdict.holds
    assert record in " ".join(verdict.discrepancies)


def test_a_missing_record_makes_the_figure_fail(tmp_path: Path):
    found, raw = measures(tmp_path, FACTS), raw_of(FACTS)
    raw.pop(FACTS[0]["evidence"][0]["record_id"])

    assert not checker(found, FACTS, raw).verify(margin(found).figure_id).holds


def test_a_fact_that_the_figure_left_out_is_noticed(tmp_path: Path):
    found = measures(tmp_path, FACTS[:-1])

    verdict = checker(found, FACTS, raw_of(FACTS)).verify(margin(found).figure_id)

    assert "is in no part of estimate of each cost code and type" in verdict.discrepancies[0]
