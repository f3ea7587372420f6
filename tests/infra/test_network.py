"""The tenant's network has no way out, and each endpoint lets through what is needed."""

from __future__ import annotations

import json
from typing import Any

from infra.constructs.network import doorways
from infra.tenants import Tenant, load

Resources = dict[str, dict[str, Any]]


def of(resources: Resources, kind: str) -> list[dict[str, Any]]:
    return [each["Properties"] for each in resources.values() if each["Type"] == kind]


def services(tenants: list[Tenant]) -> set[str]:
    return {door.name for door in doorways(tenants)}


def tenant(**chosen: Any) -> Tenant:
    (example,) = load()
    return Tenant.model_validate({**example.model_dump(), **chosen})


def test_no_subnet_has_a_route_out(resources: Resources) -> None:
    kinds = {each["Type"] for each in resources.values()}

    assert of(resources, "AWS::EC2::Subnet")
    assert all(not subnet["MapPublicIpOnLaunch"] for subnet in of(resources, "AWS::EC2::Subnet"))
    assert not kinds & {
        "AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::EC2::EgressOnlyInternetGateway", "AWS::EC2::Route",
        "AWS::EC2::TransitGatewayAttachment", "AWS::EC2::EIP",
    }  # fmt: skip


def test_every_endpoint_has_a_policy_that_names_the_tenant_s_roles_or_its_account(resources: Resources) -> None:
    endpoints = of(resources, "AWS::EC2::VPCEndpoint")

    assert {each["VpcEndpointType"] for each in endpoints} == {"Gateway", "Interface"}
    for endpoint in endpoints:
        for statement in endpoint["PolicyDocument"]["Statement"]:
            conditions = json.dumps(statement["Condition"])
            assert "role/datablueprint/example/inside/*" in conditions or "aws:PrincipalAccount" in conditions
            assert statement["Effect"] == "Allow"
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert not any("*" in action for action in actions)


def test_the_gateways_reach_the_tenant_s_own_bucket_and_table_only(resources: Resources) -> None:
    gateways = [e for e in of(resources, "AWS::EC2::VPCEndpoint") if e["VpcEndpointType"] == "Gateway"]

    for gateway in gateways:
        for statement in gateway["PolicyDocument"]["Statement"]:
            assert statement["Resource"] != "*"


def test_nobody_reaches_the_functions_and_only_they_reach_the_endpoints(resources: Resources) -> None:
    inward = of(resources, "AWS::EC2::SecurityGroupIngress")

    assert [(rule["FromPort"], rule["ToPort"]) for rule in inward] == [(443, 443)]
    assert all("SourceSecurityGroupId" in rule for rule in inward)
    assert all("SecurityGroupIngress" not in group for group in of(resources, "AWS::EC2::SecurityGroup"))


def test_the_traffic_is_noted(resources: Resources) -> None:
    (flow,) = of(resources, "AWS::EC2::FlowLog")

    assert flow["TrafficType"] == "ALL"


def test_endpoints_are_those_that_the_choices_need() -> None:
    model = {"model_id": "us.anthropic.claude-sonnet-4-6"}

    assert services([tenant(agent_host="lambda", agent={})]) == {"Athena", "Lambda"}
    assert services([tenant(agent_host="lambda", agent=model)]) == {"Athena", "Lambda", "BedrockRuntime"}
    assert services([tenant(agent_host="agentcore", agent=model)]) == {
        "Athena", "BedrockRuntime", "AgentCore", "Logs", "Monitoring", "Sts",
    }  # fmt: skip
    both = [tenant(agent_host="lambda", agent={}), tenant(name="other", agent_host="agentcore", agent=model)]
    assert services(both) == {"Athena", "Lambda", "BedrockRuntime", "AgentCore", "Logs", "Monitoring", "Sts"}


def test_a_model_is_reached_in_its_geography_only() -> None:
    (thinking,) = (
        door for door in doorways([tenant(agent={"model_id": "us.anthropic.claude-sonnet-4-6"})])
        if door.name == "BedrockRuntime"
    )  # fmt: skip

    assert all(":us-" in arn or "guardrail/" in arn or "inference-profile/us." in arn for arn in thinking.resources)
    assert not any("global" in arn or arn.endswith("foundation-model/*") for arn in thinking.resources)
