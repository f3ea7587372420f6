"""Fifty workers renew at once and some die between rotation and save: nobody is locked out who need not be."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, repeat
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from datablueprint.adapters.dynamodb_state import DynamoState
from datablueprint.adapters.kms_seal import KmsSeal
from datablueprint.adapters.sqlite_state import SqliteState
from datablueprint.errors import AuthExpired
from tests.sources.storm import (
    PAGE,
    VENDORS,
    WORKERS,
    Fate,
    Fated,
    OneAtATime,
    Round,
    SharedClock,
    Storm,
    fates,
    sandbox,
)

GAPS = {"procore": (timedelta(hours=2),), "gusto": (timedelta(hours=3),),
        "quickbooks_online": (timedelta(hours=26), timedelta(hours=2))}  # fmt: skip
"""Long enough for an access token to end; QuickBooks rotates in the first gap only."""


@pytest.fixture(params=sorted(VENDORS))
def source(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["sqlite", "dynamodb and kms"])
def storm(
    request: pytest.FixtureRequest, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Storm]:
    clock = SharedClock()
    with sandbox(clock) as vendors:
        if request.param == "sqlite":
            yield Storm(source, vendors, clock, SqliteState(tmp_path / "state.db"))
            return
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        with mock_aws():
            import boto3

            boto3.client("dynamodb").create_table(
                TableName="state",
                BillingMode="PAY_PER_REQUEST",
                KeySchema=[
                    {"AttributeName": "family", "KeyType": "HASH"},
                    {"AttributeName": "name", "KeyType": "RANGE"},
                ],
                AttributeDefinitions=[
                    {"AttributeName": "family", "AttributeType": "S"},
                    {"AttributeName": "name", "AttributeType": "S"},
                ],
            )
            key = boto3.client("kms").create_key()["KeyMetadata"]["Arn"]
            yield Storm(source, vendors, clock, OneAtATime(DynamoState("state")), seal=KmsSeal(key))


def judge(source: str, seen: Round) -> None:
    """The promises that hold in every round, whoever died in it."""
    died, stalled = sum(n for fate, n in seen.fates.items() if "dies" in fate), seen.fates["stalls before saving"]
    lost = seen.fates["dies before saving"]
    assert seen.unexpected == []
    assert "refused by the vendor" not in seen.tokens
    assert seen.posts <= 1 + died + stalled, "a token was posted again although somebody knew what became of it"
    if seen.locked_out:
        assert source != "gusto", "Gusto takes the old token until the new access token is used"
        assert lost, "locked out although every pair that was issued was saved"
        assert seen.reconnects, "locked out and nobody said so"
    elif not stalled:
        assert seen.errors == []
        assert len(set(seen.tokens)) == 1
    for told in seen.reconnects:
        assert told.way_out == f"Reconnect at {PAGE}{source}"


DEATHS: tuple[Fate, ...] = (
    "dies before saving", "dies holding the lease", "dies after saving", "lives", "dies before saving",
    "dies before saving", "lives",
)  # fmt: skip


def weather(storm: Storm, rounds: int, drawn: Iterator[Fate]) -> Counter[str]:
    """Round after round; after a lockout a person reconnects, and all is well again."""
    total = Counter[str]()
    for number in range(rounds):
        gaps = GAPS[storm.source]
        seen = storm.round(drawn, after=gaps[number % len(gaps)])
        judge(storm.source, seen)
        total += Counter(rounds=1, posts=seen.posts, rotations=seen.rotations, lockouts=seen.locked_out)
        total += Counter({fate: n for fate, n in seen.fates.items() if fate != "lives"})
        total["lost"] += bool(seen.fates["dies before saving"])
        total["false alarms"] += bool(seen.reconnects) and not seen.locked_out
        if seen.locked_out:
            storm.connect()
    after = storm.round(repeat("lives"), after=GAPS[storm.source][0])
    judge(storm.source, after)
    assert (len(after.tokens), after.posts) == (WORKERS, 1)
    print(f"\n{storm.source} over {type(storm.state).__name__}: {WORKERS} workers, {dict(sorted(total.items()))}")
    return total


def test_fifty_workers_who_renew_at_once_post_once(storm: Storm) -> None:
    seen = storm.round(repeat("lives"), after=GAPS[storm.source][0])

    judge(storm.source, seen)
    assert (len(seen.tokens), seen.posts, seen.rotations) == (WORKERS, 1, 1)


def test_workers_that_die_cost_only_what_the_vendor_s_rule_costs(storm: Storm) -> None:
    total = weather(storm, rounds=2, drawn=cycle(DEATHS))

    assert total["lost"] > 0
    assert total["lockouts"] <= total["lost"]
    assert total["false alarms"] == 0
    assert bool(total["lockouts"]) == (storm.source != "gusto")


def test_a_worker_that_stalls_for_longer_than_its_lease_still_saves_what_only_it_knows(storm: Storm) -> None:
    seen = storm.round(repeat("stalls before saving"), after=GAPS[storm.source][0], workers=10)
    judge(storm.source, seen)

    assert not seen.locked_out
    assert storm.round(repeat("lives"), after=timedelta(0)).errors == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_a_long_storm_ends_with_a_working_connection(storm: Storm, seed: int) -> None:
    total = weather(storm, rounds=40, drawn=fates(random.Random(seed), dying=0.5, stalling=0.1))

    assert total["lockouts"] <= total["lost"]


# -- processes ---------------------------------------------------------------------------------------


class FastClock:
    """The machine's own clock, which all processes share, at five times its pace."""

    PACE = 5.0

    def __init__(self) -> None:
        self.born, self.ahead = time.monotonic(), timedelta(0)

    def monotonic(self) -> float:
        return (time.monotonic() - self.born) * self.PACE

    def now(self) -> datetime:
        return datetime(2026, 11, 20, 15, tzinfo=UTC) + timedelta(seconds=self.monotonic()) + self.ahead

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.PACE)


