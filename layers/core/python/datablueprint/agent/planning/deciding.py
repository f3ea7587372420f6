"""A draft becomes queries, one question back, or a refusal; nothing in between."""

from __future__ import annotations

from datablueprint.agent.planning.base import ACTUAL, MARGIN, TYPE_NAMES
from datablueprint.agent.planning.drafting import FREE
from datablueprint.agent.planning.naming import Naming
from datablueprint.agent.planning.reach import scope_kind, told
from datablueprint.agent.planning.speaking import spoken
from datablueprint.agent.planning.stopping import Stop, clarify, refuse
from datablueprint.agent.query import By, Query
from datablueprint.metrics import BY_NAME

CAN_SUPPOSE = (
    "I can suppose change orders approved or rejected, burden up or down by points, crews slower or faster by percent, "
    "another overhead base or estimating method, and contingency released."
)
IF_USED = frozenset(
    [
        "keeps_going",
        "by_size",
        *(f"method_{m}" for m in ("E1", "E2", "E3a", "E3b", "E3c", "E4", "E5", "E6")),
        "by_time",
        "by_progress",
        "by_budget",
        "without_overbilling",
        "break_even",
        "without_margin",
        "base_OA1",
        "base_OA2",
        "base_OA3",
        "base_OA4",
    ]
)
"""Parts of names that are conditions themselves."""
ROWS: tuple[By, ...] = ("project", "pm")


def _unbounded(query: Query) -> bool:
    """One figure of many jobs, which no bound can narrow."""
    many = scope_kind(query.scope) in ("group", "company", "manager")
    return query.threshold is None and many and query.kind in ("figure", "list")


