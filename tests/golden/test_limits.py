"""Under the vendors' documented limits a first refresh waits, and is never told to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from local.home import Home
from local.sandbox.servers.limits import Limits
from local.sandbox_home import connect_all
from tests.golden.conftest import Company, HurriedClock, vendors


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Company]:
    clock = HurriedClock(datetime(2026, 11, 20, 19, tzinfo=UTC))
    sandbox, settings = vendors([], clock, seed=11, jobs=3, limits=Limits())
    made = Company(Home.at(tmp_path), sandbox, settings, clock, {})
    connect_all(made.home, sandbox, settings)
    yield made
    sandbox.stop()


def test_a_first_refresh_keeps_every_limit_and_is_published(limited: Company):
    output = limited.refresh()

    waited = limited.clock.skipped
    refused = [r for r in limited.sandbox.requests if r.status == 429]
    print(f"{len(limited.sandbox.requests)} calls, {waited:.0f} s of waiting, {len(refused)} refused")
    assert output["published"] is not None
    assert not any(o["stale"] for o in output["outcomes"])
    assert waited > 0
    assert refused == []
