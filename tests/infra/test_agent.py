"""Who may use the model, which one, and that nothing with the model can tell anybody outside."""

from __future__ import annotations

import json
from typing import Any

import pytest

from datablueprint.errors import SettingsError
from datablueprint.settings import Settings
from infra import models, tenants
from tests.infra.agents import MODEL, VARIANTS, Resources, Statement, bedrock, listed, of, statements, text

LONGEST_VALUE = 2048
"""Characters of one environment value on AgentCore."""
ATHENA = "athena/*"
"""Where Athena puts the results of queries, in the name of who asks."""


def service(resources: Resources) -> Resources:
    return {name.split("/")[1]: each for name, each in resources.items() if name.startswith("example-service/")}


def test_only_the_agent_s_host_may_use_bedrock(resources: Resources) -> None:
    users = {role for role, _ in bedrock(service(resources), "Allow")}
    others = {name: each for name, each in resources.items() if not name.startswith("example-service/")}

    assert len(users) == 1
    assert users.pop().startswith("AgentRole")
    assert bedrock({name.split("/")[1]: each for name, each in others.items()}, "Allow") == []


def test_nothing_has_bedrock_and_a_way_to_the_internet(resources: Resources) -> None:
    """The runtime is in the VPC, which has no way out; and no role outside, where the internet is, has Bedrock."""
    made = service(resources)
    users = {role for role, _ in bedrock(made, "Allow")}
    runtimes = of(made, "AWS::BedrockAgentCore::Runtime").values()

    assert {made[role]["Properties"]["Path"] for role in users} == {"/datablueprint/example/inside/"}
    assert {each["Properties"]["RoleArn"]["Fn::GetAtt"][0] for each in runtimes} == users
    assert {each["Properties"]["NetworkConfiguration"]["NetworkMode"] for each in runtimes} == {"VPC"}
    for function in of(made, "AWS::Lambda::Function").values():
        assert function["Properties"]["Role"].get("Fn::GetAtt", [""])[0] not in users


def test_the_api_hands_questions_over_and_nothing_more(resources: Resources) -> None:
    asking = [
        statement
        for role, statement in statements(service(resources))
        if any(action.startswith("bedrock-agentcore:") for action in listed(statement["Action"]))
    ]

    assert [listed(each["Action"]) for each in asking] == [["bedrock-agentcore:InvokeAgentRuntime"]]
    assert all(text(arn).startswith("<AgentRuntime") for arn in listed(asking[0]["Resource"]))


@pytest.mark.parametrize("name", [each.name for each in VARIANTS if each.agent.model_id])
def test_one_model_is_allowed_in_its_geography_under_the_guardrail(name: str, agents: dict[str, Resources]) -> None:
    expected = models.invocable(MODEL, region="us-west-2", account="<AccountId>", partition="<Partition>")
    allowed = [statement for _, statement in bedrock(agents[name], "Allow")]
    invoking = [each for each in allowed if "bedrock:InvokeModel" in listed(each["Action"])]

    assert {text(arn) for each in invoking for arn in listed(each["Resource"])} == set(expected.all)
    for each in invoking:
        guarded = text(each["Condition"]["StringEquals"]["bedrock:GuardrailIdentifier"])
        assert guarded.startswith("<AgentGuardrail")
        assert guarded.endswith(".Version>")
    assert {action for each in allowed for action in listed(each["Action"])} == {
        "bedrock:InvokeModel",
        "bedrock:ApplyGuardrail",
    }


def test_models_of_other_regions_answer_through_the_profile_only(agents: dict[str, Resources]) -> None:
    (through,) = (
        statement
        for _, statement in bedrock(agents["on-agentcore"], "Allow")
        if "foundation-model" in json.dumps(statement["Resource"])
    )

    profile = text(through["Condition"]["StringEquals"]["bedrock:InferenceProfileArn"])
    assert profile == f"arn:<Partition>:bedrock:us-west-2:<AccountId>:inference-profile/{MODEL}"


def test_what_is_allowed_has_no_wildcard(agents: dict[str, Resources]) -> None:
    for resources in agents.values():
        for _, statement in bedrock(resources, "Allow"):
            assert not any("*" in text(each) for each in [*listed(statement["Resource"]), *listed(statement["Action"])])


