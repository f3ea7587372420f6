"""The projects of a snapshot, each with what all of its records in all systems say of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

from datablueprint.metrics.scopes import Project
from datablueprint.metrics.sums import Sums
from datablueprint.ports import Query
from datablueprint.settings import Policy
from datablueprint.tables import rows

Row = dict[str, Any]
ENTITIES = "select record_id, entity_id from entities where kind = 'project'"
RECORDS = """
select record_id, system, name, number, active, stage, started_on, planned_finish_on, finished_on, parent_name
from projects
"""
ROLES = """
select r.project_record_id, r.role, r.person_name
from project_roles r
where r.active
order by r.record_id
"""


def load(query: Query, snapshot: str, sums: Sums, *, known_on: date, policy: Policy) -> dict[str, Project]:
    """Project entities that hold cost, contract or budget, by entity id, in the order of their numbers."""
    records = {r["record_id"]: r for r in rows(query.sql(RECORDS, snapshot=snapshot))}
    members: dict[str, list[Row]] = defaultdict(list)
    for row in rows(query.sql(ENTITIES, snapshot=snapshot)):
        members[row["entity_id"]].append(records[row["record_id"]])
    managers = _managers(query, snapshot, policy)
    spans, last, signed = sums.cost_dates(), sums.last_cost(known_on), sums.signed_contracts()
    found = []
    for entity in sums.projects():
        if entity in members:
            held = members[entity]
            people = tuple(dict.fromkeys(name for r in held for name in managers[r["record_id"]]))
            one = _project(entity, held, spans.get(entity), last.get(entity), sums.as_of)
            found.append(replace(one, managers=people, signed_contracts=signed.get(entity, 0)))
    numbers = Counter(p.key for p in found)
    unique = [p if numbers[p.key] == 1 else replace(p, key=p.entity) for p in found]
    return {p.entity: p for p in sorted(unique, key=lambda p: (p.key, p.entity))}


def _managers(query: Query, snapshot: str, policy: Policy) -> dict[str, list[str]]:
    wanted = {role.lower() for role in policy.project_manager_roles}
    found: dict[str, list[str]] = defaultdict(list)
    for role in rows(query.sql(ROLES, snapshot=snapshot)):
        if (role["role"] or "").lower() in wanted and role["person_name"]:
            found[role["project_record_id"]].append(role["person_name"])
    return found


def _project(entity: str, held: list[Row], span: Row | None, last: date | None, as_of: date) -> Project:
    lead = next(r for r in held if r["record_id"] == entity)
    closed = _closed(held) and (last is None or as_of >= last)
    days = None
    if span:
        first = min(filter(None, (span["first_on"], lead["started_on"])))
        days = (first, span["last_on"] if closed else as_of)
    return Project(
        entity=entity,
        key=lead["number"] or entity,
        name=lead["name"],
        closed=closed,
        planned_finish_on=lead["planned_finish_on"],
        started_on=lead["started_on"],
        finished_on=lead["finished_on"],
        active_span=days,
        systems=frozenset(r["system"] for r in held),
        last_cost_on=last,
        cancelled=any(r["stage"] == "canceled" for r in held),
        customer=next((r["parent_name"] for r in held if r["parent_name"]), ""),
    )


def _closed(held: list[Row]) -> bool:
    """Closed in Procore (inactive and completed) and in QuickBooks (every linked job inactive)."""
    procore = [r for r in held if r["system"] == "procore"]
    books = [r for r in held if r["system"] == "quickbooks"]
    if not procore:
        return bool(books) and not any(r["active"] for r in books)
    done = all(not r["active"] and r["stage"] == "completed" for r in procore)
    return done and not any(r["active"] for r in books)
