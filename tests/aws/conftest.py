"""The deployed account is made once, for the files of this folder that ask for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.sandbox.sandbox import Sandbox
from tests.aws.cloud import FIRST, Cloud, deployed, synthesised
from tests.golden.conftest import start


@pytest.fixture(scope="package")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """Three tenants, deployed from one synthesis; the first is connected and has been refreshed once."""
    running: list[Sandbox] = []
    company = start(tmp_path_factory.mktemp("laptop"), running, seed=11, jobs=4)
    try:
        assembly = synthesised(company, tmp_path_factory.mktemp("cdk.out"))
        with deployed(company, assembly) as made:
            made.connect(FIRST)
            made.first = made.refresh(FIRST)
            yield made
    finally:
        for sandbox in running:
            sandbox.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker deploys once; what needs the deployment takes minutes."""
    for item in items:
        if item.path.parent.name == "aws" and "cloud" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("deployed"))
