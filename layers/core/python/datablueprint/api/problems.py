"""Every failure leaves as one problem document: what kind, one sentence, what to do."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.exceptions import (
    RequestUnsupportedContentType,
    RequestValidationError,
    ResponseValidationError,
)

from datablueprint import errors
from datablueprint.api.failures import DEFECT, document, of_error
from datablueprint.api.resolver import Resolver

logger = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
LOGGED_FAULTS, LONGEST_DETAIL = 3, 1000


def problem(
    status: int, kind: str, title: str, detail: str, *, fix: str = "", headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Response[str]:  # fmt: skip
    body = document(status, kind, title, detail, fix=fix) | dict(more or {})
    sent: dict[str, str | list[str]] = {"Cache-Control": "no-store", **(headers or {})}
    return Response(status, PROBLEM, json.dumps(body, ensure_ascii=False), headers=sent)


def install(app: Resolver) -> None:
    """Teach the resolver to tell every failure as a problem."""
    for family, tell in (
        (errors.DataBlueprintError, ours),
        (RequestValidationError, invalid),
        (RequestUnsupportedContentType, foreign),
        (ResponseValidationError, broken),
        (Exception, defect),
    ):
        app.exception_handler(family)(tell)


def ours(error: errors.DataBlueprintError) -> Response[str]:
    """Raised on purpose: the sentence is for the person."""
    body = of_error(error)
    if body["status"] == DEFECT:
        return defect(error)
    return _sent(body, {"Retry-After": str(error.retry_after)} if isinstance(error, errors.Busy) else {})


def invalid(error: RequestValidationError) -> Response[str]:
    """Every fault of the request at once."""
    faults = [_fault(fault) for fault in error.errors()]
    if any(fault["type"] == "json_invalid" for fault in error.errors()):
        fix = "Send one JSON object with Content-Type: application/json."
        return problem(400, "no-json", "The body is not JSON", "The body cannot be read as JSON.", fix=fix)
    detail = "; ".join(f"{fault['in']}: {fault['says']}" for fault in faults)[:LONGEST_DETAIL]
    fix = "GET /openapi.json says what is taken."
    return problem(422, "invalid", "The request is not valid", detail, fix=fix, more={"faults": faults})


def foreign(error: RequestUnsupportedContentType) -> Response[str]:
    fix = "Send Content-Type: application/json."
    return problem(415, "media-type", "The body has another type", "Only application/json is read.", fix=fix)


def broken(error: ResponseValidationError) -> Response[str]:
    """What we would have sent is not what we publish."""
    first: Sequence[Any] = error.errors()[:LOGGED_FAULTS]
    logger.error("response breaks its model", extra={"faults": [(e["loc"], e["type"]) for e in first]})
    return defect(error)


def no_route(path: str, method: str, allowed: Sequence[str]) -> Response[str]:
    """No route: 405 when the path has other methods."""
    if not allowed:
        return problem(404, "no-route", "There is nothing here", f"There is no {path[:200]}.",
                       fix="GET /openapi.json lists what there is.")  # fmt: skip
    return problem(405, "method", "The method is not for this", f"{method} cannot be asked here.",
                   fix=f"Say {' or '.join(allowed)}.", headers={"Allow": ", ".join(allowed)})  # fmt: skip


def too_large(most: int) -> Response[str]:
    return problem(413, "too-large", "The body is too large", f"At most {most:,} characters are read.",
                   fix="Send less; a question has at most 1,000 characters.")  # fmt: skip


def defect(error: Exception) -> Response[str]:
    logger.error("request failed", exc_info=error)
    return _sent(of_error(error), {})


def _sent(body: Mapping[str, Any], headers: Mapping[str, str]) -> Response[str]:
    sent: dict[str, str | list[str]] = {"Cache-Control": "no-store", **headers}
    return Response(int(body["status"]), PROBLEM, json.dumps(body, ensure_ascii=False), headers=sent)


def _fault(fault: Mapping[str, Any]) -> dict[str, str]:
    """Where and what is wrong; the value sent stays out of it."""
    place = [str(part) for part in fault["loc"] if part not in ("body", "query", "path", "header")]
    return {"in": ".".join(place) or str(fault["loc"][0] if fault["loc"] else "body"), "says": str(fault["msg"])}
