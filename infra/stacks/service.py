"""What can be thrown away and deployed again: functions, the state machine, its schedule."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack, Tags
from constructs import Construct

from infra.constructs.product_function import CoreLayer
from infra.constructs.refresh import Refresh
from infra.stacks.data import DataStack
from infra.tenants import Tenant


class PipelineStack(Stack):
    def __init__(self, scope: Construct, name: str, *, tenant: Tenant, data: DataStack, **options: Any) -> None:
        super().__init__(scope, name, description=f"DataBlueprint: the refresh of {tenant.company}", **options)
        Tags.of(self).add("tenant", tenant.name)
        core = CoreLayer(self, "Core")
        self.refresh = Refresh(self, "Refresh", tenant=tenant, lake=data.lake, state=data.state, core=core)
