"""Small honest implementations of the ports, so that tests need neither files, sockets nor time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx

from datablueprint.adapters.plain_seal import PlainSeal
from datablueprint.errors import SettingsError
from datablueprint.ports import Ports, Progress, RefreshRun, StateConflict, StateItem
from datablueprint.settings import Policy, Settings, SourceSettings

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Arrived:
    """A record on its way into the raw zone."""

    native_id: str
    payload: str
    fetched_at: datetime
    deleted: bool = False
    parent_id: str | None = None
    url: str = "https://books/bill"
    request_id: str | None = None


class MemoryFiles:
    """Files in a dictionary."""

    def __init__(self, content: Mapping[str, bytes] | None = None) -> None:
        self.content = dict(content or {})

    def read(self, key: str) -> bytes:
        if key not in self.content:
            raise FileNotFoundError(key)
        return self.content[key]

    def write(self, key: str, content: bytes) -> None:
        self.content[key] = content

    def list(self, prefix: str) -> Iterator[str]:
        yield from sorted(key for key in self.content if key.startswith(prefix))

    def delete(self, key: str) -> None:
        self.content.pop(key, None)


class MemoryState:
    """State in a dictionary, with real compare-and-swap.

    `before_put` is called ahead of every put: a test lets another worker in there.
    """

    def __init__(self) -> None:
        self.items: dict[str, StateItem] = {}
        self.puts: list[str] = []
        self.before_put: Callable[[str], None] = lambda key: None

    def get(self, key: str) -> StateItem | None:
        item = self.items.get(key)
        return StateItem(json.loads(json.dumps(item.value)), item.version) if item else None

    def put(self, key: str, value: Mapping[str, Any], *, expected_version: int | None) -> StateItem:
        self.before_put(key)
        held = self.items.get(key)
        version = held.version if held else 0
        if expected_version is not None and expected_version != version:
            raise StateConflict(key)
        item = StateItem(json.loads(json.dumps(dict(value), default=str)), version + 1)
        self.items[key] = item
        self.puts.append(key)
        return StateItem(dict(item.value), item.version)

    def delete(self, key: str) -> None:
        self.items.pop(key, None)

    def list(self, prefix: str) -> Iterator[tuple[str, StateItem]]:
        yield from sorted((key, item) for key, item in self.items.items() if key.startswith(prefix))


class MemorySecrets:
    def __init__(self, secrets: Mapping[str, Mapping[str, str]]) -> None:
        self.secrets = {name: dict(fields) for name, fields in secrets.items()}

    def get(self, name: str) -> dict[str, str]:
        if name not in self.secrets:
            raise SettingsError(f"There is no secret named '{name}'")
        return self.secrets[name]


class StepClock:
    """Time that passes only when somebody sleeps or a test moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now
        self._seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        return self._seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._seconds += seconds

    def move(self, **span: float) -> None:
        """Let time pass without anybody sleeping: move(days=1)."""
        self._seconds += timedelta(**span).total_seconds()


class MemoryQueue:
    """A queue as SQS is one: what is received comes again unless it is deleted, and dies after too many tries."""

    def __init__(self, clock: StepClock, *, hidden_seconds: float = 240, most_tries: int = 5) -> None:
        self._clock, self._hidden, self._most = clock, hidden_seconds, most_tries
        self._held: dict[str, tuple[datetime, int, str]] = {}
        self.sent = 0
        self.dead: list[str] = []

    def send(self, message: Mapping[str, Any], *, delay_seconds: int = 0) -> None:
        if not 0 <= delay_seconds <= 900:
            raise ValueError(f"a delay of {delay_seconds} s; SQS holds back for 0 to 900")
        self.sent += 1
        visible = self._clock.now() + timedelta(seconds=delay_seconds)
        self._held[f"m-{self.sent}"] = (visible, 0, json.dumps(dict(message)))

    def receive(self, most: int = 10) -> list[dict[str, Any]]:
        """Records as Lambda gets them; they stay out of sight for a while."""
        now = self._clock.now()
        records = []
        for name, (visible, tries, body) in list(self._held.items()):
            if visible > now or len(records) == most:
                continue
            if tries >= self._most:
                self.dead.append(body)
                del self._held[name]
                continue
            self._held[name] = (now + timedelta(seconds=self._hidden), tries + 1, body)
            records.append({"messageId": name, "body": body, "eventSource": "aws:sqs"})
        return records

    def delete(self, *names: str) -> None:
        for name in names:
            self._held.pop(name, None)

    def __len__(self) -> int:
        return len(self._held)


