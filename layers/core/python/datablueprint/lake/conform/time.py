"""Timecards say who worked where for how long, and never what it cost."""

from __future__ import annotations

from datablueprint.lake.conform.coding import Coding
from datablueprint.lake.conform.fields import Fields
from datablueprint.lake.conform.inbox import Inbox, Rows
from datablueprint.tables import record_id


def read(inbox: Inbox) -> None:
    inbox.each("procore", "timecard_entries", lambda fields: _entry(fields, inbox.coding))


def _entry(fields: Fields, coding: Coding) -> Rows:
    project = fields.maybe_text("project", "id")
    person = fields.maybe_text("party", "id")
    code, kind = coding.of(fields)
    yield (
        "time_entries",
        {
            "record_id": fields.record_id,
            "project_record_id": record_id("procore", "projects", project) if project else None,
            "person_record_id": record_id("procore", "people", person) if person else None,
            "person_name": fields.maybe_text("party", "name"),
            "worked_on": fields.day("date"),
            "hours": fields.hours("hours"),
            "hours_at": fields.pointer("hours"),
            "cost_code": code,
            "cost_type": kind,
            "time_type": _time_type(fields.maybe_text("timecard_time_type", "time_type")),
            "status": fields.maybe_text("approval_status"),
        },
    )


def _time_type(name: str | None) -> str:
    """The kind of hour behind a name the customer may have changed: `Double Overtime` is double time."""
    words = (name or "").lower()
    for sign, kind in (("double", "double_time"), ("overtime", "overtime"), ("regular", "regular")):
        if sign in words:
            return kind
    return "other"
