"""The published contract."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import Request, Response

from datablueprint.api.routes.common import JSON, problems, theme

router = theme()
GIVEN = {200: {"description": "OpenAPI 3.1.", "content": {JSON: {"schema": {"type": "object"}}}}, **problems()}


@router.get("/openapi.json", operation_id="get_openapi", summary="This description", tags=["start"], responses=GIVEN)
def openapi(request: Request) -> Response[str]:
    published: Any = request.context["spec"]
    return Response(200, JSON, published())
