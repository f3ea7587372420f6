"""What Procore refuses or delays is said, and never mistaken for absence."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from datablueprint.errors import PermissionMissing, SourceUnavailable
from tests.sources.procore_office import two_projects

# -- refusals and pauses -----------------------------------------------------------------------------


def test_a_project_that_refuses_is_reported_and_the_others_are_read() -> None:
    office = two_projects()
    office.refused = {"requisitions?project_id=2"}
    office.add("requisitions", {"id": 31, "_project": 1})

    outcome = office.refresh("run-1")["requisitions"]

    assert office.live("requisitions") == ["31"]
    [problem] = outcome.problems
    assert problem.startswith("Procore: the connected account may not read this")
    assert "requisitions of project 2" in problem


def test_a_refusal_deletes_nothing() -> None:
    office = two_projects()
    office.refresh("run-1")
    office.refused = {"work_order_contracts?project_id=1"}

    with pytest.raises(PermissionMissing, match="work_order_contracts of project 1"):
        office.read("work_order_contracts", "run-2")

    assert office.live("work_order_contracts") == ["10", "20"]


def test_a_tool_that_every_project_refuses_is_a_missing_permission() -> None:
    office = two_projects()
    office.refused = {"requisitions?"}
    office.read("projects", "run-1")

    with pytest.raises(PermissionMissing, match=r"requisitions of project 1"):
        office.read("requisitions", "run-1")


def test_a_pause_keeps_what_was_read_and_goes_on_from_there() -> None:
    office = two_projects()
    office.read("projects", "run-1")
    hour = int((office.room.clock.now() + timedelta(hours=1)).timestamp())
    windows = {"X-Rate-Limit-Limit": "3600", "X-Rate-Limit-Remaining": "1", "X-Rate-Limit-Reset": str(hour)}
    office.room.vendor.on(
        "/rest/v1.0/project_roles", lambda _: httpx.Response(200, json=[{"id": 1}], headers=windows | {"Total": "1"})
    )

    first = office.read("project_roles", "run-1")
    office.room.clock.move(seconds=first.wait_seconds)
    office.paged.on("/rest/v1.0/project_roles", [{"id": 2}])
    second = office.read("project_roles", "run-1")

    assert (first.status, first.wait_seconds, first.new) == ("paused", 3600, 1)
    assert (second.status, second.new, second.calls) == ("done", 1, {"lists": 1})


def test_another_function_respects_the_window_that_this_one_met() -> None:
    office = two_projects()
    reset = int((office.room.clock.now() + timedelta(seconds=9)).timestamp())
    windows = {"X-Rate-Limit-Limit": "25", "X-Rate-Limit-Remaining": "1", "X-Rate-Limit-Reset": str(reset)}
    office.room.vendor.on(
        "/rest/v1.0/companies/4210001/people", lambda _: httpx.Response(200, json=[], headers=windows)
    )
    office.read("people", "run-1")

    office.read("vendors", "run-1")

    assert sum(office.room.clock.slept) == pytest.approx(9, abs=0.1)


def test_an_error_in_the_middle_keeps_what_was_read_and_the_next_run_asks_the_rest() -> None:
    office = two_projects()
    office.read("projects", "run-1")
    good = office.room.vendor.answers["/rest/v1.0/project_roles"]
    office.add("project_roles", {"id": 1, "_project": 1}, {"id": 2, "_project": 2})
    office.room.vendor.on(
        "/rest/v1.0/project_roles", lambda r: good(r) if r.url.params["project_id"] == "1" else httpx.Response(500)
    )

    with pytest.raises(SourceUnavailable, match="project_roles of project 2"):
        office.read("project_roles", "run-1")
    assert office.live("project_roles") == ["1"]
    office.room.vendor.on("/rest/v1.0/project_roles", good)
    outcome = office.read("project_roles", "run-1")

    assert office.live("project_roles") == ["1", "2"]
    assert outcome.calls == {"lists": 1}
