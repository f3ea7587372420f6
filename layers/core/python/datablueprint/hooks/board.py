"""Who is refreshed, who waits and when is one small document, so that every decision is one compare-and-swap.

Each source has one place for a running refresh and one for a waiting one, so
there cannot be more of either. A document per source would need a second rule
for refreshes of several sources; this one claims them together or not at all.
All functions are pure: a board and a moment in, a board out. Times are UTC.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from datablueprint.settings import Pace

KEY = "sync/board"
REMEMBERED = 128
"""Names of deliveries per source that are known when they come again."""
FIRST_RETRY, LAST_RETRY = timedelta(minutes=15), timedelta(hours=6)
LATE = timedelta(minutes=5)
"""A wake-up that is overdue for so long is taken for lost."""
SKEW = timedelta(seconds=5)
"""How far the clocks of two functions may be apart."""


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    def but(self, **changes: Any) -> Self:
        """The same with other values."""
        return self.model_copy(update=changes)


class Sync(Part):
    """One source. It waits when `due_at` is set and runs when `run` names an execution; both may be."""

    due_at: datetime | None = None
    since: datetime | None = None
    """When the first change came that no started refresh covers."""
    demanded: bool = False
    """The schedule or an operator wants it: later changes do not put it off."""
    full: bool = False
    run: str | None = None
    started_at: datetime | None = None
    """When its last refresh was claimed."""
    failures: int = 0
    """In a row."""
    seen: tuple[str, ...] = ()


class Run(Part):
    """One execution that was claimed; `started` once Step Functions has it."""

    sources: tuple[str, ...]
    full: bool = False
    claimed_at: datetime
    started: bool = False


class Board(Part):
    syncs: dict[str, Sync] = Field(default_factory=dict)
    runs: dict[str, Run] = Field(default_factory=dict)
    window: datetime | None = None
    """The last moment that an execution was named after."""
    wake_at: datetime | None = None
    """When the message comes back that looks for what is due."""

    def of(self, source: str) -> Sync:
        return self.syncs.get(source, Sync())

    def having(self, changed: Mapping[str, Sync], **changes: Any) -> Board:
        """The board with some sources changed."""
        return self.but(syncs={**self.syncs, **changed}, **changes)


def changed(board: Board, source: str, names: Iterable[str], now: datetime, pace: Pace) -> Board:
    """Deliveries of these names say that `source` has changed; known names say nothing, "" is never known."""
    sync = board.of(source)
    fresh = [name for name in names if not name or name not in sync.seen]
    if not fresh:
        return board
    known = tuple(dict.fromkeys((*sync.seen, *(name for name in fresh if name))))[-REMEMBERED:]
    since = sync.since or now
    held = sync.due_at if sync.demanded or sync.failures else None
    return board.having({source: sync.but(due_at=held or _due(sync, since, now, pace), since=since, seen=known)})


def _due(sync: Sync, since: datetime, now: datetime, pace: Pace) -> datetime:
    """After a quiet while, or when it has waited long enough; never so soon that the vendor's calls run out."""
    quiet = now + timedelta(seconds=pace.quiet_seconds)
    due = min(quiet, since + timedelta(seconds=pace.longest_wait_seconds))
    if sync.started_at:
        due = max(due, sync.started_at + timedelta(seconds=pace.least_gap_seconds))
    return due


def demanded(board: Board, sources: Iterable[str], now: datetime, *, full: bool = False) -> Board:
    """These are due now, or as soon as their running refresh has ended."""
    wanted = {}
    for source in sources:
        sync = board.of(source)
        wanted[source] = sync.but(due_at=now, since=sync.since or now, demanded=True, full=full or sync.full)
    return board.having(wanted)


def due(board: Board, now: datetime) -> list[str]:
    """Sources whose turn it is: they wait, the time has come, and nothing of theirs runs."""
    waiting = ((source, sync) for source, sync in board.syncs.items() if sync.due_at and not sync.run)
    return sorted(source for source, sync in waiting if sync.due_at and sync.due_at <= now)


