"""A quota is a set of windows, each opened by the first call in it; refused and failed calls use it too."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Window:
    calls: int
    seconds: int


@dataclass(frozen=True)
class Limits:
    """How much each vendor lets one account ask; the defaults are the figures the vendors publish."""

    procore: tuple[Window, ...] = (Window(3_600, 3_600), Window(25, 10))
    quickbooks: tuple[Window, ...] = (Window(500, 60), Window(10, 1))
    gusto: tuple[Window, ...] = (Window(200, 60),)
    procore_says_retry_after: bool = False
    """Procore's guides disagree on whether a 429 carries Retry-After; both happen."""

    @classmethod
    def relaxed(cls) -> Limits:
        """Quotas that a demo on a laptop does not meet."""
        return cls(
            procore=(Window(1_000_000, 3_600), Window(100_000, 10)),
            quickbooks=(Window(100_000, 60), Window(10_000, 1)),
            gusto=(Window(100_000, 60),),
        )


@dataclass(frozen=True)
class Reading:
    """The window that is nearer to being hit."""

    limit: int
    remaining: int
    reset: int
    """Unix seconds at which the window is surely over."""
    wait_seconds: int
    exceeded: bool


class Quota:
    def __init__(self, windows: tuple[Window, ...], clock: Callable[[], datetime]) -> None:
        self.windows = windows
        self._clock = clock
        self._open: dict[str, list[tuple[float, int]]] = {}
        self._lock = threading.Lock()

    def take(self, account: str = "") -> Reading:
        """Count one call of `account`."""
        now = self._clock().timestamp()
        with self._lock:
            states = self._open.setdefault(account, [(now, 0)] * len(self.windows))
            for place, (window, (opened, used)) in enumerate(zip(self.windows, states, strict=True)):
                states[place] = (now, 1) if now >= opened + window.seconds else (opened, used + 1)
            readings = [self._read(window, *state, now) for window, state in zip(self.windows, states, strict=True)]
        over = [reading for reading in readings if reading.exceeded]
        return max(over, key=lambda r: r.reset) if over else min(readings, key=lambda r: r.remaining)

    @staticmethod
    def _read(window: Window, opened: float, used: int, now: float) -> Reading:
        ends = opened + window.seconds
        return Reading(
            window.calls,
            max(0, window.calls - used),
            math.ceil(ends),
            max(1, math.ceil(ends - now)),
            used > window.calls,
        )
