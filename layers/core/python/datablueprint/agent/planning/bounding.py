"""Which rows and in which order: bounds, ends of a ranking, how many."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from datablueprint.agent.planning.base import MARGIN, PROFIT
from datablueprint.agent.planning.following_up import keeps_rows
from datablueprint.agent.planning.placing import Placing
from datablueprint.agent.planning.reach import rows_told, scope_kind
from datablueprint.agent.planning.slots import Bound
from datablueprint.agent.planning.speaking import spoken
from datablueprint.agent.planning.stopping import clarify, refuse
from datablueprint.agent.planning.words.frames import BAD_WHEN_HIGH, INDEXES, NEITHER, SIGNED_DOWN
from datablueprint.agent.query import MOST_ROWS, By, Order, Query, Threshold
from datablueprint.metrics import BY_NAME

ENDS: tuple[Order, ...] = ("lowest", "highest")


class Bounding(Placing):
    """Finds grouping, threshold, order and limit."""

    def _by(self, metric: str, scope: str) -> By:
        d = self.draft
        found = BY_NAME[metric]
        if d.by == "code" or (d.by is None and "cost_code" in d.parts):
            return "code" if scope_kind(scope) == "group" else "leaf"
        if d.by:
            return d.by
        if self.previous and self.previous.by and not d.has("#jobs", "#job"):
            return self.previous.by
        if found.kinds == ("manager",) or d.has("#pms"):
            return "pm"
        if d.has("#customers") and not d.has("#jobs", "#job"):
            return "customer"
        if found.kinds == ("change",):
            return "change"
        return "leaf" if scope_kind(scope) == "project" and "leaf" in found.kinds and not d.bounds else "project"

    def _threshold(self, metric: str) -> Threshold | None:
        bounds = self.draft.bounds
        if (
            not bounds
            and self._losing()
            and not self.draft.ordered
            and self.draft.by in (None, "project")
            and metric in ("gross_profit_at_completion", "net_profit_at_completion", "job_cash")
        ):
            self.assumptions.append("a job loses money where its profit at completion is below zero")
            return Threshold(op="<", value=Decimal(0))
        if (
            not bounds
            and metric == "cost_code_erosion"
            and self.draft.has("#which", "#such_jobs")
            and not self.draft.ordered
        ):
            self.assumptions.append("only what is over its budget is listed")
            return Threshold(op=">", value=Decimal(0))
        if not bounds:
            return None
        if len(bounds) > 1:
            raise refuse("not_understood", "it has two bounds; say one")
        return Threshold(op=bounds[0].op, value=self._fitting(bounds[0], metric))

    def _fitting(self, bound: Bound, metric: str) -> Decimal:
        """The bound's value in the metric's unit; UnitMismatch is a refusal."""
        unit = BY_NAME[metric].unit
        if bound.value == 0:
            return Decimal(0)
        if unit == "ratio" and metric in INDEXES and bound.unit == "plain":
            return bound.value
        if metric == "burn_index" and bound.unit in ("percent", "points") and bound.value < 1:
            return 1 + bound.value
        if unit == "ratio":
            if bound.unit == "plain":
                self.assumptions.append("the bound is read as percent")
                return (bound.value / 100).normalize() if bound.value >= 1 else bound.value
            if bound.unit in ("percent", "points"):
                return bound.value
        if unit == "money" and bound.unit in ("money", "plain"):
            return bound.value
        if unit in ("hours", "hours_per_week") and bound.unit in ("hours", "plain"):
            return bound.value
        if unit in ("count", "weeks", "money_per_hour", "money_per_week") and bound.unit in ("plain", "money"):
            return bound.value
        raise refuse("not_understood", f"{BY_NAME[metric].label} is not measured like the bound that was said")

    def _order(self, metric: str, bound: Threshold | None) -> Literal["lowest", "highest"] | None:
        """Worst is the most of a cost and the least of a profit; the biggest fade is the lowest figure."""
        d = self.draft
        bad = metric in BAD_WHEN_HIGH
        down = metric in SIGNED_DOWN
        lost = "loss" in d.parts and metric in (PROFIT, MARGIN, "job_cash")
        if d.has("#worst", "#best") and metric in NEITHER:
            readings = [
                (Query(kind="rank", metric=metric, by=d.by or "project", order=o), f"{o} {BY_NAME[metric].label}")
                for o in ENDS
            ]
            raise clarify("order", readings, self.vocabulary)
        ends = self._ends(bad=bad, down=down, lost=lost)
        if len(ends) > 1:
            raise refuse("not_understood", "it asks for both ends of a ranking", offers=self._offers(metric))
        if ends:
            return ends.pop()
        if self.previous and keeps_rows(d, self.previous) and not bound:
            return None
        if bound:
            return "highest" if bound.op.startswith(">") else "lowest"
        if d.has("#rank") or (d.has("#which") and lost):
            return "lowest" if lost or down else "highest"
        if bad and d.has("#which", "#by_code", "#how_many", "#such_jobs"):
            return "highest"
        return None

    def _ends(self, *, bad: bool, down: bool, lost: bool) -> set[Literal["lowest", "highest"]]:
        d = self.draft
        ends: set[Literal["lowest", "highest"]] = set()
        if d.has("#worst"):
            ends.add("highest" if bad else "lowest")
        if d.has("#best"):
            ends.add("lowest" if bad else "highest")
        if d.has("#most"):
            ends.add("lowest" if down or lost else "highest")
        if d.has("#least"):
            ends.add("highest" if down or lost else "lowest")
        if not ends and d.has("#top"):
            ends.add("lowest" if down or lost else "highest")
        if not ends and d.has("#bottom"):
            ends.add("lowest")
        return ends

    def _limit(self) -> int | None:
        numbers = self.draft.numbers
        if len(numbers) > 1 or any(not 0 < n <= MOST_ROWS for n in numbers):
            raise refuse("not_understood", f"I do not understand the number {numbers[-1]}")
        return numbers[0] if numbers else 1 if self.draft.one else None

    def _offers(self, metric: str) -> list[str]:
        return (
            [spoken(Query(kind="rank", metric=metric, by="project", order="lowest"), self.vocabulary)]
            if rows_told(BY_NAME[metric], Query(kind="rank", metric=metric))
            else []
        )

    def _default_order(self, metric: str, before: Query) -> Literal["lowest", "highest"]:
        worst_before = (before.order == "highest") == (before.metric in BAD_WHEN_HIGH)
        return "highest" if worst_before == (metric in BAD_WHEN_HIGH) else "lowest"
