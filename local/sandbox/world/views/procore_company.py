"""Procore's company directory: projects, people, vendors, codes and the lists behind them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from local.sandbox.world.changes import CUSTOM_STATUS
from local.sandbox.world.company import COMPANY
from local.sandbox.world.model import CostType, Employee, Leaf, Project, Vendor, World
from local.sandbox.world.money import loose
from local.sandbox.world.views.stamps import Row, day, touched

COMPANY_ID = 4210001
ERP_LIST, OTHER_LIST = 31, 30
STAGES = (
    (1, "Estimating", "pre_construction"), (2, "Preconstruction", "pre_construction"),
    (3, "Building", "course_of_construction"), (4, "Warranty", "post_construction"), (5, "Closed Out", "completed"),
    (6, "Lost", "not_awarded"), (7, "Canceled", "canceled"),
)  # fmt: skip
STAGE_OF_PHASE = {"closed": 5, "closing": 5, "active": 3, "not_started": 2, "pre_construction": 2}
LINE_TYPES: dict[CostType, tuple[int, str, str | None]] = {
    "L": (11, "Labor", "labor"),
    "M": (12, "Materials", "materials"),
    "S": (13, "Subcontract", "commitment"),
    "E": (14, "Equipment", "equipment"),
    "O": (15, "Other", "other"),
}
BUILT_IN = (
    "approved draft no_charge not_pricing not_proceeding pending pricing proceeding rejected revised void".split()
)
TOOLS = "budget prime_contracts commitments change_orders direct_costs timesheets invoicing".split()


def coded(world: World, leaf: Leaf) -> Row:
    """The three objects by which every line of Procore's financial tools says what it is for."""
    number, name, base = LINE_TYPES[leaf.type]
    return {
        "cost_code": {
            "id": leaf.code_id,
            "full_code": leaf.code,
            "name": world.codes[leaf.code].name,
            "origin_id": None,
        },
        "line_item_type": {"id": number, "code": leaf.type, "name": name, "base_type": base},
        "wbs_code": {"id": leaf.wbs_id, "flat_code": f"{leaf.code}.{leaf.type}"},
    }


def rows(world: World) -> dict[str, list[Row]]:
    return {
        "companies": [{"id": COMPANY_ID, "name": COMPANY, "is_active": True, "my_company": True}],
        "projects": [project(world, p) for p in world.projects],
        "project_stages": [
            {"id": i, "name": name, "category": category, "is_bidding_stage": i == 1, "default_stage": i == 3}
            for i, name, category in STAGES
        ],
        "project_roles": [row for p in world.projects for row in _roles(world, p)],
        "projects_tools": [
            {"id": 100 * n + i, "_project_id": p.id, "engine_name": tool, "is_active": True}
            for n, p in enumerate(world.projects)
            for i, tool in enumerate(TOOLS)
        ],
        "users": [_user(world, e) for e in world.employees if e.user_id],
        "people": [_person(world, e) for e in world.employees],
        "vendors": [_vendor(world, v) for v in world.vendors if v.procore_id],
        "wbs_codes": [_wbs(world, p, leaf) for p in world.projects for leaf in p.leaves],
        "line_item_types": _line_types(),
        "standard_cost_code_lists": [
            {"id": OTHER_LIST, "name": "Master Format 2018", "is_erp_list": False},
            {"id": ERP_LIST, "name": "QuickBooks Online ERP Integration Standard Cost Codes", "is_erp_list": True},
        ],
        "change_order_statuses": _statuses(),
    }


