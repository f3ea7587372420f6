"""What the accountant enters at month end is told apart from the cost of jobs and of the office."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from local.sandbox.world import VendorCollections, World, build_world, collections
from local.sandbox.world.truth_costs import gather, place_of
from local.sandbox.world.views.posting import postings


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(jobs=16)


@pytest.fixture(scope="module")
def shown(world: World) -> VendorCollections:
    return collections(world)


@pytest.fixture(scope="module")
def truth(world: World) -> dict[str, Any]:
    return world.truth.to_json()


def test_what_is_entered_later_moves_no_id_of_what_was_there(world: World):
    ids = {later: [int(txn.id) for txn in world.txns if txn.later is later] for later in (False, True)}

    assert min(ids[True]) > max(ids[False])


def test_every_wip_adjustment_is_taken_back_the_next_day(world: World, truth: dict[str, Any]):
    wip = [txn for txn in world.txns if (txn.document or "").startswith("WIP")]
    sums: dict[str, int] = {}
    for txn in wip:
        for account, amount in postings(txn):
            sums[account.key] = sums.get(account.key, 0) + amount

    assert len(wip) >= 20
    assert set(sums.values()) == {0}
    assert all(t.reverses is None or t.day == t.reverses.day + timedelta(days=1) for t in wip)
    assert len(truth["journals"]["wip"]) == len(wip)


def test_accruals_are_taken_back_but_for_one_that_is_older_than_forty_five_days(world: World, truth: dict[str, Any]):
    accruals = truth["journals"]["accruals"]
    planted = [m for m in truth["mistakes"] if m["kind"] == "unpaired_accrual"]

    left = [a for a in accruals if a["reversal"] is None and a["accrual"] in planted[0]["records"]]
    assert any(a["reversal"] for a in accruals)
    assert len(left) == len(planted) == 1
    assert date.fromisoformat(left[0]["date"]) < world.as_of - timedelta(days=45)


def test_an_accrual_nobody_took_back_counts_and_one_taken_back_does_not(world: World):
    costs = gather(world, see_hidden=False)
    booked = {txn.document: txn for txn in world.txns if (txn.document or "").startswith("ACC")}
    undone = next(txn for txn in booked.values() if txn.reverses)
    job = undone.lines[0].project

    assert job is not None
    assert undone.reverses is not None
    both = [e.amount for e in costs.entries if e.project is job and e.day in (undone.day, undone.reverses.day)]
    assert undone.lines[0].amount in both
    assert -undone.lines[0].amount in both


def test_overhead_put_on_jobs_by_journal_is_in_no_jobs_cost(world: World, truth: dict[str, Any]):
    lines = [
        (txn, line)
        for txn in world.txns
        for line in txn.lines
        if line.project and line.account.key == "allocated_overhead"
    ]

    assert lines
    assert truth["journals"]["overhead"]
    assert {place_of(txn, line) for txn, line in lines} == {"overhead_journal"}
    assert truth["coverage"]["overhead_journal"] == "0.00"  # what jobs bear, the office is relieved of


def test_a_bill_in_another_currency_balances_at_its_rate_and_is_not_cost(
    world: World, shown: VendorCollections, truth: dict[str, Any]
):
    (foreign,) = (bill for bill in shown.quickbooks["Bill"] if bill["CurrencyRef"]["value"] != "USD")
    (planted,) = (m for m in truth["mistakes"] if m["kind"] == "second_currency")
    payable = {a["Id"]: a for a in shown.quickbooks["Account"]}[foreign["APAccountRef"]["value"]]

    home = Decimal(str(foreign["TotalAmt"])) * Decimal(str(foreign["ExchangeRate"]))
    assert planted["records"] == [f"quickbooks:Bill:{foreign['Id']}"]
    assert Decimal(planted["amount"]) == home == Decimal(truth["coverage"]["second_currency"])
    assert payable["CurrencyRef"]["value"] == "CAD"
    assert Decimal(str(payable["CurrentBalance"])) == -home
    assert next(p for p in truth["projects"] if p["number"] == planted["project"])["expected_grade"] == ["C"]


def test_what_has_no_job_is_overhead_only_if_nothing_else_explains_it(world: World):
    places: dict[str, set[str]] = {}
    for txn in world.txns:
        for line in txn.lines:
            if line.account.is_cost and not line.project:
                places.setdefault(line.account.key, set()).add(place_of(txn, line))

    assert places["workers_comp"] == places["insurance"] == places["training_fund"] == {"burden_paid"}
    assert places["equipment_owning"] == places["pool_recovery"] == {"equipment_pool"}
    assert places["income_tax"] == places["loan_interest"] == places["interest"] == {"below_the_line"}
    assert places["relocation"] == {"below_the_line"}
    assert places["rent"] == places["office"] == {"overhead"}


def test_what_a_sister_company_bills_is_named(truth: dict[str, Any], shown: VendorCollections):
    bills = {f"quickbooks:Bill:{row['Id']}": row for row in shown.quickbooks["Bill"]}

    assert truth["journals"]["intercompany"]
    for told in truth["journals"]["intercompany"]:
        assert bills[told["record"]]["VendorRef"]["name"] == "Summitline Equipment LLC"


def test_owners_draws_are_no_cost(world: World):
    draws = [txn for txn in world.txns if txn.note == "Owner draw"]

    assert len(draws) == 1
    assert not any(line.account.is_cost for line in draws[0].lines)
