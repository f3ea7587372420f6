"""What really happened at the contractor: one object per event, before any system recorded it.

Money is in cents, hours are in quarter hours (see `money`). Dates are the
contractor's own days. Ids of the vendors' systems sit on the object they name,
so that a record in a view and a line of the truth can be told to be the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from local.sandbox.world.events import (
    EmployerCost,
    OwnerInvoice,
    PayLine,
    PayRun,
    PayStub,
    TimeEntry,
    Txn,
    TxnLine,
)

if TYPE_CHECKING:
    from local.sandbox.world.truth import Truth

__all__ = [
    "Account",
    "ChangeLine",
    "ChangeOrder",
    "Commitment",
    "CommitmentLine",
    "CostCode",
    "CostType",
    "Employee",
    "EmployerCost",
    "Forecast",
    "Leaf",
    "LeafKey",
    "Owner",
    "OwnerInvoice",
    "PayLine",
    "PayRun",
    "PayStub",
    "PotentialChange",
    "PrimeContract",
    "Project",
    "Quantity",
    "SubInvoice",
    "SubInvoiceItem",
    "TimeEntry",
    "Txn",
    "TxnLine",
    "Vendor",
    "World",
]

CostType = Literal["L", "M", "S", "E", "O"]
LeafKey = tuple[str, str]
"""(cost code, cost type); the code is "uncoded" for cost nobody coded."""


@dataclass(frozen=True, slots=True)
class CostCode:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    key: str
    id: str
    name: str
    number: str
    type: str
    sub_type: str
    classification: str

    @property
    def is_cost(self) -> bool:
        return self.classification == "Expense"

    @property
    def is_direct(self) -> bool:
        return self.type == "Cost of Goods Sold"


@dataclass(slots=True)
class Owner:
    name: str
    quickbooks_id: str


@dataclass(slots=True)
class Vendor:
    name: str
    kind: Literal["sub", "supplier", "overhead", "bidder"]
    trades: tuple[str, ...]
    procore_id: int | None = None
    quickbooks_id: str | None = None
    quickbooks_name: str = ""
    linked: bool = False
    """The integration wrote the QuickBooks id into Procore."""
    active: bool = True
    invoice_style: int = 0
    next_invoice: int = 1


@dataclass(slots=True)
class Employee:
    number: str
    first: str
    last: str
    role: Literal["office", "superintendent", "craft"]
    title: str
    rate: int
    """Cents per hour; for office staff the weekly salary in cents divided by 40."""
    hired: date
    released: date | None
    health: int
    retires: bool
    email: str
    has_login: bool
    nickname: str = ""
    """Given name as Procore knows it; payroll has `first`."""
    user_id: int | None = None
    person_id: int = 0
    gusto_uuid: str = ""
    gusto_code: str = ""
    quickbooks_id: str = ""

    @property
    def salaried(self) -> bool:
        return self.role == "office"

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    def employed_on(self, day: date) -> bool:
        return self.hired <= day and (self.released is None or day <= self.released)


@dataclass(slots=True)
class Forecast:
    amount: int
    made_on: date
    description: str
    id: int = 0


@dataclass(slots=True)
class Quantity:
    """Installed units on a day, in hundredths of the unit."""

    day: date
    amount: int
    id: int = 0


@dataclass(slots=True)
class Leaf:
    """One budget code of one project: what it should cost and where it is going."""

    code: str
    type: CostType
    original: int = 0
    modifications: int = 0
    budget_hours: int | None = None
    budgeted: bool = True
    planned: int = 0
    """What the leaf will have cost when finished; known to the world only."""
    window: tuple[float, float] = (0.0, 1.0)
    """Which share of the project's duration the work takes."""
    planned_hours: int = 0
    drift: float = 0.0
    """How far `planned` is above what was budgeted for it, as a share."""
    quantity: int | None = None
    unit: str = ""
    produced: list[Quantity] = field(default_factory=list)
    forecasts: list[Forecast] = field(default_factory=list)
    pending_price: int = 0
    wbs_id: int = 0
    code_id: int = 0
    budget_line_id: int | None = None
    forecast_id: int = 0
    quantity_id: int = 0
    item_id: str | None = None

    @property
    def key(self) -> LeafKey:
        return (self.code, self.type)


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
    carries_bill_id: bool = False

    @property
    def gross(self) -> int:
        return sum(item.gross for item in self.items)

    @property
    def approved(self) -> bool:
        return self.status in {"approved", "approved_as_noted"}


@dataclass(slots=True, repr=False)
class Project:
    id: int
    number: str
    name: str
    owner: Owner
    address: str
    city: str
    phase: Literal["closed", "closing", "active", "not_started", "pre_construction"]
    start: date
    contract_finish: date
    planned_finish: date
    finished: date | None
    target: int
    """Cost the world aims at when it sizes the job."""
    overrun: float
    margin: float
    manager: int = 0
    quickbooks_id: str | None = None
    quickbooks_name: str = ""
    link: Literal["origin", "number", "name", "none"] = "none"
    """How the two systems can be told to mean the same job."""
    payroll_ref: str = ""
    leaves: list[Leaf] = field(default_factory=list)
    contracts: list[PrimeContract] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    billings: list[OwnerInvoice] = field(default_factory=list)
    prime_tiers: int = 2
    commitment_tiers: int = 1
    superintendent: Employee | None = None
    remarks: set[str] = field(default_factory=set)

    @property
    def closed(self) -> bool:
        return self.phase == "closed"

    @property
    def running(self) -> bool:
        return self.phase in {"active", "closing"}

    def last_day(self, as_of: date) -> date:
        """The last day with work: the finish of a finished job, else the as-of date."""
        return min(self.finished or as_of, as_of)

    def progress(self, day: date) -> float:
        """Share of the planned duration that has passed on `day`, 0 to 1."""
        whole = ((self.finished or self.planned_finish) - self.start).days
        return min(1.0, max(0.0, (day - self.start).days / max(1, whole)))

    def leaf(self, code: str, kind: str) -> Leaf | None:
        return next((leaf for leaf in self.leaves if leaf.key == (code, kind)), None)


@dataclass(repr=False)
class World:
    seed: int
    today: date
    as_of: date
    began: date
    accounts: dict[str, Account]
    codes: dict[str, CostCode]
    owners: list[Owner]
    vendors: list[Vendor]
    employees: list[Employee]
    managers: list[Employee]
    projects: list[Project] = field(default_factory=list)
    txns: list[Txn] = field(default_factory=list)
    time: list[TimeEntry] = field(default_factory=list)
    runs: list[PayRun] = field(default_factory=list)
    planted: list[tuple[str, Project | None, int, list[object], str]] = field(default_factory=list)
    """Mistakes as objects; `mistakes` names their records once ids exist."""

    @cached_property
    def truth(self) -> Truth:
        """What a perfect reader would conclude; computed on first use, never served."""
        from local.sandbox.world.truth import conclude

        return conclude(self)
