"""Each contract dollar is counted at one tier and only when it is signed (rule D12)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.ledger.kit import PROJECT, facts, money, posted

CONTRACT = "procore:prime_contracts:340"


def contract(**changes: Any) -> dict[str, Any]:
    row = {
        "record_id": CONTRACT,
        "project_record_id": PROJECT,
        "number": "PC-1",
        "status": "Approved",
        "original_amount": money("1000000.00"),
        "original_amount_at": "/grand_total",
    }
    return row | changes


def change(record: str, **changes: Any) -> dict[str, Any]:
    row = {
        "record_id": record,
        "project_record_id": PROJECT,
        "contract_record_id": CONTRACT,
        "side": "prime",
        "tier": "package",
        "number": "003",
        "status": "approved",
        "source_status": "approved",
        "amount": money("15000.00"),
        "amount_at": "/grand_total",
        "approved_on": date(2026, 2, 20),
    }
    return row | changes


def test_a_single_tier_change_order_that_exists_twice_counts_once():
    package, potential = "procore:change_order_packages:6001", "procore:potential_change_orders:8101"
    result = posted(
        {
            "prime_contracts": [contract()],
            "change_orders": [change(package), change(potential, tier="potential", higher_record_id=package)],
        }
    )

    counted = facts(result, measure="approved_change", state="counted")
    assert [f["amount"] for f in counted] == [money("15000.00")]
    assert [f["rule"] for f in facts(result, measure="approved_change", state="excluded")] == ["D12"]


def test_an_unsigned_contract_brings_no_revenue():
    result = posted(
        {"prime_contracts": [contract(status="Out For Signature")], "change_orders": [change("procore:x:1")]}
    )

    assert facts(result, state="counted") == []


def test_pending_and_rejected_changes_are_told_apart():
    changes = [
        change("procore:change_order_packages:1", status="pending", source_status="proceeding"),
        change("procore:change_order_packages:2", status="rejected", source_status="no_charge"),
        change("procore:change_order_packages:3", amount=money("-2000.00")),
    ]
    result = posted({"prime_contracts": [contract()], "change_orders": changes})

    by_measure = {f["measure"]: f["amount"] for f in facts(result, state="counted")}
    assert by_measure == {
        "original_contract": money("1000000.00"),
        "pending_change": money("15000.00"),
        "approved_change": money("-2000.00"),
    }


def test_an_approved_change_without_a_date_counts_and_costs_the_grade():
    result = posted({"prime_contracts": [contract()], "change_orders": [change("procore:x:1", approved_on=None)]})

    assert sum(f["amount"] for f in facts(result, state="counted")) == Decimal("1015000.00")
    assert [(f["kind"], f["grade"]) for f in result["findings"]] == [("change order without approval date", "B")]
