"""The document fits its pages, foots, names its snapshot on every page and ends with the id of every figure."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pytest

from datablueprint.exports import surety_pack
from tests.exports.kit import ACTIVE, DAY, FakeDesk, schedule, section

Page = Any


def pages(**changes: Any) -> list[Page]:
    told = schedule(**changes)
    return list(pypdfium2.PdfDocument(surety_pack(FakeDesk(told), told, "pdf")))


def text(page: Page) -> str:
    return " ".join(page.get_textpage().get_text_bounded().split())


@pytest.fixture(scope="module")
def told() -> list[str]:
    return [text(page) for page in pages(period={"24-001": "1000.10"})]


def test_the_first_page_names_company_day_and_snapshot(told: list[str]) -> None:
    assert told[0].startswith("Smith & Sons <Builders>: work-in-progress schedule")
    assert f"As of {DAY}, as known on 2026-11-20, snapshot 20261120T190032Z-ab0f01." in told[0]


def test_every_page_is_numbered_and_says_whose_it_is(told: list[str]) -> None:
    for number, page in enumerate(told, start=1):
        assert f"Page {number} of {len(told)}" in page
        assert f"Smith & Sons <Builders>, as of {DAY}, snapshot 20261120T190032Z-ab0f01" in page


def test_lines_and_totals_are_shown_to_the_cent_with_a_grade(told: list[str]) -> None:
    assert "24-003 A loss 1,000,000.00 1,200,000.00 (200,000.00) (20.0%) 300,000.00 25.0% 250,000.00" in told[0]
    assert "(50,000.00) 150,000.00 C" in told[0]
    assert "Total active projects 3,103,898.03 2,978,608.23 125,289.80 4.0%" in told[0]
    assert "Overbilled less underbilled: (298,366.91)." in " ".join(told)


def test_what_is_unavailable_says_so_and_the_period_has_a_column(told: list[str]) -> None:
    whole = " ".join(told)

    assert "unavailable unavailable unavailable 500.00 100.00 unavailable" in whole
    assert "Earned this period" in whole
    assert "1,000.10" in whole


def test_completed_contracts_notes_and_who_is_left_out_follow(told: list[str]) -> None:
    whole = " ".join(told)

    assert "Completed contracts: contract, cost and revenue" in whole
    assert "27-002 Evans Retail Pad 5: contract value is missing" in whole
    assert "Grade B: a fallback record or a stated default was used." in whole


def test_the_appendix_gives_every_figures_id(told: list[str]) -> None:
    appendix = " ".join(told).partition("Appendix")[2]
    stated = schedule()
    cells = [c for s in stated["sections"] for x in s["lines"] for c in x["cells"].values()]

    assert all(cell["id"] in appendix for cell in cells)
    assert f"backlog/closed-in/2026/{DAY}" in appendix


def test_nothing_runs_off_a_page_however_long_its_name() -> None:
    jobs = {(f"24-{n:03}", "Überlange Straße " + "x" * 90): row for n, row in enumerate([*ACTIVE.values()] * 6)}
    found = pages(sections=[section("active projects", "portfolio", jobs, {})])

    assert len(found) > 10
    for page in found:
        inside = page.get_textpage()
        for place in range(inside.count_chars()):
            left, bottom, right, top = inside.get_charbox(place)
            assert left >= 24
            assert right <= page.get_width() - 24
            assert bottom >= 10
            assert top <= page.get_height() - 24
    assert sum("Estimated gross profit" in text(page) for page in found[:4]) >= 3  # headings come again on each page


def test_large_amounts_shrink_until_they_fit_their_columns() -> None:
    row = " ".join(f"{amount}" for amount in ["-98765432109.12"] * 3 + ["0.2"] + ["98765432109.12"] * 1 + ["0.25"])
    rest = " ".join(["98765432109.12"] * 10)
    found = pages(sections=[section("active projects", "portfolio", {("1", "Large"): f"{row} {rest}"}, {})])

    assert text(found[0]).count("98,765,432,109.12") >= 10


def test_names_in_other_scripts_and_markup_are_printed_as_far_as_the_fonts_go() -> None:
    jobs = {("24-001", "Łódź <b>Tower</b> & 東京 Café"): ACTIVE["24-003", "A loss"]}

    found = text(pages(sections=[section("active projects", "portfolio", jobs, {})])[0])

    assert "?ódz <b>Tower</b> & ?? Café" in found


def test_a_group_that_holds_more_than_its_lines_says_by_how_much() -> None:
    told = schedule()
    told["sections"][0]["totals"]["actual_cost"]["value"] = "1427979.03"

    whole = " ".join(text(page) for page in pypdfium2.PdfDocument(surety_pack(FakeDesk(told), told, "pdf")))

    assert "the figure actual_cost/portfolio/2026-11-19 is 1,427,979.03, 1.00 more than the lines above" in whole


def test_a_schedule_of_nothing_still_says_what_it_is_of() -> None:
    assert "work-in-progress schedule" in text(pages(sections=[])[0])
