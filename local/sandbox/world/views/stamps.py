"""When a record was made and last touched: plausible office hours, the same on every run, never after now."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from local.sandbox.world.model import World

_DENVER = ZoneInfo("America/Denver")
Row = dict[str, Any]


def utc(day: date, salt: int = 0) -> str:
    """A moment of the day in UTC that is the same day in Denver."""
    return f"{day.isoformat()}T{15 + salt % 7:02d}:{salt * 7 % 60:02d}:{salt * 13 % 60:02d}Z"


def touched(world: World, created: date, updated: date | None = None, salt: int = 0) -> Row:
    """`created_at` and `updated_at` of a Procore record."""
    first = min(created, world.as_of)
    last = max(first, min(updated or created, world.as_of))
    return {"created_at": utc(first, salt), "updated_at": utc(last, salt + 1)}


def meta(world: World, created: date, updated: date | None = None, salt: int = 0) -> Row:
    """QuickBooks MetaData, with the company's offset."""
    first = _local(min(created, world.as_of), salt)
    last = max(first, _local(min(updated or created, world.as_of), salt + 3))
    return {"CreateTime": first.isoformat(), "LastUpdatedTime": last.isoformat()}


def _local(day: date, salt: int) -> datetime:
    start = datetime(day.year, day.month, day.day, 8, tzinfo=_DENVER)
    return start + timedelta(seconds=salt * 977 % 30_000)


def day(value: date | None) -> str | None:
    return value.isoformat() if value else None
