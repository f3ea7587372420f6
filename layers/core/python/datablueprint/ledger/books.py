"""Every QuickBooks line has one place in the ledger, or a rule that excluded it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property

from datablueprint.ledger.adjustments import (
    accrual_findings,
    adjustment_facts,
    adjustments,
    allocation_doubts,
    allocation_findings,
    key,
)
from datablueprint.ledger.balances import BALANCES, balance_facts, balance_findings, cash_facts
from datablueprint.ledger.billing import OTHER_INCOME, SALES, Billing
from datablueprint.ledger.book import Book, Cite, Fact, Finding, Row
from datablueprint.ledger.cash import job_cash_facts, job_cash_findings
from datablueprint.ledger.chart import Chart
from datablueprint.ledger.costs import line_cite
from datablueprint.ledger.foreign import foreign_findings
from datablueprint.ledger.intercompany import Intercompany
from datablueprint.ledger.internal import InternalCharges
from datablueprint.ledger.overhead import family, is_premium, overhead_facts, overhead_findings
from datablueprint.ledger.transactions import Transactions

HELD = ("its account", "in ")
"""Reasons that wait for a person rather than settle the matter."""
TAX = "T"


class Books:
    """The accounting lines sorted into what each rule family takes.

    `payroll` and `job_cost` become facts elsewhere; all other families do here.
    """

    def __init__(self, book: Book, *, as_of: date | None = None) -> None:
        """`as_of` is the day by which accruals are late; the newest day of the books without it."""
        self.book, self.chart, self._as_of = book, Chart(book), as_of
        lines = book.read["accounting_lines"]
        countable = [line for line in lines if not self._cannot_count(line)]
        self.transactions = Transactions(book, self.chart, countable)
        self._adjusted = adjustments(self.chart, countable)
        self._internal = InternalCharges(
            book, self.chart, (line for line in countable if key(line) not in self._adjusted)
        )
        self.families: dict[str, list[Row]] = defaultdict(list)
        for line in lines:
            self.families[self._family(line)].append(line)
        self.billing = Billing(self.transactions, self.families["billing"], self.families["sales_tax"])

    @property
    def payroll(self) -> list[Row]:
        """Lines on payroll accounts."""
        return self.families["payroll"]

    @property
    def job_cost(self) -> list[Row]:
        """Lines on expense accounts that carry a job and are not payroll."""
        return self.families["job_cost"]

    def _family(self, line: Row) -> str:
        account = self.chart.account(line)
        if self._cannot_count(line):
            return "excluded"
        if account is None:
            return "sales_tax" if line["line_key"] == TAX and line["entity"] in SALES else "excluded"
        if key(line) in self._adjusted:
            return self._adjusted[key(line)].measure
        if key(line) in self._internal.families:
            return self._internal.families[key(line)]
        if account["classification"] == "Expense" or is_premium(self.chart, line):
            return family(self.book, self.chart, line)
        if account["classification"] == "Revenue":
            return "billing" if self._is_billing(line, account) else "below_the_line"
        if line["line_key"] == TAX and line["entity"] in SALES:
            return "sales_tax"
        role = self.chart.role(line)
        if role == "wip" and line["entity"] in SALES:
            return "billing"
        return role if role == "cash" or role in BALANCES else "excluded"

    def _is_billing(self, line: Row, account: Row) -> bool:
        """Interest and other income that no sales form billed is not the owner's."""
        return line["entity"] in SALES or account["account_type"] != OTHER_INCOME

    def _cannot_count(self, line: Row) -> bool:
        silent = line["presentation"] or not line["posting"] or line["voided"]
        return silent or line["amount"] is None or self._foreign(line)

    def _foreign(self, line: Row) -> bool:
        return bool(line["currency"] and line["currency"] != self.book.currency)

    def _why_not(self, line: Row) -> str:
        account = self.chart.account(line)
        if line["presentation"]:
            return "presentation line"
        if line["voided"]:
            return "voided"
        if not line["posting"]:
            return f"{line['entity']} posts nothing"
        if self._foreign(line):
            return f"in {line['currency']}: currencies are never added"
        if account is None or line["amount"] is None:
            return "its account or amount cannot be resolved"
        return f"moves money on a {account['classification'].lower()} account"

    def facts(self) -> Iterator[Fact]:
        """Every line but job cost and payroll, then the views of them by job and by group."""
        yield from self._facts

    @cached_property
    def _facts(self) -> list[Fact]:
        return [*self._line_facts(), *job_cash_facts(self.transactions), *self._memos()]

    def _line_facts(self) -> Iterator[Fact]:
        adjusted = (*self.families["wip_adjustment"], *self.families["allocation_journal"])
        yield from adjustment_facts(self.transactions, adjusted, self._adjusted)
        yield from overhead_facts(self.transactions, self.families)
        yield from self._internal.facts(self.transactions)
        yield from self.billing.facts()
        yield from cash_facts(self.transactions, self.families["cash"])
        for measure in BALANCES:
            yield from balance_facts(self.transactions, measure, self.families[measure])
        for line in self.families["excluded"]:
            yield self._excluded(line)

    def _memos(self) -> Iterator[Fact]:
        between = Intercompany(self.transactions)
        for component in ("cost", "unassigned", "overhead", "equipment_pool"):
            lines = self.families["job_cost" if component == "cost" else component]
            yield from between.facts("cost" if component == "unassigned" else component, lines)
        billed = (line for line in self.families["billing"] if line["record_id"] not in self.billing.repeated)
        yield from between.facts("billing", billed, credit=True)

    def _excluded(self, line: Row) -> Fact:
        why = self._why_not(line)
        return Fact(
            measure="none",
            rule="D1",
            reason=why,
            state="held" if why.startswith(HELD) else "excluded",
            amount=line["amount"],
            on=line["transaction_on"],
            evidence=_evidence(line),
        )

    def findings(self) -> Iterator[Finding]:
        for line in self.families["excluded"]:
            yield from self._uncountable(line)
        foreign = [line for line in self.families["excluded"] if self._foreign(line) and _posts(line)]
        yield from foreign_findings(self.book, foreign)
        yield from overhead_findings(self.book, self.chart, self.families)
        yield from self._internal.findings()
        yield from allocation_findings(self.book, self._facts)
        countable = [line for lines in self.transactions.of_record.values() for line in lines]
        yield from allocation_doubts(self.chart, countable)
        today = self._as_of or max((line["transaction_on"] for line in countable), default=None)
        spent = (*self.job_cost, *self.families["unassigned"], *self.families["overhead"])
        yield from accrual_findings(self.book, self.chart, spent, today=today)
        yield from self.billing.findings()
        yield from balance_findings(self._facts)
        yield from job_cash_findings(self._facts)

    def _uncountable(self, line: Row) -> Iterator[Finding]:
        """Lines without an account."""
        if self._why_not(line).startswith("its account"):
            yield Finding(
                kind="line without account",
                sentence=(
                    f"quickbooks: line {line['line_key']} of {line['record_id']} has no account or amount "
                    "that can be resolved"
                ),
                way_out="Give its item an account in QuickBooks",
                records=(line["record_id"],),
                project=self.book.project(line["job_record_id"]),
                amount=line["amount"],
                grade="C",
            )


def _posts(line: Row) -> bool:
    return bool(line["posting"]) and not line["presentation"] and not line["voided"] and line["amount"] is not None


def trial_balance(accounting_lines: Iterable[Row]) -> dict[str, Decimal]:
    """Debits less credits per account over all posting lines: what QuickBooks would print for them."""
    sums: dict[str, Decimal] = {}
    for line in accounting_lines:
        if line["posting"] and not line["presentation"] and line["amount"] is not None and line["account_record_id"]:
            sums[line["account_record_id"]] = sums.get(line["account_record_id"], Decimal(0)) + line["amount"]
    return sums


def _evidence(line: Row) -> tuple[Cite, ...]:
    if line["amount_at"]:
        return (line_cite(line),)
    return (Cite(line["record_id"], f"#{line['line_key']}", "support"),)
