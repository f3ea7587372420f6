"""Two zones keep data and internet apart; a role's IAM path says which one it is of."""

from __future__ import annotations

from typing import Literal

from aws_cdk import Aws

Zone = Literal["inside", "outside"]
"""Inside: may read the lake, has no way to the internet. Outside: has the internet and never reads the lake."""


def role_path(tenant: str, zone: Zone) -> str:
    """The IAM path of the roles of a zone; policies of buckets, keys and endpoints name it."""
    return f"/datablueprint/{tenant}/{zone}/"


def roles(tenant: str, zone: Zone | Literal["*"]) -> str:
    """An ARN pattern of all roles of a zone, for `aws:PrincipalArn`."""
    ending = "*" if zone == "*" else f"{zone}/*"
    return f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:role/datablueprint/{tenant}/{ending}"
