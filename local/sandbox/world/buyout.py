"""What was bought: subcontracts and purchase orders, their changes, their monthly invoices and the bills for them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from local.sandbox.world import books
from local.sandbox.world.changes import change_order
from local.sandbox.world.ids import Ids
from local.sandbox.world.model import (
    Commitment,
    CommitmentLine,
    Leaf,
    LeafKey,
    Project,
    SubInvoice,
    SubInvoiceItem,
    TxnLine,
    Vendor,
    World,
)
from local.sandbox.world.money import share

DOLLAR = 100
FRESH_DAYS = 14
"""An invoice younger than this may still wait for approval."""


def curve(x: float) -> float:
    """Cumulative share of the money at share `x` of the time: slow, fast, slow."""
    x = min(1.0, max(0.0, x))
    return 3 * x * x - 2 * x * x * x


def day_at(project: Project, reach: float) -> date:
    whole = ((project.finished or project.planned_finish) - project.start).days
    return project.start + timedelta(days=int(whole * reach))


def buy_out(rng: random.Random, world: World, project: Project, ids: Ids) -> None:
    """Let the trades and the larger material packages of one job, then run their invoices up to the as-of date."""
    if not (project.closed or project.running):
        return
    used: set[str] = set()
    for group in _groups(rng, [leaf for leaf in project.leaves if leaf.type == "S"]):
        _let(rng, world, project, group, "subcontract", _pick(rng, world, "sub", group[0].code, used), ids)
    for leaf in [leaf for leaf in project.leaves if leaf.type == "M"]:
        if project.link == "name" or rng.random() < 0.45:
            _let(rng, world, project, [leaf], "purchase_order", _pick(rng, world, "supplier", "", used), ids)
    for commitment in project.commitments:
        invoice_commitment(rng, world, project, commitment, ids)


def _groups(rng: random.Random, leaves: list[Leaf]) -> Iterator[list[Leaf]]:
    """Mostly one trade per subcontract, sometimes two neighbours together."""
    left = list(leaves)
    while left:
        take = 2 if len(left) > 1 and rng.random() < 0.15 else 1
        yield left[:take]
        left = left[take:]


def _pick(rng: random.Random, world: World, kind: str, trade: str, used: set[str]) -> Vendor:
    """A firm of the trade that has no other commitment on this job."""
    fitting = [v for v in world.vendors if v.kind == kind and v.name not in used and (not trade or trade in v.trades)]
    chosen = rng.choice(fitting or [v for v in world.vendors if v.kind == kind and v.name not in used])
    used.add(chosen.name)
    return chosen


def _let(
    rng: random.Random, world: World, project: Project, leaves: list[Leaf], kind: str, vendor: Vendor, ids: Ids
) -> None:
    first = min(leaf.window[0] for leaf in leaves)
    signed = day_at(project, first) - timedelta(days=rng.randrange(18, 60))
    if signed > world.as_of + timedelta(days=30):
        return
    is_sub = kind == "subcontract"
    sequence = 1 + sum(1 for c in project.commitments if c.kind == kind)
    commitment = Commitment(
        id=ids.next("contracts"),
        kind="subcontract" if is_sub else "purchase_order",
        number=f"{'SC' if is_sub else 'PO'}-{project.number}-{sequence:03d}",
        title=world.codes[leaves[0].code].name,
        vendor=vendor,
        status=_status(rng, project, kind, signed, world.as_of),
        signed=signed,
        lines=[],
        private=rng.random() < 0.12,
        retainage_percent=rng.choice((10, 10, 5)) if is_sub else 0,
    )
    for leaf in leaves:
        _add_lines(rng, world, project, commitment, leaf, ids)
    project.commitments.append(commitment)


def _status(rng: random.Random, project: Project, kind: str, signed: date, as_of: date) -> str:
    if signed > as_of:
        pending = (
            ("Out For Signature", "Draft", "Out For Bid")
            if kind == "subcontract"
            else ("Processing", "Submitted", "Draft")
        )
        return rng.choice(pending)
    if kind == "subcontract":
        return rng.choice(("Complete", "Complete", "Approved")) if project.closed else "Approved"
    return rng.choice(
        ("Closed", "Received", "Approved") if project.closed else ("Approved", "Approved", "Partially Received")
    )


def _add_lines(
    rng: random.Random, world: World, project: Project, commitment: Commitment, leaf: Leaf, ids: Ids
) -> None:
    """Lines and changes of one budget code; together they are what the code will have cost."""
    base = (
        leaf.planned
        if commitment.kind == "subcontract"
        else int(leaf.planned * (0.97 if project.link == "name" else 0.86))
    )
    changes = _planned_changes(rng, world, project, leaf) if commitment.kind == "subcontract" else []
    base = max(100 * DOLLAR, (base - sum(a for a, day in changes if day <= world.as_of)) // DOLLAR * DOLLAR)
    cuts = share(base // DOLLAR, (85, 15)) if base > 40_000 * DOLLAR and rng.random() < 0.15 else [base // DOLLAR]
    for cut in cuts:
        commitment.lines.append(CommitmentLine(ids.next("contract_line_items"), leaf.key, cut * DOLLAR))
    for amount, day in changes:
        approved = day <= world.as_of
        status = rng.choice(("approved",) if approved else ("pending", "pricing", "proceeding", "draft"))
        created = min(day, world.as_of) - timedelta(days=rng.randrange(4, 25))
        commitment.changes.append(
            change_order(ids, rng, "commitment", commitment.id, project.commitment_tiers, len(commitment.changes) + 1,
                         status, [[(leaf.key, amount)]], created, day if approved else None)
        )  # fmt: skip


def _planned_changes(rng: random.Random, world: World, project: Project, leaf: Leaf) -> list[tuple[int, date]]:
    """(cost, approval date) of the changes this code sees; later than the as-of date means still pending."""
    if rng.random() > 0.42:
        return []
    found = []
    for _ in range(rng.choice((1, 1, 2))):
        amount = max(5, round(leaf.planned * rng.uniform(0.01, 0.045) / 10_000)) * 10_000
        day = day_at(project, rng.uniform(leaf.window[0], leaf.window[1] * 0.9))
        if day <= world.as_of + timedelta(days=45):
            found.append((amount, day))
    return sorted(found, key=lambda change: change[1])


def approved_changes(commitment: Commitment, as_of: date) -> list[tuple[int, LeafKey, int, date]]:
    """(line id, code, amount, date) of the approved change lines of a commitment."""
    return [
        (line.id, line.key, line.amount, order.reviewed)
        for order in commitment.changes
        if order.status == "approved" and order.reviewed and order.reviewed <= as_of
        for part in order.parts
        for line in part.lines
    ]


def _billing_days(rng: random.Random, start: date, as_of: date) -> Iterator[date]:
    """The vendor's monthly billing day, from the first month of its work."""
    fixed = rng.choice((25, 25, 25, 30, 10))
    year, month = start.year, start.month
    while True:
        day = date(year, month, min(fixed, 28 if month == 2 else 30))
        if day > as_of:
            return
        if day > start:
            yield day
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def invoice_commitment(rng: random.Random, world: World, project: Project, commitment: Commitment, ids: Ids) -> None:
    """Monthly invoices in step with the work; approved ones have a bill in QuickBooks."""
    if commitment.status not in {"Approved", "Complete", "Closed", "Received", "Partially Received", "Terminated"}:
        return
    windows = {leaf.key: leaf.window for leaf in project.leaves}
    first = min(windows[line.key][0] for line in commitment.lines)
    last = max(windows[line.key][1] for line in commitment.lines)
    start, end = day_at(project, first), day_at(project, last)
    billed: dict[int, int] = {}
    retained = 0
    for day in _billing_days(rng, start, world.as_of):
        reach = curve((day - start).days / max(1, (end - start).days))
        items = _items(rng, world, commitment, billed, day, reach, ids)
        if sum(item.gross for item in items) <= 0:
            continue
        invoice = _invoice(rng, world, project, commitment, day, items, retained, ids)
        retained += invoice.retained
        for item in items:
            billed[item.line_id] = item.previous + item.gross
        if reach >= 1:
            break


