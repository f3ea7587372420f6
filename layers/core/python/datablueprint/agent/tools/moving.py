"""What moved a sum: each part's own change, and what came into it or left it, so that they add up to the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from datablueprint.agent.results import Driver
from datablueprint.errors import QuestionError
from datablueprint.formats import moved, unit_of
from datablueprint.metrics import Measures, Metric, Scope, scopes
from datablueprint.references import Reference

if TYPE_CHECKING:
    from datablueprint.agent.tools.bench import Bench
    from datablueprint.desk import Desk

OTHERWISE = "changes that belong to no one of these"


@dataclass(frozen=True)
class Between:
    """A metric on two days; `ref` is its change."""

    ref: Reference
    earlier: Desk
    later: Desk
    metric: Metric

    def value(self, measures: Measures, scope: Scope | None) -> Decimal:
        """Of a part on one of the days; zero where it is not there or cannot be told."""
        found = measures.figure(self.metric.name, scope) if scope else None
        return (found.value if found else None) or Decimal(0)


Parts = dict[str, tuple[Scope | None, Scope | None]]
"""Each part as it was and as it is, by an id that does not change."""


def parts_moved(bench: Bench, between: Between, scope: Scope, whole: Decimal) -> list[Driver]:
    """Changes of the projects of a group, or of the cost codes of a project, that sum to the change of the whole."""
    parts = _projects(between, scope) if scope.kind == "group" and not scope.code else _leaves(between, scope)
    found = list(_moved(bench, between, parts)) if len(parts) > 1 else []
    rest = whole - sum((one.value for one in found), Decimal(0))
    if found and rest:
        unit = unit_of(between.metric)
        found.append(Driver(label=OTHERWISE, value=rest, unit=unit, shown=moved(rest, unit)))
    return found


def _projects(between: Between, scope: Scope) -> Parts:
    try:
        before = between.earlier.measures.scope(scope.key).members
    except QuestionError:  # there was no such group yet
        before = ()
    was = {project.entity: scopes.of_project(project) for project in before}
    now = {project.entity: scopes.of_project(project) for project in scope.members}
    return {entity: (was.get(entity), now.get(entity)) for entity in dict.fromkeys((*now, *was))}


def _leaves(between: Between, scope: Scope) -> Parts:
    """Cost codes and types of one project."""
    project = scope.project if scope.kind == "project" else None
    earlier = between.earlier.measures.projects.get(project.entity) if project else None
    if project is None or earlier is None or "leaf" not in between.metric.kinds:
        return {}
    was = {f"{code}.{kind}": scopes.of_leaf(earlier, code, kind) for _, code, kind in
           between.earlier.measures.sums.leaves(earlier.entity)}  # fmt: skip
    now = {f"{code}.{kind}": scopes.of_leaf(project, code, kind) for _, code, kind in
           between.later.measures.sums.leaves(project.entity)}  # fmt: skip
    return {place: (was.get(place), now.get(place)) for place in dict.fromkeys((*now, *was))}


def _moved(bench: Bench, between: Between, parts: Parts) -> Iterator[Driver]:
    unit = unit_of(between.metric)
    for was, now in parts.values():
        there = now or was
        value = between.value(between.later.measures, now) - between.value(between.earlier.measures, was)
        if there is None or not value:
            continue
        label = bench.names.within(there.key, between.ref.scope)
        if was and now and _told(between, was, now):
            cell = bench.referred(replace(between.ref, scope=now.key))
            if cell.value is None:  # withheld: the change of the whole says so
                continue
            yield Driver(label=label, value=cell.value, unit=cell.unit, shown=cell.shown, ref=cell.ref)
        else:
            joined = "newly in" if now and not was else "no longer in" if was and not now else "newly told"
            yield Driver(label=f"{label}, {joined}", value=value, unit=unit, shown=moved(value, unit))


def _told(between: Between, was: Scope, now: Scope) -> bool:
    """Whether it has a value on both days."""
    name = between.metric.name
    return bool(between.earlier.measures.figure(name, was).term and between.later.measures.figure(name, now).term)
