"""What each budget code really cost up to a day, from the world's own events and by no code of the product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from local.sandbox.world.chart import type_of_account
from local.sandbox.world.model import (
    Commitment,
    LeafKey,
    PayRun,
    PayStub,
    Project,
    SubInvoice,
    TimeEntry,
    Txn,
    TxnLine,
    World,
)
from local.sandbox.world.money import half_up, share

COST_KINDS = {"Bill", "Purchase", "VendorCredit", "JournalEntry", "Deposit"}
GUARD = timedelta(days=45)
PAYROLL_PREFIX = "Payroll"


@dataclass(slots=True)
class LeafCost:
    """Cost and hours of one budget code; `recent` is the last four complete weeks, `paid` their payroll part."""

    actual: int = 0
    hours: int = 0
    recent: int = 0
    paid: int = 0
    paid_hours: int = 0


@dataclass
class Costs:
    as_of: date
    week_end: date
    leaves: dict[int, dict[LeafKey, LeafCost]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(LeafCost))
    )
    """Per project id and code."""
    invoiced: dict[int, dict[LeafKey, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    """Counted as cost per commitment id and code."""
    coverage: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unassigned: list[tuple[Txn, int]] = field(default_factory=list)
    """Cost-of-goods lines without a job."""
    held: list[tuple[Project, SubInvoice]] = field(default_factory=list)
    accrued: list[tuple[Project, SubInvoice]] = field(default_factory=list)

    def add(self, project: Project, key: LeafKey, amount: int, day: date, bucket: str) -> LeafCost:
        cost = self.leaves[project.id][key]
        cost.actual += amount
        if self.recent(day):
            cost.recent += amount
        self.coverage[bucket] += amount
        return cost

    def recent(self, day: date) -> bool:
        return self.week_end - timedelta(days=28) < day <= self.week_end


def gather(world: World, *, see_hidden: bool) -> Costs:
    """Every counted cost up to the as-of date; `see_hidden` pretends that private subcontracts were shared with us."""
    as_of = world.as_of
    costs = Costs(as_of, as_of - timedelta(days=(as_of.weekday() + 1) % 7))
    _posted(world, costs, see_hidden=see_hidden)
    _accruals(world, costs, see_hidden=see_hidden)
    _paid_labor(world, costs)
    _unpaid_labor(world, costs)
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
    matched = {id(i.bill): (c, i) for _, c, i in owners_of_invoices(world, see_hidden=see_hidden) if i.bill}
    for txn in world.txns:
        if txn.kind not in COST_KINDS or txn.day > costs.as_of or txn.voided:
            continue
        known = matched.get(id(txn))
        for line in txn.lines:
            if not line.account.is_cost:
                continue
            amount = signed_amount(txn, line)
            if line.project is None:
                _without_job(costs, txn, line, amount)
                continue
            key = _code_of(line, known is not None)
            costs.add(line.project, key, amount, txn.day, "both" if known or txn.imported else "quickbooks_only")
            if known:
                costs.invoiced[known[0].id][key] += amount


def _without_job(costs: Costs, txn: Txn, line: TxnLine, amount: int) -> None:
    if line.account.name.startswith(PAYROLL_PREFIX):
        costs.coverage["payroll_journal_mirror"] += amount
    elif line.account.is_direct:
        costs.unassigned.append((txn, amount))
        costs.coverage["unassigned_direct"] += amount
    else:
        costs.coverage["overhead"] += amount


def _code_of(line: TxnLine, matched: bool) -> LeafKey:
    if matched and line.truth:
        return line.truth
    if line.leaf:
        return line.leaf.key
    return ("uncoded", type_of_account(line.account))


def _accruals(world: World, costs: Costs, *, see_hidden: bool) -> None:
    """Approved in Procore and in no bill: counted, unless a loose bill of the same firm and job stands nearby."""
    all_bills = {id(i.bill) for _, _, i in owners_of_invoices(world, see_hidden=see_hidden) if i.bill}
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


Group = tuple[str, str, str]
"""(project id, code, type) as text, the order in which a pool's odd cents are given."""


