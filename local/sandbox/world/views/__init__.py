"""The world as each vendor's system would show it: plain JSON records, complete and without the truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from local.sandbox.world.model import World
from local.sandbox.world.views import (
    gusto,
    payroll_file,
    procore_budget,
    procore_changes,
    procore_commitments,
    procore_company,
    procore_costs,
    procore_labor,
    quickbooks_lists,
    quickbooks_transactions,
)

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class VendorCollections:
    """Records per system and stream. Keys that start with "_" are for the server, which strips them."""

    procore: Rows
    quickbooks: Rows
    gusto: Rows
    files: dict[str, str]
    policy: dict[str, Any] = field(default_factory=dict)
    """What no vendor serves: the contractor's own settings in the product."""


def collections(world: World) -> VendorCollections:
    """Fresh records on every call; nested code objects may be shared between records."""
    procore: Rows = {}
    for view in (procore_company, procore_changes, procore_commitments, procore_costs, procore_budget, procore_labor):
        procore |= view.rows(world)
    return VendorCollections(
        procore=procore,
        quickbooks=quickbooks_lists.rows(world) | quickbooks_transactions.rows(world),
        gusto=gusto.rows(world),
        files=payroll_file.files(world),
        policy=world.policy(),
    )
