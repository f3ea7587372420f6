"""Where the bid's profit went: an exact split of gain or fade, and the cost codes behind it (section 15)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from datablueprint.metrics import formulas as margins
from datablueprint.metrics import scopes
from datablueprint.metrics.budgets import CHANGES, MODIFICATIONS, ORIGINAL, REVISED
from datablueprint.metrics.completion import EAC, MARGIN, PROFIT
from datablueprint.metrics.definition import Kind, Metric, Missing, Ratio, Rule, Told, Unit
from datablueprint.metrics.formulas import erosion as formulas
from datablueprint.metrics.price import APPROVED, CONTRACT, PENDING_STATED
from datablueprint.metrics.price import ORIGINAL as ORIGINAL_CONTRACT
from datablueprint.metrics.price import REVISED as REVISED_CONTRACT
from datablueprint.metrics.scopes import Project, Scope
from datablueprint.metrics.terms import Number, Term, constant, total

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

BID_PROFIT, BID_MARGIN, FADE = "original_gross_profit", "original_gross_margin", "gross_profit_fade"
PARTS = ("fade_from_changes", "fade_from_codes", "fade_from_price", "unbalanced_transfers")
EROSION, SHARE = "cost_code_erosion", "cost_code_erosion_share"
OVERRUN, UNDERRUN = "gross_cost_code_erosion", "gross_cost_code_gain"
AGAINST_ORIGINAL = "against the original contract and budget"
AGAINST_REVISED = "against the revised budget; positive = erosion"
POINTS = "the difference of two margins: multiply by 100 for points"


def original_gross_profit(measures: Measures, scope: Scope) -> Told:
    contract, budget = measures.parts(scope, ORIGINAL_CONTRACT, ORIGINAL)
    return Told(formulas.original_profit(contract, budget), "original contract less original budget, as bid")


def original_gross_margin(measures: Measures, scope: Scope) -> Told:
    profit, contract = measures.parts(scope, BID_PROFIT, ORIGINAL_CONTRACT)
    if contract.value <= 0:
        raise Missing("an original contract value above zero")
    return Told(margins.margin(profit, contract), "original gross profit over original contract value")


def fade(measures: Measures, scope: Scope) -> Told:
    """The sum of its four parts, which is gross profit at completion less original gross profit."""
    measures.parts(scope, PROFIT, BID_PROFIT)
    return Told(total(measures.parts(scope, *PARTS), "parts of the fade"), AGAINST_ORIGINAL, (PENDING_STATED,))


def fade_from_changes(measures: Measures, scope: Scope) -> Told:
    measures.part(scope, ORIGINAL_CONTRACT)
    approved, cost = measures.parts(scope, APPROVED, CHANGES)
    return Told(formulas.from_changes(approved, cost), "price of approved change orders less their cost budget")


def fade_from_codes(measures: Measures, scope: Scope) -> Told:
    eroded = measures.part(scope, EROSION)
    return Told(constant(Decimal(0)) - eroded, "revised budget less estimate, over every cost code and type")


def fade_from_price(measures: Measures, scope: Scope) -> Told:
    price, revised = measures.parts(scope, CONTRACT, REVISED_CONTRACT)
    return Told(formulas.from_price(price, revised), "contract value beyond signed contracts and approved changes")


def unbalanced_transfers(measures: Measures, scope: Scope) -> Told:
    modified = measures.part(scope, MODIFICATIONS)
    return Told(
        constant(Decimal(0)) - modified, "budget that transfers added (negative) or removed; zero when balanced"
    )


def margin_fade(measures: Measures, scope: Scope) -> Told:
    now, then = _margins_of_group(measures, scope) if scope.members else measures.parts(scope, MARGIN, BID_MARGIN)
    return Told(now - then, AGAINST_ORIGINAL, (POINTS, PENDING_STATED))


def _margins_of_group(measures: Measures, scope: Scope) -> tuple[Term, Term]:
    """Margin at completion and as bid, both over the members that have both."""
    jobs = told_members(measures, scope, PROFIT, BID_PROFIT)
    sums = [_over_jobs(measures, jobs, name) for name in (PROFIT, CONTRACT, BID_PROFIT, ORIGINAL_CONTRACT)]
    if sums[1].value <= 0 or sums[3].value <= 0:
        raise Missing("a contract value above zero")
    return margins.margin(sums[0], sums[1]), margins.margin(sums[2], sums[3])


def _over_jobs(measures: Measures, jobs: list[Project], name: str) -> Term:
    return total([measures.part(scopes.of_project(job), name).named(job.key) for job in jobs], name.replace("_", " "))


def relative_fade(measures: Measures, scope: Scope) -> Told:
    lost, first = measures.parts(scope, FADE, BID_PROFIT)
    if first.value <= 0:
        raise Missing("an original gross profit above zero")
    return Told(formulas.relative(lost, first), "fade as a share of original gross profit")


def cost_code_erosion(measures: Measures, scope: Scope) -> Told:
    if scope.leaf:
        eac, budget = measures.parts(scope, EAC, REVISED)
        return Told(formulas.erosion(eac, budget), AGAINST_REVISED)
    return Told(total(_of_leaves(measures, scope.job), "every cost code and type"), AGAINST_REVISED)


def _of_leaves(measures: Measures, project: Project, code: str | None = None) -> list[Term]:
    """The erosion of each leaf of a project (or of one code of it) as terms; Missing when one cannot be told."""
    found = []
    for _, held, kind in measures.sums.leaves(project.entity):
        if code in (None, held):
            leaf = scopes.of_leaf(project, held, kind)
            found.append(measures.part(leaf, EROSION).named(f"{project.key} {held} {kind}"))
    return found


def share_of_price(measures: Measures, scope: Scope) -> Told:
    """A leaf against its project's price, a group's cost code against the price of the whole group."""
    eroded, price = measures.part(scope, EROSION), _whole_price(measures, scope)
    if price.value <= 0:
        raise Missing("a contract value above zero")
    method = "erosion over contract value; shares of codes do not add up to the margin's fade, as the price changed too"
    return Told(margins.margin(eroded, price), method, (POINTS,))


def _whole_price(measures: Measures, scope: Scope) -> Term:
    if scope.project:
        return measures.part(scopes.of_project(scope.job), CONTRACT)
    return _over_jobs(measures, told_members(measures, scope), CONTRACT)


def gross(side: str) -> Rule:
    """The rule of one side of erosion: each code of each job by itself, so that nothing nets out."""

    def rule(measures: Measures, scope: Scope) -> Told:
        jobs = [scope.job] if scope.project else told_members(measures, scope)
        parts = [_side(side, e).named(f"{job.key} {code}") for job, code, e in _by_code(measures, jobs, scope.code)]
        return Told(total([p for p in parts if p.value], "codes of jobs"), f"{AGAINST_REVISED}; one side only")

    return rule


def _side(side: str, eroded: Number) -> Number:
    return formulas.overrun(eroded) if side == OVERRUN else formulas.underrun(eroded)


def _by_code(measures: Measures, jobs: list[Project], code: str | None) -> list[tuple[Project, str, Term]]:
    """The erosion of each code of each job, over its cost types."""
    found = []
    for job in jobs:
        for one in sorted({place[1] for place in measures.sums.leaves(job.entity)}):
            if code in (None, one):
                found.append((job, one, total(_of_leaves(measures, job, one), one)))
    return found


def told_members(measures: Measures, scope: Scope, *names: str) -> list[Project]:
    """Members of a group of which these metrics (default: profit and erosion) can be told; Missing when of none."""
    wanted = names or (PROFIT, EROSION)
    found = [p for p in scope.members if all(measures.project_figure(name, p).term for name in wanted)]
    if not found:
        raise Missing(f"any of the {scope.label}")
    return found


@dataclass(frozen=True)
class Ranked:
    """One cost code over the jobs of a group; figures are ids, so that each number can be cited and opened."""

    code: str
    figure_id: str
    value: Decimal
    """Net erosion, positive = lost."""
    unfavourable_id: str
    unfavourable: Decimal
    favourable_id: str
    favourable: Decimal
    """Negative: gained. Both sides together are the net."""
    jobs: int
    """With any erosion or gain on the code."""
    largest_job: str
    largest_share: Decimal | None
    """The most eroded job's part of the gross unfavourable amount; None when there is none."""
    share_id: str
    share_of_price: Decimal | None
    """Net erosion over the group's contract value."""


