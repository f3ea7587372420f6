"""The rules of the board hold in any order of events."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from datablueprint.hooks import SOURCES
from datablueprint.hooks import board as rules
from datablueprint.hooks.board import Board
from datablueprint.settings import Pace
from tests.fakes import NOON

PACES = st.builds(
    Pace,
    quiet_seconds=st.integers(0, 900),
    longest_wait_seconds=st.integers(0, 7200),
    least_gap_seconds=st.integers(0, 7200),
)
SOURCE = st.sampled_from(SOURCES)
STATUS = st.sampled_from(["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"])
DEED = st.one_of(
    st.tuples(st.just("changed"), SOURCE, st.sampled_from(["", "a", "b", "c"])),
    st.tuples(st.just("demanded"), st.sets(SOURCE, min_size=1), st.booleans()),
    st.tuples(st.just("claimed"), st.none(), st.none()),
    st.tuples(st.just("ended"), STATUS, st.booleans()),
    st.tuples(st.just("adopted"), st.sets(SOURCE, min_size=1), st.sampled_from(["hand-1", "hand-2"])),
)


def do(board: Board, deed: tuple[str, Any, Any], now: datetime, pace: Pace) -> Board:
    kind, first, second = deed
    match kind:
        case "changed":
            return rules.changed(board, first, [second], now, pace)
        case "demanded":
            return rules.demanded(board, first, now, full=second)
        case "claimed":
            return rules.claimed(board, "acme", now)
        case "adopted":
            return rules.adopted(board, second, first, now)
    name = next(iter(board.runs), "nobody")
    return rules.ended(board, name, first, now, superseded=second)


@given(pace=PACES, deeds=st.lists(st.tuples(DEED, st.integers(0, 3600)), max_size=40))
def test_a_source_is_in_one_run_at_most_and_no_name_is_used_twice(
    pace: Pace, deeds: list[tuple[tuple[str, Any, Any], int]]
) -> None:
    board, now, names = Board(), NOON, set[str]()
    for deed, seconds in deeds:
        now += timedelta(seconds=seconds)
        after = do(board, deed, now, pace)
        fresh = set(after.runs) - set(board.runs)
        if deed[0] == "claimed":
            assert not fresh & names
            names |= fresh
        board = after
        held = [source for run in board.runs.values() for source in run.sources]
        assert sorted(held) == sorted(source for source, sync in board.syncs.items() if sync.run)
        assert len(held) == len(set(held))
        assert Board.model_validate(board.model_dump(mode="json")) == board


@given(pace=PACES, seconds=st.lists(st.integers(0, 1200), min_size=1, max_size=30))
def test_what_changes_is_due_in_time_and_never_sooner_than_agreed(pace: Pace, seconds: list[int]) -> None:
    board, now = Board(), NOON
    first = None
    for n, pause in enumerate(seconds):
        now += timedelta(seconds=pause)
        first = first or now
        board = rules.changed(board, "gusto", [f"e-{n}"], now, pace)
    due = board.of("gusto").due_at

    assert first
    assert due
    assert due <= first + timedelta(seconds=pace.longest_wait_seconds)
    assert due <= now + timedelta(seconds=pace.quiet_seconds)
    assert rules.wake_up(board, now) == max(due, now)
    assert rules.due(board, due) == ["gusto"]
    assert rules.due(board, due - timedelta(seconds=1)) == []


@given(seconds=st.integers(0, 100_000), pace=PACES)
def test_whatever_waits_has_somebody_who_will_look(seconds: int, pace: Pace) -> None:
    board = rules.changed(Board(), "gusto", ["e"], NOON, pace)
    asleep = rules.sent_for(board, NOON + timedelta(seconds=seconds))
    due = board.of("gusto").due_at
    assert due

    late = NOON + timedelta(seconds=seconds) + rules.LATE + rules.SKEW

    assert rules.wake_up(asleep, late) == max(due, late)
    assert rules.wake_up(rules.claimed(board, "acme", due), due) is None


def test_more_deliveries_than_are_remembered_cost_a_refresh_and_never_lose_one() -> None:
    names = [f"e-{n}" for n in range(rules.REMEMBERED + 1)]
    board = rules.changed(Board(), "gusto", names, NOON, Pace())
    assert len(board.of("gusto").seen) == rules.REMEMBERED
    read = rules.ended(rules.claimed(board, "acme", NOON + timedelta(days=1)), "", "SUCCEEDED", NOON)

    assert rules.changed(read, "gusto", names[1:], NOON, Pace()) == read
    assert rules.changed(read, "gusto", names[:1], NOON, Pace()).of("gusto").due_at
