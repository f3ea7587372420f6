"""What each budget code really cost up to a day, from the world's own events and by no code of the product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from local.sandbox.world.chart import type_of_account
from local.sandbox.world.model import (
    Commitment,
    Employee,
    LeafKey,
    Project,
    SubInvoice,
    Txn,
    TxnLine,
    World,
)
from local.sandbox.world.terms import (
    ALLOCATION_ACCOUNTS,
    BURDEN_ACCOUNTS,
    EQUIPMENT_ACCOUNTS,
    ONE_OFF_ACCOUNTS,
)

COST_KINDS = {"Bill", "Purchase", "VendorCredit", "JournalEntry", "Deposit"}
GUARD = timedelta(days=45)
PAYROLL_PREFIX = "Payroll"
BELOW_THE_LINE = {"interest", "loan_interest", "income_tax", *ONE_OFF_ACCOUNTS}
"""Interest, income tax and what the contractor calls one-off are not overhead."""


@dataclass(slots=True)
class LeafCost:
    """Cost and hours of one budget code; `recent` is the last four complete weeks, `paid` their payroll part."""

    actual: int = 0
    hours: int = 0
    recent: int = 0
    paid: int = 0
    paid_hours: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One counted cost as it was added, for whoever needs its day and what it is made of."""

    project: Project | None
    """None: labor on no job."""
    key: LeafKey
    amount: int
    day: date
    bucket: str
    quarters: int = 0
    component: str = ""
    """Of labor: wages, burden, or the name of an applied rate."""
    person: Employee | None = None
    paid: date | None = None
    """Check date, where a pay run carries it."""


@dataclass
class Costs:
    as_of: date
    week_end: date
    entries: list[Entry] = field(default_factory=list)
    leaves: dict[int, dict[LeafKey, LeafCost]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(LeafCost))
    )
    """Per project id and code."""
    invoiced: dict[int, dict[LeafKey, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    """Counted as cost per commitment id and code."""
    coverage: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unassigned: list[tuple[Txn, int]] = field(default_factory=list)
    """Cost-of-goods lines without a job."""
    foreign: list[Project] = field(default_factory=list)
    """Jobs with a bill in another currency."""
    held: list[tuple[Project, SubInvoice]] = field(default_factory=list)
    accrued: list[tuple[Project, SubInvoice]] = field(default_factory=list)
    unrated: dict[tuple[str, str, int], int] = field(default_factory=lambda: defaultdict(int))
    """Wages by (component, code, project id) that no rate of the component covers."""

    def add(
        self, project: Project, key: LeafKey, amount: int, day: date, bucket: str, quarters: int = 0, **labor: Any
    ) -> LeafCost:
        """Count a cost; `labor` are the fields of an Entry that only labor has."""
        self.entries.append(Entry(project, key, amount, day, bucket, quarters, **labor))
        cost = self.leaves[project.id][key]
        cost.actual += amount
        cost.hours += quarters
        if self.recent(day):
            cost.recent += amount
        self.coverage[bucket] += amount
        return cost

    def recent(self, day: date) -> bool:
        return self.week_end - timedelta(days=28) < day <= self.week_end


def gather(world: World, *, see_hidden: bool) -> Costs:
    """Every counted cost up to the as-of date; `see_hidden` pretends that private subcontracts were shared with us."""
    from local.sandbox.world import truth_payroll

    as_of = world.as_of
    costs = Costs(as_of, as_of - timedelta(days=(as_of.weekday() + 1) % 7))
    _posted(world, costs, see_hidden=see_hidden)
    _accruals(world, costs, see_hidden=see_hidden)
    truth_payroll.paid(world, costs)
    truth_payroll.unpaid(world, costs)
    return costs


def owners_of_invoices(world: World, *, see_hidden: bool) -> Iterator[tuple[Project, Commitment, SubInvoice]]:
    for project in world.projects:
        for commitment in project.commitments:
            if see_hidden or not commitment.hidden:
                for invoice in commitment.invoices:
                    yield project, commitment, invoice


def signed_amount(txn: Txn, line: TxnLine) -> int:
    """Cost is positive: a credit, a refund or a credited journal line takes cost away."""
    negative = (
        txn.kind in {"VendorCredit", "Deposit"}
        or (txn.kind == "Purchase" and txn.credit)
        or (txn.kind == "JournalEntry" and not line.debit)
    )
    return -line.amount if negative else line.amount


def _posted(world: World, costs: Costs, *, see_hidden: bool) -> None:
    invoices = owners_of_invoices(world, see_hidden=see_hidden)
    matched = {id(bill): (c, i) for _, c, i in invoices for bill in i.bills}
    for txn in world.txns:
        if txn.kind not in COST_KINDS or txn.day > costs.as_of or txn.voided:
            continue
        known = matched.get(id(txn))
        for line in txn.lines:
            if not line.account.is_cost:
                continue
            amount = txn.home(signed_amount(txn, line))
            bucket = place_of(txn, line)
            if bucket != "job" or line.project is None:
                costs.coverage[bucket] += amount
                if bucket == "unassigned_direct":
                    costs.unassigned.append((txn, amount))
                if bucket == "second_currency" and line.project:
                    costs.foreign.append(line.project)
                continue
            key = _code_of(line, known is not None)
            costs.add(line.project, key, amount, txn.day, "both" if known or txn.imported else "quickbooks_only")
            if known:
                costs.invoiced[known[0].id][key] += amount


def place_of(txn: Txn, line: TxnLine) -> str:
    """What a posting on an expense account is: the cost of a job, or the name of what it is instead."""
    account = line.account
    if txn.currency != "USD":
        return "second_currency"
    if account.key in ALLOCATION_ACCOUNTS:
        return "overhead_journal"
    if line.project:
        return "job" if line.project.id else "job_without_project"
    if account.name.startswith(PAYROLL_PREFIX):
        return "payroll_journal_mirror"
    if account.key in BURDEN_ACCOUNTS:
        return "burden_paid"
    if account.key in EQUIPMENT_ACCOUNTS:
        return "equipment_pool"
    if account.key in BELOW_THE_LINE:
        return "below_the_line"
    return "unassigned_direct" if account.is_direct else "overhead"


def _code_of(line: TxnLine, matched: bool) -> LeafKey:
    if matched and line.truth:
        return line.truth
    if line.leaf:
        return line.leaf.key
    return ("uncoded", type_of_account(line.account))


def _accruals(world: World, costs: Costs, *, see_hidden: bool) -> None:
    """Approved in Procore and in no bill: counted, unless a loose bill of the same firm and job stands nearby."""
    all_bills = {id(bill) for _, _, i in owners_of_invoices(world, see_hidden=see_hidden) for bill in i.bills}
    loose: dict[tuple[str, int], list[date]] = defaultdict(list)
    for txn in world.txns:
        if txn.kind == "Bill" and txn.vendor and not txn.voided and id(txn) not in all_bills:
            for line in txn.lines:
                if line.project and line.account.is_cost:
                    loose[txn.vendor.name, line.project.id].append(txn.day)
    for project, commitment, invoice in owners_of_invoices(world, see_hidden=see_hidden):
        if not invoice.approved or invoice.bill or invoice.billed > costs.as_of:
            continue
        if any(abs(day - invoice.billed) <= GUARD for day in loose[commitment.vendor.name, project.id]):
            costs.held.append((project, invoice))
            costs.coverage["held"] += invoice.gross
            continue
        costs.accrued.append((project, invoice))
        for item in invoice.items:
            if item.gross:
                costs.add(project, item.key, item.gross, invoice.billed, "procore_only")
                costs.invoiced[commitment.id][item.key] += item.gross
