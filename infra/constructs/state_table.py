"""Checkpoints, token leases, decisions and the snapshot pointer fit in one small table with one key."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct


class StateTable(Construct):
    """The DynamoDB table behind the State port."""

    def __init__(self, scope: Construct, name: str, *, key: kms.IKey) -> None:
        super().__init__(scope, name)
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
