"""The contracts of the tables in the words of the Glue catalog, so that Athena reads what the code wrote."""

from __future__ import annotations

from datablueprint.tables import Column, ColumnType, Table

TYPES: dict[ColumnType, str] = {
    "string": "string",
    "bool": "boolean",
    "int": "bigint",
    "date": "date",
    "timestamp": "timestamp",
    "money": "decimal(18,2)",
    "hours": "decimal(18,2)",
    "quantity": "decimal(18,4)",
    "rate": "decimal(18,8)",
    "strings": "array<string>",
    "evidence": "array<struct<record_id:string,pointer:string,role:string>>",
}


def columns(table: Table, *, without: tuple[str, ...] = ()) -> list[tuple[str, str, str]]:
    """Name, Glue type and note of each column; `without` are those that are partitions."""
    return [(column.name, glue_type(column), column.note) for column in table.columns if column.name not in without]


def glue_type(column: Column) -> str:
    return TYPES[column.type]
