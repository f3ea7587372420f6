"""A fault is a rule for some calls of one vendor; what breaks real connectors can be said in one line here.

    sandbox.faults.add(faults.unavailable("procore", "*/requisitions", retry_after=3))

A fault meets the calls whose path matches its pattern, after letting `skip`
of them pass, `times` times (null = always). Several may meet one call.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from local.sandbox.servers import bodies
from local.sandbox.servers.listener import Request, Response

Before = Callable[[Request], Response]
After = Callable[[Request, Response], Response]


@dataclass(frozen=True)
class Fault:
    """`before` answers in the vendor's place; `after` changes what the vendor answered."""

    vendor: str
    """procore, procore_login, quickbooks, quickbooks_token or gusto."""
    path: str = "*"
    """Shell pattern over the path."""
    before: Before | None = None
    after: After | None = None
    times: int | None = 1
    skip: int = 0
    query: str = "*"
    """Shell pattern over the raw query string."""
    acts: Callable[[Response], bool] | None = None
    """For `after`: which answers count as a call (a payload change waits for the page that holds its record)."""

    def matches(self, request: Request) -> bool:
        return (
            request.vendor == self.vendor
            and fnmatchcase(request.path, self.path)
            and fnmatchcase(request.raw_query, self.query)
        )

    def limited(self, *, times: int | None = 1, skip: int = 0, query: str = "*") -> Fault:
        """The same fault for other calls."""
        return replace(self, times=times, skip=skip, query=query)


class Faults:
    """The faults in force. `struck` counts how often each one acted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._active: list[_Active] = []

    def add(self, *faults: Fault) -> None:
        with self._lock:
            self._active += [_Active(fault) for fault in faults]

    def clear(self) -> None:
        with self._lock:
            self._active.clear()

    @property
    def struck(self) -> int:
        """How many times faults acted since the last clear."""
        return sum(active.struck for active in self._active)

    @contextmanager
    def during(self, *faults: Fault) -> Iterator[None]:
        """The faults hold for the block only."""
        added = [_Active(fault) for fault in faults]
        with self._lock:
            self._active += added
        try:
            yield
        finally:
            with self._lock:
                self._active = [active for active in self._active if active not in added]

    def before(self, request: Request) -> Response | None:
        """The answer of the first fault that takes the call over."""
        for active in self._matching(request):
            if active.fault.before and active.strikes():
                return active.fault.before(request)
        return None

    def after(self, request: Request, response: Response) -> Response:
        for active in self._matching(request):
            change = active.fault.after
            if change and (active.fault.acts is None or active.fault.acts(response)) and active.strikes():
                response = change(request, response)
        return response

    def _matching(self, request: Request) -> list[_Active]:
        with self._lock:
            return [active for active in self._active if active.fault.matches(request)]


class _Active:
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.seen = 0
        self.struck = 0
        self._lock = threading.Lock()

    def strikes(self) -> bool:
        """Count a matching call; whether the fault acts on this one."""
        with self._lock:
            self.seen += 1
            due = self.seen > self.fault.skip
            if not due or (self.fault.times is not None and self.struck >= self.fault.times):
                return False
            self.struck += 1
            return True


# -- refusals in the vendor's own words


def status(vendor: str, path: str, code: int, message: str = "Something went wrong", **headers: str) -> Fault:
    """Any status; keyword names become headers with `_` as `-`."""

    def answer(_: Request) -> Response:
        response = bodies.error(vendor, code, message)
        response.headers |= {name.replace("_", "-"): text for name, text in headers.items()}
        return response

    return Fault(vendor, path, before=answer)


def revoked_token(vendor: str, path: str = "*") -> Fault:
    """401 on a token that was good a moment ago."""
    return status(vendor, path, 401)


def no_permission(vendor: str, path: str) -> Fault:
    """403: the account, tool or scope lacks the right."""
    return status(vendor, path, 403, "You do not have permission to access this resource")


def missing_scope(path: str, scope: str) -> Fault:
    """Gusto's 403 that names the scope."""
    message = f"OAuth scopes are insufficient. Missing: {scope}"
    return Fault(
        "gusto", path, before=lambda _: bodies.gusto_error(403, "missing_oauth_scopes", message, scopes=[scope])
    )


def not_found(vendor: str, path: str) -> Fault:
    return status(vendor, path, 404, "Not Found")


def rate_limited(vendor: str, path: str = "*", *, retry_after: int | None = None) -> Fault:
    """429, with or without Retry-After."""
    headers = {} if retry_after is None else {"Retry_After": str(retry_after)}
    return status(vendor, path, 429, "Too many requests", **headers)


