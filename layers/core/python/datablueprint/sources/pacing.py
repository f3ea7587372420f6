"""A 429 is our own mistake: each vendor's windows are obeyed before they close."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

LONGEST_WINDOW = 3600.0
_EPOCH_FLOOR = 1_000_000_000
"""A reset above this is a moment in Unix seconds; below it, seconds from now."""


class Pace(Protocol):
    """Decides how long to hold the next call. Times are monotonic seconds."""

    def delay(self, now: float) -> float:
        """Seconds to wait before a call may leave at `now`."""
        ...

    def sent(self, now: float) -> None:
        """A call leaves at `now`."""
        ...

    def heard(self, headers: Mapping[str, str], now: float, wall: datetime) -> None:
        """An answer came at `now`, which our wall clock calls `wall`."""
        ...

    def remember(self, now: float) -> list[float]:
        """What the next client of the same account must know, in seconds before (or until) `now`."""
        ...

    def resume(self, remembered: list[float], elapsed: float, now: float) -> None:
        """Go on from what another client remembered `elapsed` seconds ago."""
        ...


class HeaderWindow:
    """Obeys `<prefix>-Limit`, `-Remaining` and `-Reset`, whichever window they speak of.

    Procore reports the window that is nearer to being hit: "1 remaining" may mean
    ten seconds or an hour. We stop at a small reserve, four in a hundred and at
    least one, because other users of the same credentials count too.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._open_again = 0.0

    def delay(self, now: float) -> float:
        return max(0.0, self._open_again - now)

    def sent(self, now: float) -> None:
        """The vendor counts for us."""

    def heard(self, headers: Mapping[str, str], now: float, wall: datetime) -> None:
        limit = _number(headers.get(f"{self._prefix}-Limit"))
        remaining = _number(headers.get(f"{self._prefix}-Remaining"))
        until_reset = seconds_until(headers.get(f"{self._prefix}-Reset"), headers, wall)
        if remaining is None or until_reset is None:
            return
        reserve = max(1.0, (limit or 0.0) // 25)
        if remaining <= reserve:
            self._open_again = now + until_reset

    def remember(self, now: float) -> list[float]:
        return [round(self.delay(now), 2)] if self.delay(now) else []

    def resume(self, remembered: list[float], elapsed: float, now: float) -> None:
        self._open_again = now + max((seconds - elapsed for seconds in remembered), default=0.0)


class OwnPace:
    """For vendors that announce nothing: never more than so many calls per second and per minute."""

    def __init__(self, per_second: int, per_minute: int) -> None:
        self._windows = ((1.0, per_second), (60.0, per_minute))
        self._sent: deque[float] = deque(maxlen=max(per_second, per_minute))

    def delay(self, now: float) -> float:
        waits = [0.0]
        for length, most in self._windows:
            if len(self._sent) >= most:
                waits.append(self._sent[-most] + length - now)
        return max(waits)

    def sent(self, now: float) -> None:
        self._sent.append(now)

    def heard(self, headers: Mapping[str, str], now: float, wall: datetime) -> None:
        """QuickBooks says nothing about its windows."""

    def remember(self, now: float) -> list[float]:
        return [round(now - moment, 2) for moment in self._sent if now - moment < 60.0]

    def resume(self, remembered: list[float], elapsed: float, now: float) -> None:
        self._sent.extend(now - elapsed - age for age in remembered if elapsed + age < 60.0)


def seconds_until(reset: str | None, headers: Mapping[str, str], wall: datetime) -> float | None:
    """Seconds to a reset given as Unix time or as seconds from now.

    Unix times are compared with the answer's own Date header, so a laptop whose
    clock is wrong still waits the right time.
    """
    value = _number(reset)
    if value is None:
        return None
    if value >= _EPOCH_FLOOR:
        value -= server_time(headers, wall).timestamp()
    return min(max(value, 0.0), LONGEST_WINDOW)


def retry_after(headers: Mapping[str, str], wall: datetime) -> float | None:
    """The Retry-After header, in seconds, whether it is a number or a date."""
    value = headers.get("Retry-After")
    if value is None:
        return None
    seconds = _number(value)
    if seconds is None:
        try:
            seconds = (_aware(parsedate_to_datetime(value)) - server_time(headers, wall)).total_seconds()
        except ValueError:
            return None
    return min(max(seconds, 0.0), LONGEST_WINDOW)


def server_time(headers: Mapping[str, str], wall: datetime) -> datetime:
    """The vendor's clock as its Date header tells it; ours when it tells nothing."""
    try:
        return _aware(parsedate_to_datetime(headers["Date"]))
    except (KeyError, ValueError):
        return wall


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None
