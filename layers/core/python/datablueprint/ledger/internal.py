"""Journals that charge jobs by rates of the company itself: the yard's equipment (D10), and burden (D8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from datablueprint.ledger.adjustments import JOURNAL, Key, key
from datablueprint.ledger.book import NOWHERE, Book, Fact, Finding, Row, grouped
from datablueprint.ledger.chart import Chart
from datablueprint.ledger.pairing import balancing
from datablueprint.ledger.payroll import is_payroll
from datablueprint.ledger.transactions import Transactions
from datablueprint.settings import BurdenRate

ZERO = Decimal(0)
POOL, BOOKED = "equipment_pool", "burden_booked"
"""Families of lines: the pool's side of an equipment charge, and either side of a burden journal."""


@dataclass(frozen=True)
class BurdenJournal:
    """Burden that the books put on jobs themselves, which `burden_rates` already do."""

    record_id: str
    jobs: list[Row]
    premiums: list[Row]
    paired: bool
    """The premium account is credited with what the jobs were charged."""


class InternalCharges:
    """The lines of journals that only a look at the whole journal can place."""

    def __init__(self, book: Book, chart: Chart, lines: Iterable[Row]) -> None:
        self.book, self.chart = book, chart
        journals = grouped((line for line in lines if line["entity"] == JOURNAL), "record_id")
        self.burden = [found for journal in journals.values() if (found := self._burden(journal))]
        self.families: dict[Key, str] = {}
        for journal in journals.values():
            self.families |= {key(line): POOL for line in self._pool(journal)}
        for found in self.burden:
            self.families |= {key(line): BOOKED for line in (*found.jobs, *found.premiums)}

    def _pool(self, journal: list[Row]) -> Iterator[Row]:
        """Lines on equipment accounts that job cost of the same job, or of the whole journal, stands against.

        The charge credits the pool and its reversal debits it; an equipment line that
        nothing stands against is cost of its job like any other.
        """
        on_jobs = [line for line in journal if line["job_record_id"]]
        pool = [line for line in on_jobs if self.chart.role(line) == "equipment"]
        cost = [line for line in on_jobs if self.chart.role(line) == "expense"]
        if pool and cost and _net(pool) == -_net(cost):
            yield from pool
            return
        for job, lines in grouped(pool, "job_record_id").items():
            against = (line["amount"] for line in cost if line["job_record_id"] == job)
            opposite = sum((amount for amount in against if amount * _net(lines) < 0), ZERO)
            if _net(lines) and abs(opposite) >= abs(_net(lines)):
                yield from lines

    def _burden(self, journal: list[Row]) -> BurdenJournal | None:
        """Job lines beside a credit, or its reversal, on a premium account, where a rate is in force."""
        premiums = [line for line in journal if self.chart.role(line) == "burden" and not line["job_record_id"]]
        net = _net(premiums)
        if not net or not any(rated(self.book, self.chart, line) for line in premiums):
            return None
        on_jobs = [line for line in journal if line["job_record_id"] and self._spends(line)]
        labor = [line for line in on_jobs if self._is_payroll(line)]
        other = [line for line in on_jobs if line not in labor]
        paired = balancing(other, -net) or balancing(on_jobs, -net)
        if paired or (other and net < 0):
            return BurdenJournal(journal[0]["record_id"], paired or other, premiums, paired=bool(paired))
        return None

    def _spends(self, line: Row) -> bool:
        account = self.chart.account(line) or {}
        return account.get("classification") == "Expense" and self.chart.role(line) in ("expense", "burden")

    def _is_payroll(self, line: Row) -> bool:
        account = self.chart.account(line)
        return account is not None and is_payroll(account, line["entity"], self.book.policy.payroll_accounts)

    def facts(self, transactions: Transactions) -> Iterator[Fact]:
        """Neither side of a burden journal counts: the rates put the burden on the jobs."""
        for journal in self.burden:
            for line in journal.jobs:
                reason = f"burden booked to the job on {self.chart.name(line)}: rates already put it there"
                yield replace(transactions.fact(line, measure="cost", rule="D8", reason=reason), state="excluded")
            for line in journal.premiums:
                reason = f"burden booked to jobs from {self.chart.name(line)}: no premium was paid or taken back"
                fact = transactions.fact(line, measure="burden_paid", rule="D8", reason=reason)
                yield replace(fact, state="excluded", leaf=NOWHERE)

    def findings(self) -> Iterator[Finding]:
        """Per journal and job what was booked; grade C where the two sides of a journal do not say the same."""
        for journal in self.burden:
            by_job: dict[str, Decimal] = defaultdict(Decimal)
            for line in journal.jobs:
                by_job[self.book.project(line["job_record_id"]) or ""] += line["amount"]
            for project, amount in sorted(by_job.items()):
                if amount or not journal.paired:
                    yield self._booked(journal, project, amount)

    def _booked(self, journal: BurdenJournal, project: str, amount: Decimal) -> Finding:
        whole, credited = _net(journal.jobs), -_net(journal.premiums)
        doubt = "" if journal.paired else f"; it takes {credited:,.2f} off the premiums and charges jobs {whole:,.2f}"
        return Finding(
            kind="burden journalled to a job",
            sentence=(
                f"quickbooks: journal {journal.record_id} books {amount:,.2f} of burden to {self.book.name(project)}, "
                f"which the burden rates of the settings put there already; it counts once, as the rate{doubt}"
            ),
            way_out=(
                "Nothing to do; without the rates the journal would count"
                if journal.paired
                else "Enter the burden in a journal of its own, so that other cost in this one can count"
            ),
            records=(journal.record_id,),
            project=project or None,
            amount=amount,
            level="info" if journal.paired else "warning",
            grade=None if journal.paired else "C",
        )


def rated(book: Book, chart: Chart, line: Row) -> bool:
    """Rates put this premium on jobs already: those whose component the account's name says, else any."""
    account, rates = chart.account(line) or {}, book.policy.burden_rates
    same = [rate for rate in rates if _speaks_of(account, rate)]
    return any(rate.starts <= line["transaction_on"] <= rate.ends for rate in same or rates)


def _speaks_of(account: Row, rate: BurdenRate) -> bool:
    name = (account.get("name") or "").lower()
    return all(word in name for word in rate.component.lower().split("_"))


def _net(lines: Iterable[Row]) -> Decimal:
    return sum((line["amount"] for line in lines), ZERO)
