"""What a perfect reader would conclude about every job, computed apart from everything the product does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from local.sandbox.world.model import Commitment, Leaf, LeafKey, Project, World
from local.sandbox.world.money import half_up, text
from local.sandbox.world.truth_costs import Costs, LeafCost, gather
from local.sandbox.world.truth_grade import STALE_DAYS, grade
from local.sandbox.world.truth_links import links
from local.sandbox.world.truth_price import contract_value, transaction_price
from local.sandbox.world.truth_records import counts, journals, mistakes, quickbooks_only_jobs, unrated_labor
from local.sandbox.world.truth_twins import twins

if TYPE_CHECKING:
    from local.sandbox.world.truth_metrics import Metrics

TIME_DRIVEN = {"01-310", "01-500"}
COMMITTED = {
    "subcontract": {"Approved", "Complete"},
    "purchase_order": {"Approved", "Closed", "Received", "Partially Received"},
}


@dataclass(frozen=True)
class LeafTruth:
    """One line of the estimate: revised budget, committed, invoiced, open, actual, and how it was completed."""

    code: str
    type: str
    rb: int
    cc: int
    ic: int
    oc: int
    a: int
    method: str
    eac: int
    hours: int

    def to_json(self) -> dict[str, Any]:
        money = {name: text(getattr(self, name)) for name in ("rb", "cc", "ic", "oc", "a", "eac")}
        return {"code": self.code, "type": self.type, **money, "method": self.method, "hours": text(self.hours * 25)}


@dataclass(frozen=True)
class ProjectTruth:
    project: Project
    tp: int | None
    rcv: int | None
    """Signed contracts and approved changes; what `tp` is for a lump sum."""
    leaves: tuple[LeafTruth, ...]
    eac_if_all_shared: int
    """The estimate of a reader who may also see the private commitments."""
    grades: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def eac(self) -> int:
        return sum(leaf.eac for leaf in self.leaves)

    @property
    def actual(self) -> int:
        return sum(leaf.a for leaf in self.leaves)

    @property
    def gpc(self) -> int | None:
        return None if self.tp is None else self.tp - self.eac

    def to_json(self) -> dict[str, Any]:
        p = self.project
        return {
            "procore_id": str(p.id),
            "quickbooks_id": p.quickbooks_id,
            "number": p.number,
            "name": p.name,
            "phase": p.phase,
            "closed": p.closed,
            "cost_code_list": "erp" if p.on_erp_list else "other",
            "link": p.link,
            "contract_type": p.terms.type if p.terms else "lump_sum",
            "tp": None if self.tp is None else text(self.tp),
            "rcv": None if self.rcv is None else text(self.rcv),
            "actual": text(self.actual),
            "eac": text(self.eac),
            "eac_if_all_shared": text(self.eac_if_all_shared),
            "gpc": None if self.gpc is None else text(self.gpc),
            "leaves": [leaf.to_json() for leaf in self.leaves],
            "expected_grade": list(self.grades),
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True)
class Truth:
    as_of: date
    projects: tuple[ProjectTruth, ...]
    coverage: dict[str, int]
    links: tuple[dict[str, Any], ...]
    mistakes: tuple[dict[str, Any], ...]
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    twins: tuple[dict[str, Any], ...] = ()
    journals: dict[str, list[Any]] = field(default_factory=dict)
    quickbooks_only_jobs: tuple[dict[str, Any], ...] = ()
    unrated: dict[tuple[str, str, int], int] = field(default_factory=dict)
    """Wages by (component, code, project id) that no rate of the component covers."""
    measured: Callable[[], Metrics] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def metrics(self) -> Metrics:
        """Every metric of every job and group; worked out on first use."""
        assert self.measured is not None  # conclude sets it
        return self.measured()

    def project(self, number: str) -> ProjectTruth:
        """The truth about the job with this Procore number."""
        return next(p for p in self.projects if p.project.number == number)

    def portfolio(self, phases: set[str] | None = None) -> dict[str, Any]:
        """Sums over the jobs that have a contract value, all phases unless given."""
        chosen = [p for p in self.projects if p.tp is not None and (phases is None or p.project.phase in phases)]
        tp, eac = sum(p.tp or 0 for p in chosen), sum(p.eac for p in chosen)
        return {"jobs": len(chosen), "tp": text(tp), "eac": text(eac), "gpc": text(tp - eac)}

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; money as text with two decimals."""
        return {
            "as_of": self.as_of.isoformat(),
            "projects": [p.to_json() for p in self.projects],
            "portfolio": {
                "all": self.portfolio(),
                "active": self.portfolio({"active", "closing"}),
                "closed": self.portfolio({"closed"}),
            },
            "coverage": {name: text(amount) for name, amount in sorted(self.coverage.items())},
            "links": list(self.links),
            "mistakes": list(self.mistakes),
            "counts": self.counts,
            "twins": list(self.twins),
            "journals": self.journals,
            "quickbooks_only_jobs": list(self.quickbooks_only_jobs),
            "unrated_wages": [
                {"component": component, "code": code, "procore_id": str(job), "wages": text(wages)}
                for (component, code, job), wages in sorted(self.unrated.items())
            ],
            "metrics": self.metrics.to_json(),
            "metrics_missing": self.metrics.missing(),
        }


def conclude(world: World) -> Truth:
    """Work out the truth of a finished world."""
    from local.sandbox.world.truth_metrics import measure

    seen, whole = gather(world, see_hidden=False), gather(world, see_hidden=True)
    projects = tuple(_project(world, project, seen, whole) for project in world.projects)
    return Truth(
        as_of=world.as_of,
        projects=projects,
        coverage=dict(seen.coverage),
        links=tuple(links(world)),
        mistakes=(*mistakes(world), *unrated_labor(seen.unrated)),
        counts=counts(world),
        twins=tuple(twins(world)),
        journals=journals(world),
        quickbooks_only_jobs=tuple(quickbooks_only_jobs(world)),
        unrated=dict(seen.unrated),
        measured=lambda: measure(world, projects, seen),
    )


