"""The catalog's tables as Trino is told of them: the contracts' columns over the folders that the refresh wrote."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from datablueprint.tables import RAW, TABLES

TYPES = {
    "string": "varchar",
    "bool": "boolean",
    "int": "bigint",
    "date": "date",
    "timestamp": "timestamp",
    "money": "decimal(18,2)",
    "hours": "decimal(18,2)",
    "quantity": "decimal(18,4)",
    "rate": "decimal(18,8)",
    "strings": "array(varchar)",
    "evidence": "array(row(record_id varchar, pointer varchar, role varchar))",
}


def definitions(folder: Path) -> Iterator[str]:
    """One CREATE TABLE per table of the product but the raw one, which no statement names."""
    for table in TABLES:
        if table is not RAW:
            columns = ", ".join(f'"{column.name}" {TYPES[column.type]}' for column in table.columns)
            yield f"""
            CREATE TABLE "{table.name}" ({columns}, snapshot varchar WITH (partition_projection_type = 'injected'))
            WITH (external_location = '{(folder / table.name).as_uri()}', format = 'PARQUET',
                  partitioned_by = ARRAY['snapshot'], partition_projection_enabled = true)
            """