@pytest.mark.slow
@pytest.mark.parametrize("dying", [0, 1])
def test_fifty_processes_share_one_file_and_one_connection(source: str, tmp_path: Path, dying: int) -> None:
    """The first `dying` that get the lease are killed between rotation and save."""
    clock: Any = FastClock()
    with sandbox(clock) as vendors:
        storm = Storm(source, vendors, clock, SqliteState(tmp_path / "state.db"))
        clock.ahead = GAPS[source][0]
        posts = storm._posts()
        forking = multiprocessing.get_context("fork")
        said: Any = forking.SimpleQueue()
        leases = forking.Value("i", 0)

        def fate() -> Fate:
            with leases.get_lock():
                leases.value += 1
                return "dies before saving" if leases.value <= dying else "lives"

        def work() -> None:
            own = Fated(SqliteState(tmp_path / "state.db"), fate, lambda: None, die=lambda: os._exit(9))
            try:
                said.put(("token", storm.tokens(own).access()))
            except AuthExpired as error:
                said.put(("reconnect", error.way_out))
            os._exit(0)

        workers = [forking.Process(target=work) for _ in range(WORKERS)]
        for worker in workers:
            worker.start()
        answers = [said.get() for _ in range(WORKERS - dying)]
        for worker in workers:
            worker.join()

        assert {worker.exitcode for worker in workers} == ({0, 9} if dying else {0})
        told = Counter(kind for kind, _ in answers)
        print(f"\n{source}: {WORKERS} processes, {dying} killed, {dict(told)}, {storm._posts() - posts} posts")
        if dying and source != "gusto":
            assert set(answers) == {("reconnect", f"Reconnect at {PAGE}{source}")}
            assert not storm.accepted(storm.held())
        else:
            assert len(set(answers)) == 1
            assert told == {"token": WORKERS - dying}
        assert storm._posts() - posts == 1 + dying
