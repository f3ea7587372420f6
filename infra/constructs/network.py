"""A VPC without a way out: AWS is reached through endpoints, each of which lets through what is needed and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aws_cdk import Aws
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra import models, names
from infra.constants import KEPT
from infra.constructs.catalog import QUERYING
from infra.tenants import Tenant
from infra.zones import roles

HTTPS = ec2.Port.tcp(443)
OBJECTS = (
    "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListBucket",
    "s3:GetBucketLocation",
)  # fmt: skip
ITEMS = ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
INVOKING = ("bedrock:InvokeModel", "bedrock:ApplyGuardrail")
QUALIFIER = "hnb659fds"
"""Of the CDK bootstrap, whose bucket holds the agent's code."""


@dataclass(frozen=True)
class Doorway:
    """One interface endpoint: the service, and what may be done through it."""

    name: str
    service: ec2.IInterfaceVpcEndpointService
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    when: dict[str, Any] = field(default_factory=dict)


class Network(Construct):
    """Isolated subnets for one tenant, or for those that share; roles inside reach these services and nothing else."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        tenants: Sequence[Tenant],
        az_count: int,
        buckets: Sequence[str] = ("*",),
        tables: Sequence[str] = ("*",),
    ) -> None:
        """`buckets` and `tables` are ARNs; a shared network names no resource and limits account and roles."""
        super().__init__(scope, name)
        self._tenants = list(tenants)
        self.vpc = self._vpc(az_count)
        self.subnets = ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
        self.security_group = self._group("Inside", "Functions and the agent", outbound=True)
        self._doors = self._group("Endpoints", "Interface endpoints", outbound=False)
        self._doors.add_ingress_rule(self.security_group, HTTPS, "from functions and the agent")
        self.s3_endpoint_id = self._gateways(buckets, tables)
        for doorway in doorways(self._tenants):
            self._interface(doorway)

    def _vpc(self, az_count: int) -> ec2.Vpc:
        isolated = ec2.SubnetConfiguration(name="inside", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24)
        chosen = next((list(t.availability_zones) for t in self._tenants if t.availability_zones), None)
        vpc = ec2.Vpc(
            self,
            "Vpc",
            availability_zones=chosen,
            create_internet_gateway=False,
            ip_addresses=ec2.IpAddresses.cidr("10.40.0.0/20"),
            max_azs=None if chosen else az_count,
            nat_gateways=0,
            restrict_default_security_group=False,
            subnet_configuration=[isolated],
        )
        group = logs.LogGroup(self, "FlowLogs", retention=KEPT)
        vpc.add_flow_log("Flows", destination=ec2.FlowLogDestination.to_cloud_watch_logs(group))
        return vpc

    def _group(self, name: str, description: str, *, outbound: bool) -> ec2.SecurityGroup:
        group = ec2.SecurityGroup(self, name, vpc=self.vpc, description=description, allow_all_outbound=False)
        if outbound:  # S3 and DynamoDB have public addresses; there is no route to any other
            group.add_egress_rule(ec2.Peer.any_ipv4(), HTTPS, "endpoints and gateways; nothing else has a route")
        return group

    def _gateways(self, buckets: Sequence[str], tables: Sequence[str]) -> str:
        assets = f"arn:{Aws.PARTITION}:s3:::cdk-{QUALIFIER}-assets-{Aws.ACCOUNT_ID}-{Aws.REGION}/*"
        s3 = self.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        s3.add_to_policy(self._through(OBJECTS, [*buckets, *(f"{b}/*" for b in buckets if b != "*")]))
        s3.add_to_policy(self._through(("s3:GetObject",), [assets]))
        dynamodb = self.vpc.add_gateway_endpoint("DynamoDb", service=ec2.GatewayVpcEndpointAwsService.DYNAMODB)
        dynamodb.add_to_policy(self._through(ITEMS, list(tables)))
        return s3.vpc_endpoint_id

    def _interface(self, doorway: Doorway) -> None:
        endpoint = self.vpc.add_interface_endpoint(
            doorway.name,
            service=doorway.service,
            open=False,
            private_dns_enabled=True,
            security_groups=[self._doors],
            subnets=self.subnets,
        )
        endpoint.add_to_policy(self._through(doorway.actions, list(doorway.resources), doorway.when))

    def _through(
        self, actions: Sequence[str], resources: list[str], when: dict[str, Any] | None = None
    ) -> iam.PolicyStatement:
        """What roles of the zone inside, of these tenants, may do through an endpoint, in this account."""
        own = {
            "ArnLike": {"aws:PrincipalArn": [roles(tenant.name, "inside") for tenant in self._tenants]},
            "StringEquals": {"aws:ResourceAccount": Aws.ACCOUNT_ID},
        }
        return iam.PolicyStatement(
            actions=list(actions),
            conditions=when or own,
            principals=[iam.AnyPrincipal()],
            resources=resources,
        )


def doorways(tenants: Sequence[Tenant]) -> list[Doorway]:
    """The interface endpoints that these tenants need: each costs money in every availability zone."""
    service = ec2.InterfaceVpcEndpointAwsService
    here = f"{Aws.REGION}:{Aws.ACCOUNT_ID}"
    found = [Doorway("Athena", service.ATHENA, QUERYING, _each(tenants, f"athena:{here}:workgroup/", names.workgroup))]
    modelled = [tenant for tenant in tenants if tenant.agent.model_id]
    if modelled:
        found.append(Doorway("BedrockRuntime", service.BEDROCK_RUNTIME, INVOKING, _thinking(modelled), _by(modelled)))
    in_lambda = [tenant for tenant in tenants if tenant.agent_host == "lambda"]
    if in_lambda:
        own = _each(in_lambda, f"lambda:{here}:function:", names.functions, "*")
        found.append(Doorway("Lambda", service.LAMBDA_, ("lambda:InvokeFunction",), own))
    hosted = [tenant for tenant in tenants if tenant.agent_host == "agentcore"]
    return found + (_of_agentcore(hosted) if hosted else [])


def _of_agentcore(tenants: Sequence[Tenant]) -> list[Doorway]:
    """What a runtime in VPC mode needs to start, and what the API needs to hand it a question."""
    service = ec2.InterfaceVpcEndpointAwsService
    here = f"{Aws.REGION}:{Aws.ACCOUNT_ID}"
    runtimes = _each(tenants, f"bedrock-agentcore:{here}:runtime/", names.runtime, "-*")
    groups = _each(tenants, f"logs:{here}:log-group:/aws/bedrock-agentcore/runtimes/", names.runtime, "-*")
    writing = ("logs:DescribeLogStreams", "logs:CreateLogStream", "logs:PutLogEvents")
    counting = {**_by(tenants), "StringEquals": {"cloudwatch:namespace": "bedrock-agentcore"}}
    here_only = {"StringEquals": {"aws:PrincipalAccount": Aws.ACCOUNT_ID}}
    asking = ("bedrock-agentcore:InvokeAgentRuntime",)
    return [
        Doorway("AgentCore", service.BEDROCK_AGENTCORE, asking, runtimes, _by(tenants)),
        Doorway("Logs", service.CLOUDWATCH_LOGS, writing, groups),
        Doorway("Monitoring", service.CLOUDWATCH_MONITORING, ("cloudwatch:PutMetricData",), ("*",), counting),
        # The runtime takes its role on here, before it has one to be known by.
        Doorway("Sts", service.STS, ("sts:AssumeRole", "sts:GetCallerIdentity"), ("*",), here_only),
    ]


def _by(tenants: Sequence[Tenant]) -> dict[str, Any]:
    return {"ArnLike": {"aws:PrincipalArn": [roles(tenant.name, "inside") for tenant in tenants]}}


def _each(tenants: Sequence[Tenant], place: str, named: Any, ending: str = "") -> tuple[str, ...]:
    return tuple(f"arn:{Aws.PARTITION}:{place}{named(tenant.name)}{ending}" for tenant in tenants)


def _thinking(tenants: Sequence[Tenant]) -> tuple[str, ...]:
    """The models of these tenants in their geographies, and the guardrails of the account."""
    found = {f"arn:{Aws.PARTITION}:bedrock:{Aws.REGION}:{Aws.ACCOUNT_ID}:guardrail/*": None}
    for tenant in tenants:
        chosen = models.invocable(
            tenant.agent.model_id, region=tenant.region, account=Aws.ACCOUNT_ID, partition=Aws.PARTITION
        )
        found |= dict.fromkeys(chosen.all)
    return tuple(found)
