"""What may decide alone that two records are one thing, and what may only propose it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.graph.clusters import clusters
from datablueprint.graph.evidence import CERTAIN, Link
from datablueprint.graph.names import job_numbers, likeness, normal
from datablueprint.graph.votes import STANDS
from tests.graph.kit import job, linked, project


def test_an_id_that_procore_carries_decides_whatever_the_names():
    [link] = linked(projects=[project("24-017", "Harbor Clinic", origin_id="58"), job("58", "Pier 9 Medical")])

    assert (link["state"], link["decided_by"]) == ("automatic", "origin_id")


def test_a_job_number_in_the_quickbooks_name_decides():
    [link] = linked(projects=[project("24-017", "Harbor Clinic"), job("58", "24-017 Harbor Clin.")])

    assert (link["state"], link["evidence"]) == (
        "automatic",
        ["the QuickBooks job name contains project number 24-017"],
    )


@pytest.mark.parametrize(
    ("number", "name", "job_name"),
    [
        ("2401", "Harbor Clinic", "Mill School - 2401 Main St"),
        ("2026", "Harbor Clinic", "Mill School 2026"),
        ("2401", "Ridge School Phase 1", "Ridge School Phase 2 (2401)"),
    ],
)
def test_a_bare_number_between_unlike_names_is_only_a_proposal(number: str, name: str, job_name: str):
    [link] = linked(projects=[project(number, name), job("58", job_name)])

    assert link["state"] == "proposed"
    assert "house number or a year" in link["evidence"][0]


@pytest.mark.parametrize(
    "job_name", ["2401 Waterfront", "#2401 - Waterfront", "Harbor Med Clinic 2401", "Job 2401 Harbor Clinic"]
)
def test_a_bare_number_decides_where_the_name_begins_or_the_names_are_half_alike(job_name: str):
    [link] = linked(projects=[project("2401", "Harbor Clinic"), job("58", job_name)])

    assert (link["state"], link["decided_by"]) == ("automatic", "project number")


def test_a_house_number_does_not_cast_doubt_on_a_job_number():
    found = linked(
        projects=[project("24-017", "Mill School"), project("2401", "Harbor"), job("58", "24-017 Mill, 2401 Main St")]
    )

    assert [(link["left_record_id"], link["state"]) for link in found] == [("procore:projects:24-017", "automatic")]


def test_a_like_name_is_a_better_proposal_than_a_bare_number():
    projects = [project("2401", "Harbor"), project("24-017", "Mill School"), job("58", "Mill School 2401")]

    [link] = linked(projects=projects)

    assert (link["left_record_id"], link["decided_by"]) == ("procore:projects:24-017", "similar name")


def test_items_named_for_a_project_decide():
    items = [
        {
            "record_id": f"quickbooks:Item:{n}",
            "system": "quickbooks",
            "code": "03-300",
            "cost_type": "M",
            "project_reference": "24-017",
            "name": "24-017-03-300.M",
        }
        for n in (1, 2)
    ]
    lines = [
        {"record_id": f"quickbooks:Bill:{n}", "line_key": "1", "item_record_id": i["record_id"]}
        | {"job_record_id": "quickbooks:Customer:58"}
        for n, i in enumerate(items)
    ]

    found = linked(
        projects=[project("24-017", "Harbor Clinic"), job("58", "Waterfront")], cost_codes=items, accounting_lines=lines
    )

    assert [(link["state"], link["decided_by"]) for link in found] == [("automatic", "item names")]


def test_a_similar_name_is_only_a_proposal():
    [link] = linked(projects=[project("24-017", "Harbor Medical Clinic"), job("58", "Harbor Med. Clinic")])

    assert link["state"] == "proposed"


def test_two_phases_of_one_building_are_never_proposed_as_one():
    assert linked(projects=[project("1", "Ridge School Phase 1"), job("58", "Ridge School Ph 2")]) == []


def test_a_name_that_fits_two_projects_is_left_alone():
    found = linked(
        projects=[project("1", "Riverside North"), project("2", "Riverside North "), job("9", "Riverside N")]
    )

    assert found == []


def test_evidence_that_names_two_projects_becomes_a_question():
    found = linked(
        projects=[project("24-017", "A", origin_id="58"), project("24-018", "B"), job("58", "24-018 B")],
    )

    assert {(link["left_record_id"], link["state"], link["decided_by"]) for link in found} == {
        ("procore:projects:24-017", "proposed", "contradicting evidence"),
        ("procore:projects:24-018", "proposed", "contradicting evidence"),
    }
    assert all(link["confidence"] < STANDS for link in found)


@pytest.mark.parametrize("decision", ["accepted", "rejected"])
def test_a_decision_outranks_evidence_and_survives_matching_again(decision: str):
    read = {"projects": [project("24-017", "Harbor Medical Clinic"), job("58", "Harbor Med. Clinic")]}
    [proposed] = linked(**read)

    [link] = linked({proposed["link_id"]: {"decision": decision, "by": "controller"}}, **read)

    assert (link["state"], link["decided_by"]) == (decision, "controller")


FADED = {
    "kind": "project",
    "left_record_id": "procore:projects:24-017",
    "right_record_id": "quickbooks:Customer:58",
    "by": "controller",
}


def faded(decision: str, **held: Any) -> dict[str, dict[str, Any]]:
    """A decision on a link that nothing but the decision speaks of any more."""
    pair = Link("project", FADED["left_record_id"], FADED["right_record_id"], CERTAIN, (), "")
    return {pair.link_id: FADED | {"decision": decision} | held}


@pytest.mark.parametrize("decision", ["accepted", "rejected"])
def test_a_decision_stands_when_its_evidence_has_faded(decision: str):
    read = {"projects": [project("24-017", "Harbor Clinic"), job("58", "Pier 9")]}
    assert linked(**read) == []

    [link] = linked(faded(decision, confidence="0.8100", evidence=["the names were alike"]), **read)

    assert (link["state"], link["decided_by"]) == (decision, "controller")
    assert (str(link["confidence"]), link["evidence"]) == ("0.8100", ["the names were alike"])


def test_a_decision_without_evidence_says_who_decided():
    [link] = linked(faded("accepted"), projects=[project("24-017", "Harbor Clinic"), job("58", "Pier 9")])

    assert link["evidence"] == ["decided by controller"]


def test_a_decision_ends_with_either_record():
    assert linked(faded("accepted"), projects=[project("24-017", "Harbor Clinic")]) == []
    assert linked(faded("accepted"), projects=[job("58", "Pier 9")]) == []


def test_a_decision_that_does_not_know_its_records_applies_only_to_a_link_found_again():
    old = {link_id: {"decision": "accepted", "by": "controller"} for link_id in faded("accepted")}
    pier, harbor = job("58", "Pier 9"), job("58", "24-017 Harbor")

    assert linked(old, projects=[project("24-017", "Harbor Clinic"), pier]) == []
    [link] = linked(old, projects=[project("24-017", "Harbor Clinic"), harbor])
    assert link["state"] == "accepted"


def test_a_job_that_a_person_gave_to_a_project_joins_no_other_by_evidence():
    projects = [project("24-017", "Harbor Clinic"), project("24-018", "Pier"), job("58", "24-018 Pier")]

    found = linked(faded("accepted"), projects=projects)

    assert [(link["left_record_id"], link["state"]) for link in found] == [("procore:projects:24-017", "accepted")]


def test_one_project_may_be_two_jobs():
    found = linked(
        projects=[project("24-017", "Harbor"), job("58", "24-017 Harbor shell"), job("59", "24-017 Harbor fit-out")]
    )

    assert {link["right_record_id"] for link in found} == {"quickbooks:Customer:58", "quickbooks:Customer:59"}


def test_employees_with_different_numbers_are_never_one_person():
    people = [
        {"record_id": "procore:people:1", "system": "procore", "name": "Jo Hill", "employee_number": "17"},
        {"record_id": "gusto:employees:a", "system": "gusto", "name": "Jo Hill", "employee_number": "18"},
    ]

    assert linked(employees=people) == []


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Volt Electrical, LLC", "VOLT ELECTRIC"),
        ("Smith & Sons Inc.", "Smith Sons"),
        ("Ridge Elem. Sch. Ph II", "Ridge Elementary School Phase 2"),
    ],
)
def test_spellings_that_people_vary_are_one_name(left: str, right: str):
    assert normal(left) == normal(right)


def test_job_numbers_are_read_out_of_names_but_not_out_of_addresses_within_words():
    assert job_numbers("24-017 Harbor (ph 2)") == ("24-017",)
    assert job_numbers("Unit B12 West") == ()


def test_likeness_is_symmetric():
    assert likeness("harbor clinic", "clinic harbor east") == likeness("clinic harbor east", "harbor clinic")


records = st.lists(st.integers(0, 20).map(lambda n: f"procore:projects:{n}"), min_size=1, max_size=20, unique=True)


@given(records, st.data())
def test_clusters_are_the_connected_components(found: list[str], data: st.DataObject):
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(found), st.sampled_from(found)), max_size=25))

    leader = clusters(found, pairs)

    reach = {r: {r} for r in found}
    for _ in found:
        for left, right in pairs:
            both = reach[left] | reach[right]
            for record in both:
                reach[record] = both
    for record in found:
        assert {r for r in found if leader[r] == leader[record]} == reach[record]
        assert leader[record] in reach[record]
