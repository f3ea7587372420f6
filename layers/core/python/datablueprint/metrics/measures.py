"""Margin at completion of every project and of the portfolio: money adds, ratios are recomputed from the sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from datablueprint.errors import QuestionError
from datablueprint.metrics import formulas
from datablueprint.metrics.estimates import Estimate, Job, LeafEstimator
from datablueprint.metrics.figures import PORTFOLIO, Figure, figure_id, unavailable
from datablueprint.metrics.grades import Grade, Grader
from datablueprint.metrics.registry import BY_NAME
from datablueprint.metrics.sums import LEAF_MEASURES, Sums
from datablueprint.metrics.terms import Term, figure, total
from datablueprint.ports import Query
from datablueprint.settings import Policy
from datablueprint.tables import rows

Row = dict[str, Any]
PORTFOLIOS = {PORTFOLIO: "active projects", "closed": "closed projects"}
GRADING = "select project, grade, sentence from findings where grade is not null order by finding_id"
PROJECT_ENTITIES = "select record_id, entity_id from entities where kind = 'project'"
PROJECT_RECORDS = """
select record_id, system, name, number, active, stage, started_on, planned_finish_on, finished_on
from projects
"""
COST_METRICS = (
    "actual_cost",
    "estimated_cost_at_completion",
    "gross_profit_at_completion",
    "gross_margin_at_completion",
)
NEEDS = {
    "contract": ("contract_value", "gross_profit_at_completion", "gross_margin_at_completion"),
    "budget": COST_METRICS[1:],
    "cost": COST_METRICS,
}
"""Which metrics cannot be told without which part of the data."""
PLAN = ("original_budget", "commitment", "forecast_to_complete")
REQUIRED = "contract value (a signed prime contract in Procore)"


@dataclass(frozen=True)
class Gaps:
    """What the refresh could not read. `missing`: part of NEEDS and its name; `stale`: sentences."""

    missing: tuple[tuple[str, str], ...] = ()
    stale: tuple[str, ...] = ()

    @classmethod
    def of(cls, sources: Iterable[str], freshness: Mapping[str, Mapping[str, Any]]) -> Gaps:
        """From the configured sources and what refreshes said of each: one never read leaves a part missing."""
        missing, stale = [], []
        for source in sources:
            told = freshness.get(source)
            if told is None or not told.get("read_at"):
                missing += [(part, f"{SOURCE_PARTS[part]} ({source} was never read)") for part in _parts(source)]
            elif told.get("stale"):
                stale.append(f"{source} is as of {told['read_at'][:10]}: {told.get('error')}")
        return cls(tuple(missing), tuple(stale))


NO_GAPS = Gaps()
SOURCE_PARTS = {"contract": "contract value", "budget": "budget", "cost": "posted cost"}


def _parts(source: str) -> tuple[str, ...]:
    return ("contract", "budget") if source == "procore" else ("cost",)


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
    touched: bool
    """Cost, contract or budget exists."""

    @property
    def state(self) -> str:
        return "closed" if self.closed else "active" if self.active_span else "not started"


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
        self._query, self._snapshot, self.as_of, self._policy = query, snapshot, as_of, policy
        self._gaps = gaps
        self.sums = Sums(query, snapshot, as_of)
        self._estimates: dict[str, list[Estimate]] = {}
        self._grades: dict[str, Grade] = {}

    def figures(self) -> Iterator[Figure]:
        """Every metric of every project, then of the portfolios."""
        for project in self.projects.values():
            for metric in BY_NAME:
                yield self.project_figure(metric, project)
        for name in PORTFOLIOS:
            for metric in BY_NAME:
                yield self.portfolio_figure(metric, name)

    def estimates(self, project: Project) -> list[Estimate]:
        if project.entity not in self._estimates:
            job = Job(project.closed, project.planned_finish_on)
            self._estimates[project.entity] = [
                LeafEstimator(self.sums, place, job, self._policy).estimate()
                for place in self.sums.leaves(project.entity)
            ]
        return self._estimates[project.entity]

    def project_figure(self, metric: str, project: Project) -> Figure:
        grade = self._grade(project)
        missing = self._missing(metric, project)
        if missing:
            return unavailable(metric, project.key, project.entity, project.name, self.as_of, missing, grade)
        term, method = self._project_term(metric, project)
        if term is None:
            nothing = ("a contract value above zero",)
            return unavailable(metric, project.key, project.entity, project.name, self.as_of, nothing, grade)
        return Figure(
            BY_NAME[metric],
            project.key,
            project.entity,
            project.name,
            self.as_of,
            term,
            grade.letter,
            method,
            (*self._stated(metric), *grade.reasons, *self._grader.accruals(project.entity)),
        )

    def _missing(self, metric: str, project: Project) -> tuple[str, ...]:
        """Required terms that nothing supports: missing is not zero."""
        missing = [term for part, term in self._gaps.missing if metric in NEEDS[part]]
        if metric in NEEDS["contract"] and not self.sums.has(project.entity, "original_contract"):
            missing.append(REQUIRED)
        planned = any(self.sums.has(project.entity, measure) for measure in PLAN)
        if metric in NEEDS["budget"] and not project.closed and not planned:
            missing.append("budget (a budget, commitment or forecast in Procore)")
        return tuple(dict.fromkeys(missing))

    def _project_term(self, metric: str, project: Project) -> tuple[Term | None, str]:
        def other(name: str) -> Term:
            found, _ = self._project_term(name, project)
            assert found is not None  # only margin can be missing here, and nothing is built on it
            return figure(figure_id(name, project.key, self.as_of), found.value, BY_NAME[name].label)

        if metric == "contract_value":
            original = self.sums.project_sum(project.entity, "original_contract", label="original contracts")
            approved = self.sums.project_sum(project.entity, "approved_change", label="approved change orders")
            return original + approved, "signed contracts and approved change orders, lump sum"
        if metric == "actual_cost":
            return self.sums.project_sum(project.entity, "cost", label="actual cost to date"), "ledger facts"
        if metric == "estimated_cost_at_completion":
            estimates = self.estimates(project)
            count = Counter(e.method for e in estimates)
            method = "composite: " + ", ".join(f"{m} on {n}" for m, n in sorted(count.items())) + " leaves"
            covers = {"project": project.entity, "measures": list(LEAF_MEASURES), "until": self.as_of.isoformat()}
            return total([e.eac for e in estimates], "estimate of each cost code and type", covers=covers), method
        price, eac = other("contract_value"), other("estimated_cost_at_completion")
        if metric == "gross_profit_at_completion":
            return formulas.gross_profit(price, eac), "contract value less estimate at completion"
        if price.value <= 0:
            return None, ""
        return formulas.margin(other("gross_profit_at_completion"), price), "gross profit over contract value"

    def portfolio_figure(self, metric: str, name: str) -> Figure:
        """Sums over the projects of one state whose margin can be told; who is left out is said."""
        state = "active" if name == PORTFOLIO else name
        members = [p for p in self.projects.values() if p.state == state]
        told = [p for p in members if not self._missing("gross_margin_at_completion", p)]
        grade = Grade()
        for project in told:
            letter = self._grade(project).letter
            if letter != "A":
                grade.lower(letter, f"{project.key} {project.name} has grade {letter}")
        left_out = [
            f"{p.key} {p.name} is left out: {self._missing('gross_margin_at_completion', p)[0]} is missing"
            for p in members
            if p not in told
        ]
        waiting = [p for p in self.projects.values() if p.state == "not started" and name == PORTFOLIO]
        left_out += [f"{p.key} {p.name} is left out: it has not started" for p in waiting]
        stated = (f"{len(told)} {PORTFOLIOS[name]}", *left_out, *self._stated(metric), self._unassigned_note())
        label = PORTFOLIOS[name]
        if not told:
            return unavailable(metric, name, None, label, self.as_of, (f"any of the {label}",), grade)
        term = self._portfolio_term(metric, name, told)
        if term is None:
            return unavailable(metric, name, None, label, self.as_of, ("a contract value above zero",), grade)
        notes = tuple(s for s in (*stated, *grade.reasons) if s)
        return Figure(BY_NAME[metric], name, None, label, self.as_of, term, grade.letter, "sum of projects", notes)

    def _portfolio_term(self, metric: str, name: str, told: list[Project]) -> Term | None:
        if metric != "gross_margin_at_completion":
            parts = [self.project_figure(metric, p) for p in told]
            return total([figure(f.figure_id, f.term.value, f.label) for f in parts if f.term], f"sum over {name}")
        terms = []
        for part in ("gross_profit_at_completion", "contract_value"):
            summed = self._portfolio_term(part, name, told)
            assert summed is not None  # sums always exist
            terms.append(figure(figure_id(part, name, self.as_of), summed.value, BY_NAME[part].label))
        return formulas.margin(*terms) if terms[1].value > 0 else None

    def _grade(self, project: Project) -> Grade:
        if project.entity not in self._grades:
            price = self.sums.project_sum(project.entity, "original_contract", "approved_change").value
            grade = self._grader.project(
                project.entity, price=price, active=project.active_span, estimates=self.estimates(project)
            )
            for sentence in self._gaps.stale:
                grade.lower("C", sentence)
            if self.as_of != self.known_on:
                grade.lower("C", f"contracts, budgets, commitments and forecasts are those known on {self.known_on}")
            self._grades[project.entity] = grade
        return self._grades[project.entity]

    def _stated(self, metric: str) -> tuple[str, ...]:
        if metric in ("contract_value", "gross_profit_at_completion", "gross_margin_at_completion"):
            return ("pending change orders are not in the contract value",)
        return ()

    def _unassigned_note(self) -> str:
        direct = sum((r["amount"] for r in self.sums.unassigned()), Decimal(0))
        parts = ((direct, "direct cost"), (self.sums.jobless_labor(), "labor"))
        said = " and ".join(f"{amount:,.2f} of {what}" for amount, what in parts if amount)
        return f"{said} names no job and is in no project" if said else ""

    @cached_property
    def _grader(self) -> Grader:
        findings = rows(self._query.sql(GRADING, snapshot=self._snapshot))
        return Grader(findings, self.sums.lowered(), self.sums.unassigned())

    @cached_property
    def projects(self) -> dict[str, Project]:
        """Project entities that hold cost, contract or budget, by entity id, in the order of their numbers."""
        entities = rows(self._query.sql(PROJECT_ENTITIES, snapshot=self._snapshot))
        records = {r["record_id"]: r for r in rows(self._query.sql(PROJECT_RECORDS, snapshot=self._snapshot))}
        members: dict[str, list[Row]] = {}
        for entity in entities:
            members.setdefault(entity["entity_id"], []).append(records[entity["record_id"]])
        spans, touched = self.sums.cost_dates(), set(self.sums.projects())
        last = self.sums.last_cost(self.known_on)
        found = [
            self._project(entity, held, spans.get(entity), last.get(entity))
            for entity, held in members.items()
            if entity in touched
        ]
        numbers = Counter(p.key for p in found)
        unique = [p if numbers[p.key] == 1 else _rekeyed(p) for p in found]
        return {p.entity: p for p in sorted(unique, key=lambda p: (p.key, p.entity))}

    def _project(self, entity: str, held: list[Row], span: Row | None, last: date | None) -> Project:
        lead = next(r for r in held if r["record_id"] == entity)
        closed = _closed(held) and (last is None or self.as_of >= last)
        days = None
        if span:
            first = min(filter(None, (span["first_on"], lead["started_on"])))
            days = (first, span["last_on"] if closed else self.as_of)
        return Project(
            entity=entity,
            key=lead["number"] or entity,
            name=lead["name"],
            closed=closed,
            planned_finish_on=lead["planned_finish_on"],
            started_on=lead["started_on"],
            finished_on=lead["finished_on"],
            active_span=days,
            touched=True,
        )


def _rekeyed(project: Project) -> Project:
    """Two projects with one number are told apart by their record ids."""
    from dataclasses import replace

    return replace(project, key=project.entity)


def _closed(held: list[Row]) -> bool:
    """Closed in Procore (inactive and completed) and in QuickBooks (every linked job inactive)."""
    procore = [r for r in held if r["system"] == "procore"]
    books = [r for r in held if r["system"] == "quickbooks"]
    if not procore:
        return bool(books) and not any(r["active"] for r in books)
    done = all(not r["active"] and r["stage"] == "completed" for r in procore)
    return done and not any(r["active"] for r in books)
