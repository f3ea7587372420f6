"""Labor is what the payroll register paid, on the jobs that time records name, and burden by rate (D6, D7, D8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from datablueprint.ledger.book import UNCODED, Book, Cite, Fact, Finding, Leaf, Role, Row, cite, mirrors, spread
from datablueprint.ledger.labor.applied import AppliedBurden
from datablueprint.ledger.labor.checks import burden_findings
from datablueprint.ledger.labor.doubts import copy_facts, copy_findings, correction_findings, unknown_job_findings
from datablueprint.ledger.labor.journal import PayrollJournal, is_payroll
from datablueprint.ledger.labor.register import (
    DOUBLE_TIME,
    OVERTIME,
    Register,
    Stub,
    hours_at,
    premium_pay,
    total,
)
from datablueprint.ledger.labor.timecards import Timecards
from datablueprint.ledger.labor.unpaid import Unpaid

__all__ = ["Payroll", "is_payroll"]

UNASSIGNED = Leaf(None, None, "L")
TURNED: dict[str, Role] = {"weight": "less_weight", "less_weight": "weight"}


@dataclass
class Group:
    """The hours of a stub that belong on one leaf, with the records that say so."""

    hours: Decimal = Decimal(0)
    cites: tuple[Cite, ...] = ()
    wages: list[Row] = field(default_factory=list)

    def reversed(self, wages: list[Row]) -> Group:
        """The same hours taken back."""
        return Group(-self.hours, tuple(c._replace(role=TURNED[c.role]) for c in self.cites), wages)


Groups = dict[Leaf, Group]


class Payroll:
    """Labor facts of one book: register lines spread over time, time around them, and burden applied by rate."""

    def __init__(self, book: Book, journal: Iterable[Row], *, as_of: date | None = None) -> None:
        """`journal` are the accounting lines on payroll accounts; `as_of` is the day the snapshot speaks of."""
        self.book, self.as_of = book, as_of
        self.register = Register(book)
        self.time = Timecards(book, as_of=as_of)
        self.journal = PayrollJournal(book, journal, self.register)
        self.unpaid = Unpaid(self.time, self.register, self.journal, as_of=as_of)
        self.applied = AppliedBurden(book.policy.burden_rates)
        numbered = [p for p in book.read["projects"] if p["system"] == "procore" and p["number"]]
        self.numbers = {p["number"]: book.project(p["record_id"]) for p in numbered}
        paid_by_job = {s.employee for s in self.register.stubs if any(w["project_reference"] for w in s.wages)}
        self.field = {e for e in self.time.of if e} | paid_by_job

    def facts(self) -> Iterator[Fact]:
        for stub in self.register.stubs:
            yield from self._paid(stub)
        yield from copy_facts(self.register.copies)
        yield from self.unpaid.facts()
        yield from self.journal.facts()
        yield from self.time.rejected()

    def findings(self, facts: Iterable[Fact] = ()) -> Iterator[Finding]:
        """To be read after `facts()`; `facts` are those of the whole ledger, which hold the premiums paid."""
        yield from self.journal.findings(self.as_of)
        yield from self.unpaid.findings()
        yield from copy_findings(self.register.copies)
        yield from correction_findings(self.register.stubs)
        yield from unknown_job_findings(self._of_unknown_jobs())
        yield from self.applied.findings()
        yield from burden_findings(self.register.stubs, facts, self.book.policy)

    def tieouts(self) -> Iterator[Row]:
        """Rows of the table `tieouts`: T2 of every payday."""
        yield from self.journal.tieouts(self.as_of)

    def _paid(self, stub: Stub) -> Iterator[Fact]:
        entries = self.time.within(stub)
        self.time.cover(stub, entries)
        own = stub.names_jobs
        groups = self._groups(stub, entries) or {UNASSIGNED: Group()}
        ordered = sorted(groups, key=_order)
        wages = list(self._wages(stub, groups, ordered))
        yield from wages
        if own and entries and stub.gives_rate:
            yield self._time_mirror(stub, entries)
        premiums = list(self._premiums(stub, groups, ordered))
        yield from premiums
        yield from self._pooled(stub, "burden", stub.burden, groups, ordered)
        self._note_reach(stub, groups, ordered)
        for fact in wages:
            if fact.leaf.project and fact.measure == "cost":
                memos = [m for m in premiums if m.leaf == fact.leaf]
                yield from self.applied.facts(fact, memos, self.register.carried(stub))
        yield from self.time.before_payday(stub, entries)

    def _groups(self, stub: Stub, entries: list[Row]) -> Groups:
        """A full reversal takes its hours from where the stub that it reverses put them."""
        own = self._by_pay_lines(stub) if stub.names_jobs else {}
        if stub.reverses is None:
            return own or self._by_time(stub, entries)
        before = self._groups(stub.reverses, entries)
        wages = {leaf: own[leaf].wages if leaf in own else [] for leaf in before}
        return own | {leaf: group.reversed(wages[leaf]) for leaf, group in before.items()}

    def _by_time(self, stub: Stub, entries: list[Row]) -> Groups:
        groups: Groups = defaultdict(Group)
        for entry in entries:
            leaf = self.time.leaf(entry)
            groups[leaf].hours += entry["hours"]
            groups[leaf].cites += (cite(entry, "hours", role="weight"),)
        shop = stub.worked_hours - sum((g.hours for g in groups.values()), Decimal(0))
        if groups and shop > 0:
            register = tuple(Cite(w["record_id"], hours_at(w), "weight") for w in stub.wages if w["hours"])
            groups[UNASSIGNED].hours += shop
            groups[UNASSIGNED].cites += (*register, *(cite(e, "hours", role="less_weight") for e in entries))
        return dict(groups)

    def _by_pay_lines(self, stub: Stub) -> Groups:
        groups: Groups = defaultdict(Group)
        for line in stub.wages:
            project = self._named_project(line)
            leaf = Leaf(project, line["cost_code"] or UNCODED, line["cost_type"] or "L") if project else UNASSIGNED
            groups[leaf].wages.append(line)
            if line["hours"]:
                groups[leaf].hours += line["hours"]
                groups[leaf].cites += (Cite(line["record_id"], hours_at(line), "weight"),)
        return dict(groups)

    def _named_project(self, line: Row) -> str | None:
        """'24-017' and '24-017 Harbor Clinic' both name project 24-017."""
        reference = _reference(line)
        return self.numbers.get(reference) or self.numbers.get(reference.partition(" ")[0])

    def _of_unknown_jobs(self) -> dict[str, list[Row]]:
        lines = [w for stub in self.register.stubs for w in stub.wages if _reference(w) and not self._named_project(w)]
        unknown: dict[str, list[Row]] = defaultdict(list)
        for line in lines:
            unknown[_reference(line)].append(line)
        return unknown

    def _wages(self, stub: Stub, groups: Groups, ordered: list[Leaf]) -> Iterator[Fact]:
        if not stub.names_jobs:
            yield from self._pooled(stub, "wages", stub.wages, groups, ordered)
            return
        for leaf in ordered:
            if groups[leaf].wages:
                yield self._fact(
                    stub,
                    leaf,
                    "wages",
                    amount=total(groups[leaf].wages),
                    hours=groups[leaf].hours if stub.states_hours and not stub.time else None,
                    evidence=(*(cite(w) for w in groups[leaf].wages), *groups[leaf].cites),
                )

    def _premiums(self, stub: Stub, groups: Groups, ordered: list[Leaf]) -> Iterator[Fact]:
        """Memo of the overtime and double time pay within the wages, on the same leaves; it is no cost of its own."""
        for measure in (OVERTIME, DOUBLE_TIME):
            rows = [w for w in stub.wages if premium_pay(w) == measure and w["amount"]]
            if rows and not stub.names_jobs:
                yield from (_memo(f, measure) for f in self._pooled(stub, measure, rows, groups, ordered))
            for leaf in ordered if rows and stub.names_jobs else ():
                own = [w for w in groups[leaf].wages if premium_pay(w) == measure]
                if own:
                    evidence = tuple(cite(w) for w in own)
                    fact = self._fact(stub, leaf, measure, amount=total(own), hours=None, evidence=evidence)
                    yield _memo(fact, measure)

    def _pooled(self, stub: Stub, part: str, rows: list[Row], groups: Groups, ordered: list[Leaf]) -> Iterator[Fact]:
        """One pool over the groups in the ratio of hours; without hours all of it goes to the last group."""
        if not rows:
            return
        amounts = tuple(cite(r) for r in rows)
        for leaf, share in zip(ordered, spread(total(rows), _weights(groups, ordered)), strict=True):
            if not share and not groups[leaf].hours:
                continue
            yield self._fact(
                stub,
                leaf,
                part,
                amount=share,
                hours=groups[leaf].hours if part == "wages" and stub.states_hours else None,
                evidence=(*amounts, *groups[leaf].cites),
                pool=None if len(ordered) == 1 else f"{stub.pool}|{part}",
            )

    def _fact(
        self,
        stub: Stub,
        leaf: Leaf,
        part: str,
        *,
        amount: Decimal,
        hours: Decimal | None,
        evidence: tuple[Cite, ...],
        pool: str | None = None,
    ) -> Fact:
        return Fact(
            measure="overhead" if self._is_office(stub, leaf) else "cost",
            rule="D6",
            reason=f"{part} of the payroll register" + ("" if leaf.project else ", hours on no job"),
            leaf=leaf,
            amount=amount,
            hours=hours,
            on=stub.run["period_end"],
            basis="posted",
            party=stub.employee,
            component=part,
            evidence=evidence,
            pool=pool,
        )

    def _is_office(self, stub: Stub, leaf: Leaf) -> bool:
        return leaf.project is None and stub.employee not in self.field

    def _note_reach(self, stub: Stub, groups: Groups, ordered: list[Leaf]) -> None:
        """How much of the stub's burden reached jobs, for the leak test; the office's is overhead, not a leak."""
        if any(self._is_office(stub, leaf) for leaf in ordered):
            return
        weights = _weights(groups, ordered)
        on_jobs = sum((w for leaf, w in zip(ordered, weights, strict=True) if leaf.project), Decimal(0))
        stub.reach = on_jobs, sum(weights, Decimal(0))

    def _time_mirror(self, stub: Stub, entries: list[Row]) -> Fact:
        return Fact(
            measure="cost",
            rule="D6",
            reason="timecards of a period whose register carries the jobs itself",
            state="excluded",
            hours=sum((e["hours"] for e in entries), Decimal(0)),
            on=stub.run["period_end"],
            party=stub.employee,
            evidence=mirrors(e["record_id"] for e in entries),
        )


def _reference(line: Row) -> str:
    return (line["project_reference"] or "").strip()


def _memo(fact: Fact, measure: str) -> Fact:
    return replace(fact, measure=measure, component=None, reason=f"{measure.replace('_', ' ')} within the wages")


def _weights(groups: Groups, ordered: list[Leaf]) -> list[Decimal]:
    weights = [groups[leaf].hours for leaf in ordered]
    return weights if sum(weights) else [Decimal(leaf == ordered[-1]) for leaf in ordered]


def _order(leaf: Leaf) -> tuple[bool, str, str, str]:
    return leaf.project is None, (leaf.project or "").rsplit(":", 1)[-1], leaf.code or "", leaf.type or ""
