"""A grade is the worst thing known about what a figure is built on, said in a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from datablueprint.metrics.estimates import Estimate
from datablueprint.ports import Query
from datablueprint.tables import rows

Row = dict[str, Any]
Span = tuple[date, date]
DAYS = """
select record_id, min(transaction_on) as first_on, max(transaction_on) as last_on
from accounting_lines
where record_id in ({records})
group by record_id
"""
AT_ONCE = 500
"""Records asked for in one statement."""
ORDER = "ABCU"
MATERIAL_SHARE = Decimal("0.005")
"""What is on no project and could move a margin by half a point costs the A."""


@dataclass
class Grade:
    """The worst grade so far and every reason for it."""

    letter: str = "A"
    reasons: list[str] = field(default_factory=list)

    def lower(self, letter: str, reason: str) -> None:
        self.letter = max(self.letter, letter, key=ORDER.index)
        if reason not in self.reasons:
            self.reasons.append(reason)

    def copy(self) -> Grade:
        return Grade(self.letter, list(self.reasons))


def worst(letters: Iterable[str]) -> str:
    """The worst of several grades; A of none."""
    return max(letters, key=ORDER.index, default="A")


class Grader:
    """Grades projects from findings, fallback facts, forecasts and unassigned cost."""

    def __init__(
        self,
        findings: Iterable[Row],
        lowered: Iterable[Row],
        unassigned: Iterable[Row],
        days: Mapping[str, Span] | None = None,
    ) -> None:
        """`days` are those of the records that findings of the company name."""
        self._days = days or {}
        self._findings: dict[str | None, list[Row]] = defaultdict(list)
        for finding in findings:
            if finding["grade"]:
                self._findings[finding["project"]].append(finding)
        self._lowered: dict[str, list[Row]] = defaultdict(list)
        for row in lowered:
            self._lowered[row["project"]].append(row)
        self._unassigned = [r for r in unassigned if r["amount"]]

    def project(
        self, project: str, *, price: Decimal | None, active: tuple[date, date] | None, estimates: Iterable[Estimate]
    ) -> Grade:
        """`active` is the span of days in which a cost without a job could belong to this project."""
        grade = Grade()
        for finding in self._findings[project]:
            grade.lower(finding["grade"], finding["sentence"])
        for row in self._lowered[project]:
            if row["grade"] != "A":
                grade.lower(row["grade"], f"{row['amount'] or 0:,.2f} rests on a fallback record ({row['rule']})")
        for estimate in estimates:
            if estimate.stale_forecast:
                grade.lower(
                    "C", f"the manual forecast of {estimate.place[1]} {estimate.place[2]} is stale and was not used"
                )
            if estimate.impossible_progress:
                grade.lower(
                    "B", f"{estimate.place[1]} reports more than 100% progress; its estimate is its actual cost"
                )
        self._weigh_unassigned(grade, price, active)
        self._weigh_company(grade, price, active)
        return grade

    def company(self) -> Grade:
        """What lowers every figure, whatever it is of."""
        grade = Grade()
        for finding in self._findings[None]:
            grade.lower(finding["grade"], finding["sentence"])
        return grade

    def _weigh_unassigned(self, grade: Grade, price: Decimal | None, active: tuple[date, date] | None) -> None:
        if not price or price <= 0 or not active:
            return
        possible = sum(
            (r["amount"] for r in self._unassigned if active[0] <= r["accounting_on"] <= active[1]), Decimal(0)
        )
        if abs(possible) >= MATERIAL_SHARE * price:
            grade.lower("C", f"{possible:,.2f} of direct cost names no job and could belong here")

    def _weigh_company(self, grade: Grade, price: Decimal | None, active: Span | None) -> None:
        """Findings of no project, kind by kind: those of its days that could move this project's margin."""
        possible: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for finding in self._findings[None]:
            if self._in_days(finding, active):
                possible[finding["kind"], finding["grade"]].append(finding)
        for (kind, letter), held in possible.items():
            amounts = [abs(f["amount"]) for f in held if f["amount"] is not None]
            unknown = len(amounts) < len(held) or not price or price <= 0
            if unknown or (price and sum(amounts, Decimal(0)) >= MATERIAL_SHARE * price):
                grade.lower(letter, _said(kind, held))

    def _in_days(self, finding: Row, active: Span | None) -> bool:
        """Of a day of the project; a finding whose records have no day could be of any."""
        spans = [self._days[record] for record in finding["record_ids"] or () if record in self._days]
        if not spans:
            return True
        return active is not None and any(first <= active[1] and active[0] <= last for first, last in spans)

    def accruals(self, project: str) -> list[str]:
        """What is counted before QuickBooks or payroll posted it; said with the figure, no fault of it."""
        said = []
        for basis, words in (
            ("approved_not_posted", "is approved in Procore and not yet posted in QuickBooks"),
            ("unprocessed_time", "is time not yet in payroll, at each employee's newest burdened rate"),
        ):
            amount = sum((r["amount"] or Decimal(0) for r in self._lowered[project] if r["basis"] == basis), Decimal(0))
            if amount:
                said.append(f"{amount:,.2f} {words}")
        return said


def days_of(findings: Iterable[Row], query: Query, snapshot: str) -> dict[str, Span]:
    """First and last day of the QuickBooks records that graded findings of no project name."""
    found = (f["record_ids"] or () for f in findings if f["grade"] and f["project"] is None)
    records = sorted({record for named in found for record in named if record.startswith("quickbooks:")})
    days: dict[str, Span] = {}
    for start in range(0, len(records), AT_ONCE):
        asked = records[start : start + AT_ONCE]
        statement = DAYS.format(records=", ".join("?" * len(asked)))
        told = rows(query.sql(statement, tuple(asked), snapshot=snapshot))
        days |= {row["record_id"]: (row["first_on"], row["last_on"]) for row in told}
    return days


def _said(kind: str, held: list[Row]) -> str:
    first = max(held, key=lambda f: abs(f["amount"] or Decimal(0)))
    more = f" (and {len(held) - 1} more: {kind})" if len(held) > 1 else ""
    return f"{first['sentence']}{more}"
