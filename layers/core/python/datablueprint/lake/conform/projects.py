"""A Procore project and a QuickBooks customer stay two records here; saying that they are one job is the graph's."""

from __future__ import annotations

import re

from datablueprint.lake.conform.fields import Fields, Unreadable
from datablueprint.lake.conform.inbox import Inbox, Rows
from datablueprint.tables import record_id

GONE = re.compile(r"\s*\(deleted\)$")
"""What QuickBooks appends to the name of an inactive list entry."""


def read(inbox: Inbox) -> None:
    stages = _stages(inbox)
    inbox.each("procore", "projects", lambda fields: _project(fields, stages))
    inbox.each("procore", "project_roles", _role)
    inbox.each("quickbooks_online", "Customer", _customer)


def quickbooks_name(fields: Fields, *path: str) -> str:
    """A list entry's name without the mark of inactivity, which `active` already says."""
    return GONE.sub("", fields.text(*path))


def _stages(inbox: Inbox) -> dict[str, str | None]:
    """Stage id -> category: the names are the customer's own, the categories are Procore's."""
    stages = {}
    for fields in inbox.records("procore", "project_stages"):
        try:
            stages[fields.text("id")] = fields.maybe_text("category")
        except Unreadable as error:
            inbox.reject(fields.record, error)
    return stages


def _project(fields: Fields, stages: dict[str, str | None]) -> Rows:
    yield (
        "projects",
        {
            "record_id": fields.record_id,
            "system": "procore",
            "name": fields.text("name"),
            "number": fields.maybe_text("project_number"),
            "active": fields.maybe_flag("active"),
            "stage": stages.get(fields.maybe_text("project_stage", "id") or ""),
            "is_job": True,
            "address": _joined(fields, "address", "city", "state_code", "zip"),
            "started_on": fields.maybe_day("actual_start_date") or fields.maybe_day("start_date"),
            "planned_finish_on": fields.maybe_day("projected_finish_date") or fields.maybe_day("completion_date"),
            "finished_on": fields.maybe_day("actual_completion_date"),
            "origin_id": fields.maybe_text("origin_id"),
            "cost_code_list_id": fields.maybe_text("standard_cost_code_list_id"),
            "erp_integrated": fields.maybe_flag("is_erp_integrated"),
        },
    )


def _role(fields: Fields) -> Rows:
    project = fields.record.parent_id or fields.maybe_text("project_id")
    if project is None:
        raise Unreadable("/project_id", "is missing")
    person = fields.maybe_text("user_id")
    contact = fields.maybe_text("contact_id")
    yield (
        "project_roles",
        {
            "record_id": fields.record_id,
            "project_record_id": record_id("procore", "projects", project),
            "role": fields.text("role"),
            "person_record_id": record_id("procore", "users", person)
            if person
            else record_id("procore", "people", contact)
            if contact
            else None,
            "person_name": fields.maybe_text("name"),
            "active": fields.maybe_flag("is_active"),
        },
    )


def _customer(fields: Fields) -> Rows:
    parent = fields.maybe_text("ParentRef", "value")
    place = fields.maybe_within("ShipAddr") or fields.maybe_within("BillAddr")
    yield (
        "projects",
        {
            "record_id": fields.record_id,
            "system": "quickbooks",
            "name": quickbooks_name(fields, "DisplayName"),
            "active": fields.maybe_flag("Active"),
            "is_job": bool(fields.maybe_flag("IsProject") or fields.maybe_flag("Job")),
            "parent_record_id": record_id("quickbooks", "Customer", parent) if parent else None,
            "parent_name": _parent_name(fields),
            "address": _joined(place, "Line1", "City", "CountrySubDivisionCode", "PostalCode") if place else None,
            "started_on": fields.maybe_day("JobInfo", "StartDate"),
            "planned_finish_on": fields.maybe_day("JobInfo", "ProjectedEndDate"),
            "finished_on": fields.maybe_day("JobInfo", "EndDate"),
        },
    )


def _parent_name(fields: Fields) -> str | None:
    """The parent's name, which the reference may lack and the full name `Parent:Job` then still has."""
    if fields.maybe_text("ParentRef", "value") is None:
        return None
    full = fields.maybe_text("FullyQualifiedName") or ""
    return fields.maybe_text("ParentRef", "name") or full.rpartition(":")[0].rpartition(":")[2] or None


def _joined(fields: Fields, *names: str) -> str | None:
    return ", ".join(filter(None, (fields.maybe_text(name) for name in names))) or None
