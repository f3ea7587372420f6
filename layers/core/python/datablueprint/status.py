"""What is published, how fresh it is, what does not fit together, and what both systems of record share.

Two sentences on what cannot be known belong to the comparison of Procore and
QuickBooks: exports that were rejected or failed are shown by Procore's own ERP tool only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from datablueprint import desk, steps
from datablueprint.errors import NotReady
from datablueprint.ports import Ports
from datablueprint.sources import by_name
from datablueprint.sources.expiry import connection

KINDS = ("project", "vendor", "commitment", "subcontract_invoice", "direct_cost", "bill")
SYNC_ORDER = (
    "synced",
    "eligible",
    "unlinked_twin",
    "cannot_integrate",
    "only_procore",
    "only_quickbooks",
    "voided",
)
UNSEEN = "Exports that were rejected or have failed are not visible here; Procore's ERP Integrations tool lists them."
SYNC_STATES = (
    "SELECT kind, record_id, other_record_id, state, project, amount, sentence, way_out "
    "FROM sync_states ORDER BY kind, state, record_id"
)
TIEOUTS = (
    "SELECT tieout, scope, period, left_label, left_amount, right_label, right_amount, difference, tolerance, holds, "
    "sentence FROM tieouts ORDER BY tieout, scope, period"
)


def read_status(ports: Ports, *, sync: bool = False) -> dict[str, Any]:
    """Freshness and the calls used, as of now; coverage, tie-outs, findings and rejects of the current snapshot.

    Before the first snapshot its parts are empty; NotReady when no refresh was tried either.
    With `sync`, also the comparison of Procore and QuickBooks record by record.
    """
    opened = desk.current(ports)
    freshness = opened.freshness if opened else steps.freshness(ports)
    if not opened and not freshness:
        raise NotReady("Nothing was published yet; run a refresh")

    def rows(statement: str, *, of: str = "findings") -> list[dict[str, Any]]:
        if not opened or of not in opened.manifest.tables:
            return []
        found: list[dict[str, Any]] = ports.query.sql(statement, snapshot=opened.snapshot).to_pylist()
        return found

    return {
        "company": ports.settings.company,
        "snapshot": opened.snapshot if opened else None,
        "built_at": opened.manifest.built_at.isoformat() if opened else None,
        "as_of": opened.as_of.isoformat() if opened else None,
        "freshness": {name: dict(each) for name, each in freshness.items()},
        "connections": connections(ports),
        "calls": {key.removeprefix("calls/"): item.value for key, item in ports.state.list("calls/")},
        "coverage": rows("SELECT measure, bucket, amount, facts FROM coverage ORDER BY measure, bucket"),
        "tieouts": rows(TIEOUTS, of="tieouts"),
        "findings": rows("SELECT level, kind, amount, sentence, way_out FROM findings ORDER BY level, finding_id"),
        "rejects": rows("SELECT record_id, field, sentence, way_out FROM rejects ORDER BY record_id, field"),
        **({"sync": sync_report(rows(SYNC_STATES, of="sync_states"))} if sync else {}),
    }


def connections(ports: Ports) -> dict[str, Any]:
    """By system that signs in: the state of its connection, when it ends, and in time a sentence about that."""
    told = ((key.removeprefix("connection/"), item.value) for key, item in ports.state.list("connection/"))
    now = ports.clock.now()
    return {name: connection(by_name(name).title, known, now) for name, known in told}


def sync_report(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Count and dollars by kind and state, and every orphan, the largest first."""
    read = list(rows)
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in read:
        groups.setdefault((row["kind"], row["state"]), []).append(row)
    ordered = sorted(groups, key=lambda group: (KINDS.index(group[0]), SYNC_ORDER.index(group[1])))
    return {
        "states": [
            {
                "kind": kind,
                "state": state,
                "records": len(groups[kind, state]),
                "amount": _together(groups[kind, state]),
            }
            for kind, state in ordered
        ],
        "orphans": sorted(
            filter(_is_orphan, read), key=lambda row: (-abs(row["amount"] or Decimal(0)), row["record_id"])
        ),
        "records": read,
        "unseen": UNSEEN,
    }


def _is_orphan(row: Mapping[str, Any]) -> bool:
    """In one system only, although it should be in both: it carries money, or is a project."""
    expected = row["state"] not in ("synced", "eligible") or row["kind"] == "project"
    alone = row["other_record_id"] is None and row["state"] != "synced"
    return alone and expected and bool(row["amount"] or row["kind"] == "project")


def _together(rows: Iterable[Mapping[str, Any]]) -> Decimal:
    return sum((row["amount"] or Decimal(0) for row in rows), Decimal(0))
