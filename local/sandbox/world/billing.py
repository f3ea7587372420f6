"""What the owner owes: prime contracts, their changes, monthly applications for payment, and the money coming in."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from local.sandbox.world import books
from local.sandbox.world.buyout import curve
from local.sandbox.world.changes import change_order
from local.sandbox.world.ids import Ids
from local.sandbox.world.model import LeafKey, OwnerInvoice, PrimeContract, Project, Txn, World
from local.sandbox.world.money import ratio

RETAINAGE_PERCENT = 5


def sign_contracts(rng: random.Random, world: World, project: Project, ids: Ids) -> None:
    """The lump sum that covers the budget and the margin; one running job has two contracts."""
    budget = sum(leaf.original for leaf in project.leaves)
    total = round(budget / (1 - project.margin) / 100_000) * 100_000
    status = {"closed": "Complete", "pre_construction": "Out For Signature"}.get(project.phase, "Approved")
    signed = min(project.start - timedelta(days=rng.randrange(10, 40)), world.as_of)
    cuts = [total - total // 5, total // 5] if "two contracts" in project.remarks else [total]
    for index, amount in enumerate(cuts, start=1):
        title = project.name if len(cuts) == 1 else f"{project.name} - {'Shell' if index == 1 else 'Interior fit-out'}"
        project.contracts.append(PrimeContract(ids.next("contracts"), f"PC-{index}", title, status, amount, signed))
    if project.phase != "pre_construction":
        _price_changes(rng, world, project, ids)


def _price_changes(rng: random.Random, world: World, project: Project, ids: Ids) -> None:
    """Most changes bought from a subcontractor are sold to the owner with a markup; some are the owner's alone."""
    sold: list[tuple[LeafKey, int, date | None]] = []
    for commitment in project.commitments:
        for order in commitment.changes:
            if rng.random() < 0.85:
                line = order.parts[0].lines[0]
                sold.append((line.key, ratio(round(line.amount * rng.uniform(1.08, 1.2)), 100) * 100, order.reviewed))
    if project.leaves and rng.random() < 0.35:
        key = project.leaves[-1].key
        sold.append((key, -rng.randrange(8, 45) * 10_000, project.start + timedelta(days=60)))
    if project.running and rng.random() < 0.5:
        sold.append((project.leaves[-1].key, rng.randrange(60, 400) * 10_000, None))
    for key, price, bought in sorted(sold, key=lambda change: change[2] or date.max):
        _sell(rng, world, project, key, price, bought, ids)


def _sell(
    rng: random.Random, world: World, project: Project, key: LeafKey, price: int, bought: date | None, ids: Ids
) -> None:
    contract = rng.choice(project.contracts)
    reviewed = bought + timedelta(days=rng.randrange(0, 20)) if bought else None
    if reviewed and reviewed > world.as_of and not project.closed:
        reviewed = None
    if reviewed:
        status = "approved"
        reviewed = min(reviewed, world.as_of)
    else:
        open_ones = ("pending", "pending", "pricing", "proceeding", "revised", "rejected", "draft", "no_charge")
        status = "void" if project.closed else rng.choice(open_ones)
    created = (reviewed or world.as_of) - timedelta(days=rng.randrange(6, 40))
    parts = [[(key, price)]]
    if project.prime_tiers > 1 and reviewed and abs(price) > 1_000_000 and rng.random() < 0.4:
        first = price // 3 // 100 * 100
        parts = [[(key, first)], [(key, price - first)]]
    contract.changes.append(
        change_order(
            ids,
            rng,
            "prime",
            contract.id,
            project.prime_tiers,
            len(contract.changes) + 1,
            status,
            parts,
            created,
            reviewed,
        )
    )


def approved_total(contract: PrimeContract, day: date) -> int:
    """Approved changes of a contract as known on a day."""
    return sum(c.amount for c in contract.changes if c.status == "approved" and c.reviewed and c.reviewed <= day)


def _month_ends(start: date, as_of: date) -> Iterator[date]:
    day = start
    while True:
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        end = following - timedelta(days=1)
        if end > as_of:
            return
        yield end
        day = following


