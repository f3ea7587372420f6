"""The same contractor with sloppier accounts payable: what the records say gets harder, what happened stays."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

import pytest

from local.sandbox.world import VendorCollections, World, build_world, collections
from local.sandbox.world.views.posting import postings

JOBS = 16


@pytest.fixture(scope="module", params=[1, 2, 3])
def harder(request: pytest.FixtureRequest) -> tuple[int, World, VendorCollections]:
    world = build_world(jobs=JOBS, difficulty=request.param)
    return request.param, world, collections(world)


def drifts(world: World) -> Counter[str]:
    return Counter(
        drift for p in world.projects for c in p.commitments for invoice in c.invoices for drift in invoice.drift
    )


def test_the_easiest_world_is_the_usual_one_before_anybody_was_sloppy():
    usual, easiest = (build_world(jobs=5, **more) for more in ({}, {"difficulty": 1}))

    assert drifts(easiest) == Counter()
    assert drifts(usual)
    assert collections(usual).procore["requisitions"][0]["id"] == collections(easiest).procore["requisitions"][0]["id"]
    assert sum(p.actual for p in usual.truth.projects) == sum(p.actual for p in easiest.truth.projects)


def test_every_kind_of_drift_comes_at_its_difficulty(harder: tuple[int, World, VendorCollections]):
    difficulty, world, _ = harder
    expected = {
        1: set(),
        2: {"number", "date", "gathered"},
        3: {"number", "date", "gathered", "split", "net", "no number", "level"},
    }

    assert set(drifts(world)) == expected[difficulty]


def test_twins_name_records_that_exist_and_the_cost_they_would_count_twice(
    harder: tuple[int, World, VendorCollections],
):
    _, world, shown = harder
    bills = {f"quickbooks:Bill:{row['Id']}": row for row in shown.quickbooks["Bill"]}
    gross = {f"procore:requisitions:{row['id']}": billed(row) for row in shown.procore["requisitions"]}
    by_bill: dict[str, Decimal] = defaultdict(Decimal)
    by_invoice: dict[str, Decimal] = defaultdict(Decimal)
    for twin in world.truth.twins:
        if twin["kind"] == "invoice":
            by_bill[twin["quickbooks"]] += Decimal(twin["amount"])
            if "net" not in twin["drift"]:
                by_invoice[twin["procore"]] += Decimal(twin["amount"])

    assert len(by_bill) > 100
    assert by_bill == {bill: cost_of(bills[bill]) for bill in by_bill}
    wrong = {m["records"][0] for m in world.truth.mistakes if m["kind"] == "suspected_duplicate"}
    assert {i: a for i, a in by_invoice.items() if a != gross[i] and i not in wrong} == {}


def billed(requisition: dict[str, Any]) -> Decimal:
    parts = ("work_completed_this_period", "materials_presently_stored")
    return sum((Decimal(item[part]) for item in requisition["items"] for part in parts), Decimal(0))


def cost_of(bill: dict[str, Any]) -> Decimal:
    amounts = (Decimal(str(line["Amount"])) for line in bill["Line"] if line[line["DetailType"]].get("CustomerRef"))
    return sum(amounts, Decimal(0))


def test_drifted_bills_stay_near_their_invoices_and_in_the_past(harder: tuple[int, World, VendorCollections]):
    _, world, _ = harder
    for project in world.projects:
        for invoice in (i for c in project.commitments for i in c.invoices if i.drift - {"gathered"}):
            for bill in invoice.bills:
                assert abs((bill.day - invoice.billed).days) <= 8
                assert bill.day <= world.as_of


def test_a_bill_without_its_retainage_is_what_is_to_be_paid(harder: tuple[int, World, VendorCollections]):
    _, world, _ = harder
    net = [i for p in world.projects for c in p.commitments for i in c.invoices if "net" in i.drift]

    assert all(i.bill and i.bill.total == i.gross - i.retained and i.retained for i in net)


def test_every_transaction_still_balances(harder: tuple[int, World, VendorCollections]):
    _, world, _ = harder

    assert [txn.id for txn in world.txns if sum(amount for _, amount in postings(txn))] == []


def test_numbers_drift_the_way_people_type_them():
    world = build_world(jobs=JOBS, difficulty=2)
    pairs = [
        (i.invoice_number, i.bill.document or "")
        for p in world.projects
        for c in p.commitments
        for i in c.invoices
        if i.bill and "number" in i.drift and "gathered" not in i.drift
    ]

    assert len(pairs) > 50
    assert all(number != document for number, document in pairs)
    assert any(document.endswith("R") for _, document in pairs)
    assert any(number == f"INV-{document}" for number, document in pairs)


def test_months_alike_cost_the_same_and_carry_no_number():
    world = build_world(jobs=JOBS, difficulty=3)
    alike: dict[int, list[int]] = defaultdict(list)
    for commitment in (c for p in world.projects for c in p.commitments):
        for invoice in commitment.invoices:
            if "level" in invoice.drift:
                assert invoice.bill
                assert invoice.bill.document is None
                alike[commitment.id].append(invoice.gross)

    assert alike
    assert all(len(set(amounts[:-1])) == 1 and len(amounts) >= 4 for amounts in alike.values())
