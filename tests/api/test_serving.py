"""The whole of it on this machine: a server, its workers, and twenty people who ask at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from local import serve
from local.home import Home
from local.web_server import WebServer
from tests.api.conftest import copied
from tests.golden.conftest import Company

PEOPLE = 20


@pytest.fixture(scope="module")
def server(twelve: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    folder = tmp_path_factory.mktemp("served")
    copied(twelve, folder)
    web = tmp_path_factory.mktemp("web")
    (web / "index.html").write_text("<title>DataBlueprint</title>")
    with serve.serving(Home.at(folder), web=web) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: WebServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as made:
        yield made


def answered(client: httpx.Client, project: str) -> dict[str, Any]:
    """Ask and wait, as the page does; a full house is tried again."""
    body = {"question": f"What is the margin at completion of {project}?"}
    asked = client.post("api/questions", json=body)
    while asked.status_code == 503:
        assert asked.headers["Retry-After"]
        asked = client.post("api/questions", json=body)
    place, after = f"api/{asked.json()['links']['self']}", 0
    while True:
        job: dict[str, Any] = client.get(place, params={"wait": 20, "after": after}).json()
        if job["status"] != "running":
            return job
        after = job["events"][-1]["seq"] if job["events"] else after


def test_twenty_people_at_once_each_get_their_own_answer(client: httpx.Client) -> None:
    keys = [project["key"] for project in client.get("api/projects", params={"state": "active"}).json()["projects"]]
    asked = [keys[n % len(keys)] for n in range(PEOPLE)]

    with ThreadPoolExecutor(PEOPLE) as pool:
        jobs = list(pool.map(lambda key: answered(client, key), asked))

    assert [job["status"] for job in jobs] == ["done"] * PEOPLE
    assert [job["answer"]["queries"][0]["scope"] for job in jobs] == asked
    assert len({job["id"] for job in jobs}) == PEOPLE


def test_the_page_and_its_api_come_from_one_place(client: httpx.Client) -> None:
    assert "DataBlueprint" in client.get("/").text
    assert client.get("api/openapi.json").json()["servers"] == [{"url": "."}]


def test_what_cannot_be_read_as_a_file_comes_as_one(client: httpx.Client) -> None:
    got = client.get("api/exports/wip.pdf")

    assert got.headers["Content-Type"] == "application/pdf"
    assert got.content.startswith(b"%PDF-")
    assert got.headers["Content-Disposition"].startswith("attachment; filename=")


def test_a_home_that_was_never_refreshed_is_served_and_says_so(twelve: Company, tmp_path: Path) -> None:
    ports = copied(twelve, tmp_path)
    ports.state.delete("snapshot/current")

    with serve.serving(Home.at(tmp_path)) as running:
        got = httpx.get(f"{running.url}api/start", timeout=30)

    assert got.status_code == 503
    assert json.loads(got.content)["fix"] == "Run a refresh."
