"""A transaction belongs to the jobs its lines name; what pays it belongs to the same jobs, in the same proportion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from datablueprint.ledger.book import NOWHERE, Book, Cite, Fact, Leaf, Row, grouped, spread
from datablueprint.ledger.chart import Chart

SETTLED = frozenset({"cash", "receivable", "payable"})
"""Sides of a transaction that take their job from its other lines."""
PROFIT_AND_LOSS = frozenset({"Revenue", "Expense"})


class Home(NamedTuple):
    """A line that says which job (None: no job) a transaction is for, and for how much."""

    project: str | None
    weight: Decimal
    cites: tuple[Cite, ...]


class Transactions:
    """The countable lines of QuickBooks per record: which jobs a record names, and how each side re-adds."""

    def __init__(self, book: Book, chart: Chart, lines: Iterable[Row]) -> None:
        self.book, self.chart = book, chart
        self.of_record: dict[str, list[Row]] = grouped(lines, "record_id")
        self._homes: dict[tuple[str, ...], tuple[Home, ...]] = {}

    def homes(self, records: Iterable[str]) -> tuple[Home, ...]:
        """The lines that place these records; empty when none of them names a job."""
        key = tuple(records)
        if key not in self._homes:
            lines = [line for record in key for line in self.of_record.get(record, ())]
            self._homes[key] = tuple(self._home(line) for line in self._placing(lines))
        return self._homes[key]

    def _placing(self, lines: list[Row]) -> list[Row]:
        """Cost and revenue lines if one has a job: retainage is withheld from each of them alike. Else what has one."""
        spent = [line for line in lines if self.chart.role(line) not in SETTLED]
        open_items = [line for line in lines if self.chart.role(line) in ("receivable", "payable")]
        earned = [line for line in spent if self._earns_or_costs(line)]
        for part in (earned, spent, open_items):
            if any(line["job_record_id"] for line in part):
                return [line for line in part if line["amount"] and (line["job_record_id"] or part is earned)]
        return []

    def _earns_or_costs(self, line: Row) -> bool:
        account = self.chart.account(line)
        return account is not None and account["classification"] in PROFIT_AND_LOSS

    def _home(self, line: Row) -> Home:
        cited = Cite(line["record_id"], line["amount_at"] or "", "weight" if line["amount_sign"] > 0 else "less_weight")
        return Home(self.book.project(line["job_record_id"]), line["amount"], (cited,))

    def evidence(self, line: Row, *, credit: bool = False) -> tuple[Cite, ...]:
        """Where the line's amount stands; a side no field holds is the other sides of its record, turned.

        `credit` cites the amount with its sign turned: liabilities and revenue.
        """
        if line["amount_at"]:
            return (_cited(line, turned=credit),)
        marked = Cite(line["record_id"], f"#{line['line_key']}", "support")
        others = [o for o in self.of_record.get(line["record_id"], ()) if o["line_key"] != line["line_key"]]
        whole = all(o["amount_at"] for o in others) and sum((o["amount"] for o in others), line["amount"] or 0) == 0
        return (marked, *(_cited(o, turned=not credit) for o in others if whole and o["amount"]))

    def fact(self, line: Row, *, measure: str, rule: str, reason: str, credit: bool = False) -> Fact:
        """One line as a fact on the line's own job; `credit` turns its sign."""
        return Fact(
            measure=measure,
            rule=rule,
            reason=reason,
            leaf=Leaf(self.book.project(line["job_record_id"]), None, None) if line["job_record_id"] else NOWHERE,
            amount=-line["amount"] if credit else line["amount"],
            on=line["transaction_on"],
            party=self.book.party(line["party_record_id"]),
            subject=line["record_id"],
            evidence=self.evidence(line, credit=credit),
        )

    def placed(self, whole: Fact, records: Iterable[str], *, pool: str) -> Iterator[Fact]:
        """`whole` on the jobs that `records` name: one fact for one job, else a pool pro rata by line."""
        homes = self.homes(records)
        projects = {home.project for home in homes}
        if len(projects) > 1 and whole.amount and sum(home.weight for home in homes):
            parts = spread(whole.amount, [home.weight for home in homes])
            for home, part in zip(homes, parts, strict=True):
                yield replace(
                    whole,
                    leaf=Leaf(home.project, None, None) if home.project else NOWHERE,
                    amount=part,
                    evidence=(*whole.evidence, *home.cites),
                    pool=pool,
                )
        elif len(projects) == 1:
            yield replace(whole, leaf=Leaf(projects.pop(), None, None))
        else:
            yield whole


def _cited(line: Row, *, turned: bool) -> Cite:
    positive = (line["amount_sign"] > 0) is not turned
    return Cite(line["record_id"], line["amount_at"] or "", "amount" if positive else "less")