def _project(world: World, project: Project, seen: Costs, whole: Costs) -> ProjectTruth:
    leaves = estimate(project, seen, see_hidden=False)
    tp = transaction_price(project, world.as_of, leaves)
    shared = estimate(project, whole, see_hidden=True)
    grades, reasons = grade(world, project, tp, seen, leaves)
    revised = contract_value(project, world.as_of)
    return ProjectTruth(project, tp, revised, leaves, sum(leaf.eac for leaf in shared), grades, reasons)


def estimate(project: Project, costs: Costs, *, see_hidden: bool) -> tuple[LeafTruth, ...]:
    """The estimate at completion of every budget code of a job."""
    committed, invoiced, still_open = _commitments(project, costs, see_hidden=see_hidden)
    added = _approved_cost(project, costs.as_of)
    budgeted = {leaf.key: leaf for leaf in project.leaves}
    spent = costs.leaves.get(project.id, {})
    keys = {*spent, *budgeted, *committed}
    leaves = []
    for key in sorted(keys):
        leaf = budgeted.get(key)
        revised = (leaf.original + leaf.modifications if leaf else 0) + added[key]
        cost = spent.get(key, LeafCost())
        position = _Position(revised, committed[key], invoiced[key], still_open[key], cost)
        method, value = _complete(project, leaf, key, position, costs.as_of)
        leaves.append(
            LeafTruth(
                *key, revised, committed[key], invoiced[key], still_open[key], cost.actual, method, value, cost.hours
            )
        )
    return tuple(leaves)


def _approved_cost(project: Project, as_of: date) -> dict[LeafKey, int]:
    """The budget view's "Approved COs": approved commitment changes at cost."""
    added: dict[LeafKey, int] = defaultdict(int)
    for commitment in project.commitments:
        for key, amount in _change_lines(commitment, as_of):
            added[key] += amount
    return added


def _change_lines(commitment: Commitment, as_of: date) -> list[tuple[LeafKey, int]]:
    return [
        (line.key, line.amount)
        for order in commitment.changes
        if order.packaged and order.status == "approved" and order.reviewed and order.reviewed <= as_of
        for part in order.parts
        for line in part.lines
    ]


Sums = dict[LeafKey, int]


def _commitments(project: Project, costs: Costs, *, see_hidden: bool) -> tuple[Sums, Sums, Sums]:
    """Committed, invoiced and open per budget code."""
    committed: Sums = defaultdict(int)
    invoiced: Sums = defaultdict(int)
    still_open: Sums = defaultdict(int)
    for commitment in project.commitments:
        if commitment.hidden and not see_hidden:
            continue
        mine = costs.invoiced.get(commitment.id, {})
        value: Sums = defaultdict(int)
        if commitment.status in COMMITTED[commitment.kind]:
            for line in commitment.lines:
                value[line.key] += line.amount
            for key, amount in _change_lines(commitment, costs.as_of):
                value[key] += amount
        elif commitment.status == "Terminated":
            value.update(mine)
        else:
            continue
        for key in {*value, *mine}:
            committed[key] += value[key]
            invoiced[key] += mine.get(key, 0)
            still_open[key] += max(0, value[key] - mine.get(key, 0))
    return committed, invoiced, still_open


@dataclass(frozen=True)
class _Position:
    revised: int
    committed: int
    invoiced: int
    open: int
    cost: LeafCost


def _complete(project: Project, leaf: Leaf | None, key: LeafKey, at: _Position, as_of: date) -> tuple[str, int]:
    """The first method that applies, never below what is spent or signed for."""
    actual = at.cost.actual
    if project.closed:
        return "A", actual
    method, value = _method(project, leaf, key, at, as_of)
    return method, max(value, actual, actual + at.open)


def _method(project: Project, leaf: Leaf | None, key: LeafKey, at: _Position, as_of: date) -> tuple[str, int]:
    actual, revised = at.cost.actual, at.revised
    beyond = at.committed + actual - at.invoiced
    if leaf and leaf.forecasts and (as_of - max(f.made_on for f in leaf.forecasts)).days <= STALE_DAYS:
        return "E6", beyond + sum(f.amount for f in leaf.forecasts)
    if at.committed:
        return "E1", max(revised, beyond, actual)
    progress = leaf.installed_share(as_of) if leaf else None
    if key[1] == "L" and leaf and leaf.budget_hours and progress is not None and progress >= Fraction(1, 5):
        return "E4", _by_hours(leaf, at, progress)
    if key[0] in TIME_DRIVEN:
        days = max(0, (project.planned_finish - as_of).days)
        return "E5", half_up(actual + Fraction(at.cost.recent, 4) * Fraction(days, 7))
    if progress is not None and progress >= Fraction(1, 5) and actual > 0 and revised:
        return "E3a", actual if progress > 1 else half_up(actual / progress)
    return "E2", max(revised, actual, actual + at.open)


def _by_hours(leaf: Leaf, at: _Position, progress: Fraction) -> int:
    if progress > 1:
        return at.cost.actual
    worked = Fraction(at.cost.hours, 4)
    if at.cost.paid_hours:
        rate = Fraction(at.cost.paid * 4, at.cost.paid_hours)
    else:
        rate = Fraction(at.revised, leaf.budget_hours or 1)
    return half_up(at.cost.actual + max(Fraction(0), worked / progress - worked) * rate)
