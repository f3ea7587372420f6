"""Questions are answered where the model can be reached and the internet cannot: on AgentCore, or in a function."""

from __future__ import annotations

from typing import Any

from aws_cdk import Aws, Duration
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from datablueprint.settings import Settings
from infra import layers, models, names
from infra.constants import KEPT
from infra.constructs.catalog import Catalog
from infra.constructs.ground import Ground
from infra.constructs.guardrail import Guardrail
from infra.constructs.product_function import ProductFunction
from infra.nag import acknowledge
from infra.zones import role_path

READS = ("tables/", "snapshots/", "raw/", "answers/")
"""Of the lake: what figures are made of, the records under them, and the answer that a question follows up."""
STATES_READ, STATES_WRITTEN = ("snapshot", "freshness"), ("question",)
CALLS = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
"""What IAM calls Converse and ConverseStream; only the first is granted."""
LAMBDA_MB, LAMBDA_PATIENCE = 3008, Duration.minutes(5)
ASKED_AGAIN = Duration.minutes(1)
"""An event that waited longer comes too late: the question's lease of 90 s runs from when it was asked."""
IDLE, LIFETIME = Duration.minutes(10), Duration.hours(8)
"""A session is one person's warm machine; its quota counts the living, so an idle one goes soon."""


class Agent(Construct):
    """The host that answers questions, with the only role that may use Bedrock."""

    def __init__(self, scope: Construct, name: str, *, ground: Ground, catalog: Catalog) -> None:
        super().__init__(scope, name)
        self.guardrail = (
            Guardrail(self, "Guardrail", tenant=ground.tenant.name) if ground.names.agent.model_id else None
        )
        self._ground = ground.knowing(**_needed(ground.names, self.guardrail))
        self.function: lambda_.Function | None = None
        self.runtime: agentcore.Runtime | None = None
        if ground.tenant.agent_host == "lambda":
            self.role, self.log_group = self._in_lambda()
        else:
            self.role, self.log_group = self._on_agentcore()
        self._allow_work(self.role, catalog)
        self._allow_model(self.role)

    @property
    def names(self) -> dict[str, str]:
        """What the API must know to have questions answered."""
        if self.function:
            return {"answer_function": self.function.function_name}
        assert self.runtime
        return {"agent_runtime": self.runtime.agent_runtime_arn}

    def allow_asking(self, role: iam.IRole) -> None:
        """`role` may hand questions to the host; it needs no right to Bedrock for that."""
        if self.function:
            actions, resources = ["lambda:InvokeFunction"], [self.function.function_arn]
        else:
            assert self.runtime
            arn = self.runtime.agent_runtime_arn
            actions, resources = ["bedrock-agentcore:InvokeAgentRuntime"], [arn, f"{arn}/runtime-endpoint/DEFAULT"]
        role.add_to_principal_policy(iam.PolicyStatement(actions=actions, resources=resources))

    def _in_lambda(self) -> tuple[iam.Role, logs.ILogGroup]:
        made = ProductFunction(
            self,
            "Answer",
            ground=self._ground,
            folder="answer",
            zone="inside",
            dependencies="build",
            memory_mb=LAMBDA_MB,
            timeout=LAMBDA_PATIENCE,
        )
        # A question that was begun is never begun again, so a retry would only hide that its worker died.
        made.function.configure_async_invoke(retry_attempts=0, max_event_age=ASKED_AGAIN)
        self.function = made.function
        return made.role, made.log_group

    def _on_agentcore(self) -> tuple[iam.Role, logs.ILogGroup]:
        runtime_name = names.runtime(self._ground.tenant.name)
        code = s3_assets.Asset(self, "Code", path=str(layers.agent_bundle(self._ground.names.to_file())))
        role = self._agentcore_role(runtime_name, code)
        self.runtime = agentcore.Runtime(
            self,
            "Runtime",
            agent_runtime_artifact=agentcore.AgentRuntimeArtifact.from_s3(
                s3.Location(bucket_name=code.s3_bucket_name, object_key=code.s3_object_key),
                agentcore.AgentCoreRuntime.PYTHON_3_13,
                ["main.py"],
            ),
            authorizer_configuration=agentcore.RuntimeAuthorizerConfiguration.using_iam(),
            description=f"Answers the questions of {self._ground.tenant.company}",
            environment_variables={**self._ground.names.to_env(), "AWS_DEFAULT_REGION": Aws.REGION},
            # The construct would grant more than its code needs: X-Ray, every log group and every asset.
            execution_role=role.without_policy_updates(),
            lifecycle_configuration=agentcore.LifecycleConfiguration(
                idle_runtime_session_timeout=IDLE, max_lifetime=LIFETIME
            ),
            network_configuration=self._place(),
            platform_version=agentcore.PlatformVersion.V2,
            protocol_configuration=agentcore.ProtocolType.HTTP,
            runtime_name=runtime_name,
        )
        self.runtime.node.add_dependency(role)
        group = logs.LogGroup(
            self,
            "Logs",
            encryption_key=self._ground.key,
            log_group_name=f"/aws/bedrock-agentcore/runtimes/{self.runtime.agent_runtime_id}-DEFAULT",
            retention=KEPT,
        )
        return role, group

    def _place(self) -> agentcore.RuntimeNetworkConfiguration:
        """In the tenant's VPC; without one, `network = "none"`, IAM is all that stands between tenants."""
        network = self._ground.network
        if network is None:
            return agentcore.RuntimeNetworkConfiguration.using_public_network()
        return agentcore.RuntimeNetworkConfiguration.using_vpc(
            self, vpc=network.vpc, vpc_subnets=network.subnets, security_groups=[network.security_group]
        )

    def _agentcore_role(self, runtime_name: str, code: s3_assets.Asset) -> iam.Role:
        """What AWS documents for an execution role, less X-Ray, containers and identities, which are not used.

        It may not create log groups: ours is made with the runtime, with the tenant's key and an end.
        """
        place = f"{Aws.REGION}:{Aws.ACCOUNT_ID}"
        runtimes = f"arn:{Aws.PARTITION}:bedrock-agentcore:{place}:runtime/{runtime_name}-*"
        group = f"arn:{Aws.PARTITION}:logs:{place}:log-group:/aws/bedrock-agentcore/runtimes/{runtime_name}-*"
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "bedrock-agentcore.amazonaws.com",
                conditions={
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                    "ArnLike": {"aws:SourceArn": runtimes},
                },
            ),
            path=role_path(self._ground.tenant.name, "inside"),
        )
        _allow(role, ["logs:DescribeLogStreams", "logs:CreateLogStream", "logs:PutLogEvents"], [group, f"{group}:*"])
        _allow(
            role,
            ["cloudwatch:PutMetricData"],
            ["*"],
            {"StringEquals": {"cloudwatch:namespace": "bedrock-agentcore"}},
        )
        _allow(role, ["s3:GetObject"], [f"arn:{Aws.PARTITION}:s3:::{code.s3_bucket_name}/{code.s3_object_key}"])
        acknowledge(role, "AwsSolutions-IAM5[Resource::*]", "Metrics have no ARN; the namespace is limited instead")
        shown = "arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/bedrock-agentcore/runtimes"
        for ending in ("-*", "-*:*"):
            acknowledge(
                role,
                f"AwsSolutions-IAM5[Resource::{shown}/{runtime_name}{ending}]",
                "The service makes up the end of the runtime's id, which is the name of its log group",
            )
        return role

    def _allow_work(self, role: iam.Role, catalog: Catalog) -> None:
        ground = self._ground
        ground.lake.allow_read(role, *READS)
        ground.lake.allow_write(role, "answers/")
        ground.state.allow(role, read=STATES_READ, write=STATES_WRITTEN)
        catalog.allow_query(role)

    def _allow_model(self, role: iam.Role) -> None:
        """One model in one geography under one guardrail; whatever else is ever granted stays denied."""
        if self.guardrail is None:
            return
        found = models.invocable(
            self._ground.names.agent.model_id,
            region=self._ground.tenant.region,
            account=Aws.ACCOUNT_ID,
            partition=Aws.PARTITION,
        )
        guarded = {"StringEquals": {"bedrock:GuardrailIdentifier": self.guardrail.versioned_arn}}
        if found.profile:
            _allow(role, CALLS[:1], [found.profile], guarded)
            through = {"StringEquals": {**guarded["StringEquals"], "bedrock:InferenceProfileArn": found.profile}}
            _allow(role, CALLS[:1], list(found.models), through)
        else:
            _allow(role, CALLS[:1], list(found.models), guarded)
        _allow(role, ["bedrock:ApplyGuardrail"], [self.guardrail.arn])
        anywhere = f"arn:{Aws.PARTITION}:bedrock:*:*:inference-profile/{models.EVERYWHERE}.*"
        unguarded = {"StringNotEquals": {"bedrock:GuardrailIdentifier": self.guardrail.versioned_arn}}
        _deny(role, resources=[anywhere])
        _deny(role, not_resources=list(found.all))
        _deny(role, resources=["*"], conditions=unguarded)


def _needed(names: Settings, guardrail: Guardrail | None) -> dict[str, Any]:
    """The names that the host has use for; AgentCore takes no more than 2,048 characters of them."""
    agent = names.agent
    if guardrail:
        agent = agent.model_copy(update={"guardrail_id": guardrail.id, "guardrail_version": guardrail.version})
    return {"agent": agent, "brokers": {}, "seal_key": "", "machine": "", "issuer": ""}


def _allow(
    role: iam.Role, actions: list[str] | tuple[str, ...], resources: list[str], when: dict[str, Any] | None = None
) -> None:
    role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=resources, conditions=when))


def _deny(role: iam.Role, **where: Any) -> None:
    role.add_to_policy(iam.PolicyStatement(effect=iam.Effect.DENY, actions=list(CALLS), **where))