class Deciding(Naming):
    """The way from one draft to its queries."""

    def queries(self) -> tuple[Query, ...]:
        d = self.draft
        self._demand_time()
        if d.amounts and not (d.supposed.spelled or d.supposed.decision):
            raise refuse("not_understood", f"I do not understand '{d.amounts[0]}' there")
        special = self._special()
        self._demand_used()
        if special:
            return (special,)
        scopes = self._scopes()
        metrics = self._metrics(scopes)
        found = tuple(dict.fromkeys(self._shaped(m, self._its_scopes(m, metrics, scopes)) for m in metrics))
        for query in found:
            if not told(query):
                raise self._not_made(query)
        self._demand_kept(found)
        if d.either and len(found) > 1:
            raise clarify("metric", [(q, BY_NAME[q.metric].label) for q in found], self.vocabulary)
        if d.bounds and len(metrics) > 1:
            raise refuse("not_understood", "it bounds one of two figures and I cannot tell which")
        return found

    def _its_scopes(self, metric: str, metrics: list[str], scopes: list[str]) -> list[str]:
        """A figure of the whole company stands beside one of a job: 'our burden rate here against the standard'."""
        whole = len(metrics) > 1 and len(scopes) == 1 and BY_NAME[metric].kinds == ("company",)
        return ["company"] if whole and not all(BY_NAME[m].kinds == ("company",) for m in metrics) else scopes

    def _demand_kept(self, found: tuple[Query, ...]) -> None:
        """No bound and no day may have been dropped on the way."""
        d = self.draft
        if d.bounds and not (d.supposed.spelled or d.supposed.decision) and any(map(_unbounded, found)):
            raise refuse(
                "not_understood",
                "it bounds a figure of which there is only one",
                offers=[spoken(q, self.vocabulary) for q in found[:1]],
            )
        days = {d.times.as_of, d.times.since, d.times.known_at} - {None}
        for query in found:
            if days and not days & {query.as_of, query.since, query.known_at}:
                raise refuse("not_understood", "I do not know what the day that was named is for")

    def _demand_time(self) -> None:
        times = self.draft.times
        if times.future or (times.rolled and "at_completion" in self.draft.parts and not times.known_at):
            raise refuse(
                "external",
                "it asks about a day that has not come",
                "I can tell figures at completion, and of days up to " + self.vocabulary.newest.isoformat() + ".",
            )
        if times.problem:
            raise refuse("not_understood", times.problem, "Name one day, or two with 'from' and 'to'.")

    def _special(self) -> Query | None:
        d = self.draft
        if d.has("#wip") and not d.metrics and not d.projects:
            if d.times.since and not d.times.as_of and not self.changing:
                d.times.as_of, d.times.since = d.times.since, None
            return Query(kind="wip", since=d.times.since, **self._days())
        if self._about_data():
            return Query(
                kind="health",
                scope=d.projects[0].keys[0] if len(d.projects) == 1 and len(d.projects[0].keys) == 1 else "portfolio",
            )
        if self._about_managers():
            return Query(kind="scorecard")
        return None

    def _about_data(self) -> bool:
        d = self.draft
        if d.bounds:
            return False
        if d.has("#ties") or (d.has("#fresh") and d.has("#data")):
            return True
        if d.metrics or (self.previous and not d.has("#data")) or any(g - FREE - {"labor"} for g in d.groups):
            return False
        return d.has("#fresh", "#unlinked", "#ties", "#coverage")

    def _demand_used(self) -> None:
        """Forms that change a question must have been understood as part of it."""
        d = self.draft
        supposing = bool(d.supposed.spelled or d.supposed.decision)
        if d.has("#not") and not supposing and not (d.has("#unlinked", "#ties", "#fresh") and not d.metrics):
            raise refuse(
                "not_understood",
                "I do not understand what is left out or denied",
                "Ask for what is, not for what is not.",
            )
        if (d.has("#if") and d.parts & IF_USED) or (d.has("#if") and d.has("#how_many") and "break_even" in d.parts):
            return
        if d.amounts:
            raise refuse("not_understood", f"I do not understand '{d.amounts[0]}' there")
        if d.cost_types and not d.codes and not supposing:
            raise self._by_type()
        if (
            d.has("#pms")
            and d.by is None
            and not d.people
            and not any("manager" in BY_NAME[m].kinds or m == "pm_grand_mean" for m in d.metrics)
            and not self._rows()
        ):
            raise refuse(
                "not_understood",
                "I do not know what is asked of project managers",
                "Ask for the PM scorecard, or for a figure by project manager.",
            )
        if not supposing and d.has("#if", "#reject", "#release", "#faster", "#slower", "#half"):
            raise refuse(
                "not_understood",
                "I cannot suppose that",
                CAN_SUPPOSE,
            )

    def _about_managers(self) -> bool:
        d = self.draft
        managers = d.by == "pm" or (d.has("#pms") and d.by in (None, "pm"))
        plain = set(d.metrics) <= {MARGIN, "pm_score", "pm_mean_margin"} and not d.bounds
        if d.people or d.projects or not plain or d.times.said:
            return False
        if d.has("#scorecard"):
            return True
        judged = d.has("#best", "#worst", "#rank", "#deliver", "#most", "#least", "#top", "#bottom", "#versus")
        return managers and judged and d.supposed.spelled == []

    def _by_type(self) -> Stop:
        """A cost type of a whole job is no figure; its cost codes are."""
        d = self.draft
        keys = [k for s in d.projects for k in s.keys]
        near = (
            Query(kind="list", metric=ACTUAL, scope=keys[0], by="leaf")
            if len(keys) == 1
            else Query(kind="list", metric=ACTUAL, by="code")
        )
        names = " and ".join(TYPE_NAMES.get(t, t) for t in d.cost_types)
        return refuse(
            "not_in_data",
            f"{names} over all cost codes is not summed",
            "Ask for one cost code, or list them.",
            [spoken(near, self.vocabulary)],
        )

    def _not_made(self, query: Query) -> Stop:
        """The metric is not told of such a scope: say of what it is told."""
        metric = BY_NAME[query.metric]
        near = [Query(metric=query.metric, scope=s) for s in ("portfolio", "company")]
        near += [Query(kind="list", metric=query.metric, by=b) for b in ROWS]
        offers = [spoken(q, self.vocabulary) for q in near if told(q)]
        kinds = " or ".join(
            {"leaf": "cost code", "change": "change order", "manager": "project manager"}.get(k, k)
            for k in metric.kinds
        )
        return refuse("not_in_data", f"{metric.label} is told of a {kinds}", offers=offers[:2])
