"""A code that the project's list does not hold is pointed out with its dollars."""

from __future__ import annotations

from tests.ledger.books_kit import kinds
from tests.ledger.kit import PROJECT, bill_line, invoice, invoice_line, money, posted


def cost_code(code: str, project: str | None = PROJECT) -> dict[str, object]:
    record = f"procore:wbs_codes:{code}"
    return {"record_id": record, "system": "procore", "project_record_id": project, "code": code, "active": True}


def booked(*codes: dict[str, object]) -> dict[str, list[dict[str, object]]]:
    return posted(
        {
            "accounting_lines": [bill_line("1042", "1000.00")],
            "subcontract_invoices": [invoice("7", "1000.00")],
            "subcontract_invoice_lines": [invoice_line("7", "0", "26-000", "1000.00")],
            "cost_codes": list(codes),
        }
    )


def test_cost_on_a_code_of_no_list_is_told_with_its_dollars():
    [told] = booked(cost_code("03-300"))["findings"]

    assert (told["kind"], told["amount"], told["level"], told["grade"]) == (
        "code in no list",
        money("1000.00"),
        "info",
        None,
    )
    assert "26-000" in told["sentence"]


def test_a_code_of_the_project_or_the_company_is_known():
    assert kinds(booked(cost_code("26-000"))) == []
    assert kinds(booked(cost_code("03-300"), cost_code("26-000", None))) == []


def test_a_list_that_was_never_read_proves_nothing():
    assert kinds(booked()) == []
