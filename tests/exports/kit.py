"""A schedule by hand, every number worked out on paper, and a desk that knows the records and estimates under it."""

from __future__ import annotations

import io
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from decimal import Decimal as D
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import formulas
import openpyxl

from datablueprint.exports.columns import KNOWN
from datablueprint.settings import ContractTerms, Policy

DAY = "2026-11-19"
METRICS = [column.metric for column in KNOWN]
INJECTED = '=HYPERLINK("http://evil.example","Tower")'
VENDORS = ("+1 Plumbing", "-Dash & Sons <b>", "@SUM(1)", "=cmd|' /C calc'!A0", None)

OVERBILLED = "1000000 800000 200000 0.2 200000 0.25 250000 200000 50000 0 300000 50000 0 750000 150000 30000"
LOSING = "1000000 1200000 -200000 -0.2 300000 0.25 250000 300000 -50000 150000 0 0 250000 750000 0 0"
HALF_A_CENT = "100.02 80 20.02 - 20 0.25 25.01 20 5.01 0 25.01 0 0 75.01 15.01 0"
CREDIT = "12000 10000 2000 - -500 0 0 -500 500 0 0 0 0 12000 1500 0"
ODD = (
    "1040798.01 967728.23 73069.78 - 928058.03 0.9590068794417622807180069553 998132.45 928058.03 70074.42 0 "
    "900000.10 0 98132.35 42665.56 2995.36 52039.90"
)
ZERO_ESTIMATE = "50000 0 50000 1 0 - 1234.56 0 1234.56 0 1000 0 234.56 48765.44 48765.44 0"
NOT_LINKED = "1000 800 200 0.2 400 0.5 500 400 100 0 - - - 500 100 -"
NOT_STARTED = "5740000 5349500 390500 - 0 0 0 0 0 0 0 0 0 5740000 390500 0"
CLOSED = "3791560 3356424.37 435135.63 - 3356424.37 1 3791560 3356424.37 435135.63 0 3791560 0 0 0 0 0"
CLOSED_AT_NO_COST = "500 0 500 1 0 1 500 0 500 0 500 0 0 0 0 0"

ACTIVE = {
    ("24-001", INJECTED): OVERBILLED,
    ("3-4", "Odd cents"): ODD,
    ("24-003", "A loss"): LOSING,
    ("24-004", "Time and materials, nothing estimated"): ZERO_ESTIMATE,
    ("24-*", "A credit"): CREDIT,
    ("24-006", "Not linked to QuickBooks & a very long name that has to be wrapped on every page it is on"): NOT_LINKED,
    ("24-007", "Half a cent"): HALF_A_CENT,
}
WAITING = {("27-001", "Not started"): NOT_STARTED}
DONE = {("25-001", "Closed"): CLOSED, ("25-002", "Closed at no cost"): CLOSED_AT_NO_COST}
TERMS = Policy(
    contract_terms={
        "24-004": ContractTerms(type="time_and_materials", billing_rates={"": D(80)}),
        "24-006": ContractTerms(type="gmp", fee=D(50)),
    }
)


def values(written: str) -> dict[str, D | None]:
    """A row of numbers by metric; `-` is unavailable, but for a margin, which is worked out."""
    found = dict(zip(METRICS, (None if w == "-" else D(w) for w in written.split()), strict=True))
    if found["gross_margin_at_completion"] is None:
        profit, price = found["gross_profit_at_completion"], found["contract_value"]
        found["gross_margin_at_completion"] = profit / price if profit is not None and price else None
    return found