def ranking(measures: Measures, group: Scope) -> list[Ranked]:
    """Cost codes of `portfolio` or `closed`, the most eroded first; Missing when no job of the group can be told.

    Netting hides offsetting jobs, so both sides are told.
    """
    by_code: dict[str, dict[str, Decimal]] = {}
    for job, code, eroded in _by_code(measures, told_members(measures, group), group.code):
        by_code.setdefault(code, {})[job.key] = eroded.value
    ranked = [_ranked(measures, group, code, jobs) for code, jobs in by_code.items()]
    return sorted(ranked, key=lambda r: (-r.value, r.code))


def _ranked(measures: Measures, group: Scope, code: str, jobs: dict[str, Decimal]) -> Ranked:
    scope = measures.group(group.key if group.code else f"{group.key}/{code}")
    net, over, under, share = (measures.figure(name, scope) for name in (EROSION, OVERRUN, UNDERRUN, SHARE))
    worst = max(jobs, key=lambda key: (jobs[key], key))
    lost = over.value or Decimal(0)
    return Ranked(
        code=code,
        figure_id=net.figure_id,
        value=net.value or Decimal(0),
        unfavourable_id=over.figure_id,
        unfavourable=lost,
        favourable_id=under.figure_id,
        favourable=under.value or Decimal(0),
        jobs=sum(1 for amount in jobs.values() if amount),
        largest_job=worst,
        largest_share=jobs[worst] / lost if lost else None,
        share_id=share.figure_id,
        share_of_price=share.value,
    )


