"""Which managers deliver margin, believed only as far as their number of jobs allows (specification, section 20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from datablueprint.metrics.definition import Kind, Metric, Missing, Rule, Told, Unit
from datablueprint.metrics.figures import Figure
from datablueprint.metrics.formulas import scorecard as formulas
from datablueprint.metrics.scopes import Project, Scope
from datablueprint.metrics.terms import Term, constant, count, figure, total

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

MARGIN, CONTRACT, FADE = "gross_margin_at_completion", "contract_value", "margin_fade"
FEWEST = 3
"""Jobs below which nobody is ranked."""
ON_TARGET = Decimal("0.02")
"""A job within two points of its original margin was delivered as bid."""
SIZE_MATTERS = Decimal(2)
CAVEATS = "not adjusted for job type, region or bid price"
ZERO = Decimal(0)


def population(measures: Measures) -> dict[str, list[Project]]:
    """Closed jobs by their one manager: with a margin, and cost within the policy's number of months."""
    first = _months_before(measures.as_of, measures.policy.scorecard_months)
    found: dict[str, list[Project]] = {}
    for project in measures.projects.values():
        recent = project.closed and project.last_cost_on is not None and project.last_cost_on >= first
        if recent and project.manager and measures.project_figure(MARGIN, project).term is not None:
            found.setdefault(project.manager, []).append(project)
    return dict(sorted(found.items()))


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, 28))


def _jobs(measures: Measures, scope: Scope) -> list[Project]:
    jobs = population(measures).get(scope.manager or "")
    if not jobs:
        raise Missing(f"closed jobs of {scope.manager} (Procore project roles)")
    return jobs


def _margins(measures: Measures, jobs: Sequence[Project], metric: str = MARGIN) -> list[Term]:
    found = [measures.project_figure(metric, job) for job in jobs]
    return [figure(f.figure_id, f.term.value, f"{f.scope} {f.metric.label}") for f in found if f.term]


def _means(measures: Measures) -> tuple[list[Term], list[int]]:
    groups = population(measures)
    means = [measures.part(measures.group(f"pm/{name}"), "pm_mean_margin") for name in groups]
    return means, [len(jobs) for jobs in groups.values()]


def jobs_closed(measures: Measures, scope: Scope) -> Told:
    return Told(count(_margins(measures, _jobs(measures, scope)), "closed jobs"), "closed jobs with a margin")


def mean_margin(measures: Measures, scope: Scope) -> Told:
    margins = _margins(measures, _jobs(measures, scope))
    return Told(total(margins, "margins of closed jobs") / count(margins, "closed jobs"), "one job, one vote")


def deviation(measures: Measures, scope: Scope) -> Told:
    margins = _margins(measures, _jobs(measures, scope))
    if len(margins) < 2:
        raise Missing("a second closed job")
    return Told(formulas.deviation(margins), "sample standard deviation of margins")


def grand_mean(measures: Measures, scope: Scope) -> Told:
    means, jobs = _means(measures)
    if len(jobs) < 2 or sum(jobs) <= len(jobs):
        raise Missing("at least two project managers, one of them with two closed jobs")
    return Told(formulas.grand_mean(means, jobs), f"mean over {sum(jobs)} closed jobs of {len(jobs)} managers")


def within_variance(measures: Measures, scope: Scope) -> Told:
    measures.part(scope, "pm_grand_mean")
    means, jobs = _means(measures)
    margins = [_margins(measures, held) for held in population(measures).values()]
    squares = [formulas.squared_deviations(own, mean) for own, mean in zip(margins, means, strict=True)]
    return Told(formulas.within_variance(squares, jobs), "variance between jobs of the same manager")


def between_variance(measures: Measures, scope: Scope) -> Told:
    centre, within = measures.parts(scope, "pm_grand_mean", "pm_within_variance")
    means, jobs = _means(measures)
    return Told(formulas.between_variance(means, jobs, centre, within), "variance between managers beyond chance")


def credibility(measures: Measures, scope: Scope) -> Told:
    within, between = measures.parts(measures.company, "pm_within_variance", "pm_between_variance")
    jobs = measures.part(scope, "pm_jobs")
    if not between.value:
        return Told(constant(ZERO, "the data do not distinguish the managers"), "no variance between managers")
    return Told(formulas.credibility(jobs, within, between), "n / (n + within / between)")


def score(measures: Measures, scope: Scope) -> Told:
    centre = measures.part(measures.company, "pm_grand_mean")
    weight, own = measures.parts(scope, "pm_credibility", "pm_mean_margin")
    few = () if len(_jobs(measures, scope)) >= FEWEST else (("C", f"fewer than {FEWEST} closed jobs: not ranked"),)
    return Told(formulas.score(centre, weight, own), "mean shrunk towards everybody's mean", (CAVEATS,), few)