def project(world: World, p: Project) -> Row:
    finished = p.phase in {"closed", "closing"}
    stage = next(s for s in STAGES if s[0] == STAGE_OF_PHASE[p.phase])
    linked = p.link == "origin"
    return {
        "id": p.id,
        "name": p.name,
        "display_name": f"{p.number} - {p.name}",
        "project_number": p.number,
        "accounting_project_number": None,
        "code": None,
        "company": {"id": COMPANY_ID, "name": COMPANY},
        "active": not finished,
        "address": p.address,
        "city": p.city,
        "state_code": "CO",
        "country_code": "US",
        "start_date": day(p.start),
        "completion_date": day(p.contract_finish),
        "actual_start_date": day(p.start) if p.start <= world.as_of else None,
        "projected_finish_date": day(p.finished or p.planned_finish),
        "total_value": loose(p.target // 100_000 * 100_000),
        "project_stage": {"id": stage[0], "name": stage[1]},
        "standard_cost_code_list_id": ERP_LIST if p.on_erp_list else OTHER_LIST,
        "is_erp_integrated": linked,
        "origin_id": p.quickbooks_id if linked else None,
        "origin_code": None,
        "origin_data": None,
        **touched(world, p.start - timedelta(days=45), (p.finished or p.start) + timedelta(days=3), p.id % 97),
    }


def _roles(world: World, p: Project) -> Iterator[Row]:
    for place, number in enumerate((p.manager, p.co_manager, p.former_manager)):
        if number:
            yield _role(world, p, number, place, active=number != p.former_manager)


def _role(world: World, p: Project, number: int, place: int, *, active: bool) -> Row:
    manager = next(e for e in world.managers if e.number == str(number))
    return {
        "id": p.id % 100_000 + 9 + place * 500_000,
        "_project_id": p.id,
        "name": displayed(manager),
        "role": "Project Manager",
        "user_id": manager.user_id,
        "contact_id": manager.person_id,
        "is_active": active,
        **touched(world, p.start - timedelta(days=30)),
    }


def displayed(person: Employee) -> str:
    """The name Procore shows: nicknames are common there."""
    return f"{person.nickname or person.first} {person.last}"


def _names(person: Employee) -> Row:
    first = person.nickname or person.first
    return {"first_name": first, "last_name": person.last, "name": f"{first} {person.last}"}


def _user(world: World, person: Employee) -> Row:
    return {
        "id": person.user_id,
        **_names(person),
        "email_address": person.email,
        "is_employee": True,
        "employee_id": person.number,
        "job_title": person.title,
        "is_active": person.released is None,
        "work_classification_id": None,
        "origin_id": None,
        "vendor": None,
        **touched(world, max(person.hired, world.began), person.released, int(person.number)),
    }


def _person(world: World, person: Employee) -> Row:
    return {
        "id": person.person_id,
        **_names(person),
        "user_id": person.user_id,
        "contact_id": person.person_id,
        "employee_id": person.number,
        "is_employee": True,
        "is_active": person.released is None,
        "work_classification_id": None,
        "origin_id": None,
        **touched(world, max(person.hired, world.began), person.released, int(person.number)),
    }


def _vendor(world: World, vendor: Vendor) -> Row:
    linked = vendor.quickbooks_id if vendor.linked else None
    return {
        "id": vendor.procore_id,
        "company": vendor.name,
        "name": vendor.name,
        "legal_name": vendor.name,
        "abbreviated_name": None,
        "trade_name": None,
        "is_active": vendor.active,
        "parent": None,
        "origin_id": linked,
        "origin_code": None,
        "origin_data": None,
        "synced_to_erp": linked is not None,
        "project_ids": sorted({p.id for p in world.projects for c in p.commitments if c.vendor is vendor}),
        **touched(world, world.began, None, vendor.procore_id or 0),
    }


def _wbs(world: World, p: Project, leaf: Leaf) -> Row:
    division, own = leaf.code.split("-")
    number, name, _ = LINE_TYPES[leaf.type]
    code_name = world.codes[leaf.code].name
    cost_code = {
        "id": leaf.code_id, "code": own, "name": code_name, "path_code": leaf.code, "path_codes": [division, own],
        "segment": {"id": 1, "name": "Cost Code", "type": "cost_code"},
    }  # fmt: skip
    line_type = {
        "id": number, "code": leaf.type, "name": name, "path_code": leaf.type, "path_codes": [leaf.type],
        "segment": {"id": 2, "name": "Cost Type", "type": "line_item_type"},
    }  # fmt: skip
    return {
        "id": leaf.wbs_id,
        "_project_id": p.id,
        "flat_code": f"{leaf.code}.{leaf.type}",
        "flat_name": f"{code_name}.{name}",
        "description": f"{code_name} - {name}",
        "status": "active",
        "wbs_pattern_id": 5,
        "segment_items": [cost_code, line_type],
        **touched(world, p.start - timedelta(days=30), None, leaf.wbs_id),
    }


def _line_types() -> list[Row]:
    made: list[dict[str, Any]] = [
        {"id": number, "name": name, "code": code, "base_type": base, "origin_id": None}
        for code, (number, name, base) in LINE_TYPES.items()
    ]
    return [*made, {"id": 16, "name": "Owner Cost", "code": "OC", "base_type": None, "origin_id": None}]


def _statuses() -> list[Row]:
    names = [(value.replace("_", " ").title(), value) for value in BUILT_IN] + list(CUSTOM_STATUS.items())
    return [
        {"id": 60 + i, "name": name, "mapped_to_status": mapped, "show_in_select": True}
        for i, (name, mapped) in enumerate(names)
    ]
