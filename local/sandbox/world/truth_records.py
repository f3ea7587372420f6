"""The truth told in record ids: which records mean the same thing, and which carry a planted mistake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from local.sandbox.world.model import (
    ChangeOrder,
    Commitment,
    Forecast,
    Project,
    Quantity,
    SubInvoice,
    Txn,
    World,
)
from local.sandbox.world.money import text


def record_ids(thing: object) -> list[str]:
    """The ids under which the product meets an object of the world."""
    match thing:
        case Txn():
            mirror = [f"procore:direct_costs:{thing.import_id}"] if thing.imported else []
            return [f"quickbooks:{thing.kind}:{thing.id}", *mirror]
        case SubInvoice():
            return [f"procore:requisitions:{thing.id}"]
        case Commitment():
            stream = "work_order_contracts" if thing.kind == "subcontract" else "purchase_order_contracts"
            return [f"procore:{stream}:{thing.id}"]
        case ChangeOrder():
            if thing.packaged:
                return [f"procore:change_order_packages:{thing.package_id}"]
            return [f"procore:potential_change_orders:{part.id}" for part in thing.parts]
        case Forecast():
            return [f"procore:manual_forecast_line_items:{thing.id}"]
        case Quantity():
            return [f"procore:actual_production_quantities:{thing.id}"]
        case Project():
            other = [f"quickbooks:Customer:{thing.quickbooks_id}"] if thing.quickbooks_id else []
            return [f"procore:projects:{thing.id}", *other]
    raise TypeError(f"no record ids for {type(thing).__name__}")


def mistakes(world: World) -> Iterator[dict[str, Any]]:
    """Planted mistakes, then the twins, which are no one's mistake but the connectors' way of working."""
    for kind, project, amount, objects, note in world.planted:
        records = [record for thing in objects for record in record_ids(thing)]
        yield _mistake(kind, project, amount, records, note)
    for project in world.projects:
        for commitment in project.commitments:
            for invoice in commitment.invoices:
                if invoice.bill and invoice.bill.imported:
                    records = [*record_ids(invoice), *record_ids(invoice.bill)]
                    yield _mistake("twin", project, invoice.gross, records, "one invoice seen three times")


def _mistake(kind: str, project: Project | None, amount: int, records: list[str], note: str) -> dict[str, Any]:
    number = project.number if project else None
    return {"kind": kind, "project": number, "amount": text(amount), "records": records, "note": note}


def links(world: World) -> Iterator[dict[str, Any]]:
    """Clusters of records that speak of the same job, firm or person."""
    for project in world.projects:
        yield {"kind": "project", "how": project.link, "records": record_ids(project)}
    for vendor in world.vendors:
        records = [f"procore:vendors:{vendor.procore_id}"] if vendor.procore_id else []
        records += [f"quickbooks:Vendor:{vendor.quickbooks_id}"] if vendor.quickbooks_id else []
        yield {"kind": "vendor", "how": "origin" if vendor.linked else "name", "records": records}
    moved = min((run.start for run in world.runs if run.provider == "gusto"), default=world.today)
    in_gusto = {e.number for e in world.employees if e.released is None or e.released >= moved}
    in_files = {s.employee.number for run in world.runs if run.provider == "payroll_file" for s in run.stubs}
    for person in world.employees:
        records = [f"procore:people:{person.person_id}"]
        records += [f"procore:users:{person.user_id}"] if person.user_id else []
        records += [f"gusto:employees:{person.gusto_uuid}"] if person.number in in_gusto else []
        records += [f"payroll_file:employees:{person.number}"] if person.number in in_files else []
        records.append(f"quickbooks:Employee:{person.quickbooks_id}")
        yield {"kind": "employee", "how": "number" if person.gusto_code else "e-mail", "records": records}


def counts(world: World) -> dict[str, dict[str, int]]:
    """How many records each system holds, per stream; private ones a read-only account cannot see are left out."""
    from local.sandbox.world.views import collections

    shown = collections(world)
    tables = {"procore": shown.procore, "quickbooks": shown.quickbooks, "gusto": shown.gusto}
    found = {
        system: {stream: sum(1 for row in rows if not row.get("_private")) for stream, rows in sorted(streams.items())}
        for system, streams in tables.items()
    }
    found["files"] = {path: content.count("\n") - 1 for path, content in sorted(shown.files.items())}
    return found
