"""A tenant with its three calling vendors, and the three functions that stand between them and the refresh."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from datablueprint.hooks import secret_name
from datablueprint.hooks.coalescer import Coalescer
from datablueprint.hooks.reception import Reception
from datablueprint.hooks.starter import Starter
from datablueprint.ports import Files, Queue, Secrets, State
from datablueprint.settings import Pace, Settings
from tests.fakes import SOURCES, MemoryFiles, MemoryQueue, MemoryRefreshes, MemorySecrets, MemoryState, StepClock

KEYS = {"procore": "made-up-header", "quickbooks_online": "made-up-verifier", "gusto": "made-up-token"}
ACCOUNTS = {name: source.account for name, source in SOURCES.items()}
HEADERS = {"procore": "Authorization", "quickbooks_online": "intuit-signature", "gusto": "X-Gusto-Signature"}
PACE = Pace(quiet_seconds=120, longest_wait_seconds=900, least_gap_seconds=0)


def settings(pace: Pace = PACE) -> Settings:
    return Settings(tenant="acme", sources=SOURCES, webhooks=pace)


def keys(values: Mapping[str, str] = KEYS) -> MemorySecrets:
    return MemorySecrets({secret_name("acme", source): {"key": key, "previous": ""} for source, key in values.items()})


def sign(source: str, body: bytes, key: str) -> str:
    """What the vendor puts into its header."""
    digest = hmac.new(key.encode(), body, hashlib.sha256)
    signed = {"quickbooks_online": base64.b64encode(digest.digest()).decode(), "gusto": digest.hexdigest()}
    return signed.get(source, f"Bearer {key}")


def body_of(source: str, event: str, account: str | None = None, *, legacy: bool = False) -> bytes:
    """One event as the vendor writes it."""
    account = ACCOUNTS[source] if account is None else account
    stamp = "2026-11-20T18:00:00Z"
    if source == "procore":
        told: Any = {"id": event, "timestamp": stamp, "reason": "update", "company_id": account,
                     "resource_type": "Prime Contracts", "resource_id": "4444"}  # fmt: skip
        if legacy:
            told = {"id": 77, "ulid": event, "company_id": account, "event_type": "update", "api_version": "v2"}
    elif source == "gusto":
        told = {"uuid": event, "event_type": "payroll.processed", "resource_type": "Company",
                "resource_uuid": account, "entity_uuid": "p-1", "timestamp": 1763660000}  # fmt: skip
    elif legacy:
        entities = [{"name": "Bill", "id": event, "operation": "Update", "lastUpdated": stamp}]
        told = {"eventNotifications": [{"realmId": account, "dataChangeEvent": {"entities": entities}}]}
    else:
        told = [{"specversion": "1.0", "id": event, "source": "intuit.hash", "type": "qbo.bill.updated.v1",
                 "time": stamp, "intuitentityid": "25", "intuitaccountid": account, "data": {}}]  # fmt: skip
    return json.dumps(told).encode()


def call(
    source: str, body: bytes, headers: Mapping[str, str] | None = None, *, encoded: bool = False, key: str | None = None
) -> dict[str, Any]:
    """The event of API Gateway; signed with the tenant's key unless `headers` or another key are given."""
    if headers is None:
        headers = {HEADERS[source]: sign(source, body, KEYS[source] if key is None else key)}
    text = base64.b64encode(body).decode() if encoded else body.decode("utf-8", "replace")
    return {
        "httpMethod": "POST",
        "path": f"/hooks/{source}",
        "pathParameters": {"source": source},
        "headers": {"Content-Type": "application/json", **headers},
        "body": text,
        "isBase64Encoded": encoded,
    }


@dataclass
class House:
    """Everything behind the route; a test may put other adapters or troublemakers in."""

    pace: Pace = PACE
    clock: StepClock = field(default_factory=StepClock)
    files: Files = field(default_factory=MemoryFiles)
    state: State = field(default_factory=MemoryState)
    secrets: Secrets = field(default_factory=keys)
    refreshes: MemoryRefreshes = field(default_factory=MemoryRefreshes)

    def __post_init__(self) -> None:
        self.events = MemoryQueue(self.clock, hidden_seconds=200)
        self.due = MemoryQueue(self.clock, hidden_seconds=360)
        self.wire(self.files, self.state, self.events, self.due, self.refreshes)

    def wire(self, files: Files, state: State, events: Queue, due: Queue, refreshes: Any) -> None:
        """Fresh functions over these ports, as after a cold start."""
        tenant, clock = settings(self.pace), self.clock
        self.reception = Reception(tenant, files=files, state=state, secrets=self.secrets, clock=clock, events=events)
        self.coalescer = Coalescer(tenant, state=state, clock=clock, due=due)
        self.starter = Starter(
            tenant, files=files, state=state, clock=clock, events=events, due=due, refreshes=refreshes
        )  # fmt: skip

    def post(self, source: str, event: str, **options: Any) -> dict[str, Any]:
        """A genuine delivery arrives."""
        answer = self.reception.receive(call(source, body_of(source, event), **options))
        return {**answer, **json.loads(answer["body"])}

    def work(self) -> None:
        """Both queues are emptied of what can be seen now."""
        while records := self.events.receive(100):
            self.coalescer.take({"Records": records})
            self.events.delete(*(each["messageId"] for each in records))
        while records := self.due.receive(10):
            self.starter.handle({"Records": records})
            self.due.delete(*(each["messageId"] for each in records))

    def wait(self, seconds: int, step: int = 10) -> None:
        for _ in range(0, seconds, step):
            self.clock.move(seconds=step)
            self.work()

    def running(self) -> list[str]:
        return [name for name, run in self.refreshes.runs.items() if run.status == "RUNNING"]
