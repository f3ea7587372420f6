"""What a tenant costs is counted from its templates: every line says which resources and what price."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from datablueprint.errors import SettingsError
from infra import cost, templates
from infra.cost import Estimate, Prices, estimate
from infra.templates import Resource, Template
from local.cli import main

PRICES = Prices.load()


def template(stack: str, **resources: tuple[str, dict[str, Any]]) -> Template:
    """Functions are given by the folder they are made from."""
    body = {"Resources": {name: {"Type": kind, "Properties": given} for name, (kind, given) in resources.items()}}
    code = {name: templates.ROOT / "functions" / name for name in resources}
    for name, raw in body["Resources"].items():
        if raw["Type"] == "AWS::Lambda::Function":
            raw["Properties"] = {**raw["Properties"], "Code": {"S3Key": name}}
    return Template(stack, "us-west-2", body, {}, code)


def one(*stacks: Template) -> Estimate:
    (made,) = estimate(stacks, PRICES)
    return made


def endpoint(zones: int, kind: str = "Interface") -> tuple[str, dict[str, Any]]:
    return "AWS::EC2::VPCEndpoint", {"VpcEndpointType": kind, "SubnetIds": [f"subnet-{n}" for n in range(zones)]}


def lines(made: Estimate) -> dict[str, cost.Line]:
    return {line.what: line for line in made.lines}


def test_five_endpoints_in_two_zones_are_73_dollars_and_gateways_nothing() -> None:
    five = {f"E{n}": endpoint(2) for n in range(5)}

    made = one(template("north-data", **five, Gateway=("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Gateway"})))

    assert made.total("month") == Decimal("73.00")
    assert lines(made)["interface endpoints"].counted.startswith("5 AWS::EC2::VPCEndpoint")


def test_an_alarm_on_an_expression_is_charged_for_every_metric_in_it() -> None:
    expression = {"Metrics": [{"MetricStat": {}}, {"MetricStat": {}}, {"Expression": "a / b"}]}

    made = one(template("north-service", A=("AWS::CloudWatch::Alarm", {}), B=("AWS::CloudWatch::Alarm", expression)))

    assert lines(made)["alarms"].amount == Decimal("0.30")


def test_the_stacks_of_a_tenant_are_one_bill_and_what_is_shared_is_told_apart() -> None:
    key = ("AWS::KMS::Key", {})

    made = estimate(
        [
            template("datablueprint-shared-us-west-2", E=endpoint(1)),
            template("south-data", K=key),
            template("south-service", K=key),
            template("north-2-data", K=key),
        ],
        PRICES,
    )

    assert [(each.tenant, each.total("month")) for each in made] == [
        ("north-2", Decimal(1)),
        ("south", Decimal(2)),
        ("shared", Decimal("7.30")),
    ]


def schedule(expression: str, operation: str) -> tuple[str, dict[str, Any]]:
    target = {"Input": json.dumps({"operation": operation})}
    return "AWS::Scheduler::Schedule", {"ScheduleExpression": expression, "Target": target}


def test_refreshing_twice_as_often_costs_twice_as_much() -> None:
    def refreshes(expression: str) -> Decimal:
        made = one(
            template(
                "north-service",
                Schedule=schedule(expression, "scheduled"),
                Sweep=schedule("rate(15 minutes)", "sweep"),
                extract_gusto=("AWS::Lambda::Function", {"MemorySize": 1024}),
                post=("AWS::Lambda::Function", {"MemorySize": 3008}),
                Machine=("AWS::StepFunctions::StateMachine", {}),
            )
        )
        assert {line.what for line in made.lines} == {
            "reading the systems",
            "building the snapshot",
            "steps of the state machine",
        }
        return made.total("refresh")

    assert refreshes("rate(3 hours)") == 2 * refreshes("rate(6 hours)") > 0
    assert refreshes("rate(1 day)") == refreshes("cron(0 4 * * ? *)") == refreshes("rate(24 hours)")
    assert refreshes("cron(0 4,16 * * ? *)") == 2 * refreshes("rate(1 day)")


def test_the_cheaper_host_has_no_idle_session_to_pay_for() -> None:
    runtime = ("AWS::BedrockAgentCore::Runtime", {"LifecycleConfiguration": {"IdleRuntimeSessionTimeout": 300}})
    slow = ("AWS::BedrockAgentCore::Runtime", {})

    short, long = one(template("a-service", R=runtime)), one(template("a-service", R=slow))
    small = one(template("a-service", answer=("AWS::Lambda::Function", {"MemorySize": 2048})))

    memory = "the agent's memory, until the session times out"
    assert lines(short)[memory].amount < lines(long)[memory].amount
    assert lines(small)["the agent's work"].counted == "1 AWS::Lambda::Function answer"
    assert lines(small)["tokens the model reads"].amount == lines(short)["tokens the model reads"].amount


def test_a_guardrail_is_charged_for_the_policies_it_has() -> None:
    made = one(template("a-service", G=("AWS::Bedrock::Guardrail", {"SensitiveInformationPolicyConfig": {}})))

    assert set(lines(made)) == {"filters of personal data"}


def test_every_price_and_assumption_is_used_dated_and_has_a_source() -> None:
    text = Path(cost.__file__).read_text()
    raw = tomllib.loads(cost.FILE.read_text())

    assert [name for name in (*raw["prices"], *raw["assumptions"]) if f'"{name}"' not in text] == []
    assert {each["checked"] for each in raw["prices"].values()} == {"seen", "list"}
    assert all(each["source"].startswith("aws.amazon.com/") and each["per"] for each in raw["prices"].values())
    assert all(each["why"] for each in raw["assumptions"].values())
    assert PRICES.dated.year >= 2026


def test_the_deployed_tenant_is_counted_whole(assembly: Any) -> None:
    read = templates.read(Path(assembly.directory))
    resources = [each for stack in read for each in stack.resources]

    made = one(*read)

    found = lines(made)
    assert found["encryption keys"].quantity == number(resources, "AWS::KMS::Key")
    assert found["secrets"].quantity == number(resources, "AWS::SecretsManager::Secret")
    assert found["interface endpoints"].quantity == 730 * sum(
        len(each.properties["SubnetIds"])
        for each in resources
        if each.kind == "AWS::EC2::VPCEndpoint" and each.properties["VpcEndpointType"] == "Interface"
    )
    assert all(made.total(section) > 0 for section in cost.SECTIONS)
    assert "6 AWS::Lambda::Function plan ... publish" in {line.counted for line in made.lines}


def number(resources: list[Resource], kind: str) -> int:
    return sum(each.kind == kind for each in resources)


def test_the_verb_prints_the_bill_and_the_same_as_json(assembly: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cost", "--templates", assembly.directory, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert main(["cost", "--templates", assembly.directory]) == 0
    printed = capsys.readouterr().out

    (tenant,) = result["tenants"]
    assert f"example, at rest, per month: {tenant['totals']['month']}" in printed
    for section in cost.SECTIONS:
        rounded = sum(Decimal(line["usd"]) for line in tenant["lines"] if line["section"] == section)
        assert abs(rounded - Decimal(tenant["totals"][section])) < Decimal("0.15")


def test_without_templates_it_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="run `make synth` first"):
        templates.read(tmp_path)
