"""SQLite and DynamoDB lose the same races."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from moto import mock_aws

from datablueprint.adapters.dynamodb_state import DynamoState
from datablueprint.adapters.sqlite_state import SqliteState
from datablueprint.errors import LakeError, SettingsError
from datablueprint.ports import State, StateConflict, StateItem


@pytest.fixture(params=["sqlite", "dynamodb"])
def state(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[State]:
    if request.param == "sqlite":
        yield SqliteState(tmp_path / "home" / "state.db")
        return
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        import boto3

        boto3.resource("dynamodb").create_table(
            TableName="state",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "family", "KeyType": "HASH"}, {"AttributeName": "name", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": "family", "AttributeType": "S"},
                {"AttributeName": "name", "AttributeType": "S"},
            ],
        )
        yield DynamoState("state")


def test_the_first_write_has_version_one_and_each_write_adds_one(state: State) -> None:
    assert state.get("token/procore") is None
    assert state.put("token/procore", {"a": 1}, expected_version=0) == StateItem({"a": 1}, 1)
    assert state.put("token/procore", {"a": 2}, expected_version=1) == StateItem({"a": 2}, 2)
    assert state.put("token/procore", {"a": 3}, expected_version=None) == StateItem({"a": 3}, 3)
    assert state.get("token/procore") == StateItem({"a": 3}, 3)


@pytest.mark.parametrize("expected", [0, 1, 7])
def test_a_write_that_expected_another_version_changes_nothing(state: State, expected: int) -> None:
    state.put("lease", {"owner": "first"}, expected_version=0)
    state.put("lease", {"owner": "second"}, expected_version=1)

    with pytest.raises(StateConflict, match="lease"):
        state.put("lease", {"owner": "late"}, expected_version=expected)

    assert state.get("lease") == StateItem({"owner": "second"}, 2)


def test_expecting_a_version_of_what_is_absent_fails(state: State) -> None:
    with pytest.raises(StateConflict):
        state.put("nothing", {}, expected_version=3)

    assert state.get("nothing") is None


def test_documents_come_back_as_json_and_decimals_as_text(state: State) -> None:
    value = {"total": Decimal("12.30"), "nested": {"list": [1, None, True, "ü"]}, "empty": ""}

    stored = state.put("calls/procore", value, expected_version=None)

    assert stored.value == {"total": "12.30", "nested": {"list": [1, None, True, "ü"]}, "empty": ""}
    assert state.get("calls/procore") == stored


def test_a_listing_is_by_prefix_and_in_lexical_order(state: State) -> None:
    for key in ("checkpoint/procore/b", "checkpoint/procore/a", "checkpoint/gusto/a", "checks", "token/procore"):
        state.put(key, {"key": key}, expected_version=0)

    assert [key for key, _ in state.list("checkpoint/procore/")] == ["checkpoint/procore/a", "checkpoint/procore/b"]
    assert [key for key, _ in state.list("check")] == [
        "checkpoint/gusto/a",
        "checkpoint/procore/a",
        "checkpoint/procore/b",
        "checks",
    ]
    assert len(list(state.list(""))) == 5
    assert dict(state.list("token/"))["token/procore"].value == {"key": "token/procore"}


def test_after_a_delete_the_key_is_free_again(state: State) -> None:
    state.put("job/1", {}, expected_version=0)

    state.delete("job/1")
    state.delete("job/1")

    assert state.get("job/1") is None
    assert state.put("job/1", {}, expected_version=0).version == 1


def test_of_many_threads_that_count_up_none_is_lost(tmp_path: Path) -> None:
    state = SqliteState(tmp_path / "state.db")

    def add_one(_: int) -> None:
        while True:
            seen = state.get("counter")
            try:
                state.put(
                    "counter",
                    {"n": (seen.value["n"] if seen else 0) + 1},
                    expected_version=seen.version if seen else 0,
                )
                return
            except StateConflict:
                continue

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add_one, range(80)))

    assert state.get("counter") == StateItem({"n": 80}, 80)


def test_of_two_processes_one_wins(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from datablueprint.adapters.sqlite_state import SqliteState\n"
        "from datablueprint.ports import StateConflict\n"
        "wins = 0\n"
        "for n in range(40):\n"
        "    try: SqliteState(Path(sys.argv[1])).put(f'lease/{n}', {}, expected_version=0); wins += 1\n"
        "    except StateConflict: pass\n"
        "print(wins)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "state.db")]
    environment = {"PYTHONPATH": ":".join(sys.path)}

    racers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(2)]
    wins = [int(racer.communicate(timeout=60)[0]) for racer in racers]

    assert sum(wins) == 40


def test_the_tokens_are_for_their_owner_only_whoever_made_the_file(tmp_path: Path) -> None:
    path = tmp_path / "home" / "state.db"
    SqliteState(path).put("token/gusto", {"access_token": "t"}, expected_version=0)
    path.chmod(0o644)

    state = SqliteState(path)
    state.put("token/gusto", {"access_token": "u"}, expected_version=1)

    modes = {each.name: each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
    assert modes == {"state.db": 0o600, "state.db-wal": 0o600, "state.db-shm": 0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("content", [b"this is no database " * 100, b""])
def test_a_damaged_file_says_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "state.db").write_bytes(content)

    with pytest.raises(LakeError, match=r"state\.db is damaged .*restore it from a copy"):
        SqliteState(tmp_path / "state.db").get("token/gusto")


def test_a_file_that_cannot_be_written_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state.db"
    SqliteState(path).put("a", {}, expected_version=0)
    plain = sqlite3.connect

    def read_only(where: Path, **options: object) -> sqlite3.Connection:
        connection = plain(where, isolation_level=None)
        connection.execute("PRAGMA query_only=1")
        return connection

    monkeypatch.setattr(sqlite3, "connect", read_only)
    with pytest.raises(SettingsError, match="readonly.*writable.*--home"):
        SqliteState(path).put("a", {}, expected_version=1)


def test_a_home_that_is_a_file_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")

    with pytest.raises(SettingsError, match="choose another folder with --home"):
        SqliteState(tmp_path / "home" / "state.db").get("a")
