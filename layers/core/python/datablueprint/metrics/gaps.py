"""What a refresh could not read costs figures their grade, or makes them unavailable by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

SOURCE_PARTS = {"contract": "contract value", "budget": "budget", "cost": "posted cost"}


@dataclass(frozen=True)
class Gaps:
    """`missing`: part of the data and its name; `stale`: sentences."""

    missing: tuple[tuple[str, str], ...] = ()
    stale: tuple[str, ...] = ()

    @classmethod
    def of(cls, sources: Iterable[str], freshness: Mapping[str, Mapping[str, Any]]) -> Gaps:
        """From the configured sources and what refreshes said of each: one never read leaves a part missing."""
        missing, stale = [], []
        for source in sources:
            told = freshness.get(source)
            if told is None or not told.get("read_at"):
                missing += [(part, f"{SOURCE_PARTS[part]} ({source} was never read)") for part in _parts(source)]
            elif told.get("stale"):
                stale.append(f"{source} is as of {told['read_at'][:10]}: {told.get('error')}")
        return cls(tuple(missing), tuple(stale))


NO_GAPS = Gaps()


def _parts(source: str) -> tuple[str, ...]:
    return ("contract", "budget") if source == "procore" else ("cost",)
