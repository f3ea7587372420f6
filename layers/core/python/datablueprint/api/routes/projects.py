"""Projects, and one project with its main figures."""

from __future__ import annotations

from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from datablueprint.api import overview
from datablueprint.api.models.figures import ProjectList, ProjectPage
from datablueprint.api.routes.common import AsOf, Here, KnownAt, given, theme

router = theme()
TAG = ["projects"]
State = Literal["active", "not started", "closed"]


@router.get(
    "/projects",
    operation_id="list_projects",
    summary="The projects",
    tags=TAG,
    responses=given(ProjectList, "Projects that hold cost, contract or budget."),
)
def every(
    here: Here,
    state: Annotated[State | None, Query(description="Only those.")] = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> ProjectList:
    with here.desks.open(as_of=as_of, known_at=known_at) as desk:
        return ProjectList.model_validate(overview.projects(desk, state=state))


@router.get(
    "/projects/<key>",
    operation_id="get_project",
    summary="One project",
    tags=TAG,
    responses=given(ProjectPage, "The project with its main figures."),
)
def one(
    key: Annotated[str, Path(max_length=200, examples=["24-017"])],
    here: Here,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> ProjectPage:
    with here.desks.open(as_of=as_of, known_at=known_at) as desk:
        return ProjectPage.model_validate(overview.project(desk, key))
