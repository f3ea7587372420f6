"""A pay run is a set of stubs, one per employee: wages, what the employer pays on top, and hours worked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from datablueprint.ledger.book import Book, Cite, Row, cite

OVERTIME, DOUBLE_TIME = "overtime_pay", "double_time_pay"
DOUBLE_NAMES = ("double", "dt")
OVERTIME_NAMES = ("overtime", "ot")


@dataclass
class Stub:
    """One employee in one pay run."""

    run: Row
    employee: str
    wages: list[Row] = field(default_factory=list)
    burden: list[Row] = field(default_factory=list)
    states_hours: bool = True
    """False for a bonus or correction of days that another stub has paid: its cost is new, its hours are not."""
    reach: tuple[Decimal, Decimal] | None = None
    """Weight of the burden that reached jobs, and of all of it; None for people of the office."""

    @property
    def worked_hours(self) -> Decimal:
        return sum((w["hours"] for w in self.wages if w["hours"]), Decimal(0))

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
        )


class Register:
    """Every stub of the processed pay runs, oldest period first."""

    def __init__(self, book: Book) -> None:
        self.runs = {r["record_id"]: r for r in book.read["payroll_runs"] if r["processed"]}
        self.stubs = self._stubs(book)
        self.carried: dict[str, set[str]] = {run: set() for run in self.runs}
        """Per run the burden that its register states: D8 lets no rate apply it again."""
        for stub in self.stubs:
            self.carried[stub.run["record_id"]] |= {burden_of(row) for row in stub.burden if row["amount"]}

    def _stubs(self, book: Book) -> list[Stub]:
        found: dict[tuple[str, str], Stub] = {}
        for row in book.read["payroll_amounts"]:
            run = self.runs.get(row["run_record_id"])
            if run is None or row["kind"] == "excluded" or not (row["amount"] or row["hours"]):
                continue
            employee = book.party(row["employee_record_id"]) or ""
            stub = found.setdefault((run["record_id"], employee), Stub(run, employee))
            (stub.wages if row["kind"] == "wages" else stub.burden).append(row)
        return sorted(found.values(), key=lambda s: (s.run["period_end"], s.pool))


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
