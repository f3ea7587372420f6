"""What stands between a request and a room: who asks, one request per thread, cursors, and the way to the worker."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.adapters.lambda_jobs import LambdaJobs
from datablueprint.api import overview
from datablueprint.api.pages import page
from datablueprint.api.service import NotYours, WhoAreYou, person_of
from datablueprint.errors import Busy, QuestionError
from datablueprint.metrics import METRICS
from datablueprint.settings import Settings
from tests.api.kit import Api, is_problem

Claims = Mapping[str, Any]
ACME = Settings(tenant="acme")


def event(claims: Claims) -> dict[str, Any]:
    return {"requestContext": {"authorizer": {"claims": {"custom:tenant": "acme", **claims}}}}


@pytest.mark.parametrize(
    ("claims", "person"),
    [
        ({"sub": "1", "email": "ann@example.com", "email_verified": "true"}, "ann@example.com"),
        ({"sub": "1", "email": "boss@example.com", "email_verified": "false", "username": "ann"}, "ann"),
        ({"sub": "1", "client_id": "machine-7"}, "machine-7"),
        ({"sub": "1"}, "1"),
    ],
)
def test_a_person_is_who_the_authorizer_says(claims: Claims, person: str) -> None:
    assert person_of(event(claims), ACME) == person


POOL = "https://cognito-idp.us-west-2.amazonaws.com/us-west-2_example"
DEPLOYED = Settings(tenant="acme", issuer=POOL)
SIGNED = {"iss": POOL, "token_use": "access", "sub": "1"}


@pytest.mark.parametrize(
    ("claims", "person"),
    [
        ({"username": "ann@example.com", "client_id": "page", "scope": "datablueprint/read"}, "ann@example.com"),
        ({"client_id": "erp-client", "scope": "datablueprint/read"}, "erp-client"),
    ],
)
def test_in_aws_whoever_the_tenant_s_own_pool_signed_for_is_a_person_also_a_machine(
    claims: Claims, person: str
) -> None:
    assert person_of({"requestContext": {"authorizer": {"claims": {**SIGNED, **claims}}}}, DEPLOYED) == person


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": POOL + "2"},
        {"iss": ""},
        {"iss": None},
        {"iss": POOL.lower() + "/"},
        {"token_use": "id"},
        {"iss": "elsewhere", "custom:tenant": "acme"},
    ],
)
def test_in_aws_another_pool_s_claims_and_tokens_for_others_are_refused(claims: Claims) -> None:
    made = {"requestContext": {"authorizer": {"claims": {**SIGNED, "username": "ann", **claims}}}}

    with pytest.raises(NotYours):
        person_of(made, DEPLOYED)


def test_naming_the_tenant_is_not_enough_in_aws_and_a_pool_is_not_on_a_laptop() -> None:
    for claims, settings in (({"custom:tenant": "acme"}, DEPLOYED), (SIGNED, ACME)):
        with pytest.raises(NotYours):
            person_of({"requestContext": {"authorizer": {"claims": {**claims, "username": "ann"}}}}, settings)


@pytest.mark.parametrize("claims", [{"custom:tenant": "other"}, {"custom:tenant": ""}, {"custom:tenant": None}])
def test_another_tenant_s_claims_are_refused(claims: Claims) -> None:
    with pytest.raises(NotYours):
        person_of(event({"sub": "1", **claims}), ACME)


@pytest.mark.parametrize("context", [{}, {"authorizer": None}, {"authorizer": {}}, {"authorizer": {"claims": {}}}])
def test_a_request_without_claims_is_nobody_s(context: Claims) -> None:
    with pytest.raises(WhoAreYou):
        person_of({"requestContext": context}, ACME)


def test_what_the_body_or_a_header_says_of_the_person_does_not_count(api: Api) -> None:
    made = api.event("keep_scenario")
    made["headers"] |= {"x-user": "bob", "authorization": "Bearer bob"}

    assert api.send(made).json["by"] == "ann@example.com"
    assert api.send(made | {"body": json.dumps({"assumptions": ["approve all"], "by": "bob"})}).status == 422


def test_a_decision_is_of_who_made_it_and_only_they_undo_it(api: Api) -> None:
    assert api.call("decide_link").json["by"] == "ann@example.com"
    bob = api.event("undo_decision")
    bob["requestContext"]["authorizer"]["claims"] |= {"email": "bob@example.com"}

    assert is_problem(api.send(bob), 409)
    assert api.call("undo_decision").json["decision"] == "undone"


def test_requests_at_once_get_their_own_answers(api: Api) -> None:
    names = [f"nobody-{n}" for n in range(200)]

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda name: api.get(f"/saved-questions/{name}"), names))

    assert all(got.status == 404 and name in got.json["detail"] for name, got in zip(names, found, strict=True))


def test_the_first_requests_may_come_at_once(api: Api) -> None:
    fresh = Api.of(api.service.ports)

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _: fresh.get("/metrics").status, range(40)))

    assert found == [200] * 40


def test_a_page_of_records_leads_to_the_next_until_all_are_seen(api: Api) -> None:
    figure = api.words["figure"]
    whole = api.get("/figures/records", id=figure, limit="200").json
    rows: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        got = api.get("/figures/records", id=figure, limit="2", **({"cursor": cursor} if cursor else {})).json
        rows += got["records"]
        cursor = got["next_cursor"]

    assert rows == whole["records"]
    assert len(rows) == whole["total"]


def test_a_cursor_is_of_one_list(api: Api) -> None:
    cursor = api.get("/links", state="all", limit="1").json["next_cursor"]

    assert is_problem(api.get("/figures/records", id=api.words["figure"], cursor=cursor), 422)
    assert is_problem(api.get("/links", state="all", cursor="nonsense"), 422)


@given(st.lists(st.integers(), max_size=30), st.integers(1, 7))
def test_pages_put_together_are_the_list(rows: list[int], limit: int) -> None:
    found: list[int] = []
    cursor: str | None = None
    while True:
        part, cursor = page(rows, of="list", cursor=cursor, limit=limit)
        found += part
        if cursor is None:
            break

    assert found == rows


@given(st.text(max_size=40))
def test_a_made_up_cursor_is_refused(text: str) -> None:
    if text:
        with pytest.raises(QuestionError):
            page([1, 2, 3], of="list", cursor=text, limit=2)


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.name)
def test_every_grouping_that_is_offered_works(metric: Any, api: Api) -> None:
    for by in overview.groupings(metric):
        got = api.get(f"/metrics/{metric.name}", by=by)

        assert got.status == 200, (by, got.content)


def test_the_month_ends_go_back_to_the_first_day() -> None:
    found = overview.month_ends(date(2026, 9, 15), date(2026, 11, 20))

    assert found == [date(2026, 10, 31), date(2026, 9, 30)]


def test_payroll_records_stay_closed(api: Api) -> None:
    with api.service.desks.open() as desk:
        people = [row["record_id"] for row in desk.table("employees") if row["record_id"].startswith("gusto:")]

    got = api.get("/records", id=people[0]).json

    assert got["payload"] is None
    assert "pay" in got["withheld"]


def test_the_first_page_puts_what_moved_most_first(api: Api) -> None:
    rows = api.call("get_start").json["portfolio"]

    moved = [abs(float(row["movement"]["value"])) for row in rows if row["movement"]["value"] is not None]
    assert moved == sorted(moved, reverse=True)
    assert moved


def test_a_question_is_handed_to_the_answering_function_without_waiting() -> None:
    client = boto3.client("lambda", region_name="us-west-2", aws_access_key_id="test", aws_secret_access_key="test")
    with Stubber(client) as stub:
        expected = {"FunctionName": "acme-answer", "InvocationType": "Event", "Payload": b'{"question_id": "q1"}'}
        stub.add_response("invoke", {"StatusCode": 202}, expected)

        LambdaJobs("acme-answer", client=client).start("q1")

        stub.assert_no_pending_responses()


def test_when_lambda_has_no_room_the_question_is_turned_away() -> None:
    client = boto3.client("lambda", region_name="us-west-2", aws_access_key_id="test", aws_secret_access_key="test")
    with Stubber(client) as stub:
        stub.add_client_error("invoke", "TooManyRequestsException", expected_params={
            "FunctionName": ANY, "InvocationType": ANY, "Payload": ANY})  # fmt: skip

        with pytest.raises(Busy):
            LambdaJobs("acme-answer", client=client).start("q1")


def test_the_handler_of_the_api_resolves_the_event(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    handler = importlib.import_module("functions.api.handler")
    monkeypatch.setattr(handler, "get_api", lambda: api.resolver)

    answer = handler.lambda_handler(api.event("list_metrics"), None)

    assert answer["statusCode"] == 200


def test_the_handler_of_the_worker_answers_the_question_of_the_event(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    handler = importlib.import_module("functions.answer.handler")
    seen: list[Any] = []
    monkeypatch.setattr(handler, "get_worker", lambda: lambda event: seen.append(event) or {"status": "done"})

    assert handler.lambda_handler({"question_id": "q1"}, None) == {"status": "done"}
    assert seen == [{"question_id": "q1"}]
