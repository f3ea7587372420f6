"""What every construct of one tenant stands on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aws_cdk import aws_kms as kms

from datablueprint.settings import Settings
from infra.constructs.lake import Lake
from infra.constructs.state_table import StateTable
from infra.tenants import Tenant

if TYPE_CHECKING:
    from infra.constructs.code import Layers
    from infra.constructs.network import Network


@dataclass(frozen=True)
class Ground:
    """Handed from the stack to each construct; `names` grows as constructs add what they made."""

    tenant: Tenant
    key: kms.IKey
    lake: Lake
    state: StateTable
    network: Network | None
    """None with `network = "none"`: IAM alone keeps tenants apart."""
    layers: Layers
    names: Settings
    """The AWS names that functions find in their environment."""

    def knowing(self, **names: object) -> Ground:
        """The same ground with further AWS names."""
        return replace(self, names=self.names.model_copy(update=names))
