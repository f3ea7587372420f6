"""Labor is what the payroll register paid, on the jobs that time records name; the journal is its mirror (D6, D7)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from datablueprint.ledger.book import UNCODED, Book, Cite, Fact, Finding, Leaf, Row, cite, mirrors, spread
from datablueprint.ledger.costs import line_cite

PAYROLL_SUB_TYPES = frozenset(
    "PayrollExpenses PayrollWageExpenses PayrollTaxExpenses CostOfLabor CostOfLaborCos PayrollClearing".split()
)
LATE_JOURNAL = timedelta(days=10)
CENT = Decimal("0.01")
UNASSIGNED = Leaf(None, None, "L")


def is_payroll(account: Row, entity: str, named: tuple[str, ...]) -> bool:
    """On the payroll map: named by the tenant, else recognised by name, and by sub-type for journals only."""
    if named:
        return account["name"] in named or account["full_name"] in named
    if "payroll" in (account["full_name"] or "").lower():
        return True
    # Labor of an agency is booked to these sub-types too, but by bill.
    return entity == "JournalEntry" and account["account_sub_type"] in PAYROLL_SUB_TYPES


@dataclass
class Stub:
    """One employee in one pay run."""

    run: Row
    employee: str
    wages: list[Row] = field(default_factory=list)
    burden: list[Row] = field(default_factory=list)
    states_hours: bool = True
    """False for a bonus or correction of days that another stub has paid: its cost is new, its hours are not."""

    @property
    def worked_hours(self) -> Decimal:
        return sum((w["hours"] for w in self.wages if w["hours"]), Decimal(0))

    @property
    def cost(self) -> Decimal:
        return total(self.wages) + total(self.burden)

    @property
    def pool(self) -> str:
        return f"{self.run['record_id']}|{self.employee}"


@dataclass
class Group:
    """The hours of a stub that belong on one leaf, with the records that say so."""

    hours: Decimal = Decimal(0)
    cites: tuple[Cite, ...] = ()
    wages: list[Row] = field(default_factory=list)


def total(rows: Iterable[Row]) -> Decimal:
    return sum((r["amount"] for r in rows), Decimal(0))


class Payroll:
    """Labor facts of one book: register lines spread over time, then time not yet paid."""

    def __init__(self, book: Book, journal: Iterable[Row]) -> None:
        """`journal` are the accounting lines on payroll accounts."""
        self.book = book
        self.journal = list(journal)
        self.runs = {r["record_id"]: r for r in book.read["payroll_runs"] if r["processed"]}
        self.stubs = self._stubs()
        self.time: dict[str, list[Row]] = defaultdict(list)
        self.refused = [e for e in book.read["time_entries"] if e["status"] == "rejected"]
        for entry in sorted(book.read["time_entries"], key=lambda e: e["worked_on"]):
            if entry["hours"] and entry["status"] != "rejected":
                self.time[book.party(entry["person_record_id"]) or ""].append(entry)
        self.days = {person: [e["worked_on"] for e in entries] for person, entries in self.time.items()}
        numbered = [p for p in book.read["projects"] if p["system"] == "procore" and p["number"]]
        self.numbers = {p["number"]: book.project(p["record_id"]) for p in numbered}
        self.field = {e for e in self.time if e} | {s.employee for s in self.stubs if _names_a_job(s)}
        self.covered: set[str] = set()

    def _stubs(self) -> list[Stub]:
        found: dict[tuple[str, str], Stub] = {}
        for row in self.book.read["payroll_amounts"]:
            run = self.runs.get(row["run_record_id"])
            if run is None or row["kind"] == "excluded" or not (row["amount"] or row["hours"]):
                continue
            employee = self.book.party(row["employee_record_id"]) or ""
            stub = found.setdefault((run["record_id"], employee), Stub(run, employee))
            (stub.wages if row["kind"] == "wages" else stub.burden).append(row)
        return sorted(found.values(), key=lambda s: (s.run["period_end"], s.pool))

    def facts(self) -> Iterator[Fact]:
        for stub in self.stubs:
            yield from self._paid(stub)
        yield from self._unpaid()
        yield from self._journal_facts()
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

    def _paid(self, stub: Stub) -> Iterator[Fact]:
        entries = self._time_within(stub)
        stub.states_hours = stub.worked_hours > 0 and not self.covered & {e["record_id"] for e in entries}
        if stub.worked_hours > 0:
            self.covered |= {e["record_id"] for e in entries}
        own = any(w["project_reference"] or w["cost_code"] for w in stub.wages)
        groups = self._by_pay_lines(stub) if own else self._by_time(stub, entries)
        if not groups:
            groups = {UNASSIGNED: Group()}
        ordered = sorted(groups, key=self._order)
        if own:
            yield from self._wages_as_paid(stub, groups, ordered)
            if entries:
                yield self._time_mirror(stub, entries)
        else:
            yield from self._pooled(stub, "wages", stub.wages, groups, ordered)
        yield from self._pooled(stub, "burden", stub.burden, groups, ordered)

    def _time_within(self, stub: Stub) -> list[Row]:
        days = self.days.get(stub.employee, [])
        first, last = bisect_left(days, stub.run["period_start"]), bisect_right(days, stub.run["period_end"])
        return self.time[stub.employee][first:last] if days else []

    def _by_time(self, stub: Stub, entries: list[Row]) -> dict[Leaf, Group]:
        groups: dict[Leaf, Group] = defaultdict(Group)
        for entry in entries:
            leaf = self._leaf(self.book.project(entry["project_record_id"]), entry)
            groups[leaf].hours += entry["hours"]
            groups[leaf].cites += (cite(entry, "hours", role="weight"),)
        shop = stub.worked_hours - sum((g.hours for g in groups.values()), Decimal(0))
        if groups and shop > 0:
            register = tuple(Cite(w["record_id"], _hours_at(w), "weight") for w in stub.wages if w["hours"])
            groups[UNASSIGNED].hours += shop
            groups[UNASSIGNED].cites += (*register, *(cite(e, "hours", role="less_weight") for e in entries))
        return dict(groups)

    def _by_pay_lines(self, stub: Stub) -> dict[Leaf, Group]:
        groups: dict[Leaf, Group] = defaultdict(Group)
        for line in stub.wages:
            project = self._named_project(line["project_reference"])
            leaf = self._leaf(project, line) if project else UNASSIGNED
            groups[leaf].wages.append(line)
            if line["hours"]:
                groups[leaf].hours += line["hours"]
                groups[leaf].cites += (Cite(line["record_id"], _hours_at(line), "weight"),)
        return dict(groups)

    def _named_project(self, reference: str | None) -> str | None:
        """'24-017' and '24-017 Harbor Clinic' both name project 24-017."""
        return self.numbers.get(reference) or self.numbers.get(reference.split()[0]) if reference else None

    def _leaf(self, project: str | None, row: Row) -> Leaf:
        return Leaf(project, row["cost_code"] or UNCODED, row["cost_type"] or "L")

    def _order(self, leaf: Leaf) -> tuple[bool, str, str, str]:
        return leaf.project is None, (leaf.project or "").rsplit(":", 1)[-1], leaf.code or "", leaf.type or ""

    def _wages_as_paid(self, stub: Stub, groups: dict[Leaf, Group], ordered: list[Leaf]) -> Iterator[Fact]:
        for leaf in ordered:
            if groups[leaf].wages:
                yield self._fact(
                    stub,
                    leaf,
                    "wages",
                    amount=total(groups[leaf].wages),
                    hours=groups[leaf].hours if stub.states_hours else None,
                    evidence=(*(cite(w) for w in groups[leaf].wages), *groups[leaf].cites),
                )

    def _pooled(
        self, stub: Stub, part: str, rows: list[Row], groups: dict[Leaf, Group], ordered: list[Leaf]
    ) -> Iterator[Fact]:
        """One pool over the groups in the ratio of hours; without hours all of it goes to the last group."""
        if not rows:
            return
        weights = [groups[leaf].hours for leaf in ordered]
        if not sum(weights):
            weights = [Decimal(leaf == ordered[-1]) for leaf in ordered]
        amounts = tuple(cite(r) for r in rows)
        alone = len(ordered) == 1
        for leaf, share in zip(ordered, spread(total(rows), weights), strict=True):
            if not share and not groups[leaf].hours:
                continue
            yield self._fact(
                stub,
                leaf,
                part,
                amount=share,
                hours=groups[leaf].hours if part == "wages" and stub.states_hours else None,
                evidence=(*amounts, *groups[leaf].cites),
                pool=None if alone else f"{stub.pool}|{part}",
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
        office = leaf.project is None and stub.employee not in self.field
        return Fact(
            measure="overhead" if office else "cost",
            rule="D6",
            reason=f"{part} of the payroll register" + ("" if leaf.project else ", hours on no job"),
            leaf=leaf,
            amount=amount,
            hours=hours,
            on=stub.run["period_end"],
            basis="posted",
            party=stub.employee,
            evidence=evidence,
            pool=pool,
        )

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

    def _unpaid(self) -> Iterator[Fact]:
        """D7: time not yet in payroll, at the employee's newest burdened rate."""
        newest = {s.employee: s for s in self.stubs if s.worked_hours > 0}
        for employee, entries in sorted(self.time.items()):
            for entry in entries:
                if entry["record_id"] in self.covered:
                    continue
                stub = newest.get(employee)
                leaf = self._leaf(self.book.project(entry["project_record_id"]), entry)
                yield self._accrual(entry, leaf, employee, stub)

    def _accrual(self, entry: Row, leaf: Leaf, employee: str, stub: Stub | None) -> Fact:
        amount: Decimal | None = None
        rate: tuple[Cite, ...] = ()
        if stub:
            amount = (entry["hours"] * stub.cost / stub.worked_hours).quantize(CENT, ROUND_HALF_UP)
            rate = (
                *(cite(r, role="rate_amount") for r in (*stub.wages, *stub.burden)),
                *(Cite(w["record_id"], _hours_at(w), "rate_hours") for w in stub.wages if w["hours"]),
            )
        return Fact(
            measure="cost",
            rule="D7",
            reason="time not yet in payroll" + ("" if stub else "; no pay run gives a rate"),
            state="counted" if stub else "held",
            leaf=leaf,
            amount=amount,
            hours=entry["hours"],
            on=entry["worked_on"],
            worked_on=entry["worked_on"],
            basis="unprocessed_time",
            party=employee,
            evidence=(cite(entry, "hours", role="weight"), *rate),
        )

    def _journal_facts(self) -> Iterator[Fact]:
        """D6: the register is the source of its periods; elsewhere job-coded journal lines are, the rest is control."""
        for line in self.journal:
            state, reason = "excluded", "mirror of the payroll register"
            if not self._in_register(line["transaction_on"]):
                coded = line["job_record_id"] is not None
                state = "counted" if coded else "held"
                reason = "no register covers this day" + ("" if coded else "; without a job it is a control total")
            yield Fact(
                measure="cost",
                rule="D6",
                reason=reason,
                state=state,
                leaf=Leaf(self.book.project(line["job_record_id"]), UNCODED if line["job_record_id"] else None, "L"),
                amount=line["amount"],
                on=line["transaction_on"],
                evidence=(line_cite(line),),
                grade="B" if state == "counted" else "A",
            )

    def _in_register(self, day: date) -> bool:
        if not hasattr(self, "_periods"):
            self._periods = sorted((r["period_start"], _check_day(r) + LATE_JOURNAL) for r in self.runs.values())
        return any(start <= day <= end for start, end in self._periods)

    def findings(self) -> Iterator[Finding]:
        """T2 per check date, and hours that have no rate."""
        register: dict[date, Decimal] = defaultdict(Decimal)
        for stub in self.stubs:
            register[_check_day(stub.run)] += stub.cost
        journal: dict[date, list[Row]] = defaultdict(list)
        for line in self.journal:
            journal[line["transaction_on"]].append(line)
        for day in sorted(register.keys() & journal.keys()):
            yield from self._difference(day, register[day], journal[day])
        control = [line for line in self.journal if not line["job_record_id"]]
        outside = [line for line in control if not self._in_register(line["transaction_on"])]
        if outside:
            yield Finding(
                kind="payroll without register",
                sentence=f"quickbooks: {total(outside):,.2f} of payroll has no register and no job bears it",
                way_out="Connect the payroll system or drop the register of that period",
                records=tuple(sorted({line["record_id"] for line in outside})),
                amount=total(outside),
                grade="C",
            )
        for employee, entries in self.time.items():
            open_entries = [e for e in entries if e["record_id"] not in self.covered]
            if open_entries and not any(s.employee == employee and s.worked_hours for s in self.stubs):
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

    def _difference(self, day: date, register: Decimal, journal: list[Row]) -> Iterator[Finding]:
        """The register counts either way; a gap beyond rounding is for a person to explain."""
        posted = total(journal)
        if abs(register - posted) > max(Decimal(1), register * Decimal("0.001")):
            yield Finding(
                kind="payroll register and journal differ",
                sentence=f"payroll and quickbooks: register of {day} {register:,.2f}, journal {posted:,.2f}",
                way_out="Compare the pay run with its journal entry; the register counts",
                records=tuple(sorted({line["record_id"] for line in journal})),
                amount=register - posted,
                grade="C",
            )


def _check_day(run: Row) -> date:
    day: date = run["check_on"] or run["period_end"]
    return day


def _names_a_job(stub: Stub) -> bool:
    return any(w["project_reference"] for w in stub.wages)


def _hours_at(line: Row) -> str:
    """The pointer of a pay line's hours stands beside its amount."""
    return str(line["amount_at"]).rsplit("/", 1)[0] + "/hours"
