"""A person at the page: asks, opens, looks; and what they would notice is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import ConsoleMessage, Locator, Page

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / ".build" / "screens"
AXE, CHARTS = (ROOT / "web" / "vendor" / name for name in ("axe.min.js", "chart.umd.min.js"))
DESK, PHONE = (1280, 900), (390, 844)
Scheme = Literal["light", "dark"]
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
CONTRAST = {"type": "rule", "values": ["color-contrast"]}
"""All that another light changes."""
FOUND = """async only => (await axe.run(document, {runOnly: only})).violations
    .map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target + ' ' + n.failureSummary).join(' | '))"""
SECOND = 1000
TALLEST = 6000
"""Pixels of a picture."""


@dataclass
class Reader:
    """One tab of one browser, and every complaint it made."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(20 * SECOND)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        """The browser tells broken policies as errors of the console; without npm the chart library is missing."""
        without_charts = not CHARTS.exists() and message.location.get("url", "").endswith(CHARTS.name)
        if message.type in ("error", "warning") and not without_charts:
            self.complaints.append(f"console: {message.text}")

    def go(self, route: str, *, until: str) -> Locator:
        """Opens a screen anew and waits for a part of it."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.url}#/{route}")
        return self.seen(until)

    def seen(self, selector: str) -> Locator:
        found = self.page.locator(selector).first
        found.wait_for()
        return found

    def ask(self, question: str) -> Locator:
        """Types, presses Enter, and waits for the card that follows."""
        before = self.page.locator("article.turn").count()
        box = self.page.locator(".composer textarea")
        box.fill(question)
        box.press("Enter")
        self.page.locator("article.turn").nth(before).wait_for()
        return self.newest()

    def newest(self) -> Locator:
        """The last turn, once it is answered."""
        turn = self.page.locator("article.turn").last
        turn.locator(".card:not(.running)").wait_for()
        return turn

    def open_headline(self) -> Locator:
        """The panel of the big figure of the newest answer."""
        self.newest().locator(".headline .fig").click()
        return self.panel()

    def panel(self) -> Locator:
        """The open panel, once its figure and records are there."""
        panel = self.seen("dialog.panel[open]")
        panel.locator(".big-figure").wait_for()
        panel.locator(".records .loading").wait_for(state="detached")
        return panel

    def open_term(self, label: str) -> Locator:
        """Opens a term of the open figure."""
        self.page.locator("dialog .terms div", has_text=label).locator("button.fig").first.click()
        self.page.locator("dialog h2", has_text=label).wait_for()
        return self.panel()

    def all_records(self, panel: Locator) -> None:
        """Reads on until every page of records is there."""
        more = panel.locator("button", has_text="Show more")
        while more.count():
            rows = panel.locator(".record-table tbody tr").count()
            more.click()
            panel.locator(".record-table tbody tr").nth(rows).wait_for()

    def focused(self) -> Any:
        """What has the focus, as text."""
        return self.page.evaluate(
            "(e => e.getAttribute('aria-label') || e.id || e.textContent || e.tagName)(document.activeElement)"
        )

    def sideways(self) -> int:
        """By how many pixels the page is wider than the window."""
        width: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return width

    def seen_as(self, size: tuple[int, int], scheme: Scheme) -> None:
        """On another device, by another light; as tall as the page, so that nothing lies beneath the question box."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.emulate_media(color_scheme=scheme)
        height: int = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": size[0], "height": min(height, TALLEST)})

    def violations(self, only: dict[str, Any]) -> list[str]:
        """What axe-core finds on the screen as it is; it runs beside the page, whose policy stays in force."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
        found: list[str] = self.page.evaluate(FOUND, only)
        return found

    def picture(self, name: str) -> None:
        """For people to look at."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(150)  # a chart draws itself in the next frame
        self.page.screenshot(path=SCREENS / f"{name}.png")


def amounts(panel: Locator) -> list[Decimal]:
    """Of every record that is listed."""
    return [money(text) for text in panel.locator(".record-table tbody td.num").all_inner_texts()]


def money(text: str) -> Decimal:
    """'-$1,298,990.14' as a number."""
    return Decimal(text.strip().replace("$", "").replace(",", "").replace("+", ""))