def unavailable(vendor: str, path: str = "*", *, code: int = 503, retry_after: int | None = None) -> Fault:
    """500, 502, 503 or 504; a 503 usually says Retry-After."""
    headers = {} if retry_after is None else {"Retry_After": str(retry_after)}
    return status(vendor, path, code, "Service unavailable", **headers)


def quickbooks_fault(
    path: str, code: str, *, http_status: int = 200, kind: str = "SystemFault", lower_case: bool = False
) -> Fault:
    """A Fault of any code and status; by default inside HTTP 200, as in change data capture."""
    messages = {"6190": "Subscription has ended or is not paid", "3100": "ApplicationAuthorizationFailed"}
    message = messages.get(code, "An application error has occurred while processing your request")
    return Fault(
        "quickbooks",
        path,
        before=lambda _: bodies.quickbooks_fault(http_status, kind, code, message, lower_case=lower_case),
    )


def wrong_environment(path: str = "*") -> Fault:
    """A sandbox token on the production host, or the other way round: it looks like missing permission."""
    return quickbooks_fault(path, "3100", http_status=403, kind="AuthorizationFault")


def subscription_ended(path: str = "*") -> Fault:
    return quickbooks_fault(path, "6190", http_status=403, kind="ValidationFault")


# -- the network


def dropped_connection(vendor: str, path: str = "*") -> Fault:
    """The connection closes without an answer."""
    return Fault(vendor, path, before=lambda _: Response(hang_up=True))


def slow(vendor: str, path: str = "*", *, seconds: float) -> Fault:
    """The answer comes late (really late: this one waits on the wall clock)."""

    def delay(_: Request, response: Response) -> Response:
        response.delay_seconds = seconds
        return response

    return Fault(vendor, path, after=delay)


def cut_short(vendor: str, path: str = "*") -> Fault:
    """The connection breaks in the middle of the body."""

    def cut(_: Request, response: Response) -> Response:
        response.cut_short = True
        return response

    return Fault(vendor, path, after=cut)


def truncated_json(vendor: str, path: str = "*") -> Fault:
    """Half of the JSON, sent as though it were all of it."""

    def cut(_: Request, response: Response) -> Response:
        response.body = response.body[: len(response.body) // 2]
        return response

    return Fault(vendor, path, after=cut)


def lost_answer(vendor: str, path: str = "*") -> Fault:
    """The vendor does what was asked and the answer never arrives: a rotated token is gone."""

    def lose(_: Request, response: Response) -> Response:
        response.hang_up = True
        return response

    return Fault(vendor, path, after=lose)


# -- payloads


def lying_total(vendor: str, path: str, *, by: int) -> Fault:
    """The page says there are `by` more rows than there are."""

    def lie(_: Request, response: Response) -> Response:
        for name in ("Total", "X-Total-Count"):
            if name in response.headers:
                response.headers[name] = str(int(response.headers[name]) + by)
        if b'"totalCount":' in response.body:
            body = json.loads(response.body)
            body["QueryResponse"]["totalCount"] += by
            response.body = json.dumps(body, separators=(",", ":")).encode()
        return response

    return Fault(vendor, path, after=lie)


def without_field(vendor: str, path: str, record: object, field: str) -> Fault:
    """One record arrives without a field (a dot steps into an object)."""
    return _on_record(vendor, path, record, lambda owner, name: owner.pop(name, None), field)


def with_field(vendor: str, path: str, record: object, field: str, value: Any) -> Fault:
    """One record arrives with another value, or a value of another type, in a field."""
    return _on_record(vendor, path, record, lambda owner, name: owner.update({name: value}), field)


def _on_record(
    vendor: str, path: str, record: object, change: Callable[[dict[str, Any], str], object], field: str
) -> Fault:
    """Applies for as long as the fault stands, to every answer that holds the record."""
    *steps, name = field.split(".")

    def mutate(_: Request, response: Response) -> Response:
        body = json.loads(response.body)
        for found in _records(body, str(record)):
            owner: Any = found
            for step in steps:
                owner = owner.get(step, {})
            change(owner, name)
        response.body = json.dumps(body, separators=(",", ":")).encode()
        return response

    def holds(response: Response) -> bool:
        return response.status == 200 and str(record).encode() in response.body

    return Fault(vendor, path, after=mutate, times=None, acts=holds)


def _records(value: Any, key: str, *, listed: bool = False) -> Iterator[dict[str, Any]]:
    """Records of a body whose id is `key`. A listed record that is another one is not looked into."""
    if isinstance(value, dict):
        keys = [str(value[name]) for name in ("id", "Id", "uuid", "payroll_uuid", "employee_uuid") if name in value]
        if key in keys:
            yield value
        elif not (listed and keys):
            for inner in value.values():
                yield from _records(inner, key)
    elif isinstance(value, list):
        for item in value:
            yield from _records(item, key, listed=True)
