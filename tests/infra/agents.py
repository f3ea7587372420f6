"""The agent of each kind of tenant, synthesised on ground of its own, and how its templates are read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from infra import tenants

Resources = dict[str, dict[str, Any]]
Statement = dict[str, Any]
MODEL = "us.anthropic.claude-sonnet-4-6"
SOURCES = {"procore": {"base_url": "https://api.procore.com", "account": "0"}}


def tenant(name: str, **chosen: Any) -> tenants.Tenant:
    given = {"name": name, "company": "Acme", "region": "us-west-2", "sources": SOURCES, "agent": {"model_id": MODEL}}
    return tenants.Tenant.model_validate({**given, **chosen})


VARIANTS = (
    tenant("on-agentcore"),
    tenant("in-lambda", agent_host="lambda"),
    tenant("no-network", network="none"),
    tenant("no-network-lambda", network="none", agent_host="lambda"),
    tenant("no-model", agent={}),
)


def synthesised(folder: Path) -> dict[str, Resources]:
    """The resources of each variant, by its name."""
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
    import aws_cdk as cdk

    app = cdk.App(outdir=str(folder))
    for each in VARIANTS:
        _stack(app, each)
    return {stack.stack_name: stack.template["Resources"] for stack in app.synth().stacks}


def _stack(app: Any, chosen: tenants.Tenant) -> None:
    import aws_cdk as cdk
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms

    from infra.constructs.agent import Agent
    from infra.constructs.catalog import Catalog
    from infra.constructs.code import Layers
    from infra.constructs.ground import Ground
    from infra.constructs.lake import Lake
    from infra.constructs.network import Network
    from infra.constructs.state_table import StateTable

    stack = cdk.Stack(app, chosen.name, env=cdk.Environment(region=chosen.region))
    key = kms.Key(stack, "Key")
    named = chosen.network != "none"
    ground = Ground(
        tenant=chosen,
        key=key,
        lake=Lake(stack, "Lake", key=key),
        state=StateTable(stack, "State", key=key),
        network=Network(stack, "Network", tenants=[chosen], az_count=2) if named else None,
        layers=Layers(stack, "Layers", settings=chosen.settings()),
        names=chosen.settings().model_copy(update={"machine": "m", "brokers": {"procore": "b"}, "seal_key": "k"}),
    )
    agent = Agent(stack, "Agent", ground=ground, catalog=Catalog(stack, "Catalog", ground=ground))
    asking = iam.Role(stack, "Asking", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    agent.allow_asking(asking)


def of(resources: Resources, kind: str) -> Resources:
    return {name: each for name, each in resources.items() if each["Type"] == kind}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(resources: Resources) -> list[tuple[str, Statement]]:
    """Every statement of every role's policy, with the role's logical id."""
    return [
        (role["Ref"], statement)
        for policy in of(resources, "AWS::IAM::Policy").values()
        for role in policy["Properties"]["Roles"]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def bedrock(resources: Resources, effect: str) -> list[tuple[str, Statement]]:
    return [
        (role, statement)
        for role, statement in statements(resources)
        if statement["Effect"] == effect and any(a.startswith("bedrock:") for a in listed(statement["Action"]))
    ]


def text(value: Any) -> str:
    """A value of a template as it will read, with names for what only AWS knows."""
    if isinstance(value, dict):
        if "Fn::Join" in value:
            return str(value["Fn::Join"][0]).join(text(part) for part in value["Fn::Join"][1])
        ((_, reference),) = value.items()
        return "<{}>".format(".".join(listed(reference)) if "Ref" not in value else reference.split("::")[-1])
    return str(value)
