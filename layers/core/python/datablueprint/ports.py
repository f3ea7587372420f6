"""What the rooms need from the outside world, and nothing about who provides it."""

from __future__ import annotations

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

    def today(self) -> date:
        """The current day in the tenant's time zone."""
        from zoneinfo import ZoneInfo

        return self.clock.now().astimezone(ZoneInfo(self.settings.time_zone)).date()
