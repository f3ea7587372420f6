"""How an event becomes a QuickBooks transaction; every maker adds its transaction to the world and returns it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from local.sandbox.world.chart import ACCOUNT_OF_CODE, ACCOUNT_OF_TYPE
from local.sandbox.world.model import Account, Leaf, Project, Txn, TxnLine, Vendor, World

GENERAL_ITEMS = {
    "billing": ("1", "Contract Billing", "contract_income"),
    "retainage": ("2", "Retainage", "retainage_receivable"),
    "freight": ("3", "Freight", "materials"),
    "hours": ("4", "Hours", "contract_income"),
    "small_tools": ("5", "Small Tools", "other_job"),
}
"""Items that name no budget code: (id, name, account key)."""


def account_of(world: World, leaf: Leaf) -> Account:
    """The expense account behind a budget code's item."""
    return world.accounts[ACCOUNT_OF_CODE.get(leaf.code, ACCOUNT_OF_TYPE[leaf.type])]


def cost_line(
    world: World, project: Project, leaf: Leaf, amount: int, *, by_item: bool, description: str = ""
) -> TxnLine:
    """A job cost line: on the budget code's item, or only on its account, which loses the code."""
    line = TxnLine(account_of(world, leaf), amount, project, description=description or world.codes[leaf.code].name)
    if by_item:
        line.leaf = leaf
    return line


def bill(
    world: World, day: date, vendor: Vendor, lines: Sequence[TxnLine], document: str | None, note: str | None = None
) -> Txn:
    return _add(world, Txn("Bill", day, list(lines), world.accounts["ap"], vendor, document=document, note=note))


def purchase(
    world: World,
    day: date,
    vendor: Vendor | None,
    lines: Sequence[TxnLine],
    *,
    card: bool,
    document: str | None = None,
    note: str | None = None,
    credit: bool = False,
) -> Txn:
    account = world.accounts["card" if card else "checking"]
    kind = "CreditCard" if card else "Check"
    made = Txn(
        "Purchase", day, list(lines), account, vendor, document=document, note=note, credit=credit, payment_type=kind
    )
    return _add(world, made)


def vendor_credit(world: World, day: date, vendor: Vendor, lines: Sequence[TxnLine], document: str | None) -> Txn:
    return _add(world, Txn("VendorCredit", day, list(lines), world.accounts["ap"], vendor, document=document))


def journal(world: World, day: date, lines: Sequence[TxnLine], document: str | None, note: str) -> Txn:
    return _add(world, Txn("JournalEntry", day, list(lines), document=document, note=note))


def reverse(world: World, entry: Txn, day: date) -> Txn:
    """The same journal with its sides exchanged, numbered after it as QuickBooks' reverse button does."""
    lines = [replace(line, debit=not line.debit) for line in entry.lines]
    made = journal(world, day, lines, f"{entry.document}R", f"Reverse: {entry.note}")
    made.reverses = entry
    return made


def debit(world: World, account: str, amount: int, description: str = "", project: Project | None = None) -> TxnLine:
    return TxnLine(world.accounts[account], amount, project, description=description)


def credit(world: World, account: str, amount: int, description: str = "", project: Project | None = None) -> TxnLine:
    return TxnLine(world.accounts[account], amount, project, debit=False, description=description)


def invoice(world: World, day: date, job: Project, lines: Sequence[TxnLine], document: str) -> Txn:
    return _add(world, Txn("Invoice", day, list(lines), world.accounts["ar"], customer=job, document=document))


def sales_line(world: World, item: str, amount: int, description: str) -> TxnLine:
    item_id, _, account = GENERAL_ITEMS[item]
    return TxnLine(world.accounts[account], amount, item_id=item_id, description=description)


def receive(world: World, day: date, paid: Txn, reference: str) -> Txn:
    """A customer's payment of one invoice; the money waits in Undeposited Funds."""
    line = TxnLine(world.accounts["ar"], paid.total, links=[paid])
    made = Txn(
        "Payment",
        day,
        [line],
        world.accounts["undeposited"],
        customer=paid.customer,
        extra={"PaymentRefNum": reference},
    )
    paid.links.append(made)
    paid.silent_edit = True
    return _add(world, made)


def deposit(world: World, day: date, payments: Sequence[Txn], direct: Sequence[TxnLine] = ()) -> Txn:
    lines = [TxnLine(world.accounts["undeposited"], payment.total, links=[payment]) for payment in payments]
    made = Txn("Deposit", day, [*lines, *direct], world.accounts["checking"])
    for payment in payments:
        payment.links.append(made)
    return _add(world, made)


def pay_bills(world: World, day: date, vendor: Vendor, bills: Sequence[Txn], *, card: bool, document: str) -> Txn:
    lines = [TxnLine(world.accounts["ap"], paid.total, links=[paid]) for paid in bills]
    account = world.accounts["card" if card else "checking"]
    kind = "CreditCard" if card else "Check"
    made = Txn("BillPayment", day, lines, account, vendor, document=document, payment_type=kind)
    for paid in bills:
        paid.links.append(made)
        paid.silent_edit = True
    return _add(world, made)


def transfer(world: World, day: date, source: str, target: str, amount: int, note: str) -> Txn:
    line = TxnLine(world.accounts[target], amount)
    return _add(world, Txn("Transfer", day, [line], world.accounts[source], note=note))


def _add(world: World, made: Txn) -> Txn:
    world.txns.append(made)
    return made
