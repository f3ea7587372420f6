"""Labor is its wages and everything an employer pays on top of them, per hour worked (specification, section 13)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from datablueprint.metrics.definition import Kind, Metric, Missing, Ratio, Told
from datablueprint.metrics.formulas import labor as formulas
from datablueprint.metrics.labor_facts import (
    LABOR,
    WAGES,
    is_labor,
    is_without_hours,
    is_without_register,
    labor_facts,
    labor_leaves,
    labor_sum,
    labor_to_date,
    unpaid_time,
)
from datablueprint.metrics.scopes import Scope
from datablueprint.metrics.sums import LEAF_MEASURES
from datablueprint.metrics.terms import total

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

TRAILING_MONTHS = 12
WAGES_MISSING = "wages (the payroll register)"
BURDEN_MISSING = "employer cost of the wages (the payroll register)"
HOURS_MISSING = "hours worked (the payroll register or Procore time entries)"
EAC = "estimated_cost_at_completion"
BURDENED = "on top of wages, as the register and the tenant's rates put it on jobs"


def labor_cost(measures: Measures, scope: Scope) -> Told:
    found = labor_to_date(measures, scope, "burdened labor cost")
    waiting = unpaid_time(measures, scope)
    paid = labor_sum(measures, scope, "", component=(WAGES, *labor_facts(measures).burdens)).value
    billed = found.value - waiting - paid
    notes = []
    if waiting:
        notes.append(f"{waiting:,.2f} of it is time not yet in payroll")
    if billed:
        notes.append(
            f"{billed:,.2f} of it is billed labor or carries no pay line: it is not split into wages and burden"
        )
    return Told(found, "wages, burden and time not yet in payroll", tuple(notes))


def labor_wages(measures: Measures, scope: Scope) -> Told:
    if is_without_register(measures, scope):
        raise Missing(WAGES_MISSING)
    return Told(labor_sum(measures, scope, "wages", component=WAGES), "wages of the payroll register")


def labor_burden(measures: Measures, scope: Scope) -> Told:
    """Missing, not zero, where labor was paid and no employer cost of it is known."""
    components = labor_facts(measures).burdens
    if is_without_register(measures, scope):
        raise Missing(BURDEN_MISSING)
    if is_labor(scope) and not components and labor_sum(measures, scope, "", component=WAGES).value:
        raise Missing(BURDEN_MISSING)
    if not components:
        return Told(total([], "no wages, no burden"), "no labor was paid")
    found = labor_sum(measures, scope, "burden", component=components)
    return Told(found, "employer taxes, benefits and applied rates", (_components(measures, scope),))


def _components(measures: Measures, scope: Scope) -> str:
    held = [(c, labor_sum(measures, scope, "", component=c).value) for c in labor_facts(measures).burdens]
    named = ", ".join(f"{c.replace('_', ' ')} {value:,.2f}" for c, value in held if value)
    return f"burden is: {named}" if named else "no burden has been paid or applied"


def burden_rate(measures: Measures, scope: Scope) -> Told:
    """The job's own, or where it has wages and no burden at all, the company's standard rate."""
    wages = measures.part(scope, "labor_wages")
    if wages.value <= 0:
        raise Missing(WAGES_MISSING)
    burden = measures.part(scope, "labor_burden")
    if burden.value:
        return Told(formulas.burden_rate(burden, wages), f"burden over wages, {BURDENED}")
    standard = measures.part(measures.company, "standard_burden_rate")
    said = "no burden reached this labor: the company's rate of the last 12 months stands in for it"
    return Told(standard, "standard rate", (), (("B", said),))


def standard_burden_rate(measures: Measures, scope: Scope) -> Told:
    """Of all jobs in the twelve calendar months that end with the day's."""
    day = measures.as_of
    months = day.year * 12 + day.month - TRAILING_MONTHS
    after = date.fromordinal(date(months // 12, months % 12 + 1, 1).toordinal() - 1)
    facts = labor_facts(measures)
    wages = facts.sum(scope, "wages of all jobs", component=WAGES, after=after)
    if wages.value <= 0:
        raise Missing(f"{WAGES_MISSING} of the last 12 months")
    if not facts.burdens:
        raise Missing(BURDEN_MISSING)
    burden = facts.sum(scope, "burden of all jobs", component=facts.burdens, after=after)
    return Told(formulas.burden_rate(burden, wages), f"burden over wages of all jobs after {after}")


def labor_hours(measures: Measures, scope: Scope) -> Told:
    if is_without_hours(measures, scope):
        raise Missing(HOURS_MISSING)
    waiting = unpaid_time(measures, scope, "hours")
    notes = (f"{waiting:,.2f} of them are not yet in payroll",) if waiting else ()
    return Told(labor_to_date(measures, scope, "hours worked", "hours"), "hours paid and hours not yet paid", notes)


def labor_rate(measures: Measures, scope: Scope) -> Told:
    cost, hours = measures.parts(scope, "labor_cost", "labor_hours")
    if hours.value <= 0:
        raise Missing(HOURS_MISSING)
    return Told(formulas.burdened_rate(cost, hours), "burdened labor cost over hours worked")


def overtime_premium(measures: Measures, scope: Scope) -> Told:
    """Of the pay that the register marks as overtime and double time."""
    if not is_labor(scope):
        return Told(total([], "no labor in this cost type"), "no labor")
    if not labor_sum(measures, scope, "", component=WAGES).value:
        raise Missing(WAGES_MISSING)
    pay = [
        measures.sums.leaf_sum(scope.place, name, label=label)
        if scope.leaf
        else measures.sums.project_sum(scope.job.entity, name, label=label)
        for name, label in (("overtime_pay", "overtime pay"), ("double_time_pay", "double time pay"))
    ]
    return Told(formulas.overtime_premium(*pay), "a third of overtime pay and half of double time pay")


def estimated_labor(measures: Measures, scope: Scope) -> Told:
    """The labor part of the estimate at completion; Missing when there is no estimate."""
    measures.part(scope, EAC)
    each = [e.eac for e in labor_leaves(measures, scope)]
    covers = {
        "project": scope.job.entity,
        "measures": list(LEAF_MEASURES),
        "cost_type": LABOR,
        "until": measures.as_of.isoformat(),
    }
    return Told(total(each, "estimate of each labor code", covers=covers), "composite estimate of the labor codes")


JOB_AND_CODE: tuple[Kind, ...] = ("project", "leaf")

METRICS = (
    Metric(
        "labor_cost",
        "burdened labor cost",
        "money",
        "what labor cost to date: wages, employer taxes and benefits, applied rates, and time not yet in payroll",
        "wages + burden + time not yet in payroll",
        labor_cost,
        JOB_AND_CODE,
        "sum",
        needs=("cost",),
        section=13,
    ),
    Metric(
        "labor_wages",
        "labor wages",
        "money",
        "gross pay for the hours worked on the job, by the payroll register",
        "straight time + overtime + double time + shift pay",
        labor_wages,
        JOB_AND_CODE,
        "sum",
        needs=("cost",),
        section=13,
    ),
    Metric(
        "labor_burden",
        "labor burden",
        "money",
        "what the employer pays on top of wages: taxes, benefits, workers' compensation and other applied rates",
        "employer taxes and benefits + applied rates",
        labor_burden,
        JOB_AND_CODE,
        "sum",
        needs=("cost",),
        section=13,
    ),
    Metric(
        "burden_rate",
        "burden rate",
        "ratio",
        "burden per unit of wages",
        "labor burden / labor wages",
        burden_rate,
        JOB_AND_CODE,
        Ratio("labor_burden", "labor_wages"),
        needs=("cost",),
        section=13,
    ),
    Metric(
        "standard_burden_rate",
        "standard burden rate",
        "ratio",
        "burden per unit of wages of all jobs over the last twelve calendar months",
        "labor burden / labor wages, last 12 months",
        standard_burden_rate,
        ("company",),
        needs=("cost",),
        section=13,
    ),
    Metric(
        "labor_hours",
        "labor hours",
        "hours",
        "hours worked to date, paid or not yet paid",
        "hours in payroll + hours not yet in payroll",
        labor_hours,
        JOB_AND_CODE,
        "sum",
        needs=("cost",),
        section=13,
    ),
    Metric(
        "labor_rate",
        "burdened labor rate",
        "money_per_hour",
        "burdened labor cost per hour worked",
        "labor cost / labor hours",
        labor_rate,
        JOB_AND_CODE,
        Ratio("labor_cost", "labor_hours"),
        needs=("cost",),
        section=13,
    ),
    Metric(
        "overtime_premium",
        "overtime premium",
        "money",
        "what overtime cost more than the same hours at straight time",
        "overtime pay / 3 + double time pay / 2",
        overtime_premium,
        JOB_AND_CODE,
        "sum",
        needs=("cost",),
        section=13,
    ),
    Metric(
        "estimated_labor_at_completion",
        "estimated labor at completion",
        "money",
        "the labor codes' part of the estimated cost at completion",
        "sum of estimates of the labor codes",
        estimated_labor,
        over="sum",
        needs=("budget", "cost"),
        section=9,
    ),
)
