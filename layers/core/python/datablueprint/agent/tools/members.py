"""Of which members a scope consists, by project, cost code, person or change order; what cannot be listed is said."""

from __future__ import annotations

from collections import Counter

from datablueprint.agent.query import By, Query
from datablueprint.agent.tools.naming import grouped, of_closed_jobs
from datablueprint.desk import Desk
from datablueprint.errors import QuestionError
from datablueprint.metrics import GROUPS, Metric, Project, Scope, scopes
from datablueprint.metrics.scopes import GROUPINGS, PORTFOLIO

ALL = "all"
"""The projects of every state."""


def usual(asked: Metric, scope: str) -> By:
    """How a metric is listed when nothing is said: by project, or by what it is made for."""
    if "manager" in asked.kinds:
        return "pm"
    if asked.kinds == ("change",):
        return "change"
    one_project = scope.partition("/")[0] not in (*GROUPS, *GROUPINGS, ALL, "company")
    if "leaf" in asked.kinds and ("project" not in asked.kinds or one_project):
        return "leaf"
    return "project"


def members(desk: Desk, asked: Metric, query: Query) -> list[Scope]:
    """The scopes to list; QuestionError when the metric is not made for them."""
    by, held = query.by or usual(asked, query.scope), _projects(desk, query.scope)
    _demand(asked, by)
    if of_closed_jobs(query.model_copy(update={"by": by})) and query.scope not in (PORTFOLIO, ALL, "company", "closed"):
        raise QuestionError(f"The {asked.label} by {by} is of all closed jobs; ask it without {query.scope}")
    return _BY[by](desk, asked, query, held) if by in _BY else _groups(desk, asked, query, held, by)


def _demand(asked: Metric, by: By) -> None:
    if by != "pm" and asked.kinds == ("manager",):
        raise QuestionError(f"The {asked.label} is told by project manager only")
    kind = {"project": "project", "leaf": "leaf", "change": "change"}.get(by, "group")
    made = set(asked.kinds) | ({"group"} if asked.over else set()) | ({"group"} if "manager" in asked.kinds else set())
    if kind not in made:
        raise QuestionError(f"There is no {asked.label} by {by}; it is told of: {', '.join(sorted(made))}")
    if by == "code" and "leaf" not in asked.kinds and "group" not in asked.kinds:
        raise QuestionError(f"There is no {asked.label} by cost code; it is told of whole projects")


def _projects(desk: Desk, scope: str) -> list[Project]:
    every = list(desk.measures.projects.values())
    if scope in (ALL, "company"):
        return every
    held = desk.measures.scope(scope)
    return [held.project] if held.project else list(held.members)


def _by_project(desk: Desk, asked: Metric, query: Query, held: list[Project]) -> list[Scope]:
    return [scopes.of_project(project) for project in held]


def _by_leaf(desk: Desk, asked: Metric, query: Query, held: list[Project]) -> list[Scope]:
    code = None if query.scope == ALL else desk.measures.scope(query.scope).code
    places = [(p, c, kind) for p in held for _, c, kind in desk.measures.sums.leaves(p.entity)]
    return [scopes.of_leaf(*place) for place in places if not code or place[1] == code]


def _by_code(desk: Desk, asked: Metric, query: Query, held: list[Project]) -> list[Scope]:
    """Each cost code over a group, or of one project."""
    if query.scope not in GROUPS and (query.scope == ALL or desk.measures.scope(query.scope).project is None):
        raise QuestionError(f"Cost codes are added up over {', '.join(GROUPS)}; list {query.scope} by project instead")
    codes = {code for p in held for _, code, _ in desk.measures.sums.leaves(p.entity)}
    return [desk.measures.scope(f"{query.scope}/{code}") for code in sorted(codes)]


def _by_change(desk: Desk, asked: Metric, query: Query, held: list[Project]) -> list[Scope]:
    """Where two change orders of a project share a number, each is named by its record."""
    found = []
    for project in held:
        numbered = desk.measures.sums.changes(project.entity)
        often = Counter(number for number, _ in numbered)
        found += [
            scopes.of_change(project, record if often[number] > 1 else number, record) for number, record in numbered
        ]
    return found


_BY = {"project": _by_project, "leaf": _by_leaf, "code": _by_code, "change": _by_change}


def _groups(desk: Desk, asked: Metric, query: Query, held: list[Project], by: By) -> list[Scope]:
    """One group per person, customer, contract type or year among the projects of the scope."""
    if "manager" in asked.kinds:
        names = {project.manager or "" for project in desk.measures.projects.values()}
    elif by != "closed-in" and query.scope not in (PORTFOLIO, ALL, "company"):
        raise QuestionError(f"By {by} only active projects are added up; list {query.scope} by project instead")
    elif by == "closed-in":
        names = {str(p.last_cost_on)[:4] for p in desk.measures.projects.values() if p.closed and p.last_cost_on}
    else:
        names = {desk.measures.grouped(project, by) for project in held if project.state == "active"}
    return [desk.measures.group(f"{by}/{name}") for name in sorted(names - {""})]


def short(scope: Scope) -> str:
    """A scope under a bar: a project's number, a cost code, a person."""
    if scope.kind == "project" or scope.leaf or scope.kind == "change":
        return scope.key
    return grouped(scope.key) or scope.key.partition("/")[2] or scope.label
