"""Metrics: what there is, and the figures of one."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from datablueprint import personal
from datablueprint.api import overview
from datablueprint.api.models.figures import Bridge, MetricFigures, MetricList, Wip
from datablueprint.api.routes.common import AsOf, Here, KnownAt, given, theme
from datablueprint.statements import listing, profit_bridge, wip

router = theme()
TAG = ["metrics"]


@router.get(
    "/metrics",
    operation_id="list_metrics",
    summary="The metrics there are",
    tags=TAG,
    responses=given(MetricList, "Each with its meaning and formula."),
)
def every() -> MetricList:
    return MetricList.model_validate({"metrics": overview.metric_list()})


@router.get(
    "/metrics/<name>",
    operation_id="get_metric",
    summary="The figures of one metric",
    description="Of the groups or the company, or one row per ?by=.",
    tags=TAG,
    responses=given(MetricFigures, "The figures."),
)
def one(
    name: Annotated[str, Path(max_length=80, examples=["gross_margin_at_completion"])],
    here: Here,
    by: Annotated[
        str | None,
        Query(max_length=40, description="project, leaf, code, pm, customer, contract-type or closed-in."),
    ] = None,
    where: Annotated[
        list[str] | None,
        Query(max_length=6, description="What=which; may be repeated.", examples=[["state=closed", "pm=Dana Reyes"]]),
    ] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> MetricFigures:
    with here.desks.open(as_of=as_of, known_at=known_at) as desk:
        return MetricFigures.model_validate(listing(desk, name, by=by, where=overview.filters(where or [])))


@router.get(
    "/wip",
    operation_id="get_wip",
    summary="The work-in-progress schedule",
    tags=TAG,
    responses=given(Wip, "The schedule as a surety reads it."),
)
def schedule(here: Here, since: KnownAt = None, as_of: AsOf = None, known_at: KnownAt = None) -> Wip:
    with here.desks.open(as_of=as_of, known_at=known_at) as desk:
        return Wip.model_validate(wip(desk, previous=desk.known(since) if since else None))


@router.get(
    "/bridges",
    operation_id="get_bridge",
    summary="Why a job's profit moved",
    description="From one day to another. ?since_known_at= takes the earlier day as it was known then.",
    tags=TAG,
    responses=given(Bridge, "The parts, which sum to the difference."),
)
def bridge(
    project: Annotated[str, Query(min_length=1, max_length=200, examples=["24-017"])],
    here: Here,
    since: Annotated[date, Query(description="The earlier day.", examples=["2026-10-31"])],
    since_known_at: KnownAt = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Bridge:
    with here.desks.open(as_of=as_of, known_at=known_at) as desk:
        earlier = desk.known(since_known_at, since) if since_known_at else desk.at(as_of=since)
        return Bridge.model_validate(personal.bridge(profit_bridge(earlier, desk, project)))
