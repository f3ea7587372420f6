"""What the integration has and has not carried over, read from both sides and never guessed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.ledger.kit import (
    BOOKS_VENDOR,
    DAY,
    JOB,
    PROJECT,
    VENDOR,
    Row,
    bill_line,
    invoice,
    invoice_line,
    money,
    posted,
)

COMMITMENT = {
    "record_id": "procore:work_order_contracts:5",
    "project_record_id": PROJECT,
    "vendor_record_id": VENDOR,
    "kind": "subcontract",
    "number": "SC-1",
    "status": "Approved",
}
LISTS = [
    {"record_id": "procore:standard_cost_code_lists:30", "name": "Master Format", "erp": False},
    {"record_id": "procore:standard_cost_code_lists:31", "name": "ERP codes", "erp": True},
]


def project(number: int, name: str, **changes: Any) -> Row:
    made = {
        "record_id": f"procore:projects:{number}",
        "system": "procore",
        "name": name,
        "number": f"24-{number:03d}",
        "active": True,
        "is_job": True,
    }
    return made | changes


def job(number: int, name: str) -> Row:
    return {
        "record_id": f"quickbooks:Customer:{number}",
        "system": "quickbooks",
        "name": name,
        "active": True,
        "is_job": True,
    }


def states(extra: dict[str, list[Row]], kind: str = "project") -> dict[str, Row]:
    return {row["record_id"]: row for row in posted(extra)["sync_states"] if row["kind"] == kind}


def test_every_project_is_in_one_state():
    found = states(
        {
            "cost_code_lists": LISTS,
            "projects": [
                project(2, "Eligible", cost_code_list_id="31"),
                project(3, "Twin", cost_code_list_id="31"),
                project(4, "Refused", cost_code_list_id="30"),
                project(5, "Alone"),
                job(63, "24-003 Twin"),
                job(70, "Porch Repair"),
            ],
        }
    )

    assert {record: row["state"] for record, row in found.items()} == {
        PROJECT: "synced",
        "procore:projects:2": "eligible",
        "procore:projects:3": "unlinked_twin",
        "procore:projects:4": "cannot_integrate",
        "procore:projects:5": "only_procore",
        "quickbooks:Customer:70": "only_quickbooks",
    }
    assert found[PROJECT]["other_record_id"] == JOB
    assert found["procore:projects:3"]["other_record_id"] == "quickbooks:Customer:63"
    assert all(row["way_out"] for row in found.values() if row["state"] != "synced")


def test_nothing_is_said_of_exports_that_failed():
    rows = posted({"subcontract_invoices": [invoice("7", "10.00", erp_status="failed_to_export")]})["sync_states"]

    assert not [row for row in rows if "fail" in f"{row['sentence']} {row['way_out']}".lower()]


def test_without_the_lists_it_says_what_is_inferred():
    extra = {"projects": [project(2, "Other list", cost_code_list_id="30")]}
    synced = project(8, "Synced", origin_id="68", cost_code_list_id="31")

    assert states(extra)["procore:projects:2"]["state"] == "only_procore"
    found = states({"projects": [*extra["projects"], synced, job(68, "Synced")]})
    assert found["procore:projects:2"]["state"] == "cannot_integrate"
    assert "(inferred)" in found["procore:projects:2"]["sentence"]


def test_a_project_that_mixes_codes_of_two_lists_cannot_be_integrated():
    codes = [
        {"record_id": f"procore:wbs_codes:{n}", "system": "procore", "project_record_id": "procore:projects:2",
         "code": "03-300", "origin_id": origin}
        for n, origin in enumerate(("58|1", None))
    ]  # fmt: skip

    found = states({"projects": [project(2, "Mixed")], "cost_codes": codes})["procore:projects:2"]

    assert (found["state"], "1 of its 2 cost codes" in found["sentence"]) == ("cannot_integrate", True)


def test_a_synced_project_whose_job_is_gone_says_so():
    found = states({"projects": [project(2, "Gone", origin_id="999")]})["procore:projects:2"]

    assert (found["state"], found["other_record_id"]) == ("synced", None)
    assert "QuickBooks does not show" in found["sentence"]


def test_amounts_are_the_job_cost_of_the_project_and_its_vendor():
    bill = {"accounting_lines": [bill_line("1", "700.00")]}

    assert states(bill)[PROJECT]["amount"] == money("700.00")
    assert states(bill, "vendor")[VENDOR]["amount"] == money("700.00")


def test_vendors_are_synced_twins_or_alone():
    vendors = [
        {"record_id": "procore:vendors:62", "system": "procore", "name": "Amp Co", "active": True},
        {"record_id": "quickbooks:Vendor:31", "system": "quickbooks", "name": "Amp Co", "active": True},
        {"record_id": "procore:vendors:63", "system": "procore", "name": "Concrete First", "active": True},
        {"record_id": "quickbooks:Vendor:32", "system": "quickbooks", "name": "City Water", "active": True},
    ]

    found = states({"vendors": vendors}, "vendor")

    assert {record: row["state"] for record, row in found.items()} == {
        VENDOR: "synced",
        "procore:vendors:62": "unlinked_twin",
        "procore:vendors:63": "only_procore",
        "quickbooks:Vendor:32": "only_quickbooks",
    }
    assert found[VENDOR]["other_record_id"] == BOOKS_VENDOR


def test_invoices_are_synced_twins_orphans_or_voided():
    found = states(
        {
            "commitments": [COMMITMENT],
            "accounting_lines": [
                bill_line("1", "100.00", document_number=None),
                bill_line("2", "200.00", document_number="INV-12"),
                bill_line("3", "0.00", document_number="INV-13", voided=True),
                bill_line("4", "410.00", document_number="INV-99", transaction_on=DAY + timedelta(days=200)),
            ],
            "subcontract_invoices": [
                invoice("1", "100.00", origin_id="1", invoice_number="INV-11"),
                invoice("2", "200.00", invoice_number="inv 12"),
                invoice("3", "300.00", origin_id="3", invoice_number="INV-13"),
                invoice("4", "400.00", invoice_number="INV-14"),
                invoice("5", "500.00", invoice_number="INV-15", status="under_review"),
                invoice("6", "-60.00", invoice_number="INV-16"),
            ],
            "subcontract_invoice_lines": [invoice_line("4", "0", "26-000", "400.00")],
        },
        "subcontract_invoice",
    )

    assert {record.rsplit(":", 1)[1]: (row["state"], row["amount"]) for record, row in found.items()} == {
        "1": ("synced", money("100.00")),
        "2": ("unlinked_twin", money("200.00")),
        "3": ("voided", money("300.00")),
        "4": ("only_procore", money("400.00")),
        "5": ("eligible", money("500.00")),
        "6": ("cannot_integrate", money("-60.00")),
    }
    assert found["procore:requisitions:3"]["other_record_id"] == "quickbooks:Bill:3"


@pytest.mark.parametrize(("vendor", "expected"), [(VENDOR, ["only_quickbooks", "voided"]), (None, [])])
def test_bills_without_an_invoice_are_listed_where_their_vendor_has_a_commitment(vendor: str, expected: list[str]):
    found = states(
        {
            "commitments": [COMMITMENT | {"vendor_record_id": vendor}],
            "accounting_lines": [bill_line("1", "100.00"), bill_line("2", "0.00", voided=True)],
        },
        "bill",
    )

    assert sorted(row["state"] for row in found.values()) == expected


def test_a_direct_cost_come_back_from_quickbooks_is_synced_and_one_of_nowhere_is_alone():
    direct = {
        "project_record_id": PROJECT,
        "type": "invoice",
        "status": "approved",
        "incurred_on": DAY,
        "vendor_record_id": VENDOR,
        "amount": money("100.00"),
    }
    found = states(
        {
            "accounting_lines": [bill_line("1", "100.00")],
            "direct_costs": [
                direct | {"record_id": "procore:direct_costs:1", "origin_id": "1"},
                direct | {"record_id": "procore:direct_costs:2", "origin_id": "77"},
            ],
        },
        "direct_cost",
    )

    assert [row["state"] for row in found.values()] == ["synced", "only_procore"]
    assert "77" in found["procore:direct_costs:2"]["sentence"]
