"""Cash is what the bank accounts hold, and for a job what came in less what went out (specification, section 21)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from datablueprint.metrics.definition import Metric, Missing, Told
from datablueprint.metrics.scopes import Scope
from datablueprint.metrics.sums import Selection
from datablueprint.metrics.terms import Term, constant
from datablueprint.metrics.wip import BILLING

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

RESTRICTED = "restricted"
BALANCES = """
select component, sum(amount) as amount
from facts
where state = 'counted' and measure = 'cash' and accounting_on <= cast(? as date)
group by component
"""


def _balance(measures: Measures, *, restricted: bool) -> Term | None:
    """The balance of all accounts, or of the restricted ones; None when no account has a posting."""
    held = {row["component"]: row["amount"] or Decimal(0) for row in measures.sums.grouped(BALANCES)}
    if restricted:
        chosen = Selection(("cash",), component=RESTRICTED, until=measures.as_of)
        return chosen.term(held[RESTRICTED], "restricted accounts") if RESTRICTED in held else None
    whole = Selection(("cash",), until=measures.as_of).term(sum(held.values(), Decimal(0)), "all bank accounts")
    return whole if held else None


def cash_balance(measures: Measures, scope: Scope) -> Told:
    found, restricted = _balance(measures, restricted=False), _balance(measures, restricted=True)
    if found is None:
        raise Missing("postings on bank accounts (QuickBooks)")
    if restricted is None:
        return Told(found, "postings on QuickBooks bank accounts")
    apart = f"{restricted.value:,.2f} of restricted cash is not in it"
    return Told(found - restricted, "postings on QuickBooks bank accounts that are not restricted", (apart,))


def restricted_cash(measures: Measures, scope: Scope) -> Told:
    found = _balance(measures, restricted=True)
    if found is None:
        raise Missing("restricted bank accounts (named in the settings)")
    return Told(found, "postings on bank accounts that the settings call restricted")


def liquidity(measures: Measures, scope: Scope) -> Told:
    """Never called cash."""
    line = measures.policy.credit_line
    if line is None:
        raise Missing("undrawn credit line (settings)")
    return Told(measures.part(scope, "cash_balance") + constant(line, "undrawn credit line"), "cash and undrawn credit")


def job_cash_in(measures: Measures, scope: Scope) -> Told:
    found = _of_job(measures, scope, "cash_in", "customer payments applied to the job's invoices")
    return Told(found, "QuickBooks payments, by the invoices they settle")


def job_cash_out(measures: Measures, scope: Scope) -> Told:
    found = _of_job(measures, scope, "cash_out", "paid for the job")
    method = "bill payments pro rata by line, checks and card charges at their day, payroll at the day of its checks"
    return Told(found, method)


def _of_job(measures: Measures, scope: Scope, measure: str, label: str) -> Term:
    if "quickbooks" not in scope.job.systems:
        raise Missing(BILLING)
    return measures.sums.project_sum(scope.job.entity, measure, label=label)


def job_cash(measures: Measures, scope: Scope) -> Told:
    paid, spent = measures.parts(scope, "job_cash_in", "job_cash_out")
    return Told(paid - spent, "cash in less cash out; overhead is not in it")


def job_cash_earned(measures: Measures, scope: Scope) -> Told:
    cash, over = measures.parts(scope, "job_cash", "overbilled")
    return Told(cash - over, "without what was billed ahead of the work and must still be earned")


COMPANY_CASH = (
    (
        "cash_balance",
        "cash",
        "what the company's bank accounts hold by its books, restricted cash apart",
        "sum of postings on bank accounts",
        cash_balance,
    ),
    (
        "restricted_cash",
        "restricted cash",
        "bank accounts that cannot be used freely",
        "sum of postings on restricted bank accounts",
        restricted_cash,
    ),
    (
        "liquidity",
        "liquidity",
        "cash and what the credit line still allows; credit is no cash",
        "cash + undrawn credit line",
        liquidity,
    ),
)
JOB_CASH = (
    (
        "job_cash_in",
        "cash received for the job",
        "what the owner has paid on the job's invoices",
        "customer payments applied to the job's invoices",
        job_cash_in,
        ("cost",),
    ),
    (
        "job_cash_out",
        "cash paid for the job",
        "what was paid for the job's bills, purchases and payroll",
        "bill payments + purchases + payroll",
        job_cash_out,
        ("cost",),
    ),
    (
        "job_cash",
        "cash position of the job",
        "what the job has brought in cash less what it has taken",
        "cash received - cash paid",
        job_cash,
        ("cost",),
    ),
    (
        "job_cash_without_overbilling",
        "cash position without overbilling",
        "the job's cash less what was billed before it was earned",
        "cash position - overbilled",
        job_cash_earned,
        ("contract", "budget", "cost"),
    ),
)
METRICS = (
    *(
        Metric(name, label, "money", meaning, formula, rule, ("company",), needs=("cost",), section=21)
        for name, label, meaning, formula, rule in COMPANY_CASH
    ),
    *(
        Metric(name, label, "money", meaning, formula, rule, over="sum", needs=needs, section=21)
        for name, label, meaning, formula, rule, needs in JOB_CASH
    ),
)
