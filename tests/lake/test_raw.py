"""The raw zone holds what was sent, once, and forgets nothing."""

from __future__ import annotations

import io
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from datablueprint.lake.raw import Landed, RawLog, RawRecord, system_of
from datablueprint.sources import SOURCES
from datablueprint.tables import RAW
from tests.fakes import NOON, MemoryFiles


@dataclass(frozen=True)
class Arrived:
    native_id: str
    payload: str
    parent_id: str | None = None
    fetched_at: datetime = NOON
    url: str = "https://api.procore.test/rest/v1.0/vendors"
    request_id: str | None = "req-1"
    deleted: bool = False


def gone(native_id: str, payload: str = "") -> Arrived:
    return Arrived(native_id, payload, deleted=True)


def log(files: MemoryFiles | None = None) -> RawLog:
    return RawLog(files if files is not None else MemoryFiles(), "procore")


def test_a_raw_record_has_the_fields_of_the_raw_table() -> None:
    assert [f.name for f in fields(RawRecord)] == [c.name for c in RAW.columns]


def test_connectors_and_lake_agree_on_the_first_part_of_record_ids() -> None:
    assert {s.name: s.system for s in SOURCES} == {s.name: system_of(s.name) for s in SOURCES}


def test_a_record_lands_untouched_with_its_id_and_where_it_came_from() -> None:
    raw = log()
    payload = '{"id" : 7,  "amount":1000.10, "name":"Größe\\u00df"}'

    raw.land("vendors", [Arrived("7", payload, parent_id="222")], run_id="run-1")

    [record] = raw.current("vendors")
    assert record.payload == payload
    assert record.record_id == "procore:vendors:7"
    assert (record.parent_id, record.run_id, record.request_id) == ("222", "run-1", "req-1")
    assert record.fetched_at == NOON


def test_keys_say_source_stream_day_and_run() -> None:
    files = MemoryFiles()
    raw = log(files)

    raw.land("vendors", [Arrived("1", "{}")], run_id="run-1")
    raw.land("vendors", [Arrived("2", "{}")], run_id="run-1")
    log(files).land("vendors", [Arrived("3", "{}")], run_id="run-1")

    prefix = "raw/source=procore/stream=vendors/ingest_date=2026-11-20/run-1-"
    assert sorted(key for key in files.content if key.startswith("raw/")) == [
        f"{prefix}000{n}.parquet" for n in range(3)
    ]
    assert pq.read_schema(io.BytesIO(files.content[f"{prefix}0000.parquet"])).equals(RAW.schema())


def test_landing_the_same_again_writes_no_file() -> None:
    files = MemoryFiles()
    records = [Arrived("1", '{"a":1}'), Arrived("2", '{"a":2}')]
    log(files).land("vendors", records, run_id="run-1")
    before = dict(files.content)

    landed = log(files).land(
        "vendors", [replace(r, fetched_at=NOON + timedelta(days=1)) for r in records], run_id="run-2"
    )

    assert landed == Landed(unchanged=2)
    assert files.content == before


def test_only_what_differs_is_written() -> None:
    raw = log()
    raw.land("vendors", [Arrived("1", "1"), Arrived("2", "2")], run_id="run-1")

    landed = raw.land("vendors", [Arrived("1", "1"), Arrived("2", "two"), Arrived("3", "3")], run_id="run-2")

    assert landed == Landed(new=1, changed=1, unchanged=1)
    assert [r.payload for r in raw.current("vendors")] == ["1", "two", "3"]


def test_a_tombstone_keeps_the_last_payload_and_is_written_once() -> None:
    raw = log()
    raw.land("vendors", [Arrived("1", '{"name":"Volt"}')], run_id="run-1")

    first = raw.land("vendors", [gone("1")], run_id="run-2")
    second = raw.land("vendors", [gone("1")], run_id="run-3")

    assert (first, second) == (Landed(deleted=1), Landed(unchanged=1))
    [record] = raw.current("vendors")
    assert (record.deleted, record.payload) == (True, '{"name":"Volt"}')
    assert raw.identities("vendors") == {}


