"""Which tie-outs a figure leans on, and whether they hold (specification, section 22)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datablueprint.metrics.figures import Figure
from datablueprint.metrics.overhead_pool import BASES, borne_by, months

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

Row = dict[str, Any]
COST, BUDGET, BILLED = ("T1", "T2", "T8", "TB", "DC"), ("T6", "T7a", "T7b"), ("T5a", "T5b")
LEANS_ON: dict[int, tuple[str, ...]] = {
    6: BUDGET,
    7: BUDGET,
    8: COST,
    11: ("T4", *COST),
    12: ("T4", *COST, *BUDGET),
    13: ("T2",),
    14: ("T2",),
    16: ("T2",),
    18: (*COST, *BUDGET, *BILLED),
    19: (*COST, *BUDGET),
    21: (*BILLED, "TB"),
} | dict.fromkeys((9, 10, 15, 17, 20), (*COST, *BUDGET))
SAID = {
    "T1": "job cost = QuickBooks job-cost accounts",
    "T2": "payroll register = payroll journal",
    "T3": "over- and underbilled = their accounts",
    "T4": "overhead shares = pool, month by month",
    "T5a": "billed = invoices less credit memos",
    "T5b": "receivable + retainage + collected = billed + tax",
    "T6": "invoiced on commitments <= committed",
    "T7a": "revised budget = its parts",
    "T7b": "budget transfers sum to zero",
    "T8": "matched invoices = their bills, gross",
    "TB": "lines read = QuickBooks trial balance",
    "DC": "debits = credits in every transaction",
}
WIP_BALANCES = """
select component, sum(amount) as amount, max(accounting_on) as newest
from facts
where state = 'counted' and measure = 'wip_adjustment' and component in ('overbilled', 'underbilled')
  and accounting_on <= cast(? as date)
group by component
"""


@dataclass(frozen=True)
class Tie:
    """One kind of tie-out as it bears on a figure: how many comparisons, and the sentences of those that fail."""

    name: str
    checks: int
    failing: tuple[str, ...]

    @property
    def said(self) -> str:
        held = self.checks - len(self.failing)
        return f"{self.name} {SAID.get(self.name, '')}: {held} of {self.checks} hold"


def ties(figure: Figure, rows: Iterable[Row], measures: Measures) -> list[Tie]:
    """The tie-outs behind a figure: those of its project, or of all when it is of a group or the company."""
    wanted = LEANS_ON.get(figure.metric.section, ())
    mine = [row for row in (*rows, *_computed(measures, wanted)) if row["tieout"] in wanted and _bears(row, figure)]
    return [
        Tie(name, len(held), tuple(row["sentence"] for row in held if not row["holds"]))
        for name in wanted
        if (held := [row for row in mine if row["tieout"] == name])
    ]


def _bears(row: Row, figure: Figure) -> bool:
    scope = row["scope"] or ""
    of_a_project = scope.startswith(("procore:projects:", "quickbooks:Customer:"))
    return figure.project is None or not of_a_project or scope == figure.project


def _computed(measures: Measures, wanted: Iterable[str]) -> Iterator[Row]:
    """Those that need figures, worked out when they are asked for."""
    if "T4" in wanted:
        yield from measures.once(_overhead)


def _overhead(measures: Measures) -> list[Row]:
    """T4: every month's shares and what stays unallocated are the pool."""
    found = []
    for month in months(measures):
        for code in BASES:
            shares = sum((borne_by(measures, p, month, code) for p in measures.projects.values()), Decimal(0))
            holds = shares + month.unallocated(code) == month.pool
            sentence = f"overhead of {month.first:%Y-%m} on {code}: shares {shares:,.2f}, pool {month.pool:,.2f}"
            found.append({"tieout": "T4", "scope": "", "holds": holds, "sentence": sentence})
    return found


def booked_positions(measures: Measures) -> list[str]:
    """T3: what the schedule says is over- and underbilled beside the accounts, when an entry is booked on the day."""
    held = {row["component"]: row for row in measures.sums.grouped(WIP_BALANCES)}
    if measures.as_of not in {row["newest"] for row in held.values()}:
        return ["T3: no work-in-progress entry is booked on this day, so there is nothing to compare the schedule with"]
    said = []
    for name, sign in (("underbilled", 1), ("overbilled", -1)):
        figure = measures.portfolio_figure(name, "portfolio")
        booked = sign * (held[name]["amount"] if name in held else Decimal(0))
        if figure.value is not None:
            agrees = "ties to" if figure.value == booked else "DIFFERS from"
            said.append(f"T3: {name} {figure.value:,.2f} {agrees} its account, {booked:,.2f}")
    return said
