"""Coverage foots: whatever the books hold, its counted buckets are the counted cost to the cent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from datablueprint.ledger.coverage import BOTH, BUCKETS, COUNTED, DOUBLE, HELD, NO_JOB, ONLY_PROCORE, WHOLE
from tests.ledger.kit import (
    BANK,
    DAY,
    JOB,
    JOB_MATERIALS,
    PROJECT,
    RENT,
    SUBCONTRACTS,
    VENDOR,
    WAGES,
    Row,
    bill_line,
    facts,
    invoice,
    invoice_line,
    money,
    posted,
)

cents = st.integers(-500_000, 2_000_000).map(lambda n: Decimal(n).scaleb(-2))
numbers = st.sampled_from([None, "88", "INV-88", "INV-0089", "89", "90-R"])
days = st.integers(0, 60).map(lambda n: DAY + timedelta(days=n))


@st.composite
def line(draw: st.DrawFn, number: int) -> Row:
    """Any accounting line: on a job or not, on a cost account or not, of this currency or another."""
    return bill_line(
        str(number),
        str(draw(cents)),
        entity=draw(st.sampled_from(["Bill", "Purchase", "VendorCredit", "JournalEntry", "Deposit"])),
        document_number=draw(numbers),
        transaction_on=draw(days),
        account_record_id=draw(st.sampled_from([SUBCONTRACTS, JOB_MATERIALS, RENT, BANK, WAGES, None])),
        job_record_id=draw(st.sampled_from([JOB, JOB, None, "quickbooks:Customer:99"])),
        voided=draw(st.sampled_from([False, False, False, True])),
        currency=draw(st.sampled_from(["USD", "USD", "USD", "CAD"])),
    )


@st.composite
def ledgers(draw: st.DrawFn) -> dict[str, list[Row]]:
    amounts = draw(st.lists(cents, max_size=4))
    directs = draw(st.lists(cents, max_size=3))
    statuses = st.sampled_from(["approved", "approved", "draft", "pending_owner_approval"])
    return {
        "accounting_lines": [draw(line(number)) for number in range(draw(st.integers(0, 6)))],
        "subcontract_invoices": [
            invoice(str(n), str(a), status=draw(statuses), invoice_number=draw(numbers), billed_on=draw(days))
            for n, a in enumerate(amounts)
        ],
        "subcontract_invoice_lines": [invoice_line(str(n), "0", "26-000", str(a)) for n, a in enumerate(amounts)],
        "direct_costs": [direct_cost(n, a, draw) for n, a in enumerate(directs)],
        "direct_cost_lines": [
            {
                "record_id": f"procore:direct_cost_line_items:{n}",
                "direct_cost_record_id": f"procore:direct_costs:{n}",
                "project_record_id": PROJECT,
                "amount": a,
                "amount_at": "/amount",
            }
            for n, a in enumerate(directs)
        ],
        "time_entries": draw(st.lists(st.integers(1, 8), max_size=2).map(worked)),
    }


def direct_cost(number: int, amount: Decimal, draw: st.DrawFn) -> Row:
    return {
        "record_id": f"procore:direct_costs:{number}",
        "project_record_id": PROJECT,
        "type": draw(st.sampled_from(["invoice", "expense", "payroll"])),
        "status": draw(st.sampled_from(["approved", "draft"])),
        "incurred_on": draw(days),
        "vendor_record_id": draw(st.sampled_from([VENDOR, None])),
        "amount": amount,
        "origin_id": draw(st.sampled_from([None, "0", "1", "77"])),
    }


def worked(hours: list[int]) -> list[Row]:
    return [
        {
            "record_id": f"procore:timecard_entries:{n}",
            "project_record_id": PROJECT,
            "person_record_id": "procore:people:1",
            "worked_on": DAY,
            "hours": Decimal(h),
            "hours_at": "/hours",
            "status": "approved",
        }
        for n, h in enumerate(hours)
    ]


def buckets(result: dict[str, list[Row]]) -> dict[str, Any]:
    return {row["bucket"]: row["amount"] for row in result["coverage"]}


@given(ledgers())
@settings(max_examples=60, deadline=None)
def test_counted_buckets_are_the_counted_cost_and_the_rest_is_not_in_it(books: dict[str, list[Row]]):
    result = posted(books)

    found = buckets(result)
    counted = sum((f["amount"] for f in facts(result, measure="cost", state="counted")), Decimal(0))
    assert sum(found[name] for name in COUNTED) == found[WHOLE] == counted
    apart = sum(
        (f["amount"] or Decimal(0) for f in facts(result, measure="cost") if f["state"] != "counted"), Decimal(0)
    )
    assert sum(found[name] for name in BUCKETS[BUCKETS.index(DOUBLE) : -1]) == apart


@given(ledgers())
@settings(max_examples=40, deadline=None)
def test_job_cost_ties_to_the_accounts_whatever_the_books_hold(books: dict[str, list[Row]]):
    ties = [t for t in posted(books)["tieouts"] if t["tieout"] == "T1"]

    assert [t for t in ties if not t["holds"]] == []
    whole = next(t for t in ties if not t["scope"] and not t["period"])
    months = [t for t in ties if t["period"]]
    assert sum((t["right_amount"] for t in months), Decimal(0)) == whole["right_amount"]


def test_each_bucket_holds_what_its_name_says():
    found = buckets(
        posted(
            {
                "accounting_lines": [
                    bill_line("1", "1000.00"),
                    bill_line("2", "40.00", account_record_id=JOB_MATERIALS, job_record_id=None),
                    bill_line("3", "990.00", document_number="OTHER", transaction_on=DAY + timedelta(days=90)),
                ],
                "subcontract_invoices": [
                    invoice("7", "1000.00"),
                    invoice("8", "300.00", invoice_number="INV-12", billed_on=DAY - timedelta(days=60)),
                    invoice("9", "999.00", invoice_number="INV-13", billed_on=DAY + timedelta(days=80)),
                ],
                "subcontract_invoice_lines": [
                    invoice_line("7", "0", "26-000", "1000.00"),
                    invoice_line("8", "0", "26-000", "300.00"),
                    invoice_line("9", "0", "26-000", "999.00"),
                ],
            }
        )
    )

    assert (found[BOTH], found[ONLY_PROCORE], found[NO_JOB]) == (money("1000.00"), money("300.00"), money("40.00"))
    assert (found[DOUBLE], found[HELD], found[WHOLE]) == (money("1000.00"), money("999.00"), money("2330.00"))
