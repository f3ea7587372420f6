"""A simulated contractor survives its servers: they may stop, and start again on other ports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from datablueprint.adapters.system_clock import SystemClock
from datablueprint.errors import SettingsError
from datablueprint.settings import Settings, SourceSettings
from datablueprint.status import read_status
from local import sandbox_home
from local.home import Home, SandboxMarker
from local.refresh_runner import run_refresh
from local.sandbox.sandbox import Sandbox
from local.sandbox.servers.limits import Limits
from local.sandbox_home import create, systems


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A contractor who has systems and no records yet: the plumbing without the world."""

    def empty(marker: SandboxMarker) -> Sandbox:
        return Sandbox(today=marker.today, seed=marker.seed, limits=Limits.relaxed(), clock=marker.clock().now)

    monkeypatch.setattr(sandbox_home, "world", empty)
    home = Home.at(tmp_path / "home")
    create(home, seed=7, jobs=0)
    return home


def test_a_refresh_runs_whole_and_a_second_one_after_a_restart_finds_nothing_new(home: Home) -> None:
    with systems(home) as settings:
        first = run_refresh(home.ports(settings=settings))
    with systems(home) as settings:
        second = run_refresh(home.ports(settings=settings))

    assert [outcome["error"] for outcome in first["outcomes"] + second["outcomes"]] == [None] * 8
    assert first["published"]["snapshot"] == read_status(home.ports())["snapshot"]
    assert second["unchanged"] is True
    assert second["published"] is None


def test_a_system_that_is_down_is_stale_and_the_others_are_published(home: Home) -> None:
    with systems(home) as settings:
        assert settings
        gusto = settings.sources["gusto"].model_copy(update={"base_url": "http://127.0.0.1:9"})
        sources = {**settings.sources, "gusto": gusto}
        ports = home.ports(settings=settings.model_copy(update={"sources": sources}))
        output = run_refresh(replace(ports, clock=Sleepless()))

    stale = {outcome["source"]: outcome["error"] for outcome in output["outcomes"] if outcome["stale"]}
    assert set(stale) == {"gusto"}
    assert stale["gusto"].startswith("Gusto: ")
    assert output["published"]


class Sleepless(SystemClock):
    """Waiting for a dead host teaches nothing."""

    def sleep(self, seconds: float) -> None:
        assert seconds < 60


def test_the_settings_of_a_running_sandbox_are_lent_not_stored(home: Home) -> None:
    with systems(home) as first:
        stored = home.settings()
    with systems(home) as second:
        assert second

    assert first == stored
    assert home.settings() == stored
    assert first.sources["procore"].base_url != second.sources["procore"].base_url


def test_real_systems_are_left_as_they_are(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "real")
    home.save_settings(Settings(tenant="acme", sources={"gusto": SourceSettings(base_url="https://gusto.test")}))

    with systems(home) as settings:
        assert settings is None


def test_a_real_company_is_never_turned_into_a_simulated_one(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "real")
    home.save_settings(Settings(tenant="acme"))

    with pytest.raises(SettingsError, match="holds a real company"):
        create(home, seed=7, jobs=40)


def test_one_home_holds_one_contractor(home: Home) -> None:
    assert create(home, seed=7, jobs=0) == home.sandbox()

    with pytest.raises(SettingsError, match="seed 7 with 0 jobs"):
        create(home, seed=8, jobs=0)


def test_what_is_not_said_is_as_the_home_has_it(home: Home, tmp_path: Path) -> None:
    assert create(home) == create(home, seed=7) == create(home, jobs=0) == home.sandbox()

    new = create(Home.at(tmp_path / "new"))
    assert (new.seed, new.jobs) == (7, 40)