def claimed(board: Board, tenant: str, now: datetime) -> Board:
    """One execution takes all sources that are due; from here on a change of theirs waits for the next."""
    taken = due(board, now)
    if not taken:
        return board
    syncs = {source: board.of(source) for source in taken}
    window = max(sync.due_at for sync in syncs.values() if sync.due_at).replace(microsecond=0)
    if board.window and window <= board.window:
        window = board.window + timedelta(seconds=1)
    name = execution_name(tenant, taken, window)
    full = any(sync.full for sync in syncs.values())
    running = {
        source: sync.but(due_at=None, since=None, demanded=False, full=False, run=name, started_at=now)
        for source, sync in syncs.items()
    }
    run = Run(sources=tuple(taken), full=full, claimed_at=now)
    return board.having(running, runs={**board.runs, name: run}, window=window)


def execution_name(tenant: str, sources: Sequence[str], window: datetime) -> str:
    """The same for the same tenant, sources and window, whoever asks; at most 80 characters."""
    several = hashlib.sha256("\n".join(sources).encode()).hexdigest()[:8]
    return f"{tenant}-{sources[0] if len(sources) == 1 else several}-{window:%Y%m%dT%H%M%SZ}"


def started(board: Board, name: str, *, really: bool = True) -> Board:
    """Step Functions has it; not `really` = it turned out never to have got it."""
    run = board.runs.get(name)
    return board.but(runs={**board.runs, name: run.but(started=really)}) if run else board


def adopted(board: Board, name: str, sources: Iterable[str], now: datetime) -> Board:
    """An execution that somebody started by hand or redrove counts like our own."""
    idle = [source for source in sources if not board.of(source).run]
    if name in board.runs or not idle:
        return board
    run = Run(sources=tuple(idle), claimed_at=now, started=True)
    return board.having({source: board.of(source).but(run=name) for source in idle}, runs={**board.runs, name: run})


def ended(board: Board, name: str, status: str, now: datetime, *, superseded: bool = False) -> Board:
    """The execution is over. What it did not publish is due again: at once if superseded, later if it failed."""
    run = board.runs.get(name)
    if run is None:
        return board
    syncs = {}
    for source in run.sources:
        sync = board.of(source).but(run=None)
        if status in ("FAILED", "TIMED_OUT"):
            syncs[source] = _after_failure(sync, run, now)
        elif superseded:
            syncs[source] = sync.but(due_at=now, since=sync.since or now, demanded=True)
        else:
            syncs[source] = sync.but(failures=0 if status == "SUCCEEDED" else sync.failures)
    return board.having(syncs, runs={other: each for other, each in board.runs.items() if other != name})


def _after_failure(sync: Sync, run: Run, now: datetime) -> Sync:
    pause = min(FIRST_RETRY * 2 ** min(sync.failures, 10), LAST_RETRY)
    return sync.but(
        due_at=now + pause,
        since=sync.since or run.claimed_at,
        demanded=False,
        failures=sync.failures + 1,
        full=sync.full or run.full,
    )


def wake_up(board: Board, now: datetime) -> datetime | None:
    """When somebody must look again; None when nothing waits, or a message is on its way that comes in time."""
    waiting = [sync.due_at for sync in board.syncs.values() if sync.due_at and not sync.run]
    if not waiting:
        return None
    at = max(min(waiting), now)
    on_its_way = board.wake_at is not None and board.wake_at > now - LATE
    return None if on_its_way and board.wake_at is not None and board.wake_at <= at else at


def sent_for(board: Board, at: datetime) -> Board:
    """A message comes back at that time."""
    return board.but(wake_at=at)


def woken(board: Board, now: datetime) -> Board:
    """The message has come; one that is not yet due is another's, and still on its way."""
    return board.but(wake_at=None) if board.wake_at and board.wake_at <= now + SKEW else board
