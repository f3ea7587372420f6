"""The app is synthesised once for all tests: it takes seconds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SYNTHESISED = {"application", "assembly", "resources", "agents", "talkative"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that look at the templates run in one process, so that it synthesises once."""
    for item in items:
        if SYNTHESISED & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.xdist_group("synth"))


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The app of infra/tenants.toml, not yet synthesised."""
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
    os.environ.setdefault("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1")
    import aws_cdk as cdk

    from infra import app, tenants

    made = cdk.App(outdir=str(tmp_path_factory.mktemp("cdk.out")))
    app.build(made, tenants.load())
    return made


@pytest.fixture(scope="session")
def assembly(application: Any) -> Any:
    """Its cloud assembly, made without account, network or Docker."""
    return application.synth()


@pytest.fixture(scope="session")
def resources(assembly: Any) -> dict[str, dict[str, Any]]:
    """Every resource of every stack, by `<stack>/<logical id>`."""
    return {
        f"{stack.stack_name}/{name}": resource
        for stack in assembly.stacks
        for name, resource in stack.template.get("Resources", {}).items()
    }


def three_tenants() -> list[Any]:
    """One of each kind: a VPC of its own, the shared one, none; both hosts of the agent."""
    from infra import tenants

    (first,) = tenants.load()
    return [
        first.model_copy(update={"name": "north"}),
        first.model_copy(update={"name": "south", "network": "shared", "agent_host": "lambda", "az_count": 1}),
        first.model_copy(update={"name": "west", "network": "none", "agent_host": "lambda", "tracing": True}),
    ]


@pytest.fixture(scope="session")
def agents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The agent of each kind of tenant, by the tenant's name."""
    from tests.infra.agents import synthesised

    return synthesised(tmp_path_factory.mktemp("agents"))


@pytest.fixture(scope="session")
def talkative(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The service of a tenant who says everything about its page, its people and what it may cost."""
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
    from decimal import Decimal

    import aws_cdk as cdk

    from infra import app, tenants
    from infra.access import Address, People
    from tests.infra.templates import written

    certificate = "arn:aws:acm:us-east-1:111122223333:certificate/00000000-0000-0000-0000-000000000000"
    (tenant,) = tenants.load()
    said = {
        "alarm_email": "it@example.com",
        "monthly_budget": Decimal(250),
        "network": "none",
        "page": Address(domain="margin.example.com", certificate=certificate),
        "people": People(machines={"erp": "read"}),
    }
    made = cdk.App(outdir=str(tmp_path_factory.mktemp("talkative")))
    (_, service) = app.build(made, [tenant.model_copy(update=said)])
    return written(service)
