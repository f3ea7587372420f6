"""How far the bill in QuickBooks strays from the subcontractor's invoice in Procore that it repeats.

Difficulty 1: ids and equal numbers. 2: numbers and dates drift, and one bill
gathers two invoices. 3: numbers are missing, months cost the same, a bill comes
in two parts or without its retainage. Every drift is noted on the invoice.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from local.sandbox.world.model import Commitment, Project, SubInvoice, Txn, World
from local.sandbox.world.money import share

LATEST = 8
"""Days between an invoice and its bill."""
Found = tuple[Project, Commitment, SubInvoice, Txn]


def make_harder(rng: random.Random, world: World, difficulty: int) -> None:
    """Perturb what no planted mistake has touched; what was posted stays posted, at the latest on the as-of date."""
    if difficulty >= 3:
        _bill_months_alike(rng, world)
        for _, _, invoice, bill in _loose(world, rng, 0.04):
            _split(world, invoice, bill)
        for project, _, invoice, bill in _loose(world, rng, 0.05):
            if project.running and invoice.retained:
                _net_of_retainage(invoice, bill)
        for _, _, invoice, bill in _loose(world, rng, 0.06):
            bill.document = None
            invoice.drift.add("no number")
    if difficulty >= 2:
        _gather(rng, world)
        for _, _, invoice, bill in _untouched(world, rng, 0.3):
            bill.document = drifted(rng, invoice.invoice_number)
            invoice.drift.add("number")
        for _, _, invoice, bill in _untouched(world, rng, 0.25, but={"number"}):
            bill.day = min(invoice.billed + timedelta(days=rng.randrange(4, LATEST + 1)), world.as_of)
            invoice.drift.add("date")


def _untouched(
    world: World, rng: random.Random, chance: float, *, but: frozenset[str] | set[str] = frozenset()
) -> Iterator[Found]:
    """Some approved invoices whose bill is as it came, apart from drifts named in `but`."""
    planted = {id(thing) for _, _, _, things, _ in world.planted for thing in things}
    for project in world.projects:
        for commitment in project.commitments:
            for invoice in commitment.invoices:
                bill = invoice.bill
                plain = bill and bill.document and not bill.note and bill.sub_invoice is invoice
                if not plain or commitment.hidden or {id(bill), id(invoice)} & planted or invoice.drift - but:
                    continue
                if rng.random() < chance:
                    assert bill is not None  # plain
                    yield project, commitment, invoice, bill


def _loose(world: World, rng: random.Random, chance: float) -> list[Found]:
    """Those that no id of the integration ties together."""
    return [found for found in _untouched(world, rng, chance) if not found[2].carries_bill_id]


def drifted(rng: random.Random, number: str) -> str:
    """The number as accounts payable typed it: without its prefix, with zeros, or with a letter for a revision."""
    if number.startswith("PA"):
        return rng.choice((f"PA {number[2:]}", f"PA-0{number[2:]}", f"Pay App {number[2:]}"))
    if number.count("-") == 2:
        year, job, sequence = number.split("-")
        return rng.choice((f"{year}{job}-{sequence}", f"{number}R", f"{year}-{job}-{int(sequence)}"))
    digits = number.removeprefix("INV-")
    return rng.choice((f"00{digits}", f"00{digits}R", digits if number != digits else f"INV-{digits}"))


def _gather(rng: random.Random, world: World) -> None:
    """The firm sent two months on one paper."""
    for project, commitment, first, early in _loose(world, rng, 0.05):
        second = next((i for i in commitment.invoices if i.number == first.number + 1), None)
        if second is None or second.carries_bill_id or second.drift or first.drift or project.link == "none":
            continue
        late = second.bill
        planted = {id(thing) for _, _, _, things, _ in world.planted for thing in things}
        if late is None or late.note or not late.document or {id(late), id(second)} & planted:
            continue
        late.lines = [*early.lines, *late.lines]
        late.imported = False
        world.txns.remove(early)
        first.bill = late
        for invoice in (first, second):
            invoice.drift.add("gathered")


def _split(world: World, invoice: SubInvoice, bill: Txn) -> None:
    """Accounts payable entered the invoice as two bills, sixty and forty percent of every line."""
    cuts = [share(line.amount, (60, 40)) for line in bill.lines]
    other = replace(bill, lines=[replace(x, amount=b) for x, (_, b) in zip(bill.lines, cuts, strict=True)], links=[])
    for line, (kept, _) in zip(bill.lines, cuts, strict=True):
        line.amount = kept
    bill.document, other.document = f"{invoice.invoice_number}-A", f"{invoice.invoice_number}-B"
    bill.imported = other.imported = False
    world.txns.append(other)
    invoice.more_bills.append(other)
    invoice.drift.add("split")


def _net_of_retainage(invoice: SubInvoice, bill: Txn) -> None:
    """Entered as what is to be paid now: the retainage is nowhere in the books yet."""
    costs = [line for line in bill.lines if line.account.is_cost]
    net = sum(line.amount for line in costs) - invoice.retained
    for line, amount in zip(costs, share(net, [line.amount for line in costs]), strict=True):
        line.amount = amount
    bill.lines, bill.imported = costs, False
    invoice.drift.add("net")


def _bill_months_alike(rng: random.Random, world: World) -> None:
    """Some firms bill the same amount every month, and nobody types their numbers: only the date tells them apart."""
    wanted = max(1, len(world.projects) // 8)
    fitting = [(p, c) for p in world.projects for c in p.commitments if p.running or p.closed if _levelable(world, c)]
    for _, commitment in rng.sample(fitting, min(wanted, len(fitting))):
        _level(commitment)


def _levelable(world: World, commitment: Commitment) -> bool:
    planted = {id(thing) for _, _, _, things, _ in world.planted for thing in things}
    invoices = commitment.invoices
    simple = all(
        len(i.items) == 1 and i.bill and i.bill.document and not i.bill.note and not i.carries_bill_id and i.approved
        and not {id(i), id(i.bill), id(commitment)} & planted
        for i in invoices
    )  # fmt: skip
    return simple and len(invoices) >= 4 and not commitment.hidden and commitment.status != "Terminated"


def _level(commitment: Commitment) -> None:
    """The same total in equal months; the last takes what is left."""
    invoices = commitment.invoices
    total = sum(invoice.gross for invoice in invoices)
    each = total // len(invoices) // 100 * 100
    done = held = 0
    for invoice in invoices:
        gross = each if invoice is not invoices[-1] else total - done
        (item,), bill = invoice.items, invoice.bill
        assert bill is not None  # levelable
        item.previous, item.work, item.stored = done, gross, 0
        invoice.retained_before, invoice.retained = held, gross * commitment.retainage_percent // 100
        for line in bill.lines:
            line.amount = gross if line.account.is_cost else -invoice.retained
        bill.document, bill.imported = None, False
        invoice.drift.add("level")
        done, held = done + gross, held + invoice.retained
