"""Cost to date, cost at completion and the margin between it and the price (specification, sections 8 to 10)."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from datablueprint.metrics import formulas
from datablueprint.metrics.definition import Metric, Missing, Ratio, Told
from datablueprint.metrics.estimates import METHODS, Estimate
from datablueprint.metrics.price import CONTRACT, PENDING_STATED, Supposed, transaction_price
from datablueprint.metrics.scopes import Project, Scope
from datablueprint.metrics.sums import LEAF_MEASURES
from datablueprint.metrics.terms import Term, constant, largest, total

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

PLAN = ("original_budget", "commitment", "forecast_to_complete")
BUDGET = "budget (a budget, commitment or forecast in Procore)"
ACTUAL, EAC, REVISED_BUDGET = "actual_cost", "estimated_cost_at_completion", "revised_budget"
PROFIT, MARGIN = "gross_profit_at_completion", "gross_margin_at_completion"
NO_BOOKS = "no QuickBooks job is linked to the project: cost that QuickBooks posted for it is not in its actual cost"
RELEASED = "gross_profit_with_contingency_released"
LISTED = 3
"""Cost codes named in a note; of more only the number is said."""


def estimate_of(measures: Measures, scope: Scope) -> Estimate:
    """The estimate of a leaf scope; Missing on a project that nobody planned."""
    demand_plan(measures, scope)
    found = next((e for e in measures.estimates(scope.job) if e.place == scope.place), None)
    if found is None:
        raise Missing(f"anything on {scope.place[1]} {scope.place[2]}")
    return found


def demand_plan(measures: Measures, scope: Scope) -> None:
    """Missing where an open project has neither budget nor commitment nor forecast: its estimate would be too small."""
    project = scope.job
    if not project.closed and not any(measures.sums.has(project.entity, measure) for measure in PLAN):
        raise Missing(BUDGET)


def named_codes(estimates: list[Estimate]) -> str:
    """A few leaves by name, many by number."""
    few = len(estimates) <= LISTED
    return ", ".join(e.name for e in estimates) if few else f"{len(estimates)} codes"


def actual_cost(measures: Measures, scope: Scope) -> Told:
    label = "actual cost to date"
    lowered = (("C", NO_BOOKS),) if _is_without_books(measures, scope.job) else ()
    if scope.leaf:
        return Told(measures.sums.leaf_sum(scope.place, "cost", label=label), "ledger facts", lowered=lowered)
    return Told(measures.sums.project_sum(scope.job.entity, "cost", label=label), "ledger facts", lowered=lowered)


def _is_without_books(measures: Measures, project: Project) -> bool:
    """Work has begun, or is over, and no QuickBooks job is linked: whatever was posted for it is not known."""
    due = project.started_on is not None and project.started_on <= measures.as_of
    return "quickbooks" not in project.systems and (project.state != "not started" or due)


def estimated_cost(measures: Measures, scope: Scope) -> Told:
    if scope.leaf:
        one = estimate_of(measures, scope)
        notes = (*_exhausted([one]), *_overdue(measures, scope, [one]))
        return Told(one.eac, f"{METHODS[one.method]} ({one.method})", notes)
    demand_plan(measures, scope)
    project = scope.job
    estimates = measures.estimates(project)
    count = Counter(e.method for e in estimates)
    method = "composite: " + ", ".join(f"{m} on {n}" for m, n in sorted(count.items())) + " leaves"
    covers = {"project": project.entity, "measures": list(LEAF_MEASURES), "until": measures.as_of.isoformat()}
    term = total([e.eac for e in estimates], "estimate of each cost code and type", covers=covers)
    notes = (*_exhausted(estimates), *_overdue(measures, scope, estimates), *_contingency_note(measures, scope))
    return Told(term, method, (*notes, *_state_notes(scope, estimates)))


def _exhausted(estimates: list[Estimate]) -> tuple[str, ...]:
    spent = [e for e in estimates if e.budget_exhausted]
    return (f"budget exhausted on {named_codes(spent)}: only what is signed is still expected",) if spent else ()


def _overdue(measures: Measures, scope: Scope, estimates: list[Estimate]) -> tuple[str, ...]:
    """Cost that goes on until the planned finish has nowhere to go after it."""
    finish, burning = scope.job.planned_finish_on, [e for e in estimates if e.method == "E5"]
    if not burning or finish is None or finish >= measures.as_of:
        return ()
    return (f"the planned finish {finish} has passed: nothing more is expected on {named_codes(burning)}",)


def _state_notes(scope: Scope, estimates: list[Estimate]) -> tuple[str, ...]:
    still_open = sum((e.open_commitment for e in estimates), start=Decimal(0))
    if scope.job.closed and still_open:
        return (f"{still_open:,.2f} of commitments is still open on this closed job and not added",)
    if scope.job.cancelled:
        return ("the project is cancelled: cost to date and what is still committed",)
    return ()


def _contingency(measures: Measures, scope: Scope) -> list[Estimate]:
    prefixes = measures.policy.contingency_codes
    return [e for e in measures.estimates(scope.job) if e.place[1].startswith(prefixes)]


def _contingency_note(measures: Measures, scope: Scope) -> tuple[str, ...]:
    undrawn = sum((_undrawn(e).value for e in _contingency(measures, scope)), start=Decimal(0))
    return (f"{undrawn:,.2f} of undrawn contingency is in the estimate",) if undrawn else ()


def cost_to_complete(measures: Measures, scope: Scope) -> Told:
    eac, actual = measures.parts(scope, EAC, ACTUAL)
    return Told(formulas.cost_to_complete(eac, actual), "estimate at completion less cost to date")


def variance_at_completion(measures: Measures, scope: Scope) -> Told:
    budget, eac = measures.parts(scope, REVISED_BUDGET, EAC)
    return Told(formulas.variance_at_completion(budget, eac), "revised budget less estimate, favourable positive")


def gross_profit(measures: Measures, scope: Scope) -> Told:
    price, eac = measures.parts(scope, CONTRACT, EAC)
    return Told(formulas.gross_profit(price, eac), "contract value less estimate at completion", (PENDING_STATED,))


def gross_margin(measures: Measures, scope: Scope) -> Told:
    profit, price = measures.parts(scope, PROFIT, CONTRACT)
    if price.value <= 0:
        raise Missing("a contract value above zero")
    return Told(formulas.margin(profit, price), "gross profit over contract value", (PENDING_STATED,))


def markup(measures: Measures, scope: Scope) -> Told:
    profit, eac = measures.parts(scope, PROFIT, EAC)
    if eac.value <= 0:
        raise Missing("an estimated cost at completion above zero")
    return Told(formulas.markup(profit, eac), "gross profit over estimated cost", (PENDING_STATED,))


def contingency_released(measures: Measures, scope: Scope) -> Told:
    """The profit if contingency stays undrawn; where the owner reimburses cost, the price falls with it."""
    eac, _ = measures.parts(scope, EAC, CONTRACT)
    held = _contingency(measures, scope)
    undrawn = total([_undrawn(e) for e in held], "undrawn contingency")
    price = transaction_price(measures, scope, supposed=Supposed(released=_reimbursed(measures, scope, held)))
    found = formulas.gross_profit(price.named("contract value"), eac - undrawn)
    codes = ", ".join(measures.policy.contingency_codes)
    return Told(found, f"contingency (codes {codes}) at what was drawn or committed of it", (PENDING_STATED,))


def _undrawn(estimate: Estimate) -> Term:
    """What neither is spent nor owed to somebody under a commitment."""
    left = estimate.eac - estimate.leaf.actual - estimate.leaf.open_commitment
    return largest(left, constant(Decimal(0))).named(f"undrawn on {estimate.name}")


def _reimbursed(measures: Measures, scope: Scope, held: list[Estimate]) -> Term | None:
    """Undrawn contingency of codes that the owner reimburses."""
    terms = measures.policy.contract_terms.get(scope.job.key)
    outside = terms.non_reimbursable_codes if terms else ()
    inside = [e for e in held if not (outside and e.place[1].startswith(outside))]
    return total([_undrawn(e) for e in inside], "reimbursable contingency released") if inside else None


METRICS = (
    Metric(
        ACTUAL,
        "actual cost to date",
        "money",
        "job cost posted in QuickBooks and payroll, plus what is approved or worked and not yet posted",
        "posted cost + approved, not yet posted + time not yet in payroll",
        actual_cost,
        kinds=("project", "leaf"),
        over="sum",
        needs=("cost",),
        section=8,
    ),
    Metric(
        EAC,
        "estimated cost at completion",
        "money",
        "the sum over cost codes of the first estimating method that the data of the code support",
        "sum of estimates per cost code and type",
        estimated_cost,
        kinds=("project", "leaf"),
        over="sum",
        needs=("budget", "cost"),
        section=9,
    ),
    Metric(
        "cost_to_complete",
        "cost to complete",
        "money",
        "what is still to be spent until the work is done",
        "estimated cost at completion - actual cost to date",
        cost_to_complete,
        kinds=("project", "leaf"),
        over="sum",
        needs=("budget", "cost"),
        section=9,
    ),
    Metric(
        "variance_at_completion",
        "variance at completion",
        "money",
        "how far the work will end below (positive) or above (negative) its revised budget",
        "revised budget - estimated cost at completion",
        variance_at_completion,
        kinds=("project", "leaf"),
        over="sum",
        needs=("budget", "cost"),
        section=9,
    ),
    Metric(
        PROFIT,
        "gross profit at completion",
        "money",
        "contract value less estimated cost at completion, before home-office overhead",
        "contract value - estimated cost at completion",
        gross_profit,
        over="sum",
        needs=("contract", "budget", "cost"),
        section=10,
    ),
    Metric(
        MARGIN,
        "gross margin at completion",
        "ratio",
        "gross profit at completion as a share of contract value, before home-office overhead",
        "gross profit at completion / contract value",
        gross_margin,
        over=Ratio(PROFIT, CONTRACT),
        needs=("contract", "budget", "cost"),
        section=10,
    ),
    Metric(
        "markup_at_completion",
        "markup at completion",
        "ratio",
        "gross profit at completion as a share of estimated cost",
        "gross profit at completion / estimated cost at completion",
        markup,
        over=Ratio(PROFIT, EAC),
        needs=("contract", "budget", "cost"),
        section=10,
    ),
    Metric(
        RELEASED,
        "gross profit with contingency released",
        "money",
        "gross profit at completion if no more contingency is drawn",
        "contract value - (estimated cost at completion - undrawn contingency)",
        contingency_released,
        over="sum",
        needs=("contract", "budget", "cost"),
        section=10,
    ),
)
