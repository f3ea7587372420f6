"""What `make layers` built, as code of layers and of the agent; synthesis itself downloads nothing."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path

from aws_cdk import aws_lambda as lambda_

from datablueprint.errors import SettingsError
from infra import bundles

ROOT = bundles.ROOT
AGENTS = ROOT / ".build" / "agents"
CORE = ROOT / "layers" / "core" / "python"
AGENT = ROOT / "functions" / "agent_runtime"
IN_LAYER = "python/"
"""Lambda looks for a layer's packages there; AgentCore looks at the top of its zip."""


def code(name: str) -> lambda_.Code:
    """The layer of one set of dependencies, e.g. "build"."""
    return lambda_.Code.from_asset(str(_archive(name)))


def agent_bundle(tenant_file: str) -> Path:
    """A zip for AgentCore: the locked wheels, our package, functions/agent_runtime and `settings.json`.

    `tenant_file` = the content of that file (`Settings.to_file()`).
    """
    base = _archive("agent")
    own = sorted({"settings.json": tenant_file.encode(), **_sources(CORE), **_sources(AGENT)}.items())
    digest = hashlib.sha256(base.read_bytes() + repr(own).encode()).hexdigest()[:16]
    bundle = AGENTS / f"{digest}.zip"
    if not bundle.exists():
        AGENTS.mkdir(parents=True, exist_ok=True)
        partial = bundle.with_suffix(".partial")
        shutil.copyfile(_wheels(base), partial)
        with zipfile.ZipFile(partial, "a") as zipped:
            for path, content in own:
                bundles.add(zipped, path, content)
        partial.replace(bundle)
    return bundle


def _archive(name: str) -> Path:
    if name not in bundles.sets():
        raise SettingsError(f"There is no layers/deps/{name}.txt; the sets are {', '.join(bundles.sets())}")
    if not bundles.fresh(name):
        raise SettingsError(f"layers/deps/{name}.txt is not built for Lambda as it is locked now; run `make layers`")
    return bundles.archive_of(name)


def _wheels(base: Path) -> Path:
    """The agent's dependencies with the packages at the top."""
    top = AGENTS / f"wheels-{hashlib.sha256(base.read_bytes()).hexdigest()[:16]}.zip"
    if not top.exists():
        bundles.write_zip(bundles.BUILT / "agent" / "python", top)
    return top


def _sources(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
