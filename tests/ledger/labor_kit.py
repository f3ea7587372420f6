"""One employee, one week in two systems, and the raw records behind the amounts, so that facts can be re-added."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from datablueprint import tables
from datablueprint.facts import Ledger
from datablueprint.proof.checker import Checker, Verdict
from datablueprint.settings import BurdenRate, Policy
from tests.ledger.kit import PROJECT

Row = dict[str, Any]
PERSON, EMPLOYEE = "procore:people:501", "gusto:employees:e-1"
MONDAY = date(2026, 3, 2)
PEOPLE = [
    {"record_id": PERSON, "system": "procore", "name": "R. Diaz", "employee_number": "17", "active": True},
    {"record_id": EMPLOYEE, "system": "gusto", "name": "Rosa Diaz", "employee_number": "17", "active": True},
]
WEEK = (
    ("Regular Hours", "wages", "1200.00", "/hourly_compensations/0/amount", "40", None),
    ("Overtime", "wages", "225.00", "/hourly_compensations/1/amount", "5", None),
    ("Social Security", "employer_tax", "88.35", "/taxes/0/amount", None, "social_security"),
    ("Medicare", "employer_tax", "20.66", "/taxes/1/amount", None, "medicare"),
    ("FUTA", "employer_tax", "8.55", "/taxes/2/amount", None, "futa"),
    ("Health", "employer_benefit", "120.00", "/benefits/0/company_contribution", None, "health"),
)
"""Name, kind, amount, where it stands, hours, burden."""


def week(number: int = 0, lines: Iterable[tuple[Any, ...]] = WEEK) -> dict[str, list[Row]]:
    """The pay run of one week, paid on the Friday after it."""
    start, run = MONDAY + timedelta(days=7 * number), f"gusto:payrolls:p-{number}"
    header = {
        "record_id": run,
        "provider": "gusto",
        "period_start": start,
        "period_end": start + timedelta(days=6),
        "check_on": start + timedelta(days=11),
        "processed": True,
    }
    amounts = [
        {
            "record_id": f"gusto:employee_compensations:p-{number}/e-1",
            "line_key": at[1:],
            "run_record_id": run,
            "employee_record_id": EMPLOYEE,
            "kind": kind,
            "component": name,
            "burden": burden,
            "hours": Decimal(hours) if hours else None,
            "amount": Decimal(amount),
            "amount_at": at,
        }
        for name, kind, amount, at, hours, burden in lines
    ]
    return {"payroll_runs": [header], "payroll_amounts": amounts}


def entry(number: int, day: date, hours: str, code: str = "03-300") -> Row:
    return {
        "record_id": f"procore:timecard_entries:{number}",
        "project_record_id": PROJECT,
        "person_record_id": PERSON,
        "person_name": "R. Diaz",
        "worked_on": day,
        "hours": Decimal(hours),
        "hours_at": "/hours",
        "cost_code": code,
        "cost_type": "L",
        "time_type": "regular",
        "status": "approved",
    }


def together(*parts: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    read: dict[str, list[Row]] = {"employees": list(PEOPLE)}
    for part in parts:
        for name, rows in part.items():
            read[name] = read.get(name, []) + rows
    return read


def rate(component: str, share: str, **more: Any) -> BurdenRate:
    return BurdenRate(component=component, rate=Decimal(share), **more)


def rated(*rates: BurdenRate, **more: Any) -> Policy:
    return Policy(burden_rates=rates, **more)


def raw(read: Mapping[str, list[Row]]) -> dict[str, str]:
    """What the systems' own records would say, by record id."""
    documents: dict[str, Any] = {e["record_id"]: {"hours": str(e["hours"])} for e in read.get("time_entries", ())}
    for row in read.get("payroll_amounts", ()):
        document = documents.setdefault(row["record_id"], {})
        lines, place, field = row["amount_at"][1:].split("/")
        held = document.setdefault(lines, [])
        held += [{} for _ in range(int(place) + 1 - len(held))]
        held[int(place)] = {field: str(row["amount"]), "hours": str(row["hours"] or 0)}
    return {record: json.dumps(document) for record, document in documents.items()}


def readded(facts: list[Row], read: Mapping[str, list[Row]], stated: str, **select: Any) -> Verdict:
    """The checker on one sum of the project's facts."""
    payloads = raw(read)
    tree = {
        "op": "facts",
        "value": stated,
        "select": {"measures": ["cost"], "project": PROJECT, "column": "amount", **select},
    }
    ledger = Ledger(tables.build("facts", facts))
    return Checker(ledger, lambda ids: {i: payloads[i] for i in ids if i in payloads}, lambda _: None).check(
        json.dumps(tree)
    )


def measured(folder: Path, facts: list[Row], as_of: date) -> Any:
    """Metrics over these facts on a day, from a snapshot of a later one."""
    from tests.metrics.kit import measures

    return measures(folder, facts, as_of=as_of, known_on=date(2026, 11, 19))
