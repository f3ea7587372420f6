"""Each vendor words its errors in its own shapes, and Procore in several; servers and faults take them from here."""

from __future__ import annotations

from typing import Any

from local.sandbox.servers.listener import Response, as_json


def procore_error(status: int, message: str) -> Response:
    """One of the body shapes that Procore's models show, chosen by status as a client must read them all."""
    shapes: dict[int, Any] = {
        400: {"error": {"code": "BAD_REQUEST", "message": message, "details": []}},
        403: {"code": 403, "message": message, "fields": "", "reason": "FORBIDDEN"},
        404: {"errors": {"base": [message], "fields": {}}},
    }
    return as_json(shapes.get(status, {"errors": message}), status)


def quickbooks_fault(
    status: int, kind: str, code: str, message: str, detail: str = "", *, time: str = "", lower_case: bool = False
) -> Response:
    """A Fault as QuickBooks writes it; some of its layers write every key in lower case."""
    detail = detail or message
    if lower_case:
        error = {"message": message, "detail": detail, "code": code, "element": None}
        return as_json({"fault": {"error": [error], "type": kind}, "time": time}, status)
    entry = {"Message": message, "Detail": detail, "code": code, "element": ""}
    return as_json({"Fault": {"Error": [entry], "type": kind}, "time": time}, status)


def quickbooks_throttled(time: str = "") -> Response:
    detail = "message=ThrottleExceeded; errorCode=003001; statusCode=429"
    return quickbooks_fault(429, "SERVICE", "3001", "ThrottleExceeded", detail, time=time)


def quickbooks_unauthenticated(time: str = "") -> Response:
    message = "message=AuthenticationFailed; errorCode=003200; statusCode=401"
    return quickbooks_fault(401, "AUTHENTICATION", "3200", message, "Token expired", time=time, lower_case=True)


def gusto_error(status: int, category: str, message: str, **metadata: Any) -> Response:
    error: dict[str, Any] = {"error_key": "base", "category": category, "message": message}
    if metadata:
        error["metadata"] = metadata
    return as_json({"errors": [error]}, status)


def invalid_grant(description: str = "") -> Response:
    """What all three vendors say to a dead code or refresh token."""
    body = {"error": "invalid_grant"}
    if description:
        body["error_description"] = description
    return as_json(body, 400)


def unauthenticated(vendor: str) -> Response:
    """The 401 of a missing, expired or revoked access token."""
    if vendor.startswith("quickbooks"):
        return quickbooks_unauthenticated()
    if vendor == "gusto":
        return gusto_error(401, "invalid_access_token", "The access token is invalid, expired or revoked")
    return procore_error(401, "The access token is missing, expired or revoked")


def error(vendor: str, status: int, message: str) -> Response:
    """An error of any status in the vendor's usual shape."""
    if status == 401:
        return unauthenticated(vendor)
    if vendor.startswith("quickbooks"):
        if status == 429:
            return quickbooks_throttled()
        kind, code = {403: ("AuthorizationFault", "3201"), 404: ("ValidationFault", "610")}.get(
            status, ("SystemFault", "6002" if status == 504 else "10000")
        )
        return quickbooks_fault(status, kind, code, message)
    if vendor == "gusto":
        return gusto_error(status, {429: "rate_limit_exceeded", 403: "not_authorized"}.get(status, "error"), message)
    return procore_error(status, message)
