"""A figure is a value with everything needed to defend it: terms, method, grade, assumptions and its proof tree."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from datablueprint.metrics.definition import Metric
from datablueprint.metrics.grades import Grade
from datablueprint.metrics.scopes import Scope
from datablueprint.metrics.terms import Term


@dataclass(frozen=True)
class Figure:
    """One answerable number. `term` is None when a required term is missing; `missing` then names it."""

    metric: Metric
    of: Scope
    as_of: date
    term: Term | None
    grade: str
    method: str
    assumptions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    lowered: tuple[tuple[str, str], ...] = ()
    """Grade and reason, of what lowers this figure beyond all others of its scope; who builds on it inherits them."""

    @property
    def scope(self) -> str:
        """The scope as figure ids spell it: a project's number, `portfolio`, `24-017/03-300.L`."""
        return self.of.key

    @property
    def label(self) -> str:
        return self.of.label

    @property
    def project(self) -> str | None:
        """The project's entity id; None for groups and the company."""
        return self.of.project.entity if self.of.project else None

    @property
    def figure_id(self) -> str:
        return figure_id(self.metric.name, self.scope, self.as_of)

    @property
    def value(self) -> Decimal | None:
        return self.term.value if self.term else None

    def row(self) -> dict[str, Any]:
        return {
            "figure_id": self.figure_id,
            "metric": self.metric.name,
            "project": self.project,
            "label": self.label,
            "value": None if self.term is None else str(self.term.value),
            "unit": self.metric.unit,
            "as_of": self.as_of,
            "grade": self.grade,
            "method": self.method,
            "assumptions": list(self.assumptions),
            "missing": list(self.missing),
            "tree": None if self.term is None else json.dumps(self.term.tree(), separators=(",", ":")),
        }


def figure_id(metric: str, scope: str, as_of: date) -> str:
    """`gross_margin_at_completion/24-017/2026-11-19`: it can be read aloud, and says what it is of and when."""
    return f"{metric}/{scope}/{as_of.isoformat()}"


def pinned(figure_id: str, snapshot: str) -> str:
    """The id of a figure as that snapshot knew it: `contract_value/24-017/2026-10-31@20261031T180000Z-000001`."""
    return f"{figure_id}@{snapshot}"


def snapshot_of(figure_id: str) -> tuple[str, str | None]:
    """The id without its snapshot, and the snapshot it is pinned to."""
    plain, _, snapshot = figure_id.partition("@") if "@" in figure_id.rpartition("/")[2] else (figure_id, "", "")
    return plain, snapshot or None


def unavailable(metric: Metric, scope: Scope, as_of: date, missing: tuple[str, ...], grade: Grade) -> Figure:
    reasons = tuple(f"unavailable: {term} is missing" for term in missing) + tuple(grade.reasons)
    return Figure(metric, scope, as_of, None, "U", "unavailable", reasons, missing)