def _paid_labor(world: World, costs: Costs) -> None:
    projects = {str(project.id): project for project in world.projects}
    booked: dict[tuple[str, date], list[TimeEntry]] = defaultdict(list)
    for entry in world.time:
        booked[entry.employee.number, entry.day].append(entry)
    for run in [run for run in world.runs if run.processed and run.end <= costs.as_of]:
        days = [run.start + timedelta(days=i) for i in range((run.end - run.start).days + 1)]
        for stub in run.stubs:
            entries = [entry for day in days for entry in booked.get((stub.employee.number, day), ())]
            for group, amount, quarters in _spread(run, stub, entries):
                _book(costs, projects, run, group, amount, quarters)


def _book(
    costs: Costs, projects: dict[str, Project], run: PayRun, group: Group | None, amount: int, quarters: int
) -> None:
    if group is None:
        costs.coverage["unassigned_payroll"] += amount
        return
    project, code, kind = group
    cost = costs.add(projects[project], (code, kind), amount, run.end, "payroll")
    cost.hours += quarters
    if costs.recent(run.end):
        cost.paid += amount
        cost.paid_hours += quarters


def _spread(run: PayRun, stub: PayStub, entries: list[TimeEntry]) -> list[tuple[Group | None, int, int]]:
    """(group, cents, quarter hours) of one person's run; group None is cost that belongs to no job."""
    if run.provider == "gusto":
        weights = _timecard_groups(entries)
        beyond = stub.worked - sum(weights.values())
        return _by_weight(weights, beyond, stub.gross, stub.burden)
    wages: dict[Group, int] = defaultdict(int)
    weights, beyond, loose = defaultdict(int), 0, 0
    for line in stub.lines:
        if line.pay_type == "REIMB":
            continue
        worked = line.quarters if line.pay_type in {"REG", "OT", "DT"} else 0
        if line.project and line.leaf:
            group = (str(line.project.id), line.leaf.code, line.leaf.type)
            wages[group] += line.amount
            weights[group] += worked
        else:
            loose += line.amount
            beyond += worked
    parts: list[tuple[Group | None, int, int]] = [(group, amount, 0) for group, amount in wages.items()]
    return [*parts, (None, loose, 0), *_by_weight(dict(weights), beyond, 0, stub.burden)]


def _timecard_groups(entries: list[TimeEntry]) -> dict[Group, int]:
    weights: dict[Group, int] = defaultdict(int)
    for entry in entries:
        weights[str(entry.project.id), entry.leaf.code, entry.leaf.type] += entry.quarters
    return dict(weights)


def _by_weight(weights: dict[Group, int], beyond: int, wages: int, burden: int) -> list[tuple[Group | None, int, int]]:
    """Both pools cut by hours; each pool foots on its own."""
    groups: list[Group | None] = [*sorted(weights)]
    hours = [weights[group] for group in sorted(weights)]
    if beyond > 0 or not hours:
        groups.append(None)
        hours.append(max(beyond, 1))
    cuts = zip(share(wages, hours), share(burden, hours), strict=True)
    return [(group, a + b, weights.get(group, 0) if group else 0) for group, (a, b) in zip(groups, cuts, strict=True)]


def _unpaid_labor(world: World, costs: Costs) -> None:
    """Timecards that no processed run covers yet, at the person's newest paid rate."""
    periods: dict[str, list[tuple[date, date]]] = defaultdict(list)
    rate: dict[str, Fraction] = {}
    for run in sorted((run for run in world.runs if run.processed), key=lambda run: run.end):
        for stub in run.stubs:
            periods[stub.employee.number].append((run.start, run.end))
            if stub.worked:
                rate[stub.employee.number] = Fraction(stub.gross + stub.burden, stub.worked)
    newest = max((run.end for run in world.runs if run.processed), default=world.began)
    for entry in world.time:
        person = entry.employee.number
        if entry.day <= newest and any(first <= entry.day <= last for first, last in reversed(periods[person])):
            continue
        if entry.day > costs.as_of:
            continue
        amount = half_up(entry.quarters * rate.get(person, Fraction(0)))
        cost = costs.add(entry.project, entry.leaf.key, amount, entry.day, "unprocessed_time")
        cost.hours += entry.quarters
