"""The only one who starts a refresh: for the schedule, for changes that are due, and after another one has ended.

Whatever wakes it, it does the same: settle claims whose end nobody told, claim
what is due, start what is claimed, and arrange to be woken again. Each step may
be repeated or run beside another starter; a claim is one compare-and-swap and a
start is known by its name.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from datablueprint.errors import SettingsError
from datablueprint.hooks import SOURCES, folder
from datablueprint.hooks import board as rules
from datablueprint.hooks.board import Board
from datablueprint.hooks.desk import Desk
from datablueprint.hooks.gatekeeping import Handshakes
from datablueprint.ports import Clock, Files, Queue, Refreshes, RefreshRun, State
from datablueprint.settings import Settings

logger = logging.getLogger(__name__)
CHECK_AFTER = timedelta(minutes=10)
"""The end of a refresh is told within seconds; after this a claim is looked up instead."""
MOST_DAYS = 31
"""Raw deliveries are kept for thirty days."""


class Operation(BaseModel):
    """What the schedule and operators ask for.

    scheduled: refresh everything. refresh: `sources` (or all), `full` = read everything again. sweep: see that nothing
    hangs. replay: take the deliveries of the days `since` to `until` for new. status: the board. expect_handshake:
    listen for Gusto's key for `minutes`. handshake: what has arrived.
    """

    model_config = ConfigDict(extra="forbid")

    operation: Literal["scheduled", "refresh", "sweep", "replay", "status", "expect_handshake", "handshake"]
    sources: list[str] = Field(default_factory=list)
    full: bool = False
    since: date | None = None
    until: date | None = None
    minutes: int = Field(default=15, ge=1, le=60)


class Ended(BaseModel):
    """What EventBridge tells of an execution; `input` and `output` are JSON texts."""

    model_config = ConfigDict(extra="ignore")

    name: str
    status: str
    input: str | None = None
    output: str | None = None


class Starter:
    def __init__(
        self, settings: Settings, *, files: Files, state: State, clock: Clock, events: Queue, due: Queue,
        refreshes: Refreshes,
    ) -> None:  # fmt: skip
        self._settings, self._files, self._events, self._refreshes = settings, files, events, refreshes
        self._desk = Desk(state, clock, due)
        self._handshakes = Handshakes(state, clock)

    def handle(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Due messages from SQS, the end of an execution from EventBridge, or an operation."""
        if "Records" in event:
            now = self._desk.now()
            self._desk.change(lambda board: rules.woken(board, now))
            self._advance()
            return {"batchItemFailures": []}
        if event.get("source") == "aws.states":
            return self._told(Ended.model_validate(event["detail"]))
        return self._operate(Operation.model_validate(event))

    def _told(self, told: Ended) -> dict[str, Any]:
        if told.status == "RUNNING":
            self._adopt(told)
        else:
            self._end(told.name, RefreshRun(told.status, _object(told.output)))
        return self._advance()

    def _adopt(self, told: Ended) -> None:
        """Events are not in order: what was running when this one was sent may be over."""
        if told.name in self._desk.read().runs:
            return
        found = self._refreshes.find(told.name)
        if found and found.status == "RUNNING":
            sources = _object(told.input).get("sources") or list(self._settings.sources)
            now = self._desk.now()
            self._desk.change(lambda board: rules.adopted(board, told.name, sources, now))

    def _operate(self, asked: Operation) -> dict[str, Any]:
        match asked.operation:
            case "status":
                return self._desk.read().model_dump(mode="json")
            case "replay":
                return self._replay(asked)
            case "expect_handshake":
                self._handshakes.expect("gusto", asked.minutes)
                return {"listening_minutes": asked.minutes}
            case "handshake":
                return {"candidates": self._handshakes.candidates("gusto")}
            case "sweep":
                return self._advance()
        sources = self._known(asked.sources)
        now = self._desk.now()
        self._desk.change(lambda board: rules.demanded(board, sources, now, full=asked.full))
        return self._advance()

    def _advance(self) -> dict[str, Any]:
        self._settle()
        now = self._desk.now()
        board = self._desk.change(lambda board: rules.claimed(board, self._settings.tenant, now))
        started = [name for name, run in board.runs.items() if not run.started]
        for name in started:
            self._start(name, board)
        self._desk.arrange_wake_up()
        return {"started": started}

    def _start(self, name: str, board: Board) -> None:
        run = board.runs[name]
        self._refreshes.start(name, {"sources": list(run.sources), "full": run.full})
        logger.info("refresh started", extra={"execution": name, "sources": list(run.sources)})
        self._desk.change(lambda board: rules.started(board, name))

    def _settle(self) -> None:
        """A lost message must not hold a source for ever."""
        now = self._desk.now()
        for name, run in self._desk.read().runs.items():
            if now - run.claimed_at < CHECK_AFTER:
                continue
            found = self._refreshes.find(name)
            if found is None:
                self._desk.change(lambda board, name=name: rules.started(board, name, really=False))  # type: ignore[misc]
            elif found.status != "RUNNING":
                self._end(name, found)

    def _end(self, name: str, run: RefreshRun) -> None:
        superseded = run.status == "SUCCEEDED" and bool(run.output.get("superseded"))
        now = self._desk.now()
        self._desk.change(lambda board: rules.ended(board, name, run.status, now, superseded=superseded))

    def _replay(self, asked: Operation) -> dict[str, Any]:
        """A delivery says only that its source has changed, so one message per source stands for all of them."""
        if asked.since is None:
            raise SettingsError("replay needs `since`, the first day (YYYY-MM-DD, UTC)")
        until = asked.until or self._desk.now().date()
        days = [asked.since + timedelta(days=n) for n in range((until - asked.since).days + 1)]
        if not 0 < len(days) <= MOST_DAYS:
            raise SettingsError(f"replay takes 1 to {MOST_DAYS} days, not {len(days)}; deliveries are kept for thirty")
        found = {
            source: sum(sum(1 for _ in self._files.list(folder(source, day.isoformat()))) for day in days)
            for source in self._known(asked.sources)
            if source in SOURCES
        }
        for source, count in found.items():
            if count:
                self._events.send({"source": source, "event": "", "at": self._desk.now().isoformat()})
        return {"found": found}

    def _known(self, sources: list[str]) -> list[str]:
        unknown = sorted(set(sources) - set(self._settings.sources))
        if unknown:
            raise SettingsError(f"{', '.join(unknown)}: not connected; there is {', '.join(self._settings.sources)}")
        return sources or list(self._settings.sources)


def _object(text: str | None) -> Mapping[str, Any]:
    """EventBridge leaves out what is too long, and an input need not be an object."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
