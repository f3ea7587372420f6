"""Which figure a question names, or what it most likely means by none."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from datablueprint.agent.planning import meanings
from datablueprint.agent.planning.base import MARGIN, PROFIT
from datablueprint.agent.planning.drafting import FREE
from datablueprint.agent.planning.following_up import fragment_metric
from datablueprint.agent.planning.meanings import EXACT
from datablueprint.agent.planning.reach import scope_kind, told
from datablueprint.agent.planning.shaping import Shaping
from datablueprint.agent.planning.speaking import spoken
from datablueprint.agent.planning.stopping import Stop, clarify, refuse
from datablueprint.agent.planning.times import CHANGING
from datablueprint.agent.query import Query
from datablueprint.metrics import BY_NAME

SAY = "Say margin, profit, cost, backlog, ..."


OWED = frozenset(["retainage_receivable"])
"""What customers hold or owe: 'who' asks which of them."""


class Naming(Shaping):
    """Finds the metrics."""

    def _metrics(self, scopes: list[str]) -> list[str]:
        """The metrics that were named; Stop with a question back or a refusal where none is sure."""
        d = self.draft
        said: frozenset[str] = frozenset().union(*d.groups)
        self._demand_no_pay()
        found = self._named(scopes)
        if d.who and d.by is None and found and set(found) <= OWED:
            d.by = "customer"
        if any(BY_NAME[m].kinds == ("manager",) for m in found) and scopes[0] in ("portfolio", "closed"):
            scopes[:] = ["company"]
        if found:
            return found
        turned = self._turned(said)
        if turned:
            return [turned]
        if not (said - FREE):
            return [self._unnamed(scopes, said)]
        alone = self._alone(said) or self._beside_a_code(said) or self._made_or_make(said, scopes)
        if alone:
            return [alone]
        raise self._which_metric(said, scopes)

    def _demand_no_pay(self) -> None:
        """What one person is paid is not told."""
        d = self.draft
        rest = frozenset().union(*d.groups) - FREE
        paid = bool(rest) and rest <= {"paid", "per_hour", "rate", "wages"}
        if d.people and (paid or d.has("#paid")) and not d.has("#jobs", "#job"):
            raise refuse(
                "personal",
                "what a person is paid is not told",
                "Ask for the labor cost or hours of a job.",
                [spoken(Query(metric="labor_cost"), self.vocabulary)],
            )

    def _named(self, scopes: list[str]) -> list[str]:
        d, before = self.draft, self.previous
        if before and "overhead" not in d.parts and (based := fragment_metric(frozenset(), before, d.parts)):
            return [based]
        if d.metrics == [PROFIT] and d.bounds and d.bounds[0].unit == "percent" and d.bounds[0].value:
            self.assumptions.append("a profit in percent is read as gross margin at completion")
            d.metrics = [MARGIN]
        found = list(dict.fromkeys(self._scoped(m, scopes) for m in d.metrics))
        if before and len(found) == 1 and d.has("#referring"):
            return [meanings.within(found[0], before.metric) or found[0]]
        return found

    def _turned(self, said: frozenset[str]) -> str | None:
        """What a fragment makes of the metric before."""
        if self.previous is None:
            return None
        return fragment_metric(said - {"money"} if len(said) > 1 else said, self.previous)

    def _alone(self, said: frozenset[str]) -> str | None:
        """Half a name that only one figure can be meant by, as the rest of the question says."""
        d, rest = self.draft, said - FREE
        month = d.times.period is not None and d.times.period.said == "month"
        if rest == {"net"} and "money" in said:
            return "net_profit_at_completion"
        if rest == {"net"} and (d.ordered or self.previous):
            self.assumptions.append("net is read as net margin at completion")
            return "net_margin_at_completion"
        if rest == {"budget"} and (d.named or d.by or d.has("#jobs", "#which", "#all", "#portfolio")):
            self.assumptions.append("the budget is read as the current one, with its revisions")
            return "revised_budget"
        if rest == {"gross"} and d.bounds and d.bounds[0].unit == "percent":
            return MARGIN
        if "overhead" in rest and rest <= {"overhead", "cost"} and month and not d.named:
            return "overhead_pool"
        return None

    def _beside_a_code(self, said: frozenset[str]) -> str | None:
        if not self.draft.codes:
            return None
        if said - FREE == {"original"}:
            return "original_budget"
        return meanings.metric_of(said - {"labor"}) if "labor" in said else None

    def _which_metric(self, said: frozenset[str], scopes: list[str]) -> Stop:
        near = meanings.nearly(said)
        if said - FREE == {"revenue"}:
            near = ("contract_value",) if "at_completion" in said else ("earned_revenue", "contract_value")
        readings = [(q, BY_NAME[m].label) for m in near for q in self._maybe(m, scopes)]
        readings = readings or [(q, BY_NAME[m].label) for m in meanings.closest(said) for q in self._maybe(m, scopes)]
        if readings:
            return clarify("metric", readings, self.vocabulary)
        words = ", ".join(sorted(said - FREE)).replace("_", " ").replace(EXACT, "")
        return refuse("not_understood", f"I know no figure that is all of: {words}")

    def _maybe(self, metric: str, scopes: list[str]) -> list[Query]:
        try:
            query = self._shaped(self._scoped(metric, scopes), scopes)
        except Stop:
            return []
        return [query] if told(query) else []

    def _scoped(self, metric: str, scopes: list[str]) -> str:
        """Some names mean another figure for a project or a manager than for the company."""
        d = self.draft
        if metric == "margin_fade" and d.has("#worst") and d.has("#pms") and not d.has("#jobs", "#job"):
            d.by = "pm"
            return "pm_worst_fade"
        kinds = {scope_kind(s) for s in scopes}
        of_jobs = kinds == {"project"} or (self._rows() and d.by in (None, "project"))
        if metric == "cash_balance" and of_jobs:
            return "job_cash"
        if metric == "burden_rate" and d.has("#company"):
            return "standard_burden_rate"
        if kinds == {"manager"} or d.by == "pm" or (metric == "pm_grand_mean" and d.bounds and d.who):
            return self._of_managers(metric, kinds)
        if metric == "pm_grand_mean" and not d.has("#closed") and "=pm_grand_mean" not in d.parts:
            near = [Query(metric=MARGIN, scope=s, **self._days()) for s in scopes]
            near.append(Query(metric=metric, scope="company"))
            raise clarify("metric", [(q, BY_NAME[q.metric].label) for q in near], self.vocabulary)
        return self._of_codes(metric)

    def _of_managers(self, metric: str, kinds: AbstractSet[str]) -> str:
        d = self.draft
        if metric == "margin_fade" and d.by == "pm" and d.has("#worst") and not d.has("#jobs"):
            return "pm_worst_fade"
        if metric == "pm_grand_mean" and d.bounds and d.by is None:
            d.by = "pm"
        if metric == "margin_fade" and kinds == {"manager"} and d.has("#worst") and not d.has("#jobs", "#which"):
            d.metrics = ["pm_worst_fade"]
            return "pm_worst_fade"
        return {"pm_grand_mean": "pm_mean_margin", "expected_margin": "pm_weighted_margin"}.get(metric, metric)

    def _of_codes(self, metric: str) -> str:
        """Of cost codes a loss is an erosion."""
        d = self.draft
        coded = d.by in ("code", "leaf") or bool(d.codes) or "cost_code" in d.parts
        if "netting" in d.parts and metric in ("cost_code_erosion", PROFIT):
            return "gross_cost_code_erosion"
        if "loss" in d.parts and metric in (PROFIT, MARGIN) and coded:
            return "cost_code_erosion"
        if metric in ("margin_fade", "gross_profit_fade") and d.by in ("code", "leaf"):
            return "cost_code_erosion"
        if metric in ("margin_fade", "gross_profit_fade") and "cost_code" in d.parts and d.by is None:
            return "fade_from_codes"
        return metric

    def _unnamed(self, scopes: list[str], said: frozenset[str]) -> str:
        """The figure that is meant where none was named, with the assumption said."""
        d = self.draft
        if d.bounds and d.bounds[0].unit == "percent" and d.has("#jobs") and not (said - {"at_completion"}):
            self.assumptions.append("no figure was named: gross margin at completion is bounded")
            return MARGIN
        if self.previous and self.previous.metric:
            return self._same_again(self.previous.metric, said)
        if "percent" in said and not d.named:
            raise refuse("not_understood", "it does not say of what the percentage is")
        found = self._by_form(said)
        if found:
            return found
        if said & {"to_date"} or d.has("#most", "#least", "#top", "#bottom", "#which", "#how_many", "#list"):
            raise refuse("not_understood", "I do not know which figure to tell; name one", SAY)
        if (d.projects or d.people or d.customers or d.contract_types) and d.bare:
            self.assumptions.append("no figure was named: gross margin at completion is shown")
            return MARGIN
        if d.codes and d.bare:
            self.assumptions.append("no figure was named: cost code erosion is shown")
            return "cost_code_erosion"
        raise refuse("not_understood", "it names no figure", SAY)

    def _same_again(self, metric: str, said: frozenset[str]) -> str:
        unit = BY_NAME[metric].unit
        if ("percent" in said and unit != "ratio") or ("money" in said and not unit.startswith("money")):
            raise refuse("not_understood", f"{BY_NAME[metric].label} is not told in that unit")
        return metric

    def _by_form(self, said: frozenset[str]) -> str | None:
        """What the form of a question says about the figure it leaves out."""
        d = self.draft
        if d.people and d.has("#how_many") and d.has("#closed") and d.has("#jobs", "#job"):
            return "pm_jobs"
        if d.supposed.spelled or d.supposed.decision:
            if "release contingency" in d.supposed.spelled or d.has("#money_end"):
                self.assumptions.append("no figure was named: gross profit at completion is shown")
                return PROFIT
            self.assumptions.append("no figure was named: gross margin at completion is shown")
            return MARGIN
        sized = d.has("#jobs", "#job", "#customers") or d.by == "customer"
        if d.has("#most", "#least") and sized and not (d.people or d.projects):
            self.assumptions.append("the size of a job or customer is read as contract value")
            return "contract_value"
        if d.changes:
            return "change_order_price"
        if d.by == "code" or "cost_code" in d.parts:
            self.assumptions.append("no figure was named: cost code erosion is shown")
            return "cost_code_erosion"
        changing = d.has(*CHANGING) and (d.named or d.times.said)
        if changing or d.has("#worst", "#best", "#doing", "#deliver", "#rank"):
            self.assumptions.append("read as gross margin at completion")
            return MARGIN
        return None

    def _made_or_make(self, said: frozenset[str], scopes: list[str]) -> str | None:
        """'What will we make' is a margin; how much, or who makes most, is a profit."""
        d = self.draft
        rest = said - FREE
        if rest <= {"make", "made"} and d.people and not d.has("#jobs", "#job"):
            raise refuse(
                "personal",
                "what a person earns is not told",
                "Ask for the margin of the jobs of a project manager.",
                [spoken(Query(metric=MARGIN, scope=d.people[0].keys[0]), self.vocabulary)],
            )
        if rest == {"make"} or rest == {"make", "made"}:
            past = not (d.supposed.spelled or d.supposed.decision) and (
                "to_date" in said or d.has("#was", "#have") or d.times.period is not None
            )
            if past and not self._over(scopes):
                raise self._past(scopes)
            how_much = d.has("#how_many", "#most", "#least", "#top", "#bottom", "#how_much")
            money = past or how_much or "money" in said
            self.assumptions.append(
                "read as gross profit at completion, before overhead" if money else "read as gross margin at completion"
            )
            return PROFIT if money else MARGIN
        if rest == {"made"}:
            if not self._over(scopes) and not d.ordered:
                raise self._past(scopes)
            self.assumptions.append("read as gross profit at completion, before overhead")
            return PROFIT
        return None

    def _over(self, scopes: list[str]) -> bool:
        """The work is done: what was made is what is made at completion."""
        states = [self.vocabulary.by_key[s].state for s in scopes if s in self.vocabulary.by_key]
        return (bool(states) and set(states) == {"closed"}) or all(
            s.split("/")[0] in ("closed", "closed-in") for s in scopes
        )

    def _past(self, scopes: list[str]) -> Stop:
        readings = [
            (Query(metric=m, scope=scopes[0], **self._days()), BY_NAME[m].label)
            for m in ("earned_gross_profit", PROFIT)
        ]
        return clarify("metric", readings, self.vocabulary)
