"""How owners pay and which premiums jobs bear: the contractor's own settings, and what they do to the truth."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from datablueprint.settings import Policy
from local.sandbox.sandbox import Sandbox
from local.sandbox.world import World, build_world, collections
from local.sandbox.world.model import Leaf, PrimeContract, Project
from local.sandbox.world.terms import Terms
from local.sandbox.world.truth import LeafTruth
from local.sandbox.world.truth_burden import applied, rates_of, unrated
from local.sandbox.world.truth_costs import gather
from local.sandbox.world.truth_price import hours_at_completion, transaction_price
from local.sandbox_home import settings_for

DAY = date(2026, 11, 19)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world()


def leaf(code: str, kind: str, eac: int, *, method: str = "E2", hours: int = 0) -> LeafTruth:
    return LeafTruth(code, kind, 0, 0, 0, 0, 0, method, eac, hours * 4)


def job(terms: Terms | None, *prices: int, status: str = "Approved", **more: Any) -> Project:
    contracts = [PrimeContract(n, f"PC-{n}", "", status, price, DAY) for n, price in enumerate(prices, 1)]
    leaves = more.pop("leaves", [])
    made = SimpleNamespace(terms=terms, contracts=contracts, closed=False, leaves=leaves, **more)
    made.leaf = lambda code, kind: next((x for x in leaves if x.key == (code, kind)), None)
    return made  # type: ignore[return-value]  # as much of a Project as a price needs


COST = [leaf("03-300", "M", 700_00), leaf("01-740", "O", 100_00), leaf("23-100", "S", 200_00)]


@pytest.mark.parametrize(
    ("terms", "price"),
    [
        (None, 1500_00),
        (Terms("cost_plus_fixed_fee", fee=90_00), 1090_00),
        (Terms("cost_plus_fixed_fee", fee=90_00, non_reimbursable=("01",)), 990_00),
        (Terms("cost_plus_percent", fee_rate=Fraction("0.0875")), 1087_50),
        (Terms("gmp", fee=50_00, gmp=1250_00, savings_share=Fraction(2, 5)), 1050_00 + 80_00),
        (Terms("gmp", fee=50_00, gmp=1000_00, savings_share=Fraction(2, 5)), 1000_00),
        (Terms("gmp", fee=50_00), 1050_00),
        (Terms("time_and_materials", markup=Fraction("0.10")), 1100_00),
        (Terms("time_and_materials", markup=Fraction("0.10"), not_to_exceed=1080_00), 1080_00),
    ],
)
def test_the_price_of_a_job_follows_its_contract(terms: Terms | None, price: int):
    assert transaction_price(job(terms, 1500_00), DAY, COST) == price


def test_only_a_lump_sum_may_have_several_contracts_and_nothing_has_a_price_unsigned():
    terms = Terms("cost_plus_fixed_fee", fee=90_00)

    assert transaction_price(job(None, 1000_00, 500_00), DAY, COST) == 1500_00
    assert transaction_price(job(terms, 1000_00, 500_00), DAY, COST) is None
    assert transaction_price(job(terms, 1000_00, status="Draft"), DAY, COST) is None


def test_hours_at_completion_come_from_progress_where_that_decides_else_from_the_budget():
    budget = [Leaf("03-300", "L", budget_hours=100, quantity=1000), Leaf("06-100", "L", budget_hours=100)]
    budget[0].produced = [SimpleNamespace(day=DAY, amount=500)]  # type: ignore[list-item]  # half of it
    project = job(None, 1, leaves=budget)

    found = [
        hours_at_completion(project, leaf(code, "L", 0, method=method, hours=60), DAY)
        for code, method in (("03-300", "E4"), ("03-300", "E2"), ("06-100", "E2"), ("09-900", "E2"))
    ]

    assert found == [120, 100, 100, 60]


def test_time_and_materials_bill_each_hour_at_the_rate_of_the_longest_prefix():
    rates = {"": 50_00, "03": 60_00, "03-350": 55_00}
    terms = Terms("time_and_materials", billing_rates=rates, markup=Fraction("0.5"))
    labor = [leaf(code, "L", 1_00, hours=10) for code in ("03-300", "03-350", "06-100")]

    price = transaction_price(job(terms, 1), DAY, [*labor, leaf("05-100", "S", 100_00)])

    assert price == 600_00 + 550_00 + 500_00 + 150_00


def test_the_rate_of_the_longest_prefix_and_of_the_day_applies():
    def comp(code: str, day: date) -> Fraction:
        return next(rate.rate for rate in rates_of(code, day) if rate.component == "workers_comp")

    assert comp("03-350", DAY) == Fraction("0.0520")
    assert comp("03-300", DAY) == Fraction("0.0645")
    assert comp("06-100", date(2025, 12, 31)) == Fraction("0.0585")
    assert comp("06-100", date(2026, 1, 1)) == Fraction("0.0612")


def test_a_third_of_overtime_and_half_of_double_time_are_not_rated():
    pieces = list(applied("03-300", DAY, wages=1000_00, quarters=160, overtime=300_00, double_time=100_00))

    assert pieces == [
        ("workers_comp", 64_50),
        ("workers_comp", -6_45),
        ("workers_comp", -3_23),  # 3.225 rounds away from zero
        ("general_liability", 42_50),
        ("training_fund", 8_80),
    ]


def test_one_code_of_the_companys_own_work_has_no_class():
    assert unrated("07-200", DAY) == ["workers_comp"]
    assert unrated("03-300", DAY) == []


def test_premiums_are_applied_to_all_labor_that_the_register_puts_on_jobs(world: World):
    costs = gather(world, see_hidden=False)
    sums: dict[str, int] = defaultdict(int)
    for entry in costs.entries:
        if entry.project:
            sums[entry.component] += entry.amount

    liability = Fraction("0.0425") * sums["wages"]
    assert abs(sums["general_liability"] - liability) < sum(entry.component == "wages" for entry in costs.entries)
    assert sums["workers_comp"] + sums["general_liability"] + sums["training_fund"] == costs.coverage["applied"]
    assert 0.7 < costs.coverage["burden_paid"] / costs.coverage["applied"] < 1.4


def test_wages_without_a_rate_are_in_the_truth(world: World):
    truth = world.truth.to_json()

    assert {(row["component"], row["code"]) for row in truth["unrated_wages"]} == {("workers_comp", "07-200")}
    assert [m["note"] for m in truth["mistakes"] if m["kind"] == "unrated_labor"] == [
        "no workers_comp rate covers 07-200"
    ]


def test_four_running_jobs_are_no_lump_sum(world: World):
    let = [p for p in world.projects if p.terms]

    assert {p.terms.type for p in let if p.terms} == {
        "gmp", "cost_plus_percent", "time_and_materials", "cost_plus_fixed_fee",
    }  # fmt: skip
    assert all(p.phase == "active" and len(p.contracts) == 1 and p.link != "name" for p in let)
    for project in let:
        told = world.truth.project(project.number)
        assert told.tp is not None
        assert told.rcv is not None
        assert told.tp != told.rcv


@pytest.mark.parametrize("jobs", [3, 8, 40])
def test_the_product_reads_the_policy_and_every_name_in_it_exists(jobs: int):
    world = build_world(jobs=jobs)

    policy = Policy.model_validate(world.policy())

    named = {account.name for account in world.accounts.values()}
    fields = ("burden", "equipment", "wip", "allocation", "overhead_excluded")
    assert all(set(getattr(policy, f"{field}_accounts")) <= named for field in fields)
    assert set(policy.intercompany_parties) <= {vendor.quickbooks_name for vendor in world.vendors}
    assert set(policy.contract_terms) <= {project.number for project in world.projects}
    assert policy.contract_terms


def test_settings_of_a_sandbox_carry_the_policy_of_its_contractor():
    world = build_world(jobs=3)

    sandbox = Sandbox.of(collections(world), today=world.today)

    assert settings_for(sandbox).policy == Policy.model_validate(world.policy())
