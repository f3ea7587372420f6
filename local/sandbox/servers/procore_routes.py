"""Every Procore address the sandbox answers, with what its list can page, filter and sort by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

Kind = Literal["list", "one", "first", "line_value"]
"""`first` is the trap of /prime_contract: the first of the list only. `line_value` is the thin v1.1 budget line."""


@dataclass(frozen=True)
class Endpoint:
    """A GET address and the stream behind it.

    `flags`: U updated_at, C created_at, D include_deleted, d deleted_at, P paged,
    O origin_id, S sort. `company`, `project` and `parent` say what its records
    must belong to; the value comes from the path or, failing that, the query.
    """

    path: str
    stream: str
    flags: str = ""
    kind: Kind = "list"
    company: bool = False
    project: bool = False
    parent: str = ""
    """Stream of the record named {parent_id} in the path."""
    needs: tuple[str, ...] = ()
    per_page: int = 100
    per_page_most: int = 2_000
    dates: Literal["", "today", "this_week", "last_week"] = ""
    """What a list of dated entries shows when no date is asked for."""
    directory: Literal["", "active", "inactive"] = ""
    """Directory lists show one kind only; the inactive entries have addresses of their own."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path) + r"/?")


def _contracts(kind: str) -> tuple[Endpoint, ...]:
    """A commitment kind: its list, one of it, and its lines."""
    base = f"/rest/v1.0/{kind}s"
    return (
        Endpoint(base, f"{kind}s", "UCDPO", project=True),
        Endpoint(base + "/{id}", f"{kind}s", kind="one", project=True),
        Endpoint(base + "/{parent_id}/line_items", f"{kind}_line_items", "UCP", project=True, parent=f"{kind}s"),
    )


_COMPANY = (
    Endpoint("/rest/v1.1/projects", "projects", "UCPOS", company=True, needs=("company_id",), per_page_most=300),
    Endpoint("/rest/v1.0/projects/{id}", "projects", kind="one"),
    Endpoint("/rest/v1.0/companies/{company_id}/project_stages", "project_stages", "P", company=True),
    Endpoint("/rest/v1.0/companies/{company_id}/roles", "roles", "P", company=True),
    Endpoint("/rest/v1.0/vendors", "vendors", "UCPOS", company=True, needs=("company_id",), directory="active"),
    Endpoint("/rest/v1.0/vendors/{id}", "vendors", kind="one"),
    Endpoint("/rest/v1.3/companies/{company_id}/users", "users", "UCPOS", company=True, directory="active"),
    Endpoint("/rest/v1.0/companies/{company_id}/people", "people", "P", company=True, directory="active"),
    *(
        Endpoint(
            f"/rest/v1.0/companies/{{company_id}}/{stream}/inactive", stream, "P", company=True, directory="inactive"
        )
        for stream in ("users", "vendors", "people")
    ),
    Endpoint("/rest/v1.0/line_item_types", "line_item_types", "PO", company=True),
    Endpoint("/rest/v1.0/standard_cost_code_lists", "standard_cost_code_lists", "P", company=True),
    Endpoint("/rest/v1.0/standard_cost_codes", "standard_cost_codes", "PO", company=True),
    Endpoint("/rest/v1.0/change_order/statuses", "change_order_statuses", company=True, needs=("company_id",)),
    Endpoint(
        "/rest/v1.0/companies/{company_id}/timecard_entries",
        "timecard_entries",
        "UdP",
        company=True,
        dates="this_week",
    ),
)

_PROJECT = (
    Endpoint("/rest/v1.0/project_roles", "project_roles", "CP", project=True),
    Endpoint("/rest/v1.0/projects/{project_id}/tools", "projects_tools", project=True),
    Endpoint("/rest/v1.0/projects/{project_id}/work_breakdown_structure/wbs_codes", "wbs_codes", "UP", project=True),
    Endpoint("/rest/v1.0/timecard_entries", "timecard_entries", "P", project=True, dates="last_week"),
    Endpoint("/rest/v1.0/projects/{project_id}/timecard_entries", "timecard_entries", "P", project=True, dates="today"),
    Endpoint(
        "/rest/v1.0/projects/{project_id}/budgeted_production_quantities",
        "budgeted_production_quantities",
        "UP",
        project=True,
    ),
    Endpoint(
        "/rest/v1.0/projects/{project_id}/actual_production_quantities",
        "actual_production_quantities",
        "UP",
        project=True,
    ),
)

