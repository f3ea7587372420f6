"""A connection ends on a known day; whoever must reconnect it is told while there is time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

NOTICE_DAYS = (90, 30, 7)
Urgency = Literal["later", "soon", "now"]


@dataclass(frozen=True)
class Ending:
    """When a connection ends for good, however often it is used."""

    on: date
    days: int
    """From now; negative when it is over."""

    @property
    def notice(self) -> int | None:
        """The warning that is due: 90, 30 or 7 days ahead; None while there is time."""
        return next((days for days in reversed(NOTICE_DAYS) if self.days <= days), None)

    @property
    def urgency(self) -> Urgency:
        return "later" if self.notice is None else "now" if self.notice <= 7 else "soon"


def ending(record: Mapping[str, Any], now: datetime) -> Ending | None:
    """The end that use does not put off, from State `connection/<source>`; None where the vendor names none."""
    at = record.get("hard_expires_at")
    if not at:
        return None
    ends = datetime.fromisoformat(str(at))
    return Ending(ends.date(), (ends - now).days)


def connection(title: str, record: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What may be told of a connection: its state, its ends and, in time, a sentence about what to do."""
    end = ending(record, now)
    return {
        "state": record.get("state") or "not_connected",
        "unused_until": record.get("refresh_expires_at"),
        "ends_on": end.on.isoformat() if end else None,
        "page": record.get("page"),
        "warning": _sentence(title, end) if end and end.notice is not None else None,
    }


def _sentence(title: str, end: Ending) -> str:
    if end.days < 0:
        return f"{title}: the connection ended on {end.on}. Reconnect it"
    return (
        f"{title}: the connection ends on {end.on}, in {end.days} days, however often it is used. Reconnect before then"
    )
