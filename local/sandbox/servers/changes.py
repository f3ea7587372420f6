"""What people do at the vendors while we are not looking: edits, deletions, voids, with each vendor's bookkeeping."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from local.sandbox.servers import procore_filters, quickbooks
from local.sandbox.servers.procore import parent_of
from local.sandbox.servers.quickbooks import Company
from local.sandbox.servers.quickbooks_posting import ZERO, Poster
from local.sandbox.servers.quickbooks_query import LIST_ENTITIES, TRANSACTIONS
from local.sandbox.servers.quickbooks_reports import PROFIT_AND_LOSS
from local.sandbox.servers.store import Record, Row, Store, merged

PARENTS = {
    "work_order_contract_line_items": "work_order_contracts",
    "purchase_order_contract_line_items": "purchase_order_contracts",
    "prime_contract_line_items": "prime_contracts",
    "potential_change_order_line_items": "potential_change_orders",
    "direct_cost_line_items": "direct_costs",
}
SOFT_DELETED = frozenset(
    {
        "change_order_packages",
        "potential_change_orders",
        "work_order_contracts",
        "purchase_order_contracts",
        "change_events",
        "direct_costs",
        "timecard_entries",
        "actual_production_quantities",
    }
)
"""Procore keeps these with a deleted_at; whether any list still shows them is another matter."""
_AMOUNTS = frozenset(
    {"Amount", "Qty", "TotalAmt", "Balance", "HomeTotalAmt", "TotalTax", "UnappliedAmt", "RemainingCredit", "TaxAmount"}
)
_NAMES = ("DisplayName", "Name", "FullyQualifiedName")


class Changes:
    """Changes to one sandbox's records, stamped with its clock."""

    def __init__(
        self, procore: Store, companies: Mapping[str, Company], gusto: Store, clock: Callable[[], datetime]
    ) -> None:
        self._procore = procore
        self._companies = companies
        self._gusto = gusto
        self._clock = clock

    def edit(
        self,
        vendor: str,
        collection: str,
        key: object,
        changes: Mapping[str, Any],
        *,
        realm: str | None = None,
        touch_parent: bool = True,
        move_sync_token: bool = True,
    ) -> Record:
        """Change some fields of a record; objects merge, lists are replaced. Returns the new record.

        A Procore line bumps its parent's updated_at unless `touch_parent` is
        false: nothing promises that it does. With `move_sync_token` false a
        QuickBooks record changes the way a linked payment changes it.
        """
        match vendor:
            case "procore":
                return self._edit_procore(collection, key, changes, touch_parent)
            case "quickbooks":
                company = self._company(realm)
                row = _found(company.store, vendor, collection, key)
                return self._rewrite(company, collection, row, merged(row.data, changes), move_sync_token)
            case "gusto":
                with self._gusto.lock:
                    row = _found(self._gusto, vendor, collection, key)
                    self._gusto.replace(collection, row, merged(row.data, changes))
                    return row.data
        raise ValueError(f"no vendor {vendor}")

    def create(self, vendor: str, collection: str, record: Mapping[str, Any], *, realm: str | None = None) -> Record:
        """Add a record; ids and stamps are given where it has none."""
        new: Record = dict(record)
        match vendor:
            case "procore":
                new.setdefault("id", _next_id(self._procore[collection].rows, "id"))
                now = procore_filters.stamp(self._clock())
                new = {"created_at": now, "updated_at": now, **new}
                with self._procore.lock:
                    self._procore.add(collection, new)
                    self._touch_parent(collection, new)
            case "quickbooks":
                self._create_quickbooks(self._company(realm), collection, new)
            case "gusto":
                with self._gusto.lock:
                    self._gusto.add(collection, new)
            case _:
                raise ValueError(f"no vendor {vendor}")
        return new

    def delete(
        self, vendor: str, collection: str, key: object, *, realm: str | None = None, touch_parent: bool = True
    ) -> None:
        """Delete as the vendor does: with a deleted_at, a stub in the change feed, by inactivating, or outright."""
        match vendor:
            case "procore":
                with self._procore.lock:
                    row = _found(self._procore, vendor, collection, key)
                    if collection in SOFT_DELETED:
                        now = procore_filters.stamp(self._clock())
                        self._procore.replace(collection, row, row.data | {"deleted_at": now, "updated_at": now})
                    else:
                        self._procore.remove(collection, row)
                    if touch_parent:
                        self._touch_parent(collection, row.data)
            case "quickbooks":
                self._delete_quickbooks(self._company(realm), collection, key)
            case "gusto":
                with self._gusto.lock:
                    self._gusto.remove(collection, _found(self._gusto, vendor, collection, key))
            case _:
                raise ValueError(f"no vendor {vendor}")

    def void_quickbooks(self, entity: str, key: object, *, realm: str | None = None) -> Record:
        """Void a transaction: it stays, with every amount and quantity 0 and a note that begins with Voided."""
        company = self._company(realm)
        row = _found(company.store, "quickbooks", entity, key)
        voided = _zeroed(row.data)
        voided["PrivateNote"] = f"Voided - {row.data['PrivateNote']}" if row.data.get("PrivateNote") else "Voided"
        if entity == "BillPayment":
            voided["Line"] = []
        return self._rewrite(company, entity, row, voided, True)

    # -- Procore

    def _edit_procore(self, collection: str, key: object, changes: Mapping[str, Any], touch_parent: bool) -> Record:
        with self._procore.lock:
            row = _found(self._procore, "procore", collection, key)
            stamped = {"updated_at": procore_filters.stamp(self._clock()), **changes}
            if "updated_at" not in row.data:
                stamped = dict(changes)
            self._procore.replace(collection, row, merged(row.data, stamped))
            if touch_parent:
                self._touch_parent(collection, row.data)
            return row.data

    def _touch_parent(self, collection: str, record: Record) -> None:
        parent = PARENTS.get(collection)
        row = self._procore[parent].find(parent_of(record)) if parent else None
        if parent and row:
            self._procore.replace(parent, row, row.data | {"updated_at": procore_filters.stamp(self._clock())})

    # -- QuickBooks

    def _company(self, realm: str | None) -> Company:
        return self._companies[realm] if realm else next(iter(self._companies.values()))

    def _stamped(self, record: Record) -> Record:
        meta = dict(record.get("MetaData") or {}) | {"LastUpdatedTime": quickbooks.stamp(self._clock())}
        return record | {"MetaData": meta}

    def _rewrite(self, company: Company, entity: str, row: Row, new: Record, move_sync_token: bool) -> Record:
        with company.store.lock:
            old = row.data
            if move_sync_token:
                new = new | {"SyncToken": str(int(old.get("SyncToken") or 0) + 1)}
            company.store.replace(entity, row, self._stamped(new))
            self._echo(company, entity, [old], [row.data])
            return row.data

    def _create_quickbooks(self, company: Company, entity: str, new: Record) -> None:
        with company.store.lock:
            family = TRANSACTIONS - {"TimeActivity"} if entity in TRANSACTIONS - {"TimeActivity"} else {entity}
            rows = [row for name in sorted(family) for row in company.store[name].rows]
            new.setdefault("Id", str(_next_id(rows, "Id")))
            now = quickbooks.stamp(self._clock())
            for name, value in (("domain", "QBO"), ("sparse", False), ("SyncToken", "0")):
                new.setdefault(name, value)
            new.setdefault("MetaData", {"CreateTime": now, "LastUpdatedTime": now})
            company.store.add(entity, new)
            self._echo(company, entity, [], [new])

    def _delete_quickbooks(self, company: Company, entity: str, key: object) -> None:
        row = _found(company.store, "quickbooks", entity, key)
        if entity in LIST_ENTITIES:
            names = {name: f"{row.data[name]} (deleted)" for name in _NAMES if name in row.data}
            self._rewrite(company, entity, row, merged(row.data, names | {"Active": False}), True)
            return
        with company.store.lock:
            company.store.remove(entity, row)
            meta = {"LastUpdatedTime": quickbooks.stamp(self._clock())}
            stub = {"status": "Deleted", "Id": str(row.data["Id"]), "domain": "QBO", "MetaData": meta}
            company.stubs.setdefault(entity, []).append(stub)
            self._echo(company, entity, [row.data], [])

    def _echo(self, company: Company, entity: str, before: list[Record], after: list[Record]) -> None:
        """A transaction moves the balances of its accounts and stamps them and its party; their SyncToken stays."""
        if entity not in TRANSACTIONS:
            return
        poster = Poster(company.store)
        moved: dict[str, Decimal] = {}
        if entity in poster.entities:
            for sign, records in ((-1, before), (1, after)):
                for posting in (p for record in records for p in poster.post(entity, record)):
                    moved[posting.account] = moved.get(posting.account, ZERO) + sign * posting.amount
        for account, amount in moved.items():
            self._move_balance(company, account, amount)
        for name, key in {ref for record in before + after for ref in _parties(record)}:
            row = company.store[name].find(key)
            if row:
                company.store.replace(name, row, self._stamped(row.data))

    def _move_balance(self, company: Company, account: str, amount: Decimal) -> None:
        row = company.store["Account"].find(account)
        if row is None:
            return
        new = self._stamped(row.data)
        if amount and row.data.get("AccountType") not in PROFIT_AND_LOSS:
            for name in ("CurrentBalance", "CurrentBalanceWithSubAccounts"):
                if name in new:
                    new[name] = float(Decimal(str(new[name])) + amount)
        company.store.replace("Account", row, new)


def _found(store: Store, vendor: str, collection: str, key: object) -> Row:
    row = store[collection].find(key)
    if row is None:
        raise KeyError(f"{vendor} has no {collection} {key}")
    return row


def _next_id(rows: list[Row], name: str) -> int:
    return 1 + max((int(row.data[name]) for row in rows if str(row.data.get(name, "")).isdigit()), default=0)


def _zeroed(value: Any) -> Any:
    if isinstance(value, dict):
        zeroed = {k: _zeroed(v) for k, v in value.items()}
        return {k: 0 if k in _AMOUNTS and isinstance(v, (int, float)) else v for k, v in zeroed.items()}
    return [_zeroed(item) for item in value] if isinstance(value, list) else value


def _parties(record: Record) -> Iterator[tuple[str, str]]:
    for name, entity in (("VendorRef", "Vendor"), ("CustomerRef", "Customer")):
        inner = record.get(name)
        if isinstance(inner, dict):
            yield entity, str(inner.get("value"))
