"""From landed bytes to tables: what the raw zone holds now is what the tables say, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from datablueprint.adapters.local_files import LocalFiles
from datablueprint.lake.conform import conform
from datablueprint.lake.raw import RawLog, RawRecord
from datablueprint.settings import Settings
from tests.lake.landing import rows

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def arrived(native_id: str, payload: str, at: datetime = NOON, *, deleted: bool = False) -> RawRecord:
    return RawRecord(
        record_id=f"procore:vendors:{native_id}",
        source="procore",
        stream="vendors",
        native_id=native_id,
        parent_id=None,
        fetched_at=at,
        run_id="run",
        request_id=None,
        url="https://procore.example/vendors",
        content_hash="",
        deleted=deleted,
        payload=payload,
    )


def conformed(log: RawLog) -> dict[str, pa.Table]:
    return conform(
        lambda source, stream: log.current(stream) if source == "procore" else (),
        Settings(tenant="test"),
    )


def test_the_newest_state_counts_and_a_tombstone_ends_it(tmp_path: Path) -> None:
    log = RawLog(LocalFiles(tmp_path), "procore")
    first = [arrived("1", '{"id": 1, "name": "Volt"}'), arrived("2", '{"id": 2, "name": "Amp"}')]
    log.land("vendors", first, run_id="run-1")
    before = conformed(log)

    later = NOON + timedelta(hours=1)
    second = [arrived("1", '{"id": 1, "name": "Volt LLC"}', later), arrived("2", "{}", later, deleted=True)]
    log.land("vendors", second, run_id="run-2")
    after = conformed(log)

    assert [each["name"] for each in rows(before, "vendors")] == ["Volt", "Amp"]
    assert [each["name"] for each in rows(after, "vendors")] == ["Volt LLC"]


def test_fetching_the_same_content_again_changes_no_table(tmp_path: Path) -> None:
    log = RawLog(LocalFiles(tmp_path), "procore")
    log.land("vendors", [arrived("1", '{"id": 1, "name": "Volt"}')], run_id="run-1")
    before = conformed(log)

    again = arrived("1", '{"name": "Volt", "id": 1, "updated_at": "2026-11-20T13:00:00Z"}', NOON + timedelta(hours=1))
    log.land("vendors", [again], run_id="run-2")

    assert all(table.equals(before[name]) for name, table in conformed(log).items())


def test_money_in_a_table_is_the_money_in_the_bytes(tmp_path: Path) -> None:
    log = RawLog(LocalFiles(tmp_path), "procore")
    payload = '{"id":9,"status":"Approved","grand_total":0.1,"approved_change_orders":"1099511627776.29"}'
    contract = RawRecord(**{**arrived("9", payload).__dict__, "stream": "prime_contracts", "parent_id": "222"})
    log.land("prime_contracts", [contract], run_id="run-1")

    (found,) = rows(conformed(log), "prime_contracts")

    assert found["original_amount"] == Decimal("0.10")
    assert found["approved_changes_reported"] == Decimal("1099511627776.29")
