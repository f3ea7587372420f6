"""Time counts from the day it was worked: as an accrual until its pay run's own cost is dated, never beside it (D7)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from datablueprint.ledger.book import UNCODED, Book, Cite, Fact, Finding, Leaf, Row, cite, mirrors
from datablueprint.ledger.burden import cents
from datablueprint.ledger.labor.register import Stub

Priced = tuple[Row, Decimal]
"""A time entry and what it costs."""
ACCRUAL = "payroll_accrual"
"""Measure of time that a pay run has paid since: from the day worked to the run's own day, zero in sum after it."""


class Timecards:
    """Approved time per person in order of days; `covered` are the entries that a pay run has paid."""

    def __init__(self, book: Book) -> None:
        self.book = book
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
        """Mark what a stub pays; a bonus or correction pays no hours, or hours that are paid already."""
        records = {e["record_id"] for e in entries}
        stub.states_hours = stub.worked_hours > 0 and not self.covered & records
        if stub.worked_hours > 0:
            self.covered |= records

    def leaf(self, entry: Row) -> Leaf:
        project = self.book.project(entry["project_record_id"])
        return Leaf(project, entry["cost_code"] or UNCODED, entry["cost_type"] or "L")

    def before_payday(self, stub: Stub, entries: list[Row]) -> Iterator[Fact]:
        """Accruals of days before the run's cost is dated, and on that day their reversal, per leaf.

        They make an earlier day's cost whole. On the run's day and after it they
        sum to zero per leaf, in dollars and hours; they are a measure of their
        own, so that cost by week or month is what was posted.
        """
        if not stub.states_hours:
            return
        price = _price(stub)
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

    def unpaid(self, stubs: Iterable[Stub]) -> Iterator[Fact]:
        """Time that is in no pay run, at the employee's newest burdened rate."""
        newest = {s.employee: s for s in stubs if s.worked_hours > 0}
        for employee, entries in sorted(self.of.items()):
            for entry in entries:
                if entry["record_id"] not in self.covered:
                    yield self._accrual(entry, employee, newest.get(employee))

    def _accrual(self, entry: Row, employee: str, stub: Stub | None) -> Fact:
        return Fact(
            measure="cost",
            rule="D7",
            reason="time not yet in payroll" + ("" if stub else "; no pay run gives a rate"),
            state="counted" if stub else "held",
            leaf=self.leaf(entry),
            amount=_price(stub)(entry) if stub else None,
            hours=entry["hours"],
            on=entry["worked_on"],
            worked_on=entry["worked_on"],
            basis="unprocessed_time",
            party=employee,
            evidence=(cite(entry, "hours", role="weight"), *(stub.rate_cites() if stub else ())),
        )

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

    def findings(self, stubs: list[Stub]) -> Iterator[Finding]:
        """Hours that have no rate."""
        paid = {s.employee for s in stubs if s.worked_hours}
        for employee, entries in self.of.items():
            open_entries = [e for e in entries if e["record_id"] not in self.covered]
            if not open_entries or employee in paid:
                continue
            hours = sum((e["hours"] for e in open_entries), Decimal(0))
            person = open_entries[0]["person_name"]
            for project in sorted({self.book.project(e["project_record_id"]) or "" for e in open_entries}):
                yield Finding(
                    kind="hours without a rate",
                    sentence=f"procore: {hours} hours of {person} are in no pay run and have no rate",
                    way_out="Link the person to a payroll employee, or load the missing pay run",
                    records=tuple(e["record_id"] for e in open_entries),
                    project=project,
                    grade="C",
                )


def _price(stub: Stub) -> Callable[[Row], Decimal]:
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
