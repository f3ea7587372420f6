"""HTTP failures are a table: what is done, whose fault it is, and the sentence a person reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from datablueprint.errors import (
    AuthExpired,
    PermissionMissing,
    RateLimited,
    SourceError,
    SourceRefused,
    SourceUnavailable,
)
from datablueprint.sources import jsontext

Action = Literal["retry", "wait", "renew", "absent", "fail"]


@dataclass(frozen=True)
class Failure:
    """One row. The sentences may name {status}, {code}, {said} (the vendor's words), {source}, and {door}: where one
    reconnects."""

    then: Action
    error: type[SourceError]
    problem: str
    way_out: str
    wait_seconds: float = 0.0
    """How long to wait when the vendor does not say; only for `wait`."""


RECONNECT = "Reconnect {door}"
LATER = "Nothing needs to be done: the next refresh goes on from here"
ASK_ADMIN = "Ask an administrator of that system to give the connected account read access to it, then refresh again"

DEFAULT: Mapping[int | str, Failure] = {
    401: Failure("renew", AuthExpired, "the access token was refused even after renewal", RECONNECT),
    403: Failure("fail", PermissionMissing, "the connected account may not read this ({status}: {said})", ASK_ADMIN),
    404: Failure(
        "absent",
        SourceRefused,
        "this does not exist or the connected account cannot see it ({status})",
        "Check that it still exists and that the account is permitted to see it",
    ),
    408: Failure("retry", SourceUnavailable, "the request took too long at the vendor ({status})", LATER),
    429: Failure("wait", RateLimited, "the rate limit is used up ({status})", LATER, wait_seconds=60.0),
    503: Failure("wait", SourceUnavailable, "the vendor asks to come back later ({status})", LATER, wait_seconds=5.0),
    "3xx": Failure(
        "fail", SourceRefused, "the address answered with a redirect ({status})", "Check base_url in the settings"
    ),
    "4xx": Failure(
        "fail",
        SourceRefused,
        "the request was refused ({status} {code}: {said})",
        "Repeating will not help: report this sentence with the request id",
    ),
    "5xx": Failure("retry", SourceUnavailable, "the vendor had an internal error ({status} {code}: {said})", LATER),
}


def lookup(own: Mapping[int | str, Failure], status: int, code: str | None) -> Failure:
    """The row for a vendor code if there is one, else for the status, else for its hundred."""
    for table in (own, DEFAULT):
        if code is not None and code in table:
            return table[code]
    for table in (own, DEFAULT):
        if status in table:
            return table[status]
    return DEFAULT.get(f"{status // 100}xx", DEFAULT["4xx"])


def words(text: str, limit: int = 200) -> tuple[str | None, str]:
    """(vendor code, what the vendor said) from any of the error bodies the vendors send."""
    try:
        body = jsontext.parse(text)
    except jsontext.NotJson:
        return None, _short(text, limit) or "no explanation"
    code, said = _from_body(body)
    return code, _short(said, limit) or "no explanation"


def fault(text: str) -> bool:
    """True when an answer of HTTP 200 is really a QuickBooks Fault, in either spelling."""
    if '"Fault"' not in text and '"fault"' not in text:
        return False
    body = jsontext.parse(text)
    return isinstance(body, dict) and any(key in body for key in ("Fault", "fault"))


def _from_body(body: Any) -> tuple[str | None, str]:
    if not isinstance(body, dict):
        return None, str(body)
    lower = {str(key).lower(): value for key, value in body.items()}
    if isinstance(lower.get("fault"), dict):
        return _from_fault(lower["fault"])
    error = lower.get("error")
    if isinstance(error, dict):
        return _text(error.get("code")), str(error.get("message", ""))
    if isinstance(error, str):
        return error, str(lower.get("error_description", error))
    errors = lower.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        first = errors[0]
        return _text(first.get("error_key") or first.get("category")), str(first.get("message", ""))
    if errors is not None:
        return _text(lower.get("code")), str(errors)
    return _text(lower.get("code")), str(lower.get("message", ""))


def _from_fault(fault: Mapping[str, Any]) -> tuple[str | None, str]:
    lower = {str(key).lower(): value for key, value in fault.items()}
    errors = lower.get("error")
    if not isinstance(errors, list) or not errors or not isinstance(errors[0], dict):
        return None, str(lower.get("type", ""))
    first = {str(key).lower(): value for key, value in errors[0].items()}
    code = _text(first.get("code"))
    return (code.lstrip("0") or code if code else None), str(first.get("detail") or first.get("message") or "")


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _short(text: str, limit: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
