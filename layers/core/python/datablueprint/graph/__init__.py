"""Identity: what Procore, QuickBooks and payroll call by different names.

In: conformed projects, vendors, employees, cost codes and accounting lines, and
people's decisions. Out: `links` with evidence and `entities`. It never merges
on a name alone without saying so, and never changes a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from datablueprint import tables
from datablueprint.graph.clusters import clusters
from datablueprint.graph.evidence import BY_NUMBER, Link, Row, pairs_by_key
from datablueprint.graph.parties import employee_links, vendor_links
from datablueprint.graph.projects import project_links

if TYPE_CHECKING:
    import pyarrow as pa

KINDS = {"project": "projects", "vendor": "vendors", "employee": "employees", "cost_code": "cost_codes"}


def link(conformed: Mapping[str, pa.Table], decisions: Mapping[str, Mapping[str, str]]) -> dict[str, pa.Table]:
    """The tables `links` and `entities`.

    `decisions` maps link ids to {"decision": "accepted"|"rejected", "by": who};
    a decision outranks every piece of evidence and survives re-matching.
    """
    read = {name: tables.rows(conformed[name]) for name in (*KINDS.values(), "accounting_lines")}
    found = {claim.link_id: claim for claim in _found(read)}
    decided = [_decided(claim, decisions.get(claim.link_id)) for claim in found.values()]
    rows = [claim.row() for claim in decided]
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


def _decided(claim: Link, decision: Mapping[str, str] | None) -> Link:
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
