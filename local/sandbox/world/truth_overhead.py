"""Each month's overhead is spread over that month's work; what is left of a job takes the rate of the last year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from local.sandbox.world.chart import type_of_account
from local.sandbox.world.model import Project, World
from local.sandbox.world.money import half_up, text
from local.sandbox.world.truth_costs import COST_KINDS, Costs, Entry, place_of, signed_amount
from local.sandbox.world.truth_figure import Figures, apportion, decimal, money, over, ratio
from local.sandbox.world.truth_job import NO_CONTRACT, Job
from local.sandbox.world.truth_policy import Policy

BASES = ("OA1", "OA2", "OA3", "OA4")
Month = tuple[int, int]
Monthly = dict[Month, Fraction]


def pool_of(world: World, costs: Costs, policy: Policy) -> dict[Month, int]:
    """Indirect expense without a job, office pay, and premiums paid beyond what was applied to jobs.

    Rent to a sister company is in it: such lines leave totals of the tenant, not what its jobs bear (D13).
    """
    pool: dict[Month, int] = defaultdict(int)
    places = {"overhead", "intercompany"} | ({"burden_paid"} if policy.burden_clearing == "overhead" else set())
    for txn in world.txns:
        if txn.kind in COST_KINDS and not txn.voided and txn.day <= costs.as_of:
            for line in txn.lines:
                if line.account.is_cost and place_of(txn, line) in places:
                    pool[txn.day.year, txn.day.month] += txn.home(signed_amount(txn, line))
    for entry in costs.entries:
        if entry.project is None and entry.person and entry.person.salaried:
            pool[entry.day.year, entry.day.month] += entry.amount
        elif entry.project and entry.bucket == "applied" and policy.burden_clearing == "overhead":
            pool[entry.day.year, entry.day.month] -= entry.amount
    return dict(pool)


def bases_of(job: Job) -> dict[str, Monthly]:
    """What each base says of the job, month by month, never below zero."""
    earned = Fraction(job.tp, job.eac) if job.tp is not None and job.eac > 0 else Fraction(0)
    return monthly(job.entries, earned)


def monthly(entries: Iterable[Entry], earned: Fraction) -> dict[str, Monthly]:
    """Bases of some counted cost, of which each cent has `earned` so much revenue."""
    cost, labor, quarters = defaultdict[Month, int](int), defaultdict[Month, int](int), defaultdict[Month, int](int)
    for entry in entries:
        month = (entry.day.year, entry.day.month)
        cost[month] += entry.amount
        if entry.key[1] == "L":
            labor[month] += entry.amount
            quarters[month] += entry.quarters
    scales = ((labor, Fraction(1)), (quarters, Fraction(1, 4)), (cost, earned), (cost, Fraction(1)))
    return {
        base: {month: max(Fraction(0), amount * scale) for month, amount in months.items()}
        for base, (months, scale) in zip(BASES, scales, strict=True)
    }


def only_in_quickbooks(world: World) -> dict[str, list[Entry]]:
    """Cost of jobs that no project in Procore stands for; they take their share of overhead like every job."""
    found: dict[str, list[Entry]] = {job.quickbooks_name: [] for job in sorted(world.unlisted, key=quickbooks_id)}
    for txn in world.txns:
        if txn.kind in COST_KINDS and not txn.voided and txn.day <= world.as_of:
            for line in txn.lines:
                if line.account.is_cost and line.project and place_of(txn, line) == "job_without_project":
                    key = ("uncoded", type_of_account(line.account))
                    cost = Entry(line.project, key, txn.home(signed_amount(txn, line)), txn.day, "quickbooks_only")
                    found[line.project.quickbooks_name].append(cost)
    return found


def quickbooks_id(job: Project) -> str:
    return job.quickbooks_id or ""


def at_completion(job: Job, base: str) -> Fraction | None:
    match base:
        case "OA1":
            return Fraction(sum(leaf.eac for leaf in job.labor))
        case "OA2":
            return sum((job.hours_at_completion(leaf) for leaf in job.labor), Fraction(0))
        case "OA3":
            return None if job.tp is None else Fraction(job.tp)
    return Fraction(job.eac)


@dataclass(frozen=True)
class Overhead:
    """The pool and who carries it, per base."""

    pool: dict[Month, int]
    base: dict[str, dict[str, Monthly]]
    """Per base and project number."""
    allocated: dict[str, dict[Month, dict[str, int]]]
    unallocated: dict[str, dict[Month, int]]
    rate: dict[str, Fraction | None]
    """Pool over base of the last twelve calendar months."""

    def to_date(self, number: str, base: str) -> int:
        return sum(jobs.get(number, 0) for jobs in self.allocated[base].values())

    def to_come(self, job: Job, base: str) -> Fraction | None:
        """Rate of the last year on the base still to come."""
        whole, rate = at_completion(job, base), self.rate[base]
        if whole is None or rate is None:
            return None
        return rate * max(Fraction(0), whole - sum(self.base[base][job.number].values(), Fraction(0)))

    def at_completion(self, job: Job, base: str) -> int | None:
        rest = self.to_come(job, base)
        return None if rest is None else self.to_date(job.number, base) + half_up(rest)

    def to_json(self) -> dict[str, object]:
        written = {base: {named(m): amounts(jobs) for m, jobs in ms.items()} for base, ms in self.allocated.items()}
        return {
            "overhead_pool": amounts({named(month): amount for month, amount in self.pool.items()}),
            "overhead_allocated": written,
            "overhead_unallocated": {
                b: amounts({named(m): a for m, a in ms.items()}) for b, ms in self.unallocated.items()
            },
            "overhead_rate": {base: None if rate is None else decimal(rate) for base, rate in self.rate.items()},
        }


def amounts(cents: dict[str, int]) -> dict[str, str]:
    return {name: text(amount) for name, amount in sorted(cents.items())}


def named(month: Month) -> str:
    return f"{month[0]}-{month[1]:02d}"


def overhead_of(world: World, costs: Costs, jobs: list[Job], policy: Policy) -> Overhead:
    """Spread every month of the pool four ways."""
    pool = pool_of(world, costs, policy)
    ordered = sorted(jobs, key=lambda job: str(job.project.id))
    each = {job.number: bases_of(job) for job in ordered}
    each |= {name: monthly(entries, Fraction(0)) for name, entries in only_in_quickbooks(world).items()}
    base = {code: {number: found[code] for number, found in each.items()} for code in BASES}
    allocated: dict[str, dict[Month, dict[str, int]]] = {code: {} for code in BASES}
    unallocated: dict[str, dict[Month, int]] = {code: {} for code in BASES}
    for code in BASES:
        for month, amount in sorted(pool.items()):
            weights = {n: months[month] for n, months in base[code].items() if months.get(month)}
            if weights:
                parts = apportion(amount, list(weights.values()))
                allocated[code][month] = dict(zip(weights, parts, strict=True))
            else:
                unallocated[code][month] = amount
    year = last_twelve((costs.as_of.year, costs.as_of.month))
    spent = sum(pool.get(month, 0) for month in year)
    rate = {code: over(spent, sum(m.get(x, 0) for m in base[code].values() for x in year)) for code in BASES}
    return Overhead(pool, base, allocated, unallocated, rate)


def last_twelve(month: Month) -> list[Month]:
    last = month[0] * 12 + month[1] - 1
    return [(index // 12, index % 12 + 1) for index in range(last - 11, last + 1)]


def overhead_figures(job: Job, overhead: Overhead, policy: Policy) -> Figures:
    """Overhead four ways, and net profit on the tenant's base."""
    found: Figures = {}
    for base in BASES:
        done, whole = overhead.to_date(job.number, base), overhead.at_completion(job, base)
        why = NO_CONTRACT if base == "OA3" and job.tp is None else f"base {base} of the last twelve months"
        found[f"overhead_to_date_{base}"] = money(done)
        found[f"overhead_at_completion_{base}"] = money(whole, "" if whole is not None else why)
    gpc, tp = job.gpc, job.tp
    burden = overhead.at_completion(job, policy.overhead_base)
    net = None if gpc is None or burden is None else gpc - burden
    why = "" if net is not None else NO_CONTRACT if gpc is None else "overhead at completion"
    found["net_profit_at_completion"] = money(net, why)
    found["net_margin_at_completion"] = ratio(over(net, tp), why or "contract value above zero")
    even = over(gpc, at_completion(job, policy.overhead_base))
    found["break_even_overhead_rate"] = ratio(even, why or "base at completion above zero")
    return found
