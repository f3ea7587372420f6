"""No figure is surer than what it is built on, and a group says whose grade it has."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from pathlib import Path

import pytest

from datablueprint.metrics import Figure, Measures
from datablueprint.metrics.gaps import Gaps
from tests.metrics.kit import JOB, fact, firm, job, measures, of_job

ON = date(2026, 11, 2)
LEAF = ("03-300", "S")
TOGETHER = "its signed contracts are tested together; the records do not split cost between them"


def two_contracts(folder: Path, *, budget: str = "100000") -> Measures:
    facts = [
        fact("original_contract", "100000", contract_record_id="procore:prime_contracts:1"),
        fact("original_contract", "50000", contract_record_id="procore:prime_contracts:2"),
        fact("original_budget", budget, *LEAF),
        fact("cost", "50000", *LEAF, accounting_on=ON),
        fact("billing", "90000", accounting_on=ON),
    ]
    return measures(folder, facts)


@pytest.mark.parametrize(
    "name",
    [
        "earned_revenue",
        "earned_gross_profit",
        "overbilled",
        "underbilled",
        "backlog",
        "backlog_gross_profit",
        "loss_provision",
    ],
)
@pytest.mark.parametrize("budget", ["100000", "200000"])
def test_what_rests_on_earned_revenue_has_its_grade(tmp_path: Path, name: str, budget: str):
    found = two_contracts(tmp_path, budget=budget)

    figure = found.figure(name, found.scope("24-017"))

    assert figure.grade == "C"
    assert figure.assumptions.count(TOGETHER) == 1


def test_a_figure_that_does_not_rest_on_it_keeps_its_grade(tmp_path: Path):
    found = two_contracts(tmp_path)

    assert {found.figure(n, found.scope("24-017")).grade for n in ("percent_complete", "billed_to_date")} == {"A"}


def fading(folder: Path) -> Measures:
    """Job 1 rests on a fallback record, job 2 has no contract, job 3 has not started, job 4 has no budget."""
    facts = [
        of_job("1", "original_contract", "200000"),
        of_job("1", "original_budget", "100000", *LEAF),
        of_job("1", "cost", "160000", *LEAF, accounting_on=ON, grade="C"),
        of_job("2", "original_budget", "100000", *LEAF),
        of_job("2", "cost", "60000", *LEAF, accounting_on=ON),
        of_job("3", "original_contract", "1000"),
        of_job("4", "original_contract", "1000"),
        of_job("4", "commitment", "800", *LEAF, contract_record_id="procore:work_order_contracts:4"),
        of_job("4", "cost", "10", *LEAF, accounting_on=ON),
    ]
    return firm(folder, [job(str(n)) for n in range(1, 5)], facts)


OWN_RULES = ["margin_fade", "gross_cost_code_erosion", "gross_cost_code_gain"]


@pytest.mark.parametrize("name", [*OWN_RULES, "gross_margin_at_completion", "cost_code_erosion"])
def test_a_group_says_whose_grade_it_has_and_who_is_left_out(tmp_path: Path, name: str):
    figure = fading(tmp_path).portfolio_figure(name, "portfolio")

    assert figure.grade == "C"
    assert [a for a in figure.assumptions if "has grade" in a] == ["1 Job 1 has grade C"]
    out = [a for a in figure.assumptions if "left out" in a]
    assert "2 Job 2 is left out: contract value (a signed prime contract in Procore) is missing" in out
    assert "3 Job 3 is left out: it has not started" in out
    assert len(out) == len(set(out))


def test_the_bid_margin_of_a_job_without_a_budget_is_said_to_be_missing(tmp_path: Path):
    figure = fading(tmp_path).portfolio_figure("margin_fade", "portfolio")

    assert "4 Job 4 is left out: original budget (Procore) is missing" in figure.assumptions


def test_a_cost_codes_share_has_the_grade_of_the_jobs_on_it(tmp_path: Path):
    found = fading(tmp_path)

    assert found.figure("cost_code_erosion_share", found.scope("portfolio/03-300")).grade == "C"


def closed(number: str, manager: str, cost: int, grade: str) -> list[dict[str, object]]:
    day = date(2026, 3, 31)
    return [
        of_job(number, "original_contract", "100000"),
        of_job(number, "original_budget", "80000", *LEAF),
        of_job(number, "cost", str(cost), *LEAF, accounting_on=day, grade=grade),
    ]


def managers(folder: Path) -> Measures:
    jobs = [job(str(i), closed=True, manager="Dana" if i < 4 else "Lee") for i in range(1, 7)]
    facts = [f for i in range(1, 7) for f in closed(str(i), "", 70000 + i * 3000, "C" if i == 1 else "A")]
    return firm(folder, jobs, facts)


def test_a_manager_and_the_company_have_the_grades_of_the_jobs(tmp_path: Path):
    found = managers(tmp_path)
    of: dict[str, Figure] = {
        f"{name} {key}": found.figure(name, found.scope(key))
        for name, key in (
            ("pm_mean_margin", "pm/Dana"),
            ("pm_mean_fade", "pm/Dana"),
            ("pm_weighted_margin", "pm/Dana"),
            ("pm_score", "pm/Dana"),
            ("pm_score", "pm/Lee"),
            ("pm_grand_mean", "company"),
            ("pm_within_variance", "company"),
        )
    }

    assert {name for name, figure in of.items() if figure.grade == "C"} == set(of)
    assert all([a for a in f.assumptions if "has grade" in a] == ["1 Job 1 has grade C"] for f in of.values())
    assert found.figure("pm_mean_margin", found.scope("pm/Lee")).grade == "A"


def test_a_fade_that_nobody_can_tell_is_said(tmp_path: Path):
    jobs = [job("1", closed=True, manager="Dana"), job("2", closed=True, manager="Dana")]
    facts = [
        *closed("1", "", 70000, "A"),
        *[f for f in closed("2", "", 60000, "A") if f["measure"] != "original_budget"],
    ]
    found = firm(tmp_path, jobs, facts)

    figure = found.figure("pm_mean_fade", found.scope("pm/Dana"))

    assert figure.value == D("0.1")
    assert "2 Job 2 is left out: original budget (Procore) is missing" in figure.assumptions


def test_a_rate_of_the_company_costs_each_job_its_grade_in_one_sentence(tmp_path: Path):
    """Earned revenue of job 1 is a guess, so the rate on it is one too; overhead on total cost does not rest on it."""
    jobs = [of_job(n, "original_contract", "1000") for n in "12"]
    jobs += [of_job(n, "original_budget", "800", *LEAF) for n in "12"]
    jobs += [of_job("1", "cost", "100", *LEAF, accounting_on=ON, grade="C")]
    jobs += [of_job("2", "cost", "100", *LEAF, accounting_on=ON)]
    found = firm(tmp_path, [job("1"), job("2")], [*jobs, fact("overhead", "80", project=None, accounting_on=ON)])

    rate = found.figure("overhead_rate_OA3", found.company)
    on_revenue, on_cost = (found.figure(f"net_profit_at_completion_{b}", found.scope("2")) for b in ("OA3", "OA4"))

    assert (rate.grade, rate.assumptions[-1]) == ("C", "1 Job 1 has grade C")
    assert [a for a in on_revenue.assumptions if "grade" in a] == [f"{rate.metric.label} of the company has grade C"]
    assert (on_revenue.grade, on_cost.grade) == ("C", "A")


def test_figures_of_the_company_say_which_system_is_stale(tmp_path: Path):
    stale = "quickbooks_online is as of 2026-09-01: refused"
    loose = [fact(m, "800", project=None, accounting_on=ON) for m in ("cash", "overhead")]
    found = measures(tmp_path, [*loose, fact("cost", "100", *LEAF, accounting_on=ON)], gaps=Gaps(stale=(stale,)))

    for name in ("cash_balance", "overhead_pool"):
        figure = found.figure(name, found.company)
        assert (figure.grade, stale in figure.assumptions) == ("C", True)


def test_an_active_project_without_a_quickbooks_job_may_lack_cost(tmp_path: Path):
    def procore_only(folder: str, *more: dict[str, object], **changes: object) -> Figure:
        one = job("1", **changes)
        one["projects"], one["entities"] = one["projects"][:1], one["entities"][:1]
        plan = [of_job("1", "original_contract", "200000"), of_job("1", "original_budget", "100000", *LEAF)]
        found = firm(tmp_path / folder, [one], [*plan, *more])
        return found.figure("actual_cost", found.scope("1"))

    said = "no QuickBooks job is linked to the project: cost that QuickBooks posted for it is not in its actual cost"
    accrued = of_job("1", "cost", "500", *LEAF, accounting_on=ON, basis="approved_not_posted")
    worked = procore_only("worked", accrued)
    begun = procore_only("begun", started_on=ON)

    assert (worked.value, worked.grade, worked.assumptions[0]) == (D(500), "C", said)
    assert (begun.value, begun.grade) == (D(0), "C")
    assert procore_only("planned", started_on=date(2026, 12, 1)).grade == "A"


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("approved_change_orders", "approved change orders"),
        ("pending_change_orders", "pending change orders"),
        ("committed_cost", "commitments"),
        ("open_commitments", "commitments"),
        ("invoiced_on_commitments", "commitments"),
        ("pending_commitments", "pending commitments"),
        ("buyout_gain", "commitments"),
    ],
)
def test_what_only_procore_knows_is_missing_where_procore_does_not_know_the_project(
    tmp_path: Path, name: str, term: str
):
    one = job("58")
    one["projects"] = [{**one["projects"][1], "number": "24-058"}]
    one["entities"] = [{"record_id": JOB, "kind": "project", "entity_id": JOB}]
    found = firm(tmp_path, [one], [fact("cost", "1000", *LEAF, accounting_on=ON, project=JOB)])

    figure = found.figure(name, found.scope("24-058"))

    assert (figure.value, figure.missing) == (None, (f"{term} (the project is not in Procore)",))
    assert found.figure("actual_cost", found.scope("24-058")).value == D(1000)
