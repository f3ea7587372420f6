"""Month by month: what the office cost, what work there was to bear it, and who bears which cent (section 11)."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from datablueprint.metrics import scopes
from datablueprint.metrics.definition import Missing
from datablueprint.metrics.formulas.overhead import shares
from datablueprint.metrics.scopes import Project
from datablueprint.metrics.sums import Selection
from datablueprint.metrics.terms import Term, allocated, figure, total

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

PRICE, EAC = "contract_value", "estimated_cost_at_completion"
NO_POOL = "overhead (expenses without a job in QuickBooks)"
TRAILING_MONTHS = 12
POOL = {
    "overhead": (1, "expenses without a job"),
    "burden_paid": (1, "premiums paid"),
    "applied": (-1, "premiums applied to jobs"),
}
"""The parts of the pool, each with its sign; the last two count where premiums clear into overhead (D8)."""


@dataclass(frozen=True)
class Base:
    """What a month's overhead is spread on."""

    code: str
    label: str
    cost_type: str | None = None
    column: str = "amount"
    earned: bool = False
    """Cost times price over estimate: the revenue that the month's cost has earned."""

    def selection(
        self, *, project: str | None = None, after: date | None = None, until: date | None = None
    ) -> Selection:
        return Selection(("cost",), project, cost_type=self.cost_type, after=after, until=until, column=self.column)


BASES = {
    base.code: base
    for base in (
        Base("OA1", "direct labor cost", "L"),
        Base("OA2", "direct labor hours", "L", "hours"),
        Base("OA3", "earned revenue", earned=True),
        Base("OA4", "total direct cost"),
    )
}


@dataclass(frozen=True)
class Month:
    """A calendar month up to the day of the figures; `base` is the sum over all jobs, by the code of the base."""

    first: date
    last: date
    pool: Decimal
    base: Mapping[str, Fraction]

    def rate(self, code: str) -> Fraction | None:
        return Fraction(self.pool) / self.base[code] if self.base[code] else None

    def unallocated(self, code: str) -> Decimal:
        """The pool of a month in which no job had any base: it is shown, not pushed to another month."""
        return Decimal(0) if self.base[code] else self.pool


Monthly = dict[date, dict[str, Decimal]]
"""First day of a month, project entity, amount or hours."""


