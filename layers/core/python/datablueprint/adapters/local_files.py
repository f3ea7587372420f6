"""A folder is enough of an object store, as long as a file appears whole or not at all."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

from datablueprint.errors import LakeError, SettingsError

UNFINISHED = ".unfinished"
"""Subfolder for files being written; on the same disk, so that the final rename is atomic."""


def private_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it, for their owner only; folders that exist stay as they are."""
    for missing in reversed([each for each in (folder, *folder.parents) if not each.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(exist_ok=True)


class LocalFiles:
    """`Files` over the folder `root`, which is created when first written to."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def read(self, key: str) -> bytes:
        """Content of `key`; FileNotFoundError when absent."""
        path = self._path(key)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise SettingsError(f"{path} cannot be read ({error.strerror or error}); check its rights") from error

    def write(self, key: str, content: bytes) -> None:
        """Replace `key` by rename, so that no reader ever sees half of it; SettingsError when the disk refuses."""
        target = self._path(key)
        try:
            self._replace(target, content)
        except OSError as error:
            raise SettingsError(
                f"{target} cannot be written ({error.strerror or error}); make room or make the folder writable"
            ) from error

    def _replace(self, target: Path, content: bytes) -> None:
        unfinished = self.root / UNFINISHED / uuid.uuid4().hex
        private_folder(unfinished.parent)
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
        """Keys that start with `prefix`, in lexical order; LakeError for a prefix outside the folder."""
        if prefix.startswith("/") or ".." in prefix.split("/") or "\0" in prefix:
            raise LakeError(f"{prefix!r} is outside {self.root}; only folders below it are read")
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
        if any(part in ("", ".", "..") or "\0" in part for part in parts) or parts[0] == UNFINISHED:
            raise LakeError(f"{key!r} is not a key: it must name a file below {self.root}")
        return self.root.joinpath(*parts)
