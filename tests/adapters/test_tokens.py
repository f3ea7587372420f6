"""What a broker says reaches the extractor as it was meant: a token, or our own error with its way out."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from pydantic import ValidationError

from datablueprint import errors, runtime
from datablueprint.adapters.lambda_tokens import Broker as LambdaBroker
from datablueprint.adapters.lambda_tokens import LambdaTokens
from datablueprint.errors import AuthExpired, DataBlueprintError, SettingsError, SourceError, SourceUnavailable
from datablueprint.sources import by_name
from datablueprint.sources.broker import Broker
from datablueprint.sources.client import Client
from tests.fakes import NOON, TOKEN_PATHS, MemorySecrets, World, world

GUSTO = "gusto"


class Invoked:
    """A Lambda client that calls the broker in this process; what goes over is JSON, as in AWS."""

    def __init__(self, function: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self.function = function
        self.events: list[dict[str, Any]] = []
        self.error: str | None = None

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        assert FunctionName == "broker-gusto"
        self.events.append(json.loads(Payload))
        if self.error:
            told = {"errorMessage": "it went wrong", "errorType": self.error, "stackTrace": []}
            return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(told).encode())}
        answer = self.function(self.events[-1])
        return {"StatusCode": 200, "Payload": io.BytesIO(json.dumps(answer).encode())}


def issuing(room: World) -> list[dict[str, str]]:
    """A token endpoint that rotates; what was posted to it."""
    seen: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(dict(httpx.QueryParams(request.content.decode())))
        number = len(seen) + 1
        body = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}", "expires_in": 7200}
        return httpx.Response(200, json=body)

    room.vendor.on(TOKEN_PATHS[GUSTO], answer)
    return seen


def connected(minutes: float = 60) -> tuple[World, Invoked, LambdaTokens]:
    room = world(signed_in=False)
    ends = (NOON + timedelta(minutes=minutes)).isoformat()
    value = {"access_token": "access-1", "refresh_token": "refresh-1", "expires_at": ends, "page": "https://b.test/g"}
    room.state.put(f"token/{GUSTO}", value, expected_version=0)
    client = Invoked(Broker(GUSTO, room.ports))
    broker = LambdaBroker("broker-gusto", title="Gusto", client=client)
    return room, client, LambdaTokens(broker, clock=room.clock, calls=Counter())


def test_a_token_is_asked_for_once_and_kept_until_it_is_about_to_end() -> None:
    room, client, tokens = connected()
    seen = issuing(room)

    assert [tokens.access(), tokens.access()] == ["access-1"] * 2
    room.clock.move(minutes=59, seconds=30)
    assert tokens.access() == "access-2"

    assert [event["action"] for event in client.events] == ["access", "access"]
    assert seen == [{"client_id": "id", "client_secret": "secret", "grant_type": "refresh_token",
                     "refresh_token": "refresh-1"}]  # fmt: skip
    assert tokens._calls == Counter(token=1)


def test_a_refused_token_is_replaced_and_never_sent_back() -> None:
    room, client, tokens = connected()
    issuing(room)
    refused = tokens.access()

    assert tokens.renew(refused) == "access-2"
    assert tokens.renew(refused) == "access-2"

    assert "access-1" not in json.dumps(client.events)
    assert len(client.events[-1]["rejected"]) == 64


def test_an_extractor_never_sees_what_renews_a_token() -> None:
    room, client, _ = connected()
    issuing(room)

    for event in ({"action": "access"}, {"action": "renew"}):
        answer = json.dumps(client.function(event))
        assert "refresh-" not in answer
        assert "secret" not in answer


def test_a_dead_connection_is_our_own_error_with_the_page_to_reconnect_at() -> None:
    room, _, tokens = connected(minutes=-5)
    room.vendor.on(TOKEN_PATHS[GUSTO], lambda _: httpx.Response(400, json={"error": "invalid_grant"}))

    with pytest.raises(AuthExpired) as caught:
        tokens.access()

    assert caught.value.way_out == "Reconnect at https://b.test/g"
    assert str(caught.value).startswith("Gusto: the connection was revoked")


def test_an_outage_of_the_vendor_is_an_outage_for_the_extractor_too() -> None:
    room, _, tokens = connected(minutes=-5)
    room.vendor.on(TOKEN_PATHS[GUSTO], lambda _: httpx.Response(503))

    with pytest.raises(SourceUnavailable, match="The connection is kept"):
        tokens.access()


@pytest.mark.parametrize("kind", ["Sandbox.Timedout", "KeyError"])
def test_a_broker_that_falls_over_is_an_outage_and_no_disconnection(kind: str) -> None:
    _, client, tokens = connected()
    client.error = kind

    with pytest.raises(SourceUnavailable, match=f"its token broker did not answer \\({kind}\\)"):
        tokens.access()


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Invoke"), SourceUnavailable),
        (ClientError({"Error": {"Code": "AccessDeniedException"}}, "Invoke"), SettingsError),
        (ReadTimeoutError(endpoint_url="https://lambda"), SourceUnavailable),
    ],
)
def test_a_broker_that_cannot_be_asked_is_told_as_what_it_is(trouble: Exception, told: type[Exception]) -> None:
    class Broken:
        def invoke(self, **_: object) -> None:
            raise trouble

    with pytest.raises(told, match="Gusto: its token broker"):
        LambdaBroker("broker-gusto", title="Gusto", client=Broken()).ask("access")


@pytest.mark.parametrize(
    "event",
    [
        {"action": "revoke"},
        {"action": "access", "source": "procore"},
        {"action": "renew", "rejected": "access-1"},
        {"action": "authorize"},
        {"action": "connect", "code": "abc"},
    ],
)
def test_a_broker_takes_no_ask_that_it_does_not_know(event: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Broker(GUSTO, world().ports)(event)


def test_a_broker_tells_where_consent_is_given_without_the_secret() -> None:
    ask = {"action": "authorize", "redirect_uri": "https://b.test/cb", "state": "s"}

    where = httpx.URL(Broker("quickbooks_online", world().ports)(ask)["location"])

    assert (where.host, where.path) == ("appcenter.intuit.com", "/connect/oauth2")
    assert dict(where.params) == {"response_type": "code", "client_id": "id", "redirect_uri": "https://b.test/cb",
                                  "scope": "com.intuit.quickbooks.accounting", "state": "s"}  # fmt: skip


def test_a_broker_trades_a_code_and_keeps_who_and_where() -> None:
    room = world(signed_in=False)
    seen = issuing(room)
    ask = {"action": "connect", "code": "abc", "redirect_uri": "https://b.test/cb", "page": "https://b.test/g",
           "by": "pat@example.com"}  # fmt: skip

    assert Broker(GUSTO, room.ports)(ask) == {"connected": True, "calls": 1}

    item = room.state.get(f"token/{GUSTO}")
    assert item
    assert (item.value["page"], item.value["connected_by"]) == ("https://b.test/g", "pat@example.com")
    assert seen[0]["code"] == "abc"


def every(kind: type[DataBlueprintError]) -> list[type[DataBlueprintError]]:
    return [kind, *(found for sub in kind.__subclasses__() for found in every(sub))]


@pytest.mark.parametrize("kind", [k for k in every(DataBlueprintError) if k.__module__ == errors.__name__])
def test_every_error_survives_the_way_between_two_functions(kind: type[DataBlueprintError]) -> None:
    error = (
        kind("It went wrong")
        if not issubclass(kind, SourceError)
        else (
            kind("Gusto", "it went wrong", retry_after=7.0, record="r-1")
            if kind is errors.RateLimited
            else kind("Gusto", "it went wrong", way_out="Do this", record="r-1")
        )
    )

    back = errors.from_document(json.loads(json.dumps(errors.as_document(error))))

    assert type(back) is kind
    assert str(back) == str(error)
    assert vars(back) == vars(error)


def test_an_error_that_is_not_ours_keeps_its_sentence() -> None:
    back = errors.from_document({"type": "Mapping", "text": "Something else"})

    assert (type(back), str(back)) == (DataBlueprintError, "Something else")


def test_the_broker_of_an_account_seals_what_it_stores_and_hands_out_what_opens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from moto import mock_aws

    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        import boto3

        key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
        boto3.client("secretsmanager").create_secret(
            Name="datablueprint/acme/gusto", SecretString='{"client_id": "id", "client_secret": "secret"}'
        )
        keys = ("family", "HASH"), ("name", "RANGE")
        boto3.client("dynamodb").create_table(
            TableName="state",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name, _ in keys],
        )
        source = {"base_url": "https://api.gusto.test", "account": "c", "secret": "datablueprint/acme/gusto"}
        told = {"tenant": "acme", "sources": {GUSTO: source}, "state_table": "state", "seal_key": key}
        monkeypatch.setenv("DATABLUEPRINT_SETTINGS", json.dumps(told))
        room = world(signed_in=False)
        issuing(room)
        monkeypatch.setattr(runtime, "http_client", room.ports.http)
        broker = runtime.broker_from_env(GUSTO)

        connected = broker({"action": "connect", "code": "abc", "redirect_uri": "https://b.test/cb"})
        answer = broker({"action": "access"})

        rows = {row["name"]: row["document"] for row in boto3.resource("dynamodb").Table("state").scan()["Items"]}

    assert (connected, answer["access_token"]) == ({"connected": True, "calls": 1}, "access-2")
    assert "on the page of connections" in answer["door"]
    assert not [text for text in rows.values() if "access-2" in text or "refresh-2" in text]
    assert {name: text.count("kms1:") for name, text in rows.items()} == {"token/gusto": 2, "connection/gusto": 0}


def test_an_extractor_with_a_broker_needs_no_secret_and_no_key() -> None:
    room, client, tokens = connected()
    room.vendor.on("/v1/companies/company-7/employees", [])
    ports = replace(room.ports, secrets=MemorySecrets({}), seal=None, tokens=lambda name, calls: tokens)
    reader = Client(by_name(GUSTO), ports)

    reader.read("/v1/companies/company-7/employees", {}, kind="lists", about="employees")

    assert room.vendor.requests[0].headers["Authorization"] == "Bearer access-1"
    assert client.events == [{"action": "access"}]


def test_a_function_without_a_seal_cannot_touch_tokens_at_all() -> None:
    room, _, _ = connected(minutes=-5)
    ports = replace(room.ports, seal=None)

    with pytest.raises(SettingsError, match="its token broker; nothing else opens them"):
        Client(by_name(GUSTO), ports).read("/v1/me", {}, kind="lists", about="me")
