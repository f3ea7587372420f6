"""Before deploying: what the account lacks is told with what to do, and nothing in it is changed.

The answers are stubs that botocore checks against each service's own model.
"""

from __future__ import annotations

import argparse
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from datablueprint.errors import SettingsError
from infra.tenants import Tenant
from local.aws_doctor import VPCS, doctor, examine

ACCOUNT, OTHER_ACCOUNT = "111122223333", "444455556666"
MODEL = "us.anthropic.claude-sonnet-4-6"
TENANT = Tenant.model_validate(
    {
        "name": "example",
        "company": "Example Builders",
        "region": "us-west-2",
        "sources": {"procore": {"base_url": "https://api.procore.com"}},
        "agent": {"model_id": MODEL},
    }
)
ZONES = [{"State": "available", "ZoneName": f"us-west-2{letter}"} for letter in "abc"]
Answers = dict[str, list[tuple[str, Any]]]


def quota(value: float) -> tuple[str, Any]:
    return "get_service_quota", {"Quota": {"Value": value}}


def good() -> Answers:
    """Service to its operations in the order they are asked; an error is given as its code."""
    identity = {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/it", "UserId": "U"}
    available = {
        "modelId": MODEL,
        "agreementAvailability": {"status": "AVAILABLE"},
        "authorizationStatus": "AUTHORIZED",
        "entitlementAvailability": "AVAILABLE",
        "regionAvailability": "AVAILABLE",
    }
    profile = {
        "inferenceProfileName": "n",
        "inferenceProfileArn": f"arn:aws:bedrock:us-west-2:{ACCOUNT}:inference-profile/{MODEL}",
        "inferenceProfileId": MODEL,
        "status": "ACTIVE",
        "type": "SYSTEM_DEFINED",
        "models": [
            {"modelArn": f"arn:aws:bedrock:{region}::foundation-model/m"} for region in ("us-west-2", "us-east-1")
        ],
    }
    return {
        "sts": [("get_caller_identity", identity), ("get_caller_identity", identity)],
        "ec2": [
            ("describe_regions", {"Regions": [{"OptInStatus": "opt-in-not-required"}]}),
            ("describe_availability_zones", {"AvailabilityZones": ZONES}),
            ("describe_vpcs", {"Vpcs": [{"VpcId": "vpc-1"}]}),
            ("describe_vpc_endpoints", {"VpcEndpoints": []}),
        ],
        "ssm": [("get_parameter", {"Parameter": {"Value": "30"}})],
        "service-quotas": [quota(5), quota(20), quota(50)],
        "lambda": [("get_account_settings", {"AccountLimit": {"ConcurrentExecutions": 1000}})],
        "bedrock": [
            ("get_account_data_retention", {"mode": "none"}),
            ("get_foundation_model_availability", available),
            ("get_inference_profile", profile),
        ],
        "bedrock-agentcore-control": [("list_agent_runtimes", {"agentRuntimes": []})],
        "cognito-idp": [("describe_user_pool_domain", {"DomainDescription": {}})],
    }


def changed(service: str, operation: str, answer: Any) -> Answers:
    answers = good()
    answers[service] = [(name, answer if name == operation else given) for name, given in answers[service]]
    return answers


def found(answers: Answers, tenant: Tenant = TENANT) -> dict[str, tuple[bool, str]]:
    return {check.name: (check.ok, check.found) for check in examine([tenant], account(answers))}


def account(answers: Answers) -> Any:
    made: dict[str, Any] = {}

    def client(service: str, region: str) -> Any:
        if service not in made:
            keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
            made[service] = boto3.client(service, region_name=region, **keys)
            stub = Stubber(made[service])
            for operation, answer in answers.get(service, ()):
                if isinstance(answer, str):
                    stub.add_client_error(operation, service_error_code=answer, service_message="No.")
                else:
                    stub.add_response(operation, answer)
            stub.activate()
        return made[service]

    return client


def test_an_account_that_is_ready_passes_every_check() -> None:
    checks = found(good())

    assert {name: text for name, (ok, text) in checks.items() if not ok} == {}
    assert len(checks) == 13
    assert checks["identity"] == (True, f"account {ACCOUNT}, arn:aws:iam::{ACCOUNT}:user/it")
    assert checks["example profile"][1].endswith("it runs in us-east-1, us-west-2")


@pytest.mark.parametrize(
    ("service", "operation", "answer", "check", "told"),
    [
        ("ssm", "get_parameter", "ParameterNotFound", "us-west-2 CDK bootstrap", "run `npx cdk bootstrap aws://"),
        ("ssm", "get_parameter", {"Parameter": {"Value": "5"}}, "us-west-2 CDK bootstrap", "version 5, 6 is needed"),
        ("ec2", "describe_regions", {"Regions": [{"OptInStatus": "not-opted-in"}]}, "us-west-2 enabled",
         "enable-region"),
        ("ec2", "describe_availability_zones", {"AvailabilityZones": ZONES[:1]}, "us-west-2 zones",
         "set az_count to 1"),
        ("ec2", "describe_vpcs", {"Vpcs": [{"VpcId": f"vpc-{n}"} for n in range(5)]}, "us-west-2 quota of VPCs",
         f"--quota-code {VPCS} --desired-value 6`), or set network = \"shared\""),
        ("lambda", "get_account_settings", {"AccountLimit": {"ConcurrentExecutions": 10}},
         "us-west-2 Lambda concurrency", "--desired-value 100"),
        ("bedrock", "get_account_data_retention", {"mode": "inherit"}, "us-west-2 data retention",
         "put-account-data-retention --mode none --region us-west-2"),
        ("cognito-idp", "describe_user_pool_domain", {"DomainDescription": {"AWSAccountId": OTHER_ACCOUNT}},
         "example sign-in address", "belongs to another account; set people.prefix"),
        ("bedrock-agentcore-control", "list_agent_runtimes", "AccessDeniedException", "us-west-2 AgentCore",
         "your role may not look (bedrock-agentcore:ListAgentRuntimes); ask for that permission"),
        ("service-quotas", "get_service_quota", "NoSuchResourceException", "us-west-2 quota of VPCs",
         "AWS answered NoSuchResourceException: No."),
    ],
)  # fmt: skip
def test_what_is_lacking_ends_with_what_to_do(service: str, operation: str, answer: Any, check: str, told: str) -> None:
    ok, text = found(changed(service, operation, answer))[check]

    assert not ok
    assert told in text


def test_a_model_that_was_not_asked_for_names_what_it_lacks() -> None:
    (answer,) = (given for name, given in good()["bedrock"] if name == "get_foundation_model_availability")
    refused = {**answer, "agreementAvailability": {"status": "NOT_AVAILABLE"}, "authorizationStatus": "NOT_AUTHORIZED"}

    ok, text = found(changed("bedrock", "get_foundation_model_availability", refused))["example model"]

    assert not ok
    assert text.startswith(
        "anthropic.claude-sonnet-4-6 lacks agreement, authorization; ask for it in the Bedrock console"
    )


def test_a_zone_that_is_not_there_is_named() -> None:
    elsewhere = TENANT.model_copy(update={"availability_zones": ("us-west-2a", "us-west-2z")})

    ok, text = found(good(), elsewhere)["us-west-2 zones"]

    assert not ok
    assert text.endswith("take us-west-2z out of availability_zones")


def test_without_a_model_and_a_network_nothing_is_asked_about_them() -> None:
    plain = TENANT.model_copy(
        update={"network": "none", "agent_host": "lambda", "agent": TENANT.agent.model_copy(update={"model_id": ""})}
    )
    answers = {**good(), "bedrock": [], "bedrock-agentcore-control": [], "service-quotas": []}
    answers["ec2"] = answers["ec2"][:1]

    checks = found(answers, plain)

    assert all(ok for ok, _ in checks.values())
    assert len(checks) == 5


def test_without_an_identity_nothing_else_is_asked() -> None:
    checks = found({"sts": [("get_caller_identity", "ExpiredToken")]})

    assert checks == {"identity": (False, "AWS answered ExpiredToken: No.")}


def test_a_service_that_is_not_in_the_region_is_told_as_that() -> None:
    ready = account(good())

    class Absent:
        def list_agent_runtimes(self, **asked: Any) -> None:
            raise EndpointConnectionError(endpoint_url="https://bedrock-agentcore-control.us-west-2.amazonaws.com")

    def client(service: str, region: str) -> Any:
        return Absent() if service == "bedrock-agentcore-control" else ready(service, region)

    checks = {check.name: check for check in examine([TENANT], client)}

    assert not checks["us-west-2 AgentCore"].ok
    assert checks["us-west-2 AgentCore"].found.startswith("the service does not answer in this region")


def test_every_call_only_reads() -> None:
    called = {operation for operations in good().values() for operation, _ in operations}

    assert {name.split("_")[0] for name in called} == {"describe", "get", "list"}


def test_a_tenant_that_is_not_there_is_told_with_those_that_are() -> None:
    args = argparse.Namespace(tenant="nobody")

    with pytest.raises(SettingsError, match="no tenant 'nobody' in infra/tenants.toml; there is example"):
        doctor(args, None, print)  # type: ignore[arg-type]
