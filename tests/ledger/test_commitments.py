"""What is committed is every signed header's amount once: by its lines where it has some, uncoded where not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.ledger.kit import DAY, PROJECT, VENDOR, Row, facts, money, posted

COMMITMENT, PACKAGE = "procore:work_order_contracts:5", "procore:commitment_change_orders:9"


def commitment(**changes: Any) -> Row:
    row = {
        "record_id": COMMITMENT,
        "project_record_id": PROJECT,
        "vendor_record_id": VENDOR,
        "kind": "subcontract",
        "number": "SC-1",
        "status": "Approved",
        "original_amount": money("100000.00"),
        "original_amount_at": "/grand_total",
    }
    return row | changes


def change(record: str, amount: str, **changes: Any) -> Row:
    """An approved change of the commitment; part of the package unless told otherwise."""
    row = {
        "record_id": record,
        "project_record_id": PROJECT,
        "contract_record_id": COMMITMENT,
        "side": "commitment",
        "tier": "potential",
        "number": record[-1],
        "status": "approved",
        "source_status": "approved",
        "amount": money(amount),
        "amount_at": "/grand_total",
        "approved_on": DAY,
        "higher_record_id": None if record == PACKAGE else PACKAGE,
    }
    return row | changes


def line(parent: str, amount: str, code: str = "03-300") -> Row:
    return {
        "record_id": f"{parent}/{code}",
        "change_order_record_id": parent,
        "cost_code": code,
        "cost_type": "S",
        "amount": money(amount),
        "amount_at": "/amount",
    }


def commitment_line(amount: str) -> Row:
    row = line(COMMITMENT, amount) | {"commitment_record_id": COMMITMENT}
    del row["change_order_record_id"]
    return row


def result_of(changes: list[Row], lines: list[Row]) -> dict[str, list[Row]]:
    return posted(
        {
            "commitments": [commitment(original_amount=money("0.00"))],
            "change_orders": changes,
            "change_order_lines": lines,
        }
    )


def by_code(result: dict[str, list[Row]], measure: str = "commitment_change") -> dict[str, Decimal]:
    return {f["cost_code"]: f["amount"] for f in facts(result, measure=measure, state="counted")}


def told(result: dict[str, list[Row]]) -> list[tuple[str, str, Decimal]]:
    return [(f["kind"], f["grade"], f["amount"]) for f in result["findings"]]


ONE, TWO = "procore:potential_change_orders:1", "procore:potential_change_orders:2"


def test_a_part_without_lines_counts_beside_a_part_with_lines():
    changes = [change(PACKAGE, "1000.00", tier="package"), change(ONE, "300.00"), change(TWO, "700.00")]

    result = result_of(changes, [line(ONE, "300.00")])

    assert by_code(result) == {"03-300": money("300.00"), "uncoded": money("700.00")}
    assert told(result) == [("commitment change order without lines", "C", money("700.00"))]


def test_lines_on_two_tiers_count_on_the_lowest():
    changes = [change(PACKAGE, "300.00", tier="package"), change(ONE, "300.00")]

    result = result_of(changes, [line(PACKAGE, "300.00", "26-000"), line(ONE, "300.00")])

    assert by_code(result) == {"03-300": money("300.00")}
    assert told(result) == []


def test_a_package_that_alone_has_lines_gives_the_codes():
    changes = [change(PACKAGE, "300.00", tier="package"), change(ONE, "100.00"), change(TWO, "200.00")]

    result = result_of(changes, [line(PACKAGE, "300.00")])

    assert by_code(result) == {"03-300": money("300.00")}
    assert told(result) == []


def test_a_change_alone_without_lines_is_uncoded_and_said():
    result = result_of([change(PACKAGE, "300.00")], [])

    assert by_code(result) == {"uncoded": money("300.00")}
    assert told(result) == [("commitment change order without lines", "C", money("300.00"))]


@pytest.mark.parametrize(
    ("lower", "higher", "measure", "kinds"),
    [
        ("approved", "draft", "commitment_change", ["change order tiers contradict"]),
        ("pending", "void", "pending_commitment_change", ["change order tiers contradict"]),
        ("approved", "pending", "pending_commitment_change", []),
    ],
)
def test_a_part_of_a_package_that_was_not_reached_counts_by_its_own_status(
    lower: str, higher: str, measure: str, kinds: list[str]
):
    package = change(PACKAGE, "300.00", tier="package", status=higher, source_status=higher)

    result = result_of([package, change(ONE, "300.00", status=lower, source_status=lower)], [line(ONE, "300.00")])

    assert by_code(result, measure) == {"03-300": money("300.00")}
    assert [f["kind"] for f in result["findings"]] == kinds


def test_a_signed_commitment_without_lines_is_uncoded_and_said():
    result = posted({"commitments": [commitment()]})

    assert by_code(result, "commitment") == {"uncoded": money("100000.00")}
    assert told(result) == [("commitment without lines", "C", money("100000.00"))]


def test_a_commitment_with_lines_counts_by_them_alone():
    result = posted({"commitments": [commitment()], "commitment_lines": [commitment_line("90000.00")]})

    assert by_code(result, "commitment") == {"03-300": money("90000.00")}
    assert told(result) == []


@pytest.mark.parametrize("changes", [{"status": "Draft"}, {"original_amount": None}, {"status": "Terminated"}])
def test_a_header_that_is_not_signed_or_has_no_amount_says_nothing(changes: Row):
    result = posted({"commitments": [commitment(**changes)]})

    assert (by_code(result, "commitment"), told(result)) == ({}, [])
