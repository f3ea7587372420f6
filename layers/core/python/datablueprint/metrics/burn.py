"""How fast labor burns its budget hours, and whether the work keeps up (specification, section 14).

Weeks run Monday to Sunday and are complete. Pace is what payroll has posted;
a week without work counts as zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from datablueprint.metrics.definition import Kind, Metric, Missing, Rule, Told
from datablueprint.metrics.estimates import Estimate
from datablueprint.metrics.formulas import labor as formulas
from datablueprint.metrics.labor_facts import labor_facts, labor_leaves, labor_sum
from datablueprint.metrics.scopes import Scope
from datablueprint.metrics.sums import POSTED
from datablueprint.metrics.terms import Term, constant, total

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

NO_BUDGET_HOURS = "budget hours (the Procore budget)"
NO_PROGRESS = "physical progress between 0 and 1 (planned and installed quantities in Procore)"
WEEKS = 4


def last_week(measures: Measures) -> date:
    """The Sunday of the last complete week; of the one before it when nobody's time of the last one is known yet."""
    sunday = measures.as_of - timedelta(days=(measures.as_of.weekday() + 1) % 7)
    known = (r["accounting_on"] for r in labor_facts(measures).everyone)
    worked = any(day is not None and sunday - timedelta(weeks=1) < day <= sunday for day in known)
    return sunday if worked else sunday - timedelta(weeks=1)


def _window(measures: Measures, weeks: int) -> tuple[date, date]:
    last = last_week(measures)
    return last - timedelta(weeks=weeks), last


def pace(measures: Measures, scope: Scope, weeks: int, column: str) -> Term:
    """Posted hours or burdened cost per week over the last complete weeks."""
    after, until = _window(measures, weeks)
    label = f"posted labor {'cost' if column == 'amount' else 'hours'}, weeks ending {until}"
    found = labor_sum(measures, scope, label, column=column, basis=POSTED, after=after, until=until)
    return found / constant(Decimal(weeks), "weeks")


def per_week(weeks: int, column: str) -> Rule:
    def rule(measures: Measures, scope: Scope) -> Told:
        after, until = _window(measures, weeks)
        waiting = labor_sum(
            measures, scope, "", column="hours", basis="unprocessed_time", after=after, until=until
        ).value
        notes = (f"{waiting:,.2f} hours of these weeks are not yet in payroll and not in the pace",) if waiting else ()
        said = f"{weeks} complete weeks ending {until}" if weeks > 1 else f"the week ending {until}"
        return Told(pace(measures, scope, weeks, column), said, notes)

    return rule


def labor_budget_hours(measures: Measures, scope: Scope) -> Told:
    found = budget_hours_of(labor_leaves(measures, scope))
    if found.value <= 0:
        raise Missing(NO_BUDGET_HOURS)
    return Told(found, "revised budget hours of the labor codes")


def budget_hours_of(leaves: list[Estimate]) -> Term:
    return total([e.leaf.budget_hours for e in leaves if e.leaf.budget_hours.value], "budget hours")


def is_measured(leaf: Estimate) -> bool:
    """Quantities say how far it is, and no more than all of it is reported done."""
    planned = leaf.leaf.sums.leaf_sum(leaf.place, "planned_quantity", column="quantity").value
    return planned > 0 and 0 <= leaf.leaf.progress.value <= 1


def labor_progress(measures: Measures, scope: Scope) -> Told:
    """Earned hours over budget hours of the codes whose progress is measured; never cost to cost."""
    leaves = [e for e in labor_leaves(measures, scope) if e.leaf.budget_hours.value]
    measured = [e for e in leaves if is_measured(e)]
    planned = budget_hours_of(measured)
    if planned.value <= 0:
        raise Missing(NO_PROGRESS)
    earned = total([formulas.earned_hours(e.leaf.progress, e.leaf.budget_hours) for e in measured], "earned hours")
    left_out = [e.name for e in leaves if not is_measured(e)]
    notes = (f"progress is not measured on {', '.join(left_out)}",) if left_out else ()
    return Told(
        earned / planned, "earned hours over budget hours of the measured codes", notes, progress_age(measures, scope)
    )


