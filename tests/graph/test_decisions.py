"""Decisions of several people hold together, or the one that does not is refused with a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.errors import DecisionConflict
from datablueprint.graph.clusters import Clusters
from datablueprint.graph.decisions import Decision, check, contradictions
from datablueprint.graph.evidence import link_id
from tests.graph.kit import job, project, tables_of, vendor


def said(left: str, right: str, *, accepted: bool = True, kind: str = "vendor") -> Decision:
    return Decision(kind, left, right, accepted, "Ann")


def test_a_chain_of_accepted_links_may_not_join_what_somebody_called_different() -> None:
    held = [said("a", "c"), said("b", "c", accepted=False)]

    with pytest.raises(DecisionConflict, match=r"b is not the same as c .*accepted links join the two.*links undo"):
        check(held, said("a", "b"))


def test_two_records_that_accepted_links_join_may_not_be_called_different() -> None:
    with pytest.raises(DecisionConflict, match="accepted links join the two"):
        check([said("a", "c"), said("c", "b")], said("a", "b", accepted=False))


def test_a_job_is_accepted_for_one_project_only() -> None:
    with pytest.raises(DecisionConflict, match="A QuickBooks job belongs to one project, but j was given to 2"):
        check([said("p", "j", kind="project")], said("q", "j", kind="project"))


def test_one_project_may_have_two_jobs_and_two_companies_may_be_one_vendor() -> None:
    check([said("p", "j", kind="project")], said("p", "k", kind="project"))
    check([said("a", "v")], said("b", "v"))


def test_kinds_do_not_mix_and_a_second_word_on_the_same_pair_replaces_the_first() -> None:
    check([said("a", "b", accepted=False, kind="employee")], said("a", "b"))
    check([said("a", "b")], said("b", "a", accepted=False))


def test_a_record_is_not_linked_to_itself() -> None:
    with pytest.raises(DecisionConflict, match="a link needs two"):
        check([], said("a", "a"))


names = st.sampled_from("abcdefg")
decision = st.builds(Decision, st.sampled_from(["vendor", "project"]), names, names.map(str.upper), st.booleans())
sequences = st.lists(decision, max_size=25)


def admitted(wanted: list[Decision]) -> dict[str, Decision]:
    """What is stored when every decision is checked before it is."""
    held: dict[str, Decision] = {}
    for each in wanted:
        try:
            check(held.values(), each)
        except DecisionConflict:
            continue
        held[each.link_id] = each
    return held


@given(sequences)
def test_what_was_checked_one_by_one_never_contradicts(wanted: list[Decision]) -> None:
    held = list(admitted(wanted).values())

    assert contradictions(held) == []
    joined = Clusters({f"x:{d.kind}:{r}" for d in held for r in (d.left, d.right)})
    for each in held:
        if each.accepted:
            joined.join(f"x:{each.kind}:{each.left}", f"x:{each.kind}:{each.right}")
    for each in held:
        if not each.accepted:
            assert joined.leader(f"x:{each.kind}:{each.left}") != joined.leader(f"x:{each.kind}:{each.right}")
    given_away = [(d.kind, d.right) for d in held if d.accepted and d.kind == "project"]
    assert len(given_away) == len(set(given_away))


@given(sequences)
def test_any_decision_may_be_taken_back(wanted: list[Decision]) -> None:
    held = admitted(wanted)

    for link_id_ in held:
        assert contradictions(d for other, d in held.items() if other != link_id_) == []


@given(sequences, st.randoms())
def test_contradictions_do_not_depend_on_the_order_of_decisions(wanted: list[Decision], dice: Any) -> None:
    once = list({d.link_id: d for d in wanted}.values())
    shuffled = list(once)
    dice.shuffle(shuffled)

    assert bool(contradictions(once)) == bool(contradictions(shuffled))


def stored(kind: str, left: str, right: str, decision: str) -> dict[str, dict[str, Any]]:
    pair = {"kind": kind, "left_record_id": left, "right_record_id": right}
    return {link_id(kind, left, right): {**pair, "decision": decision, "by": "Ann"}}


def test_stored_decisions_that_contradict_are_reported_and_none_of_them_is_applied() -> None:
    rows = [project("1", "Harbor"), project("2", "Pier"), job("58", "Waterfront")]
    both = stored("project", rows[0]["record_id"], rows[2]["record_id"], "accepted")
    both |= stored("project", rows[1]["record_id"], rows[2]["record_id"], "accepted")

    made = tables_of(both, projects=rows)

    assert {link["state"] for link in made["links"]} == {"proposed"}
    assert {link["decided_by"] for link in made["links"]} == {"contradicting decisions"}
    assert all(link["evidence"][0].startswith("A QuickBooks job belongs to one project") for link in made["links"])
    assert all(row["record_id"] == row["entity_id"] for row in made["entities"])


def test_evidence_never_joins_what_a_person_called_different() -> None:
    people = [
        {"record_id": "procore:users:1", "system": "procore", "name": "Jo Hill", "employee_number": "17"},
        {"record_id": "procore:people:1", "system": "procore", "name": "Jo Hill", "employee_number": "17"},
        {"record_id": "gusto:employees:a", "system": "gusto", "name": "Jo Hill", "employee_number": "17"},
    ]
    apart = stored("employee", "procore:users:1", "gusto:employees:a", "rejected")

    made = tables_of(apart, employees=people)

    entity = {row["record_id"]: row["entity_id"] for row in made["entities"]}
    assert entity["procore:users:1"] != entity["gusto:employees:a"]
    assert sorted(link["state"] for link in made["links"]) == ["automatic", "proposed", "rejected"]
    assert any("somebody said are different" in said for link in made["links"] for said in link["evidence"])


def test_a_person_may_join_a_second_job_and_a_link_nothing_speaks_of() -> None:
    rows = [project("24-017", "Harbor"), job("58", "24-017 Harbor"), job("59", "Waterfront")]
    stated = stored("project", rows[0]["record_id"], rows[2]["record_id"], "accepted")

    made = tables_of(stated, projects=rows)

    assert {row["entity_id"] for row in made["entities"]} == {rows[0]["record_id"]}


def test_two_vendors_a_person_told_apart_stay_apart_though_both_have_one_name() -> None:
    firms = [vendor("procore:61", "Volt LLC"), vendor("quickbooks:30", "Volt")]
    apart = stored("vendor", firms[0]["record_id"], firms[1]["record_id"], "rejected")

    made = tables_of(apart, vendors=firms)

    assert len({row["entity_id"] for row in made["entities"]}) == 2
