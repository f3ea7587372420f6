"""Every QuickBooks line has a place in the ledger or a rule that excluded it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from datablueprint.ledger.book import NOWHERE, UNCODED, Book, Cite, Fact, Finding, Leaf, Row
from datablueprint.ledger.costs import COST_OF_GOODS, line_cite
from datablueprint.ledger.payroll import is_payroll

HELD = ("its account", "in ")
"""Reasons that wait for a person rather than settle the matter."""


class Books:
    """The accounting lines sorted into what each rule family takes."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.accounts = book.by_id["accounts"]
        self.payroll: list[Row] = []
        self.job_cost: list[Row] = []
        self.other: list[tuple[Row, str]] = []
        for line in book.read["accounting_lines"]:
            self._sort(line)

    def _sort(self, line: Row) -> None:
        account = self.accounts.get(line["account_record_id"])
        if self._cannot_count(line) or account is None:
            self.other.append((line, self._why_not(line)))
        elif account["classification"] != "Expense":
            self.other.append((line, account["classification"]))
        elif is_payroll(account, line["entity"], self.book.policy.payroll_accounts):
            self.payroll.append(line)
        elif line["job_record_id"]:
            self.job_cost.append(line)
        else:
            self.other.append((line, account["classification"]))

    def _cannot_count(self, line: Row) -> bool:
        silent = line["presentation"] or not line["posting"] or line["voided"]
        return silent or line["amount"] is None or self._foreign(line)

    def _foreign(self, line: Row) -> bool:
        return bool(line["currency"] and line["currency"] != self.book.currency)

    def _why_not(self, line: Row) -> str:
        if line["presentation"]:
            return "presentation line"
        if line["voided"]:
            return "voided"
        if not line["posting"]:
            return f"{line['entity']} posts nothing"
        if self._foreign(line):
            return f"in {line['currency']}: currencies are never added"
        return "its account or amount cannot be resolved"

    def facts(self) -> Iterator[Fact]:
        """Revenue, overhead, unassigned direct cost, and every line that only moves money between accounts."""
        for line, why in self.other:
            account = self.accounts.get(line["account_record_id"])
            if why == "Expense" and account is not None:
                yield self._without_job(line, account)
            elif why == "Revenue":
                yield self._billing(line)
            else:
                yield self._excluded(line, why)

    def _without_job(self, line: Row, account: Row) -> Fact:
        direct = account["account_type"] == COST_OF_GOODS
        return Fact(
            measure="cost" if direct else "overhead",
            rule="D1",
            reason="direct cost without a job" if direct else f"{account['name']} without a job",
            leaf=Leaf(None, UNCODED, None) if direct else NOWHERE,
            amount=line["amount"],
            on=line["transaction_on"],
            party=self.book.party(line["party_record_id"]),
            evidence=_evidence(line),
        )

    def _billing(self, line: Row) -> Fact:
        return Fact(
            measure="billing",
            rule="D11",
            reason=f"revenue line of {line['entity']}, retainage included, tax excluded",
            leaf=Leaf(self.book.project(line["job_record_id"]), None, None),
            amount=-line["amount"],
            on=line["transaction_on"],
            party=self.book.party(line["party_record_id"]),
            evidence=tuple(c._replace(role="less" if c.role == "amount" else "amount") for c in _evidence(line)),
        )

    def _excluded(self, line: Row, why: str) -> Fact:
        moves = why in ("Asset", "Liability", "Equity")
        return Fact(
            measure="none",
            rule="D1",
            reason=f"moves money on a {why.lower()} account" if moves else why,
            state="held" if why.startswith(HELD) else "excluded",
            amount=line["amount"],
            on=line["transaction_on"],
            evidence=_evidence(line),
        )

    def findings(self) -> Iterator[Finding]:
        for line, why in self.other:
            account = self.accounts.get(line["account_record_id"])
            if self._foreign(line) and line["posting"] and line["job_record_id"]:
                yield Finding(
                    kind="second currency",
                    sentence=f"quickbooks: {line['record_id']} is in {line['currency']}; it is not in the job's cost",
                    way_out=f"Enter it in {self.book.currency}, or read the job per currency",
                    records=(line["record_id"],),
                    project=self.book.project(line["job_record_id"]),
                    amount=line["amount"],
                    grade="C",
                )
            if why.startswith("its account"):
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
            elif (
                why == "Expense" and account is not None and account["account_type"] == COST_OF_GOODS and line["amount"]
            ):
                yield Finding(
                    kind="direct cost without a job",
                    sentence=(
                        f"quickbooks: {line['amount']:,.2f} on {account['name']} of {line['transaction_on']} "
                        f"({line['record_id']}) names no job"
                    ),
                    way_out="Set the customer or project on the line in QuickBooks",
                    records=(line["record_id"],),
                    amount=line["amount"],
                )


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
