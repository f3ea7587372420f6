"""What every step from a draft to its queries knows."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from datablueprint.agent.planning.drafting import Draft
from datablueprint.agent.planning.times import CHANGING
from datablueprint.agent.query import Query
from datablueprint.agent.vocabulary import Vocabulary

MARGIN, PROFIT, EAC, ACTUAL = (
    "gross_margin_at_completion", "gross_profit_at_completion", "estimated_cost_at_completion", "actual_cost",
)  # fmt: skip
LABOR_NAMES = re.compile(r"labor|hours|burn|burden|wages|overtime")
TYPE_NAMES = {"L": "labor", "M": "material", "S": "subcontract", "E": "equipment", "O": "other"}


@dataclass
class Base(ABC):
    """A draft on its way, with the assumptions made so far."""

    draft: Draft
    vocabulary: Vocabulary
    previous: Query | None = None
    assumptions: list[str] = field(default_factory=list)

    @abstractmethod
    def queries(self) -> tuple[Query, ...]:
        """What the draft asks for; Stop when it cannot be told."""

    def _days(self) -> dict[str, Any]:
        times = self.draft.times
        if self.previous and not times.said:
            return {"as_of": self.previous.as_of, "known_at": self.previous.known_at}
        return {"as_of": times.as_of, "known_at": times.known_at}

    @property
    def changing(self) -> bool:
        """A change in time is asked for in words."""
        return self.draft.has(*CHANGING, "#since", "#versus")

    def _rows(self) -> bool:
        d = self.draft
        if d.people and set(d.metrics) & {"pm_worst_fade"}:
            return False
        if (
            "total" in d.parts
            and not d.has("#such_jobs")
            and not d.ordered
            and not d.by
            and not d.bounds
            and not d.has("#list", "#each")
        ):
            return False
        if d.has("#such_jobs") or (self._losing() and d.has("#jobs", "#which", "#list", "#how_many")):
            return True
        return (
            bool(d.by)
            or d.ordered
            or (
                d.has("#list", "#rank", "#each", "#jobs")
                and bool(d.bounds or d.has("#which", "#list", "#each", "#rank", "#how_many"))
            )
            or (bool(d.bounds) and not d.projects)
        )

    def _losing(self) -> bool:
        """It asks who loses money."""
        return (
            "loss" in self.draft.parts
            and set(self.draft.metrics) <= {PROFIT, "net_profit_at_completion", "job_cash"}
            and bool(self.draft.metrics)
        )
