"""What was bought without a contract: supplier bills, card charges, credits, equipment charges and one-off postings."""

from __future__ import annotations

import random
from datetime import date, timedelta

from local.sandbox.world import books
from local.sandbox.world.buyout import day_at
from local.sandbox.world.model import Leaf, Project, TxnLine, Vendor, World

RENTAL_CYCLE = timedelta(days=28)
POST_DATED = timedelta(days=7)


def buy_directly(rng: random.Random, world: World, project: Project) -> None:
    """Everything on the job's budget codes that no subcontract or purchase order covers."""
    if not (project.closed or project.running):
        return
    contracted = {c.vendor.name for c in project.commitments}
    suppliers = [v for v in world.vendors if v.kind == "supplier" and v.name not in contracted]
    committed = {line.key for c in project.commitments for line in c.lines}
    for leaf in project.leaves:
        if leaf.type in {"L", "S"} or not leaf.planned:
            continue
        total = leaf.planned * (3 if project.link == "name" else 14) // 100 if leaf.key in committed else leaf.planned
        if leaf.code == "01-500":
            _rent(rng, world, project, leaf, rng.choice(suppliers), total)
        else:
            _spend(rng, world, project, leaf, suppliers, total)
    _equipment(rng, world, project)


def _spend(rng: random.Random, world: World, project: Project, leaf: Leaf, suppliers: list[Vendor], total: int) -> None:
    usual = 420_000 if leaf.type == "M" else 900_000
    count = min(40, max(1, round(total / usual)))
    weights = [rng.uniform(0.3, 1.7) for _ in range(count)]
    first, last = leaf.window
    favourites = rng.sample(suppliers, min(3, len(suppliers)))
    for weight in weights:
        day = day_at(project, first + (last - first) * rng.random())
        if day.weekday() > 4:
            day -= timedelta(days=day.weekday() - 4)
        amount = int(total * weight / sum(weights))
        if day <= world.as_of + POST_DATED and amount > 0:
            _one(rng, world, project, leaf, rng.choice(favourites), max(day, project.start), amount)


def _one(
    rng: random.Random, world: World, project: Project, leaf: Leaf, vendor: Vendor, day: date, amount: int
) -> None:
    future = day > world.as_of
    if future and rng.random() < 0.6:
        return
    by_item = project.link in {"origin", "number"} and rng.random() < 0.95
    lines = [books.cost_line(world, project, leaf, amount, by_item=by_item)]
    if rng.random() < 0.45 or future or amount > 900_000:
        made = books.bill(world, day, vendor, lines, supplier_number(rng, vendor))
    else:
        made = books.purchase(world, day, vendor, lines, card=rng.random() < 0.6, document=_check_number(rng))
    made.imported = project.link == "origin" and by_item and not future and rng.random() < 0.8


def supplier_number(rng: random.Random, vendor: Vendor) -> str | None:
    """The supplier's invoice number; accounts payable leaves it out now and then."""
    vendor.next_invoice += 3
    return None if rng.random() < 0.1 else str(vendor.next_invoice)


def _check_number(rng: random.Random) -> str | None:
    return str(rng.randrange(2000, 2400)) if rng.random() < 0.3 else None


def _rent(rng: random.Random, world: World, project: Project, leaf: Leaf, vendor: Vendor, total: int) -> None:
    """Trailers, fence and toilets come on one bill every 28 days for as long as the job runs."""
    end = project.finished or project.planned_finish
    cycles = max(1, (end - project.start).days // RENTAL_CYCLE.days)
    day = project.start + timedelta(days=20)
    while day <= min(world.as_of, end):
        amount = int(total / cycles * rng.uniform(0.94, 1.06))
        by_item = project.link in {"origin", "number"}
        line = books.cost_line(world, project, leaf, amount, by_item=by_item, description="28 day rental")
        made = books.bill(world, day, vendor, [line], supplier_number(rng, vendor))
        made.imported = project.link == "origin" and rng.random() < 0.8
        day += RENTAL_CYCLE


def _equipment(rng: random.Random, world: World, project: Project) -> None:
    """The company's own machines, charged to the job by a monthly journal that knows no cost code."""
    if project.leaf("01-540", "E") is not None:
        return
    day = date(project.start.year, project.start.month, 28)
    while day <= project.last_day(world.as_of):
        if day >= project.start and rng.random() < 0.7:
            amount = max(15_000, int(project.target * rng.uniform(0.0002, 0.0006)))
            text = f"Equipment use {day:%b %Y}"
            lines = [
                books.debit(world, "charges", amount, text, project),
                books.credit(world, "pool_recovery", amount, text),
            ]
            books.journal(world, day, lines, f"EQ{day:%y%m}", text)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 28)


