"""What several tenants use together, for those who choose so; a deployment of one tenant has no such stack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Stack
from constructs import Construct

from infra.constructs.network import Network
from infra.tenants import Tenant


class SharedStack(Stack):
    """One isolated VPC: tenants are kept apart by roles, keys and endpoint policies instead of by networks."""

    def __init__(self, scope: Construct, name: str, *, tenants: Sequence[Tenant], **options: Any) -> None:
        super().__init__(scope, name, description="DataBlueprint: the network that tenants share", **options)
        widest = max(tenant.az_count for tenant in tenants)
        self.network = Network(self, "Network", tenants=list(tenants), az_count=widest)
