"""What it costs to be a company: rent and software without a job, and payroll posted as one journal per run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

from local.sandbox.world import books
from local.sandbox.world.model import PayRun, Txn, TxnLine, World

_MONTHLY = (
    ("rent", 1_450_000, 0.0), ("utilities", 118_000, 0.2), ("insurance", 1_620_000, 0.02), ("software", 486_000, 0.1),
    ("office", 92_000, 0.5), ("vehicle", 610_000, 0.25), ("shop", 240_000, 0.5), ("legal", 310_000, 0.6),
    ("marketing", 150_000, 0.5),
)  # fmt: skip


def months(began: date, as_of: date) -> Iterator[date]:
    day = date(began.year, began.month, 1)
    while day <= as_of:
        yield day
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)


def open_books(world: World, scale: float) -> None:
    """Balances brought forward, the older half of them from another ledger."""
    amounts = {
        "checking": 285_000_000,
        "savings": 120_000_000,
        "vehicles": 64_000_000,
        "machinery": 91_000_000,
        "truck_loan": -38_000_000,
    }
    lines = [
        books.debit(world, key, int(amount * scale)) if amount > 0 else books.credit(world, key, int(-amount * scale))
        for key, amount in amounts.items()
    ]
    net = sum(line.amount if line.debit else -line.amount for line in lines)
    lines.append(books.credit(world, "opening", net))
    books.journal(world, world.began, lines, None, "Opening balances")


def run_the_office(rng: random.Random, world: World, scale: float) -> None:
    """Monthly overhead, bank charges and interest, transfers and owner's draws."""
    vendors = [v for v in world.vendors if v.kind == "overhead"]
    for first in months(world.began, world.as_of):
        for account, usual, spread in _MONTHLY:
            day = first + timedelta(days=rng.randrange(0, 27))
            if not world.began <= day <= world.as_of:
                continue
            vendor = rng.choice([v for v in vendors if account in v.trades])
            line = books.debit(world, account, int(usual * scale * rng.uniform(1 - spread, 1 + spread)))
            if rng.random() < 0.5:
                books.bill(world, day, vendor, [line], str(rng.randrange(1000, 9999)))
            else:
                books.purchase(world, day, vendor, [line], card=rng.random() < 0.7)
        _bank(rng, world, first + timedelta(days=27), scale)
    _yard_purchase_orders(rng, world)


def _bank(rng: random.Random, world: World, day: date, scale: float) -> None:
    if day > world.as_of:
        return
    fee = [
        books.debit(world, "bank", rng.randrange(3_500, 9_000)),
        books.debit(world, "interest", int(158_000 * scale)),
    ]
    books.purchase(world, day, None, fee, card=False, note="Bank statement")
    earned = TxnLine(world.accounts["other_income"], rng.randrange(9_000, 21_000), description="Interest")
    books.deposit(world, day, [], [earned])
    if day.month % 3 == 0:
        draw = [
            books.debit(world, "distributions", int(9_500_000 * scale)),
            books.credit(world, "checking", int(9_500_000 * scale)),
        ]
        books.journal(world, day, draw, None, "Owner distribution")


def _yard_purchase_orders(rng: random.Random, world: World) -> None:
    """QuickBooks purchase orders for the yard: they post nothing and commit no job."""
    vendor = next(v for v in world.vendors if v.kind == "overhead" and "shop" in v.trades)
    for number in range(1, 6):
        day = world.as_of - timedelta(days=rng.randrange(5, 300))
        line = books.debit(world, "shop", rng.randrange(40_000, 260_000))
        world.txns.append(
            Txn(
                "PurchaseOrder",
                day,
                [line],
                world.accounts["ap"],
                vendor,
                document=str(number),
                extra={"POStatus": "Open"},
            )
        )


