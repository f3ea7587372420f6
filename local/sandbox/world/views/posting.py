"""The posting rules of the ledger, used here to give accounts, customers and vendors the balances they must have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from local.sandbox.world.model import Account, Txn, World

NON_POSTING = {"Estimate", "PurchaseOrder"}
_LINES_DEBIT = {"Bill", "Transfer", "BillPayment"}


def postings(txn: Txn) -> Iterator[tuple[Account, int]]:
    """(account, US cents) of a transaction, debit positive; together they add up to nothing."""
    if txn.kind in NON_POSTING:
        return
    if txn.kind == "JournalEntry":
        for line in txn.lines:
            yield line.account, line.amount if line.debit else -line.amount
        return
    sign = (
        1 if txn.kind in _LINES_DEBIT or (txn.kind == "Purchase" and not txn.credit) or txn.kind == "CreditMemo" else -1
    )
    for line in txn.lines:
        yield line.account, sign * txn.home(line.amount)
    assert txn.account is not None  # every other kind has a balancing side
    yield txn.account, -sign * sum(txn.home(line.amount) for line in txn.lines)


def balances(world: World) -> dict[str, int]:
    """Balance per account key, debit positive; income and expense accounts show none."""
    found: dict[str, int] = defaultdict(int)
    for txn in world.txns:
        for account, amount in postings(txn):
            if account.classification not in {"Revenue", "Expense"}:
                found[account.key] += amount
    return found


def owed_to_vendors(world: World) -> dict[str, int]:
    """What is open per vendor name."""
    found: dict[str, int] = defaultdict(int)
    for txn in world.txns:
        if txn.vendor and txn.kind in {"Bill", "VendorCredit", "BillPayment"}:
            found[txn.vendor.name] += txn.total if txn.kind == "Bill" else -txn.total
    return found


def owed_by_jobs(world: World) -> dict[int, int]:
    """What is open per project id."""
    found: dict[int, int] = defaultdict(int)
    for txn in world.txns:
        if txn.customer and txn.kind in {"Invoice", "Payment", "CreditMemo"}:
            found[txn.customer.id] += txn.total if txn.kind == "Invoice" else -txn.total
    return found


def open_amount(txn: Txn) -> int:
    """What of a bill or invoice is still unpaid."""
    paid = sum(
        line.amount
        for other in txn.links
        if other.kind in {"BillPayment", "Payment"}
        for line in other.lines
        if txn in line.links
    )
    return txn.total - paid
