"""What is published, how fresh it is, and what does not fit together."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from datablueprint.api import overview
from datablueprint.api.models.company import Status
from datablueprint.api.routes.common import Here, given, theme

router = theme()


@router.get(
    "/status",
    operation_id="get_status",
    summary="Freshness, coverage, tie-outs and findings",
    tags=["status"],
    responses=given(Status, "As of now."),
)
def status(
    here: Here,
    sync: Annotated[bool, Query(description="Also what Procore and QuickBooks share, record by record.")] = False,
) -> Status:
    return Status.model_validate(overview.status(here.ports, sync=sync))
