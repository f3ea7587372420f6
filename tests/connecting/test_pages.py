"""Only an administrator connects, each consent counts once, and no page shows or runs what somebody sent."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datablueprint.connecting.doors import Doors
from datablueprint.connecting.web import COOKIE, Pages
from datablueprint.errors import from_document
from datablueprint.ports import Ports
from datablueprint.runtime import http_client
from datablueprint.sources.broker import Broker
from local.sandbox.sandbox import REALM, Sandbox
from local.sandbox_home import settings_for
from tests.fakes import NOON, MemorySecrets, StepClock, World, world

ORIGIN = "https://blueprint.test"
ADMIN = {"username": "pat@example.com", "cognito:groups": "administrators,estimators", "iss": "https://issuer"}
QBO = "quickbooks_online"


class InProcess:
    """A broker without Lambda between."""

    def __init__(self, source: str, ports: Ports) -> None:
        self.broker = Broker(source, ports)

    def ask(self, action: str, **about: Any) -> dict[str, Any]:
        answer = self.broker({"action": action, **about})
        if "error" in answer:
            raise from_document(answer["error"])
        return answer


class Browser:
    """Opens pages with the cookie it was given."""

    def __init__(self, ports: Ports) -> None:
        self.ports = ports
        self.pages = Pages(Doors(ports.settings, ports.state, ports.clock, lambda name: InProcess(name, ports)))
        self.cookie = ""
        self.seen: list[dict[str, Any]] = []

    def open(
        self, path: str, method: str = "GET", query: Mapping[str, str] | None = None, claims: Any = None, **headers: str
    ) -> dict[str, Any]:
        sent = {"Cookie": self.cookie, **{name.replace("_", "-"): value for name, value in headers.items()}}
        event = {"httpMethod": method, "path": path, "headers": sent, "queryStringParameters": query,
                 "requestContext": {"authorizer": {"claims": claims}} if claims else {}}  # fmt: skip
        self.seen.append(self.pages(event))
        return self.seen[-1]

    def sign_in(self, claims: Mapping[str, str] = ADMIN, origin: str = ORIGIN) -> dict[str, Any]:
        answer = self.open("/connect", "POST", claims=claims, Origin=origin)
        if "Set-Cookie" in answer["headers"]:
            self.cookie = answer["headers"]["Set-Cookie"].split(";")[0]
        return answer

    def begin(self, name: str = QBO) -> dict[str, str]:
        """Press Connect; what the vendor's consent page is asked."""
        answer = self.open(f"/connect/{name}")
        assert answer["statusCode"] == 302
        return {key: values[0] for key, values in parse_qs(urlsplit(answer["headers"]["Location"]).query).items()}

    def back(self, name: str = QBO, **query: str) -> dict[str, Any]:
        return self.open(f"/connect/{name}/callback", query=query)


def room() -> tuple[World, Browser]:
    made = world(signed_in=False)
    ports = replace(made.ports, settings=made.ports.settings.model_copy(update={"issuer": "https://issuer"}))
    body = {"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": 3600,
            "x_refresh_token_hard_expires_in": 86400 * 20}  # fmt: skip
    for path in ("/oauth/token", "/oauth2/v1/tokens/bearer"):
        made.vendor.on(path, body)
    return made, Browser(ports)


def signed_in() -> tuple[World, Browser]:
    made, browser = room()
    assert browser.sign_in()["statusCode"] == 200
    return made, browser


def tokens(made: World, name: str = QBO) -> dict[str, Any] | None:
    item = made.state.get(f"token/{name}")
    return item.value if item else None


# -- who may -------------------------------------------------------------------------------------------


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


# -- connecting ----------------------------------------------------------------------------------------


def test_consent_stores_the_tokens_and_where_and_by_whom() -> None:
    made, browser = signed_in()

    asked = browser.begin()
    answer = browser.back(code="the-code", state=asked["state"], realmId="91303500")

    assert answer["statusCode"] == 200
    assert "QuickBooks Online is connected" in answer["body"]
    assert asked["redirect_uri"] == f"{ORIGIN}/api/connect/{QBO}/callback"
    kept = tokens(made)
    assert kept
    assert (kept["page"], kept["connected_by"]) == (f"{ORIGIN}/api/connect/{QBO}", "pat@example.com")


def test_a_state_is_of_256_random_bits_and_counts_once() -> None:
    made, browser = signed_in()
    states = {browser.begin()["state"] for _ in range(20)}
    chosen = states.pop()
    assert len(states) == 19
    assert len(chosen) == 43

    first = browser.back(code="c", state=chosen, realmId="91303500")
    made.state.delete(f"token/{QBO}")
    again = browser.back(code="c", state=chosen, realmId="91303500")

    assert (first["statusCode"], again["statusCode"]) == (200, 400)
    assert tokens(made) is None


