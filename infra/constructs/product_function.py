"""Every Lambda of the product is made here, so that a decision about functions is taken once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constants import KEPT, NOT_SHIPPED, ROOT, RUNTIME
from infra.constructs.code import TENANT_FILE
from infra.constructs.ground import Ground
from infra.nag import acknowledge
from infra.zones import Zone, role_path

ATTACHING = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)
"""What the Lambda service does in the role's name to attach a function to a VPC; EC2 names no resource for these."""


class ProductFunction(Construct):
    """The function in `functions/<folder>`, with a role of its zone, a log group and the tenant's settings."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        ground: Ground,
        folder: str,
        zone: Zone,
        dependencies: str,
        memory_mb: int = 512,
        timeout: Duration | None = None,
        environment: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(scope, name)
        self._ground = ground
        attached = ground.network if zone == "inside" else None
        self.log_group = logs.LogGroup(self, "Logs", retention=KEPT, encryption_key=ground.key)
        self.role = self._role(zone, in_vpc=attached is not None)
        self.function = lambda_.Function(
            self,
            "Function",
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(ROOT / "functions" / folder), exclude=NOT_SHIPPED),
            environment={
                **ground.names.to_env(),
                "DATABLUEPRINT_TENANT_FILE": TENANT_FILE,
                **(environment or {}),
            },
            handler="handler.lambda_handler",
            layers=ground.layers.of(dependencies),
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            memory_size=memory_mb,
            role=self.role,
            runtime=RUNTIME,
            timeout=timeout or Duration.minutes(15),
            tracing=lambda_.Tracing.ACTIVE if ground.tenant.tracing else lambda_.Tracing.DISABLED,
            vpc=attached.vpc if attached else None,
            vpc_subnets=attached.subnets if attached else None,
            security_groups=[attached.security_group] if attached else None,
            **options,
        )
        self._accept(in_vpc=attached is not None)

    def _accept(self, *, in_vpc: bool) -> None:
        why = "One locked set of wheels serves every function and the agent; Python 3.13 has security fixes until 2029"
        acknowledge(self.function, "AwsSolutions-L1", why)
        reasons = []
        if in_vpc:
            reasons.append("EC2 names no resource for attaching a function; its own code is denied these actions")
        if self._ground.tenant.tracing:
            reasons.append("X-Ray names no resource for a trace, and the tenant asked for tracing")
        if reasons:
            acknowledge(self.role, "AwsSolutions-IAM5[Resource::*]", ". ".join(reasons))

    def allow(
        self, *actions: str, on: Sequence[str], when: Mapping[str, Any] | None = None, effect: str = "Allow"
    ) -> None:
        """One statement of the role's own policy."""
        self.role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=list(actions),
                resources=list(on),
                conditions=dict(when) if when else None,
                effect=iam.Effect.ALLOW if effect == "Allow" else iam.Effect.DENY,
            )
        )

    def _role(self, zone: Zone, *, in_vpc: bool) -> iam.Role:
        """No managed policies: what a role may do stands in the template."""
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            path=role_path(self._ground.tenant.name, zone),
        )
        self.log_group.grant_write(role)
        if in_vpc:
            role.add_to_policy(iam.PolicyStatement(actions=list(ATTACHING), resources=["*"]))
            role.add_to_policy(
                iam.PolicyStatement(  # for the Lambda service only: the function's own code may not
                    effect=iam.Effect.DENY,
                    actions=["ec2:*"],
                    resources=["*"],
                    conditions={"ArnLike": {"lambda:SourceFunctionArn": f"arn:{Aws.PARTITION}:lambda:*:*:function:*"}},
                )
            )
        return role
