"""What was agreed and asked for on paper: contracts of both sides, their changes, and subcontractors' invoices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from local.sandbox.world.events import Txn
    from local.sandbox.world.model import Vendor

LeafKey = tuple[str, str]
"""(cost code, cost type); the code is "uncoded" for cost nobody coded."""


@dataclass(slots=True)
class ChangeLine:
    key: LeafKey
    amount: int
    id: int = 0


@dataclass(slots=True)
class PotentialChange:
    number: str
    title: str
    lines: list[ChangeLine]
    created: date
    id: int = 0
    newer_id: int = 0
    """Its id in the newer change order list."""

    @property
    def amount(self) -> int:
        return sum(line.amount for line in self.lines)


@dataclass(slots=True)
class ChangeOrder:
    """A change at its highest tier reached, with the potential changes it gathers.

    `packaged` is False while only the potential change exists (2 and 3 tiers).
    """

    side: Literal["prime", "commitment"]
    contract_id: int
    tiers: int
    number: str
    title: str
    status: str
    custom_status: str | None
    parts: list[PotentialChange]
    created: date
    reviewed: date | None
    packaged: bool = True
    package_id: int = 0
    request_id: int = 0

    @property
    def amount(self) -> int:
        return sum(part.amount for part in self.parts)


@dataclass(slots=True)
class PrimeContract:
    id: int
    number: str
    title: str
    status: str
    amount: int
    signed: date
    changes: list[ChangeOrder] = field(default_factory=list)


@dataclass(slots=True)
class CommitmentLine:
    id: int
    key: LeafKey
    amount: int


@dataclass(slots=True)
class Commitment:
    id: int
    kind: Literal["subcontract", "purchase_order"]
    number: str
    title: str
    vendor: Vendor
    status: str
    signed: date
    lines: list[CommitmentLine]
    private: bool = False
    hidden: bool = False
    """Private and not shared with the reading account."""
    retainage_percent: int = 0
    changes: list[ChangeOrder] = field(default_factory=list)
    invoices: list[SubInvoice] = field(default_factory=list)


@dataclass(slots=True)
class SubInvoiceItem:
    key: LeafKey
    line_id: int
    """Commitment line, or the line of a potential change."""
    is_change: bool
    scheduled: int
    previous: int
    work: int
    stored: int
    id: int = 0

    @property
    def gross(self) -> int:
        return self.work + self.stored


@dataclass(slots=True)
class SubInvoice:
    id: int
    number: int
    invoice_number: str
    billed: date
    status: str
    items: list[SubInvoiceItem]
    retained: int
    """Held back on this invoice."""
    retained_before: int
    bill: Txn | None = None
    more_bills: list[Txn] = field(default_factory=list)
    """Where accounts payable cut it into parts."""
    carries_bill_id: bool = False
    drift: set[str] = field(default_factory=set)
    """In what its bill differs from it (see `twins`)."""

    @property
    def bills(self) -> list[Txn]:
        return [self.bill, *self.more_bills] if self.bill else []

    @property
    def gross(self) -> int:
        return sum(item.gross for item in self.items)

    @property
    def approved(self) -> bool:
        return self.status in {"approved", "approved_as_noted"}
