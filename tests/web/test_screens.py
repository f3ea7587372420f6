"""Every screen works on a desk and on a phone, by light and by dark, for people who see it, hear it or type."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("playwright.sync_api", reason="the browser tests need the package playwright")

from datablueprint.settings import Settings
from local.home import Home
from local.serve import serving
from tests.web.conftest import Asked, Read
from tests.web.kit import AXE, CONTRAST, DESK, PHONE, RULES, Reader, Scheme, money

WITHIN = "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
"""Whether the focus is in the dialog, or on its way round through the browser's own bar."""
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
ANSWERS = ("figure", "change", "rank", "supposed", "clarify", "refused", "schedule", "health")


def test_the_start_page_shows_what_moved_what_to_decide_and_what_to_ask(reader: Reader, site: Asked) -> None:
    reader.go("start", until=".portfolio")
    moved = reader.page.locator(".portfolio tbody td:nth-child(2)").all_inner_texts()
    sizes = [abs(money(text)) for text in moved if text.startswith(("+", "-", "$"))]

    assert sizes == sorted(sizes, reverse=True)
    assert reader.page.locator(".starters button").count() > 0
    assert reader.page.locator(".aside .plain-list li").count() > 0
    assert set(re.findall("Procore|QuickBooks|Gusto", reader.page.locator(".fresh").inner_text())) == {
        "Procore", "QuickBooks", "Gusto"
    }  # fmt: skip


def test_every_starter_question_is_answered(reader: Reader) -> None:
    reader.go("start", until=".starters")
    starters = reader.page.locator(".starters button").all_inner_texts()

    for starter in starters:
        reader.go("start", until=".starters")
        reader.page.get_by_role("button", name=starter, exact=True).click()
        assert reader.newest().locator(".answer").count() == 1, starter


def test_a_job_has_a_page_with_its_figures_and_typed_questions(reader: Reader, site: Asked) -> None:
    reader.go("start", until=".portfolio")
    reader.page.locator(".portfolio tbody a").first.click()
    reader.seen(".tiles")
    assert site.job in reader.page.locator("h1").inner_text()

    reader.page.get_by_role("button", name="Which cost codes are off budget?").click()
    assert reader.newest().locator(".answer table tbody tr").count() > 1


def test_a_link_is_accepted_and_the_decision_taken_back(reader: Reader, site: Asked) -> None:
    reader.go("review", until=".link")
    dollars = [money(text) for text in reader.page.locator(".link-dollars").all_inner_texts() if "$" in text]
    assert dollars == sorted(dollars, reverse=True)
    link = reader.page.locator(".link").first
    decided = link.get_attribute("data-link")

    link.get_by_role("button", name="Accept: the same").click()
    link.get_by_role("button", name="Undo").wait_for()
    accepted = [one["decided_since"] for one in every_link(site) if one["link_id"] == decided]
    assert reader.focused().startswith("Undo")
    link.get_by_role("button", name="Undo").click()
    link.get_by_role("button", name="Accept: the same").wait_for()

    assert accepted == ["accepted"]
    assert [one["decided_since"] for one in every_link(site) if one["link_id"] == decided] == [None]


def every_link(site: Asked) -> list[dict[str, str | None]]:
    found: list[dict[str, str | None]] = site.api("GET", "/links?state=all&limit=200")["links"]
    return found


def test_the_builder_asks_a_typed_question(reader: Reader) -> None:
    reader.go("build", until=".builder")
    reader.page.get_by_label("Find a figure").fill("actual cost")
    reader.page.get_by_label("Figure", exact=True).select_option("actual_cost")
    reader.page.get_by_label("For", exact=True).select_option("project")
    reader.page.get_by_label("Order").select_option("highest")
    reader.page.get_by_label("At most how many rows").fill("3")
    reader.page.get_by_label("At most how many rows").press("Tab")
    assert "highest first, at most 3" in reader.page.locator(".builder-foot").inner_text()

    reader.page.get_by_role("button", name="Ask", exact=True).click()
    assert reader.newest().locator(".answer tbody tr").count() == 3


def test_the_page_is_used_by_keys_alone(reader: Reader, site: Asked) -> None:
    reader.go("start", until=".portfolio")
    page = reader.page
    page.keyboard.press("Tab")
    assert reader.focused() == "Skip to content"
    page.get_by_label("Your question").focus()
    page.keyboard.type(f"margin at completion of {site.job}")
    page.keyboard.press("Enter")
    answer = reader.newest()

    answer.locator(".headline .fig").focus()
    page.keyboard.press("Enter")
    panel = reader.panel()
    held = []
    for _ in range(60):
        page.keyboard.press("Tab")
        held.append(
            page.evaluate(
                "document.activeElement.closest('dialog') !== null || document.activeElement === document.body"
            )
        )
    assert all(held), "the focus left the open panel"
    panel.locator(".terms .fig").first.focus()
    page.keyboard.press("Enter")
    page.locator("dialog h2", has_text="Gross profit").wait_for()
    page.go_back()
    page.locator("dialog h2", has_text="Gross margin").wait_for()
    page.keyboard.press("Escape")

    panel.wait_for(state="hidden")
    assert "open its records" in reader.focused()
    page.locator("#question").focus()
    page.keyboard.press("ArrowUp")
    assert page.locator("#question").input_value() == f"margin at completion of {site.job}"


