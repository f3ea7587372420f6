"""The measures of one snapshot and day: estimates, grades, and figures of any metric in any scope it is made for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from threading import RLock, local
from typing import Any, NoReturn, TypeVar

from datablueprint.errors import QuestionError, UnknownFigure
from datablueprint.metrics import formulas, projects, scopes
from datablueprint.metrics.definition import Metric, Missing, Ratio, Told
from datablueprint.metrics.estimates import Estimate, Job, LeafEstimator
from datablueprint.metrics.figures import Figure, unavailable
from datablueprint.metrics.gaps import NO_GAPS, Gaps
from datablueprint.metrics.grades import Grade, Grader, days_of
from datablueprint.metrics.reading import Reading, cited
from datablueprint.metrics.registry import BY_NAME, metric
from datablueprint.metrics.scopes import COMPANY, GROUPS, PORTFOLIO, Project, Scope
from datablueprint.metrics.sums import Sums
from datablueprint.metrics.terms import Term, figure, total
from datablueprint.ports import Query
from datablueprint.settings import Policy
from datablueprint.tables import rows

Row = dict[str, Any]
Made = TypeVar("Made")
GRADING = """
select project, kind, grade, sentence, amount, record_ids
from findings
where grade is not null
order by finding_id
"""
TOLD_BY = "gross_profit_at_completion"
"""Groups sum the projects of which this can be told, so that every sum of a group is over the same projects."""


FIRST_DAY = date(1990, 1, 1)
"""Rules look weeks and years back; no job that can be read is as old."""


class _Open(local):
    """The readings of the rules that run in this thread, the innermost last."""

    def __init__(self) -> None:
        self.readings: list[Reading] = []


class Measures:
    """All figures of one snapshot for one day."""

    def __init__(
        self,
        query: Query,
        snapshot: str,
        *,
        as_of: date,
        policy: Policy,
        known_on: date | None = None,
        gaps: Gaps = NO_GAPS,
    ) -> None:
        """`known_on` is the snapshot's own day (default: as_of); QuestionError for a day after it.

        Contracts, budgets, commitments and forecasts carry no history inside one
        snapshot, so figures of an earlier day get grade C and say so.
        """
        self.known_on = known_on or as_of
        if as_of > self.known_on:
            raise QuestionError(f"Nothing is known of {as_of} yet; the newest day is {self.known_on}")
        if as_of < FIRST_DAY:
            raise QuestionError(f"Nothing is known of {as_of}; ask of {FIRST_DAY} or a later day")
        self.query, self.snapshot, self.as_of, self.policy = query, snapshot, as_of, policy
        self._gaps = gaps
        self.sums = Sums(query, snapshot, as_of)
        self._estimates: dict[str, list[Estimate]] = {}
        self._grades: dict[str, Grade] = {}
        self._figures: dict[tuple[str, str], Figure] = {}
        self._open = _Open()
        self._lock = RLock()
        self._made: dict[Callable[[Measures], Any], Any] = {}

    def figures(self) -> Iterator[Figure]:
        """Every metric of every project, then of the groups that always exist, then of the company."""
        for project in self.projects.values():
            yield from self._every("project", scopes.of_project(project))
        for name in GROUPS:
            yield from self._every("group", self.group(name))
        for name in sorted({p.manager for p in self.projects.values() if p.manager}):
            yield from self._every("manager", self.group(f"pm/{name}"))
        yield from self._every("company", self.company)

    def _every(self, kind: str, scope: Scope) -> Iterator[Figure]:
        for each in BY_NAME.values():
            if kind in each.kinds or (kind == "group" and each.over):
                yield self.figure(each.name, scope)

    def figure(self, name: str, scope: Scope) -> Figure:
        """The figure of a metric in a scope; UnknownFigure when the metric is not made for such a scope."""
        with self._lock:
            held = self._figures.get((name, scope.key))
            if held is None:
                held = self._figures[name, scope.key] = self._told(metric(name), scope)
            if self._open.readings:
                self._open.readings[-1].asked[held.figure_id] = held
            return held

    def project_figure(self, name: str, project: Project) -> Figure:
        return self.figure(name, scopes.of_project(project))

    def portfolio_figure(self, name: str, group: str) -> Figure:
        return self.figure(name, self.group(group))

    def part(self, scope: Scope, name: str) -> Term:
        """Another figure of the same scope as a term that refers to it; Missing when it is unavailable."""
        found = self.figure(name, scope)
        if found.term is None:
            raise Missing(*found.missing)
        if self._open.readings:
            self._open.readings[-1].used[found.figure_id] = found
        return figure(found.figure_id, found.term.value, BY_NAME[name].label)

    def parts(self, scope: Scope, *names: str) -> list[Term]:
        """Several parts at once; Missing names everything that is missing in any of them."""
        missing = [term for name in names for term in self.figure(name, scope).missing]
        if missing:
            raise Missing(*missing)
        return [self.part(scope, name) for name in names]

    def _told(self, asked: Metric, scope: Scope) -> Figure:
        grade = self._grade(scope)
        missing = [term for part, term in self._gaps.missing if part in asked.needs]
        told, reading = None, Reading()
        self._open.readings.append(reading)
        try:
            told = self._tell(asked, scope, reading)
        except Missing as absent:
            missing += absent.terms
        finally:
            self._open.readings.pop()
        if told is None or missing:
            return unavailable(asked, scope, self.as_of, tuple(dict.fromkeys(missing)), grade)
        lowered = tuple(dict.fromkeys((*told.lowered, *reading.lowered(scope))))
        for letter, reason in lowered:
            grade.lower(letter, reason)
        accruals = self._grader.accruals(scope.project.entity) if scope.project else []
        notes = tuple(dict.fromkeys((*told.assumptions, *grade.reasons, *accruals)))
        return Figure(asked, scope, self.as_of, told.term, grade.letter, told.method, notes, lowered=lowered)

    def _tell(self, asked: Metric, scope: Scope, reading: Reading) -> Told:
        """The rule's answer; afterwards the reading holds everything that it rests on."""
        own = scope.kind in asked.kinds
        if own or (scope.manager and "manager" in asked.kinds):
            told = asked.rule(self, scope)
        elif scope.kind == "group" and asked.over:
            told = self._tell_group(asked, scope)
        else:
            self._refuse(asked, scope)
        reading.used |= self._cited(told.term)
        if own and scope.kind == "group":
            notes = (*reading.left_out(scope.members), *self._not_started(scope), self.unassigned_note())
            told = replace(told, assumptions=(*told.assumptions, *filter(None, notes)))
        return told

    def _cited(self, term: Term) -> dict[str, Figure]:
        """The figures of this day in a term, by id."""
        day, found = f"/{self.as_of.isoformat()}", {}
        for figure_id in cited(term):
            name, _, key = figure_id.removesuffix(day).partition("/")
            if figure_id.endswith(day) and (name, key) in self._figures:
                found[figure_id] = self._figures[name, key]
        return dict(sorted(found.items()))

    def _refuse(self, asked: Metric, scope: Scope) -> NoReturn:
        made = ", ".join((*asked.kinds, *(["group"] if asked.over else [])))
        raise UnknownFigure(f"{asked.name} is told of a {made}, not of a {scope.kind} ({scope.key})")

    def _tell_group(self, asked: Metric, scope: Scope) -> Told:
        """Sums over the members whose margin can be told; who is left out is said."""
        told, left_out = self._members(scope)
        if not told:
            raise Missing(f"any of the {scope.label}")
        several = (f"{len(told)} {scope.label}", *left_out, *self.pending_note(asked), self.unassigned_note())
        notes = tuple(note for note in several if note) if not scope.one_job else ()
        if isinstance(asked.over, Ratio):
            parts, absent = self._sums_of_both(asked.over, scope, told)
            if parts[1].value <= 0:
                raise Missing(f"a {BY_NAME[asked.over.denominator].label} above zero")
            return Told(formulas.margin(*parts), "ratio of sums over projects", (*notes, *absent))
        each = [self.figure(asked.name, part) for project in told for part in self._narrowed(project, scope)]
        sums = [figure(f.figure_id, f.term.value, f.label) for f in each if f.term]
        absent = tuple(f"{f.scope} {f.label} is left out: {f.missing[0]} is missing" for f in each if not f.term)
        return Told(total(sums, f"sum over {scope.key}"), "sum of projects", (*notes, *absent))

    def _sums_of_both(self, over: Ratio, scope: Scope, told: list[Project]) -> tuple[list[Term], tuple[str, ...]]:
        """Numerator and denominator over the same members: who lacks one of them is in neither, and is said."""
        names = (over.numerator, over.denominator)
        parts = [part for project in told for part in self._narrowed(project, scope)]
        lacks = {part.key: [t for name in names for t in self.figure(name, part).missing] for part in parts}
        known = [part for part in parts if not lacks[part.key]]
        if len(known) == len(parts):
            return self.parts(scope, *names), ()
        if not known:
            raise Missing(*(terms[0] for terms in lacks.values()))
        absent = tuple(f"{p.key} {p.label} is left out: {lacks[p.key][0]} is missing" for p in parts if lacks[p.key])
        return [total([self.part(p, name) for p in known], f"{name} over {scope.key}") for name in names], absent

    def _narrowed(self, project: Project, scope: Scope) -> Iterable[Scope]:
        """The project itself, or its leaves of the group's cost code."""
        if scope.code is None:
            return [scopes.of_project(project)]
        places = self.sums.leaves(project.entity)
        return [scopes.of_leaf(project, code, kind) for _, code, kind in places if code == scope.code]

    def _members(self, scope: Scope) -> tuple[list[Project], list[str]]:
        told, left_out = [], []
        for project in scope.members:
            known = self.project_figure(TOLD_BY, project)
            if known.term:
                told.append(project)
            else:
                left_out.append(f"{project.key} {project.name} is left out: {known.missing[0]} is missing")
        return told, [*left_out, *self._not_started(scope)]

    def _not_started(self, scope: Scope) -> list[str]:
        waiting = [p for p in self.projects.values() if p.state == "not started"] if scope.key == PORTFOLIO else []
        return [f"{p.key} {p.name} is left out: it has not started" for p in waiting]

    def scope(self, key: str) -> Scope:
        """The scope that a figure id spells; UnknownFigure when nothing in this snapshot is called so."""
        if key == COMPANY:
            return self.company
        if key in GROUPS or key.split("/")[0] in (*GROUPS, *scopes.GROUPINGS):
            return self.group(key)
        first, rest = key, ""
        while first not in self._by_key and "/" in first:
            first, _, last = first.rpartition("/")
            rest = f"{last}/{rest}" if rest else last
        if first in self._by_key:
            project = self._by_key[first]
            return self._within(project, rest) if first != key else scopes.of_project(project)
        raise UnknownFigure(f"No project '{key}' in this snapshot. `datablueprint metric contract_value` lists them.")

    @cached_property
    def _by_key(self) -> dict[str, Project]:
        """Of two projects that have one number, the first."""
        return {project.key: project for project in reversed(self.projects.values())}

    def _within(self, project: Project, rest: str) -> Scope:
        if rest.startswith("change/"):
            for number, record in self.sums.changes(project.entity):
                if rest.removeprefix("change/") in (number, record):
                    return scopes.of_change(project, rest.removeprefix("change/"), record)
        for _, code, kind in self.sums.leaves(project.entity):
            if rest == f"{code}.{kind}":
                return scopes.of_leaf(project, code, kind)
        if any(rest == code for _, code, _ in self.sums.leaves(project.entity)):
            return scopes.of_code(project, rest)
        raise UnknownFigure(f"Project {project.key} has no cost code, cost code and type or change order '{rest}'")

    def group(self, key: str) -> Scope:
        """`portfolio`, `closed`, `portfolio/03-300` (one cost code), `pm/<name>`, `customer/<name>`."""
        first, _, rest = key.partition("/")
        if first in GROUPS:
            state = "active" if first == PORTFOLIO else first.replace("-", " ")
            members = tuple(p for p in self.projects.values() if p.state == state)
            if key != first and not self._has_code(rest):
                raise UnknownFigure(f"No project of this snapshot has the cost code '{rest}'")
            return Scope("group", key, GROUPS[first], members=members, code=rest or None)
        if first == "closed-in":
            ended = tuple(p for p in self.projects.values() if p.closed and str(p.last_cost_on)[:4] == rest)
            return Scope("group", key, f"projects closed in {rest}", members=ended)
        members = tuple(p for p in self.projects.values() if p.state == "active" and self.grouped(p, first) == rest)
        if not members and not any(self.grouped(p, first) == rest for p in self.projects.values()):
            raise UnknownFigure(f"No project of this snapshot has the {first} '{rest}'")
        label = f"jobs of {rest}" if first == "pm" else f"active projects of {rest}"
        return Scope("group", key, label, members=members)

    def _has_code(self, code: str) -> bool:
        return any(code == own for p in self.projects.values() for _, own, _ in self.sums.leaves(p.entity))

    def grouped(self, project: Project, grouping: str) -> str:
        """The name of the group a project is in, by one of `scopes.GROUPINGS`."""
        if grouping == "pm":
            return project.manager or ("shared" if project.managers else "nobody")
        if grouping == "contract-type":
            terms = self.policy.contract_terms.get(project.key)
            return terms.type if terms else "lump_sum"
        return project.customer or "no customer"

    @property
    def company(self) -> Scope:
        return Scope("company", COMPANY, "the company", members=tuple(self.projects.values()))

    def once(self, make: Callable[[Measures], Made]) -> Made:
        """What a family works out of all facts once and its rules share."""
        if make not in self._made:
            self._made[make] = make(self)
        made: Made = self._made[make]
        return made

    def estimates(self, project: Project) -> list[Estimate]:
        """The estimate of each leaf of a project."""
        if project.entity not in self._estimates:
            job = Job(project.closed, project.planned_finish_on, project.cancelled)
            self._estimates[project.entity] = [
                LeafEstimator(self.sums, place, job, self.policy).estimate()
                for place in self.sums.leaves(project.entity)
            ]
        return self._estimates[project.entity]

    def _grade(self, scope: Scope) -> Grade:
        """A copy that a figure may lower further."""
        if scope.project is None:
            return self._company_grade() if scope.kind == "company" else Grade()
        key = scope.project.entity
        if key not in self._grades:
            self._grades[key] = self._project_grade(scope.project)
        return self._grades[key].copy()

    def _project_grade(self, project: Project) -> Grade:
        price = self.sums.project_sum(project.entity, "original_contract", "approved_change").value
        grade = self._grader.project(
            project.entity, price=price, active=project.active_span, estimates=self.estimates(project)
        )
        self._lower_by_age(grade)
        if self.as_of != self.known_on:
            grade.lower("C", f"contracts, budgets, commitments and forecasts are those known on {self.known_on}")
        return grade

    def _company_grade(self) -> Grade:
        grade = self._grader.company()
        self._lower_by_age(grade)
        return grade

    def _lower_by_age(self, grade: Grade) -> None:
        for sentence in self._gaps.stale:
            grade.lower("C", sentence)

    def pending_note(self, asked: Metric) -> tuple[str, ...]:
        return ("pending change orders are not in the contract value",) if "contract" in asked.needs else ()

    def unassigned_note(self) -> str:
        """What no project holds, said next to every portfolio figure."""
        direct = sum((r["amount"] for r in self.sums.unassigned()), Decimal(0))
        parts = ((direct, "direct cost"), (self.sums.jobless_labor(), "labor"))
        said = " and ".join(f"{amount:,.2f} of {what}" for amount, what in parts if amount)
        return f"{said} names no job and is in no project" if said else ""

    @cached_property
    def _grader(self) -> Grader:
        findings = rows(self.query.sql(GRADING, snapshot=self.snapshot))
        days = days_of(findings, self.query, self.snapshot)
        return Grader(findings, self.sums.lowered(), self.sums.unassigned(), days)

    @cached_property
    def projects(self) -> dict[str, Project]:
        """Project entities that hold cost, contract or budget, by entity id, in the order of their numbers."""
        return projects.load(self.query, self.snapshot, self.sums, known_on=self.known_on, policy=self.policy)
