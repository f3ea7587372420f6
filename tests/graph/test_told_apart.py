"""Names that are alike and yet tell two things apart."""

from __future__ import annotations

from typing import Any

import pytest

from datablueprint.graph.names import likeness, normal
from datablueprint.graph.told_apart import given_name
from datablueprint.graph.votes import STANDS
from tests.graph.kit import bill, invoice, job, linked, project, vendor

AMOUNTS = ("1200.10", "830.55", "99.01", "4510.00")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Ridge School Phase I", "Ridge School Phase II"),
        ("Harbor Clinic I", "Harbor Clinic 2"),
        ("Harbor Apartments Tower A", "Harbor Apartments Tower B"),
        ("Tech Center Building A", "Tech Ctr Bldg B"),
        ("Ridge School Phase A", "Ridge School Ph B"),
        ("Ridge School Phase One", "Ridge School Phase 2"),
        ("Riverside North", "Riverside South"),
        ("Riverside N", "Riverside South"),
        ("East Harbor Clinic", "West Harbor Clinic"),
    ],
)
def test_two_parts_of_one_place_are_never_alike(left: str, right: str) -> None:
    assert likeness(normal(left), normal(right)) == 0.0
    assert linked(projects=[project("1", left), job("58", right)]) == []


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Ridge School Phase I", "Ridge School Ph 1"),
        ("Harbor Tower A", "Harbor Tower A"),
        ("Riverside North", "Riverside N"),
        ("I-70 Overlook", "I-70 Overlook"),
        ("Harbor Clinic", "Harbor Clnic"),
        ("Harbor Medical Clinic", "Harbor Medical Clinic Building"),
        ("Elizabeth Animal Hospital", "Elizabeth Animal Hosp"),
    ],
)
def test_spellings_of_one_place_stand_as_a_proposal(left: str, right: str) -> None:
    [link] = linked(projects=[project("1", left), job("58", right)])

    assert link["confidence"] >= STANDS


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Harbor Clinic", "Harbor Clinic Parking Garage"),
        ("Harbor Clinic", "Harbor Clinic Phase 2"),
        ("Harbor Medical Clinic", "Harbor Medical Center"),
        ("Ridge School Tower", "Ridge School Tower B"),
    ],
)
def test_a_word_that_only_one_name_has_leaves_a_question(left: str, right: str) -> None:
    [link] = linked(projects=[project("1", left), job("58", right)])

    assert (link["state"], link["confidence"] < STANDS) == ("proposed", True)
    assert "only one of the names says" in link["evidence"][-1]


def test_equal_transactions_lift_the_question_of_a_further_word() -> None:
    rows = [project("24-017", "Harbor Clinic"), job("58", "Harbor Clinic Parking Garage")]
    firm = [vendor("procore:61", "Volt LLC", origin_id="30"), vendor("quickbooks:30", "Volt")]
    bills = [bill(n, amount) for n, amount in enumerate(AMOUNTS, 1)]
    papers = [invoice(n, amount) for n, amount in enumerate(AMOUNTS, 1)]

    found = linked(projects=rows, vendors=firm, accounting_lines=bills, subcontract_invoices=papers)

    assert [link["state"] for link in found if link["kind"] == "project"] == ["automatic"]


def test_a_bare_number_between_unlike_names_joins_nothing() -> None:
    [link] = linked(projects=[project("2401", "Mill School"), job("58", "Water Tower at 2401 Main St")])

    assert link["confidence"] < STANDS


def test_another_tower_speaks_against_a_job_number() -> None:
    [link] = linked(projects=[project("24-017", "Harbor Tower A"), job("58", "24-017 Harbor Tower B")])

    assert (link["state"], link["evidence"][-1]) == (
        "proposed",
        "against it: tower a in Procore is tower b in QuickBooks",
    )


def test_a_firm_with_a_further_trade_is_a_question() -> None:
    [link] = linked(vendors=[vendor("procore:7", "ABC Concrete"), vendor("quickbooks:8", "ABC Concrete Pumping")])

    assert link["confidence"] < STANDS


def people(left: str, right: str) -> list[dict[str, Any]]:
    rows = [("procore:people:1", "procore", left), ("gusto:employees:a", "gusto", right)]
    return linked(employees=[{"record_id": record, "system": system, "name": name} for record, system, name in rows])


@pytest.mark.parametrize(
    ("left", "right"),
    [("Maria Lopez", "Mario Lopez"), ("Eric Washington", "Erica Washington"), ("Maria Elena Lopez", "Maria Lopez")],
)
def test_other_given_names_leave_a_question(left: str, right: str) -> None:
    assert all(link["confidence"] < STANDS for link in people(left, right))
    assert people(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Carlos Salazar", "Salazar, Carlos"),
        ("Michael Washington", "Micheal Washington"),
        ("Phillip Washington", "Washington, Philip"),
        ("Maria Washington", "Maria Washingtn"),
        ("Stephen Washington", "Steven Washington"),
    ],
)
def test_one_given_name_spelled_two_ways_stands_as_a_proposal(left: str, right: str) -> None:
    [link] = people(left, right)

    assert (link["state"], link["confidence"] >= STANDS) == ("proposed", True)


def test_the_given_name_follows_the_comma() -> None:
    assert [given_name(name) for name in ("Lopez, Maria", "Maria Lopez", "Lopez,", None)] == [
        "maria",
        "maria",
        "lopez",
        "",
    ]
