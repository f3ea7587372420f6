"""A folder is enough of an object store, as long as a file appears whole or not at all."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

UNFINISHED = ".unfinished"
"""Subfolder for files being written; on the same disk, so that the final rename is atomic."""


class LocalFiles:
    """`Files` over the folder `root`, which is created when first written to."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def read(self, key: str) -> bytes:
        """Content of `key`; FileNotFoundError when absent."""
        return self._path(key).read_bytes()

    def write(self, key: str, content: bytes) -> None:
        """Replace `key` by rename, so that no reader ever sees half of it."""
        target = self._path(key)
        unfinished = self.root / UNFINISHED / uuid.uuid4().hex
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(unfinished, target)
        finally:
            unfinished.unlink(missing_ok=True)

    def list(self, prefix: str) -> Iterator[str]:
        """Keys that start with `prefix`, in lexical order."""
        folder = self.root / prefix.rpartition("/")[0]
        keys = (
            (Path(parent) / name).relative_to(self.root).as_posix()
            for parent, _, names in os.walk(folder)
            for name in names
        )
        yield from sorted(key for key in keys if key.startswith(prefix) and not key.startswith(UNFINISHED + "/"))

    def delete(self, key: str) -> None:
        """Remove `key` and the folders it leaves empty; what is absent is not an error."""
        path = self._path(key)
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == self.root:
                break
            try:
                folder.rmdir()
            except OSError:
                break

    def _path(self, key: str) -> Path:
        parts = key.split("/")
        if any(part in ("", ".", "..") for part in parts) or parts[0] == UNFINISHED:
            raise ValueError(f"not a key: {key!r}")
        return self.root.joinpath(*parts)
