"""Overhead goes to jobs month by month on a stated base, and net margin is what is left after it (sections 11, 12).

The base is a choice, not a fact: whoever asks for the tenant's base also gets
the range over all four.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datablueprint.metrics import overhead_pool
from datablueprint.metrics.definition import Metric, Missing, Ratio, Rule, Told, Unit
from datablueprint.metrics.formulas import overhead as formulas
from datablueprint.metrics.overhead_pool import BASES, NO_POOL, Base, months
from datablueprint.metrics.scopes import Scope
from datablueprint.metrics.terms import Term, total

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

__all__ = ["METRICS", "months"]

PRICE, EAC, PROFIT = "contract_value", "estimated_cost_at_completion", "gross_profit_at_completion"
LABOR = "estimated_labor_at_completion"
NEEDS = ("contract", "budget", "cost")
ALLOCATED_HERE = "no journal is used: QuickBooks expenses without a job are allocated here"


def overhead_pool_of_month(measures: Measures, scope: Scope) -> Told:
    """Of the month of the day, up to the day."""
    held = _held(measures)
    return Told(held.pool_term(held.months[-1:]), f"{held.months[-1]:%Y-%m} up to {measures.as_of}")


def overhead_pool_of_year(measures: Measures, scope: Scope) -> Told:
    held = _held(measures)
    return Told(held.pool_term(held.trailing), _span(measures))


def _held(measures: Measures) -> overhead_pool.Overheads:
    held = measures.once(overhead_pool.Overheads)
    if not held.months:
        raise Missing(NO_POOL)
    return held


def _span(measures: Measures) -> str:
    trailing = _held(measures).trailing
    return f"the {len(trailing)} months {trailing[0]:%Y-%m} to {trailing[-1]:%Y-%m}"


@dataclass(frozen=True)
class OnBase:
    """The rules of one base."""

    base: Base

    @property
    def code(self) -> str:
        return self.base.code

    def rate(self, measures: Measures, scope: Scope) -> Told:
        """Of the last twelve months: pool and base of the same months."""
        held = _held(measures)
        base = held.base_of(self.code, held.trailing)
        if base.value <= 0:
            raise Missing(f"{self.base.label} above zero in {_span(measures)}")
        rate = formulas.overhead_rate(held.pool_term(held.trailing), base)
        return Told(rate, f"overhead over {self.base.label}, {_span(measures)}")

    def to_date(self, measures: Measures, scope: Scope) -> Told:
        entity = scope.job.entity
        held = _held(measures)
        shares = held.share_term(self.code, entity)
        notes = list(_unallocated(measures, self.code))
        if self.base.earned and entity not in held.earning:
            notes.append("without a contract value and an estimate above zero it earns no revenue and bears nothing")
        method = f"each month's overhead on that month's {self.base.label} ({self.code})"
        return Told(shares, method, (ALLOCATED_HERE, *notes), _before_the_data(measures, scope))

    def at_completion(self, measures: Measures, scope: Scope) -> Told:
        whole = base_at_completion(measures, scope, self.base)
        done = _held(measures).base_to_date(self.code, scope.job.entity)
        to_date = measures.part(scope, f"overhead_to_date_{self.code}")
        rate = measures.part(measures.company, f"overhead_rate_{self.code}")
        to_come = formulas.overhead_to_come(rate, whole, done).named("overhead to come")
        method = (
            f"each month's overhead on that month's {self.base.label} ({self.code}), "
            f"the rest at the rate of {_span(measures)}"
        )
        notes = (ALLOCATED_HERE, *_unallocated(measures, self.code))
        return Told(to_date + to_come, method, notes, _before_the_data(measures, scope))

    def net_profit(self, measures: Measures, scope: Scope) -> Told:
        profit, overhead = measures.parts(scope, PROFIT, f"overhead_at_completion_{self.code}")
        method = f"gross profit less overhead on {self.base.label} ({self.code})"
        return Told(formulas.net_profit(profit, overhead), method, (), _before_the_data(measures, scope))

    def net_margin(self, measures: Measures, scope: Scope) -> Told:
        return _over_price(measures, scope, f"net_profit_at_completion_{self.code}")


def base_at_completion(measures: Measures, scope: Scope, base: Base) -> Term:
    """What a job will have of a base when it is done; Missing when there is no estimate or no price."""
    if base.earned:
        return measures.part(scope, PRICE)
    if base.cost_type is None:
        return measures.part(scope, EAC)
    if base.column == "amount":
        return measures.part(scope, LABOR)
    measures.part(scope, EAC)
    labor = [e.hours_at_completion for e in measures.estimates(scope.job) if e.place[2] == base.cost_type]
    return total(labor, "hours at completion of each labor code")


def _unallocated(measures: Measures, code: str) -> Iterator[str]:
    left = [(m, m.unallocated(code)) for m in measures.once(_months) if m.unallocated(code)]
    if left:
        named = ", ".join(f"{amount:,.2f} of {month.first:%Y-%m}" for month, amount in left[:3])
        more = f" and {len(left) - 3} more months" if len(left) > 3 else ""
        yield f"unallocated, because no job had any {BASES[code].label}: {named}{more}"


def _months(measures: Measures) -> list[overhead_pool.Month]:
    return months(measures)


def _before_the_data(measures: Measures, scope: Scope) -> tuple[tuple[str, str], ...]:
    """A job older than the overhead on record bears too little: it is said, and costs the grade."""
    held = _held(measures)
    first = held.first_cost(scope.job.entity)
    if first is None or first >= held.months[0]:
        return ()
    return (
        (
            "C",
            f"it has cost since {first:%Y-%m} and overhead is on record since {held.months[0]:%Y-%m}: "
            "its share of the months before is not in the overhead",
        ),
    )


def _over_price(measures: Measures, scope: Scope, profit: str) -> Told:
    net, price = measures.parts(scope, profit, PRICE)
    if price.value <= 0:
        raise Missing("a contract value above zero")
    return Told(net / price, "net profit over contract value", (), _before_the_data(measures, scope))


def _chosen(name: str, *, in_range: bool = False) -> Rule:
    """The metric on the tenant's base; with the range over the four bases where the choice changes a job's figure."""

    def rule(measures: Measures, scope: Scope) -> Told:
        code = measures.policy.overhead_base
        term = measures.part(scope, f"{name}_{code}")
        notes = (_range(measures, scope, name),) if in_range else ()
        method = f"on {BASES[code].label} ({code}), the tenant's base"
        return Told(term, method, notes, _before_the_data(measures, scope) if scope.project else ())

    return rule


def _range(measures: Measures, scope: Scope, name: str) -> str:
    found = [(code, measures.figure(f"{name}_{code}", scope)) for code in BASES]
    told = [(figure.term.value, code) for code, figure in found if figure.term]
    untold = [f"{code} is unavailable ({figure.missing[0]})" for code, figure in found if not figure.term]
    (low, least), (high, most) = min(told), max(told)
    share = name.startswith("net_margin")
    lowest, highest = (f"{v * 100:.1f}%" if share else f"{v:,.2f}" for v in (low, high))
    return "; ".join([f"over the four bases it ranges from {lowest} ({least}) to {highest} ({most})", *untold])


def net_margin(measures: Measures, scope: Scope) -> Told:
    told = _over_price(measures, scope, "net_profit_at_completion")
    ranged = _range(measures, scope, "net_margin_at_completion")
    return Told(told.term, told.method, (ranged,), told.lowered)


def break_even_overhead_rate(measures: Measures, scope: Scope) -> Told:
    base = BASES[measures.policy.overhead_base]
    profit = measures.part(scope, PROFIT)
    whole = base_at_completion(measures, scope, base)
    if whole.value <= 0:
        raise Missing(f"{base.label} at completion above zero")
    notes = ("it loses money before any overhead",) if profit.value < 0 else ()
    return Told(formulas.break_even_rate(profit, whole), f"gross profit over {base.label} ({base.code})", notes)


def _company_metrics() -> Iterator[Metric]:
    meaning = "expenses without a job, without interest, taxes and what jobs bear by a rate already"
    formula = "expenses without a job + premiums paid - premiums applied to jobs"
    for name, label, rule in (
        ("overhead_pool", "overhead pool of the month", overhead_pool_of_month),
        ("overhead_pool_12_months", "overhead pool of the last 12 months", overhead_pool_of_year),
    ):
        yield Metric(name, label, "money", meaning, formula, rule, ("company",), needs=("cost",), section=11)
    yield Metric(
        "overhead_rate",
        "overhead rate",
        "ratio",
        "the overhead of the last 12 months per unit of the tenant's base in the same months",
        "overhead pool / base, last 12 months",
        _chosen("overhead_rate"),
        ("company",),
        needs=("cost",),
        section=11,
    )


def _base_metrics(base: Base) -> Iterator[Metric]:
    rules, code, on = OnBase(base), base.code, f"on {base.label}"
    unit: Unit = "money_per_hour" if base.column == "hours" else "ratio"
    formula = f"overhead pool / {base.label}, last 12 months"
    meaning = f"the overhead of the last 12 months per unit of {base.label} in the same months"
    yield Metric(
        f"overhead_rate_{code}",
        f"overhead rate {on}",
        unit,
        meaning,
        formula,
        rules.rate,
        ("company",),
        None,
        NEEDS,
        11,
    )
    yield from _project_metrics(
        (f"_{code}", f" {on}"),
        rules.to_date,
        rules.at_completion,
        rules.net_profit,
        rules.net_margin,
    )


def _project_metrics(
    suffix: tuple[str, str], to_date: Rule, at_completion: Rule, net_profit: Rule, net_margin: Rule
) -> Iterable[Metric]:
    ending, on = suffix
    net = f"net_profit_at_completion{ending}"
    return (
        Metric(
            f"overhead_to_date{ending}",
            f"overhead to date{on}",
            "money",
            f"the job's share of every month's overhead{on}",
            "sum over months of overhead pool x the job's base / base of all jobs",
            to_date,
            over="sum",
            needs=("cost",),
            section=11,
        ),
        Metric(
            f"overhead_at_completion{ending}",
            f"overhead at completion{on}",
            "money",
            f"overhead to date and what the rest of the job will bear{on}",
            "overhead to date + overhead rate x (base at completion - base to date)",
            at_completion,
            over="sum",
            needs=NEEDS,
            section=11,
        ),
        Metric(
            net,
            f"net profit at completion{on}",
            "money",
            f"gross profit at completion less home-office overhead{on}, before interest and income tax",
            "gross profit at completion - overhead at completion",
            net_profit,
            over="sum",
            needs=NEEDS,
            section=12,
        ),
        Metric(
            f"net_margin_at_completion{ending}",
            f"net margin at completion{on}",
            "ratio",
            f"net profit at completion as a share of contract value, overhead{on}",
            "net profit at completion / contract value",
            net_margin,
            over=Ratio(net, PRICE),
            needs=NEEDS,
            section=12,
        ),
    )


METRICS = (
    *_company_metrics(),
    *(metric for base in BASES.values() for metric in _base_metrics(base)),
    *_project_metrics(
        ("", ""),
        _chosen("overhead_to_date", in_range=True),
        _chosen("overhead_at_completion", in_range=True),
        _chosen("net_profit_at_completion", in_range=True),
        net_margin,
    ),
    Metric(
        "break_even_overhead_rate",
        "break-even overhead rate",
        "ratio",
        "the overhead rate at which the job earns nothing after overhead",
        "gross profit at completion / base at completion",
        break_even_overhead_rate,
        needs=NEEDS,
        section=12,
    ),
)