def _interval(measures: Measures, scope: Scope) -> tuple[Term, Term]:
    between = measures.part(measures.company, "pm_between_variance")
    if not between.value:
        raise Missing("a difference between the managers beyond chance")
    own, weight = measures.parts(scope, "pm_score", "pm_credibility")
    return own, formulas.margin_of_error(between, weight)


def score_low(measures: Measures, scope: Scope) -> Told:
    own, error = _interval(measures, scope)
    return Told(own - error, "lower end of the 90% interval")


def score_high(measures: Measures, scope: Scope) -> Told:
    own, error = _interval(measures, scope)
    return Told(own + error, "upper end of the 90% interval")


def mean_fade(measures: Measures, scope: Scope) -> Told:
    """Against the bid margin, which the manager inherits: the fairer measure."""
    fades = _margins(measures, _jobs(measures, scope), FADE)
    if not fades:
        raise Missing("original budgets of the closed jobs (Procore)")
    mean = total(fades, "margin fade of closed jobs") / count(fades, "closed jobs")
    return Told(mean, "mean of final less original", _without_fade(measures, scope))


def worst_fade(measures: Measures, scope: Scope) -> Told:
    fades = _margins(measures, _jobs(measures, scope), FADE)
    if not fades:
        raise Missing("original budgets of the closed jobs (Procore)")
    worst = min(fades, key=lambda term: term.value)
    return Told(constant(ZERO) + worst, f"the worst of {len(fades)} closed jobs", _without_fade(measures, scope))


def _without_fade(measures: Measures, scope: Scope) -> tuple[str, ...]:
    found = [(job, measures.project_figure(FADE, job)) for job in _jobs(measures, scope)]
    return tuple(f"{job.key} {job.name} is left out: {f.missing[0]} is missing" for job, f in found if f.missing)


def weighted_margin(measures: Measures, scope: Scope) -> Told:
    """For contrast only: large jobs count more."""
    jobs = _jobs(measures, scope)
    profit = total(_margins(measures, jobs, "gross_profit_at_completion"), "gross profit of closed jobs")
    return Told(profit / total(_margins(measures, jobs, CONTRACT), "contract values"), "weighted by contract value")


@dataclass(frozen=True)
class Row:
    """One manager on the scorecard. `rank` None = too few jobs; `tied` = not told apart from the one above."""

    name: str
    rank: int | None
    tied: bool
    jobs: int
    score: Figure
    mean: Figure
    low: Figure
    high: Figure
    fade: Figure
    on_target: Decimal | None
    """Share of jobs that ended within two points of their original margin."""
    losses: Decimal
    """Share of jobs that lost money."""


@dataclass(frozen=True)
class Scorecard:
    """`verdict` says in one sentence what the data allow to say."""

    rows: tuple[Row, ...]
    verdict: str
    shared: tuple[str, ...]
    """Closed jobs that count for nobody, since several people or none managed them."""
    size_ratio: Decimal | None
    by_size: tuple[tuple[str, Decimal], ...]
    """Mean residual margin per manager, where size matters."""


def scorecard(measures: Measures) -> Scorecard:
    """Managers by score, with what speaks against the order said beside it."""
    groups = population(measures)
    rows = sorted((_row(measures, name, jobs) for name, jobs in groups.items()), key=_order)
    ranked = [r for r in rows if r.jobs >= FEWEST and r.score.value is not None]
    placed = {r.name: n for n, r in enumerate(ranked, start=1)}
    tied = {below.name for above, below in pairwise(ranked) if _overlap(above, below)}
    told = tuple(replace(r, rank=placed.get(r.name), tied=r.name in tied) for r in rows)
    ratio, residuals = _size(measures, groups)
    unclear = [p for p in measures.projects.values() if p.closed and p.manager is None]
    shared = tuple(f"{p.key} {p.name}" for p in unclear)
    return Scorecard(told, _verdict(measures, told), shared, ratio, residuals)


def _row(measures: Measures, name: str, jobs: list[Project]) -> Row:
    def told(metric: str) -> Figure:
        return measures.figure(metric, measures.group(f"pm/{name}"))

    margins = [m.value for m in _margins(measures, jobs)]
    fades = [f.value for f in _margins(measures, jobs, FADE)]
    near = Decimal(sum(abs(f) <= ON_TARGET for f in fades)) / len(fades) if fades else None
    lost = Decimal(sum(m < 0 for m in margins)) / len(margins)
    return Row(
        name,
        rank=None,
        tied=False,
        jobs=len(jobs),
        score=told("pm_score"),
        mean=told("pm_mean_margin"),
        low=told("pm_score_low"),
        high=told("pm_score_high"),
        fade=told("pm_mean_fade"),
        on_target=near,
        losses=lost,
    )


def _order(row: Row) -> tuple[bool, Decimal, str]:
    value = row.score.value
    return row.jobs < FEWEST or value is None, -(value or ZERO), row.name