def _metric(
    name: str,
    label: str,
    meaning: str,
    formula: str,
    rule: Rule,
    unit: Unit = "money",
    *,
    kinds: tuple[Kind, ...] = ("project",),
    ratio: Ratio | None = None,
    needs: tuple[str, ...] = ("contract", "budget", "cost"),
) -> Metric:
    over: Literal["sum"] | Ratio | None = ratio or ("sum" if unit == "money" and "group" not in kinds else None)
    return Metric(name, label, unit, meaning, formula, rule, kinds, over, needs, section=15)


METRICS = (
    _metric(
        BID_PROFIT,
        "original gross profit",
        "the profit as bid: original contract less original budget",
        "original contract value - original budget",
        original_gross_profit,
        needs=("contract", "budget"),
    ),
    _metric(
        BID_MARGIN,
        "original gross margin",
        "the profit as bid as a share of the original contract value",
        "original gross profit / original contract value",
        original_gross_margin,
        "ratio",
        ratio=Ratio(BID_PROFIT, ORIGINAL_CONTRACT),
        needs=("contract", "budget"),
    ),
    _metric(
        FADE,
        "gross profit gain or fade",
        "gross profit at completion less the profit as bid; negative = fade",
        "fade from changes + fade from codes + fade from price + unbalanced transfers",
        fade,
    ),
    _metric(
        "margin_fade",
        "margin gain or fade",
        "gross margin at completion less the margin as bid; negative = fade",
        "gross margin at completion - original gross margin",
        margin_fade,
        "ratio",
        kinds=("project", "group"),
    ),
    _metric(
        "relative_fade",
        "relative gain or fade",
        "gain or fade as a share of the profit as bid",
        "gross profit gain or fade / original gross profit",
        relative_fade,
        "ratio",
        ratio=Ratio(FADE, BID_PROFIT),
    ),
    _metric(
        PARTS[0],
        "margin brought by approved changes",
        "price of approved change orders less the cost budget they added",
        "approved change orders - approved budget changes",
        fade_from_changes,
        needs=("contract", "budget"),
    ),
    _metric(
        PARTS[1],
        "performance of the cost codes",
        "revised budget less estimate at completion over every cost code; negative = fade",
        "sum over cost codes of (revised budget - estimated cost at completion)",
        fade_from_codes,
        needs=("budget", "cost"),
    ),
    _metric(
        PARTS[2],
        "other price effects",
        "contract value beyond what is signed: savings share, quantities, cost that the owner reimburses",
        "contract value - revised contract value",
        fade_from_price,
        needs=("contract",),
    ),
    _metric(
        PARTS[3],
        "unbalanced transfers",
        "budget that transfers between lines added (as a negative amount) instead of moving it",
        "- sum of budget modifications",
        unbalanced_transfers,
        needs=("budget",),
    ),
    _metric(
        EROSION,
        "cost code erosion",
        "estimated cost at completion beyond the revised budget; positive = erosion",
        "estimated cost at completion - revised budget",
        cost_code_erosion,
        kinds=("project", "leaf"),
        needs=("budget", "cost"),
    ),
    _metric(
        OVERRUN,
        "gross erosion",
        "the erosion of the cost codes of jobs that lose, before others that gain are netted",
        "sum over jobs and codes of max(0, cost code erosion)",
        gross(OVERRUN),
        kinds=("project", "group"),
        needs=("budget", "cost"),
    ),
    _metric(
        UNDERRUN,
        "gross gain on cost codes",
        "the gain on the cost codes of jobs that gain (negative erosion), before others that lose are netted",
        "sum over jobs and codes of min(0, cost code erosion)",
        gross(UNDERRUN),
        kinds=("project", "group"),
        needs=("budget", "cost"),
    ),
    _metric(
        SHARE,
        "cost code erosion in points of contract value",
        "cost code erosion as a share of the contract value",
        "cost code erosion / contract value",
        share_of_price,
        "ratio",
        kinds=("project", "leaf", "group"),
    ),
)