def _items(
    rng: random.Random, world: World, commitment: Commitment, billed: dict[int, int], day: date, reach: float, ids: Ids
) -> list[SubInvoiceItem]:
    lines = [(line.id, line.key, line.amount, False) for line in commitment.lines]
    lines += [
        (i, key, amount, True)
        for i, key, amount, approved in approved_changes(commitment, world.as_of)
        if approved <= day
    ]
    items = []
    for line_id, key, amount, is_change in lines:
        previous = billed.get(line_id, 0)
        target = amount if reach >= 1 else int(amount * reach) // (5 * DOLLAR) * (5 * DOLLAR)
        gross = max(0, target - previous)
        stored = gross // 4 // DOLLAR * DOLLAR if gross > 8_000 * DOLLAR and reach < 1 and rng.random() < 0.06 else 0
        item = SubInvoiceItem(
            key, line_id, is_change, amount, previous, gross - stored, stored, ids.next("requisition items")
        )
        items.append(item)
    return items


def _invoice(
    rng: random.Random, world: World, project: Project, commitment: Commitment, day: date, items: list[SubInvoiceItem],
    retained_before: int, ids: Ids,
) -> SubInvoice:  # fmt: skip
    sequence = len(commitment.invoices) + 1
    fresh = (world.as_of - day).days <= FRESH_DAYS and not project.closed
    status = "approved_as_noted" if rng.random() < 0.08 else "approved"
    if fresh and rng.random() < 0.7:
        status = rng.choice(("under_review", "pending_owner_approval", "draft"))
    gross = sum(item.gross for item in items)
    invoice = SubInvoice(
        id=ids.next("requisitions"),
        number=sequence,
        invoice_number=invoice_number(commitment.vendor, project, sequence),
        billed=day,
        status=status,
        items=items,
        retained=gross * commitment.retainage_percent // 100,
        retained_before=retained_before,
    )
    commitment.invoices.append(invoice)
    if invoice.approved:
        _bill(rng, world, project, commitment, invoice)
    return invoice


