"""One metric and its scopes become the query of the form that was asked for."""

from __future__ import annotations

from datetime import date, timedelta

from datablueprint.agent.planning.base import LABOR_NAMES, MARGIN, TYPE_NAMES
from datablueprint.agent.planning.bounding import Bounding
from datablueprint.agent.planning.following_up import keeps_rows
from datablueprint.agent.planning.reach import made_for, scope_kind
from datablueprint.agent.planning.speaking import spoken
from datablueprint.agent.planning.stopping import clarify, refuse
from datablueprint.agent.planning.times import CHANGING
from datablueprint.agent.planning.words.frames import SIGNED_DOWN
from datablueprint.agent.query import Kind, Query
from datablueprint.metrics import BY_NAME

FLOWING = frozenset(
    """actual_cost labor_cost labor_hours labor_wages labor_burden billed_to_date earned_revenue job_cash_in
    job_cash_out earned_gross_profit cost_of_revenue approved_change_orders overhead_to_date overtime_premium
    invoiced_on_commitments""".split()
)
"""To-date figures whose amount within a stretch of time is the change over it."""
FADES = frozenset(
    """margin_fade gross_profit_fade relative_fade cost_code_erosion approved_budget_changes approved_change_orders
    pending_change_orders pending_budget_changes budget_modifications fade_from_changes fade_from_codes
    fade_from_price""".split()
)
"""Figures that are a change already."""

ROWS_OF = ("group", "manager")


