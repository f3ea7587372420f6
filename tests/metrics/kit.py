"""A hand-made ledger on disk, so that metrics are asked exactly as in production: through SQL."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from datablueprint import metrics, tables
from datablueprint.adapters.duckdb_query import DuckDbQuery
from datablueprint.adapters.local_files import LocalFiles
from datablueprint.adapters.sqlite_state import SqliteState
from datablueprint.facts import Ledger
from datablueprint.lake.snapshots import Snapshots
from datablueprint.metrics import Figure, Gaps, Measures
from datablueprint.metrics.gaps import NO_GAPS
from datablueprint.proof.checker import Checker, Verdict
from datablueprint.settings import Policy

Row = dict[str, Any]
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


def job(number: str, *, closed: bool = False, manager: str | None = None, **changes: Any) -> dict[str, list[Row]]:
    """A Procore project with its QuickBooks job and manager, as rows for `firm`."""
    project, books = f"procore:projects:{number}", f"quickbooks:Customer:{number}"
    stage = "completed" if closed else "course_of_construction"
    base = {"active": not closed, "is_job": True, "name": f"Job {number}", "number": number, "stage": stage}
    role = {"record_id": f"procore:project_roles:{number}", "project_record_id": project, "active": True}
    return {
        "projects": [
            {**base, "record_id": project, "system": "procore", **changes},
            {**base, "record_id": books, "system": "quickbooks", "number": None},
        ],
        "entities": [{"record_id": r, "kind": "project", "entity_id": project} for r in (project, books)],
        "project_roles": [{**role, "role": "Project Manager", "person_name": manager}] if manager else [],
    }


def of_job(number: str, measure: str, value: str, code: str | None = None, kind: str | None = None, **more: Any) -> Row:
    """A counted fact of job `number`."""
    made = fact(measure, value, code, kind, project=f"procore:projects:{number}", **more)
    record = f"procore:made:{number}-{measure}-{code}-{kind}-{more.get('accounting_on', '')}"
    evidence = [{"record_id": record, "pointer": "/amount", "role": "amount"}]
    return {**made, "fact_id": f"fact_{record}", "evidence": more.get("evidence", evidence)}


def firm(
    folder: Path,
    jobs: list[dict[str, list[Row]]],
    facts: list[Row],
    *,
    policy: Policy | None = None,
    as_of: date = AS_OF,
) -> Measures:
    """The measures of several jobs with these facts."""
    snapshots = Snapshots(LocalFiles(folder / "files"), SqliteState(folder / "state.db"))
    written: dict[str, list[Row]] = {name: [] for name in ("findings", "change_orders", "project_roles")}
    written |= {"facts": facts, "projects": [], "entities": []}
    for each in jobs:
        for name, held in each.items():
            written[name] = written[name] + held
    for name, held in written.items():
        snapshots.write(SNAPSHOT, name, tables.build(name, held))
    return Measures(DuckDbQuery(folder / "files"), SNAPSHOT, as_of=as_of, policy=policy or Policy())


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
    stage: str | None = None,
) -> Measures:
    """The measures of one project, number 24-017, with these facts."""
    snapshots = Snapshots(LocalFiles(folder / "files"), SqliteState(folder / "state.db"))
    base = {"active": not closed, "is_job": True, "name": "Harbor Clinic", "planned_finish_on": finish}
    stage = stage or ("completed" if closed else "course_of_construction")
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


def readded(found: Measures, figure: Figure) -> Verdict:
    """The checker's verdict on a figure."""
    return checker_of(found).verify(figure.figure_id)


def checker_of(found: Measures) -> Checker:
    """A checker over raw records that say just what the facts of this ledger do."""
    facts = found.query.sql("select * from facts", snapshot=found.snapshot)
    raw: dict[str, dict[str, str]] = {}
    for row in tables.rows(facts):
        for cited in row["evidence"]:
            values = {"/amount": row["amount"], "/hours": row["hours"], "/quantity": row["quantity"]}
            if values.get(cited["pointer"]) is not None:
                raw.setdefault(cited["record_id"], {})[cited["pointer"][1:]] = str(values[cited["pointer"]])
    payloads = {record: json.dumps(held) for record, held in raw.items()}

    def tree(figure_id: str) -> str | None:
        term = metrics.figure(found, figure_id).term
        return json.dumps(term.tree()) if term else None

    return Checker(Ledger(facts), lambda ids: {i: payloads[i] for i in ids if i in payloads}, tree)
