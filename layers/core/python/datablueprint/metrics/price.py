"""What owners have signed for, and what the contractor expects to be entitled to (specification, section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datablueprint.metrics.definition import Metric, Missing, Told
from datablueprint.metrics.scopes import Scope

if TYPE_CHECKING:
    from datablueprint.metrics.measures import Measures

PENDING_STATED = "pending change orders are not in the contract value"
SIGNED = "contract value (a signed prime contract in Procore)"


def contract_value(measures: Measures, scope: Scope) -> Told:
    project = scope.job
    if not measures.sums.has(project.entity, "original_contract"):
        raise Missing(SIGNED)
    original = measures.sums.project_sum(project.entity, "original_contract", label="original contracts")
    approved = measures.sums.project_sum(project.entity, "approved_change", label="approved change orders")
    return Told(original + approved, "signed contracts and approved change orders, lump sum", (PENDING_STATED,))


METRICS = (
    Metric(
        "contract_value",
        "contract value",
        "money",
        "what owners have signed: executed prime contracts and approved change orders",
        "original contracts + approved change orders",
        contract_value,
        over="sum",
        needs=("contract",),
        section=4,
    ),
)
