"""Numbers that the vendors' systems hand out: one counter per Procore list, never reused."""

from __future__ import annotations

from collections import defaultdict

PROJECT_BASE = 562_949_953_421_300
"""Procore project ids no longer fit 32 bits."""

_BASES = {"projects": PROJECT_BASE, "requisitions": 700_000, "timecard_entries": 90_000_000, "direct_costs": 410_000}


class Ids:
    def __init__(self) -> None:
        self._last: dict[str, int] = defaultdict(int)

    def next(self, stream: str) -> int:
        """The next id of a list; different lists may hand out equal numbers, as Procore's do.

        Contracts of every kind share one counter, and so do their lines: a change
        order names its contract by id alone.
        """
        self._last[stream] += 1
        base = _BASES.get(stream, 1000 + 17 * len(stream))
        return base + self._last[stream]