def _overlap(above: Row, below: Row) -> bool:
    return above.low.value is not None and below.high.value is not None and above.low.value <= below.high.value


def _verdict(measures: Measures, rows: Sequence[Row]) -> str:
    between = measures.figure("pm_between_variance", measures.company)
    ranked = [row for row in rows if row.rank]
    if between.value is None:
        return f"Nobody can be ranked: {'; '.join(between.missing)} is missing."
    if not between.value:
        return "The data do not distinguish the project managers: their jobs differ as much among themselves."
    if not ranked:
        return f"Nobody can be ranked: no manager has {FEWEST} closed jobs yet."
    if len(ranked) > 1 and ranked[1].tied:
        return f"{ranked[0].name} has the highest score; the interval overlaps the next, so call them tied."
    return f"{ranked[0].name} delivers the highest margin."


def _size(
    measures: Measures, groups: dict[str, list[Project]]
) -> tuple[Decimal | None, tuple[tuple[str, Decimal], ...]]:
    jobs = [(name, job) for name, held in groups.items() for job in held]
    sizes = [measures.project_figure(CONTRACT, job).value or ZERO for _, job in jobs]
    margins = [measures.project_figure(MARGIN, job).value or ZERO for _, job in jobs]
    ratio = formulas.slope_t_ratio(sizes, margins)
    if ratio is None or abs(ratio) <= SIZE_MATTERS:
        return ratio, ()
    left: dict[str, list[Decimal]] = {}
    for (name, _), residual in zip(jobs, formulas.size_residuals(sizes, margins), strict=True):
        left.setdefault(name, []).append(residual)
    means = {name: sum(held, ZERO) / len(held) for name, held in left.items()}
    return ratio, tuple(sorted(means.items(), key=lambda item: -item[1]))


def _pm(name: str, label: str, unit: Unit, meaning: str, formula: str, rule: Rule, kind: Kind = "manager") -> Metric:
    return Metric(name, label, unit, meaning, formula, rule, kinds=(kind,), section=20)


METRICS = (
    _pm(
        "pm_jobs", "closed jobs", "count", "closed jobs of a manager that have a margin", "number of jobs", jobs_closed
    ),
    _pm(
        "pm_mean_margin",
        "mean margin of closed jobs",
        "ratio",
        "the simple mean of the final gross margins of a manager's closed jobs",
        "sum of gross margins / number of jobs",
        mean_margin,
    ),
    _pm(
        "pm_margin_deviation",
        "spread of margins",
        "ratio",
        "how far a manager's jobs lie from their mean",
        "sample standard deviation of gross margins",
        deviation,
    ),
    _pm(
        "pm_grand_mean",
        "mean margin of all closed jobs",
        "ratio",
        "the mean gross margin of the closed jobs of all managers, one job one vote",
        "sum over managers of jobs x mean / all jobs",
        grand_mean,
        "company",
    ),
    _pm(
        "pm_within_variance",
        "variance within managers",
        "variance",
        "how much jobs of the same manager differ",
        "sum of squared deviations / (jobs - managers)",
        within_variance,
        "company",
    ),
    _pm(
        "pm_between_variance",
        "variance between managers",
        "variance",
        "how much managers differ beyond what chance explains",
        "max(0, (spread of means - (managers - 1) x variance within) / effective jobs)",
        between_variance,
        "company",
    ),
    _pm(
        "pm_credibility",
        "credibility",
        "ratio",
        "how far a manager's own mean is believed",
        "jobs / (jobs + variance within / variance between)",
        credibility,
    ),
    _pm(
        "pm_score",
        "scorecard margin",
        "ratio",
        "a manager's mean margin, drawn towards everybody's mean the fewer the jobs are",
        "mean of all + credibility x (own mean - mean of all)",
        score,
    ),
    _pm(
        "pm_score_low",
        "scorecard margin, lower end",
        "ratio",
        "lower end of the interval that holds the manager's true margin nine times out of ten",
        "score - 1.645 x sqrt(variance between x (1 - credibility))",
        score_low,
    ),
    _pm(
        "pm_score_high",
        "scorecard margin, upper end",
        "ratio",
        "upper end of the interval that holds the manager's true margin nine times out of ten",
        "score + 1.645 x sqrt(variance between x (1 - credibility))",
        score_high,
    ),
    _pm(
        "pm_mean_fade",
        "mean fade",
        "ratio",
        "the mean of final less original margin of a manager's closed jobs",
        "sum of margin fade / number of jobs",
        mean_fade,
    ),
    _pm(
        "pm_worst_fade",
        "worst fade",
        "ratio",
        "the worst of final less original margin of a manager's closed jobs",
        "least margin fade",
        worst_fade,
    ),
    _pm(
        "pm_weighted_margin",
        "weighted margin of closed jobs",
        "ratio",
        "gross profit over contract value of a manager's closed jobs together; for contrast only",
        "sum of gross profit / sum of contract value",
        weighted_margin,
    ),
)
