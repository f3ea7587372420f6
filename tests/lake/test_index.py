"""The index says what has landed, so that whoever lands needs no right to read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datablueprint.lake.index import Entry, Index
from datablueprint.lake.raw import RawLog
from tests.fakes import Arrived, MemoryFiles

NOON = datetime(2026, 11, 20, 19, tzinfo=UTC)


class Crash(Exception):
    """The process ends here."""


class CrashingFiles(MemoryFiles):
    """Dies instead of writing the index."""

    def write(self, key: str, content: bytes) -> None:
        if key.startswith("index/"):
            raise Crash(key)
        super().write(key, content)


def raw_keys(files: MemoryFiles) -> list[str]:
    return sorted(key for key in files.content if key.startswith("raw/"))


def test_a_crash_between_the_raw_file_and_the_index_costs_nothing_but_the_work() -> None:
    dying, records = CrashingFiles(), [Arrived("1", "one", NOON), Arrived("2", "two", NOON)]
    with pytest.raises(Crash):
        RawLog(dying, "gusto").land("employees", records, run_id="run-1")
    files = MemoryFiles(dying.content)

    again = RawLog(files, "gusto").land("employees", records, run_id="run-1")

    assert again.new == 2
    assert raw_keys(files) == raw_keys(dying)
    assert [r.payload for r in RawLog(files, "gusto").current("employees")] == ["one", "two"]


def test_another_run_after_a_crash_leaves_one_state_of_each_record() -> None:
    dying = CrashingFiles()
    with pytest.raises(Crash):
        RawLog(dying, "gusto").land("employees", [Arrived("1", "one", NOON)], run_id="run-1")
    files = MemoryFiles(dying.content)

    RawLog(files, "gusto").land("employees", [Arrived("1", "ONE", NOON + timedelta(hours=1))], run_id="run-2")

    assert [r.payload for r in RawLog(files, "gusto").current("employees")] == ["ONE"]
    assert RawLog(files, "gusto").land("employees", [Arrived("1", "ONE", NOON)], run_id="run-3").unchanged == 1


def test_what_was_deleted_after_a_crash_is_noticed_once_the_index_was_built_anew() -> None:
    dying = CrashingFiles()
    with pytest.raises(Crash):
        RawLog(dying, "gusto").land("employees", [Arrived("1", "one", NOON), Arrived("2", "two", NOON)], run_id="run-1")
    files = MemoryFiles(dying.content)

    RawLog(files, "gusto").reindex(set())

    assert set(RawLog(files, "gusto").identities("employees")) == {"1", "2"}
    gone = Arrived("2", "", NOON + timedelta(hours=1), deleted=True)
    assert RawLog(files, "gusto").land("employees", [gone], run_id="run-2").deleted == 1


def test_an_index_whose_building_was_interrupted_is_built_to_the_end() -> None:
    files = MemoryFiles()
    for stream in ("companies", "employees"):
        RawLog(files, "gusto").land(stream, [Arrived("1", "one", NOON)], run_id="run-1")
    del files.content["index/source=gusto/v1/employees.parquet"]
    files.content["index/source=gusto/v1/files.json"] = b'{"companies": 1}'

    RawLog(files, "gusto").reindex(set())

    assert set(RawLog(files, "gusto").identities("employees")) == {"1"}


def test_payloads_are_at_hand_only_where_others_are_read_by_them() -> None:
    files = MemoryFiles()
    RawLog(files, "gusto").land("payrolls", [Arrived("1", "kept", NOON)], run_id="run-1", keep=True)
    RawLog(files, "gusto").land("employees", [Arrived("1", "private", NOON)], run_id="run-1")

    assert [entry.payload for entry in RawLog(files, "gusto").live("payrolls")] == ["kept"]
    assert [entry.payload for entry in RawLog(files, "gusto").live("employees")] == [""]
    assert b"private" not in files.content["index/source=gusto/v1/employees.parquet"]


def test_an_index_is_built_from_raw_once_and_says_the_same() -> None:
    files = MemoryFiles()
    log = RawLog(files, "gusto")
    log.land("payrolls", [Arrived("1", "one", NOON, parent_id="c")], run_id="run-1", keep=True)
    log.land(
        "payrolls",
        [Arrived("2", "two", NOON, parent_id="c"), Arrived("1", "", NOON, deleted=True)],
        run_id="run-2",
        keep=True,
    )
    told = (log.identities("payrolls"), log.identities("payrolls", "c"), log.live("payrolls"))
    for key in [key for key in files.content if key.startswith("index/")]:
        del files.content[key]

    built = RawLog(files, "gusto")
    built.reindex({"payrolls"})
    before = dict(files.content)
    RawLog(files, "gusto").reindex({"payrolls"})

    assert (built.identities("payrolls"), built.identities("payrolls", "c"), built.live("payrolls")) == told
    assert files.content == before


STATES = st.tuples(st.sampled_from("abc"), st.sampled_from(["p", "q", None]), st.integers(0, 5), st.booleans())


@given(st.lists(STATES, max_size=30))
def test_what_is_held_is_the_newest_state_of_each_record(states: list[tuple[str, str | None, int, bool]]) -> None:
    files = MemoryFiles()
    index = Index(files, "gusto", "employees")
    entries = [
        Entry(key, parent, NOON + timedelta(hours=at), f"{n}", gone) for n, (key, parent, at, gone) in enumerate(states)
    ]
    for number, entry in enumerate(entries):
        index.note([entry], f"run-{number}")
    newest: dict[str, Entry] = {}
    for entry in entries:
        if entry.native_id not in newest or entry.fetched_at >= newest[entry.native_id].fetched_at:
            newest[entry.native_id] = entry

    found = Index(files, "gusto", "employees")

    live = [newest[key] for key in sorted(newest) if not newest[key].deleted]
    assert found.live() == live
    for parent in ("p", "q"):
        assert found.live(parent) == [entry for entry in live if entry.parent_id == parent]
