"""Which account a QuickBooks line posts to when the line itself does not say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from datablueprint.lake.conform.fields import Fields, Unreadable
from datablueprint.lake.conform.inbox import Inbox
from datablueprint.lake.conform.projects import quickbooks_name
from datablueprint.tables import record_id

T = TypeVar("T")
Direction = Literal["expense", "income"]

LINKED = {
    "BillPaymentCheck": "BillPayment",
    "BillPaymentCreditCard": "BillPayment",
    "Check": "Purchase",
    "Expense": "Purchase",
    "CashPurchase": "Purchase",
    "CreditCardCharge": "Purchase",
    "CreditCardCredit": "Purchase",
    "ReceivePayment": "Payment",
}
"""LinkedTxn.TxnType where it is not the entity's own name."""
ITEM_DEPTH = 8
"""Sub-items may nest; a chain longer than this is a loop."""


@dataclass(frozen=True)
class Item:
    accounts: dict[Direction, str | None]
    parent: str | None


@dataclass(frozen=True)
class Account:
    id: str
    kind: str
    sub_kind: str | None
    currency: str | None
    active: bool


class Books:
    """Accounts, items and names of one company, by id. What cannot be read here is absent here."""

    def __init__(self, inbox: Inbox) -> None:
        self.home_currency = inbox.settings.currency
        self._accounts = _by_id(inbox, "Account", _account)
        self._items = _by_id(inbox, "Item", _item)
        self._names = {
            entity: _by_id(inbox, entity, lambda fields: quickbooks_name(fields, "DisplayName"))
            for entity in ("Vendor", "Customer", "Employee")
        }
        self._jobs: dict[str, str | None] = {}
        for fields in inbox.records("quickbooks_online", "Customer"):
            self._note_job(fields)
        self._documents = {
            entity: _by_id(inbox, entity, lambda fields, ref=ref: fields.maybe_text(ref, "value"))  # type: ignore[misc]  # the default binds ref
            for entity, ref in (
                ("Bill", "APAccountRef"),
                ("VendorCredit", "APAccountRef"),
                ("Invoice", "ARAccountRef"),
                ("CreditMemo", "ARAccountRef"),
            )
        }

    def name(self, entity: str, native: str) -> str | None:
        """The current name of a vendor, customer or employee; references carry stale copies."""
        return self._names.get(entity, {}).get(native)

    def item_account(self, item: str | None, direction: Direction) -> str | None:
        """The item's account for that direction, else that of the nearest parent item that has one."""
        for _ in range(ITEM_DEPTH):
            found = self._items.get(item or "")
            if found is None:
                return None
            if found.accounts[direction]:
                return found.accounts[direction]
            item = found.parent
        return None

    def document_account(self, entity: str, native: str | None) -> str | None:
        """The AP or AR account a linked bill or invoice names."""
        return self._documents.get(entity, {}).get(native or "")

    def only_account(self, kind: str, currency: str) -> str | None:
        """The account of a type when there is just one of that currency, as QuickBooks itself keeps AP and AR."""
        return self._only(lambda account: account.kind == kind and account.currency in (None, currency))

    def only_special(self, sub_kind: str) -> str | None:
        """The account of a sub-type that a company has once: undeposited funds, sales tax."""
        return self._only(lambda account: account.sub_kind == sub_kind)

    def project(self, reference: Fields | None) -> str | None:
        """The customer a ProjectRef means, by name: its ids come from another series and may collide."""
        name = reference.maybe_text("name") if reference else None
        return self._jobs.get(name.lower()) if name else None

    def _only(self, wanted: Callable[[Account], bool]) -> str | None:
        fitting = [account for account in self._accounts.values() if wanted(account)]
        active = [account for account in fitting if account.active] or fitting
        return active[0].id if len(active) == 1 else None

    def _note_job(self, fields: Fields) -> None:
        try:
            if not (fields.maybe_flag("IsProject") or fields.maybe_flag("Job")):
                return
            names = {fields.text("DisplayName").lower(), (fields.maybe_text("FullyQualifiedName") or "").lower()}
        except Unreadable:
            return
        for name in names - {""}:
            self._jobs[name] = None if name in self._jobs else fields.record.native_id


def account_record(native: str | None) -> str | None:
    return record_id("quickbooks", "Account", native) if native else None


def linked_entity(kind: str) -> str:
    """The entity behind a LinkedTxn type: `BillPaymentCheck` is a BillPayment."""
    return LINKED.get(kind, kind)


def _by_id(inbox: Inbox, entity: str, read: Callable[[Fields], T]) -> dict[str, T]:
    found = {}
    for fields in inbox.records("quickbooks_online", entity):
        try:
            found[fields.text("Id")] = read(fields)
        except Unreadable:
            continue
    return found


def _account(fields: Fields) -> Account:
    return Account(
        fields.text("Id"),
        fields.text("AccountType"),
        fields.maybe_text("AccountSubType"),
        fields.maybe_text("CurrencyRef", "value"),
        fields.maybe_flag("Active") is not False,
    )


def _item(fields: Fields) -> Item:
    inventory = fields.maybe_text("Type") == "Inventory"
    bought_as = "AssetAccountRef" if inventory else "ExpenseAccountRef"
    return Item(
        {
            "expense": fields.maybe_text(bought_as, "value"),
            "income": fields.maybe_text("IncomeAccountRef", "value"),
        },
        fields.maybe_text("ParentRef", "value"),
    )
