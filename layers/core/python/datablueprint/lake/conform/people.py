"""Vendors and employees under the names each system knows them by."""

from __future__ import annotations

from datablueprint.lake.conform.fields import Fields, Unreadable
from datablueprint.lake.conform.inbox import Inbox, Rows
from datablueprint.lake.conform.projects import quickbooks_name
from datablueprint.tables import record_id


def read(inbox: Inbox) -> None:
    inbox.each("procore", "vendors", _procore_vendor)
    inbox.each("quickbooks_online", "Vendor", _quickbooks_vendor)
    inbox.each("procore", "users", _procore_person)
    inbox.each("procore", "people", _procore_person)
    inbox.each("gusto", "employees", _gusto_employee)
    inbox.each("quickbooks_online", "Employee", _quickbooks_employee)


def vendor_names(inbox: Inbox) -> dict[str, str]:
    """Procore vendor record id -> name, for records that only carry the id."""
    return {str(row["record_id"]): str(row["name"]) for row in inbox.rows("vendors") if row["system"] == "procore"}


def _procore_vendor(fields: Fields) -> Rows:
    yield (
        "vendors",
        {
            "record_id": fields.record_id,
            "system": "procore",
            "name": fields.text("name"),
            "legal_name": fields.maybe_text("legal_name"),
            "active": fields.maybe_flag("is_active"),
            "origin_id": fields.maybe_text("origin_id"),
        },
    )


def _quickbooks_vendor(fields: Fields) -> Rows:
    yield (
        "vendors",
        {
            "record_id": fields.record_id,
            "system": "quickbooks",
            "name": quickbooks_name(fields, "DisplayName"),
            "legal_name": fields.maybe_text("CompanyName"),
            "active": fields.maybe_flag("Active"),
        },
    )


def _procore_person(fields: Fields) -> Rows:
    yield (
        "employees",
        {
            "record_id": fields.record_id,
            "system": "procore",
            "name": fields.maybe_text("name") or _full_name(fields, "first_name", "last_name"),
            "employee_number": fields.maybe_text("employee_id"),
            "email": fields.maybe_text("email_address") or fields.maybe_text("contact", "email"),
            "active": fields.maybe_flag("is_active"),
        },
    )


def _gusto_employee(fields: Fields) -> Rows:
    ended = fields.maybe_flag("terminated")
    yield (
        "employees",
        {
            "record_id": fields.record_id,
            "system": "gusto",
            "name": _full_name(fields, "first_name", "last_name"),
            "employee_number": fields.maybe_text("employee_code"),
            "email": fields.maybe_text("work_email") or fields.maybe_text("email"),
            "active": None if ended is None else not ended,
        },
    )


def _quickbooks_employee(fields: Fields) -> Rows:
    yield (
        "employees",
        {
            "record_id": fields.record_id,
            "system": "quickbooks",
            "name": quickbooks_name(fields, "DisplayName"),
            "employee_number": fields.maybe_text("EmployeeNumber"),
            "email": fields.maybe_text("PrimaryEmailAddr", "Address"),
            "active": fields.maybe_flag("Active"),
        },
    )


def _full_name(fields: Fields, *path: str) -> str:
    name = " ".join(filter(None, (fields.maybe_text(step) for step in path)))
    if not name:
        raise Unreadable(fields.pointer(path[-1]), "is missing")
    return name


def file_employee(number: str, name: str | None) -> Rows:
    """A person a payroll file names; the file's employee id is the only identity there is."""
    yield (
        "employees",
        {
            "record_id": record_id("payroll_file", "employees", number),
            "system": "payroll_file",
            "name": name,
            "employee_number": number,
        },
    )
