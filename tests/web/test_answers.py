"""What a person asks on the page is answered with figures that open into records, and those add up."""

from __future__ import annotations

from decimal import Decimal

import pytest

pytest.importorskip("playwright.sync_api", reason="the browser tests need the package playwright")

from tests.web.conftest import Asked
from tests.web.kit import Reader, amounts, money


def test_a_figure_opens_into_records_whose_subtotal_equals_it_to_the_cent(reader: Reader, site: Asked) -> None:
    reader.go("start", until=".portfolio")
    answer = reader.ask(f"What is the margin at completion of {site.job}?")
    shown = answer.locator(".headline .fig").inner_text()

    panel = reader.open_headline()
    assert panel.locator(".big-figure").inner_text().startswith(shown)
    reader.open_term("Gross profit at completion")
    reader.open_term("Contract value")
    panel = reader.panel()
    reader.all_records(panel)

    stated = money(panel.locator(".big-figure").inner_text().split()[0])
    subtotal = money(panel.locator("[data-subtotal]").inner_text())
    assert sum(amounts(panel), Decimal(0)) == subtotal
    assert subtotal.quantize(Decimal(1)) == stated
    assert "equals the figure to the cent" in panel.locator(".says").inner_text()


def test_cost_to_date_adds_up_from_every_page_of_its_records_and_verifies(reader: Reader, site: Asked) -> None:
    figure = f"actual_cost/{site.job}/2026-11-19"
    told = site.api("GET", f"/figures?id={figure}")

    reader.go(f"figure/{figure.replace('/', '%2F')}", until="dialog.panel[open]")
    panel = reader.panel()
    reader.all_records(panel)
    panel.locator("button", has_text="Verify").click()
    verdict = panel.locator(".verdict.holds, .verdict.fails")
    verdict.wait_for()

    assert sum(amounts(panel), Decimal(0)) == Decimal(told["value"])
    assert money(panel.locator("[data-subtotal]").inner_text()) == Decimal(told["value"])
    assert "ties to the cent" in verdict.inner_text()


def test_a_record_shows_our_stored_copy_and_where_it_stands_at_its_vendor(reader: Reader, site: Asked) -> None:
    reader.go(f"figure/contract_value%2F{site.job}%2F2026-11-19", until="dialog.panel[open]")
    panel = reader.panel()

    panel.locator("button", has_text="Our copy").first.click()
    stored = panel.locator(".stored").first
    stored.wait_for()

    assert "fetched" in stored.inner_text()
    outside = panel.locator(".record-links a").first
    assert outside.get_attribute("rel") == "noopener noreferrer"
    assert "Open in Procore" in outside.inner_text()


def test_a_supposition_is_marked_and_stacks_with_another(reader: Reader, site: Asked) -> None:
    reader.go(f"ask/{site.ids['figure']}", until=".answer")
    bar = reader.newest().locator(".what-if")

    bar.locator("summary").click()
    bar.get_by_label("Pending change orders").select_option("approve all")
    bar.get_by_label("Labor burden").fill("2")
    bar.get_by_role("button", name="See what it makes").click()
    reader.page.locator("article.turn").nth(1).wait_for()
    answer = reader.newest()

    assert "HYPOTHETICAL" in answer.locator(".banner").first.inner_text()
    assert "approve all, burden +2" in answer.locator(".banner").first.inner_text()
    assert "supposed" in (answer.locator(".card").get_attribute("class") or "")


def test_scenarios_stand_beside_today(reader: Reader, site: Asked) -> None:
    reader.go(f"ask/{site.ids['figure']}", until=".answer")
    bar = reader.newest().locator(".what-if")
    bar.locator("summary").click()

    for choice in ("approve all", "reject all"):
        bar.get_by_label("Pending change orders").select_option(choice)
        bar.get_by_role("button", name="Add to comparison").click()
    bar.get_by_role("button", name="Compare with today").click()
    heads = bar.locator("thead th")
    bar.locator("table").wait_for()

    assert heads.all_inner_texts() == ["Figure", "Today", "approve all", "reject all"]
    bar.locator("tbody tr").first.locator(".fig").nth(1).click()
    assert "HYPOTHETICAL" in reader.panel().locator(".banner").inner_text()


