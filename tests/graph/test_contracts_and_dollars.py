"""Papers that post nothing are linked too, and every link says what it costs to be wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.graph.kit import bill, job, linked, project, vendor

PLACE = [project("24-017", "Harbor Clinic"), job("58", "24-017 Harbor Clinic")]
FIRM = [vendor("procore:61", "Volt LLC", origin_id="30"), vendor("quickbooks:30", "Volt")]
ORDER = bill(7, "5000.00", entity="PurchaseOrder", posting=False, document_number="SC-3") | {
    "record_id": "quickbooks:PurchaseOrder:7"
}
ESTIMATE = bill(8, "-90000.00", entity="Estimate", posting=False, document_number="E24-017") | {
    "record_id": "quickbooks:Estimate:8",
    "party_record_id": "quickbooks:Customer:58",
}


def commitment(**changes: Any) -> dict[str, Any]:
    row = {
        "record_id": "procore:purchase_order_contracts:5",
        "project_record_id": "procore:projects:24-017",
        "vendor_record_id": "procore:vendors:61",
        "number": "SC-003",
        "original_amount": Decimal("5000.00"),
    }
    return row | changes


def contract(record: str, amount: str) -> dict[str, Any]:
    return {
        "record_id": f"procore:prime_contracts:{record}",
        "project_record_id": "procore:projects:24-017",
        "number": "1",
        "original_amount": Decimal(amount),
    }


def of(kind: str, **read: Any) -> list[dict[str, Any]]:
    return [link for link in linked(projects=PLACE, vendors=FIRM, **read) if link["kind"] == kind]


def test_a_commitment_is_the_purchase_order_of_its_number_vendor_project_and_amount() -> None:
    [link] = of("contract", commitments=[commitment()], accounting_lines=[ORDER])

    assert (link["state"], link["right_record_id"]) == ("automatic", "quickbooks:PurchaseOrder:7")
    assert link["dollars"] == Decimal("5000.00")
    assert "5,000.00 is the original amount, to the cent" in link["evidence"]


def test_without_its_number_it_is_only_proposed_and_with_another_vendor_not_even_that() -> None:
    [link] = of("contract", commitments=[commitment(number="77")], accounting_lines=[ORDER])
    assert link["state"] == "proposed"

    assert of("contract", commitments=[commitment(number="77", vendor_record_id="x")], accounting_lines=[ORDER]) == []


def test_two_prime_contracts_may_be_one_estimate() -> None:
    found = of(
        "contract", prime_contracts=[contract("1", "60000.00"), contract("2", "30000.00")], accounting_lines=[ESTIMATE]
    )

    assert {(link["state"], link["right_record_id"]) for link in found} == {("automatic", "quickbooks:Estimate:8")}
    assert [link["dollars"] for link in sorted(found, key=lambda each: each["left_record_id"])] == [60000, 30000]


def test_an_estimate_of_another_amount_without_a_number_is_no_contract() -> None:
    other = ESTIMATE | {"document_number": "1007"}

    assert of("contract", prime_contracts=[contract("1", "60000.00")], accounting_lines=[other]) == []


@pytest.mark.parametrize(("kind", "dollars"), [("project", "300.00"), ("vendor", "100.00")])
def test_a_link_of_jobs_or_vendors_moves_the_job_cost_posted_under_it(kind: str, dollars: str) -> None:
    lines = [
        bill(1, "100.00"),
        bill(2, "200.00", vendor="31"),
        bill(3, "400.00", voided=True),
        bill(4, "800.00", job_record_id=None),
        ORDER,
    ]

    [link] = of(kind, accounting_lines=lines)

    assert link["dollars"] == Decimal(dollars)


def test_a_link_of_people_moves_what_the_registers_paid_to_all_their_records() -> None:
    def person(record: str) -> dict[str, Any]:
        return {"record_id": record, "system": record.split(":")[0], "name": "Jo Hill", "employee_number": "17"}

    def paid(record: str, kind: str, amount: str) -> dict[str, Any]:
        row = {"record_id": f"r:{record}", "line_key": kind, "employee_record_id": record}
        return {**row, "kind": kind, "amount": Decimal(amount)}

    people = [person(r) for r in ("procore:people:1", "procore:users:1", "gusto:employees:a")]
    pay = [paid("gusto:employees:a", "wages", "1000.00"), paid("gusto:employees:a", "employer_tax", "76.50")]
    pay.append(paid("gusto:employees:a", "excluded", "5.00"))

    found = of("employee", employees=people, payroll_amounts=pay)

    assert {link["dollars"] for link in found} == {Decimal("1076.50")}
    assert len(found) == 3


def test_an_item_used_on_other_jobs_is_asked_about_and_says_its_dollars() -> None:
    code = {"record_id": "procore:wbs_codes:1", "system": "procore", "project_record_id": "procore:projects:24-017"}
    item = {"record_id": "quickbooks:Item:1", "system": "quickbooks", "project_reference": "24-017", "name": "item"}
    own = item | {"record_id": "quickbooks:Item:2", "project_reference": "24-018"}
    both = [each | {"code": "03-300", "cost_type": "M"} for each in (code, item, own)]
    here = [bill(n, "10.00", item_record_id="quickbooks:Item:1") for n in (1, 2)]
    there = [line | {"job_record_id": "quickbooks:Customer:59"} for line in here]
    there.append(bill(3, "10.00", job="59", item_record_id="quickbooks:Item:2"))
    more = [*PLACE, project("24-018", "Pier"), job("59", "24-018 Pier")]

    [right] = [x for x in linked(projects=more, cost_codes=both, accounting_lines=here) if x["kind"] == "cost_code"]
    [doubt] = [x for x in linked(projects=more, cost_codes=both, accounting_lines=there) if x["kind"] == "cost_code"]

    assert (right["state"], right["dollars"]) == ("automatic", Decimal("20.00"))
    assert (doubt["state"], doubt["dollars"]) == ("proposed", Decimal("20.00"))
