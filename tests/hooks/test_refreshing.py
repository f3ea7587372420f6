"""From many deliveries to few refreshes: nothing is lost, nothing runs twice, nothing waits for ever."""

from __future__ import annotations

import json
from typing import Any

import pytest

from datablueprint.errors import SettingsError
from datablueprint.hooks import board as rules
from datablueprint.ports import StateConflict
from datablueprint.settings import Pace
from tests.fakes import MemoryState
from tests.hooks.kit import House

ALL = ["gusto", "payroll_file", "procore", "quickbooks_online"]


def sources_of(house: House) -> list[list[str]]:
    return [request.get("sources", []) for request in house.refreshes.requests.values()]


def end(house: House, status: str = "SUCCEEDED", **output: Any) -> None:
    """The running refresh ends, and the starter is told."""
    (name,) = house.running()
    house.starter.handle(house.refreshes.end(name, status, **output))


def test_a_burst_becomes_one_refresh_of_that_source_after_a_quiet_while() -> None:
    house = House()
    for n in range(20):
        house.post("procore", f"e-{n}")
        house.wait(20)
    assert sources_of(house) == []

    house.wait(130)

    assert sources_of(house) == [["procore"]]


def test_a_burst_without_end_is_refreshed_at_last() -> None:
    house = House()
    for n in range(60):
        house.post("procore", f"e-{n}")
        house.wait(20)

    assert sources_of(house) == [["procore"]]


def test_what_changes_while_a_refresh_runs_waits_for_its_end_and_is_read_then() -> None:
    house = House()
    house.post("gusto", "e-1")
    house.wait(150)
    house.post("gusto", "e-2")
    house.wait(600)
    assert sources_of(house) == [["gusto"]]

    end(house)

    assert sources_of(house) == [["gusto"], ["gusto"]]
    assert len(house.running()) == 1


def test_sources_that_are_due_together_are_refreshed_together_and_others_beside_them() -> None:
    house = House()
    house.post("gusto", "e-1")
    house.post("procore", "e-1")
    house.wait(150)
    house.post("quickbooks_online", "e-1")
    house.wait(150)

    assert sources_of(house) == [["gusto", "procore"], ["quickbooks_online"]]


def test_the_schedule_refreshes_everything_at_once_and_what_runs_afterwards() -> None:
    house = House()
    house.post("gusto", "e-1")
    house.wait(150)

    house.starter.handle({"operation": "scheduled"})
    end_of = house.running()[0]
    house.starter.handle(house.refreshes.end(end_of))

    assert sources_of(house) == [["gusto"], ["payroll_file", "procore", "quickbooks_online"], ["gusto"]]


def test_a_delivery_that_comes_again_after_its_refresh_starts_nothing() -> None:
    house = House()
    house.post("gusto", "e-1")
    house.wait(150)
    end(house)

    for _ in range(5):
        house.post("gusto", "e-1")
        house.wait(1000)

    assert sources_of(house) == [["gusto"]]


def test_the_vendor_s_calls_are_spared() -> None:
    house = House(Pace(quiet_seconds=60, longest_wait_seconds=300, least_gap_seconds=1800))
    for n in range(120):
        house.post("procore", f"e-{n}")
        house.wait(60)
        for name in house.running():
            house.starter.handle(house.refreshes.end(name))

    assert len(house.refreshes.runs) == 4  # in two hours


def test_a_lost_end_holds_a_source_only_until_it_is_looked_up() -> None:
    house = House()
    house.post("gusto", "e-1")
    house.wait(150)
    (name,) = house.running()
    house.refreshes.end(name)
    house.post("gusto", "e-2")
    house.wait(300)
    assert len(house.refreshes.runs) == 1

    house.wait(600)
    house.starter.handle({"operation": "sweep"})

    assert len(house.refreshes.runs) == 2


def test_a_refresh_that_takes_hours_is_not_taken_for_lost() -> None:
    house = House()
    house.post("gusto", "e-1")
    house.wait(150)
    house.post("gusto", "e-2")

    for _ in range(20):
        house.wait(900, step=300)
        house.starter.handle({"operation": "sweep"})

    assert len(house.refreshes.runs) == 1


def test_a_claim_whose_start_failed_is_started_by_the_next_who_wakes() -> None:
    house = House()
    house.post("gusto", "e-1")
    refuse = True

    def throttled(name: str, request: Any) -> None:
        if refuse:
            raise OSError("throttled")

    house.refreshes.on_start = throttled
    with pytest.raises(OSError, match="throttled"):
        house.wait(150)
    refuse = False
    house.wait(400)

    assert sources_of(house) == [["gusto"]]


def test_a_lost_wake_up_is_made_good_by_the_sweep() -> None:
    house = House()
    house.post("gusto", "e-1")
    house.coalescer.take({"Records": house.events.receive()})
    house.due._held.clear()

    house.clock.move(minutes=15)
    house.starter.handle({"operation": "sweep"})

    assert sources_of(house) == [["gusto"]]


@pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT"])
def test_after_a_failure_the_next_try_waits_longer_each_time(status: str) -> None:
    house = House()
    house.starter.handle({"operation": "refresh", "sources": ["gusto"]})
    waited = []
    for _ in range(3):
        end(house, status)
        began = house.clock.now()
        while not house.running():
            house.wait(60, step=60)
        waited.append(round((house.clock.now() - began).total_seconds() / 900))

    assert waited == [1, 2, 4]


def test_what_an_operator_stopped_stays_stopped() -> None:
    house = House()
    house.starter.handle({"operation": "refresh", "sources": ["gusto"], "full": True})
    assert house.refreshes.requests[house.running()[0]] == {"sources": ["gusto"], "full": True}

    end(house, "ABORTED")
    house.wait(9000, step=300)

    assert len(house.refreshes.runs) == 1


