"""What the rooms need from the outside world, and nothing about who provides it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import httpx
    import pyarrow as pa

    from datablueprint.settings import Settings


class Files(Protocol):
    """A flat store of immutable objects under `/`-separated keys (S3 bucket or folder)."""

    def read(self, key: str) -> bytes:
        """Content of `key`; FileNotFoundError when absent."""
        ...

    def write(self, key: str, content: bytes) -> None:
        """Create or replace `key` atomically: a reader sees all of it or none."""
        ...

    def list(self, prefix: str) -> Iterator[str]:
        """Keys below `prefix`, in lexical order."""
        ...

    def delete(self, key: str) -> None:
        """Remove `key`; removing what is absent is not an error."""
        ...


class StateConflict(Exception):
    """A conditional write lost: someone else wrote this key first."""


@dataclass(frozen=True)
class StateItem:
    value: dict[str, Any]
    version: int
    """1 for the first write; each write adds one (the fencing counter of leases)."""


class State(Protocol):
    """Small JSON documents with compare-and-swap (DynamoDB or SQLite)."""

    def get(self, key: str) -> StateItem | None: ...

    def put(self, key: str, value: Mapping[str, Any], *, expected_version: int | None) -> StateItem:
        """Write if the stored version equals `expected_version` (0 = must not exist, None = don't care).

        Raises StateConflict when it does not. Decimal values round-trip as strings.
        """
        ...

    def delete(self, key: str) -> None: ...

    def list(self, prefix: str) -> Iterator[tuple[str, StateItem]]:
        """Items whose key starts with `prefix`, in lexical order."""
        ...


class Secrets(Protocol):
    """Client ids and secrets by name; rotating tokens do NOT live here but in State."""

    def get(self, name: str) -> dict[str, str]:
        """The secret's fields; SettingsError when there is none of that name."""
        ...


class SealBroken(Exception):
    """A sealed text that does not open: another tenant's, another system's, another part, or damaged."""


class Seal(Protocol):
    """What a rotating token is kept under, so that who reads the record cannot use it."""

    def seal(self, text: str, context: Mapping[str, str]) -> str:
        """The sealed text; it opens under exactly this context and no other."""
        ...

    def open(self, sealed: str, context: Mapping[str, str]) -> str:
        """What was sealed; SealBroken when it was not sealed under this context."""
        ...


class AccessTokens(Protocol):
    """Short-lived tokens of one system, for whoever reads it."""

    def access(self) -> str:
        """A token that is good for a little while at least; AuthExpired when a person must reconnect."""
        ...

    def renew(self, rejected: str | None = None) -> str:
        """A new token, unless `rejected` has been replaced already."""
        ...

    def door(self) -> str:
        """Where a person reconnects, as the end of a sentence: "with `...`" or "at https://..."."""
        ...

    def close(self) -> None: ...


class Query(Protocol):
    """SQL over the tables of one snapshot (Athena or DuckDB), in the common subset."""

    def sql(self, statement: str, parameters: tuple[str, ...] = (), *, snapshot: str) -> pa.Table:
        """Rows of one SELECT. `?` marks parameters, in WHERE only; decimals stay decimals."""
        ...


class Clock(Protocol):
    def now(self) -> datetime:
        """Aware UTC. In the sandbox this is the simulated contractor's now."""
        ...

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class Work(Protocol):
    """Questions that wait to be answered, by whoever does it: a thread here, another function in AWS."""

    def start(self, question_id: str) -> None:
        """See to it that the question is answered soon; returns at once. Busy when there is no room."""
        ...


class Queue(Protocol):
    """Messages that come out again at least once, in any order (SQS)."""

    def send(self, message: Mapping[str, Any], *, delay_seconds: int = 0) -> None:
        """Put in one message, to come out after `delay_seconds` (at most 900)."""
        ...


@dataclass(frozen=True)
class RefreshRun:
    """One execution of the refresh: where it stands, and its output once it succeeded."""

    status: str
    """RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED."""
    output: Mapping[str, Any] = field(default_factory=dict)


class Refreshes(Protocol):
    """Executions of the refresh, by name (Step Functions)."""

    def start(self, name: str, request: Mapping[str, Any]) -> None:
        """Start one; a name that was used before starts nothing and is no error."""
        ...

    def find(self, name: str) -> RefreshRun | None:
        """The execution of that name; None when there was never one."""
        ...


@dataclass(frozen=True)
class Progress:
    """One line of progress: `room` is a state name, `done` of `total` units."""

    room: str
    message: str
    done: int | None = None
    total: int | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


def silent(_: Progress) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class Ports:
    """Everything a step may touch, built once by `runtime`."""

    settings: Settings
    files: Files
    state: State
    secrets: Secrets
    query: Query
    clock: Clock
    http: Callable[[str], httpx.Client]
    """A fresh HTTP client for a base URL: the one seam where tests and sandbox step in."""
    progress: Callable[[Progress], None] = silent
    seal: Seal | None = None
    """None where nobody handles a system's tokens."""
    tokens: Callable[[str, Counter[str]], AccessTokens] | None = None
    """Who else hands out access tokens of a source (calls counted); None = this process renews them itself."""

    def today(self) -> date:
        """The current day in the tenant's time zone."""
        from zoneinfo import ZoneInfo

        return self.clock.now().astimezone(ZoneInfo(self.settings.time_zone)).date()
