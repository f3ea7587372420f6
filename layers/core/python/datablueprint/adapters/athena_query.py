"""Athena is asked the very statement DuckDB is asked; the snapshot is pinned around it, never inside it.

Statements are written once, in the rooms that ask them, in the subset that both
engines read alike: no division, lists are selected whole and never taken apart,
parameters stand in WHERE. `make conformance` holds every one of them against a
Trino server.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from datablueprint.errors import LakeError
from datablueprint.ports import Clock
from datablueprint.tables import BY_NAME, RAW, Column, Table

if TYPE_CHECKING:
    import pyarrow as pa

FIRST_WAIT, LONGEST_WAIT = 0.2, 2.0
SNAPSHOT_ID = re.compile(r"[0-9A-Za-z-]+")
LISTS = ("strings", "evidence")
"""Column types that Athena would print so that they cannot be read back; they travel as JSON."""
OPENING = re.compile(r"(?P<comments>(?:\s|--[^\n]*\n)*)(?P<own_with>WITH\s)?", re.IGNORECASE)


class AthenaQuery:
    """`Query` over a Glue database whose tables are partitioned by `snapshot`.

    The workgroup decides where results go and how much a query may scan; this
    class passes neither, so it cannot override them.
    """

    def __init__(self, *, database: str, workgroup: str, clock: Clock, client: Any = None) -> None:
        import boto3

        self.database = database
        self.workgroup = workgroup
        self._clock = clock
        self._client = client or boto3.client("athena")

    def sql(self, statement: str, parameters: tuple[str, ...] = (), *, snapshot: str) -> pa.Table:
        """Rows of one SELECT. Parameters are text: compare a date with CAST(? AS DATE)."""
        request: dict[str, Any] = {
            "QueryString": pinned(statement, self.database, snapshot),
            "QueryExecutionContext": {"Database": self.database},
            "WorkGroup": self.workgroup,
        }
        if parameters:
            request["ExecutionParameters"] = [literal(parameter) for parameter in parameters]
        execution = self._client.start_query_execution(**request)["QueryExecutionId"]
        self._wait(execution)
        return self._rows(execution, lists_of(statement))

    def _wait(self, execution: str) -> None:
        pause = FIRST_WAIT
        while True:
            status = self._client.get_query_execution(QueryExecutionId=execution)["QueryExecution"]["Status"]
            if status["State"] == "SUCCEEDED":
                return
            if status["State"] in ("FAILED", "CANCELLED"):
                raise LakeError(f"The query failed: {status.get('StateChangeReason', status['State'])}")
            self._clock.sleep(pause)
            pause = min(pause * 2, LONGEST_WAIT)

    def _rows(self, execution: str, lists: dict[str, pa.DataType]) -> pa.Table:
        import pyarrow as pa

        pages = self._pages(execution)
        first = next(pages)
        columns = first["ResultSetMetadata"]["ColumnInfo"]
        rows = first["Rows"][1:]  # the first row of a SELECT repeats the column names
        for page in pages:
            rows += page["Rows"]
        fields = [pa.field(c["Name"], lists.get(c["Name"]) or _arrow_type(c)) for c in columns]
        kinds = ["json" if column["Name"] in lists else column["Type"].lower() for column in columns]
        cells = [
            pa.array([_value(row["Data"][place], kind) for row in rows], type=field.type)
            for place, (kind, field) in enumerate(zip(kinds, fields, strict=True))
        ]
        return pa.Table.from_arrays(cells, schema=pa.schema(fields))

    def _pages(self, execution: str) -> Iterator[dict[str, Any]]:
        request: dict[str, Any] = {"QueryExecutionId": execution}
        while True:
            answer = self._client.get_query_results(**request)
            yield answer["ResultSet"]
            if "NextToken" not in answer:
                return
            request["NextToken"] = answer["NextToken"]


def pinned(statement: str, database: str, snapshot: str) -> str:
    """The statement with every product table it may name replaced by that table's rows of one snapshot."""
    if not SNAPSHOT_ID.fullmatch(snapshot):
        raise LakeError(f"Not a snapshot id: {snapshot!r}")
    views = []
    for table in _tables(statement):
        columns = ", ".join(_selected(column) for column in table.columns)
        rows = f'SELECT {columns} FROM "{database}"."{table.name}" WHERE snapshot = {literal(snapshot)}'
        views.append(f'"{table.name}" AS ({rows})')
    if not views:
        return statement
    opening = OPENING.match(statement)
    assert opening is not None  # it matches the empty text too
    joint = ", " if opening["own_with"] else " "
    return f"{opening['comments']}WITH {', '.join(views)}{joint}{statement[opening.end() :]}"


def lists_of(statement: str) -> dict[str, pa.DataType]:
    """The list columns that a statement may select, by name; LakeError when two tables disagree on a name's type."""
    found: dict[str, pa.DataType] = {}
    for table in _tables(statement):
        schema = table.schema()
        for column in (c for c in table.columns if c.type in LISTS):
            kind = schema.field(column.name).type
            if found.setdefault(column.name, kind) != kind:
                raise LakeError(f"{column.name} of {table.name} is another list elsewhere; ask in two statements")
    return found


def _tables(statement: str) -> list[Table]:
    """The product's tables that a statement may name."""
    words = set(re.findall(r"\w+", statement.lower()))
    return [table for name, table in BY_NAME.items() if name in words and table is not RAW]


def _selected(column: Column) -> str:
    return (
        f'json_format(CAST("{column.name}" AS JSON)) AS "{column.name}"' if column.type in LISTS else f'"{column.name}"'
    )


def literal(text: str) -> str:
    """A SQL string literal: Athena takes parameters as SQL text, so the quotes are ours to write."""
    return "'" + text.replace("'", "''") + "'"


def _arrow_type(column: dict[str, Any]) -> pa.DataType:
    import pyarrow as pa

    kind = column["Type"].lower()
    if kind == "decimal":
        return pa.decimal128(column["Precision"], column["Scale"])
    plain = {
        "varchar": pa.string(),
        "char": pa.string(),
        "boolean": pa.bool_(),
        "tinyint": pa.int64(),
        "smallint": pa.int64(),
        "integer": pa.int64(),
        "bigint": pa.int64(),
        "double": pa.float64(),
        "date": pa.date32(),
        "timestamp": pa.timestamp("us", tz="UTC"),
    }
    if kind not in plain:
        raise LakeError(f"Column {column['Name']} is of type {kind}: Athena writes it ambiguously; leave it out")
    return plain[kind]


def _value(cell: dict[str, str], kind: str) -> object:
    text = cell.get("VarCharValue")
    if text is None:
        return None
    if kind == "json":
        return json.loads(text)
    if kind == "decimal":
        return Decimal(text)
    if kind in ("tinyint", "smallint", "integer", "bigint"):
        return int(text)
    if kind == "boolean":
        return text == "true"
    if kind == "double":
        return float(text)
    if kind == "date":
        return date.fromisoformat(text)
    if kind == "timestamp":
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    return text
