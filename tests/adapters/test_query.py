"""DuckDB and Athena are asked the same statements and answer in the same types."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from moto import mock_aws

from datablueprint.adapters.athena_query import AthenaQuery, lists_of, literal, pinned
from datablueprint.adapters.duckdb_query import DuckDbQuery
from datablueprint.adapters.local_files import LocalFiles
from datablueprint.adapters.sqlite_state import SqliteState
from datablueprint.errors import LakeError, SnapshotMissing
from datablueprint.lake.snapshots import Snapshots
from datablueprint.ports import Query
from datablueprint.tables import BY_NAME

SNAPSHOT = "20261120T180000Z-3f9c1a"
OLDER = "20261119T180000Z-000000"


class PatientClock:
    """A clock that notes how long it was asked to wait."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def now(self) -> datetime:
        return datetime(2026, 11, 20, 18, tzinfo=UTC)

    def monotonic(self) -> float:
        return sum(self.waits)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


def accounts(*balances: tuple[str, str | None]) -> pa.Table:
    contract = BY_NAME["accounts"]
    rows = [
        {"record_id": name, "name": name, "balance": Decimal(balance) if balance else None, "active": True}
        for name, balance in balances
    ]
    return pa.Table.from_pylist(rows, schema=contract.schema())


@pytest.fixture
def lake(tmp_path: Path) -> DuckDbQuery:
    snapshots = Snapshots(LocalFiles(tmp_path / "lake"), SqliteState(tmp_path / "state.db"))
    snapshots.write(SNAPSHOT, "accounts", accounts(("O'Brien", "10.10"), ("b", "0.20"), ("c", None)))
    snapshots.write(OLDER, "accounts", accounts(("O'Brien", "9.00")))
    return DuckDbQuery(tmp_path / "lake")


def queue_in_moto(columns: list[tuple[str, str, int, int]], *rows: tuple[str | None, ...]) -> None:
    import requests

    header = [{"VarCharValue": name} for name, *_ in columns]
    data = [[{} if cell is None else {"VarCharValue": cell} for cell in row] for row in rows]
    result = {
        "rows": [{"Data": header}, *({"Data": row} for row in data)],
        "column_info": [
            {"Name": name, "Type": kind, "Precision": precision, "Scale": scale, "Nullable": "UNKNOWN"}
            for name, kind, precision, scale in columns
        ],
    }
    answer = requests.post(
        "http://motoapi.amazonaws.com/moto-api/static/athena/query-results",
        json={"results": [result]},
        timeout=10,
    )
    assert answer.status_code == 201


@pytest.fixture
def athena(monkeypatch: pytest.MonkeyPatch) -> Iterator[AthenaQuery]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        import boto3

        boto3.client("athena").create_work_group(
            Name="tenant",
            Configuration={
                "EnforceWorkGroupConfiguration": True,
                "ResultConfiguration": {"OutputLocation": "s3://results/"},
            },
        )
        yield AthenaQuery(database="tenant", workgroup="tenant", clock=PatientClock())


@pytest.fixture(params=["duckdb", "athena"])
def query(request: pytest.FixtureRequest) -> Query:
    if request.param == "duckdb":
        duck: DuckDbQuery = request.getfixturevalue("lake")
        return duck
    cloud: AthenaQuery = request.getfixturevalue("athena")
    queue_in_moto(
        [
            ("name", "varchar", 2147483647, 0),
            ("total", "decimal", 38, 2),
            ("rows", "bigint", 19, 0),
            ("active", "boolean", 0, 0),
            ("day", "date", 0, 0),
        ],
        ("O'Brien", "10.10", "1", "true", "2026-11-19"),
        ("c", None, "1", "true", "2026-11-19"),
    )
    return cloud


def test_rows_come_back_typed_with_decimals_kept(query: Query) -> None:
    statement = """
        SELECT name, sum(balance) AS total, count(*) AS rows, active, CAST('2026-11-19' AS DATE) AS day
        FROM accounts WHERE name = ? OR name = ? GROUP BY name, active ORDER BY name
    """

    table = query.sql(statement, ("O'Brien", "c"), snapshot=SNAPSHOT)

    assert table.to_pylist() == [
        {"name": "O'Brien", "total": Decimal("10.10"), "rows": 1, "active": True, "day": date(2026, 11, 19)},
        {"name": "c", "total": None, "rows": 1, "active": True, "day": date(2026, 11, 19)},
    ]
    assert table.schema.field("total").type == pa.decimal128(38, 2)


def test_each_statement_sees_the_snapshot_it_names(lake: DuckDbQuery) -> None:
    statement = "SELECT sum(balance) AS total FROM accounts"

    assert lake.sql(statement, snapshot=SNAPSHOT)["total"].to_pylist() == [Decimal("10.30")]
    assert lake.sql(statement, snapshot=OLDER)["total"].to_pylist() == [Decimal("9.00")]
    with pytest.raises(SnapshotMissing):
        lake.sql(statement, snapshot="20200101T000000Z-000000")
    with pytest.raises(SnapshotMissing):
        lake.sql(statement, snapshot="*")


def test_whole_numbers_divide_as_athena_divides_them(lake: DuckDbQuery) -> None:
    assert lake.sql("SELECT 7 / 2 AS n", snapshot=SNAPSHOT)["n"].to_pylist() == [3]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP VIEW accounts",
        "DROP VIEW accounts",
        "SET integer_division = false",
        "COPY accounts TO '/tmp/out.csv'",
        "SELECT nothing FROM nowhere",
    ],
)
def test_a_statement_that_is_not_one_select_over_the_tables_is_refused(lake: DuckDbQuery, statement: str) -> None:
    with pytest.raises(LakeError):
        lake.sql(statement, snapshot=SNAPSHOT)

    assert lake.sql("SELECT count(*) AS n FROM accounts", snapshot=SNAPSHOT)["n"].to_pylist() == [3]


