"""A connector is data: where its streams are, how each is keyed and by which rule its changes are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from datablueprint.ports import Ports
    from datablueprint.settings import SourceSettings
    from datablueprint.sources.failures import Failure
    from datablueprint.sources.job import Job
    from datablueprint.sources.pacing import Pace
    from datablueprint.sources.paginators import Paginator


@dataclass(frozen=True)
class Record:
    """One record as it came off the wire; the lake adds its id and hash when it lands."""

    native_id: str
    parent_id: str | None
    payload: str
    fetched_at: datetime
    url: str
    request_id: str | None = None
    deleted: bool = False
    """A tombstone. An empty payload means: keep the last one known."""


class Known(Protocol):
    """What the sources ask about a record that has landed."""

    @property
    def native_id(self) -> str: ...
    @property
    def parent_id(self) -> str | None: ...
    @property
    def content_hash(self) -> str: ...
    @property
    def deleted(self) -> bool: ...
    @property
    def payload(self) -> str: ...


class Counts(Protocol):
    @property
    def new(self) -> int: ...
    @property
    def changed(self) -> int: ...
    @property
    def deleted(self) -> int: ...


class RawStore(Protocol):
    """The raw zone as the sources see it; `lake.raw.RawLog` is one."""

    def land(self, stream: str, records: Sequence[Record], *, run_id: str, keep: bool = False) -> Counts: ...
    def live(self, stream: str) -> Sequence[Known]: ...
    def identities(self, stream: str, parent_id: str | None = None) -> Mapping[str, str]: ...


class Paused(Exception):
    """Not a failure: go on with the same call after `wait_seconds`; what was read so far has landed."""

    def __init__(self, wait_seconds: float) -> None:
        self.wait_seconds = wait_seconds
        super().__init__(f"go on in {wait_seconds:.0f} s")


@dataclass(frozen=True)
class ExtractOutcome:
    """What one call of extract did. `problems` are sentences about parts that could not be read."""

    source: str
    stream: str
    status: Literal["done", "paused"]
    wait_seconds: int
    new: int
    changed: int
    deleted: int
    calls: dict[str, int]
    watermark: str | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grant:
    """How this vendor hands out access tokens."""

    token_path: str
    client_auth: Literal["form", "basic"]
    default: Literal["client_credentials", "refresh_token"]
    renew_before: timedelta = timedelta(minutes=5)
    headers: Mapping[str, str] = field(default_factory=dict)
    consent_path: str = "/oauth/authorize"
    """Where a person agrees, below `consent_url`, or below the host of the tokens."""
    consent_url: str = ""
    scope: str = ""


@dataclass(frozen=True)
class Parent:
    """A record whose children are read by a call of their own."""

    id: str
    project: str
    """The partition of the checkpoint: the project, or "" where there is none."""
    content: str
    """Hash of the parent; the children are read again when it moves."""
    open: bool
    """Open parents are read again once a day, because a child may change without its parent."""


@dataclass(frozen=True)
class Stream:
    """One list of one vendor.

    `path` may hold {company}, {project}, {parent} and {view}. `read` is the rule
    by which changes are found. `key` turns a parsed record and its project or
    parent into the native id.
    """

    name: str
    path: str
    read: Callable[[Job], None]
    params: Mapping[str, str] = field(default_factory=dict)
    records: tuple[str | int, ...] | None = ()
    """Where the list is inside the answer; None = the answer itself is the one record."""
    key: str | Callable[[Mapping[str, Any], str | None], str | None] = "id"
    paging: Paginator | None = None
    """None = the source's own."""
    page_size: int = 1000
    kind: str = "lists"
    parents: Callable[[Job], Sequence[Parent]] | None = None
    also: tuple[str, ...] = ()
    """Further lists that hold the rest of the same records, e.g. the inactive ones."""
    cycle: timedelta | None = None
    """Ask even active projects only this often."""
    steady: bool = True
    """False = only read while the source's first load is not complete, or when everything is re-read."""
    guarded: bool = False
    """True = when most known records vanish at once, suspect the permission, not the data."""


@dataclass(frozen=True)
class Source:
    """Everything particular to one vendor."""

    name: str
    """The connector's name: the key in Settings.sources."""
    system: str
    """First part of every record id."""
    title: str
    """What people call it; every error sentence begins with it."""
    streams: tuple[Stream, ...]
    paging: Paginator
    failures: Mapping[int | str, Failure] = field(default_factory=dict)
    grant: Grant | None = None
    pace: Callable[[], Pace] | None = None
    headers: Callable[[SourceSettings], Mapping[str, str]] | None = None
    request_id: str = "x-request-id"
    extra_reads: tuple[str, ...] = ()
    """GET paths beyond those of the streams."""
    faults_in_success: bool = False
    deleted_field: str = "deleted_at"
    """A record in which this is set is a tombstone."""
    plan: Callable[[Source, Ports, bool], list[str]] | None = None
    kept: frozenset[str] = frozenset()
    """Streams by whose records others are read: their payloads stay at hand, because raw is not read back."""

    def stream(self, name: str) -> Stream:
        for stream in self.streams:
            if stream.name == name:
                return stream
        raise KeyError(f"{self.title} has no stream named {name}")

    def readable(self) -> tuple[str, ...]:
        """Every path this source may GET; nothing else ever leaves the process."""
        paths = [path for s in self.streams for path in (s.path, *s.also) if path]
        return (*paths, *self.extra_reads)
