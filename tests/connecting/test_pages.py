"""Only an administrator is let in, and no page shows or runs what somebody sent."""

from __future__ import annotations

import json
import logging
from html.parser import HTMLParser

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datablueprint.connecting.web import COOKIE
from tests.connecting.kit import ADMIN, QBO, room, signed_in


def test_an_administrator_s_browser_gets_a_cookie_that_only_these_pages_see() -> None:
    made, browser = room()

    answer = browser.sign_in()

    assert json.loads(answer["body"]) == {"location": "/api/connect"}
    assert answer["headers"]["Set-Cookie"].endswith("; Path=/api/connect; Max-Age=1800; HttpOnly; Secure; SameSite=Lax")
    secret = browser.cookie.removeprefix(f"{COOKIE}=")
    assert len(secret) >= 43
    assert secret not in json.dumps([[key, item.value] for key, item in made.state.list("")])


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({}, 403),
        ({**ADMIN, "cognito:groups": ""}, 403),
        ({**ADMIN, "cognito:groups": "estimators,not-administrators"}, 403),
        ({**ADMIN, "iss": "https://another"}, 404),
    ],
)
def test_nobody_else_gets_one(claims: dict[str, str], status: int) -> None:
    _, browser = room()

    answer = browser.sign_in({"iss": "https://issuer", **claims})

    assert answer["statusCode"] == status
    assert "Set-Cookie" not in answer["headers"]
    assert json.loads(answer["body"])["fix"]


@pytest.mark.parametrize("groups", ["administrators", "[estimators administrators]", "a, administrators"])
def test_the_group_is_found_however_api_gateway_writes_the_list(groups: str) -> None:
    _, browser = room()

    assert browser.sign_in({**ADMIN, "cognito:groups": groups})["statusCode"] == 200


@pytest.mark.parametrize("origin", ["", "null", "http://evil.test", "https://evil.test/path", "javascript:alert(1)"])
def test_an_address_that_is_no_page_of_ours_begins_nothing(origin: str) -> None:
    _, browser = room()

    assert browser.sign_in(origin=origin)["statusCode"] == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/connect"), ("GET", f"/connect/{QBO}"), ("POST", "/connect/procore"), ("GET", "/connect/gusto/callback")],
)
@pytest.mark.parametrize("cookie", ["", f"{COOKIE}=made-up", "other=x", f"{COOKIE}=\u0000;;;"])
def test_a_browser_nobody_knows_is_shown_the_entrance_and_nothing_else(method: str, path: str, cookie: str) -> None:
    _, browser = room()
    browser.cookie = cookie

    answer = browser.open(path, method)

    assert answer["statusCode"] == 401
    assert 'href="/#/connect"' in answer["body"]
    assert "91303500" not in answer["body"]


def test_a_session_is_over_after_half_an_hour() -> None:
    made, browser = signed_in()
    made.clock.move(minutes=30)

    assert browser.open("/connect")["statusCode"] == 401


def test_the_list_says_state_last_read_end_and_what_is_wrong() -> None:
    made, browser = signed_in()
    browser.back(code="c", state=browser.begin()["state"], realmId="91303500")
    stale = {"read_at": "2026-11-19T18:00:00+00:00", "stale": True, "error": "Gusto: revoked. Reconnect <it>"}
    made.state.put("freshness/gusto", stale, expected_version=0)

    body = browser.open("/connect")["body"]

    assert "Connected" in body
    assert "Not connected yet" in body
    assert "the connection ends on 2026-12-10, in 20 days" in body
    assert "19 November 2026" in body
    assert "Gusto: revoked. Reconnect &lt;it&gt;" in body
    assert "payroll" not in body.lower()


ATTACKS = ("<script>x</script>", '"><img src=x onerror=y>', "&lt;", "' onclick=x")


class Reader(HTMLParser):
    """What a browser would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.active: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        style_or_handler = [name for name, _ in attrs if name.startswith("on") or name == "style"]
        elsewhere = [v for name, v in attrs if name in ("href", "src", "action") and not str(v).startswith("/")]
        if tag in ("script", "iframe", "object", "embed", "base", "style") or style_or_handler or elsewhere:
            self.active.append(f"{tag} {attrs}")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(min_size=1, max_size=60) | st.sampled_from(["<script>x</script>", '"><img src=x onerror=y>', "&lt;"])
)
def test_no_page_runs_or_loads_what_anybody_sent(text: str) -> None:
    made, browser = signed_in()
    made.state.put("freshness/gusto", {"read_at": None, "error": text}, expected_version=0)
    for query in ({"error": text}, {"code": "c", "realmId": text}):
        browser.back(state=browser.begin()["state"], **query)
    browser.open("/connect")
    browser.open(f"/connect/{text}")

    for answer in browser.seen:
        if answer["headers"].get("Content-Type", "").startswith("text/html"):
            reader = Reader()
            reader.feed(answer["body"])
            assert reader.active == []
            assert answer["headers"]["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
            assert "frame-ancestors 'none'" in answer["headers"]["Content-Security-Policy"]


def test_no_code_state_cookie_or_token_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made, browser = signed_in()
    state = browser.begin()["state"]
    made.vendor.on("/oauth2/v1/tokens/bearer", lambda _: httpx.Response(400, json={"error": "invalid_grant"}))
    browser.back(code="the-code", state=state, realmId="91303500")

    told = caplog.text + str([vars(record) for record in caplog.records])

    assert "connecting failed" in told
    for secret in ("the-code", state, browser.cookie.split("=")[1], "access-1", "refresh-1"):
        assert secret not in told
