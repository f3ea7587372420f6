"""Promises about what is deployed, checked on the synthesised templates."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from datablueprint.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEFINITION = (ROOT / "statemachines" / "refresh.asl.json").read_text()
TOKENS = set(re.findall(r"\$\{(\w+)\}", DEFINITION))

Resources = dict[str, dict[str, Any]]


def of(resources: Resources, kind: str) -> Resources:
    return {name: each for name, each in resources.items() if each["Type"] == kind}


def test_a_tenant_is_a_stack_that_holds_data_and_one_that_can_be_rebuilt(assembly: Any) -> None:
    names = {stack.stack_name: bool(stack.termination_protection) for stack in assembly.stacks}

    assert names == {"example-data": True, "example-pipeline": False}


def test_every_token_of_the_state_machine_is_a_function_of_that_folder(resources: Resources) -> None:
    (machine,) = of(resources, "AWS::StepFunctions::StateMachine").values()

    assert set(machine["Properties"]["DefinitionSubstitutions"]) == TOKENS
    assert len(of(resources, "AWS::Lambda::Function")) == len(TOKENS)
    for token in TOKENS:
        folder = re.sub(r"(?<!^)(?=[A-Z])", "_", token).lower()
        assert (ROOT / "functions" / folder / "handler.py").exists()


def test_the_deployed_definition_is_the_file_the_laptop_runs(resources: Resources, assembly: Any) -> None:
    (machine,) = of(resources, "AWS::StepFunctions::StateMachine").values()
    properties = machine["Properties"]
    if "DefinitionString" in properties:
        assert json.loads(properties["DefinitionString"]) == json.loads(DEFINITION)
        return
    asset = properties["DefinitionS3Location"]["Key"]

    stored = next(Path(assembly.directory).glob(f"asset.{asset.removesuffix('.json')}*"))

    assert json.loads(stored.read_text()) == json.loads(DEFINITION)


def test_there_is_no_way_to_the_internet_and_none_from_it(resources: Resources) -> None:
    kinds = {each["Type"] for each in resources.values()}

    assert not kinds & {"AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::Lambda::Url"}


def test_every_bucket_blocks_the_public_refuses_plain_http_and_has_the_tenant_s_key(resources: Resources) -> None:
    buckets = of(resources, "AWS::S3::Bucket")

    assert buckets
    for bucket in buckets.values():
        properties = bucket["Properties"]
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
        (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
        assert bucket["DeletionPolicy"] == "Retain"
    policies = json.dumps(list(of(resources, "AWS::S3::BucketPolicy").values()))
    assert policies.count('"aws:SecureTransport": "false"') == len(buckets)


def test_an_extractor_may_read_its_own_secret_and_nobody_else_any(resources: Resources) -> None:
    readers: dict[str, set[str]] = {}
    for name, policy in of(resources, "AWS::IAM::Policy").items():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if "secretsmanager:GetSecretValue" in statement["Action"]:
                secret = re.sub(r"^Refresh|Secret\w*$", "", statement["Resource"]["Ref"])
                readers.setdefault(name.split("/")[1], set()).add(secret)

    by_function = {re.sub(r"^Refresh|Function\w*$", "", name): secrets for name, secrets in readers.items()}
    assert {name: {s.replace("_", "") for s in secrets} for name, secrets in by_function.items()} == {
        "ExtractProcore": {"procore"},
        "ExtractQuickbooksOnline": {"quickbooksonline"},
        "ExtractGusto": {"gusto"},
    }


def test_no_role_may_do_everything(resources: Resources) -> None:
    for name, policy in of(resources, "AWS::IAM::Policy").items():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            assert "*" not in (statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]])
            if statement["Resource"] == "*":
                actions = set(statement["Action"])
                assert all(action.startswith(("logs:", "xray:")) for action in actions), name


def test_each_function_reads_its_settings_from_the_environment_that_the_app_wrote(resources: Resources) -> None:
    for function in of(resources, "AWS::Lambda::Function").values():
        stored = function["Properties"]["Environment"]["Variables"]["DATABLUEPRINT_SETTINGS"]
        text = "".join(part if isinstance(part, str) else "name" for part in stored["Fn::Join"][1])

        settings = Settings.from_env({"DATABLUEPRINT_SETTINGS": text})

        assert settings.tenant == "example"
        assert settings.sources["procore"].secret == "datablueprint/example/procore"
        assert (settings.bucket, settings.state_table) == ("name", "name")


def test_functions_run_on_arm_for_at_most_fifteen_minutes_with_kept_logs(resources: Resources) -> None:
    for function in of(resources, "AWS::Lambda::Function").values():
        properties = function["Properties"]
        assert properties["Architectures"] == ["arm64"]
        assert properties["Handler"] == "handler.lambda_handler"
        assert properties["Timeout"] <= 900
        assert "LogGroup" in properties["LoggingConfig"]
    for group in of(resources, "AWS::Logs::LogGroup").values():
        assert group["Properties"]["RetentionInDays"] > 0


def test_the_refresh_starts_by_schedule(resources: Resources) -> None:
    (schedule,) = of(resources, "AWS::Scheduler::Schedule").values()

    assert schedule["Properties"]["ScheduleExpression"] == "rate(6 hours)"
    assert schedule["Properties"]["Target"]["Input"] == "{}"
