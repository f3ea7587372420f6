"""The only way out: reads what a source declares, and refuses everything else before it leaves the process."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import httpx

from datablueprint.errors import RateLimited, SourceError, SourceUnavailable, WriteRefused
from datablueprint.ports import AccessTokens, Clock, Ports
from datablueprint.sources import failures, jsontext
from datablueprint.sources.auth import Tokens
from datablueprint.sources.base import Paused, Source
from datablueprint.sources.failures import Failure
from datablueprint.sources.pacing import OwnPace, Pace, retry_after, seconds_until, server_time

ATTEMPTS = 5
FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 15.0
LONGEST_SLEEP = 20.0
"""A longer wait is the state machine's business: it costs nothing there."""


@dataclass(frozen=True)
class Reply:
    """One good answer. `url` holds no secret: tokens travel in headers only."""

    text: str
    headers: Mapping[str, str]
    url: str
    request_id: str | None
    fetched_at: datetime


@dataclass(frozen=True)
class Attempt:
    """One answer or one broken connection, before the table has judged it."""

    status: int
    text: str
    headers: Mapping[str, str]
    url: str
    broken: str | None = None


def guarded(http: httpx.Client, title: str, allowed: Iterable[tuple[str, str]]) -> httpx.Client:
    """The same client, able to send only these (method, path pattern) pairs to its own host.

    The check is a request hook of the transport client, so redirects and code
    that got hold of the client are held by it too.
    """
    rules = [(method, _pattern(path)) for method, path in allowed]
    home = http.base_url

    prefix = home.path.rstrip("/")

    def check(request: httpx.Request) -> None:
        same_host = (request.url.host, request.url.port) == (home.host, home.port)
        path = request.url.path.removeprefix(prefix)
        if same_host and any(method == request.method and rule.fullmatch(path) for method, rule in rules):
            return
        raise WriteRefused(
            title,
            f"{request.method} {path} is not among the reads of this connector, so it was not sent",
            way_out="If this is a read that is needed, add it to the connector's declaration",
        )

    http.event_hooks = {"request": [*http.event_hooks.get("request", []), check]}
    return http


def _pattern(path: str) -> re.Pattern[str]:
    """`{name}` stands for one path segment of letters, digits, dashes and underscores."""
    parts = re.split(r"\{[a-z_]+\}", path)
    return re.compile("[A-Za-z0-9_-]+".join(map(re.escape, parts)))


