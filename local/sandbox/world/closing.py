"""What the accountant books at month end: work in progress, accruals, the equipment pool, overhead put on jobs.

Each of these is a journal that an honest reader must not mistake for cost, for
billing or for overhead.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from local.sandbox.world import books
from local.sandbox.world.mistakes import note
from local.sandbox.world.model import Project, World
from local.sandbox.world.overhead import months
from local.sandbox.world.terms import AFFILIATE

ACCRUED_AGO = 63
"""Days since the accrual that nobody reversed; 45 are usual at most."""


def close(rng: random.Random, world: World, scale: float) -> None:
    """Every kind of closing journal, oldest idea first; jobs that only a name links are left alone."""
    known = [p for p in world.projects if p.quickbooks_id and p.link != "name"]
    for first in months(date(world.as_of.year, 1, 1), world.as_of):
        adjust_revenue(rng, world, [p for p in known if p.running], first - timedelta(days=1))
    running = sorted((p for p in known if p.phase == "active"), key=lambda p: p.target)
    accrue_and_reverse(world, running[-1], 1_240_000)
    forget_to_reverse(world, running[len(running) // 2], 185_000)
    own_equipment(rng, world, scale)
    allocate_overhead(world, known, date(world.as_of.year - 1, 12, 31), int(14_500_000 * scale))


def adjust_revenue(rng: random.Random, world: World, jobs: list[Project], day: date) -> None:
    """Revenue earned but not billed, and billed but not earned, job by job; undone the next day."""
    lines = []
    for job in [job for job in jobs if job.start < day]:
        amount = int(job.target * rng.uniform(0.002, 0.012)) // 100 * 100
        if rng.random() < 0.5:
            lines.append(books.debit(world, "underbilled", amount, f"Underbilled {job.number}"))
            lines.append(books.credit(world, "revenue_adjustment", amount, f"Underbilled {job.number}", job))
        else:
            lines.append(books.debit(world, "revenue_adjustment", amount, f"Overbilled {job.number}", job))
            lines.append(books.credit(world, "overbilled", amount, f"Overbilled {job.number}"))
    if lines and day >= world.began:
        booked = books.journal(world, day, lines, f"WIP{day:%y%m}", f"WIP adjustment {day:%b %Y}")
        books.reverse(world, booked, day + timedelta(days=1))


def accrue_and_reverse(world: World, job: Project, amount: int) -> None:
    """A crane that came before its bill: accrued at month end, taken back on the first, then billed as usual."""
    first = date(world.as_of.year, world.as_of.month, 1)
    lines = [
        books.debit(world, "rental", amount, "Crane, bill not received", job),
        books.credit(world, "accrued", amount, "Crane, bill not received"),
    ]
    booked = books.journal(world, first - timedelta(days=1), lines, f"ACC{first:%y%m}", "Accrue crane rental")
    books.reverse(world, booked, first)


def forget_to_reverse(world: World, job: Project, amount: int) -> None:
    """The same, but the month after never took it back: it counts, and somebody should look at it."""
    day = world.as_of - timedelta(days=ACCRUED_AGO)
    lines = [
        books.debit(world, "other_job", amount, "Dumpsters, bill not received", job),
        books.credit(world, "accrued", amount, "Dumpsters, bill not received"),
    ]
    booked = books.journal(world, day, lines, f"ACC{day:%y%m}", "Accrue dumpsters")
    note(world, "unpaired_accrual", job, amount, [booked], f"accrued {ACCRUED_AGO} days ago and never reversed")


def own_equipment(rng: random.Random, world: World, scale: float) -> None:
    """What the company's own machines cost it: depreciation every month, repairs now and then."""
    shop = next(v for v in world.vendors if v.kind == "overhead" and "shop" in v.trades)
    for first in months(world.began, world.as_of):
        day = first + timedelta(days=27)
        if not world.began <= day <= world.as_of:
            continue
        amount = int(620_000 * scale)
        lines = [
            books.debit(world, "equipment_owning", amount, "Depreciation of machinery"),
            books.credit(world, "depreciation_reserve", amount, "Depreciation of machinery"),
        ]
        books.journal(world, day, lines, f"DEP{day:%y%m}", f"Depreciation {day:%b %Y}")
        if rng.random() < 0.4:
            repair = books.debit(world, "equipment_owning", int(rng.randrange(60_000, 420_000) * scale), "Repair")
            books.purchase(world, day - timedelta(days=5), shop, [repair], card=False)


def allocate_overhead(world: World, jobs: list[Project], day: date, total: int) -> None:
    """Once, at year end, somebody journalled office cost to the jobs of that month."""
    bearing = [job for job in jobs if job.start < day <= job.last_day(world.as_of)]
    if not bearing or day < world.began:
        return
    each = total // len(bearing) // 100 * 100
    lines = [books.debit(world, "allocated_overhead", each, "Share of office cost", job) for job in bearing]
    lines.append(books.credit(world, "overhead_applied", each * len(bearing), "Office cost put on jobs"))
    booked = books.journal(world, day, lines, f"OH{day:%y%m}", f"Allocate overhead {day.year}")
    note(world, "overhead_journal", None, each * len(bearing), [booked], "overhead journalled to jobs: not job cost")


def settle_with_affiliate(world: World, scale: float) -> None:
    """Yard rent to a sister company: money that stays in the family."""
    vendor = next(v for v in world.vendors if v.name == AFFILIATE)
    for first in months(world.began, world.as_of):
        day = first + timedelta(days=14)
        if first.month % 3 == 1 and world.began <= day <= world.as_of:
            line = books.debit(world, "rent", int(960_000 * scale), "Yard rent")
            books.bill(world, day, vendor, [line], f"Y{day:%y%m}")
