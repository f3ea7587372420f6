"""Each contract dollar is counted at one tier and only when it is signed (rule D12)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from datablueprint.settings import ContractTerms, Policy
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


def test_every_owner_side_change_names_itself_and_the_word_procore_uses():
    package, potential = "procore:change_order_packages:1", "procore:potential_change_orders:2"
    changes = [
        change(package, status="pending", source_status="proceeding"),
        change(potential, tier="potential", higher_record_id=package, status="pending", source_status="pricing"),
        change("procore:x:3", status="rejected", source_status="no_charge"),
    ]

    result = posted({"prime_contracts": [contract()], "change_orders": changes})

    said = {f["subject"]: f["reason"] for f in result["facts"] if f["measure"].endswith("_change")}
    assert said.keys() == {package, potential, "procore:x:3"}
    assert "is proceeding" in said[package]
    assert "is pricing; counted in the higher tier" in said[potential]
    assert "is no_charge" in said["procore:x:3"]


def told(*changes: dict[str, Any], **of_contract: Any) -> dict[str, str | None]:
    result = posted({"prime_contracts": [contract(**of_contract)], "change_orders": list(changes)})
    return {f["kind"]: f["grade"] for f in result["findings"]}


def test_an_approved_package_with_a_void_potential_change_contradicts_itself():
    package = "procore:change_order_packages:1"
    part = change("procore:potential_change_orders:2", tier="potential", higher_record_id=package)

    assert told(change(package), part | {"status": "void", "source_status": "void"}) == {
        "change order tiers contradict": "C"
    }
    assert told(change(package, status="void", source_status="void"), part) == {"change order tiers contradict": "C"}
    assert told(change(package, status="pending", source_status="pending"), part) == {}


def tiered(lower: str, higher: str) -> dict[str, list[dict[str, Any]]]:
    """A potential change of 10,000 and the package of it, in these statuses."""
    package = change("procore:change_order_packages:1", status=higher, source_status=higher, amount=money("10000.00"))
    part = change("procore:potential_change_orders:2", tier="potential", higher_record_id=package["record_id"])
    part |= {"status": lower, "source_status": lower, "amount": money("10000.00")}
    return posted({"prime_contracts": [contract()], "change_orders": [package, part]})


@pytest.mark.parametrize(
    ("lower", "higher", "measure", "contradiction"),
    [
        ("approved", "draft", "approved_change", True),
        ("pending", "draft", "pending_change", False),
        ("approved", "void", "approved_change", True),
        ("pending", "void", "pending_change", True),
        ("pending", "rejected", "pending_change", True),
        ("approved", "pending", "pending_change", False),
        ("draft", "approved", "approved_change", False),
        ("void", "approved", "approved_change", True),
    ],
)
def test_a_change_counts_once_at_the_highest_tier_that_was_reached(
    lower: str, higher: str, measure: str, contradiction: bool
):
    result = tiered(lower, higher)

    counted = [f for f in facts(result, state="counted") if f["measure"].endswith("_change")]
    assert [(f["measure"], f["amount"]) for f in counted] == [(measure, money("10000.00"))]
    assert [(f["kind"], f["grade"]) for f in result["findings"]] == contradiction * [
        ("change order tiers contradict", "C")
    ]


@pytest.mark.parametrize(("lower", "higher"), [("draft", "draft"), ("void", "rejected"), ("draft", "void")])
def test_a_change_that_no_tier_has_reached_counts_nowhere(lower: str, higher: str):
    result = tiered(lower, higher)

    assert [f["measure"] for f in facts(result, state="counted")] == ["original_contract"]
    assert {f["subject"] for f in facts(result, state="excluded")} == {
        "procore:change_order_packages:1",
        "procore:potential_change_orders:2",
    }
    assert result["findings"] == []


def test_a_draft_request_between_two_tiers_changes_nothing():
    package, request = "procore:change_order_packages:1", "procore:change_order_requests:2"
    changes = [
        change(package),
        change(request, tier="request", higher_record_id=package, status="draft", source_status="draft"),
        change("procore:potential_change_orders:3", tier="potential", higher_record_id=request),
    ]

    result = posted({"prime_contracts": [contract()], "change_orders": changes})

    assert [f["subject"] for f in facts(result, measure="approved_change", state="counted")] == [package]


def test_a_part_of_a_package_that_cannot_be_seen_counts_by_its_own_status():
    part = change("procore:potential_change_orders:3", tier="potential", higher_record_id="procore:x:9")

    result = posted({"prime_contracts": [contract()], "change_orders": [part]})

    assert [f["amount"] for f in facts(result, measure="approved_change", state="counted")] == [money("15000.00")]


def test_contracts_that_contradict_themselves_cost_the_grade():
    assert told(executed=True) == {}
    assert told(executed=False) == {"contract not executed": "B"}
    assert told(status="Out For Signature", executed=True) == {"executed contract not approved": "B"}
    assert told(original_amount=None) == {"contract without amount": "C"}
    assert told(original_amount=money("0.00")) == {"contract without amount": "C"}
    assert told(status="Draft", original_amount=None) == {}


def test_a_contract_whose_terms_price_it_needs_no_amount():
    terms = Policy(contract_terms={"24-017": ContractTerms(type="cost_plus_percent", fee_rate=Decimal("0.05"))})

    result = posted({"prime_contracts": [contract(original_amount=money("0.00"))]}, policy=terms)

    assert result["findings"] == []


def test_approved_changes_without_a_signed_copy_are_told_once_and_keep_the_grade():
    changes = [change(f"procore:x:{n}", executed=False) for n in (1, 2)]

    result = posted({"prime_contracts": [contract()], "change_orders": changes})

    [said] = result["findings"]
    assert (said["kind"], said["amount"], said["grade"]) == (
        "approved changes not executed",
        money("30000.00"),
        None,
    )