def correct_and_return(rng: random.Random, world: World) -> None:
    """Returns, refunds and postings of the odd kind: each exists so that one rule has something to bite on."""
    bought = [t for t in world.txns if t.kind in {"Bill", "Purchase"} and _is_plain_job_cost(t, world)]
    running = [t for t in bought if t.lines[0].amount > 60_000]
    chosen = rng.sample(running, min(len(running), max(6, len(world.projects) // 3)))
    for source in chosen[3:]:
        _credit(rng, world, source.vendor, source.lines[0], source.day)
    refunded, returned, deposited = chosen[0], chosen[1], chosen[2]
    _card_refund(world, refunded.vendor, refunded.lines[0], refunded.day)
    _card_refund(world, returned.vendor, returned.lines[0], returned.day)
    _vendor_refund(world, deposited.lines[0], deposited.day)
    _pay_card_by_form(world)
    _vendor_tagged_journal(world)


def _is_plain_job_cost(txn: object, world: World) -> bool:
    from local.sandbox.world.model import Txn

    assert isinstance(txn, Txn)
    line = txn.lines[0]
    return (
        txn.sub_invoice is None
        and line.leaf is not None
        and line.leaf.type == "M"
        and txn.day < world.as_of - timedelta(days=20)
    )


def _copy(line: TxnLine, amount: int, text: str) -> TxnLine:
    return TxnLine(line.account, amount, line.project, line.leaf, description=text)


def _credit(rng: random.Random, world: World, vendor: Vendor | None, line: TxnLine, day: date) -> None:
    assert vendor is not None
    later = min(day + timedelta(days=rng.randrange(3, 18)), world.as_of)
    lines = [_copy(line, line.amount // rng.choice((4, 6, 9)), "Returned material")]
    made = books.vendor_credit(world, later, vendor, lines, f"CM{rng.randrange(100, 999)}")
    assert line.project is not None
    made.imported = line.project.link == "origin" and rng.random() < 0.5


def _card_refund(world: World, vendor: Vendor | None, line: TxnLine, day: date) -> None:
    lines = [_copy(line, line.amount // 8, "Refund on card")]
    books.purchase(world, day + timedelta(days=9), vendor, lines, card=True, credit=True)


def _vendor_refund(world: World, line: TxnLine, day: date) -> None:
    refund = TxnLine(line.account, line.amount // 10, line.project, description="Vendor refund check")
    books.deposit(world, day + timedelta(days=14), [], [refund])


def _pay_card_by_form(world: World) -> None:
    """The card's balance paid through the expense form: its line is a bank account, so nothing was bought."""
    line = TxnLine(world.accounts["checking"], 1_250_000, description="Card payment")
    books.purchase(
        world, world.as_of - timedelta(days=200), None, [line], card=True, credit=True, note="Paid card by transfer"
    )


def _vendor_tagged_journal(world: World) -> None:
    """An accrual whose Entity is a vendor: a cost without a job, however much it looks like one."""
    vendor = next(v for v in world.vendors if v.kind == "supplier")
    day = world.as_of - timedelta(days=120)
    cost = books.debit(world, "charges", 24_000, "Pump rental, no job given")
    cost.vendor = vendor
    books.journal(
        world, day, [cost, books.credit(world, "accrued", 24_000, "Pump rental")], "ACC-1", "Accrue pump rental"
    )