def progress_age(measures: Measures, scope: Scope) -> tuple[tuple[str, str], ...]:
    """Progress that nobody has reported lately is stale, like a forecast."""
    if scope.job.closed:
        return ()
    days = [measures.sums.newest(e.place, "installed_quantity") for e in labor_leaves(measures, scope)]
    newest = max((day for day in days if day), default=None)
    if newest is None or (measures.as_of - newest).days <= measures.policy.forecast_stale_days:
        return ()
    return (("C", f"the newest progress report of its labor is of {newest}"),)


def burn_index(measures: Measures, scope: Scope) -> Told:
    progress, budget, hours = measures.parts(scope, "labor_progress", "labor_budget_hours", "labor_hours")
    if progress.value <= 0:
        raise Missing("progress above zero (installed quantities in Procore)")
    index = formulas.burn_index(hours, budget, progress)
    pace = "faster than" if index.value > 1 else "slower than" if index.value < 1 else "as fast as"
    return Told(index, "hours over budget hours, over progress", (f"hours go {pace} the work",))


def labor_weeks_left(measures: Measures, scope: Scope) -> Told:
    budget, hours, weekly = measures.parts(scope, "labor_budget_hours", "labor_hours", "labor_hours_per_week")
    if weekly.value <= 0:
        raise Missing(f"hours in the last {WEEKS} complete weeks")
    return Told(formulas.weeks_left(budget, hours, weekly), f"budget hours left at the pace of {WEEKS} weeks")


JOB_AND_CODE: tuple[Kind, ...] = ("project", "leaf")


def _per_week(weeks: int) -> Iterator[Metric]:
    ending = "" if weeks == WEEKS else f"_{weeks}"
    span = f"{weeks} complete weeks" if weeks > 1 else "complete week"
    yield Metric(
        f"labor_hours_per_week{ending}",
        f"labor hours per week, last {span}",
        "hours_per_week",
        f"posted hours per week over the last {span}",
        f"hours of the last {span} / {weeks}",
        per_week(weeks, "hours"),
        JOB_AND_CODE,
        "sum",
        needs=("cost",),
        section=14,
    )
    yield Metric(
        f"labor_cost_per_week{ending}",
        f"labor cost per week, last {span}",
        "money_per_week",
        f"burdened cost of the posted hours per week over the last {span}",
        f"labor cost of the last {span} / {weeks}",
        per_week(weeks, "amount"),
        JOB_AND_CODE,
        "sum",
        needs=("cost",),
        section=14,
    )


METRICS = (
    *(metric for weeks in (WEEKS, 1, 8) for metric in _per_week(weeks)),
    Metric(
        "labor_budget_hours",
        "labor budget hours",
        "hours",
        "budget hours of the labor codes, with those of approved changes",
        "sum of budget hours",
        labor_budget_hours,
        JOB_AND_CODE,
        "sum",
        needs=("budget",),
        section=14,
    ),
    Metric(
        "labor_progress",
        "labor progress",
        "ratio",
        "how much of the measured labor is done, by installed quantities",
        "sum of progress x budget hours / budget hours, measured codes",
        labor_progress,
        JOB_AND_CODE,
        needs=("budget",),
        section=14,
    ),
    Metric(
        "burn_index",
        "labor burn index",
        "ratio",
        "how fast hours go compared with the work: above 1 they go faster than progress",
        "(labor hours / labor budget hours) / labor progress",
        burn_index,
        JOB_AND_CODE,
        needs=("budget", "cost"),
        section=14,
    ),
    Metric(
        "labor_weeks_left",
        "weeks of labor budget left",
        "weeks",
        "how many weeks the budget hours last at the pace of the last four",
        "(labor budget hours - labor hours, not below 0) / labor hours per week",
        labor_weeks_left,
        JOB_AND_CODE,
        needs=("budget", "cost"),
        section=14,
    ),
)
