"""What a person reads of links that nobody confirmed: which cost rests on them, and never a name beside pay."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from datablueprint.ledger import parties
from tests.graph.kit import job, project
from tests.ledger import labor_kit as labor
from tests.ledger.kit import PROJECT, bill_line, invoice, invoice_line, posted

Row = dict[str, Any]
MICHAEL, MICHEAL = "procore:people:1", "gusto:employees:e-1"


def findings(read: dict[str, list[Row]], kind: str) -> list[Row]:
    return [finding for finding in posted(read)["findings"] if finding["kind"] == kind]


def on_job(native: str, amount: str = "9000.00", number: int = 9) -> Row:
    return bill_line(str(number), amount, job_record_id=f"quickbooks:Customer:{native}")


def week_of(name: str, *, number: str | None = None) -> dict[str, list[Row]]:
    """A week of timecards under one name, the pay run under another spelling of it."""
    read = labor.week()
    read["employees"] = [
        {"record_id": MICHAEL, "system": "procore", "name": name, "employee_number": number, "active": True},
        {"record_id": MICHEAL, "system": "gusto", "name": "Micheal Hill", "employee_number": number, "active": True},
    ]
    days = [labor.entry(n, labor.MONDAY + timedelta(days=n), "9") for n in range(5)]
    read["time_entries"] = [day | {"person_record_id": MICHAEL, "person_name": name} for day in days]
    return read


def test_labor_that_rests_on_a_like_name_is_told_without_the_name() -> None:
    [told] = findings(week_of("Michael Hill"), "unconfirmed employee link")

    assert (told["grade"], told["project"], told["amount"]) == ("B", PROJECT, Decimal("1662.56"))
    assert "Hill" not in told["sentence"] + told["way_out"]
    assert {MICHAEL, MICHEAL} <= set(told["record_ids"])
    assert MICHEAL in told["sentence"]


def test_labor_that_rests_on_an_employee_number_is_not_told() -> None:
    assert findings(week_of("Michael Hill", number="17"), "unconfirmed employee link") == []


def test_the_pay_of_another_given_name_is_nobodys_time() -> None:
    read = week_of("Michaela Hill")

    assert findings(read, "unconfirmed employee link") == []
    assert not [f for f in posted(read)["facts"] if f["rule"] == "D6" and f["project"] and f["state"] == "counted"]


def test_with_too_many_projects_one_finding_tells_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parties, "MOST_PROJECTS", 0)

    [told] = findings(week_of("Michael Hill"), "unconfirmed employee link")

    assert (told["grade"], told["project"], told["amount"]) == ("B", None, Decimal("1662.56"))
    assert "of 1 projects rests on 1 link between employee records" in told["sentence"]


def firms(procore: str, quickbooks: str) -> dict[str, list[Row]]:
    return {
        "vendors": [
            {"record_id": "procore:vendors:7", "system": "procore", "name": procore, "active": True},
            {"record_id": "quickbooks:Vendor:8", "system": "quickbooks", "name": quickbooks, "active": True},
        ],
        "subcontract_invoices": [invoice("1", "5000.00", vendor_record_id="procore:vendors:7", invoice_number="1001")],
        "subcontract_invoice_lines": [invoice_line("1", "1", "03-300", "5000.00")],
        "accounting_lines": [
            bill_line("9", "5000.00", party_record_id="quickbooks:Vendor:8", document_number="1001"),
        ],
    }


def test_matched_cost_of_two_firms_with_a_like_name_is_told() -> None:
    [told] = findings(firms("Harbor Landscape", "Harbor Landscaping"), "unconfirmed vendor link")

    assert (told["grade"], told["level"], told["project"], told["amount"]) == (
        "B",
        "info",
        PROJECT,
        Decimal("5000.00"),
    )


def test_matched_cost_of_one_firm_is_not_told() -> None:
    assert findings(firms("Harbor Landscape LLC", "Harbor Landscape"), "unconfirmed vendor link") == []


def test_a_job_with_cost_that_no_project_of_procore_is_says_its_dollars() -> None:
    [told] = findings(
        {"projects": [job("77", "Porch Repair")], "accounting_lines": [on_job("77")]}, "job outside Procore"
    )

    assert (told["amount"], told["level"], told["grade"]) == (Decimal("9000.00"), "warning", None)
    assert told["record_ids"] == ["quickbooks:Customer:77"]


def test_many_such_jobs_are_one_finding_with_the_costliest() -> None:
    jobs = [job(str(n), f"Repair at place {n}") for n in range(700, 730)]
    lines = [on_job(str(n), f"{n}.00", n) for n in range(700, 730)]

    [told] = findings({"projects": jobs, "accounting_lines": lines}, "job outside Procore")

    assert told["amount"] == sum(range(700, 730))
    assert "30 jobs" in told["sentence"]
    assert "'Repair at place 729' 729.00" in told["sentence"]
    assert len(told["record_ids"]) == 5


def test_a_link_that_joins_nothing_says_what_would_join() -> None:
    rows = [project("24-018", "Garage"), project("24-019", "Tower"), job("77", "24-019 / 24-018 Harbor")]
    read = {"projects": rows, "accounting_lines": [on_job("77")]}

    told = findings(read, "unconfirmed project link")

    assert {finding["project"] for finding in told} == {"procore:projects:24-018", "procore:projects:24-019"}
    assert all("9,000.00 of job cost would join it if they are" in finding["sentence"] for finding in told)
    assert findings(read, "job outside Procore") == []


def test_a_proposed_link_that_joins_says_what_moves() -> None:
    rows = [project("24-018", "Ridge School"), job("77", "Ridge Schol")]

    [told] = findings({"projects": rows, "accounting_lines": [on_job("77")]}, "unconfirmed project link")

    assert "9,000.00 of job cost moves if they are not" in told["sentence"]
