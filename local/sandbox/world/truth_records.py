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
from local.sandbox.world.terms import AFFILIATE


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


def unrated_labor(wages: dict[tuple[str, str, int], int]) -> Iterator[dict[str, Any]]:
    """A rate that somebody forgot, once per component and cost code; it is in the settings, so no record carries it."""
    sums: dict[tuple[str, str], int] = {}
    for (component, code, _), amount in wages.items():
        sums[component, code] = sums.get((component, code), 0) + amount
    for (component, code), amount in sorted(sums.items()):
        yield _mistake("unrated_labor", None, amount, [], f"no {component} rate covers {code}")


def _mistake(kind: str, project: Project | None, amount: int, records: list[str], note: str) -> dict[str, Any]:
    number = project.number if project else None
    return {"kind": kind, "project": number, "amount": text(amount), "records": records, "note": note}


def journals(world: World) -> dict[str, list[Any]]:
    """Entries of the accountant that an honest reader must see through, by what they are."""
    entries = [txn for txn in world.txns if txn.kind == "JournalEntry"]
    reversed_by = {id(txn.reverses): txn for txn in entries if txn.reverses}

    def named(prefix: str) -> list[str]:
        return [record_ids(txn)[0] for txn in entries if (txn.document or "").startswith(prefix)]

    accruals = []
    for txn in entries:
        if (txn.document or "").startswith("ACC") and not txn.reverses:
            undone = reversed_by.get(id(txn))
            accruals.append(
                {
                    "accrual": record_ids(txn)[0],
                    "reversal": record_ids(undone)[0] if undone else None,
                    "amount": text(sum(line.amount for line in txn.lines if line.debit)),
                    "date": txn.day.isoformat(),
                }
            )
    return {"wip": named("WIP"), "overhead": named("OH"), "accruals": accruals, "intercompany": intercompany(world)}


def quickbooks_only_jobs(world: World) -> Iterator[dict[str, Any]]:
    """Jobs with cost that no Procore project stands for."""
    for job in world.unlisted:
        lines = [line for txn in world.txns for line in txn.lines if line.project is job and line.account.is_cost]
        cost = text(sum(line.amount for line in lines))
        yield {"quickbooks_id": job.quickbooks_id, "name": job.quickbooks_name, "cost": cost}


def intercompany(world: World) -> list[dict[str, Any]]:
    """Bills of a sister company: cost of this company, and none of the group's."""
    bills = [txn for txn in world.txns if txn.kind == "Bill" and txn.vendor and txn.vendor.name == AFFILIATE]
    return [{"record": record_ids(txn)[0], "amount": text(txn.total), "date": txn.day.isoformat()} for txn in bills]


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