class MemoryRefreshes:
    """Executions that end when a test says so; a name is taken for ever."""

    def __init__(self) -> None:
        self.requests: dict[str, dict[str, Any]] = {}
        self.runs: dict[str, RefreshRun] = {}
        self.on_start: Callable[[str, Mapping[str, Any]], None] = lambda name, request: None

    def start(self, name: str, request: Mapping[str, Any]) -> None:
        if name in self.runs:
            return
        self.on_start(name, request)
        self.requests[name] = json.loads(json.dumps(dict(request)))
        self.runs[name] = RefreshRun("RUNNING")

    def find(self, name: str) -> RefreshRun | None:
        return self.runs.get(name)

    def end(self, name: str, status: str = "SUCCEEDED", **output: Any) -> dict[str, Any]:
        """The execution is over; what EventBridge tells of it."""
        self.runs[name] = RefreshRun(status, output)
        detail = {
            "name": name,
            "status": status,
            "input": json.dumps(self.requests[name]),
            "output": json.dumps(output) if status == "SUCCEEDED" else None,
        }
        return {"source": "aws.states", "detail-type": "Step Functions Execution Status Change", "detail": detail}


class NoQuery:
    def sql(self, statement: str, parameters: tuple[str, ...] = (), *, snapshot: str) -> Any:
        raise AssertionError("no query is expected here")


Answer = Callable[[httpx.Request], httpx.Response]


@dataclass
class Vendor:
    """A vendor made of functions: `on("/path", answer)`, and every request that arrived."""

    clock: StepClock
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[httpx.Request] = field(default_factory=list)

    def on(self, path: str, answer: Answer | Any) -> Vendor:
        """Answer a path with a function, or always with one JSON value."""
        self.answers[path] = answer if callable(answer) else lambda _: httpx.Response(200, json=answer)
        return self

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.get(request.url.path)
        response = answer(request) if answer else httpx.Response(404, json={"errors": "Not Found"})
        response.headers.setdefault("Date", format_datetime(self.clock.now(), usegmt=True))
        return response

    def asked(self, path: str = "") -> int:
        """How many requests arrived whose path holds `path`; token requests never count."""
        return sum(path in r.url.path for r in self.requests if r.method == "GET")


@dataclass
class World:
    """Ports with everything inside reach of the test."""

    ports: Ports
    vendor: Vendor
    clock: StepClock
    state: MemoryState
    files: MemoryFiles
    progress: list[Progress]


SOURCES = {
    "procore": SourceSettings(
        base_url="https://api.procore.test", login_url="https://login.procore.test", account="4210001", secret="p"
    ),
    "quickbooks_online": SourceSettings(
        base_url="https://qbo.test", login_url="https://oauth.intuit.test", account="91303500", secret="q"
    ),
    "gusto": SourceSettings(base_url="https://api.gusto.test", account="company-7", secret="g"),
    "payroll_file": SourceSettings(base_url="", account="inbox/payroll_file/"),
}
TOKEN_PATHS = {
    "procore": "/oauth/token",
    "quickbooks_online": "/oauth2/v1/tokens/bearer",
    "gusto": "/oauth/token",
}


def world(
    *,
    signed_in: bool = True,
    policy: Policy | None = None,
    now: datetime = NOON,
    options: Mapping[str, dict[str, str]] | None = None,
) -> World:
    """A tenant with all four sources. `signed_in` gives each vendor a token that is good for a year."""
    clock = StepClock(now)
    vendor = Vendor(clock)
    state, files, progress = MemoryState(), MemoryFiles(), list[Progress]()
    for name in TOKEN_PATHS if signed_in else ():
        token = {
            "access_token": f"access-{name}",
            "refresh_token": "refresh-1",
            "expires_at": (now + timedelta(days=400)).isoformat(),
        }
        state.put(f"token/{name}", token, expected_version=0)
    state.puts.clear()
    sources = {
        name: found.model_copy(update={"options": (options or {}).get(name, {})}) for name, found in SOURCES.items()
    }
    ports = Ports(
        settings=Settings(tenant="acme", sources=sources, policy=policy or Policy()),
        files=files,
        state=state,
        secrets=MemorySecrets({name: {"client_id": "id", "client_secret": "secret"} for name in "pqg"}),
        query=NoQuery(),
        clock=clock,
        http=lambda base_url: httpx.Client(base_url=base_url, transport=httpx.MockTransport(vendor.handle)),
        progress=progress.append,
        seal=PlainSeal(),
    )
    return World(ports, vendor, clock, state, files, progress)


@dataclass
class Paged:
    """Lists that page as Procore does: Link and Total, `per_page` obeyed up to a maximum.

    A list is a function of the query, so one path may hold the lists of many projects.
    """

    vendor: Vendor
    most: int = 2000

    def on(self, path: str, rows: Callable[[httpx.QueryParams], list[Any]] | list[Any]) -> Paged:
        find = rows if callable(rows) else lambda _: rows
        self.vendor.on(path, lambda request: self._page(request, find(request.url.params)))
        return self

    def _page(self, request: httpx.Request, rows: list[Any]) -> httpx.Response:
        page, size = int(request.url.params["page"]), min(int(request.url.params["per_page"]), self.most)
        headers = {"Total": str(len(rows)), "x-request-id": f"req-{len(self.vendor.requests)}"}
        if page * size < len(rows):
            following = request.url.copy_merge_params({"page": str(page + 1), "per_page": str(size)})
            headers["Link"] = f'<{following}>; rel="next", <{following}>; rel="last"'
        return httpx.Response(200, json=rows[(page - 1) * size : page * size], headers=headers)
