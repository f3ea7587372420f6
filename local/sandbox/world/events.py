"""What happened from day to day: postings, timecards and pay; `model` holds what these are about."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from local.sandbox.world.money import half_up

if TYPE_CHECKING:
    from local.sandbox.world.model import Account, Employee, Leaf, LeafKey, PrimeContract, Project, SubInvoice, Vendor


@dataclass(slots=True)
class TxnLine:
    """One line of a QuickBooks transaction; `amount` has the sign the form shows."""

    account: Account
    amount: int
    project: Project | None = None
    leaf: Leaf | None = None
    """The item on the line, if it is item-based."""
    item_id: str | None = None
    """A general item that names no budget code."""
    debit: bool = True
    """Journal entries only."""
    vendor: Vendor | None = None
    """Journal entries only: an Entity that is no job."""
    description: str = ""
    links: list[Txn] = field(default_factory=list)
    on_change_job: bool = False
    """Posted on the sub-job for changes."""
    truth: LeafKey | None = None
    """Code of the matched Procore line, where one exists."""


@dataclass(slots=True)
class Txn:
    """A QuickBooks transaction. `account` is the balancing side (AP, bank, card, AR)."""

    kind: str
    day: date
    lines: list[TxnLine]
    account: Account | None = None
    vendor: Vendor | None = None
    customer: Project | None = None
    document: str | None = None
    note: str | None = None
    credit: bool = False
    voided: bool = False
    payment_type: str = ""
    links: list[Txn] = field(default_factory=list)
    other: Account | None = None
    """Second account of transfers and bill payments."""
    id: str = ""
    edits: int = 0
    silent_edit: bool = False
    """Changed by a linked transaction: LastUpdatedTime moves, SyncToken does not."""
    imported: bool = False
    """Pulled back into Procore as a direct cost."""
    import_id: int = 0
    currency: str = "USD"
    rate: Fraction = Fraction(1)
    """US dollars for one of the currency."""
    later: bool = False
    """Entered when everything else was in the books: its id is higher than its date suggests."""
    sub_invoice: SubInvoice | None = None
    reverses: Txn | None = None
    """The journal that this one takes back."""
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)

    def home(self, amount: int) -> int:
        """An amount of this transaction in US cents."""
        return amount if self.rate == 1 else half_up(amount * self.rate)


@dataclass(slots=True)
class OwnerInvoice:
    id: int
    number: int
    contract: PrimeContract
    start: date
    end: date
    gross: int
    gross_to_date: int
    retained_to_date: int
    retained: int
    status: str
    invoice: Txn | None = None


@dataclass(slots=True)
class TimeEntry:
    employee: Employee
    day: date
    quarters: int
    project: Project
    leaf: Leaf
    overtime: bool = False
    id: int = 0


@dataclass(slots=True)
class PayLine:
    pay_type: str
    quarters: int
    rate: int
    amount: int
    day: date | None = None
    project: Project | None = None
    leaf: Leaf | None = None


@dataclass(slots=True)
class EmployerCost:
    component: str
    taxable: int
    amount: int
    per_million: int = 0
    """Rate times a million, for the register's rate column."""


@dataclass(slots=True)
class PayStub:
    employee: Employee
    lines: list[PayLine]
    employer: list[EmployerCost] = field(default_factory=list)
    withheld: list[tuple[str, int]] = field(default_factory=list)

    @property
    def gross(self) -> int:
        return sum(line.amount for line in self.lines if line.pay_type != "REIMB")

    @property
    def reimbursed(self) -> int:
        return sum(line.amount for line in self.lines if line.pay_type == "REIMB")

    @property
    def burden(self) -> int:
        return sum(cost.amount for cost in self.employer)

    @property
    def worked(self) -> int:
        return sum(line.quarters for line in self.lines if line.pay_type in {"REG", "OT", "DT"})

    @property
    def net(self) -> int:
        return self.gross + self.reimbursed - sum(amount for _, amount in self.withheld)


@dataclass(slots=True)
class PayRun:
    provider: Literal["payroll_file", "gusto"]
    id: str
    start: date
    end: date
    check: date
    stubs: list[PayStub]
    processed: bool = True
    off_cycle: bool = False
