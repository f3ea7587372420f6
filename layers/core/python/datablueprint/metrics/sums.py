"""SQL selects and sums facts; nothing in this file divides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from datablueprint.metrics.terms import Term
from datablueprint.ports import Query
from datablueprint.tables import rows

Row = dict[str, Any]

SUMS = """
select project, cost_code, cost_type, measure, basis, contract_record_id,
       sum(amount) as amount, sum(hours) as hours, sum(quantity) as quantity,
       max(accounting_on) as newest, count(*) as facts
from facts
where state = 'counted' and (accounting_on is null or accounting_on <= cast(? as date))
group by project, cost_code, cost_type, measure, basis, contract_record_id
"""

OPEN_TIME = """
select project, cost_code, cost_type, subject, sum(amount) as amount, sum(hours) as hours
from facts
where state = 'counted' and measure = 'payroll_accrual' and accounting_on <= cast(? as date)
group by project, cost_code, cost_type, subject
having sum(amount) <> 0 or sum(hours) <> 0
"""

WINDOW = """
select project, cost_code, cost_type, sum(amount) as amount, sum(hours) as hours
from facts
where state = 'counted' and measure = 'cost' and basis in ('posted', 'applied') and project is not null
  and accounting_on > cast(? as date) and accounting_on <= cast(? as date)
group by project, cost_code, cost_type
"""

UNASSIGNED = """
select accounting_on, sum(amount) as amount
from facts
where state = 'counted' and measure = 'cost' and project is null and rule = 'D1'
  and accounting_on <= cast(? as date)
group by accounting_on
"""

COST_DATES = """
select project, min(accounting_on) as first_on, max(accounting_on) as last_on, count(*) as facts
from facts
where state = 'counted' and measure = 'cost' and project is not null
  and accounting_on <= cast(? as date)
group by project
"""

LAST_COST = """
select project, max(accounting_on) as last_on
from facts
where state = 'counted' and measure = 'cost' and project is not null
  and accounting_on <= cast(? as date)
group by project
"""

JOBLESS_LABOR = """
select sum(amount) as amount
from facts
where state = 'counted' and measure = 'cost' and project is null and rule <> 'D1'
  and accounting_on <= cast(? as date)
"""

LOWERED = """
select project, grade, rule, basis, sum(amount) as amount, count(*) as facts
from facts
where state = 'counted' and project is not null
  and (accounting_on is null or accounting_on <= cast(? as date))
  and (grade <> 'A' or basis = 'approved_not_posted' or basis = 'unprocessed_time')
group by project, grade, rule, basis
"""

SIGNED = """
select project, count(distinct contract_record_id) as contracts
from facts
where state = 'counted' and measure = 'original_contract' and project is not null
group by project
"""

CHANGES = """
select f.project, c.number, f.subject
from facts f
join change_orders c on c.record_id = f.subject
where f.measure like '%_change' and f.subject is not null and f.project is not null and f.rule <> 'D12'
order by f.project, c.number, f.subject
"""

DAILY = """
select project, cost_type, measure, basis, component, accounting_on,
       sum(amount) as amount, sum(hours) as hours
from facts
where state = 'counted' and accounting_on is not null and accounting_on <= cast(? as date)
  and measure in ('cost', 'overhead', 'burden_paid', 'billing', 'cash', 'cash_in', 'cash_out')
