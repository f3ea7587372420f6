"""moto's Athena answers with what DuckDB finds in the Parquet that lies where the deployed Glue table says."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any
from unittest import mock

from tests.aws.iam.account import Account
from tests.aws.stand_ins import operator

KINDS = {
    "VARCHAR": "varchar", "BOOLEAN": "boolean", "TINYINT": "tinyint", "SMALLINT": "smallint", "INTEGER": "integer",
    "BIGINT": "bigint", "HUGEINT": "bigint", "DOUBLE": "double", "FLOAT": "double", "DATE": "date",
    "TIMESTAMP": "timestamp", "TIMESTAMP WITH TIME ZONE": "timestamp",
}  # fmt: skip
GLUE = {"string": "VARCHAR", "boolean": "BOOLEAN", "int": "INTEGER", "bigint": "BIGINT", "double": "DOUBLE",
        "date": "DATE", "timestamp": "TIMESTAMP"}  # fmt: skip


@contextmanager
def answering(account: Account) -> Iterator[None]:
    """Queries are executed while this is open; one that fails ends as FAILED with its sentence, as in Athena."""
    from moto.athena.models import AthenaBackend, QueryResults

    plain = AthenaBackend.start_query_execution

    def start(self: Any, query: str, context: Any, config: Any, workgroup: str, execution_parameters: Any) -> str:
        execution: str = plain(self, query, context, config, workgroup, execution_parameters)
        try:
            rows, columns = _run(account, query, [str(each) for each in execution_parameters or []])
            self.query_results[execution] = QueryResults(rows=rows, column_info=columns)
        except Exception as error:
            held = self.executions[execution]
            held._transitions = [("QUEUED", "FAILED")]
            held.state_change_reason = str(error)
            raise
        return execution

    with mock.patch.object(AthenaBackend, "start_query_execution", start):
        yield


def _run(account: Account, query: str, parameters: list[str]) -> tuple[list[Any], list[Any]]:
    import duckdb

    connection = duckdb.connect(":memory:")
    connection.execute("SET GLOBAL integer_division=true")
    connection.execute("CREATE MACRO json_format(value) AS CAST(value AS VARCHAR)")
    for database, table, bucket, prefix in account.objects_of_query(query):
        _lay_out(connection, account, database, table, bucket, prefix)
    for parameter in parameters:  # Athena puts them in as SQL text
        query = query.replace("?", parameter, 1)
    cursor = connection.execute(query)
    columns = [_column(name, str(kind)) for name, kind, *_ in cursor.description]
    rows = [{"Data": [{"VarCharValue": column["Name"]} for column in columns]}]
    rows += [{"Data": [_cell(value) for value in row]} for row in cursor.fetchall()]
    return rows, columns


def _lay_out(connection: Any, account: Account, database: str, table: str, bucket: str, prefix: str) -> None:
    """The rows of one snapshot, with the columns and types that the catalogue promises."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    s3 = operator("s3")
    described = account.glue_table(database, table)
    snapshot = prefix.rstrip("/").rpartition("snapshot=")[2]
    keys = [found["Key"] for found in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])]
    parts = [pq.read_table(io.BytesIO(s3.get_object(Bucket=bucket, Key=key)["Body"].read())) for key in keys]
    if not parts:
        raise ValueError(f"nothing lies at s3://{bucket}/{prefix}")
    rows = pa.concat_tables(parts)
    place = f'"{database}"."{table}"'
    connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{database}"')
    connection.register("arriving", rows)
    wanted = described["StorageDescriptor"]["Columns"]
    casts = ", ".join(_cast(column["Name"], column["Type"]) for column in wanted)
    connection.execute(f"CREATE TABLE IF NOT EXISTS {place} AS SELECT {casts}, '{snapshot}' AS snapshot FROM arriving")
    connection.unregister("arriving")


def _cast(name: str, kind: str) -> str:
    """A nested column is taken as it lies there."""
    return f'"{name}"' if "<" in kind else f'CAST("{name}" AS {GLUE.get(kind, kind)}) AS "{name}"'


def _column(name: str, kind: str) -> dict[str, Any]:
    column = {"Name": name, "Label": name, "Precision": 0, "Scale": 0, "Nullable": "UNKNOWN", "CaseSensitive": False}
    if kind.startswith("DECIMAL"):
        precision, scale = kind.removeprefix("DECIMAL(").rstrip(")").split(",")
        return {**column, "Type": "decimal", "Precision": int(precision), "Scale": int(scale)}
    return {**column, "Type": KINDS[kind]}


def _cell(value: object) -> dict[str, str]:
    if value is None:
        return {}
    if isinstance(value, bool):
        return {"VarCharValue": str(value).lower()}
    if isinstance(value, Decimal):
        return {"VarCharValue": f"{value:f}"}
    return {"VarCharValue": str(value)}
