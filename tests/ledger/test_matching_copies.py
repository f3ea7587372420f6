"""A second or third copy of an event changes no total beyond a stated difference, in whatever order copies come."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.kit import DAY, PROJECT, VENDOR, Row, bill_line, cost, facts, invoice, invoice_line, money, posted

amounts = st.sampled_from(["1000.00", "1000.00", "250.00", "735.10", "-90.00"])
spellings = st.sampled_from(["INV-00{}", "{}", "{}-R", "inv {}", ""])
events = st.lists(st.tuples(amounts, st.integers(0, 90), spellings, st.integers(0, 9)), min_size=1, max_size=4)
"""Amount, day, how the bill's number is spelled, and how many days after the invoice it is dated."""
Books = dict[str, list[Row]]


def invoices_of(made: list[tuple[str, int, str, int]]) -> Books:
    return {
        "subcontract_invoices": [
            invoice(str(n), amount, invoice_number=f"INV-{80 + n}", billed_on=DAY + timedelta(days=day))
            for n, (amount, day, _, _) in enumerate(made)
        ],
        "subcontract_invoice_lines": [
            invoice_line(str(n), "0", f"26-00{n}", amount) for n, (amount, *_) in enumerate(made)
        ],
    }


def bills_of(made: list[tuple[str, int, str, int]]) -> Books:
    return {
        "accounting_lines": [
            bill_line(
                str(n),
                amount,
                entity="Bill" if money(amount) > 0 else "VendorCredit",
                amount_sign=1 if money(amount) > 0 else -1,
                document_number=spelling.format(80 + n) or None,
                transaction_on=DAY + timedelta(days=day + late),
            )
            for n, (amount, day, spelling, late) in enumerate(made)
        ]
    }


def imports_of(made: list[tuple[str, int, str, int]], *, told: bool) -> Books:
    """The third copy: the bill come back as a direct cost, with or without the id of its origin."""
    return {
        "direct_costs": [
            {
                "record_id": f"procore:direct_costs:{n}",
                "project_record_id": PROJECT,
                "type": "invoice",
                "status": "approved",
                "incurred_on": DAY + timedelta(days=day + late),
                "vendor_record_id": VENDOR,
                "invoice_number": spelling.format(80 + n) or None,
                "amount": money(amount),
                "origin_id": str(n) if told else None,
            }
            for n, (amount, day, spelling, late) in enumerate(made)
        ],
        "direct_cost_lines": [
            {
                "record_id": f"procore:direct_cost_line_items:{n}",
                "direct_cost_record_id": f"procore:direct_costs:{n}",
                "project_record_id": PROJECT,
                "cost_code": "26-000",
                "cost_type": "S",
                "amount": money(amount),
                "amount_at": "/amount",
            }
            for n, (amount, *_) in enumerate(made)
        ],
    }


@given(events, st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_second_and_the_third_copy_change_no_total(made: list[tuple[str, int, str, int]], told: bool):
    bills = bills_of(made)
    whole = sum((money(amount) for amount, *_ in made), Decimal(0))

    assert cost(posted(bills)) == whole
    assert cost(posted(bills | invoices_of(made))) == whole
    assert cost(posted(bills | imports_of(made, told=told))) == whole
    assert cost(posted(bills | invoices_of(made) | imports_of(made, told=told))) == whole


@given(events, st.integers(-50, 50).filter(bool))
@settings(max_examples=40, deadline=None)
def test_a_copy_of_another_amount_moves_the_total_by_the_difference_that_is_stated(
    made: list[tuple[str, int, str, int]], off: int
):
    mistyped = [(str(money(amount) + off), day, "INV-{}", late) for amount, day, _, late in made]
    before = invoices_of(made)

    after = posted(before | bills_of(mistyped))

    stated = sum((f["amount"] for f in after["findings"] if f["kind"] == "invoice and bill differ"), Decimal(0))
    assert cost(posted(before)) - cost(after) == stated


@given(events, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_in_which_copies_arrive_changes_nothing(made: list[tuple[str, int, str, int]], dice):
    books = bills_of(made) | invoices_of(made) | imports_of(made, told=False)
    shuffled = {name: dice.sample(rows, len(rows)) for name, rows in books.items()}

    assert posted(shuffled) == posted(books)


@given(events)
@settings(max_examples=40, deadline=None)
def test_an_accrual_ends_when_its_bill_comes(made: list[tuple[str, int, str, int]]):
    after = posted(invoices_of(made) | bills_of(made))

    assert facts(after, rule="D4", state="counted") == []
