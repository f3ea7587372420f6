"""A hand-made ledger on disk, so that metrics are asked exactly as in production: through SQL."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from datablueprint import tables
from datablueprint.adapters.duckdb_query import DuckDbQuery
from datablueprint.adapters.local_files import LocalFiles
from datablueprint.adapters.sqlite_state import SqliteState
from datablueprint.lake.snapshots import Snapshots
from datablueprint.metrics import Gaps, Measures
from datablueprint.metrics.gaps import NO_GAPS
from datablueprint.settings import Policy

SNAPSHOT = "20261120T180000Z-000001"
AS_OF = date(2026, 11, 19)
PROJECT = "procore:projects:1"
JOB = "quickbooks:Customer:58"
COMMITMENT = "procore:work_order_contracts:5"


def fact(
    measure: str, value: str | None, code: str | None = None, kind: str | None = None, **changes: Any
) -> dict[str, Any]:
    """A counted fact of the project; its single record is named after it."""
    record = f"procore:made:{measure}-{code}-{kind}-{value}-{changes.get('accounting_on', '')}"
    row = {
        "fact_id": "fact_" + record,
        "measure": measure,
        "state": "counted",
        "rule": "test",
        "reason": "test",
        "project": PROJECT,
        "cost_code": code,
        "cost_type": kind,
        "amount": Decimal(value) if value is not None else None,
        "basis": "posted" if measure == "cost" else "plan",
        "grade": "A",
        "evidence": [{"record_id": record, "pointer": "/amount", "role": "amount"}],
    }
    return row | changes


def measures(
    folder: Path,
    facts: list[dict[str, Any]],
    *,
    findings: list[dict[str, Any]] | None = None,
    closed: bool = False,
    finish: date | None = None,
    policy: Policy | None = None,
    as_of: date = AS_OF,
    known_on: date | None = None,
    gaps: Gaps = NO_GAPS,
    roles: list[dict[str, Any]] | None = None,
    changes: list[dict[str, Any]] | None = None,
) -> Measures:
    """The measures of one project, number 24-017, with these facts."""
    snapshots = Snapshots(LocalFiles(folder / "files"), SqliteState(folder / "state.db"))
    base = {"active": not closed, "is_job": True, "name": "Harbor Clinic", "planned_finish_on": finish}
    stage = "completed" if closed else "course_of_construction"
    projects = [
        {**base, "record_id": PROJECT, "system": "procore", "number": "24-017", "stage": stage},
        {**base, "record_id": JOB, "system": "quickbooks"},
    ]
    entities = [{"record_id": r["record_id"], "kind": "project", "entity_id": PROJECT} for r in projects]
    written = {"projects": projects, "entities": entities, "facts": facts, "findings": findings or []}
    written |= {"project_roles": roles or [], "change_orders": changes or []}
    for name, rows in written.items():
        snapshots.write(SNAPSHOT, name, tables.build(name, rows))
    return Measures(
        DuckDbQuery(folder / "files"), SNAPSHOT, as_of=as_of, policy=policy or Policy(), known_on=known_on, gaps=gaps
    )
