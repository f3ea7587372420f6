"""SQLite in WAL mode gives the laptop the same compare-and-swap that DynamoDB gives in AWS."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from datablueprint.ports import StateConflict, StateItem

SCHEMA = "CREATE TABLE items (key TEXT PRIMARY KEY, document TEXT NOT NULL, version INTEGER NOT NULL)"
BUSY_SECONDS = 30.0
AFTER_EVERY_KEY = "\U0010ffff"


class SqliteState:
    """`State` in one file; any number of threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._connections = threading.local()

    def get(self, key: str) -> StateItem | None:
        row = self._connection().execute("SELECT document, version FROM items WHERE key = ?", (key,)).fetchone()
        return None if row is None else StateItem(json.loads(row[0]), row[1])

    def put(self, key: str, value: Mapping[str, Any], *, expected_version: int | None) -> StateItem:
        """Write if nobody else wrote since `expected_version`; the write lock is taken before looking."""
        document = json.dumps(dict(value), default=str)
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            row = connection.execute("SELECT version FROM items WHERE key = ?", (key,)).fetchone()
            stored = 0 if row is None else int(row[0])
            if expected_version is not None and stored != expected_version:
                raise StateConflict(f"{key} has version {stored}, not {expected_version}")
            connection.execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?)", (key, document, stored + 1))
        except BaseException:
            connection.rollback()
            raise
        connection.commit()
        return StateItem(json.loads(document), stored + 1)

    def delete(self, key: str) -> None:
        self._connection().execute("DELETE FROM items WHERE key = ?", (key,))

    def list(self, prefix: str) -> Iterator[tuple[str, StateItem]]:
        """Items whose key starts with `prefix`, in lexical order, as of one moment."""
        rows = self._connection().execute(
            "SELECT key, document, version FROM items WHERE key >= ? AND key < ? ORDER BY key",
            (prefix, prefix + AFTER_EVERY_KEY),
        )
        yield from [(key, StateItem(json.loads(document), version)) for key, document, version in rows.fetchall()]

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection; a forked child must not use its parent's."""
        if getattr(self._connections, "process", None) != os.getpid():
            self._create()
            connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
            connection.execute("PRAGMA synchronous=NORMAL")
            self._connections.open = connection
            self._connections.process = os.getpid()
        opened: sqlite3.Connection = self._connections.open
        return opened

    def _create(self) -> None:
        """Make the file aside and link it in place: switching a shared file to WAL would fail under a race."""
        if self.path.exists():
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(f".{self.path.name}.{uuid.uuid4().hex}")
        connection = sqlite3.connect(fresh, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(SCHEMA)
        connection.close()
        with contextlib.suppress(FileExistsError):
            os.link(fresh, self.path)
        fresh.unlink()