def bill_owner(rng: random.Random, world: World, project: Project, ids: Ids, numbers: Iterator[int]) -> None:
    """Monthly applications in Procore, an invoice for each in QuickBooks, payments a month later."""
    if not (project.closed or project.running):
        return
    for contract in project.contracts:
        _bill_contract(rng, world, project, contract, ids, numbers)


def _bill_contract(
    rng: random.Random, world: World, project: Project, contract: PrimeContract, ids: Ids, numbers: Iterator[int]
) -> None:
    before, start = 0, project.start
    ahead = rng.uniform(-0.02, 0.05)
    for end in _month_ends(project.start, world.as_of):
        reach = project.progress(end)
        share_ = 1.0 if reach >= 1 else min(0.97, max(0.0, curve(reach) + ahead * reach))
        to_date = int((contract.amount + approved_total(contract, end)) * share_) // 100 * 100
        gross = to_date - before
        if gross <= 0:
            continue
        retained_to_date = to_date * RETAINAGE_PERCENT // 100
        made = OwnerInvoice(
            id=ids.next("payment_applications"),
            number=1 + sum(1 for b in project.billings if b.contract is contract),
            contract=contract,
            start=start,
            end=end,
            gross=gross,
            gross_to_date=to_date,
            retained_to_date=retained_to_date,
            retained=retained_to_date - before * RETAINAGE_PERCENT // 100,
            status="approved" if (world.as_of - end).days > 12 else "under_review",
        )
        project.billings.append(made)
        if made.status == "approved":
            _invoice(rng, world, project, made, numbers)
        before, start = to_date, end + timedelta(days=1)
        if reach >= 1:
            break
    if project.closed:
        _release(rng, world, project, contract, before * RETAINAGE_PERCENT // 100, numbers)


def _invoice(rng: random.Random, world: World, project: Project, made: OwnerInvoice, numbers: Iterator[int]) -> None:
    lines = [
        books.sales_line(world, "billing", made.gross, f"Application {made.number}"),
        books.sales_line(world, "retainage", -made.retained, "Less retainage"),
    ]
    made.invoice = books.invoice(world, made.end, project, lines, _document(rng, numbers))
    _collect(rng, world, made.invoice)


def _document(rng: random.Random, numbers: Iterator[int]) -> str:
    """Invoice numbers run on, except that somebody restarted at 1001 a few times."""
    running = next(numbers)
    return "1001" if rng.random() < 0.01 else str(running)


def _collect(rng: random.Random, world: World, invoice: Txn) -> None:
    day = invoice.day + timedelta(days=rng.randrange(26, 52))
    if day >= world.as_of:
        return
    payment = books.receive(world, day, invoice, str(rng.randrange(10_000, 99_999)))
    books.deposit(world, day + timedelta(days=1), [payment])


def _release(
    rng: random.Random, world: World, project: Project, contract: PrimeContract, held: int, numbers: Iterator[int]
) -> None:
    """Retainage is invoiced when the job is done: no revenue, only money."""
    assert project.finished is not None
    day = project.finished + timedelta(days=rng.randrange(32, 39))
    if held and day <= world.as_of:
        line = books.sales_line(world, "retainage", held, f"Retainage release {contract.number}")
        _collect(rng, world, books.invoice(world, day, project, [line], _document(rng, numbers)))


def credit_an_owner(world: World, project: Project) -> None:
    """One credit memo, positive on paper and negative in effect."""
    line = books.sales_line(world, "billing", 185_000, "Credit for damaged sod")
    day = min(project.last_day(world.as_of), world.as_of) - timedelta(days=10)
    world.txns.append(Txn("CreditMemo", day, [line], world.accounts["ar"], customer=project, document="CR-7"))


def estimate_in_quickbooks(world: World, project: Project) -> None:
    """An accepted estimate: what bookkeeping believes the contract is; it posts nothing."""
    line = books.sales_line(world, "billing", sum(c.amount for c in project.contracts), "Contract sum")
    day = project.contracts[0].signed
    world.txns.append(
        Txn("Estimate", day, [line], customer=project, document=f"E{project.number}", extra={"TxnStatus": "Accepted"})
    )
