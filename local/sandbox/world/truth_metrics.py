"""Every metric of the specification, worked out from the world's own objects by no code of the product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from local.sandbox.world.model import World
from local.sandbox.world.truth import ProjectTruth
from local.sandbox.world.truth_burn import burdened, burn_figures, job_variance, leaf_variance
from local.sandbox.world.truth_cash import balance, cash_figures, cash_in, cash_out
from local.sandbox.world.truth_costs import Costs
from local.sandbox.world.truth_figure import Figure, Figures, count, money, over, ratio
from local.sandbox.world.truth_job import Job, jobs_of
from local.sandbox.world.truth_margin import (
    cost_figures,
    leaf_figures,
    margin_figures,
    price_figures,
    what_if_figures,
)
from local.sandbox.world.truth_overhead import Overhead, amounts, overhead_figures, overhead_of
from local.sandbox.world.truth_people import Scorecard, scorecard
from local.sandbox.world.truth_policy import Policy
from local.sandbox.world.truth_wip import billed, wip_figures

RATIOS = {
    "gross_margin_at_completion": ("gross_profit_at_completion", "contract_value"),
    "markup_at_completion": ("gross_profit_at_completion", "estimated_cost_at_completion"),
    "original_gross_margin": ("original_gross_profit", "original_contract_value"),
    "net_margin_at_completion": ("net_profit_at_completion", "contract_value"),
    "burden_rate": ("labor_burden", "labor_wages"),
    "reject_all_margin": ("reject_all_profit", "contract_value"),
}
"""Ratios of a group of jobs: recomputed from its sums, never averaged."""
POSITIVE = "contract value above zero"


@dataclass(frozen=True)
class Metrics:
    """Figures of every job, leaf, code and group on one day."""

    jobs: tuple[Job, ...]
    each: dict[str, Figures]
    leaves: dict[str, dict[str, Figures]]
    """Per project number: `03-300.L`, and the code alone for its erosion."""
    company: dict[str, Any]
    overhead: Overhead
    people: Scorecard

    def group(self, chosen: Callable[[Job], bool]) -> Figures:
        """Sums over the chosen jobs that have a contract value, and the ratios of these sums."""
        inside = [job for job in self.jobs if chosen(job) and job.tp is not None]
        summed: Figures = {"jobs": count(len(inside))}
        for name, sample in next(iter(self.each.values())).items():
            if sample.kind != "ratio":
                summed[name] = self._sum(name, sample, inside)
        for name, (part, whole) in RATIOS.items():
            summed[name] = ratio(over(summed[part].value, summed[whole].value), f"{whole} above zero")
        asked = sum(
            (summed[name].value or Fraction(0) for name in ("contract_value", "pending_change_orders")), Fraction(0)
        )
        summed["approve_all_margin"] = ratio(over(summed["approve_all_profit"].value, asked), POSITIVE)
        now, then = summed["gross_margin_at_completion"].value, summed["original_gross_margin"].value
        summed["margin_fade"] = ratio(None if now is None or then is None else now - then, POSITIVE)
        return summed

    def _sum(self, name: str, sample: Figure, inside: Iterable[Job]) -> Figure:
        values = [self.each[job.number][name].value for job in inside]
        known = [value for value in values if value is not None]
        missing = "" if known else "no job has it"
        return Figure(sample.kind, sum(known, Fraction(0)) if known else None, missing)

    def codes(self) -> dict[str, dict[str, Figure]]:
        """Erosion of each cost code over the active jobs; losses and gains apart, so that neither hides the other."""
        found: dict[str, list[int]] = defaultdict(list)
        for job in self.jobs:
            if job.active and job.tp is not None:
                for code, amount in erosion_of(job).items():
                    found[code].append(amount)
        return {code: _code(amounts_) for code, amounts_ in sorted(found.items())}

    def to_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {number: texts(figures) for number, figures in self.each.items()}
        told["company"] = self.company | self.overhead.to_json() | {"scorecard": self.people.to_json()}
        told["portfolio"] = texts(self.group(lambda job: job.active))
        told["closed"] = texts(self.group(lambda job: job.closed))
        told["portfolio_codes"] = {code: texts(figures) for code, figures in self.codes().items()}
        told["leaves"] = {
            number: {key: texts(figures) for key, figures in leaves.items()} for number, leaves in self.leaves.items()
        }
        return told

    def missing(self) -> dict[str, dict[str, str]]:
        """Why a figure has no value: the name of the term that is not there."""
        found = {number: _reasons(figures) for number, figures in self.each.items()}
        for number, leaves in self.leaves.items():
            found |= {f"{number}/{key}": _reasons(figures) for key, figures in leaves.items()}
        return {scope: reasons for scope, reasons in found.items() if reasons}


def _reasons(figures: Figures) -> dict[str, str]:
    return {name: figure.missing for name, figure in figures.items() if figure.value is None}


def texts(figures: Figures) -> dict[str, str | None]:
    return {name: figure.text() for name, figure in figures.items()}


def erosion_of(job: Job) -> dict[str, int]:
    """Estimate less revised budget per cost code, all types together."""
    found: dict[str, int] = defaultdict(int)
    for leaf in job.truth.leaves:
        found[leaf.code] += leaf.eac - leaf.rb
    return dict(found)


def _code(parts: list[int]) -> Figures:
    worse, better = [part for part in parts if part > 0], [part for part in parts if part < 0]
    return {
        "cost_code_erosion": money(sum(parts)),
        "unfavourable": money(sum(worse)),
        "favourable": money(sum(better)),
        "jobs": count(len(worse) + len(better)),
        "largest_share": ratio(over(max(worse, default=0), sum(worse)), "erosion"),
    }


def measure(world: World, truths: Iterable[ProjectTruth], costs: Costs, policy: Policy | None = None) -> Metrics:
    """All metrics of a world whose costs have been gathered and whose projects have been concluded."""
    policy = policy or Policy()
    jobs = jobs_of(truths, costs)
    overhead = overhead_of(world, costs, jobs, policy)
    invoiced, received, spent = billed(world), cash_in(world), cash_out(world, costs)
    each = {}
    for job in jobs:
        each[job.number] = {
            **price_figures(job),
            **cost_figures(job),
            **margin_figures(job),
            **overhead_figures(job, overhead, policy),
            **burdened(job),
            **burn_figures(job, costs),
            **job_variance(job),
            **what_if_figures(job, policy),
            **wip_figures(job, _booked(job, invoiced)),
            **cash_figures(_booked(job, received), _booked(job, spent)),
        }
    leaves = {job.number: _leaves(job) for job in jobs}
    return Metrics(tuple(jobs), each, leaves, _company(world, policy), overhead, scorecard(world, jobs, policy))


def _booked(job: Job, by_project: dict[int, int]) -> int | None:
    """Cents per project; None where QuickBooks has no job of it, so that nobody can know."""
    return by_project.get(job.project.id, 0) if job.project.quickbooks_id else None


def _leaves(job: Job) -> dict[str, Figures]:
    found = {f"{leaf.code}.{leaf.type}": leaf_figures(leaf) for leaf in job.truth.leaves}
    for leaf in job.labor:
        found[f"{leaf.code}.{leaf.type}"] |= leaf_variance(job, leaf)
    return found | {code: {"cost_code_erosion": money(amount)} for code, amount in erosion_of(job).items()}


def _company(world: World, policy: Policy) -> dict[str, Any]:
    free, restricted = balance(world, policy)
    liquid = None if policy.credit_line is None else free + policy.credit_line
    held = {"cash_balance": free, "restricted_cash": restricted}
    return {**amounts(held), "liquidity": money(liquid).text()}
