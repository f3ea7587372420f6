"""A pay run is a set of stubs, one per employee: wages, what the employer pays on top, and hours worked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from datablueprint.ledger.book import Book, Cite, Row, cite

OVERTIME, DOUBLE_TIME = "overtime_pay", "double_time_pay"
DOUBLE_NAMES = ("double", "dt")
OVERTIME_NAMES = ("overtime", "ot")
TIME_NAMES = ("regular", "reg", "salary", "salaried", "wage", "wages", "straight")
"""Names of pay for time worked; a line of such a name pays its period even where it states no hours."""


@dataclass
class Stub:
    """One employee in one pay run."""

    run: Row
    employee: str
    wages: list[Row] = field(default_factory=list)
    burden: list[Row] = field(default_factory=list)
    states_hours: bool = True
    """False for a bonus or correction of days that another stub has paid: its cost is new, its hours are not."""
    time: list[Row] = field(default_factory=list)
    """The timecards that are its hours where the register states none: a salary."""
    reverses: Stub | None = None
    """The stub that this one takes back in full."""
    reach: tuple[Decimal, Decimal] | None = None
    """Weight of the burden that reached jobs, and of all of it; None for people of the office."""

    @property
    def stated_hours(self) -> Decimal:
        return sum((w["hours"] for w in self.wages if w["hours"]), Decimal(0))

    @property
    def worked_hours(self) -> Decimal:
        if self.reverses:
            return -self.reverses.worked_hours
        return self.stated_hours or sum((e["hours"] for e in self.time), Decimal(0))

    @property
    def is_salary(self) -> bool:
        """It pays for time and states no hours."""
        return not self.stated_hours and total(self.wages) > 0 and any(_pays_time(w) for w in self.wages)

    @property
    def gives_rate(self) -> bool:
        """Its cost per hour is what an hour costs."""
        return self.states_hours and self.worked_hours > 0

    @property
    def period(self) -> tuple[str, date, date]:
        return self.employee, self.run["period_start"], self.run["period_end"]

    @property
    def cost(self) -> Decimal:
        return total(self.wages) + total(self.burden)

    @property
    def pool(self) -> str:
        return f"{self.run['record_id']}|{self.employee}"

    @property
    def names_jobs(self) -> bool:
        """Its pay lines say themselves where the hours belong."""
        return any(w["project_reference"] or w["cost_code"] for w in self.wages)

    def rate_cites(self) -> tuple[Cite, ...]:
        """What proves the burdened rate of an hour: cost over hours worked."""
        return (
            *(cite(r, role="rate_amount") for r in (*self.wages, *self.burden)),
            *(Cite(w["record_id"], hours_at(w), "rate_hours") for w in self.wages if w["hours"]),
            *(cite(e, "hours", role="rate_hours") for e in self.time),
        )


class Register:
    """Every stub of the processed pay runs, oldest period first, a reversal right after what it reverses."""

    def __init__(self, book: Book) -> None:
        self.runs = {r["record_id"]: r for r in book.read["payroll_runs"] if r["processed"]}
        self.days = {day for run in self.runs.values() for day in _days(run["period_start"], run["period_end"])}
        """Every day of a period that some run pays."""
        found = self._stubs(book)
        self.copies = copies(found)
        """(stub, the stub of another provider that it repeats); a copy is not among `stubs`."""
        repeated = {copy.pool for copy, _ in self.copies}
        self.stubs = _with_reversals([s for s in found if s.pool not in repeated])
        self._stated: dict[tuple[str, int], dict[str, date]] = defaultdict(dict)
        for stub in self.stubs:
            for row in stub.burden:
                if row["amount"]:
                    first = self._stated[stub.employee, check_day(stub.run).year]
                    first.setdefault(burden_of(row), stub.run["period_end"])

    def carried(self, stub: Stub) -> set[str]:
        """The burden that the register states for this person, in this run or earlier in the year (a capped tax ends).

        D8 lets no rate apply it again.
        """
        first = self._stated.get((stub.employee, check_day(stub.run).year), {})
        return {component for component, day in first.items() if day <= stub.run["period_end"]}

    def _stubs(self, book: Book) -> list[Stub]:
        found: dict[tuple[str, str], Stub] = {}
        for row in book.read["payroll_amounts"]:
            run = self.runs.get(row["run_record_id"])
            if run is None or row["kind"] == "excluded" or not (row["amount"] or row["hours"]):
                continue
            employee = book.party(row["employee_record_id"]) or ""
            stub = found.setdefault((run["record_id"], employee), Stub(run, employee))
            (stub.wages if row["kind"] == "wages" else stub.burden).append(row)
        return sorted(found.values(), key=lambda s: (s.run["period_end"], check_day(s.run), s.pool))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def copies(stubs: Iterable[Stub]) -> list[tuple[Stub, Stub]]:
    """Stubs that a second provider tells again: same person and period, same hours or same pay."""
    kept: dict[tuple[str, date, date], list[Stub]] = defaultdict(list)
    found: list[tuple[Stub, Stub]] = []
    for stub in stubs:
        twin = next((s for s in kept[stub.period] if stub.employee and _same_pay(s, stub)), None)
        if twin is None:
            kept[stub.period].append(stub)
        else:
            kept[stub.period].remove(twin)
            found.append((stub, twin))
    return found


def _same_pay(one: Stub, other: Stub) -> bool:
    pay = total(one.wages)
    same = (one.stated_hours and one.stated_hours == other.stated_hours) or (pay and pay == total(other.wages))
    return bool(same) and one.run["provider"] != other.run["provider"]


def _with_reversals(stubs: list[Stub]) -> list[Stub]:
    """The stubs, each full reversal linked to the stub it takes back and placed after it."""
    taken: dict[str, Stub] = {}
    for stub in stubs:
        pay = total(stub.wages)
        if pay < 0:
            same = (s for s in stubs if s.period == stub.period and s.run["provider"] == stub.run["provider"])
            stub.reverses = next((s for s in same if total(s.wages) == -pay and s.pool not in taken), None)
            if stub.reverses:
                taken[stub.reverses.pool] = stub
    first = [s for s in stubs if not s.reverses]
    return [s for stub in first for s in (stub, taken.get(stub.pool)) if s]


def _pays_time(line: Row) -> bool:
    words = (line["component"] or "").lower().replace("-", " ").split()
    return bool(line["amount"]) and any(word in TIME_NAMES for word in words)


def total(rows: Iterable[Row]) -> Decimal:
    return sum((r["amount"] for r in rows), Decimal(0))


def check_day(run: Row) -> date:
    """The day wages count for taxes and for the journal."""
    day: date = run["check_on"] or run["period_end"]
    return day


def hours_at(line: Row) -> str:
    """The pointer of a pay line's hours stands beside its amount."""
    return str(line["amount_at"]).rsplit("/", 1)[0] + "/hours"


def burden_of(row: Row) -> str:
    """The component of an amount of employer cost; 'other' where the source does not say."""
    return row["burden"] or "other"


def premium_pay(row: Row) -> str | None:
    """OVERTIME or DOUBLE_TIME for a pay line of that kind, else None."""
    words = (row["component"] or "").lower().replace("-", " ").split()
    if any(word.startswith(DOUBLE_NAMES[0]) or word == DOUBLE_NAMES[1] for word in words):
        return DOUBLE_TIME
    if any(word in OVERTIME_NAMES for word in words):
        return OVERTIME
    return None