def test_of_two_answers_with_one_state_that_come_at_once_one_counts() -> None:
    made, browser = signed_in()
    state = browser.begin()["state"]
    answers: list[dict[str, Any]] = []

    def other_first(key: str) -> None:
        if key.startswith("connect/state/") and not answers:
            answers.append({})
            answers[0] = Browser.back(browser, code="c", state=state, realmId="91303500")

    made.state.before_put = other_first
    answers.append(browser.back(code="c", state=state, realmId="91303500"))

    assert [answer["statusCode"] for answer in answers] == [200, 400]


@pytest.mark.parametrize("wrong", ["late", "made up", "none", "of another system", "of another browser"])
def test_an_answer_that_was_not_asked_for_is_not_traded(wrong: str) -> None:
    made, browser = signed_in()
    state = browser.begin("gusto" if wrong == "of another system" else QBO)["state"]
    if wrong == "late":
        made.clock.move(minutes=10)
    if wrong == "of another browser":
        browser.sign_in()
    state = {"made up": "x" * 43, "none": ""}.get(wrong, state)

    answer = browser.back(code="c", state=state, realmId="91303500")

    assert answer["statusCode"] == 400
    assert tokens(made) is None
    assert not [r for r in made.vendor.requests if r.method == "POST"]


@pytest.mark.parametrize("realm", ["91303501", "", "<script>alert(1)</script>"])
def test_another_quickbooks_company_is_refused_before_its_code_is_traded(realm: str) -> None:
    made, browser = signed_in()

    answer = browser.back(code="c", state=browser.begin()["state"], realmId=realm)

    assert answer["statusCode"] == 409
    assert "Another QuickBooks company was chosen" in answer["body"]
    assert "<script" not in answer["body"]
    assert tokens(made) is None
    assert not made.vendor.requests


def test_no_is_an_answer_and_is_shown_in_words() -> None:
    made, browser = signed_in()

    answer = browser.back(state=browser.begin()["state"], error="access_denied")

    assert answer["statusCode"] == 400
    assert "QuickBooks Online is not connected: nobody agreed" in answer["body"]
    assert tokens(made) is None


def test_a_code_that_the_vendor_refuses_is_told_with_the_way_out() -> None:
    made, browser = signed_in()
    made.vendor.on("/oauth2/v1/tokens/bearer", lambda _: httpx.Response(400, json={"error": "invalid_grant"}))

    answer = browser.back(code="c", state=browser.begin()["state"], realmId="91303500")

    assert answer["statusCode"] == 409
    assert "refused the code or token (invalid_grant)" in answer["body"]
    assert f"Start again at {ORIGIN}/api/connect/{QBO}" in answer["body"]


def test_client_credentials_are_proved_without_a_consent_page() -> None:
    made, browser = signed_in()

    proved = browser.open("/connect/procore", "POST")

    assert (proved["statusCode"], "Procore is connected" in proved["body"]) == (200, True)
    assert browser.open("/connect/procore")["headers"]["Location"] == "/api/connect"
    assert tokens(made, "procore")


def test_another_site_cannot_press_a_button() -> None:
    made, browser = signed_in()

    answer = browser.open("/connect/procore", "POST", Sec_Fetch_Site="cross-site")

    assert answer["statusCode"] == 403
    assert tokens(made, "procore") is None


@pytest.mark.parametrize("path", ["/connect/xero", "/connect/payroll_file", "/connect/../x", "/connect/a/b/c"])
def test_there_is_nothing_else(path: str) -> None:
    _, browser = signed_in()

    assert browser.open(path)["statusCode"] == 404


# -- what is shown -------------------------------------------------------------------------------------


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


# -- with a vendor that answers ------------------------------------------------------------------------


@pytest.fixture
def vendors() -> Iterator[Sandbox]:
    with Sandbox(today=NOON.date(), clock=lambda: NOON) as running:
        yield running


@pytest.mark.parametrize(("name", "vendor"), [(QBO, "quickbooks"), ("gusto", "gusto"), ("procore", "procore")])
def test_the_whole_way_through_a_vendor_s_consent_page(vendors: Sandbox, name: str, vendor: str) -> None:
    made = world(signed_in=False)
    found = settings_for(vendors)
    chosen = found.sources[name]
    options = {"grant": "authorization_code", "consent_url": chosen.login_url or chosen.base_url}
    given_keys = {key: vendors.credentials[vendor][key] for key in ("client_id", "client_secret")}
    ports = replace(
        made.ports,
        settings=found.model_copy(update={"sources": {name: chosen.model_copy(update={"options": options})}}),
        secrets=MemorySecrets({name: given_keys}),
        http=http_client,
        clock=StepClock(NOON),
    )
    browser = Browser(ports)
    browser.sign_in()

    consent = httpx.get(browser.open(f"/connect/{name}")["headers"]["Location"])
    brought = dict(httpx.URL(consent.headers["Location"]).params)
    answer = browser.back(name, **brought)

    assert answer["statusCode"] == 200, re.sub("<[^>]+>", "", answer["body"])
    assert brought.get("realmId") == (REALM if name == QBO else None)
    kept = tokens(made, name)
    assert kept
    assert vendors._tokens[vendor].account_of(kept["access_token"])
    assert timedelta(0) < timedelta(seconds=vendors._tokens[vendor].expires_in(kept["access_token"]))
