"""The ledger: one fact per economic event, each naming its records; what is not counted says which rule excluded it.

In: conformed tables and identities. Out: `facts`, `coverage`, `findings`, `tieouts`, `sync_states`. It
never computes a ratio or a forecast and never drops a record silently.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from datablueprint import tables
from datablueprint.ledger.book import Book, Fact, Finding
from datablueprint.ledger.books import Books, trial_balance
from datablueprint.ledger.budget import budget_facts, forecast_facts, plan_facts
from datablueprint.ledger.cash import payroll_cash_facts
from datablueprint.ledger.codes import code_findings
from datablueprint.ledger.commitments import (
    commitment_change_facts,
    commitment_facts,
    commitment_findings,
    terminated_facts,
)
from datablueprint.ledger.contracts import change_order_facts, contract_facts, contract_findings
from datablueprint.ledger.costs import Costs
from datablueprint.ledger.coverage import coverage
from datablueprint.ledger.dates import later_findings
from datablueprint.ledger.identity import identity_findings, reject_findings
from datablueprint.ledger.intercompany import Intercompany, intercompany_findings
from datablueprint.ledger.payroll import Payroll
from datablueprint.ledger.sync import sync_states
from datablueprint.ledger.tieouts import failures, tieouts
from datablueprint.ledger.trial import trial_tieouts
from datablueprint.settings import Policy

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["post", "trial_balance"]


def post(
    conformed: Mapping[str, pa.Table],
    graph: Mapping[str, pa.Table],
    policy: Policy,
    *,
    currency: str = "USD",
    as_of: date | None = None,
) -> dict[str, pa.Table]:
    """The tables the ledger writes of one snapshot, in the tenant's `currency`.

    `as_of` is the day the snapshot speaks of.
    """
    book = Book.open(conformed, graph, policy, currency=currency)
    books = Books(book, as_of=as_of)
    costs = Costs(book, books.job_cost)
    payroll = Payroll(book, books.payroll, as_of=as_of)
    facts = list(_facts(book, books, costs, payroll))
    ties = [*tieouts(book, costs, facts), *trial_tieouts(book)]
    told = (
        *_findings(book, books, costs, payroll, facts),
        *code_findings(book, facts),
        *later_findings(facts, as_of),
        *failures(ties),
    )
    findings = {row["finding_id"]: row for row in (finding.row() for finding in told)}
    return {
        "facts": tables.build("facts", (fact.row() for fact in facts)),
        "coverage": tables.build("coverage", coverage(facts)),
        "findings": tables.build("findings", findings.values()),
        "tieouts": tables.build("tieouts", (*(tie.row() for tie in ties), *payroll.tieouts())),
        "sync_states": tables.build("sync_states", sync_states(book, costs, facts)),
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
    spent = list(costs.facts())
    yield from spent
    yield from Intercompany(books.transactions).unposted(spent)
    paid = list(payroll.facts())
    yield from paid
    yield from payroll_cash_facts(book, paid)
    yield from books.facts()


def _findings(book: Book, books: Books, costs: Costs, payroll: Payroll, facts: list[Fact]) -> Iterator[Finding]:
    yield from contract_findings(book)
    yield from commitment_findings(book)
    yield from costs.findings()
    yield from payroll.findings(facts)
    yield from books.findings()
    yield from intercompany_findings(book, facts)
    yield from identity_findings(book, facts)
    yield from reject_findings(book)
