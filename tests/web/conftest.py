"""One contractor with twelve jobs, its page served on this machine, and one headless browser for all tests."""

from __future__ import annotations

import json
import shutil
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from local import serve
from local.sandbox.sandbox import Sandbox
from local.web_server import Site, WebServer
from tests.golden.conftest import start
from tests.web.kit import AXE, DESK, Reader

sync_api = pytest.importorskip("playwright.sync_api", reason="the browser tests need the package playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE = 60


@dataclass
class Asked:
    """The served page, and questions that were answered before anybody looks."""

    url: str
    ids: dict[str, str]
    job: str
    """Key of the active project whose margin moved most."""
    site: Site

    def api(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}api{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return json.load(response)

    def answered(self, **asked: Any) -> str:
        """The id of a question, once it is answered."""
        found: str = self.api("POST", "/questions", asked)["id"]
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            job = self.api("GET", f"/questions/{found}?wait=20")
            if job["status"] == "done":
                return found
            assert job["status"] == "running", job["error"]
        raise AssertionError(f"not answered in {PATIENCE} s: {asked}")


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """Costs a refresh; tests leave it as they found it."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine; `apt-get install chromium` brings it")
    running: list[Sandbox] = []
    company = start(tmp_path_factory.mktemp("page"), running, seed=7, jobs=12)
    with serve.site(company.home) as served:
        server = WebServer(served)
        server.start()
        made = Asked(server.url, {}, "", served)
        made.job = made.api("GET", "/start")["portfolio"][0]["project"]
        made.ids = {name: made.answered(**asked) for name, asked in questions(made.job).items()}
        yield made
        server.stop()
    for sandbox in running:
        sandbox.stop()


def questions(job: str) -> dict[str, dict[str, Any]]:
    """One of every kind of answer."""
    return {
        "figure": {"question": f"What is the margin at completion of {job}?"},
        "change": {
            "query": {
                "kind": "compare", "metric": "gross_profit_at_completion", "scope": job, "since": "2026-10-31"
            }
        },
        "rank": {"question": "Which jobs are worst?"},
        "supposed": {"query": {"kind": "what_if", "metric": "gross_margin_at_completion", "scope": job,
                               "scenario": ["approve all", "burden +2"]}},
        "clarify": {"question": "What is the margin of Retail Pad?"},
        "refused": {"question": "What do we owe vendors past 60 days?"},
        "schedule": {"query": {"kind": "wip"}},
        "health": {"query": {"kind": "health"}},
    }  # fmt: skip


@pytest.fixture(scope="package")
def browser(site: Asked) -> Iterator[Any]:
    """Debian's chromium, headless; nothing is downloaded."""
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


Read = Callable[..., Any]


@pytest.fixture
def reading(browser: Any, site: Asked) -> Read:
    """`with reading(size, scheme) as reader`: a fresh tab, which must not have complained when it is closed."""

    @contextmanager
    def reads(size: tuple[int, int] = DESK, scheme: str = "light") -> Iterator[Reader]:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce"
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.url)
        reader = Reader(context.new_page(), site.url)
        yield reader
        context.close()
        assert reader.complaints == []

    return reads


@pytest.fixture
def reader(reading: Read) -> Iterator[Reader]:
    """A controller at a desk."""
    with reading() as found:
        yield found


@pytest.fixture
def axe() -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not there; `make web/vendor/axe.min.js` brings it")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They share one contractor and one browser, so they run in one worker."""
    for item in items:
        if item.path.parent.name == "web":
            item.add_marker(pytest.mark.xdist_group("web"))
