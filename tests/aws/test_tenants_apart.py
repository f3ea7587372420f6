"""No role of one tenant gets at anything of another: prefix, key, rows, workgroup, secret, function, machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.aws.cloud import FIRST, SECOND, THIRD, Cloud
from tests.aws.iam.account import Unreachable
from tests.aws.iam.guard import Caller
from tests.aws.iam.policies import Request, judge

BOTH = pytest.mark.parametrize(("mine", "other"), [(FIRST, SECOND), (SECOND, FIRST), (SECOND, THIRD)])
"""The last two stand in one VPC and use the same endpoints."""


@dataclass(frozen=True)
class Attempt:
    service: str
    operation: str
    params: dict[str, Any]


@BOTH
def test_no_role_of_one_tenant_may_touch_what_is_the_others(cloud: Cloud, mine: str, other: str) -> None:
    attempts = list(everything_of(cloud, other))
    callers = list(callers_of(cloud, mine))

    allowed = [
        f"{name(caller)}: {attempt}"
        for caller in callers
        for attempt in attempts
        for way in (caller, Caller(caller.role))  # an endpoint that is missing must not be what saves us
        if allowed_request(cloud, way, attempt)
    ]

    print(f"{len(callers)} roles x {len(attempts)} attempts")
    assert len(callers) * len(attempts) > 500
    assert allowed == []


@pytest.mark.parametrize("mine", [FIRST, SECOND])
def test_the_same_attempts_on_ones_own_are_allowed_to_somebody(cloud: Cloud, mine: str) -> None:
    """Otherwise the test above would prove nothing."""
    callers = list(callers_of(cloud, mine))

    nobody = [
        f"{attempt.service}:{attempt.operation} {attempt.params}"
        for attempt in everything_of(cloud, mine)
        if not any(allowed_request(cloud, caller, attempt) for caller in callers)
    ]

    assert nobody == [], "\n".join(nobody)


@BOTH
def test_a_bucket_refuses_the_other_tenant_even_where_its_own_role_is_too_generous(
    cloud: Cloud, mine: str, other: str
) -> None:
    """Two walls: a role that could read everything stands before the bucket's and the key's own policies."""
    generous = Request("s3:GetObject", f"arn:aws:s3:::{cloud.bucket(other)}/tables/facts/x.parquet")
    for caller in callers_of(cloud, mine):
        request = cloud.account.context(generous, caller.role, None)
        held = cloud.account.policies(request, caller.role, None)
        denied = judge(request, caller.role, held)

        assert not denied.allowed
        assert "denied explicitly" in denied.why


def everything_of(cloud: Cloud, tenant: str) -> Iterator[Attempt]:
    """One of each way to get at a tenant's things."""
    bucket = cloud.bucket(tenant)
    table = cloud.one("AWS::DynamoDB::GlobalTable", tenant).id
    for prefix in ("raw/source=procore/", "tables/facts/", "snapshots/"):
        yield Attempt("s3", "PutObject", {"Bucket": bucket, "Key": f"{prefix}x"})
    for prefix in ("raw/", "tables/", "snapshots/", "inbox/payroll_file/"):
        yield Attempt("s3", "GetObject", {"Bucket": bucket, "Key": f"{prefix}x"})
        yield Attempt("s3", "ListObjectsV2", {"Bucket": bucket, "Prefix": prefix})
    for family in ("checkpoint", "token", "decision", "snapshot", "build"):
        key = {"family": {"S": family}, "name": {"S": f"{family}/x"}}
        yield Attempt("dynamodb", "GetItem", {"TableName": table, "Key": key})
    for family in ("checkpoint", "token", "snapshot"):
        key = {"family": {"S": family}, "name": {"S": f"{family}/x"}}
        yield Attempt("dynamodb", "UpdateItem", {"TableName": table, "Key": key})
    yield Attempt("athena", "StartQueryExecution", workgroup_of(cloud, tenant))
    for source in ("procore", "quickbooks_online", "gusto"):
        yield Attempt("secretsmanager", "GetSecretValue", {"SecretId": f"datablueprint/{tenant}/{source}"})
        broker = cloud.function(tenant, f"Tokens{source.replace('_', '')}").id
        yield Attempt("lambda", "Invoke", {"FunctionName": broker})
        context = {"tenant": tenant, "source": source}
        sealed = {"KeyId": cloud.one("AWS::KMS::Key", tenant).id, "EncryptionContext": context}
        yield Attempt("kms", "Decrypt", sealed)
        yield Attempt("kms", "Encrypt", sealed)


def workgroup_of(cloud: Cloud, tenant: str) -> dict[str, Any]:
    return {"WorkGroup": cloud.one("AWS::Athena::WorkGroup", tenant).id, "QueryString": "SELECT 1"}


def allowed_request(cloud: Cloud, caller: Caller, attempt: Attempt) -> bool:
    """Whether the call's own action would be allowed, whatever it asks of others besides."""
    try:
        call = cloud.guard.check(caller, attempt.service, attempt.operation, attempt.params)
    except Unreachable:
        return False
    return call.requests[0] not in [request for request, _ in call.refused]


def callers_of(cloud: Cloud, tenant: str) -> Iterator[Caller]:
    for function in cloud.deployment.of_type("AWS::Lambda::Function", stack=f"{tenant}-"):
        if "ManagedPolicyArns" not in role_of(cloud, str(function.properties["Role"])):
            yield Caller(str(function.properties["Role"]), function)


def role_of(cloud: Cloud, arn: str) -> Any:
    return cloud.deployment.by_id("AWS::IAM::Role", arn.rpartition("/")[2]).properties


def name(caller: Caller) -> str:
    return caller.role.rpartition("/")[2]