def post_payroll(world: World, run: PayRun) -> None:
    """One journal per run, coded to no job: a control total of the register, never its own cost."""
    office = sum(stub.gross for stub in run.stubs if stub.employee.salaried)
    field = sum(stub.gross for stub in run.stubs) - office
    benefits = sum(c.amount for s in run.stubs for c in s.employer if c.component in {"HEALTH", "RETIREMENT"})
    taxes = sum(stub.burden for stub in run.stubs) - benefits
    repaid, net = sum(stub.reimbursed for stub in run.stubs), sum(stub.net for stub in run.stubs)
    debits = {
        "field_wages": field,
        "office_wages": office,
        "employer_taxes": taxes,
        "employer_benefits": benefits,
        "reimbursements": repaid,
    }
    text = f"Payroll {run.start:%Y-%m-%d} to {run.end:%Y-%m-%d}{' bonus' if run.off_cycle else ''}"
    lines = [books.debit(world, key, amount, text) for key, amount in debits.items() if amount]
    lines += [
        books.credit(world, "payroll_checking", net, "Net pay"),
        books.credit(world, "payroll_liabilities", sum(debits.values()) - net, "Taxes and contributions due"),
    ]
    made = books.journal(world, run.check, lines, f"PAY{run.end:%y%m%d}"[:21], text)
    made.extra["pay_run"] = run.id
    if run.check - timedelta(days=1) <= world.as_of:
        books.transfer(world, run.check - timedelta(days=1), "checking", "payroll_checking", net, "Fund payroll")


def pay_liabilities(world: World) -> None:
    """Taxes and contributions leave the bank monthly; the lines are a liability, so nothing is cost."""
    due = 0
    journals = sorted((t for t in world.txns if t.kind == "JournalEntry" and "pay_run" in t.extra), key=lambda t: t.day)
    for first in months(world.began, world.as_of):
        settled = [t for t in journals if (t.day.year, t.day.month) == (first.year, first.month)]
        day = first + timedelta(days=44)
        due = sum(line.amount for t in settled for line in t.lines if line.account.key == "payroll_liabilities")
        if due and day <= world.as_of:
            books.purchase(
                world, day, None, [books.debit(world, "payroll_liabilities", due)], card=False, note="Payroll taxes"
            )


def pay_vendors(rng: random.Random, world: World, *, later: bool = False, first_check: int = 5001) -> None:
    """Bills are paid on Fridays about a month after their date, several of one vendor in one payment."""
    groups: dict[tuple[str, date], list[Txn]] = {}
    for txn in world.txns:
        payable = txn.kind == "Bill" and txn.total > 0 and not txn.voided and txn.currency == "USD"
        if payable and txn.vendor and txn.later is later:
            friday = txn.day + timedelta(days=30 + (4 - txn.day.weekday()) % 7)
            if friday <= world.as_of:
                groups.setdefault((txn.vendor.name, friday), []).append(txn)
    in_order = sorted(groups.items(), key=lambda item: (item[0][1], item[0][0]))
    for number, ((_, friday), bills) in enumerate(in_order, start=first_check):
        vendor = bills[0].vendor
        assert vendor is not None  # grouped by vendor above
        books.pay_bills(world, friday, vendor, bills, card=rng.random() < 0.06, document=str(number))


def pay_card(world: World) -> None:
    """The card's monthly balance by transfer."""
    charged: dict[date, int] = {}
    for txn in world.txns:
        account = world.accounts["card"]
        if txn.account is account and txn.kind in {"Purchase", "BillPayment"}:
            first = date(txn.day.year, txn.day.month, 1)
            charged[first] = charged.get(first, 0) + (-txn.total if txn.credit else txn.total)
    for first, amount in sorted(charged.items()):
        day = first + timedelta(days=50)
        if amount > 0 and day <= world.as_of:
            books.transfer(world, day, "checking", "card", amount, "Card statement")


def release_retainage(world: World) -> None:
    """When a job is closed its subcontractors get their retainage: a bill without any cost."""
    for project in [p for p in world.projects if p.closed]:
        assert project.finished is not None
        day = project.finished + timedelta(days=38)
        for commitment in [c for c in project.commitments if c.retainage_percent and day <= world.as_of]:
            held = sum(invoice.retained for invoice in commitment.invoices if invoice.bill)
            if held:
                line = books.debit(world, "retainage_payable", held, "Retainage release")
                books.bill(world, day, commitment.vendor, [line], f"RET-{project.number}")
