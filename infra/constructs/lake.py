"""The lake is private by construction: no public access, no plain HTTP, one key, and no way in from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.nag import acknowledge
from infra.tenants import Tenant
from infra.zones import roles

if TYPE_CHECKING:
    from infra.constructs.network import Network


class Lake(Construct):
    """The tenant's bucket: raw records, tables, snapshots, answers, and Athena's results."""

    def __init__(self, scope: Construct, name: str, *, key: kms.IKey) -> None:
        super().__init__(scope, name)
        self._key = key
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            bucket_key_enabled=True,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            enforce_ssl=True,
            lifecycle_rules=[
                s3.LifecycleRule(
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                    noncurrent_version_expiration=Duration.days(30),
                ),
                s3.LifecycleRule(prefix="athena/", expiration=Duration.days(7)),
                s3.LifecycleRule(prefix="hooks/", expiration=Duration.days(30)),
            ],
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            removal_policy=RemovalPolicy.RETAIN,
            versioned=True,
        )
        acknowledge(
            self.bucket,
            "AwsSolutions-S1",
            "Only named roles of the tenant come this far; CloudTrail's data events tell who read what, in one place",
        )

    def allow_read(self, role: iam.IRole, *prefixes: str) -> None:
        """Objects below the prefixes may be read, and listed."""
        self._allow(role, ["s3:GetObject"], prefixes, "kms:Decrypt")
        self.allow_list(role, *prefixes)

    def allow_write(self, role: iam.IRole, *prefixes: str) -> None:
        """Objects below the prefixes may be written; reading is another matter."""
        self._allow(role, ["s3:PutObject", "s3:AbortMultipartUpload"], prefixes, "kms:GenerateDataKey")

    def allow_delete(self, role: iam.IRole, *prefixes: str) -> None:
        """Objects below the prefixes may be removed; their versions stay for thirty days."""
        self._grant(role, ["s3:DeleteObject"], [self.bucket.arn_for_objects(f"{p}*") for p in prefixes])

    def allow_list(self, role: iam.IRole, *prefixes: str) -> None:
        """Keys below the prefixes may be listed."""
        within = {"StringLike": {"s3:prefix": [f"{prefix}*" for prefix in prefixes]}}
        self._grant(role, ["s3:ListBucket"], [self.bucket.bucket_arn], within)

    def close(self, tenant: Tenant, network: Network | None) -> None:
        """Objects are for the tenant's roles and operators, and for those inside through their network or Athena."""
        own = [roles(tenant.name, "*"), *tenant.operators]
        self._deny({"ArnNotLike": {"aws:PrincipalArn": own}})
        if network:
            self._deny(
                {
                    "ArnNotLike": {"aws:PrincipalArn": [roles(tenant.name, "outside"), *tenant.operators]},
                    "StringNotEquals": {"aws:SourceVpce": network.s3_endpoint_id},
                    "ForAllValues:StringNotEquals": {"aws:CalledVia": ["athena.amazonaws.com"]},
                }
            )

    def _deny(self, conditions: dict[str, Any]) -> None:
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                actions=["s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*", "s3:ListBucket*"],
                principals=[iam.AnyPrincipal()],
                resources=[self.bucket.bucket_arn, self.bucket.arn_for_objects("*")],
                conditions=conditions,
            )
        )

    def _allow(self, role: iam.IRole, actions: Sequence[str], prefixes: Sequence[str], key_action: str) -> None:
        self._grant(role, actions, [self.bucket.arn_for_objects(f"{prefix}*") for prefix in prefixes])
        by_s3 = {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}
        self._grant(role, [key_action], [self._key.key_arn], by_s3)

    @staticmethod
    def _grant(
        role: iam.IRole, actions: Sequence[str], resources: Sequence[str], when: dict[str, Any] | None = None
    ) -> None:
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=list(actions), resources=list(resources), conditions=when)
        )
