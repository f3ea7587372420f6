"""A grade is the worst thing known about what a figure is built on, said in a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from datablueprint.metrics.estimates import Estimate

Row = dict[str, Any]
ORDER = "ABCU"
MATERIAL_SHARE = Decimal("0.005")
"""Unassigned cost that could move a margin by half a point costs the A."""


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


class Grader:
    """Grades projects from findings, fallback facts, forecasts and unassigned cost."""

    def __init__(self, findings: Iterable[Row], lowered: Iterable[Row], unassigned: Iterable[Row]) -> None:
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
        for finding in self._findings[None]:
            grade.lower(finding["grade"], finding["sentence"])
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