def test_the_snapshot_is_pinned_around_the_statement() -> None:
    plain = pinned("SELECT name FROM accounts WHERE name = ?", "tenant", SNAPSHOT)
    commented = pinned("-- rich ones\nWITH rich AS (SELECT * FROM accounts) SELECT * FROM rich", "tenant", SNAPSHOT)
    nested = pinned("WITH rich AS (SELECT * FROM accounts) SELECT * FROM rich", "tenant", SNAPSHOT)

    assert plain.startswith('WITH "accounts" AS (SELECT "record_id", ')
    assert plain.endswith(
        f"""FROM "tenant"."accounts" WHERE snapshot = '{SNAPSHOT}') SELECT name FROM accounts WHERE name = ?"""
    )
    assert nested.count("WITH ") == 1
    assert commented == "-- rich ones\n" + nested
    assert nested.endswith("), rich AS (SELECT * FROM accounts) SELECT * FROM rich")
    assert '"snapshot"' not in plain
    with pytest.raises(LakeError, match="Not a snapshot id"):
        pinned("SELECT 1", "tenant", "x' OR '1'='1")


def test_text_parameters_carry_their_own_quotes() -> None:
    assert literal("O'Brien") == "'O''Brien'"


def test_athena_is_asked_in_the_tenants_workgroup_and_polled_without_hurry(athena: AthenaQuery) -> None:
    queue_in_moto([("n", "integer", 10, 0)], ("1",))

    athena.sql("SELECT count(*) AS n FROM accounts WHERE name = ?", ("x",), snapshot=SNAPSHOT)

    import boto3

    client = boto3.client("athena")
    (execution,) = client.list_query_executions()["QueryExecutionIds"]
    asked = client.get_query_execution(QueryExecutionId=execution)["QueryExecution"]
    assert asked["WorkGroup"] == "tenant"
    assert asked["ExecutionParameters"] == ["'x'"]
    assert f"snapshot = '{SNAPSHOT}'" in asked["Query"]
    clock = athena._clock
    assert isinstance(clock, PatientClock)
    assert clock.waits == sorted(clock.waits)


class FailingAthena:
    """Answers as Athena does when a query fails."""

    def start_query_execution(self, **request: Any) -> dict[str, str]:
        return {"QueryExecutionId": "1"}

    def get_query_execution(self, **request: Any) -> dict[str, Any]:
        return {"QueryExecution": {"Status": {"State": "FAILED", "StateChangeReason": "COLUMN_NOT_FOUND"}}}


def test_a_failed_query_says_why() -> None:
    query = AthenaQuery(database="d", workgroup="w", clock=PatientClock(), client=FailingAthena())

    with pytest.raises(LakeError, match="COLUMN_NOT_FOUND"):
        query.sql("SELECT nothing FROM accounts", snapshot=SNAPSHOT)


class PagedAthena(FailingAthena):
    """Two pages: only the first repeats the header."""

    def get_query_execution(self, **request: Any) -> dict[str, Any]:
        return {"QueryExecution": {"Status": {"State": "SUCCEEDED"}}}

    def get_query_results(self, **request: Any) -> dict[str, Any]:
        info = {"ColumnInfo": [{"Name": "n", "Type": "bigint", "Precision": 19, "Scale": 0}]}
        cells = [["n", "1"], ["2"]][1 if "NextToken" in request else 0]
        rows = [{"Data": [{"VarCharValue": cell}]} for cell in cells]
        page: dict[str, Any] = {"ResultSet": {"Rows": rows, "ResultSetMetadata": info}}
        return page if "NextToken" in request else {**page, "NextToken": "more"}


def test_all_pages_of_an_answer_are_read() -> None:
    query = AthenaQuery(database="d", workgroup="w", clock=PatientClock(), client=PagedAthena())

    assert query.sql("SELECT n", snapshot=SNAPSHOT)["n"].to_pylist() == [1, 2]


def test_every_statement_is_plain_json() -> None:
    assert json.dumps(pinned("SELECT 1", "tenant", SNAPSHOT)) == '"SELECT 1"'


def test_lists_travel_from_athena_as_json(athena: AthenaQuery) -> None:
    statement = "SELECT kind, record_ids FROM findings ORDER BY finding_id"
    queue_in_moto(
        [("kind", "varchar", 2147483647, 0), ("record_ids", "varchar", 2147483647, 0)],
        ("late", '["quickbooks:Bill:1","a, \\"b\\""]'),
        ("early", None),
    )

    table = athena.sql(statement, snapshot=SNAPSHOT)

    assert 'json_format(CAST("record_ids" AS JSON)) AS "record_ids"' in pinned(statement, "tenant", SNAPSHOT)
    assert table.schema.field("record_ids").type == pa.list_(pa.string())
    assert table["record_ids"].to_pylist() == [["quickbooks:Bill:1", 'a, "b"'], None]


def test_one_name_for_two_kinds_of_lists_is_refused() -> None:
    with pytest.raises(LakeError, match="evidence of facts is another list elsewhere"):
        lists_of("SELECT l.evidence FROM links l JOIN facts f ON f.subject = l.link_id")
