"""Which jobs there are, when they run, how big they are, and what they are made of."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal

from local.sandbox.world import names
from local.sandbox.world.chart import BOUGHT, SELF_PERFORMED, SUBCONTRACTED, Trade
from local.sandbox.world.company import scaled
from local.sandbox.world.ids import Ids
from local.sandbox.world.model import CostType, Employee, Leaf, Owner, Project

Phase = Literal["closed", "closing", "active", "not_started", "pre_construction"]

SKILL = 0.007
"""Margin, as a share of the contract, from one project manager to the next better one."""
CRAFT_HOUR, SUPERINTENDENT_HOUR = 4700, 7200
"""Burdened cost of an hour, in cents, that estimating works with."""


def phases(jobs: int) -> list[Phase]:
    """About three in ten jobs run, one is closing, two have not begun, the rest are closed."""
    running = max(3, round(jobs * 0.3))
    waiting: list[Phase] = ["pre_construction"]
    waiting.extend("not_started" for _ in range(max(1, round(jobs * 0.05) - 1)))
    closing = max(1, round(jobs / 40))
    closed = max(1, jobs - running - closing - len(waiting))
    counted: list[tuple[Phase, int]] = [("closed", closed), ("closing", closing), ("active", running)]
    return [phase for phase, count in counted for _ in range(count)] + waiting


def projects(
    rng: random.Random, jobs: int, as_of: date, began: date, owners: list[Owner], managers: list[Employee], ids: Ids
) -> list[Project]:
    """Every job in order of its start, numbered by year as the contractor does."""
    drafts = [_draft(rng, phase, as_of, began) for phase in phases(jobs)]
    _spread_starts(rng, drafts, as_of, began)
    _make_one_small(drafts)
    _make_one_long(drafts, as_of, began)
    drafts.sort(key=lambda draft: draft[1])
    wanted, counters = names.project_names(rng), dict[int, int]()
    made = []
    for phase, start, days, target in drafts:
        counters[start.year] = counters.get(start.year, 0) + 1
        number = f"{start.year % 100:02d}-{counters[start.year]:03d}"
        project = _project(rng, phase, start, days, target, number, next(wanted), rng.choice(owners), ids)
        project.manager = int(rng.choice(managers).number)
        _schedule(rng, project, as_of)
        made.append(project)
    share_out(made, managers)
    _let_some_lose(made)
    for project in made:
        plan_leaves(rng, project, ids)
    return made


def _draft(rng: random.Random, phase: Phase, as_of: date, began: date) -> tuple[Phase, date, int, int]:
    """(phase, start, days, target cost in cents)"""
    dollars = min(11_000_000.0, max(450_000.0, rng.lognormvariate(math.log(2_300_000), 0.75)))
    days = int((4 + 2.7 * math.log(dollars / 400_000)) * 30.4 * rng.uniform(0.85, 1.2))
    days = max(110, days)
    if phase in {"closed", "closing"}:
        gap = 4 if phase == "closing" else 40
        start = as_of - timedelta(days=days + gap + rng.randrange(6, 36))
    elif phase == "active":
        start = as_of - timedelta(days=max(42, int(days * rng.uniform(0.14, 0.93))))
    else:
        start = as_of + timedelta(days=rng.randrange(20, 90))
    return phase, max(start, began), days, int(dollars * 100)


def _spread_starts(rng: random.Random, drafts: list[tuple[Phase, date, int, int]], as_of: date, began: date) -> None:
    """Closed jobs began evenly over the years; a few were already waiting when the books began."""
    closed = [i for i, draft in enumerate(drafts) if draft[0] == "closed"]
    for rank, i in enumerate(closed):
        phase, _, days, target = drafts[i]
        room = max(1, (as_of - began).days - days - 40)
        reach = max(0.0, (rank + rng.random()) / len(closed) * 1.08 - 0.08)
        drafts[i] = (phase, began + timedelta(days=int(room * reach)), days, target)


def _make_one_long(drafts: list[tuple[Phase, date, int, int]], as_of: date, began: date) -> None:
    """The largest running job has been going for two years, through the change of payroll systems."""
    i = max((i for i, draft in enumerate(drafts) if draft[0] == "active"), key=lambda i: drafts[i][3])
    phase, _, _, target = drafts[i]
    drafts[i] = (phase, max(began, as_of - timedelta(days=725)), 840, max(target, 900_000_000))


def _make_one_small(drafts: list[tuple[Phase, date, int, int]]) -> None:
    """One running job is clearly the smallest, so that a small slip weighs on it alone."""
    running = [i for i, draft in enumerate(drafts) if draft[0] == "active"]
    floor = 95_000_000
    for i in running:
        phase, start, days, target = drafts[i]
        drafts[i] = (phase, start, days, max(target, floor))
    phase, start, days, _ = drafts[running[0]]
    drafts[running[0]] = (phase, start, days, 52_000_000)


def _project(
    rng: random.Random,
    phase: Phase,
    start: date,
    days: int,
    target: int,
    number: str,
    name: str,
    owner: Owner,
    ids: Ids,
) -> Project:
    finish = start + timedelta(days=days)
    return Project(
        id=ids.next("projects"),
        number=number,
        name=name,
        owner=owner,
        address=f"{rng.randrange(100, 9900)} {rng.choice(names.STREETS)} {rng.choice(('St', 'Ave', 'Blvd'))}",
        city=name.split(" ")[0] if len(name.split(" ")[0]) > 4 else "Denver",
        phase=phase,
        start=start,
        contract_finish=finish - timedelta(days=rng.choice((0, 0, 7, 14))),
        planned_finish=finish,
        finished=finish if phase in {"closed", "closing"} else None,
        target=target,
        overrun=rng.gauss(0.026, 0.020) if phase == "closed" else rng.gauss(0.006, 0.010),
        margin=rng.uniform(0.055, 0.108),
    )


def _schedule(rng: random.Random, project: Project, as_of: date) -> None:
    if project.running and project.planned_finish <= as_of and project.phase == "active":
        project.planned_finish = as_of + timedelta(days=rng.randrange(15, 60))
    project.prime_tiers = rng.choices((1, 2, 3), (25, 55, 20))[0]
    project.commitment_tiers = rng.choices((1, 2, 3), (78, 14, 8))[0]


def _let_some_lose(made: list[Project]) -> None:
    """One closed and one running job lose money, as in every portfolio."""
    closed = sorted((p for p in made if p.closed), key=lambda p: p.target)
    running = sorted((p for p in made if p.phase == "active"), key=lambda p: p.target)
    for project, overrun in ((closed[len(closed) // 2], 0.125), (running[len(running) // 2], 0.175)):
        project.overrun, project.margin = overrun, 0.058
        project.remarks.add("losing")


def share_out(made: list[Project], managers: list[Employee]) -> None:
    """Finished jobs go round among the managers, some of whom price better; one job had two of them at a time."""
    closed = [project for project in made if project.closed]
    best = (len(managers) - 1) / 2
    for turn, project in enumerate(closed):
        place = turn % len(managers)
        project.manager = int(managers[place].number)
        project.margin += (place - best) * SKILL
    if len(managers) > 1 and closed:
        project = closed[(len(closed) - 1) // len(managers) * len(managers)]
        project.co_manager = int(managers[1].number)
        earlier = closed[1] if len(closed) > 1 else None
        if earlier and earlier is not project:
            earlier.former_manager = int(managers[0].number)


def plan_leaves(rng: random.Random, project: Project, ids: Ids) -> None:
    """Cut the target cost into budget codes; self-performed hours are planned here and worked later."""
    target = project.target
    labor, subs = rng.uniform(0.10, 0.16), rng.uniform(0.56, 0.66)
    equipment, other = rng.uniform(0.010, 0.025), rng.uniform(0.045, 0.065)
    size = math.log(target / 30_000_000)
    leaves = _trades(rng, SUBCONTRACTED, int(target * subs), "S", min(14, max(4, round(3.5 + 2.6 * size))))
    leaves += _trades(
        rng, BOUGHT, int(target * (1 - labor - subs - equipment - other)), "M", min(7, max(3, round(2 + size)))
    )
    leaves += _trades(rng, SELF_PERFORMED, int(target * labor * 0.78), "L", min(7, max(3, round(2 + size))))
    leaves += _general(rng, project, int(target * other), int(target * equipment))
    for leaf in leaves:
        leaf.drift = min(0.22, max(-0.10, project.overrun + rng.gauss(0, 0.045)))
    project.leaves = sorted(leaves, key=lambda leaf: (leaf.code, "LMSEO".index(leaf.type)))
    codes: dict[str, int] = {}
    for leaf in project.leaves:
        register_leaf(leaf, codes, ids)


def register_leaf(leaf: Leaf, codes: dict[str, int], ids: Ids) -> None:
    """Give a budget code its Procore ids; lines of one cost code share the code's id."""
    leaf.wbs_id = ids.next("wbs_codes")
    leaf.code_id = codes.setdefault(leaf.code, ids.next("cost_codes"))
    leaf.budget_line_id = ids.next("budget_line_items") if leaf.budgeted else None
    leaf.forecast_id = ids.next("budget_forecasts")


