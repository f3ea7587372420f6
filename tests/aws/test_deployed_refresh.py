"""What was synthesised is deployed and refreshed with the real handlers, each under its own role and environment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow.parquet as pq
import pytest

from local.sandbox.faults import unavailable
from tests.aws.cloud import FIRST, Cloud
from tests.aws.deploying import NAMELESS
from tests.aws.iam.guard import Caller
from tests.aws.iam.policies import Policies, Request, Statement, judge

CREATED = {
    "AWS::Athena::WorkGroup", "AWS::DynamoDB::GlobalTable", "AWS::EC2::Subnet", "AWS::EC2::VPC",
    "AWS::EC2::VPCEndpoint", "AWS::Glue::Database", "AWS::Glue::Table", "AWS::IAM::Policy", "AWS::IAM::Role",
    "AWS::KMS::Key", "AWS::Lambda::Function", "AWS::S3::Bucket", "AWS::SecretsManager::Secret",
    "AWS::StepFunctions::StateMachine",
}  # fmt: skip
"""What a refresh touches has to be there and not merely be named."""


REINDEX = "an index is lost and written anew from raw records"
ABSENT = "a table is missing and S3 has to say so"
SELDOM = {
    ("Plan", "s3:GetObject"): REINDEX,
    ("Plan", "kms:Decrypt"): REINDEX,
    ("Plan", "s3:PutObject"): REINDEX,
    ("Plan", "kms:GenerateDataKey"): REINDEX,
    ("Link", "s3:ListBucket"): ABSENT,
    ("Post", "s3:ListBucket"): ABSENT,
    ("Publish", "s3:DeleteObject"): "snapshots expire",
}


def output(execution: dict[str, Any]) -> dict[str, Any]:
    assert execution["status"] == "SUCCEEDED", execution.get("cause")
    found: dict[str, Any] = json.loads(execution["output"])
    return found


def test_every_resource_of_the_templates_was_created_or_is_accounted_for(cloud: Cloud) -> None:
    in_templates = sum(len(stack.template["Resources"]) for stack in cloud.deployment.assembly.stacks)

    for maker, types in cloud.deployment.kinds.items():
        print(f"{maker}: {sum(types.values())}, {', '.join(sorted(types))}")
    assert len(cloud.deployment.resources) == in_templates
    assert not CREATED & set(cloud.deployment.kinds[NAMELESS])
    assert {each.type for each in cloud.deployment.resources} >= CREATED


def test_the_deployed_machine_publishes_a_snapshot_and_no_call_was_refused(cloud: Cloud) -> None:
    published = output(cloud.first)["published"]

    assert published["new"] > 0
    assert [str(call) for call in cloud.guard.refused if call.caller.role in roles_of(cloud, FIRST)] == []
    assert cloud.guard.faults == []
    services = {call.service for call in cloud.guard.calls}
    assert {"s3", "dynamodb", "athena", "kms", "secretsmanager", "lambda"} <= services
    print(f"{len(cloud.guard.calls)} calls, {sum(len(call.requests) for call in cloud.guard.calls)} decisions")


def test_its_tables_are_those_of_a_laptop_refresh_of_the_same_contractor(cloud: Cloud) -> None:
    deployed_tables = cloud.tables(FIRST, output(cloud.first)["published"]["snapshot"])
    laptop = cloud.company.home.path / "files" / "tables"
    snapshot = cloud.company.refreshed["published"]["snapshot"]
    here = {path.parent.parent.name: pq.read_table(path) for path in laptop.glob(f"*/snapshot={snapshot}/data.parquet")}

    assert set(deployed_tables) == set(here)
    differing = [name for name, table in here.items() if rows(table.to_pylist()) != rows(deployed_tables[name])]
    assert differing == []
    assert sum(len(found) for found in deployed_tables.values()) > 1000


def test_each_function_ran_with_its_own_role(cloud: Cloud) -> None:
    extractors = [f for f in cloud.functions.invoked if "Extract" in f]
    by_role = {call.caller.role for call in cloud.guard.calls if call.caller.function}

    assert len(extractors) > 20
    assert len(by_role) == len({call.caller.function.id for call in cloud.guard.calls if call.caller.function})


def test_a_second_refresh_of_unchanged_systems_publishes_nothing(cloud: Cloud) -> None:
    again = output(cloud.refresh(FIRST))

    assert again["unchanged"] is True
    assert not any(outcome["stale"] for outcome in again["outcomes"])


def test_a_vendor_that_is_down_is_marked_stale_and_the_others_are_read(cloud: Cloud) -> None:
    with cloud.company.sandbox.faults.during(unavailable("gusto").limited(times=None)):
        ended = output(cloud.refresh(FIRST))

    stale = {outcome["source"]: outcome for outcome in ended["outcomes"] if outcome["stale"]}
    assert set(stale) == {"gusto"}
    assert stale["gusto"]["error_type"] == "SourceUnavailable"


def test_without_any_one_of_its_grants_the_refresh_would_be_refused(cloud: Cloud) -> None:
    """Each allowing statement of the roles of a refresh is taken away, and the recorded calls are judged again."""
    asked: dict[Caller, dict[str, Request]] = {}
    for call in cloud.guard.calls:
        if call.caller.role in roles_of(cloud, FIRST) and not call.refused:
            asked.setdefault(call.caller, {}).update({repr(request): request for request in call.requests})

    statements = [(caller, each) for caller in asked for each in cloud.account.roles[caller.role] if not each.denies]
    idle = [s for caller, s in statements if not is_needed(cloud, caller, s, list(asked[caller].values()))]

    idle = [each for each in idle if not is_of_the_platform(each)]

    print(f"{len(statements)} grants, {len(idle)} needed only when: {sorted({seldom(each) for each in idle})}")
    assert len(statements) > 100
    assert [f"{each.origin} {each.raw}" for each in idle if not seldom(each)] == []


@pytest.mark.parametrize(
    ("function", "action"),
    [("Plan", "dynamodb:GetItem"), ("Conform", "s3:GetObject"), ("Measure", "athena:StartQueryExecution")],
)
def test_a_refresh_with_a_grant_missing_ends_in_access_denied(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch, function: str, action: str
) -> None:
    role = cloud.functions.caller(cloud.function(FIRST, f"Refresh{function}Function")).role
    left = [each for each in cloud.account.roles[role] if action not in actions(each)]
    monkeypatch.setitem(cloud.account.roles, role, left)

    ended = cloud.refresh(FIRST, {"full": True})

    assert ended["status"] == "FAILED"
    assert "AccessDenied" in ended["cause"]
    assert f"{action} on" in ended["cause"]


def test_nobody_but_the_service_that_runs_it_takes_a_role(cloud: Cloud) -> None:
    trusted = {
        each.logical_id: statement["Principal"]
        for each in cloud.deployment.of_type("AWS::IAM::Role", stack=f"{FIRST}-")
        for statement in each.properties["AssumeRolePolicyDocument"]["Statement"]
    }

    assert [name for name, principal in trusted.items() if set(principal) != {"Service"}] == []


def is_needed(cloud: Cloud, caller: Caller, statement: Statement, requests: list[Request]) -> bool:
    """Whether some request is allowed by nothing but this statement."""
    for request in requests:
        held = cloud.account.policies(request, caller.role, caller.function)
        left = Policies([s for s in held.identity if s != statement], held.resource, held.endpoint)
        if not judge(request, caller.role, left).allowed:
            return True
    return False


def is_of_the_platform(statement: Statement) -> bool:
    """Writing logs and attaching to a VPC is what the Lambda and Step Functions services do in the role's name."""
    return all(each.startswith(("logs:", "ec2:")) for each in actions(statement))


def seldom(statement: Statement) -> str:
    """When a grant is needed that no refresh of a healthy, young lake needs; nothing when nobody said so."""
    for (function, action), reason in SELDOM.items():
        if f"/Refresh{function}Role" in statement.origin and action in actions(statement):
            return reason
    return ""


def actions(statement: Statement) -> list[str]:
    listed = statement.raw["Action"]
    return [listed] if isinstance(listed, str) else list(listed)


def roles_of(cloud: Cloud, tenant: str) -> set[str]:
    return {
        str(each.properties[part])
        for kind, part in (("AWS::Lambda::Function", "Role"), ("AWS::StepFunctions::StateMachine", "RoleArn"))
        for each in cloud.deployment.of_type(kind, stack=f"{tenant}-")
    }


def rows(listed: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, default=str, sort_keys=True) for row in listed)


@pytest.fixture(autouse=True)
def nothing_was_left_unjudged(cloud: Cloud) -> Iterator[None]:
    yield
    assert cloud.guard.faults == []