def invoice_number(vendor: Vendor, project: Project, sequence: int) -> str:
    """Every firm numbers its invoices its own way; some start at 1 on every job."""
    vendor.next_invoice += 7
    plain = vendor.next_invoice
    return (f"INV-{plain}", str(plain), f"{project.number}-{sequence:02d}", f"PA{sequence}")[vendor.invoice_style]


def _bill(rng: random.Random, world: World, project: Project, commitment: Commitment, invoice: SubInvoice) -> None:
    by_item = project.link in {"origin", "number"} and rng.random() < 0.9
    leaves = {leaf.key: leaf for leaf in project.leaves}
    lines: list[TxnLine] = []
    for item in invoice.items:
        if item.gross:
            line = books.cost_line(world, project, leaves[item.key], item.gross, by_item=by_item)
            line.truth = item.key
            lines.append(line)
    if invoice.retained:
        lines.append(TxnLine(world.accounts["retainage_payable"], -invoice.retained, description="Retainage withheld"))
    pushed = project.link == "origin" and rng.random() < 0.92
    late = 0 if pushed else rng.randrange(0, 4)
    day = min(invoice.billed + timedelta(days=late), world.as_of)
    made = books.bill(world, day, commitment.vendor, lines, invoice.invoice_number)
    made.sub_invoice, invoice.bill, invoice.carries_bill_id = invoice, made, pushed
    made.imported = project.link == "origin" and by_item and rng.random() < 0.7
