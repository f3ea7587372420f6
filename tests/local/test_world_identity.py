"""Who is who in a contractor's systems, and how much money rides on it."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

import pytest

from local.sandbox.world import VendorCollections, World, build_world, collections
from local.sandbox.world.identity import CHANGE_WORK, UNKNOWN_JOB
from local.sandbox.world.views.procore_company import ERP_LIST


@pytest.fixture(scope="module")
def world() -> World:
    return build_world()


@pytest.fixture(scope="module")
def shown(world: World) -> VendorCollections:
    return collections(world)


@pytest.fixture(scope="module")
def links(world: World) -> tuple[dict[str, Any], ...]:
    return world.truth.links


def lines_on(shown: VendorCollections, customer: str) -> list[dict[str, Any]]:
    bought = [*shown.quickbooks["Bill"], *shown.quickbooks["Purchase"]]
    lines = [line for txn in bought for line in txn["Line"]]
    return [line for line in lines if line[line["DetailType"]].get("CustomerRef", {}).get("value") == customer]


def test_one_project_has_two_jobs_in_quickbooks(
    world: World, shown: VendorCollections, links: tuple[dict[str, Any], ...]
):
    (sub,) = (row for row in shown.quickbooks["Customer"] if row["DisplayName"] == CHANGE_WORK)
    (link,) = (link for link in links if link["how"] == "sub-job")
    project = next(p for p in world.projects if p.change_job_id == sub["Id"])

    assert sub["ParentRef"]["value"] == project.quickbooks_id
    assert (sub["Level"], sub["IsProject"], sub["Job"]) == (2, False, True)
    assert link["records"] == [f"procore:projects:{project.id}", f"quickbooks:Customer:{sub['Id']}"]
    posted = sum(Decimal(str(line["Amount"])) for line in lines_on(shown, sub["Id"]))
    assert Decimal(link["dollars"]) == posted > 0


def test_one_job_with_cost_is_in_quickbooks_alone(world: World, shown: VendorCollections):
    (job,) = (row for row in shown.quickbooks["Customer"] if row["DisplayName"] == UNKNOWN_JOB)
    (told,) = world.truth.quickbooks_only_jobs

    posted = sum(Decimal(str(line["Amount"])) for line in lines_on(shown, job["Id"]))
    assert (told["quickbooks_id"], Decimal(told["cost"])) == (job["Id"], posted)
    assert UNKNOWN_JOB not in {row["name"] for row in shown.procore["projects"]}
    assert "0" not in {row["procore_id"] for row in world.truth.to_json()["projects"]}


def test_one_running_job_that_its_number_links_keeps_codes_of_its_own(world: World, shown: VendorCollections):
    listed = {row["id"]: row["standard_cost_code_list_id"] for row in shown.procore["projects"]}
    own = [p for p in world.projects if p.phase == "active" and listed[p.id] != ERP_LIST]

    assert Counter(p.link for p in own)["number"] == 1
    told = {p["number"]: p["cost_code_list"] for p in world.truth.to_json()["projects"]}
    assert {told[p.number] for p in own} == {"other"}


def test_every_link_says_how_many_dollars_ride_on_it(links: tuple[dict[str, Any], ...]):
    kinds = Counter(link["kind"] for link in links)

    assert set(kinds) == {"project", "vendor", "employee", "cost_code"}
    assert all(Decimal(link["dollars"]) == Decimal(link["dollars"]).quantize(Decimal("0.01")) for link in links)
    assert sum(Decimal(link["dollars"]) > 0 for link in links) > 0.8 * len(links)


def test_dollars_of_a_cost_code_are_those_on_its_item(shown: VendorCollections, links: tuple[dict[str, Any], ...]):
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for kind, sign in (("Bill", 1), ("Purchase", 1), ("VendorCredit", -1)):
        for txn in shown.quickbooks[kind]:
            for line in txn["Line"]:
                item = line[line["DetailType"]].get("ItemRef")
                if item and txn["TxnDate"] <= "2026-11-19":
                    sums[item["value"]] += (-sign if txn.get("Credit") else sign) * Decimal(str(line["Amount"]))

    codes = [link for link in links if link["kind"] == "cost_code"]
    assert len(codes) > 300
    for link in codes:
        assert Decimal(link["dollars"]) == sums[link["records"][1].rsplit(":", 1)[1]]


@pytest.mark.parametrize("seed", [7, 11, 23])
def test_at_least_three_project_managers_have_three_finished_jobs(seed: int):
    world = build_world(seed=seed)
    finished = Counter(p.manager for p in world.projects if p.closed and not p.co_manager)

    assert sum(jobs >= 3 for jobs in finished.values()) >= 3


def test_one_finished_job_has_two_active_managers_and_one_changed_hands(world: World, shown: VendorCollections):
    active: dict[int, set[int]] = defaultdict(set)
    former: dict[int, set[int]] = defaultdict(set)
    for role in shown.procore["project_roles"]:
        (active if role["is_active"] else former)[role["_project_id"]].add(role["user_id"])

    shared = [project for project, people in active.items() if len(people) == 2]
    closed = {p.id for p in world.projects if p.closed}
    assert len(shared) == 1
    assert set(shared) <= closed
    assert len(former) == 1
    assert set(former) <= closed - set(shared)
    assert all(not former[project] & active[project] for project in former)
