"""Where the page is hosted, people sign in, stay signed in for the day, and lose nothing when the day is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api", reason="the browser tests need the package playwright")

from tests.web.conftest import Asked
from tests.web.hosting import PERSON, Hosted, hosting
from tests.web.kit import DESK, PHONE, Reader

EXPECTED = "the server responded with a status of"
"""What the console says of every answer that is no success; here some are meant."""


@pytest.fixture(scope="module")
def hosted_page(site: Asked, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    with hosting(site.site.resolve, site.site.tenant, tmp_path_factory.mktemp("hosted")) as made:
        yield made


@pytest.fixture
def page(hosted_page: Hosted) -> Hosted:
    """The hosted page on a new day."""
    hosted_page.sign_in.expire(whole=True)
    hosted_page.sign_in.visits.clear()
    hosted_page.sign_in.refuses = ""
    return hosted_page


@contextmanager
def visiting(browser: Any, page: Hosted, size: tuple[int, int] = DESK) -> Iterator[Reader]:
    """A fresh tab that keeps the policy: whatever else it complains of fails the test."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    reader = Reader(context.new_page(), page.url)
    yield reader
    context.close()
    assert [told for told in reader.complaints if EXPECTED not in told] == []


def test_whoever_comes_signs_in_and_lands_where_the_link_led(browser: Any, page: Hosted, site: Asked) -> None:
    with visiting(browser, page) as reader:
        reader.go(f"ask/{site.ids['figure']}", until=".answer")

        assert reader.page.url == f"{page.url}#/ask/{site.ids['figure']}"
        assert reader.page.locator(".person").inner_text() == PERSON
        assert page.sign_in.visits == ["/oauth2/authorize", "/oauth2/token authorization_code"]

        reader.page.reload()
        reader.seen(".answer")

        assert page.sign_in.visits[2:] == ["/oauth2/token refresh_token"]


def test_no_access_token_is_kept_outside_memory(browser: Any, page: Hosted) -> None:
    with visiting(browser, page) as reader:
        reader.go("start", until=".portfolio")
        kept = reader.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])")

        assert page.sign_in.access
        assert not [token for token in page.sign_in.access if token in kept]


def test_an_expired_token_is_renewed_without_anybody_noticing(browser: Any, page: Hosted, site: Asked) -> None:
    with visiting(browser, page) as reader:
        reader.go("ask", until=".composer")
        page.sign_in.expire()

        answer = reader.ask(f"What is the margin at completion of {site.job}?")

        assert site.job in answer.inner_text()
        assert page.sign_in.visits[2:] == ["/oauth2/token refresh_token"]


def test_after_the_day_a_question_is_asked_once_its_person_signed_in_again(
    browser: Any, page: Hosted, site: Asked
) -> None:
    with visiting(browser, page) as reader:
        reader.go("ask", until=".composer")
        page.sign_in.expire(whole=True)

        box = reader.page.locator(".composer textarea")
        box.fill(f"What is the contract value of {site.job}?")
        box.press("Enter")
        reader.page.wait_for_url(f"{page.url}#/ask/*")

        assert "contract value" in reader.newest().inner_text().lower()
        assert reader.page.locator("article.turn").count() == 1
        assert page.sign_in.visits.count("/oauth2/authorize") == 2


def test_what_was_only_typed_stands_in_the_box_after_signing_in_again(browser: Any, page: Hosted, site: Asked) -> None:
    with visiting(browser, page) as reader:
        reader.go("start", until=".portfolio")
        reader.page.locator(".composer textarea").fill("What about")
        page.sign_in.expire(whole=True)
        with reader.page.expect_navigation(url=f"{page.url}?code=*"):
            reader.page.evaluate("import('./js/api.js').then(api => { api.get('/status'); })")
        reader.seen(".portfolio")

        assert reader.page.locator(".composer textarea").input_value() == "What about"


def test_a_file_is_had_by_whoever_is_signed_in(browser: Any, page: Hosted, site: Asked) -> None:
    with visiting(browser, page) as reader:
        reader.go(f"ask/{site.ids['figure']}", until=".answer")
        with reader.page.expect_download() as download:
            reader.newest().get_by_role("button", name="PDF").click()

        assert download.value.suggested_filename == "answer.pdf"
        assert download.value.path().read_bytes().startswith(b"%PDF")


def test_signing_out_leaves_nothing_and_the_way_in_is_offered(browser: Any, page: Hosted) -> None:
    with visiting(browser, page, PHONE) as reader:
        reader.go("start", until=".portfolio")
        reader.picture("signed-in-phone")
        reader.page.get_by_role("button", name="Sign out").click()
        reader.page.get_by_role("heading", name="You are signed out").wait_for()
        reader.picture("signed-out-phone")

        assert page.sign_in.visits[-2:] == ["/oauth2/revoke", "/logout"]
        assert page.sign_in.refresh == set()
        assert reader.page.evaluate("Object.keys(sessionStorage)") == ["datablueprint.out"]
        assert reader.sideways() <= 0

        reader.page.get_by_role("button", name="Sign in").click()
        reader.seen(".portfolio")


def test_who_is_not_let_in_reads_why(browser: Any, page: Hosted) -> None:
    page.sign_in.refuses = "access_denied"
    with visiting(browser, page, PHONE) as reader:
        card = reader.go("start", until=".problem")
        reader.picture("not-let-in-phone")

        assert "Your account is not assigned to this application." in card.inner_text()
        page.sign_in.refuses = ""
        reader.page.get_by_role("button", name="Sign in").click()
        reader.seen(".portfolio")


def test_a_code_that_this_tab_never_asked_for_is_not_taken(browser: Any, page: Hosted) -> None:
    with visiting(browser, page) as reader:
        reader.page.goto(f"{page.url}?code=stolen&state=guessed&error_description=Call+this+number")
        card = reader.seen(".problem")

        assert "not begun in this tab" in card.inner_text()
        assert "Call this number" not in card.inner_text()
        assert page.sign_in.visits == []


def test_a_laptop_asks_nobody_and_says_nothing_of_signing_in(browser: Any, site: Asked) -> None:
    context = browser.new_context()
    asked: list[str] = []
    reader = Reader(context.new_page(), site.url)
    reader.page.on("request", lambda request: asked.append(request.url))
    reader.go("start", until=".portfolio")

    assert reader.page.locator("#account").inner_text() == ""
    assert all(url.startswith((site.url, "about:")) and "config" not in url for url in asked)
    context.close()
    assert reader.complaints == []
