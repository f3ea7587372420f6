"""Where the bid's profit went: four parts that foot exactly, codes ranked without netting jobs."""

from __future__ import annotations

from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from datablueprint.metrics import Measures, erosion
from datablueprint.settings import ContractTerms, Policy
from tests.metrics.kit import AS_OF, fact, firm, job, measures, of_job, readded

FACTS = [
    fact("original_contract", "10000"),
    fact("approved_change", "1000"),
    fact("original_budget", "5000", "26-000", "S"),
    fact("original_budget", "3000", "03-300", "L"),
    fact("budget_change", "700", "26-000", "S"),
    fact("budget_modification", "20", "03-300", "L"),
    fact("cost", "5900", "26-000", "S"),
    fact("cost", "55", "uncoded", "M"),
]
"""Bid profit 2,000. Estimate: 5,900 + 3,020 + 55 = 8,975; profit 2,025."""


def told(found: Measures, name: str, scope: str = "24-017"):
    return found.figure(name, found.scope(scope))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("original_gross_profit", D(2000)),
        ("original_gross_margin", D("0.2")),
        ("gross_profit_fade", D(25)),
        ("fade_from_changes", D(300)),
        ("fade_from_codes", D(-255)),
        ("fade_from_price", D(0)),
        ("unbalanced_transfers", D(-20)),
        ("margin_fade", D(2025) / D(11000) - D("0.2")),
        ("relative_fade", D("0.0125")),
        ("cost_code_erosion", D(255)),
        ("gross_cost_code_erosion", D(255)),
        ("gross_cost_code_gain", D(0)),
        ("cost_code_erosion_share", D(255) / D(11000)),
    ],
)
def test_the_split_of_a_job_worked_by_hand(tmp_path: Path, name: str, value: D):
    found = measures(tmp_path, FACTS)

    assert told(found, name).value == value
    assert readded(found, told(found, name)).discrepancies == []


def test_the_parts_are_the_fade_which_is_profit_less_profit_as_bid(tmp_path: Path):
    found = measures(tmp_path, FACTS)
    profit, bid = told(found, "gross_profit_at_completion").value, told(found, "original_gross_profit").value

    assert told(found, "gross_profit_fade").value == profit - bid
    assert sum(told(found, part).value for part in erosion.PARTS) == profit - bid


def test_a_savings_share_is_a_price_effect(tmp_path: Path):
    agreed = {"24-017": ContractTerms(type="gmp", fee=D(1000), savings_share=D("0.5"))}
    found = measures(tmp_path, FACTS, policy=Policy(contract_terms=agreed))

    assert told(found, "contract_value").value == D("10487.50")
    assert told(found, "fade_from_price").value == D("-512.50")
    assert told(found, "gross_profit_fade").value == D("-487.50")
    assert readded(found, told(found, "gross_profit_fade")).discrepancies == []


def test_a_code_erodes_when_its_estimate_passes_its_budget(tmp_path: Path):
    found = measures(tmp_path, FACTS)

    assert told(found, "cost_code_erosion", "24-017/26-000.S").value == D("200.00")
    assert told(found, "cost_code_erosion_share", "24-017/26-000.S").value == D(200) / D(11000)
    assert readded(found, told(found, "cost_code_erosion", "24-017/26-000.S")).discrepancies == []


def test_a_job_bid_at_no_profit_has_no_relative_fade(tmp_path: Path):
    found = measures(tmp_path, [fact("original_contract", "8000"), *FACTS[2:]])

    assert told(found, "relative_fade").missing == ("an original gross profit above zero",)
    assert told(found, "margin_fade").value is not None


def test_a_contract_of_nothing_has_no_bid_margin(tmp_path: Path):
    found = measures(tmp_path, [fact("original_contract", "0"), *FACTS[2:]])

    assert told(found, "original_gross_margin").missing == ("an original contract value above zero",)
    assert told(found, "gross_profit_fade").value == D("-8975") + 8000


