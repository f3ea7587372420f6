"""A handler imported as Lambda does it: in a new process that finds only what its layers and the runtime bring."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra import bundles, templates

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "layers" / "core" / "python"
RUNTIME_BRINGS = {"awscrt", "boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3"}
"""Beside Python's own modules."""

GUARD = """
import sys

class OnlyThese:
    def __init__(self, names):
        self.names = names

    def find_spec(self, name, path=None, target=None):
        own = name in self.names or name in sys.stdlib_module_names or name.startswith("_sysconfigdata")
        if path is None and not own:
            raise ModuleNotFoundError(f"{name} is neither in the layers nor in the runtime", name=name)

sys.meta_path.insert(0, OnlyThese(ALLOWED))
"""
TIMED = """
import time
started = time.process_time()
CODE
print(time.process_time() - started)
"""

FIRST = """
import handler
for make in [value for name, value in vars(handler).items() if name.startswith("get_")]:
    make()
"""
"""What a new function does before its first event is looked at."""
PLACEHOLDER = "placeholder"


def packages(dependencies: str) -> set[str]:
    """The top-level modules of a set of dependencies, as it was built."""
    built = ROOT / ".build" / "layers" / dependencies / "python"
    return {path.name.split(".")[0] for path in built.iterdir()}


def run(code: str, *, folder: Path | None, allowed: set[str], environment: dict[str, str] | None = None) -> str:
    """What `code` prints in a new interpreter that can import only `allowed`, our package and `folder`'s modules."""
    own = {"datablueprint", *(path.stem for path in (folder.iterdir() if folder else ()))}
    names = f"ALLOWED = {sorted(allowed | own | RUNTIME_BRINGS)!r}\n"
    search = [str(CORE), *([str(folder)] if folder else [])]
    done = subprocess.run(
        [sys.executable, "-P", "-c", names.replace("= ", "= frozenset(").rstrip() + ")\n" + GUARD + code],
        env={**os.environ, **(environment or {}), "PYTHONPATH": os.pathsep.join(search)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout


def seconds(code: str, *, folder: Path | None, allowed: set[str], environment: dict[str, str] | None = None) -> float:
    """Processor seconds of one run of `code`: what waiting for other programs adds is left out."""
    return float(run(TIMED.replace("CODE", code), folder=folder, allowed=allowed, environment=environment))


@dataclass(frozen=True)
class Deployed:
    """One function as the templates say it is."""

    name: str
    folder: Path
    """Its handler in the repository."""
    dependencies: str
    """Its set: a file of layers/deps."""
    environment: dict[str, Any]
    tenant: Path
    """The layer with the tenant's file."""
    bytes: int
    """Unzipped, with its layers."""


def deployed(assembly: Any) -> list[Deployed]:
    """The product's functions of a cloud assembly; what the CDK itself brings (copying files) is left out."""
    return [
        made
        for template in templates.read(Path(assembly.directory))
        for function in template.of("AWS::Lambda::Function")
        if (made := _deployed(template, function))
    ]


def _deployed(template: templates.Template, function: templates.Resource) -> Deployed | None:
    code = template.assets[function.properties["Code"]["S3Key"]]
    if not function.folder:
        return None
    named = {each.id: each for each in template.of("AWS::Lambda::LayerVersion")}
    layers = [named[each["Ref"]] for each in function.properties.get("Layers", [])]
    sizes = [unzipped(template.assets[each.properties["Content"]["S3Key"]]) for each in layers]
    sets = [Path(text).stem for each in layers if (text := each.properties["Description"]).startswith("layers/deps/")]
    assert len(sets) == 1, f"{function.path} has not exactly one set of dependencies"
    given = function.properties.get("Environment", {}).get("Variables", {})
    (tenant,) = (template.assets[each.properties["Content"]["S3Key"]] for each in layers if "Tenant" in each.id)
    folder = ROOT / "functions" / function.folder
    return Deployed(function.path, folder, sets[0], given, tenant, unzipped(code) + sum(sizes))


def unzipped(asset: Path) -> int:
    """Bytes of an asset, folder or zip, on the function's disk."""
    if asset.is_dir():
        return sum(path.stat().st_size for path in asset.rglob("*") if path.is_file())
    return bundles.unzipped(asset)


def environment(made: Deployed) -> dict[str, str]:
    """The function's own environment; what CloudFormation fills in is a word."""
    return {
        **{name: _filled(value) for name, value in made.environment.items()},
        "AWS_DEFAULT_REGION": "us-west-2",
        "AWS_ACCESS_KEY_ID": PLACEHOLDER,
        "AWS_SECRET_ACCESS_KEY": PLACEHOLDER,
        "DATABLUEPRINT_TENANT_FILE": str(made.tenant / "tenant" / "settings.json"),
    }


def _filled(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "".join(part if isinstance(part, str) else PLACEHOLDER for part in value.get("Fn::Join", ["", []])[1])
