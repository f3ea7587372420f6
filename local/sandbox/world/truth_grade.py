"""How sure an honest reader may be of a margin, and why not surer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from local.sandbox.world.model import Project, World
from local.sandbox.world.truth_costs import Costs

if TYPE_CHECKING:
    from local.sandbox.world.truth import LeafTruth

STALE_DAYS = 35
HARD = {"no number", "level", "split", "net"}
"""Drifts of a bill after which a careful reader may still ask."""


def grade(
    world: World, project: Project, tp: int | None, costs: Costs, leaves: tuple[LeafTruth, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Allowed grades and why; more than one where honest readers may differ."""
    if tp is None:
        return ("U",), ("no signed contract: contract value",)
    spoiled = _spoiled(world, project, tp, costs)
    fallback = []
    if any(i.bill and not i.bill.document and not i.carries_bill_id for c in project.commitments for i in c.invoices):
        fallback.append("invoice matched to its bill by amount and date only")
    if project.link == "name":
        fallback.append("the job is known by its name and its bills only")
    debatable = _debatable(world, project, tp, costs, leaves)
    reasons = (*spoiled, *fallback, *debatable)
    if spoiled:
        return ("C",), reasons
    grades = {"B"} if fallback else {"A"}
    for allowed in debatable.values():
        grades |= set(allowed)
    return tuple(sorted(grades)), reasons


def _spoiled(world: World, project: Project, tp: int, costs: Costs) -> list[str]:
    """What makes any honest reader say C."""
    tests = {
        "a bill in a second currency is not counted": any(owner is project for owner in costs.foreign),
        "unassigned direct cost": project.phase == "active" and _loose(world, project, costs) * 200 >= tp,
        "suspected duplicate held": any(owner is project for owner, _ in costs.held),
        "committed costs differ from the visible commitments": any(c.hidden for c in project.commitments),
        "stale forecast": not project.closed and _stale(project, world.as_of),
    }
    return [reason for reason, holds in tests.items() if holds]


def _debatable(world: World, project: Project, tp: int, costs: Costs, leaves: tuple[LeafTruth, ...]) -> dict[str, str]:
    """Reason -> grades that it allows besides the others."""
    labor = [leaf for leaf in leaves if leaf.method == "E4" and leaf.eac > leaf.a]
    ended = project.phase in {"closed", "closing"}
    tests = {
        "approved invoice not yet in QuickBooks": ("B", any(owner is project for owner, _ in costs.accrued)),
        "budget rate used for remaining labor": ("B", any(not _paid_lately(project, leaf, costs) for leaf in labor)),
        "wages without a workers' compensation rate": ("BC", any(job == project.id for _, _, job in costs.unrated)),
        "an accrual was never reversed": ("BC", _planted(world, "unpaired_accrual", project)),
        "bills stray from the invoices they repeat": (
            "BC",
            any(i.drift & HARD for c in project.commitments for i in c.invoices),
        ),
        "nobody confirmed which job it is": ("C", project.link == "name"),
        "production above its budget": ("BC", _planted(world, "overproduced", project)),
        "unassigned direct cost near the end of the job": ("C", ended and _loose(world, project, costs) * 200 >= tp),
    }
    return {reason: allowed for reason, (allowed, holds) in tests.items() if holds}


def _planted(world: World, kind: str, project: Project) -> bool:
    return any(planted[0] == kind and planted[1] is project for planted in world.planted)


def _loose(world: World, project: Project, costs: Costs) -> int:
    """Cost of goods without a job, posted while this job ran."""
    last = project.finished or world.as_of
    return sum(amount for txn, amount in costs.unassigned if project.start <= txn.day <= last)


def _paid_lately(project: Project, leaf: LeafTruth, costs: Costs) -> bool:
    return costs.leaves[project.id][leaf.code, leaf.type].paid_hours > 0


def _stale(project: Project, as_of: date) -> bool:
    return any(
        leaf.forecasts and (as_of - max(f.made_on for f in leaf.forecasts)).days > STALE_DAYS for leaf in project.leaves
    )
