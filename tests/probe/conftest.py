"""Two contractors in one AWS account, each with its API over its own bucket and table, in one process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from datablueprint.adapters.dynamodb_state import DynamoState
from datablueprint.adapters.s3_files import S3Files
from datablueprint.ports import Ports
from local.home import Home
from local.sandbox.sandbox import Sandbox
from local.sandbox.servers.limits import Limits
from local.sandbox.world import World, build_world, collections
from local.sandbox_home import connect_all, settings_for
from tests.golden.conftest import TODAY, Company, HurriedClock
from tests.probe.tenants import MARK, Tenant, furnished

JOBS = 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two contractors are built once, and with what takes minutes."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group("probe"))
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="package")
def tenants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tenant, Tenant]]:
    """The prying one and the other, whose projects and vendors all bear the mark."""
    companies = [
        _company(tmp_path_factory.mktemp(name), name, seed=seed, mark=mark)
        for name, seed, mark in (("alpha", 7, ""), ("bravo", 11, MARK))
    ]
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "testing")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        alpha, bravo = (furnished(_in_aws(company.ports())) for company in companies)
        yield alpha, bravo


def _company(folder: Path, name: str, *, seed: int, mark: str) -> Company:
    world = build_world(seed=seed, jobs=JOBS, today=TODAY)
    clock = HurriedClock(datetime(2026, 11, 20, 19, tzinfo=UTC))
    shown = _marked(collections(world), world, mark)
    sandbox = Sandbox.of(shown, today=TODAY, seed=seed, limits=Limits.relaxed(), clock=clock.now)
    sandbox.start()
    try:
        settings = settings_for(sandbox).model_copy(
            update={"tenant": name, "company": f"{name.title()} {mark}".strip()}
        )
        made = Company(Home.at(folder), sandbox, settings, clock, {})
        connect_all(made.home, sandbox, settings)
        made.refresh()
    finally:
        sandbox.stop()
    return made


def _marked(shown: Any, world: World, mark: str) -> Any:
    """What the vendors serve, with the mark behind the name of each project and vendor."""
    if not mark:
        return shown
    names = {p.name for p in world.projects} | {n for v in world.vendors for n in (v.name, v.quickbooks_name) if n}

    def marked(value: Any) -> Any:
        if isinstance(value, str):
            return f"{value} {mark}" if value in names else value
        if isinstance(value, dict):
            return {key: marked(each) for key, each in value.items()}
        return [marked(each) for each in value] if isinstance(value, list) else value

    return replace(shown, procore=marked(shown.procore), quickbooks=marked(shown.quickbooks))


def _in_aws(ports: Ports) -> Ports:
    """The same tenant with its lake in S3 and its state in DynamoDB."""
    tenant = ports.settings.tenant
    boto3.client("s3").create_bucket(Bucket=f"{tenant}-lake")
    boto3.client("dynamodb").create_table(
        TableName=f"{tenant}-state",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "family", "KeyType": "HASH"}, {"AttributeName": "name", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("family", "name")],
    )
    files, state = S3Files(f"{tenant}-lake"), DynamoState(f"{tenant}-state")
    for key in ports.files.list(""):
        files.write(key, ports.files.read(key))
    for family in ("checkpoint/", "snapshot/", "freshness/", "build/", "calls/", "decision/"):
        for key, item in ports.state.list(family):
            state.put(key, item.value, expected_version=None)
    return replace(ports, files=files, state=state)
