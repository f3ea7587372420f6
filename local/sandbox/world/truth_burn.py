"""What labor cost, how fast it burns, and whether rate or pace explains the difference to the budget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from local.sandbox.world.money import half_up
from local.sandbox.world.truth import LeafTruth
from local.sandbox.world.truth_costs import Costs
from local.sandbox.world.truth_figure import Figures, hours, money, over, ratio
from local.sandbox.world.truth_job import MEASURED, NO_CONTRACT, Job, hours_of

WINDOWS = (1, 4, 8)
NO_PROGRESS = "quantities installed and planned, between 0 and 1 (Procore)"
NO_HOURS = "budget hours (Procore)"


def burdened(job: Job) -> Figures:
    """Register wages, all that comes on top of them, and the hours; accrued time has no parts and is in none."""
    wages = sum(entry.amount for entry in job.entries if entry.component == "wages")
    burden = sum(entry.amount for entry in job.entries if entry.component not in {"", "wages"})
    return {
        "labor_wages": money(wages),
        "labor_burden": money(burden),
        "burden_rate": ratio(over(burden, wages), "wages of the payroll register"),
        "labor_hours": hours(sum((hours_of(leaf) for leaf in job.labor), Fraction(0))),
    }


@dataclass(frozen=True)
class Variance:
    """In cents, favourable is positive; hours are priced once each, so that rate and efficiency add up to the total."""

    rate: int
    efficiency: int

    @property
    def total(self) -> int:
        return self.rate + self.efficiency


def variance(job: Job, leaf: LeafTruth) -> Variance | None:
    """None where budget hours or believable progress are missing."""
    planned, progress = job.budget_hours(leaf), job.believed(leaf)
    if leaf.type != "L" or not planned or progress is None:
        return None
    standard = Fraction(leaf.rb) / planned
    worked, allowed = half_up(standard * hours_of(leaf)), half_up(standard * progress * planned)
    return Variance(worked - leaf.a, allowed - worked)


def variance_figures(found: Iterable[Variance], missing: str) -> Figures:
    """Of one leaf, or of all leaves of a job that have one."""
    parts = list(found)
    told = {
        "labor_rate_variance": sum(part.rate for part in parts),
        "labor_efficiency_variance": sum(part.efficiency for part in parts),
        "labor_total_variance": sum(part.total for part in parts),
    }
    return {name: money(value if parts else None, missing) for name, value in told.items()}


def leaf_variance(job: Job, leaf: LeafTruth) -> Figures:
    """Money without hours in the budget has a total, and nothing that splits it; a job's sum leaves it out."""
    found, progress = variance(job, leaf), job.believed(leaf)
    told = variance_figures([found] if found else [], NO_PROGRESS if job.budget_hours(leaf) else NO_HOURS)
    if not job.budget_hours(leaf) and leaf.rb > 0 and progress is not None:
        told["labor_total_variance"] = money(half_up(progress * leaf.rb) - leaf.a)
    return told


def job_variance(job: Job) -> Figures:
    found = [part for leaf in job.labor if (part := variance(job, leaf))]
    return variance_figures(found, f"{NO_HOURS} and {NO_PROGRESS}")


@dataclass(frozen=True)
class Burn:
    """Hours and cents per week."""

    hours: Fraction
    cost: Fraction


def burn(job: Job, weeks: int) -> Burn:
    """Of the last complete weeks; a week without work counts as zero."""
    entries = list(job.window(weeks))
    return Burn(
        Fraction(sum(entry.quarters for entry in entries), 4 * weeks),
        Fraction(sum(entry.amount for entry in entries), weeks),
    )


def job_progress(job: Job) -> Fraction | None:
    """Hours earned over hours budgeted, of the codes whose progress is measured."""
    measured = [
        (job.budget_hours(leaf), progress) for leaf in job.labor if (progress := job.believed(leaf)) is not None
    ]
    whole = sum((planned for planned, _ in measured), Fraction(0))
    return over(sum((planned * progress for planned, progress in measured), Fraction(0)), whole)


def burn_figures(job: Job, costs: Costs) -> Figures:
    """Pace, index, and what labor comes to if it goes on like this."""
    found: Figures = {}
    for weeks in WINDOWS:
        pace = burn(job, weeks)
        found[f"labor_hours_per_week_{weeks}"] = hours(pace.hours)
        found[f"labor_cost_per_week_{weeks}"] = money(pace.cost)
    worked = sum((hours_of(leaf) for leaf in job.labor), Fraction(0))
    planned = sum((job.budget_hours(leaf) for leaf in job.labor), Fraction(0))
    found["burn_index"] = ratio(over(over(worked, planned), job_progress(job)), f"{NO_HOURS} or {NO_PROGRESS}")
    exact, why = projected(job, costs)
    labor = None if exact is None else half_up(exact)
    found["projected_labor_at_completion"] = money(labor, why)
    rest = None if job.tp is None or labor is None else job.tp - (job.eac - sum(x.eac for x in job.labor) + labor)
    found["margin_at_current_burn"] = ratio(over(rest, job.tp), NO_CONTRACT if job.tp is None else why)
    return found


def projected(job: Job, costs: Costs) -> tuple[Fraction | None, str]:
    """Cents by progress where it is known, else by time, else by the budget's hours; None with the reason."""
    spent, pace = sum(leaf.a for leaf in job.labor), burn(job, 4)
    progress = job_progress(job)
    if job.closed:
        return Fraction(spent), ""
    if progress is not None and progress >= MEASURED:
        return sum((Fraction(by_progress(job, leaf, costs)) for leaf in job.labor), Fraction(0)), ""
    if not pace.hours:
        return at_budget_rate(job)
    days = max(0, (job.project.planned_finish - job.as_of).days)
    return spent + pace.cost * days / 7, ""


def at_budget_rate(job: Job) -> tuple[Fraction | None, str]:
    """Nobody worked lately: the budget hours that are left, at the budget's rate."""
    planned = [leaf for leaf in job.labor if job.budget_hours(leaf)]
    whole = sum((job.budget_hours(leaf) for leaf in planned), Fraction(0))
    if not whole:
        return None, NO_HOURS
    left = sum((max(Fraction(0), job.budget_hours(leaf) - hours_of(leaf)) for leaf in planned), Fraction(0))
    return sum(leaf.a for leaf in job.labor) + left * Fraction(sum(leaf.rb for leaf in planned)) / whole, ""


def by_progress(job: Job, leaf: LeafTruth, costs: Costs) -> int:
    """E4 where hours and progress allow it, whatever decided the estimate; else the estimate."""
    progress, planned = job.believed(leaf), job.budget_hours(leaf)
    if leaf.method == "E4" or progress is None or progress < MEASURED or not planned:
        return leaf.eac
    cost, worked = costs.leaves[job.project.id][leaf.code, leaf.type], hours_of(leaf)
    rate = Fraction(cost.paid * 4, cost.paid_hours) if cost.paid_hours else Fraction(leaf.rb) / planned
    return max(half_up(leaf.a + (worked / progress - worked) * rate), leaf.a, leaf.a + leaf.oc)
