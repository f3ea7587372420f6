"""The overhead pool is what the office costs; premiums, the yard, interest and taxes have places of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from datablueprint.ledger.book import NOWHERE, UNCODED, Book, Cite, Fact, Finding, Leaf, Row
from datablueprint.ledger.chart import COST_OF_GOODS, Chart
from datablueprint.ledger.internal import rated
from datablueprint.ledger.payroll import is_payroll
from datablueprint.ledger.transactions import Transactions

INVOICED = frozenset({"Bill", "Purchase", "VendorCredit"})
PREMIUM = "premium invoice coded to a job"


def family(book: Book, chart: Chart, line: Row) -> str:
    """Where a line on an expense account, or a premium on any account, belongs."""
    account, role, job = chart.account(line) or {}, chart.role(line), line["job_record_id"]
    if role == "burden" and not job:
        return "burden_paid"
    if role == "burden" and rated(book, chart, line):
        return "burden_on_job"
    if role == "equipment" and not job:
        return "equipment_pool"
    if is_payroll(account, line["entity"], book.policy.payroll_accounts):
        return "payroll"
    if job:
        return "job_cost"
    if account["account_type"] == COST_OF_GOODS:
        return "unassigned"
    return "below_the_line" if chart.below_the_line(line) else "overhead"


def is_premium(chart: Chart, line: Row) -> bool:
    """An invoice on a burden account counts as paid premium whatever class the account has."""
    return chart.role(line) == "burden" and line["entity"] in INVOICED


def overhead_facts(transactions: Transactions, families: dict[str, list[Row]]) -> Iterator[Fact]:
    """Overhead, what is not overhead, premiums, the equipment pool, and direct cost that names no job."""
    chart = transactions.chart
    for line in families["overhead"]:
        reason = f"{chart.name(line)} without a job"
        yield transactions.fact(line, measure="overhead", rule="D1", reason=reason)
    for line in families["below_the_line"]:
        reason = f"{chart.name(line)} is below the line: no job bears it"
        yield transactions.fact(line, measure="below_the_line", rule="not overhead", reason=reason)
    for line in families["burden_paid"]:
        reason = f"premium paid on {chart.name(line)}: jobs bear it by rates"
        yield transactions.fact(line, measure="burden_paid", rule="D8", reason=reason)
    for line in families["equipment_pool"]:
        kind = "charged to jobs from" if _charged(line) else "owning cost of"
        reason = f"{kind} the equipment pool, on {chart.name(line)}"
        fact = transactions.fact(line, measure="equipment_pool", rule="D10", reason=reason)
        yield replace(fact, leaf=NOWHERE)
    for line in families["burden_on_job"]:
        yield from _premium_on_job(transactions, line)
    for line in families["unassigned"]:
        fact = transactions.fact(line, measure="cost", rule="D1", reason="direct cost without a job")
        yield replace(fact, leaf=Leaf(None, UNCODED, None))


def _premium_on_job(transactions: Transactions, line: Row) -> Iterator[Fact]:
    """What was paid belongs to the clearing pool; its copy says that the job does not bear it."""
    name = transactions.chart.name(line)
    paid = transactions.fact(
        line, measure="burden_paid", rule="D8", reason=f"premium paid on {name} for a job: jobs bear it by rates"
    )
    yield replace(paid, leaf=NOWHERE)
    yield replace(
        paid,
        measure="cost",
        state="excluded",
        reason=f"premium on {name} that rates already put on jobs",
        evidence=(Cite(line["record_id"], line["amount_at"] or f"#{line['line_key']}", "mirror"),),
    )


def overhead_findings(book: Book, chart: Chart, families: dict[str, list[Row]]) -> Iterator[Finding]:
    for line in families["burden_on_job"]:
        yield Finding(
            kind=PREMIUM,
            sentence=(
                f"quickbooks: {line['amount']:,.2f} on {chart.name(line)} of {line['transaction_on']} "
                f"({line['record_id']}) is coded to a job that bears the premium by a rate; the job has it once, as "
                "the rate, and what was paid is in the clearing of premiums"
            ),
            way_out="Take the job off the line in QuickBooks, or the account off burden_accounts",
            records=(line["record_id"],),
            project=book.project(line["job_record_id"]),
            amount=line["amount"],
        )
    for line in families["unassigned"]:
        if line["amount"]:
            yield Finding(
                kind="direct cost without a job",
                sentence=(
                    f"quickbooks: {line['amount']:,.2f} on {chart.name(line)} of {line['transaction_on']} "
                    f"({line['record_id']}) names no job"
                ),
                way_out="Set the customer or project on the line in QuickBooks",
                records=(line["record_id"],),
                amount=line["amount"],
            )
    yield from _remainder(families["equipment_pool"])


def _charged(line: Row) -> bool:
    """A charge to a job, or its reversal."""
    return line["amount"] < 0 or line["job_record_id"] is not None


def _remainder(lines: Iterable[Row]) -> Iterator[Finding]:
    """What the equipment pool cost beyond what jobs were charged for it, since the first entry (D10)."""
    cost = sum((line["amount"] for line in lines if not _charged(line)), Decimal(0))
    charged = -sum((line["amount"] for line in lines if _charged(line)), Decimal(0))
    if cost or charged:
        side = "not charged to any job" if cost >= charged else "charged to jobs beyond its cost"
        yield Finding(
            kind="remainder of the equipment pool",
            sentence=(
                f"quickbooks: the equipment pool cost {cost:,.2f} and charged {charged:,.2f} to jobs; "
                f"{abs(cost - charged):,.2f} is {side}"
            ),
            way_out="Adjust the internal charge rates, or let the remainder go to overhead",
            records=(),
            amount=cost - charged,
            level="info",
        )
