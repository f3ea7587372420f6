"""What a figure is of: a project, a leaf or change order of it, a group of projects, or the company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from datablueprint.metrics.definition import Kind

PORTFOLIO, COMPANY = "portfolio", "company"
GROUPS = {PORTFOLIO: "active projects", "not-started": "projects not started", "closed": "closed projects"}
"""Groups that always exist; others are made by a grouping, e.g. `pm/Dana Reyes`."""
GROUPINGS = ("pm", "customer", "contract-type", "closed-in")


@dataclass(frozen=True)
class Project:
    """A project entity with what its records say of it."""

    entity: str
    key: str
    name: str
    closed: bool
    planned_finish_on: date | None
    started_on: date | None
    finished_on: date | None
    active_span: tuple[date, date] | None
    customer: str = ""
    managers: tuple[str, ...] = ()
    """People in a project manager's role; a job with several is shared."""
    signed_contracts: int = 0
    systems: frozenset[str] = frozenset()
    """Which systems know it."""
    last_cost_on: date | None = None
    cancelled: bool = False
    """Terminated before it was done."""

    @property
    def state(self) -> str:
        return "closed" if self.closed else "active" if self.active_span else "not started"

    @property
    def manager(self) -> str | None:
        """The one person whose job it is."""
        return self.managers[0] if len(self.managers) == 1 else None


Leaf = tuple[str, str]
"""Cost code and cost type within a project."""


@dataclass(frozen=True)
class Scope:
    """`key` is how figure ids spell it; which of the other fields are set depends on `kind`."""

    kind: Kind
    key: str
    label: str
    project: Project | None = None
    leaf: Leaf | None = None
    change: str | None = None
    """Record id of the change order."""
    members: tuple[Project, ...] = ()
    """Of a group."""
    code: str | None = None
    """A group narrowed to one cost code: `portfolio/03-300`, or `24-017/03-300` for all its cost types."""

    @property
    def one_job(self) -> bool:
        """One cost code of one project, all its types."""
        return (
            self.kind == "group"
            and self.code is not None
            and len(self.members) == 1
            and self.key == f"{self.members[0].key}/{self.code}"
        )

    @property
    def manager(self) -> str | None:
        """The project manager of a group `pm/<name>`."""
        return self.key.removeprefix("pm/") if self.kind == "group" and self.key.startswith("pm/") else None

    @property
    def job(self) -> Project:
        """The project of a project, leaf or change scope."""
        assert self.project is not None  # rules are only called with scopes of their kinds
        return self.project

    @property
    def place(self) -> tuple[str, str, str]:
        assert self.leaf is not None  # as above
        return self.job.entity, *self.leaf


def of_project(project: Project) -> Scope:
    return Scope("project", project.key, project.name, project)


def of_leaf(project: Project, code: str, kind: str) -> Scope:
    return Scope("leaf", f"{project.key}/{code}.{kind}", f"{project.name}, {code} {kind}", project, (code, kind))


def of_code(project: Project, code: str) -> Scope:
    """All cost types of one code: a group of one project, narrowed."""
    label = f"{project.name}, {code}"
    return Scope("group", f"{project.key}/{code}", label, members=(project,), code=code)


def of_change(project: Project, number: str, record_id: str) -> Scope:
    label = f"{project.name}, change order {number}"
    return Scope("change", f"{project.key}/change/{number}", label, project, change=record_id)


def of_changes(project: Project, numbered: Sequence[tuple[str, str]]) -> list[Scope]:
    """Of each number and record; where two share a number, each is named by its record."""
    often = Counter(number for number, _ in numbered)
    return [of_change(project, record if often[number] > 1 else number, record) for number, record in numbered]
