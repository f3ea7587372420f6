"""Procore: most lists belong to a project and have no filter for deletions, so active projects are read whole.

Steady state: one call per company list, and one per project list and active
project. Contract lines, change order lines and labor budget lines are asked
for only when their parent changed, and once a day while it is open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

from datablueprint.settings import SourceSettings
from datablueprint.sources.base import Grant, Known, Parent, Source, Stream
from datablueprint.sources.job import Job
from datablueprint.sources.jsontext import parse
from datablueprint.sources.pacing import HeaderWindow
from datablueprint.sources.paginators import link_header, one_record
from datablueprint.sources.reading import changed_list, children, dated_list, per_project, whole_list

CLOSED = frozenset({"Complete", "Closed", "Terminated", "Void", "approved", "rejected", "void", "no_charge"})
"""Statuses after which lines are not expected to change without their parent."""


def _headers(settings: SourceSettings) -> Mapping[str, str]:
    return {"Procore-Company-Id": settings.account}


def _company(name: str, path: str, **more: Any) -> Stream:
    return Stream(name, path, **{"read": whole_list, **more})


def _project(name: str, path: str, **more: Any) -> Stream:
    return Stream(name, path, **{"read": per_project, **more})


def _lines(kind: str) -> Stream:
    return Stream(
        f"{kind}_line_items",
        f"/rest/v1.0/{kind}s/{{parent}}/line_items",
        children,
        {"project_id": "{project}"},
        parents=lambda job: [_parent(job, record) for record in job.live(f"{kind}s")],
    )


def _budget_row_key(row: Mapping[str, Any], project: str | None) -> str | None:
    """Unbudgeted rows have no id of their own; the WBS code is the reliable key within a project."""
    return f"{project}/{row['wbs_code_id']}" if row.get("wbs_code_id") is not None else None


def _view_key(view: Mapping[str, Any], project: str | None) -> str | None:
    """Company-wide views are listed under every project."""
    return f"{project}/{view['id']}" if view.get("id") is not None else None


def _parent(job: Job, record: Known, value: Mapping[str, Any] | None = None) -> Parent:
    value = parse(record.payload) if value is None else value
    project = record.parent_id or ""
    is_open = str(value.get("status")) not in CLOSED and project in _active(job)
    return Parent(record.native_id, project, record.content_hash, is_open)


def _active(job: Job) -> frozenset[str]:
    return job.once(
        "active projects",
        lambda: frozenset(p.native_id for p in job.live("projects") if parse(p.payload).get("active") is not False),
    )


def _labor_rows(job: Job) -> Sequence[Parent]:
    """Budget lines that may hold budgeted hours; the other lines' hours mean nothing."""
    labor = {
        record.native_id
        for record in job.live("line_item_types")
        if parse(record.payload).get("base_type") == "labor" or parse(record.payload).get("code") == "L"
    }
    found = []
    for record in job.live("budget_rows"):
        row = parse(record.payload)
        if row.get("id") is not None and (
            str(row.get("category_id")) in labor or str(row.get("category")).casefold() in ("labor", "labour")
        ):
            project = record.parent_id or ""
            found.append(Parent(str(row["id"]), project, record.content_hash, project in _active(job)))
    return found


def _commitment_changes(job: Job) -> Sequence[Parent]:
    """Potential change orders of commitments; lines of prime ones carry revenue, which the package has."""
    prime = {record.native_id for record in job.live("prime_contracts")}
    changes = [(record, parse(record.payload)) for record in job.live("potential_change_orders")]
    return [_parent(job, record, value) for record, value in changes if str(value.get("contract_id")) not in prime]


def _three_tier_contracts(job: Job) -> Sequence[Parent]:
    """Contracts whose potential change orders point at a change order request; only these have any."""
    content: dict[tuple[str, str], list[str]] = defaultdict(list)
    for record in job.live("potential_change_orders"):
        value = parse(record.payload)
        if value.get("change_order_request_id") is not None and value.get("contract_id") is not None:
            content[str(value["contract_id"]), record.parent_id or ""].append(record.content_hash)
    return [
        Parent(contract, project, sha256("".join(sorted(hashes)).encode()).hexdigest(), project in _active(job))
        for (contract, project), hashes in content.items()
    ]


DAILY = timedelta(days=1)
"""For lists that an administrator changes now and then."""
BY_COMPANY = {"company_id": "{company}"}
BY_PROJECT = {"project_id": "{project}"}
EXTENDED = {**BY_PROJECT, "view": "extended"}

