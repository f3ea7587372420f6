"""Time that no pay run has paid is a cost while a pay run may still come for it, and never beside a journal (D7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from datablueprint.ledger.book import Fact, Finding, Row, cite
from datablueprint.ledger.labor.journal import PayrollJournal
from datablueprint.ledger.labor.paydays import LATE_JOURNAL
from datablueprint.ledger.labor.register import Register, Stub, check_day
from datablueprint.ledger.labor.timecards import Timecards, priced_at

STILL_PAYABLE = timedelta(days=45)
"""So old may time be that neither register nor journal has paid, before someone has to say what became of it."""
TOO_OLD = "older than a pay run could still pay"


@dataclass(frozen=True)
class _Open:
    """An entry that no pay run covers, the stub that gives its rate, and why it does not count (None: it does)."""

    entry: Row
    employee: str
    stub: Stub | None
    held: str | None


class Unpaid:
    """To be asked after every stub has covered its timecards."""

    def __init__(self, time: Timecards, register: Register, journal: PayrollJournal, *, as_of: date | None) -> None:
        self.time, self.register, self.journal = time, register, journal
        newest = (entries[-1]["worked_on"] for entries in time.of.values() if entries)
        self._today = as_of or max((*newest, *self.register.days), default=date.min)

    def facts(self) -> Iterator[Fact]:
        """Accruals at the person's newest burdened rate, and what is held instead."""
        yield from (self._fact(found) for found in self._open())

    def _open(self) -> Iterator[_Open]:
        newest = {s.employee: s for s in self.register.stubs if s.gives_rate}
        for employee, entries in sorted(self.time.of.items()):
            stub = newest.get(employee)
            for entry in entries:
                if entry["record_id"] not in self.time.covered:
                    why = self._why_held(entry["worked_on"], stub) if stub else "no pay run gives a rate"
                    yield _Open(entry, employee, stub, why)

    def _why_held(self, day: date, stub: Stub) -> str | None:
        """Days after the person's newest pay run wait for the next one; earlier ones should have been paid."""
        first, last = stub.run["period_start"], stub.run["period_end"]
        lag = check_day(stub.run) - last
        if day > last:
            until, since = day + lag, day + lag + (last - first)
            paid = any(until <= journal <= since for journal in self.journal.counted_days)
            if paid:
                return "a payroll journal without a register holds its payday"
            return TOO_OLD if day in self.register.days and self._is_old(day) else None
        if day in self.register.days:
            return "the pay run of its day does not pay it"
        latest = day + (last - first) + lag + LATE_JOURNAL
        if any(day <= journal <= latest for journal in self.journal.own_days):
            return "a payroll journal from before the register covers its day"
        return TOO_OLD if self._is_old(day) else None

    def _is_old(self, day: date) -> bool:
        return day < self._today - STILL_PAYABLE

    def _fact(self, found: _Open) -> Fact:
        entry, priced = found.entry, found.stub if not found.held else None
        return Fact(
            measure="cost",
            rule="D7",
            reason="time not yet in payroll" + (f"; {found.held}" if found.held else ""),
            state="held" if found.held else "counted",
            leaf=self.time.leaf(entry),
            amount=priced_at(priced)(entry) if priced else None,
            hours=entry["hours"],
            on=entry["worked_on"],
            worked_on=entry["worked_on"],
            basis="unprocessed_time",
            party=found.employee,
            evidence=(cite(entry, "hours", role="weight"), *(priced.rate_cites() if priced else ())),
        )

    def findings(self) -> Iterator[Finding]:
        """Hours that have no rate, and hours that a pay run should have paid."""
        unrated: dict[tuple[str, str], list[Row]] = defaultdict(list)
        unpaid: dict[str, list[_Open]] = defaultdict(list)
        for found in self._open():
            project = self.time.book.project(found.entry["project_record_id"]) or ""
            if found.stub is None:
                unrated[found.employee, project].append(found.entry)
            elif found.held:
                unpaid[project].append(found)
        in_register = {stub.employee for stub in self.register.stubs}
        for (employee, project), entries in unrated.items():
            yield _without_rate(project, entries, salaried=employee in in_register)
        for project, held in sorted(unpaid.items()):
            yield _in_no_run(project, held)


def _without_rate(project: str, entries: list[Row], *, salaried: bool) -> Finding:
    person, hours = entries[0]["person_name"], sum((e["hours"] for e in entries), Decimal(0))
    if salaried:
        sentence = f"procore: {hours} hours of {person} wait for a pay run, and no pay run with hours gives them a rate"
        way_out = "Wait for the pay run of these days; a salary has a rate once it has paid days with timecards"
    else:
        sentence = f"procore: {hours} hours of {person} are in no pay run and have no rate"
        way_out = "Link the person to a payroll employee, or load the missing pay run"
    return Finding(
        kind="hours without a rate",
        sentence=sentence,
        way_out=way_out,
        records=tuple(e["record_id"] for e in entries),
        project=project,
        grade="C",
    )


def _in_no_run(project: str, held: list[_Open]) -> Finding:
    entries = [found.entry for found in held]
    days, names = sorted(e["worked_on"] for e in entries), sorted({e["person_name"] or "" for e in entries})
    who = names[0] if len(names) == 1 else f"{len(names)} people"
    hours = sum((e["hours"] for e in entries), Decimal(0))
    why = "; ".join(sorted({found.held or "" for found in held}))
    return Finding(
        kind="time in no pay run",
        sentence=f"procore: {hours} hours of {who} ({days[0]} to {days[-1]}) are in no pay run and not counted: {why}",
        way_out="Load the pay runs of these days; without them their cost is what the payroll journal puts on jobs",
        records=tuple(sorted(e["record_id"] for e in entries)),
        project=project,
        grade="C",
    )
