"""One folder is the whole state of an embedded installation: copy it and you have moved house.

config.json    Settings: the tenant, its systems, its accounting choices; no secrets
secrets.json   client ids and secrets, readable by their owner only
state.db       checkpoints, tokens, the pointer to the current snapshot, decisions
files/         the lake
sandbox.json   only when the systems are simulated: the seed of their world
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from datablueprint.errors import SettingsError
from datablueprint.ports import Ports, Progress, silent

if TYPE_CHECKING:  # at run time where it is needed: an interrupted start should be over before it shows a traceback
    from datablueprint.adapters.local_secrets import LocalSecrets
    from datablueprint.settings import Settings

CHOSEN_BY = "DATABLUEPRINT_HOME"
NOON_IN_DENVER = time(19, 0, tzinfo=UTC)


@dataclass(frozen=True)
class SandboxMarker:
    """Enough to rebuild the simulated world, and to know what time it is there."""

    seed: int
    jobs: int
    today: date
    started: datetime
    """When the world began, on this machine's clock; its time has run on since."""

    def clock(self) -> Any:
        """The simulated contractor's clock; two processes on one home agree on it."""
        from datablueprint.adapters.system_clock import ShiftedClock

        return ShiftedClock(datetime.combine(self.today, NOON_IN_DENVER), self.started)


@dataclass(frozen=True)
class Home:
    path: Path

    @classmethod
    def at(cls, path: str | Path | None, environment: Mapping[str, str] = os.environ) -> Home:
        """The given folder, else $DATABLUEPRINT_HOME, else ~/.datablueprint. Nothing is created."""
        try:
            chosen = path or environment.get(CHOSEN_BY) or Path.home() / ".datablueprint"
            return cls(Path(chosen).expanduser().absolute())
        except (RuntimeError, OSError) as error:
            raise SettingsError(f"The home folder cannot be told ({error}); name one with --home") from None

    @property
    def config(self) -> Path:
        return self.path / "config.json"

    @property
    def exists(self) -> bool:
        return self._there(self.config)

    @property
    def secrets(self) -> LocalSecrets:
        from datablueprint.adapters.local_secrets import LocalSecrets

        return LocalSecrets(self.path / "secrets.json")

    def settings(self) -> Settings:
        """The stored settings; SettingsError says how to make a home where there is none."""
        from datablueprint.settings import Settings

        return Settings.parse(self._json(self.config), origin=str(self.config))

    def save_settings(self, settings: Settings) -> None:
        self._write(self.config, settings.model_dump_json(indent=1, exclude_defaults=True))

    def sandbox(self) -> SandboxMarker | None:
        """How the simulated systems of this home are rebuilt; None where the systems are real."""
        path = self.path / "sandbox.json"
        if not self._there(path):
            return None
        raw = self._json(path)
        try:
            started = datetime.fromisoformat(raw["started"])
            return SandboxMarker(int(raw["seed"]), int(raw["jobs"]), date.fromisoformat(raw["today"]), started)
        except (KeyError, TypeError, ValueError) as error:
            raise SettingsError(
                f"{path} is damaged ({error}); delete the folder and run `datablueprint demo`"
            ) from None

    def save_sandbox(self, marker: SandboxMarker) -> None:
        self._write(self.path / "sandbox.json", json.dumps(asdict(marker), default=str, indent=1))

    def ports(self, progress: Callable[[Progress], None] = silent, *, settings: Settings | None = None) -> Ports:
        """Everything the rooms need, standing on this folder; `settings` are tried out instead of the stored ones."""
        from datablueprint import runtime

        marker = self.sandbox()
        chosen = settings or self.settings()
        return runtime.local(self.path, settings=chosen, progress=progress, clock=marker.clock() if marker else None)

    def _json(self, path: Path) -> dict[str, Any]:
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise SettingsError(
                f"There is no DataBlueprint in {self.path}. Run `datablueprint demo` for a simulated contractor, "
                "or `datablueprint connect SYSTEM` for a real one"
            ) from None
        except OSError as error:
            raise self._unusable(path, "read", error) from None
        except UnicodeDecodeError:
            raise SettingsError(f"{path} is not UTF-8 text; restore it, or move it away and connect again") from None
        except json.JSONDecodeError as error:
            raise SettingsError(f"{path} is not JSON (line {error.lineno}); restore it or connect again") from None
        if not isinstance(raw, dict):
            raise SettingsError(f"{path} must hold one JSON object")
        return raw

    def _write(self, path: Path, text: str) -> None:
        self.make(self.path)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            unfinished.write_text(text + "\n", encoding="utf-8")
            os.replace(unfinished, path)
        except OSError as error:
            raise self._unusable(path, "written", error) from None

    def make(self, folder: Path) -> None:
        """Make a folder of this home, and the home, for their owner only."""
        from datablueprint.adapters.local_files import private_folder

        try:
            private_folder(folder)
        except OSError as error:
            raise self._unusable(folder, "made", error) from None

    def _there(self, path: Path) -> bool:
        try:
            return path.exists()
        except OSError as error:
            raise self._unusable(path, "read", error) from None

    def _unusable(self, path: Path, how: str, error: OSError) -> SettingsError:
        if os.path.lexists(self.path) and not os.path.isdir(self.path):  # these two never raise
            return SettingsError(f"{self.path} is not a folder; choose another with --home")
        return SettingsError(
            f"{path} cannot be {how} ({error.strerror}); check its owner and its rights, or choose another "
            "folder with --home"
        )
