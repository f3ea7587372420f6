"""The ledger: one fact per economic event, each naming its records; what is not counted says which rule excluded it.

In: conformed tables and identities. Out: `facts`, `coverage`, `findings`. It
never computes a ratio or a forecast and never drops a record silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from datablueprint import tables
from datablueprint.ledger.book import Book, Fact, Finding
from datablueprint.ledger.books import Books, trial_balance
from datablueprint.ledger.budget import budget_facts, forecast_facts, plan_facts
from datablueprint.ledger.commitments import (
    commitment_change_facts,
    commitment_facts,
    commitment_findings,
    terminated_facts,
)
from datablueprint.ledger.contracts import change_order_facts, contract_facts, contract_findings
from datablueprint.ledger.costs import Costs
from datablueprint.ledger.coverage import coverage
from datablueprint.ledger.identity import identity_findings, reject_findings
from datablueprint.ledger.payroll import Payroll
from datablueprint.settings import Policy

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["post", "trial_balance"]


def post(
    conformed: Mapping[str, pa.Table], graph: Mapping[str, pa.Table], policy: Policy, *, currency: str = "USD"
) -> dict[str, pa.Table]:
    """The tables `facts`, `coverage` and `findings` of one snapshot, in the tenant's `currency`."""
    book = Book.open(conformed, graph, policy, currency=currency)
    books = Books(book)
    costs = Costs(book, books.job_cost)
    payroll = Payroll(book, books.payroll)
    facts = list(_facts(book, books, costs, payroll))
    findings = {row["finding_id"]: row for row in (f.row() for f in _findings(book, books, costs, payroll))}
    return {
        "facts": tables.build("facts", (fact.row() for fact in facts)),
        "coverage": tables.build("coverage", coverage(facts)),
        "findings": tables.build("findings", findings.values()),
    }


def _facts(book: Book, books: Books, costs: Costs, payroll: Payroll) -> Iterator[Fact]:
    yield from contract_facts(book)
    yield from change_order_facts(book)
    yield from budget_facts(book)
    yield from forecast_facts(book)
    yield from plan_facts(book)
    yield from commitment_facts(book)
    yield from terminated_facts(book)
    yield from commitment_change_facts(book)
    yield from costs.facts()
    yield from payroll.facts()
    yield from books.facts()


def _findings(book: Book, books: Books, costs: Costs, payroll: Payroll) -> Iterator[Finding]:
    yield from contract_findings(book)
    yield from commitment_findings(book)
    yield from costs.findings()
    yield from payroll.findings()
    yield from books.findings()
    yield from identity_findings(book)
    yield from reject_findings(book)