class Overheads:
    """The pool and the bases of every month, summed from the facts once per Measures."""

    def __init__(self, measures: Measures) -> None:
        self.measures, self.until = measures, measures.as_of
        self._pool: dict[str, dict[date, Decimal]] = {part: defaultdict(Decimal) for part in POOL}
        self._cost: dict[str, Monthly] = {code: defaultdict(lambda: defaultdict(Decimal)) for code in BASES}
        first = None
        for row in measures.sums.daily():
            month = row["accounting_on"].replace(day=1)
            if row["measure"] == "cost" and row["project"] is not None:
                self._add_cost(month, row)
            elif row["measure"] in POOL and row["project"] is None:
                self._pool[row["measure"]][month] += row["amount"] or 0
                if row["measure"] == "overhead":
                    first = min(first or month, month)
        self.months = _every_month(first, self.until) if first else []
        self._shares: dict[str, dict[date, dict[str, Decimal]]] = {}
        self._weights: dict[tuple[str, date], dict[str, Fraction]] = {}
        self._proofs: dict[tuple[str, date], dict[str, Any]] = {}

    def _add_cost(self, month: date, row: Mapping[str, Any]) -> None:
        if row["basis"] == "applied":
            self._pool["applied"][month] += row["amount"] or 0
        for code, base in BASES.items():
            value = row[base.column]
            if value is not None and base.cost_type in (None, row["cost_type"]):
                self._cost[code][month][row["project"]] += value

    @property
    def clears_burden(self) -> bool:
        """Premiums paid less premiums applied to jobs are part of the pool (D8)."""
        return self.measures.policy.burden_clearing == "overhead" and bool(
            self._pool["burden_paid"] or self._pool["applied"]
        )

    def last(self, month: date) -> date:
        return min(month.replace(day=monthrange(month.year, month.month)[1]), self.until)

    def pool(self, month: date) -> Decimal:
        return sum((sign * self._pool[part][month] for part, sign in self._signs()), Decimal(0))

    def _signs(self) -> list[tuple[str, int]]:
        return [(part, sign) for part, (sign, _) in POOL.items() if part == "overhead" or self.clears_burden]

    def parts(self, first: date, last: date) -> dict[str, tuple[int, Selection]]:
        """The selections whose signed sums are the pool of these days."""
        after = first - timedelta(days=1)
        made = {
            "overhead": Selection(("overhead",), after=after, until=last),
            "burden_paid": Selection(("burden_paid",), after=after, until=last),
            "applied": Selection(("cost",), "*", basis="applied", after=after, until=last),
        }
        return {part: (sign, made[part]) for part, sign in self._signs()}

    def pool_term(self, months: list[date]) -> Term:
        """The pool of months that follow one another."""
        found = None
        for part, (sign, selection) in self.parts(months[0], self.last(months[-1])).items():
            value = sum((self._pool[part][m] for m in months), Decimal(0))
            term = selection.term(value, POOL[part][1])
            found = term if found is None else found + term if sign > 0 else found - term
        assert found is not None  # overhead is always a part
        return found

    @cached_property
    def earning(self) -> dict[str, tuple[Term, Term]]:
        """Price and estimate of each project that has both; what a unit of its cost earns is their quotient."""
        found = {}
        for project in self.measures.projects.values():
            scope = scopes.of_project(project)
            pair = [self.measures.figure(name, scope) for name in (PRICE, EAC)]
            terms = [figure(f.figure_id, f.term.value, f.metric.label) for f in pair if f.term]
            if len(terms) == 2 and terms[1].value > 0:
                found[project.entity] = (terms[0], terms[1])
        return found

    def weights(self, code: str, month: date) -> dict[str, Fraction]:
        """The base of each job that has one above zero in a month."""
        if (code, month) not in self._weights:
            held = self._cost[code].get(month, {}).items()
            raw = {p: Fraction(v) * (self._per_cost(p) if BASES[code].earned else 1) for p, v in held}
            self._weights[code, month] = {p: weight for p, weight in raw.items() if weight > 0}
        return self._weights[code, month]

    def _per_cost(self, project: str) -> Fraction:
        if project not in self.earning:
            return Fraction(0)
        price, eac = self.earning[project]
        return Fraction(price.value) / Fraction(eac.value)

    def shares(self, code: str) -> dict[date, dict[str, Decimal]]:
        """Per month of the data, each job's share of the pool; Missing when no month has a base to spread it on."""
        if not self.months:
            raise Missing(NO_POOL)
        if code not in self._shares:
            self._shares[code] = {m: shares(self.pool(m), self.weights(code, m)) for m in self.months}
        if not any(self.weights(code, m) for m in self.months):
            raise Missing(f"{BASES[code].label} of any job (the base {code} of overhead)")
        return self._shares[code]

    def share_term(self, code: str, project: str) -> Term:
        """The sum of a job's shares of each month's pool, with what the checker needs to allocate them again."""
        months = [month for month, parts in self.shares(code).items() if project in parts]
        shares = [self._share(code, project, month, self.shares(code)[month][project]) for month in months]
        scales = self._scales(code, months) if BASES[code].earned else None
        return total(shares, "share of each month's overhead", scales=scales)

    def _scales(self, code: str, months: list[date]) -> dict[str, tuple[str, str]]:
        """Price and estimate of every job that bears a part of these months."""
        bearing = {p for month in months for p in self.weights(code, month)}
        return {p: (_id(self.earning[p][0]), _id(self.earning[p][1])) for p in sorted(bearing)}

    def _share(self, code: str, project: str, month: date, value: Decimal) -> Term:
        if (code, month) not in self._proofs:
            self._proofs[code, month] = self._proof(code, month)
        proof = self._proofs[code, month]
        return allocated(value, f"share of the overhead of {month:%Y-%m}", project=project, **proof)

    def _proof(self, code: str, month: date) -> dict[str, Any]:
        """The pool and the base, as the checker needs them: the same for every job."""
        base, last = BASES[code], self.last(month)
        return {
            "pool": [{"select": _stated(s), "sign": sign} for sign, s in self.parts(month, last).values()],
            "base": _stated(base.selection(after=month - timedelta(days=1), until=last)),
            "scaled": base.earned,
        }

    def first_cost(self, project: str) -> date | None:
        """The first month in which a job has cost."""
        return min((m for m, held in self._cost["OA4"].items() if project in held), default=None)

    def base_to_date(self, code: str, project: str) -> Term:
        """The sum of a job's monthly bases: what it had, less the months in which that was below zero."""
        return self._floored(code, project, sorted(m for m, held in self._cost[code].items() if project in held))

    def base_of(self, code: str, months: list[date]) -> Term:
        """The base of all jobs together in months that follow one another."""
        if BASES[code].earned:
            with_cost = {p for m in months for p in self._cost[code].get(m, {})}
            jobs = [self._floored(code, p, months) for p in sorted(with_cost & self.earning.keys())]
            return total(jobs, BASES[code].label)
        held = {(m, p): v for m in months for p, v in self._cost[code].get(m, {}).items()}
        after, last = months[0] - timedelta(days=1), self.last(months[-1])
        everyone = BASES[code].selection(project="*", after=after, until=last)
        whole = everyone.term(sum(held.values(), Decimal(0)), f"{BASES[code].label} of all jobs")
        return self._less_negative(code, whole, [(m, p) for (m, p), v in sorted(held.items()) if v < 0])

    def _floored(self, code: str, project: str, months: list[date]) -> Term:
        base, each = BASES[code], self._cost[code]
        held = {m: each[m][project] for m in months if project in each.get(m, {})}
        if not held:
            return total([], f"no {base.label}")
        after, last = min(held) - timedelta(days=1), self.last(max(held))
        selection = base.selection(project=project, after=after, until=last)
        whole = selection.term(sum(held.values(), Decimal(0)), base.label if not base.earned else "cost")
        earns = self.earning.get(project) if base.earned else None
        if base.earned and earns is None:
            return total([], "no price or estimate to earn revenue with")
        sign = -1 if earns and earns[0].value < 0 else 1
        floored = self._less_negative(code, whole, [(m, project) for m in sorted(held) if held[m] * sign < 0])
        return floored * earns[0] / earns[1] if earns else floored

    def _less_negative(self, code: str, whole: Term, places: Iterable[tuple[date, str]]) -> Term:
        for month, project in places:
            selection = BASES[code].selection(project=project, after=month - timedelta(days=1), until=self.last(month))
            value = self._cost[code][month][project]
            whole = whole - selection.term(value, f"{BASES[code].label} of {month:%Y-%m}, a credit: it bears nothing")
        return whole

    @property
    def trailing(self) -> list[date]:
        """The months of the last twelve calendar months of which there is overhead."""
        first = self.until.year * 12 + self.until.month - TRAILING_MONTHS
        return [m for m in self.months if m.year * 12 + m.month > first]


def overheads(measures: Measures) -> Overheads:
    """Summed once per Measures."""
    return measures.once(Overheads)


def months(measures: Measures) -> list[Month]:
    """Every month from the first overhead on record to the day of the figures, with its pool and four bases."""
    held = overheads(measures)
    return [
        Month(m, held.last(m), held.pool(m), {c: sum(held.weights(c, m).values(), Fraction(0)) for c in BASES})
        for m in held.months
    ]


def borne_by(measures: Measures, project: Project, month: Month, code: str) -> Decimal:
    """A job's share of one month's pool."""
    return overheads(measures).shares(code)[month.first].get(project.entity, Decimal(0))


def _every_month(first: date, until: date) -> list[date]:
    found, month = [], first
    while month <= until:
        found.append(month)
        month = (month + timedelta(days=31)).replace(day=1)
    return found


def _stated(selection: Selection) -> Mapping[str, Any]:
    detail = selection.term(Decimal(0)).detail or {}
    stated: Mapping[str, Any] = detail["select"]
    return stated


def _id(term: Term) -> str:
    return str((term.detail or {})["figure"])
