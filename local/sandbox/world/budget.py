"""What estimating promised: original budgets, transfers out of contingency, and forecasts typed by project managers."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta

from local.sandbox.world.buyout import approved_changes
from local.sandbox.world.ids import Ids
from local.sandbox.world.model import Forecast, Leaf, LeafKey, Project, World
from local.sandbox.world.projects import CRAFT_HOUR, SUPERINTENDENT_HOUR

_NO_FORECAST = {"01-310", "01-500", "01-900"}


def hundred(cents: float) -> int:
    """Rounded to whole hundreds of dollars, as estimates are."""
    return max(1, round(cents / 10_000)) * 10_000


def set_budgets(rng: random.Random, world: World, project: Project) -> None:
    """Original budget per code, then what moved out of contingency when buyout came in high."""
    changes = approved_by_leaf(world, project)
    for leaf in project.leaves:
        if leaf.code == "01-900":
            continue
        if leaf.type == "L" and leaf.budget_hours:
            rate = SUPERINTENDENT_HOUR if leaf.code == "01-310" else CRAFT_HOUR
            leaf.original = hundred(leaf.budget_hours * rate)
        else:
            leaf.original = hundred((leaf.planned - changes[leaf.key]) / (1 + leaf.drift))
    contingency = project.leaf("01-900", "O")
    assert contingency is not None  # every job has one
    contingency.original = hundred(sum(leaf.original for leaf in project.leaves) * 0.02)
    _forget_one(rng, project)
    _draw_contingency(rng, world, project, contingency)


def approved_by_leaf(world: World, project: Project) -> dict[LeafKey, int]:
    """Cost of approved commitment changes per budget code."""
    found: dict[LeafKey, int] = defaultdict(int)
    for commitment in project.commitments:
        for _, key, amount, _ in approved_changes(commitment, world.as_of):
            found[key] += amount
    return found


def committed_by_leaf(world: World, project: Project) -> dict[LeafKey, int]:
    """Signed value plus approved changes per budget code, whoever may see it."""
    found = approved_by_leaf(world, project)
    for commitment in project.commitments:
        if commitment.signed <= world.as_of:
            for line in commitment.lines:
                found[line.key] += line.amount
    return found


def _forget_one(rng: random.Random, project: Project) -> None:
    """Now and then estimating forgot a material, and its cost arrives without a budget line."""
    materials = [leaf for leaf in project.leaves if leaf.type == "M"]
    if len(materials) > 3 and rng.random() < 0.12:
        leaf = min(materials, key=lambda candidate: candidate.planned)
        leaf.original, leaf.budgeted, leaf.budget_line_id = 0, False, None


def _draw_contingency(rng: random.Random, world: World, project: Project, contingency: Leaf) -> None:
    committed = committed_by_leaf(world, project)
    changes = approved_by_leaf(world, project)
    for leaf in project.leaves:
        short = committed[leaf.key] - changes[leaf.key] - leaf.original
        left = contingency.original + contingency.modifications
        if leaf.type == "S" and short > leaf.original * 0.02 and rng.random() < 0.65 and left > 0:
            moved = min(hundred(short), left)
            leaf.modifications += moved
            contingency.modifications -= moved


def spent_by_leaf(world: World, project: Project) -> dict[LeafKey, int]:
    """A rough cost to date that a project manager would see; good enough to forecast from."""
    found: dict[LeafKey, int] = defaultdict(int)
    for txn in world.txns:
        for line in txn.lines if txn.kind in {"Bill", "Purchase"} else ():
            if line.project is project and line.leaf and txn.day <= world.as_of:
                found[line.truth or line.leaf.key] += line.amount
    return found


def forecast(rng: random.Random, world: World, project: Project, ids: Ids) -> None:
    """Manual forecasts on some codes of a running job, none older than a month."""
    if project.phase != "active":
        return
    spent, committed = spent_by_leaf(world, project), committed_by_leaf(world, project)
    for leaf in project.leaves:
        if leaf.type == "L" or leaf.code in _NO_FORECAST or not leaf.budgeted:
            continue
        if project.link == "name" and leaf.type == "O" and project.progress(world.as_of) > leaf.window[1]:
            _type_in(leaf, 0, world.as_of - timedelta(days=rng.randrange(4, 25)), ids)
        elif rng.random() < 0.09:
            known = committed[leaf.key] or spent[leaf.key]
            amount = max(0.004 * leaf.planned, leaf.planned * rng.uniform(0.99, 1.03) - known)
            _type_in(leaf, hundred(amount), world.as_of - timedelta(days=rng.randrange(2, 31)), ids)


def _type_in(leaf: Leaf, amount: int, day: date, ids: Ids) -> None:
    cuts = [amount] if amount < 400_000 else [amount - amount // 4, amount // 4]
    for cut in cuts:
        leaf.forecasts.append(Forecast(cut, day, "Remaining work", ids.next("manual_forecast_line_items")))
        day -= timedelta(days=1)
