"""Two processes given the same start agree on the simulated time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from datablueprint.adapters.system_clock import ShiftedClock, SystemClock

START = datetime(2026, 11, 20, 18, tzinfo=UTC)


def test_the_system_clock_is_aware_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)
    assert SystemClock().monotonic() <= SystemClock().monotonic()


def test_a_shifted_clock_starts_where_it_is_told_and_runs() -> None:
    clock = ShiftedClock(START)

    first, second = clock.now(), clock.now()

    assert timedelta(0) <= first - START < timedelta(seconds=5)
    assert first <= second


def test_clocks_with_one_anchor_agree() -> None:
    anchor = datetime.now(UTC) - timedelta(hours=3)

    one, other = ShiftedClock(START, anchor), ShiftedClock(START, anchor)

    assert abs(one.now() - other.now()) < timedelta(seconds=1)
    assert abs(one.now() - (START + timedelta(hours=3))) < timedelta(seconds=5)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        ShiftedClock(START.replace(tzinfo=None))
