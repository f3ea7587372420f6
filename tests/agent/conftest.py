"""One small contractor for every test that asks about real records, refreshed once over real HTTP and only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from datablueprint.agent.tools import Bench
from datablueprint.desk import Desk
from local.sandbox.sandbox import Sandbox
from tests.golden.conftest import Company, start


@pytest.fixture(scope="session")
def contractor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Twelve jobs: open, closed and not started, with pending change orders and two project managers."""
    running: list[Sandbox] = []
    yield start(tmp_path_factory.mktemp("contractor"), running, seed=7, jobs=12)
    for sandbox in running:
        sandbox.stop()


@pytest.fixture(scope="session")
def desk(contractor: Company) -> Desk:
    """Its newest snapshot."""
    return contractor.desk()


@pytest.fixture
def bench(desk: Desk) -> Bench:
    """A bench of the test's own on the shared desk."""
    return Bench(desk)


ABOUT_THE_CONTRACTOR = frozenset(
    {
        "test_tools.py",
        "test_narration.py",
        "test_answer.py",
        "test_references.py",
        "test_grounding.py",
        "test_asking.py",
        "test_wordings.py",
        "test_told_true.py",
    }
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the one contractor run in one worker."""
    for item in items:
        if item.path.parent.name == "agent" and item.path.name in ABOUT_THE_CONTRACTOR:
            item.add_marker(pytest.mark.xdist_group("contractor"))
