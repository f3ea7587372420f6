"""The first page, and the words of the guided question."""

from __future__ import annotations

from datablueprint.api import asking, overview
from datablueprint.api.models.company import Start, Vocabulary
from datablueprint.api.routes.common import Here, given, theme

router = theme()
TAG = ["start"]


@router.get(
    "/start",
    operation_id="get_start",
    summary="The first page",
    description="What moved most, what waits for a decision, and what could be asked.",
    tags=TAG,
    responses=given(Start, "Everything the first page shows."),
)
def start(here: Here) -> Start:
    saved = asking.saved(here.ports)
    with here.desks.open() as desk:
        told = overview.start(desk, here.ports, between=here.desks.give_way)
        return Start.model_validate({**told, "engine": here.service.engine, "saved": saved})


@router.get(
    "/vocabulary",
    operation_id="get_vocabulary",
    summary="The words of the guided question",
    tags=TAG,
    responses=given(Vocabulary, "Metrics, scopes, scenarios and days that exist."),
)
def vocabulary(here: Here) -> Vocabulary:
    with here.desks.open() as desk:
        return Vocabulary.model_validate(overview.vocabulary(desk, here.ports))