STREAMS = (
    _company(
        "projects",
        "/rest/v1.1/projects",
        read=changed_list,
        params={**BY_COMPANY, "filters[by_status]": "All", "view": "extended"},
        page_size=300,
        guarded=True,
    ),
    _company("project_stages", "/rest/v1.0/companies/{company}/project_stages", cycle=DAILY),
    _company(
        "vendors",
        "/rest/v1.0/vendors",
        read=changed_list,
        params={**BY_COMPANY, "view": "extended"},
        also=("/rest/v1.0/companies/{company}/vendors/inactive",),
        guarded=True,
    ),
    _company(
        "users",
        "/rest/v1.3/companies/{company}/users",
        read=changed_list,
        params={"view": "extended"},
        also=("/rest/v1.0/companies/{company}/users/inactive",),
        guarded=True,
    ),
    _company(
        "people",
        "/rest/v1.0/companies/{company}/people",
        also=("/rest/v1.0/companies/{company}/people/inactive",),
        guarded=True,
    ),
    _company("line_item_types", "/rest/v1.0/line_item_types", params=BY_COMPANY, cycle=DAILY),
    _company("standard_cost_code_lists", "/rest/v1.0/standard_cost_code_lists", params=BY_COMPANY, cycle=DAILY),
    _company("change_order_statuses", "/rest/v1.0/change_order/statuses", params=BY_COMPANY, cycle=DAILY),
    _company("timecard_entries", "/rest/v1.0/companies/{company}/timecard_entries", read=dated_list, page_size=2000),
    _project("project_roles", "/rest/v1.0/project_roles", params=BY_PROJECT),
    _project("wbs_codes", "/rest/v1.0/projects/{project}/work_breakdown_structure/wbs_codes"),
    _project("budget_views", "/rest/v1.0/budget_views", params=BY_PROJECT, key=_view_key, cycle=timedelta(days=7)),
    _project(
        "budget_rows",
        "/rest/v1.0/budget_views/{view}/detail_rows",
        params={**BY_PROJECT, "budget_row_type": "all"},
        key=_budget_row_key,
    ),
    Stream(
        "budget_line_items",
        "/rest/v1.1/budget_line_items/{parent}",
        children,
        BY_PROJECT,
        records=None,
        paging=one_record,
        parents=_labor_rows,
        kind="records",
    ),
    _project("manual_forecast_line_items", "/rest/v1.0/projects/{project}/manual_forecast_line_items"),
    _project("budgeted_production_quantities", "/rest/v1.0/projects/{project}/budgeted_production_quantities"),
    _project("actual_production_quantities", "/rest/v1.0/projects/{project}/actual_production_quantities"),
    _project("prime_contracts", "/rest/v1.0/prime_contracts", params=BY_PROJECT),
    _project("work_order_contracts", "/rest/v1.0/work_order_contracts", params=EXTENDED),
    _lines("work_order_contract"),
    _project("purchase_order_contracts", "/rest/v1.0/purchase_order_contracts", params=EXTENDED),
    _lines("purchase_order_contract"),
    _project("change_order_packages", "/rest/v1.0/change_order_packages", params=BY_PROJECT),
    _project("potential_change_orders", "/rest/v1.0/potential_change_orders", params=BY_PROJECT),
    Stream(
        "potential_change_order_line_items",
        "/rest/v1.0/potential_change_orders/{parent}/line_items",
        children,
        BY_PROJECT,
        parents=_commitment_changes,
    ),
    Stream(
        "change_order_requests",
        "/rest/v1.0/change_order_requests",
        children,
        {**BY_PROJECT, "contract_id": "{parent}"},
        parents=_three_tier_contracts,
    ),
    _project("requisitions", "/rest/v1.1/requisitions", params=EXTENDED),
    _project("direct_costs", "/rest/v1.1/projects/{project}/direct_costs"),
    _project("direct_cost_line_items", "/rest/v1.0/projects/{project}/direct_costs/line_items"),
    _project("payment_applications", "/rest/v1.0/payment_applications", params=BY_PROJECT),
)

PROCORE = Source(
    name="procore",
    system="procore",
    title="Procore",
    streams=STREAMS,
    kept=frozenset(
        {"projects", "line_item_types", "budget_views", "budget_rows", "prime_contracts", "potential_change_orders"}
        | {f"{kind}_contracts" for kind in ("work_order", "purchase_order")}
    ),
    paging=link_header,
    grant=Grant("/oauth/token", "form", "client_credentials"),
    pace=lambda: HeaderWindow("X-Rate-Limit"),
    headers=_headers,
)
