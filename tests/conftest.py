"""What every test may rely on: no sockets beyond this machine, no real sleep in retries, no home but its own."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# Speed is measured in benchmarks: a busy machine must not make a rule look broken.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

ROOT = Path(__file__).resolve().parent.parent
NEAR = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def no_far_sockets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test that would talk to another machine fails instead."""
    connect = socket.socket.connect

    def near_only(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in NEAR:
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", near_only)
    return


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The developer's own installation is out of reach."""
    monkeypatch.setenv("DATABLUEPRINT_HOME", str(tmp_path / "home"))


@pytest.fixture
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of one file run in one worker; some folders have a rule of their own."""
    for item in items:
        if not _grouped(item.path.parent):
            item.add_marker(pytest.mark.xdist_group(item.path.name))


@cache
def _grouped(folder: Path) -> bool:
    own = folder / "conftest.py"
    return folder != ROOT / "tests" and own.exists() and "xdist_group" in own.read_text(encoding="utf-8")
