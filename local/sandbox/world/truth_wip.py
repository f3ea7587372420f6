"""What is earned, billed and still to come: the work-in-progress schedule, one line per job."""

from __future__ import annotations

from fractions import Fraction

from local.sandbox.world.model import World
from local.sandbox.world.money import half_up
from local.sandbox.world.truth_figure import Figures, money, ratio
from local.sandbox.world.truth_job import NO_CONTRACT, Job, hours_of
from local.sandbox.world.truth_price import billing_rate

NO_BOOKS = "a job in QuickBooks"


def percent_complete(job: Job) -> Fraction | None:
    """Cost to date over cost at completion; net credits are no progress."""
    if job.closed:
        return Fraction(1)
    if not job.started or job.actual < 0:
        return Fraction(0)
    return Fraction(job.actual, job.eac) if job.eac else None


def earned_revenue(job: Job) -> int | None:
    """What the work done so far entitles to, in cents."""
    progress = percent_complete(job)
    if job.tp is None or progress is None:
        return None
    terms = job.project.terms
    if job.closed or terms is None or terms.type == "gmp":
        return half_up(progress * job.tp)
    paid_for = [leaf for leaf in job.truth.leaves if not leaf.code.startswith(terms.non_reimbursable or ("none",))]
    cost = sum(leaf.a for leaf in paid_for)
    match terms.type:
        case "cost_plus_fixed_fee":
            return half_up(cost + terms.fee * progress)
        case "cost_plus_percent":
            return half_up(cost * (1 + terms.fee_rate))
        case "time_and_materials":
            hourly = sum(hours_of(x) * billing_rate(terms.billing_rates, x.code) for x in paid_for if x.type == "L")
            other = sum(x.a for x in paid_for if x.type != "L") * (1 + terms.markup)
            earned = half_up(Fraction(hourly + other))
            return earned if terms.not_to_exceed is None else min(earned, terms.not_to_exceed)
    raise AssertionError(f"no rule for a contract of type {terms.type}")


def billed(world: World) -> dict[int, int]:
    """Cents billed per project id to the day: revenue lines of invoices less those of credit memos."""
    found: dict[int, int] = {}
    for txn in world.txns:
        if txn.kind not in {"Invoice", "CreditMemo"} or txn.voided or txn.day > world.as_of or txn.customer is None:
            continue
        sign = -1 if txn.kind == "CreditMemo" else 1
        for line in txn.lines:
            if line.account.classification == "Revenue":
                found[txn.customer.id] = found.get(txn.customer.id, 0) + sign * line.amount
    return found


def wip_figures(job: Job, billed_to_date: int | None) -> Figures:
    progress, earned = percent_complete(job), earned_revenue(job)
    found = {
        "percent_complete": ratio(progress, "estimated cost at completion other than zero"),
        "billed_to_date": money(billed_to_date, NO_BOOKS),
    }
    if earned is None or job.tp is None or job.gpc is None:
        why = NO_CONTRACT if job.tp is None else "percent complete"
        rest = "earned_revenue overbilled underbilled backlog backlog_gross_profit loss_provision".split()
        return {**found, **{name: money(None, why) for name in rest}}
    loss = max(0, earned - job.actual - job.gpc) if job.gpc < 0 else 0
    return {
        **found,
        "earned_revenue": money(earned),
        "overbilled": money(None if billed_to_date is None else max(0, billed_to_date - earned), NO_BOOKS),
        "underbilled": money(None if billed_to_date is None else max(0, earned - billed_to_date), NO_BOOKS),
        "backlog": money(job.tp - earned),
        "backlog_gross_profit": money(job.gpc - (earned - job.actual - loss)),
        "loss_provision": money(loss),
    }
