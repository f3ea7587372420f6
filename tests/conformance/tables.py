"""The catalog's tables as Trino is told of them: its types and projection over the folders of the refresh."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from datablueprint.tables import RAW, TABLES
from infra import glue_types

WORDS = (("string", "varchar"), ("array<", "array("), ("struct<", "row("), (">", ")"), (":", " "))
"""Glue's words for types, and Trino's."""


def trino_type(glue: str) -> str:
    for word, ours in WORDS:
        glue = glue.replace(word, ours)
    return glue


def definitions(folder: Path) -> Iterator[str]:
    """One CREATE TABLE per table of the product but the raw one, which no statement names."""
    for table in TABLES:
        if table is not RAW:
            columns = ", ".join(f'"{name}" {trino_type(kind)}' for name, kind, _ in glue_types.columns(table))
            yield f"""
            CREATE TABLE "{table.name}" ({columns}, snapshot varchar WITH (partition_projection_type = 'injected'))
            WITH (external_location = '{(folder / table.name).as_uri()}', format = 'PARQUET',
                  partitioned_by = ARRAY['snapshot'], partition_projection_enabled = true)
            """
