"""A snapshot is published whole or not at all, and stays what it was."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from datablueprint.adapters.local_files import LocalFiles
from datablueprint.adapters.sqlite_state import SqliteState
from datablueprint.adapters.system_clock import ShiftedClock
from datablueprint.errors import LakeError, PublishConflict, SnapshotMissing
from datablueprint.lake.snapshots import POINTER, Manifest, Snapshots, new_id, parquet_bytes
from datablueprint.ports import Files, State, StateConflict
from datablueprint.tables import BY_NAME

FIRST, SECOND, THIRD = (f"2026112{day}T180000Z-00000{day}" for day in (0, 1, 2))


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return LocalFiles(tmp_path / "lake")


@pytest.fixture
def state(tmp_path: Path) -> State:
    return SqliteState(tmp_path / "state.db")


@pytest.fixture
def snapshots(files: Files, state: State) -> Snapshots:
    return Snapshots(files, state)


def vendors(*names: str) -> pa.Table:
    rows = [{"record_id": f"quickbooks:Vendor:{name}", "system": "quickbooks", "name": name} for name in names]
    return pa.Table.from_pylist(rows, schema=BY_NAME["vendors"].schema())


def published(snapshots: Snapshots, snapshot: str, as_of: date, expected: str | None, *names: str) -> Manifest:
    snapshots.write(snapshot, "vendors", vendors(*names))
    built_at = datetime.strptime(snapshot[:8], "%Y%m%d").replace(tzinfo=UTC)
    manifest = snapshots.describe(snapshot, built_at=built_at, as_of=as_of, freshness={"procore": "fresh"})
    snapshots.publish(snapshot, manifest, expected)
    return manifest


def test_an_id_is_made_of_the_clock_and_the_run() -> None:
    clock = ShiftedClock(datetime(2026, 11, 20, 18, tzinfo=UTC))

    one, other = new_id(clock, "run-1"), new_id(clock, "run-2")

    assert one.startswith("20261120T1800")
    assert one[-7] == "-"
    assert one[-6:] != other[-6:]


def test_nothing_is_current_before_the_first_refresh(snapshots: Snapshots) -> None:
    with pytest.raises(SnapshotMissing, match="run a refresh"):
        snapshots.current()


def test_what_was_published_is_current_and_reads_back_equal(snapshots: Snapshots, files: Files) -> None:
    manifest = published(snapshots, FIRST, date(2026, 11, 19), None, "Volt", "Ämber")

    assert snapshots.current() == manifest
    assert snapshots.read(FIRST, "vendors").equals(vendors("Volt", "Ämber"))
    assert manifest.tables["vendors"].rows == 2
    content = files.read(f"tables/vendors/snapshot={FIRST}/data.parquet")
    assert manifest.tables["vendors"].sha256 == hashlib.sha256(content).hexdigest()
    assert manifest.freshness == {"procore": "fresh"}


def test_what_is_only_written_is_not_visible(snapshots: Snapshots) -> None:
    manifest = published(snapshots, FIRST, date(2026, 11, 19), None, "a")

    snapshots.write(SECOND, "vendors", vendors("a", "b"))

    assert snapshots.current() == manifest


def test_a_reader_keeps_its_snapshot_while_another_is_published(snapshots: Snapshots) -> None:
    published(snapshots, FIRST, date(2026, 11, 19), None, "a")
    pinned = snapshots.current().snapshot

    published(snapshots, SECOND, date(2026, 11, 20), FIRST, "a", "b")

    assert snapshots.read(pinned, "vendors").num_rows == 1
    assert snapshots.current().snapshot == SECOND


def test_the_slower_of_two_refreshes_loses(snapshots: Snapshots) -> None:
    published(snapshots, FIRST, date(2026, 11, 19), None, "a")
    published(snapshots, SECOND, date(2026, 11, 20), FIRST, "b")

    with pytest.raises(PublishConflict, match=FIRST):
        published(snapshots, THIRD, date(2026, 11, 20), FIRST, "c")

    assert snapshots.current().snapshot == SECOND
    with pytest.raises(SnapshotMissing):
        snapshots.manifest(THIRD)


class LosingState(SqliteState):
    """A state in which someone else always writes first."""

    def put(self, key, value, *, expected_version):  # type: ignore[no-untyped-def]
        raise StateConflict(key)


def test_losing_at_the_last_moment_leaves_no_manifest(files: Files, tmp_path: Path) -> None:
    snapshots = Snapshots(files, LosingState(tmp_path / "other.db"))

    with pytest.raises(PublishConflict):
        published(snapshots, FIRST, date(2026, 11, 19), None, "a")

    assert snapshots.published() == []


def test_publishing_again_what_is_current_does_nothing(snapshots: Snapshots, state: State) -> None:
    manifest = published(snapshots, FIRST, date(2026, 11, 19), None, "a")

    snapshots.publish(FIRST, manifest, None)

    item = state.get(POINTER)
    assert item is not None
    assert item.version == 1


def test_a_table_with_another_schema_is_refused(snapshots: Snapshots) -> None:
    wrong = vendors("a").append_column("extra", pa.array(["x"]))

    with pytest.raises(LakeError, match=r"vendors breaks its contract: unknown columns \['extra'\]"):
        snapshots.write(FIRST, "vendors", wrong)
    with pytest.raises(LakeError, match="name is missing"):
        snapshots.write(FIRST, "vendors", vendors("a").drop_columns(["name"]))


def test_equal_tables_give_equal_bytes_however_they_were_made() -> None:
    whole = vendors("a", "b", "c")
    pieces = pa.concat_tables([vendors("a"), vendors("b", "c")]).replace_schema_metadata({"made": "differently"})

    assert parquet_bytes(whole) == parquet_bytes(pieces)


def test_money_survives_to_the_cent(snapshots: Snapshots) -> None:
    amounts = [Decimal("-0.01"), Decimal("9999999999999999.99"), None]
    rows = [{"record_id": str(n), "balance": amount} for n, amount in enumerate(amounts)]
    snapshots.write(FIRST, "accounts", pa.Table.from_pylist(rows, schema=BY_NAME["accounts"].schema()))

    assert snapshots.read(FIRST, "accounts")["balance"].to_pylist() == amounts


def test_old_snapshots_expire_except_month_ends_and_the_current_one(snapshots: Snapshots, files: Files) -> None:
    days = [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 1)]
    days += [date(2026, 11, 2), date(2026, 11, 3)]
    before = None
    for day in days:
        snapshot = f"{day:%Y%m%d}T180000Z-abcdef"
        published(snapshots, snapshot, day, before, "a")
        before = snapshot

    gone = snapshots.expire(keep=2)

    assert [each.as_of for each in snapshots.published()] == [
        date(2026, 9, 30),
        date(2026, 10, 31),
        date(2026, 11, 2),
        date(2026, 11, 3),
    ]
    assert gone == ["20260929T180000Z-abcdef", "20261030T180000Z-abcdef", "20261101T180000Z-abcdef"]
    assert len(list(files.list("tables/"))) == 4
    assert snapshots.current().as_of == date(2026, 11, 3)
    with pytest.raises(SnapshotMissing):
        snapshots.read(gone[0], "vendors")


def test_expiring_removes_abandoned_builds_but_not_the_one_under_way(snapshots: Snapshots, files: Files) -> None:
    snapshots.write("20261118T180000Z-dead00", "vendors", vendors("a"))
    published(snapshots, FIRST, date(2026, 11, 19), None, "a")
    snapshots.write(SECOND, "vendors", vendors("a"))

    assert snapshots.expire() == ["20261118T180000Z-dead00"]
    assert len(list(files.list("tables/"))) == 2
