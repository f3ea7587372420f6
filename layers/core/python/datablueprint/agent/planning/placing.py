"""Of what a question asks: the scopes it names, or the question which of several it means."""

from __future__ import annotations

from dataclasses import replace

from datablueprint.agent.plan import Plan
from datablueprint.agent.planning import lexicon
from datablueprint.agent.planning.base import LABOR_NAMES, Base
from datablueprint.agent.planning.reach import made_for, scope_kind
from datablueprint.agent.planning.slots import Slot
from datablueprint.agent.planning.speaking import spoken
from datablueprint.agent.planning.stopping import Stop, clarify, refuse
from datablueprint.agent.query import Query
from datablueprint.metrics import BY_NAME


class Placing(Base):
    """Finds the scopes."""

    def _scopes(self) -> list[str]:
        """One scope, or several to set side by side."""
        d = self.draft
        if d.vendors:
            topic = lexicon.TOPICS["spend with a vendor"]
            raise refuse("not_in_data", f"{topic.because} ({d.vendors[0].said})", topic.fix)
        if d.projects:
            return self._project_scopes()
        people = self._chosen(d.people, "person")
        customers = self._chosen(d.customers, "customer")
        if people and customers:
            raise refuse("not_understood", "it names a project manager and a customer at once")
        if d.by == "contract-type" and len(d.contract_types) > 1:
            d.contract_types = []
        types = [self._contract_type(slot) for slot in d.contract_types]
        named = people or customers or types
        if d.codes:
            return self._code_scopes(bool(named))
        if named:
            return named
        return self._group_scopes()

    def _code_scopes(self, narrowed: bool) -> list[str]:
        """Cost codes over all jobs of a state."""
        d, before = self.draft, self.previous
        self._tell_codes()
        within = before.scope.partition("/")[0] if before and not before.scopes else ""
        wide = narrowed or d.has("#jobs", "#portfolio", "#company")
        if within in self.vocabulary.by_key and not wide:
            return [self._leaf(within, code) for code in d.codes]
        return self._unread(d.codes[0]) if narrowed else [self._narrowed(d.state or "portfolio", c) for c in d.codes]

    def _group_scopes(self) -> list[str]:
        """Where nothing has a name: a state of jobs, the scope before, or the portfolio."""
        d, before = self.draft, self.previous
        year = d.times.year
        if d.state == "closed" and year and not d.times.since:
            d.times.as_of = d.times.period = None
            return [f"closed-in/{year}"]
        if d.state or d.has("#company"):
            return [d.state or "portfolio"]
        if before and not self._widens(before) and not d.has("#portfolio"):
            return list(before.scopes) or [before.scope]
        if d.has("#referring") and not before and not d.has("#jobs", "#our", "#portfolio"):
            raise refuse("not_understood", "I do not know which project is meant", "Name it by its number or name.")
        return ["portfolio"]

    def _widens(self, before: Query) -> bool:
        """After a question about one job: the words ask about many."""
        d = self.draft
        if scope_kind(before.scope) not in ("project", "leaf", "code"):
            return False
        grouped = d.by not in (None, "code", "leaf", "change")
        ranked = d.ordered and d.by is None and before.kind != "rank"
        return grouped or ranked or (d.has("#jobs") and not d.has("#it"))

    def _project_scopes(self) -> list[str]:
        d = self.draft
        keys = [k for slot in d.projects for k in slot.keys]
        if (
            len(d.projects) == 1
            and d.has("#versus")
            and 2 <= len(keys) <= 3
            and (d.numbers in ([], [len(keys)]))
            and all("/" not in k for k in keys)
        ):
            d.numbers = []
            return keys
        unsure = [s for s in d.projects if len(s.keys) > 1 or not s.sure]
        if unsure:
            raise self._which(unsure[0])
        keys = list(dict.fromkeys(keys))
        if (
            len(keys) > 1
            and not d.has("#and", "#versus", "#rank", "#best", "#worst", "#most", "#least")
            and not d.has(",")
        ):
            raise self._which(Slot("project", " ".join(s.said for s in d.projects), tuple(keys)))
        states = {self.vocabulary.by_key[k].state.replace(" ", "-") for k in keys if k in self.vocabulary.by_key}
        if d.state == "closed" and not d.metrics and not d.groups and len(states) == 1 and "closed" not in states:
            self.assumptions.append("whether it is finished is read as percent complete")
            d.metrics, d.state = ["percent_complete"], None
        if (
            d.state
            and d.state not in {"active": "portfolio"}.get(next(iter(states), ""), next(iter(states), ""))
            and len(states) == 1
        ):
            held = next(iter(states))
            raise refuse("not_understood", f"{keys[0]} is {held.replace('-', ' ')}; it is asked about as another", "")
        if d.people and not all(
            p.keys[0].removeprefix("pm/") in self.vocabulary.by_key[k].managers
            for p in d.people
            for k in keys
            if k in self.vocabulary.by_key
        ):
            raise refuse("not_understood", "it names a project and a manager of other projects at once")
        if d.changes and not d.supposed.decision:
            if (
                d.metrics
                and not (d.metrics == ["contract_value"] and "price" in d.parts)
                and any(
                    "change" not in BY_NAME[m].kinds and m not in ("pending_change_orders", "approved_change_orders")
                    for m in d.metrics
                )
            ):
                raise refuse(
                    "not_in_data",
                    "a change order has a price; no other figure is told of it",
                    offers=[
                        spoken(Query(metric="change_order_price", scope=self._change_scope(keys[0])), self.vocabulary)
                    ],
                )
            d.metrics = ["change_order_price"]
            return [self._change_scope(keys[0])]
        if d.codes:
            self._tell_codes()
            return [self._leaf(key, code) for key in keys for code in d.codes]
        return keys

    def _tell_codes(self) -> None:
        """A kind of work that was named otherwise than its cost code is restated."""
        for slot in self.draft.codes:
            name = self.vocabulary.codes.get(slot.keys[0], "")
            if slot.said not in (slot.keys[0], name.lower()) and len(slot.keys) == 1:
                self.assumptions.append(f"'{slot.said}' is read as cost code {slot.keys[0]} {name}")

    def _which(self, slot: Slot) -> Stop:
        """The same question about each project it may mean."""
        readings = []
        for key in slot.keys[:3]:
            other = replace(self.draft, projects=[], people=[], customers=[])
            target = Slot("project", slot.said, (key,)) if not key.startswith(("pm/", "customer/")) else None
            if target:
                other.projects = [
                    target if s is slot or set(slot.keys) >= set(s.keys) else s for s in self.draft.projects
                ]
                other.projects = list(dict.fromkeys(other.projects)) or [target]
            elif key.startswith("pm/"):
                other.people = [Slot("pm", slot.said, (key,))]
            else:
                other.customers = [Slot("customer", slot.said, (key,))]
            label = self.vocabulary.by_key[key].label if key in self.vocabulary.by_key else key.partition("/")[2]
            try:
                readings += [(q, label) for q in type(self)(other, self.vocabulary, self.previous).queries()[:1]]
            except Stop as stop:
                if stop.plan.refusal and len(slot.keys) > 1:
                    continue
                return stop
        if len(readings) == 1 and len(slot.keys) in (2, 3) and slot.sure:
            self.assumptions.append(f"'{slot.said}' is {readings[0][1]}, the only one of that name this can be told of")
            return Stop(Plan(queries=(readings[0][0],), assumptions=tuple(self.assumptions)))
        return (
            clarify("project" if slot.kind != "pm" else "person", readings, self.vocabulary)
            if readings
            else refuse("not_understood", f"I do not know what '{slot.said}' is")
        )

    def _chosen(self, slots: list[Slot], what: str) -> list[str]:
        for slot in slots:
            if len(slot.keys) > 1 or not slot.sure:
                raise self._which(slot)
        return list(dict.fromkeys(s.keys[0] for s in slots))

    def _contract_type(self, slot: Slot) -> str:
        kind = slot.keys[0]
        if kind == "cost_plus":
            held = [t for t in self.vocabulary.contract_types if t.startswith("cost_plus")]
            if len(held) == 1:
                return f"contract-type/{held[0]}"
            raise refuse(
                "not_understood",
                "there are two kinds of cost plus: with a fixed fee and with a percentage",
                "Say which.",
            )
        if kind not in self.vocabulary.contract_types:
            raise refuse("not_in_data", f"no project has a {slot.said} contract")
        return f"contract-type/{kind}"

    def _narrowed(self, group: str, slot: Slot) -> str:
        if len(slot.keys) > 1:
            raise refuse(
                "not_understood",
                f"'{slot.said}' is a cost type or several cost codes across jobs",
                "Name one cost code.",
            )
        return f"{group}/{slot.keys[0]}"

    def _unread(self, slot: Slot) -> list[str]:
        raise refuse(
            "not_in_data",
            f"cost codes of one manager, customer or contract type ('{slot.said}') are not summed",
            "Ask for a project, or for all active projects.",
        )

    def _change_scope(self, key: str) -> str:
        return f"{key}/change/{self._number(key, self.draft.changes[0].keys[0])}"

    def _number(self, key: str, said: str) -> str:
        """A change order's number as the project writes it."""
        held = self.vocabulary.changes.get(key, {})
        same = [
            n
            for n in held
            if n.lstrip("0").lower() == said.lstrip("0").lower()
            or n.lower().rpartition("-")[2].lstrip("0") == said.lstrip("0")
        ]
        if len(same) != 1:
            there = ", ".join(held) or "none"
            raise refuse("not_in_data", f"{key} has no change order {said}; there are: {there}")
        return same[0]

    def _leaf(self, key: str, slot: Slot) -> str:
        """One cost code and type of a project; several types are asked back."""
        code = slot.keys[0]
        types = self.vocabulary.types_of(key, code)
        labor = self._labor() or any(LABOR_NAMES.search(m) for m in self.draft.metrics)
        said = [t for t in (*slot.keys[1:], *self.draft.cost_types, *(["L"] if labor else [])) if t in types]
        if not types:
            raise refuse("not_in_data", f"{key} has no cost code {code} {self.vocabulary.codes.get(code, '')}".strip())
        if self.draft.cost_types and not said:
            raise refuse("not_in_data", f"{code} of {key} has no such cost type; it has {', '.join(types)}")
        named = self.draft.metrics or ([self.previous.metric] if self.previous else [])
        metrics = [BY_NAME[m] for m in named if m in BY_NAME]
        if not said and metrics and all(made_for(m, "code") for m in metrics):
            return f"{key}/{code}"
        chosen = said or list(types)
        if len(set(chosen)) == 1:
            return f"{key}/{code}.{chosen[0]}"
        return f"{key}/{code}"

    def _labor(self) -> bool:
        return "labor" in self.draft.parts or "hours" in self.draft.parts or "burden" in self.draft.parts
