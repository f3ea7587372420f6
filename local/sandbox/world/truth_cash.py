"""Money that moved: what banks hold, what owners paid on a job's invoices and what was paid for the job."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from local.sandbox.world.model import Project, Txn, World
from local.sandbox.world.truth_costs import Costs
from local.sandbox.world.truth_figure import Figures, apportion, money
from local.sandbox.world.truth_policy import Policy
from local.sandbox.world.views.posting import postings

PerJob = dict[int, int]
"""Cents per project id."""


def balance(world: World, policy: Policy) -> tuple[int, int]:
    """(cash, restricted cash): what the books say all bank accounts hold."""
    free = restricted = 0
    for txn in world.txns:
        if txn.day > world.as_of or txn.voided:
            continue
        for account, amount in postings(txn):
            if account.type == "Bank" and account.key in policy.restricted_cash:
                restricted += amount
            elif account.type == "Bank":
                free += amount
    return free, restricted


def cash_in(world: World) -> PerJob:
    """What customers paid on invoices of each job."""
    found: PerJob = defaultdict(int)
    for line, invoice in _settled(world, "Payment"):
        if invoice.customer is not None:
            found[invoice.customer.id] += line
    return dict(found)


def cash_out(world: World, costs: Costs) -> PerJob:
    """Bills paid, expenses at their date, and payroll on its check date."""
    found: PerJob = defaultdict(int)
    for paid, bill in _settled(world, "BillPayment"):
        for project, amount in _by_line(paid, bill):
            found[project.id] += amount
    for txn in world.txns:
        if txn.kind in {"Purchase", "Deposit"} and txn.day <= world.as_of and not txn.voided:
            sign = -1 if txn.credit or txn.kind == "Deposit" else 1
            for line in txn.lines:
                if line.project and line.account.is_cost:
                    found[line.project.id] += sign * line.amount
    for entry in costs.entries:
        if entry.project and entry.paid and entry.paid <= world.as_of and entry.component in {"wages", "burden"}:
            found[entry.project.id] += entry.amount
    return dict(found)


def _settled(world: World, kind: str) -> Iterator[tuple[int, Txn]]:
    """(cents, invoice or bill) of every payment up to the day."""
    for txn in world.txns:
        if txn.kind == kind and txn.day <= world.as_of and not txn.voided:
            for line in txn.lines:
                for settled in line.links:
                    yield line.amount, settled


def _by_line(paid: int, bill: Txn) -> Iterator[tuple[Project, int]]:
    """A payment over the cost lines of its bill; what was withheld was withheld from each of them alike."""
    lines = [line for line in bill.lines if line.account.is_cost]
    if sum(line.amount for line in lines):
        for line, part in zip(lines, apportion(paid, [Fraction(line.amount) for line in lines]), strict=True):
            if line.project:
                yield line.project, part


def cash_figures(received: int | None, spent: int | None) -> Figures:
    """Without a job in QuickBooks nobody can know what was paid."""
    known = None if received is None or spent is None else received - spent
    found = {"job_cash_in": received, "job_cash_out": spent, "job_cash": known}
    return {name: money(value, "a job in QuickBooks") for name, value in found.items()}
