"""Change orders: pending is apart from price, work without a price comes first, one change has a figure of its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D
from pathlib import Path
from typing import Any

import pytest

from datablueprint.errors import UnknownFigure
from datablueprint.metrics import Measures, changes
from tests.metrics.kit import PROJECT, fact, measures, readded

APPROVED, ASKED, STARTED = "procore:pco:1", "procore:pco:2", "procore:pco:3"
REJECTED, DRAFT, UNSIGNED, LOWER = "procore:pco:4", "procore:pco:5", "procore:pco:6", "procore:pco:7"


def order(record: str, status: str, source: str, amount: str, created: date, **more: Any) -> dict[str, Any]:
    """A row of the change order table."""
    return {
        "record_id": record,
        "number": f"PCO-00{record[-1]}",
        "title": f"change {record[-1]}",
        "side": "prime",
        "status": status,
        "source_status": source,
        "amount": D(amount),
        "created_on": created,
    } | more


ORDERS = [
    order(APPROVED, "approved", "approved", "5000", date(2026, 3, 1), approved_on=date(2026, 4, 1)),
    order(ASKED, "pending", "pending", "800.25", date(2026, 6, 1)),
    order(STARTED, "pending", "proceeding", "1200", date(2026, 10, 20)),
    order(REJECTED, "rejected", "no_charge", "400", date(2026, 5, 1)),
    order(DRAFT, "draft", "draft", "70", date(2026, 5, 2)),
    order(UNSIGNED, "pending", "pricing", "90", date(2026, 1, 9)),
    order(LOWER, "pending", "pending", "60", date(2026, 1, 9), higher_record_id=STARTED),
]


def facts_of(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The facts that the ledger makes of change orders."""
    made = []
    for each in orders:
        day = each.get("approved_on") or each["created_on"]
        one = fact(f"{each['status']}_change", str(each["amount"]), subject=each["record_id"], accounting_on=day)
        if each.get("higher_record_id"):
            one |= {"state": "excluded", "rule": "D12"}
        elif each["status"] not in ("approved", "pending") or each["record_id"] == UNSIGNED:
            one |= {"state": "excluded"}
        made.append(one)
    return made


FACTS = [
    fact("original_contract", "100000"),
    fact("original_budget", "80000", "26-000", "S"),
    fact("cost", "30000", "26-000", "S"),
    *facts_of(ORDERS),
]


def job(folder: Path, **settings: Any) -> Measures:
    return measures(folder, FACTS, changes=ORDERS, **settings)


def told(found: Measures, name: str, scope: str = "24-017"):
    return found.figure(name, found.scope(scope))


def test_pending_is_apart_from_price(tmp_path: Path):
    found = job(tmp_path)

    assert told(found, "pending_change_orders").value == D("2000.25")
    assert told(found, "contract_value").value == D(105000)
    assert readded(found, told(found, "pending_change_orders")).discrepancies == []
    said = "1,200.00 of it is on 1 change orders whose work goes on without an agreed price"
    assert said in told(found, "pending_change_orders").assumptions


def test_work_without_a_price_is_listed_first_then_by_status_and_age(tmp_path: Path):
    found = job(tmp_path)

    listed = changes.listing(found, found.projects[PROJECT])

    assert [(c.number, c.source_status, c.counted) for c in listed] == [
        ("PCO-003", "proceeding", True),
        ("PCO-006", "pricing", False),
        ("PCO-002", "pending", True),
        ("PCO-004", "no_charge", False),
        ("PCO-005", "draft", False),
    ]
    assert (listed[0].age, listed[0].price, listed[0].proceeding) == (30, D(1200), True)
    assert listed[0].figure_id == "change_order_price/24-017/change/PCO-003/2026-11-19"
    assert listed[3].figure_id is None


def test_a_change_that_does_not_exist_yet_is_not_listed(tmp_path: Path):
    found = job(tmp_path, as_of=date(2026, 9, 30), known_on=date(2026, 11, 19))

    assert "PCO-003" not in [c.number for c in changes.listing(found, found.projects[PROJECT])]
    assert told(found, "pending_change_orders").value == D("800.25")


@pytest.mark.parametrize(("number", "price"), [("PCO-001", "5000"), ("PCO-002", "800.25"), ("PCO-003", "1200")])
def test_the_price_of_one_change_re_adds(tmp_path: Path, number: str, price: str):
    found = job(tmp_path)
    figure = told(found, "change_order_price", f"24-017/change/{number}")

    assert figure.value == D(price)
    assert readded(found, figure).discrepancies == []


def test_a_rejected_change_has_no_price_that_counts(tmp_path: Path):
    figure = told(job(tmp_path), "change_order_price", "24-017/change/PCO-004")

    assert figure.missing[0].startswith("a price that counts (the change order is rejected")


def test_an_unknown_change_is_refused(tmp_path: Path):
    with pytest.raises(UnknownFigure):
        told(job(tmp_path), "change_order_price", "24-017/change/PCO-099")
