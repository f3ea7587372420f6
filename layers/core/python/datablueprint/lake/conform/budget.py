"""Budget rows have columns that each customer names for himself; the policy says which name means what."""

from __future__ import annotations

from datablueprint.lake.conform.coding import Coding, Leaf
from datablueprint.lake.conform.contracts import project_of
from datablueprint.lake.conform.fields import Fields, Unreadable
from datablueprint.lake.conform.inbox import Inbox, Rows
from datablueprint.tables import record_id

PENDING_CHANGES = "Pending Budget Changes"
COMMITTED = "Committed Costs"
REVISED = "Revised Budget"
EAC = "Estimated Cost at Completion"
HOUR_UNITS = {"h", "hr", "hrs", "hour", "hours", "mh", "manhours", "man-hours"}


def read(inbox: Inbox) -> None:
    coding = inbox.coding
    column = inbox.settings.policy.approved_changes_column
    absent = _projects_without(inbox, column)
    inbox.each("procore", "budget_rows", lambda fields: _budget_row(fields, coding, column, absent))
    inbox.each("procore", "manual_forecast_line_items", lambda fields: _forecast(fields, inbox))
    homes = inbox.budget_line_homes
    inbox.each("procore", "budget_line_items", lambda fields: _labor_budget(fields, coding, homes))
    inbox.each("procore", "budgeted_production_quantities", lambda fields: _production(fields, coding, "budgeted"))
    inbox.each("procore", "actual_production_quantities", lambda fields: _production(fields, coding, "actual"))


def _projects_without(inbox: Inbox, column: str) -> set[str]:
    """Projects whose budget view has no such column, each reported in one sentence."""
    with_column: set[str] = set()
    seen: dict[str, Fields] = {}
    for fields in inbox.records("procore", "budget_rows"):
        project = fields.record.parent_id or ""
        seen.setdefault(project, fields)
        if fields.has(column):
            with_column.add(project)
    for project in sorted(set(seen) - with_column):
        home = record_id("procore", "projects", project)
        inbox.add(
            "rejects",
            {
                "record_id": home,
                "system": "procore",
                "field": seen[project].pointer(column),
                "sentence": f"Procore project {project}: its budget view has no column {column!r}, which should hold "
                "the cost of approved change orders; budget lines are read without it.",
                "way_out": "Set policy.approved_changes_column to the name that column has in the pinned budget view.",
                "project_record_id": home,
            },
        )
    return set(seen) - with_column


def _budget_row(fields: Fields, coding: Coding, column: str, absent: set[str]) -> Rows:
    approved = None if fields.record.parent_id in absent else fields.money(column)
    forecast = fields.maybe_within("budget_forecast")
    amount = forecast.maybe_money("amount") if forecast else None
    automatic = forecast.maybe_flag("automatically_calculated") if forecast else None
    pending = fields.maybe_money(PENDING_CHANGES)
    code, kind = _leaf(fields, coding)
    yield (
        "budget_lines",
        {
            "record_id": fields.record_id,
            "project_record_id": project_of(fields),
            "line_id": fields.maybe_text("id"),
            "cost_code": code,
            "cost_type": kind,
            "original_amount": fields.money("original_budget_amount"),
            "original_amount_at": fields.pointer("original_budget_amount"),
            "modifications": fields.money("budget_modifications"),
            "modifications_at": fields.pointer("budget_modifications"),
            "approved_changes": approved,
            "approved_changes_at": None if approved is None else fields.pointer(column),
            "pending_changes": pending,
            "pending_changes_at": None if pending is None else fields.pointer(PENDING_CHANGES),
            "forecast_amount": amount,
            "forecast_amount_at": forecast.pointer("amount") if forecast and amount is not None else None,
            "forecast_manual": None if automatic is None else not automatic,
            "committed_reported": fields.maybe_money(COMMITTED),
            "revised_reported": fields.maybe_money(REVISED),
            "eac_reported": fields.maybe_money(EAC),
            "unbudgeted_reason": fields.maybe_text("unbudgeted_reason"),
        },
    )


def _leaf(fields: Fields, coding: Coding) -> Leaf:
    """By the WBS code; a row without a known one says code and type in words: `03-300 - Concrete`, `Labor`."""
    known = coding.by_id(fields.maybe_text("wbs_code_id"))
    if known:
        return known
    words = fields.maybe_text("cost_code")
    return (words.partition(" - ")[0].strip() if words else None), coding.type_named(fields.maybe_text("category"))


def _forecast(fields: Fields, inbox: Inbox) -> Rows:
    code, kind = inbox.coding.of(fields)
    yield (
        "forecasts",
        {
            "record_id": fields.record_id,
            "project_record_id": project_of(fields),
            "line_id": fields.maybe_text("budget_line_item_id"),
            "cost_code": code,
            "cost_type": kind,
            "amount": fields.money("amount"),
            "amount_at": fields.pointer("amount"),
            "made_on": fields.maybe_local_day(inbox.zone, "updated_at"),
            "description": fields.maybe_text("description"),
        },
    )


def _labor_budget(fields: Fields, coding: Coding, homes: dict[str, str]) -> Rows:
    line = fields.maybe_text("id") or fields.record.native_id
    home = homes.get(line) or fields.maybe_text("project_id")
    if home is None:
        raise Unreadable("", "belongs to no budget row that can be read", "Correct its budget row in Procore first.")
    code, kind = coding.of(fields)
    in_hours = (fields.maybe_text("uom") or "").lower() in HOUR_UNITS
    hours = fields.hours("quantity") if in_hours else None
    yield (
        "labor_budgets",
        {
            "record_id": fields.record_id,
            "project_record_id": record_id("procore", "projects", home),
            "line_id": line,
            "cost_code": code,
            "cost_type": kind,
            "hours": hours,
            "hours_at": None if hours is None else fields.pointer("quantity"),
            "unit_cost": fields.maybe_quantity("unit_cost"),
        },
    )


def _production(fields: Fields, coding: Coding, kind: str) -> Rows:
    code, cost_type = coding.of(fields)
    yield (
        "production",
        {
            "record_id": fields.record_id,
            "project_record_id": project_of(fields),
            "kind": kind,
            "cost_code": code,
            "cost_type": cost_type,
            "quantity": fields.quantity("quantity"),
            "quantity_at": fields.pointer("quantity"),
            "unit": fields.maybe_text("unit_of_measure"),
            "produced_on": fields.day("date") if kind == "actual" else None,
        },
    )
