"""Nothing but a declared read can leave the process."""

from __future__ import annotations

import httpx
import pytest

from datablueprint.errors import WriteRefused
from datablueprint.sources import SOURCES, by_name
from datablueprint.sources.auth import Tokens
from datablueprint.sources.client import Client, guarded
from tests.fakes import World, world

VENDORS = "/rest/v1.0/vendors"


def client(room: World, name: str = "procore") -> Client:
    return Client(by_name(name), room.ports)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("source", [s for s in SOURCES if s.grant], ids=lambda s: s.name)
def test_no_verb_but_get_leaves_the_process(method: str, source: object) -> None:
    room = world()
    http = client(room, source.name)._http  # type: ignore[attr-defined]
    path = source.readable()[0].format(company="1", project="2", parent="3", view="4", entity="bill", id="5")  # type: ignore[attr-defined]

    with pytest.raises(WriteRefused, match=f"{method} {path}"):
        http.request(method, path)

    assert room.vendor.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "/rest/v1.0/companies",
        "/rest/v1.0/vendors/../projects",
        "/rest/v1.0/vendors/7",
        "https://elsewhere.test/rest/v1.0/vendors",
    ],
)
def test_a_path_that_no_stream_declares_is_refused(url: str) -> None:
    room = world()

    with pytest.raises(WriteRefused):
        client(room)._http.get(url)

    assert room.vendor.requests == []


def test_a_redirect_cannot_lead_outside() -> None:
    room = world()
    room.vendor.on(VENDORS, lambda _: httpx.Response(307, headers={"Location": "https://elsewhere.test/x"}))
    http = guarded(
        httpx.Client(
            base_url="https://api.procore.test",
            transport=httpx.MockTransport(room.vendor.handle),
            follow_redirects=True,
        ),
        "Procore",
        [("GET", VENDORS)],
    )

    with pytest.raises(WriteRefused):
        http.get(VENDORS)

    assert len(room.vendor.requests) == 1


def test_the_token_client_can_post_to_the_token_endpoint_and_nowhere_else() -> None:
    tokens = client(world())._tokens
    assert isinstance(tokens, Tokens)

    with pytest.raises(WriteRefused):
        tokens.endpoint.http.post("/oauth/revoke")
    with pytest.raises(WriteRefused):
        tokens.endpoint.http.get("/oauth/token")
