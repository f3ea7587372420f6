"""Promises about webhooks, queues and the schedule, checked on the synthesised template."""

from __future__ import annotations

import json
from typing import Any

import pytest

Resources = dict[str, dict[str, Any]]
DEAD = "DeadLetters"


@pytest.fixture(scope="module")
def service(resources: Resources) -> Resources:
    """The resources of the stack that serves, by logical id."""
    return {name.split("/")[1]: each for name, each in resources.items() if name.startswith("example-service/")}


def of(resources: Resources, kind: str) -> Resources:
    return {name: each["Properties"] for name, each in resources.items() if each["Type"] == kind}


def named(resources: Resources, kind: str, part: str) -> dict[str, Any]:
    (found,) = (each for name, each in of(resources, kind).items() if part in name)
    return found


def id_of(resources: Resources, kind: str, part: str) -> str:
    (found,) = (name for name in of(resources, kind) if part in name)
    return found


def may(resources: Resources, function: str) -> list[tuple[str, str]]:
    """(action, resource as text) that the role of one of our functions is allowed."""
    policy = named(resources, "AWS::IAM::Policy", f"Ingress{function}RoleDefaultPolicy")
    found = []
    for statement in policy["PolicyDocument"]["Statement"]:
        assert statement["Effect"] == "Allow"
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        found += [(action, json.dumps(statement["Resource"])) for action in actions]
    return found


def actions(resources: Resources, function: str, service: str) -> set[str]:
    return {action for action, _ in may(resources, function) if action.startswith(f"{service}:")}


def ingress_queues(service: Resources) -> Resources:
    return {name: each for name, each in of(service, "AWS::SQS::Queue").items() if name.startswith("Ingress")}


def test_every_queue_is_under_the_tenant_s_key_over_tls_and_has_dead_letters(service: Resources) -> None:
    queues = ingress_queues(service)
    policies = json.dumps(list(of(service, "AWS::SQS::QueuePolicy").values()))

    assert len(queues) == 5
    for name, queue in queues.items():
        assert "Key" in json.dumps(queue["KmsMasterKeyId"]), name
        assert name in policies, name
        if DEAD in name:
            assert queue["MessageRetentionPeriod"] == 14 * 86400
        else:
            assert DEAD in json.dumps(queue["RedrivePolicy"]["deadLetterTargetArn"])
            assert queue["RedrivePolicy"]["maxReceiveCount"] == 5


@pytest.mark.parametrize(("function", "queue"), [("Coalesce", "Events"), ("StartRefresh", "Due")])
def test_a_message_stays_hidden_six_times_as_long_as_its_function_may_run(
    service: Resources, function: str, queue: str
) -> None:
    mapping = named(service, "AWS::Lambda::EventSourceMapping", f"Ingress{function}")
    hidden = next(each for name, each in ingress_queues(service).items() if queue in name and DEAD not in name)
    runs = named(service, "AWS::Lambda::Function", f"Ingress{function}")["Timeout"]

    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert queue in json.dumps(mapping["EventSourceArn"])
    assert hidden["VisibilityTimeout"] >= 6 * runs + mapping.get("MaximumBatchingWindowInSeconds", 0)
    assert mapping["BatchSize"] <= 10 or mapping["MaximumBatchingWindowInSeconds"]


def test_the_receiver_puts_and_sends_and_reads_nothing_but_its_keys(service: Resources) -> None:
    assert actions(service, "Webhook", "s3") == {"s3:PutObject", "s3:AbortMultipartUpload"}
    assert actions(service, "Webhook", "sqs") == {"sqs:SendMessage"}
    assert actions(service, "Webhook", "secretsmanager") == {"secretsmanager:GetSecretValue"}
    assert all("/hooks/*" in on for action, on in may(service, "Webhook") if action.startswith("s3:"))
    assert actions(service, "Webhook", "states") == set()


def test_the_coalescer_knows_neither_the_lake_nor_the_secrets(service: Resources) -> None:
    for kind in ("s3", "secretsmanager", "states", "bedrock"):
        assert actions(service, "Coalesce", kind) == set()


