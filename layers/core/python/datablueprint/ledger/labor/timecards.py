"""Time counts from the day it was worked: as an accrual until its pay run's own cost is dated, never beside it (D7)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from datablueprint.ledger.book import UNCODED, Book, Cite, Fact, Leaf, Row, cite, mirrors
from datablueprint.ledger.burden import cents
from datablueprint.ledger.labor.register import Stub

Priced = tuple[Row, Decimal]
"""A time entry and what it costs."""
ACCRUAL = "payroll_accrual"
"""Measure of time that a pay run has paid since: from the day worked to the run's own day, zero in sum after it."""
QUARTER = timedelta(days=92)


class Timecards:
    """Approved time per person in order of days; `covered` are the entries that a pay run has paid."""

    def __init__(self, book: Book, *, as_of: date | None = None) -> None:
        """`as_of` is the day the snapshot speaks of; without it every accrual is kept."""
        self.book, self._as_of = book, as_of
        self.refused = [e for e in book.read["time_entries"] if e["status"] == "rejected"]
        self.of: dict[str, list[Row]] = defaultdict(list)
        for entry in sorted(book.read["time_entries"], key=lambda e: e["worked_on"]):
            if entry["hours"] and entry["status"] != "rejected":
                self.of[book.party(entry["person_record_id"]) or ""].append(entry)
        self._days = {person: [e["worked_on"] for e in entries] for person, entries in self.of.items()}
        self.covered: set[str] = set()

    def within(self, stub: Stub) -> list[Row]:
        """The stub's employee's time of its period."""
        days = self._days.get(stub.employee, [])
        first, last = bisect_left(days, stub.run["period_start"]), bisect_right(days, stub.run["period_end"])
        return self.of[stub.employee][first:last] if days else []

    def cover(self, stub: Stub, entries: list[Row]) -> None:
        """Mark what a stub pays: a salary pays the hours of its timecards, a reversal leaves its days unpaid again.

        A bonus or correction pays no hours, or hours that are paid already.
        """
        records = {e["record_id"] for e in entries}
        if stub.reverses:
            stub.states_hours = stub.reverses.states_hours
            self.covered -= records if stub.states_hours else set()
            return
        fresh = not self.covered & records
        if stub.is_salary and fresh:
            stub.time = entries
        stub.states_hours = (stub.worked_hours > 0 and fresh) or (stub.worked_hours < 0 and stub.names_jobs)
        if stub.worked_hours > 0:
            self.covered |= records

    def leaf(self, entry: Row) -> Leaf:
        project = self.book.project(entry["project_record_id"])
        return Leaf(project, entry["cost_code"] or UNCODED, entry["cost_type"] or "L")

    def before_payday(self, stub: Stub, entries: list[Row]) -> Iterator[Fact]:
        """Accruals of days before the run's cost is dated, and on that day their reversal, per leaf.

        They make an earlier day's cost whole. On the run's day and after it they
        sum to zero per leaf, in dollars and hours; they are a measure of their
        own, so that cost by week or month is what was posted. They are kept where
        a report asks for such a day: for runs dated in the 92 days before the
        snapshot's day, and for periods that span the end of a month. Other days
        inside older periods lack the time worked since the period began.
        """
        if not stub.gives_rate or not self._is_asked_for(stub.run):
            return
        price = priced_at(stub)
        by_leaf: dict[Leaf, list[Priced]] = defaultdict(list)
        for entry in entries:
            if entry["worked_on"] < stub.run["period_end"]:
                by_leaf[self.leaf(entry)].append((entry, price(entry)))
        rate = stub.rate_cites()
        for leaf, held in by_leaf.items():
            reversal = _reversal(stub, leaf, held, rate)
            yield reversal
            base = reversal.fact_id()
            yield from (_early(stub, leaf, entry, amount, base) for entry, amount in held)

    def _is_asked_for(self, run: Row) -> bool:
        first, last = run["period_start"], run["period_end"]
        spans_month_end = (first.year, first.month) != (last.year, last.month)
        return self._as_of is None or spans_month_end or last > self._as_of - QUARTER

    def rejected(self) -> Iterator[Fact]:
        for entry in self.refused:
            yield Fact(
                measure="cost",
                rule="D7",
                reason="its status is rejected",
                state="excluded",
                hours=entry["hours"],
                on=entry["worked_on"],
                party=self.book.party(entry["person_record_id"]),
                evidence=mirrors([entry["record_id"]]),
            )


def priced_at(stub: Stub) -> Callable[[Row], Decimal]:
    """What an entry costs at the stub's burdened rate."""
    cost, worked = stub.cost, stub.worked_hours

    def priced(entry: Row) -> Decimal:
        hours: Decimal = entry["hours"]
        return cents(hours * cost / worked)

    return priced


def _early(stub: Stub, leaf: Leaf, entry: Row, amount: Decimal, base: str) -> Fact:
    return Fact(
        measure=ACCRUAL,
        rule="D7",
        reason="time that its pay run had not yet paid",
        leaf=leaf,
        amount=amount,
        hours=entry["hours"],
        on=entry["worked_on"],
        worked_on=entry["worked_on"],
        basis="unprocessed_time",
        party=stub.employee,
        subject=stub.run["record_id"],
        base=base,
        evidence=(cite(entry, "hours", role="weight"),),
    )


def _reversal(stub: Stub, leaf: Leaf, held: list[Priced], rate: tuple[Cite, ...]) -> Fact:
    """Takes back the accruals of one leaf; it also holds the evidence of their rate."""
    hours = tuple(cite(entry, "hours", role="less_weight") for entry, _ in held)
    return Fact(
        measure=ACCRUAL,
        rule="D7",
        reason="accrued time is paid: the pay run takes its place",
        leaf=leaf,
        amount=-sum((amount for _, amount in held), Decimal(0)),
        hours=-sum((entry["hours"] for entry, _ in held), Decimal(0)),
        on=stub.run["period_end"],
        basis="unprocessed_time",
        party=stub.employee,
        subject=stub.run["record_id"],
        evidence=(*hours, *rate),
    )
