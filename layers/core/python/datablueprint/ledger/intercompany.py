"""What one company of the tenant charges another is cost of the job, but not of the group (D13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from datablueprint.ledger.book import Book, Fact, Finding, Row
from datablueprint.ledger.transactions import Transactions


class Intercompany:
    """The lines of one book whose other party is an entity of the same tenant."""

    def __init__(self, transactions: Transactions) -> None:
        self.book, self.transactions = transactions.book, transactions
        self.parties = {name.casefold() for name in self.book.policy.intercompany_parties}
        self._customers = {p["record_id"]: p for p in self.book.read["projects"]}

    def unposted(self, facts: Iterable[Fact]) -> Iterator[Fact]:
        """The memo of each counted cost fact that Procore approved and QuickBooks has not posted yet."""
        for fact in facts if self.parties else ():
            if (fact.basis, fact.state) == ("approved_not_posted", "counted") and (name := self._vendor(fact.party)):
                reason = f"cost with {name}, a company of the same tenant: removed where jobs are added up"
                memo = replace(fact, measure="intercompany", rule="D13", reason=reason, component="cost")
                yield replace(memo, basis="posted", subject=fact.evidence[0].record_id)

    def _vendor(self, party: str | None) -> str | None:
        """One of the names that the systems have for a vendor."""
        rows = (row for row in self.book.read["vendors"] if party and self.book.party(row["record_id"]) == party)
        return next((row["name"] for row in rows if (row["name"] or "").casefold() in self.parties), None)

    def facts(self, component: str, lines: Iterable[Row], *, credit: bool = False) -> Iterator[Fact]:
        """A memo `intercompany` per line of `component` (cost, billing, overhead): the line's own fact stays counted.

        A portfolio total is the sum of the component less its memos; a job's own
        figures ignore them.
        """
        for line in lines if self.parties else ():
            if name := self._party(line):
                reason = f"{component} with {name}, a company of the same tenant: removed where jobs are added up"
                memo = self.transactions.fact(line, measure="intercompany", rule="D13", reason=reason, credit=credit)
                yield replace(memo, component=component)

    def _party(self, line: Row) -> str | None:
        """The party, its entity, or the customer that the job belongs to."""
        job = self._customers.get(line["job_record_id"], {})
        party = self.book.entity_name.get(self.book.party(line["party_record_id"]) or "")
        names = [line["party_name"], party, job.get("name"), job.get("parent_name")]
        return next((name for name in names if name and name.casefold() in self.parties), None)


def _systems(facts: Iterable[Fact]) -> str:
    return " and ".join(sorted({(fact.subject or "quickbooks").split(":")[0] for fact in facts}))


def intercompany_findings(book: Book, facts: Iterable[Fact]) -> Iterator[Finding]:
    """Per job and kind of money: how much of it a portfolio total leaves out."""
    sums: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.measure == "intercompany":
            sums[fact.leaf.project or "", fact.component or ""].append(fact)
    for (project, component), found in sorted(sums.items()):
        amount = sum((fact.amount or Decimal(0) for fact in found), Decimal(0))
        yield Finding(
            kind=f"intercompany {component}",
            sentence=(
                f"{_systems(found)}: {amount:,.2f} of {component} on {book.name(project or None)} is between "
                "companies of the tenant; it counts on the job and is left out of portfolio totals"
            ),
            way_out="Nothing to do; the parties are those of intercompany_parties in the settings",
            records=tuple(sorted({fact.subject or "" for fact in found})),
            project=project or None,
            amount=amount,
            level="info",
        )
