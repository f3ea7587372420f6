"""One simulated contractor as conformed tables, with the truth of its links in record ids and dollars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

import pyarrow as pa

from datablueprint import tables
from datablueprint.lake.conform import conform
from datablueprint.settings import Settings
from local.sandbox.world import build_world, collections
from local.sandbox.world.model import World
from local.sandbox.world.truth_links import links
from tests.lake.landing import lake
from tests.lake.test_conform_world import other_records, procore_records

Pair = frozenset[str]
Tables = dict[str, pa.Table]
LISTS = ("projects", "vendors", "employees", "cost_codes")
CARRIERS = {
    "projects": ("origin_id",),
    "vendors": ("origin_id",),
    "commitments": ("origin_id",),
    "subcontract_invoices": ("origin_id",),
    "direct_costs": ("origin_id",),
    "cost_codes": ("project_reference", "origin_id"),
}
"""Columns that hold what an integration wrote to tell a record."""


@dataclass(frozen=True)
class LinkedWorld:
    """Conformed tables, and per kind the true pairs with the dollars each one moves."""

    made: Tables
    truth: dict[str, dict[Pair, Decimal]]


def linked_world(seed: int, jobs: int) -> LinkedWorld:
    world = build_world(seed=seed, jobs=jobs)
    shown = collections(world)
    made = conform(lake(*procore_records(shown), *other_records(shown)), Settings(tenant="benchmark"))
    return LinkedWorld(made, _truth(world, made))


def without_ids(made: Tables) -> Tables:
    """The same company without any integration: no ids, no project numbers in item names, none in job names."""
    from datablueprint.graph.names import without_numbers

    bare = dict(made)
    for name, columns in CARRIERS.items():
        rows = [row | dict.fromkeys(columns) for row in tables.rows(made[name])]
        if name == "projects":
            rows = [row | {"name": without_numbers(row["name"]).strip(" ()")} for row in rows]
        bare[name] = tables.build(name, rows)
    return bare


def half_gone(made: Tables) -> Tables:
    """Every second Procore project and vendor, with its papers, was never read: most true partners are missing."""
    gone = {
        row["record_id"]
        for name in ("projects", "vendors")
        for row in [row for row in tables.rows(made[name]) if row["system"] == "procore"][::2]
    }
    left = dict(made)
    for name in ("projects", "vendors", "subcontract_invoices", "direct_costs"):
        rows = [row for row in tables.rows(made[name]) if not gone & {row["record_id"], row.get("project_record_id")}]
        left[name] = tables.build(name, rows)
    return left


def _truth(world: World, made: Tables) -> dict[str, dict[Pair, Decimal]]:
    """The world's own links cut into pairs of records that were read, and its contracts."""
    known = {row["record_id"] for name in LISTS for row in tables.rows(made[name])}
    truth: dict[str, dict[Pair, Decimal]] = {"contract": dict(_estimates(world))}
    for link in links(world):
        for pair in combinations([record for record in link["records"] if record in known], 2):
            truth.setdefault(link["kind"], {})[frozenset(pair)] = abs(Decimal(link["dollars"]))
    return truth


def _estimates(world: World) -> Iterator[tuple[Pair, Decimal]]:
    for txn in world.txns:
        if txn.kind == "Estimate" and txn.customer:
            for contract in txn.customer.contracts:
                pair = frozenset((f"procore:prime_contracts:{contract.id}", f"quickbooks:Estimate:{txn.id}"))
                yield pair, Decimal(contract.amount) / 100
