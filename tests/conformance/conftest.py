"""One contractor, refreshed once; one Trino server over the Parquet that its refresh wrote."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace

import pytest

from datablueprint.adapters.athena_query import AthenaQuery
from datablueprint.ports import Ports
from local.sandbox.sandbox import Sandbox
from tests.conformance import tables, trino
from tests.conformance.using import Recorder, Used, everything
from tests.golden.conftest import Company, start

JOBS = 12
SCHEMA = "datablueprint_acme"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them share one server, so they run in one worker."""
    for item in items:
        if item.path.parent.name == "conformance":
            item.add_marker(pytest.mark.conformance)
            item.add_marker(pytest.mark.xdist_group("conformance"))


@pytest.fixture(scope="session")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    vendors: list[Sandbox] = []
    yield start(tmp_path_factory.mktemp("refreshed"), vendors, seed=7, jobs=JOBS)
    for sandbox in vendors:
        sandbox.stop()


@pytest.fixture(scope="session")
def on_duckdb(refreshed: Company) -> Ports:
    return refreshed.ports()


@pytest.fixture(scope="session")
def used(on_duckdb: Ports) -> Used:
    """Everything the product answers on a laptop, and what it asked for it."""
    recorder = Recorder(on_duckdb.query)
    return Used(everything(replace(on_duckdb, query=recorder)), list(recorder.asked))


@pytest.fixture(scope="session")
def server(refreshed: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[trino.Trino]:
    if not (trino.FETCHED / "ready").exists() or not shutil.which("java"):
        pytest.skip("Trino is not here; `make conformance` fetches it where Maven and a JDK are to be had")
    with trino.running(tmp_path_factory.mktemp("trino"), schema=SCHEMA) as running:
        running.ask(f"CREATE SCHEMA {SCHEMA}")
        for statement in tables.definitions(refreshed.home.path / "files" / "tables"):
            running.ask(statement)
        yield running


@pytest.fixture(scope="session")
def on_trino(on_duckdb: Ports, server: trino.Trino) -> Ports:
    """The product with the adapter it has in AWS, its client answered by the server."""
    client = trino.TrinoAthena(server)
    query = AthenaQuery(database=SCHEMA, workgroup="acme", clock=on_duckdb.clock, client=client)
    return replace(on_duckdb, query=query)
