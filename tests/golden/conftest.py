"""One simulated contractor per seed, refreshed once over real HTTP and shared by every test that only reads."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from datablueprint.adapters.system_clock import ShiftedClock
from datablueprint.desk import Desk
from datablueprint.ports import Ports
from datablueprint.settings import Settings
from datablueprint.sources import auth
from local.connect import DROP
from local.home import Home
from local.refresh_runner import run_refresh
from local.sandbox.sandbox import Sandbox
from local.sandbox.servers.limits import Limits
from local.sandbox.world import build_world, collections
from local.sandbox.world.build import DIFFICULTY
from local.sandbox_home import SIGNED_IN_WITH_A_CODE, connect_all, settings_for

TODAY = date(2026, 11, 20)
of_every_seed = pytest.mark.parametrize("seed", [7, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (11, 23))])
"""The first contractor at once, the others with what takes minutes."""


class HurriedClock(ShiftedClock):
    """Runs with the machine, but waiting takes no time: a sleep moves the clock instead."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self.skipped = 0.0

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.skipped)

    def monotonic(self) -> float:
        return super().monotonic() + self.skipped

    def sleep(self, seconds: float) -> None:
        self.skipped += max(0.0, seconds)


@dataclass
class Company:
    """A running sandbox, the home that is connected to it, and the truth nobody serves."""

    home: Home
    sandbox: Sandbox
    settings: Settings
    clock: HurriedClock
    truth: dict[str, Any]
    refreshed: dict[str, Any] = field(default_factory=dict)

    def ports(self) -> Ports:
        return replace(self.home.ports(settings=self.settings), clock=self.clock)

    def refresh(self, *, full: bool = False) -> dict[str, Any]:
        self.refreshed = run_refresh(self.ports(), full=full)
        return self.refreshed

    def desk(self) -> Desk:
        return Desk(self.ports())

    @cached_property
    def read(self) -> Desk:
        """One desk for all tests that change nothing: what it worked out once stays."""
        return self.desk()

    def another_home(self, folder: Path) -> Company:
        """A second installation connected to the same vendors as they are now."""
        other = Company(Home.at(folder), self.sandbox, self.settings, self.clock, self.truth)
        for name in ("procore", "quickbooks_online", "gusto"):
            other.home.secrets.put(name, self.home.secrets.get(name))
        self.sandbox.write_files(folder / "files" / DROP)
        auth.connect("procore", other.ports())
        for name, vendor in SIGNED_IN_WITH_A_CODE.items():
            code = self.sandbox.reconnect(vendor)
            auth.connect(name, other.ports(), code=code, redirect_uri="https://localhost/connected")
        return other


Make = Callable[..., Company]


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """`company(seed=, jobs=, difficulty=)`: refreshed once per session; who changes anything uses `fresh_company`."""
    made: dict[tuple[int, int, int], Company] = {}
    running: list[Sandbox] = []

    def make(*, seed: int = 7, jobs: int = 40, difficulty: int = DIFFICULTY) -> Company:
        world = (seed, jobs, difficulty)
        if world not in made:
            folder = tmp_path_factory.mktemp(f"seed{seed}")
            made[world] = start(folder, running, seed=seed, jobs=jobs, difficulty=difficulty)
        return made[world]

    yield make
    for sandbox in running:
        sandbox.stop()


@pytest.fixture
def fresh_company(company: Make, tmp_path: Path) -> Iterator[Make]:
    """A company of this test's own, which it may edit and break: a refreshed home, copied, before fresh vendors."""
    running: list[Sandbox] = []

    def make(*, seed: int = 11, jobs: int = 6) -> Company:
        model = company(seed=seed, jobs=jobs)
        shutil.copytree(model.home.path, tmp_path / "home")
        clock = HurriedClock(model.clock.now() + timedelta(minutes=1))
        sandbox, settings = vendors(running, clock, seed=seed, jobs=jobs)
        home = Home.at(tmp_path / "home")
        home.save_settings(settings)
        return Company(home, sandbox, settings, clock, model.truth)

    yield make
    for sandbox in running:
        sandbox.stop()


def start(folder: Path, running: list[Sandbox], *, seed: int, jobs: int, difficulty: int = DIFFICULTY) -> Company:
    """A sandbox, a home connected to it, and a first refresh."""
    clock = HurriedClock(datetime(2026, 11, 20, 19, tzinfo=UTC))
    sandbox, settings = vendors(running, clock, seed=seed, jobs=jobs, difficulty=difficulty)
    truth = build_world(seed=seed, jobs=jobs, today=TODAY, difficulty=difficulty).truth.to_json()
    made = Company(Home.at(folder), sandbox, settings, clock, truth)
    connect_all(made.home, sandbox, settings)
    made.refresh()
    return made


def vendors(
    running: list[Sandbox],
    clock: HurriedClock,
    *,
    seed: int,
    jobs: int,
    limits: Limits | None = None,
    difficulty: int = DIFFICULTY,
) -> tuple[Sandbox, Settings]:
    """A started sandbox and the settings that reach it; limits that never bind unless others are given."""
    shown = collections(build_world(seed=seed, jobs=jobs, today=TODAY, difficulty=difficulty))
    sandbox = Sandbox.of(shown, today=TODAY, seed=seed, limits=limits or Limits.relaxed(), clock=clock.now)
    sandbox.start()
    running.append(sandbox)
    return sandbox, settings_for(sandbox)


TOGETHER = dict.fromkeys(("test_refresh.py", "test_bad_input.py", "test_statements.py"), "small")
TOGETHER |= dict.fromkeys(("test_main_job.py", "test_questions.py"), "seed7")
"""Files whose tests share one contractor."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one contractor run in one worker, so that each contractor is built once."""
    for item in items:
        if item.path.parent.name == "golden":
            seed = getattr(item, "callspec", None) and item.callspec.params.get("seed")  # type: ignore[attr-defined]
            group = f"seed{seed}" if seed else TOGETHER.get(item.path.name, item.path.name)
            item.add_marker(pytest.mark.xdist_group(group))