def test_nobody_but_the_starter_may_start_a_refresh(service: Resources) -> None:
    policies = of(service, "AWS::IAM::Policy")
    starting = {name for name, each in policies.items() if "states:StartExecution" in json.dumps(each)}

    assert starting == {id_of(service, "AWS::IAM::Policy", "IngressStartRefreshRoleDefaultPolicy")}
    assert actions(service, "StartRefresh", "states") == {"states:StartExecution", "states:DescribeExecution"}
    assert actions(service, "StartRefresh", "s3") == {"s3:ListBucket"}
    machine = id_of(service, "AWS::StepFunctions::StateMachine", "")
    assert all(machine in on for action, on in may(service, "StartRefresh") if action.startswith("states:"))


def test_state_is_opened_by_family(service: Resources) -> None:
    families = {"Webhook": ["hook"], "Coalesce": ["sync"], "StartRefresh": ["sync", "hook"]}
    for function, expected in families.items():
        policy = named(service, "AWS::IAM::Policy", f"Ingress{function}RoleDefaultPolicy")
        told = [
            each["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"]
            for each in policy["PolicyDocument"]["Statement"]
            if "dynamodb:" in json.dumps(each["Action"])
        ]

        assert told
        assert all(each == expected for each in told), function


def test_the_hook_is_open_to_vendors_and_to_post_only(service: Resources) -> None:
    method = named(service, "AWS::ApiGateway::Method", "hookssourcePOST")
    others = [name for name in of(service, "AWS::ApiGateway::Method") if "hookssource" in name]

    assert len(others) == 1
    assert (method["AuthorizationType"], method["ApiKeyRequired"]) == ("NONE", False)
    assert method["RequestModels"]
    assert method["RequestValidatorId"]
    assert "IngressWebhook" in json.dumps(method["Integration"]["Uri"])


def test_hooks_have_a_limit_of_their_own(service: Resources) -> None:
    (stage,) = of(service, "AWS::ApiGateway::Stage").values()
    limits = {each["ResourcePath"]: each.get("ThrottlingRateLimit") for each in stage["MethodSettings"]}

    assert limits["/~1hooks~1{source}"] <= 20


def test_the_starter_hears_of_this_tenant_s_executions_and_what_it_misses_is_kept(service: Resources) -> None:
    rule = named(service, "AWS::Events::Rule", "IngressExecutions")
    detail = rule["EventPattern"]["detail"]
    (target,) = rule["Targets"]

    assert id_of(service, "AWS::StepFunctions::StateMachine", "") in json.dumps(detail["stateMachineArn"])
    assert {"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"} <= set(detail["status"])
    assert "StartDeadLetters" in json.dumps(target["DeadLetterConfig"])
    asynchronous = named(service, "AWS::Lambda::EventInvokeConfig", "Ingress")
    assert "StartDeadLetters" in json.dumps(asynchronous["DestinationConfig"]["OnFailure"])


def test_the_schedule_wakes_the_starter_in_the_tenant_s_time_zone(service: Resources) -> None:
    refresh = named(service, "AWS::Scheduler::Schedule", "IngressRefresh")
    sweep = named(service, "AWS::Scheduler::Schedule", "IngressSweep")

    assert (refresh["ScheduleExpression"], refresh["ScheduleExpressionTimezone"]) == ("rate(6 hours)", "America/Denver")
    assert json.loads(refresh["Target"]["Input"]) == {"operation": "scheduled"}
    assert json.loads(sweep["Target"]["Input"]) == {"operation": "sweep"}
    for schedule in (refresh, sweep):
        assert "IngressStartRefresh" in json.dumps(schedule["Target"]["Arn"])
        assert "StartDeadLetters" in json.dumps(schedule["Target"]["DeadLetterConfig"])


def test_each_calling_system_has_a_key_that_nobody_knows_yet(resources: Resources) -> None:
    keys = {
        each["Properties"]["Name"]: each["Properties"]["GenerateSecretString"]
        for name, each in resources.items()
        if each["Type"] == "AWS::SecretsManager::Secret" and "/hooks/" in each["Properties"].get("Name", "")
    }

    assert set(keys) == {f"datablueprint/example/hooks/{each}" for each in ("procore", "quickbooks_online", "gusto")}
    for made in keys.values():
        assert json.loads(made["SecretStringTemplate"]) == {"previous": ""}
        assert (made["GenerateStringKey"], made["PasswordLength"]) == ("key", 48)
