"""Which QuickBooks customers are jobs, what sub-jobs inherit, and what follows when a person says no."""

from __future__ import annotations

from typing import Any

import pytest

from datablueprint.graph.evidence import link_id
from datablueprint.graph.votes import STANDS
from tests.graph.kit import bill, job, linked, project, tables_of, vendor

Row = dict[str, Any]


def under(native: str, name: str, parent: str) -> Row:
    return job(native, name, parent_record_id=f"quickbooks:Customer:{parent}")


def customer(native: str, name: str, **changes: Any) -> Row:
    """A top-level customer, as bookkeeping makes for an owner."""
    return job(native, name, is_job=False, **changes)


def homes(*projects: Row, decisions: dict[str, Row] | None = None, **read: Any) -> dict[str, str]:
    """Native id of each QuickBooks job that joined a project, with the project's number."""
    made = tables_of(decisions, projects=list(projects), **read)["entities"]
    joined = [row for row in made if row["record_id"].startswith("quickbooks:Customer:")]
    return {
        row["record_id"].rsplit(":", 1)[1]: row["entity_id"].rsplit(":", 1)[1]
        for row in joined
        if row["entity_id"].startswith("procore")
    }


def said(link: Row, decision: str) -> dict[str, Row]:
    held = {part: link[part] for part in ("kind", "left_record_id", "right_record_id")}
    return {link["link_id"]: {**held, "decision": decision, "by": "controller"}}


def test_a_job_however_deep_is_of_the_project_above_it() -> None:
    rows = [under("80", "Rough-in", "79"), under("79", "Electrical", "78"), under("78", "Phase", "77")]

    found = homes(*rows, project("24-050", "Ridge School", origin_id="77"), job("77", "Ridge"))

    assert found == dict.fromkeys(("77", "78", "79", "80"), "24-050")


def test_jobs_that_are_each_others_parents_are_left_alone() -> None:
    assert homes(under("1", "A", "2"), under("2", "B", "1"), project("24-050", "Ridge School")) == {}


def test_a_sub_job_of_a_job_that_a_person_placed_is_of_its_project() -> None:
    rows = [project("24-050", "Ridge School"), job("77", "Waterfront"), under("78", "Phase", "77")]
    pair = ("project", rows[0]["record_id"], rows[1]["record_id"])
    link = dict(zip(("kind", "left_record_id", "right_record_id"), pair, strict=True))

    assert homes(*rows, decisions=said({**link, "link_id": link_id(*pair)}, "accepted"))["78"] == "24-050"


def test_a_job_placed_in_a_project_that_is_gone_places_no_sub_job() -> None:
    rows = [project("24-051", "Mill"), job("77", "Waterfront"), under("78", "Phase", "77")]
    pair = ("project", "procore:projects:24-050", rows[1]["record_id"])
    link = dict(zip(("kind", "left_record_id", "right_record_id"), pair, strict=True))

    assert homes(*rows, decisions=said({**link, "link_id": link_id(*pair)}, "accepted")) == {}


def test_a_sub_job_is_never_surer_than_the_name_that_placed_the_job_above() -> None:
    rows = [project("24-050", "Ridge School"), job("77", "Ridge Schol"), under("78", "Change work", "77")]

    confidence = {link["right_record_id"]: link["confidence"] for link in linked(projects=rows)}

    assert confidence["quickbooks:Customer:78"] == confidence["quickbooks:Customer:77"]


@pytest.mark.parametrize("changes", [{"origin_id": "77"}, {}])
def test_a_top_level_customer_used_as_a_job_is_linked(changes: Row) -> None:
    name = "Ridge" if changes else "24-050 Ridge School"

    assert homes(project("24-050", "Ridge School", **changes), customer("77", name)) == {"77": "24-050"}


def test_a_customer_with_cost_is_asked_about_by_its_name() -> None:
    rows = [project("24-050", "Ridge School"), customer("77", "Ridge School")]
    assert linked(projects=rows) == []

    [link] = linked(projects=rows, accounting_lines=[bill(1, "9000.00", job="77")])

    assert link["state"] == "proposed"


def test_an_owner_with_cost_on_it_is_not_its_job_and_gives_its_jobs_to_no_project() -> None:
    rows = [
        project("24-050", "Ridge School"),
        customer("77", "Ridge School"),
        under("78", "Waterfront", "77"),
        under("79", "24-050", "77"),
    ]

    assert homes(*rows, accounting_lines=[bill(1, "9000.00", job="77")]) == {"79": "24-050"}


def test_a_job_named_for_two_projects_joins_neither_and_asks_about_each() -> None:
    rows = [project("24-018", "Harbor Garage"), project("24-019", "Harbor Tower"), job("77", "24-019 / 24-018 Harbor")]

    links = linked(projects=rows)

    assert homes(*rows) == {}
    assert {link["left_record_id"] for link in links} == {rows[0]["record_id"], rows[1]["record_id"]}
    assert all(link["confidence"] < STANDS and link["state"] == "proposed" for link in links)


def test_of_two_projects_that_a_job_names_the_other_is_found_when_one_is_rejected() -> None:
    rows = [project("24-018", "Harbor Garage"), project("24-019", "Harbor Tower"), job("77", "24-019 / 24-018 Harbor")]
    no = next(link for link in linked(projects=rows) if link["left_record_id"].endswith("24-019"))

    after = {link["left_record_id"]: link["state"] for link in linked(said(no, "rejected"), projects=rows)}

    assert after == {rows[1]["record_id"]: "rejected", rows[0]["record_id"]: "automatic"}


def test_the_next_like_name_is_proposed_when_the_first_is_rejected() -> None:
    rows = [project("24-017", "Harbor Medical Clinic"), project("24-018", "Harbor Medical Center")]
    rows.append(job("58", "Harbor Medical Clinic"))
    [no] = linked(projects=rows)

    after = {link["left_record_id"]: link["state"] for link in linked(said(no, "rejected"), projects=rows)}

    assert after == {rows[0]["record_id"]: "rejected", rows[1]["record_id"]: "proposed"}


def test_the_next_vendor_is_found_when_the_first_is_rejected() -> None:
    firms = [
        vendor("procore:61", "Volt", origin_id="30"),
        vendor("quickbooks:30", "Bolt"),
        vendor("quickbooks:31", "Volt"),
    ]
    [no] = linked(vendors=firms)

    after = {link["right_record_id"]: link["state"] for link in linked(said(no, "rejected"), vendors=firms)}

    assert after == {"quickbooks:Vendor:30": "rejected", "quickbooks:Vendor:31": "automatic"}


def test_the_next_person_is_found_when_the_first_is_rejected() -> None:
    people = [
        {"record_id": "gusto:employees:a", "system": "gusto", "name": "Micheal Hill"},
        {"record_id": "procore:people:1", "system": "procore", "name": "Michael Hill"},
        {"record_id": "procore:people:2", "system": "procore", "name": "Micheal Hill"},
    ]
    [no] = linked(employees=people)

    after = {link["right_record_id"]: link["state"] for link in linked(said(no, "rejected"), employees=people)}

    assert after == {"procore:people:2": "rejected", "procore:people:1": "proposed"}
