"""The three functions as Lambda runs them, from their environment, over moto's SQS, S3, DynamoDB and Step Functions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from datablueprint.settings import Pace
from functions.coalesce import handler as coalesce
from functions.start_refresh import handler as start_refresh
from functions.webhook import handler as webhook
from tests.hooks.kit import body_of, call, keys, settings

DEFINITION = json.dumps({"StartAt": "Plan", "States": {"Plan": {"Type": "Pass", "End": True}}})
AT_ONCE = Pace(quiet_seconds=0, longest_wait_seconds=0, least_gap_seconds=0)
GETTERS = (webhook.get_reception, coalesce.get_coalescer, start_refresh.get_starter)


class Account:
    """The tenant's account, with what the deployment makes."""

    def __init__(self, boto3: Any) -> None:
        self.s3, self.sqs = boto3.client("s3"), boto3.client("sqs")
        self.machines = boto3.client("stepfunctions")
        self.s3.create_bucket(Bucket="lake")
        boto3.resource("dynamodb").create_table(
            TableName="state",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "family", "KeyType": "HASH"}, {"AttributeName": "name", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": each, "AttributeType": "S"} for each in ("family", "name")],
        )
        for name, fields in keys().secrets.items():
            boto3.client("secretsmanager").create_secret(Name=name, SecretString=json.dumps(fields))
        self.events, self.due = (self.sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("events", "due"))
        role = "arn:aws:iam::123456789012:role/machine"
        made = self.machines.create_state_machine(name="refresh", definition=DEFINITION, roleArn=role)
        self.machine = made["stateMachineArn"]

    def settings(self) -> str:
        names = {"bucket": "lake", "state_table": "state", "machine": self.machine, "events_queue": self.events,
                 "due_queue": self.due}  # fmt: skip
        return settings(AT_ONCE).model_copy(update=names).model_dump_json(exclude_defaults=True)

    def hand_over(self, queue: str) -> dict[str, Any]:
        """What Lambda's poller hands to a function; all of it is then deleted."""
        found = self.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for each in found:
            self.sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
        return {"Records": [{"messageId": each["MessageId"], "body": each["Body"]} for each in found]}

    def executions(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.machines.list_executions(stateMachineArn=self.machine)["executions"]
        return found


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        import boto3

        made = Account(boto3)
        monkeypatch.setenv("DATABLUEPRINT_SETTINGS", made.settings())
        for each in GETTERS:
            each.cache_clear()
        yield made
    for each in GETTERS:
        each.cache_clear()


def test_from_the_vendor_s_call_to_one_execution(account: Account) -> None:
    bodies = [body_of("gusto", f"e-{n}") for n in range(3)]

    codes = [webhook.lambda_handler(call("gusto", body), None)["statusCode"] for body in (*bodies, bodies[0])]
    forged = webhook.lambda_handler(call("gusto", bodies[0], key="guess"), None)["statusCode"]
    coalesced = coalesce.lambda_handler(account.hand_over(account.events), None)
    started = start_refresh.lambda_handler(account.hand_over(account.due), None)

    assert (codes, forged) == ([200] * 4, 401)
    assert coalesced == started == {"batchItemFailures": []}
    (execution,) = account.executions()
    assert execution["name"].startswith("acme-gusto-")
    told = account.machines.describe_execution(executionArn=execution["executionArn"])
    assert json.loads(told["input"]) == {"sources": ["gusto"], "full": False}
    kept = account.s3.list_objects_v2(Bucket="lake", Prefix="hooks/source=gusto/")
    assert kept["KeyCount"] == 3


def test_what_changes_meanwhile_is_started_by_the_end_of_the_first(account: Account) -> None:
    start_refresh.lambda_handler({"operation": "scheduled"}, None)
    webhook.lambda_handler(call("procore", body_of("procore", "e-1")), None)
    coalesce.lambda_handler(account.hand_over(account.events), None)
    start_refresh.lambda_handler(account.hand_over(account.due), None)
    (first,) = account.executions()
    detail = {"name": first["name"], "status": "SUCCEEDED", "input": "{}", "output": "{}"}

    told = {"source": "aws.states", "detail-type": "Step Functions Execution Status Change", "detail": detail}
    start_refresh.lambda_handler(told, None)
    start_refresh.lambda_handler(told, None)

    assert len(account.executions()) == 2
