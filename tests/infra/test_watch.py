"""What goes wrong is heard of: every alarm tells somebody, and looks at something that can happen."""

from __future__ import annotations

import inspect
import json

import pytest

from infra.constructs import watch
from tests.infra.templates import Resources, of, one


@pytest.fixture(scope="session")
def service(resources: Resources) -> Resources:
    return {name.partition("/")[2]: each for name, each in resources.items() if name.startswith("example-service/")}


def test_every_alarm_tells_the_topic_when_it_begins_and_when_it_ends(service: Resources) -> None:
    (topic,) = of(service, "AWS::SNS::Topic")
    alarms = of(service, "AWS::CloudWatch::Alarm")

    assert len(alarms) > 10
    for name, alarm in alarms.items():
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": topic}], name
        assert alarm["Properties"]["OKActions"] == [{"Ref": topic}], name
        assert alarm["Properties"]["AlarmDescription"].startswith("Example Builders: ")
        assert alarm["Properties"]["TreatMissingData"] in ("notBreaching", "breaching")


def test_every_dead_letter_queue_and_every_function_has_an_alarm(service: Resources) -> None:
    watched = json.dumps([each["Properties"] for each in of(service, "AWS::CloudWatch::Alarm").values()])
    dead = {
        json.loads(json.dumps(each["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]))["Fn::GetAtt"][0]
        for each in of(service, "AWS::SQS::Queue").values()
        if "RedrivePolicy" in each["Properties"]
    }
    functions = {
        name
        for name in of(service, "AWS::Lambda::Function")
        if name.startswith(("Refresh", "ApiFunction", "Connect", "Tokens", "Ingress"))
    }

    assert functions
    assert [name for name in dead | functions if f'"{name}"' not in watched] == []


def test_the_topic_is_sealed_and_only_alarms_and_budgets_write_to_it(service: Resources) -> None:
    topic = one(service, "AWS::SNS::Topic")["Properties"]
    statements = one(service, "AWS::SNS::TopicPolicy")["Properties"]["PolicyDocument"]["Statement"]
    allowed = [each for each in statements if each["Effect"] == "Allow"]

    assert "KmsMasterKeyId" in topic
    assert [sorted(each["Principal"]["Service"]) for each in allowed] == [
        ["budgets.amazonaws.com", "cloudwatch.amazonaws.com"]
    ]
    assert all(each["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
               for each in allowed)  # fmt: skip


def test_the_lines_that_are_counted_are_lines_that_the_product_writes(service: Resources) -> None:
    from datablueprint import steps
    from datablueprint.api import answering
    from datablueprint.sources import token_record
    from functions.agent_runtime import main

    filters = {each["Properties"]["MetricTransformations"][0]["MetricName"]: each["Properties"]["FilterPattern"]
               for each in of(service, "AWS::Logs::MetricFilter").values()}  # fmt: skip

    assert filters == {
        "StaleSystems": '{ $.message = "system is stale" }',
        "ReconnectNeeded": '{ ($.message = "system is stale") && ($.error_type = "AuthExpired") }',
        "QuestionsFailed": '"question failed"',
        "ConnectionsEnding": '"connection ends soon"',
    }
    assert f'logger.warning("{watch.STALE_LINE}"' in inspect.getsource(steps)
    assert '"error_type": outcome.error_type' in inspect.getsource(steps)
    assert f'logger.warning("{watch.ENDING_LINE}"' in inspect.getsource(token_record)
    for host in (answering, main):
        assert f'("{watch.FAILED_LINE}"' in inspect.getsource(host)


def test_the_dashboard_shows_what_the_alarms_look_at(service: Resources) -> None:
    body = json.dumps(one(service, "AWS::CloudWatch::Dashboard")["Properties"]["DashboardBody"])

    for metric in ("ExecutionsFailed", "StaleSystems", "ReconnectNeeded", "QuestionsFailed", "5XXError", "Latency"):
        assert metric in body, metric


def test_a_budget_is_of_the_tenant_s_own_tag_and_tells_before_it_is_spent(talkative: Resources) -> None:
    budget = one(talkative, "AWS::Budgets::Budget")["Properties"]

    assert budget["Budget"]["BudgetLimit"] == {"Amount": 250, "Unit": "USD"}
    assert budget["Budget"]["CostFilters"] == {"TagKeyValue": ["user:tenant$example"]}
    kinds = {(each["Notification"]["NotificationType"], each["Notification"]["Threshold"])
             for each in budget["NotificationsWithSubscribers"]}  # fmt: skip
    assert kinds == {("ACTUAL", 80), ("FORECASTED", 100)}
    assert one(talkative, "AWS::SNS::Subscription")["Properties"]["Endpoint"] == "it@example.com"
