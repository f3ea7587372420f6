"""SQLite in WAL mode gives the laptop the same compare-and-swap that DynamoDB gives in AWS."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import stat
import threading
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from datablueprint.adapters.local_files import private_folder
from datablueprint.errors import LakeError, SettingsError
from datablueprint.ports import StateConflict, StateItem

SCHEMA = "CREATE TABLE items (key TEXT PRIMARY KEY, document TEXT NOT NULL, version INTEGER NOT NULL)"
BUSY_SECONDS = 30.0
AFTER_EVERY_KEY = "\U0010ffff"


class SqliteState:
    """`State` in one file of mode 0600 (it holds tokens); any number of threads and processes may share it.

    SettingsError when the file cannot be opened or written, LakeError when what is in it is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._connections = threading.local()

    def get(self, key: str) -> StateItem | None:
        with self._spoken():
            row = self._connection().execute("SELECT document, version FROM items WHERE key = ?", (key,)).fetchone()
        return None if row is None else StateItem(json.loads(row[0]), row[1])

    def put(self, key: str, value: Mapping[str, Any], *, expected_version: int | None) -> StateItem:
        """Write if nobody else wrote since `expected_version`; the write lock is taken before looking."""
        document = json.dumps(dict(value), default=str)
        with self._spoken():
            version = self._put(self._connection(), key, document, expected_version)
        return StateItem(json.loads(document), version)

    def delete(self, key: str) -> None:
        with self._spoken():
            self._connection().execute("DELETE FROM items WHERE key = ?", (key,))

    def list(self, prefix: str) -> Iterator[tuple[str, StateItem]]:
        """Items whose key starts with `prefix`, in lexical order, as of one moment."""
        with self._spoken():
            found = self._connection().execute(
                "SELECT key, document, version FROM items WHERE key >= ? AND key < ? ORDER BY key",
                (prefix, prefix + AFTER_EVERY_KEY),
            )
            rows = found.fetchall()
        yield from [(key, StateItem(json.loads(document), version)) for key, document, version in rows]

    @staticmethod
    def _put(connection: sqlite3.Connection, key: str, document: str, expected_version: int | None) -> int:
        connection.execute("BEGIN IMMEDIATE")
        try:
            row = connection.execute("SELECT version FROM items WHERE key = ?", (key,)).fetchone()
            stored = 0 if row is None else int(row[0])
            if expected_version is not None and stored != expected_version:
                raise StateConflict(f"{key} has version {stored}, not {expected_version}")
            connection.execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?)", (key, document, stored + 1))
            connection.commit()
        except BaseException:
            connection.rollback()
            raise
        return stored + 1

    @contextlib.contextmanager
    def _spoken(self) -> Iterator[None]:
        """What SQLite and the disk complain about, as one sentence with a way out."""
        try:
            yield
        except sqlite3.Error as error:
            fault = str(error)
            if isinstance(error, sqlite3.OperationalError) and "no such table" not in fault:
                raise SettingsError(f"{self.path} cannot be used ({fault}); {_way_out(fault)}") from error
            raise LakeError(
                f"{self.path} is damaged ({fault}); restore it from a copy, or move it away, connect the systems "
                "again and refresh (decisions on links are lost with it)"
            ) from error
        except OSError as error:
            raise SettingsError(f"{self.path} cannot be made ({error.strerror}); {_way_out('')}") from error

    def _connection(self) -> sqlite3.Connection:
        """This thread's connection; a forked child must not use its parent's."""
        if getattr(self._connections, "process", None) != os.getpid():
            self._create()
            connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
            try:
                connection.execute("PRAGMA synchronous=NORMAL")
            except BaseException:
                connection.close()
                raise
            self._connections.open = connection
            self._connections.process = os.getpid()
        opened: sqlite3.Connection = self._connections.open
        return opened

    def _create(self) -> None:
        """Make the file aside and link it in place: switching a shared file to WAL would fail under a race."""
        if self.path.exists():
            self._close_to_others()
            return
        private_folder(self.path.parent)
        fresh = self.path.with_name(f".{self.path.name}.{uuid.uuid4().hex}")
        os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            with contextlib.closing(sqlite3.connect(fresh, isolation_level=None)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute(SCHEMA)
            with contextlib.suppress(FileExistsError):
                os.link(fresh, self.path)
        finally:
            fresh.unlink()

    def _close_to_others(self) -> None:
        """Take rights from a file that was made too open; SQLite gives -wal and -shm the mode of the file itself."""
        for path in (self.path, *(self.path.with_name(self.path.name + end) for end in ("-wal", "-shm"))):
            with contextlib.suppress(OSError):
                mode = path.stat().st_mode
                if stat.S_ISREG(mode) and mode & 0o077:
                    path.chmod(0o600)


def _way_out(fault: str) -> str:
    if "locked" in fault:
        return "another process holds it: wait until that has ended"
    if "full" in fault:
        return "make room on the disk"
    return "make the folder and the file writable for you, or choose another folder with --home"
