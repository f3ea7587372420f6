"""Powertools keeps the request in class and instance state; here each request gets a resolver of its own.

`resolve` of the library writes `BaseRouter.current_event` and `self.context`,
which two threads of the laptop's server would share. A shallow copy of the
resolver with its own event and context shares only routes, which do not change
once the first request was built (`settle`).
"""

from __future__ import annotations

import copy
import json
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import ResponseBuilder

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
HOLE = re.compile(r"<(\w+)>")
MOST_BODY = 64 * 1024
LEANED_ON = (
    "_build_response", "_convert_matches_into_route_keys", "_dynamic_routes", "_resolve", "_router_middlewares",
    "_serializer", "_static_routes", "_to_proxy_event", "context", "exception_handler_manager",
    "processed_stack_frames",
)  # fmt: skip
"""What this module uses of the library beyond its documentation."""
Admit = Callable[[Mapping[str, Any]], Mapping[str, Any]]
NoRoute = Callable[[str, str, Sequence[str]], Response[str]]


class Resolver(APIGatewayRestResolver):
    """Routes are registered once; after that any number of threads may resolve."""

    def __init__(self, *, admit: Admit, no_route: NoRoute, too_large: Callable[[int], Response[str]]) -> None:
        """`admit` gives the context of a request, or raises; `no_route` answers (path, method, allowed methods)."""
        super().__init__(
            enable_validation=True, response_validation_error_http_code=500, debug=False, json_body_deserializer=_read
        )
        gone = [name for name in LEANED_ON if not hasattr(self, name)]
        if gone:
            raise RuntimeError(f"This aws-lambda-powertools has no {', '.join(gone)}; install the pinned version")
        self._admit = admit
        self._no_route, self._too_large = no_route, too_large
        self._settling = threading.Lock()
        self._settled = False

    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        self.settle()
        own = copy.copy(self)
        own.context = {}
        own.processed_stack_frames = []
        own.current_event = cast(Any, self._to_proxy_event(dict(event)))
        own.lambda_context = context
        try:
            own.context.update(self._admit(event))
        except Exception as refused:
            return own._build_response(self._told(refused))
        if event["httpMethod"] not in ("GET", "HEAD", "DELETE") and len(event.get("body") or "") > MOST_BODY:
            return own._build_response(ResponseBuilder(self._too_large(MOST_BODY), serializer=self._serializer))
        if CONTROL.search(own.current_event.path):  # a route's `$` would let a line end pass
            return own._build_response(self._nothing(own.current_event.http_method, own.current_event.path))
        return own._build_response(own._resolve())

    @staticmethod
    def _compile_regex(rule: str, base_regex: str = "") -> re.Pattern[str]:
        """Any text may stand in a hole of a rule: the library's own takes letters and what was reserved in 1998."""
        return re.compile("^" + HOLE.sub(r"(?P<\1>[^/]+)", rule.replace(".", r"\.")) + "/*$")

    def settle(self) -> None:
        """Build what the library builds on first use, which two first requests at once would build twice."""
        with self._settling:
            if self._settled:
                return
            for route in (*self._static_routes, *self._dynamic_routes):
                assert route.dependant is not None
                route._build_middleware_stack(router_middlewares=self._router_middlewares, app=self)
            self._settled = True

    def _told(self, refused: Exception) -> ResponseBuilder[Any]:
        handler = self.exception_handler_manager.lookup_exception_handler(type(refused))
        if handler is None:
            raise refused
        return ResponseBuilder(handler(refused), serializer=self._serializer)

    def _handle_not_found(self, method: str, path: str) -> ResponseBuilder[Any]:
        """404, or 405 when the path has other methods."""
        routes = (*self._static_routes, *self._dynamic_routes)
        allowed = sorted({route.method for route in routes if route.rule.match(path)})
        return self._nothing(method, path, allowed)

    def _nothing(self, method: str, path: str, allowed: Sequence[str] = ()) -> ResponseBuilder[Any]:
        return ResponseBuilder(self._no_route(path, method, allowed), serializer=self._serializer)


def _read(text: str) -> Any:
    """JSON as the standard has it: no NaN, and what Python refuses to hold is no JSON either."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise json.JSONDecodeError("the value cannot be read", text[:100], 0) from error


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")
