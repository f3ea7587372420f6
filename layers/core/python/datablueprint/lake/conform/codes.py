"""Cost codes as Procore lists them, and what a QuickBooks item's name says of project, code and type."""

from __future__ import annotations

import re
from typing import NamedTuple

from datablueprint.lake.conform.coding import Coding, letter
from datablueprint.lake.conform.fields import Fields
from datablueprint.lake.conform.inbox import Inbox, Rows
from datablueprint.lake.conform.projects import quickbooks_name
from datablueprint.tables import record_id

CODE_SHAPE = re.compile(r"(?P<project>.+)-(?P<code>\d{2}-\d{3,6})")
"""Division and section, for codes that no WBS list names (any more)."""


class ItemName(NamedTuple):
    """`24-017-03-300.S` taken apart; all null when the name is not of that shape."""

    project: str | None = None
    code: str | None = None
    cost_type: str | None = None


def read(inbox: Inbox) -> None:
    coding = inbox.coding
    known = coding.known_codes()
    numbers = {str(row["number"]) for row in inbox.rows("projects") if row["system"] == "procore" and row["number"]}
    inbox.each("procore", "wbs_codes", lambda fields: _wbs_code(fields, coding))
    inbox.each("quickbooks_online", "Item", lambda fields: _item(fields, known, numbers))


def item_name(name: str, known_codes: set[str], project_numbers: set[str]) -> ItemName:
    """Project reference, code and type from `[project number]-[code].[type]`.

    Both numbers may hold dashes, so every dash is tried: a known project number
    with a known code wins, then a known code, then whatever looks like one.
    """
    left, dot, kind = name.rpartition(".")
    kind_letter = letter(kind)
    if not dot or kind_letter is None:
        return ItemName()
    dashes = [place for place, sign in enumerate(left) if sign == "-"]
    splits = [(left[:place], left[place + 1 :]) for place in dashes if 0 < place < len(left) - 1]
    of_known_code = [split for split in splits if split[1] in known_codes]
    best = [split for split in of_known_code if split[0] in project_numbers] or of_known_code
    if best:
        return ItemName(*best[0], kind_letter)
    shape = CODE_SHAPE.fullmatch(left)
    return ItemName(shape["project"], shape["code"], kind_letter) if shape else ItemName()


def _wbs_code(fields: Fields, coding: Coding) -> Rows:
    code, kind = coding.leaf(fields)
    status = fields.maybe_text("status")
    names = [
        segment.maybe_text("name")
        for segment in fields.each("segment_items")
        if segment.maybe_text("segment", "type") == "cost_code"
    ]
    project = fields.record.parent_id
    yield (
        "cost_codes",
        {
            "record_id": fields.record_id,
            "system": "procore",
            "project_record_id": record_id("procore", "projects", project) if project else None,
            "code": code if code else fields.text("flat_code"),
            "cost_type": kind,
            "name": (names or [None])[0] or fields.maybe_text("flat_name") or fields.maybe_text("description"),
            "active": None if status is None else status == "active",
        },
    )


def _item(fields: Fields, known_codes: set[str], project_numbers: set[str]) -> Rows:
    name = quickbooks_name(fields, "Name")
    parts = item_name(name, known_codes, project_numbers)
    expense = fields.maybe_text("ExpenseAccountRef", "value")
    income = fields.maybe_text("IncomeAccountRef", "value")
    yield (
        "cost_codes",
        {
            "record_id": fields.record_id,
            "system": "quickbooks",
            "project_reference": parts.project,
            "code": parts.code,
            "cost_type": parts.cost_type,
            "name": name,
            "active": fields.maybe_flag("Active"),
            "expense_account_record_id": record_id("quickbooks", "Account", expense) if expense else None,
            "income_account_record_id": record_id("quickbooks", "Account", income) if income else None,
        },
    )
