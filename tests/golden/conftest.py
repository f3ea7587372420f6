"""One simulated contractor per seed, refreshed once over real HTTP and shared by every test that only reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from datablueprint.desk import Desk
from datablueprint.ports import Ports
from datablueprint.settings import Settings
from local.home import Home, SandboxMarker
from local.refresh_runner import run_refresh
from local.sandbox.sandbox import Sandbox
from local.sandbox.servers.limits import Limits
from local.sandbox.world import build_world, collections
from local.sandbox_home import connect_all, settings_for

TODAY = date(2026, 11, 20)


@dataclass
class Company:
    """A running sandbox, the home that is connected to it, and the truth nobody serves."""

    home: Home
    sandbox: Sandbox
    settings: Settings
    truth: dict[str, Any]
    refreshed: dict[str, Any]

    def ports(self) -> Ports:
        return self.home.ports(settings=self.settings)

    def refresh(self, *, full: bool = False) -> dict[str, Any]:
        self.refreshed = run_refresh(self.ports(), full=full)
        return self.refreshed

    def desk(self) -> Desk:
        return Desk(self.ports())

    def another_home(self, folder: Path) -> Company:
        """A second installation connected to the same vendors as they are now."""
        home = Home.at(folder)
        home.save_sandbox(self.home.sandbox())  # type: ignore[arg-type]  # a company's home always has one
        connect_all(home, self.sandbox, self.settings)
        return Company(home, self.sandbox, self.settings, self.truth, {})


Make = Callable[..., Company]


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """`company(seed=, jobs=)`: refreshed once per session; tests that change anything use `fresh_company`."""
    made: dict[tuple[int, int], Company] = {}
    running: list[Sandbox] = []

    def make(*, seed: int = 7, jobs: int = 40) -> Company:
        if (seed, jobs) not in made:
            made[seed, jobs] = start(tmp_path_factory.mktemp(f"seed{seed}"), running, seed=seed, jobs=jobs)
        return made[seed, jobs]

    yield make
    for sandbox in running:
        sandbox.stop()


@pytest.fixture
def fresh_company(tmp_path: Path) -> Iterator[Make]:
    """A company of this test's own, which it may edit and break."""
    running: list[Sandbox] = []

    def make(*, seed: int = 11, jobs: int = 6) -> Company:
        return start(tmp_path / "home", running, seed=seed, jobs=jobs)

    yield make
    for sandbox in running:
        sandbox.stop()


def start(folder: Path, running: list[Sandbox], *, seed: int, jobs: int) -> Company:
    home = Home.at(folder)
    marker = SandboxMarker(seed, jobs, TODAY, datetime.now(UTC))
    home.save_sandbox(marker)
    world = build_world(seed=seed, jobs=jobs, today=TODAY)
    sandbox = Sandbox.of(collections(world), today=TODAY, seed=seed, limits=Limits.relaxed(), clock=marker.clock().now)
    sandbox.start()
    running.append(sandbox)
    settings = settings_for(sandbox)
    connect_all(home, sandbox, settings)
    found = Company(home, sandbox, settings, world.truth.to_json(), {})
    found.refresh()
    return found
