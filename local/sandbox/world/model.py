"""What really happened at the contractor: one object per event, before any system recorded it.

Money is in cents, hours are in quarter hours (see `money`). Dates are the
contractor's own days. Ids of the vendors' systems sit on the object they name,
so that a record in a view and a line of the truth can be told to be the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from local.sandbox.world.dealings import (
    ChangeLine,
    ChangeOrder,
    Commitment,
    CommitmentLine,
    LeafKey,
    PotentialChange,
    PrimeContract,
    SubInvoice,
    SubInvoiceItem,
)
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
    from local.sandbox.world.terms import Terms
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
    currency: str = "USD"

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
    currency: str = "USD"


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

    def installed_share(self, as_of: date) -> Fraction | None:
        """Units reported by the day over units planned; None where nothing is planned."""
        if not self.quantity:
            return None
        return Fraction(sum(q.amount for q in self.produced if q.day <= as_of), self.quantity)


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
    """Employee number of the project manager."""
    co_manager: int = 0
    """A second one, if two are active."""
    former_manager: int = 0
    quickbooks_id: str | None = None
    quickbooks_name: str = ""
    change_job_id: str | None = None
    """A sub-job of the QuickBooks job, where changes are kept apart."""
    link: Literal["origin", "number", "name", "none"] = "none"
    """How the two systems can be told to mean the same job."""
    payroll_ref: str = ""
    leaves: list[Leaf] = field(default_factory=list)
    contracts: list[PrimeContract] = field(default_factory=list)
    terms: Terms | None = None
    """None: a lump sum."""
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

    @property
    def on_erp_list(self) -> bool:
        """Its cost codes are those of the list that the integration keeps."""
        return self.link != "name" and "own cost codes" not in self.remarks

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
    unlisted: list[Project] = field(default_factory=list)
    """Jobs that QuickBooks knows and Procore does not; their id is 0."""
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

    def policy(self) -> dict[str, Any]:
        """What the contractor would set up in the product: fields of its Policy that are not the default, as JSON."""
        from local.sandbox.world.terms import policy

        return policy(self)
