"""A Procore company in a dictionary: enough of its lists, filters and habits to test the reading rules against."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx

from datablueprint.lake.raw import RawLog
from datablueprint.sources import extract
from datablueprint.sources.base import ExtractOutcome
from tests.fakes import Paged, World, world

Row = dict[str, Any]
COMPANY_LISTS = {
    "projects": "/rest/v1.1/projects",
    "project_stages": "/rest/v1.0/companies/4210001/project_stages",
    "vendors": "/rest/v1.0/vendors",
    "users": "/rest/v1.3/companies/4210001/users",
    "people": "/rest/v1.0/companies/4210001/people",
    "line_item_types": "/rest/v1.0/line_item_types",
    "standard_cost_code_lists": "/rest/v1.0/standard_cost_code_lists",
    "change_order_statuses": "/rest/v1.0/change_order/statuses",
    "timecard_entries": "/rest/v1.0/companies/4210001/timecard_entries",
}
BY_QUERY = {
    name: f"/rest/v1.0/{name}"
    for name in (
        "project_roles",
        "budget_views",
        "prime_contracts",
        "work_order_contracts",
        "purchase_order_contracts",
        "change_order_packages",
        "potential_change_orders",
        "payment_applications",
    )
} | {"requisitions": "/rest/v1.1/requisitions"}
BY_PATH = {
    "wbs_codes": "/rest/v1.0/projects/{}/work_breakdown_structure/wbs_codes",
    "manual_forecast_line_items": "/rest/v1.0/projects/{}/manual_forecast_line_items",
    "budgeted_production_quantities": "/rest/v1.0/projects/{}/budgeted_production_quantities",
    "actual_production_quantities": "/rest/v1.0/projects/{}/actual_production_quantities",
    "direct_costs": "/rest/v1.1/projects/{}/direct_costs",
    "direct_cost_line_items": "/rest/v1.0/projects/{}/direct_costs/line_items",
}


class Office:
    """Rows by list name; `_project` and `_parent` are private keys that say whose they are."""

    def __init__(self, room: World | None = None) -> None:
        self.room = room or world()
        self.rows: dict[str, list[Row]] = {name: [] for name in (*COMPANY_LISTS, *BY_QUERY, *BY_PATH)}
        self.rows |= {"budget_rows": [], "budget_line_items": []}
        self.refused: set[str] = set()
        self.raw = RawLog(self.room.files, "procore")
        paged = Paged(self.room.vendor)
        for name, path in COMPANY_LISTS.items():
            paged.on(path, self._company_list(name))
        for name in ("users", "vendors", "people"):
            self.rows[f"inactive {name}"] = []
            paged.on(f"/rest/v1.0/companies/4210001/{name}/inactive", self._company_list(f"inactive {name}"))
        for name, path in BY_QUERY.items():
            paged.on(path, self._by_query(name))
        self.paged = paged
        self.room.vendor.handle = self._gate(self.room.vendor.handle)  # type: ignore[method-assign, assignment]

    def _gate(self, handle: Callable[[httpx.Request], httpx.Response]) -> Callable[[httpx.Request], httpx.Response]:
        def gated(request: httpx.Request) -> httpx.Response:
            self._open(request)
            if any(mark in str(request.url) for mark in self.refused):
                self.room.vendor.requests.append(request)
                return httpx.Response(403, json={"message": "The tool is not enabled for you"})
            return handle(request)

        return gated

    def _open(self, request: httpx.Request) -> None:
        """Answers of addresses that hold an id are made when they are first asked."""
        parts = request.url.path.strip("/").split("/")
        for name, path in BY_PATH.items():
            for project in self.rows["projects"]:
                key = project["id"]
                self.paged.on(path.format(key), lambda _, n=name, k=key: self._of(n, "_project", k))  # type: ignore[misc]
        if len(parts) == 5 and parts[4] == "line_items":
            self.paged.on(request.url.path, lambda _: self._of(f"{parts[2][:-1]}_line_items", "_parent", int(parts[3])))
        if len(parts) == 5 and parts[4] == "detail_rows":
            self.paged.on(request.url.path, lambda q: self._of("budget_rows", "_project", int(q["project_id"])))
        if parts[2] == "budget_line_items":
            [line] = [r for r in self.rows["budget_line_items"] if str(r["id"]) == parts[3]]
            self.room.vendor.on(request.url.path, public(line))

    def _company_list(self, name: str) -> Callable[[httpx.QueryParams], list[Row]]:
        def find(query: httpx.QueryParams) -> list[Row]:
            deleted = "filters[deleted_at]" in query
            rows = [r for r in self.rows[name] if bool(r.get("deleted_at")) is deleted]
            for field in ("updated_at", "deleted_at"):
                if span := query.get(f"filters[{field}]"):
                    rows = [r for r in rows if within(span, r[field])]
            if "start_date" in query:
                rows = [r for r in rows if query["start_date"] <= r["date"] <= query["end_date"]]
            return [public(r) for r in rows]

        return find

    def _by_query(self, name: str) -> Callable[[httpx.QueryParams], list[Row]]:
        return lambda query: self._of(name, "_project", int(query["project_id"]))

    def _of(self, name: str, key: str, value: int) -> list[Row]:
        return [public(row) for row in self.rows.get(name, []) if row.get(key) == value]

    # -- what tests do

    def add(self, name: str, *rows: Row) -> Office:
        self.rows.setdefault(name, []).extend({"updated_at": "2026-11-01T00:00:00Z", **row} for row in rows)
        return self

    def find(self, name: str, key: int) -> Row:
        return next(row for row in self.rows[name] if row["id"] == key)

    def remove(self, name: str, key: int) -> None:
        self.rows[name].remove(self.find(name, key))

    def read(self, name: str, run_id: str, *, full: bool = False) -> ExtractOutcome:
        return extract.extract("procore", name, self.room.ports, run_id=run_id, full=full, raw=self.raw)

    def refresh(self, run_id: str, *, full: bool = False) -> dict[str, ExtractOutcome]:
        names = extract.plan("procore", self.room.ports, full)
        return {name: self.read(name, run_id, full=full) for name in names}

    def live(self, name: str) -> list[str]:
        return list(self.raw.identities(name))


def public(row: Row) -> Row:
    return {key: value for key, value in row.items() if not key.startswith("_")}


def within(span: str, moment: str) -> bool:
    first, _, last = span.partition("...")
    return datetime.fromisoformat(first) <= datetime.fromisoformat(moment) <= datetime.fromisoformat(last)


def two_projects() -> Office:
    """One active project (1) and one closed (2), each with a subcontract of two lines and a labor budget line."""
    office = Office()
    office.add(
        "projects",
        {"id": 1, "name": "Harbor Clinic", "active": True, "start_date": "2026-06-01"},
        {"id": 2, "name": "Mill Lofts", "active": False, "start_date": "2025-01-10"},
    )
    office.add("line_item_types", {"id": 90, "code": "L", "base_type": "labor"}, {"id": 91, "code": "M"})
    office.add("vendors", *({"id": n, "name": f"Vendor {n}"} for n in range(100, 106)))
    for p in (1, 2):
        office.add("budget_views", {"id": 5, "name": "Procore ERP Budget", "_project": p})
        office.add("budget_views", {"id": 6, "name": "Executive Summary", "_project": p})
        office.add("work_order_contracts", {"id": p * 10, "status": "Approved", "_project": p})
        office.add("work_order_contract_line_items", {"id": p * 100, "amount": "1.0", "_parent": p * 10})
        office.add("work_order_contract_line_items", {"id": p * 100 + 1, "amount": "2.0", "_parent": p * 10})
        office.add(
            "budget_rows",
            {"id": p * 1000, "wbs_code_id": 7, "category": "Labor", "category_id": 90, "_project": p},
            {"id": p * 1000 + 1, "wbs_code_id": 8, "category": "Materials", "category_id": 91, "_project": p},
            {"id": None, "wbs_code_id": 9, "category": "Other", "unbudgeted_reason": "x", "_project": p},
        )
        office.add("budget_line_items", {"id": p * 1000, "uom": "hours", "quantity": 100, "_project": p})
    return office
