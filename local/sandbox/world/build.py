"""The order in which the contractor's three years come about."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count

from local.sandbox.world import (
    billing,
    budget,
    buyout,
    closing,
    company,
    identity,
    labor,
    mistakes,
    overhead,
    payroll,
    premiums,
    purchases,
    terms,
    twins,
)
from local.sandbox.world import projects as jobs_
from local.sandbox.world.chart import accounts, cost_codes
from local.sandbox.world.ids import Ids
from local.sandbox.world.model import Project, World

TODAY = date(2026, 11, 20)
YEARS = 3
DIFFICULTY = 2
"""Of telling which bill repeats which invoice; see `twins`."""

Dice = Callable[[str], random.Random]
"""A fresh source of chance per room: changing one room leaves the others as they were."""


def build_world(seed: int = 7, jobs: int = 40, today: date = TODAY, *, difficulty: int = DIFFICULTY) -> World:
    """One contractor, the same for the same arguments; `jobs` scales people and firms with it.

    `difficulty`, 1 to 3, says how far bills stray from the invoices they repeat.
    """
    as_of = today - timedelta(days=1)
    began = date(today.year - YEARS, today.month, min(today.day, 28))
    began -= timedelta(days=began.weekday())
    ids = Ids()

    def dice(room: str) -> random.Random:
        return random.Random(f"{seed}/{room}")

    staff = company.employees(dice("people"), jobs, began, ids)
    managers = [person for person in staff if person.title == "Project Manager"]
    world = World(
        seed=seed,
        today=today,
        as_of=as_of,
        began=began,
        accounts=accounts(),
        codes=cost_codes(),
        owners=company.owners(jobs),
        vendors=company.vendors(dice("vendors"), jobs, ids),
        employees=staff,
        managers=managers,
    )
    world.projects = jobs_.projects(dice("projects"), jobs, as_of, began, world.owners, managers, ids)
    jobs_.link_systems(dice("links"), world.projects, ids)
    _work_and_pay(dice, world, ids)
    _buy_and_bill(dice, world, ids, jobs / 40)
    terms.agree(world)
    identity.keep_own_codes(world)
    identity.split_a_job(world, ids)
    mistakes.plant(dice("mistakes"), world, ids)
    twins.make_harder(dice("twins"), world, difficulty)
    _settle_accounts(dice, world)
    _enter_later(dice, world, ids, jobs / 40)
    number_transactions(world, ids)
    return world


def _work_and_pay(dice: Dice, world: World, ids: Ids) -> None:
    world.time = labor.work(dice("labor"), world.employees, world.projects, world.began, world.as_of, ids)
    world.employees = [person for person in world.employees if labor.hired_at_all(person)]
    labor.settle_budgets(dice("production"), world.projects, world.time, world.as_of, ids)
    world.runs = payroll.runs(dice("payroll"), world.employees, world.time, world.began, world.as_of)


def _buy_and_bill(dice: Dice, world: World, ids: Ids, scale: float) -> None:
    overhead.open_books(world, scale)
    for project in world.projects:
        buyout.buy_out(dice(f"buyout {project.number}"), world, project, ids)
        purchases.buy_directly(dice(f"purchases {project.number}"), world, project)
    purchases.correct_and_return(dice("corrections"), world)
    mark_two_contracts(world)
    numbers = count(1001)
    for project in world.projects:
        budget.set_budgets(dice(f"budget {project.number}"), world, project)
        billing.sign_contracts(dice(f"contract {project.number}"), world, project, ids)
        budget.forecast(dice(f"forecast {project.number}"), world, project, ids)
        billing.bill_owner(dice(f"billing {project.number}"), world, project, ids, numbers)
    for project in [p for p in world.projects if p.link == "number"][::2]:
        billing.estimate_in_quickbooks(world, project)
    billing.credit_an_owner(world, next(p for p in world.projects if p.billings))
    overhead.run_the_office(dice("overhead"), world, scale)
    for run in [run for run in world.runs if run.processed]:
        overhead.post_payroll(world, run)
    overhead.pay_liabilities(world)


def _settle_accounts(dice: Dice, world: World) -> None:
    overhead.release_retainage(world)
    overhead.pay_vendors(dice("payments"), world)
    overhead.pay_card(world)


def _enter_later(dice: Dice, world: World, ids: Ids, scale: float) -> None:
    """What the accountant adds once the rest is in the books; ids of the rest do not depend on it."""
    before = len(world.txns)
    premiums.meet_vendors(world, ids)
    premiums.insure(dice("premiums"), world)
    premiums.pay_lender_and_state(world, scale)
    premiums.pay_owner(world, scale)
    premiums.move_the_office(world, scale)
    premiums.buy_abroad(world, _buyer_abroad(world))
    closing.close(dice("closing"), world, scale)
    closing.settle_with_affiliate(world, scale)
    identity.work_unseen(world, ids)
    for txn in world.txns[before:]:
        txn.later = True
    before = len(world.txns)
    overhead.pay_vendors(dice("later payments"), world, later=True, first_check=9001)
    for txn in world.txns[before:]:
        txn.later = True


def _buyer_abroad(world: World) -> Project:
    """A running job that its number links; there is one in every world of the usual size."""
    running = sorted((p for p in world.projects if p.phase == "active"), key=lambda p: p.target)
    return next((p for p in running[1:] if p.link == "number"), running[-1])


def mark_two_contracts(world: World) -> None:
    """The largest running job was let in two contracts."""
    running = [p for p in world.projects if p.phase == "active" and p.link != "name"]
    max(running, key=lambda p: p.target).remarks.add("two contracts")


def number_transactions(world: World, ids: Ids) -> None:
    """QuickBooks hands out ids in the order of entry; one counter serves all kinds of transactions."""
    rank = {"JournalEntry": 0, "Bill": 1, "Purchase": 2, "Invoice": 3, "Payment": 4, "Deposit": 5}
    world.txns.sort(key=lambda txn: (txn.later, txn.day, rank.get(txn.kind, 9)))
    for number, txn in enumerate(world.txns, start=145):
        txn.id = str(number)
        txn.edits = (number * 7919) % 11 // 8
        if txn.imported:
            txn.import_id = ids.next("direct_costs")
    items = count(20)
    for project in world.projects:
        for leaf in project.leaves:
            leaf.item_id = None
    for txn in world.txns:
        for line in txn.lines:
            if line.leaf and line.leaf.item_id is None:
                line.leaf.item_id = str(next(items))