def test_everything_else_is_denied_whatever_is_granted_later(agents: dict[str, Resources]) -> None:
    denied = [statement for _, statement in bedrock(agents["in-lambda"], "Deny")]
    expected = models.invocable(MODEL, region="us-west-2", account="<AccountId>", partition="<Partition>")

    everywhere, others, unguarded = denied
    assert text(everywhere["Resource"]) == "arn:<Partition>:bedrock:*:*:inference-profile/global.*"
    assert {text(arn) for arn in others["NotResource"]} == set(expected.all)
    assert unguarded["Resource"] == "*"
    assert text(unguarded["Condition"]["StringNotEquals"]["bedrock:GuardrailIdentifier"]).endswith(".Version>")
    for each in denied:
        assert set(each["Action"]) == {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"}


def test_the_runtime_stands_in_the_vpc_on_a_pinned_platform(agents: dict[str, Resources]) -> None:
    (runtime,) = of(agents["on-agentcore"], "AWS::BedrockAgentCore::Runtime").values()
    properties = runtime["Properties"]

    assert properties["PlatformVersion"] == "V2"
    assert properties["NetworkConfiguration"]["NetworkMode"] == "VPC"
    assert len(properties["NetworkConfiguration"]["NetworkModeConfig"]["Subnets"]) == 2
    assert properties["AgentRuntimeArtifact"]["CodeConfiguration"]["Runtime"] == "PYTHON_3_13"
    assert properties["AgentRuntimeArtifact"]["CodeConfiguration"]["EntryPoint"] == ["main.py"]
    assert properties["LifecycleConfiguration"] == {"IdleRuntimeSessionTimeout": 600, "MaxLifetime": 28800}
    assert "AuthorizerConfiguration" not in properties  # none = IAM


def test_the_runtime_finds_its_settings_within_what_a_value_may_hold(agents: dict[str, Resources]) -> None:
    (runtime,) = of(agents["on-agentcore"], "AWS::BedrockAgentCore::Runtime").values()
    environment = {name: text(value) for name, value in runtime["Properties"]["EnvironmentVariables"].items()}
    environment["DATABLUEPRINT_SETTINGS"] = numbered(environment["DATABLUEPRINT_SETTINGS"])

    settings = Settings.from_env(environment)

    assert settings.agent.guardrail_id.startswith("<AgentGuardrail")
    assert settings.agent.guardrail_version == "1"
    assert (settings.machine, settings.brokers, settings.seal_key) == ("", {}, "")
    assert environment["AWS_DEFAULT_REGION"] == "<Region>"
    assert all(len(value) + 500 < LONGEST_VALUE for value in environment.values())


def numbered(settings: str) -> str:
    """Settings with a version as AWS will give it."""
    held = json.loads(settings)
    held["agent"]["guardrail_version"] = "1"
    return json.dumps(held)


def test_the_runtime_s_role_trusts_this_runtime_alone_and_writes_to_its_own_log(agents: dict[str, Resources]) -> None:
    made = agents["on-agentcore"]
    ((name, role),) = ((n, r) for n, r in of(made, "AWS::IAM::Role").items() if n.startswith("AgentRole"))
    (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    own = [statement for holder, statement in statements(made) if holder == name]
    actions = {action for statement in own for action in listed(statement["Action"])}
    bare = [statement["Action"] for statement in own if statement["Effect"] == "Allow" and statement["Resource"] == "*"]

    assert text(trust["Condition"]["ArnLike"]["aws:SourceArn"]).endswith(":runtime/on_agentcore_agent-*")
    assert bare == ["cloudwatch:PutMetricData"]
    assert not any(action.startswith(("xray:", "ecr:", "sts:", "secretsmanager:")) for action in actions)
    assert "logs:CreateLogGroup" not in actions
    assert "ManagedPolicyArns" not in role["Properties"]


def test_the_runtime_reads_one_object_of_the_deployment_s_bucket(agents: dict[str, Resources]) -> None:
    assets = [
        text(arn)
        for role, statement in statements(agents["on-agentcore"])
        for arn in listed(statement.get("Resource", []))
        if "cdk-" in json.dumps(arn)
    ]

    assert len(assets) == 1
    assert assets[0].endswith(".zip")


def test_the_log_of_the_runtime_ends_and_has_the_tenant_s_key(agents: dict[str, Resources]) -> None:
    groups = of(agents["on-agentcore"], "AWS::Logs::LogGroup").values()
    (group,) = (each["Properties"] for each in groups if "LogGroupName" in each["Properties"])

    assert text(group["LogGroupName"]).startswith("/aws/bedrock-agentcore/runtimes/<AgentRuntime")
    assert group["RetentionInDays"] == 90
    assert "KmsKeyId" in group


@pytest.mark.parametrize("name", ["in-lambda", "no-network-lambda"])
def test_a_function_as_host_needs_no_agentcore(name: str, agents: dict[str, Resources]) -> None:
    made = agents[name]
    (function,) = of(made, "AWS::Lambda::Function").values()
    asking = [s for role, s in statements(made) if role.startswith("Asking")]

    assert not any("AgentCore" in each["Type"] for each in made.values())
    assert "bedrock-agentcore" not in json.dumps(made)
    assert ("VpcConfig" in function["Properties"]) == (name == "in-lambda")
    assert [each["Action"] for each in asking] == ["lambda:InvokeFunction"]


def test_a_question_that_failed_in_a_function_is_not_begun_again(agents: dict[str, Resources]) -> None:
    (config,) = of(agents["in-lambda"], "AWS::Lambda::EventInvokeConfig").values()

    assert config["Properties"]["MaximumRetryAttempts"] == 0
    assert config["Properties"]["MaximumEventAgeInSeconds"] <= 90  # the lease of a question


def test_without_a_network_the_runtime_is_public_and_iam_alone_stands(agents: dict[str, Resources]) -> None:
    (runtime,) = of(agents["no-network"], "AWS::BedrockAgentCore::Runtime").values()

    assert runtime["Properties"]["NetworkConfiguration"] == {"NetworkMode": "PUBLIC"}
    assert not any(each["Type"].startswith("AWS::EC2::") for each in agents["no-network"].values())


def test_without_a_model_there_is_no_bedrock_at_all(agents: dict[str, Resources]) -> None:
    made = agents["no-model"]

    assert bedrock(made, "Allow") == []
    assert not any(each["Type"].startswith("AWS::Bedrock::") for each in made.values())
    assert of(made, "AWS::BedrockAgentCore::Runtime")


@pytest.mark.parametrize("name", [each.name for each in VARIANTS])
def test_the_host_sees_what_answers_are_made_of_and_writes_answers_only(
    name: str, agents: dict[str, Resources]
) -> None:
    own = [s for role, s in statements(agents[name]) if role.startswith("Agent") and s["Effect"] == "Allow"]
    prefixes = {action: lake_prefixes(own, action) for action in ("s3:GetObject", "s3:PutObject")}
    families = {
        action: {family for s in own if action in listed(s["Action"])
                 for family in s["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"]}
        for action in ("dynamodb:GetItem", "dynamodb:UpdateItem")
    }  # fmt: skip

    assert prefixes["s3:GetObject"] == {"tables/*", "snapshots/*", "raw/*", "answers/*", ATHENA}
    assert prefixes["s3:PutObject"] == {"answers/*", ATHENA}
    assert families == {
        "dynamodb:GetItem": {"snapshot", "freshness", "question"},
        "dynamodb:UpdateItem": {"question"},
    }


def lake_prefixes(own: list[Statement], action: str) -> set[str]:
    arns = [text(arn) for each in own if action in listed(each["Action"]) for arn in listed(each["Resource"])]
    return {arn.split("/", 1)[1] for arn in arns if arn.startswith("<Lake")}


@pytest.mark.parametrize(
    ("agent", "problem"),
    [
        ({"model_id": "global.anthropic.claude-sonnet-4-6"}, "any Region of the world"),
        ({"model_id": "eu.anthropic.claude-sonnet-4-6"}, "us-west-2 is none of them"),
        ({"model_id": "arn:aws:bedrock:us-west-2::foundation-model/x.y"}, "not as an ARN"),
        ({"model_id": MODEL, "region": "us-east-1"}, "agent.region: leave it out"),
        ({"model_id": MODEL, "guardrail_id": "g", "guardrail_version": "1"}, "agent.guardrail_id: leave it out"),
    ],
)
def test_an_operator_is_told_where_a_model_may_not_think(agent: dict[str, str], problem: str, tmp_path: Any) -> None:
    file = tmp_path / "tenants.toml"
    chosen = "\n".join(f'{key} = "{value}"' for key, value in agent.items())
    file.write_text(
        '[[tenant]]\nname = "acme"\ncompany = "Acme"\nregion = "us-west-2"\n'
        f'[tenant.agent]\n{chosen}\n[tenant.sources.procore]\nbase_url = "https://api.procore.com"\n'
    )

    with pytest.raises(SettingsError, match="tenants.toml") as raised:
        tenants.load(file)

    assert problem in str(raised.value)