def _trades(rng: random.Random, pool: Sequence[Trade], total: int, kind: CostType, count: int) -> list[Leaf]:
    left, chosen = list(pool), list[Trade]()
    while left and len(chosen) < count:
        trade = rng.choices(left, [t.weight for t in left])[0]
        left.remove(trade)
        chosen.append(trade)
    weights = [trade.weight * rng.lognormvariate(0, 0.35) for trade in chosen]
    return [
        Leaf(
            trade.code,
            kind,
            planned=int(total * weight / sum(weights) // 100 * 100),
            window=_jitter(rng, trade.window),
            unit=trade.unit,
            planned_hours=int(total * weight / sum(weights) / CRAFT_HOUR * 4) if kind == "L" else 0,
        )
        for trade, weight in zip(chosen, weights, strict=True)
    ]


def _jitter(rng: random.Random, window: tuple[float, float]) -> tuple[float, float]:
    first, last = window
    return (max(0.0, first + rng.uniform(-0.03, 0.03)), min(1.0, last + rng.uniform(-0.03, 0.03)))


def _general(rng: random.Random, project: Project, other: int, equipment: int) -> list[Leaf]:
    """Division 1: what the job costs for being a job."""
    if project.phase in {"not_started", "pre_construction"}:
        running: list[Leaf] = [Leaf("01-100", "O", planned=int(other * 0.6) + int(project.target * 0.03))]
    else:
        running = [
            Leaf("01-310", "L", planned=0, window=(0.0, 1.0)),
            Leaf("01-500", "O", planned=int(other * 0.38), window=(0.0, 1.0)),
        ]
    fixed = [
        Leaf("01-020", "O", planned=int(other * 0.22), window=(0.0, 0.06)),
        Leaf("01-060", "O", planned=int(other * 0.26), window=(0.0, 0.04)),
        Leaf("01-450", "O", planned=int(other * 0.08), window=(0.08, 0.7)),
        Leaf("01-740", "O", planned=int(other * 0.06), window=(0.9, 1.0)),
        Leaf("01-900", "O", planned=0),
    ]
    rented = [Leaf("01-540", "E", planned=equipment, window=(0.05, 0.85))] if rng.random() < 0.6 else []
    return running + fixed + rented


def link_systems(rng: random.Random, made: list[Project], ids: Ids) -> None:
    """How each job is known in QuickBooks: written there by the integration, by number, or by a similar name only."""
    present = [p for p in made if p.phase != "pre_construction"]
    active = sorted((p for p in present if p.phase == "active"), key=lambda p: p.target)
    by_name = active[1 : 1 + max(1, round(len(active) / 6))]
    for project in present:
        project.quickbooks_id = str(100 + ids.next("quickbooks job") - 1000)
        if project in by_name:
            project.link = "name"
        else:
            project.link = "origin" if rng.random() < 0.52 else "number"
        numbered = rng.random() < 0.6
        project.quickbooks_name = names.job_in_quickbooks(rng, project.name, project.number, with_number=numbered)
        if project.link == "name":
            project.quickbooks_name = names.similar(rng, project.name)
        elif project.phase == "not_started":  # nothing is bought yet, so no item tells the number
            project.quickbooks_name = f"{project.number} {project.name}"
    for project in made:
        project.payroll_ref = project.number
    for project in present[2 : 2 + scaled(3, len(made), 1)]:
        project.payroll_ref = f"{project.number} {project.name}"
