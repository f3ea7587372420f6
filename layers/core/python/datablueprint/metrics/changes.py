"""Owner change orders: what is pending, what one of them asks, and who waits how long (specification, section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from datablueprint.metrics import scopes
from datablueprint.metrics.definition import Metric, Missing, Told
from datablueprint.metrics.price import demand_procore
from datablueprint.metrics.scopes import Project, Scope
from datablueprint.metrics.sums import Row, Selection
from datablueprint.metrics.terms import Term

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

PENDING, PRICE = "pending_change_orders", "change_order_price"
COUNTED = ("approved_change", "pending_change")
GOING_ON = "proceeding"
"""The source status of work that is being done without an agreed price."""
ORDER = ("pending", "rejected", "void", "draft")

OF_OWNERS = """
select f.project, c.record_id, c.number, c.title, c.status, c.source_status, c.amount, c.created_on, c.approved_on,
       f.measure, f.state, f.accounting_on
from facts f
join change_orders c on c.record_id = f.subject
where f.project is not null and c.side <> 'commitment' and f.rule <> 'D12'
  and f.measure in ('approved_change', 'pending_change', 'rejected_change', 'void_change', 'draft_change')
  and (f.accounting_on is null or f.accounting_on <= cast(? as date))
order by f.project, c.number, c.record_id
"""


@dataclass(frozen=True)
class Change:
    """One owner change order at its highest tier, as of the day."""

    record_id: str
    number: str
    title: str
    status: str
    """pending, rejected, void or draft; approved ones are not listed."""
    source_status: str
    price: Decimal | None
    age: int | None
    """Days since it was first priced (created); None when the source does not say."""
    counted: bool
    """Its price is in pending change orders: it is pending, on a signed contract."""
    figure_id: str | None
    """Of its price, where that counts."""

    @property
    def proceeding(self) -> bool:
        """The work goes on without an agreed price."""
        return self.source_status == GOING_ON


def listing(measures: Measures, project: Project) -> list[Change]:
    """Unapproved change orders: work that goes on without a price first, then by status, the oldest first."""
    found = [_change(measures, project, row) for row in rows_of(measures, project) if row["status"] != "approved"]
    return sorted(found, key=lambda c: (not c.proceeding, ORDER.index(c.status), -(c.age or 0), c.number))


def rows_of(measures: Measures, project: Project) -> list[Row]:
    """Every owner change order of a project at its highest tier."""
    return [row for row in measures.sums.grouped(OF_OWNERS) if row["project"] == project.entity]


def _change(measures: Measures, project: Project, row: Row) -> Change:
    number = row["number"] or row["record_id"]
    counted = _counted(row)
    scope = scopes.of_change(project, number, row["record_id"])
    created: date | None = row["created_on"]
    return Change(
        record_id=row["record_id"],
        number=number,
        title=row["title"] or "",
        status=row["status"],
        source_status=row["source_status"] or row["status"],
        price=row["amount"],
        age=(measures.as_of - created).days if created else None,
        counted=counted,
        figure_id=measures.figure(PRICE, scope).figure_id if counted else None,
    )


def price_of(measures: Measures, project: Project, record_id: str, amount: Decimal, label: str) -> Term:
    """The price of one counted change order."""
    return Selection(COUNTED, project.entity, subject=record_id, until=measures.as_of).term(amount, label)


def pending_change_orders(measures: Measures, scope: Scope) -> Told:
    demand_procore(scope, "pending change orders")
    found = measures.sums.project_sum(scope.job.entity, "pending_change", label="pending change orders")
    going = [c for c in listing(measures, scope.job) if c.counted and c.proceeding]
    amount = sum((c.price or Decimal(0) for c in going), Decimal(0))
    note = (f"{amount:,.2f} of it is on {len(going)} change orders whose work goes on without an agreed price",)
    method = "asked prices of pending owner changes on signed contracts, each at its highest tier"
    return Told(found, method, note if going else ())


def _counted(row: Row) -> bool:
    return bool(row["state"] == "counted" and row["measure"] == "pending_change")


def change_order_price(measures: Measures, scope: Scope) -> Told:
    row = next((row for row in rows_of(measures, scope.job) if row["record_id"] == scope.change), None)
    if row is None:
        raise Missing("an owner change order at its highest tier, dated by this day")
    if row["state"] != "counted" or row["measure"] not in COUNTED or row["amount"] is None:
        raise Missing(f"a price that counts (the change order is {row['status']}, or its contract is not signed)")
    term = price_of(measures, scope.job, row["record_id"], row["amount"], "price")
    return Told(term, f"as {'approved' if row['status'] == 'approved' else 'asked: ' + str(row['source_status'])}")


METRICS = (
    Metric(
        PENDING,
        "pending change orders",
        "money",
        "the asked price of owner change orders that are not decided; no part of the contract value",
        "sum of pending owner change orders",
        pending_change_orders,
        over="sum",
        needs=("contract",),
        section=5,
    ),
    Metric(
        PRICE,
        "change order price",
        "money",
        "what one owner change order is approved for, or asks",
        "price of the change order",
        change_order_price,
        kinds=("change",),
        needs=("contract",),
        section=5,
    ),
)
