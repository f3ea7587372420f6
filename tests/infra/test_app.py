"""Promises about what is deployed, checked on the synthesised templates."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from datablueprint.settings import Settings
from infra import tenants

ROOT = Path(__file__).resolve().parents[2]
DEFINITION = (ROOT / "statemachines" / "refresh.asl.json").read_text()
TOKENS = set(re.findall(r"\$\{(\w+)\}", DEFINITION))
NAMELESS = ("ec2:", "logs:", "xray:", "cloudwatch:PutMetricData")
"""What may be allowed on every resource: calls that name none."""

Resources = dict[str, dict[str, Any]]


def of(resources: Resources, kind: str) -> Resources:
    return {name: each for name, each in resources.items() if each["Type"] == kind}


def allowed(resources: Resources) -> list[tuple[str, list[str], Any]]:
    """What roles are allowed: (policy, actions, resources)."""
    found = []
    for name, policy in of(resources, "AWS::IAM::Policy").items():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                actions = statement["Action"]
                found.append((name, actions if isinstance(actions, list) else [actions], statement["Resource"]))
    return found


def test_a_tenant_is_a_stack_that_holds_data_and_one_that_can_be_rebuilt(assembly: Any) -> None:
    names = {stack.stack_name: bool(stack.termination_protection) for stack in assembly.stacks}

    assert names == {"example-data": True, "example-service": False}


def test_every_token_of_the_state_machine_is_a_function_of_that_folder(resources: Resources) -> None:
    (machine,) = of(resources, "AWS::StepFunctions::StateMachine").values()

    assert set(machine["Properties"]["DefinitionSubstitutions"]) == TOKENS
    for token in TOKENS:
        folder = re.sub(r"(?<!^)(?=[A-Z])", "_", token).lower()
        assert (ROOT / "functions" / folder / "handler.py").exists()


def test_the_deployed_definition_is_the_file_the_laptop_runs(resources: Resources, assembly: Any) -> None:
    (machine,) = of(resources, "AWS::StepFunctions::StateMachine").values()
    asset = machine["Properties"]["DefinitionS3Location"]["Key"]

    stored = next(Path(assembly.directory).glob(f"asset.{asset.removesuffix('.json')}*"))

    assert json.loads(stored.read_text()) == json.loads(DEFINITION)


def test_there_is_no_way_to_the_internet_and_none_from_it(resources: Resources) -> None:
    kinds = {each["Type"] for each in resources.values()}

    assert not kinds & {"AWS::EC2::InternetGateway", "AWS::EC2::NatGateway", "AWS::Lambda::Url"}


def test_every_bucket_blocks_the_public_and_refuses_plain_http(resources: Resources) -> None:
    buckets = of(resources, "AWS::S3::Bucket")

    assert buckets
    for bucket in buckets.values():
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    policies = json.dumps(list(of(resources, "AWS::S3::BucketPolicy").values()))
    assert policies.count('"aws:SecureTransport": "false"') == len(buckets)


def test_the_lake_is_kept_under_the_tenant_s_key(resources: Resources) -> None:
    (lake,) = (each for name, each in of(resources, "AWS::S3::Bucket").items() if name.startswith("example-data/Lake"))

    (rule,) = lake["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert lake["DeletionPolicy"] == "Retain"
    assert lake["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}


def test_no_role_may_do_everything_or_anything_to_everything(resources: Resources) -> None:
    for name, actions, on in allowed(resources):
        assert "*" not in actions, name
        if on == "*":
            assert all(action.startswith(NAMELESS) for action in actions), (name, actions)


def test_no_wildcard_stands_for_an_action_on_data(resources: Resources) -> None:
    wide = {
        (name, action)
        for name, actions, _ in allowed(resources)
        for action in actions
        if "*" in action and action.split(":")[0] in ("s3", "dynamodb", "athena", "glue", "secretsmanager", "kms")
        if "/Page" not in name  # copies the page's files into the page's bucket, and reaches no data
    }

    assert wide == set()


def test_roles_stand_under_the_path_of_their_zone(resources: Resources) -> None:
    paths = {
        role["Properties"].get("Path")
        for name, role in of(resources, "AWS::IAM::Role").items()
        if any(
            other["Properties"]["Role"] == {"Fn::GetAtt": [name.split("/")[1], "Arn"]}
            for other in of(resources, "AWS::Lambda::Function").values()
            if "DATABLUEPRINT_SETTINGS" in other["Properties"].get("Environment", {}).get("Variables", {})
        )
    }

    assert paths == {"/datablueprint/example/inside/", "/datablueprint/example/outside/"}


def test_what_can_read_the_lake_is_inside_the_network(resources: Resources) -> None:
    """Whatever has the internet may put raw records and keep its index, and never see anything else."""
    outside = {
        name.split("/")[1]
        for name, role in of(resources, "AWS::IAM::Role").items()
        if role["Properties"].get("Path") == "/datablueprint/example/outside/"
    }
    readable = set()
    for policy in of(resources, "AWS::IAM::Policy").values():
        if not any(role["Ref"] in outside for role in policy["Properties"]["Roles"]):
            continue
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if "s3:GetObject" in statement["Action"]:
                readable |= set(re.findall(r'"/(\w+/)', json.dumps(statement["Resource"])))

    assert readable == {"index/"}


def test_nobody_but_the_tenant_s_roles_reaches_objects_of_the_lake_through_whatever_endpoint(
    resources: Resources,
) -> None:
    """In a network that tenants share, another one comes through the same endpoint."""
    (policy,) = (
        each for name, each in of(resources, "AWS::S3::BucketPolicy").items() if name.startswith("example-data/Lake")
    )
    walls = [
        statement["Condition"]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny" and "s3:GetObject*" in statement["Action"]
    ]

    (unconditional,) = (wall for wall in walls if set(wall) == {"ArnNotLike"})
    assert "role/datablueprint/example/*" in json.dumps(unconditional)
    (through,) = (wall for wall in walls if "StringNotEquals" in wall)
    assert set(through["StringNotEquals"]) == {"aws:SourceVpce"}
    assert "role/datablueprint/example/outside/*" in json.dumps(through["ArnNotLike"])


def test_each_function_reads_its_settings_from_what_the_app_wrote(resources: Resources) -> None:
    (tenant,) = tenants.load()
    for function in of(resources, "AWS::Lambda::Function").values():
        variables = function["Properties"].get("Environment", {}).get("Variables", {})
        if "DATABLUEPRINT_SETTINGS" not in variables:
            continue
        stored = variables["DATABLUEPRINT_SETTINGS"]
        text = "".join(part if isinstance(part, str) else "name" for part in stored["Fn::Join"][1])

        settings = Settings.from_env({"DATABLUEPRINT_SETTINGS": text})

        assert (settings.tenant, settings.bucket, settings.state_table) == ("example", "name", "name")
        assert settings.sources == {}
        assert variables["DATABLUEPRINT_TENANT_FILE"].startswith("/opt/")
    assert Settings.parse(json.loads(tenant.settings().to_file()), origin="test").sources["procore"].secret


def test_environments_stay_below_what_lambda_holds(resources: Resources) -> None:
    for name, function in of(resources, "AWS::Lambda::Function").items():
        variables = function["Properties"].get("Environment", {}).get("Variables", {})

        assert len(json.dumps(variables)) < 3500, name


def test_functions_run_on_arm_for_at_most_fifteen_minutes_with_kept_logs(resources: Resources) -> None:
    for name, function in of(resources, "AWS::Lambda::Function").items():
        properties = function["Properties"]
        if "DATABLUEPRINT_SETTINGS" in properties.get("Environment", {}).get("Variables", {}):
            assert properties["Architectures"] == ["arm64"], name
            assert properties["Handler"] == "handler.lambda_handler"
            assert properties["Timeout"] <= 900
            assert "LogGroup" in properties["LoggingConfig"]


def test_logs_are_kept_for_a_time_and_no_longer(resources: Resources) -> None:
    groups = of(resources, "AWS::Logs::LogGroup")

    assert groups
    assert all(each["Properties"].get("RetentionInDays") for each in groups.values())
