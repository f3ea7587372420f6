"""One simulated contractor with twelve jobs, refreshed once per session; the API stands on copies of its home."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from datablueprint.ports import Ports
from local.home import Home
from local.sandbox.sandbox import Sandbox
from tests.api.kit import Api
from tests.golden.conftest import Company, HurriedClock, start


@pytest.fixture(scope="session")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    running: list[Sandbox] = []
    yield start(tmp_path_factory.mktemp("twelve"), running, seed=7, jobs=12)
    for sandbox in running:
        sandbox.stop()


def copied(twelve: Company, folder: Path) -> Ports:
    """The ports of a home of one's own; its clock does not wait."""
    shutil.copytree(twelve.home.path, folder, dirs_exist_ok=True)
    home = Home.at(folder)
    home.save_settings(twelve.settings)
    return replace(home.ports(), clock=HurriedClock(twelve.clock.now()))


@pytest.fixture(scope="session")
def ports(twelve: Company, tmp_path_factory: pytest.TempPathFactory) -> Ports:
    """Shared by tests that leave behind no more than named things of their own."""
    return copied(twelve, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def shared(ports: Ports) -> Api:
    api = Api.of(ports)
    with api.service.desks.open() as desk:
        active = [p.key for p in desk.measures.projects.values() if p.state == "active"]
        api.words |= {"project": active[0], "figure": f"gross_margin_at_completion/{active[0]}/{desk.as_of}"}
    api.words["link"] = api.get("/links", state="proposed").json["links"][0]["link_id"]
    api.words["record"] = api.call("list_figure_records").json["records"][0]["record_id"]
    return api


@pytest.fixture
def api(shared: Api) -> Api:
    """The shared API with a question that was answered, a saved question and a kept scenario."""
    if "question" not in shared.words:
        shared.words["question"] = shared.call("ask").json["id"]
    shared.words |= {"saved": "friday", "scenario": "hope"}
    saved = shared.request("PUT", "/saved-questions/friday", body={"question": "How are we doing?"})
    kept = shared.request("PUT", "/scenarios/hope", body={"assumptions": ["approve all"]})
    assert (saved.status, kept.status) == (200, 200)
    return shared


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them share one contractor, so they run in one worker."""
    for item in items:
        if item.path.parent.name == "api":
            item.add_marker(pytest.mark.xdist_group("api"))