@pytest.mark.parametrize("name", [*ANSWERS, "start", "panel", "job", "review", "build"])
def test_no_screen_breaks_a_rule_of_access_or_scrolls_sideways(
    reading: Read, site: Asked, axe: None, name: str
) -> None:
    route, part = screen(name, site)
    wrong: dict[str, object] = {}
    with reading() as reader:
        reader.go(route, until=part)
        if part.startswith("dialog"):
            reader.panel()
        for device, size in (("desk", DESK), ("phone", PHONE)):
            for scheme in SCHEMES:
                reader.seen_as(size, scheme)
                reader.picture(f"{name}-{device}-{scheme}")
                wrong[f"{device} {scheme}: sideways"] = reader.sideways() if reader.sideways() > 0 else None
                if (device, scheme) != ("phone", "dark"):  # its colours are those of the desk
                    wrong[f"{device} {scheme}"] = reader.violations(RULES if scheme == "light" else CONTRAST)
    assert {place: found for place, found in wrong.items() if found} == {}


def screen(name: str, site: Asked) -> tuple[str, str]:
    """The route of a screen, and the part that is there last."""
    if name in ANSWERS:
        return f"ask/{site.ids[name]}", "article .card:not(.running)"
    return {
        "start": ("start", ".portfolio"),
        "panel": (f"figure/actual_cost%2F{site.job}%2F2026-11-19", "dialog .record-table"),
        "job": (f"project/{site.job}", ".tiles"),
        "review": ("review", ".link"),
        "build": ("build", ".builder"),
    }[name]


def test_a_figure_that_is_not_there_is_told_with_a_way_out(reading: Read) -> None:
    with reading() as reader:
        reader.go("figure/gross_margin_at_completion%2F99-999%2F2026-11-19", until="dialog .problem")
        told = reader.page.locator("dialog .problem").inner_text()
        reader.complaints.clear()  # the browser notes the 404 itself

    assert "99-999" in told
    assert "Try again" in told


def test_a_lost_connection_is_told_and_tried_again(reading: Read) -> None:
    with reading() as reader:
        reader.go("ask", until=".composer")
        reader.page.context.set_offline(True)
        card = reader.ask("Which jobs are worst?")
        told = card.inner_text()
        reader.page.context.set_offline(False)
        card.get_by_role("button", name="Try again").click()
        reader.page.locator("article .answer").wait_for()
        reader.complaints.clear()  # the browser notes the failed request itself

    assert "Check the connection" in told


def test_without_the_chart_library_bars_and_tables_say_the_same(reading: Read, site: Asked) -> None:
    with reading() as reader:
        reader.page.route("**/vendor/*", lambda route: route.fulfill(status=404))
        reader.go(f"ask/{site.ids['rank']}", until=".chart .bars")
        told = reader.page.locator(".chart").inner_text()
        reader.complaints.clear()  # the browser notes the 404 itself

    assert "Charts are not installed" in told


def test_a_bar_of_a_chart_opens_its_figure(reader: Reader, site: Asked) -> None:
    if not (AXE.parent / "chart.umd.min.js").exists():
        pytest.skip("Chart.js is not there; `make web/vendor/chart.umd.min.js` brings it")
    reader.go(f"ask/{site.ids['rank']}", until=".chart canvas")
    reader.page.wait_for_timeout(200)
    middle = reader.page.locator(".chart canvas").evaluate(
        "c => { const bar = Chart.getChart(c).getDatasetMeta(0).data[0]; const at = bar.getCenterPoint();"
        " return {x: at.x, y: at.y}; }"
    )

    reader.page.locator(".chart canvas").click(position=middle)

    assert "Gross margin at completion" in reader.panel().inner_text()


def test_before_anything_was_read_the_page_says_how_to_begin(browser: object, tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    home.save_settings(Settings(tenant="new", company="New Builders"))

    with serving(home) as server:
        page = browser.new_page()  # type: ignore[attr-defined]
        page.goto(server.url)
        page.locator(".empty").wait_for()
        told = page.locator(".empty").inner_text()
        page.close()

    assert "datablueprint refresh" in told