def schedule(*, period: Mapping[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    """What `statements.wip` gives. `period` is what a project earned since the previous close."""
    groups = (("active projects", "portfolio", ACTIVE), ("projects not started", "not-started", WAITING))
    closed = ("projects closed in 2026", "closed-in/2026", DONE)
    told: dict[str, Any] = {
        "as_of": DAY,
        "snapshot": "20261120T190032Z-ab0f01",
        "columns": [{"metric": name, "label": name.replace("_", " ")} for name in METRICS],
        "sections": [section(*group, period or {}) for group in (*groups, closed)],
        "left_out": ["27-002 Evans Retail Pad 5: contract value is missing"],
        "notes": ["pending change orders are not in the contract value"],
    }
    return told | changes


def section(title: str, scope: str, jobs: Mapping[tuple[str, str], str], period: Mapping[str, str]) -> dict[str, Any]:
    rows = {key: values(written) for key, written in jobs.items()}
    sums: dict[str, D | None] = {m: sum((row[m] or D(0) for row in rows.values()), D(0)) for m in METRICS}
    price, profit = sums["contract_value"], sums["gross_profit_at_completion"]
    sums["gross_margin_at_completion"] = profit / price if price and profit is not None else None
    lines = [
        {
            "project": project,
            "name": name,
            "cells": {metric: cell(metric, project, value) for metric, value in row.items()},
            "earned_in_period": {"value": period[project], "shown": "", "tree": {}} if project in period else None,
        }
        for (project, name), row in rows.items()
    ]
    totals = {m: cell(m, scope, sums[m]) for m in METRICS if m != "percent_complete"}
    return {"title": title, "lines": lines, "totals": totals}


def cell(metric: str, scope: str, value: D | None) -> dict[str, Any]:
    return {
        "id": f"{metric}/{scope}/{DAY}",
        "metric": metric,
        "value": None if value is None else str(value),
        "shown": "unavailable" if value is None else f"{value:,.0f}",
        "grade": "U" if value is None else "C" if scope == "24-003" else "A",
        "dimensions": {"scope": scope},
    }


@dataclass
class FakeDesk:
    """Splits every figure into two records, and every estimate into two leaves."""

    told: dict[str, Any]
    company: str = "Smith & Sons <Builders>"
    lost: Decimal = D(0)
    """What the records of every figure fall short of it."""
    measures: Any = field(init=False)

    def __post_init__(self) -> None:
        self.vendors = itertools.cycle(VENDORS)
        self.cells = {c["id"]: c for s in self.told["sections"] for x in s["lines"] for c in x["cells"].values()}
        projects = {x["project"]: SimpleNamespace(key=x["project"]) for s in self.told["sections"] for x in s["lines"]}
        self.measures = SimpleNamespace(
            known_on=date(2026, 11, 20), policy=TERMS, projects=projects, estimates=self.estimates
        )

    def figure(self, figure_id: str) -> Any:
        return SimpleNamespace(figure_id=figure_id, method=f"method of {figure_id}", assumptions=("=an assumption",))

    def citations(self, figure: Any) -> list[dict[str, Any]]:
        whole = D(self.cells[figure.figure_id]["value"]) - self.lost
        parts = [whole - D("1.10"), D("1.10")]
        vendor = next(self.vendors)
        return [
            {"record_id": f"quickbooks:Bill:{n}", "amount": str(part), "on": date(2026, 5, n), "party": vendor}
            | {"system": "quickbooks", "rule": "D1", "url": None}
            for n, part in enumerate(parts, start=1)
        ]

    def estimates(self, project: Any) -> list[Any]:
        whole = D(self.cells[f"estimated_cost_at_completion/{project.key}/{DAY}"]["value"])
        return [
            SimpleNamespace(
                place=("entity", code, "S"),
                budget=part,
                committed=D(0),
                actual=D(0),
                method="E1",
                eac=SimpleNamespace(value=part),
                lowest=part,
                highest=part + 5,
            )
            for code, part in (("03-300", whole - D("0.37")), ("=09-900", D("0.37")))
        ]


def recomputed(content: bytes, folder: Path) -> dict[tuple[str, str], Any]:
    """Every cell by sheet and address, as an independent engine computes it from inputs and formulas alone."""
    path = folder / "pack.xlsx"
    openpyxl.load_workbook(io.BytesIO(content)).save(path)  # drops the stored values of formulas
    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    found = {}
    for name, held in solution.items():
        if isinstance(name, str) and "]" in name and ":" not in name:
            sheet, _, address = name.partition("]")[2].rpartition("'!")
            value = held.value[0, 0]
            found[sheet.strip("'").upper(), address] = value
    return found


def parts(content: bytes) -> dict[str, str]:
    """The XML of each sheet by number."""
    with ZipFile(io.BytesIO(content)) as file:
        return {n: file.read(n).decode() for n in file.namelist() if n.startswith("xl/worksheets/sheet")}
