"""Identity: what Procore, QuickBooks and payroll call by different names.

In: conformed projects, vendors, employees, cost codes and accounting lines, and
people's decisions. Out: `links` with evidence and `entities`. It never merges
on a name alone without saying so, and never changes a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datablueprint import tables
from datablueprint.graph.clusters import clusters
from datablueprint.graph.evidence import BY_NUMBER, CERTAIN, Link, Row, pairs_by_key
from datablueprint.graph.parties import employee_links, vendor_links
from datablueprint.graph.projects import project_links

if TYPE_CHECKING:
    import pyarrow as pa

KINDS = {"project": "projects", "vendor": "vendors", "employee": "employees", "cost_code": "cost_codes"}


def link(conformed: Mapping[str, pa.Table], decisions: Mapping[str, Mapping[str, Any]]) -> dict[str, pa.Table]:
    """The tables `links` and `entities`.

    `decisions` maps link ids to {"decision": "accepted"|"rejected", "by": who}.
    A decision outranks every piece of evidence. One that also holds the link
    ("kind", "left_record_id", "right_record_id", "confidence", "evidence")
    stands for as long as both records do, found again or not.
    """
    read = {name: tables.rows(conformed[name]) for name in (*KINDS.values(), "accounting_lines")}
    claims = {claim.link_id: claim for claim in (*_remembered(read, decisions), *_found(read))}
    decided = [_decided(claim, decisions.get(claim.link_id)) for claim in claims.values()]
    rows = [claim.row() for claim in _not_overruled(decided)]
    standing = [(r["left_record_id"], r["right_record_id"]) for r in rows if r["state"] != "rejected"]
    return {
        "links": tables.build("links", rows),
        "entities": tables.build("entities", _entities(read, standing)),
    }


def _found(read: Mapping[str, list[Row]]) -> Iterator[Link]:
    items = [c for c in read["cost_codes"] if c["system"] == "quickbooks"]
    yield from project_links(read["projects"], items, read["accounting_lines"])
    yield from vendor_links(read["vendors"])
    yield from employee_links(read["employees"])
    yield from _cost_code_links(read["projects"], read["cost_codes"])


def _cost_code_links(projects: list[Row], codes: list[Row]) -> Iterator[Link]:
    """A Procore WBS code and the QuickBooks item that the connector named after it."""
    number = {p["record_id"]: p["number"] for p in projects if p["system"] == "procore"}

    def procore_key(code: Row) -> str | None:
        job = number.get(code["project_record_id"] or "")
        return f"{job}|{code['code']}|{code['cost_type']}" if job and code["code"] else None

    def item_key(code: Row) -> str | None:
        job = code["project_reference"]
        return f"{job}|{code['code']}|{code['cost_type']}" if job and code["code"] else None

    for left, right in pairs_by_key(
        [c for c in codes if c["system"] == "procore"],
        [c for c in codes if c["system"] == "quickbooks"],
        left_key=procore_key,
        right_key=item_key,
    ):
        evidence = f"the item is named '{right['name']}' after project, code and type"
        yield Link("cost_code", left["record_id"], right["record_id"], BY_NUMBER, (evidence,), "item name")


def _remembered(read: Mapping[str, list[Row]], decisions: Mapping[str, Mapping[str, Any]]) -> Iterator[Link]:
    """The links that people decided on, rebuilt from their decisions."""
    known = {kind: {row["record_id"] for row in read[table]} for kind, table in KINDS.items()}
    for decision in decisions.values():
        kind, left, right = (decision.get(part) for part in ("kind", "left_record_id", "right_record_id"))
        if kind in known and {left, right} <= known[kind]:
            confidence = Decimal(decision.get("confidence") or CERTAIN)
            evidence = tuple(decision.get("evidence") or ()) or (f"decided by {decision['by']}",)
            yield Link(kind, str(left), str(right), confidence, evidence, decision["by"])


def _not_overruled(claims: list[Link]) -> list[Link]:
    """A job that a person gave to a project goes to no other project by evidence alone."""
    given = {claim.right for claim in claims if claim.kind == "project" and claim.state == "accepted"}
    return [claim for claim in claims if claim.state or claim.kind != "project" or claim.right not in given]


def _decided(claim: Link, decision: Mapping[str, Any] | None) -> Link:
    if decision is None:
        return claim
    return replace(claim, state=decision["decision"], rule=decision["by"])


def _entities(read: Mapping[str, list[Row]], standing: Iterable[tuple[str, str]]) -> Iterator[Row]:
    pairs = list(standing)
    for kind, table in KINDS.items():
        by_record = {row["record_id"]: row for row in read[table]}
        for record, leader in clusters(by_record, pairs).items():
            lead = by_record[leader]
            yield {
                "record_id": record,
                "kind": kind,
                "entity_id": leader,
                "name": lead["name"],
                "number": lead.get("number") or lead.get("employee_number") or lead.get("code"),
            }
