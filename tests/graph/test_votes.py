"""What money, places and dates add to a like name, and what they may never do without one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.graph.names import likeness
from datablueprint.graph.similar import Blocks
from datablueprint.graph.votes import SURE, Vote, confidence
from tests.graph.kit import bill, invoice, job, linked, project, vendor

CLINICS = [project("24-017", "Harbor Medical Clinic"), job("58", "Harbor Med. Clinic Bldg")]
FIRM = [vendor("procore:61", "Volt LLC", origin_id="30"), vendor("quickbooks:30", "Volt")]
AMOUNTS = ("1200.10", "830.55", "99.01", "4510.00")
BILLS = [bill(n, amount) for n, amount in enumerate(AMOUNTS, 1)]
INVOICES = [invoice(n, amount) for n, amount in enumerate(AMOUNTS, 1)]


def of_projects(**read: Any) -> list[dict[str, Any]]:
    return [link for link in linked(vendors=FIRM, **read) if link["kind"] == "project"]


def test_a_like_name_and_two_kinds_of_equal_transactions_decide() -> None:
    [link] = of_projects(projects=CLINICS, accounting_lines=BILLS, subcontract_invoices=INVOICES)

    assert (link["state"], link["decided_by"]) == ("automatic", "name and transactions")
    assert any("equal Procore invoices in amounts to the cent" in said for said in link["evidence"])
    assert any("equal Procore invoices in invoice numbers" in said for said in link["evidence"])


def test_one_kind_of_equal_transactions_is_not_enough() -> None:
    unnumbered = [row | {"document_number": None} for row in BILLS]

    [link] = of_projects(projects=CLINICS, accounting_lines=unnumbered, subcontract_invoices=INVOICES)

    assert link["state"] == "proposed"
    assert link["confidence"] < SURE


def test_equal_transactions_without_a_like_name_only_propose() -> None:
    unlike = [project("24-017", "Harbor Clinic"), job("58", "Waterfront")]

    [link] = of_projects(projects=unlike, accounting_lines=BILLS, subcontract_invoices=INVOICES)

    assert (link["state"], link["left_record_id"]) == ("proposed", "procore:projects:24-017")


def test_equal_money_tells_two_like_names_apart() -> None:
    like = [project("24-017", "Riverside North"), project("24-018", "Riverside North "), job("58", "Riverside N")]

    [link] = of_projects(projects=like, accounting_lines=BILLS, subcontract_invoices=INVOICES)

    assert (link["left_record_id"], link["state"]) == ("procore:projects:24-017", "automatic")


def test_a_few_equal_amounts_among_many_are_chance() -> None:
    many = [bill(n, f"{n}.07") for n in range(100, 140)]
    others = [invoice(n, f"{n}.31") for n in range(200, 240)]

    [link] = of_projects(
        projects=CLINICS, accounting_lines=[*BILLS[:2], *many], subcontract_invoices=[*INVOICES[:2], *others]
    )

    assert not any("to the cent" in said for said in link["evidence"])


def test_another_phase_speaks_against_even_a_job_number_but_not_against_an_id() -> None:
    phases = [project("24-017", "Ridge School Phase 1"), job("58", "24-017 Ridge School Ph. 2")]
    assert [link["state"] for link in of_projects(projects=phases)] == ["proposed"]

    phases[0]["origin_id"] = "58"
    [link] = of_projects(projects=phases)

    assert link["state"] == "automatic"
    assert link["evidence"][-1] == "against it: phase 1 in Procore is phase 2 in QuickBooks"


def test_jobs_without_a_vendor_in_common_are_not_linked_by_a_number_alone() -> None:
    firms = [vendor(f"procore:{n}", f"Firm {n}x", origin_id=str(n)) for n in range(1, 9)]
    firms += [vendor(f"quickbooks:{n}", f"Firm {n}x") for n in range(1, 9)]
    bills = [bill(n, f"{n}00.01", vendor=str(n)) for n in range(1, 5)]
    papers = [invoice(n, f"{n}00.02", vendor=str(n)) for n in range(5, 9)]
    numbered = [project("24-017", "Harbor Clinic"), job("58", "24-017 Harbor Clinic")]

    found = linked(projects=numbered, vendors=firms, accounting_lines=bills, subcontract_invoices=papers)

    [link] = [link for link in found if link["kind"] == "project"]
    assert (link["state"], link["evidence"][-1]) == ("proposed", "against it: none of 4 vendors bills both")


@pytest.mark.parametrize(("address", "weight"), [("12 Main Street, Denver", 1), ("9 Elm Ave, Denver", -1)])
def test_an_address_supports_or_weakens_a_like_name(address: str, weight: int) -> None:
    [plain] = of_projects(projects=CLINICS)
    placed = [CLINICS[0] | {"address": "12 Main St, Denver, CO"}, CLINICS[1] | {"address": address}]

    [link] = of_projects(projects=placed)

    assert (link["confidence"] - plain["confidence"]) * weight > 0
    assert link["state"] == "proposed"


def test_an_address_that_several_jobs_share_is_an_office() -> None:
    office = {"address": "1 Owner Plaza, Denver"}
    rows = [CLINICS[0] | {"address": "12 Main St"}, CLINICS[1] | office, job("59", "Other Work") | office]

    [link] = of_projects(projects=rows)

    assert len(link["evidence"]) == 1


def test_documents_that_carry_the_ids_of_bills_decide() -> None:
    unlike = [project("24-017", "Harbor Clinic"), job("58", "Waterfront")]
    carried = [invoice(n, "1.00", origin_id=str(n)) for n in (1, 2)]

    [link] = of_projects(projects=unlike, accounting_lines=BILLS, subcontract_invoices=carried)

    assert (link["state"], link["decided_by"]) == ("automatic", "ids of documents")


def test_a_sub_job_is_of_the_project_of_its_job() -> None:
    rows = [project("24-017", "Harbor"), job("58", "24-017 Harbor")]
    rows.append(job("59", "Change work", parent_record_id="quickbooks:Customer:58"))

    found = of_projects(projects=rows)

    assert {(link["right_record_id"], link["state"], link["decided_by"]) for link in found} == {
        ("quickbooks:Customer:58", "automatic", "project number"),
        ("quickbooks:Customer:59", "automatic", "sub-job"),
    }


def test_bills_on_the_same_job_link_two_spellings_of_a_vendor() -> None:
    firms = [vendor("procore:61", "Sawtooth Equipment Rental"), vendor("quickbooks:30", "Sawtooth Equip Rental")]
    numbered = [project("24-017", "Harbor Clinic"), job("58", "24-017 Harbor Clinic")]

    found = linked(projects=numbered, vendors=firms, accounting_lines=BILLS, subcontract_invoices=INVOICES)

    [link] = [link for link in found if link["kind"] == "vendor"]
    assert (link["state"], link["decided_by"]) == ("automatic", "name and transactions")


natures = st.sampled_from(["name", "likeness", "against"])
votes = st.lists(st.builds(Vote, st.text(max_size=3), st.floats(-20, 20), st.just("said"), natures), max_size=8)


@given(votes)
def test_names_and_likeness_never_decide_alone(held: list[Vote]) -> None:
    assert Decimal(0) <= confidence(held) < SURE


@given(votes, st.floats(0.1, 10))
def test_what_speaks_against_never_raises_confidence(held: list[Vote], weight: float) -> None:
    against = Vote("against", -weight, "said", "against")

    assert confidence([*held, against]) <= confidence(held)


def test_blocking_finds_what_comparing_all_names_finds() -> None:
    places = "Harbor Larimer Baker Lowry Arvada Golden Parker Brighton Erie Longmont Windsor Evans Frisco".split()
    kinds = ("Clinic Renovation", "Fire Station", "Public Library", "Animal Hospital", "Parking Structure")
    names = {f"{place} {kind}": f"{place} {kind}".lower() for place in places for kind in kinds}
    blocks = Blocks(names)

    for name in names.values():
        mistyped = name[:2] + name[3] + name[2] + name[4:]
        scores = {record: likeness(mistyped, other) for record, other in names.items()}
        best = max(scores, key=lambda record: scores[record])
        assert dict(blocks.alike(mistyped, least=0.8)).get(best) == scores[best]
