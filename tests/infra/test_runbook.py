"""What the runbook tells people to type exists: targets, verbs, operations, alarms, and resources by their names."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from datablueprint.hooks.starter import Operation

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "RUNBOOK.md").read_text(encoding="utf-8")
NAMED = re.findall(r"named (data|service) (\w+) (AWS::[\w:]+)", TEXT)


@pytest.mark.parametrize(("stack", "start", "kind"), sorted(set(NAMED)))
def test_a_name_finds_exactly_one_resource(assembly: Any, stack: str, start: str, kind: str) -> None:
    (template,) = (each.template for each in assembly.stacks if each.stack_name == f"example-{stack}")

    found = [name for name, raw in template["Resources"].items() if name.startswith(start) and raw["Type"] == kind]

    assert len(found) == 1, found


def test_every_operation_of_the_starter_that_it_uses_exists() -> None:
    used = set(re.findall(r'"operation": "(\w+)"', TEXT))

    assert used
    assert used <= set(get_args(Operation.model_fields["operation"].annotation))


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))

    used = set(re.findall(r"(?:`|^)make (\w+)", TEXT, re.M))

    assert {"layers", "synth"} <= used <= targets


def test_every_alarm_that_it_explains_is_deployed_and_those_that_point_here_are_explained(assembly: Any) -> None:
    alarms = {
        name: raw["Properties"].get("AlarmDescription", "")
        for stack in assembly.stacks
        for name, raw in stack.template["Resources"].items()
        if raw["Type"] == "AWS::CloudWatch::Alarm"
    }
    told = re.findall(r"alarms? ([^|)\n]+)", TEXT)
    explained = {name for part in told for name in re.findall(r"`(?:\.\.\.)?(\w+)`", part)}
    sections = [heading.lower() for heading in re.findall(r"^## (.+)$", TEXT, re.M)]

    assert explained
    assert [name for name in explained if not any(name in alarm for alarm in alarms)] == []
    for pointed in re.findall(r"RUNBOOK: ([a-z ]+)", " ".join(alarms.values())):
        assert any(pointed in heading for heading in sections), pointed


def test_what_it_says_is_kept_is_kept(assembly: Any) -> None:
    kept = {
        raw["Type"]
        for stack in assembly.stacks
        for raw in stack.template["Resources"].values()
        if raw.get("DeletionPolicy") in ("Retain", "RetainExceptOnCreate")
    }

    assert kept == {
        "AWS::ApiGateway::Account",
        "AWS::Cognito::UserPool",
        "AWS::DynamoDB::GlobalTable",
        "AWS::IAM::Role",
        "AWS::KMS::Key",
        "AWS::Logs::LogGroup",
        "AWS::S3::Bucket",
    }