class Client:
    """GET with tokens, pacing, retries by the table and counted calls. Not for sharing between threads."""

    def __init__(self, source: Source, ports: Ports) -> None:
        self.source = source
        self.settings = ports.settings.sources[source.name]
        self.calls: Counter[str] = Counter()
        self.heard_at: datetime | None = None
        """The vendor's clock at its first answer."""
        self._clock: Clock = ports.clock
        self.pace: Pace = source.pace() if source.pace else OwnPace(1000, 60_000)
        self._ports = ports
        self._tokens = self._access() if source.grant else None

    def _access(self) -> AccessTokens:
        if self._ports.tokens:
            return self._ports.tokens(self.source.name, self.calls)
        return Tokens.of(self.source, self._ports, self.calls, guarded)

    @cached_property
    def _http(self) -> httpx.Client:
        """Made at the first call: a source of files never makes one."""
        allowed = [("GET", path) for path in self.source.readable()]
        return guarded(self._ports.http(self.settings.base_url), self.source.title, allowed)

    def close(self) -> None:
        if "_http" in vars(self):
            self._http.close()
        if self._tokens:
            self._tokens.close()

    def get(
        self, path: str, params: Mapping[str, str], *, kind: str, about: str, missing_ok: bool = False
    ) -> Reply | None:
        """The answer; None when it is absent and `missing_ok`. `about` names the object in error sentences.

        Raises Paused when the vendor's window asks for more than 20 s.
        """
        tries = 0
        renewed = False
        while True:
            token = self._tokens.access() if self._tokens else None
            attempt = self._send(path, params, token, kind)
            failure = self._judge(attempt)
            if failure is None:
                return self._reply(attempt)
            if failure.then == "absent" and missing_ok:
                return None
            if failure.then == "renew" and self._tokens and token and not renewed:
                renewed = True
                self._tokens.renew(token)
                continue
            tries += 1
            if failure.then not in ("retry", "wait") or tries >= ATTEMPTS:
                raise self._error(failure, attempt, about)
            self._rest(self._how_long(failure, attempt, tries))

    def read(self, path: str, params: Mapping[str, str], *, kind: str, about: str) -> Reply:
        """Like get, for what must be there."""
        reply = self.get(path, params, kind=kind, about=about)
        assert reply is not None
        return reply

    def _send(self, path: str, params: Mapping[str, str], token: str | None, kind: str) -> Attempt:
        self._rest(self.pace.delay(self._clock.monotonic()))
        headers = {"Accept": "application/json", **(self.source.headers(self.settings) if self.source.headers else {})}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = self._http.build_request("GET", path, params=params or None, headers=headers)
        self.pace.sent(self._clock.monotonic())
        self.calls[kind] += 1
        try:
            response = self._http.send(request)
            text = response.content.decode("utf-8")
        except httpx.RequestError as error:
            return Attempt(0, "", {}, str(request.url), broken=type(error).__name__)
        except UnicodeDecodeError:
            text = ""  # which is no JSON and will be judged so
        self.heard_at = self.heard_at or server_time(response.headers, self._clock.now())
        self.pace.heard(response.headers, self._clock.monotonic(), self._clock.now())
        return Attempt(response.status_code, text, response.headers, str(request.url))

    def _judge(self, attempt: Attempt) -> Failure | None:
        if attempt.broken:
            return _unreachable(self._http.base_url.host)
        if attempt.status < 300:
            try:
                bad = self.source.faults_in_success and failures.fault(attempt.text)
                jsontext.parse(attempt.text)
            except jsontext.NotJson:
                return _MALFORMED
            if not bad:
                return None
        code, _ = failures.words(attempt.text)
        return failures.lookup(self.source.failures, attempt.status, code)

    def _reply(self, attempt: Attempt) -> Reply:
        request_id = attempt.headers.get(self.source.request_id)
        return Reply(attempt.text, attempt.headers, attempt.url, request_id, self._clock.now())

    def _how_long(self, failure: Failure, attempt: Attempt, tries: int) -> float:
        """What the vendor asks for, plus jitter; where it asks for nothing, exponential back-off with full jitter."""
        wall = self._clock.now()
        asked = retry_after(attempt.headers, wall)
        if failure.then == "wait" and asked is None:
            asked = max(
                (seconds_until(attempt.headers.get(name), attempt.headers, wall) or 0.0 for name in _RESETS),
                default=0.0,
            )
            asked = asked or failure.wait_seconds
        if asked is not None:
            return asked + random.uniform(0.0, 1.0)
        return random.uniform(0.0, min(LONGEST_BACKOFF, FIRST_BACKOFF * 2.0**tries))

    def _rest(self, seconds: float) -> None:
        if seconds > LONGEST_SLEEP:
            raise Paused(seconds)
        if seconds > 0:
            self._clock.sleep(seconds)

    def _error(self, failure: Failure, attempt: Attempt, about: str) -> SourceError:
        code, said = failures.words(attempt.text)
        facts: dict[str, Any] = {
            "status": f"HTTP {attempt.status}" if attempt.status else attempt.broken,
            "code": code or "",
            "said": said,
            "source": self.source.name,
            "door": self._tokens.door() if self._tokens and "{door}" in failure.way_out else "",
        }
        request_id = attempt.headers.get(self.source.request_id)
        record = f"{about}, request {request_id}" if request_id else about
        problem = failure.problem.format(**facts)
        if failure.error is RateLimited:
            return RateLimited(
                self.source.title, problem, retry_after=self._how_long(failure, attempt, 1), record=record
            )
        return failure.error(self.source.title, problem, way_out=failure.way_out.format(**facts), record=record)


_RESETS = ("X-Rate-Limit-Reset", "X-RateLimit-Reset")
_MALFORMED = Failure(
    "retry",
    SourceUnavailable,
    "the answer was not JSON, so nothing of it was kept",
    "If it lasts, look at the vendor's status page; the next refresh asks again",
)


def _unreachable(host: str) -> Failure:
    return Failure(
        "retry",
        SourceUnavailable,
        f"{host} cannot be reached ({{status}})",
        "Check the network and base_url in the settings; the last published figures stay in force",
    )
