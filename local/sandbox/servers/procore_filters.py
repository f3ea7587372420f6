"""Procore's filters: closed ranges with three dots, deleted records on request, and dated lists that default to now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from local.sandbox.servers.listener import Request
from local.sandbox.servers.procore_routes import Endpoint
from local.sandbox.servers.store import Row, moment

Test = Callable[[Row], bool]


class BadFilter(Exception):
    """The request asks for something Procore would answer with 400; the text says what."""


def closed_range(name: str, text: str) -> tuple[datetime, datetime]:
    """Both ends of `a...b`, quoted or not; a bare date at the end means the whole of that day."""
    first, dots, last = text.strip().strip('"').partition("...")
    start, end = moment(first), moment(last)
    if not dots or start is None or end is None:
        raise BadFilter(f"{name} must be a closed range of ISO 8601 values: from...to")
    if len(last) == 10:
        end += timedelta(days=1) - timedelta(microseconds=1)
    return start, end


def tests(endpoint: Endpoint, request: Request, today: date) -> list[Test]:
    """What a row must pass to be listed. A filter the endpoint does not know is ignored, as at Procore."""
    found = [_deletion(endpoint, request)]
    for flag, field in (("U", "updated_at"), ("C", "created_at"), ("d", "deleted_at")):
        text = request.arg(f"filters[{field}]")
        if text and flag in endpoint.flags:
            found.append(_within(field, *closed_range(f"filters[{field}]", text)))
    if "O" in endpoint.flags and (origin := request.arg("filters[origin_id]")):
        found.append(lambda row: str(row.data.get("origin_id")) == origin)
    if contract := request.arg("contract_id"):
        found.append(lambda row: str(row.data.get("contract_id")) == contract)
    if endpoint.stream == "projects":
        found.append(_activity(request.arg("filters[by_status]", "Active")))
    if endpoint.directory:
        wanted = endpoint.directory == "active"
        found.append(lambda row: bool(row.data.get("is_active", True)) is wanted)
    if endpoint.dates:
        found.append(_dated(endpoint, request, today))
    return found


def _within(field: str, start: datetime, end: datetime) -> Test:
    def passes(row: Row) -> bool:
        when = row.time(field)
        return when is not None and start <= when <= end

    return passes


def _deletion(endpoint: Endpoint, request: Request) -> Test:
    wish = request.arg("filters[include_deleted]") if "D" in endpoint.flags else ""
    if "d" in endpoint.flags and request.arg("filters[deleted_at]"):
        wish = "only"
    if wish == "with":
        return lambda row: True
    wanted = wish == "only"
    return lambda row: bool(row.data.get("deleted_at")) is wanted


def _activity(status: str) -> Test:
    if status.lower() == "all":
        return lambda row: True
    wanted = status.lower() != "inactive"
    return lambda row: bool(row.data.get("active", True)) is wanted


def _dated(endpoint: Endpoint, request: Request, today: date) -> Test:
    """An explicit span, none when a time filter is given, else the default that makes a naive call look empty."""
    first = request.arg("start_date") or request.arg("log_date")
    last = request.arg("end_date") or request.arg("log_date")
    if first or last:
        for text in filter(None, (first, last)):
            if moment(text) is None:
                raise BadFilter(f"{text} is not a date")
    elif any(
        request.arg(f"filters[{f}]") and flag in endpoint.flags
        for flag, f in (("U", "updated_at"), ("d", "deleted_at"))
    ):
        return lambda row: True
    else:
        monday = today - timedelta(days=today.weekday())
        week_ago = today - timedelta(days=7)
        start = {"today": today, "this_week": monday, "last_week": week_ago}[endpoint.dates]
        first, last = start.isoformat(), today.isoformat()
    return lambda row: (first or "0000") <= str(row.data.get("date"))[:10] <= (last or "9999")


def sort(rows: list[Row], endpoint: Endpoint, text: str) -> list[Row]:
    """Sorted by `sort=field` or `sort=-field` (comma list), where the endpoint sorts at all."""
    if "S" not in endpoint.flags:
        return rows
    for field in reversed([f for f in text.split(",") if f]):
        name = field.lstrip("-")
        rows = sorted(rows, key=lambda row: _sortable(row, name), reverse=field.startswith("-"))
    return rows


def _sortable(row: Row, name: str) -> tuple[int, float, str]:
    value = row.data.get(name)
    if isinstance(value, (int, float)):
        return (0, float(value), "")
    return (1, 0.0, "" if value is None else str(value))


def stamp(now: datetime) -> str:
    """How Procore writes a moment."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def at(day: date, hour: int = 15) -> datetime:
    """An hour of a day, in UTC."""
    return datetime.combine(day, time(hour), UTC)
