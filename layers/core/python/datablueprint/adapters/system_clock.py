"""Time is a port, because the sandbox's contractor lives on another day than we do."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """`Clock` of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class ShiftedClock(SystemClock):
    """A clock that read `start` at the machine's moment `anchor` and has run at normal speed since.

    Two processes given the same pair agree on the time. Without an anchor the
    clock starts running when it is made.
    """

    def __init__(self, start: datetime, anchor: datetime | None = None) -> None:
        if start.tzinfo is None or (anchor is not None and anchor.tzinfo is None):
            raise ValueError("a clock needs aware times")
        self._shift = start - (anchor or datetime.now(UTC))

    def now(self) -> datetime:
        return (super().now() + self._shift).astimezone(UTC)