def test_a_changed_chip_asks_the_changed_question(reader: Reader, site: Asked) -> None:
    reader.go(f"ask/{site.ids['figure']}", until=".answer")
    answer = reader.newest()

    answer.locator(".chip[data-slot='metric']").click()
    answer.locator(".chip-editor select").select_option("contract_value")
    answer.get_by_role("button", name="Ask again").click()
    reader.page.locator("article.turn").nth(1).wait_for()

    assert reader.newest().locator(".headline-label").inner_text() == "Contract value"


def test_an_ambiguous_question_offers_its_readings(reader: Reader) -> None:
    reader.go("ask", until=".composer")
    asked_back = reader.ask("What is the margin of Retail Pad?")
    options = asked_back.locator(".options button")
    assert options.count() >= 2

    wanted = options.first.locator(".option-label").inner_text()
    options.first.click()
    reader.page.locator("article.turn").nth(1).wait_for()

    assert wanted.split()[-1] in reader.newest().inner_text()


def test_a_refusal_says_why_where_it_is_and_what_can_be_asked(reader: Reader) -> None:
    reader.go("ask", until=".composer")
    refused = reader.ask("What do we owe vendors past 60 days?").locator(".refusal")

    assert "A/P Aging" in refused.inner_text()
    assert refused.locator(".pills button").count() > 0
    assert refused.locator("button.fig").count() == 0


def test_several_questions_run_at_once(reader: Reader, site: Asked) -> None:
    reader.go("ask", until=".composer")
    for question in (f"What is the backlog of {site.job}?", "Which jobs are best?"):
        box = reader.page.locator(".composer textarea")
        box.fill(question)
        box.press("Enter")

    reader.page.locator("article.turn").nth(1).wait_for()
    reader.page.locator("article.turn .card:not(.running)").nth(1).wait_for()
    heads = reader.page.locator("article.turn h2.question").all_inner_texts()
    assert heads == [f"What is the backlog of {site.job}?", "Which jobs are best?"]


def test_an_answer_has_a_link_that_opens_it_again(reader: Reader, site: Asked) -> None:
    reader.go(f"ask/{site.ids['figure']}", until=".answer")
    reader.newest().get_by_role("button", name="Copy link").click()
    reader.seen(".toast.shown")
    link = reader.page.evaluate("navigator.clipboard.readText()")

    reader.page.goto("about:blank")
    reader.page.goto(link)

    assert site.job in reader.newest().locator(".sentence").inner_text()


def test_an_answer_is_copied_as_a_sentence_and_exported(reader: Reader, site: Asked) -> None:
    reader.go(f"ask/{site.ids['figure']}", until=".answer")
    answer = reader.newest()
    answer.get_by_role("button", name="Copy as sentence").click()
    reader.seen(".toast.shown")

    assert "grade" in reader.page.evaluate("navigator.clipboard.readText()").lower()
    for kind in ("Excel", "PDF"):
        with reader.page.expect_download() as download:
            answer.get_by_role("button", name=kind).click()
        assert download.value.path().stat().st_size > 1000


def test_a_saved_question_stands_on_the_start_page_until_it_is_forgotten(reader: Reader, site: Asked) -> None:
    reader.go(f"ask/{site.ids['figure']}", until=".answer")
    answer = reader.newest()
    answer.get_by_role("button", name="Save").click()
    answer.get_by_label("Name").fill("Monday")
    answer.get_by_role("button", name="Save").click()
    answer.get_by_text("it stands on the start page").wait_for()

    reader.go("start", until=".saved")
    reader.page.get_by_role("button", name="Monday", exact=True).click()
    assert site.job in reader.newest().locator(".sentence").inner_text()

    reader.go("start", until=".saved")
    reader.page.get_by_role("button", name="Forget “Monday”").click()
    reader.page.locator(".saved li").wait_for(state="detached")
    assert site.api("GET", "/saved-questions")["saved"] == []


def test_feedback_is_kept_with_its_note(reader: Reader, site: Asked) -> None:
    reader.go(f"ask/{site.ids['rank']}", until=".answer")
    group = reader.newest().locator(".feedback")

    group.get_by_role("button", name="No, it is wrong").click()
    group.get_by_label("What is wrong").fill("Closed jobs should be in it")
    group.get_by_role("button", name="Send").click()
    group.get_by_text("it becomes a test case").wait_for()

    kept = site.api("GET", "/feedback")["feedback"]
    assert [(one["verdict"], one["note"]) for one in kept] == [("wrong", "Closed jobs should be in it")]
