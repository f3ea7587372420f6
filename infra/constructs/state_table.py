"""Checkpoints, tokens, decisions and the snapshot pointer fit in one small table with one key."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

READ = ("dynamodb:GetItem", "dynamodb:Query")
WRITE = ("dynamodb:UpdateItem", "dynamodb:DeleteItem")


class StateTable(Construct):
    """The DynamoDB table behind the State port; its partition key is the first segment of a key, its family."""

    def __init__(self, scope: Construct, name: str, *, key: kms.IKey) -> None:
        super().__init__(scope, name)
        self._key = key
        self.table = dynamodb.TableV2(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name="family", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="name", type=dynamodb.AttributeType.STRING),
            billing=dynamodb.Billing.on_demand(),
            deletion_protection=True,
            encryption=dynamodb.TableEncryptionV2.customer_managed_key(key),
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            removal_policy=RemovalPolicy.RETAIN,
        )

    def allow(self, role: iam.IRole, *, read: Sequence[str] = (), write: Sequence[str] = ()) -> None:
        """Documents of these families may be read; those of `write` also changed and removed."""
        self._grant(role, READ, (*read, *write))
        if write:
            self._grant(role, WRITE, write)
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=["kms:Decrypt"],
                resources=[self._key.key_arn],
                conditions={"StringLike": {"kms:ViaService": "dynamodb.*.amazonaws.com"}},
            )
        )

    def _grant(self, role: iam.IRole, actions: Sequence[str], families: Sequence[str]) -> None:
        role.add_to_principal_policy(
            iam.PolicyStatement(
                actions=list(actions),
                resources=[self.table.table_arn],
                conditions={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": list(families)}},
            )
        )
