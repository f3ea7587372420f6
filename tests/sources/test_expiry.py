"""Whoever must reconnect a system hears of it 90, 30 and 7 days ahead, and in `status` all the while."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import httpx
import pytest

from datablueprint import status
from datablueprint.errors import AuthExpired
from datablueprint.sources import auth
from datablueprint.sources.expiry import ending
from tests.fakes import NOON, TOKEN_PATHS, World, world
from tests.sources.test_auth import tokens

QBO = "quickbooks_online"


def connected(days: float | None) -> World:
    room = world(signed_in=False)
    body: dict[str, Any] = {"access_token": "a", "refresh_token": "r", "x_refresh_token_expires_in": 8_640_000}
    if days is not None:
        body["x_refresh_token_hard_expires_in"] = days * 86400
    room.vendor.on(TOKEN_PATHS[QBO], body)
    auth.connect(QBO, room.ports, code="abc")
    return room


@pytest.mark.parametrize(
    ("days", "notice"), [(400, None), (91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (1, 7), (-1, 7)]
)
def test_the_notice_gets_more_urgent_as_the_day_comes(days: int, notice: int | None) -> None:
    end = ending({"hard_expires_at": (NOON + timedelta(days=days)).isoformat()}, NOON)

    assert end
    assert (end.days, end.notice) == (days, notice)


def test_a_vendor_that_names_no_end_has_none() -> None:
    assert ending({"hard_expires_at": None}, NOON) is None


def test_status_tells_of_a_connection_that_ends_and_how_long_it_lasts_unused() -> None:
    told = status.connections(connected(27).ports)[QBO]

    assert told["state"] == "ok"
    assert told["ends_on"] == "2026-12-17"
    assert told["unused_until"].startswith("2027-02-28")
    assert told["warning"] == (
        "QuickBooks Online: the connection ends on 2026-12-17, in 27 days, however often it is used. "
        "Reconnect before then"
    )


@pytest.mark.parametrize("days", [1825, None])
def test_a_connection_with_time_left_is_not_talked_about(days: float | None) -> None:
    assert status.connections(connected(days).ports)[QBO]["warning"] is None


def test_the_log_has_a_line_that_an_alarm_can_count(caplog: pytest.LogCaptureFixture) -> None:
    connected(20)

    (line,) = [record for record in caplog.records if record.getMessage() == "connection ends soon"]
    assert (line.levelno, vars(line)["days"]) == (logging.WARNING, 20)


def test_what_is_told_of_a_connection_holds_no_token() -> None:
    room = connected(20)

    item = room.state.get(f"connection/{QBO}")

    assert item
    assert not [name for name in item.value if "token" in name and not name.endswith("_expires_at")]
    assert sorted(value for value in item.value.values() if value in ("a", "r")) == []


def test_a_connection_that_the_vendor_refused_is_told_as_one_to_reconnect() -> None:
    room = connected(None)
    room.clock.move(hours=2)
    room.vendor.on(TOKEN_PATHS[QBO], lambda _: httpx.Response(400, json={"error": "invalid_grant"}))
    with pytest.raises(AuthExpired):
        tokens(room).access()

    assert status.connections(room.ports)[QBO]["state"] == "needs_reconnect"