def test_a_refresh_that_was_quicker_to_be_overtaken_is_made_again_at_once() -> None:
    house = House()
    house.starter.handle({"operation": "refresh", "sources": ["gusto"]})

    end(house, superseded=True)

    assert sources_of(house) == [["gusto"], ["gusto"]]


def test_an_end_told_twice_or_of_another_s_execution_changes_nothing() -> None:
    house = House()
    house.starter.handle({"operation": "refresh", "sources": ["gusto"]})
    (name,) = house.running()
    told = house.refreshes.end(name)
    house.starter.handle(told)
    before = house.starter.handle({"operation": "status"})

    house.starter.handle(told)
    house.starter.handle({**told, "detail": {**told["detail"], "name": "other"}})

    assert house.starter.handle({"operation": "status"}) == before


def test_what_an_operator_started_by_hand_counts_as_running() -> None:
    house = House()
    house.refreshes.start("by-hand", {})
    detail = {"name": "by-hand", "status": "RUNNING", "input": "{}"}
    house.starter.handle({"source": "aws.states", "detail": detail})

    house.starter.handle({"operation": "scheduled"})
    assert house.running() == ["by-hand"]
    house.starter.handle(house.refreshes.end("by-hand"))

    assert sources_of(house)[1:] == [ALL]


def test_a_late_word_that_something_runs_holds_nothing() -> None:
    house = House()
    house.refreshes.start("by-hand", {})
    told = house.refreshes.end("by-hand")
    house.starter.handle({**told, "detail": {**told["detail"], "status": "RUNNING"}})

    assert house.starter.handle({"operation": "status"})["runs"] == {}


def test_days_can_be_replayed() -> None:
    house = House()
    for n in range(3):
        house.post("gusto", f"e-{n}")
    house.events._held.clear()  # all messages are lost

    told = house.starter.handle({"operation": "replay", "since": "2026-11-19"})
    house.wait(150)

    assert told == {"found": {"procore": 0, "quickbooks_online": 0, "gusto": 3}}
    assert sources_of(house) == [["gusto"]]


def test_a_replay_reads_even_what_was_seen_before() -> None:
    house = House()
    house.post("gusto", "e-1")
    house.wait(150)
    end(house)

    house.starter.handle({"operation": "replay", "since": "2026-11-20", "sources": ["gusto"]})
    house.wait(150)

    assert len(house.refreshes.runs) == 2


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"operation": "refresh", "sources": ["finch"]}, "finch: not connected; there is procore"),
        ({"operation": "replay"}, "needs `since`"),
        ({"operation": "replay", "since": "2026-01-01"}, "takes 1 to 31 days"),
        ({"operation": "replay", "since": "2026-12-01"}, "takes 1 to 31 days"),
    ],
)
def test_an_operator_s_mistake_is_told(asked: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        House().starter.handle(asked)


def test_a_message_that_cannot_be_read_goes_alone_to_the_dead_letters() -> None:
    house = House()
    house.post("gusto", "e-1")
    records = house.events.receive()
    broken = [
        {"messageId": f"b{n}", "body": body} for n, body in enumerate(("{", "{}", '{"source": "x", "event": ""}'))
    ]

    answer = house.coalescer.take({"Records": [*records, *broken]})

    assert answer == {"batchItemFailures": [{"itemIdentifier": f"b{n}"} for n in range(3)]}
    assert house.starter.handle({"operation": "status"})["syncs"]["gusto"]["due_at"]


def test_a_coalescer_that_dies_before_it_says_when_is_made_good_by_the_redelivery() -> None:
    house = House()
    house.post("gusto", "e-1")
    records = house.events.receive()
    send, house.due.send = house.due.send, _dies  # type: ignore[method-assign]
    with pytest.raises(OSError, match="killed"):
        house.coalescer.take({"Records": records})
    house.due.send = send  # type: ignore[method-assign]

    house.wait(500)

    assert sources_of(house) == [["gusto"]]


def _dies(*_: Any, **__: Any) -> None:
    raise OSError("killed")


def test_the_loser_of_a_race_sees_what_the_winner_wrote() -> None:
    house = House()
    assert isinstance(house.state, MemoryState)
    other = [True]

    def another_first(key: str) -> None:
        if other:
            other.clear()
            house.coalescer.take({"Records": [{"messageId": "x", "body": '{"source": "procore", "event": "o"}'}]})

    house.state.before_put = another_first
    house.coalescer.take({"Records": [{"messageId": "y", "body": '{"source": "gusto", "event": "e"}'}]})

    board = house.starter.handle({"operation": "status"})
    assert all(board["syncs"][source]["due_at"] for source in ("gusto", "procore"))


def test_a_race_that_is_never_won_is_given_back_to_the_queue() -> None:
    house = House()
    assert isinstance(house.state, MemoryState)

    def always(key: str) -> None:
        raise StateConflict(key)

    house.state.before_put = always

    with pytest.raises(StateConflict):
        house.coalescer.take({"Records": [{"messageId": "y", "body": '{"source": "gusto", "event": "e"}'}]})


def test_names_of_executions_fit_and_say_whose_they_are() -> None:
    house = House()
    now = house.clock.now()

    longest = rules.execution_name("t" * 31, ["quickbooks_online"], now)
    several = [rules.execution_name("acme", each, now) for each in (["gusto", "procore"], ["gusto"], ["procore"])]

    assert len(longest) <= 80
    assert len(set(several)) == 3
    assert several[1] == "acme-gusto-20261120T120000Z"
    assert json.dumps(several).isascii()
