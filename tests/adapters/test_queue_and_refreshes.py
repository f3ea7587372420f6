"""SQS and Step Functions keep the promises that the fakes make."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from datablueprint.adapters.sqs_queue import SqsQueue
from datablueprint.adapters.stepfunctions_refreshes import StepFunctionsRefreshes
from datablueprint.ports import Refreshes
from tests.fakes import MemoryQueue, MemoryRefreshes, StepClock

DEFINITION = json.dumps({"StartAt": "Plan", "States": {"Plan": {"Type": "Pass", "End": True}}})


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        import boto3

        yield boto3


class Sqs:
    """The queue and its other end."""

    def __init__(self, aws: Any) -> None:
        self._client = aws.client("sqs")
        self._url = self._client.create_queue(QueueName="q")["QueueUrl"]
        self.queue = SqsQueue(self._url)

    def receive(self) -> list[Any]:
        answer = self._client.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10, VisibilityTimeout=300)
        return [json.loads(each["Body"]) for each in answer.get("Messages", ())]


class Memory:
    def __init__(self) -> None:
        self.queue = MemoryQueue(StepClock())

    def receive(self) -> list[Any]:
        return [json.loads(each["body"]) for each in self.queue.receive()]


@pytest.fixture(params=["sqs", "memory"])
def ends(request: pytest.FixtureRequest, aws: Any) -> Any:
    return Sqs(aws) if request.param == "sqs" else Memory()


def test_what_is_put_in_comes_out_once_while_it_is_hidden(ends: Any) -> None:
    ends.queue.send({"source": "gusto", "event": "ü"})

    assert ends.receive() == [{"source": "gusto", "event": "ü"}]
    assert ends.receive() == []


def test_what_is_held_back_does_not_come_out_yet(ends: Any) -> None:
    ends.queue.send({"at": "later"}, delay_seconds=900)

    assert ends.receive() == []


def test_nothing_can_be_held_back_longer_than_fifteen_minutes(ends: Any) -> None:
    with pytest.raises(Exception, match="900"):
        ends.queue.send({}, delay_seconds=901)


@pytest.fixture(params=["stepfunctions", "memory"])
def refreshes(request: pytest.FixtureRequest, aws: Any) -> Refreshes:
    if request.param == "memory":
        return MemoryRefreshes()
    client = aws.client("stepfunctions")
    role = "arn:aws:iam::123456789012:role/machine"
    made = client.create_state_machine(name="refresh", definition=DEFINITION, roleArn=role)
    return StepFunctionsRefreshes(made["stateMachineArn"])


def test_an_execution_is_found_by_the_name_it_was_started_with(refreshes: Refreshes) -> None:
    assert refreshes.find("acme-gusto-1") is None

    refreshes.start("acme-gusto-1", {"sources": ["gusto"], "full": False})

    found = refreshes.find("acme-gusto-1")
    assert found
    assert found.status == "RUNNING"
    assert refreshes.find("acme-gusto-2") is None


@pytest.mark.parametrize("again", [["gusto"], ["procore"]])
def test_a_name_starts_one_execution_whatever_is_asked_the_second_time(
    refreshes: Refreshes, again: list[str], aws: Any
) -> None:
    refreshes.start("acme-1", {"sources": ["gusto"], "full": False})

    refreshes.start("acme-1", {"sources": again, "full": False})

    if isinstance(refreshes, StepFunctionsRefreshes):
        (only,) = aws.client("stepfunctions").list_executions(stateMachineArn=refreshes._machine)["executions"]
        assert only["name"] == "acme-1"
    else:
        assert isinstance(refreshes, MemoryRefreshes)
        assert refreshes.requests == {"acme-1": {"sources": ["gusto"], "full": False}}


def test_what_was_stopped_is_not_running(aws: Any) -> None:
    client = aws.client("stepfunctions")
    machine = client.create_state_machine(name="m", definition=DEFINITION, roleArn="arn:aws:iam::123456789012:role/m")
    refreshes = StepFunctionsRefreshes(machine["stateMachineArn"])
    refreshes.start("acme-1", {})
    client.stop_execution(executionArn=client.list_executions(stateMachineArn=machine["stateMachineArn"])
                          ["executions"][0]["executionArn"])  # fmt: skip

    found = refreshes.find("acme-1")

    assert found
    assert (found.status, found.output) == ("ABORTED", {})
