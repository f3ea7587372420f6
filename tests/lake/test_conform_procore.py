"""Procore's records in the product's columns: types by what they are for, tiers linked, statuses resolved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from datablueprint.lake.conform.codes import ItemName, item_name
from datablueprint.settings import Policy
from tests.lake.landing import Landed, landed, procore, quickbooks, row, rows, sentences, tables

D = Decimal
HOME = "procore:projects:222"


def wbs(native: int, code: str, kind: str, *, parent: int = 222) -> Landed:
    return procore(
        "wbs_codes",
        native,
        parent,
        flat_code=f"{code}.{kind}",
        status="active",
        segment_items=[
            {"code": code.split("-")[-1], "path_code": code, "name": "Concrete", "segment": {"type": "cost_code"}},
            {"code": kind, "path_code": kind, "name": "x", "segment": {"type": "line_item_type"}},
        ],
    )


TYPES = (
    procore("line_item_types", 1, name="Labor", code="L", base_type="labor"),
    procore("line_item_types", 2, name="Subs", code="X", base_type="commitment"),
    procore("line_item_types", 3, name="Owner", code="OC", base_type=None),
    procore("line_item_types", 4, name="Odd", code="Q", base_type=None),
)


@pytest.mark.parametrize(
    ("kind", "letter"), [("L", "L"), ("X", "S"), ("OC", "O"), ("Q", None), ("E", "E"), ("S/C", "S")]
)
def test_a_cost_type_is_its_base_type_then_its_letter_then_unknown(kind: str, letter: str | None) -> None:
    code = row(tables(*TYPES, wbs(77, "03-300", kind)), "cost_codes")

    assert (code["code"], code["cost_type"], code["name"], code["active"]) == ("03-300", letter, "Concrete", True)
    assert code["project_record_id"] == HOME


@pytest.mark.parametrize(
    ("line", "leaf"),
    [
        ({"wbs_code_id": 77}, ("03-300", "L")),
        ({"wbs_code": {"id": 77, "flat_code": "99-999.Z"}}, ("03-300", "L")),
        ({"wbs_code": {"id": 5, "flat_code": "05-100.M"}}, ("05-100", "M")),
        (
            {"cost_code": {"full_code": "02-300"}, "line_item_type": {"code": "Q", "base_type": "materials"}},
            ("02-300", "M"),
        ),
        ({"cost_code": {"full_code": "02-300"}, "line_item_type": None}, ("02-300", None)),
        ({"cost_code": None, "wbs_code": None}, (None, None)),
        ({}, (None, None)),
    ],
)
def test_a_line_is_coded_by_its_wbs_code_else_by_its_own_words(line: dict[str, Any], leaf: tuple[str, str]) -> None:
    item = procore("work_order_contract_line_items", 9, 5150, amount="1000.0", **line)

    made = tables(*TYPES, wbs(77, "03-300", "L"), item)

    found = row(made, "commitment_lines")
    assert (found["cost_code"], found["cost_type"]) == leaf
    assert (found["amount"], found["amount_at"]) == (D("1000.00"), "/amount")
    assert found["commitment_record_id"] == "procore:work_order_contracts:5150"


def test_a_quickbooks_item_name_is_split_by_what_is_known() -> None:
    known, numbers = {"03-300", "00-300", "01-310"}, {"24-017", "7"}

    assert item_name("24-017-03-300.L", known, numbers) == ItemName("24-017", "03-300", "L")
    assert item_name("24-017-99-999.S", known, numbers) == ItemName("24-017", "99-999", "S")
    assert item_name("7-01-310.E", known, numbers) == ItemName("7", "01-310", "E")
    assert item_name("24.5-03-300.M", known, numbers) == ItemName("24.5", "03-300", "M")
    assert item_name("Concrete", known, numbers) == ItemName()
    assert item_name("Sales v2.0", known, numbers) == ItemName()
    assert item_name("Crane hire.E", known, numbers) == ItemName()


def test_an_inactive_item_is_read_under_the_name_it_had() -> None:
    item = quickbooks(
        "Item", 4, Name="24-017-03-300.S (deleted)", Active=False, Type="Service", ExpenseAccountRef={"value": "80"}
    )

    found = row(tables(item), "cost_codes")

    assert (found["project_reference"], found["code"], found["cost_type"]) == ("24-017", "03-300", "S")
    assert (found["name"], found["active"]) == ("24-017-03-300.S", False)
    assert found["expense_account_record_id"] == "quickbooks:Account:80"


def test_a_project_has_its_stages_category_and_plans() -> None:
    made = tables(
        procore("project_stages", 4, name="Building", category="course_of_construction"),
        procore(
            "projects",
            222,
            name="Harbor Clinic",
            project_number="24-017",
            active=True,
            project_stage={"id": 4, "name": "Building"},
            completion_date="2026-09-30",
            projected_finish_date="2026-11-30",
            start_date="2024-02-01",
            address="1 Pier",
            city="Denver",
            origin_id="58",
            standard_cost_code_list_id=31,
            unknown_field={"never": "matters"},
        ),
        quickbooks(
            "Customer",
            58,
            DisplayName="24-017 Harbor Clinic",
            FullyQualifiedName="Acme:24-017 Harbor Clinic",
            IsProject=True,
            Active=True,
            ParentRef={"value": "7"},
        ),
    )

    ours, theirs = rows(made, "projects")
    assert ours["stage"] == "course_of_construction"
    assert (ours["number"], ours["address"], ours["origin_id"]) == ("24-017", "1 Pier, Denver", "58")
    assert (ours["started_on"], ours["planned_finish_on"]) == (date(2024, 2, 1), date(2026, 11, 30))
    assert ours["cost_code_list_id"] == "31"
    assert (theirs["record_id"], theirs["is_job"], theirs["parent_name"]) == ("quickbooks:Customer:58", True, "Acme")


def change(stream: str, native: int, **payload: Any) -> Landed:
    return procore(
        stream, native, 222, **{"contract_id": 340, "status": "approved", "grand_total": "15000.0", **payload}
    )


PRIME = procore(
    "prime_contracts",
    340,
    222,
    number="PC-1",
    status="Approved",
    grand_total="1000000.0",
    executed=True,
    approved_change_orders="45000.0",
    private=False,
)
SUBCONTRACT = procore(
    "work_order_contracts",
    5150,
    222,
    number="SC-4",
    status="Approved",
    grand_total="250000.0",
    vendor={"id": 61, "company": "Volt LLC"},
    private=True,
)


def test_the_side_of_a_change_order_is_that_of_its_contract() -> None:
    made = tables(
        PRIME,
        SUBCONTRACT,
        change("change_order_packages", 1),
        change("change_order_packages", 2, contract_id=5150),
        change("change_order_packages", 3, contract_id=999),
        change("commitment_change_orders", 4, contract_id=999),
    )

    found = {each["record_id"].rpartition(":")[2]: each for each in rows(made, "change_orders")}
    assert {native: each["side"] for native, each in found.items()} == {
        "1": "prime",
        "2": "commitment",
        "3": "unknown",
        "4": "commitment",
    }
    assert found["2"]["contract_record_id"] == "procore:work_order_contracts:5150"
    assert row(made, "commitments")["vendor_record_id"] == "procore:vendors:61"
    assert row(made, "prime_contracts")["original_amount"] == D("1000000.00")


def test_every_tier_points_to_the_next_higher_one() -> None:
    made = tables(
        PRIME,
        change("change_order_packages", 1, title="PCCO 1"),
        change("change_order_packages", 2, title="PCCO 2"),
        change("change_order_packages", 3, title="PCCO 1", contract_id=341),
        change("change_order_requests", 10, change_order_package_id=2),
        change("potential_change_orders", 20, change_order_package_title="PCCO 1"),
        change("potential_change_orders", 21, change_order_request_id=10),
        change("potential_change_orders", 22),
        change("prime_change_orders", 30, legacy_package_id=1, batch_id=5),
    )

    found = {each["record_id"]: (each["tier"], each["higher_record_id"]) for each in rows(made, "change_orders")}
    assert found == {
        "procore:change_order_packages:1": ("package", None),
        "procore:change_order_packages:2": ("package", None),
        "procore:change_order_packages:3": ("package", None),
        "procore:change_order_requests:10": ("request", "procore:change_order_packages:2"),
        "procore:potential_change_orders:20": ("potential", "procore:change_order_packages:1"),
        "procore:potential_change_orders:21": ("potential", "procore:change_order_requests:10"),
        "procore:potential_change_orders:22": ("potential", None),
        "procore:prime_change_orders:30": ("change_order", "procore:change_order_packages:1"),
    }


def test_a_request_is_of_its_contracts_project_though_read_under_the_contract() -> None:
    request = procore("change_order_requests", 10, 340, contract_id=340, status="pending", grand_total="1.0")
    broken = procore("change_order_requests", 11, 340, contract_id=340, status="pending")

    made = tables(PRIME, request, broken)

    assert row(made, "change_orders")["project_record_id"] == HOME
    assert row(made, "rejects")["project_record_id"] == HOME


def test_a_title_that_two_packages_share_is_not_guessed() -> None:
    made = tables(
        PRIME,
        change("change_order_packages", 1, title="CO"),
        change("change_order_packages", 2, title="CO"),
        change("potential_change_orders", 20, change_order_package_title="CO"),
    )

    assert len(rows(made, "change_orders")) == 2
    assert "field /change_order_package_title holds 'CO'" in sentences(made)[0]


@pytest.mark.parametrize(
    ("status", "group", "resolved"),
    [
        ("approved", "approved", "approved"),
        ("proceeding", "pending", "proceeding"),
        ("not_pricing", "pending", "not_pricing"),
        ("pending_billable", "pending", "pending_billable"),
        ("no_charge", "rejected", "no_charge"),
        ("void", "void", "void"),
        ("draft", "draft", "draft"),
        ("Owner Signed", "approved", "approved"),
        ("In Negotiation", "pending", "pricing"),
    ],
)
def test_a_status_counts_as_what_it_is_mapped_to(status: str, group: str, resolved: str) -> None:
    made = tables(
        procore("change_order_statuses", 1, name="Owner Signed", mapped_to_status="approved"),
        procore("change_order_statuses", 2, name="In Negotiation", mapped_to_status="pricing"),
        change("change_order_packages", 1, status=status),
    )

    found = row(made, "change_orders")
    assert (found["status"], found["source_status"]) == (group, resolved)


def test_a_status_nobody_maps_is_rejected_not_guessed() -> None:
    made = tables(change("change_order_packages", 1, status="Almost"))

    assert rows(made, "change_orders") == []
    assert row(made, "rejects")["field"] == "/status"
    assert row(made, "rejects")["project_record_id"] == HOME


def test_an_approval_has_the_tenants_date() -> None:
    made = tables(
        change("change_order_packages", 1, reviewed_at="2026-02-20T03:00:00Z", created_at="2026-02-01T18:00:00Z"),
        change("change_order_packages", 2, reviewed_at=None),
    )

    first, second = rows(made, "change_orders")
    assert (first["approved_on"], first["created_on"]) == (date(2026, 2, 19), date(2026, 2, 1))
    assert second["approved_on"] is None


def budget_row(native: str, project: int = 222, **more: Any) -> Landed:
    payload = {
        "id": 9001,
        "wbs_code_id": 77,
        "cost_code": "03-300 - Concrete",
        "category": "Labor",
        "original_budget_amount": "50000.0",
        "budget_modifications": "-10.0",
        "budget_forecast": {"amount": "8000.0", "automatically_calculated": False},
        "Approved COs": "31.5",
        "Pending Budget Changes": "1.0",
        "Committed Costs": "31000.0",
        "Estimated Cost at Completion": "43000.0",
        **more,
    }
    return landed("procore", "budget_rows", native, payload, project)


def test_a_budget_line_reads_the_columns_the_policy_names() -> None:
    made = tables(
        *TYPES,
        wbs(77, "03-300", "L"),
        budget_row("222/77", **{"Change/Cost ~": "7.0"}),
        budget_row(
            "222/78",
            id=None,
            wbs_code_id=78,
            cost_code="04-200 - Masonry",
            unbudgeted_reason="direct cost",
            budget_forecast=None,
            **{"Change/Cost ~": "0.0"},
        ),
        policy=Policy(approved_changes_column="Change/Cost ~"),
    )

    first, second = rows(made, "budget_lines")
    assert (first["cost_code"], first["cost_type"], first["line_id"]) == ("03-300", "L", "9001")
    assert (first["original_amount"], first["modifications"]) == (D("50000.00"), D("-10.00"))
    assert (first["approved_changes"], first["approved_changes_at"]) == (D("7.00"), "/Change~1Cost ~0")
    assert (first["forecast_amount"], first["forecast_manual"]) == (D("8000.00"), True)
    assert first["forecast_amount_at"] == "/budget_forecast/amount"
    assert first["committed_reported"] == D("31000.00")
    assert (second["cost_code"], second["cost_type"], second["line_id"]) == ("04-200", "L", None)
    assert (second["forecast_amount"], second["forecast_manual"]) == (None, None)


def test_a_view_without_the_column_is_reported_once_per_project() -> None:
    made = tables(
        budget_row("222/77"),
        budget_row("222/78"),
        budget_row("333/1", project=333),
        policy=Policy(approved_changes_column="Change cost"),
    )

    assert [each["approved_changes"] for each in rows(made, "budget_lines")] == [None] * 3
    assert [each["record_id"] for each in rows(made, "rejects")] == [HOME, "procore:projects:333"]
    assert "no column 'Change cost'" in sentences(made)[0]


def test_hours_are_budgeted_only_where_the_unit_is_hours() -> None:
    line = {"original_budget_amount": 100, "wbs_code": {"id": 77, "flat_code": "03-300.L"}, "unit_cost": 52.25}
    made = tables(
        wbs(77, "03-300", "L"),
        budget_row("222/77"),
        budget_row("222/78", id=9002),
        procore("budget_line_items", 9001, 9001, uom="hours", quantity=960.5, **line),
        procore("budget_line_items", 9002, 9002, uom="ls", quantity=1, **line),
        procore("budget_line_items", 9003, 9003, uom="hours", quantity=1, **line),
    )

    hourly, lump = rows(made, "labor_budgets")
    assert hourly["project_record_id"] == HOME
    assert "budget_line_items 9003: the record belongs to no budget row" in sentences(made)[0]
    assert (hourly["hours"], hourly["hours_at"], hourly["unit_cost"]) == (D("960.50"), "/quantity", D("52.2500"))
    assert (lump["hours"], lump["hours_at"]) == (None, None)
    assert hourly["line_id"] == "9001"


def test_forecasts_and_production_are_read() -> None:
    made = tables(
        procore(
            "manual_forecast_line_items",
            1,
            222,
            budget_line_item_id=9001,
            amount=8000.4,
            description="crane",
            updated_at="2026-11-02T05:00:00Z",
        ),
        procore("budgeted_production_quantities", 2, 222, quantity="1200.0", unit_of_measure="CY"),
        procore("actual_production_quantities", 3, 222, quantity="30.125", date="2026-11-02", unit_of_measure="CY"),
        procore(
            "actual_production_quantities", 4, 222, quantity="9", date="2026-11-02", deleted_at="2026-11-03T00:00:00Z"
        ),
    )

    forecast = row(made, "forecasts")
    assert (forecast["amount"], forecast["made_on"]) == (D("8000.40"), date(2026, 11, 1))
    actual, budgeted = rows(made, "production")
    assert (actual["kind"], actual["quantity"], actual["produced_on"]) == ("actual", D("30.125"), date(2026, 11, 2))
    assert (budgeted["kind"], budgeted["quantity"], budgeted["produced_on"]) == ("budgeted", D("1200"), None)


def requisition(**more: Any) -> Landed:
    payload: dict[str, Any] = {
        "commitment_id": 5150,
        "commitment_type": "WorkOrderContract",
        "invoice_number": "INV-88",
        "billing_date": "2026-02-25",
        "status": "approved",
        "vendor_id": 61,
        "origin_id": "25",
        "summary": {"current_payment_due": "900.00", "total_retainage": "14000.00"},
        "items": [
            {
                "id": 1,
                "item_type": "contract_item",
                "line_item_id": 70,
                "work_completed_this_period": "800.0",
                "materials_presently_stored": "150.0",
                "cost_code": {"full_code": "03-300"},
                "line_item_type": {"code": "S", "base_type": "commitment"},
            },
            {"id": 2, "item_type": "change_order_item", "line_item_id": 71, "work_completed_this_period": "50.0"},
        ],
        **more,
    }
    return procore("requisitions", 7007, 222, **payload)


def test_a_subcontract_invoice_is_gross_of_retainage_and_its_lines_point_to_their_parts() -> None:
    made = tables(procore("vendors", 61, name="Volt LLC", is_active=True), SUBCONTRACT, requisition())

    invoice = row(made, "subcontract_invoices")
    assert (invoice["gross_amount"], invoice["net_amount"], invoice["retainage_amount"]) == (D(1000), D(900), D(100))
    assert (invoice["commitment_record_id"], invoice["vendor_name"]) == (
        "procore:work_order_contracts:5150",
        "Volt LLC",
    )
    assert invoice["billed_on"] == date(2026, 2, 25)
    first, second = rows(made, "subcontract_invoice_lines")
    assert (first["amount"], first["cost_code"], first["cost_type"]) == (D(950), "03-300", "S")
    assert first["amount_at"] == ["/items/0/work_completed_this_period", "/items/0/materials_presently_stored"]
    assert first["commitment_line_record_id"] == "procore:work_order_contract_line_items:70"
    assert second["amount_at"] == ["/items/1/work_completed_this_period"]
    assert second["commitment_line_record_id"] == "procore:potential_change_order_line_items:71"


def test_an_invoice_with_one_bad_item_leaves_no_row_at_all() -> None:
    made = tables(requisition(items=[{"id": 1, "work_completed_this_period": "96.36%"}]))

    assert rows(made, "subcontract_invoices") == rows(made, "subcontract_invoice_lines") == []
    reject = row(made, "rejects")
    assert (reject["field"], reject["project_record_id"]) == ("/items/0/work_completed_this_period", HOME)
    assert "holds '96.36%' where an amount of money was expected" in reject["sentence"]


def test_a_line_that_cannot_be_read_names_its_project() -> None:
    line = procore("work_order_contract_line_items", 9, 5150, amount=None)

    reject = row(tables(SUBCONTRACT, line), "rejects")

    assert (reject["record_id"], reject["field"]) == ("procore:work_order_contract_line_items:9", "/amount")
    assert reject["sentence"] == "Procore work_order_contract_line_items 9: field /amount is empty."
    assert reject["project_record_id"] == HOME


def test_direct_costs_and_owner_invoices_are_read() -> None:
    made = tables(
        procore(
            "direct_costs",
            77001,
            222,
            direct_cost_type="expense",
            status="approved",
            direct_cost_date="2026-02-02",
            vendor_id=61,
            vendor_name="Volt LLC",
            amount="1200.0",
            origin_id="25",
        ),
        procore("direct_cost_line_items", 91, 222, holder={"id": 77001}, amount="1200.0"),
        procore(
            "payment_applications",
            5,
            222,
            contract={"id": 340},
            invoice_number="4",
            status="approved",
            billing_date="2026-02-28",
            total_amount_accrued_this_period="100.0",
            g702={"total_completed_and_stored_to_date": "610.0", "total_retainage": "61.0"},
        ),
    )

    assert row(made, "direct_costs")["origin_id"] == "25"
    assert row(made, "direct_cost_lines")["direct_cost_record_id"] == "procore:direct_costs:77001"
    owner = row(made, "owner_invoices")
    assert (owner["contract_record_id"], owner["gross_to_date"]) == ("procore:prime_contracts:340", D("610.00"))
    assert (owner["gross_this_period"], owner["retainage_to_date"]) == (D("100.00"), D("61.00"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Regular Time", "regular"), ("Overtime", "overtime"), ("Double Overtime", "double_time"), (None, "other")],
)
def test_a_timecard_is_hours_and_never_money(name: str | None, kind: str) -> None:
    made = tables(
        wbs(77, "03-300", "L"),
        procore(
            "timecard_entries",
            3001,
            date="2026-02-03",
            hours="8.0",
            approval_status="pending",
            party={"id": 501, "name": "R. Diaz"},
            project={"id": 222},
            wbs_code_id=77,
            timecard_time_type={"time_type": name},
            deleted_at=None,
        ),
    )

    entry = row(made, "time_entries")
    assert (entry["hours"], entry["hours_at"], entry["worked_on"]) == (D(8), "/hours", date(2026, 2, 3))
    assert (entry["person_record_id"], entry["project_record_id"]) == ("procore:people:501", HOME)
    assert (entry["cost_code"], entry["cost_type"], entry["time_type"]) == ("03-300", "L", kind)


def test_people_of_both_lists_and_their_roles_are_read() -> None:
    made = tables(
        procore(
            "users",
            1,
            first_name="Ana",
            last_name="Ruiz",
            email_address="ana@x.example",
            employee_id="E7",
            is_active=True,
        ),
        procore("people", 2, first_name="Bo", last_name=None, employee_id=8),
        procore("project_roles", 3, 222, role="Project Manager", user_id=1, name="Ana Ruiz", is_active=True),
        procore("people", 4, first_name=None, last_name=" "),
    )

    people, users = rows(made, "employees")
    assert (people["record_id"], people["name"], people["employee_number"]) == ("procore:people:2", "Bo", "8")
    assert (users["name"], users["email"], users["active"]) == ("Ana Ruiz", "ana@x.example", True)
    role = row(made, "project_roles")
    assert (role["person_record_id"], role["project_record_id"]) == ("procore:users:1", HOME)
    assert row(made, "rejects")["record_id"] == "procore:people:4"


@pytest.mark.parametrize("payload", ["{", "[1]", '{"id": NaN}', ""])
def test_what_is_not_a_json_object_is_one_reject(payload: str) -> None:
    made = tables(landed("procore", "vendors", 1, payload))

    assert row(made, "rejects")["field"] == ""
    assert "the record " in sentences(made)[0]


def test_every_table_is_there_with_its_schema_even_when_nothing_landed() -> None:
    from datablueprint.tables import CONFORMED

    made = tables()

    assert list(made) == [table.name for table in CONFORMED]
    assert all(made[table.name].schema.equals(table.schema()) for table in CONFORMED)


def test_rows_are_sorted_by_key_whatever_the_order_they_came_in() -> None:
    vendors = [procore("vendors", native, name=f"v{native}") for native in (9, 10, 2)]

    assert [each["record_id"] for each in rows(tables(*vendors), "vendors")] == [
        "procore:vendors:10",
        "procore:vendors:2",
        "procore:vendors:9",
    ]
