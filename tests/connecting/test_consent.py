"""Consent counts once, for the company it is for, in the browser of the administrator who asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from datablueprint.runtime import http_client
from local.sandbox.sandbox import REALM, Sandbox
from local.sandbox_home import settings_for
from tests.connecting.kit import ORIGIN, QBO, Browser, signed_in, tokens
from tests.fakes import NOON, MemorySecrets, StepClock, world


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