_BUDGET = (
    Endpoint("/rest/v1.0/budget_views", "budget_views", "PS", project=True),
    Endpoint("/rest/v1.0/budget_views/{view_id}/detail_rows", "budget_rows", "PS", project=True),
    Endpoint("/rest/v1.1/budget_line_items/{id}", "budget_line_items", kind="line_value"),
    Endpoint("/rest/v1.0/projects/{project_id}/manual_forecast_line_items", "manual_forecast_line_items", project=True),
    Endpoint("/rest/v1.0/projects/{project_id}/budget_changes", "budget_changes", project=True),
    Endpoint("/rest/v1.0/projects/{project_id}/budget_modifications", "budget_modifications", "P", project=True),
)

_REVENUE = (
    Endpoint("/rest/v1.0/prime_contracts", "prime_contracts", "UP", project=True),
    Endpoint("/rest/v1.0/prime_contract", "prime_contracts", kind="first", project=True),
    Endpoint("/rest/v1.0/prime_contract/{id}", "prime_contracts", kind="one", project=True),
    Endpoint(
        "/rest/v1.0/prime_contracts/{parent_id}/line_items",
        "prime_contract_line_items",
        "UCP",
        project=True,
        parent="prime_contracts",
    ),
    Endpoint("/rest/v1.0/payment_applications", "payment_applications", "P", project=True),
    Endpoint("/rest/v1.0/payment_applications/{id}", "payment_applications", kind="one", project=True),
)

_CHANGES = (
    Endpoint("/rest/v1.0/projects/{project_id}/prime_change_orders", "prime_change_orders", "US", project=True),
    Endpoint(
        "/rest/v1.0/projects/{project_id}/commitment_change_orders", "commitment_change_orders", "US", project=True
    ),
    Endpoint("/rest/v1.0/change_order_packages", "change_order_packages", "UCDP", project=True),
    Endpoint("/rest/v1.0/change_order_packages/{id}", "change_order_packages", kind="one", project=True),
    Endpoint("/rest/v1.0/change_order_requests", "change_order_requests", "UCP", project=True, needs=("contract_id",)),
    Endpoint("/rest/v1.0/potential_change_orders", "potential_change_orders", "UCDPO", project=True),
    Endpoint("/rest/v1.0/potential_change_orders/{id}", "potential_change_orders", kind="one", project=True),
    Endpoint(
        "/rest/v1.0/potential_change_orders/{parent_id}/line_items",
        "potential_change_order_line_items",
        "UCP",
        project=True,
        parent="potential_change_orders",
    ),
    Endpoint("/rest/v1.1/change_events", "change_events", "UCDP", project=True),
)

_COST = (
    *_contracts("work_order_contract"),
    *_contracts("purchase_order_contract"),
    Endpoint("/rest/v1.1/requisitions", "requisitions", "UCPO", project=True, per_page=30),
    Endpoint("/rest/v1.1/requisitions/{id}", "requisitions", kind="one", project=True),
    Endpoint("/rest/v1.0/contract_payments", "contract_payments", "P", project=True, needs=("contract_id",)),
    Endpoint("/rest/v1.0/projects/{project_id}/billing_periods", "billing_periods", "UCP", project=True),
    Endpoint("/rest/v1.1/projects/{project_id}/direct_costs", "direct_costs", "UCPO", project=True),
    Endpoint("/rest/v1.0/projects/{project_id}/direct_costs/line_items", "direct_cost_line_items", "UCP", project=True),
)

ENDPOINTS = (*_COMPANY, *_PROJECT, *_BUDGET, *_REVENUE, *_CHANGES, *_COST)


@lru_cache(maxsize=4_096)
def route(path: str) -> tuple[Endpoint, dict[str, str]] | None:
    """The endpoint that answers a path, and the values in it; null for a path Procore would not know."""
    for endpoint in ENDPOINTS:
        if found := endpoint.pattern.fullmatch(path):
            return endpoint, found.groupdict()
    return None


DETAIL_ONLY: dict[str, frozenset[str]] = {
    "prime_contracts": frozenset(
        {
            "line_items_total",
            "line_items_extended_total",
            "revised_contract_amount",
            "pending_change_orders_amount",
            "draft_change_orders_amount",
            "pending_revised_contract_amount",
            "owner_invoices_amount",
            "total_payments",
            "outstanding_balance",
        }
    ),
}
"""Fields that a list leaves out and the single record shows."""

LINE_VALUE_FIELDS = frozenset(
    {"id", "original_budget_amount", "uom", "quantity", "unit_cost", "calculation_strategy", "wbs_code"}
)