group by project, cost_type, measure, basis, component, accounting_on
"""

LEAF_MEASURES = (
    "cost",
    "original_budget",
    "budget_modification",
    "budget_change",
    "commitment",
    "commitment_change",
    "forecast_to_complete",
)
"""What makes a cost code and type a leaf that needs an estimate."""

POSTED = ("posted", "applied")

Place = tuple[str, str, str]
"""Project entity id, cost code, cost type."""


@dataclass(frozen=True)
class Selection:
    """Which facts a term sums; written into the proof so that the checker can select them again by itself.

    `contract` is a record id, "any" (on some contract) or None (whatever).
    `project` None = in no project, "*" = in any. A text or several that match.
    Days: after (exclusive) to until (inclusive). `column` is amount, hours or quantity.
    """

    measures: tuple[str, ...]
    project: str | None = None
    cost_code: str | None = None
    cost_type: str | None = None
    contract: str | None = None
    basis: str | tuple[str, ...] | None = None
    component: str | tuple[str, ...] | None = None
    subject: str | tuple[str, ...] | None = None
    rule: str | None = None
    after: date | None = None
    until: date | None = None
    column: str = "amount"

    def term(self, value: Decimal, label: str = "") -> Term:
        stated = {k: v for k, v in vars(self).items() if v is not None}
        stated |= {k: v.isoformat() for k, v in stated.items() if isinstance(v, date)}
        stated |= {k: list(v) for k, v in stated.items() if isinstance(v, tuple)}
        return Term(value, "facts", label=label, detail={"select": stated})


class Sums:
    """The grouped facts of one snapshot up to one day, summed further in memory."""

    def __init__(self, query: Query, snapshot: str, as_of: date) -> None:
        self.as_of = as_of
        day = as_of.isoformat()
        self._by_leaf: dict[Place, list[Row]] = defaultdict(list)
        self._by_project: dict[str, list[Row]] = defaultdict(list)
        for row in rows(query.sql(SUMS, (day,), snapshot=snapshot)):
            if row["project"]:
                self._by_project[row["project"]].append(row)
                if row["cost_code"]:
                    self._by_leaf[row["project"], row["cost_code"], row["cost_type"] or "O"].append(row)
        self._open_time: dict[Place, list[Row]] = defaultdict(list)
        for row in rows(query.sql(OPEN_TIME, (day,), snapshot=snapshot)):
            self._open_time[row["project"], row["cost_code"], row["cost_type"]].append(row)
            self._by_leaf[row["project"], row["cost_code"], row["cost_type"]] += []
        self._places: dict[str, list[Place]] = defaultdict(list)
        self._query, self._snapshot = query, snapshot
        self._changes: dict[str, list[tuple[str, str]]] | None = None
        self._grouped: dict[str, list[Row]] = {}
        self._windows: dict[tuple[date, date], dict[Place, Row]] = {}

    def projects(self) -> list[str]:
        return sorted(self._by_project)

    def leaves(self, project: str) -> list[Place]:
        """Places of a project that hold cost, budget, commitments or forecasts."""
        if not self._places:
            for place, held in self._by_leaf.items():
                if place in self._open_time or any(r["measure"] in LEAF_MEASURES for r in held):
                    self._places[place[0]].append(place)
            for places in self._places.values():
                places.sort()
        return list(self._places[project])

    def project_sum(
        self, project: str, *measures: str, column: str = "amount", contract: str | None = None, label: str = ""
    ) -> Term:
        held = [r for r in self._by_project[project] if r["measure"] in measures and _on(r, contract)]
        selection = Selection(measures, project, contract=contract, until=self.as_of, column=column)
        early = [r for place, open_time in self._open_time.items() if place[0] == project for r in open_time]
        return _with_open_time(selection, selection.term(_sum(held, column), label), early)

    def has(self, project: str, measure: str) -> bool:
        return any(r["measure"] == measure for r in self._by_project[project])

    def leaf_sum(
        self, place: Place, *measures: str, column: str = "amount", contract: str | None = None, label: str = ""
    ) -> Term:
        held = [r for r in self._by_leaf[place] if r["measure"] in measures and _on(r, contract)]
        selection = Selection(measures, *place, contract=contract, until=self.as_of, column=column)
        early = self._open_time.get(place, [])
        return _with_open_time(selection, selection.term(_sum(held, column), label), early)

    def contracts(self, place: Place) -> list[str]:
        """Commitments that reach this leaf."""
        held = self._by_leaf[place]
        return sorted({r["contract_record_id"] for r in held if r["measure"].startswith("commitment")} - {None})

    def newest(self, place: Place, measure: str) -> date | None:
        days = [r["newest"] for r in self._by_leaf[place] if r["measure"] == measure]
        return None if not days or None in days else max(days)

    def has_leaf(self, place: Place, measure: str) -> bool:
        return any(r["measure"] == measure for r in self._by_leaf[place])

    def window(self, place: Place, after: date, until: date, column: str) -> Term:
        """Posted cost or its hours of one leaf between two days."""
        if (after, until) not in self._windows:
            table = self._query.sql(WINDOW, (after.isoformat(), until.isoformat()), snapshot=self._snapshot)
            self._windows[after, until] = {
                (r["project"], r["cost_code"] or "", r["cost_type"] or "O"): r for r in rows(table)
            }
        held = self._windows[after, until].get(place)
        value = (held[column] if held else None) or Decimal(0)
        selection = Selection(("cost",), *place, basis=POSTED, after=after, until=until, column=column)
        return selection.term(value, f"posted {column} of {after} to {until}")

    def unassigned(self) -> list[Row]:
        return self.grouped(UNASSIGNED)

    def cost_dates(self) -> dict[str, Row]:
        found = rows(self._query.sql(COST_DATES, (self.as_of.isoformat(),), snapshot=self._snapshot))
        return {r["project"]: r for r in found}

    def last_cost(self, known_on: date) -> dict[str, date]:
        """Per project the last day of cost known on a day: before it, a job that is closed now was still open."""
        found = rows(self._query.sql(LAST_COST, (known_on.isoformat(),), snapshot=self._snapshot))
        return {r["project"]: r["last_on"] for r in found}

    def signed_contracts(self) -> dict[str, int]:
        """Per project how many prime contracts are signed."""
        return {r["project"]: r["contracts"] for r in rows(self._query.sql(SIGNED, snapshot=self._snapshot))}

    def changes(self, project: str) -> list[tuple[str, str]]:
        """Number and record id of a project's owner-side change orders at their highest tier."""
        if self._changes is None:
            self._changes = defaultdict(list)
            for row in rows(self._query.sql(CHANGES, snapshot=self._snapshot)):
                self._changes[row["project"]].append((row["number"] or row["subject"], row["subject"]))
        return self._changes[project]

    def grouped(self, sql: str) -> list[Row]:
        """Rows of a statement with one parameter, the day; asked once per snapshot and day."""
        if sql not in self._grouped:
            self._grouped[sql] = rows(self._query.sql(sql, (self.as_of.isoformat(),), snapshot=self._snapshot))
        return self._grouped[sql]

    def daily(self) -> list[Row]:
        """Amount and hours of cost, overhead, billing and cash per day, project, type, basis and component."""
        return self.grouped(DAILY)

    def jobless_labor(self) -> Decimal:
        found = self.grouped(JOBLESS_LABOR)
        return found[0]["amount"] or Decimal(0)

    def lowered(self) -> list[Row]:
        return self.grouped(LOWERED)


def _with_open_time(selection: Selection, cost: Term, early: Iterable[Row]) -> Term:
    """Cost to date on a day inside a pay period holds the time worked until then, which its pay run had yet to pay."""
    held = list(early)
    if not held or "cost" not in selection.measures or selection.contract is not None:
        return cost
    runs = tuple(sorted({r["subject"] for r in held}))
    accrued = replace(selection, measures=("payroll_accrual",), subject=runs)
    return (cost + accrued.term(_sum(held, selection.column), "time that payroll had yet to pay")).named(cost.label)


def _on(row: Mapping[str, Any], contract: str | None) -> bool:
    held = row["contract_record_id"]
    return contract is None or (held is not None if contract == "any" else held == contract)


def _sum(held: Iterable[Mapping[str, Any]], column: str) -> Decimal:
    return sum((r[column] for r in held if r[column] is not None), Decimal(0))
