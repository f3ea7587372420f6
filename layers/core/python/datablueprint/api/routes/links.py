"""Links between records, and a person's word on them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler.openapi.params import Body, Path, Query

from datablueprint import review
from datablueprint.api.models.company import Decided, Decision, Links
from datablueprint.api.pages import page
from datablueprint.api.routes.common import Cursor, Here, Limit, given, theme
from datablueprint.api.service import Visit

router = theme()
TAG = ["links"]
LinkId = Annotated[str, Path(max_length=80, examples=["link_60963533b17d"])]


@router.get(
    "/links",
    operation_id="list_links",
    summary="What a person should decide",
    description="Pairs of records that may be one thing, the costliest question first.",
    tags=TAG,
    responses=given(Links, "One page of links."),
)
def every(
    here: Here,
    state: Annotated[Literal["proposed", "all"], Query(description="Only what waits, or all.")] = "proposed",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Links:
    return Links.model_validate(_page(here, state, cursor, limit))


def _page(here: Visit, state: str, cursor: str | None, limit: int) -> dict[str, Any]:
    with here.desks.open() as desk:
        found = review.review(here.ports, every=state == "all")
        rows, following = page(found["links"], of=f"links {state} {desk.snapshot}", cursor=cursor, limit=limit)
    return {"links": rows, "state": state, "total": len(found["links"]), "next_cursor": following}


@router.put(
    "/links/<link_id>/decision",
    operation_id="decide_link",
    summary="Decide on a link",
    description="Kept apart from the snapshot; the next refresh uses it. One that contradicts another is refused.",
    tags=TAG,
    responses=given(Decided, "What is kept.", body=True),
)
def decide(link_id: LinkId, decision: Annotated[Decision, Body()], here: Here) -> Decided:
    with here.desks.open():
        return Decided.model_validate(review.decide(link_id, decision.decision, here.ports, by=here.person))


@router.delete(
    "/links/<link_id>/decision",
    operation_id="undo_decision",
    summary="Take a decision back",
    tags=TAG,
    responses=given(Decided, "What was taken back."),
)
def undo(link_id: LinkId, here: Here) -> Decided:
    return Decided.model_validate(review.undo(link_id, here.ports, by=here.person))
