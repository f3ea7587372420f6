"""The board as it is kept: changed by compare-and-swap, and never forgotten to be looked at again."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, timedelta

from datablueprint.hooks import board as rules
from datablueprint.hooks.board import Board
from datablueprint.ports import Clock, Queue, State, StateConflict

LONGEST_DELAY = 900
"""Seconds that SQS holds a message back; what is due later is looked at in between."""
MOST_TRIES = 25


class Desk:
    """What coalescer and starter share."""

    def __init__(self, state: State, clock: Clock, due: Queue) -> None:
        self._state, self._clock, self._due = state, clock, due

    def now(self) -> datetime:
        return self._clock.now()

    def read(self) -> Board:
        item = self._state.get(rules.KEY)
        return Board.model_validate(item.value) if item else Board()

    def change(self, rule: Callable[[Board], Board]) -> Board:
        """The board after `rule`, which sees the newest one; StateConflict when others are always quicker."""
        for _ in range(MOST_TRIES):
            item = self._state.get(rules.KEY)
            before = Board.model_validate(item.value) if item else Board()
            after = rule(before)
            if after == before:
                return before
            try:
                self._state.put(rules.KEY, after.model_dump(mode="json"), expected_version=item.version if item else 0)
                return after
            except StateConflict:
                continue
        raise StateConflict(f"{rules.KEY} changed {MOST_TRIES} times while it was being changed")

    def arrange_wake_up(self) -> None:
        """See to it that somebody looks when the next source is due.

        The message is sent before it is noted: a crash in between costs a second message, never the only one.
        """
        now = self.now()
        at = rules.wake_up(self.read(), now)
        if at is None:
            return
        delay = min(max(math.ceil((at - now).total_seconds()), 0), LONGEST_DELAY)
        self._due.send({"at": at.isoformat()}, delay_seconds=delay)
        back = now + timedelta(seconds=delay)
        self.change(lambda board: rules.sent_for(board, back))
