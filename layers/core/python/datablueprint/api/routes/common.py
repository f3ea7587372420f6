"""What routes share: who visits, what days mean, and how responses are documented."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Request
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.depends import Depends
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from datablueprint.api.models.common import Problem
from datablueprint.api.problems import PROBLEM
from datablueprint.api.service import Service, Visit

JSON = "application/json"
PROBLEMS = {
    400: "The body is not JSON.",
    401: "Nobody is signed in.",
    404: "There is no such thing, or it is another tenant's.",
    405: "The method is not for this path.",
    409: "It contradicts what is stored, or a figure does not tie to its records.",
    413: "The body is too large.",
    415: "The body is not application/json.",
    422: "The request is not valid, or cannot be computed as asked.",
    500: "A defect of ours; it was logged.",
    503: "Nothing was published yet, or too much is asked at once (see Retry-After).",
}
ALWAYS = (401, 404, 409, 422, 500, 503)
WITH_BODY = (400, 413, 415)
MOST_ROWS = 200


def theme() -> Router:
    """A router of one theme."""
    return Router()  # type: ignore[no-untyped-call]  # the library annotates all of it but this


def visit(request: Request) -> Visit:
    service: Service = request.context["service"]
    return Visit(service, request.context["person"])


Here = Annotated[Visit, Depends(visit)]
AsOf = Annotated[
    date | None, Query(description="When it happened; without it the newest day.", examples=["2026-10-31"])
]
KnownAt = Annotated[date | None, Query(description="When it was known; without it now.", examples=["2026-11-05"])]
Cursor = Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows of one page.")]
Name = Annotated[
    str,
    Path(min_length=1, max_length=80, pattern=r"^[^/\\\x00-\x1f\x7f]+$", description="A name that people gave.",
         examples=["month end"]),
]  # fmt: skip
QuestionId = Annotated[str, Path(max_length=64, description="Of a question, as POST /questions gave it.")]


def given(
    model: Any, said: str, *, status: int = 200, body: bool = False, headers: dict[str, Any] | None = None
) -> dict[int, Any]:
    """The responses of a route for its documentation: what is given, and every problem that can be."""
    good: dict[str, Any] = {"description": said, "content": {JSON: {"model": model}}}
    if headers:
        good["headers"] = headers
    return {status: good, **problems(body=body)}


def file_given(media_type: str, said: str) -> dict[int, Any]:
    """As `given`, of a file."""
    content = {media_type: {"schema": {"type": "string", "format": "binary"}}}
    return {200: {"description": said, "content": content}, **problems()}


def problems(*, body: bool = False) -> dict[int, Any]:
    codes = sorted((*ALWAYS, *WITH_BODY)) if body else ALWAYS
    told: dict[int, Any] = {
        code: {"description": PROBLEMS[code], "content": {PROBLEM: {"model": Problem}}} for code in codes
    }
    told[503]["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "string"}}}
    return told