def test_a_vendors_stub_becomes_the_payload_of_the_tombstone() -> None:
    raw = log()
    raw.land("vendors", [Arrived("1", "{}")], run_id="run-1")

    raw.land("vendors", [gone("1", '{"status":"Deleted","Id":"1"}')], run_id="run-2")

    assert raw.current("vendors")[0].payload == '{"status":"Deleted","Id":"1"}'


def test_a_tombstone_of_something_never_seen_is_not_written() -> None:
    files = MemoryFiles()

    assert log(files).land("vendors", [gone("9")], run_id="run-1") == Landed(unchanged=1)
    assert files.content == {}


def test_what_comes_back_after_a_deletion_is_live_again() -> None:
    raw = log()
    for number, record in enumerate([Arrived("1", "{}"), gone("1"), Arrived("1", "{}")]):
        raw.land("vendors", [record], run_id=f"run-{number}")

    assert not raw.current("vendors")[0].deleted
    assert list(raw.identities("vendors")) == ["1"]


def test_a_clock_that_stands_still_does_not_blur_two_states() -> None:
    files = MemoryFiles()
    for number, payload in enumerate(["first", "second", "third"]):
        log(files).land("vendors", [Arrived("1", payload)], run_id=f"run-{9 - number}")

    assert [r.payload for r in log(files).current("vendors")] == ["third"]


def test_identities_can_be_asked_for_one_parent() -> None:
    raw = log()
    raw.land("lines", [Arrived("1", "a", "c1"), Arrived("2", "b", "c2"), Arrived("3", "c", "c1")], run_id="run-1")
    raw.land("lines", [Arrived("3", "", "c1", deleted=True)], run_id="run-2")

    assert list(raw.identities("lines", "c1")) == ["1"]
    assert list(raw.identities("lines")) == ["1", "2"]
    assert raw.identities("lines", "nobody") == {}


def test_of_one_id_in_a_batch_the_last_counts() -> None:
    raw = log()

    landed = raw.land("vendors", [Arrived("1", "old"), Arrived("1", "new")], run_id="run-1")

    assert landed == Landed(new=1)
    assert raw.current("vendors")[0].payload == "new"


def test_streams_are_those_that_landed_anything() -> None:
    raw = log()
    raw.land("vendors", [Arrived("1", "{}")], run_id="run-1")
    raw.land("users", [], run_id="run-1")
    raw.land("bills", [Arrived("1", "{}")], run_id="run-1")

    assert raw.streams() == ["bills", "vendors"]


RECORDS = st.builds(
    Arrived,
    native_id=st.sampled_from("abcd"),
    payload=st.sampled_from(["1", "2", "{}"]),
    parent_id=st.sampled_from([None, "p", "q"]),
    deleted=st.booleans(),
)
BATCHES = st.lists(st.lists(RECORDS, max_size=5), max_size=5)


@settings(max_examples=60, deadline=None)
@given(BATCHES)
def test_landing_is_idempotent_and_a_second_reader_sees_the_same(batches: list[list[Arrived]]) -> None:
    files = MemoryFiles()
    raw = log(files)
    expected: dict[str, str] = {}
    for number, batch in enumerate(batches):
        raw.land("s", batch, run_id=f"run-{number}")
        written = dict(files.content)
        assert raw.land("s", batch, run_id="again").unchanged == len({r.native_id for r in batch})
        assert files.content == written
        for record in {r.native_id: r for r in batch}.values():
            expected.pop(record.native_id, None)
            if not record.deleted:
                expected[record.native_id] = record.payload

    live = {r.native_id: r.payload for r in log(files).current("s") if not r.deleted}

    assert live == expected
    assert raw.identities("s") == log(files).identities("s")
    assert set(live) == set(raw.identities("s"))
