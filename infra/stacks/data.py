"""What must survive every deployment: the tenant's key, lake and state."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack, Tags
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.lake import Lake
from infra.constructs.state_table import StateTable
from infra.tenants import Tenant


class DataStack(Stack):
    def __init__(self, scope: Construct, name: str, *, tenant: Tenant, **options: Any) -> None:
        super().__init__(scope, name, description=f"DataBlueprint: what {tenant.company} owns", **options)
        Tags.of(self).add("tenant", tenant.name)
        self.key = kms.Key(self, "Key", enable_key_rotation=True, description=f"DataBlueprint tenant {tenant.name}")
        self.lake = Lake(self, "Lake", key=self.key)
        self.state = StateTable(self, "State", key=self.key)
