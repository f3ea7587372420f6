"""On a laptop secrets are one JSON file that only its owner may read."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from datablueprint.adapters.local_files import private_folder
from datablueprint.errors import SettingsError

RESTORE = "restore it, or move it away and connect the systems again"


class LocalSecrets:
    """`Secrets` in `path`: {name: {field: value}}, mode 0600."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    def get(self, name: str) -> dict[str, str]:
        """The secret's fields; SettingsError names the file when there is none, never a value."""
        fields = self._all().get(name)
        if fields is None:
            raise SettingsError(f"There is no secret named {name!r} in {self.path}; connect the system first")
        return dict(fields)

    def put(self, name: str, fields: Mapping[str, str]) -> None:
        """Store or replace one secret. Not part of the port: only `connect` and the sandbox write secrets."""
        secrets = {**self._all(), name: dict(fields)}
        try:
            self._replace(json.dumps(secrets, indent=1, sort_keys=True))
        except OSError as error:
            raise SettingsError(
                f"{self.path} cannot be written ({error.strerror}); make its folder writable, or choose another "
                "with --home"
            ) from None

    def names(self) -> list[str]:
        """Whose secrets are here; SettingsError when the file cannot be read."""
        return sorted(self._all())

    def _replace(self, text: str) -> None:
        private_folder(self.path.parent)
        unfinished = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(unfinished, self.path)

    def _all(self) -> dict[str, dict[str, str]]:
        try:
            mode = self.path.stat().st_mode
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise SettingsError(f"{self.path} cannot be read ({error.strerror}); check who owns it") from None
        except UnicodeDecodeError:
            raise SettingsError(f"{self.path} is not UTF-8 text; {RESTORE}") from None
        if mode & 0o077:
            raise SettingsError(f"{self.path} can be read by others; run: chmod 600 {self.path}")
        try:
            secrets = json.loads(text)
        except json.JSONDecodeError as error:
            raise SettingsError(f"{self.path} is not JSON (line {error.lineno}); {RESTORE}") from None
        if not isinstance(secrets, dict) or not all(isinstance(fields, dict) for fields in secrets.values()):
            raise SettingsError(f"{self.path} must hold one JSON object, secret name -> fields; {RESTORE}")
        return secrets
