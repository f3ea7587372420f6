"""Prime contracts and every tier of change order, each tier its own rows: counting one of them is the ledger's."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from datablueprint.lake.conform.coding import Coding
from datablueprint.lake.conform.fields import Fields, Unreadable
from datablueprint.lake.conform.inbox import Inbox, Rows
from datablueprint.tables import record_id

GROUPS = {
    "approved": "approved",
    "pending": "pending",
    "pending_billable": "pending",
    "revised": "pending",
    "pricing": "pending",
    "not_pricing": "pending",
    "proceeding": "pending",
    "not_proceeding": "pending",
    "rejected": "rejected",
    "no_charge": "rejected",
    "void": "void",
    "draft": "draft",
}
"""API status -> the group of it that counts."""
CONTRACTS = {
    "prime_contracts": "prime",
    "work_order_contracts": "commitment",
    "purchase_order_contracts": "commitment",
}


class Tier(NamedTuple):
    """One list of change orders: what it is called here, and which side when the list itself says so."""

    stream: str
    name: str
    side: str | None = None


TIERS = (
    Tier("potential_change_orders", "potential"),
    Tier("change_order_requests", "request"),
    Tier("change_order_packages", "package"),
    Tier("prime_change_orders", "change_order", "prime"),
    Tier("commitment_change_orders", "change_order", "commitment"),
)


def read(inbox: Inbox) -> None:
    book = ChangeOrders(inbox)
    inbox.each("procore", "prime_contracts", _prime_contract)
    for tier in TIERS:
        inbox.each("procore", tier.stream, book.reader(tier))
    inbox.each("procore", "potential_change_order_line_items", lambda fields: _line(fields, inbox.coding))


def project_of(fields: Fields) -> str:
    """The record id of the project a project-level record was read under."""
    native = fields.record.parent_id or fields.maybe_text("project_id") or fields.maybe_text("project", "id")
    if native is None:
        raise Unreadable(fields.pointer("project_id"), "is missing")
    return record_id("procore", "projects", native)


class ChangeOrders:
    """What must be known of all records before one change order can be read: contracts, packages, statuses."""

    def __init__(self, inbox: Inbox) -> None:
        self.zone = inbox.zone
        self._contracts: dict[str, tuple[str, str]] = {}
        self._homes: dict[str, str] = {}
        for stream, side in CONTRACTS.items():
            for fields in inbox.records("procore", stream):
                self._contracts[fields.record.native_id] = (fields.record_id, side)
                if fields.record.parent_id:
                    self._homes[fields.record.native_id] = record_id("procore", "projects", fields.record.parent_id)
        self._packages: dict[tuple[str, str], str | None] = {}
        for fields in inbox.records("procore", "change_order_packages"):
            self._note_package(fields)
        self._statuses: dict[str, str] = {}
        for fields in inbox.records("procore", "change_order_statuses"):
            try:
                self._statuses[fields.text("name").lower()] = fields.text("mapped_to_status").lower()
            except Unreadable as error:
                inbox.reject(fields.record, error)

    def reader(self, tier: Tier) -> Callable[[Fields], Rows]:
        return lambda fields: self._row(fields, tier)

    def status(self, fields: Fields) -> tuple[str, str]:
        """Group and resolved API status; a status the customer made counts as what it is mapped to."""
        given = fields.text("status").lower()
        resolved = given if given in GROUPS else self._statuses.get(given, given)
        if resolved not in GROUPS:
            fields.refuse(("status",), "a change order status, or one that change_order_statuses maps,")
        return GROUPS[resolved], resolved

    def _row(self, fields: Fields, tier: Tier) -> Rows:
        contract = fields.text("contract_id")
        contract_record, side = self._contracts.get(contract, (None, "unknown"))
        group, resolved = self.status(fields)
        yield (
            "change_orders",
            {
                "record_id": fields.record_id,
                "project_record_id": self._homes.get(contract) or self._project(fields, tier),
                "contract_record_id": contract_record,
                "side": tier.side or side,
                "tier": tier.name,
                "higher_record_id": self._higher(fields, tier, contract),
                "number": fields.maybe_text("number"),
                "title": fields.maybe_text("title"),
                "status": group,
                "source_status": resolved,
                "amount": fields.money("grand_total"),
                "amount_at": fields.pointer("grand_total"),
                "approved_on": fields.maybe_local_day(self.zone, "reviewed_at"),
                "created_on": fields.maybe_local_day(self.zone, "created_at"),
                "executed": fields.maybe_flag("executed"),
                "reason": _reason(fields),
            },
        )

    def _project(self, fields: Fields, tier: Tier) -> str | None:
        """Of a contract we cannot see; requests are read under their contract, so theirs stays unknown."""
        return None if tier.name == "request" else project_of(fields)

    def _higher(self, fields: Fields, tier: Tier, contract: str) -> str | None:
        """The record of the next tier up that this one is part of."""
        if tier.name == "potential":
            request = fields.maybe_text("change_order_request_id")
            if request:
                return record_id("procore", "change_order_requests", request)
            return self._package_titled(fields, contract)
        package = None
        if tier.name == "request":
            package = fields.maybe_text("change_order_package_id")
        elif tier.name == "change_order":
            package = fields.maybe_text("legacy_package_id")
        return record_id("procore", "change_order_packages", package) if package else None

    def _package_titled(self, fields: Fields, contract: str) -> str | None:
        """A potential change order names its package by title only; a title two packages share names neither."""
        title = fields.maybe_text("change_order_package_title")
        if title and self._packages.get((contract, title), "") is None:
            fields.refuse(("change_order_package_title",), "a title only one package of its contract has")
        return self._packages.get((contract, title)) if title else None

    def _note_package(self, fields: Fields) -> None:
        try:
            place = (fields.text("contract_id"), fields.text("title"))
        except Unreadable:
            return
        self._packages[place] = None if place in self._packages else fields.record_id


def _reason(fields: Fields) -> str | None:
    """The change reason, which is text on the older lists and an object on the newer ones."""
    for name in ("change_reason", "change_order_change_reason"):
        try:
            found = fields.maybe_text(name)
        except Unreadable:
            found = fields.maybe_text(name, "change_reason") or fields.maybe_text(name, "name")
        if found:
            return found
    return None


def _prime_contract(fields: Fields) -> Rows:
    yield (
        "prime_contracts",
        {
            "record_id": fields.record_id,
            "project_record_id": project_of(fields),
            "number": fields.maybe_text("number"),
            "title": fields.maybe_text("title"),
            "status": fields.text("status"),
            "executed": fields.maybe_flag("executed"),
            "original_amount": fields.money("grand_total"),
            "original_amount_at": fields.pointer("grand_total"),
            "approved_changes_reported": fields.maybe_money("approved_change_orders"),
            "private": fields.maybe_flag("private"),
        },
    )


def _line(fields: Fields, coding: Coding) -> Rows:
    parent = fields.record.parent_id or fields.maybe_text("holder", "id")
    if parent is None:
        raise Unreadable("/holder/id", "is missing")
    code, kind = coding.of(fields)
    yield (
        "change_order_lines",
        {
            "record_id": fields.record_id,
            "change_order_record_id": record_id("procore", "potential_change_orders", parent),
            "cost_code": code,
            "cost_type": kind,
            "amount": fields.money("amount"),
            "amount_at": fields.pointer("amount"),
        },
    )
