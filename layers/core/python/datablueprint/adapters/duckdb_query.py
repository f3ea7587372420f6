"""DuckDB is the laptop's Athena: the same SQL over the same Parquet, with integers dividing as Athena divides them."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from datablueprint.errors import LakeError, SnapshotMissing

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

SNAPSHOT_ID = re.compile(r"[0-9A-Za-z-]+")
OPEN_SNAPSHOTS = 4
"""Snapshots kept registered at once; more than two are in use only while answers are compared."""


class DuckDbQuery:
    """`Query` over the lake folder `root` (the one LocalFiles writes to).

    A statement sees the snapshot's tables by name and nothing else: no files, no
    settings, no network.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self._databases: OrderedDict[str, duckdb.DuckDBPyConnection] = OrderedDict()
        self._lock = threading.Lock()

    def sql(self, statement: str, parameters: tuple[str, ...] = (), *, snapshot: str) -> pa.Table:
        """Rows of one SELECT. Parameters are text: compare a date with CAST(? AS DATE), as Athena demands."""
        import duckdb

        try:
            with self._lock:
                cursor = self._database(snapshot).cursor()
            kinds = [each.type for each in cursor.extract_statements(statement)]
            if kinds != [duckdb.StatementType.SELECT]:
                raise LakeError("Only one SELECT can be asked at a time")
            return cursor.sql(statement, params=list(parameters)).to_arrow_table()
        except duckdb.Error as error:
            raise LakeError(f"The query failed: {error}") from error

    def _database(self, snapshot: str) -> duckdb.DuckDBPyConnection:
        if snapshot not in self._databases:
            self._databases[snapshot] = self._register(snapshot)
            if len(self._databases) > OPEN_SNAPSHOTS:
                self._databases.popitem(last=False)
        self._databases.move_to_end(snapshot)
        return self._databases[snapshot]

    def _register(self, snapshot: str) -> duckdb.DuckDBPyConnection:
        import duckdb

        pattern = f"tables/*/snapshot={snapshot}/data.parquet"
        files = sorted(self.root.glob(pattern)) if SNAPSHOT_ID.fullmatch(snapshot) else []
        if not files:
            raise SnapshotMissing(f"There is no snapshot {snapshot}; ask for the current one")
        connection = duckdb.connect(":memory:")
        connection.execute(f"SET allowed_directories=[{_literal(str(self.root))}]")
        connection.execute("SET enable_external_access=false")
        connection.execute("SET GLOBAL integer_division=true")
        for file in files:
            table = file.parent.parent.name
            source = f"read_parquet({_literal(str(file))}, hive_partitioning=false)"
            connection.execute(f'CREATE VIEW "{table}" AS SELECT * FROM {source}')
        connection.execute("SET lock_configuration=true")
        return connection


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
