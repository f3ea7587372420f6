"""Procore's budget: the customer's view of it row by row, and the records behind a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from local.sandbox.world.model import (
    ChangeLine,
    ChangeOrder,
    Commitment,
    Forecast,
    Leaf,
    LeafKey,
    Project,
    Quantity,
    World,
)
from local.sandbox.world.money import loose, number
from local.sandbox.world.truth import COMMITTED
from local.sandbox.world.truth_costs import signed_amount
from local.sandbox.world.views.procore_changes import PENDING
from local.sandbox.world.views.procore_company import COMPANY_ID, LINE_TYPES, coded
from local.sandbox.world.views.procore_costs import imported_lines, imports
from local.sandbox.world.views.stamps import Row, day, touched

VIEW, DECOY = 501, 502
SIGNED = {"Out For Signature", "Processing", "Submitted"}
Sums = dict[LeafKey, int]


def rows(world: World) -> dict[str, list[Row]]:
    direct = _direct(world)
    made: dict[str, list[Row]] = defaultdict(list)
    made["budget_views"] = [_view(VIEW, "Procore ERP Budget"), _view(DECOY, "Executive Summary")]
    for p in world.projects:
        made["budget_rows"] += _budget_rows(world, p, direct[p.id])
        for leaf in p.leaves:
            if leaf.budgeted:
                made["budget_line_items"].append(_line_item(world, p, leaf))
            made["manual_forecast_line_items"] += [_forecast(world, p, leaf, f) for f in leaf.forecasts]
            if leaf.quantity:
                made["budgeted_production_quantities"].append(_budgeted(world, p, leaf, leaf.quantity))
            made["actual_production_quantities"] += [_produced(world, p, leaf, q) for q in leaf.produced]
    return dict(made)


def _view(view_id: int, name: str) -> Row:
    links = {kind: f"/rest/v1.0/budget_views/{view_id}/{kind}" for kind in ("detail_rows", "summary_rows")}
    return {"id": view_id, "name": name, "role": None, "updated_at": "2024-01-08T17:00:00Z", "links": links}


def _direct(world: World) -> dict[int, Sums]:
    """Imported direct costs that are not subcontractor invoices: what the customer lets the column show."""
    found: dict[int, Sums] = defaultdict(lambda: defaultdict(int))
    for project, txn in imports(world):
        if txn.sub_invoice is None:
            for _, line in imported_lines(txn):
                assert line.leaf is not None  # see imported_lines
                found[project.id][line.leaf.key] += signed_amount(txn, line)
    return found


def _columns(world: World, p: Project) -> dict[str, Sums]:
    """Committed Costs, Approved COs and the pending columns per budget code, private commitments included."""
    sums: dict[str, Sums] = defaultdict(lambda: defaultdict(int))
    for c in p.commitments:
        _invoiced_columns(c, sums)
        _signed_columns(c, sums)
    for contract in p.contracts:
        for order in (order for order in contract.changes if order.status in PENDING):
            for change in _change_lines(order):
                sums["price"][change.key] += change.amount
    return sums


def _invoiced_columns(c: Commitment, sums: dict[str, Sums]) -> None:
    for item in (item for invoice in c.invoices if invoice.approved for item in invoice.items):
        sums["invoiced"][item.key] += item.gross
        if c.status == "Terminated":
            sums["committed"][item.key] += item.gross


def _signed_columns(c: Commitment, sums: dict[str, Sums]) -> None:
    signed, waiting = c.status in COMMITTED[c.kind], c.status in SIGNED
    for line in c.lines:
        sums["committed" if signed else "pending" if waiting else "none"][line.key] += line.amount
    for order in c.changes:
        for change in _change_lines(order):
            if order.status == "approved":
                sums["approved"][change.key] += change.amount
                sums["committed" if signed else "none"][change.key] += change.amount
            elif order.status in PENDING:
                sums["pending"][change.key] += change.amount


def _change_lines(order: ChangeOrder) -> Iterator[ChangeLine]:
    for part in order.parts:
        yield from part.lines


def _budget_rows(world: World, p: Project, direct: Sums) -> Iterator[Row]:
    sums = _columns(world, p)
    for leaf in p.leaves:
        key = leaf.key
        revised = leaf.original + leaf.modifications + sums["approved"][key]
        projected = revised + sums["price"][key]
        costs = sums["committed"][key] + direct[key] + sums["pending"][key]
        automatic = max(0, projected - costs)
        manual = sum(f.amount for f in leaf.forecasts) if leaf.forecasts else None
        to_complete = automatic if manual is None else manual
        columns = {
            "Approved COs": sums["approved"][key],
            "Revised Budget": revised,
            "Pending Budget Changes": sums["price"][key],
            "Projected Budget": projected,
            "Committed Costs": sums["committed"][key],
            "Direct Costs": direct[key],
            "Job to Date Costs": direct[key] + sums["invoiced"][key],
            "Pending Cost Changes": sums["pending"][key],
            "Projected Costs": costs,
            "Estimated Cost at Completion": costs + to_complete,
            "Projected Over/Under": projected - costs - to_complete,
        }
        kind = LINE_TYPES[leaf.type]
        yield {
            "id": leaf.budget_line_id,
            "_project_id": p.id,
            "_budget_view_id": VIEW,
            "_budgeted": leaf.budgeted,
            "company_id": COMPANY_ID,
            "project_id": p.id,
            "wbs_code_id": leaf.wbs_id,
            "biller_id": p.id,
            "biller_type": "Project",
            "root_cost_code_id": leaf.code_id,
            "cost_code_id": leaf.code_id,
            "cost_code": f"{leaf.code} - {world.codes[leaf.code].name}",
            "cost_code_origin_id": None,
            "category_id": kind[0],
            "category": kind[1],
            "original_budget_amount": loose(leaf.original),
            "budget_modifications": loose(leaf.modifications),
            "budget_forecast": {
                "id": leaf.forecast_id,
                "amount": loose(to_complete),
                "automatic_amount": loose(automatic),
                "manual_amount": None if manual is None else loose(manual),
                "automatically_calculated": manual is None,
                "calculation_strategy": "automatic" if manual is None else "manual",
                "notes": None,
            },
            **{name: loose(amount) for name, amount in columns.items()},
            "currency_configuration": {"currency_iso_code": "USD"},
            "unbudgeted_reason": None if leaf.budgeted else "Cost posted to a code without a budget line",
        }


def _line_item(world: World, p: Project, leaf: Leaf) -> Row:
    quantity = leaf.budget_hours if leaf.type == "L" and leaf.budget_hours else 1
    return {
        "id": leaf.budget_line_id,
        "_project_id": p.id,
        "original_budget_amount": number(leaf.original),
        "uom": "hours" if leaf.type == "L" and leaf.budget_hours else "ls",
        "quantity": quantity,
        "unit_cost": round(leaf.original / 100 / quantity, 4),
        "calculation_strategy": "manual",
        **coded(world, leaf),
    }


def _forecast(world: World, p: Project, leaf: Leaf, f: Forecast) -> Row:
    codes = coded(world, leaf)
    return {
        "id": f.id,
        "_project_id": p.id,
        "budget_line_item_id": leaf.budget_line_id,
        "wbs_code_id": leaf.wbs_id,
        "budget_forecast_id": leaf.forecast_id,
        "description": f.description,
        "quantity": 1,
        "uom": "ls",
        "unit_cost": number(f.amount),
        "amount": number(f.amount),
        **codes,
        **touched(world, f.made_on - timedelta(days=20), f.made_on, f.id),
    }


def _production(world: World, p: Project, leaf: Leaf, amount: int) -> Row:
    codes = coded(world, leaf)
    return {
        "_project_id": p.id,
        "wbs_code_id": leaf.wbs_id,
        **codes,
        "quantity": loose(amount),
        "unit_of_measure": leaf.unit,
    }


def _budgeted(world: World, p: Project, leaf: Leaf, amount: int) -> Row:
    return {
        "id": leaf.quantity_id,
        **_production(world, p, leaf, amount),
        "description": None,
        **touched(world, p.start, None, leaf.quantity_id),
    }


def _produced(world: World, p: Project, leaf: Leaf, q: Quantity) -> Row:
    return {
        "id": q.id,
        **_production(world, p, leaf, q.amount),
        "date": day(q.day),
        "timesheet_id": None,
        "crew": None,
        "deleted_at": None,
        **touched(world, q.day, None, q.id),
    }
