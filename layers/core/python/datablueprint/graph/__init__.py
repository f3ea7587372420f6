"""Identity: what Procore, QuickBooks and payroll call by different names.

In: conformed tables and people's decisions. Out: `links` with evidence and
dollars, and `entities`. Evidence votes (see `votes`); nothing is merged on a
name alone without saying so, and no record is ever changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from datablueprint import tables
from datablueprint.graph.codes import cost_code_links
from datablueprint.graph.contracts import contract_links
from datablueprint.graph.decisions import Said, contradictions, stored
from datablueprint.graph.dollars import Stakes
from datablueprint.graph.evidence import Link, Row
from datablueprint.graph.money_votes import Money
from datablueprint.graph.parties import employee_links, told_vendors, vendor_links
from datablueprint.graph.projects import project_links
from datablueprint.graph.review import remembered, reviewed
from datablueprint.graph.transactions import bills, invoices

if TYPE_CHECKING:
    import pyarrow as pa

KINDS = {"project": "projects", "vendor": "vendors", "employee": "employees", "cost_code": "cost_codes"}
"""The kinds that become entities, and the table of their records; contracts are linked and stay two papers."""
READ = (*KINDS.values(), "accounts", "commitments", "prime_contracts", "subcontract_invoices", "direct_costs")
LINE_COLUMNS = (
    *("record_id", "entity", "posting", "presentation", "voided", "transaction_on", "document_number"),
    *("party_record_id", "account_record_id", "item_record_id", "job_record_id", "amount"),
)
PAY_COLUMNS = ["employee_record_id", "kind"]


def link(conformed: Mapping[str, pa.Table], decisions: Mapping[str, Mapping[str, Any]]) -> dict[str, pa.Table]:
    """The tables `links` and `entities`.

    `decisions` maps link ids to {"decision": "accepted"|"rejected", "by": who}.
    A decision outranks every piece of evidence. One that also holds the link
    ("kind", "left_record_id", "right_record_id", "confidence", "evidence")
    stands for as long as both records do, found again or not. Decisions that
    contradict each other are not applied: their links are proposed, decided by
    `CONTRADICTING`, with the sentence why as first evidence.
    """
    read = _read(conformed)
    known = records(read)
    broken = contradictions(stored(decisions, known))
    doubted = {link_id for each in broken for link_id in each.link_ids}
    applied = {link_id: decision for link_id, decision in decisions.items() if link_id not in doubted}
    claims = {claim.link_id: claim for claim in (*remembered(known, decisions), *found(read, applied))}
    links, joined = reviewed(claims.values(), known, applied, broken)
    return {
        "links": tables.build("links", (each.row() for each in Stakes(read).on(links, joined))),
        "entities": tables.build("entities", _entities(read, joined)),
    }


def _read(conformed: Mapping[str, pa.Table]) -> dict[str, list[Row]]:
    """The tables as rows; of the two that grow with every line and pay stub only what is asked of them."""
    read = {name: tables.rows(conformed[name]) for name in READ}
    paid = conformed["payroll_amounts"].group_by(PAY_COLUMNS).aggregate([("amount", "sum")])
    read["payroll_amounts"] = tables.rows(paid.rename_columns([*PAY_COLUMNS, "amount"]))
    read["accounting_lines"] = tables.rows(conformed["accounting_lines"].select(LINE_COLUMNS))
    return read


def records(read: Mapping[str, list[Row]]) -> dict[str, set[str]]:
    """The record ids that may be linked, by kind."""
    known = {kind: {row["record_id"] for row in read[table]} for kind, table in KINDS.items()}
    orders = {row["record_id"] for row in read["accounting_lines"] if row["entity"] in ("PurchaseOrder", "Estimate")}
    ours = {row["record_id"] for table in ("commitments", "prime_contracts") for row in read[table]}
    return {**known, "contract": orders | ours}


def found(read: Mapping[str, list[Row]], decisions: Mapping[str, Mapping[str, Any]]) -> Iterator[Link]:
    """What the evidence says, kind after kind: sure vendors help to find projects, sure projects the other vendors."""
    lines = read["accounting_lines"]
    billed, invoiced = bills(lines, read["accounts"]), invoices(read)
    said = Said.of(decisions)
    told = told_vendors(read["vendors"], invoiced, billed, said)
    money = Money(invoiced, billed, _sure(told, decisions, "vendor"))
    projects = list(project_links(read, money, said))
    job_project = _sure(projects, decisions, "project")
    vendors = list(vendor_links(read["vendors"], told, money, job_project, said))
    yield from projects
    yield from vendors
    yield from employee_links(read["employees"], said)
    yield from cost_code_links(read["projects"], read["cost_codes"], lines, job_project)
    yield from contract_links(read, _sure(vendors, decisions, "vendor"), job_project)


def _sure(links: list[Link], decisions: Mapping[str, Mapping[str, Any]], kind: str) -> dict[str, str]:
    """Right record to left record of the links that are automatic or accepted, less the rejected ones."""
    said = {link_id: decision["decision"] for link_id, decision in decisions.items()}
    pairs = {
        each.right: each.left for each in links if said.get(each.link_id, each.standing) in ("automatic", "accepted")
    }
    for decision in decisions.values():
        if decision.get("kind") == kind and decision["decision"] == "accepted":
            pairs[decision["right_record_id"]] = decision["left_record_id"]
    return pairs


def _entities(read: Mapping[str, list[Row]], joined: Mapping[str, str]) -> Iterator[Row]:
    for kind, table in KINDS.items():
        by_record = {row["record_id"]: row for row in read[table]}
        for record in by_record:
            lead = by_record[joined[record]]
            yield {
                "record_id": record,
                "kind": kind,
                "entity_id": lead["record_id"],
                "name": lead["name"],
                "number": lead.get("number") or lead.get("employee_number") or lead.get("code"),
            }