def several(folder: Path) -> Measures:
    """Concrete loses 350 on job 1 and gains 100 on job 2; job 2 loses 40 on paint; job 3 has no contract."""

    def of(number: str, contract: str | None, *lines: tuple[str, str, str, str]) -> list[dict[str, Any]]:
        made = [of_job(number, "original_contract", contract)] if contract else []
        for code, kind, budget, spent in lines:
            made.append(of_job(number, "original_budget", budget, code, kind))
            made.append(of_job(number, "cost", spent, code, kind, accounting_on=AS_OF))
        return made

    facts = [
        *of("1", "1000", ("03-300", "L", "100", "450"), ("03-300", "M", "100", "100")),
        *of("2", "2000", ("03-300", "L", "100", "100"), ("09-900", "S", "100", "140")),
        of_job("1", "budget_modification", "50", "03-300", "M"),
        of_job("2", "original_budget", "-100", "03-300", "O"),
        of_job("2", "cost", "-200", "03-300", "O", accounting_on=AS_OF),
        *of("3", None, ("03-300", "L", "10", "900")),
    ]
    return firm(folder, [job("1"), job("2"), job("3")], facts)


def test_codes_are_ranked_over_jobs_with_both_sides_told(tmp_path: Path):
    found = several(tmp_path)

    concrete, paint = erosion.ranking(found, found.group("portfolio"))

    assert (concrete.code, concrete.value) == ("03-300", D(250))
    assert (concrete.unfavourable, concrete.favourable, concrete.jobs) == (D(350), D(-100), 2)
    assert (concrete.largest_job, concrete.largest_share) == ("1", D(1))
    assert concrete.share_of_price == D(250) / D(3000)
    assert (paint.code, paint.value, paint.jobs) == ("09-900", D(40), 1)
    for figure_id in (concrete.figure_id, concrete.unfavourable_id, concrete.favourable_id, concrete.share_id):
        scope = "portfolio/03-300"
        figure = told(found, figure_id.split("/")[0], scope)
        assert figure.figure_id == figure_id
        assert readded(found, figure).discrepancies == []


def test_a_portfolio_nets_nothing_on_either_side(tmp_path: Path):
    found = several(tmp_path)
    over, under = (told(found, f"gross_cost_code_{side}", "portfolio") for side in ("erosion", "gain"))

    assert (over.value, under.value) == (D(390), D(-100))
    assert told(found, "cost_code_erosion", "portfolio").value == D(290)
    for name in ("gross_cost_code_erosion", "margin_fade", "relative_fade", "gross_profit_fade"):
        assert readded(found, told(found, name, "portfolio")).discrepancies == []


def test_a_portfolio_fades_by_its_own_margin(tmp_path: Path):
    found = several(tmp_path)
    now, then = (told(found, n, "portfolio") for n in ("gross_margin_at_completion", "original_gross_margin"))

    assert told(found, "margin_fade", "portfolio").value == now.value - then.value


def test_a_group_compares_margins_of_the_same_jobs(tmp_path: Path):
    facts = [
        of_job("1", "original_contract", "1000"),
        of_job("1", "original_budget", "800", "26-000", "S"),
        of_job("1", "cost", "900", "26-000", "S", accounting_on=AS_OF),
        of_job("2", "original_contract", "5000"),
        of_job("2", "commitment", "1000", "26-000", "S", contract_record_id="procore:a"),
        of_job("2", "cost", "1000", "26-000", "S", accounting_on=AS_OF),
    ]
    found = firm(tmp_path, [job("1"), job("2")], facts)

    assert told(found, "margin_fade", "2").missing == ("original budget (Procore)",)
    assert told(found, "margin_fade", "portfolio").value == D("-0.1")
    assert told(found, "cost_code_erosion_share", "portfolio").value == D("0.1")
    assert [r.value for r in erosion.ranking(found, found.group("portfolio"))] == [D(100)]


def test_a_group_of_nothing_has_no_ranking(tmp_path: Path):
    found = measures(tmp_path, FACTS)

    assert told(found, "gross_cost_code_erosion", "closed").missing == ("any of the closed projects",)
    assert told(found, "margin_fade", "closed").value is None