class Shaping(Bounding):
    """Makes the query."""

    def _shaped(self, metric: str, scopes: list[str]) -> Query:
        d = self.draft
        if d.supposed.problem:
            raise refuse("not_understood", d.supposed.problem)
        if d.supposed.spelled or d.supposed.decision:
            return self._supposed(metric, scopes)
        if len(scopes) > 1:
            return self._side_by_side(metric, scopes)
        scope, kinds = scopes[0], BY_NAME[metric].kinds
        if kinds == ("company",):
            return self._company(metric, scope)
        if kinds == ("manager",) and scope_kind(scope) == "manager" and d.by is None:
            return Query(metric=metric, scope=scope, **self._days())
        return self._over_time(metric, scope) or self._at_a_day(metric, scope)

    def _over_time(self, metric: str, scope: str) -> Query | None:
        """A change since a day or over a stretch of time, where one is asked for."""
        d, since = self.draft, self.draft.times.since
        changing = d.has(*CHANGING)
        if metric == "margin_fade" and "loss" in d.parts and (since or changing):
            metric = MARGIN
        if since and not d.ordered and not d.by:
            return self._since(metric, scope, since)
        if since:
            why = "changes of several jobs are not ranked; ask for one job, or for the portfolio"
            raise refuse("not_understood", why, offers=self._offers(metric))
        if d.times.period and metric in FLOWING and not self._rows() and not d.times.known_at:
            self.assumptions.append("what was added within the stretch of time that was named")
            return self._since(metric, scope, d.times.period.first - timedelta(1))
        if changing and metric not in FADES and not self._rows() and not d.times.known_at:
            return self._since(metric, scope, self._last_close())
        return None

    def _at_a_day(self, metric: str, scope: str) -> Query:
        d, before = self.draft, self.previous
        if BY_NAME[metric].kinds == ("manager",) and scope == "company" and self._rows():
            scope = "portfolio"
        if before and keeps_rows(d, before) and (scope_kind(scope) in ROWS_OF or before.by in ("leaf", "change")):
            return self._relisted(metric, scope)
        if self._rows():
            return self._listed(metric, scope)
        if before and before.kind == "what_if" and not d.metrics:
            return before.model_copy(update={"scope": scope, **self._days()})
        if before and before.kind == "compare" and before.since and not d.times.said:
            return self._since(metric, scope, before.since)
        return self._figure(metric, scope)

    def _last_close(self) -> date:
        newest = self.vocabulary.newest
        close = newest.replace(day=1) - timedelta(1)
        self.assumptions.append(f"no day was named: since the last month end, {close.isoformat()}")
        return close

    def _company(self, metric: str, scope: str) -> Query:
        if scope not in ("portfolio", "company") and not (scope == "closed" and metric.startswith("pm_")):
            raise refuse(
                "not_in_data",
                f"{BY_NAME[metric].label} is of the whole company, not of one job or manager",
                offers=[spoken(Query(metric=metric, scope="company"), self.vocabulary)],
            )
        d = self.draft
        if d.ordered or d.by:
            raise refuse(
                "not_in_data",
                f"{BY_NAME[metric].label} is one figure of the whole company",
                offers=[spoken(Query(metric=metric, scope="company"), self.vocabulary)],
            )
        if d.times.since:
            return Query(kind="compare", metric=metric, scope="company", since=d.times.since, **self._days())
        return Query(metric=metric, scope="company", **self._days())

    def _supposed(self, metric: str, scopes: list[str]) -> Query:
        d = self.draft
        if len(scopes) > 1 or d.ordered or d.bounds or (d.by and not (d.by == "project" and d.has("#each"))):
            raise refuse("not_understood", "suppositions are told of one job, or of the portfolio", "Name one job.")
        spelled = list(d.supposed.spelled)
        if d.supposed.decision:
            if scope_kind(scopes[0]) != "project":
                raise refuse(
                    "not_understood", "change orders are numbered per project", "Name the project of the change order."
                )
            cost = f" at cost {d.supposed.cost}" if d.supposed.cost else ""
            spelled += [f"{d.supposed.decision} {self._number(scopes[0], n)}{cost}" for n in d.supposed.changes]
        if scope_kind(scopes[0]) not in ("project", "group", "manager"):
            raise refuse("not_in_data", "suppositions are told of whole jobs, not of cost codes")
        if d.numbers:
            raise refuse("not_understood", f"I do not understand the number {d.numbers[0]}")
        self.assumptions += d.supposed.notes
        if d.times.rolled or d.times.since or d.times.period:
            raise refuse(
                "not_understood", "suppositions hold from today on, not from a day that is named", "Leave the day out."
            )
        if metric == "contract_value" and spelled == ["approve all"]:
            return Query(metric="contract_value_with_pending", scope=scopes[0], **self._days())
        return Query(kind="what_if", metric=metric, scope=scopes[0], scenario=tuple(spelled), **self._days())

    def _side_by_side(self, metric: str, scopes: list[str]) -> Query:
        return Query(kind="compare", metric=metric, scope=scopes[0], scopes=tuple(scopes), **self._days())

    def _since(self, metric: str, scope: str, since: date) -> Query:
        as_of = self.draft.times.as_of
        if since >= (as_of or self.vocabulary.newest):
            raise refuse("not_understood", "the day to compare with is not before the other one")
        return Query(kind="compare", metric=metric, scope=scope, since=since, **self._days())

    def _figure(self, metric: str, scope: str) -> Query:
        d = self.draft
        if d.limit or d.numbers:
            raise refuse("not_understood", f"I do not understand the number {d.numbers[0] if d.numbers else d.limit}")
        if scope == "all":
            raise refuse(
                "not_understood",
                "it asks about open and closed projects at once; they are not summed",
                offers=[
                    spoken(Query(metric=metric, scope=s), self.vocabulary)
                    for s in ("portfolio", "closed")
                    if made_for(BY_NAME[metric], "group")
                ],
            )
        found = BY_NAME[metric]
        untyped = d.codes and all(len(s.keys) == 1 for s in d.codes) and not (d.cost_types or self._labor())
        if untyped and scope_kind(scope) == "leaf" and made_for(found, "code") and not LABOR_NAMES.search(metric):
            scope = scope.rpartition(".")[0]
        kind = scope_kind(scope)
        if kind == "code" and not made_for(found, "code"):
            return self._typed(metric, scope)
        if kind == "group" and not made_for(found, "group") and "project" in found.kinds and "/" not in scope:
            self.assumptions.append(f"{found.label} is told job by job")
            return Query(kind="list", metric=metric, scope=scope, by="project", **self._days())
        if kind in ("group", "company") and found.kinds == ("manager",):
            return Query(kind="list", metric=metric, by="pm", **self._days())
        if kind == "project" and found.kinds == ("change",):
            return Query(kind="list", metric=metric, scope=scope, by="change", **self._days())
        return Query(metric=metric, scope=scope, **self._days())

    def _typed(self, metric: str, scope: str) -> Query:
        """One cost code has several cost types: the one that the metric is told of, else a question back."""
        key, _, code = scope.partition("/")
        readings = [
            (Query(metric=metric, scope=f"{scope}.{kind}", **self._days()), f"{code} {TYPE_NAMES.get(kind, kind)}")
            for kind in self.vocabulary.types_of(key, code)
        ]
        if LABOR_NAMES.search(metric):
            readings = [r for r in readings if r[0].scope.endswith(".L")] or readings
        if len(readings) == 1:
            return readings[0][0]
        raise clarify("code", readings, self.vocabulary)

    def _listed(self, metric: str, scope: str) -> Query:
        d = self.draft
        if (
            metric in ("pending_change_orders", "change_order_price")
            and scope_kind(scope) == "project"
            and d.by in (None, "change")
        ):
            return self._changes(scope)
        by = self._by(metric, scope)
        bound = self._threshold(metric)
        order = self._order(metric, bound)
        limit = self._limit()
        if scope_kind(scope) == "project" and by == "project":
            if bound and not d.ordered:
                return self._figure(metric, scope)
            raise refuse(
                "not_understood",
                f"it asks how {scope} ranks among the others",
                offers=[spoken(Query(metric=metric, scope=scope), self.vocabulary)],
            )
        if scope_kind(scope) == "code" and by != "leaf":
            return self._figure(metric, scope)
        if order is None and bound is None and limit is None:
            return Query(kind="list", metric=metric, scope=scope, by=by, **self._days())
        return Query(
            kind="rank",
            metric=metric,
            scope=scope,
            by=by,
            order=order or ("lowest" if metric in SIGNED_DOWN else "highest"),
            limit=limit,
            threshold=bound,
            **self._days(),
        )

    def _changes(self, scope: str) -> Query:
        """The pending change orders of a job, one by one."""
        bound = self._threshold("change_order_price")
        order = self._order("change_order_price", bound)
        kind: Kind = "rank" if order or bound else "list"
        return Query(
            kind=kind,
            metric="change_order_price",
            scope=scope,
            by="change",
            order=order,
            limit=self._limit(),
            threshold=bound,
            **self._days(),
        )

    def _relisted(self, metric: str, scope: str) -> Query:
        """The list before, with the slots that were said now."""
        d, before = self.draft, self.previous
        assert before is not None  # only called with one
        same = metric == before.metric
        bound = self._threshold(metric) or (before.threshold if same else None)
        order = self._order(metric, self._threshold(metric))
        limit = self._limit() or before.limit
        by = d.by if d.by and d.by != "code" else self._by(metric, scope)
        if order is None:
            order = before.order if same or before.order is None else self._default_order(metric, before)
        if order is None and (limit or bound):
            order = "highest"
        kind: Kind = "rank" if order or limit or bound else "list"
        return Query(
            kind=kind, metric=metric, scope=scope, by=by, order=order, limit=limit, threshold=bound, **self._days()
        )
