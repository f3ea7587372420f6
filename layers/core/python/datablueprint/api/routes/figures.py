"""Figures and the records under them."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from datablueprint.api import opening
from datablueprint.api.models.figures import FigureRecords, OpenedFigure, StoredRecord, Verification
from datablueprint.api.routes.common import Cursor, Here, Limit, given, theme

router = theme()
TAG = ["figures"]
Ref = Annotated[
    str,
    Query(
        alias="id",
        min_length=1,
        max_length=400,
        description="A figure's id; a change ends in /2026-10-31..2026-11-19, a supposed one in ~approve all.",
        examples=["gross_margin_at_completion/24-017/2026-11-19"],
    ),
]


@router.get(
    "/figures",
    operation_id="open_figure",
    summary="Open a figure",
    description="What it means, what it is made of, and the largest of its records.",
    tags=TAG,
    responses=given(OpenedFigure, "The figure."),
)
def opened(
    ref: Ref, here: Here, tree: Annotated[bool, Query(description="Also the whole proof tree.")] = False
) -> OpenedFigure:
    with here.desks.open() as desk:
        return OpenedFigure.model_validate(opening.opened(desk, ref, tree=tree))


@router.get(
    "/figures/records",
    operation_id="list_figure_records",
    summary="The records under a figure",
    tags=TAG,
    responses=given(FigureRecords, "One page of them, largest amount first, and what all of them sum to."),
)
def records(ref: Ref, here: Here, cursor: Cursor = None, limit: Limit = 100) -> FigureRecords:
    with here.desks.open() as desk:
        return FigureRecords.model_validate(opening.records(desk, ref, cursor=cursor, limit=limit))


@router.get(
    "/figures/verification",
    operation_id="verify_figure",
    summary="Add a figure up again",
    description="From the raw records, by a checker that shares no code with what made the figure.",
    tags=TAG,
    responses=given(Verification, "What re-adding it gave."),
)
def verification(ref: Ref, here: Here) -> Verification:
    with here.desks.open() as desk:
        return Verification.model_validate(opening.verification(desk, ref))


@router.get(
    "/records",
    operation_id="get_record",
    summary="Our copy of a record",
    tags=TAG,
    responses=given(StoredRecord, "The record as it was read."),
)
def record(
    record_id: Annotated[
        str, Query(alias="id", min_length=1, max_length=200, examples=["procore:prime_contracts:1250"])
    ],
    here: Here,
) -> StoredRecord:
    with here.desks.open() as desk:
        return StoredRecord.model_validate(opening.record(desk, record_id))
