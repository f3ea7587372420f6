"""What is sent may be as large, as old or as odd as it likes: it is told what is wrong, and nothing grows for ever."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from datablueprint.api import asking, overview, problems
from datablueprint.api.desks import MOST_DAYS, Desks
from datablueprint.api.resolver import MOST_BODY, Resolver
from datablueprint.ports import Ports
from tests.api.conftest import copied
from tests.api.kit import OPERATIONS, Api, is_problem
from tests.api.test_questions import republished
from tests.golden.conftest import Company

EARLY, LATE = "0001-01-01", "9999-12-31"


@pytest.mark.parametrize("day", [EARLY, LATE])
@pytest.mark.parametrize(
    "path", ["/wip", "/projects/{project}", "/metrics/labor_hours_per_week", "/exports/wip.xlsx", "/exports/wip.pdf"]
)
def test_a_day_at_the_end_of_time_is_refused(path: str, day: str, api: Api) -> None:
    assert is_problem(api.get(path.format(**api.words), as_of=day), 422)


@pytest.mark.parametrize("day", [EARLY, LATE])
def test_figures_and_bridges_of_such_a_day_are_refused_too(day: str, api: Api) -> None:
    project = api.words["project"]

    assert is_problem(api.get("/figures", id=f"labor_weeks_left/{project}/{day}"), 422)
    assert is_problem(api.get("/figures", id=f"{api.words['figure'].rpartition('/')[0]}/{EARLY}..{day}"), 422)
    assert is_problem(api.get("/bridges", project=project, since=day), 422)


@pytest.mark.parametrize("name", ["Bob’s jobs", "Q3 — west", "🙂", '"quoted"', "50% done?", "#1", "日本"])
def test_a_name_may_be_written_as_people_write(name: str, api: Api) -> None:
    body = {"question": "How are we doing?"}

    assert api.request("PUT", f"/saved-questions/{name}", body=body).json["name"] == name
    assert api.get(f"/saved-questions/{name}").status == 200
    assert api.request("DELETE", f"/saved-questions/{name}").status == 200


def test_a_body_of_any_size_is_not_read(api: Api) -> None:
    event = api.event("ask")

    assert is_problem(api.send(event | {"body": "x" * (MOST_BODY + 1)}), 413)


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "compare", "metric": "actual_cost", "scopes": ["24-001"] * 51},
        {"kind": "what_if", "metric": "actual_cost", "scenario": ["approve all"] * 51},
        {"kind": "figure", "metric": "actual_cost", "scope": "x" * 201},
    ],
)
def test_a_query_names_no_more_than_a_page_can_show(query: Any, api: Api) -> None:
    assert is_problem(api.request("POST", "/questions", body={"query": query}), 422)
    assert is_problem(api.request("PUT", "/saved-questions/much", body={"question": "a", "queries": [query]}), 422)


@pytest.mark.parametrize(
    "body",
    [
        {"scope": "portfolio", "scenarios": [["approve all"] * 21]},
        {"scope": "portfolio", "scenarios": [["x" * 201]]},
        {"scope": "portfolio", "kept": ["x" * 81]},
    ],
)
def test_a_what_if_supposes_no_more_either(body: Any, api: Api) -> None:
    assert is_problem(api.request("POST", "/what-if", body=body), 422)


def test_saved_questions_and_scenarios_have_an_end(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_SAVED", 1)
    monkeypatch.setattr(overview, "MOST_TOLD", 1)

    saved = api.request("PUT", "/saved-questions/second", body={"question": "a"})
    kept = api.request("PUT", "/scenarios/second", body={"assumptions": ["approve all"]})
    again = api.request("PUT", "/saved-questions/friday", body={"question": "a"})

    assert is_problem(saved, 422)
    assert is_problem(kept, 422)
    assert again.status == 200


def test_feedback_comes_page_by_page(api: Api) -> None:
    for _ in range(2):
        asked = api.call("ask").json["id"]
        assert api.request("POST", f"/questions/{asked}/feedback", body={"verdict": "right"}).status == 200

    first = api.get("/feedback", limit="1").json
    second = api.get("/feedback", limit="1", cursor=first["next_cursor"]).json

    assert len(first["feedback"]) == len(second["feedback"]) == 1
    assert first["feedback"] != second["feedback"]


def test_of_many_days_that_are_asked_for_the_last_few_stay_open(ports: Ports) -> None:
    desks = Desks(ports)
    with desks.open() as current:
        newest = current.as_of
    days = [newest - timedelta(days=n) for n in range(1, MOST_DAYS + 4)]

    for day in days:
        with desks.open(as_of=day) as desk:
            assert desk.as_of == day

    with desks.open() as same:
        assert same is current
    assert len(current._family) == MOST_DAYS
    assert (current.snapshot, days[-1]) in current._family
    assert (current.snapshot, days[0]) not in current._family


def test_after_a_refresh_the_desk_of_before_is_let_go(twelve: Company, tmp_path: Path) -> None:
    ports = copied(twelve, tmp_path)
    api = Api.of(ports)
    assert api.call("get_start").status == 200
    with api.service.desks.open() as desk:
        before, snapshot = weakref.ref(desk), desk.snapshot
    del desk
    republished(ports, snapshot)

    assert api.get("/projects").status == 200

    gc.collect()
    assert before() is None


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_route_reaches_a_vendor(name: str, api: Api) -> None:
    def reached(base_url: str) -> Any:
        pytest.fail(f"{base_url} was asked")

    alone = Api.of(replace(api.service.ports, http=reached))
    alone.words = api.words

    assert alone.call(name).status in (200, 202, 404)


def test_a_desk_that_was_put_away_still_works_for_who_has_it(ports: Ports) -> None:
    desks = Desks(ports)
    with desks.open() as current:
        held = current.at(as_of=current.as_of - timedelta(days=40))
    current.put_away(1)

    figure = held.measures.figure("actual_cost", held.measures.scope("portfolio"))

    assert held.verify(figure).holds
    assert held not in current._family.values()


def test_the_first_page_is_worked_out_once_and_others_have_their_turn_meanwhile(ports: Ports) -> None:
    api = Api.of(ports)
    turns: list[int] = []
    with api.service.desks.open() as desk:
        first = overview.portfolio(desk, between=lambda: turns.append(1))
        done = len(turns)
        second = overview.portfolio(desk, between=lambda: turns.append(1))

    assert done == len(first) > 1
    assert second is first
    assert len(turns) == done


def test_between_two_steps_another_request_gets_the_desk(ports: Ports) -> None:
    api = Api.of(ports)
    object.__setattr__(api.service, "desks", Desks(ports, patience=0.01))
    seen: list[int] = []

    def others() -> None:
        with api.service.desks.left():
            seen.append(api.get("/projects").status)

    with api.service.desks.open() as desk:
        overview.portfolio(desk, between=others)

    assert set(seen) == {200}


def test_a_library_that_is_not_the_one_we_read_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(APIGatewayRestResolver.__mro__[1], "_convert_matches_into_route_keys")

    with pytest.raises(RuntimeError, match="_convert_matches_into_route_keys; install the pinned version"):
        Resolver(admit=lambda _: {}, no_route=problems.no_route, too_large=problems.too_large)
