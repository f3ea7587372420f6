"""What is published is what is given: every route, its answer held against its schema, and every refusal a problem."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest

from tests.api.kit import OPERATIONS, PROBLEM, Api, is_problem

BODIES = ("ask", "judge_answer", "save_question", "decide_link", "keep_scenario", "suppose")
"""Operations that take a body."""
UNKNOWN = {
    "get_question": "/questions/q0000",
    "judge_answer": "/questions/q0000/feedback",
    "get_saved_question": "/saved-questions/nobody",
    "forget_question": "/saved-questions/nobody",
    "get_metric": "/metrics/margn",
    "get_project": "/projects/99-999",
    "decide_link": "/links/link_none/decision",
    "undo_decision": "/links/link_none/decision",
    "get_scenario": "/scenarios/nobody",
    "forget_scenario": "/scenarios/nobody",
    "export_answer_xlsx": "/exports/questions/q0000.xlsx",
    "export_answer_pdf": "/exports/questions/q0000.pdf",
}
UNKNOWN_ID = ("open_figure", "list_figure_records", "verify_figure", "get_record")
"""Operations whose ?id= names something."""


@pytest.fixture(scope="module")
def spec(shared: Api) -> dict[str, Any]:
    published: dict[str, Any] = shared.call("get_openapi").json
    return published


def operations(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["operationId"]: each for path in spec["paths"].values() for each in path.values()}


def test_every_operation_has_an_event_and_every_event_an_operation(spec: dict[str, Any]) -> None:
    assert sorted(operations(spec)) == OPERATIONS


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_answer_is_what_was_published(name: str, api: Api, spec: dict[str, Any]) -> None:
    if name == "undo_decision":
        assert api.call("decide_link").status == 200

    got = api.call(name)

    documented = operations(spec)[name]["responses"][str(got.status)]["content"]
    assert got.status in (200, 202), got.content[:500]
    assert got.kind in documented
    if got.kind == "application/json":
        schema = {**documented[got.kind]["schema"], "components": spec["components"]}
        jsonschema_rs.validator_for(schema).validate(got.json)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_says_what_it_is_and_how_it_fails(name: str, spec: dict[str, Any]) -> None:
    told = operations(spec)[name]

    assert told["summary"]
    assert told["tags"]
    assert {"404", "422", "503"} <= told["responses"].keys()
    for status, response in told["responses"].items():
        assert response["description"]
        assert status < "300" or set(response["content"]) == {PROBLEM}


def test_every_published_example_is_valid(spec: dict[str, Any]) -> None:
    shown = {name: schema for name, schema in spec["components"]["schemas"].items() if schema.get("examples")}

    for schema in shown.values():
        validator = jsonschema_rs.validator_for({**schema, "components": spec["components"]})
        for example in schema["examples"]:
            validator.validate(example)
    assert len(shown) >= 12


def test_every_example_of_a_parameter_or_body_is_valid(spec: dict[str, Any]) -> None:
    shown: list[tuple[dict[str, Any], Any]] = []
    for told in operations(spec).values():
        for parameter in told.get("parameters", ()):
            shown += [(parameter["schema"], each) for each in parameter["schema"].get("examples", ())]
        for content in told.get("requestBody", {}).get("content", {}).values():
            shown += [(content["schema"], each["value"]) for each in content.get("examples", {}).values()]

    for schema, example in shown:
        jsonschema_rs.validator_for({**schema, "components": spec["components"]}).validate(example)
    assert len(shown) >= 10


@pytest.mark.parametrize("name", OPERATIONS)
def test_another_tenant_finds_nothing(name: str, api: Api) -> None:
    assert is_problem(api.call(name, tenant="other"), 404)


@pytest.mark.parametrize("name", OPERATIONS)
def test_without_an_identity_nothing_is_told(name: str, api: Api) -> None:
    event = api.event(name)
    event["requestContext"]["authorizer"] = None

    assert is_problem(api.send(event), 401)


@pytest.mark.parametrize("name", sorted(UNKNOWN))
def test_what_does_not_exist_is_not_found(name: str, api: Api) -> None:
    got = api.send(api.event(name) | {"path": UNKNOWN[name]})

    assert is_problem(got, 404)


@pytest.mark.parametrize("name", UNKNOWN_ID)
def test_an_unknown_id_is_not_found(name: str, api: Api) -> None:
    event = api.event(name)
    event["multiValueQueryStringParameters"]["id"] = ["procore:prime_contracts:0"]

    got = api.send(event)

    assert is_problem(got, 404)


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("body", ["{", '{"a": NaN}', "[" * 60_000, '{"n": ' + "9" * 5000 + "}"])
def test_a_body_that_is_no_json_is_said_to_be_none(name: str, body: str, api: Api) -> None:
    assert is_problem(api.send(api.event(name) | {"body": body}), 400)


@pytest.mark.parametrize("name", BODIES)
def test_a_misspelled_key_is_named(name: str, api: Api) -> None:
    event = api.event(name)
    body = json.loads(event["body"]) | {"qestion": 1}

    got = api.send(event | {"body": json.dumps(body)})

    assert is_problem(got, 422)
    assert "qestion" in got.json["detail"]


@pytest.mark.parametrize("name", BODIES)
def test_only_json_is_read(name: str, api: Api) -> None:
    event = api.event(name)
    event["headers"]["content-type"] = "text/plain"

    assert is_problem(api.send(event), 415)


@pytest.mark.parametrize("name", ["get_wip", "get_metric", "get_bridge", "list_projects", "get_project"])
def test_a_day_that_is_none_is_named(name: str, api: Api) -> None:
    event = api.event(name)
    event["multiValueQueryStringParameters"] = (event["multiValueQueryStringParameters"] or {}) | {"as_of": ["soon"]}

    got = api.send(event)

    assert is_problem(got, 422)
    assert "as_of" in got.json["detail"]


def test_a_path_that_is_none_says_where_the_list_is(api: Api) -> None:
    got = api.get("/margins")

    assert is_problem(got, 404)
    assert "openapi.json" in got.json["fix"]


def test_a_method_that_is_not_for_a_path_is_told_which_are(api: Api) -> None:
    got = api.request("PATCH", "/scenarios/hope", body={})

    assert is_problem(got, 405)
    assert got.headers["Allow"] == "DELETE, GET, PUT"


def test_a_defect_tells_nothing_of_its_inside(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("datablueprint.api.overview.status", fail)

    got = api.call("get_status")

    assert is_problem(got, 500)
    assert b"secret" not in got.content


def test_an_answer_that_breaks_its_model_is_our_defect(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("datablueprint.api.asking.verdicts", lambda _, **__: {"feedback": [{"id": 7}]})

    assert is_problem(api.call("list_feedback"), 500)
