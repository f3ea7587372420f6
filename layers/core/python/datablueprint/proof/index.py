"""Which counted facts a selection names, found without any code of the rooms that made the selection.

Part of the checker. Facts are kept by measure, by leaf, and in the order of
their days, so that a selection looks at few that it does not name.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import date
from functools import cached_property
from typing import Any

from datablueprint.proof.readd import Facts, Row
from datablueprint.proof.tree import FILTERS

Leaf = tuple[Any, ...]
"""Project, code and type."""


class FactIndex:
    """The counted facts of one snapshot; each selection is worked out once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._held: dict[str | None, _Held] = {}
        self._chosen: dict[Hashable, list[Row]] = {}

    @cached_property
    def projects(self) -> list[str]:
        return sorted(self._facts.projects())

    def selected(self, select: Row) -> list[Row]:
        """The counted facts a selection names, the undated first, then by day; of a measure after another."""
        key = frozen(select)
        if key not in self._chosen:
            self._chosen[key] = self._select(select)
        return self._chosen[key]

    def _select(self, select: Row) -> list[Row]:
        project = select.get("project")
        if project == "*":
            return [f for p in self.projects for f in self.selected({**select, "project": p})]
        if project not in self._held:
            self._held[project] = _Held(self._facts.of_project(project))
        near = (fact for dated in self._held[project].near(select) for fact in dated.within(select))
        return [fact for fact in near if _belongs(fact, select)]


class _Held:
    """The counted facts of one project, by measure and by measure and leaf."""

    def __init__(self, facts: Iterable[Row]) -> None:
        by_measure: dict[str, list[Row]] = defaultdict(list)
        for fact in facts:
            if fact["state"] == "counted":
                by_measure[fact["measure"]].append(fact)
        self._by_measure = {measure: _Dated(held) for measure, held in by_measure.items()}
        self._by_leaf: dict[str, dict[Leaf, _Dated]] = {}

    def near(self, select: Row) -> Iterable[_Dated]:
        """Facts of its measures; of its leaf alone when it names one."""
        measures = (measure for measure in select["measures"] if measure in self._by_measure)
        if not all(isinstance(select.get(name), str) for name in ("cost_code", "cost_type")):
            return [self._by_measure[measure] for measure in measures]
        found = (self._leaves(measure).get(leaf_of(select)) for measure in measures)
        return [dated for dated in found if dated]

    def _leaves(self, measure: str) -> dict[Leaf, _Dated]:
        if measure not in self._by_leaf:
            found: dict[Leaf, list[Row]] = defaultdict(list)
            for fact in self._by_measure[measure].facts:
                found[leaf_of(fact)].append(fact)
            self._by_leaf[measure] = {leaf: _Dated(held) for leaf, held in found.items()}
        return self._by_leaf[measure]


class _Dated:
    """Facts in the order of their days; those without a day belong to every span that has no beginning."""

    def __init__(self, facts: list[Row]) -> None:
        self._undated = [f for f in facts if f["accounting_on"] is None]
        self._facts = sorted((f for f in facts if f["accounting_on"] is not None), key=lambda f: f["accounting_on"])
        self._days: list[date] = [f["accounting_on"] for f in self._facts]

    @property
    def facts(self) -> list[Row]:
        return [*self._undated, *self._facts]

    def within(self, select: Row) -> list[Row]:
        """After one day (exclusive) and until another (inclusive)."""
        first, last, undated = 0, len(self._days), self._undated
        if "after" in select:
            first, undated = bisect_right(self._days, date.fromisoformat(select["after"])), []
        if "until" in select:
            last = bisect_right(self._days, date.fromisoformat(select["until"]))
        return [*undated, *self._facts[first:last]]


def frozen(value: Any) -> Hashable:
    """JSON as something that a dictionary can be asked for: equal values give equal keys, whatever their order."""
    if isinstance(value, dict):
        return tuple(sorted((name, frozen(held)) for name, held in value.items()))
    return ("list", *map(frozen, value)) if isinstance(value, (list, tuple)) else value


def leaf_of(place: Row) -> Leaf:
    """Project, code and type of a fact or of a selection."""
    return place.get("project"), place.get("cost_code"), place.get("cost_type") or "O"


def _belongs(fact: Row, select: Row) -> bool:
    for name in FILTERS & select.keys():
        if not _is(fact[name] or ("O" if name == "cost_type" else None), select[name]):
            return False
    contract = select.get("contract")
    if contract == "any":
        return fact["contract_record_id"] is not None
    return contract is None or bool(fact["contract_record_id"] == contract)


def _is(held: Any, wanted: Any) -> bool:
    return held in wanted if isinstance(wanted, list) else bool(held == wanted)
