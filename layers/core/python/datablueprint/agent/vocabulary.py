"""The names that exist in one snapshot: what a question may mean, and nothing it could be talked into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from datablueprint.tables import rows

if TYPE_CHECKING:
    from datablueprint.agent.names import Index
    from datablueprint.metrics import Measures

CONTRACT_TYPES = {
    "lump_sum": "lump sum",
    "unit_price": "unit price",
    "time_and_materials": "time and materials",
    "cost_plus_fixed_fee": "cost plus fixed fee",
    "cost_plus_percent": "cost plus a percentage",
    "gmp": "guaranteed maximum price",
}
"""Contract types as figure ids spell them, and in words."""

SPELLINGS = """
select e.entity_id, p.name
from projects p join entities e on e.record_id = p.record_id
where e.kind = 'project' and p.name is not null
order by e.entity_id, p.record_id
"""
CODES = "select distinct code, name from cost_codes where system = 'procore' and code is not null and name is not null"
VENDORS = "select distinct name from vendors where name is not null"
CHANGES = """
select distinct f.project, c.number, c.status
from facts f join change_orders c on c.record_id = f.subject
where f.measure in ('approved_change', 'pending_change', 'rejected_change') and f.project is not null
  and f.rule <> 'D12' and c.number is not null
"""


@dataclass(frozen=True)
class ProjectName:
    """A project that a question may mean; `aliases` are other systems' spellings of its name."""

    key: str
    name: str
    state: str = "active"
    customer: str = ""
    managers: tuple[str, ...] = ()
    contract_type: str = "lump_sum"
    aliases: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.key} {self.name}"


@dataclass(frozen=True)
class Vocabulary:
    """Everything that has a name in a snapshot. Built once per desk; `plan` reads it and nothing else."""

    projects: tuple[ProjectName, ...]
    managers: tuple[str, ...] = ()
    customers: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    """Name of each cost code."""
    leaves: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)
    """Cost codes and cost types per project key."""
    changes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Status of each owner change order by number, per project key."""
    newest: date = date.max
    """The newest day figures can be of: 'today' of every question."""
    oldest_known: date = date.min
    """Day of the oldest kept snapshot; what was known before it is gone."""

    @classmethod
    def of(cls, desk: Desk) -> Vocabulary:
        """From a desk's records; one statement per kind of name."""
        return _gathered(desk)

    @cached_property
    def index(self) -> Index:
        """Names by their words, made once."""
        from datablueprint.agent.names import Index

        return Index(self)

    @cached_property
    def by_key(self) -> Mapping[str, ProjectName]:
        return {p.key: p for p in self.projects}

    @property
    def contract_types(self) -> tuple[str, ...]:
        """Those some project has."""
        return tuple(dict.fromkeys(p.contract_type for p in self.projects))

    def pending(self, project: str) -> tuple[str, ...]:
        """Numbers of a project's change orders that are not decided."""
        return tuple(n for n, status in sorted(self.changes.get(project, {}).items()) if status == "pending")

    def types_of(self, project: str, code: str) -> tuple[str, ...]:
        """Cost types of one cost code within a project."""
        return tuple(sorted(kind for held, kind in self.leaves.get(project, ()) if held == code))


class Desk(Protocol):
    """What naming needs of one pinned snapshot."""

    @property
    def measures(self) -> Measures: ...
    @property
    def as_of(self) -> date: ...
    @property
    def snapshot(self) -> str: ...


def _gathered(desk: Desk) -> Vocabulary:
    measures = desk.measures

    def read(sql: str) -> list[dict[str, Any]]:
        return rows(measures.query.sql(sql, snapshot=desk.snapshot))

    spelled: dict[str, list[str]] = defaultdict(list)
    for row in read(SPELLINGS):
        spelled[row["entity_id"]].append(row["name"])
    key_of = {p.entity: p.key for p in measures.projects.values()}
    changes: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read(CHANGES):
        if row["project"] in key_of:
            changes[key_of[row["project"]]][row["number"]] = row["status"]
    projects = tuple(
        ProjectName(
            p.key,
            p.name,
            p.state,
            p.customer,
            p.managers,
            measures.grouped(p, "contract-type"),
            tuple(n for n in dict.fromkeys(spelled[p.entity]) if n != p.name),
        )
        for p in measures.projects.values()
    )
    return Vocabulary(
        projects=projects,
        managers=tuple(sorted({m for p in projects for m in p.managers})),
        customers=tuple(sorted({p.customer for p in projects if p.customer})),
        vendors=tuple(sorted(row["name"] for row in read(VENDORS))),
        codes={row["code"]: row["name"] for row in sorted(read(CODES), key=lambda r: (r["code"], r["name"]))},
        leaves={
            p.key: frozenset((code, kind) for _, code, kind in measures.sums.leaves(p.entity))
            for p in measures.projects.values()
        },
        changes=changes,
        newest=desk.as_of,
        oldest_known=_oldest(desk),
    )


def _oldest(desk: Desk) -> date:
    """Day of the oldest snapshot that is kept, where the desk can tell."""
    oldest = getattr(desk, "oldest_known", None)
    return oldest if isinstance(oldest, date) else date.min
